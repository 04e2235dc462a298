"""Evidence found by keys, past values of members, acts and samples of the queue."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.database import columns

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None
_STATE = sa.column("state", columns.Line)
_PARTS_OF_THE_QUEUE = (
    ("ix_match_item_lease", ["lease_rep_id", "lease_until"], sa.column("lease_rep_id").is_not(None)),
    ("ix_match_item_kept", ["prefer_rep_id"], sa.column("prefer_rep_id").is_not(None)),
    ("ix_match_item_escalated", ["escalated_at"], sa.column("escalated_at").is_not(None)),
    (
        "ix_match_item_reopened",
        ["due_at"],
        sa.and_(_STATE.in_(("queued", "pending_approval")), sa.column("reopened", sa.Boolean())),
    ),
    (
        "ix_match_item_late_paused",
        ["id"],
        sa.and_(_STATE == "waiting_employer", sa.column("breached", sa.Boolean())),
    ),
)
"""Small indexes of what is claimed, kept, escalated, reopened, or late and paused."""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "match_key",
        sa.Column("key", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("member_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.PrimaryKeyConstraint("key", "member_id", name=op.f("pk_match_key")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "member_past",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("member_id", columns.Key, nullable=False),
        sa.Column("last_name", columns.Line, nullable=False),
        sa.Column("first_name", columns.Line, nullable=False),
        sa.Column("middle_name", columns.Line, nullable=False),
        sa.Column("suffix", columns.Line, nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("ssn_cipher", columns.Line, nullable=True),
        sa.Column("street", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("city", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("state_code", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("zip", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("phone", columns.Line, nullable=False),
        sa.Column("until", columns.InstantColumn(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_member_past_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member_past")),
    )
    op.create_index("ix_member_past_member", "member_past", ["member_id"], unique=False)
    op.create_table(
        "match_act",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("item_id", columns.Key, nullable=False),
        sa.Column("kind", columns.Line, nullable=False),
        sa.Column("rep_id", columns.Key, nullable=True),
        sa.Column("to_rep_id", columns.Key, nullable=True),
        sa.Column("at", columns.InstantColumn(), nullable=False),
        sa.Column("words", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["match_item.id"], name=op.f("fk_match_act_item_id")),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name=op.f("fk_match_act_rep_id")),
        sa.ForeignKeyConstraint(["to_rep_id"], ["rep.id"], name=op.f("fk_match_act_to_rep_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_act")),
    )
    op.create_index("ix_match_act_item", "match_act", ["item_id"], unique=False)
    op.create_table(
        "match_sample",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("decision_id", columns.Key, nullable=False),
        sa.Column("chosen_at", columns.InstantColumn(), nullable=False),
        sa.Column("rep_id", columns.Key, nullable=True),
        sa.Column("decision", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("member_id", columns.Key, nullable=True),
        sa.Column("at", columns.InstantColumn(), nullable=True),
        sa.Column("note", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.ForeignKeyConstraint(
            ["decision_id"], ["match_decision.id"], name=op.f("fk_match_sample_decision_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_match_sample_member_id")),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name=op.f("fk_match_sample_rep_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_sample")),
        sa.UniqueConstraint("decision_id", name=op.f("uq_match_sample_decision_id")),
    )
    op.create_index("ix_match_sample_at", "match_sample", ["at"], unique=False)
    op.create_table(
        "not_same",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("member_id", columns.Key, nullable=False),
        sa.Column("other_id", columns.Key, nullable=False),
        sa.Column("decision_id", columns.Key, nullable=False),
        sa.Column("fingerprint", columns.Line, nullable=False),
        sa.Column("at", columns.InstantColumn(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["match_decision.id"], name=op.f("fk_not_same_decision_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_not_same_member_id")),
        sa.ForeignKeyConstraint(["other_id"], ["member.id"], name=op.f("fk_not_same_other_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_not_same")),
    )
    op.create_index("ix_not_same_member", "not_same", ["member_id"], unique=False)
    with op.batch_alter_table("match_decision") as batch:
        batch.add_column(sa.Column("model", columns.Line, server_default=sa.text("('')"), nullable=False))
        batch.add_column(sa.Column("approved_by", columns.Key, nullable=True))
        batch.add_column(sa.Column("approved_at", columns.InstantColumn(), nullable=True))
        batch.create_index("ix_match_decision_at", ["at"], unique=False)
        batch.create_foreign_key(batch.f("fk_match_decision_approved_by"), "rep", ["approved_by"], ["id"])

    with op.batch_alter_table("match_item") as batch:
        batch.add_column(sa.Column("escalated_at", columns.InstantColumn(), nullable=True))
        batch.add_column(sa.Column("claimed_at", columns.InstantColumn(), nullable=True))
    op.create_index("ix_match_item_submitted", "match_item", ["submitted_at"], unique=False)
    for name, indexed, some in _PARTS_OF_THE_QUEUE:
        op.create_index(name, "match_item", indexed, unique=False, sqlite_where=some, postgresql_where=some)
    # The first process that opens the store builds the keys of the members who are there.
    op.execute("INSERT INTO store_fact (name, value) VALUES ('matching_keys', '0')")


def downgrade() -> None:
    """Take back."""
    op.execute("DELETE FROM store_fact WHERE name = 'matching_keys'")
    for name, *_ in _PARTS_OF_THE_QUEUE:
        op.drop_index(name, table_name="match_item")
    op.drop_index("ix_match_item_submitted", table_name="match_item")
    with op.batch_alter_table("match_item") as batch:
        batch.drop_column("claimed_at")
        batch.drop_column("escalated_at")

    with op.batch_alter_table("match_decision") as batch:
        batch.drop_constraint(batch.f("fk_match_decision_approved_by"), type_="foreignkey")
        batch.drop_index("ix_match_decision_at")
        batch.drop_column("approved_at")
        batch.drop_column("approved_by")
        batch.drop_column("model")

    op.drop_index("ix_not_same_member", table_name="not_same")
    op.drop_table("not_same")
    op.drop_index("ix_match_sample_at", table_name="match_sample")
    op.drop_table("match_sample")
    op.drop_index("ix_match_act_item", table_name="match_act")
    op.drop_table("match_act")
    op.drop_index("ix_member_past_member", table_name="member_past")
    op.drop_table("member_past")
    op.drop_table("match_key")
