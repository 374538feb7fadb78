"""Names of clients, which are theirs to choose and are shown on the consent page."""

from unicodedata import category

from domain.text import is_visible

MAX_CLIENT_NAME_LENGTH = 100
_UNSEEN = ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")
"""Controls and formats, among them those that turn the direction of the text after them."""


def clean_client_name(name: str) -> str | None:
    """Returns the name on one line and without what can't be seen, or None if nothing is left of it."""
    plain = "".join(" " if each.isspace() else each for each in name if each.isspace() or category(each) not in _UNSEEN)
    cleaned = " ".join(plain.split())[:MAX_CLIENT_NAME_LENGTH].strip()
    return cleaned if is_visible(cleaned) else None
