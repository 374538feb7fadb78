"""The two documentation pages and the document they show, with every file from this server and none from another."""

import re
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any, NamedTuple

from litestar import MediaType, Request, Response, Router, get
from litestar.exceptions import NotFoundException
from litestar.params import FromPath

from adapters.http.identity import PUBLIC
from adapters.http.openapi import openapi_document

_STATIC = Path(__file__).parent / "static"

# All that can be fetched; the licences and the pages' own sources beside these files can not.
ASSETS = {
    Path(path).name: _STATIC / path
    for path in (
        "swagger-ui-dist-5.35.0/swagger-ui-bundle.js",
        "swagger-ui-dist-5.35.0/swagger-ui.css",
        "swagger-ui-dist-5.35.0/favicon-32x32.png",
        "redoc-2.5.4/redoc.standalone.js",
        "pages/swagger-ui-start.js",
        "pages/page.css",
    )
}
_MEDIA_TYPES = {".js": "text/javascript", ".css": "text/css", ".png": "image/png"}

_POLICY = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; img-src 'self' data:; {}; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SWAGGER_UI_POLICY = _POLICY.format("style-src 'self'")
# Redoc writes two style elements, an empty one that its script fills and the scroll bar's, and searches in a worker
# that it makes from a blob.
REDOC_POLICY = _POLICY.format(
    "style-src 'self' 'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' "
    "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='; worker-src blob:"
)


class Asset(NamedTuple):
    content: bytes
    media_type: str
    digest: str


@cache
def _asset(name: str) -> Asset:
    path = ASSETS[name]
    content = path.read_bytes()
    return Asset(content, _MEDIA_TYPES[path.suffix], sha256(content).hexdigest()[:16])


def _address(name: str) -> str:
    """Says what is in the file, so that a browser may keep it for ever and still sees a new one at once."""
    return f"/docs/assets/{_asset(name).digest}/{name}"


@cache
def _page(name: str) -> str:
    source = (_STATIC / "pages" / name).read_text("utf-8")
    return re.sub(r"\{asset:([^}]+)\}", lambda found: _address(found[1]), source)


def _show(page: str, policy: str) -> Response[str]:
    headers = {"Content-Security-Policy": policy, "Cache-Control": "no-cache"}
    return Response(_page(page), media_type=MediaType.HTML, headers=headers)


@get("/docs", sync_to_thread=False)
def swagger_ui() -> Response[str]:
    return _show("swagger-ui.html", SWAGGER_UI_POLICY)


@get("/redoc", sync_to_thread=False)
def redoc() -> Response[str]:
    return _show("redoc.html", REDOC_POLICY)


@get("/openapi.json", sync_to_thread=False)
def document(request: Request[Any, Any, Any]) -> Response[bytes]:
    headers = {"Cache-Control": "no-cache"}
    return Response(openapi_document(request.app), media_type=MediaType.JSON, headers=headers)


@get("/docs/assets/{digest:str}/{name:str}", sync_to_thread=False)
def asset(digest: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    if name not in ASSETS or digest != _asset(name).digest:
        raise NotFoundException
    headers = {"Cache-Control": "public, max-age=31536000, immutable"}
    return Response(_asset(name).content, media_type=_asset(name).media_type, headers=headers)


_ROUTES = [swagger_ui, redoc, document, asset]
docs_handlers = [Router("/", route_handlers=_ROUTES, opt=PUBLIC, include_in_schema=False)]
