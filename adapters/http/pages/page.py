"""The page at `/`: a single-page application over the public API. All its files are in `adapters/web`."""

from functools import cache
from pathlib import Path
from typing import Any

from litestar import Request, Response, Router, get
from litestar.params import FromPath

from adapters.http.pages.assets import MEDIA_TYPES, REVALIDATE, Assets, File, file_response
from adapters.http.server.authentication import PUBLIC_ROUTE

_WEB = Path(__file__).parents[2] / "web"
_PAGE = "index.html"
_SENT = MEDIA_TYPES.keys() - {".html"}
_LATER = ("marked", "dompurify", "vendor/markdown")
"""Files that the page loads when the assistant first answers."""

ASSETS = Assets(
    "/app",
    {path.relative_to(_WEB).as_posix(): path for path in sorted(_WEB.rglob("*")) if path.suffix in _SENT},
)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types lit-html dompurify"
)


@cache
def _page() -> File:
    """Returns the page. It names all modules, so that a browser loads them in parallel."""
    source = (_WEB / _PAGE).read_text("utf-8")
    modules = [name for name in ASSETS.paths if name.endswith(".js") and not any(each in name for each in _LATER)]
    preloads = "\n    ".join(f'<link rel="modulepreload" href="{{asset:{name}}}">' for name in modules)
    return File.of(_PAGE, ASSETS.filled(source.replace("{modules}", preloads)).encode())


@get(["/", "/reset-password"], sync_to_thread=False)
def page(request: Request[Any, Any, Any]) -> Response[bytes]:
    """Links in mails lead to the second address."""
    return file_response(request, _page(), REVALIDATE, {"Content-Security-Policy": POLICY})


@get("/app/{digest:str}/{name:path}", sync_to_thread=False)
def asset(request: Request[Any, Any, Any], digest: FromPath[str], name: FromPath[Path]) -> Response[bytes]:
    return ASSETS.send(request, digest, name.as_posix().lstrip("/"))


page_handlers = [Router("/", route_handlers=[page, asset], opt=PUBLIC_ROUTE, include_in_schema=False)]
