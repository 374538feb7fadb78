"""The use-cases of tasks, on fakes and on PostgreSQL."""

from adapters.postgres.accounts.account_repository import PostgresAccounts
from adapters.postgres.driver.database import Database
from adapters.postgres.tasks.entity_repository import PostgresEntities
from adapters.postgres.tasks.event_log import PostgresEventLog
from adapters.postgres.tasks.task_repository import PostgresTasks
from application.accounts.calendars import Calendars
from application.chat.model.instructions import Instructions
from application.ports import Clock, Wakeups
from application.tasks.log.undo import Undo
from application.tasks.naming import KnownNames
from application.tasks.use_cases import Tasks
from application.tools.changing import UseCases
from tests.fakes import FakeAccounts, FakeEntities, FakeEventLog, FakeStore, FakeTasks, FakeWakeups


def on_fakes(store: FakeStore, clock: Clock, wakeups: Wakeups | None = None) -> Tasks:
    wakeups = wakeups or FakeWakeups()
    repository, entities = FakeTasks(store), FakeEntities(store, wakeups)
    return Tasks(repository, entities, store, clock, FakeEventLog(store), Calendars(FakeAccounts(store), clock))


def tools_on(tasks: Tasks, undo: Undo, store: FakeStore, clock: Clock) -> UseCases:
    names = KnownNames(FakeTasks(store), FakeEntities(store))
    return UseCases(tasks, undo, names, Calendars(FakeAccounts(store), clock))


def instructions_on(store: FakeStore, clock: Clock) -> Instructions:
    return Instructions(Calendars(FakeAccounts(store), clock), KnownNames(FakeTasks(store), FakeEntities(store)))


def on_postgres(database: Database, clock: Clock) -> Tasks:
    repository, entities = PostgresTasks(database), PostgresEntities(database, FakeWakeups())
    calendars = Calendars(PostgresAccounts(database), clock)
    return Tasks(repository, entities, database, clock, PostgresEventLog(database), calendars)
