import pytest

from application.ports import TextDelta
from domain.chat.messages import ToolCall
from domain.errors import ModelFailed, ModelTimeout, ModelUnavailable
from tests.http.conftest import Api

CHAT = "/api/users/me/chat"


async def test_a_turn_answers_with_what_was_said_and_done(api: Api) -> None:
    api.model.answers = [[ToolCall("", "add_task", '{"title": "Buy milk"}')], [TextDelta("Added.")]]
    answer = await api("POST", CHAT, json={"message": "buy milk"})
    assert answer.status_code == 200
    body = answer.json()
    assert (body["response"], body["conversation_id"]) == ("Added.", "default")
    assert body["message_id"]
    (call,) = body["tool_calls"]
    assert (call["tool_name"], call["parameters"]) == ("add_task", {"title": "Buy milk"})
    assert call["result"]["success"] is True
    assert call["result"]["data"]["id"] == 1


async def test_over_the_limit_it_says_when_to_come_back(api: Api) -> None:
    api.model.answers = [[TextDelta("hi")] for _ in range(3)]
    for _ in range(3):
        assert (await api("POST", CHAT, json={"message": "hi"})).status_code == 200
        api.clock.forward(seconds=5)
    answer = await api("POST", CHAT, json={"message": "hi"})
    assert (answer.status_code, answer.json()["detail"]["code"]) == (429, "RATE_LIMITED")
    assert answer.headers["Retry-After"] == "45"
    assert answer.headers["RateLimit-Policy"] == '"default";q=3;w=60'
    assert answer.headers["RateLimit"] == '"default";r=0;t=45'


@pytest.mark.parametrize(
    ("fault", "status"),
    [(ModelUnavailable("away", 7), 503), (ModelFailed("nonsense"), 502), (ModelTimeout("slow"), 504)],
)
async def test_a_model_that_fails_is_told_and_the_message_kept(api: Api, fault: Exception, status: int) -> None:
    api.model.answers = [fault]
    answer = await api("POST", CHAT, json={"message": "buy milk"})
    assert answer.status_code == status
    assert int(answer.headers["Retry-After"]) >= 1
    (turn,) = api.store.rows.turns.values()
    assert turn.message == "buy milk"


async def test_a_conversation_id_has_a_form(api: Api) -> None:
    answer = await api("POST", CHAT, json={"message": "hi", "conversation_id": "no/pe"})
    assert answer.status_code == 400
