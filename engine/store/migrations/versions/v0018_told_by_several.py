"""One event told by several feeds: which incident counts as which, and what people say of it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0018"
down_revision = "0016"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "twin",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("as_feed", sa.Text(), nullable=False),
        sa.Column("as_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "source_id", "known_at", "seq", name=op.f("pk_twin")),
        sqlite_with_rowid=False,
    )
    op.create_index(op.f("ix_twin_as_feed_as_id"), "twin", ["as_feed", "as_id"])
    op.create_index(op.f("ix_twin_known_at"), "twin", ["known_at"])
    op.create_table(
        "twin_ruling",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("at", sa.BigInteger(), nullable=False),
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("other_feed", sa.Text(), nullable=False),
        sa.Column("other_id", sa.Text(), nullable=False),
        sa.Column("apart", sa.Boolean(), nullable=False),
        sa.Column("by", sa.Text(), nullable=False),
        sa.Column("why", sa.Text(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_twin_ruling")),
    )
    op.create_index(op.f("ix_twin_ruling_source_id"), "twin_ruling", ["source_id"])
