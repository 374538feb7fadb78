"""Talks a dialogue of the corpus with a model, over the tasks of `World`."""

import copy
from dataclasses import replace

import msgspec

from application.chat.turns.runner import MAX_ROUNDS
from application.ports import LanguageModel, Prompt, TextDelta
from application.tasks.date_words import DateContext
from domain.chat.conversation import Answer, Message, ProviderData, ToolCall, ToolResult, UserMessage
from tests.unit.models.corpus.judging import verdict
from tests.unit.models.corpus.sentences import Sentence
from tests.unit.models.corpus.world import NOW, World


async def judged(sentence: Sentence, model: LanguageModel) -> str:
    """Returns what is wrong with what the model makes of the dialogue, or ""."""
    world = World.home()
    before = copy.deepcopy(world.tasks)
    history: list[Message] = []
    reply = ""
    for message in sentence.messages:
        world.begin()
        reply = await _turn(model, world, history, message)
    return verdict(sentence, before, world.tasks, reply)


async def _turn(model: LanguageModel, world: World, history: list[Message], said: str) -> str:
    history.append(UserMessage(said))
    for number in range(MAX_ROUNDS):
        answer = await _answer(model, history, f"{len(history)}-{number}")
        history.append(answer)
        if not answer.calls:
            return answer.text
        for call in answer.calls:
            history.append(ToolResult(call.id, call.name, world.call(call.name, msgspec.json.decode(call.arguments))))
    return "too many rounds"


async def _answer(model: LanguageModel, history: list[Message], prefix: str) -> Answer:
    parts = [part async for part in model.answer(Prompt("", history, dates=DateContext(NOW)))]
    text = "".join(part.text for part in parts if isinstance(part, TextDelta))
    calls = [part for part in parts if isinstance(part, ToolCall)]
    data = next((part for part in parts if isinstance(part, ProviderData)), None)
    return Answer(text, tuple(replace(call, id=f"{prefix}-{place}") for place, call in enumerate(calls)), data)
