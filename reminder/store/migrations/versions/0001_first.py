"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

INSTANT = sa.DateTime(timezone=True)
ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Create every table, empty."""
    op.create_table(
        "channel",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("fingerprint", sa.Text(), nullable=False),
        sa.Column("parked_at", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("outages", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last_success_at", INSTANT, nullable=True),
        sa.Column("last_failure_at", INSTANT, nullable=True),
        sa.Column("last_failure", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_channel")),
    )
    op.create_table(
        "config_taken",
        sa.Column("no", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("taken_at", INSTANT, nullable=False),
        sa.PrimaryKeyConstraint("no", name=op.f("pk_config_taken")),
        sa.UniqueConstraint("digest", name=op.f("uq_config_taken_digest")),
    )
    op.create_table(
        "daemon",
        sa.Column("owner", sa.String(length=40), nullable=False),
        sa.Column("host", sa.Text(), nullable=False),
        sa.Column("pid", sa.Integer(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("started_at", INSTANT, nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("stopped_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("owner", name=op.f("pk_daemon")),
    )
    op.create_table(
        "followed",
        sa.Column("title_key", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("ref", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("pinned_by", sa.Text(), nullable=False),
        sa.Column("pinned_at", INSTANT, nullable=False),
        sa.Column("answer", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("answered_at", INSTANT, nullable=True),
        sa.Column("second", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("chosen", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("next_at", INSTANT, nullable=True),
        sa.Column("silence", sa.Text(), nullable=True),
        sa.Column("told", sa.Text(), nullable=True),
        sa.PrimaryKeyConstraint("title_key", name=op.f("pk_followed")),
    )
    op.create_index(
        "ix_followed_next_at",
        "followed",
        ["next_at"],
        unique=False,
        sqlite_where=sa.text("next_at IS NOT NULL"),
        postgresql_where=sa.text("next_at IS NOT NULL"),
    )
    op.create_table(
        "meta",
        sa.Column("key", sa.String(length=60), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("pk_meta")),
    )
    op.create_table(
        "source",
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("mark", sa.Text(), nullable=True),
        sa.Column("last_success_at", INSTANT, nullable=True),
        sa.Column("failing_since", INSTANT, nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("told_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_source")),
    )
    op.create_table(
        "subscriber",
        sa.Column("id", ID, nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=20), server_default=sa.text("'config'"), nullable=False),
        sa.Column("profile", sa.JSON(), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriber")),
        sa.UniqueConstraint("name", name=op.f("uq_subscriber_name")),
    )
    op.create_index(
        "ix_subscriber_of_config",
        "subscriber",
        ["id"],
        unique=False,
        sqlite_where=sa.text("origin = 'config'"),
        postgresql_where=sa.text("origin = 'config'"),
    )
    op.create_table(
        "title",
        sa.Column("id", ID, nullable=False),
        sa.Column("key", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("origin", sa.String(length=20), nullable=False),
        sa.Column("spec", sa.JSON(), nullable=False),
        sa.Column("last_no", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_title")),
        sa.UniqueConstraint("key", name=op.f("uq_title_key")),
    )
    op.create_table(
        "date_change",
        sa.Column("title_id", ID, nullable=False),
        sa.Column("no", sa.Integer(), nullable=False),
        sa.Column("season", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("before", sa.Text(), nullable=False),
        sa.Column("after", sa.Text(), nullable=False),
        sa.Column("source", sa.Text(), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(["title_id"], ["title.id"], name=op.f("fk_date_change_title_id")),
        sa.PrimaryKeyConstraint("title_id", "no", name=op.f("pk_date_change")),
    )
    op.create_table(
        "message",
        sa.Column("id", ID, nullable=False),
        sa.Column("subscriber_id", ID, nullable=False),
        sa.Column("title_id", ID, nullable=True),
        sa.Column("season", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("what", sa.Text(), nullable=False),
        sa.Column("anchor", sa.Text(), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("lead", sa.Text(), nullable=True),
        sa.Column("label", sa.Text(), nullable=False),
        sa.Column("planned", sa.Text(), nullable=False),
        sa.Column("heard", sa.Text(), nullable=True),
        sa.Column("change_no", sa.Integer(), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("useful_until", INSTANT, nullable=False),
        sa.Column("decided_at", INSTANT, nullable=False),
        sa.Column("detail", sa.JSON(none_as_null=True), nullable=True),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"], name=op.f("fk_message_subscriber_id")),
        sa.ForeignKeyConstraint(["title_id"], ["title.id"], name=op.f("fk_message_title_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
        sa.UniqueConstraint(
            "subscriber_id",
            "title_id",
            "season",
            "first",
            "what",
            "anchor",
            name=op.f("uq_message_subscriber_id_title_id_season_first_what_anchor"),
        ),
    )
    op.create_index(
        "uq_message_untitled",
        "message",
        ["subscriber_id", "what", "anchor"],
        unique=True,
        sqlite_where=sa.text("title_id IS NULL"),
        postgresql_where=sa.text("title_id IS NULL"),
    )
    op.create_table(
        "refused_address",
        sa.Column("subscriber_id", ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=False),
        sa.Column("parked_at", INSTANT, nullable=False),
        sa.Column("next_at", INSTANT, nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"], name=op.f("fk_refused_address_subscriber_id")),
        sa.PrimaryKeyConstraint("subscriber_id", "channel", name=op.f("pk_refused_address")),
    )
    op.create_table(
        "release",
        sa.Column("id", ID, nullable=False),
        sa.Column("title_id", ID, nullable=False),
        sa.Column("season", sa.Integer(), nullable=False),
        sa.Column("first", sa.Integer(), nullable=False),
        sa.Column("spec", sa.JSON(), nullable=False),
        sa.Column("when_text", sa.Text(), nullable=False),
        sa.Column("seen_at", INSTANT, nullable=False),
        sa.Column("gone_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["title_id"], ["title.id"], name=op.f("fk_release_title_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_release")),
        sa.UniqueConstraint("title_id", "season", "first", name=op.f("uq_release_title_id_season_first")),
    )
    op.create_index(op.f("ix_release_title_id"), "release", ["title_id"], unique=False)
    op.create_table(
        "subscription",
        sa.Column("id", ID, nullable=False),
        sa.Column("subscriber_id", ID, nullable=False),
        sa.Column("title_id", ID, nullable=False),
        sa.Column("ladder", sa.JSON(), nullable=False),
        sa.Column("since", sa.JSON(), nullable=False),
        sa.Column("began_at", INSTANT, nullable=False),
        sa.Column("ended_at", INSTANT, nullable=True),
        sa.Column("muted_at", INSTANT, nullable=True),
        sa.Column("noticed_no", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("next_due_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"], name=op.f("fk_subscription_subscriber_id")),
        sa.ForeignKeyConstraint(["title_id"], ["title.id"], name=op.f("fk_subscription_title_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscription")),
        sa.UniqueConstraint("subscriber_id", "title_id", name=op.f("uq_subscription_subscriber_id_title_id")),
    )
    op.create_index(
        "ix_subscription_next_due_at",
        "subscription",
        ["next_due_at"],
        unique=False,
        sqlite_where=sa.text("next_due_at IS NOT NULL"),
        postgresql_where=sa.text("next_due_at IS NOT NULL"),
    )
    op.create_index(
        "ix_subscription_person_due",
        "subscription",
        ["subscriber_id", "next_due_at"],
        unique=False,
        sqlite_where=sa.text("next_due_at IS NOT NULL"),
        postgresql_where=sa.text("next_due_at IS NOT NULL"),
    )
    op.create_index(op.f("ix_subscription_title_id"), "subscription", ["title_id"], unique=False)
    op.create_table(
        "delivery",
        sa.Column("id", ID, nullable=False),
        sa.Column("message_id", ID, nullable=False),
        sa.Column("subscriber_id", ID, nullable=False),
        sa.Column("channel", sa.Text(), nullable=True),
        sa.Column("state", sa.String(length=20), nullable=False),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("due_at", INSTANT, nullable=True),
        sa.Column("attempts", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("plain", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("owner", sa.Text(), nullable=True),
        sa.Column("lease_until", INSTANT, nullable=True),
        sa.Column("tried_at", INSTANT, nullable=False),
        sa.Column("closed_at", INSTANT, nullable=True),
        sa.ForeignKeyConstraint(["message_id"], ["message.id"], name=op.f("fk_delivery_message_id")),
        sa.ForeignKeyConstraint(["subscriber_id"], ["subscriber.id"], name=op.f("fk_delivery_subscriber_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivery")),
    )
    op.create_index(op.f("ix_delivery_message_id"), "delivery", ["message_id"], unique=False)
    op.create_index(
        "ix_delivery_open",
        "delivery",
        ["due_at", "channel"],
        unique=False,
        sqlite_where=sa.text("state IN ('due', 'retrying')"),
        postgresql_where=sa.text("state IN ('due', 'retrying')"),
    )
    op.create_index(
        "ix_delivery_open_channel",
        "delivery",
        ["channel", "subscriber_id"],
        unique=False,
        sqlite_where=sa.text("state IN ('due', 'retrying')"),
        postgresql_where=sa.text("state IN ('due', 'retrying')"),
    )
    op.create_index(
        "ix_delivery_sending",
        "delivery",
        ["lease_until"],
        unique=False,
        sqlite_where=sa.text("state = 'sending'"),
        postgresql_where=sa.text("state = 'sending'"),
    )
    op.create_index("ix_delivery_tried_at", "delivery", ["tried_at"], unique=False)
    op.create_index(
        "uq_delivery_message_id_channel",
        "delivery",
        ["message_id", "channel"],
        unique=True,
        sqlite_where=sa.text("state <> 'skipped'"),
        postgresql_where=sa.text("state <> 'skipped'"),
    )
