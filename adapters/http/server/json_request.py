import asyncio
from math import inf
from typing import Any, TypeVar

from litestar import Request
from litestar.exceptions import HTTPException

from adapters.http.server.body_buffer import SMALL_BYTES
from adapters.http.server.headers import header
from application.validation import decode
from application.value_counts import json_exceeds
from domain.accounts.account import Caller
from domain.errors import Invalid

T = TypeVar("T")
MAX_VALUES = 150_000
"""The limit of values in a body. The largest conversations that the AI SDK may send have fewer."""


class JsonRequest(Request[Caller, Any, Any]):
    _whole: bytes | None = None

    async def body(self) -> bytes:
        """Raises `HTTPException` with 400 if the client disconnects before the end of its body, and with 413 if it is
        larger than its route allows."""
        if self._whole is None:
            self._whole = await self._received()
        return self._whole

    async def _received(self) -> bytes:
        most = self.route_handler.resolve_request_max_body_size() or inf
        _check_size(self._declared_size, most)
        body, has_more = bytearray(), True
        while has_more:
            message = await self.receive()
            if message["type"] == "http.disconnect":
                raise HTTPException(status_code=400)
            body += message.get("body", b"")  # type: ignore[arg-type]
            _check_size(len(body), most)
            has_more = bool(message.get("more_body", False))
        return bytes(body)

    @property
    def _declared_size(self) -> int:
        """Returns 0 if the header is missing or no number, since the bytes that arrive are counted too."""
        length = header(self.scope, b"content-length")
        return int(length) if length.isdecimal() else 0

    async def json(self) -> Any:
        """Returns the type that the handler declares: nothing is coerced, and unknown fields are refused."""
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
        return header(self.scope, b"content-type", "application/json").partition(";")[0].strip().lower()


def _check_size(size: int, most: float) -> None:
    if size > most:
        raise HTTPException(status_code=413)


def _decoded(body: bytes, as_type: type[T]) -> T:
    if json_exceeds(body, MAX_VALUES):
        raise Invalid.field("body", f"must hold at most {MAX_VALUES} values: send less at once")
    return decode(body, as_type)
