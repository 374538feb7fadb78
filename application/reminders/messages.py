from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

import msgspec

from application.ports import Mail
from domain.reminders.ring import Rung

MAX_TITLE = 300
"""Of a notification; a message of Web Push has room for 4 kB."""


@dataclass(frozen=True, slots=True)
class Message:
    """`token` is for the buttons of the notification. `ring_at` is when it was to ring, in the account's zone."""

    rung: Rung
    token: str
    ring_at: datetime

    @property
    def title(self) -> str:
        return (self.rung.title or "A task")[:MAX_TITLE]

    @property
    def text(self) -> str:
        due = self.rung.due
        said = f"Due {spoken(due)}" if due else "You wanted to be reminded"
        late = f" This reminder is late: it was for {self.ring_at:%Y-%m-%d %H:%M}." if self.rung.late else ""
        return f"{said}.{late}"


def push_text(message: Message) -> bytes:
    """Returns the JSON that the page's service worker reads (adapters/web/push.js)."""
    rung = message.rung
    shown = {
        "id": rung.id,
        "tag": f"reminder-{rung.id}",
        "title": message.title,
        "body": message.text,
        "task_id": rung.task_id,
        "due": rung.due,
        "late": rung.late,
        "token": message.token,
    }
    return msgspec.json.encode(shown)


def mail_of(message: Message, to: str, page: str | None, unsubscribe: str | None) -> Mail:
    rung = message.rung
    lines = [message.title, "", message.text]
    if page:
        lines += ["", f"{page}/task/{rung.task_id}", "", ending(page)]
    return Mail(
        to=to,
        subject=f"Reminder: {' '.join(message.title.split())}",
        text="\n".join([*lines, ""]),
        id=f"reminder.{rung.id}.{sha256(rung.user_id.encode()).hexdigest()[:16]}",
        unsubscribe=unsubscribe,
    )


def ending(page: str) -> str:
    return f"You asked for these mails. To end them: {page}/settings/reminders"


def spoken(due: str) -> str:
    """Returns a due date for people: without the letter between day and time, and without the offset."""
    day, _, clock = due.partition("T")
    zone = due.partition("[")[2].rstrip("]")
    return " ".join(each for each in (day, clock[:5], f"({zone})" if zone else "") if each)
