"""what an idempotency key keeps is the result of the use-case, not an answer over HTTP"""

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Servers of the version before go on with `status` and `body`, which a later migration drops."""
    op.add_column("idempotency_keys", sa.Column("result", sa.LargeBinary(), nullable=True))


def downgrade() -> None:
    op.drop_column("idempotency_keys", "result")
