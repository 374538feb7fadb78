"""conversation summaries"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("summary", sa.Text(), server_default="", nullable=False))
    op.add_column("conversations", sa.Column("summarized_until", sa.Integer(), server_default="0", nullable=False))


def downgrade() -> None:
    op.drop_column("conversations", "summarized_until")
    op.drop_column("conversations", "summary")
