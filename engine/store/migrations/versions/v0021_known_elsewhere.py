"""What an identity provider calls an account, and which came by a grant."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0021"
down_revision = "0019"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("account", sa.Column("known_as", sa.Text(), nullable=True))
    op.add_column("account", sa.Column("granted", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_index(op.f("ix_account_known_as"), "account", ["known_as"], unique=True)
