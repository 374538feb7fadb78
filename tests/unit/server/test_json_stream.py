from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Any, TypeVar

import pytest
from msgspec.json import encode

from adapters.http.handlers.json_stream import Pieces, json_array, json_array_of, json_object

T = TypeVar("T")


async def one_by_one(values: Iterable[T]) -> AsyncIterator[T]:
    for value in values:
        yield value


async def written(pieces: Pieces) -> bytes:
    return b"".join([piece async for piece in pieces])


@pytest.mark.parametrize("members", [{}, {"a": 1}, {"a": None, 'b "x"': [1, {"ü": ", ]}"}], "c": {}}])
async def test_an_object_is_written_as_if_it_were_there_at_once(members: dict[str, Any]) -> None:
    assert await written(json_object(members)) == encode(members)


@pytest.mark.parametrize("pages", [[], [[]], [[], [1], [], [2, 3], []], [["],", "}"], [[]]]])
async def test_an_array_is_written_whatever_pages_it_comes_in(pages: Sequence[list[Any]]) -> None:
    assert await written(json_array(one_by_one(pages))) == encode([each for page in pages for each in page])


@pytest.mark.parametrize("objects", [[], [{}], [{"a": 1}, {}, {"b": [2]}]])
async def test_elements_and_members_may_come_in_pieces_themselves(objects: Sequence[dict[str, Any]]) -> None:
    array = json_array_of(one_by_one(json_object(each) for each in objects))
    whole = {"version": 1, "objects": array, "end": None}
    assert await written(json_object(whole)) == encode(whole | {"objects": objects})
