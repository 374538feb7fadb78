"""The ports of the use-cases: the interfaces that adapters implement, named in the terms of the use-cases."""

from application.ports.access.accounts import (
    AccessTokens,
    AccountRepository,
    BearerAuthenticator,
    EmailAddresses,
    Mailer,
    PasswordHasher,
    PasswordMatch,
    Resource,
    TokenClaims,
    nowhere,
)
from application.ports.access.api_tokens import ApiTokenRepository
from application.ports.access.sessions import SessionRepository
from application.ports.changes import EntityRepository, EventLog, Span
from application.ports.conversations import ConversationCursor, ConversationRepository, TurnRepository
from application.ports.due_work import ClaimedJob, DueWork, JobRepository
from application.ports.models import (
    Finished,
    FinishReason,
    LanguageModel,
    Part,
    Prompt,
    TextDelta,
    ThoughtDelta,
    ToolDefinition,
    Usage,
)
from application.ports.reminders import (
    Mail,
    NotificationRepository,
    PushSender,
    PushSubscriptionRepository,
    ReminderMailer,
    ReminderSettingsRepository,
    RingRepository,
    RingTime,
    RungUser,
    UntimedRing,
)
from application.ports.requests import IdempotencyKeys, RateLimiter
from application.ports.tasks import TaskRepository
from application.ports.trash import TrashRepository
from application.ports.webhooks import WebhookRepository, WebhookSender
from application.ports.work import Clock, Readiness, Transaction, UnitOfWork, Waiter, Wakeups

__all__ = [
    "AccountRepository",
    "ConversationCursor",
    "ApiTokenRepository",
    "BearerAuthenticator",
    "ClaimedJob",
    "Clock",
    "ConversationRepository",
    "DueWork",
    "EmailAddresses",
    "EntityRepository",
    "EventLog",
    "FinishReason",
    "Finished",
    "IdempotencyKeys",
    "JobRepository",
    "LanguageModel",
    "Mail",
    "Mailer",
    "NotificationRepository",
    "Part",
    "PasswordHasher",
    "PasswordMatch",
    "Prompt",
    "PushSender",
    "PushSubscriptionRepository",
    "RateLimiter",
    "Readiness",
    "Resource",
    "ReminderMailer",
    "ReminderSettingsRepository",
    "RingRepository",
    "RingTime",
    "RungUser",
    "SessionRepository",
    "Span",
    "TaskRepository",
    "TextDelta",
    "ThoughtDelta",
    "TokenClaims",
    "AccessTokens",
    "ToolDefinition",
    "Transaction",
    "TrashRepository",
    "TurnRepository",
    "UnitOfWork",
    "UntimedRing",
    "Usage",
    "Waiter",
    "Wakeups",
    "WebhookRepository",
    "WebhookSender",
    "nowhere",
]
