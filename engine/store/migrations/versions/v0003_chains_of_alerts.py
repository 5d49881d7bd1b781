"""The graph of references: which messages of a feed hang together, and what each tells."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "cap_message",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("name", sa.Text(), nullable=False),
        sa.Column("sent", sa.BigInteger(), nullable=False),
        sa.Column("chain", sa.Text(), nullable=False),
        sa.Column("identifier", sa.Text(), nullable=False),
        sa.Column("kind", sa.Text(), nullable=False),
        sa.Column("names", sa.Text(), nullable=False),
        sa.Column("tells", sa.Text(), nullable=False),
        sa.Column("expires", sa.BigInteger(), nullable=True),
        sa.PrimaryKeyConstraint("feed", "name", "sent", name=op.f("pk_cap_message")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_cap_message_feed_chain"), "cap_message", ["feed", "chain"])
    op.create_index(op.f("ix_cap_message_feed_identifier"), "cap_message", ["feed", "identifier"])
