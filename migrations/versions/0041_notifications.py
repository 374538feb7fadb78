"""notifications of reminders: settings, push subscriptions, and what is on its way"""

from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "0041"
down_revision = "0040"
branch_labels = None
depends_on = None

TABLES: dict[str, tuple[str, list[sa.schema.SchemaItem]]] = {
    "reminder_settings": (
        "user_id",
        [
            sa.Column("push", sa.Boolean(), server_default=sa.true(), nullable=False),
            sa.Column("mail", sa.Boolean(), server_default=sa.false(), nullable=False),
            sa.Column("quiet_from", sa.Text(), nullable=True),
            sa.Column("quiet_to", sa.Text(), nullable=True),
            sa.Column("morning_time", sa.Text(), nullable=True),
            sa.Column("next_morning", sa.DateTime(timezone=True), nullable=True),
        ],
    ),
    "push_subscriptions": (
        "user_id id",
        [
            sa.Column("id", sa.Text(), nullable=False),
            sa.Column("endpoint", sa.Text(), nullable=False),
            sa.Column("p256dh", sa.Text(), nullable=False),
            sa.Column("auth", sa.Text(), nullable=False),
            sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
            sa.UniqueConstraint("user_id", "endpoint", name="push_subscriptions_user_id_endpoint_key"),
        ],
    ),
    "notifications": (
        "user_id id",
        [
            sa.Column("id", sa.Text(), nullable=False),
            sa.Column("ring_id", sa.BigInteger(), nullable=False),
            sa.Column("channel", sa.Text(), nullable=False),
            sa.Column("target", sa.Text(), nullable=False),
            sa.Column("failures", sa.Integer(), server_default="0", nullable=False),
            sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=False),
            sa.Column("lease", sa.Text(), nullable=True),
            sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        ],
    ),
    "email_links": (
        "user_id token_hash",
        [
            sa.Column("token_hash", sa.LargeBinary(), nullable=False),
            sa.Column("email", sa.Text(), nullable=False),
            sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        ],
    ),
    "used_actions": (
        "user_id ring_id",
        [
            sa.Column("ring_id", sa.BigInteger(), nullable=False),
            sa.Column("used_at", sa.DateTime(timezone=True), nullable=False),
        ],
    ),
}
INDEXES: list[tuple[str, str, list[str], Any]] = [
    ("reminder_settings_due_idx", "reminder_settings", ["next_morning"], "next_morning IS NOT NULL"),
    ("notifications_due_idx", "notifications", ["next_attempt_at"], "next_attempt_at IS NOT NULL"),
    ("notifications_leased_idx", "notifications", ["user_id", "lease_until"], "lease_until IS NOT NULL"),
]


def upgrade() -> None:
    for table, (key, columns) in TABLES.items():
        op.create_table(
            table,
            sa.Column("user_id", sa.Text(), nullable=False),
            *columns,
            sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f(f"{table}_user_id_fkey"), ondelete="CASCADE"),
            sa.PrimaryKeyConstraint(*key.split(), name=op.f(f"{table}_pkey")),
        )
    for name, table, keys, which in INDEXES:
        op.create_index(name, table, keys, postgresql_where=sa.text(which))


def downgrade() -> None:
    for table in reversed(TABLES):
        op.drop_table(table)
