"""Use-cases of chat turns: begin, follow, resume and stop them. A turn runs in a task of its own. It runs to its end
even if the client disconnects."""

import asyncio
from collections.abc import AsyncGenerator

from application.background import Background
from application.chat.inputs import ChatMessage
from application.chat.message_references import CHANGED, MessageReference, find_turn
from application.chat.replies import Reply, failure_of, reply_of
from application.chat.turns.decisions import SUPERSEDED, Decisions
from application.chat.turns.queue import WAIT_SECONDS, NewMessage, TurnQueue
from application.chat.turns.runner import TurnRunner
from application.chat.usage import UsageQuota
from application.ports import Clock, RateLimiter, Transaction, TurnRepository, Wakeups
from application.ports.topics import stop_topic, turn_topic
from application.retry import retried
from domain.accounts.account import Caller
from domain.chat.approval import Decision, turn_of_approval
from domain.chat.conversation import DEFAULT_CONVERSATION, check_conversation_id, clean_message
from domain.chat.turn import Turn, TurnState
from domain.errors import Conflict, NotFound, TurnTaken
from domain.idempotency import Key


class Chat:
    def __init__(
        self,
        queue: TurnQueue,
        decisions: Decisions,
        turns: TurnRepository,
        runner: TurnRunner,
        limiter: RateLimiter,
        transaction: Transaction,
        wakeups: Wakeups,
        clock: Clock,
        usage_quota: UsageQuota,
        background: Background,
    ) -> None:
        self._queue = queue
        self._decisions = decisions
        self._turns = turns
        self._runner = runner
        self._limiter = limiter
        self._transaction = transaction
        self._wakeups = wakeups
        self._clock = clock
        self._usage_quota = usage_quota
        self._background = background

    async def say(self, caller: Caller, form: ChatMessage, key: Key | None = None) -> Reply:
        """Runs a turn and returns its reply. Raises what `begin` does, and `Unavailable` or one of its model kinds."""
        return await self.reply(caller, await self.begin(caller, form, key))

    async def begin(
        self,
        caller: Caller,
        form: ChatMessage,
        key: Key | None = None,
        *,
        client_id: str | None = None,
        edits: MessageReference | None = None,
    ) -> Turn:
        """Returns a new turn for `start`. If an earlier request with the same key began a turn, returns that turn,
        which may have ended. If the message is plainly a yes or a no to what the last turn asked, that turn runs on.

        The conversation is created if it does not exist. `client_id` is the client's own id of the message. If the
        message `edits` an earlier one, it replaces that message and all later ones. A request with a known key does not
        count for the rate limit, unless the model is called again.

        Raises `Invalid`, `RateLimited`, `TurnTaken`, `Conflict` and `IdempotencyMismatch`.
        """
        message = clean_message(form.message)
        named = DEFAULT_CONVERSATION if form.conversation_id is None else form.conversation_id
        conversation_id = check_conversation_id(named)
        if turn := await self._begun_before(caller, key):
            return turn
        if edits is None and (decided := await self._decisions.said(caller.user_id, conversation_id, message)):
            await self._admit(caller)
            return await self._decisions.decide(*decided, message, key)
        await self._admit(caller)
        old = await find_turn(self._turns, caller.user_id, conversation_id, edits) if edits else None
        new = NewMessage(conversation_id, message, client_id)
        return await self._queue.begin(caller.user_id, new, key, instead_of=old)

    async def begin_in_background(
        self,
        caller: Caller,
        form: ChatMessage,
        key: Key | None = None,
        *,
        client_id: str | None = None,
        edits: MessageReference | None = None,
    ) -> Turn:
        """Begins a turn as `begin` does, and runs it in the background. `follow` shows it on any server."""
        try:
            turn = await self.begin(caller, form, key, client_id=client_id, edits=edits)
        except TurnTaken as taken:
            running = await self._queue.begun_with(caller.user_id, key) if key else None
            if running and running.id == taken.turn_id:
                return running
            raise
        return self.started(caller, turn)

    async def decide(self, caller: Caller, approval_id: str, is_yes: bool, key: Key | None = None) -> Turn:
        """Returns the turn that asked for the approval, to run on after the user's answer. A second answer like the
        first returns the turn as it is. Raises `NotFound`, `RateLimited`, `TurnTaken`, and `Conflict` if it was
        answered otherwise or is too late."""
        if turn := await self._begun_before(caller, key):
            return turn
        decision = Decision.APPROVED if is_yes else Decision.REFUSED
        turn = await self._decisions.find(caller.user_id, approval_id, decision)
        awaited = turn.awaited()
        if awaited is None or awaited.id != turn_of_approval(approval_id)[1]:
            return await self._taken_up(caller, turn)
        await self._admit(caller)
        return await self._decisions.decide(turn, decision, key=key)

    async def regenerate(
        self, caller: Caller, conversation_id: str, answer: str | MessageReference | None, key: Key | None = None
    ) -> Turn:
        """Begins a turn that replaces the last one of the conversation, with the same message and tool steps. `answer`
        is the turn's id, or names it by the client's own ids. Raises what `begin` raises, `Conflict` if it is not the
        last turn, and `TurnTaken` while it runs."""
        check_conversation_id(conversation_id)
        if turn := await self._begun_before(caller, key):
            return turn
        if isinstance(answer, MessageReference):
            answer = await self._turn_id(caller, conversation_id, answer)
        await self._admit(caller)
        return await self._queue.begin_again(caller.user_id, conversation_id, answer, key)

    async def _turn_id(self, caller: Caller, conversation_id: str, answer: MessageReference) -> str:
        turn = await find_turn(self._turns, caller.user_id, conversation_id, answer)
        if turn is None:
            raise Conflict(CHANGED)
        return turn.id

    async def resume(self, caller: Caller, turn_id: str) -> Turn:
        """Resumes a failed or abandoned turn from its last step, in the background. A finished turn is returned as it
        is. Raises `NotFound`, `RateLimited`, `TurnTaken`, and `Conflict` if the conversation went on without it."""
        return self.started(caller, await self._taken_up(caller, await self.turn(caller, turn_id)))

    async def resume_to_end(self, caller: Caller, turn_id: str) -> Reply:
        """Resumes a turn and returns its reply. Raises what `resume` and `say` raise."""
        return await self.reply(caller, await self._taken_up(caller, await self.turn(caller, turn_id)))

    @retried
    async def stop(self, caller: Caller, conversation_id: str, turn_id: str | None = None) -> bool:
        """Asks the running turn to stop. Returns False if no turn runs, or another one than `turn_id`."""
        check_conversation_id(conversation_id)
        async with self._transaction() as work:
            running = await self._turns.running(caller.user_id, conversation_id)
            if running is None or turn_id not in (None, running.id):
                return False
            if running.is_resumable(self._clock()):
                await self._turns.interrupt(running, self._clock())
            else:
                await self._turns.request_stop(running.user_id, running.id)
            await self._wakeups.announce(stop_topic(running.id))
            await work.commit()
        return True

    async def turn(self, caller: Caller, turn_id: str) -> Turn:
        turn = await self._turns.get(caller.user_id, turn_id)
        if turn is None:
            raise NotFound("There is no such message. Load the conversation again.")
        return turn

    async def running(self, caller: Caller, conversation_id: str) -> Turn | None:
        running = await self._turns.running(caller.user_id, check_conversation_id(conversation_id))
        return None if running is None or running.is_resumable(self._clock()) else running

    async def follow(self, turn: Turn) -> AsyncGenerator[Turn, None]:
        """Yields the turn each time it may have more to show. Ends when the turn has ended or is abandoned."""
        with self._wakeups.listen(turn_topic(turn.id)) as waiter:
            while now := await self._turns.get(turn.user_id, turn.id):
                yield now
                if now.state is not TurnState.RUNNING or now.is_resumable(self._clock()):
                    return
                await waiter.wait(WAIT_SECONDS)

    def start(self, caller: Caller, turn: Turn) -> asyncio.Task[Turn]:
        return self._background.start(self._runner.run(caller, turn))

    def started(self, caller: Caller, turn: Turn) -> Turn:
        if turn.state is TurnState.RUNNING:
            self.start(caller, turn)
        return turn

    async def reply(self, caller: Caller, turn: Turn) -> Reply:
        """Runs the turn unless it has ended, and returns its reply. Raises `Conflict` if the turn was interrupted, and
        `Unavailable` if it failed or the server stops before its end."""
        is_over = turn.state is not TurnState.RUNNING
        ended = turn if is_over else await self._ended(caller, turn)
        if ended.state is TurnState.INTERRUPTED:
            raise Conflict(SUPERSEDED)
        if ended.state is TurnState.FAILED:
            raise failure_of(ended)
        return reply_of(ended, replayed=is_over)

    async def _ended(self, caller: Caller, turn: Turn) -> Turn:
        """Runs the turn. Raises `Unavailable` if the server stops before the turn ends."""
        running = self.start(caller, turn)
        try:
            return await asyncio.shield(running)
        except asyncio.CancelledError:
            if not running.cancelled():
                raise
            raise failure_of(await self._turns.get(turn.user_id, turn.id) or turn) from None

    async def _begun_before(self, caller: Caller, key: Key | None) -> Turn | None:
        turn = await self._queue.begun_with(caller.user_id, key) if key else None
        return await self._taken_up(caller, turn) if turn else None

    async def _taken_up(self, caller: Caller, turn: Turn) -> Turn:
        """Resumes a turn if it did not end. That calls the model, so it counts for the rate limit and the quota."""
        if turn.is_resumable(self._clock()):
            await self._admit(caller)
        return await self._queue.take_up(turn)

    async def _admit(self, caller: Caller) -> None:
        """Raises `RateLimited` or `QuotaExceeded`."""
        await self._limiter.hit(caller.user_id)
        await self._usage_quota.check_quota(caller)
