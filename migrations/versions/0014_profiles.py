"""profiles and confirmed emails"""

import sqlalchemy as sa
from alembic import op

revision = "0014"
down_revision = "0011"
branch_labels = None
depends_on = None

DEFAULTS = {"timezone": "UTC", "week_start": "monday", "locale": "en"}


def upgrade() -> None:
    op.add_column("users", sa.Column("email_confirmed_at", sa.DateTime(timezone=True), nullable=True))
    for column, default in DEFAULTS.items():
        op.add_column("users", sa.Column(column, sa.Text(), server_default=default, nullable=False))


def downgrade() -> None:
    for column in (*DEFAULTS, "email_confirmed_at"):
        op.drop_column("users", column)
