from typing import Any, TypeVar

from litestar import Request
from litestar.exceptions import HTTPException, InternalServerException

from application.validation import decode
from domain.account import Caller

T = TypeVar("T")


class JsonRequest(Request[Caller, Any, Any]):
    async def body(self) -> bytes:
        """A client that left in the middle of its body is no fault of ours."""
        try:
            return await super().body()
        except InternalServerException:
            raise HTTPException(status_code=400) from None

    async def json(self) -> Any:
        """The body as the type its handler declares: strict, so nothing is coerced and nothing unknown is dropped."""
        field = self.route_handler.parsed_data_field
        assert field is not None, "only handlers with `data` read the body so"
        return await self.read(field.annotation)

    async def read(self, as_type: type[T]) -> T:
        media_type = self.headers.get("content-type", "application/json").partition(";")[0].strip().lower()
        if media_type != "application/json" and not media_type.endswith("+json"):
            raise HTTPException(status_code=415)
        return decode(await self.body(), as_type)
