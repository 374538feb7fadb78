import re
from dataclasses import dataclass
from hashlib import sha256

from domain.errors import Invalid

TOKEN = re.compile(r"([0-9]{1,18})-([0-9]{1,18})-[0-9a-f]{16}")


@dataclass(frozen=True, slots=True)
class SyncPosition:
    """The revision up to which a client has synced. During the first round, `before` is the smallest task number so
    far, else 0."""

    revision: int
    before: int = 0


def encode_token(place: SyncPosition, user_id: str) -> str:
    """Returns the token. Its last part shows whether a token is the user's own and undamaged. That part is not secret.
    An invented token could only select the place from which users read their own log."""
    text = f"{place.revision}-{place.before}"
    return f"{text}-{sha256(f'{user_id} {text}'.encode()).hexdigest()[:16]}"


def decode_token(token: str, user_id: str) -> SyncPosition:
    match = TOKEN.fullmatch(token)
    place = SyncPosition(int(match[1]), int(match[2])) if match else None
    if place is None or encode_token(place, user_id) != token:
        raise Invalid.field("token", "is no sync token of yours. Sync without one to start afresh.")
    return place
