"""The pages of sign-in and consent: plain HTML without scripts, in the page's own look."""

from collections.abc import Mapping
from functools import cache
from html import escape
from pathlib import Path
from string import Template

from litestar import Response
from litestar.datastructures import Cookie

from adapters.http.pages.page import ASSETS
from application.oauth.authorization import Asked
from domain.accounts.account import Scope, User
from domain.oauth.redirects import is_loopback, origin_of, shown_host

_TEMPLATES = Path(__file__).parent / "templates"
POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self' data:; base-uri 'none'; "
    "frame-ancestors 'none'; form-action 'self'"
)
STYLES = ("colours", "base", "buttons", "forms", "welcome", "consent")
HEADERS = {"Referrer-Policy": "same-origin"}
"""With `no-referrer`, a browser would send `Origin: null` with our own forms."""
LOOPBACK_WARNING = (
    "That is a program on this device: any program here could pretend to be this one. Allow it only if you have just "
    "started it yourself."
)
READS = "see all your tasks"
CHANGES = "see all your tasks, and add, change, complete and delete them"


def hop(address: str) -> Response[str]:
    """Returns a page that goes on to the address by itself. The browser comes there from our own page, so it sends the
    session's cookie, which it sends to nobody who comes from another site."""
    refresh = f'<meta http-equiv="refresh" content="0; url={escape(address)}">'
    return _page("One moment", "hop", {"next": address}, head=refresh)


def sign_in(asked: Asked, action: str, *, wrong: str = "", email: str = "", status: int = 200) -> Response[str]:
    values = {"client": asked.client.name, "action": action, "wrong": wrong, "email": email}
    return _page(f"Connect {asked.client.name}", "sign_in", values, status=status)


def consent(asked: Asked, action: str, user: User, token: str) -> Response[str]:
    values = {
        "client": asked.client.name,
        "user": user.email or user.id,
        "host": shown_host(asked.redirect_uri),
        "warning": LOOPBACK_WARNING if is_loopback(asked.redirect_uri) else "",
        "action": action,
        "other": f"{action}&account=other",
        "token": token,
    }
    policy = f"{POLICY} {origin_of(asked.redirect_uri)}"
    return _page(f"Connect {asked.client.name}", "consent", values, policy=policy, choices=_choices(asked))


def problem(message: str, code: str, status: int) -> Response[str]:
    return _page("Not connected", "problem", {"message": message, "code": code}, status=status)


def back(location: str, cookies: list[Cookie] | None = None) -> Response[str]:
    """Returns a redirect after a form, which the browser follows with GET."""
    return Response("", status_code=303, headers={**HEADERS, "Location": location}, cookies=cookies or [])


def _choices(asked: Asked) -> str:
    """Returns the radio buttons: what was asked for, which is chosen, or less."""
    if Scope.WRITE not in asked.scopes:
        return _choice("read", READS, chosen=True)
    return _choice("write", CHANGES, chosen=True) + _choice("read", f"only {READS}")


def _choice(value: str, text: str, *, chosen: bool = False) -> str:
    box = f'<input type="radio" name="access" value="{value}"{" checked" if chosen else ""}>'
    return f'<label class="choice">{box} {text}</label>'


def _page(
    title: str,
    template: str,
    values: Mapping[str, str],
    *,
    status: int = 200,
    policy: str = POLICY,
    head: str = "",
    choices: str = "",
) -> Response[str]:
    """Fills in a template. All values are escaped; `head` and `choices` are ours."""
    body = _template(template).substitute({name: escape(value) for name, value in values.items()}, choices=choices)
    whole = _template("frame").substitute(_assets(), title=escape(title), head=head, body=body)
    headers = {**HEADERS, "Content-Security-Policy": policy}
    return Response(whole, status_code=status, media_type="text/html", headers=headers)


@cache
def _template(name: str) -> Template:
    return Template((_TEMPLATES / f"{name}.html").read_text("utf-8"))


def _assets() -> Mapping[str, str]:
    links = [f'<link rel="stylesheet" href="{ASSETS.address(f"styles/{name}.css")}">' for name in STYLES]
    return {"icon": ASSETS.address("icon.svg"), "styles": "\n    ".join(links)}
