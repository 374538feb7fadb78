"""Checks the database before it is used, and says in one line what a person must fix."""

from typing import Any, TypeAlias

import asyncpg

from adapters.postgres.driver.poolers import is_pooled
from adapters.postgres.tables import metadata

Connection: TypeAlias = "asyncpg.Connection[Any]"

RIGHTS = "SELECT, INSERT, UPDATE, DELETE"
MISSING_PRIVILEGES = """
SELECT string_agg(name, ', ' ORDER BY name) FROM unnest($1::text[]) AS name, unnest($2::text[]) AS deed
WHERE to_regclass(quote_ident(name)) IS NOT NULL AND NOT has_table_privilege(to_regclass(quote_ident(name)), deed)
"""


class UnusableDatabase(Exception):
    """The database can't be used until a person does what `remedy` says."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason)
        self.remedy = remedy


async def check_usable(connection: Connection, *, has_direct: bool) -> None:
    """Raises `UnusableDatabase` for problems that are visible without our tables."""
    encoding = connection.get_settings().server_encoding
    if encoding != "UTF8":
        make = "CREATE DATABASE … TEMPLATE template0 ENCODING 'UTF8'"
        raise UnusableDatabase(f"its encoding is {encoding}, which can't hold every text", f"make one with {make}")
    if not has_direct and await is_pooled(connection):
        address = "the address of PostgreSQL itself, or of a pooler in session mode"
        raise UnusableDatabase("a pooler is in front of it", f"set DIRECT_DATABASE_URL too, to {address}")
    schema, path = await connection.fetchrow("SELECT current_schema(), current_setting('search_path')") or (None, "")
    if schema is None:
        raise UnusableDatabase(
            f"none of the schemas in its search_path, {path}, exists", "CREATE SCHEMA, or name another"
        )


async def check_privileges(connection: Connection) -> None:
    """Raises `UnusableDatabase` if the role may not read and write a table."""
    names = [table.name for table in metadata.sorted_tables]
    denied = await connection.fetchval(MISSING_PRIVILEGES, names, RIGHTS.split(", "))
    if denied:
        role, schema = await connection.fetchrow("SELECT current_user, current_schema()") or ("", "")
        grant = f"GRANT {RIGHTS} ON ALL TABLES IN SCHEMA {schema} TO {role}"
        raise UnusableDatabase(f"{role} may not read and write {_some(denied)}", grant)


def _some(names: str) -> str:
    first, *others = dict.fromkeys(names.split(", "))
    return f"{first} and {len(others)} more tables" if others else first
