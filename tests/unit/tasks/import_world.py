"""Imports and exports over fakes, without HTTP."""

from collections.abc import Sequence
from typing import Any, TypeVar

import msgspec

from application.accounts.calendars import Calendars
from application.tasks.import_export import ImportExport
from application.tasks.imports.reading import OnError, SentFile, read_file
from application.tasks.imports.result import ImportResult
from application.tasks.log.undo import Undo
from domain.accounts.account import Caller
from domain.tasks.changes import Change, Entity
from domain.tasks.task import Task
from tests.fakes import FakeAccounts, FakeClock, FakeEntities, FakeEventLog, FakeStore, FakeTasks, add_users
from tests.tasks_on import on_fakes

ANN, BOB = Caller("ann"), Caller("bob")
E = TypeVar("E", bound=Entity)


class ImportWorld:
    def __init__(self, store: FakeStore | None = None, clock: FakeClock | None = None) -> None:
        self.clock, self.store = clock or FakeClock(), store or FakeStore()
        self.tasks = on_fakes(self.store, self.clock)
        self.entities = FakeEntities(self.store)
        calendars = Calendars(FakeAccounts(self.store), self.clock)
        self.import_export = ImportExport(FakeTasks(self.store), self.entities, self.store, self.clock, calendars)
        self.undo = Undo(FakeEventLog(self.store), self.entities, self.store, self.clock)

    @classmethod
    async def with_users(cls) -> "ImportWorld":
        world = cls()
        await add_users(world.store, "ann", "bob")
        return world

    async def send(
        self,
        body: bytes | dict[str, Any],
        caller: Caller = ANN,
        on_error: OnError = OnError.REFUSE,
        name: str = "",
        *,
        dry_run: bool = False,
    ) -> ImportResult:
        """Imports a file, or an object as JSON."""
        content = body if isinstance(body, bytes) else msgspec.json.encode(body)
        kind = "" if isinstance(body, bytes) else "application/json"
        reader = await self.import_export.reader(caller)
        read = read_file(SentFile(content, kind, name), reader, on_error)
        return await self.import_export.import_content(caller, read, dry_run=dry_run)

    async def send_tasks(self, *tasks: Any, caller: Caller = ANN, on_error: OnError = OnError.REFUSE) -> ImportResult:
        return await self.send({"tasks": tasks}, caller, on_error)

    async def put(self, *entities: Any) -> Sequence[Any]:
        """Stores entities as they are."""
        caller = Caller(entities[0].user_id)
        return await self.entities.record(caller, self.clock(), [Change(None, each) for each in entities])

    async def all_of(self, of: type[E], caller: Caller = ANN) -> list[E]:
        return [each async for page in self.import_export.export(caller, of) for each in page]

    async def tasks_of(self, caller: Caller = ANN) -> list[Task]:
        return await self.all_of(Task, caller)
