"""Use-cases of connections: a user sees which clients are connected, and ends them."""

from collections.abc import Sequence
from datetime import timedelta

from application.accounts.revocations import Revocations
from application.ports import Clock, Transaction
from application.ports.access.oauth import CodeRepository, ConnectionRepository
from application.retry import retried
from domain.accounts.account import Caller
from domain.errors import NotFound
from domain.oauth.codes import CODE_KEPT
from domain.oauth.connections import Connection

AT_ONCE = 1_000


class Connections:
    """Connections can be managed by the user only: `all` and `end` raise `Forbidden` for a caller with a token. `kept`
    is for how long the log of changes may name a connection that has ended."""

    def __init__(
        self,
        connections: ConnectionRepository,
        codes: CodeRepository,
        transaction: Transaction,
        revocations: Revocations,
        clock: Clock,
        kept: timedelta,
    ) -> None:
        self._connections = connections
        self._codes = codes
        self._transaction = transaction
        self._revocations = revocations
        self._clock = clock
        self._kept = kept

    async def all(self, caller: Caller) -> Sequence[Connection]:
        caller.check_is_user()
        return await self.live(caller.user_id)

    async def live(self, user_id: str) -> Sequence[Connection]:
        return await self._connections.live(user_id, self._clock())

    async def end(self, caller: Caller, connection_id: str) -> None:
        """Ends the connection: its access tokens are refused at once on this server, and within seconds on all."""
        caller.check_is_user()
        self.note_ended(await self._end(caller.user_id, connection_id))

    async def end_all(self, user_id: str) -> Sequence[Connection]:
        """Ends all connections, and those that are about to begin. It is called inside a unit of work that has locked
        the user. After the commit, pass its result to `note_ended`."""
        await self._codes.cancel(user_id)
        ended = await self._connections.end(user_id, self._clock())
        if ended:
            await self._revocations.announce()
        return ended

    def note_ended(self, ended: Sequence[Connection]) -> None:
        self._revocations.note(ended)

    async def forget_codes(self) -> bool:
        """Returns whether more is left."""
        return await self._codes.forget(self._clock() - CODE_KEPT, AT_ONCE) == AT_ONCE

    async def forget_ended(self) -> bool:
        """Returns whether more is left."""
        return await self._connections.forget(self._clock() - self._kept, AT_ONCE) == AT_ONCE

    @retried
    async def _end(self, user_id: str, connection_id: str) -> Sequence[Connection]:
        async with self._transaction() as work:
            ended = await self._connections.end(user_id, self._clock(), only=connection_id)
            if not ended:
                raise NotFound("There is no such connection. It may have ended already.")
            await self._revocations.announce()
            await work.commit()
        return ended
