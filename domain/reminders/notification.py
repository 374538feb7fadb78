"""A notification: a reminder that rang on its way to one device or mailbox."""

from dataclasses import dataclass
from enum import StrEnum


class Channel(StrEnum):
    PUSH = "push"
    MAIL = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class Notification:
    """`ring_id` is the id with which the reminder rang, which the receiver drops doubles by. `target` is the id of a
    push subscription, or "" for the account's mailbox."""

    user_id: str
    id: str
    ring_id: int
    channel: Channel
    target: str
    failures: int = 0
    lease: str | None = None
