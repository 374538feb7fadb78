"""The built-in assistant, spoken to as people do. `seen.txt` is what it was made with, `set_aside.txt` what was not
looked at meanwhile."""

from collections import Counter

import pytest

from adapters.language_models.builtin import BuiltinAssistant
from tests.unit.models.corpus.home import Home
from tests.unit.models.corpus.running import judged
from tests.unit.models.corpus.sentences import sentences

SHARES = {"seen.txt": 0.97, "set_aside.txt": 0.89}
"""How many of the sentences must come to what is expected of them. A change that lowers a share is looked at."""


@pytest.mark.parametrize("name", SHARES)
async def test_sentences_do_what_they_say_and_no_more(name: str) -> None:
    furnished = await Home(BuiltinAssistant()).furnish()
    wrong = {
        sentence.said: said
        for sentence in sentences(name)
        if (said := (await judged(sentence, BuiltinAssistant(), furnished))[0])
    }
    share = 1 - len(wrong) / len(list(sentences(name)))
    assert share >= SHARES[name], "\n".join(f"{said!r}: {what}" for said, what in wrong.items())


async def test_what_must_change_nothing_never_does() -> None:
    furnished = await Home(BuiltinAssistant()).furnish()
    for sentence in (each for name in SHARES for each in sentences(name) if each.effects == (("nothing",),)):
        wrong, _ = await judged(sentence, BuiltinAssistant(), furnished)
        assert not wrong.startswith("did ") or wrong.startswith("did not say"), (sentence.said, wrong)


def test_the_corpus_is_as_large_and_varied_as_it_should_be() -> None:
    every = [each for name in SHARES for each in sentences(name)]
    single = [each for each in every if len(each.messages) == 1]
    assert len(single) >= 600
    assert len(every) - len(single) >= 150
    assert len({each.voice for each in every}) >= 12
    assert len([each for each in every if each.kind == "nothing"]) >= 100
    assert not [said for said, count in Counter(each.said for each in every).items() if count > 1]
