from functools import partial

from dependency_injector import providers

from adapters.http.mcp_endpoint import McpEndpoint
from application.idempotency import Once
from application.tasks.import_export import ImportExport
from application.tasks.lists.lists import Lists
from application.tasks.lists.tags import Tags
from application.tasks.lists.views import Views
from application.tasks.log.change_log import ChangeLog
from application.tasks.log.undo import Undo
from application.tasks.naming import KnownNames
from application.tasks.quick_add import QuickAddTasks
from application.tasks.use_cases import Tasks
from application.tools.call_approvals import CallApprovals
from application.tools.changing import UseCases
from application.tools.planning import Planner
from application.tools.toolbox import Toolbox
from bootstrap import factories
from bootstrap.container.accounts import AccountServices
from bootstrap.container.infrastructure import Infrastructure, rate_limit
from bootstrap.container.oauth import OAuthServices


class TaskServices(OAuthServices):
    mcp_limits = rate_limit(Infrastructure.settings.provided.mcp_limit, "mcp")
    tasks = providers.Singleton(
        Tasks,
        Infrastructure.task_repository,
        Infrastructure.entities,
        Infrastructure.database,
        Infrastructure.clock,
        Infrastructure.event_log,
        AccountServices.calendars,
    )
    lists = providers.Singleton(
        Lists,
        Infrastructure.task_repository,
        Infrastructure.entities,
        Infrastructure.database,
        Infrastructure.clock,
    )
    views = providers.Singleton(
        Views, Infrastructure.entities, Infrastructure.database, Infrastructure.clock, AccountServices.calendars
    )
    task_tags = providers.Singleton(
        Tags, Infrastructure.task_repository, Infrastructure.entities, Infrastructure.database, Infrastructure.clock
    )
    quick_add = providers.Singleton(
        QuickAddTasks, tasks, Infrastructure.entities, Infrastructure.database, AccountServices.calendars
    )
    change_log = providers.Singleton(
        ChangeLog,
        Infrastructure.event_log,
        Infrastructure.task_repository,
        Infrastructure.entities,
        Infrastructure.wakeups,
    )
    undo = providers.Singleton(
        Undo, Infrastructure.event_log, Infrastructure.entities, Infrastructure.database, Infrastructure.clock
    )
    import_export = providers.Singleton(
        ImportExport,
        Infrastructure.task_repository,
        Infrastructure.entities,
        Infrastructure.database,
        Infrastructure.clock,
        AccountServices.calendars,
    )
    once = providers.Singleton(
        Once, keys=Infrastructure.keys, transaction=Infrastructure.database, clock=Infrastructure.clock
    )
    known_names = providers.Singleton(KnownNames, Infrastructure.task_repository, Infrastructure.entities)
    toolbox = providers.Singleton(
        Toolbox, providers.Singleton(UseCases, tasks, undo, known_names, AccountServices.calendars)
    )
    planner = providers.Singleton(Planner, toolbox, Infrastructure.event_log, Infrastructure.database)
    call_approvals = providers.Singleton(
        CallApprovals,
        planner,
        Infrastructure.action_tokens,
        once,
        Infrastructure.new_id,
        Infrastructure.settings.provided.approvals,
    )
    mcp = providers.Singleton(
        McpEndpoint,
        providers.Callable(partial, factories.mcp_application, toolbox, once, call_approvals, tasks),
        limiter=mcp_limits,
        own=OAuthServices.own_address,
        authorization_servers=Infrastructure.settings.provided.issuers,
    )
