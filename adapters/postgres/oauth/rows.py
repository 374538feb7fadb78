"""Conversions between domain objects and rows, which have no sets and no tuples."""

from dataclasses import fields
from typing import Any

from sqlalchemy import Column, Table


def columns(table: Table, kind: type) -> list[Column[Any]]:
    return [table.c[field.name] for field in fields(kind)]


def values(table: Table, item: Any) -> dict[str, Any]:
    row = {column.name: getattr(item, column.name) for column in columns(table, type(item))}
    return {name: sorted(value) if isinstance(value, frozenset) else value for name, value in row.items()}
