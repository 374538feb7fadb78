"""The topics that `Wakeups.announce` and `Wakeups.listen` take."""

WEBHOOKS_TOPIC = "webhooks"
"""The topic that is announced when a webhook of any user becomes due."""
REMINDERS_TOPIC = "reminders"
"""The topic that is announced when reminders of any user were set, or when their times are to be computed again."""
NOTIFICATIONS_TOPIC = "notifications"
"""The topic that is announced when notifications of any user are to be sent."""
SESSIONS_TOPIC = "sessions"
"""The topic that is announced when sessions of any user end."""
JOBS_TOPIC = "periodic jobs"
"""The topic of periodic jobs. It is never announced, because only the clock makes jobs due."""


def changes_topic(user_id: str) -> str:
    """Returns the topic that is announced when data of the user have changed."""
    return f"changes {user_id}"


def turn_topic(turn_id: str) -> str:
    """Returns the topic that is announced when the turn has more to show."""
    return f"turn {turn_id}"


def stop_topic(turn_id: str) -> str:
    """Returns the topic that is announced when the user asks to stop the turn."""
    return f"stop {turn_id}"


def conversation_topic(user_id: str, conversation_id: str) -> str:
    """Returns the topic that is announced when a turn of the conversation ends, so that the next turn may begin."""
    return f"conversation {user_id} {conversation_id}"
