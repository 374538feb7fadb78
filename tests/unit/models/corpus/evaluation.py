"""`make eval`: the corpus against a language model, side by side with the built-in assistant.

`OPENAI_BASE_URL`, `OPENAI_API_KEY` and `OPENAI_MODEL` name the model, as for the server; without them, only the
built-in one is evaluated. `--failures` lists what went wrong, `--every N` takes each n-th sentence only.
"""

import argparse
import asyncio
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

from adapters.language_models.builtin import BuiltinAssistant
from application.ports import LanguageModel
from bootstrap.configuration.settings import load
from bootstrap.factories import language_model
from domain.errors import Refusal
from tests.unit.models.corpus.home import Home
from tests.unit.models.corpus.running import judged
from tests.unit.models.corpus.sentences import FILES, Sentence, sentences


@dataclass
class Tally:
    """What came of the sentences of one kind."""

    sentences: int = 0
    hits: int = 0


@dataclass
class Score:
    model: str
    kinds: dict[str, Tally] = field(default_factory=lambda: defaultdict(Tally))
    failures: list[str] = field(default_factory=list)
    tokens: int = 0
    seconds: float = 0

    def total(self) -> Tally:
        return Tally(*(sum(getattr(each, name) for each in self.kinds.values()) for name in ("sentences", "hits")))


async def score(model: LanguageModel, corpus: Sequence[Sentence]) -> Score:
    found, furnished = Score(model.name), await Home(model).furnish()
    begun = time.monotonic()
    for sentence in corpus:
        wrong, tokens = await _judged(sentence, model, furnished)
        for tally in {sentence.kind, "dialogues"} if len(sentence.messages) > 1 else {sentence.kind}:
            found.kinds[tally].sentences += 1
            found.kinds[tally].hits += not wrong
        found.tokens += tokens
        found.failures += [f"{sentence.voice} · {sentence.said!r}: {wrong}"] if wrong else []
    found.seconds = time.monotonic() - begun
    return found


async def _judged(sentence: Sentence, model: LanguageModel, furnished: Home) -> tuple[str, int]:
    try:
        wrong, home = await judged(sentence, model, furnished)
    except Refusal as refusal:
        return f"failed: {refusal.message}", 0
    return wrong, home.used


def table(scores: Sequence[Score], number: int) -> str:
    """Returns hits per kind, tokens and seconds, with a column for each model."""
    kinds = sorted({kind for each in scores for kind in each.kinds})
    rows = [["kind", *(each.model for each in scores)]]
    rows += [[kind, *(_share(each.kinds[kind]) for each in scores)] for kind in kinds]
    rows.append(["all", *(f"{number - len(each.failures)}/{number}" for each in scores)])
    rows.append(["tokens", *(f"{each.tokens:,}" for each in scores)])
    rows.append(["seconds", *(f"{each.seconds:.1f}" for each in scores)])
    return "\n".join("".join(f"{cell:<24}" for cell in row).rstrip() for row in rows)


def _share(tally: Tally) -> str:
    return f"{tally.hits}/{tally.sentences} ({tally.hits / max(tally.sentences, 1):.0%})"


async def evaluate(models: Sequence[LanguageModel], every: int) -> tuple[str, list[Score]]:
    corpus = [each for name in FILES for each in sentences(name)][::every]
    scores = [await score(model, corpus) for model in models]
    return table(scores, len(corpus)), scores


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--failures", action="store_true", help="list what went wrong")
    parser.add_argument("--every", type=int, default=1, help="take every n-th sentence only")
    asked = parser.parse_args()
    model = language_model(load())
    models = [BuiltinAssistant()] if isinstance(model, BuiltinAssistant) else [BuiltinAssistant(), model]
    text, scores = asyncio.run(evaluate(models, asked.every))
    print(text)  # noqa: T201
    for each in scores if asked.failures else ():
        print(f"\n{each.model}:", *each.failures, sep="\n  ")  # noqa: T201


if __name__ == "__main__":
    main()
