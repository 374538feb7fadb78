import asyncio

import asyncpg
from sqlalchemy import text

from adapters.postgres.driver.database import Database
from adapters.postgres.tables import SCHEMA_VERSION
from application.ports import Readiness
from domain.errors import Unavailable

SECONDS = 0.9
STATE = text("SELECT max(version_num), current_setting('transaction_read_only') = 'on' FROM alembic_version")


class PostgresReadiness(Readiness):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def check(self) -> None:
        """Answers in time even if the connection hangs."""
        asking = asyncio.create_task(self._state())
        await asyncio.wait({asking}, timeout=SECONDS)
        if not asking.done():
            asking.cancel()
            raise Unavailable("The database does not answer.")
        version, is_read_only = asking.result()
        if is_read_only:
            self._database.renew_connections()
            raise Unavailable("The database takes no writes: it is read-only.")
        if version < SCHEMA_VERSION:
            raise Unavailable(f"The database is at migration {version or 'none'}; this code needs {SCHEMA_VERSION}.")

    async def _state(self) -> tuple[str, bool]:
        try:
            [(version, is_read_only)] = await self._database.run(STATE)
        except asyncpg.UndefinedTableError:
            return "", False
        return str(version or ""), is_read_only
