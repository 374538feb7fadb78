from dependency_injector import providers

from application.chat.chat import Chat
from application.chat.conversations import Conversations
from application.chat.model.context_window import ContextWindow
from application.chat.model.history import History
from application.chat.model.instructions import Instructions
from application.chat.turns.approvals import Approvals
from application.chat.turns.decisions import Decisions
from application.chat.turns.queue import TurnQueue
from application.chat.turns.runner import TurnRunner
from application.chat.usage import UsageQuota
from bootstrap.container.accounts import AccountServices
from bootstrap.container.infrastructure import Infrastructure, rate_limit
from bootstrap.container.tasks import TaskServices


class ChatServices(TaskServices):
    chat_limits = rate_limit(Infrastructure.settings.provided.chat_limit, "chat")
    window = providers.Singleton(
        ContextWindow,
        Infrastructure.model,
        TaskServices.toolbox.provided.definitions,
        Infrastructure.settings.provided.context_tokens,
    )
    runner = providers.Singleton(
        TurnRunner,
        turns=Infrastructure.turns,
        history=providers.Singleton(
            History,
            Infrastructure.conversation_repository,
            Infrastructure.turns,
            Infrastructure.model,
            Infrastructure.database,
            window,
        ),
        window=window,
        toolbox=TaskServices.toolbox,
        model=Infrastructure.model,
        transaction=Infrastructure.database,
        wakeups=Infrastructure.wakeups,
        clock=Infrastructure.clock,
        lease_seconds=Infrastructure.settings.provided.turn_lease_seconds,
        background=Infrastructure.background,
        instructions=providers.Singleton(Instructions, AccountServices.calendars, TaskServices.known_names),
        approvals=providers.Singleton(
            Approvals,
            planner=TaskServices.planner,
            model=Infrastructure.model,
            clock=Infrastructure.clock,
            policy=Infrastructure.settings.provided.approvals,
        ),
    )
    decisions = providers.Singleton(
        Decisions,
        conversations=Infrastructure.conversation_repository,
        turns=Infrastructure.turns,
        keys=Infrastructure.keys,
        transaction=Infrastructure.database,
        wakeups=Infrastructure.wakeups,
        clock=Infrastructure.clock,
        new_id=Infrastructure.new_id,
        lease_seconds=Infrastructure.settings.provided.turn_lease_seconds,
    )
    queue = providers.Singleton(
        TurnQueue,
        conversations=Infrastructure.conversation_repository,
        turns=Infrastructure.turns,
        decisions=decisions,
        keys=Infrastructure.keys,
        transaction=Infrastructure.database,
        wakeups=Infrastructure.wakeups,
        clock=Infrastructure.clock,
        new_id=Infrastructure.new_id,
        lease_seconds=Infrastructure.settings.provided.turn_lease_seconds,
        wait_seconds=Infrastructure.settings.provided.turn_wait_seconds,
    )
    usage_quota = providers.Singleton(
        UsageQuota, Infrastructure.turns, Infrastructure.clock, Infrastructure.settings.provided.daily_tokens
    )
    conversations = providers.Singleton(
        Conversations,
        conversations=Infrastructure.conversation_repository,
        turns=Infrastructure.turns,
        transaction=Infrastructure.database,
        clock=Infrastructure.clock,
        new_id=Infrastructure.new_id,
    )
    chat = providers.Singleton(
        Chat,
        queue=queue,
        decisions=decisions,
        turns=Infrastructure.turns,
        runner=runner,
        limiter=chat_limits,
        transaction=Infrastructure.database,
        wakeups=Infrastructure.wakeups,
        clock=Infrastructure.clock,
        usage_quota=usage_quota,
        background=Infrastructure.background,
    )
