"""How somebody gets at a user's data without the password: sessions, API tokens and webhooks, which end together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from application.accounts.sessions import Sessions
from application.ports import ApiTokenRepository, Clock, WebhookRepository
from domain.accounts.session import Session


@dataclass(frozen=True, slots=True)
class Programs:
    """How many API tokens and webhooks there are, or were."""

    api_tokens: int
    webhooks: int


@dataclass(frozen=True, slots=True)
class Ended:
    sessions: Sequence[Session]
    programs: Programs | None
    """None: they go on."""


class Access:
    """`forget` makes this server ask the database again about the API tokens of a user."""

    def __init__(
        self,
        sessions: Sessions,
        tokens: ApiTokenRepository,
        webhooks: WebhookRepository,
        clock: Clock,
        forget: Callable[[str], None],
    ) -> None:
        self._sessions = sessions
        self._tokens = tokens
        self._webhooks = webhooks
        self._clock = clock
        self._forget = forget

    async def end(self, user_id: str, *, programs: bool, but: str | None = None) -> Ended:
        """Ends all sessions but one, and with `programs` all API tokens and webhooks.

        Called inside a unit of work; when that is committed, tell what it returned to `felt`.
        """
        ended = await self._end_programs(user_id) if programs else None
        return Ended(await self._sessions.end(user_id, but=but), ended)

    def felt(self, user_id: str, ended: Ended) -> None:
        self._sessions.felt(ended.sessions)
        self._forget(user_id)

    async def programs(self, user_id: str) -> Programs:
        """Returns how many there are."""
        tokens = await self._tokens.live(user_id, self._clock())
        return Programs(len(tokens), len(await self._webhooks.all(user_id)))

    async def _end_programs(self, user_id: str) -> Programs:
        """Whoever adds a webhook meanwhile waits for this, and is then checked by `check_signed_in`."""
        webhooks = await self._webhooks.all_to_add(user_id)
        for webhook in webhooks:
            await self._webhooks.delete(user_id, webhook.id)
        return Programs(await self._tokens.revoke_all(user_id, self._clock()), len(webhooks))
