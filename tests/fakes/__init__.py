"""Fakes of the ports: in memory, as strict as the real adapters, held to the same contract suites.

A fake is in the module that is called as its port is; the fake of the turns has one to itself.
"""

from tests.fakes.accounts import (
    FakeAccounts,
    FakeEmailAddresses,
    FakeMailer,
    FakePasswords,
    FakeTokens,
    add_users,
    user,
)
from tests.fakes.api_tokens import FakeApiTokens
from tests.fakes.changes import FakeEntities, FakeEventLog, announce_changes, log_event
from tests.fakes.conversations import FakeConversations
from tests.fakes.due_work import FakeJobs
from tests.fakes.models import ScriptedModel
from tests.fakes.notifications import (
    FakeNotifications,
    FakePushService,
    FakePushSubscriptions,
    FakeReminderMailer,
    FakeReminderSettings,
)
from tests.fakes.oauth import (
    FakeAssertions,
    FakeClients,
    FakeCodes,
    FakeConnections,
    FakeDocuments,
    FakeOAuthTokens,
)
from tests.fakes.reminders import FakeRings
from tests.fakes.requests import FakeIdempotencyKeys, FakeRateLimiter
from tests.fakes.sessions import FakeSessions
from tests.fakes.tasks import FakeTasks, in_order, is_beyond, matches
from tests.fakes.trash import FakeTrash
from tests.fakes.turns import FakeTurns
from tests.fakes.webhooks import FakeReceiver, FakeWebhooks
from tests.fakes.work import FakeClock, FakeStore, FakeWaiter, FakeWakeups, FakeWork, Rows

__all__ = [
    "FakeAccounts",
    "FakeApiTokens",
    "FakeAssertions",
    "FakeClients",
    "FakeClock",
    "FakeCodes",
    "FakeConnections",
    "FakeConversations",
    "FakeDocuments",
    "FakeEmailAddresses",
    "FakeEntities",
    "FakeEventLog",
    "FakeIdempotencyKeys",
    "FakeJobs",
    "FakeMailer",
    "FakeOAuthTokens",
    "FakeNotifications",
    "FakePasswords",
    "FakePushService",
    "FakePushSubscriptions",
    "FakeRateLimiter",
    "FakeReceiver",
    "FakeReminderMailer",
    "FakeReminderSettings",
    "FakeRings",
    "FakeSessions",
    "FakeStore",
    "FakeTasks",
    "FakeTokens",
    "FakeTrash",
    "FakeTurns",
    "FakeWaiter",
    "FakeWakeups",
    "FakeWebhooks",
    "FakeWork",
    "Rows",
    "ScriptedModel",
    "add_users",
    "announce_changes",
    "in_order",
    "is_beyond",
    "log_event",
    "matches",
    "user",
]
