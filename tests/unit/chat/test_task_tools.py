"""The tools as models call them: names, words, and what a call leaves behind. It is Monday 23 November 2026, 9:00."""

import json
from dataclasses import replace
from typing import Any

import pytest

from application.tools.results import refusal_output, short_form
from application.tools.toolbox import Toolbox
from domain.accounts.account import Actor, Caller
from domain.errors import FilterError, Invalid, NotFound
from tests.tasks_on import tools_on
from tests.unit.tasks.changes_world import World
from tests.unit.tasks.changes_world import world as world

ANN = Caller("ann")


class Called:
    def __init__(self, world: World) -> None:
        self.world, self.caller = world, ANN
        self.toolbox = Toolbox(tools_on(world.tasks, world.undo, world.store, world.clock))

    async def __call__(self, tool: str, **given: Any) -> Any:
        """Returns the short form of the data."""
        return (await self.short(tool, **given))["data"]

    async def short(self, tool: str, **given: Any) -> dict[str, Any]:
        output = await self.toolbox.call(self.caller, tool, json.dumps(given))
        return short_form({"success": output.success, "message": output.message, "data": output.data})


@pytest.fixture
def call(world: World) -> Called:
    return Called(world)


async def test_a_result_tells_if_a_task_got_times_of_which_none_will_ring(call: Called) -> None:
    call.world.clock.forward(minutes=1)
    given = {"due": "today at 8am", "reminders": ["at due time", "1 day before"]}
    assert "nothing will ring" in (await call.short("add_task", title="Water plants", **given))["message"]
    assert "ring" not in (await call.short("update_task", task_id=1, title="Water roses"))["message"]
    assert "ring" not in (await call.short("reschedule_task", task_id=1, due="today at 10am"))["message"]
    changes = [{"action": "reschedule", "task_id": 1, "due": "today at 8am"}, {"action": "complete", "task_id": 1}]
    results = (await call("change_tasks", changes=changes))["results"]
    assert ["nothing will ring" in each["message"] for each in results] == [True, False]
    daily = await call.short("add_task", title="Stretch", recurrence="every day", **given)
    assert "ring" not in daily["message"], "its next date rings"


async def test_a_task_is_added_with_all_its_fields_in_words(call: Called) -> None:
    task = await call(
        "add_task",
        title="Pay rent",
        list="#Home",
        tags=["@money", "Bank"],
        priority="HIGH",
        start="tomorrow",
        recurrence="every 1st at 9",
        deadline="15 dec",
        estimate="20 min",
        description="from the joint account",
    )
    assert task == {
        "id": 1,
        "title": "Pay rent",
        "description": "from the joint account",
        "priority": "high",
        "tags": ["money", "Bank"],
        "start": "2026-11-24",
        "due": "2026-12-01T09:00",
        "deadline": "2026-12-15",
        "recurrence": "FREQ=MONTHLY;BYMONTHDAY=1",
        "estimate": "PT20M",
        "list": "Home",
    }
    assert len({event.change_set for event in call.world.store.rows.events}) == 1


@pytest.mark.parametrize(
    ("due", "meant"),
    [
        ("2026-12-01", "2026-12-01"),
        ("2026-12-01T09:00", "2026-12-01T09:00"),
        ("2026-12-01T09:00:00", "2026-12-01T09:00"),
        ("2026-12-01T09:00:00Z", "2026-12-01T10:00+01:00[Europe/Berlin]"),
        ("2026-12-01T09:00-05:00", "2026-12-01T15:00+01:00[Europe/Berlin]"),
        ("2026-12-01T09:00+01:00[Europe/Berlin]", "2026-12-01T09:00+01:00[Europe/Berlin]"),
        ("tomorrow at 9", "2026-11-24T09:00"),
        (" Next Monday ", "2026-11-30"),
        ("in two hours", "2026-11-23T12:00+01:00[Europe/Berlin]"),
        ("yesterday", "2026-11-22"),
    ],
)
async def test_dates_are_taken_as_http_writes_them_in_words_and_as_instants(call: Called, due: str, meant: str) -> None:
    users = call.world.store.rows.users
    users["ann"] = replace(users["ann"], timezone="Europe/Berlin")
    assert (await call("add_task", title="a", due=due))["due"] == meant


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"due": "morgen um neun"}, "due: “morgen um neun” can't be read: write 2026-12-01"),
        ({"due": "2026-02-30"}, "due: “2026-02-30” can't be read: 2026-02-30 is no day of the calendar"),
        ({"due": "2026-12-01T25:00"}, "due: .* hours are 00 to 23"),
        ({"recurrence": "jeden Freitag"}, "recurrence: “jeden Freitag” can't be read: write an RRULE .* every friday"),
        ({"recurrence": "tomorrow"}, "recurrence: “tomorrow” can't be read"),
        ({"recurrence": "FREQ=HOURLY", "due": "2026-12-01"}, "recurrence: "),
        ({"start": "at 9"}, "start: “at 9” can't be read: write a day"),
        ({"deadline": "every day"}, "deadline: "),
        ({"start": "2026-12-02", "due": "2026-12-01"}, "start: must not be after due"),
        ({"estimate": "a while"}, "estimate: must be a duration"),
        ({"parent_id": 9}, "parent_id: there is no task 9"),
        ({"list": "x" * 121}, "list: must be at most 120"),
        ({"tags": ["x" * 51]}, "tags: must be at most 50"),
    ],
)
async def test_what_can_not_be_read_is_refused_with_an_example(call: Called, given: Any, says: str) -> None:
    with pytest.raises(Invalid, match=f"^{says}"):
        await call("add_task", title="a", **given)
    assert (call.world.store.rows.tasks, call.world.store.rows.lists) == ({}, {})


async def test_a_rule_brings_its_first_date_and_a_rule_in_due_is_a_rule(call: Called) -> None:
    task = await call("add_task", title="a", recurrence="FREQ=WEEKLY;BYDAY=TU")
    assert (task["due"], task["recurrence"]) == ("2026-11-24", "FREQ=WEEKLY;BYDAY=TU")
    task = await call("add_task", title="b", due="every friday at 9")
    assert (task["due"], task["recurrence"]) == ("2026-11-27T09:00", "FREQ=WEEKLY;BYDAY=FR")
    task = await call("add_task", title="c", recurrence="every! 3 days", due="2026-12-01T08:00")
    assert (task["due"], task["recurs_from"]) == ("2026-12-01T08:00", "completion")


async def test_a_new_rule_in_words_keeps_the_hour(call: Called) -> None:
    await call("add_task", title="Standup", due="every day at 9")
    task = await call("update_task", task_id=1, recurrence="every weekday")
    assert (task["due"], task["recurrence"]) == ("2026-11-23T09:00", "FREQ=WEEKLY;BYDAY=MO,TU,WE,TH,FR")


async def test_every_field_that_may_be_empty_is_cleared_by_its_name(call: Called) -> None:
    await call("add_task", title="a", list="Home", tags=["x"], priority="low", start="today", due="every day",
               deadline="tomorrow", estimate="PT5M", description="d")  # fmt: skip
    names = ["list", "tags", "priority", "start", "due", "recurrence", "deadline", "estimate", "description"]
    assert await call("update_task", task_id=1, clear=names) == {"id": 1, "title": "a"}
    await call("add_task", title="b", parent_id=1)
    assert "parent_id" not in await call("update_task", task_id=2, clear="parent_id")


async def test_a_list_is_found_made_or_left_by_name(call: Called) -> None:
    await call("add_task", title="a", list="Büro")
    assert (await call("add_task", title="b", list="buro"))["list"] == "Büro"
    assert len(call.world.store.rows.lists) == 1
    assert "list" not in await call("update_task", task_id=2, list="Inbox")
    assert (await call("update_task", task_id=2, list="Garden"))["list"] == "Garden"
    moved = call.world.store.rows.events[-2:]
    assert [each.entity for each in moved] == ["list", "task"]
    assert moved[0].change_set == moved[1].change_set


async def test_a_recurring_task_is_completed_skipped_and_moved(call: Called) -> None:
    await call("add_task", title="Water plants", due="every day at 8pm")
    done = await call.short("complete_task", find="water the plants")
    assert (done["message"], done["data"]["due"]) == (
        "Completed task 1: Water plants; next 2026-11-24T20:00",
        "2026-11-24T20:00",
    )
    again = await call("complete_task", task_id=1, occurrence="2026-11-23T20:00")
    assert again["due"] == "2026-11-24T20:00"
    assert (await call("skip_task", task_id=1, occurrence="2026-11-24T20:00"))["due"] == "2026-11-25T20:00"
    moved = await call("reschedule_task", task_id=1, due="thursday")
    assert (moved["due"], moved["recurrence"]) == ("2026-11-26T20:00", "FREQ=DAILY")
    assert (await call("reschedule_task", task_id=1, due="at 4pm"))["due"] == "2026-11-26T16:00"
    assert (await call("complete_task", task_id=1))["due"] == "2026-11-26T20:00"
    with pytest.raises(Invalid, match=r"^due: is a rule: .* update_task"):
        await call("reschedule_task", task_id=1, due="every friday")


async def test_the_sentence_names_the_task(call: Called) -> None:
    for title in ("Buy milk", "Buy oat milk", "Call the dentist", "Buy milk for Ann", "Zahnärztin anrufen"):
        await call("add_task", title=title)
    assert (await call("complete_task", find="buy milk"))["id"] == 1
    assert (await call("update_task", find="the dentist", priority="high"))["id"] == 3
    assert (await call("update_task", find="oat", priority="high"))["id"] == 2
    assert (await call("update_task", find="zahnarztin", priority="high"))["id"] == 5
    assert (await call("delete_task", find="#3"))["id"] == 3
    assert (await call("restore_task", find="dentist"))["id"] == 3
    with pytest.raises(Invalid, match=r"“milk” is in 2 tasks: 4 \(Buy milk for Ann\), 2 \(Buy oat milk\)\. Ask which"):
        await call("complete_task", find="milk")
    with pytest.raises(NotFound, match="No task here has the words “bread”"):
        await call("complete_task", find="bread")
    with pytest.raises(Invalid, match=r"^task_id: is required, or find"):
        await call("complete_task", task_id=None, find="")


async def test_many_changes_have_a_result_each_and_a_set_each(call: Called) -> None:
    await call("add_task", title="Milk")
    await call("add_task", title="Bread")
    before, call.caller = len(call.world.store.rows.events), Caller("ann", Actor("turn", "t1"))
    changes = [
        {"action": "add", "title": "Rent", "list": "Home", "due": "every 1st"},
        {"action": "complete", "find": "milk"},
        {"action": "update", "task_id": "2", "list": "home", "tags": ["shop"]},
        {"action": "delete", "task_id": 99},
        {"action": "add", "title": "x", "list": "Nowhere", "parent_id": 77},
        {"action": "reschedule", "find": "bread", "due": "tomorrow"},
        {"action": "update", "task_id": 2, "due": "übermorgen"},
        {"action": "add"},
    ]
    output = await call.short("change_tasks", changes=changes)
    assert output["success"]
    assert output["message"].startswith(
        "4 of 8 changes done. Not done: 4: There is no task 99.; 5: parent_id: there is"
    )
    results = output["data"]["results"]
    assert [each["success"] for each in results] == [True, True, True, False, False, True, False, False]
    assert results[2]["task"] == {"id": 2, "title": "Bread", "tags": ["shop"], "list": "Home"}
    assert results[5]["task"]["due"] == "2026-11-24"
    assert [each.name for each in call.world.store.rows.lists.values()] == ["Home"]
    events = call.world.store.rows.events[before:]
    assert len({event.change_set for event in events}) == 4
    nothing = await call.short("change_tasks", changes=[{"action": "delete", "task_id": 99}])
    assert not nothing["success"]


async def test_many_changes_outside_of_a_chat_are_undone_as_a_whole(call: Called) -> None:
    for title in ("Milk", "Bread", "Tea"):
        await call("add_task", title=title)
    asked = (("delete", 1), ("delete", 9), ("complete", 2))
    await call("change_tasks", changes=[{"action": action, "task_id": number} for action, number in asked])
    await call("undo_last_changes")
    assert [(task.deleted_at, task.completed) for task in call.world.store.rows.tasks.values()] == [(None, False)] * 3


async def test_undo_names_what_is_as_before_lists_too(call: Called) -> None:
    await call("add_task", title="a", list="Home")
    output = await call.short("undo_last_changes")
    assert output["message"] == "Undone: what was changed last. As before: 1 (a), List 1, Home"
    assert all(each.deleted_at for each in call.world.store.rows.lists.values())


async def test_a_list_of_100_plain_tasks_is_short_and_the_full_one_has_every_field(call: Called) -> None:
    await call.world.add(*(f"Buy groceries {number}" for number in range(100)))
    output = await call.toolbox.call(ANN, "list_tasks", "{}")
    short = short_form({"success": True, "message": output.message, "data": output.data})
    assert len(json.dumps(short, separators=(",", ":"))) <= 6_000
    assert short["data"]["tasks"][0] == {"id": 100, "title": "Buy groceries 99"}
    assert {"user_id", "revision", "created_at", "list_id", "list"} <= output.data["tasks"][0].keys()


async def test_what_a_short_task_says_of_its_state(call: Called) -> None:
    await call("add_task", title="a", list="Home")
    await call("add_task", title="b", parent_id=1)
    await call("complete_task", task_id=2)
    tasks = {each["id"]: each for each in (await call("list_tasks"))["tasks"]}
    assert tasks[1] == {"id": 1, "title": "a", "list": "Home", "subtasks": "1 of 1 done"}
    assert tasks[2] == {
        "id": 2,
        "title": "b",
        "completed": True,
        "completed_at": "2026-11-23T09:00:00Z",
        "parent_id": 1,
        "list": "Home",
    }


async def test_tasks_are_listed_by_a_filter_words_and_order(call: Called) -> None:
    await call("add_task", title="Paint the fence", list="Home", due="tomorrow", priority="high")
    await call("add_task", title="Buy paint", due="today")
    await call("add_task", title="Call Ann", due="today", tags=["phone"])
    await call("complete_task", find="ann")

    async def listed(**which: Any) -> list[int]:
        return [each["id"] for each in (await call("list_tasks", **which))["tasks"]]

    assert await listed() == [3, 2, 1]
    assert await listed(filter="#Home & p1") == [1]
    assert await listed(filter="today") == [2]
    assert await listed(filter="@phone") == []
    assert await listed(filter="@phone", status="all") == [3]
    assert await listed(search="paint", sort="due") == [2, 1]
    assert await listed(search="paint", filter="no tags & due before: tomorrow") == [2]
    assert await listed(filter="", search=None, sort="title", limit=2) == [2, 3]
    output = await call.toolbox.call(ANN, "list_tasks", '{"sort": "title", "limit": 2}')
    rest = await call("list_tasks", sort="title", limit=2, cursor=output.data["next_cursor"])
    assert [each["id"] for each in rest["tasks"]] == [1]


async def test_a_filter_that_can_not_be_read_is_refused_with_an_example(call: Called) -> None:
    with pytest.raises(FilterError) as refused:
        await call("list_tasks", filter="#Home, p1")
    told = refusal_output(refused.value).message
    assert told.startswith("filter: ")
    assert "Example: " in told
