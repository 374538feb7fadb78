"""How a quota that is reached is told, whatever goes over it."""

from typing import Any

import pytest

from application.ports import TextDelta
from domain.quotas import Quotas
from tests.http.conftest import Api

ME = "/api/users/me"
ADD = {"op": "create", "title": "x"}


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("tasks", {"title": "x"}),
        ("import", {"tasks": [{"title": "x"}]}),
        ("tasks/1/restore", None),
        ("events/3/undo", None),
        ("tasks/batch", {"operations": [ADD]}),
    ],
)
async def test_every_way_to_one_more_task_is_refused_with_the_number(api: Api, path: str, body: Any) -> None:
    for _ in range(2):
        assert (await api("POST", f"{ME}/tasks", json={"title": "x"})).status_code == 201
    assert (await api("DELETE", "/api/tasks/1")).status_code == 200
    api.store.quotas = Quotas(tasks=1)
    path = f"/api/{path}" if path.endswith("restore") else f"{ME}/{path}"
    answer = await api("POST", path, json=body)
    assert (answer.status_code, answer.json()["detail"]["code"]) == (403, "QUOTA_REACHED")
    assert answer.json()["detail"]["message"] == "You may keep 1 tasks, and this would be more. Delete some first."


async def test_at_the_limit_of_bytes_a_chat_is_refused_and_a_task_can_be_deleted(api: Api) -> None:
    assert (await api("POST", f"{ME}/tasks", json={"title": "x"})).status_code == 201
    api.store.quotas = Quotas(bytes=10)
    api.model.answers = [[TextDelta("Hello!")]]
    answer = await api("POST", f"{ME}/chat", json={"message": "hello"})
    assert (answer.status_code, answer.json()["detail"]["code"]) == (403, "QUOTA_REACHED")
    assert "10 bytes" in answer.json()["detail"]["message"]
    assert (await api("PATCH", "/api/tasks/1", json={"title": "y"})).status_code == 403
    assert (await api("DELETE", "/api/tasks/1")).status_code == 200
