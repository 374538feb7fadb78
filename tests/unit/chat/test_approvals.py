"""A turn that would change much at once waits for the user's yes."""

import pytest

from application.chat.inputs import ChatMessage
from application.tasks.inputs import TaskChanges, TaskDraft
from domain.chat.approval import ApprovalPolicy, Decision, is_yes_to, plain_answer
from domain.chat.messages import ToolCall
from domain.chat.turn import TurnState
from domain.errors import Conflict, NotFound, TurnTaken
from domain.idempotency import Key
from tests.unit.chat.chat_world import ANN, World, says
from tests.unit.chat.chat_world import world as world
from tests.unit.chat.shop_world import asked, call, changes, decided, deletions, trashed
from tests.unit.chat.shop_world import shop as shop

YES = (
    "yea",
    "yesss",
    "yes",
    "Yes!",
    "yes, please",
    "ok do it",
    "OK",
    "sure",
    "go ahead",
    "Ja",
    "oui",
    "sí",
    "да",
    "はい",
    "y",
    "👍",
    "Yes, both.",
    "please do",
    "yes please do",
    "delete all of them",
    "delete them all",
    "ok yes all of them, thanks",
    "yes. delete them all",
)
NO = (
    "no", "No!", "nope", "no thanks", "don’t", "never mind", "cancel", "nein", "leave it", "no, leave them",
    "no, keep them", "hm no, cancel that", "actually no, leave everything as it is", "wait, no", "lol no i was joking",
)  # fmt: skip
NEITHER = (
    "yes but keep the milk", "no, only the milk", "both", "thanks", "yeah right", "ok na", "do it right",
    "yes, both, no wait",
    "yesterday", "nobody", "ok, and what is left?", "hmm", "delete task 2",
    "yes?", "not yet", "okay then add tea", "yes no",
)  # fmt: skip


@pytest.mark.parametrize("text", YES)
def test_a_plain_yes(text: str) -> None:
    assert plain_answer(text) is True


@pytest.mark.parametrize("text", NO)
def test_a_plain_no(text: str) -> None:
    assert plain_answer(text) is False


@pytest.mark.parametrize("words", ["leave it ", "no thanks ", "delete all of them ", "i was just joking "])
def test_the_longest_message_is_read_in_one_pass(words: str) -> None:
    """It would not end in a year if each word were read in two ways."""
    assert plain_answer(words * 270 + "x") is None


def test_both_is_a_yes_to_two_changes_only() -> None:
    assert is_yes_to("yes, both", 2)
    assert not is_yes_to("yes, both", 3)
    assert is_yes_to("yes, all of them", 3)


@pytest.mark.parametrize("text", NEITHER)
def test_neither_yes_nor_no(text: str) -> None:
    assert plain_answer(text) is None


@pytest.mark.parametrize(
    "calls",
    [
        [changes("delete", 1, 2)],
        deletions(1, 2),
        [changes("complete", 1, 2, 3, 4, 5, 6)],
        [changes("update", 1, 2, 3, 4, 5, 6, priority="high")],
        [*deletions(1), changes("complete", 2, 3, 4, 5, 6)],
    ],
)
async def test_much_at_once_waits(shop: World, calls: list[ToolCall]) -> None:
    before = dict(shop.store.rows.tasks)
    reply = await asked(shop, *calls)
    assert shop.store.rows.tasks == before
    assert reply.tool_calls == []
    assert shop.turn().lease_until is None


@pytest.mark.parametrize(
    "calls",
    [
        deletions(1),
        [changes("complete", 1, 2, 3, 4, 5)],
        [call("change_tasks", changes=[{"action": "add", "title": f"New {n}"} for n in range(20)])],
        [changes("delete", 98, 99)],
        [call("list_tasks")],
    ],
)
async def test_little_at_once_does_not_wait(shop: World, calls: list[ToolCall]) -> None:
    reply = await shop.say("delete some", list(calls), says("Done."))
    assert reply.state is TurnState.DONE
    assert reply.approval is None


async def test_it_is_counted_over_the_whole_turn(shop: World) -> None:
    reply = await shop.say("delete some", deletions(1), deletions(2), says("Done."))
    assert reply.state is TurnState.AWAITING_APPROVAL
    assert await trashed(shop) == [1]
    reply = await decided(shop, reply, True)
    assert await trashed(shop) == [1, 2]


async def test_what_was_agreed_to_does_not_count_again(shop: World) -> None:
    reply = await shop.say("delete some", deletions(1, 2), deletions(3), says("Done."))
    reply = await decided(shop, reply, True)
    assert (reply.state, await trashed(shop)) == (TurnState.DONE, [1, 2, 3])


async def test_a_second_question_in_a_turn(shop: World) -> None:
    reply = await shop.say("delete some", deletions(1, 2), deletions(3, 4), says("Done."))
    again = await decided(shop, reply, True)
    assert again.approval
    assert reply.approval
    assert again.approval.id != reply.approval.id
    assert "Tea" in again.response
    assert "Milk" not in again.response
    assert (await decided(shop, again, False)).response == "Done."
    assert await trashed(shop) == [1, 2]


async def test_a_repeated_yes_is_none_to_the_next_question(shop: World) -> None:
    reply = await shop.say("delete some", deletions(1, 2), deletions(3, 4), says("Done."))
    await decided(shop, reply, True)
    repeated = await decided(shop, reply, True)
    assert repeated.state is TurnState.AWAITING_APPROVAL
    assert await trashed(shop) == [1, 2]


async def test_the_plan_shows_what_would_change(shop: World) -> None:
    reply = await asked(shop, changes("update", *range(1, 7), priority="high"), *deletions(7))
    assert reply.approval
    assert reply.approval.total_changes == 7
    first, *_, last = reply.approval.changes
    assert (first.entity, first.id, first.title, first.action) == ("task", 1, "Milk", "updated")
    assert (first.before, first.after) == ({}, {"priority": "high"})
    assert (last.title, last.action) == ("Soap", "deleted")
    assert "change 6 tasks (“Milk”, “Eggs”, “Bread”, “Tea”, “Rice” and 1 more)" in reply.response
    assert "delete the task “Soap”" in reply.response


async def test_consequences_are_shown_and_not_counted(shop: World) -> None:
    for number in (2, 3):
        await shop.tasks.update(ANN, number, TaskChanges(parent_id=1))
    reply = await shop.say("delete the milk", deletions(1), says("Done."))
    assert reply.state is TurnState.DONE
    reply = await asked(shop, *deletions(4, 5))
    assert reply.approval
    assert reply.approval.total_changes == 2


async def test_a_yes_keeps_the_turn_and_its_undo(shop: World) -> None:
    reply = await asked(shop, *deletions(1, 2, 3))
    done = await decided(shop, reply, True)
    assert (done.message_id, done.response) == (reply.message_id, "Done as you said.")
    assert await trashed(shop) == [1, 2, 3]
    await shop.undo.turn(ANN, done.message_id)
    assert await trashed(shop) == []


@pytest.mark.parametrize("word", ["yes", "no"])
async def test_a_plain_word_answers_before_any_model(shop: World, word: str) -> None:
    reply = await asked(shop, *deletions(1, 2))
    prompts = len(shop.model.prompts)
    done = await shop.chat.say(ANN, ChatMessage(word))
    assert done.message_id == reply.message_id
    assert len(shop.model.prompts) == prompts + 1
    assert await trashed(shop) == ([1, 2] if word == "yes" else [])
    assert len(shop.store.rows.turns) == 1


async def test_a_no_tells_the_model(shop: World) -> None:
    done = await decided(shop, await asked(shop, *deletions(1, 2)), False)
    assert [use.result["success"] for use in done.tool_calls] == [False, False]
    assert "did not agree" in done.tool_calls[0].result["message"]
    assert await trashed(shop) == []


async def test_any_other_message_refuses(shop: World) -> None:
    await asked(shop, *deletions(1, 2))
    await shop.say("what is left?", says("All of it."))
    first, second = shop.turn(1), shop.turn(2)
    assert (first.state, second.state) == (TurnState.DONE, TurnState.DONE)
    assert first.decision_on(first.approvals()[0]).decision is Decision.REFUSED  # type: ignore[union-attr]
    await shop.say("yes", says("Yes to what?"))
    assert await trashed(shop) == []


async def test_a_yes_is_good_once(shop: World) -> None:
    reply = await asked(shop, *deletions(1, 2))
    first = await decided(shop, reply, True)
    await shop.tasks.restore(ANN, 1)
    again = await decided(shop, reply, True)
    assert (again.replayed, again.response) == (True, first.response)
    assert await trashed(shop) == [2]
    with pytest.raises(Conflict):
        await decided(shop, reply, False)


async def test_of_two_at_once_one_decides(shop: World) -> None:
    reply = await asked(shop, *deletions(1, 2))
    assert reply.approval
    await shop.chat.decide(ANN, reply.approval.id, True)
    with pytest.raises(TurnTaken):
        await shop.chat.decide(ANN, reply.approval.id, True)


async def test_it_is_answered_on_another_server(shop: World) -> None:
    reply = await asked(shop, *deletions(1, 2))
    another = shop.chat
    assert reply.approval
    await another.reply(ANN, await another.decide(ANN, reply.approval.id, True))
    assert await trashed(shop) == [1, 2]


async def test_a_yes_is_for_ten_minutes(shop: World) -> None:
    reply = await asked(shop, *deletions(1, 2))
    shop.clock.forward(minutes=10)
    with pytest.raises(Conflict, match="ten minutes"):
        await decided(shop, reply, True)
    assert shop.turn().state is TurnState.DONE
    with pytest.raises(Conflict, match="ten minutes"):
        await decided(shop, reply, True)
    await shop.say("yes", says("Yes to what?"))
    assert await trashed(shop) == []


async def test_a_late_yes_in_words_is_a_message(shop: World) -> None:
    await asked(shop, *deletions(1, 2))
    shop.clock.forward(minutes=11)
    reply = await shop.say("yes", says("Yes to what?"))
    assert reply.response == "Yes to what?"
    assert shop.turn(1).state is TurnState.DONE
    assert await trashed(shop) == []


async def test_a_yes_to_what_has_changed_does_nothing(shop: World) -> None:
    reply = await asked(shop, *deletions(1, 2))
    await shop.tasks.update(ANN, 2, TaskChanges(title="Eggs, and they matter"))
    done = await decided(shop, reply, True)
    assert await trashed(shop) == []
    assert done.approval
    assert done.approval.state == Decision.CHANGED
    assert "have changed" in done.tool_calls[0].result["message"]


async def test_a_change_that_was_taken_back_is_a_change_too(shop: World) -> None:
    reply = await asked(shop, *deletions(1, 2))
    for title in ("Butter", "Eggs"):
        shop.clock.forward(seconds=1)
        await shop.tasks.update(ANN, 2, TaskChanges(title=title))
    await decided(shop, reply, True)
    assert await trashed(shop) == []


async def test_other_tasks_may_change(shop: World) -> None:
    reply = await asked(shop, *deletions(1, 2), call("add_task", title="Jam"))
    await shop.tasks.update(ANN, 5, TaskChanges(title="Brown rice"))
    await shop.tasks.add(ANN, TaskDraft("Honey"))
    await decided(shop, reply, True)
    assert await trashed(shop) == [1, 2]


async def test_an_idempotency_key_of_the_answer(shop: World) -> None:
    reply, key = await asked(shop, *deletions(1, 2)), Key("k", b"f")
    first = await decided(shop, reply, True, key)
    again = await decided(shop, reply, True, key)
    assert (first.message_id, again.replayed) == (again.message_id, True)


@pytest.mark.parametrize("name", ["nothing", "", ".", "id-1", "id-1.9", "a.b.c"])
async def test_an_unknown_approval(shop: World, name: str) -> None:
    await asked(shop, *deletions(1, 2))
    with pytest.raises(NotFound):
        await shop.chat.decide(ANN, name, True)


async def test_approvals_may_be_off(shop: World) -> None:
    shop.approval_policy = ApprovalPolicy.OFF
    reply = await shop.say("delete some", deletions(*range(1, 8)), says("Done."))
    assert (reply.state, len(await trashed(shop))) == (TurnState.DONE, 7)


async def test_every_change_may_wait(shop: World) -> None:
    shop.approval_policy = ApprovalPolicy.ALWAYS
    assert (await shop.say("look", [call("list_tasks")], says("All."))).state is TurnState.DONE
    reply = await asked(shop, call("add_task", title="Jam"))
    assert "add the task “Jam”" in reply.response
    assert reply.approval
    assert reply.approval.changes[0].id is None
    await decided(shop, reply, True)
    assert shop.store.rows.tasks["ann", 8].title == "Jam"


async def test_editing_the_message_leaves_the_question_behind(shop: World) -> None:
    reply = await asked(shop, *deletions(1, 2))
    await shop.say("delete milk only", deletions(1), says("Done."))
    assert await trashed(shop) == [1]
    with pytest.raises(Conflict):
        await decided(shop, reply, True)


async def test_regenerating_asks_again(shop: World) -> None:
    reply = await asked(shop, *deletions(1, 2))
    shop.model.answers = [says("Done.")]
    turn = await shop.chat.regenerate(ANN, "default", reply.message_id)
    again = await shop.chat.reply(ANN, turn)
    assert again.state is TurnState.AWAITING_APPROVAL
    with pytest.raises(NotFound):
        await decided(shop, reply, True)
    shop.model.answers = [says("Done.")]
    await decided(shop, again, True)
    assert await trashed(shop) == [1, 2]


async def test_a_plan_of_many_is_shown_in_part(world: World) -> None:
    for number in range(150):
        await world.tasks.add(ANN, TaskDraft(f"Task {number}"))
    reply = await asked(world, changes("delete", *range(1, 101)), changes("delete", *range(101, 151)))
    assert reply.approval
    assert (len(reply.approval.changes), reply.approval.total_changes) == (100, 150)
    await decided(world, reply, True)
    assert len(await trashed(world)) == 100
    assert world.turn().state is TurnState.DONE
