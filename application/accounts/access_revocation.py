"""The ways to a user's data without the password: sessions, API tokens, connections and webhooks. They are revoked
together."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from application.accounts.sessions import Sessions
from application.oauth.connections import Connections
from application.ports import ApiTokenRepository, Clock, PushSubscriptionRepository, WebhookRepository
from domain.accounts.session import Session
from domain.oauth.connections import Connection


@dataclass(frozen=True, slots=True)
class Integrations:
    api_tokens: int
    webhooks: int
    connections: int = 0


@dataclass(frozen=True, slots=True)
class EndedAccess:
    sessions: Sequence[Session]
    integrations: Integrations | None
    """None if they stay valid."""
    connections: Sequence[Connection] = ()


class AccessRevocation:
    """`forget` makes this server read the API tokens of a user from the database again."""

    def __init__(
        self,
        sessions: Sessions,
        tokens: ApiTokenRepository,
        webhooks: WebhookRepository,
        connections: Connections,
        subscriptions: PushSubscriptionRepository,
        clock: Clock,
        forget: Callable[[str], None],
    ) -> None:
        self._sessions = sessions
        self._tokens = tokens
        self._webhooks = webhooks
        self._connections = connections
        self._subscriptions = subscriptions
        self._clock = clock
        self._forget = forget

    async def end(self, user_id: str, *, integrations: bool, except_id: str | None = None) -> EndedAccess:
        """Ends all sessions but one, and with `integrations` all API tokens, connections and webhooks. It is called
        inside a unit of work. After the commit, pass its result to `note_ended`."""
        connections = await self._connections.end_all(user_id) if integrations else ()
        ended = await self._end_programs(user_id, len(connections)) if integrations else None
        return EndedAccess(await self._sessions.end(user_id, except_id=except_id), ended, connections)

    def note_ended(self, user_id: str, ended: EndedAccess) -> None:
        self._sessions.note_ended(ended.sessions)
        self._connections.note_ended(ended.connections)
        self._forget(user_id)

    async def integrations(self, user_id: str) -> Integrations:
        tokens = await self._tokens.live(user_id, self._clock())
        connections = await self._connections.live(user_id)
        return Integrations(len(tokens), len(await self._webhooks.all(user_id)), len(connections))

    async def _end_programs(self, user_id: str, connections: int) -> Integrations:
        """Deletes all webhooks and push subscriptions, and revokes all API tokens. A concurrent request that adds one
        waits for this, and is then refused by `check_signed_in`."""
        webhooks = await self._webhooks.all_to_add(user_id)
        for webhook in webhooks:
            await self._webhooks.delete(user_id, webhook.id)
        for subscription in await self._subscriptions.all(user_id):
            await self._subscriptions.delete(user_id, subscription.id)
        return Integrations(await self._tokens.revoke_all(user_id, self._clock()), len(webhooks), connections)
