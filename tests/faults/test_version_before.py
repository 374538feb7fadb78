"""Servers of the version before and of this one share a database while they are replaced, and nobody notices."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from tests.faults.tools.postgres import Postgres
from tests.faults.tools.servers import ServerProcess
from tests.faults.tools.version_before import COMMIT, TASKS, Pair, both, is_in_this_clone, unpack
from tests.servers.webhook_receiver import Receiver

pytestmark = [
    pytest.mark.long,
    pytest.mark.skipif(not is_in_this_clone(), reason=f"this clone has no commit {COMMIT}, the version before"),
]
ME = "/api/users/me"
CREATE_TWO = [{"op": "create", "title": "Third"}, {"op": "create", "title": "Fourth"}]


@pytest.fixture(scope="module")
async def servers(
    postgres: Postgres, tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[dict[str, ServerProcess]]:
    code: Path = tmp_path_factory.mktemp("before")
    unpack(code)
    async with both(postgres.url, code) as (old, new):
        yield {"old": old, "new": new}


@pytest.fixture(params=["old, then new", "new, then old"])
async def pair(servers: dict[str, ServerProcess], request: pytest.FixtureRequest) -> AsyncIterator[Pair]:
    one, other = request.param.split(", then ")
    pair = await Pair.signed_up(servers[one], servers[other])
    yield pair
    await pair.leave()


async def test_an_account_of_one_is_used_at_the_other(pair: Pair) -> None:
    account = {"email": pair.email, "password": "correct horse"}
    session = await pair.other.call("POST", "/api/auth/signin", account)
    assert session["user"]["email"] == pair.email
    await pair.one.call("POST", "/api/auth/refresh")
    pair.other.client.cookies = pair.one.client.cookies
    await pair.other.call("POST", "/api/auth/refresh")
    link = (await pair.one.call("POST", "/api/auth/forgot-password", {"email": pair.email}))["reset_link"]
    form = {"token": link.partition("token=")[2], "new_password": "battery staple"}
    await pair.other.call("POST", "/api/auth/reset-password", form)
    await pair.one.call("POST", "/api/auth/signin", account, 401)
    await pair.one.call("POST", "/api/auth/signin", account | {"password": "battery staple"})


async def test_a_profile_of_this_version_does_not_disturb_the_one_before(servers: dict[str, ServerProcess]) -> None:
    pair = await Pair.signed_up(servers["old"], servers["new"])
    assert (await pair.other.call("PATCH", "/api/auth/me", {"timezone": "Asia/Tokyo"}))["timezone"] == "Asia/Tokyo"
    assert (await pair.one.call("GET", "/api/auth/me"))["email"] == pair.email
    await pair.leave()


async def test_tasks_are_changed_by_turns(pair: Pair) -> None:
    one, other = pair.one, pair.other
    task = await one.add("Buy milk")
    task = await other.patch(task, title="Buy bread")
    await one.call("PATCH", f"{TASKS}/1/complete", None, 200, **{"If-Match": f'"{task["revision"]}"'})
    await other.call("PATCH", f"{TASKS}/1", {"title": "Stale"}, 412, **{"If-Match": f'"{task["revision"]}"'})
    await other.call("PATCH", f"{TASKS}/1/uncomplete")
    await one.call("DELETE", f"{TASKS}/1")
    assert await other.titles("trashed") == ["Buy bread"]
    await other.call("POST", f"{TASKS}/1/restore")
    await other.call("DELETE", f"{TASKS}/1")
    await one.call("POST", f"{TASKS}/1/restore")
    seen = await pair.agree()
    kinds = ["created", "updated", "completed", "uncompleted", "deleted", "restored", "deleted", "restored"]
    assert [event["kind"] for event in seen["events"]] == kinds
    assert [task["title"] for task in seen["sync"]] == ["Buy bread"]


async def test_numbers_and_revisions_are_counted_together(pair: Pair) -> None:
    added = await asyncio.gather(*(each.add("Buy milk") for each in (pair.one, pair.other) * 10))
    assert sorted(task["id"] for task in added) == list(range(1, 21))
    assert sorted(task["revision"] for task in added) == list(range(1, 21))
    await pair.agree()


async def test_single_changes_of_one_are_undone_by_the_other(pair: Pair) -> None:
    one, other = pair.one, pair.other
    task = await one.add("First")
    before = (await pair.agree())["sync"]
    await one.patch(task, title="Second")
    await other.undo(await other.newest())
    assert _content(await pair.agree()) == [_content_of(each) for each in before]
    await one.undo(await one.newest())
    assert await other.titles() == ["Second"], "an undoing is undone too"
    await one.call("DELETE", f"{TASKS}/1")
    await other.undo(await other.newest())
    assert await one.titles() == ["Second"]
    await other.call("POST", f"{ME}/events/1/undo", status=409)
    await pair.agree()


async def test_batches_of_one_are_read_and_undone_by_the_other(pair: Pair) -> None:
    """This version takes back a whole change set of its own. What the version before wrote has no sets, and what the
    version before undoes is one change."""
    await pair.one.add("First")
    await pair.one.batch(*CREATE_TWO, {"op": "complete", "id": 1})
    seen = await pair.agree()
    assert [event["kind"] for event in seen["events"]] == ["created", "created", "created", "completed"]
    await pair.other.undo(4)
    assert sorted(await pair.other.titles("pending")) == ["First", "Fourth", "Third"]
    await pair.other.batch({"op": "delete", "id": 2}, {"op": "update", "id": 1, "title": "Changed"})
    await pair.one.undo(await pair.one.newest())
    await pair.agree()


async def test_a_set_of_this_version_is_undone_whole_after_the_one_before_has_read_it(
    servers: dict[str, ServerProcess],
) -> None:
    pair = await Pair.signed_up(servers["new"], servers["old"])
    await pair.one.add("First")
    await pair.one.batch(*CREATE_TWO, {"op": "complete", "id": 1})
    await pair.agree()
    await pair.other.add("Of the version before")
    await pair.one.undo(3)
    assert await pair.other.titles("pending") == ["Of the version before", "First"]
    await pair.agree()
    await pair.leave()


async def test_a_conversation_goes_on_at_the_other(pair: Pair) -> None:
    said = await pair.one.say("Add a task to buy groceries")
    await pair.other.say("Add a task to call mom")
    await pair.one.say("I bought groceries")
    assert await pair.one.titles("completed") == ["Buy groceries"]
    await pair.other.say("undo that")
    assert await pair.one.titles("completed") == []
    await pair.other.call("POST", f"{ME}/turns/{said['message_id']}/undo", status=409)
    seen = await pair.agree()
    assert len(seen["said"][1]) == 8
    await pair.one.call("POST", f"{ME}/conversations/default/messages/{seen['said'][1][-1][0]}/regenerate")
    await pair.other.call("DELETE", f"{ME}/conversations/default")
    assert (await pair.one.call("GET", f"{ME}/conversations"))["conversations"] == []


async def test_a_turn_of_one_is_undone_by_the_other(pair: Pair) -> None:
    said = await pair.one.say("Add a task to buy groceries")
    await pair.other.call("POST", f"{ME}/turns/{said['message_id']}/undo")
    seen = await pair.agree()
    assert (seen["sync"], [task["title"] for task in seen["trash"]]) == ([], ["Buy groceries"])


async def test_sync_goes_on_at_the_other(pair: Pair) -> None:
    await pair.one.add("First")
    token = (await pair.one.call("GET", f"{ME}/sync"))["next_token"]
    await pair.one.batch(*CREATE_TWO)
    await pair.other.call("DELETE", f"{TASKS}/1")
    for each in (pair.one, pair.other):
        delta = await each.call("GET", f"{ME}/sync?token={token}")
        assert sorted(task["title"] for task in delta["tasks"]) == ["Fourth", "Third"]
        assert [task["id"] for task in delta["deleted"]] == [1]


async def test_pages_of_the_list_go_on_at_the_other_or_are_refused(pair: Pair) -> None:
    for title in ("First", "Second", "Third"):
        await pair.one.add(title)
    first = await pair.one.call("GET", f"{TASKS}?limit=2")
    answer = await pair.other.client.get(TASKS, params={"limit": 2, "cursor": first["next_cursor"]})
    assert answer.status_code in (200, 400)
    if answer.status_code == 200:
        assert [task["title"] for task in answer.json()["tasks"]] == ["First"]


async def test_this_version_goes_on_from_the_cursor_of_the_one_before(servers: dict[str, ServerProcess]) -> None:
    pair = await Pair.signed_up(servers["old"], servers["new"])
    for title in ("First", "Second", "Third"):
        await pair.one.add(title)
    first = await pair.one.call("GET", f"{TASKS}?limit=2")
    rest = await pair.other.call("GET", f"{TASKS}?limit=2&cursor={first['next_cursor']}")
    assert [task["title"] for task in rest["tasks"]] == ["First"]
    await pair.leave()


async def test_the_feed_of_one_shows_what_the_other_does(pair: Pair) -> None:
    await pair.one.add("First")
    async with pair.one.watching(after=1) as events, asyncio.timeout(60):
        for number, title in enumerate(("Second", "Third"), start=2):
            await pair.other.add(title)
            event = await anext(events)
            assert (event["revision"], event["after"]["title"]) == (number, title)


async def test_webhooks_send_what_both_do_in_order(pair: Pair) -> None:
    async with Receiver() as receiver:
        hook = await pair.one.call("POST", f"{ME}/webhooks", {"url": receiver.url}, 201)
        task = await pair.one.add("Buy milk")
        await pair.other.patch(task, title="Buy bread")
        await pair.one.batch(*CREATE_TWO)
        await pair.other.call("DELETE", f"{TASKS}/1")
        deliveries = await receiver.received(5, seconds=60)
        assert [each.id for each in deliveries] == [f"{hook['id']}.{number}" for number in range(1, 6)]
        assert all(each.is_signed(hook["secret"]) for each in deliveries)
        assert [each.event["task_id"] for each in deliveries] == [1, 1, 2, 3, 1]
        await pair.other.call("POST", f"{ME}/webhooks/{hook['id']}/resume")
        await pair.other.call("DELETE", f"{ME}/webhooks/{hook['id']}")


@pytest.mark.parametrize(
    ("path", "body"),
    [
        (TASKS, {"title": "Buy milk"}),
        (f"{TASKS}/batch", {"operations": CREATE_TWO}),
        (f"{ME}/chat", {"message": "Add a task to buy groceries"}),
        (f"{ME}/conversations", {"title": "Groceries"}),
        (f"{ME}/tokens", {"name": "My laptop"}),
        (f"{ME}/webhooks", {"url": "http://127.0.0.1:9/"}),
        (f"{ME}/import", {"tasks": [{"title": "Buy milk"}]}),
    ],
)
async def test_a_request_that_is_sent_again_to_the_other_is_not_done_again(
    pair: Pair, path: str, body: Any, request: pytest.FixtureRequest
) -> None:
    """The version before can't read what this one keeps, except for a turn. It says that the request is under way."""
    key = {"Idempotency-Key": "again"}
    first, second, third = [
        await each.client.post(path, json=body, headers=key) for each in (pair.one, pair.other, pair.one)
    ]
    assert first.is_success, first.text
    answers = [(each.status_code, each.json()) for each in (first, second, third)]
    assert answers[2] == answers[0]
    if second.status_code == 409 and "new, then old" in request.node.name:
        assert answers[1][1]["detail"]["code"] == "IDEMPOTENCY_IN_FLIGHT"
    else:
        assert second.headers["Idempotency-Replayed"] == "true"
        assert second.status_code == first.status_code
        one, other = first.json(), second.json()
        shared = one.keys() & other.keys()
        assert shared in (one.keys(), other.keys()), "one of the versions knows more fields"
        assert {name: other[name] for name in shared} == {name: one[name] for name in shared}
    mismatch = await pair.other.client.post(path, json=body | {"more": 1}, headers=key)
    assert mismatch.status_code in (400, 422)


async def test_an_api_token_of_one_opens_the_other_until_it_is_revoked(pair: Pair) -> None:
    token = await pair.one.call("POST", f"{ME}/tokens", {"name": "My laptop"}, 201)
    headers = {"Authorization": f"Bearer {token['token']}"}
    await pair.other.call("POST", TASKS, {"title": "By a program"}, 201, **headers)
    seen = await pair.agree()
    assert seen["events"][0]["actor"]["name"] == "My laptop"
    await pair.other.call("DELETE", f"{ME}/tokens/{token['id']}")


async def test_an_export_of_one_is_imported_by_the_other(pair: Pair) -> None:
    await pair.one.add("Buy milk")
    exported = await pair.one.call("GET", f"{ME}/export")
    status = 400 if exported["version"] > (await pair.other.call("GET", f"{ME}/export"))["version"] else 200
    answer = await pair.other.call("POST", f"{ME}/import", exported, status)
    assert status == 200 or "version" in answer["detail"]["message"]
    titles = ["Buy milk"] * (2 if status == 200 else 1)
    assert [task["title"] for task in (await pair.agree())["sync"]] == titles
    await pair.other.call("GET", "/api/auth/me/export")


async def test_an_account_that_ends_at_one_has_ended_at_the_other(pair: Pair) -> None:
    await pair.other.batch(*CREATE_TWO)
    await pair.one.say("Add a task to buy groceries")
    answer = await pair.one.client.request("DELETE", "/api/auth/me", json={"password": "correct horse"})
    assert answer.is_success, answer.text
    answer = await pair.other.client.get(TASKS)
    assert answer.status_code == 401 or answer.json()["tasks"] == []
    await pair.other.call("POST", TASKS, {"title": "Of nobody"}, 401)
    account = {"email": pair.email, "password": "correct horse"}
    await pair.other.call("POST", "/api/auth/signin", account, 401)
    await pair.other.call("POST", "/api/auth/signup", account, 201)


def _content(seen: Any) -> list[Any]:
    return [_content_of(task) for task in seen["sync"]]


def _content_of(task: Any) -> Any:
    return {name: value for name, value in task.items() if name != "revision"}
