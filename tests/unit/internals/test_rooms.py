"""What leans on other libraries' insides does so in the rooms for it, and docs/internals.md has a word on each."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[3]
ROOMS = ("adapters/http/internals", "bootstrap/internals")
LEANING = re.compile(
    r"\bctypes\b|sys\.meta_path|sys\.modules|dependency_batches|route_handler_method_map|route_handler_map\b"
    r"|HttpToolsProtocol|ASGIResponse|litestar\._|uvicorn\.protocols"
)
FILES = [path for layer in ("domain", "application", "adapters", "bootstrap") for path in (ROOT / layer).rglob("*.py")]
INSIDE = [path for path in FILES if path.relative_to(ROOT).as_posix().startswith(ROOMS) and path.stem != "__init__"]


def test_nothing_outside_the_rooms_leans() -> None:
    leaning = [path for path in FILES if LEANING.search(path.read_text("utf-8")) and path not in INSIDE]
    assert leaning == []


@pytest.mark.parametrize("path", INSIDE, ids=lambda path: path.stem)
def test_the_page_of_why_names_each_file_and_a_test_that_is_there(path: Path) -> None:
    page = (ROOT / "docs" / "internals.md").read_text("utf-8")
    paragraph = next(each for each in page.split("\n## ") if path.relative_to(ROOT).as_posix() in each)
    tests = [ROOT / name for name in re.findall(r"`(tests/[\w/]+\.py)`", paragraph)]
    assert tests
    assert all(each.exists() for each in tests)
    assert re.search(r"\d", paragraph), "its figures"
