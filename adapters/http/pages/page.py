"""The page at `/`: a single-page application over the public API. All its files are in `adapters/web`."""

import re
from collections.abc import Iterable
from functools import cache
from pathlib import Path, PurePosixPath
from posixpath import normpath
from typing import Any

from litestar import Request, Response, Router, get
from litestar.params import FromPath

from adapters.http.pages.assets import MEDIA_TYPES, REVALIDATE, Assets, File, file_response
from adapters.http.server.authentication import PUBLIC_ROUTE
from adapters.http.server.refresh_cookie import SIGNED_IN

_WEB = Path(__file__).parents[2] / "web"
_PAGE = "index.html"
_MANIFEST = "manifest.webmanifest"
_WORKER = "service-worker.js"
_PUSH, _ICON = "push.js", "icon-192.png"
_SENT = MEDIA_TYPES.keys() - {".html", ".webmanifest"}
_ENTRY, _VISITORS, _SIGNED_IN = "main", "outside", "inside"
_PARTS = {_ENTRY: [], _VISITORS: [_ENTRY], _SIGNED_IN: [_ENTRY], "deferred": [_ENTRY, _SIGNED_IN]}
"""The modules that the page consists of, and what is there already when each is fetched."""
_IMPORT = re.compile(r"""(?:^|;)(?:import|export)\b(?:[^;]*?\bfrom)? ?['"](\.[^'"]+)['"]""", re.MULTILINE)

PLACES = [
    "/",
    *("/inbox", "/today", "/upcoming", "/done", "/trash", "/search", "/chat", "/chat/{id:str}", "/task/{id:str}"),
    *("/list/{id:str}", "/tag/{id:str}", "/view/{id:str}", "/settings", "/settings/{id:str}"),
    *("/sign-in", "/sign-up", "/forgot-password", "/confirm-email", "/reset-password"),
]
"""Addresses within the page. Links in mails lead to the last one."""

_SHEETS = re.compile(r"\{asset:styles/([^}.]+\+[^}.]+)\.css\}")
"""Style sheets that the page names together. They are sent as one file, as a browser waits for each."""
_COMMENT = re.compile(rb"^[ \t]*/\*\*(?:(?!\*/).)*\*/[ \t]*\n", re.MULTILINE | re.DOTALL)


def without_comments(name: str, content: bytes) -> bytes:
    """Returns a module of ours without the comments that stand on lines of their own, a fifth of what is sent. They are
    for those who read the source."""
    return _COMMENT.sub(b"", content) if name.endswith(".js") and not name.startswith("vendor/") else content


_FILES = {
    path.relative_to(_WEB).as_posix(): [path]
    for path in sorted(_WEB.rglob("*"))
    if path.suffix in _SENT and path.name != _WORKER
}
_JOINED = {
    f"styles/{names}.css": [_WEB / "styles" / f"{name}.css" for name in names.split("+")]
    for names in _SHEETS.findall((_WEB / _PAGE).read_text("utf-8"))
}
ASSETS = Assets("/app", _FILES | _JOINED, without_comments)
POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; manifest-src 'self'; worker-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; trusted-types lit-html dompurify tasktalk"
)
WORKER_POLICY = "default-src 'none'; connect-src 'self'"


def modules_from(entry: str) -> dict[str, None]:
    """Returns a set in the order of first use, without the modules that are imported later on."""
    found: dict[str, None] = {}
    queue = [entry]
    while queue:
        name = queue.pop(0)
        if name not in found:
            found[name] = None
            source = without_comments(name, ASSETS.content(name)).decode()
            queue += [normpath(PurePosixPath(name).parent / each) for each in _IMPORT.findall(source)]
    return found


@cache
def _page(first: str) -> File:
    """Returns the page. It names the files of each part, so that a browser loads them in parallel: those of `first` in
    its head, and those of the others in templates."""
    source = (_WEB / _PAGE).read_text("utf-8")
    for part, before in _PARTS.items():
        source = source.replace(f"{{{part}}}", _preloads(part, before))
    template, files = _template(source, first)
    source = source.replace(template, "").replace("{first}", files)
    return File.of(_PAGE, ASSETS.filled(source).encode())


def _preloads(part: str, before: Iterable[str]) -> str:
    known = {name for each in before for name in modules_from(f"{each}.js")}
    modules = [name for name in modules_from(f"{part}.js") if name not in known]
    return "\n    ".join(f'<link rel="modulepreload" href="{{asset:{name}}}">' for name in modules)


def _template(source: str, name: str) -> tuple[str, str]:
    """Returns the template, and what is in it."""
    found = re.search(rf'<template id="{name}">(.*?)</template>', source, re.DOTALL)
    assert found
    return found[0], found[1].strip()


@cache
def _manifest() -> File:
    return File.of(_MANIFEST, ASSETS.filled((_WEB / _MANIFEST).read_text("utf-8")).encode())


@cache
def _worker() -> File:
    """Returns the service worker, with what it does on push messages behind it. It is a classic script, because not
    every browser lets a worker import modules. It differs between versions of the page, which is how browsers notice a
    new one."""
    named = (name for name in ASSETS.paths if name in _JOINED or not name.endswith(".css"))
    files = ", ".join(f"'{ASSETS.address(name)}'" for name in named)
    push = (_WEB / _PUSH).read_text("utf-8").replace("export ", "").replace("/icon.svg", ASSETS.address(_ICON))
    source = (_WEB / _WORKER).read_text("utf-8").replace("{version}", ASSETS.digest)
    source += f"{push}\nlistenForPush(worker);\n"
    return File.of(_WORKER, source.replace("/* {files} */", files).encode())


@get(PLACES, sync_to_thread=False)
def page(request: Request[Any, Any, Any]) -> Response[bytes]:
    first = _SIGNED_IN if SIGNED_IN in request.cookies else _VISITORS
    headers = {"Content-Security-Policy": POLICY, "Vary": "Accept-Encoding, Cookie"}
    return file_response(request, _page(first), REVALIDATE, headers)


@get("/manifest.webmanifest", sync_to_thread=False)
def manifest(request: Request[Any, Any, Any]) -> Response[bytes]:
    return file_response(request, _manifest(), REVALIDATE)


@get("/service-worker.js", sync_to_thread=False)
def service_worker(request: Request[Any, Any, Any]) -> Response[bytes]:
    return file_response(request, _worker(), REVALIDATE, {"Content-Security-Policy": WORKER_POLICY})


@get("/app/{digest:str}/{name:path}", sync_to_thread=False)
def asset(request: Request[Any, Any, Any], digest: FromPath[str], name: FromPath[Path]) -> Response[bytes]:
    return ASSETS.send(request, digest, name.as_posix().lstrip("/"))


page_handlers = [
    Router("/", route_handlers=[page, manifest, service_worker, asset], opt=PUBLIC_ROUTE, include_in_schema=False)
]
