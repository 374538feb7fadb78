"""The mail of the morning: what is due today, and what is overdue."""

import logging
from datetime import datetime
from hashlib import sha256

from application.accounts.calendars import Calendars
from application.ports import AccountRepository, Mail, ReminderMailer, ReminderSettingsRepository
from application.reminders.channels import MailChannel
from application.reminders.messages import spoken
from application.tasks.query import TaskSearch
from application.tasks.use_cases import Tasks
from domain.accounts.account import Caller, User
from domain.tasks.task import Task
from domain.webhooks.webhook import Undelivered

MAILS_AT_ONCE = 20
MAX_TASKS = 50
FILTER = "today | overdue"

log = logging.getLogger(__name__)


class Mornings:
    def __init__(
        self,
        settings: ReminderSettingsRepository,
        accounts: AccountRepository,
        tasks: Tasks,
        calendars: Calendars,
        mailer: ReminderMailer,
        mails: MailChannel,
    ) -> None:
        self._settings = settings
        self._accounts = accounts
        self._tasks = tasks
        self._calendars = calendars
        self._mailer = mailer
        self._mails = mails

    async def send_due(self, now: datetime) -> bool:
        """Returns whether there may be more. A mail that can't be sent is tried again after an hour."""
        users = await self._settings.claim_mornings(now, MAILS_AT_ONCE)
        for user_id in users:
            await self._send(user_id)
        return len(users) == MAILS_AT_ONCE

    async def _send(self, user_id: str) -> None:
        local, _ = await self._calendars.now(user_id)
        settings = await self._settings.get(user_id)
        user = await self._accounts.get(user_id)
        if user and user.email and user.email_confirmed and settings.morning_time:
            try:
                await self._mail(user, local)
            except Undelivered as failure:
                log.warning("a mail of the morning was not sent: %s", failure)
                return
        await self._settings.set_morning(user_id, settings.next_morning(local))

    async def _mail(self, user: User, local: datetime) -> None:
        search = TaskSearch(filter=FILTER, sort="due", limit=MAX_TASKS)
        page = await self._tasks.search(Caller(user.id), search)
        if not page.tasks:
            return
        more = [f"… and {page.total.count - len(page.tasks)} more"] if page.total.count > len(page.tasks) else []
        lines = [f"Due on {local:%A, %d %B}:", "", *map(_line, page.tasks), *more, *self._mails.ending(), ""]
        mail = Mail(
            to=user.email or "",
            subject=f"{page.total.count} due: {' '.join(page.tasks[0].title.split())}",
            text="\n".join(lines),
            id=f"morning.{local:%Y-%m-%d}.{sha256(user.id.encode()).hexdigest()[:16]}",
            unsubscribe=self._mails.unsubscribe(user.id, "morning"),
        )
        await self._mailer.send(mail)


def _line(task: Task) -> str:
    due = f" ({spoken(task.due)})" if task.due else ""
    return f"- {' '.join(task.title.split())}{due}"
