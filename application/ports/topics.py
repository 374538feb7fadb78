"""The topics of wake-ups: what `Wakeups.announce` and `Wakeups.listen` are called with."""

WEBHOOKS_TOPIC = "webhooks"
"""Announced when a webhook of any user has become due."""
SESSIONS_TOPIC = "sessions"
"""Announced when sessions of any user have ended."""
JOBS_TOPIC = "periodic jobs"
"""Nobody announces it yet: jobs become due by the clock alone."""


def changes_topic(user_id: str) -> str:
    """Announced when something of the user's has changed."""
    return f"changes {user_id}"


def turn_topic(turn_id: str) -> str:
    """Announced whenever the turn has more to show."""
    return f"turn {turn_id}"


def stop_topic(turn_id: str) -> str:
    """Announced when somebody asks the turn to stop."""
    return f"stop {turn_id}"


def conversation_topic(user_id: str, conversation_id: str) -> str:
    """Announced when a turn of the conversation ends, so that the next may begin."""
    return f"conversation {user_id} {conversation_id}"
