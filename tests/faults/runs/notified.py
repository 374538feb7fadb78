"""A browser and a mailbox for each user of a run of reminders, and what they got."""

import json
import re
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from datetime import UTC, datetime
from hashlib import sha256

from sqlalchemy import func, select

from adapters.postgres.accounts.account_repository import PostgresAccounts
from adapters.postgres.driver.database import Database
from adapters.postgres.reminders.push_repository import PostgresPushSubscriptions
from adapters.postgres.reminders.settings_repository import PostgresReminderSettings
from adapters.postgres.tables import notifications
from domain.reminders.settings import ReminderSettings
from tests.servers.mail_server import Inbox, smtp_server
from tests.servers.push_service import Browser, PushService, running

Ring = tuple[str, int]
"""A user and the id with which a reminder rang."""
MESSAGE_ID = re.compile(rb"^Message-ID: <reminder\.(\d+)\.(\w+)@", re.MULTILINE)


class Receivers:
    def __init__(self, service: PushService, inbox: Inbox, smtp_port: int) -> None:
        self._service = service
        self._inbox = inbox
        self._browsers: dict[str, Browser] = {}
        self.smtp_url = f"smtp://127.0.0.1:{smtp_port}?from=todo@example.com"

    async def subscribe(self, database: Database, user_ids: Iterable[str]) -> None:
        now = datetime.now(UTC)
        for user_id in user_ids:
            browser = self._browsers[user_id] = Browser()
            address = f"http://127.0.0.1:{self._service.port}/{user_id}"
            async with database() as work:
                await PostgresAccounts(database).confirm_email(user_id, now)
                await PostgresReminderSettings(database).save(user_id, ReminderSettings(mail=True), None)
                new = replace(browser.subscription(address), user_id=user_id, id=user_id)
                await PostgresPushSubscriptions(database).add(new)
                await work.commit()

    def judged(self, rung: set[Ring]) -> bool:
        """Prints what each ring came to. Whoever got a ring twice drops it by its id."""
        pushed, mailed = Counter(self._pushed()), Counter(self._mailed(rung))
        for name, got in (("push", pushed), ("mail", mailed)):
            again = sum(count - 1 for count in got.values())
            print(f"by {name}: {len(got)} of {len(rung)}, lost {len(rung - got.keys())}, sent again {again}")
        return rung == pushed.keys() == mailed.keys()

    def _pushed(self) -> Iterable[Ring]:
        for headers, body in self._service.taken:
            user_id = headers[":path"].removeprefix("/")
            yield user_id, int(json.loads(self._browsers[user_id].read(body))["id"])

    def _mailed(self, rung: set[Ring]) -> Iterable[Ring]:
        users = {sha256(user_id.encode()).hexdigest()[:16]: user_id for user_id, _ in rung}
        for envelope in self._inbox.envelopes:
            assert isinstance(envelope.content, bytes)
            found = MESSAGE_ID.search(envelope.content)
            assert found
            yield users[found[2].decode()], int(found[1])


@asynccontextmanager
async def receiving() -> AsyncIterator[Receivers]:
    inbox = Inbox()
    async with running() as service, smtp_server(inbox) as port:
        yield Receivers(service, inbox, port)


async def under_way(database: Database) -> int:
    [(left,)] = await database.run(select(func.count()).select_from(notifications))
    return int(left)
