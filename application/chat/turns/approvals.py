"""Makes a turn wait for the user's yes where its calls would change much at once. Before the calls run, they are
planned once more: if that gives another plan, the user has agreed to something that no longer holds."""

import re
from collections.abc import Sequence

from application.ports import Clock, LanguageModel
from application.tools.planning import Planner, fingerprint_of
from application.tools.plans import planned_change, question_about
from domain.accounts.account import Caller
from domain.chat.approval import (
    APPROVAL_LIFETIME,
    CHANGED,
    MAX_SHOWN_CHANGES,
    REFUSED,
    ApprovalDecision,
    ApprovalPolicy,
    ApprovalRequest,
    Decision,
    approval_id,
)
from domain.chat.messages import ToolCall, ToolResult
from domain.chat.turn import Step, Turn
from domain.tasks.changes import ChangeKind, Event
from domain.tasks.task import Task

DELETING = re.compile(
    r"\b(?:delet|remov|trash|drop|discard|eras|scrap|clear|get(?:ting)? rid|throw|bin\b|lösch|entfern|supprim|efface"
    r"|elimin|borr|quita|apag|exclu|remov|cancell|verwijder|usuń|удал)|削除|删除|刪除|삭제|消し",
    re.IGNORECASE,
)
"""Words for "delete". In other languages, a deletion has to name its task, or waits for a yes."""
COMMON = frozenset({"task", "tasks", "list", "lists", "show", "what", "todo", "this", "that", "with", "from", "have"})
"""Words that name no task."""
_WORD = re.compile(r"\w{3,}")


class Approvals:
    def __init__(
        self,
        planner: Planner,
        model: LanguageModel,
        clock: Clock,
        policy: ApprovalPolicy = ApprovalPolicy.BULK,
    ) -> None:
        self._planner = planner
        self._model = model
        self._clock = clock
        self._policy = policy

    async def step_before(self, caller: Caller, turn: Turn, calls: Sequence[ToolCall]) -> Step | None:
        """Returns the step that the turn needs before the first of its pending calls runs, or None if that may run. The
        step asks the user, says that the plan of the user's yes no longer holds, or is the result of a call that was
        refused."""
        request = turn.approval_of(calls[0])
        if request is None:
            return await self._request(caller, turn, calls)
        decision = turn.decision_on(request)
        if decision is None or not decision.is_yes:
            return refused_result(calls[0], decision)
        if calls[0].id != request.call_ids[0]:
            return None
        plan = await self._planner.plan(caller, calls)
        return None if fingerprint_of(plan) == request.fingerprint else ApprovalDecision(request.id, Decision.CHANGED)

    async def _request(self, caller: Caller, turn: Turn, calls: Sequence[ToolCall]) -> ApprovalRequest | None:
        """Returns None if the calls need no approval, would change nothing, or have begun to run without one."""
        if calls[0] != turn.answers()[-1].calls[0]:
            return None
        is_held = self._are_held(turn, calls)
        if not is_held and not self._hangs_on_wish(turn, calls):
            return None
        plan = await self._planner.plan(caller, calls)
        if not plan or (not is_held and _names_all(turn.message, plan)):
            return None
        changes = tuple(planned_change(event) for event in plan)
        return ApprovalRequest(
            id=approval_id(turn.id, len(turn.steps) + 1),
            call_ids=tuple(call.id for call in calls),
            question=question_about(changes),
            changes=changes[:MAX_SHOWN_CHANGES],
            total_changes=len(changes),
            fingerprint=fingerprint_of(plan),
            expires_at=self._clock() + APPROVAL_LIFETIME,
        )

    def _are_held(self, turn: Turn, calls: Sequence[ToolCall]) -> bool:
        """Counts what the turn has asked for until now, but for what the user has agreed to."""
        free = [call for answer in turn.answers() for call in answer.calls if turn.approval_of(call) is None]
        return self._policy.holds(self._planner.actions(calls), self._planner.actions(free))

    def _hangs_on_wish(self, turn: Turn, calls: Sequence[ToolCall]) -> bool:
        """Returns whether a language model deletes although its user did not speak of deleting. It may have followed
        the text of a task, which never counts as the user's wish."""
        if self._policy is not ApprovalPolicy.BULK or self._model.is_program or DELETING.search(turn.message):
            return False
        return "delete" in self._planner.actions(calls)


def refused_result(call: ToolCall, decision: ApprovalDecision | None = None) -> ToolResult:
    was_changed = decision is not None and decision.decision is Decision.CHANGED
    output = {"success": False, "message": CHANGED if was_changed else REFUSED, "data": None}
    return ToolResult(call.id, call.name, output)


def _names_all(message: str, plan: Sequence[Event]) -> bool:
    """Returns whether the message has the number or a word of every task that would be deleted by itself."""
    said = _words(message)
    deleted = [event.before for event in plan if event.kind is ChangeKind.DELETED and isinstance(event.before, Task)]
    first = [task for task in deleted if task.parent_id not in {each.id for each in deleted}]
    return all(str(task.id) in re.findall(r"\d+", message) or said & _words(task.title) for task in first)


def _words(text: str) -> set[str]:
    """Returns the beginnings of the words that can name a task, as words are inflected at their ends."""
    return {word[:5] for word in _WORD.findall(text.casefold()) if word not in COMMON}
