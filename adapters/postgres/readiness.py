import asyncio

from sqlalchemy import text

from adapters.postgres.database import Database
from adapters.postgres.tables import SCHEMA_VERSION
from application.ports import Readiness
from domain.errors import Unavailable

SECONDS = 1.0


class PostgresReadiness(Readiness):
    def __init__(self, database: Database) -> None:
        self._database = database

    async def check(self) -> None:
        try:
            async with asyncio.timeout(SECONDS):
                rows = await self._database.read(text("SELECT max(version_num) FROM alembic_version"))
        except TimeoutError:
            raise Unavailable("The database does not answer.") from None
        if (rows[0][0] or "") < SCHEMA_VERSION:
            raise Unavailable(f"The database is at migration {rows[0][0]}; this code needs {SCHEMA_VERSION}.")
