"""The ports of the use-cases, in their own words. Adapters subclass them."""

from application.ports.accounts import (
    AccessTokens,
    AccountRepository,
    BearerAuthenticator,
    EmailAddresses,
    Mailer,
    PasswordHasher,
    PasswordMatch,
    TokenClaims,
)
from application.ports.api_tokens import ApiTokenRepository
from application.ports.changes import EntityRepository, EventLog, Span, changes_topic
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
from application.ports.requests import IdempotencyKeys, RateLimiter
from application.ports.sessions import SESSIONS_TOPIC, SessionRepository
from application.ports.tasks import TaskRepository
from application.ports.webhooks import WEBHOOKS_TOPIC, WebhookRepository, WebhookSender
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
    "Mailer",
    "Part",
    "PasswordHasher",
    "PasswordMatch",
    "Prompt",
    "RateLimiter",
    "Readiness",
    "SESSIONS_TOPIC",
    "SessionRepository",
    "Span",
    "TaskRepository",
    "TextDelta",
    "ThoughtDelta",
    "TokenClaims",
    "AccessTokens",
    "ToolDefinition",
    "Transaction",
    "TurnRepository",
    "UnitOfWork",
    "Usage",
    "WEBHOOKS_TOPIC",
    "Waiter",
    "Wakeups",
    "WebhookRepository",
    "WebhookSender",
    "changes_topic",
]
