"""What every answer says to browsers and caches, on every route, whoever asks and however it ends."""

from collections.abc import AsyncIterator

import httpx

from adapters.http.pages.docs import REDOC_POLICY, SWAGGER_UI_POLICY
from adapters.http.pages.page import POLICY as PAGE_POLICY
from tests.abuse.addresses import address
from tests.abuse.conftest import Opened, World

JSON_POLICY = "default-src 'none'; frame-ancestors 'none'"
PAGES = {"/": PAGE_POLICY, "/docs": SWAGGER_UI_POLICY, "/redoc": REDOC_POLICY}
OLD = ("/docs/assets/x/page.css", "/app/x/main.js")
PUBLIC = (*PAGES, *OLD, "/openapi.json", "/.well-known/oauth-protected-resource/mcp")
BANNERS = ("server", "x-powered-by", "via")


async def test_every_answer_tells_browsers_to_take_it_for_what_it_is_and_caches_to_forget_it(opened: Opened) -> None:
    async with opened() as world:
        answers = [answer async for answer in all_answers(world)]
    assert {answer.status_code for answer in answers} > {200, 201, 400, 401, 404, 405}
    for answer in answers:
        headers, where = answer.headers, (answer.request.method, answer.request.url.path, answer.status_code)
        assert headers["X-Content-Type-Options"] == "nosniff", where
        assert headers["Referrer-Policy"] == "no-referrer", where
        assert headers["X-Frame-Options"] == "DENY", where
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin", where
        policy = PAGES.get(where[1], JSON_POLICY) if "text/html" in headers.get("Content-Type", "") else JSON_POLICY
        assert headers["Content-Security-Policy"] == policy, where
        assert not [name for name in BANNERS if name in headers], where
        assert may_not_be_kept_by_others(answer), (where, headers["Cache-Control"])


async def all_answers(world: World) -> AsyncIterator[httpx.Response]:
    """With a token and without, right and wrong; streams that have no end left out."""
    await world("POST", "/api/users/me/tasks", json={"title": "a"})
    for method, path in world.operations():
        if not path.endswith("/stream"):
            as_user = "bob" if "/signout" in path else "ann"
            for headers in ({}, {"Authorization": "Bearer none"}):
                yield await world(method, address(path), as_user, json={"title": "a"}, headers=headers)
    for path in (*PUBLIC, "/nothing", "/mcp", "/api/users/me/tasks", *OLD):
        for method in ("GET", "HEAD", "OPTIONS", "TRACE", "PUT"):
            yield await world(method, path)


def may_not_be_kept_by_others(answer: httpx.Response) -> bool:
    """Who has a task may keep it, with its tag; what is the same for everybody may be kept by all."""
    rules = answer.headers["Cache-Control"]
    public = answer.request.url.path in PUBLIC and "no-cache" in rules
    return rules in ("no-store", "private, no-cache") or public


async def test_a_session_cookie_is_for_this_site_and_no_script(opened: Opened) -> None:
    async with opened() as world:
        form = {"email": "carl@example.com", "password": "a password of carl"}
        cookies = (await world("POST", "/api/auth/signup", json=form)).headers.get_list("Set-Cookie")
    session, marker = ({part.strip().lower() for part in cookie.split(";")} for cookie in cookies)
    assert {"httponly", "samesite=strict", "path=/api/auth"} < session
    assert {"tasktalk_signed_in=1", "samesite=lax", "path=/"} < marker
