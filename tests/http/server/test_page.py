"""The page at `/` as a browser is sent it. What it does is seen in tests/browser."""

import gzip
import re
from hashlib import sha256
from pathlib import Path, PurePosixPath
from posixpath import normpath

import httpx
import pytest

from adapters.http.pages import page
from domain.accounts.account import MAX_PASSWORD_LENGTH
from domain.chat.conversation import MAX_MESSAGE_LENGTH
from domain.tasks.fields import MAX_DESCRIPTION_LENGTH, MAX_TITLE_LENGTH
from tests.http.conftest import Api

WEB = Path(page.__file__).parents[2] / "web"
VENDOR = WEB / "vendor"
OURS = sorted(path for kind in ("*.js", "*.css") for path in WEB.rglob(kind) if "vendor" not in path.parts)
ADDRESS = re.compile(r'(?:src|href)="(/app/[^"]*)"')
IMMUTABLE = "public, max-age=31536000, immutable"
SIGNED_IN, VISITOR = {"Cookie": "tasktalk_signed_in=1"}, {"Cookie": "other=1"}


def parts(text: str) -> list[str]:
    """What comes first, and then what each template has."""
    return text.split("<template id=")


def names(part: str) -> set[str]:
    return {each.split("/", 3)[3] for each in ADDRESS.findall(part)}


@pytest.fixture
def client(api: Api) -> httpx.AsyncClient:
    return api.client


@pytest.mark.parametrize("path", ["/", "/inbox", "/list/3", "/chat/a-b", "/settings/data", "/reset-password?token=abc"])
async def test_the_page_names_its_own_files_and_each_is_there_for_ever(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    addresses = re.findall(r'(?:src|href)="([^"]*)"', answer.text)

    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    assert [each for each in addresses if not each.startswith(("/app/", "/docs", "/manifest.webmanifest"))] == []
    files = [await client.get(address) for address in addresses]
    assert {file.status_code for file in files} == {200}
    assert {file.headers["cache-control"] for file in files if "/app/" in str(file.url)} == {IMMUTABLE}


async def test_the_policy_allows_no_inline_script_no_other_host_and_no_markup(
    client: httpx.AsyncClient,
) -> None:
    answer = await client.get("/")
    policy = answer.headers["content-security-policy"]

    assert policy.startswith("default-src 'none'; script-src 'self'; ")
    assert "require-trusted-types-for 'script'" in policy
    assert not re.search(r"unsafe|http|//|\*", policy)
    assert not re.search(r"<style|style=|\son\w+=|<script(?! type=\"module\" src=)", answer.text)


async def test_every_module_is_named_ahead_but_for_what_is_fetched_later(client: httpx.AsyncClient) -> None:
    named = [names(part) for part in parts((await client.get("/", headers=SIGNED_IN)).text)]
    modules = {path.relative_to(WEB).as_posix() for path in WEB.rglob("*.js") if path.name != "service-worker.js"}
    wanted = {
        normpath(PurePosixPath(name).parent / each)
        for name in modules
        for each in re.findall(r"\bimport\('(\.[^']+\.js)'\)", (WEB / name).read_text())
    }
    later = {needed for name in wanted for needed in page.modules_from(name)}

    head, _, deferred = ({each for each in part if each.endswith(".js")} for part in named)
    ahead: set[str] = set().union(*named)
    assert modules - ahead == later - ahead
    assert not head & deferred


@pytest.mark.parametrize(("headers", "first", "most"), [(VISITOR, "outside", 34), (SIGNED_IN, "inside", 43)])
async def test_a_visitor_waits_for_few_files_and_so_does_who_is_signed_in(
    client: httpx.AsyncClient, headers: dict[str, str], first: str, most: int
) -> None:
    answer = await client.get("/", headers=headers)
    head, *templates = parts(answer.text)

    assert f"{first}.js" in names(head)
    assert len(names(head)) < most
    assert not any(f"{first}.js" in names(template) for template in templates)
    assert answer.headers["vary"] == "Accept-Encoding, Cookie"


@pytest.mark.parametrize("entry", ["main.js", "outside.js", "inside.js", "deferred.js"])
def test_what_a_module_needs_is_all_that_it_imports(entry: str) -> None:
    needed = page.modules_from(entry)

    assert entry in needed
    assert "vendor/lit.js" in needed
    assert ("server/live.js" in needed) == (entry == "deferred.js"), "a list is shown before it is followed"
    assert "views/settings/pages/settings.js" not in needed, "it is imported when somebody goes there"


async def test_style_sheets_that_are_named_together_come_as_one(client: httpx.AsyncClient) -> None:
    text = (await client.get("/", headers=SIGNED_IN)).text
    sheets = [each for each in ADDRESS.findall(text) if each.endswith(".css")]
    joined = await client.get(sheets[0])

    assert len(sheets) == 4
    assert joined.headers["content-type"] == "text/css; charset=utf-8"
    assert joined.text == "".join(
        (WEB / "styles" / f"{name}.css").read_text() for name in ("colours", "base", "buttons")
    )
    assert (await client.get(page.ASSETS.address("styles/colours+row.css"))).status_code == 404


async def test_who_has_the_page_gets_it_once(client: httpx.AsyncClient) -> None:
    first = await client.get("/")
    again = await client.get("/", headers={"If-None-Match": first.headers["etag"]})
    stale = await client.get("/", headers={"If-None-Match": '"0000000000000000"'})

    assert first.headers["cache-control"] == "no-cache"
    assert (again.status_code, again.content, again.headers["etag"]) == (304, b"", first.headers["etag"])
    assert stale.status_code == 200


@pytest.mark.parametrize(
    ("accepted", "encoding"), [("gzip, br", "gzip"), ("", None), ("identity", None), ("gzip;q=0", None)]
)
async def test_files_are_compressed_for_who_takes_that(
    client: httpx.AsyncClient, accepted: str, encoding: str | None
) -> None:
    request = client.build_request("GET", page.ASSETS.address("main.js"), headers={"Accept-Encoding": accepted})
    answer = await client.send(request, stream=True)
    body = b"".join([chunk async for chunk in answer.aiter_raw()])

    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "Accept-Encoding"
    assert (gzip.decompress(body) if encoding else body) == page.without_comments(
        "main.js", (WEB / "main.js").read_bytes()
    )


@pytest.mark.parametrize(("headers", "later"), [(VISITOR, ()), (SIGNED_IN, ("deferred",))])
async def test_the_first_load_stays_below_150_kilobytes_with_its_font(
    client: httpx.AsyncClient, headers: dict[str, str], later: tuple[str, ...]
) -> None:
    answer = await client.get("/", headers=headers)
    head, *templates = parts(answer.text)
    loaded = [head, *(each for each in templates if each.startswith(tuple(f'"{name}"' for name in later)))]
    sizes = []
    for address in {address for part in loaded for address in ADDRESS.findall(part)}:
        async with client.stream("GET", address, headers={"Accept-Encoding": "gzip"}) as file:
            sizes.append(sum([len(chunk) async for chunk in file.aiter_raw()]))

    assert len(gzip.compress(answer.content)) + sum(sizes) < 150_000


async def test_a_file_of_another_release_is_sent_but_not_to_keep(client: httpx.AsyncClient) -> None:
    answer = await client.get("/app/0000000000000000/main.js")

    assert answer.status_code == 200
    assert answer.headers["cache-control"] == "no-cache"


async def test_the_service_worker_names_this_version_and_all_its_files(client: httpx.AsyncClient) -> None:
    answer = await client.get("/service-worker.js")
    named = re.findall(r"'(/app/[^']+)'", answer.text)

    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "no-cache"
    assert f"const VERSION = '{page.ASSETS.digest}'" in answer.text
    single = {f"styles/{path.name}" for path in WEB.glob("styles/*.css")}
    assert {each.split("/", 3)[3] for each in named} == set(page.ASSETS.paths) - single
    assert {(await client.get(each)).status_code for each in named} == {200}


async def test_the_manifest_makes_the_page_installable(client: httpx.AsyncClient) -> None:
    answer = await client.get("/manifest.webmanifest")
    manifest = answer.json()

    assert answer.headers["content-type"] == "application/manifest+json"
    assert (manifest["name"], manifest["display"], manifest["start_url"]) == ("tasktalk", "standalone", "/")
    assert {"192x192", "512x512"} <= {icon["sizes"] for icon in manifest["icons"]}
    assert {(await client.get(icon["src"])).status_code for icon in manifest["icons"]} == {200}


@pytest.mark.parametrize(
    "path",
    [
        "index.html",
        "service-worker.js",
        "types.d.ts",
        "vendor/README.md",
        "../http/page.py",
        "..%2Fhttp%2Fpage.py",
        "",
        "nothing.js",
    ],
)
async def test_nothing_else_is_sent(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(f"/app/{page.ASSETS.digest}/{path}")
    assert (answer.status_code, answer.json()["detail"]["code"]) == (404, "NOT_FOUND")


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.name)
def test_a_file_of_the_page_sets_text_as_text_keeps_things_in_one_place_and_names_no_other_host(path: Path) -> None:
    source = path.read_text()
    forbidden = r"(inner|outer|Adjacent)HTML|document\.write|unsafe|eval\(|(local|session)Storage"
    assert not re.search(forbidden, source)
    assert "indexedDB" not in source or path.name == "device.js"
    assert not re.search(r"https?://", source)
    assert len(source.splitlines()) <= 200
    assert max(len(line) for line in source.splitlines()) <= 120


def test_the_page_counts_characters_as_the_server_does() -> None:
    """`maxlength` counts UTF-16 units, two for most emoji: what was made by API could then not be edited."""
    assert [path.name for path in OURS if "maxlength" in path.read_text().replace("`maxlength`", "")] == []
    told = re.findall(r"^export const (\w+) = ([\d_]+);$", (WEB / "core" / "lengths.js").read_text(), re.MULTILINE)
    assert {name: int(longest) for name, longest in told} == {
        "TITLE": MAX_TITLE_LENGTH,
        "DESCRIPTION": MAX_DESCRIPTION_LENGTH,
        "MESSAGE": MAX_MESSAGE_LENGTH,
        "PASSWORD": MAX_PASSWORD_LENGTH,
    }


def test_the_vendored_files_are_the_ones_that_the_readme_lists_and_have_their_licences() -> None:
    listed = re.findall(r"^([0-9a-f]{64})  (\S+)$", (VENDOR / "README.md").read_text(), re.MULTILINE)
    copied = sorted(path for kind in ("*.js", "*.woff2") for path in VENDOR.rglob(kind))

    found = [(sha256(path.read_bytes()).hexdigest(), path.relative_to(VENDOR).as_posix()) for path in copied]
    assert sorted(found) == sorted(listed)
    assert {path.parent for path in VENDOR.glob("*/LICENSE")} == {each for each in VENDOR.iterdir() if each.is_dir()}


@pytest.mark.parametrize("path", [each for each in OURS if each.suffix == ".js"], ids=lambda path: path.name)
def test_what_is_sent_of_a_module_lacks_comments_and_nothing_else(path: Path) -> None:
    comment = re.compile(r"/\*\*(?:(?!\*/).)*\*/", re.DOTALL)
    sent = page.without_comments(path.name, path.read_bytes()).decode()

    assert comment.sub("", sent).split() == comment.sub("", path.read_text()).split()
    assert not re.search(r"^\s*/\*\*[^/]*\*/$", sent, re.MULTILINE)
