"""Cursors of the list of conversations: the place after the last one of a page, as an opaque text."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime, timedelta
from typing import Annotated

import msgspec
from msgspec import Meta

from application.ports import ConversationCursor
from application.validation import DECODE_ERRORS
from domain.errors import Invalid

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
MICROSECOND = timedelta(microseconds=1)


class CursorFields(msgspec.Struct, array_like=True, forbid_unknown_fields=True):
    """`at` is in microseconds since 1970, up to the year 9999."""

    at: Annotated[int, Meta(ge=0, lt=253_402_300_800_000_000)]
    id: Annotated[str, Meta(pattern=r"^[A-Za-z0-9_-]{1,64}$")]


def encode_cursor(place: ConversationCursor | None) -> str | None:
    if place is None:
        return None
    fields = CursorFields((place[0] - EPOCH) // MICROSECOND, place[1])
    return urlsafe_b64encode(msgspec.json.encode(fields)).decode()


def decode_cursor(cursor: str | None) -> ConversationCursor | None:
    if cursor is None:
        return None
    try:
        fields = msgspec.json.decode(urlsafe_b64decode(cursor), type=CursorFields)
    except (ValueError, *DECODE_ERRORS):
        raise Invalid.field("cursor", "must be the next_cursor of a page") from None
    return EPOCH + fields.at * MICROSECOND, fields.id
