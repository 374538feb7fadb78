"""Lets a call that stands outside of any chat, as those of MCP clients do, wait for the user's yes. Nothing is stored
while the user is asked. The question goes out with a signed state, and the answer brings it back, to any server."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256

from application.action_tokens import ActionTokens
from application.idempotency import Once, Result
from application.tools.planning import Planner, fingerprint_of
from application.tools.plans import planned_change, text_of
from application.tools.results import ToolOutput
from domain.accounts.account import Caller
from domain.chat.approval import APPROVAL_LIFETIME, REFUSED, ApprovalPolicy
from domain.chat.messages import ToolCall
from domain.errors import Conflict, InvalidLink
from domain.idempotency import Key

PURPOSE = "approval of a call"
USELESS = (
    "Nothing was done: this approval is more than ten minutes old, or it is not for this call. Call the tool again"
    " without it, and the user will be asked again."
)


@dataclass(frozen=True, slots=True)
class Question:
    """The plan in words, and the state that the answer has to bring back."""

    text: str
    state: str


class CallApprovals:
    def __init__(
        self,
        planner: Planner,
        tokens: ActionTokens,
        once: Once,
        new_id: Callable[[], str],
        policy: ApprovalPolicy = ApprovalPolicy.BULK,
    ) -> None:
        self._planner = planner
        self._tokens = tokens
        self._once = once
        self._new_id = new_id
        self._policy = policy

    def holds(self, call: ToolCall) -> bool:
        """Returns whether the call waits for the user, by the rule of chat turns. Each call counts by itself."""
        actions = self._planner.actions([call])
        return self._policy.holds(actions, actions)

    async def question(self, caller: Caller, call: ToolCall) -> Question | None:
        """Returns None if the call would change nothing."""
        plan = await self._planner.plan(caller, [call])
        if not plan:
            return None
        subject = f"{self._new_id()} {_digest(caller, call)} {fingerprint_of(plan)}"
        state = self._tokens.issue(PURPOSE, caller.user_id, subject, APPROVAL_LIFETIME)
        return Question(text_of([planned_change(event) for event in plan]), state)

    async def run(self, caller: Caller, call: ToolCall, state: str) -> ToolOutput:
        """Runs a call that the user has agreed to. If the state comes a second time, returns the output of the first.
        The fingerprint alone would not do: it holds again once what was deleted is restored. Raises `Conflict` if the
        state is not for this call of this caller, too old or refused, or if the plan is another one by now."""
        number, fingerprint = self._read(caller, call, state)

        async def act() -> ToolOutput:
            return await self._planner.run(caller, call, fingerprint)

        result = await self._once.run(caller, _key(caller, call, number), act, ToolOutput)
        assert isinstance(result, Result), "an approval of a call begins no turn"
        if not result.value.success:
            raise Conflict(result.value.message)
        return result.value

    async def refuse(self, caller: Caller, call: ToolCall, state: str) -> None:
        """Makes the state worthless, unless its call has run. Raises `Conflict` if the state is not for this call."""
        number, _ = self._read(caller, call, state)

        async def act() -> ToolOutput:
            return ToolOutput(False, REFUSED)

        await self._once.run(caller, _key(caller, call, number), act, ToolOutput)

    def _read(self, caller: Caller, call: ToolCall, state: str) -> tuple[str, str]:
        try:
            user_id, subject = self._tokens.read(PURPOSE, state)
        except InvalidLink:
            raise Conflict(USELESS) from None
        number, digest, fingerprint = subject.split()
        if (user_id, digest) != (caller.user_id, _digest(caller, call)):
            raise Conflict(USELESS)
        return number, fingerprint


def _key(caller: Caller, call: ToolCall, number: str) -> Key:
    """Returns a key that no client can send: there is a space in it."""
    return Key(f"{PURPOSE} {number}", _digest(caller, call).encode())


def _digest(caller: Caller, call: ToolCall) -> str:
    return sha256(f"{call.name}\n{call.arguments}\n{caller.limits}".encode()).hexdigest()
