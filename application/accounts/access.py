"""How somebody gets at a user's data without the password: sessions, API tokens and webhooks, which end together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from application.accounts.sessions import Sessions
from application.ports import ApiTokenRepository, Clock, WebhookRepository
from domain.accounts.session import Session


@dataclass(frozen=True, slots=True)
class Integrations:
    """How many API tokens and webhooks there are, or were."""

    api_tokens: int
    webhooks: int


@dataclass(frozen=True, slots=True)
class EndedAccess:
    sessions: Sequence[Session]
    integrations: Integrations | None
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

    async def end(self, user_id: str, *, integrations: bool, except_id: str | None = None) -> EndedAccess:
        """Ends all sessions but one, and with `integrations` all API tokens and webhooks.

        Called inside a unit of work; when that is committed, tell what it returned to `note_ended`.
        """
        ended = await self._end_programs(user_id) if integrations else None
        return EndedAccess(await self._sessions.end(user_id, except_id=except_id), ended)

    def note_ended(self, user_id: str, ended: EndedAccess) -> None:
        self._sessions.note_ended(ended.sessions)
        self._forget(user_id)

    async def integrations(self, user_id: str) -> Integrations:
        """Returns how many there are."""
        tokens = await self._tokens.live(user_id, self._clock())
        return Integrations(len(tokens), len(await self._webhooks.all(user_id)))

    async def _end_programs(self, user_id: str) -> Integrations:
        """Whoever adds a webhook meanwhile waits for this, and is then checked by `check_signed_in`."""
        webhooks = await self._webhooks.all_to_add(user_id)
        for webhook in webhooks:
            await self._webhooks.delete(user_id, webhook.id)
        return Integrations(await self._tokens.revoke_all(user_id, self._clock()), len(webhooks))
