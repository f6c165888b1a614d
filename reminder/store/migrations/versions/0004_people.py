"""What people need who join on the page, choose for themselves and act on a message."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"

_INSTANT = sa.DateTime(timezone=True)
_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Bring the tables of the third version to what people need who join."""
    op.add_column("subscriber", sa.Column("own", sa.JSON, nullable=True))
    has_chosen = sa.text("own IS NOT NULL")
    op.create_index("ix_subscriber_own", "subscriber", ["id"], sqlite_where=has_chosen, postgresql_where=has_chosen)
    listing = sa.text("'listing'")
    op.add_column("subscription", sa.Column("origin", sa.String(10), nullable=False, server_default=listing))
    op.add_column("subscription", sa.Column("own_ladder", sa.JSON, nullable=True))
    op.add_column("subscription", sa.Column("stopped_at", _INSTANT, nullable=True))
    _let_people_join()
    _let_people_act()
    op.create_table(
        "poller",
        sa.Column("bot", sa.String(64), nullable=False),
        sa.Column("owner", sa.Text, nullable=True),
        sa.Column("lease_until", _INSTANT, nullable=True),
        sa.Column("read_to", sa.BigInteger, nullable=False, server_default=sa.text("0")),
        sa.PrimaryKeyConstraint("bot", name="pk_poller"),
    )


def _let_people_join() -> None:
    op.create_table(
        "invitation",
        sa.Column("hash", sa.String(64), nullable=False),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("language", sa.String(20), nullable=False),
        sa.Column("zone", sa.Text, nullable=False),
        sa.Column("role", sa.String(10), nullable=False),
        sa.Column("invited_by", sa.Text, nullable=False),
        _of("invitation", "subscriber", nullable=True),
        *(sa.Column(name, _INSTANT, nullable=False) for name in ("created_at", "expires_at")),
        sa.Column("used_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("hash", name="pk_invitation"),
    )
    op.create_index("ix_invitation_subscriber_id", "invitation", ["subscriber_id"])
    op.create_table(
        "address_proof",
        sa.Column("id", _ID, nullable=False),
        _of("address_proof", "subscriber"),
        sa.Column("channel", sa.Text, nullable=False),
        sa.Column("secret", sa.String(64), nullable=False),
        sa.Column("tries", sa.Integer, nullable=False, server_default=sa.text("0")),
        *(sa.Column(name, _INSTANT, nullable=False) for name in ("created_at", "expires_at")),
        sa.Column("proved_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_address_proof"),
    )
    for column in ("subscriber_id", "secret"):
        op.create_index(f"ix_address_proof_{column}", "address_proof", [column])


def _let_people_act() -> None:
    op.create_table(
        "deed",
        sa.Column("id", _ID, nullable=False),
        _of("deed", "subscriber"),
        sa.Column("what", sa.String(20), nullable=False),
        _of("deed", "title", nullable=True),
        sa.Column("detail", sa.JSON, nullable=True),
        sa.Column("done_at", _INSTANT, nullable=False),
        sa.Column("undone_at", _INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_deed"),
    )
    op.create_index("ix_deed_subscriber_id", "deed", ["subscriber_id"])
    op.create_table(
        "seen_release",
        _of("seen_release", "subscriber"),
        _of("seen_release", "title"),
        *(sa.Column(name, sa.Integer, nullable=False, autoincrement=False) for name in ("season", "first")),
        sa.Column("seen_at", _INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("subscriber_id", "title_id", "season", "first", name="pk_seen_release"),
    )
    op.create_index("ix_seen_release_title_id", "seen_release", ["title_id"])
    op.create_table(
        "date_proposal",
        sa.Column("id", _ID, nullable=False),
        _of("date_proposal", "title"),
        _of("date_proposal", "subscriber"),
        sa.Column("said", sa.Text, nullable=False),
        sa.Column("said_at", _INSTANT, nullable=False),
        sa.Column("decided_at", _INSTANT, nullable=True),
        sa.Column("is_taken", sa.Integer, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_date_proposal"),
    )
    op.create_index("ix_date_proposal_title_id", "date_proposal", ["title_id"])


def _of(table: str, whose: str, *, nullable: bool = False) -> sa.Column[int]:
    key = sa.ForeignKey(f"{whose}.id", name=f"fk_{table}_{whose}_id")
    return sa.Column(f"{whose}_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), key, nullable=nullable)
