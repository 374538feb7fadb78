"""Chat turns in memory."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

from application.ports import TurnRepository
from domain.chat.turn import DayUsage, Feedback, Step, Turn, TurnState, state_after
from domain.errors import TurnTaken
from tests.fakes.work import FakeStore, Rows

USED = ("prompt_tokens", "completion_tokens", "cached_tokens", "model_milliseconds")


class FakeTurns(TurnRepository):
    def __init__(self, store: FakeStore) -> None:
        self._store = store

    async def add(self, turn: Turn) -> Turn | None:
        rows = self._store.writing()
        if await self.running(turn.user_id, turn.conversation_id):
            return None
        numbered = replace(turn, number=len(self._of(turn.user_id, turn.conversation_id)) + 1)
        rows.turns[turn.user_id, turn.id] = numbered
        self._store.check_quotas(turn.user_id)
        key = (turn.user_id, turn.conversation_id)
        rows.conversations[key] = replace(rows.conversations[key], updated_at=turn.created_at)
        return numbered

    async def get(self, user_id: str, turn_id: str) -> Turn | None:
        self._store.reached()
        return self._store.rows.turns.get((user_id, turn_id))

    async def running(self, user_id: str, conversation_id: str) -> Turn | None:
        own = self._of(user_id, conversation_id)
        return next((turn for turn in own if turn.state is TurnState.RUNNING), None)

    async def claim(self, turn: Turn, lease: str, until: datetime) -> Turn:
        rows = self._store.writing()
        self._held(rows, turn)
        fresh = replace(turn, state=TurnState.RUNNING, lease=lease, lease_until=until, stop_requested=False)
        rows.turns[turn.user_id, turn.id] = claimed = replace(fresh, draft="", error=None)
        return claimed

    async def renew(self, turn: Turn, until: datetime, said: str = "") -> bool:
        self._store.reached()
        rows = self._store.rows
        draft = self._held(rows, turn).draft + said
        return self._change(rows, turn, True, lease_until=until, draft=draft).stop_requested

    async def add_step(self, turn: Turn, step: Step, now: datetime, until: datetime | None) -> Turn:
        self._store.reached()
        rows = self._store.rows
        stored = self._held(rows, turn)
        assert len(turn.steps) == len(stored.steps), "steps are numbered from 1, without a gap"
        steps = (*stored.steps, step)
        used = {name: getattr(turn, name) for name in ("model", *USED)}
        state = state_after(step) if until is None else turn.state
        return self._change(rows, turn, True, steps=steps, draft="", lease_until=until, state=state, **used)

    async def end(self, turn: Turn, state: TurnState, now: datetime, error: str | None = None) -> Turn:
        return self._change(self._store.writing(), turn, True, state=state, error=error, lease_until=None)

    async def interrupt(self, turn: Turn, now: datetime) -> None:
        self._change(self._store.writing(), turn, state=TurnState.INTERRUPTED, lease=None)

    async def request_stop(self, user_id: str, turn_id: str) -> None:
        turns = self._store.writing().turns
        turns[user_id, turn_id] = replace(turns[user_id, turn_id], stop_requested=True)

    async def newest(
        self, user_id: str, conversation_id: str, limit: int, *, before: int | None = None, after: int = 0
    ) -> Sequence[Turn]:
        turns = [turn for turn in self._shown(user_id, conversation_id) if before is None or turn.number < before]
        return [turn for turn in turns if turn.number > after][::-1][:limit]

    async def prior_to(self, turn: Turn, limit: int) -> tuple[str, Sequence[Turn]]:
        self._store.reached()
        where = (turn.user_id, turn.conversation_id)
        conversation = self._store.rows.conversations.get(where)
        if conversation is None or conversation.deleted_at:
            return "", []
        after = conversation.summarized_until
        return conversation.summary, await self.newest(*where, limit, before=turn.number, after=after)

    async def following(
        self, user_id: str, conversation_id: str, limit: int, *, after: int, hidden: bool = False
    ) -> Sequence[Turn]:
        own = sorted(self._of(user_id, conversation_id), key=lambda turn: turn.number)
        return [turn for turn in own if turn.hidden == hidden and turn.number > after][:limit]

    async def of_client_message(self, user_id: str, conversation_id: str, client_message_id: str) -> Turn | None:
        found = [each for each in self._shown(user_id, conversation_id) if each.client_message_id == client_message_id]
        return found[-1] if found else None

    async def hide_between(self, user_id: str, conversation_id: str, first: int, before: int, now: datetime) -> None:
        turns = self._store.writing().turns
        for turn in self._of(user_id, conversation_id):
            if first <= turn.number < before:
                turns[user_id, turn.id] = replace(turn, hidden=True)

    async def hide(self, user_id: str, conversation_id: str, now: datetime, turn_id: str | None = None) -> None:
        rows = self._store.writing()
        for turn in self._of(user_id, conversation_id):
            if turn_id in (None, turn.id) and not turn.hidden:
                rows.turns[user_id, turn.id] = replace(turn, hidden=True)
                rows.hidden[user_id, turn.id] = now

    async def set_feedback(self, user_id: str, turn_id: str, feedback: Feedback | None, comment: str | None) -> None:
        turns = self._store.writing().turns
        turns[user_id, turn_id] = replace(turns[user_id, turn_id], feedback=feedback, feedback_comment=comment)

    async def charge(self, turn: Turn) -> None:
        used = {name: getattr(turn, name) for name in ("model", *USED)}
        turns = self._store.writing().turns
        turns[turn.user_id, turn.id] = replace(turns[turn.user_id, turn.id], **used)

    async def usage(self, user_id: str, since: datetime) -> Sequence[DayUsage]:
        self._store.reached()
        turns = self._store.rows.turns.values()
        own = [turn for turn in turns if turn.user_id == user_id and turn.created_at >= since]
        groups: dict[tuple[date, str | None], list[Turn]] = {}
        for turn in own:
            groups.setdefault((turn.created_at.astimezone(UTC).date(), turn.model), []).append(turn)
        return [
            DayUsage(
                date=day,
                model=model,
                turns=len(group),
                **{name: sum(getattr(turn, name) for turn in group) for name in USED},
            )
            for (day, model), group in sorted(groups.items(), key=lambda each: each[0][0], reverse=True)
        ]

    def _shown(self, user_id: str, conversation_id: str) -> list[Turn]:
        self._store.reached()
        own = [turn for turn in self._of(user_id, conversation_id) if not turn.hidden]
        return sorted(own, key=lambda turn: turn.number)

    def _of(self, user_id: str, conversation_id: str) -> list[Turn]:
        turns = self._store.rows.turns.values()
        return [turn for turn in turns if (turn.user_id, turn.conversation_id) == (user_id, conversation_id)]

    def _held(self, rows: Rows, turn: Turn) -> Turn:
        stored = rows.turns[turn.user_id, turn.id]
        if stored.lease != turn.lease:
            raise TurnTaken(turn.id)
        return stored

    def _change(self, rows: Rows, turn: Turn, running: bool = False, **values: Any) -> Turn:
        stored = self._held(rows, turn)
        if running and stored.state is not TurnState.RUNNING:
            raise TurnTaken(turn.id)
        changed = rows.turns[turn.user_id, turn.id] = replace(stored, **values)
        return changed
