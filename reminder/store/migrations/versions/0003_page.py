"""What the page needs: browsers that are signed in, ways in, tokens of programs, pictures, and a key to sign with."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"

_INSTANT = sa.DateTime(timezone=True)
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables of the second version to what the page needs."""
    meta = sa.table("meta", sa.column("key", sa.String), sa.column("value", sa.Text))
    op.bulk_insert(meta, [{"key": "signing_key", "value": secrets.token_hex(32)}])
    is_asked = sa.text("asked = 1 AND state IN ('due', 'retrying')")
    op.create_index("ix_delivery_asked", "delivery", ["due_at"], sqlite_where=is_asked, postgresql_where=is_asked)
    _let_browsers_in()
    _let_programs_in()
    op.create_table(
        "poster",
        sa.Column("title_key", sa.Text, nullable=False),
        sa.Column("source", sa.Text, nullable=False),
        sa.Column("url", sa.Text, nullable=False),
        sa.Column("kind", sa.String(20), nullable=True),
        sa.Column("asked_at", _INSTANT, nullable=False),
        sa.Column("kept_at", _INSTANT, nullable=True),
        sa.Column("image", sa.LargeBinary, nullable=True),
        sa.PrimaryKeyConstraint("title_key", name="pk_poster"),
    )


def _let_browsers_in() -> None:
    op.create_table(
        "web_session",
        sa.Column("hash", sa.String(64), nullable=False),
        _of_subscriber("web_session"),
        *(sa.Column(name, _INSTANT, nullable=False) for name in ("created_at", "seen_at", "expires_at")),
        sa.Column("agent", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("hash", name="pk_web_session"),
    )
    op.create_index("ix_web_session_subscriber_id", "web_session", ["subscriber_id"])
    op.create_table(
        "sign_in",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("kind", sa.String(10), nullable=False),
        _of_subscriber("sign_in"),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default=sa.text("0")),
        *(sa.Column(name, _INSTANT, nullable=False) for name in ("created_at", "expires_at")),
        sa.Column("used_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("hash", name="pk_sign_in"),
    )
    op.create_index("ix_sign_in_subscriber_id", "sign_in", ["subscriber_id"])


def _let_programs_in() -> None:
    op.create_table(
        "access_token",
        sa.Column("id", _ID, nullable=False),
        _of_subscriber("access_token"),
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("scope", sa.String(10), nullable=False),
        sa.Column("detail", sa.JSON, nullable=True),
        sa.Column("created_at", _INSTANT, nullable=False),
        sa.Column("used_on", sa.Date, nullable=True),
        sa.Column("revoked_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_access_token"),
        sa.UniqueConstraint("hash", name="uq_access_token_hash"),
    )
    op.create_index("ix_access_token_subscriber_id", "access_token", ["subscriber_id"])


def _of_subscriber(table: str) -> sa.Column[int]:
    key = sa.ForeignKey("subscriber.id", name=f"fk_{table}_subscriber_id")
    return sa.Column("subscriber_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), key, nullable=False)
