"""Turns HTML into Markdown that people can read. It reads what editors of descriptions write. It is not `html.parser`,
which takes 45 seconds for 64 kB of `<a `."""

import re
from collections.abc import Mapping
from html import unescape

from domain.errors import Invalid

MAX_HTML = 65_536
"""More than this is cut off. It is four times the longest description."""
MAX_ATTRIBUTES = 2_048
MAX_TAGS = 500_000
"""So many in a file take a second."""
TOO_MANY_TAGS = f"must have at most {MAX_TAGS} HTML tags: import it in parts"
MARKS: Mapping[str, str] = {"strong": "**", "b": "**", "em": "_", "i": "_", "s": "~~", "del": "~~", "code": "`"}
PARAGRAPHS = frozenset(
    {"p", "ul", "ol", "table", "blockquote", "section", "article", "pre", "h1", "h2", "h3", "h4", "h5", "h6"}
)
LINES = frozenset({"div", "tr", "header", "footer"})
HIDDEN = frozenset({"script", "style", "head", "title", "template"})
HEADINGS: Mapping[str, str] = {f"h{level}": f"{'#' * level} " for level in range(1, 7)}
BOXES: Mapping[str, str] = {"true": "[x] ", "false": "[ ] "}
_TAG = re.compile(r"</?(?:p|div|br|ul|ol|li|h[1-6]|a|b|strong|em|i|span|table|html|body|pre|code|img)\b[^<>]*>", re.I)
_SPACES = re.compile(r"\s+")
_NAME = re.compile(r"/?([a-zA-Z][a-zA-Z0-9]*)")
_ATTRIBUTE = re.compile(r"""([\w-]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"']+)))?""")


def check_tags(text: bytes) -> None:
    """Raises `Invalid` for a file with too many tags. In JSON, `<` may be escaped."""
    if text.count(b"<") + text.count(b"\\u003c") + text.count(b"\\u003C") > MAX_TAGS:
        raise Invalid.field("body", TOO_MANY_TAGS)


def is_html(text: str) -> bool:
    return bool(_TAG.search(text[:MAX_HTML]))


def markdown(html: str) -> str:
    """Returns the text of the first `MAX_HTML` characters."""
    reader = _Reader()
    before, *pieces = html[:MAX_HTML].split("<")
    reader.text(before)
    for piece in pieces:
        tag, end, text = piece.partition(">")
        if end and (tag[:1] in ("/", "!", "?") or tag[:1].isalpha()):
            reader.tag(tag)
        else:
            text = f"<{piece}"
        reader.text(text)
    return "\n".join(line.rstrip() for line in "".join(reader.pieces).split("\n")).strip()


class _Reader:
    """`_gap` line ends, and then the `_bullet`, are written before the next text. So those of nested blocks are not
    added up."""

    def __init__(self) -> None:
        self.pieces: list[str] = []
        self._gap = 0
        self._bullet = ""
        self._numbers: list[int | None] = []
        self._targets: list[str] = []
        self._hidden = self._verbatim = 0

    def text(self, source: str) -> None:
        data = unescape(source) if "&" in source else source
        text = data if self._verbatim else _SPACES.sub(" ", data)
        if (self._gap or self._bullet or not self.pieces) and not self._verbatim:
            text = text.lstrip()
        if text and not self._hidden:
            self._write(text)

    def _write(self, text: str) -> None:
        self.pieces += ["\n" * self._gap if self.pieces else "", self._bullet, text]
        self._gap, self._bullet = 0, ""

    def tag(self, source: str) -> None:
        match = _NAME.match(source)
        if match is None:
            return
        name, is_end = match[1].lower(), source.startswith("/")
        self._block(name)
        if name in HIDDEN:
            self._hidden = max(self._hidden + (-1 if is_end else 1), 0)
        elif name == "pre":
            self._verbatim = max(self._verbatim + (-1 if is_end else 1), 0)
        elif is_end:
            self._end(name)
        else:
            self._begin(name, source[match.end() : MAX_ATTRIBUTES])

    def _block(self, name: str) -> None:
        if name in PARAGRAPHS:
            self._gap = max(self._gap, 1 if self._numbers else 2)
        elif name in LINES or name == "li":
            self._gap = max(self._gap, 1)

    def _begin(self, name: str, attributes: str) -> None:
        if name in ("ul", "ol"):
            self._numbers.append(1 if name == "ol" else None)
        elif name == "li":
            self._entry(_values(attributes).get("data-checked", ""))
        elif name == "br":
            self._gap = min(self._gap + 1, 2)
        elif name == "input" and "[" not in self._bullet:
            self._bullet += _box(_values(attributes))
        elif name in ("td", "th"):
            self.pieces.append("" if self._gap else " | ")
        else:
            self._inline(name, attributes)

    def _inline(self, name: str, attributes: str) -> None:
        if name == "a":
            self._targets.append(_values(attributes).get("href", ""))
            self._write("[" if self._targets[-1] else "")
        elif name == "img":
            values = _values(attributes)
            self._write(f"![{values.get('alt', '')}]({values.get('src', '')})")
        elif mark := HEADINGS.get(name) or MARKS.get(name):
            self._write(mark)

    def _entry(self, checked: str) -> None:
        number = self._numbers[-1] if self._numbers else None
        if number is not None:
            self._numbers[-1] = number + 1
        indent = "  " * (min(len(self._numbers), 9) - 1)
        self._bullet = indent + ("- " if number is None else f"{number}. ") + BOXES.get(checked, "")

    def _end(self, name: str) -> None:
        if name in ("ul", "ol") and self._numbers:
            self._numbers.pop()
            self._gap = max(self._gap, 1 if self._numbers else 2)
        elif name == "a" and self._targets:
            target = self._targets.pop()
            self.pieces.append(f"]({target})" if target else "")
        else:
            self.pieces.append(MARKS.get(name, ""))


def _values(attributes: str) -> Mapping[str, str]:
    found = _ATTRIBUTE.findall(attributes)
    return {name.lower(): unescape(double or single or bare) for name, double, single, bare in found}


def _box(values: Mapping[str, str]) -> str:
    return "" if values.get("type") != "checkbox" else BOXES[str("checked" in values).lower()]
