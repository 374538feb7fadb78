"""Chat use-cases on fakes, as one server has them."""

import itertools
from dataclasses import dataclass, field

from application.background import Background
from application.chat.chat import Chat
from application.chat.model.context_window import ContextWindow
from application.chat.model.history import History
from application.chat.turns.approvals import Approvals
from application.chat.turns.decisions import Decisions
from application.chat.turns.queue import TurnQueue
from application.chat.turns.runner import TurnRunner
from application.chat.usage import UsageQuota
from application.ports import LanguageModel
from application.tools.planning import Planner
from application.tools.toolbox import Toolbox
from domain.chat.approval import ApprovalPolicy
from tests.fakes import (
    FakeClock,
    FakeConversations,
    FakeEventLog,
    FakeIdempotencyKeys,
    FakeRateLimiter,
    FakeStore,
    FakeTurns,
    FakeWakeups,
)
from tests.tasks_on import instructions_on

LEASE_SECONDS = 15


@dataclass
class ChatOptions:
    context_tokens: int = 16_000
    limit: int = 1000
    wait_seconds: int = 0
    daily_tokens: int = 0
    approval_policy: ApprovalPolicy = ApprovalPolicy.BULK
    background: Background = field(default_factory=Background)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))


def chat_on(
    store: FakeStore,
    clock: FakeClock,
    model: LanguageModel,
    toolbox: Toolbox,
    options: ChatOptions,
    turns: FakeTurns | None = None,
) -> Chat:
    """Returns the chat of one server. Called again with the same store, that of another server."""
    turns, conversations = turns or FakeTurns(store), FakeConversations(store)
    keys, wakeups = FakeIdempotencyKeys(store), FakeWakeups()

    def new_id() -> str:
        return f"id-{next(options.numbers)}"

    window = ContextWindow(model, toolbox.definitions, options.context_tokens)
    runner = TurnRunner(
        turns,
        History(conversations, turns, model, store, window),
        window,
        toolbox,
        model,
        store,
        wakeups,
        clock,
        LEASE_SECONDS,
        options.background,
        instructions_on(store, clock),
        Approvals(Planner(toolbox, FakeEventLog(store), store), model, clock, options.approval_policy),
    )
    decisions = Decisions(conversations, turns, keys, store, wakeups, clock, new_id, LEASE_SECONDS)
    queue = TurnQueue(
        conversations, turns, decisions, keys, store, wakeups, clock, new_id, LEASE_SECONDS, options.wait_seconds
    )
    limiter = FakeRateLimiter(options.limit, 60, clock)
    quota = UsageQuota(turns, clock, options.daily_tokens)
    return Chat(queue, decisions, turns, runner, limiter, store, wakeups, clock, quota, options.background)
