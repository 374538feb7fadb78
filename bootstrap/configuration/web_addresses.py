from contextlib import suppress
from urllib.parse import urlsplit


def is_url(text: str, schemes: tuple[str, ...]) -> bool:
    with suppress(ValueError):
        url = urlsplit(text)
        return url.scheme in schemes and bool(url.hostname) and (url.port is None or url.port > 0)
    return False


def origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}".lower()
