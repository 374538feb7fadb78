"""dates, recurrence, lists, order and search of tasks; saved views"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0019"
down_revision = "0018"
branch_labels = None
depends_on = None

BYTEWISE = sa.Text(collation="C")


def columns() -> tuple[sa.Column[Any], ...]:
    return (
        sa.Column("completed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("list_id", sa.BigInteger(), nullable=True),
        sa.Column("parent_id", sa.BigInteger(), nullable=True),
        sa.Column("order_key", sa.Text(), nullable=True),
        sa.Column("priority", sa.Text(), nullable=True),
        sa.Column("tags", postgresql.ARRAY(sa.Text()), server_default=sa.text("'{}'"), nullable=False),
        sa.Column("start", BYTEWISE, nullable=True),
        sa.Column("due", sa.Text(), nullable=True),
        sa.Column("deadline", BYTEWISE, nullable=True),
        sa.Column("recurrence", sa.Text(), nullable=True),
        sa.Column("recurs_from", sa.Text(), server_default="due", nullable=False),
        sa.Column("slot", sa.Text(), nullable=True),
        sa.Column("estimate", sa.Text(), nullable=True),
        sa.Column("occurrence_of", sa.BigInteger(), nullable=True),
        sa.Column("position", BYTEWISE, nullable=True),
        sa.Column("due_key", BYTEWISE, nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("priority_rank", sa.SmallInteger(), nullable=True),
        sa.Column("title_key", BYTEWISE, nullable=True),
        sa.Column("search", postgresql.TSVECTOR(), nullable=True),
        sa.Column("indexed_revision", sa.BigInteger(), nullable=True),
    )


SORTED = {
    "deadline": "deadline",
    "priority": "priority_rank",
    "completed_at": "completed_at",
}
"""Indexes of the tasks that have a value, which most do not."""


def own_columns() -> dict[str, tuple[sa.Column[Any], ...]]:
    return {
        "lists": (
            sa.Column("color", sa.Text(), nullable=True),
            sa.Column("archived", sa.Boolean(), server_default=sa.false(), nullable=False),
        ),
        "views": (sa.Column("filter", sa.Text(), nullable=False), sa.Column("sort", sa.Text(), nullable=True)),
    }


def upgrade() -> None:
    """Rewrites no rows. Servers of the version before go on; what they write is indexed later."""
    for column in columns():
        op.add_column("tasks", column)
    for name, key in SORTED.items():
        which = sa.text(f"{key} IS NOT NULL")
        op.create_index(f"tasks_{name}_idx", "tasks", ["user_id", key, "id"], postgresql_where=which)
    dated = sa.text("due_key IS NOT NULL")
    beside = ["due_at", "start", "completed", "deleted_at", "list_id", "priority_rank"]
    op.create_index(
        "tasks_due_idx", "tasks", ["user_id", "due_key", "id"], postgresql_where=dated, postgresql_include=beside
    )
    begun = sa.text("start IS NOT NULL AND NOT completed AND deleted_at IS NULL")
    op.create_index("tasks_start_idx", "tasks", ["user_id", "start", "due_key"], postgresql_where=begun)
    live = sa.text("deleted_at IS NULL")
    position = sa.text("coalesce(position, chr(96 + length(id::text)) || id)")
    in_list: list[str | sa.TextClause] = ["user_id", "list_id", position, "id"]
    op.create_index("tasks_list_idx", "tasks", in_list, postgresql_where=live, postgresql_include=["completed"])
    op.create_index("tasks_updated_idx", "tasks", ["user_id", "updated_at", "id"])
    op.create_index("tasks_title_idx", "tasks", ["user_id", "title_key", "id"])
    children = sa.text("parent_id IS NOT NULL")
    op.create_index("tasks_children_idx", "tasks", ["user_id", "parent_id"], postgresql_where=children)
    op.create_index("tasks_search_idx", "tasks", ["search"], postgresql_using="gin")
    stale = sa.text("indexed_revision IS DISTINCT FROM revision")
    op.create_index("tasks_unindexed_idx", "tasks", ["user_id", "id"], postgresql_where=stale)
    for table, own in own_columns().items():
        _create_named(table, own)
        op.add_column(
            "counters", sa.Column(f"last_{table[:-1]}_id", sa.BigInteger(), server_default="0", nullable=False)
        )


def _create_named(table: str, own: tuple[sa.Column[Any], ...]) -> None:
    op.create_table(
        table,
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("order_key", sa.Text(), nullable=True),
        sa.Column("position", BYTEWISE, nullable=True),
        *own,
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("revision", sa.BigInteger(), nullable=False),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f(f"{table}_user_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f(f"{table}_pkey")),
    )
    which = sa.text("deleted_at IS NOT NULL")
    op.create_index(f"{table}_purge_due_idx", table, ["deleted_at"], postgresql_where=which)


def downgrade() -> None:
    """Deletes the events of lists and views, since the older code knows only tasks."""
    op.execute("DELETE FROM events WHERE entity IN ('list', 'view')")
    for table in own_columns():
        op.drop_column("counters", f"last_{table[:-1]}_id")
        op.drop_table(table)
    for name in ("unindexed", "search", "children", "title", "updated", "list", "start", "due", *SORTED):
        op.drop_index(f"tasks_{name}_idx", "tasks")
    for column in reversed(columns()):
        op.drop_column("tasks", column.name)
