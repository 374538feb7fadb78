"""trash, and what reads the log of changes"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None

INDEXES = {
    "tasks_all_idx": "deleted_at IS NULL",
    "tasks_pending_idx": "NOT completed AND deleted_at IS NULL",
    "tasks_completed_idx": "completed AND deleted_at IS NULL",
    "tasks_trashed_idx": "deleted_at IS NOT NULL",
}


def upgrade() -> None:
    """Logs earlier deletions as purges, since the rows of those tasks are gone."""
    op.add_column("counters", sa.Column("trashed", sa.BigInteger(), server_default="0", nullable=False))
    op.add_column("tasks", sa.Column("deleted_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("DROP INDEX tasks_pending_idx, tasks_completed_idx")
    for name, which in INDEXES.items():
        op.create_index(name, "tasks", ["user_id", "id"], postgresql_where=sa.text(which))
    op.create_index("tasks_purge_due_idx", "tasks", ["deleted_at"], postgresql_where=sa.text("deleted_at IS NOT NULL"))
    turn = sa.text("actor_kind = 'turn'")
    op.create_index("events_turn_idx", "events", ["user_id", "actor_id", "revision"], postgresql_where=turn)
    op.create_index("events_age_idx", "events", ["at"], postgresql_using="brin")
    op.execute("UPDATE events SET kind = 'purged', before = NULL WHERE kind = 'deleted'")


def downgrade() -> None:
    """Deletes the tasks in the trash, since the older code has none."""
    op.drop_index("events_age_idx", table_name="events")
    op.drop_index("events_turn_idx", table_name="events")
    op.execute("DELETE FROM tasks WHERE deleted_at IS NOT NULL")
    op.drop_index("tasks_purge_due_idx", table_name="tasks")
    for name in INDEXES:
        op.drop_index(name, table_name="tasks")
    op.create_index("tasks_completed_idx", "tasks", ["user_id", "id"], postgresql_where=sa.text("completed"))
    op.create_index("tasks_pending_idx", "tasks", ["user_id", "id"], postgresql_where=sa.text("NOT completed"))
    op.drop_column("tasks", "deleted_at")
    op.drop_column("counters", "trashed")
