import base64
import json
from datetime import UTC, datetime

import pytest

from application.tasks.query import NEWEST, PLAIN, Cursors, SortKey, Total
from domain.errors import Invalid
from domain.tasks.task import Task

NOW = datetime(2026, 11, 23, 9, 0, 0, 123456, tzinfo=UTC)
TASK = Task(user_id="ann", id=3, title="Buy milk", created_at=NOW, updated_at=NOW, revision=7)
UPDATED = (SortKey("updated_at", descending=True), SortKey("id", descending=True))


def encoded(*values: object) -> str:
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


@pytest.mark.parametrize("sort", [NEWEST, UPDATED])
def test_a_cursor_leads_back_to_the_values_it_was_made_of(sort: tuple[SortKey, ...]) -> None:
    values = {NEWEST: (3,), UPDATED: (NOW, 3)}
    assert Cursors(sort).decode(Cursors(sort).encode(TASK)) == values[sort]


def test_the_plain_numbers_of_before_are_cursors_of_the_default_order() -> None:
    assert PLAIN.decode("17") == (17,)
    with pytest.raises(Invalid, match="cursor: must be the next_cursor"):
        Cursors(UPDATED).decode("17")


def test_a_cursor_of_another_sort_says_so() -> None:
    with pytest.raises(Invalid, match="cursor: is that of another sort"):
        PLAIN.decode(Cursors(UPDATED).encode(TASK))


@pytest.mark.parametrize(
    "cursor",
    [
        "",
        "0",
        "-1",
        str(2**53),
        "1" * 400,
        "a",
        "é",
        "١٧",
        "====",
        "!",
        encoded(),
        encoded("-id"),
        encoded("-id", 0),
        encoded("-id", -1),
        encoded("-id", 2**70),
        encoded("-id", 1.5),
        encoded("-id", None),
        encoded("-id", "3"),
        encoded("-id", True),
        encoded("-id", 3, 3),
        encoded(3),
        encoded({"-id": 3}),
        encoded("-id", 3) + "A",
        base64.urlsafe_b64encode(b"\xff\xfe").decode(),
        base64.urlsafe_b64encode(b'{"a": 1}').decode().rstrip("="),
        base64.urlsafe_b64encode(b"[" * 5_000).decode(),
    ],
)
def test_what_no_page_gave_is_refused(cursor: str) -> None:
    with pytest.raises(Invalid, match="cursor: "):
        PLAIN.decode(cursor)


def test_the_cursor_of_a_filter_has_the_total_of_its_first_page() -> None:
    cursors = Cursors(UPDATED, "/1f")
    cursor = cursors.encode(TASK, Total(9, is_exact=False))
    assert (cursors.decode(cursor), cursors.total(cursor)) == ((NOW, 3), Total(9, is_exact=False))
    assert cursors.total(cursors.encode(TASK)) is None


def test_the_totals_of_plain_lists_are_counted_anew() -> None:
    assert PLAIN.total(PLAIN.encode(TASK, Total(9))) is None


@pytest.mark.parametrize("total", [3, [3], [-1, True], [10_001, True], [3, 1], ["3", True], {}])
def test_a_total_that_no_page_gave_is_refused(total: object) -> None:
    with pytest.raises(Invalid, match="cursor: "):
        Cursors(tie="/1f").total(encoded("-id/1f", 3, total))
