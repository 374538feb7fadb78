"""Tasks of calendars (VTODO, RFC 5545)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from application.tasks.files.formats.icalendar.lines import properties, texts, unescaped
from application.tasks.files.imported import ImportedFile, ImportedTask
from domain.errors import Invalid
from tests.unit.tasks.import_files.importing import imported, messages, tree


def calendar(*todos: str, about: str = "", newline: str = "\r\n") -> ImportedFile:
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", *filter(None, [about])]
    for todo in todos:
        lines += ["BEGIN:VTODO", *todo.strip().split("\n"), "END:VTODO"]
    return imported(newline.join((*lines, "END:VCALENDAR", "")))


def todo(*lines: str) -> ImportedTask:
    return calendar("\n".join(lines)).tasks[0]


@pytest.mark.parametrize("newline", ["\r\n", "\n", "\r"])
def test_lines_are_unfolded_with_each_line_end(newline: str) -> None:
    file = calendar("SUMMARY:Buy\n  milk an\n\td eggs\nUID:1", newline=newline)
    assert file.tasks[0].title == "Buy milk and eggs"


@pytest.mark.parametrize(
    ("line", "due"),
    [
        ("DUE;VALUE=DATE:20261201", "2026-12-01"),
        ("DUE:20261201", "2026-12-01"),
        ("DUE:20261201T090000", "2026-12-01T09:00"),
        ("DUE:20261201T090000Z", "2026-12-01T10:00+01:00[Europe/Berlin]"),
        ("DUE;TZID=America/New_York:20261201T090000", "2026-12-01T09:00-05:00[America/New_York]"),
        ('DUE;TZID="Europe/Paris";X-A="b;c:d":20261201T090000', "2026-12-01T09:00+01:00[Europe/Paris]"),
        ("DUE;TZID=/mozilla.org/20050126_1/Europe/Paris:20261201T090000", "2026-12-01T09:00+01:00[Europe/Paris]"),
        ("DUE;TZID=Pacific Standard Time:20261201T090000", "2026-12-01T09:00-08:00[America/Los_Angeles]"),
        ("DUE;TZID=Mars/Base:20261201T090000", "2026-12-01T09:00"),
        ("DUE;TZID=Europe/Berlin:20260329T023000", "2026-03-29T03:30+02:00[Europe/Berlin]"),
        ("DUE:20261201T235960", "2026-12-01T23:59"),
        ("due;value=date:20261201", "2026-12-01"),
    ],
)
def test_due_dates_keep_their_kind(line: str, due: str) -> None:
    assert todo("SUMMARY:a", line).due == due


@pytest.mark.parametrize("value", ["2026-12-01", "20261301", "20261201T250000", "", "soon", "99991231"])
def test_a_due_date_that_is_none_is_in_the_description(value: str) -> None:
    read = todo("SUMMARY:a", f"DUE:{value}")
    assert (read.due, read.description) == (None, f"Due: {value}" if value else None)


def test_a_zone_that_is_not_known_is_told() -> None:
    file = calendar("SUMMARY:a\nDUE;TZID=Mars/Base:20261201T090000")
    assert messages(file) == ["3: Due: the zone Mars/Base is not known, so the time is one of any place"]


def test_start_and_due_may_be_of_two_kinds() -> None:
    read = todo("SUMMARY:a", "DTSTART;VALUE=DATE:20261201", "DUE:20261202T090000")
    assert (read.start, read.due) == ("2026-12-01", "2026-12-02T09:00")


@pytest.mark.parametrize(
    ("lines", "start", "due", "estimate"),
    [
        (["DTSTART:20261201T090000", "DURATION:PT90M"], "2026-12-01", "2026-12-01T10:30", None),
        (["DTSTART;VALUE=DATE:20261201", "DURATION:P1W2D"], "2026-12-01", "2026-12-10", None),
        (["DURATION:PT1H"], None, None, "PT1H"),
        (["ESTIMATED-DURATION:PT45M"], None, None, "PT45M"),
        (["DUE:20261201", "DTSTART:20261205"], None, "2026-12-01", None),
    ],
)
def test_a_duration_gives_the_due_date_or_the_estimate(
    lines: list[str], start: str | None, due: str | None, estimate: str | None
) -> None:
    read = todo("SUMMARY:a", *lines)
    assert (read.start, read.due, read.estimate) == (start, due, estimate)


@pytest.mark.parametrize(
    ("lines", "rule"),
    [
        (["DUE:20261231", "RRULE:FREQ=MONTHLY"], "FREQ=MONTHLY"),
        (["DUE:20261231", "RRULE:FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3"], "FREQ=MONTHLY;BYMONTHDAY=31;COUNT=3"),
        (["DUE:20261231T090000", "RRULE:FREQ=DAILY;BYHOUR=9;BYMINUTE=0"], "FREQ=DAILY"),
        (["DUE:20261231", "RRULE:FREQ=WEEKLY;INTERVAL=2"], "FREQ=WEEKLY;INTERVAL=2;WKST=MO"),
        (["DUE:20261231", "RRULE:FREQ=DAILY;UNTIL=20270131T225959Z"], "FREQ=DAILY;UNTIL=20270131"),
        (["DTSTART:20261231", "RRULE:FREQ=DAILY"], "FREQ=DAILY"),
    ],
)
def test_rules_stay_as_the_calendar_means_them(lines: list[str], rule: str) -> None:
    assert todo("SUMMARY:a", *lines).recurrence == rule


@pytest.mark.parametrize("rule", ["FREQ=HOURLY", "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30", "FREQ=DAILY;INTERVAL=0", "X"])
def test_an_impossible_rule_is_in_the_description(rule: str) -> None:
    read = todo("SUMMARY:a", "DUE:20261231", f"RRULE:{rule}")
    assert (read.title, read.recurrence, read.description) == ("a", None, f"Repeats: {rule}")


def test_changes_of_a_series_are_told() -> None:
    file = calendar(
        "UID:1\nSUMMARY:a\nDUE:20261201\nRRULE:FREQ=DAILY\nEXDATE:20261202",
        "UID:1\nSUMMARY:moved\nDUE:20261204\nRECURRENCE-ID:20261203\nRRULE:FREQ=DAILY",
    )
    assert [(each.title, each.recurrence) for each in file.tasks] == [("a", "FREQ=DAILY"), ("moved", None)]
    assert file.tasks[0].description == "EXDATE: 20261202"
    assert messages(file)[-1].endswith("is one date of a series that was changed, so it is a task of its own")


@pytest.mark.parametrize(
    ("lines", "completed", "description"),
    [
        (["STATUS:NEEDS-ACTION", "COMPLETED:20261101T100000Z"], False, None),
        (["STATUS:COMPLETED"], True, None),
        (["COMPLETED:20261101T100000Z"], True, None),
        (["PERCENT-COMPLETE:100"], True, None),
        (["STATUS:CANCELLED"], True, "Status: cancelled"),
        (["STATUS:IN-PROCESS", "PERCENT-COMPLETE:40"], False, "Status: in process\nProgress: 40 %"),
    ],
)
def test_the_status_says_what_is_done(lines: list[str], completed: bool, description: str | None) -> None:
    read = todo("SUMMARY:a", *lines)
    assert (read.completed, read.description) == (completed, description)


@pytest.mark.parametrize(
    ("priority", "expected"),
    [("0", None), ("1", "high"), ("4", "high"), ("5", "medium"), ("6", "low"), ("9", "low"), ("x", None)],
)
def test_priorities_are_those_of_the_rfc(priority: str, expected: str | None) -> None:
    assert todo("SUMMARY:a", f"PRIORITY:{priority}").priority == expected


def test_texts_lose_their_escapes_and_categories_their_commas() -> None:
    read = todo(r"SUMMARY:a\, b\; c\\n", r"DESCRIPTION:one\ntwo\Nthree", r"CATEGORIES:x\,y,z", "CATEGORIES:w")
    assert (read.title, read.description, read.tags) == ("a, b; c\\n", "one\ntwo\nthree", ["x,y", "z", "w"])


@pytest.mark.parametrize(
    ("parent", "child"),
    [
        ("UID:p\nSUMMARY:p", "UID:c\nSUMMARY:c\nRELATED-TO:p"),
        ("UID:p\nSUMMARY:p\nRELATED-TO;RELTYPE=CHILD:c", "UID:c\nSUMMARY:c"),
    ],
)
@pytest.mark.parametrize("is_child_first", [False, True])
def test_relations_are_nesting_whichever_side_has_them(parent: str, child: str, is_child_first: bool) -> None:
    todos = (child, parent) if is_child_first else (parent, child)
    assert sorted(tree(calendar(*todos))) == [("c", "p"), ("p", None)]


def test_what_has_no_field_is_told_or_described() -> None:
    file = calendar(
        "SUMMARY:a\nLOCATION:Berlin\\, Mitte\nURL:https://x.y\nATTENDEE;CN=Ann:mailto:ann@x.y\nX-Foo;A=b:1\nCLASS:PUBLIC\n"
        "CLASS:PRIVATE\nBEGIN:VALARM\nTRIGGER:-PT15M\nDESCRIPTION:x\nEND:VALARM\nRELATED-TO;RELTYPE=SIBLING:z"
    )
    assert file.tasks[0].description == "Location: Berlin, Mitte\nLink: https://x.y\nAttendee: Ann (mailto:ann@x.y)"
    assert [message.split(":")[1].strip() for message in messages(file)] == [
        "reminder",
        "RELATED-TO (sibling)",
        "X-FOO",
        "CLASS",
    ]


def test_several_calendars_are_lists_and_events_are_counted() -> None:
    one = "BEGIN:VCALENDAR\nBEGIN:VTODO\nUID:1\nSUMMARY:a\nEND:VTODO\nX-WR-CALNAME:Home\nCOLOR:teal\nEND:VCALENDAR\n"
    two = "BEGIN:VCALENDAR\nX-WR-CALNAME:Work\nBEGIN:VEVENT\nSUMMARY:e\nEND:VEVENT\nBEGIN:VTODO\nSUMMARY:b\nEND:VTODO\n"
    file = imported(one + two)
    assert [(each.name, each.color) for each in file.lists] == [("Home", "teal"), ("Work", None)]
    assert [(each.title, each.list) for each in file.tasks] == [("a", "Home"), ("b", "Work")]
    assert messages(file) == ["11: event: is not kept, 1 time from this line on"]


def test_order_and_times_are_kept() -> None:
    file = calendar(
        "SUMMARY:b\nX-APPLE-SORT-ORDER:2\nCREATED:20260101T090000Z\nLAST-MODIFIED:20260102T090000Z",
        "SUMMARY:a\nX-APPLE-SORT-ORDER:1\nCREATED:never",
    )
    assert [each.title for each in file.tasks] == ["a", "b"]
    assert str(file.tasks[1].created_at) == "2026-01-01 09:00:00+00:00"
    assert messages(file) == ["9: CREATED: never is no time, so it is left out"]


def test_html_descriptions_are_read_where_there_is_no_other() -> None:
    html = "X-ALT-DESC;FMTTYPE=text/html:<p>one</p><p>two</p>"
    assert todo("SUMMARY:a", html).description == "one\n\ntwo"
    assert todo("SUMMARY:a", html, "DESCRIPTION:three").description == "three"


@pytest.mark.parametrize(
    ("body", "message"),
    [
        ("BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:a\n", "line 2: begins a task that has no END:VTODO"),
        ("BEGIN:VCALENDAR\n" + "BEGIN:X\n" * 60, "line 51: is nested deeper"),
        ("BEGIN:VCALENDAR\nBEGIN:VTODO\n" + "A:1\n" * 1_001, "line 1002: is in a task with more than 1000 properties"),
        (b"BEGIN:VCALENDAR\nBEGIN:VTODO\nSUMMARY:\xff\nEND:VTODO\n", "line 3: must be text in UTF-8"),
    ],
)
def test_a_broken_calendar_is_refused_by_line(body: str | bytes, message: str) -> None:
    with pytest.raises(Invalid) as refusal:
        imported(body)
    assert refusal.value.message.startswith(message)


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"])))
def test_escaped_texts_are_read_as_they_were(text: str) -> None:
    escaped = text.replace("\\", "\\\\").replace(";", "\\;").replace(",", "\\,").replace("\n", "\\n")
    assert unescaped(escaped) == text
    assert texts(f"{escaped},b") == [text.strip(), "b"]


@given(st.text(st.characters(exclude_categories=["Cs", "Cc", "Zl", "Zp"]), min_size=1), st.integers(1, 20))
def test_a_line_may_be_folded_anywhere(text: str, width: int) -> None:
    folded = "\r\n ".join(text[at : at + width] for at in range(0, len(text), width))
    found = [each.value for each in properties(f"SUMMARY:{folded}\r\n".encode())]
    assert found == [text]
