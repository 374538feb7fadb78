"""The metadata, which names the keys of all tables, and columns that many tables have."""

from typing import Any

from sqlalchemy import BigInteger, Column, DateTime, ForeignKey, MetaData, Text

metadata = MetaData(
    naming_convention={
        "pk": "%(table_name)s_pkey",
        "fk": "%(table_name)s_%(column_0_N_name)s_fkey",
        "uq": "%(table_name)s_%(column_0_N_name)s_key",
    }
)


def time(name: str, **options: Any) -> Column[Any]:
    return Column(name, DateTime(timezone=True), **{"nullable": False, **options})


def count(name: str) -> Column[Any]:
    return Column(name, BigInteger, nullable=False, server_default="0")


def bytewise(name: str) -> Column[Any]:
    """Returns a column of text that is compared byte by byte, with any collation of the database."""
    return Column(name, Text(collation="C"))


def owner() -> Column[Any]:
    return Column("user_id", Text, ForeignKey("users.id", ondelete="CASCADE"), nullable=False)
