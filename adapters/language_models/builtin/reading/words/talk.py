"""Recognises small talk, and questions about how all this works."""

import re

from adapters.language_models.builtin.reading.words.stems import words
from adapters.language_models.builtin.tables import pairs, table, words_of


def _topics(section: str) -> dict[str, tuple[str, str]]:
    """Returns the phrases and the answer of each topic."""
    rows = ((topic, line.partition(" => ")) for topic, line in pairs("small_talk", section).items())
    return {topic: (phrases.strip(), reply.replace("\\n", "\n")) for topic, (phrases, _, reply) in rows}


def _pattern(phrases: str) -> re.Pattern[str]:
    each = (re.escape(phrase).replace(r"\ \*", r"\b.{0,60}").replace(r"\*", ".{0,60}") for phrase in phrases.split("|"))
    return re.compile(f"(?:{'|'.join(each)})", re.IGNORECASE)


TALK, HELP = _topics("talk"), _topics("help")
_TALK = [(topic, _pattern(phrases)) for topic, (phrases, _) in TALK.items()]
_HELP, _ABOUT = (
    re.compile("|".join(table("small_talk")[name]), re.IGNORECASE) for name in ("help questions", "help about")
)
_FOREIGN = words_of("words", "other languages")
_SIGNS = re.compile(r"[^\w\s'+*]")


def talk_topic(text: str) -> str:
    """Returns the topic of the small talk, or ""."""
    plain = " ".join(_SIGNS.sub(" ", text).split())
    if len(plain) > 80:
        return ""
    if not re.search(r"\w", plain):
        return "fine"
    return next(
        (topic for topic, pattern in _TALK if pattern.fullmatch(plain)), "language" if _is_foreign(plain) else ""
    )


def _is_foreign(text: str) -> bool:
    said = set(words(text))
    return len(said & _FOREIGN) >= max(2, len(said) / 2)


def help_topic(text: str) -> str | None:
    """Returns what the user asks to be taught: a topic of the table. Returns None for other texts."""
    plain = text.strip(" ?!.")
    general = _HELP.fullmatch(plain)
    if not (_ABOUT.match(plain) or (general and not general["about"])):
        return None
    for word in reversed(re.findall(r"[\w']+", plain.lower())):
        for topic, (about, _) in HELP.items():
            if not {word, word.rstrip("s")}.isdisjoint(about.split("|")):
                return topic
    return "general"
