"""Talks the dialogues of the corpus with a model."""

from application.ports import LanguageModel
from tests.unit.models.corpus.home import Home
from tests.unit.models.corpus.judging import verdict
from tests.unit.models.corpus.sentences import Sentence


async def judged(sentence: Sentence, model: LanguageModel, furnished: Home) -> tuple[str, Home]:
    """Returns what is wrong with what the model makes of the dialogue, or "", and the home after it.

    If the user wants a change and is asked for an approval at the end, they give it."""
    home = furnished.another(model)
    before, reply = home.tasks(), ""
    for message in sentence.messages:
        reply = await home.say(message)
    if home.awaits_approval and ("nothing",) not in sentence.effects:
        reply += await home.say("yes")
    return verdict(sentence, before, home.tasks(), reply), home
