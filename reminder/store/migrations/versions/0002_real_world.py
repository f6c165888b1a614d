"""An identity for the database, and one under which its messages are numbered."""

from __future__ import annotations

import secrets

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade() -> None:
    """Bring the first tables to what this version knows."""
    _give_identities()


def _give_identities() -> None:
    meta = sa.table("meta", sa.column("key", sa.String), sa.column("value", sa.Text))
    op.bulk_insert(meta, [{"key": key, "value": secrets.token_hex(16)} for key in ("identity", "sending_identity")])
