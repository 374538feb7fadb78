"""What calls of tools would change: the plan that a user sees before they approve it. A plan comes from running the
calls in a unit of work that is rolled back."""

from collections.abc import Iterable, Sequence
from hashlib import sha256

from application.ports import EventLog, Transaction
from application.retry import retried
from application.tools.results import ToolOutput
from application.tools.toolbox import Toolbox
from domain.accounts.account import Caller
from domain.chat.approval import CHANGED
from domain.chat.messages import ToolCall
from domain.errors import Conflict, Refusal, TurnTaken, Unavailable
from domain.tasks.changes import Event

MAX_PLANNED = 100_000
"""More events than one call can make."""


class Planner:
    def __init__(self, toolbox: Toolbox, log: EventLog, transaction: Transaction) -> None:
        self._toolbox = toolbox
        self._log = log
        self._transaction = transaction

    def actions(self, calls: Iterable[ToolCall]) -> list[str]:
        return [action for call in calls for action in self._toolbox.actions(call.name, call.arguments)]

    @retried
    async def plan(self, caller: Caller, calls: Sequence[ToolCall]) -> Sequence[Event]:
        """Returns what the calls would change now. A call that would be refused changes nothing."""
        async with self._transaction():
            newest = await self._newest(caller)
            for call in calls:
                await self._try_out(caller, call)
            return await self._since(caller, newest)

    @retried
    async def run(self, caller: Caller, call: ToolCall, fingerprint: str) -> ToolOutput:
        """Runs the call if its plan still has the fingerprint. Otherwise, raises `Conflict`, and nothing is done."""
        async with self._transaction() as work:
            newest = await self._newest(caller)
            output = await self._toolbox.call(caller, call.name, call.arguments)
            if fingerprint_of(await self._since(caller, newest)) != fingerprint:
                raise Conflict(CHANGED)
            await work.commit()
        return output

    async def _newest(self, caller: Caller) -> int:
        return (await self._log.span(caller.user_id)).newest

    async def _since(self, caller: Caller, revision: int) -> Sequence[Event]:
        """Returns the caller's own events. Until its first change locks the log, others may write to it."""
        events = await self._log.page(caller.user_id, MAX_PLANNED, after=revision)
        return [event for event in events if event.actor == caller.actor and (event.before or event.after)]

    async def _try_out(self, caller: Caller, call: ToolCall) -> None:
        try:
            await self._toolbox.run(caller, call.name, call.arguments)
        except (Unavailable, TurnTaken):
            raise
        except Refusal:
            return


def fingerprint_of(plan: Sequence[Event]) -> str:
    """Returns a hash of the states that the plan begins with. What follows from them is decided by the calls."""
    seen = [(event.entity, event.kind, event.before and (event.entity_id, event.before)) for event in plan]
    return sha256(repr(seen).encode()).hexdigest()
