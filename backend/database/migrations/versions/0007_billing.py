"""Billing and letters: rates, holds, reinstatement, promises; the daily run, mailings, returned mail."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.database import columns

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None
_SERIES = ("promise", "hold", "reinstatement", "mail_batch")
_series = sa.table("number_series", sa.column("name", columns.Line), sa.column("next", columns.Key))


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "daily_run",
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("started_at", columns.InstantColumn(), nullable=False),
        sa.Column("done_at", columns.InstantColumn(), nullable=True),
        sa.Column("after_account", columns.Key, server_default=sa.text("0"), nullable=False),
        sa.Column("counts", sa.JSON(), server_default=sa.text("'{}'"), nullable=False),
        sa.PrimaryKeyConstraint("on_date", name=op.f("pk_daily_run")),
    )
    op.create_table(
        "mail_batch",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("number", columns.Line, nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("made_at", columns.InstantColumn(), nullable=False),
        sa.Column("mailed_at", columns.InstantColumn(), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mail_batch")),
        sa.UniqueConstraint("number", name=op.f("uq_mail_batch_number")),
    )
    op.create_table(
        "policy_confirmation",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("entry", columns.Line, nullable=False),
        sa.Column("value", columns.Line, nullable=False),
        sa.Column("by_name", columns.Line, nullable=False),
        sa.Column("at", columns.InstantColumn(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_confirmation")),
        sa.UniqueConstraint("entry", "value", name=op.f("uq_policy_confirmation_entry")),
    )
    op.create_table(
        "incident",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("kind", columns.Line, nullable=False),
        sa.Column("account_id", columns.Key, nullable=True),
        sa.Column("sentence", columns.Line, nullable=False),
        sa.Column("at", columns.InstantColumn(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_incident_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incident")),
    )
    with op.batch_alter_table("incident") as batch:
        batch.create_index("ix_incident_on_date", ["on_date"], unique=False)

    op.create_table(
        "rate",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("account_id", columns.Key, nullable=False),
        sa.Column("line", columns.Line, nullable=False),
        sa.Column("level", columns.Line, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("amount", columns.MoneyColumn(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_rate_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rate")),
        sa.UniqueConstraint("account_id", "line", "level", "from_on", name=op.f("uq_rate_account_id")),
    )
    op.create_table(
        "reinstatement",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("number", columns.Line, nullable=False),
        sa.Column("account_id", columns.Key, nullable=False),
        sa.Column("requested_on", sa.Date(), nullable=False),
        sa.Column("call_id", columns.Key, nullable=True),
        sa.Column("decided_on", sa.Date(), nullable=True),
        sa.Column("approved", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("reason", columns.Line, server_default=sa.text("''"), nullable=False),
        sa.Column("decided_by", columns.Key, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_reinstatement_account_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_reinstatement_call_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["rep.id"], name=op.f("fk_reinstatement_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_reinstatement")),
        sa.UniqueConstraint("number", name=op.f("uq_reinstatement_number")),
    )
    with op.batch_alter_table("reinstatement") as batch:
        batch.create_index("ix_reinstatement_account", ["account_id"], unique=False)

    op.create_table(
        "hold",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("number", columns.Line, nullable=False),
        sa.Column("account_id", columns.Key, nullable=False),
        sa.Column("kind", columns.Line, nullable=False),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=True),
        sa.Column("stops_dates", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column("reason", columns.Line, nullable=False),
        sa.Column("invoice_id", columns.Key, nullable=True),
        sa.Column("opened_by", columns.Key, nullable=True),
        sa.Column("call_id", columns.Key, nullable=True),
        sa.Column("lifted_on", sa.Date(), nullable=True),
        sa.Column("lifted_reason", columns.Line, server_default=sa.text("''"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_hold_account_id")),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_hold_call_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_hold_invoice_id")),
        sa.ForeignKeyConstraint(["opened_by"], ["rep.id"], name=op.f("fk_hold_opened_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hold")),
        sa.UniqueConstraint("number", name=op.f("uq_hold_number")),
    )
    with op.batch_alter_table("hold") as batch:
        batch.create_index("ix_hold_account", ["account_id"], unique=False)

    with op.batch_alter_table("account") as batch:
        batch.add_column(sa.Column("proration", columns.Line, server_default=sa.text("''"), nullable=False))

    with op.batch_alter_table("coverage") as batch:
        batch.add_column(
            sa.Column("ended_unpaid", sa.Boolean(), server_default=sa.text("false"), nullable=False)
        )
        batch.add_column(sa.Column("ends_on_before", sa.Date(), nullable=True))

    with op.batch_alter_table("credit") as batch:
        batch.add_column(sa.Column("month", sa.Date(), nullable=True))
        batch.add_column(
            sa.Column("subscriber_number", columns.Line, server_default=sa.text("''"), nullable=False)
        )

    with op.batch_alter_table("fee") as batch:
        batch.add_column(sa.Column("payment_id", columns.Key, nullable=True))
        batch.create_foreign_key(batch.f("fk_fee_payment_id"), "payment", ["payment_id"], ["id"])

    with op.batch_alter_table("invoice_line") as batch:
        batch.add_column(sa.Column("month", sa.Date(), nullable=True))

    with op.batch_alter_table("letter") as batch:
        batch.add_column(sa.Column("facts", sa.JSON(), nullable=True))
        batch.add_column(sa.Column("batch_id", columns.Key, nullable=True))
        batch.add_column(sa.Column("returned_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("settled_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("settled_how", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.create_index(
            "ix_letter_came_back",
            ["returned_on"],
            unique=False,
            postgresql_where=sa.text("returned_on IS NOT NULL AND settled_on IS NULL"),
            sqlite_where=sa.text("returned_on IS NOT NULL AND settled_on IS NULL"),
        )
        batch.create_index("ix_letter_copy_of", ["copy_of"], unique=False)
        batch.create_index(
            "ix_letter_to_mail",
            ["id"],
            unique=False,
            postgresql_where=sa.text("mailed_on IS NULL"),
            sqlite_where=sa.text("mailed_on IS NULL"),
        )
        batch.create_foreign_key(batch.f("fk_letter_batch_id"), "mail_batch", ["batch_id"], ["id"])

    with op.batch_alter_table("payment") as batch:
        batch.add_column(sa.Column("for_fees", sa.Boolean(), server_default=sa.text("false"), nullable=False))

    # Nothing wrote one before.
    op.execute("DELETE FROM promise")
    with op.batch_alter_table("promise") as batch:
        batch.add_column(sa.Column("number", columns.Line, nullable=False))
        batch.add_column(sa.Column("made_at", columns.InstantColumn(), nullable=False))
        batch.add_column(sa.Column("call_id", columns.Key, nullable=True))
        batch.create_unique_constraint(batch.f("uq_promise_number"), ["number"])
        batch.create_foreign_key(batch.f("fk_promise_call_id"), "call", ["call_id"], ["id"])

    with op.batch_alter_table("standing") as batch:
        batch.add_column(
            sa.Column("owed", columns.MoneyColumn(), server_default=sa.text("0"), nullable=False)
        )
        batch.add_column(sa.Column("flags", sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
        batch.add_column(sa.Column("coverage_end", sa.Date(), nullable=True))
        batch.create_index("ix_standing_ended", ["state", "coverage_end", "account_id"], unique=False)

    op.bulk_insert(_series, [{"name": name, "next": 1} for name in _SERIES])


def downgrade() -> None:
    """Take back."""
    op.execute(sa.delete(_series).where(_series.c.name.in_(_SERIES)))

    with op.batch_alter_table("standing") as batch:
        batch.drop_index("ix_standing_ended")
        batch.drop_column("coverage_end")
        batch.drop_column("flags")
        batch.drop_column("owed")

    with op.batch_alter_table("promise") as batch:
        batch.drop_constraint(batch.f("fk_promise_call_id"), type_="foreignkey")
        batch.drop_constraint(batch.f("uq_promise_number"), type_="unique")
        batch.drop_column("call_id")
        batch.drop_column("made_at")
        batch.drop_column("number")

    with op.batch_alter_table("payment") as batch:
        batch.drop_column("for_fees")

    with op.batch_alter_table("letter") as batch:
        batch.drop_constraint(batch.f("fk_letter_batch_id"), type_="foreignkey")
        batch.drop_index(
            "ix_letter_to_mail",
            postgresql_where=sa.text("mailed_on IS NULL"),
            sqlite_where=sa.text("mailed_on IS NULL"),
        )
        batch.drop_index("ix_letter_copy_of")
        batch.drop_index(
            "ix_letter_came_back",
            postgresql_where=sa.text("returned_on IS NOT NULL AND settled_on IS NULL"),
            sqlite_where=sa.text("returned_on IS NOT NULL AND settled_on IS NULL"),
        )
        batch.drop_column("settled_how")
        batch.drop_column("settled_on")
        batch.drop_column("returned_on")
        batch.drop_column("batch_id")
        batch.drop_column("facts")

    with op.batch_alter_table("invoice_line") as batch:
        batch.drop_column("month")

    with op.batch_alter_table("fee") as batch:
        batch.drop_constraint(batch.f("fk_fee_payment_id"), type_="foreignkey")
        batch.drop_column("payment_id")

    with op.batch_alter_table("credit") as batch:
        batch.drop_column("subscriber_number")
        batch.drop_column("month")

    with op.batch_alter_table("coverage") as batch:
        batch.drop_column("ends_on_before")
        batch.drop_column("ended_unpaid")

    with op.batch_alter_table("account") as batch:
        batch.drop_column("proration")

    with op.batch_alter_table("hold") as batch:
        batch.drop_index("ix_hold_account")

    op.drop_table("hold")
    with op.batch_alter_table("reinstatement") as batch:
        batch.drop_index("ix_reinstatement_account")

    op.drop_table("reinstatement")
    op.drop_table("rate")
    with op.batch_alter_table("incident") as batch:
        batch.drop_index("ix_incident_on_date")

    op.drop_table("incident")
    op.drop_table("policy_confirmation")
    op.drop_table("mail_batch")
    op.drop_table("daily_run")
