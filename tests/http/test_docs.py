"""The documentation pages need no other host and no inline script. That they render is seen in a browser only."""

import re
from collections.abc import AsyncIterator
from hashlib import sha256
from pathlib import Path

import httpx
import msgspec
import pytest
from litestar import Litestar, get
from litestar.openapi.config import OpenAPIConfig
from litestar.routes import HTTPRoute
from openapi_spec_validator import validate

from adapters.http import docs

STATIC = Path(docs.__file__).parent / "static"
PAGES = pytest.mark.parametrize("page", ["/docs", "/redoc"])
ADDRESS = re.compile(r'(?:src|href|spec-url)="([^"]*)"')


class Task(msgspec.Struct):
    title: str


@get("/api/tasks", sync_to_thread=False)
def list_tasks() -> list[Task]:
    return []


def documented_app() -> Litestar:
    config = OpenAPIConfig(title="tasktalk", version="1", openapi_router=docs.UnroutedDocs())
    return Litestar([list_tasks, *docs.docs_handlers], openapi_config=config)


@pytest.fixture
async def client() -> AsyncIterator[httpx.AsyncClient]:
    transport = httpx.ASGITransport(documented_app())  # type: ignore[arg-type]
    async with httpx.AsyncClient(transport=transport, base_url="http://test") as client:
        yield client


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
        assert answer.content == docs.ASSETS[name].read_bytes()
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
        "0000000000000000/page.css",
        "page.css",
    ],
)
async def test_nothing_else_can_be_fetched(client: httpx.AsyncClient, path: str) -> None:
    digest = sha256(docs.ASSETS["page.css"].read_bytes()).hexdigest()[:16]
    assert (await client.get(f"/docs/assets/{digest}/page.css")).status_code == 200
    assert (await client.get("/docs/assets/" + path.format(digest=digest))).status_code == 404


async def test_the_document_is_valid_and_names_the_api_only(client: httpx.AsyncClient) -> None:
    answer = await client.get("/openapi.json")

    assert answer.headers["content-type"] == "application/json"
    validate(answer.json())
    assert list(answer.json()["paths"]) == ["/api/tasks"]


def test_the_document_is_encoded_once_per_app() -> None:
    one, other = documented_app(), documented_app()
    assert docs.openapi_document(one) is docs.openapi_document(one)
    assert docs.openapi_document(one) is not docs.openapi_document(other)


def test_every_address_of_the_docs_is_public_and_litestar_adds_none() -> None:
    routes = [route for route in documented_app().routes if isinstance(route, HTTPRoute)]
    public = {route.path for route in routes if route.route_handler_map["GET"][0].opt.get("public")}

    assert public == {"/docs", "/redoc", "/openapi.json", "/docs/assets/{digest:str}/{name:str}"}
    assert {route.path for route in routes} - public == {"/api/tasks"}


def test_the_copied_files_are_the_ones_that_the_readme_lists() -> None:
    listed = re.findall(r"^([0-9a-f]{64})  (\S+)$", (STATIC / "README.md").read_text(), re.MULTILINE)
    copied = sorted(path for path in STATIC.glob("*-*/*"))

    found = [(sha256(path.read_bytes()).hexdigest(), str(path.relative_to(STATIC))) for path in copied]
    assert sorted(found) == sorted(listed)
    assert set(docs.ASSETS.values()) <= {*copied, *STATIC.glob("pages/*")}


def test_redoc_does_not_ask_another_host_for_its_logo() -> None:
    assert b"/logo-mini.svg" not in docs.ASSETS["redoc.standalone.js"].read_bytes()
