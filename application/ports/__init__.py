"""What the use-cases need from outside, in their own words. Adapters subclass these."""

from application.ports.accounts import (
    AccountRepository,
    BearerTokens,
    EmailAddresses,
    Mailer,
    PasswordHasher,
    TokenClaims,
    Tokens,
)
from application.ports.api_tokens import ApiTokenRepository
from application.ports.conversations import Activity, ConversationRepository, TurnRepository
from application.ports.due_work import ClaimedJob, DueWork, JobRepository
from application.ports.models import LanguageModel, Part, Prompt, TextDelta, ToolDefinition, Usage
from application.ports.requests import IdempotencyKeys, RateLimiter
from application.ports.sessions import SESSIONS_TOPIC, SessionRepository
from application.ports.tasks import EventLog, Span, TaskRepository, changes_topic
from application.ports.webhooks import WEBHOOKS_TOPIC, WebhookRepository, WebhookSender
from application.ports.work import Clock, Readiness, Transaction, UnitOfWork, Waiter, Wakeups

__all__ = [
    "AccountRepository",
    "Activity",
    "ApiTokenRepository",
    "BearerTokens",
    "ClaimedJob",
    "Clock",
    "ConversationRepository",
    "DueWork",
    "EmailAddresses",
    "EventLog",
    "IdempotencyKeys",
    "JobRepository",
    "LanguageModel",
    "Mailer",
    "Part",
    "PasswordHasher",
    "Prompt",
    "RateLimiter",
    "Readiness",
    "SESSIONS_TOPIC",
    "SessionRepository",
    "Span",
    "TaskRepository",
    "TextDelta",
    "TokenClaims",
    "Tokens",
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
