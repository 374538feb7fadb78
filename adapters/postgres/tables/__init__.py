"""The schema. The keys of every table but `users` begin with `user_id`; columns have the names of the domain's
fields."""

from adapters.postgres.tables.accounts import api_tokens, email_links, password_resets, sessions, users
from adapters.postgres.tables.chat import conversations, steps, turns
from adapters.postgres.tables.columns import metadata
from adapters.postgres.tables.oauth import oauth_clients, oauth_codes, oauth_connections
from adapters.postgres.tables.reminders import notifications, push_subscriptions, reminder_settings, rings, used_actions
from adapters.postgres.tables.tasks import counters, events, lists, tasks, views
from adapters.postgres.tables.work import WEBHOOK_IS_BEHIND, idempotency_keys, jobs, rate_windows, webhooks

__all__ = [
    "SCHEMA_VERSION",
    "WEBHOOK_IS_BEHIND",
    "api_tokens",
    "conversations",
    "counters",
    "email_links",
    "events",
    "idempotency_keys",
    "jobs",
    "lists",
    "metadata",
    "oauth_clients",
    "oauth_codes",
    "oauth_connections",
    "notifications",
    "password_resets",
    "push_subscriptions",
    "rate_windows",
    "reminder_settings",
    "rings",
    "sessions",
    "steps",
    "tasks",
    "turns",
    "used_actions",
    "users",
    "views",
    "webhooks",
]

SCHEMA_VERSION = "0042"
"""The newest migration that this code needs. A newer database works too, since servers are replaced one after
another."""
