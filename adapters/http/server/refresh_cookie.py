from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from litestar import Response
from litestar.datastructures import Cookie

NAME = "tasktalk_refresh"
PATH = "/api/auth"


@dataclass(frozen=True, slots=True)
class RefreshCookie:
    """Scripts can't read the cookie, other sites can't send it, and browsers send it only to the account routes."""

    secure: bool
    lifetime: timedelta

    def holding(self, token: str) -> Cookie:
        return self._cookie(token, int(self.lifetime.total_seconds()))

    def clear(self, answer: Response[Any]) -> Response[Any]:
        answer.set_cookie(self._cookie("", 0))
        return answer

    def _cookie(self, token: str, seconds: int) -> Cookie:
        return Cookie(NAME, PATH, token, max_age=seconds, secure=self.secure, httponly=True, samesite="strict")
