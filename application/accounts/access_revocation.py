"""The ways to a user's data without the password: sessions, API tokens and webhooks. They are revoked together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from application.accounts.sessions import Sessions
from application.ports import ApiTokenRepository, Clock, WebhookRepository
from domain.accounts.session import Session


@dataclass(frozen=True, slots=True)
class Integrations:
    """The numbers of API tokens and webhooks of a user."""

    api_tokens: int
    webhooks: int


@dataclass(frozen=True, slots=True)
class EndedAccess:
    sessions: Sequence[Session]
    integrations: Integrations | None
    """None if they stay valid."""


class AccessRevocation:
    """Revokes the ways to a user's data. `forget` makes this server read the API tokens of a user from the database
    again."""

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

        It is called inside a unit of work. After the commit, pass its result to `note_ended`.
        """
        ended = await self._end_programs(user_id) if integrations else None
        return EndedAccess(await self._sessions.end(user_id, except_id=except_id), ended)

    def note_ended(self, user_id: str, ended: EndedAccess) -> None:
        self._sessions.note_ended(ended.sessions)
        self._forget(user_id)

    async def integrations(self, user_id: str) -> Integrations:
        tokens = await self._tokens.live(user_id, self._clock())
        return Integrations(len(tokens), len(await self._webhooks.all(user_id)))

    async def _end_programs(self, user_id: str) -> Integrations:
        """Deletes all webhooks and revokes all API tokens. A concurrent request that adds a webhook waits for this, and
        is then refused by `check_signed_in`.
        """
        webhooks = await self._webhooks.all_to_add(user_id)
        for webhook in webhooks:
            await self._webhooks.delete(user_id, webhook.id)
        return Integrations(await self._tokens.revoke_all(user_id, self._clock()), len(webhooks))
