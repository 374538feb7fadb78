from dataclasses import dataclass

from domain.errors import QuotaReached

REMEDIES = {
    "tasks": "Delete some first.",
    "bytes": "Delete what you no longer need. It counts until the trash is emptied and the log of changes forgets it.",
    "conversations": "Delete some. They count until they are purged.",
    "API tokens": "Revoke one first.",
    "webhooks": "Delete one first.",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotas:
    """A quota of 0 means no limit. docs/quotas.md says what counts as bytes."""

    tasks: int = 100_000
    bytes: int = 1_000_000_000
    conversations: int = 10_000
    api_tokens: int = 50
    webhooks: int = 5

    def check_tasks(self, count: int) -> None:
        _check("tasks", count, self.tasks)

    def check_bytes(self, count: int) -> None:
        _check("bytes", count, self.bytes)

    def check_conversations(self, count: int) -> None:
        _check("conversations", count, self.conversations)

    def check_api_tokens(self, count: int) -> None:
        _check("API tokens", count, self.api_tokens)

    def check_webhooks(self, count: int) -> None:
        _check("webhooks", count, self.webhooks)


DEFAULT_QUOTAS = Quotas()


def _check(kind: str, count: int, most: int) -> None:
    """Raises `QuotaReached` if `count`, which includes what is being added, exceeds the quota."""
    if most and count > most:
        raise QuotaReached(f"You may keep {most:,} {kind}, and this would be more. {REMEDIES[kind]}")
