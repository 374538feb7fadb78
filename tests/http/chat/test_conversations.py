import json
from base64 import urlsafe_b64encode
from typing import Any

import pytest

from application.ports import TextDelta, Usage
from domain.chat.messages import ToolCall
from tests.http.conftest import Api

CONVERSATIONS = "/api/users/me/conversations"
WRONG_CURSORS = (b"[1]", b'[-1,"a"]', b'[1,"\\u0000"]', b'[9e99,"a"]', b"[" * 9999)
DEFAULT = f"{CONVERSATIONS}/default"


async def say(api: Api, text: str, *answers: list[Any]) -> dict[str, Any]:
    api.clock.forward(seconds=60)
    api.model.answers = list(answers) or [[TextDelta(f"re: {text}")]]
    answer = await api("POST", "/api/users/me/chat", json={"message": text})
    assert answer.status_code == 200
    return dict(answer.json())


async def test_the_life_of_a_conversation(api: Api) -> None:
    added = await api("POST", CONVERSATIONS, json={"id": "food", "title": " Food "})
    assert added.status_code == 201
    assert added.json() == {
        "id": "food",
        "user_id": "id-1",
        "title": "Food",
        "created_at": "2026-11-23T09:00:00Z",
        "updated_at": "2026-11-23T09:00:00Z",
    }
    again = await api("POST", CONVERSATIONS, json={"id": "food"})
    assert (again.status_code, again.json()["detail"]["code"]) == (409, "CONFLICT")
    renamed = await api("PATCH", f"{CONVERSATIONS}/food", json={"title": "Groceries"})
    assert renamed.json() == {**added.json(), "title": "Groceries"}
    assert (await api("GET", f"{CONVERSATIONS}/food")).json() == renamed.json()
    deleted = await api("DELETE", f"{CONVERSATIONS}/food")
    assert (deleted.status_code, deleted.json()) == (200, {"message": "The conversation is deleted."})
    assert (await api("GET", f"{CONVERSATIONS}/food")).status_code == 404
    assert (await api("GET", CONVERSATIONS)).json()["conversations"] == []


@pytest.mark.parametrize(
    "body",
    [
        {"id": "no/pe"},
        {"id": ""},
        {"id": "x" * 65},
        {"title": " "},
        {"title": "x" * 201},
        {"name": "x"},
    ],
)
async def test_a_bad_conversation_is_refused(api: Api, body: dict[str, str]) -> None:
    assert (await api("POST", CONVERSATIONS, json=body)).status_code == 400


async def test_a_repeated_post_adds_one_conversation(api: Api) -> None:
    headers = {"Idempotency-Key": "k"}
    first = await api("POST", CONVERSATIONS, json={}, headers=headers)
    assert (await api("POST", CONVERSATIONS, json={}, headers=headers)).json() == first.json()
    assert len((await api("GET", CONVERSATIONS)).json()["conversations"]) == 1


async def test_conversations_come_in_pages_the_newest_activity_first(api: Api) -> None:
    for name in "abcde":
        await api("POST", CONVERSATIONS, json={"id": name})
        api.clock.forward(seconds=1)
    await say(api, "hi")
    seen: list[str] = []
    cursor: dict[str, str] = {}
    while True:
        page = (await api("GET", CONVERSATIONS, params={"limit": 2, **cursor})).json()
        seen += [each["id"] for each in page["conversations"]]
        if page["next_cursor"] is None:
            break
        cursor = {"cursor": page["next_cursor"]}
    assert seen == ["default", "e", "d", "c", "b", "a"]


@pytest.mark.parametrize(
    "cursor",
    ["x", "é", "", "5", *(urlsafe_b64encode(text).decode() for text in WRONG_CURSORS)],
)
async def test_a_cursor_that_is_none_of_ours_is_refused(api: Api, cursor: str) -> None:
    answer = await api("GET", CONVERSATIONS, params={"cursor": cursor})
    assert (answer.status_code, answer.json()["detail"]["fields"][0]["field"]) == (400, "cursor")


async def test_messages_show_what_was_said_and_done(api: Api) -> None:
    reply = await say(api, "buy milk", [ToolCall("", "add_task", '{"title": "Buy milk"}')], [TextDelta("Added.")])
    page = (await api("GET", f"{DEFAULT}/messages")).json()
    message, answer = page["messages"]
    assert message == {
        "id": f"{reply['message_id']}-user",
        "number": 1,
        "role": "user",
        "text": "buy milk",
        "tool_calls": [],
        "created_at": "2026-11-23T09:01:00Z",
        "state": "done",
        "approval": None,
        "feedback": None,
    }
    assert (answer["id"], answer["role"], answer["text"]) == (reply["message_id"], "assistant", "Added.")
    assert answer["tool_calls"] == reply["tool_calls"]
    assert (page["previous_cursor"], page["next_cursor"]) == (None, None)


async def test_messages_come_in_pages_both_ways(api: Api) -> None:
    for number in range(3):
        await say(api, f"{number}")
    page = (await api("GET", f"{DEFAULT}/messages", params={"limit": 2})).json()
    older = (await api("GET", f"{DEFAULT}/messages", params={"limit": 2, "before": page["previous_cursor"]})).json()
    assert [each["text"] for each in older["messages"]] == ["1", "re: 1"]
    newer = (await api("GET", f"{DEFAULT}/messages", params={"limit": 2, "after": older["next_cursor"]})).json()
    assert newer["messages"] == page["messages"]
    for wrong in ({"before": 1, "after": 1}, {"before": -1}, {"after": 2**31}, {"limit": 101}):
        assert (await api("GET", f"{DEFAULT}/messages", params=wrong)).status_code == 400


async def test_an_answer_is_given_anew_in_place_of_the_old(api: Api) -> None:
    first = await say(api, "one")
    second = await say(api, "two")
    path = f"{DEFAULT}/messages/{{}}/regenerate"
    assert (await api("POST", path.format(first["message_id"]))).status_code == 409
    api.clock.forward(seconds=60)
    api.model.answers = [[TextDelta("better")]]
    anew = await api("POST", path.format(second["message_id"]))
    assert (anew.status_code, anew.json()["response"], anew.json()["conversation_id"]) == (200, "better", "default")
    shown = (await api("GET", f"{DEFAULT}/messages")).json()["messages"]
    assert [each["text"] for each in shown] == ["one", "re: one", "two", "better"]
    assert (await api("POST", path.format(second["message_id"]))).status_code == 404


async def test_an_answer_given_anew_can_be_streamed(api: Api) -> None:
    first = await say(api, "one")
    api.model.answers = [[TextDelta("better")]]
    headers = {"Accept": "text/event-stream"}
    answer = await api("POST", f"{DEFAULT}/messages/{first['message_id']}/regenerate", headers=headers)
    assert answer.headers["content-type"].startswith("text/event-stream")
    assert "better" in answer.text


async def test_a_repeated_request_gives_one_answer_anew(api: Api) -> None:
    first = await say(api, "one")
    api.model.answers = [[TextDelta("better")]]
    path, headers = f"{DEFAULT}/messages/{first['message_id']}/regenerate", {"Idempotency-Key": "k"}
    anew = await api("POST", path, headers=headers)
    again = await api("POST", path, headers=headers)
    assert (again.status_code, again.json()) == (200, anew.json())
    assert again.headers["Idempotency-Replayed"] == "true"
    assert len(api.store.rows.turns) == 2


async def test_an_answer_is_judged(api: Api) -> None:
    reply = await say(api, "one")
    path = f"{DEFAULT}/messages/{reply['message_id']}/feedback"
    judged = await api("PUT", path, json={"value": "up", "comment": "thanks"})
    assert (judged.status_code, judged.json()["feedback"]) == (200, {"value": "up", "comment": "thanks"})
    assert (await api("GET", f"{DEFAULT}/messages")).json()["messages"][-1] == judged.json()
    assert (await api("PUT", path, json={"value": None})).json()["feedback"] is None
    for wrong in ({"value": "so so"}, {}, {"value": "up", "comment": "x" * 1001}):
        assert (await api("PUT", path, json=wrong)).status_code == 400
    assert (await api("PUT", path.replace("/feedback", "-user/feedback"), json={"value": "up"})).status_code == 404


async def test_a_conversation_is_downloaded_whole(api: Api) -> None:
    await say(api, "one “ü” 🎉")
    await say(api, "two")
    export = await api("GET", f"{DEFAULT}/export")
    assert export.headers["content-type"] == "application/json"
    assert export.headers["content-disposition"] == 'attachment; filename="conversation-default.json"'
    whole = json.loads(export.content)
    assert whole["conversation"] == (await api("GET", DEFAULT)).json()
    assert whole["messages"] == (await api("GET", f"{DEFAULT}/messages")).json()["messages"]


async def test_an_empty_conversation_is_downloaded_too(api: Api) -> None:
    await api("POST", CONVERSATIONS, json={"id": "empty"})
    assert (await api("GET", f"{CONVERSATIONS}/empty/export")).json()["messages"] == []


async def test_another_users_conversation_answers_as_one_that_is_not_there(api: Api) -> None:
    reply = await say(api, "one")
    await api("POST", CONVERSATIONS, json={"id": "mine"})
    api.headers = await api.sign_up("bob")
    calls = [
        ("GET", "", None),
        ("PATCH", "", {"title": "x"}),
        ("DELETE", "", None),
        ("GET", "/messages", None),
        ("GET", "/export", None),
        ("POST", f"/messages/{reply['message_id']}/regenerate", None),
        ("PUT", f"/messages/{reply['message_id']}/feedback", {"value": "up"}),
    ]
    for method, path, body in calls:
        found = [await api(method, f"{CONVERSATIONS}/{name}{path}", json=body) for name in ("mine", "nothing")]
        assert [each.status_code for each in found] == [404, 404]
        details = [each.json()["detail"] for each in found]
        assert details[0] == {**details[1], "request_id": details[0]["request_id"]}


async def test_usage_is_shown_by_day_and_in_total(api: Api) -> None:
    await say(api, "one", [TextDelta("1"), Usage(100, 10, 50)])
    await say(api, "two", [TextDelta("2"), Usage(200, 20)])
    usage = (await api("GET", "/api/users/me/usage")).json()
    (day,) = usage["days"]
    tokens = {"prompt_tokens": 300, "completion_tokens": 30, "cached_tokens": 50}
    assert day == {"date": "2026-11-23", "model": "scripted", **usage["total"]}
    assert usage["total"].items() >= {"turns": 2, **tokens}.items()
    assert usage["daily_tokens"] == 100_000
    for days in (0, 367, "x"):
        assert (await api("GET", "/api/users/me/usage", params={"days": days})).status_code == 400


async def test_over_the_days_tokens_the_chat_says_when_to_come_back(api: Api) -> None:
    await say(api, "one", [TextDelta("1"), Usage(90_000, 10_000)])
    answer = await api("POST", "/api/users/me/chat", json={"message": "two"})
    assert (answer.status_code, answer.json()["detail"]["code"]) == (429, "QUOTA_EXCEEDED")
    assert answer.headers["Retry-After"] == str(15 * 3600 - 60)
