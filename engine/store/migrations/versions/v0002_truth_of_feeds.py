"""What a poll and a reject are worth: news, accounts, stated stretches, and of which cells rejects may be."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ACCOUNT = ("read", "new", "revised", "unchanged", "repeated", "skipped", "rejected")


def upgrade() -> None:
    op.add_column("feed_poll", sa.Column("news_at", sa.BigInteger(), nullable=True))
    op.add_column("feed_poll", sa.Column("archive", sa.Boolean(), nullable=False, server_default=sa.false()))
    for name in _ACCOUNT:
        op.add_column("feed_poll", sa.Column(name, sa.Integer(), nullable=False, server_default="0"))
    for name in ("kind", "value"):
        op.add_column("reject", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name in ("source_id", "area", "category"):
        op.add_column("reject", sa.Column(name, sa.Text(), nullable=True))
    op.add_column("reject", sa.Column("day", sa.Integer(), nullable=True))
    op.add_column("reject", sa.Column("seq", sa.BigInteger(), nullable=False, server_default="0"))
    op.add_column("reject", sa.Column("read_at", sa.BigInteger(), nullable=True))
    op.add_column("reject", sa.Column("read_seq", sa.BigInteger(), nullable=True))
    op.create_index("ix_reject_feed_day", "reject", ["feed", "day"])
    op.create_table(
        "feed_stretch",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("begins", sa.BigInteger(), nullable=False),
        sa.Column("ends", sa.BigInteger(), nullable=False),
        sa.Column("known_at", sa.BigInteger(), nullable=False),
        sa.Column("seq", sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "begins", name=op.f("pk_feed_stretch")),
        sqlite_with_rowid=False,
    )
