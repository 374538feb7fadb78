from collections.abc import Sequence
from typing import Any

from sqlalchemy import Column, Table, delete, select
from sqlalchemy.sql.elements import ColumnElement

from adapters.postgres.driver.database import Database


async def delete_some(database: Database, table: Table, which: ColumnElement[bool], limit: int) -> int:
    """Deletes up to `limit` rows. Rows that another server is deleting are left to it."""
    keys: Sequence[Column[Any]] = list(table.primary_key.columns)
    some = select(*keys).where(which).limit(limit).with_for_update(skip_locked=True).cte("some")
    matches = [key == some.c[key.name] for key in keys]
    return len(await database.run(delete(table).where(*matches).returning(keys[0])))
