"""Migrates the connection that it is given, or for the `alembic` command the database of the settings."""

from alembic import context
from sqlalchemy import Connection

from adapters.postgres.tables import metadata


def migrate(connection: Connection) -> None:
    context.configure(
        connection=connection, target_metadata=metadata, compare_server_default=True, transaction_per_migration=True
    )
    with context.begin_transaction():
        context.run_migrations()


if (given := context.config.attributes.get("connection")) is not None:
    migrate(given)
else:
    from bootstrap.postgres.configured_database import with_connection

    with_connection(migrate)
