"""the authorization server: clients, codes and connections"""

import sqlalchemy as sa
from alembic import op

revision = "0030"
down_revision = "0020"
branch_labels = None
depends_on = None


def time(name: str, *, nullable: bool = False) -> "sa.Column[object]":
    return sa.Column(name, sa.DateTime(timezone=True), nullable=nullable)


def text(name: str) -> "sa.Column[str]":
    return sa.Column(name, sa.Text(), nullable=False)


def texts(name: str) -> "sa.Column[list[str]]":
    return sa.Column(name, sa.ARRAY(sa.Text()), nullable=False)


def upgrade() -> None:
    clients()
    codes()
    connections()


def clients() -> None:
    op.create_table(
        "oauth_clients",
        text("id"),
        text("name"),
        texts("redirect_uris"),
        texts("auth_methods"),
        sa.Column("secret_hash", sa.LargeBinary(), nullable=True),
        sa.Column("jwks_uri", sa.Text(), nullable=True),
        time("created_at"),
        time("fetched_at", nullable=True),
        time("used_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("oauth_clients_pkey")),
    )


def codes() -> None:
    op.create_table(
        "oauth_codes",
        text("user_id"),
        sa.Column("hash", sa.LargeBinary(), nullable=False),
        text("connection_id"),
        text("client_id"),
        text("client_name"),
        text("redirect_uri"),
        text("challenge"),
        texts("scopes"),
        texts("audience"),
        text("flow"),
        time("expires_at"),
        time("used_at", nullable=True),
        sa.ForeignKeyConstraint(["user_id"], ["users.id"], name=op.f("oauth_codes_user_id_fkey"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("user_id", "hash", name=op.f("oauth_codes_pkey")),
    )
    op.create_index("oauth_codes_age_idx", "oauth_codes", ["expires_at"])


def connections() -> None:
    op.create_table(
        "oauth_connections",
        text("user_id"),
        text("id"),
        text("client_id"),
        text("client_name"),
        text("host"),
        texts("scopes"),
        texts("audience"),
        sa.Column("refresh_hash", sa.LargeBinary(), nullable=False),
        sa.Column("previous_hash", sa.LargeBinary(), nullable=True),
        time("rotated_at", nullable=True),
        time("created_at"),
        time("expires_at"),
        time("last_used_at", nullable=True),
        time("ended_at", nullable=True),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("oauth_connections_user_id_fkey"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("user_id", "id", name=op.f("oauth_connections_pkey")),
    )
    op.create_index("oauth_connections_age_idx", "oauth_connections", ["expires_at"])
    ended = sa.text("ended_at IS NOT NULL")
    op.create_index("oauth_connections_ended_idx", "oauth_connections", ["ended_at"], postgresql_where=ended)


def downgrade() -> None:
    for table in ("oauth_connections", "oauth_codes", "oauth_clients"):
        op.drop_table(table)
