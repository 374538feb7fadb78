"""Conversions between domain objects and rows, which have no sets and no tuples."""

from collections.abc import Sequence
from dataclasses import fields
from typing import Any

from sqlalchemy import Column, Table, delete, select
from sqlalchemy.sql.elements import ColumnElement

from adapters.postgres.driver.database import Database


def columns(table: Table, kind: type) -> list[Column[Any]]:
    return [table.c[field.name] for field in fields(kind)]


def values(table: Table, item: Any) -> dict[str, Any]:
    row = {column.name: getattr(item, column.name) for column in columns(table, type(item))}
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in row.items()}


async def delete_some(database: Database, table: Table, which: ColumnElement[bool], limit: int) -> int:
    """Deletes up to `limit` rows. Rows that another server is deleting are left to it."""
    keys: Sequence[Column[Any]] = list(table.primary_key.columns)
    some = select(*keys).where(which).limit(limit).with_for_update(skip_locked=True).cte("some")
    matches = [key == some.c[key.name] for key in keys]
    return len(await database.run(delete(table).where(*matches).returning(keys[0])))
