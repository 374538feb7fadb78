import json
from typing import Any

import pytest
from litestar.testing import RequestFactory

from adapters.http.error_responses import on_refusal
from domain.errors import FilterError, Invalid

WRONG = FilterError("“tody” is not understood here", 0, "a term", "today")


@pytest.mark.parametrize("accept", ["application/json", "application/problem+json"])
def test_an_error_in_a_filter_says_where_it_is_to_programs(accept: str) -> None:
    body = answered(WRONG, accept)
    assert (body["position"], body["expected"], body["example"]) == (0, "a term", "today")
    assert body["fields"] == [{"field": "filter", "message": "“tody” is not understood here"}]
    assert body["code"] == "VALIDATION_ERROR"


@pytest.mark.parametrize("accept", ["application/json", "application/problem+json"])
def test_other_errors_have_no_position(accept: str) -> None:
    assert not {"position", "expected", "example"} & answered(Invalid.field("title", "is empty"), accept).keys()


def answered(refusal: Invalid, accept: str) -> dict[str, Any]:
    response = on_refusal(RequestFactory().get("/", headers={"accept": accept}), refusal)
    assert response.status_code == 400
    body: dict[str, Any] = json.loads(response.content)
    return body if accept.endswith("problem+json") else body["detail"]
