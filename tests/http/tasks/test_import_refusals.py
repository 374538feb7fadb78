from collections.abc import AsyncIterator
from typing import Any

import pytest

from adapters.http.api.tasks.import_documents import OTHER_TYPE
from adapters.http.api.tasks.import_export import MAX_BODY_BYTES
from application.tasks.files.limits import MAX_IMPORTED_TASKS
from tests.http.conftest import Api
from tests.http.tasks.import_requests import CSV, GOOD, IMPORT, JSON, refusal


@pytest.mark.parametrize("size", [MAX_BODY_BYTES + 1, 50_000_000])
@pytest.mark.parametrize("kind", [JSON, CSV])
@pytest.mark.parametrize("key", [{}, {"Idempotency-Key": "k"}])
async def test_a_file_that_is_too_large_is_told_so(api: Api, size: int, kind: dict[str, str], key: Any) -> None:
    async def parts() -> AsyncIterator[bytes]:
        yield GOOD
        for start in range(len(GOOD), size, 100_000):
            yield b"\n" * min(100_000, size - start)

    expected = (413, "PAYLOAD_TOO_LARGE", "The body is larger than 10 MB. Send less at once.")
    for body in (parts(), GOOD.ljust(size)):
        assert refusal(await api("POST", IMPORT, content=body, headers=kind | key)) == expected
    assert api.store.rows.tasks == {}


async def test_a_file_of_the_largest_size_is_read(api: Api) -> None:
    answer = await api("POST", IMPORT, content=b'{"tasks":[{"title":"a"}]}'.ljust(MAX_BODY_BYTES), headers=JSON)
    assert answer.json()["imported"] == 1


async def test_too_many_tasks_are_told_so_before_anything_is_stored(api: Api) -> None:
    answer = await api("POST", f"{IMPORT}?on_error=skip", json={"tasks": [{"title": "a"}] * (MAX_IMPORTED_TASKS + 1)})
    message = "body: must hold at most 10000 tasks: import it in parts"
    assert refusal(answer) == (400, "VALIDATION_ERROR", message)
    assert api.store.rows.tasks == {}


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "text/tab-separated-values", ""])
async def test_other_files_are_told_which_are_taken(api: Api, kind: str) -> None:
    answer = await api("POST", IMPORT, content=GOOD, headers={"Content-Type": kind})
    assert refusal(answer) == (415, "UNSUPPORTED_MEDIA_TYPE", OTHER_TYPE)


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"", JSON),
        (b'{"tasks": [', JSON),
        (b"[" * 100_000, JSON),
        (b'{"tasks": [' + b"[" * 100_000, JSON),
        (b'{"tasks": [{"title": "\xff"}]}', JSON),
        (b'{"tasks": [{"title": "\\ud800"}]}', JSON),
        (b'{"tasks": [{"title": "\\u0000"}]}', JSON),
        (b'{"tasks": [], "version": 3}', JSON),
        (b'{"tasks": [{"title": "a", "created_at": "0001-01-01T00:00:00+12:00"}]}', JSON),
        (b"", CSV),
        (b"\xff\xfe", CSV),
        (b"title\na\n", CSV),
        (GOOD + b"task,\xed\xa0\x80,\n", CSV),
        (GOOD + b'task,"open,\n', CSV),
        (GOOD + b"task," + b"x" * 200_000, CSV),
    ],
)
async def test_hostile_files_are_refused_by_field_and_nothing_is_stored(
    api: Api, body: bytes, kind: dict[str, str]
) -> None:
    answer = await api("POST", IMPORT, content=body, headers=kind)
    detail = answer.json()["detail"]
    assert (answer.status_code, detail["code"]) == (400, "VALIDATION_ERROR")
    assert detail["fields"]
    assert "`" not in detail["message"], "for people, not for Python"
    assert api.store.rows.tasks == {}


async def test_a_bad_query_is_refused_by_name(api: Api) -> None:
    answer = await api("POST", f"{IMPORT}?on_error=ignore", content=GOOD, headers=CSV)
    assert [each["field"] for each in answer.json()["detail"]["fields"]] == ["on_error"]
