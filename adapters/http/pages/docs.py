"""The two documentation pages and the document that they show. All their files come from this server."""

from functools import cache
from pathlib import Path
from typing import Any

from litestar import MediaType, Request, Response, Router, get
from litestar.params import FromPath

from adapters.http.pages.assets import REVALIDATE, Assets, File, file_response
from adapters.http.pages.openapi import openapi_document
from adapters.http.server.authentication import PUBLIC_ROUTE

_STATIC = Path(__file__).parent / "static"

# All that can be fetched; the licences and the pages' own sources beside these files can not.
ASSETS = Assets(
    "/docs/assets",
    {
        Path(path).name: [_STATIC / path]
        for path in (
            "swagger-ui-dist-5.35.0/swagger-ui-bundle.js",
            "swagger-ui-dist-5.35.0/swagger-ui.css",
            "swagger-ui-dist-5.35.0/favicon-32x32.png",
            "redoc-2.5.4/redoc.standalone.js",
            "pages/swagger-ui-start.js",
            "pages/page.css",
        )
    },
)

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


@cache
def _page(name: str) -> File:
    source = (_STATIC / "pages" / name).read_text("utf-8")
    return File.of(name, ASSETS.filled(source).encode())


def _show(request: Request[Any, Any, Any], page: str, policy: str) -> Response[bytes]:
    return file_response(request, _page(page), REVALIDATE, {"Content-Security-Policy": policy})


@get("/docs", sync_to_thread=False)
def swagger_ui(request: Request[Any, Any, Any]) -> Response[bytes]:
    return _show(request, "swagger-ui.html", SWAGGER_UI_POLICY)


@get("/redoc", sync_to_thread=False)
def redoc(request: Request[Any, Any, Any]) -> Response[bytes]:
    return _show(request, "redoc.html", REDOC_POLICY)


@get("/openapi.json", sync_to_thread=False)
def document(request: Request[Any, Any, Any]) -> Response[bytes]:
    headers = {"Cache-Control": REVALIDATE}
    return Response(openapi_document(request.app), media_type=MediaType.JSON, headers=headers)


@get("/docs/assets/{digest:str}/{name:str}", sync_to_thread=False)
def asset(request: Request[Any, Any, Any], digest: FromPath[str], name: FromPath[str]) -> Response[bytes]:
    return ASSETS.send(request, digest, name)


_ROUTES = [swagger_ui, redoc, document, asset]
docs_handlers = [Router("/", route_handlers=_ROUTES, opt=PUBLIC_ROUTE, include_in_schema=False)]
