"""`Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): a POST that may be sent again and acts once.

A route that changes something names one of two dependencies: `key` to hand it on to a use-case that keeps it itself,
or `answer_once` to have its answer kept in one unit of work with the change.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Annotated, Any

from litestar import Request, Response
from litestar.di import Provide
from litestar.params import HeaderParameter
from msgspec import json

from adapters.http.handlers.dependencies import Dependency
from adapters.http.handlers.responses import JsonResponse
from adapters.http.schemas import out
from application.idempotency import Once, Served
from domain.accounts.account import Caller
from domain.idempotency import HEADER, Key

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


async def key_of(request: Request[Caller, Any, Any], idempotency_key: KeyHeader = None) -> Key | None:
    if idempotency_key is None:
        return None
    target = f"{request.url.path}?{request.url.query}" if request.url.query else request.url.path
    limits = [request.user.limits.encode()] if request.user.limits else []
    content = [request.method.encode(), target.encode(), await request.body(), *limits]
    return Key.of(idempotency_key, b"\n".join(content))


@dataclass(frozen=True, slots=True)
class AnswerOnce:
    request: Request[Caller, Any, Any]
    once: Once
    key: Key | None

    async def __call__(self, change: Callable[[], Awaitable[object]], schema: type[Any]) -> Response[Any]:
        """The outcome of `change` as `schema`, with the status that the route declares."""

        async def serve() -> Served:
            return Served(self.request.route_handler.status_code, json.encode(out(await change(), schema)))

        served = await self.once.serve(self.request.user, self.key, serve)
        return JsonResponse(
            served.body,
            status_code=served.status,
            media_type="application/json",
            headers=replay_headers(served.replayed),
        )


async def answer_once_of(
    request: Request[Caller, Any, Any], once: Dependency[Once], key: Dependency[Key | None]
) -> AnswerOnce:
    return AnswerOnce(request, once, key)


DEPENDENCIES = {"key": Provide(key_of), "answer_once": Provide(answer_once_of)}
