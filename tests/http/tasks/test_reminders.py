from typing import Any

import pytest

from application.background import Background
from application.due_work import Worker
from application.reminders.ringing import MAX_RINGING, Ringing
from tests.fakes import FakeRings, FakeWakeups
from tests.http.conftest import Api
from tests.servers.push_service import Browser

TASKS = "/api/users/me/tasks"
REMINDERS = "/api/users/me/reminders"


async def ring(api: Api) -> None:
    worker = Worker(
        Ringing(FakeRings(api.store), FakeWakeups(), api.clock), FakeWakeups(), api.clock, Background(), MAX_RINGING
    )
    while started := await worker.start_due():
        for each in started:
            await each


async def rung(api: Api) -> list[dict[str, Any]]:
    events = (await api("GET", "/api/users/me/events")).json()["events"]
    return [each for each in events if each["entity"] == "reminder"]


@pytest.fixture
async def rang(api: Api) -> dict[str, Any]:
    """A reminder of task 1 that rang."""
    task = {"title": "Call the vet", "due": "2026-11-23T10:00", "reminders": ["-PT30M"]}
    assert (await api("POST", TASKS, json=task)).status_code == 201
    await ring(api)
    api.clock.forward(minutes=30)
    await ring(api)
    [event] = await rung(api)
    return event


async def test_set_by_quick_add_rung_done_and_quiet(api: Api) -> None:
    line = {"text": "Call the vet today at 10 !30 min before !today at 9:45"}
    added = (await api("POST", f"{TASKS}/quick-add", json=line)).json()["task"]
    assert (added["title"], added["reminders"]) == ("Call the vet", ["-PT30M", "2026-11-23T09:45"])
    await ring(api)
    api.clock.forward(minutes=30)
    await ring(api)
    assert [each["after"]["reminder"] for each in await rung(api)] == ["-PT30M"]
    await api("PATCH", f"{TASKS}/1/complete")
    api.clock.forward(hours=2)
    await ring(api)
    assert len(await rung(api)) == 1


async def test_reminders_go_in_and_out_as_any_field(api: Api) -> None:
    task = {"title": "Call the vet", "due": "2026-11-23T10:00", "reminders": ["-PT60M", "-PT1H", "2026-11-23T09:00"]}
    created = await api("POST", TASKS, json=task)
    assert created.json()["reminders"] == ["-PT1H", "2026-11-23T09:00"]
    changed = await api("PATCH", f"{TASKS}/1", json={"reminders": ["PT0M"]})
    assert changed.json()["reminders"] == ["PT0M"]
    batch = {"operations": [{"op": "update", "id": 1, "reminders": None}]}
    assert (await api("POST", f"{TASKS}/batch", json=batch)).json()["results"][0]["task"]["reminders"] == []
    refused = await api("POST", TASKS, json={"title": "x", "reminders": ["-PT5M"]})
    assert (refused.status_code, refused.json()["detail"]["fields"][0]["field"]) == (400, "reminders")


async def test_a_time_that_is_over_is_refused_by_the_api_and_stays_in_the_title_of_a_line(api: Api) -> None:
    over = await api("POST", TASKS, json={"title": "Call the vet", "reminders": ["2026-11-23T08:00"]})
    assert (over.status_code, over.json()["detail"]["message"]) == (
        400,
        "reminders: 2026-11-23T08:00 is over, so it would not ring: give a later time",
    )
    await api("PATCH", "/api/auth/me", json={"reminder_time": "08:30"})
    added = (await api("POST", f"{TASKS}/quick-add", json={"text": "Call the vet !today"})).json()["task"]
    assert (added["title"], added["reminders"]) == ("Call the vet !today", [])
    await api("PATCH", "/api/auth/me", json={"reminder_time": "18:00"})
    added = (await api("POST", f"{TASKS}/quick-add", json={"text": "Call the vet !today"})).json()["task"]
    assert (added["title"], added["reminders"]) == ("Call the vet", ["2026-11-23"])


async def test_what_rang_is_an_event_and_can_be_looked_at(api: Api, rang: dict[str, Any]) -> None:
    assert (rang["kind"], rang["entity_id"], rang["task_id"], rang["before"]) == ("rang", 1, None, None)
    assert rang["after"] == {
        "id": 2,
        "task_id": 1,
        "title": "Call the vet",
        "reminder": "-PT30M",
        "due": "2026-11-23T10:00",
        "ring_at": "2026-11-23T09:30:00Z",
        "late": False,
        "snoozes": 0,
    }
    assert (await api("GET", f"{REMINDERS}/2")).json() == rang["after"]
    assert (await api("GET", f"{REMINDERS}/1")).status_code == 404


async def test_a_reminder_is_snoozed(api: Api, rang: dict[str, Any]) -> None:
    snoozed = await api("POST", f"{REMINDERS}/2/snooze")
    assert (snoozed.status_code, snoozed.json()["ring_at"]) == (200, "2026-11-23T09:40:00Z")
    later = await api("POST", f"{REMINDERS}/2/snooze", json={"minutes": 60})
    assert later.json()["ring_at"] == "2026-11-23T10:30:00Z"
    api.clock.forward(minutes=60)
    await ring(api)
    assert [each["after"]["snoozes"] for each in await rung(api)] == [0, 2]
    await api("PATCH", f"{TASKS}/1/complete")
    assert (await api("POST", f"{REMINDERS}/2/snooze")).status_code == 409


async def test_a_task_tells_when_its_reminders_ring(api: Api, rang: dict[str, Any]) -> None:
    await api("PATCH", f"{TASKS}/1", json={"reminders": ["-PT30M", "PT0M"]})
    await ring(api)
    await api("POST", f"{REMINDERS}/2/snooze", json={"minutes": 45})
    assert (await api("GET", f"{TASKS}/1/reminders")).json()["reminders"] == [
        {"reminder": "PT0M", "state": "waiting", "ring_at": "2026-11-23T10:00:00Z", "snoozes": 0},
        {"reminder": "-PT30M", "state": "waiting", "ring_at": "2026-11-23T10:15:00Z", "snoozes": 1},
    ]
    await api("PATCH", f"{TASKS}/1/complete")
    assert (await api("GET", f"{TASKS}/1/reminders")).json() == {"reminders": []}
    assert (await api("GET", f"{TASKS}/2/reminders")).status_code == 404


@pytest.mark.parametrize("body", [{"minutes": 0}, {"minutes": "5"}, {"until": "soon"}, {"minutes": 5, "until": "x"}])
async def test_a_wrong_snooze_is_refused(api: Api, rang: dict[str, Any], body: dict[str, Any]) -> None:
    assert (await api("POST", f"{REMINDERS}/2/snooze", json=body)).status_code == 400


async def test_a_snooze_of_a_wrong_id_says_where_to_find_the_right_one(api: Api, rang: dict[str, Any]) -> None:
    for wrong in (1, 77):
        answer = await api("POST", f"{REMINDERS}/{wrong}/snooze", json={"minutes": 5})
        told = answer.json()["detail"]["message"]
        assert (answer.status_code, f"reminder {wrong} that rang" in told, "from your events" in told) == (
            404,
            True,
            True,
        )
    zero = await api("POST", f"{REMINDERS}/0/snooze")
    assert (zero.status_code, zero.json()["detail"]["message"]) == (400, "reminder_id: must be at least 1")


async def test_that_a_reminder_rang_is_not_undone_nor_synced(api: Api, rang: dict[str, Any]) -> None:
    assert (await api("POST", "/api/users/me/events/2/undo")).status_code == 409
    token = (await api("GET", "/api/users/me/sync")).json()["next_token"]
    await api("POST", f"{REMINDERS}/2/snooze")
    api.clock.forward(minutes=10)
    await ring(api)
    delta = (await api("GET", f"/api/users/me/sync?token={token}")).json()
    assert (delta["tasks"], delta["deleted"], len(await rung(api))) == ([], [], 2)


async def test_the_hour_of_days_is_the_accounts(api: Api) -> None:
    assert (await api("GET", "/api/auth/me")).json()["reminder_time"] == "09:00"
    assert (await api("PATCH", "/api/auth/me", json={"reminder_time": "7:30"})).status_code == 400
    assert (await api("PATCH", "/api/auth/me", json={"reminder_time": "07:30"})).json()["reminder_time"] == "07:30"


async def test_settings_are_read_and_changed(api: Api) -> None:
    path = "/api/users/me/reminder-settings"
    default = {"push": True, "mail": False, "quiet_from": None, "quiet_to": None, "morning_time": None}
    assert (await api("GET", path)).json() == default
    quiet = {"quiet_from": "22:00", "quiet_to": "07:00"}
    assert (await api("PATCH", path, json=quiet)).json() == default | quiet
    assert (await api("PATCH", path, json={"quiet_to": None})).status_code == 400
    assert (await api("PATCH", path, json={})).status_code == 400


async def test_browsers_are_added_listed_and_removed(api: Api) -> None:
    path = "/api/users/me/push-subscriptions"
    draft = {"endpoint": "https://push.example.com/1", "expirationTime": None, "keys": Browser().keys}
    added = await api("POST", path, json=draft)
    assert added.status_code == 201
    assert [each["id"] for each in (await api("GET", path)).json()["subscriptions"]] == [added.json()["id"]]
    assert "push.example.com" not in (await api("GET", path)).text
    assert (await api("POST", path, json=draft | {"endpoint": "https://10.0.0.1/x"})).status_code == 400
    no_point = draft | {"keys": Browser().keys | {"p256dh": "BP" + "A" * 85}}
    assert (await api("POST", path, json=no_point)).json()["detail"]["fields"][0]["field"] == "p256dh"
    endless = await api("POST", path, json=draft | {"endpoint": "https://push.example.com/" + "x" * 2000})
    assert endless.json()["detail"]["message"] == "endpoint: must have at most 2000 characters"
    assert (await api("DELETE", f"{path}/{added.json()['id']}")).status_code == 200
    assert (await api("DELETE", f"{path}/{added.json()['id']}")).status_code == 404
    assert (await api.client.get("/api/push/key")).json() == {"key": "BPushKey"}


async def test_a_button_works_without_signing_in_and_once(api: Api, rang: dict[str, Any]) -> None:
    token = api.action_tokens.issue("reminder", rang["after"]["id"] and _user(api), "2")
    done = {"token": token, "action": "done"}
    assert (await api.client.post("/api/reminders/act", json=done)).json() == {"message": "Done.", "ring_at": None}
    assert (await api("GET", f"{TASKS}/1")).json()["completed"]
    again = await api.client.post("/api/reminders/act", json=done)
    assert (again.status_code, again.json()["detail"]["code"]) == (400, "INVALID_LINK")


async def test_mails_end_by_one_post_as_mailboxes_send_it(api: Api) -> None:
    await api("PATCH", "/api/users/me/reminder-settings", json={"mail": True})
    token = api.action_tokens.issue("unsubscribe", _user(api), "mail")
    form = {"List-Unsubscribe": "One-Click"}
    opened = await api.client.get(f"/api/mail/unsubscribe?token={token}")
    assert (opened.status_code, opened.headers["location"]) == (302, "/settings/reminders")
    assert (await api("GET", "/api/users/me/reminder-settings")).json()["mail"], "looking at the link ends nothing"
    assert (await api.client.post(f"/api/mail/unsubscribe?token={token}", data=form)).status_code == 200
    assert not (await api("GET", "/api/users/me/reminder-settings")).json()["mail"]
    assert (await api.client.post("/api/mail/unsubscribe?token=x", data=form)).status_code == 400


def _user(api: Api) -> str:
    return next(iter(api.store.rows.users))
