"""The built-in assistant, spoken to as people do. docs/assistant.md says which file was written when."""

from collections import Counter

import pytest

from adapters.language_models.builtin import BuiltinAssistant
from adapters.language_models.openai.openai_chat import OpenAIChat
from tests.servers.model_server import ModelServer, Received, Wire, finished, said, streaming, used
from tests.unit.models.corpus.evaluation import evaluate
from tests.unit.models.corpus.home import Home
from tests.unit.models.corpus.running import judged
from tests.unit.models.corpus.sentences import FILES, sentences

ALL = [each for name in FILES for each in sentences(name)]

SHARES = {
    "seen.txt": 0.98,
    "set_aside.txt": 0.95,
    "fresh.txt": 0.93,
    "fresh_again.txt": 0.95,
    "over_http.txt": 0.95,
    "practice.txt": 0.95,
    "last.txt": 0.9,
    "unseen.txt": 0.95,
    "kinds.txt": 1.0,
}
"""How many of the sentences must come to what is expected of them. A change that lowers a share is looked at."""


@pytest.fixture(scope="module")
async def faults() -> dict[str, str]:
    """What is wrong with what comes of each sentence, or ""."""
    furnished = await Home(BuiltinAssistant()).furnish()
    return {each.said: (await judged(each, BuiltinAssistant(), furnished))[0] for each in ALL}


@pytest.mark.parametrize("name", SHARES)
def test_sentences_do_what_they_say_and_no_more(faults: dict[str, str], name: str) -> None:
    every = [sentence.said for sentence in sentences(name)]
    wrong = {each: faults[each] for each in every if faults[each]}
    assert 1 - len(wrong) / len(every) >= SHARES[name], "\n".join(f"{each!r}: {fault}" for each, fault in wrong.items())


def test_what_must_change_nothing_never_does(faults: dict[str, str]) -> None:
    harmless = (each.said for each in ALL if each.effects == (("nothing",),))
    wrong = {each: fault for each in harmless if (fault := faults[each]).startswith("did ")}
    assert all(fault.startswith("did not say") for fault in wrong.values()), wrong


def test_the_corpus_is_as_large_and_varied_as_it_should_be() -> None:
    every = ALL
    single = [each for each in every if len(each.messages) == 1]
    assert len(single) >= 600
    assert len(every) - len(single) >= 150
    assert len({each.voice for each in every}) >= 12
    assert len([each for each in every if each.kind == "nothing"]) >= 100
    assert not [said for said, count in Counter(each.said for each in every).items() if count > 1]


async def test_any_model_is_evaluated_beside_the_built_in_one() -> None:
    async def talking(wire: Wire, _: Received) -> None:
        await streaming(said("I can't do that."), finished("stop"), used(10, 5, 0))(wire, _)

    async with ModelServer(talking) as server:
        model = OpenAIChat("tiny", None, server.url, timeout_seconds=5, retries=0, max_output_tokens=100)
        text, scores = await evaluate([BuiltinAssistant(), model], every=100)
        await model.close()
    assert [each.model for each in scores] == ["builtin", "tiny"]
    assert scores[1].tokens == 15 * sum(len(each.messages) for each in ALL[::100])
    assert "seconds" in text
