"""leases of due work, periodic jobs, erasure in batches, and what quotas count

What older servers write counts as nothing, which is in the user's favour.
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0009"
branch_labels = None
depends_on = None

SIZES = ("counters", "bytes"), ("turns", "size"), ("events", "size")


def upgrade() -> None:
    op.create_table(
        "jobs",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("lease", sa.Text(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("jobs_pkey")),
    )
    op.create_index(
        "webhooks_leased_idx",
        "webhooks",
        ["user_id", "lease_until"],
        postgresql_where=sa.text("lease_until IS NOT NULL"),
    )
    op.create_index(
        "conversations_purge_due_idx",
        "conversations",
        ["deleted_at"],
        postgresql_where=sa.text("deleted_at IS NOT NULL"),
    )
    op.add_column("turns", sa.Column("hidden_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("UPDATE turns SET hidden_at = now() WHERE hidden")
    op.create_index("turns_purge_due_idx", "turns", ["hidden_at"], postgresql_where=sa.text("hidden_at IS NOT NULL"))
    op.create_index("idempotency_keys_age_idx", "idempotency_keys", ["created_at"])
    op.add_column("users", sa.Column("erased_at", sa.DateTime(timezone=True), nullable=True))
    op.create_index("users_erased_idx", "users", ["erased_at"], postgresql_where=sa.text("erased_at IS NOT NULL"))
    for table, column in SIZES:
        op.add_column(table, sa.Column(column, sa.BigInteger(), server_default="0", nullable=False))


def downgrade() -> None:
    for table, column in SIZES:
        op.drop_column(table, column)
    op.drop_index("users_erased_idx", "users")
    op.drop_column("users", "erased_at")
    op.drop_index("idempotency_keys_age_idx", "idempotency_keys")
    op.drop_index("turns_purge_due_idx", "turns")
    op.drop_column("turns", "hidden_at")
    op.drop_index("conversations_purge_due_idx", "conversations")
    op.drop_index("webhooks_leased_idx", "webhooks")
    op.drop_table("jobs")
