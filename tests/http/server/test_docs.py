"""The documentation pages need no other host and no inline script. That they render is seen in a browser only."""

import re
from hashlib import sha256
from pathlib import Path

import httpx
import pytest
from openapi_spec_validator import validate

from adapters.http.pages import docs
from tests.http.conftest import Api

STATIC = Path(docs.__file__).parent / "static"
PAGES = pytest.mark.parametrize("page", ["/docs", "/redoc"])
ADDRESS = re.compile(r'(?:src|href|spec-url)="([^"]*)"')


@pytest.fixture
def client(api: Api) -> httpx.AsyncClient:
    return api.client


@PAGES
async def test_a_page_loads_own_files_only_and_each_is_there(client: httpx.AsyncClient, page: str) -> None:
    answer = await client.get(page)
    addresses = ADDRESS.findall(answer.text)

    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert "/openapi.json" in addresses
    assert any(address.endswith(".js") for address in addresses)
    assert [address for address in addresses if not re.match(r"/\w", address)] == []
    assert {(await client.get(address)).status_code for address in addresses} == {200}


@PAGES
async def test_a_pages_policy_allows_no_inline_script_and_no_other_host(client: httpx.AsyncClient, page: str) -> None:
    answer = await client.get(page)
    policy = answer.headers["content-security-policy"]

    assert policy.startswith("default-src 'none'; script-src 'self'; ")
    assert not re.search(r"unsafe|http|//|\*", re.sub(r"'sha256-\S+'", "", policy))
    assert not re.search(r"<style|style=|\son\w+=|<script(?! src=)", answer.text)


@PAGES
async def test_an_asset_may_be_kept_for_ever(client: httpx.AsyncClient, page: str) -> None:
    kinds = {".js": "text/javascript", ".css": "text/css", ".png": "image/png"}
    addresses = [each for each in ADDRESS.findall((await client.get(page)).text) if "assets" in each]

    for answer in [await client.get(address) for address in addresses]:
        name = Path(answer.url.path).name
        assert answer.content == docs.ASSETS.content(name)
        assert answer.headers["content-type"].startswith(kinds[Path(name).suffix])
        assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    "path",
    [
        "{digest}/LICENSE",
        "{digest}/README.md",
        "{digest}/..%2Fpages%2Fpage.css",
        "{digest}/../../../../docs.py",
        "..%2F..%2Fpages/page.css",
        "page.css",
    ],
)
async def test_nothing_else_can_be_fetched(client: httpx.AsyncClient, path: str) -> None:
    assert (await client.get(docs.ASSETS.address("page.css"))).status_code == 200
    assert (await client.get("/docs/assets/" + path.format(digest=docs.ASSETS.digest))).status_code == 404


async def test_the_document_is_valid_and_exact(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    validate(document)
    assert document["openapi"].startswith("3.1")
    assert not [path for path in document["paths"] if not path.startswith(("/api/", "/health"))]
    draft = document["components"]["schemas"]["TaskDraft"]
    assert draft["additionalProperties"] is False
    assert draft["properties"]["title"]["minLength"] == 1
    assert draft["properties"]["title"]["examples"] == ["Buy groceries"]


async def test_no_answer_changes_when_the_document_was_read(api: Api) -> None:
    for _ in range(2):
        refused = await api("POST", "/api/users/me/tasks", content=b"")
        assert refused.json()["detail"]["fields"] == [{"field": "body", "message": "is required"}]
        await api("GET", "/openapi.json")


async def test_every_route_declares_its_errors_and_the_bearer_scheme(client: httpx.AsyncClient) -> None:
    document = (await client.get("/openapi.json")).json()
    assert document["security"] == [{"bearer": []}]
    for path, operations in document["paths"].items():
        for operation in operations.values():
            declared = set(operation["responses"])
            assert {"500", "503"} <= declared, path
            assert ("401" in declared) or operation["security"] == [{}], path
            assert ("400" in declared) or "requestBody" not in operation, path


async def test_litestar_adds_no_address_of_its_own(client: httpx.AsyncClient) -> None:
    for path in ("/schema", "/docs/nothing", "/schema/openapi.json", "/openapi.yaml"):
        answer = await client.get(path)
        assert (answer.status_code, answer.json()["detail"]["code"]) == (404, "NOT_FOUND")


def test_the_copied_files_are_the_ones_that_the_readme_lists() -> None:
    listed = re.findall(r"^([0-9a-f]{64})  (\S+)$", (STATIC / "README.md").read_text(), re.MULTILINE)
    copied = sorted(path for path in STATIC.glob("*-*/*"))

    found = [(sha256(path.read_bytes()).hexdigest(), str(path.relative_to(STATIC))) for path in copied]
    assert sorted(found) == sorted(listed)
    assert {path for paths in docs.ASSETS.paths.values() for path in paths} <= {*copied, *STATIC.glob("pages/*")}


def test_redoc_does_not_ask_another_host_for_its_logo() -> None:
    assert b"/logo-mini.svg" not in docs.ASSETS.content("redoc.standalone.js")
