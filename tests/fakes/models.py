"""A language model that plays prepared answers."""

from collections.abc import AsyncGenerator, Iterable, Sequence

from application.ports import Finished, LanguageModel, Part, Prompt, TextDelta, Usage
from domain.chat.messages import Message, ToolCall, UserMessage


class ScriptedModel(LanguageModel):
    """Plays one prepared answer after another: its parts, or an exception to raise; keeps the prompts it was given.

    `Finished` is added to an answer that lacks it, unless the stream `breaks_off`.
    """

    name = "scripted"

    def __init__(self, *answers: Iterable[Part] | Exception) -> None:
        self.answers = list(answers)
        self.prompts: list[Prompt] = []
        self.summaries: list[tuple[str, Sequence[Message]]] = []
        self.breaks_off = False

    async def summarize(self, summary: str, messages: Sequence[Message], longest: int) -> AsyncGenerator[Part, None]:
        self.summaries.append((summary, messages))
        yield TextDelta(f"{summary}{sum(isinstance(message, UserMessage) for message in messages)} turns. ")
        yield Usage(10, 1)
        yield Finished("stop")

    async def answer(self, prompt: Prompt) -> AsyncGenerator[Part, None]:
        self.prompts.append(prompt)
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        parts = list(answer)
        for part in parts:
            yield part
        if not self.breaks_off and not any(isinstance(part, Finished) for part in parts):
            yield Finished("tool_calls" if any(isinstance(part, ToolCall) for part in parts) else "stop")
