"""Calls: what a caller proved, what was done, call-backs; letters on request and representatives."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.database import columns

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "representative",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("member_id", columns.Key, nullable=False),
        sa.Column("name", columns.Line, nullable=False),
        sa.Column("kind", columns.Line, nullable=False),
        sa.Column("document", columns.Line, nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.Column("registered_by", columns.Line, nullable=False),
        sa.Column("registered_at", columns.InstantColumn(), nullable=False),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_representative_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_representative")),
    )
    with op.batch_alter_table("representative") as batch:
        batch.create_index("ix_representative_member", ["member_id"], unique=False)

    op.create_table(
        "call_act",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("call_id", columns.Key, nullable=False),
        sa.Column("account_id", columns.Key, nullable=True),
        sa.Column("member_id", columns.Key, nullable=True),
        sa.Column("act", columns.Line, nullable=False),
        sa.Column("subject", columns.Line, server_default=sa.text("''"), nullable=False),
        sa.Column("at", columns.InstantColumn(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_call_act_account_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_act_call_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_call_act_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_act")),
    )
    with op.batch_alter_table("call_act") as batch:
        batch.create_index("ix_call_act_account", ["account_id", "at"], unique=False)
        batch.create_index("ix_call_act_call", ["call_id"], unique=False)

    op.create_table(
        "call_back",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("number", columns.Line, nullable=False),
        sa.Column("account_id", columns.Key, nullable=False),
        sa.Column("member_id", columns.Key, nullable=True),
        sa.Column("call_id", columns.Key, nullable=True),
        sa.Column("who", columns.Line, nullable=False),
        sa.Column("reason", columns.Line, nullable=False),
        sa.Column("due_from", columns.InstantColumn(), nullable=False),
        sa.Column("due_to", columns.InstantColumn(), nullable=False),
        sa.Column("next_from", columns.InstantColumn(), nullable=True),
        sa.Column("state", columns.Line, nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.Column("last", columns.Line, server_default=sa.text("''"), nullable=False),
        sa.Column("rep_id", columns.Key, nullable=True),
        sa.Column("made_at", columns.InstantColumn(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_call_back_account_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_back_call_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_call_back_member_id")),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name=op.f("fk_call_back_rep_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_back")),
        sa.UniqueConstraint("number", name=op.f("uq_call_back_number")),
    )
    with op.batch_alter_table("call_back") as batch:
        batch.create_index("ix_call_back_account", ["account_id"], unique=False)
        batch.create_index("ix_call_back_work", ["state", "due_to", "id"], unique=False)

    op.create_table(
        "call_subject",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("call_id", columns.Key, nullable=False),
        sa.Column("account_id", columns.Key, nullable=False),
        sa.Column("member_id", columns.Key, nullable=True),
        sa.Column("enrollment_id", columns.Key, nullable=True),
        sa.Column("kind", columns.Line, nullable=False),
        sa.Column("caller", columns.Line, server_default=sa.text("''"), nullable=False),
        sa.Column("authority_to", sa.Date(), nullable=True),
        sa.Column("delegated", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("matched", sa.JSON(), server_default=sa.text("'[]'"), nullable=False),
        sa.Column("state", columns.Line, nullable=False),
        sa.Column("at", columns.InstantColumn(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_call_subject_account_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_call_subject_call_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_call_subject_member_id")),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollment.id"], name=op.f("fk_call_subject_enrollment_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call_subject")),
    )
    with op.batch_alter_table("call_subject") as batch:
        batch.create_index("ix_call_subject_account", ["account_id", "at"], unique=False)
        batch.create_index("ix_call_subject_call", ["call_id"], unique=False)

    with op.batch_alter_table("account") as batch:
        batch.add_column(sa.Column("next_cycle", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("next_cycle_from", sa.Date(), nullable=True))

    # Nothing wrote a call before.
    op.execute("UPDATE note SET call_id = NULL")
    op.execute("DELETE FROM call")
    with op.batch_alter_table("call") as batch:
        batch.add_column(sa.Column("state", columns.Line, nullable=False))
        batch.add_column(sa.Column("likely", sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
        batch.add_column(sa.Column("misses", sa.Integer(), server_default=sa.text("0"), nullable=False))
        batch.add_column(sa.Column("failed", sa.Boolean(), server_default=sa.text("false"), nullable=False))
        batch.add_column(sa.Column("question", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))
        batch.drop_index(batch.f("ix_call_account"))
        batch.create_index("ix_call_rep", ["rep_id", "state"], unique=False)
        batch.create_index("ix_call_started", ["started_at"], unique=False)
        batch.create_index(
            "ix_call_waits",
            ["started_at"],
            unique=False,
            sqlite_where=sa.text("question != ''"),
            postgresql_where=sa.text("question != ''"),
        )
        batch.create_index(
            "uq_call_active",
            ["rep_id"],
            unique=True,
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )
        batch.drop_constraint(batch.f("fk_call_account_id"), type_="foreignkey")
        batch.drop_column("caller")
        batch.drop_column("account_id")

    with op.batch_alter_table("contact") as batch:
        batch.add_column(sa.Column("number", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("delegated", sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
        batch.create_index("ix_contact_phone", ["phone"], unique=False)

    with op.batch_alter_table("letter") as batch:
        batch.add_column(sa.Column("copy_of", columns.Key, nullable=True))
        batch.add_column(sa.Column("member_id", columns.Key, nullable=True))
        batch.add_column(sa.Column("addressee", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("street", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("city", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("state_code", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("zip", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("asked_by", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("print_from", columns.InstantColumn(), nullable=True))
        batch.add_column(sa.Column("call_id", columns.Key, nullable=True))
        batch.create_foreign_key(batch.f("fk_letter_member_id"), "member", ["member_id"], ["id"])
        batch.create_foreign_key(batch.f("fk_letter_call_id"), "call", ["call_id"], ["id"])
        batch.create_foreign_key(batch.f("fk_letter_copy_of"), "letter", ["copy_of"], ["id"])

    with op.batch_alter_table("note") as batch:
        batch.add_column(sa.Column("edited_at", columns.InstantColumn(), nullable=True))
        batch.add_column(sa.Column("verified", columns.Line, server_default=sa.text("''"), nullable=False))

    op.execute("INSERT INTO number_series (name, next) VALUES ('call_back', 1)")


def downgrade() -> None:
    """Take back."""
    op.execute("DELETE FROM number_series WHERE name = 'call_back'")

    with op.batch_alter_table("note") as batch:
        batch.drop_column("verified")
        batch.drop_column("edited_at")

    with op.batch_alter_table("letter") as batch:
        batch.drop_constraint(batch.f("fk_letter_copy_of"), type_="foreignkey")
        batch.drop_constraint(batch.f("fk_letter_call_id"), type_="foreignkey")
        batch.drop_constraint(batch.f("fk_letter_member_id"), type_="foreignkey")
        batch.drop_column("call_id")
        batch.drop_column("print_from")
        batch.drop_column("asked_by")
        batch.drop_column("zip")
        batch.drop_column("state_code")
        batch.drop_column("city")
        batch.drop_column("street")
        batch.drop_column("addressee")
        batch.drop_column("member_id")
        batch.drop_column("copy_of")

    with op.batch_alter_table("contact") as batch:
        batch.drop_index("ix_contact_phone")
        batch.drop_column("delegated")
        batch.drop_column("number")

    op.execute("UPDATE note SET call_id = NULL")
    op.execute("DELETE FROM call")
    with op.batch_alter_table("call") as batch:
        batch.add_column(sa.Column("account_id", columns.Key, nullable=True))
        batch.add_column(sa.Column("caller", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.create_foreign_key(batch.f("fk_call_account_id"), "account", ["account_id"], ["id"])
        batch.drop_index(
            "uq_call_active",
            sqlite_where=sa.text("state = 'active'"),
            postgresql_where=sa.text("state = 'active'"),
        )
        batch.drop_index(
            "ix_call_waits",
            sqlite_where=sa.text("question != ''"),
            postgresql_where=sa.text("question != ''"),
        )
        batch.drop_index("ix_call_started")
        batch.drop_index("ix_call_rep")
        batch.create_index(batch.f("ix_call_account"), ["account_id", "started_at"], unique=False)
        batch.drop_column("version")
        batch.drop_column("question")
        batch.drop_column("failed")
        batch.drop_column("misses")
        batch.drop_column("likely")
        batch.drop_column("state")

    with op.batch_alter_table("account") as batch:
        batch.drop_column("next_cycle_from")
        batch.drop_column("next_cycle")

    with op.batch_alter_table("call_subject") as batch:
        batch.drop_index("ix_call_subject_call")
        batch.drop_index("ix_call_subject_account")

    op.drop_table("call_subject")
    with op.batch_alter_table("call_back") as batch:
        batch.drop_index("ix_call_back_work")
        batch.drop_index("ix_call_back_account")

    op.drop_table("call_back")
    with op.batch_alter_table("call_act") as batch:
        batch.drop_index("ix_call_act_call")
        batch.drop_index("ix_call_act_account")

    op.drop_table("call_act")
    with op.batch_alter_table("representative") as batch:
        batch.drop_index("ix_representative_member")

    op.drop_table("representative")
