import asyncio
from typing import Any, TypeVar

from litestar import Request
from litestar.exceptions import HTTPException, InternalServerException

from adapters.http.server.body_buffer import SMALL_BYTES
from adapters.http.server.value_counts import json_exceeds
from application.validation import decode
from domain.accounts.account import Caller
from domain.errors import Invalid

T = TypeVar("T")
MAX_VALUES = 150_000
"""The limit of values in a body. The largest conversations that the AI SDK may send have fewer."""


class JsonRequest(Request[Caller, Any, Any]):
    async def body(self) -> bytes:
        """Raises `HTTPException` with 400 if the client disconnects before the end of its body."""
        try:
            return await super().body()
        except InternalServerException:
            raise HTTPException(status_code=400) from None

    async def json(self) -> Any:
        """Returns the body as the type that its handler declares. Decoding is strict: nothing is coerced, and unknown
        fields are refused."""
        field = self.route_handler.parsed_data_field
        assert field is not None, "only handlers with `data` read the body so"
        return await self.read(field.annotation)

    async def read(self, as_type: type[T]) -> T:
        """Raises `Invalid`. A large body is decoded in a thread, so that other requests are not held up."""
        if not self.is_json:
            raise HTTPException(status_code=415)
        body = await self.body()
        return decode(body, as_type) if len(body) <= SMALL_BYTES else await asyncio.to_thread(_decoded, body, as_type)

    @property
    def is_json(self) -> bool:
        return self.media_type == "application/json" or self.media_type.endswith("+json")

    @property
    def media_type(self) -> str:
        """Returns the media type without parameters, and JSON if the header is missing."""
        return self.headers.get("content-type", "application/json").partition(";")[0].strip().lower()


def _decoded(body: bytes, as_type: type[T]) -> T:
    if json_exceeds(body, MAX_VALUES):
        raise Invalid.field("body", f"must hold at most {MAX_VALUES} values: send less at once")
    return decode(body, as_type)
