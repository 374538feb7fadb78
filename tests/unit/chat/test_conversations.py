from dataclasses import replace
from typing import Any

import pytest

from application.chat.conversations import Conversations
from application.chat.inputs import ChatMessage, ConversationChanges, ConversationDraft, FeedbackForm
from application.chat.messages import MessageView
from application.chat.turns.runner import MAX_CALLS, OUT_OF_CALLS
from application.chat.usage import UsageQuota
from application.ports import TextDelta, Usage
from domain.accounts.account import Caller
from domain.chat.conversation import MAX_GENERATED_TITLE_LENGTH, title_from
from domain.chat.messages import ToolCall, UserMessage
from domain.chat.turn import TurnState
from domain.errors import Conflict, Invalid, ModelTimeout, NotFound, QuotaExceeded, TurnTaken
from tests.fakes import FakeConversations, add_users
from tests.unit.chat.chat_world import ADD, ANN, World, says, world

__all__ = ["world"]
BOB = Caller("bob")


@pytest.fixture
async def conversations(world: World) -> Conversations:
    await add_users(world.store, "bob")
    ids = (f"made-{number}" for number in range(1, 100))
    repository = FakeConversations(world.store)
    return Conversations(repository, world.turns, world.store, world.clock, lambda: next(ids))


async def titles(conversations: Conversations) -> list[str | None]:
    return [each.title for each in (await conversations.page(ANN, 100)).conversations]


async def texts(conversations: Conversations, limit: int = 100, **place: Any) -> list[str]:
    return [each.text for each in (await conversations.messages(ANN, "default", limit, **place)).messages]


async def test_a_conversation_is_added_found_renamed_and_deleted(conversations: Conversations) -> None:
    added = await conversations.add(ANN, ConversationDraft(title=" Groceries "))
    assert (added.id, added.title) == ("made-1", "Groceries")
    assert await conversations.get(ANN, added.id) == added
    await conversations.rename(ANN, added.id, ConversationChanges("Food"))
    assert await titles(conversations) == ["Food"]
    await conversations.delete(ANN, added.id)
    assert await titles(conversations) == []
    with pytest.raises(NotFound):
        await conversations.get(ANN, added.id)


async def test_an_id_that_is_taken_is_refused_until_its_conversation_is_deleted(conversations: Conversations) -> None:
    await conversations.add(ANN, ConversationDraft("mine", "one"))
    with pytest.raises(Conflict):
        await conversations.add(ANN, ConversationDraft("mine", "two"))
    await conversations.add(BOB, ConversationDraft("mine", "his"))
    await conversations.delete(ANN, "mine")
    await conversations.add(ANN, ConversationDraft("mine", "three"))
    assert await titles(conversations) == ["three"]


async def test_another_users_conversation_is_as_one_that_is_not_there(conversations: Conversations) -> None:
    await conversations.add(BOB, ConversationDraft("his"))
    for attempt in (
        conversations.get(ANN, "his"),
        conversations.rename(ANN, "his", ConversationChanges("mine")),
        conversations.delete(ANN, "his"),
        conversations.messages(ANN, "his", 10),
        conversations.set_feedback(ANN, "his", "id-1", FeedbackForm("up")),
    ):
        with pytest.raises(NotFound):
            await attempt


@pytest.mark.parametrize("title", ["", "  ", "x" * 201, "a\x00"])
async def test_a_bad_title_is_refused(conversations: Conversations, title: str) -> None:
    with pytest.raises(Invalid, match="title"):
        await conversations.add(ANN, ConversationDraft(title=title))


async def test_the_first_message_makes_the_title_where_there_is_none(
    world: World, conversations: Conversations
) -> None:
    await conversations.add(ANN, ConversationDraft("named", "Named"))
    for conversation in ("default", "named"):
        await world.say("buy milk", conversation=conversation)
        await world.say("and bread", conversation=conversation)
    assert sorted(filter(None, await titles(conversations))) == ["Named", "buy milk"]


@pytest.mark.parametrize(
    ("message", "title"),
    [
        ("  buy\n milk ", "buy milk"),
        ("word " * 30, " ".join(["word"] * 12)),
        ("x" * 100, "x" * MAX_GENERATED_TITLE_LENGTH),
        ("x" * 60 + " y", "x" * 60),
    ],
)
def test_a_title_is_the_whole_words_that_fit(message: str, title: str) -> None:
    assert title_from(message) == title


async def test_a_deleted_default_conversation_starts_afresh_under_its_id(
    world: World, conversations: Conversations
) -> None:
    await world.say("the old secret", says("oh"))
    await conversations.delete(ANN, "default")
    await world.say("hello again", says("hi"))
    assert world.model.prompts[-1].messages == [UserMessage("hello again")]
    assert await texts(conversations) == ["hello again", "hi"]
    assert await titles(conversations) == ["hello again"]
    assert len(world.store.rows.turns) == 2


async def test_a_left_over_turn_of_a_deleted_conversation_is_not_resumed(
    world: World, conversations: Conversations
) -> None:
    with pytest.raises(ModelTimeout):
        await world.say("buy milk", ModelTimeout("slow"))
    await conversations.delete(ANN, "default")
    with pytest.raises(Conflict):
        await world.chat.resume(ANN, "id-1")


async def test_messages_come_in_pages_both_ways(world: World, conversations: Conversations) -> None:
    for number in range(1, 6):
        await world.say(f"q{number}", says(f"a{number}"))
    newest = await conversations.messages(ANN, "default", 3)
    assert [each.text for each in newest.messages] == ["a4", "q5", "a5"]
    assert (newest.previous_cursor, newest.next_cursor) == (8, None)
    older = await conversations.messages(ANN, "default", 3, before=8)
    assert [each.text for each in older.messages] == ["q3", "a3", "q4"]
    assert (older.previous_cursor, older.next_cursor) == (5, 7)
    assert await texts(conversations, 3, before=2) == ["q1"]
    assert await texts(conversations, 3, after=older.next_cursor) == ["a4", "q5", "a5"]
    with pytest.raises(Invalid, match="after"):
        await conversations.messages(ANN, "default", 3, before=1, after=1)


@pytest.mark.parametrize("limit", [1, 2, 3, 100])
@pytest.mark.parametrize("way", ["before", "after"])
async def test_pages_neither_skip_nor_repeat_while_turns_are_added(
    world: World, conversations: Conversations, limit: int, way: str
) -> None:
    for number in range(5):
        await world.say(f"q{number}", says(f"a{number}"))
    seen: list[MessageView] = []
    cursor: int | None = 11 if way == "before" else 0
    while cursor is not None:
        page = await conversations.messages(ANN, "default", limit, **{way: cursor})
        seen += page.messages
        cursor = page.previous_cursor if way == "before" else page.next_cursor
        if len(world.store.rows.turns) < 9:
            await world.say("more", says("more"))
    numbers = sorted(each.number for each in seen)
    assert numbers[:10] == list(range(1, 11))
    assert len(set(numbers)) == len(numbers)


async def test_a_message_shows_tools_and_what_is_said_so_far(world: World, conversations: Conversations) -> None:
    await world.say("buy milk", [ADD], says("Added."))
    user_message, answer = (await conversations.messages(ANN, "default", 10)).messages
    assert (user_message.id, user_message.role, answer.id, answer.role) == ("id-1-user", "user", "id-1", "assistant")
    assert [use.tool_name for use in answer.tool_calls] == ["add_task"]
    await world.chat.begin(ANN, ChatMessage("tell me"))
    key, turn = list(world.store.rows.turns.items())[-1]
    world.store.rows.turns[key] = replace(turn, draft="Once up")
    last = (await conversations.messages(ANN, "default", 10)).messages[-1]
    assert (last.text, last.state) == ("Once up", TurnState.RUNNING)


async def test_only_the_last_answer_is_given_anew_and_takes_its_place(
    world: World, conversations: Conversations
) -> None:
    await world.say("one", says("first"))
    await world.say("two", says("bad"))
    chat = world.chat
    with pytest.raises(Conflict, match="last"):
        await chat.regenerate(ANN, "default", "id-1")
    with pytest.raises(NotFound):
        await chat.regenerate(ANN, "default", "nothing")
    world.model.answers = [says("good")]
    turn = await chat.regenerate(ANN, "default", "id-3")
    assert (await chat.reply(ANN, turn)).response == "good"
    assert await texts(conversations) == ["one", "first", "two", "good"]
    assert len(world.model.prompts[-1].messages) == 3
    with pytest.raises(NotFound):
        await chat.regenerate(ANN, "default", "id-3")


async def test_an_answer_that_is_being_given_is_not_given_anew(world: World) -> None:
    chat = world.chat
    turn = await chat.begin(ANN, ChatMessage("one"))
    with pytest.raises(TurnTaken):
        await chat.regenerate(ANN, "default", turn.id)
    assert len(world.store.rows.turns) == 1


async def test_feedback_is_kept_and_taken_back(world: World, conversations: Conversations) -> None:
    await world.say("hi", says("hello"))
    judged = await conversations.set_feedback(ANN, "default", "id-1", FeedbackForm("down", " too short "))
    assert judged.feedback is not None
    assert (judged.feedback.value, judged.feedback.comment) == ("down", "too short")
    assert (await conversations.set_feedback(ANN, "default", "id-1", FeedbackForm(None, "x"))).feedback is None
    for place in (("default", "id-1-user"), ("other", "id-1")):
        with pytest.raises(NotFound):
            await conversations.set_feedback(ANN, *place, FeedbackForm("up"))
    with pytest.raises(Invalid, match="comment"):
        await conversations.set_feedback(ANN, "default", "id-1", FeedbackForm("up", "x" * 1001))


async def test_an_export_holds_every_message(world: World, conversations: Conversations) -> None:
    for number in range(250):
        await world.say(f"q{number}", says(f"a{number}"))
    conversation = await conversations.get(ANN, "default")
    exported = [each.text async for each in conversations.export(conversation)]
    assert exported == [text for number in range(250) for text in (f"q{number}", f"a{number}")]


async def test_usage_is_summed_over_the_answers_of_a_turn_and_outlives_its_conversation(
    world: World, conversations: Conversations
) -> None:
    await world.say("buy milk", [ADD, Usage(100, 10, 80)], [TextDelta("Added."), Usage(150, 5, 100)])
    turn = world.turn()
    assert (turn.model, turn.prompt_tokens, turn.completion_tokens, turn.cached_tokens) == ("scripted", 250, 15, 180)
    await conversations.delete(ANN, "default")
    world.clock.forward(days=1)
    await world.say("hi", [TextDelta("hi"), Usage(1, 2, 0)])
    report = await UsageQuota(world.turns, world.clock, 0).report(ANN, 2)
    assert [(str(each.date), each.model, each.turns, each.prompt_tokens) for each in report.days] == [
        ("2026-11-24", "scripted", 1, 1),
        ("2026-11-23", "scripted", 1, 250),
    ]
    assert (report.total.turns, report.total.completion_tokens, report.total.cached_tokens) == (2, 17, 180)
    assert (await UsageQuota(world.turns, world.clock, 0).report(ANN, 1)).total.turns == 1


async def test_over_the_days_tokens_no_model_is_asked_until_midnight(world: World) -> None:
    world.daily_tokens = 110
    await world.say("hi", [TextDelta("hi"), Usage(100, 9)])
    await world.say("hi", [TextDelta("hi"), Usage(1, 0)])
    with pytest.raises(QuotaExceeded) as refusal:
        await world.say("hi")
    assert refusal.value.retry_after == 15 * 3600
    assert (len(world.store.rows.turns), len(world.model.prompts)) == (2, 2)
    world.clock.forward(hours=15)
    await world.say("hi")


async def test_after_so_many_calls_a_turn_makes_no_more(world: World) -> None:
    calls = [ToolCall("", "add_task", f'{{"title": "{number}"}}') for number in range(MAX_CALLS + 5)]
    reply = await world.say("go", calls, says("ok"))
    assert len(world.store.rows.tasks) == MAX_CALLS
    assert [use.result["message"] for use in reply.tool_calls[MAX_CALLS:]] == [OUT_OF_CALLS] * 5
