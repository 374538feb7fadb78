"""Recognises small talk, and questions about how all this works."""

import re

from adapters.language_models.builtin_next.tables.small_talk import HELP, HELP_ABOUT, HELP_QUESTIONS, TALK


def _pattern(phrases: str) -> re.Pattern[str]:
    each = (re.escape(phrase).replace(r"\ \*", r"\b.{0,60}").replace(r"\*", ".{0,60}") for phrase in phrases.split("|"))
    return re.compile(f"(?:{'|'.join(each)})", re.IGNORECASE)


_TALK = [(topic, _pattern(phrases)) for topic, (phrases, _) in TALK.items()]
_HELP, _ABOUT = re.compile(HELP_QUESTIONS, re.IGNORECASE), re.compile(HELP_ABOUT, re.IGNORECASE)
_SIGNS = re.compile(r"[^\w\s'+*]")


def talk_topic(text: str) -> str:
    """Returns the topic of the small talk, or ""."""
    plain = " ".join(_SIGNS.sub(" ", text).split())
    if len(plain) > 80:
        return ""
    return next((topic for topic, pattern in _TALK if pattern.fullmatch(plain)), "" if plain else "fine")


def help_topic(text: str) -> str | None:
    """Returns what the user asks to be taught: a topic of HELP, or "" for everything. Returns None for other texts."""
    plain = text.strip(" ?!.")
    if not (_ABOUT.match(plain) or (_HELP.fullmatch(plain) and not _HELP.fullmatch(plain)["about"])):
        return None
    words = re.findall(r"[\w']+", plain.lower())
    for topic, (about, _) in HELP.items():
        if topic and any(word in about.split("|") or word.rstrip("s") in about.split("|") for word in words):
            return topic
    return ""
