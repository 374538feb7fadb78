import asyncio

import asyncpg
from sqlalchemy import text

from adapters.postgres.database import Database
from adapters.postgres.tables import SCHEMA_VERSION
from application.ports import Readiness
from domain.errors import Unavailable

SECONDS = 0.9
NEWEST = text("SELECT max(version_num) FROM alembic_version")


class PostgresReadiness(Readiness):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def check(self) -> None:
        """Whoever asks is not kept waiting for a connection that hangs to be given up."""
        asking = asyncio.create_task(self._version())
        await asyncio.wait({asking}, timeout=SECONDS)
        if not asking.done():
            asking.cancel()
            raise Unavailable("The database does not answer.")
        if (version := asking.result()) < SCHEMA_VERSION:
            raise Unavailable(f"The database is at migration {version or 'none'}; this code needs {SCHEMA_VERSION}.")

    async def _version(self) -> str:
        try:
            return str((await self._database.read(NEWEST))[0][0] or "")
        except asyncpg.UndefinedTableError:
            return ""
