import csv
import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from application import value_counts
from application.value_counts import json_exceeds, table_exceeds

TEXT = st.text(st.sampled_from('a,"\\\n[]{}é'), max_size=12)
JSON = st.recursive(TEXT | st.integers() | st.none(), lambda inner: st.lists(inner) | st.dictionaries(TEXT, inner))


def commas(value: Any) -> int:
    if not isinstance(value, list | dict):
        return 0
    inner = list(value.values() if isinstance(value, dict) else value)
    return max(len(inner) - 1, 0) + sum(map(commas, inner))


@pytest.fixture(autouse=True)
def in_small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(value_counts, "CHUNK_BYTES", 7)


@settings(max_examples=40)
@given(JSON, st.booleans())
def test_what_is_text_in_json_is_no_value(value: Any, is_ascii: bool) -> None:
    text = json.dumps(value, ensure_ascii=is_ascii).encode()
    assert not json_exceeds(text, commas(value))
    assert json_exceeds(text, commas(value) - 1)


@given(st.lists(st.lists(TEXT, min_size=1), min_size=1))
def test_what_is_text_in_csv_is_no_field(records: list[list[str]]) -> None:
    file = io.StringIO(newline="")
    csv.writer(file).writerows(records)
    found = sum(len(record) - 1 for record in records)
    assert not table_exceeds(file.getvalue().encode(), ",", found)
    assert table_exceeds(file.getvalue().encode(), ",", found - 1)
