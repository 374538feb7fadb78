"""`Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a POST that may be sent again and acts once.

A route that changes something names one of two dependencies: `key` to hand it on to a use-case that keeps it itself,
or `answer_once` to have its result kept in one unit of work with the change. Status and body are made of the result
after the commit, and made again when the request is sent again.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from litestar import Request, Response
from litestar.di import Provide
from litestar.params import HeaderParameter
from msgspec import Struct

from adapters.http.handlers.dependencies import Dependency
from adapters.http.internals.litestar_responses import JsonResponse
from application.idempotency import Once
from domain.accounts.account import Caller
from domain.idempotency import FormerAnswer, Key

T = TypeVar("T")
HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"

KeyHeader = Annotated[
    str | None,
    HeaderParameter(
        name=HEADER,
        required=False,
        description="Any text of 1–255 visible ASCII characters that you use for this request only. Sent again with the"
        " same request within 24 hours, the request is not acted on again but answered as the first time, with"
        f" `{REPLAYED}: true`.",
        schema_extra={"pattern": "^[\\x21-\\x7e]{1,255}$"},
    ),
]


def replay_headers(replayed: bool) -> dict[str, str]:
    return {REPLAYED: "true"} if replayed else {}


def no_headers(_: object) -> dict[str, str]:
    return {}


async def key_of(request: Request[Caller, Any, Any], idempotency_key: KeyHeader = None) -> Key | None:
    if idempotency_key is None:
        return None
    target = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    limits = [request.user.limits.encode()] if request.user.limits else []
    content = [request.method.encode(), target.encode(), await request.body(), *limits]
    return Key.of(idempotency_key, b"\n".join(content), HEADER)


@dataclass(slots=True)
class AnswerOnce:
    request: Request[Caller, Any, Any]
    once: Once
    key: Key | None

    async def __call__(
        self,
        change: Callable[[], Awaitable[T]],
        of: type[T],
        render: Callable[[T], Struct],
        headers_of: Callable[[T], dict[str, str]] = no_headers,
    ) -> Response[Any]:
        """Answers with what `render` makes of the result of `change`, and with the status that the route declares. `of`
        is the type of the result, as which it is read again. `headers_of` gives headers for it."""
        result = await self.once.run(self.request.user, self.key, change, of)
        if isinstance(result, FormerAnswer):
            return JsonResponse(result.body, status_code=result.status, headers=replay_headers(True))
        headers = replay_headers(result.is_replay) | headers_of(result.value)
        return JsonResponse(render(result.value), status_code=self.request.route_handler.status_code, headers=headers)


def answer_once_of(
    request: Request[Caller, Any, Any], once: Dependency[Once], key: Dependency[Key | None]
) -> AnswerOnce:
    return AnswerOnce(request, once, key)


DEPENDENCIES = {"key": Provide(key_of), "answer_once": Provide(answer_once_of, sync_to_thread=False)}
