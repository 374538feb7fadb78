"""ZIP files: backups of Todoist, Vikunja's export, Google's Takeout."""

import io
import json
import zipfile

import pytest

from application.tasks.files.detecting import detect
from application.tasks.files.file_formats import OWN
from application.tasks.files.imported import ImportedFile
from domain.errors import Invalid, UnknownFormat
from tests.unit.tasks.import_files.importing import BERLIN, imported, messages

CSV = "TYPE,CONTENT\ntask,{}\ntask,\n"
GOOGLE = json.dumps({"kind": "tasks#taskLists", "items": [{"title": "L", "items": [{"title": "g"}]}]})


def zipped(*files: tuple[str | zipfile.ZipInfo, str | bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", compression) as archive:
        for name, content in files:
            archive.writestr(name, content)
    return body.getvalue()


def backup(*files: tuple[str, str]) -> ImportedFile:
    return imported(zipped(*files))


def test_a_backup_is_its_projects_and_lines_are_told_with_their_file() -> None:
    file = backup(
        ("Inbox [1].csv", CSV.format("a")),
        ("Home [2].csv", CSV.format("b")),
        ("Todoist/old/Home [3].csv", "TYPE,CONTENT,INDENT\ntask,c\ntask,d,2\nx,y\n"),
    )
    assert [(each.title, each.list) for each in file.tasks] == [
        *(("a", None), ("(no title)", None), ("b", "Home"), ("(no title)", "Home")),
        *(("c", "Home (2)"), ("d", "Home (2)")),
    ]
    assert "3: Home [2].csv: title: is empty, so it is called (no title)" in messages(file)
    assert [tuple(each) for each in file.problems] == [
        (4, "Todoist/old/Home [3].csv: TYPE: must be task, note or section, not x")
    ]


def test_keys_of_two_files_do_not_meet() -> None:
    rows = "TYPE,CONTENT,INDENT\ntask,a,1\ntask,b,2\n"
    keys = [(each.key, each.parent) for each in backup(("1.csv", rows), ("2.csv", rows)).tasks]
    assert keys == [("1/2", None), ("1/3", "1/2"), ("2/2", None), ("2/3", "2/2")]


def test_takeout_and_vikunja_are_read_and_other_files_are_told() -> None:
    vikunja = json.dumps([{"id": 1, "title": "P", "tasks": [{"id": 1, "title": "v", "done": False}]}])
    file = backup(
        ("Takeout/Tasks/Tasks.json", GOOGLE),
        ("Takeout/archive_browser.html", "<p>"),
        ("data.json", vikunja),
        ("filters.json", "[]"),
        ("files/1", "\x00"),
        ("VERSION", "0.24"),
        ("__MACOSX/._data.json", "x"),
        ("folder/", ""),
        ("inner.zip.json", "PK\x03\x04"),
    )
    assert [(each.title, each.list) for each in file.tasks] == [("g", "L"), ("v", "P")]
    assert messages(file) == [
        "0: 4 files in the ZIP file are left out: Takeout/archive_browser.html, filters.json, files/1, inner.zip.json"
    ]


@pytest.mark.parametrize(("flag", "name"), [(True, "Büro"), (False, "Büro")])
def test_names_are_utf8_even_where_the_archive_does_not_say_so(flag: bool, name: str) -> None:
    body = zipped(("BXXro.csv", CSV.format("a"))).replace(b"BXXro.csv", "Büro.csv".encode())
    if flag:
        body = zipped(("Büro.csv", CSV.format("a")))
    assert imported(body).lists[0].name == name


def test_a_long_name_of_a_file_is_told_shortened() -> None:
    file = backup(("n" * 60_000 + ".csv", CSV.format("a")))
    assert all(len(message) < 500 for message in messages(file))
    assert all(len(each.name) <= 120 for each in file.lists)


def damaged() -> bytes:
    body = zipped(("a.csv", CSV.format("abc" * 500)), compression=zipfile.ZIP_STORED)
    return body.replace(b"abcabc", b"xyzxyz", 1)


def encrypted() -> bytes:
    body = bytearray(zipped(("a.csv", CSV)))
    body[body.index(b"PK\x01\x02") + 8] |= 1
    return bytes(body)


def many_entries() -> bytes:
    return zipped(*((str(place), b"") for place in range(6_000)), compression=zipfile.ZIP_STORED)


def with_64_bit_directory() -> bytes:
    body = zipped(("a.csv", CSV))
    return body[:-22] + b"PK\x06\x07" + b"\0" * 16 + body[-22:]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (b"PK\x03\x04", "body: is no ZIP file"),
        (b"PK\x03\x04" + b"\0" * 100, "body: is no ZIP file"),
        (b"PK\x03\x04" + zipped(("a.csv", CSV))[-22:], "body: is no ZIP file"),
        (damaged(), "a.csv: can't be unpacked"),
        (encrypted(), "a.csv: is encrypted"),
        (zipped(("a.csv", CSV), compression=zipfile.ZIP_BZIP2), "a.csv: is encrypted, or compressed in an unusual way"),
        (many_entries(), "body: must have at most 5000 entries"),
        (with_64_bit_directory(), "body: must have at most 5000 entries"),
        (zipped(("a.csv", b"TYPE,CONTENT\n" + b" " * 10_000_000)), "a.csv: must have at most 10 MB"),
        (zipped(*((f"{each}.json", b" " * 9_999_999) for each in range(6))), "body: must have at most 50 MB"),
        (zipped(*((f"{each}.csv", b"\n" * 500_000) for each in range(2))), "body: must have at most 600000 lines"),
        (
            zipped(("a.csv", "TYPE,CONTENT\n" + "task,a\n" * 9_999), ("b.csv", CSV)),
            "body: must hold at most 10000 tasks",
        ),
    ],
)
def test_hostile_archives_are_refused(body: bytes, message: str) -> None:
    with pytest.raises(Invalid) as refusal:
        imported(body)
    assert refusal.value.message.startswith(message)


@pytest.mark.parametrize("body", [zipped(), zipped(("a.png", b"x"), ("own.json", b'{"tasks": []}'))])
def test_an_archive_of_nothing_known_is_told_so(body: bytes) -> None:
    with pytest.raises(UnknownFormat):
        imported(body)


@pytest.mark.parametrize(
    ("body", "name"),
    [
        (b'{"version": 2, "tasks": []}', "tasktalk JSON"),
        (b'{"tasks": [{"title": "a"}]}', "tasktalk JSON"),
        (b'{"tasks": []}', "tasktalk JSON"),
        (b'{"tasks": 5, "version": 1}', "tasktalk JSON"),
        ('{"tasks": []}'.encode("utf-16"), "tasktalk JSON"),
        (GOOGLE.encode(), "Google Tasks JSON"),
        (CSV.encode(), "Todoist CSV"),
        (b"sep=;\r\ntype;content\r\n", "Todoist CSV"),
        (b'\xef\xbb\xbf"Date: x"\n"Folder Name","List Name","Title","Status"\n', "TickTick CSV"),
        (b"Subject,Due Date,Status\n", "Outlook CSV"),
        (b"\n begin:vcalendar\n", "iCalendar"),
        (b'{"displayName": "a", "tasks": []}', "Microsoft To Do JSON"),
        (b'[{"title": "a", "done": true}]', "Vikunja JSON"),
        (b'{"items": [{"content": "a"}]}', "Todoist JSON"),
    ],
)
def test_a_format_is_known_by_its_content(body: bytes, name: str) -> None:
    assert detect(body, "application/octet-stream").name == name


@pytest.mark.parametrize(
    "body", [b"", b"hello", b"\x89PNG\r\n", b"[]", b"{}", b"[1]", b'{"items": [1]}', b"a,b\n1,2\n"]
)
def test_other_files_are_told_which_are_taken(body: bytes) -> None:
    with pytest.raises(UnknownFormat, match="iCalendar file"):
        detect(body)
    assert detect(body, "application/json") is OWN, "its reader says what is wrong with the JSON"
    for kind, name in (("text/csv; charset=utf-8", ""), ("", "a.CSV"), ("text/calendar", ""), ("", "a.ics")):
        with pytest.raises(Invalid, match="line 1: must"):
            detect(body, kind, name)


def test_the_context_is_given_by_the_caller() -> None:
    assert detect(CSV.encode()).read(CSV.encode(), BERLIN, "Home.csv").lists[0].name == "Home"
