"""Talks the dialogues of the corpus with a model."""

from application.ports import LanguageModel
from tests.unit.models.corpus.home import Home
from tests.unit.models.corpus.judging import verdict
from tests.unit.models.corpus.sentences import Sentence


async def judged(sentence: Sentence, model: LanguageModel, furnished: Home) -> tuple[str, Home]:
    """Returns what is wrong with what the model makes of the dialogue, or "", and the home after it."""
    home = furnished.another(model)
    before, reply = home.tasks(), ""
    for message in sentence.messages:
        reply = await home.say(message)
    return verdict(sentence, before, home.tasks(), reply), home
