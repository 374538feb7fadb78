"""A title as the traps need it: its words, which is the last one, and the language of the title."""

from dataclasses import dataclass
from functools import cached_property

from application.tasks.date_words.grammar.context import DateContext
from application.tasks.date_words.grammar.patterns import AccessTokens
from application.tasks.date_words.phrases import Phrase
from application.tasks.date_words.trap_words import OF_OTHER_LANGUAGES

LAST_OF_LATIN = "\u024f"
"""Letters up to here are in the Latin blocks of Unicode; the apostrophe of a word is not."""


@dataclass
class TaskTitle:
    text: str
    tokens: AccessTokens
    context: DateContext

    def word(self, index: int) -> str:
        return self.tokens[index].word if 0 <= index < len(self.tokens) else ""

    def ends_before(self, phrase: Phrase, *words: str) -> bool:
        """Returns whether these words stand right before the phrase."""
        return tuple(self.word(phrase.first - back) for back in range(len(words), 0, -1)) == words

    def words(self, phrase: Phrase) -> list[str]:
        return [token.word for token in self.tokens[phrase.first : phrase.after]]

    def is_last(self, phrase: Phrase) -> bool:
        after = phrase.after
        while after < len(self.tokens) and self.word(after) in ".!?…)":
            after += 1
        return after == len(self.tokens)

    @cached_property
    def is_of_another_language(self) -> bool:
        words = {token.word for token in self.tokens}
        return not words.isdisjoint(OF_OTHER_LANGUAGES) or any(_is_of_another_script(word) for word in words)

    @cached_property
    def is_shouted(self) -> bool:
        return self.text.isupper()


def _is_of_another_script(word: str) -> bool:
    return word[0].isalpha() and max(word.replace("’", "")) > LAST_OF_LATIN
