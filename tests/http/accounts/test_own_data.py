import pytest

from application.ports import TextDelta
from application.tasks.import_export import EXPORT_PAGE
from domain.errors import Unavailable
from tests.http.conftest import Api

EXPORT, ME = "/api/auth/me/export", "/api/users/me"


async def furnished(api: Api) -> None:
    for title in ("a", "b"):
        await api("POST", f"{ME}/tasks", json={"title": title})
    await api("DELETE", "/api/tasks/2")
    for conversation in ("one", "two"):
        await api("POST", f"{ME}/conversations", json={"id": conversation, "title": f"Talk {conversation}"})
    await api("POST", f"{ME}/webhooks", json={"url": "https://hooks.example.com/x"})


async def test_everything_is_downloaded_as_the_other_addresses_show_it(api: Api) -> None:
    await furnished(api)
    answer = await api("GET", EXPORT)
    assert (answer.status_code, answer.headers["content-type"]) == (200, "application/json")
    name = 'attachment; filename="tasktalk-everything-2026-11-23.json"'
    assert answer.headers["content-disposition"] == name
    whole = answer.json()
    parts = ("lists", "views", "tasks")
    assert list(whole) == ["version", "exported_at", "account", "webhooks", *parts, "conversations", "events"]
    assert whole["account"] == (await api("GET", "/api/auth/me")).json()
    export = (await api("GET", f"{ME}/export")).json()
    assert [whole[name] for name in parts] == [export[name] for name in parts]
    assert whole["events"] == (await api("GET", f"{ME}/events")).json()["events"]
    assert whole["webhooks"] == (await api("GET", f"{ME}/webhooks")).json()["webhooks"]
    kept: dict[str, object] = {"deleted_at": None, "deleted_messages": []}
    talks = [(await api("GET", f"{ME}/conversations/{name}/export")).json() | kept for name in ("two", "one")]
    assert whole["conversations"] == talks
    for secret in ("password1", "whsec_", "hash"):
        assert secret not in answer.text


async def test_an_account_with_nothing_in_it_is_whole_json(api: Api) -> None:
    whole = (await api("GET", EXPORT)).json()
    assert [whole[name] for name in ("webhooks", "tasks", "lists", "events")] == [[], [], [], []]


async def test_many_pages_are_one_document(api: Api) -> None:
    await api("POST", f"{ME}/import", json={"tasks": [{"title": "x"}] * (EXPORT_PAGE + 1)})
    for number in range(101):
        await api("POST", f"{ME}/conversations", json={"id": f"talk-{number}"})
    whole = (await api("GET", EXPORT)).json()
    assert [task["id"] for task in whole["tasks"]] == list(range(1, EXPORT_PAGE + 2))
    assert [event["revision"] for event in whole["events"]] == list(range(1, EXPORT_PAGE + 2))
    assert len({each["conversation"]["id"] for each in whole["conversations"]}) == 101


async def test_a_deleted_conversation_is_in_it_until_it_is_purged(api: Api) -> None:
    for text, conversation in (("hello one", "one"), ("hello two", "two"), ("again", "two")):
        await api("POST", f"{ME}/conversations", json={"id": conversation})
        api.model.answers = [[TextDelta("Hello!")]]
        said = await api("POST", f"{ME}/chat", json={"message": text, "conversation_id": conversation})
        assert said.status_code == 200
        if text != "again":
            await api("DELETE", f"{ME}/conversations/{conversation}")
    talks = {each["conversation"]["id"]: each for each in (await api("GET", EXPORT)).json()["conversations"]}
    assert [talks[name]["deleted_at"] for name in ("one", "two")] == ["2026-11-23T09:00:00Z", None]
    for name, shown, deleted in (("one", [], ["hello one"]), ("two", ["again"], ["hello two"])):
        talk = talks[name]
        assert [each["text"] for each in talk["messages"] if each["role"] == "user"] == shown
        assert [each["text"] for each in talk["deleted_messages"] if each["role"] == "user"] == deleted


async def test_a_database_that_is_away_is_an_answer_and_no_broken_download(api: Api) -> None:
    api.store.fault = Unavailable("The database can't be reached.", 3)
    assert (await api("GET", EXPORT)).status_code == 503


async def test_an_erased_account_is_gone_with_its_tokens(api: Api) -> None:
    await furnished(api)
    answer = await api("DELETE", "/api/auth/me", json={"password": "password1"})
    assert (answer.status_code, set(answer.json())) == (200, {"message"})
    assert "Max-Age=0" in answer.headers["Set-Cookie"]
    assert (await api("GET", "/api/auth/me")).status_code == 401
    assert (await api("POST", "/api/auth/refresh")).status_code == 401
    assert not api.store.rows.tasks


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({"password": "guess"}, 401, "INVALID_CREDENTIALS"),
        ({}, 401, "INVALID_CREDENTIALS"),
        ({"password": 7}, 400, "VALIDATION_ERROR"),
        (None, 400, "VALIDATION_ERROR"),
    ],
)
async def test_without_the_password_the_account_stays(api: Api, body: object, status: int, code: str) -> None:
    answer = await api("DELETE", "/api/auth/me", json=body)
    assert (answer.status_code, answer.json()["detail"]["code"]) == (status, code)
    assert (await api("GET", "/api/auth/me")).status_code == 200
