"""All that can go wrong between us and a model's server, and what is to become of each."""

import asyncio
from dataclasses import dataclass

from domain.errors import ModelFailed, ModelTimeout, ModelUnavailable, Unavailable
from tests.servers.model_server import (
    DRIP_SECONDS,
    PROVIDER_WORDS,
    Play,
    Received,
    Wire,
    called,
    finished,
    head,
    refusing,
    said,
    streaming,
)

HTML = f"<html>\n{PROVIDER_WORDS}\n\n</html>"


@dataclass(frozen=True, slots=True)
class Fault:
    """What `may_pass` is tried again at once; what never `ends` by itself goes on until our time is up."""

    name: str
    play: Play
    refusal: type[Unavailable]
    retry_after: int = 1
    may_pass: bool = False
    ends: bool = True
    listening: bool = True

    def requests(self, retries: int) -> int:
        """How many of them the server sees."""
        return (1 + retries if self.may_pass else 1) if self.listening else 0


async def reset_before_the_answer(wire: Wire, received: Received) -> None:
    wire.reset()


async def reset_in_the_answer(wire: Wire, received: Received) -> None:
    await wire.start()
    await wire.event(said("Hel"))
    wire.reset()


async def reset_in_the_refusal(wire: Wire, received: Received) -> None:
    await wire.write(head(400, {"content-length": "1000"}))
    wire.reset()


async def black_hole(wire: Wire, received: Received) -> None:
    await wire.silence()


async def dripping(wire: Wire, received: Received) -> None:
    await wire.start()
    while True:
        await wire.event(said("."))
        await asyncio.sleep(DRIP_SECONDS)


async def endless(wire: Wire, received: Received) -> None:
    await wire.start()
    while True:
        await wire.event(said("blah " * 1000))
        await asyncio.sleep(0)


KINDS = [
    Fault("no server", streaming(), ModelUnavailable, listening=False),
    Fault("a reset before the answer", reset_before_the_answer, ModelUnavailable, may_pass=True),
    Fault("a reset in the answer", reset_in_the_answer, ModelFailed),
    Fault("silence", black_hole, ModelTimeout, ends=False),
    Fault("a dripping answer", dripping, ModelTimeout, ends=False),
    Fault("an endless answer", endless, ModelFailed),
    Fault("a bad key", refusing(401), ModelUnavailable, retry_after=60),
    Fault("an unknown model", refusing(404), ModelUnavailable, retry_after=60),
    Fault("too many requests", refusing(429), ModelUnavailable, may_pass=True),
    Fault("too many for 20 s", refusing(429, retry_after="20"), ModelUnavailable, retry_after=20),
    Fault("an internal error", refusing(500), ModelUnavailable, may_pass=True),
    Fault("HTML with 200", refusing(200, HTML, content_type="text/html"), ModelFailed),
    Fault("broken JSON", streaming(said("Hel"), '{"choices": ['), ModelFailed),
    Fault("no choices", streaming({"choices": []}), ModelFailed),
    Fault("arguments that just end", streaming(called(0, '{"a', "add_task")), ModelFailed),
]
VARIANTS = [
    Fault("a reset in the refusal", reset_in_the_refusal, ModelUnavailable),
    Fault("a forbidden model", refusing(403), ModelUnavailable, retry_after=60),
    Fault("a refused request", refusing(400), ModelUnavailable, retry_after=60),
    Fault("too many requests, for now", refusing(429, retry_after="0"), ModelUnavailable, may_pass=True),
    Fault("too many for an hour", refusing(429, retry_after="3600"), ModelUnavailable, retry_after=60),
    Fault("too many for ever", refusing(429, retry_after="inf"), ModelUnavailable, retry_after=60),
    Fault(
        "too many until a date",
        refusing(429, retry_after="Fri, 31 Dec 9999 23:59:59 GMT"),
        ModelUnavailable,
        retry_after=60,
    ),
    Fault("too many for nonsense", refusing(429, retry_after="soon"), ModelUnavailable, may_pass=True),
    Fault("an overload for 7 s", refusing(503, retry_after="7"), ModelUnavailable, retry_after=7),
    Fault("an answer that is no stream", refusing(200, '{"choices": []}'), ModelFailed),
    Fault("no events", streaming(), ModelFailed),
    Fault("JSON too deep", streaming("[" * 100_000), ModelFailed),
    Fault("null choices", streaming({"choices": None}), ModelFailed),
    Fault("choices of another type", streaming({"choices": PROVIDER_WORDS}), ModelFailed),
    Fault("a chunk of another type", streaming(f'"{PROVIDER_WORDS}"'), ModelFailed),
    Fault("arguments over the limit", streaming(called(0, '{"a', "add_task"), finished("length")), ModelFailed),
    Fault("arguments that never come", streaming(called(0, "", "add_task")), ModelFailed),
    Fault("a call without a name", streaming(called(0, "{}"), finished("tool_calls")), ModelFailed),
    Fault("an error in the answer", streaming(said("Hel"), {"error": {"message": PROVIDER_WORDS}}), ModelFailed),
]
"""That differ for whoever reads the provider's answer, and for nobody behind."""
