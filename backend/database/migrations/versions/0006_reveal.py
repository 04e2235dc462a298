"""Who looked at what is masked with neither a caller nor a case: counted, so that it has an end."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.database import columns

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "reveal",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("rep_id", columns.Key, nullable=False),
        sa.Column("at", columns.InstantColumn(), nullable=False),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name=op.f("fk_reveal_rep_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reveal")),
    )
    op.create_index("ix_reveal_rep", "reveal", ["rep_id", "at"], unique=False)


def downgrade() -> None:
    """Take back."""
    op.drop_table("reveal")
