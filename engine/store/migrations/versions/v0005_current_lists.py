"""Which ids are one incident, which id became two, and what a source that shows only the current lists."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.create_table(
        "alias",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("alias", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "alias", name=op.f("pk_alias")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "reused_id",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("stored_as", sa.Text(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "source_id", "stored_as", name=op.f("pk_reused_id")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "listed",
        sa.Column("feed", sa.Text(), nullable=False),
        sa.Column("source_id", sa.Text(), nullable=False),
        sa.Column("missed", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("feed", "source_id", name=op.f("pk_listed")),
        sqlite_with_rowid=False,
    )
