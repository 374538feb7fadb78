"""reminders of tasks, and their rings"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0040"
down_revision = "0030"
branch_labels = None
depends_on = None


def upgrade() -> None:
    none = sa.text("'{}'")
    op.add_column("tasks", sa.Column("reminders", postgresql.ARRAY(sa.Text()), server_default=none, nullable=False))
    op.add_column("users", sa.Column("reminder_time", sa.Text(), server_default="09:00", nullable=False))
    op.create_table(
        "rings",
        sa.Column("user_id", sa.Text(), nullable=False),
        sa.Column("task_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("reminder", sa.Text(), nullable=False),
        sa.Column("due", sa.Text(), nullable=False),
        sa.Column("state", sa.Text(), nullable=False),
        sa.Column("ring_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("set_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("version", sa.Integer(), server_default="0", nullable=False),
        sa.Column("snoozes", sa.Integer(), server_default="0", nullable=False),
        sa.Column("zones", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("user_id", "task_id", "reminder", "due", name=op.f("rings_pkey")),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("rings_user_id_fkey"), ondelete="CASCADE"),
        sa.ForeignKeyConstraint(
            ["user_id", "task_id"], ["tasks.user_id", "tasks.id"], name="rings_task_fkey", ondelete="CASCADE"
        ),
    )
    waits, has_ended = sa.text("state = 'waiting'"), sa.text("state IN ('rung', 'past')")
    op.create_index("rings_due_idx", "rings", ["ring_at", "user_id"], postgresql_where=waits)
    op.create_index("rings_new_due_idx", "rings", ["ring_at"], postgresql_where=sa.text("state = 'new'"))
    op.create_index("rings_user_idx", "rings", ["user_id", "ring_at"], postgresql_where=waits)
    op.create_index("rings_ended_idx", "rings", ["ring_at"], postgresql_where=has_ended)


def downgrade() -> None:
    """Deletes the events of reminders, since the older code knows none."""
    op.execute("DELETE FROM events WHERE entity = 'reminder'")
    op.drop_table("rings")
    op.drop_column("users", "reminder_time")
    op.drop_column("tasks", "reminders")
