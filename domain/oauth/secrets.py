"""Codes, refresh tokens and client secrets as texts. All name the user, by whom their row is found, and are stored as
hashes."""

import re
from base64 import urlsafe_b64decode, urlsafe_b64encode

SECRET_BYTES = 32
_CODE = re.compile(r"ttc_([A-Za-z0-9_-]{2,1400})\.[A-Za-z0-9_-]{43}")
_REFRESH = re.compile(r"ttr_([A-Za-z0-9_-]{2,1400})\.([A-Za-z0-9_-]{1,64})\.[A-Za-z0-9_-]{43}")


def format_code(user_id: str, secret: bytes) -> str:
    return f"ttc_{encoded(user_id.encode())}.{encoded(secret)}"


def format_refresh_token(user_id: str, connection_id: str, secret: bytes) -> str:
    return f"ttr_{encoded(user_id.encode())}.{connection_id}.{encoded(secret)}"


def user_of_code(text: str) -> str | None:
    found = _CODE.fullmatch(text)
    return _user(found[1]) if found else None


def connection_of(text: str) -> tuple[str, str] | None:
    found = _REFRESH.fullmatch(text)
    user_id = _user(found[1]) if found else None
    return (user_id, found[2]) if found and user_id else None


def encoded(data: bytes) -> str:
    return urlsafe_b64encode(data).rstrip(b"=").decode()


def _user(text: str) -> str | None:
    try:
        user_id = urlsafe_b64decode(text + "=" * (-len(text) % 4)).decode()
    except ValueError:
        return None
    return None if "\0" in user_id else user_id
