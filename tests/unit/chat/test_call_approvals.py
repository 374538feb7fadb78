"""A call outside of any chat waits for the user's yes, by the rule of chat turns."""

from dataclasses import dataclass, replace
from typing import Any

import pytest

from application.action_tokens import ActionTokens
from application.idempotency import Once
from application.tasks.inputs import TaskChanges
from application.tools.call_approvals import CallApprovals
from application.tools.planning import Planner
from domain.accounts.account import Actor, Caller
from domain.chat.approval import ApprovalPolicy
from domain.chat.messages import ToolCall
from domain.errors import Conflict, InvalidLink
from tests.fakes import FakeEventLog, FakeIdempotencyKeys, add_users
from tests.unit.chat.chat_world import ANN, World
from tests.unit.chat.chat_world import world as world
from tests.unit.chat.shop_world import call, changes, deletions, trashed
from tests.unit.chat.shop_world import shop as shop

TOKEN = Caller("ann", Actor("token", "t1"))


@dataclass
class Calls:
    shop: World
    policy: ApprovalPolicy = ApprovalPolicy.BULK
    secret: str = "a secret"

    @property
    def approvals(self) -> CallApprovals:
        """Those of one server; asked again, those of another."""
        store, clock = self.shop.store, self.shop.clock
        planner = Planner(self.shop.toolbox, FakeEventLog(store), store)
        once = Once(FakeIdempotencyKeys(store), store, clock)
        new_id = self.shop.numbers
        return CallApprovals(planner, ActionTokens(self.secret, clock), once, lambda: f"id-{next(new_id)}", self.policy)

    async def state(self, asked: ToolCall, caller: Caller = ANN) -> str:
        question = await self.approvals.question(caller, asked)
        assert question
        return question.state

    async def refused(self, asked: ToolCall, state: str, caller: Caller = ANN) -> str:
        before = dict(self.shop.store.rows.tasks)
        with pytest.raises(Conflict) as refusal:
            await self.approvals.run(caller, asked, state)
        assert self.shop.store.rows.tasks == before
        return refusal.value.message


@pytest.fixture
def calls(shop: World) -> Calls:
    return Calls(shop)


DELETE_TWO = changes("delete", 1, 2)


@pytest.mark.parametrize(
    ("asked", "held"),
    [
        (DELETE_TWO, True),
        (changes("complete", 1, 2, 3, 4, 5, 6), True),
        (changes("complete", 1, 2, 3, 4, 5), False),
        (changes("delete", 1), False),
        (deletions(1)[0], False),
        (call("change_tasks", changes=[{"action": "add", "title": f"New {n}"} for n in range(20)]), False),
        (call("undo_last_changes"), False),
        (call("list_tasks"), False),
        (call("change_tasks", changes="nonsense"), False),
        (call("no_such_tool"), False),
    ],
)
def test_the_rule_is_that_of_turns(calls: Calls, asked: ToolCall, held: bool) -> None:
    assert calls.approvals.holds(asked) is held
    calls.policy = ApprovalPolicy.OFF
    assert not calls.approvals.holds(asked)


@pytest.mark.parametrize(
    ("asked", "held"),
    [(call("add_task", title="Jam"), True), (deletions(1)[0], True), (DELETE_TWO, True), (call("list_tasks"), False)],
)
def test_every_change_may_wait(calls: Calls, asked: ToolCall, held: bool) -> None:
    calls.policy = ApprovalPolicy.ALWAYS
    assert calls.approvals.holds(asked) is held


async def test_asking_changes_nothing_and_shows_the_plan(calls: Calls) -> None:
    before = dict(calls.shop.store.rows.tasks)
    question = await calls.approvals.question(ANN, changes("update", *range(1, 7), priority="high"))
    assert question
    assert question.text.splitlines()[:2] == [
        "This would change 6 tasks (“Milk”, “Eggs”, “Bread”, “Tea”, “Rice” and 1 more).",
        "- change “Milk”: priority high",
    ]
    assert calls.shop.store.rows.tasks == before
    assert calls.shop.store.rows.receipts == {}


async def test_lines_have_before_and_after_and_titles_make_none(calls: Calls) -> None:
    await calls.shop.tasks.update(ANN, 1, TaskChanges(title="Milk\n- and nothing else", priority="low"))
    question = await calls.approvals.question(ANN, changes("update", *range(1, 7), priority="high"))
    assert question
    assert question.text.splitlines()[1] == "- change “Milk - and nothing else”: priority low → high"
    assert len(question.text.splitlines()) == 7


async def test_a_long_plan_is_listed_in_part(calls: Calls) -> None:
    more = [{"action": "add", "title": f"New {number}", "priority": "low"} for number in range(30)]
    many = [{"action": "delete", "task_id": number} for number in (1, 2)]
    question = await calls.approvals.question(ANN, call("change_tasks", changes=[*many, *more]))
    assert question
    lines = question.text.splitlines()
    assert (len(lines), lines[3], lines[-1]) == (22, "- add “New 0”: priority low", "- and 12 more")


async def test_what_would_change_nothing_is_not_asked_about(calls: Calls) -> None:
    assert await calls.approvals.question(ANN, changes("delete", 98, 99)) is None


async def test_a_yes_runs_the_call_on_any_server(calls: Calls) -> None:
    output = await calls.approvals.run(ANN, DELETE_TWO, await calls.state(DELETE_TWO))
    assert output.success
    assert await trashed(calls.shop) == [1, 2]
    assert {event.actor for event in calls.shop.store.rows.events[-2:]} == {ANN.actor}


async def test_a_yes_is_good_once_even_where_its_plan_holds_again(calls: Calls) -> None:
    state = await calls.state(DELETE_TWO)
    first = await calls.approvals.run(ANN, DELETE_TWO, state)
    for number in (1, 2):
        await calls.shop.tasks.restore(ANN, number)
    assert await calls.approvals.run(ANN, DELETE_TWO, state) == first
    assert await trashed(calls.shop) == []


async def test_after_a_no_the_same_state_is_no_yes(calls: Calls) -> None:
    state = await calls.state(DELETE_TWO)
    for _ in range(2):
        await calls.approvals.refuse(ANN, DELETE_TWO, state)
    assert "did not agree" in await calls.refused(DELETE_TWO, state)
    assert (await calls.approvals.run(ANN, DELETE_TWO, await calls.state(DELETE_TWO))).success


async def test_a_no_after_the_yes_comes_too_late(calls: Calls) -> None:
    state = await calls.state(DELETE_TWO)
    first = await calls.approvals.run(ANN, DELETE_TWO, state)
    await calls.approvals.refuse(ANN, DELETE_TWO, state)
    assert await calls.approvals.run(ANN, DELETE_TWO, state) == first
    assert await trashed(calls.shop) == [1, 2]


async def test_a_new_task_is_added_once(calls: Calls) -> None:
    calls.policy = ApprovalPolicy.ALWAYS
    add = call("add_task", title="Jam")
    state = await calls.state(add)
    for _ in range(2):
        await calls.approvals.run(ANN, add, state)
    assert [task.title for task in calls.shop.store.rows.tasks.values()].count("Jam") == 1


async def test_a_yes_is_for_ten_minutes(calls: Calls) -> None:
    state = await calls.state(DELETE_TWO)
    calls.shop.clock.forward(minutes=10)
    assert "ten minutes old" in await calls.refused(DELETE_TWO, state)


async def test_tasks_that_have_changed_are_left_alone(calls: Calls) -> None:
    state = await calls.state(DELETE_TWO)
    await calls.shop.tasks.update(ANN, 2, TaskChanges(title="Eggs, and they matter"))
    assert "have changed" in await calls.refused(DELETE_TWO, state)
    assert calls.shop.store.rows.receipts == {}


async def test_a_task_that_is_gone_is_a_change(calls: Calls) -> None:
    state = await calls.state(DELETE_TWO)
    await calls.shop.tasks.delete(ANN, 1)
    assert "have changed" in await calls.refused(DELETE_TWO, state)


async def test_words_that_lead_to_another_task_by_now_are_a_change(calls: Calls) -> None:
    found = call("change_tasks", changes=[{"action": "delete", "find": word} for word in ("milk", "eggs")])
    state = await calls.state(found)
    await calls.shop.tasks.update(ANN, 1, TaskChanges(title="Butter"))
    await calls.shop.tasks.update(ANN, 3, TaskChanges(title="Milk"))
    assert "have changed" in await calls.refused(found, state)


@pytest.mark.parametrize(
    "other", [changes("delete", 1, 3), changes("delete", 2, 1), call("update_task", task_id=1, title="x")]
)
async def test_a_yes_is_for_this_tool_with_these_arguments(calls: Calls, other: ToolCall) -> None:
    state = await calls.state(DELETE_TWO)
    assert "not for this call" in await calls.refused(other, state)
    assert "not for this call" in await calls.refused(replace(DELETE_TWO, name="delete_task"), state)


async def test_a_yes_of_another_user_or_connection_is_worth_nothing(calls: Calls) -> None:
    await add_users(calls.shop.store, "bob")
    state = await calls.state(DELETE_TWO)
    for caller in (Caller("bob"), TOKEN):
        assert "not for this call" in await calls.refused(DELETE_TWO, state, caller)
    assert "not for this call" in await calls.refused(DELETE_TWO, await calls.state(DELETE_TWO, TOKEN))


def altered(state: str) -> list[str]:
    claims, _, mac = state.partition(".")
    others = [("B" if part[0] == "A" else "A") + part[1:] for part in (claims, mac)]
    return ["", ".", "x", "é.é", "\ud800", claims, f"{claims}.", f"{others[0]}.{mac}", f"{claims}.{others[1]}"]


async def test_a_forged_state_is_worth_nothing(calls: Calls) -> None:
    state = await calls.state(DELETE_TWO)
    theirs = await Calls(calls.shop, secret="another secret").state(DELETE_TWO)
    for wrong in (*altered(state), theirs):
        assert "not for this call" in await calls.refused(DELETE_TWO, wrong)


async def test_a_link_of_a_mail_is_no_yes_and_a_yes_is_no_link(calls: Calls) -> None:
    tokens = ActionTokens(calls.secret, calls.shop.clock)
    assert "not for this call" in await calls.refused(DELETE_TWO, tokens.issue("unsubscribe", "ann", "mail"))
    with pytest.raises(InvalidLink):
        tokens.read("unsubscribe", await calls.state(DELETE_TWO))


async def test_a_change_of_somebody_elses_in_between_is_no_part_of_the_plan(calls: Calls) -> None:
    await add_users(calls.shop.store, "bob")
    state = await calls.state(DELETE_TWO)
    await calls.shop.tasks.update(TOKEN, 5, TaskChanges(title="Brown rice"))
    output: Any = await calls.approvals.run(ANN, DELETE_TWO, state)
    assert output.success
