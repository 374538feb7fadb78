from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from litestar import Response
from litestar.datastructures import Cookie

NAME = "tasktalk_refresh"
PATH = "/api/auth"
SIGNED_IN = "tasktalk_signed_in"
"""The cookie beside it, which says only that it is there. The page reads it, and so does what sends the page: a visitor
asks for no session, and somebody who is signed in gets the list at once."""


@dataclass(frozen=True, slots=True)
class RefreshCookie:
    """Scripts can't read the cookie, other sites can't send it, and browsers send it only to the account routes."""

    secure: bool
    lifetime: timedelta

    def holding(self, token: str) -> list[Cookie]:
        return self._cookies(token, "1", int(self.lifetime.total_seconds()))

    def clear(self, answer: Response[Any]) -> Response[Any]:
        for cookie in self._cookies("", "", 0):
            answer.set_cookie(cookie)
        return answer

    def _cookies(self, token: str, signed_in: str, seconds: int) -> list[Cookie]:
        return [
            Cookie(NAME, PATH, token, max_age=seconds, secure=self.secure, httponly=True, samesite="strict"),
            Cookie(SIGNED_IN, "/", signed_in, max_age=seconds, secure=self.secure, samesite="lax"),
        ]
