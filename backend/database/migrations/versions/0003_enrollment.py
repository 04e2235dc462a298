"""Files kept whole with what became of each member, trading partners, absences, cards, privileges."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.database import columns

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None
_REGISTERED = sa.column("registered", sa.Boolean())


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "trading_partner",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("sender", columns.Line, nullable=False),
        sa.Column("name", columns.Line, nullable=False),
        sa.Column("status", columns.Line, nullable=False),
        sa.Column("lists", columns.Line, server_default=sa.text("''"), nullable=False),
        sa.Column("member_number_in", columns.Line, server_default=sa.text("''"), nullable=False),
        sa.Column("changed_at", columns.InstantColumn(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_trading_partner")),
        sa.UniqueConstraint("sender", name=op.f("uq_trading_partner_sender")),
    )
    op.create_table(
        "absence",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("file_id", columns.Key, nullable=False),
        sa.Column("account_id", columns.Key, nullable=False),
        sa.Column("member_id", columns.Key, nullable=False),
        sa.Column("subscriber_number", columns.Line, nullable=False),
        sa.Column("relationship", columns.Line, nullable=False),
        sa.Column("state", columns.Line, nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("reason", columns.Line, server_default=sa.text("''"), nullable=False),
        sa.Column("decided_by", columns.Key, nullable=True),
        sa.Column("decided_at", columns.InstantColumn(), nullable=True),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_absence_account_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["rep.id"], name=op.f("fk_absence_decided_by")),
        sa.ForeignKeyConstraint(["file_id"], ["enrollment_file.id"], name=op.f("fk_absence_file_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_absence_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_absence")),
        sa.UniqueConstraint("file_id", "account_id", "member_id", name="uq_absence_person"),
    )
    with op.batch_alter_table("absence") as batch:
        batch.create_index("ix_absence_account", ["account_id"], unique=False)
        batch.create_index("ix_absence_member", ["member_id"], unique=False)
        batch.create_index("ix_absence_state", ["state", "file_id", "id"], unique=False)

    op.create_table(
        "file_part",
        sa.Column("file_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("seq", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["file_id"], ["enrollment_file.id"], name=op.f("fk_file_part_file_id")),
        sa.PrimaryKeyConstraint("file_id", "seq", name=op.f("pk_file_part")),
        sqlite_with_rowid=False,
    )
    op.create_table(
        "card_job",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("number", columns.Line, nullable=False),
        sa.Column("member_id", columns.Key, nullable=False),
        sa.Column("account_id", columns.Key, nullable=False),
        sa.Column("enrollment_id", columns.Key, nullable=True),
        sa.Column("state", columns.Line, nullable=False),
        sa.Column("cause", columns.Line, nullable=False),
        sa.Column("asked_by", columns.Line, server_default=sa.text("''"), nullable=False),
        sa.Column("reason", columns.Line, server_default=sa.text("''"), nullable=False),
        sa.Column("addressee", columns.Line, nullable=False),
        sa.Column("street", columns.Line, server_default=sa.text("''"), nullable=False),
        sa.Column("city", columns.Line, server_default=sa.text("''"), nullable=False),
        sa.Column("state_code", columns.Line, server_default=sa.text("''"), nullable=False),
        sa.Column("zip", columns.Line, server_default=sa.text("''"), nullable=False),
        sa.Column("review", columns.Line, server_default=sa.text("''"), nullable=False),
        sa.Column("requested_by", columns.Line, nullable=False),
        sa.Column("requested_at", columns.InstantColumn(), nullable=False),
        sa.Column("print_from", columns.InstantColumn(), nullable=False),
        sa.Column("printed_at", columns.InstantColumn(), nullable=True),
        sa.Column("mailed_on", sa.Date(), nullable=True),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_card_job_account_id")),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollment.id"], name=op.f("fk_card_job_enrollment_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_card_job_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_card_job")),
        sa.UniqueConstraint("number", name=op.f("uq_card_job_number")),
    )
    with op.batch_alter_table("card_job") as batch:
        batch.create_index("ix_card_job_enrollment", ["enrollment_id"], unique=False)
        batch.create_index("ix_card_job_member", ["member_id", "requested_at"], unique=False)
        batch.create_index("ix_card_job_state", ["state", "print_from", "id"], unique=False)

    op.create_table(
        "file_member",
        sa.Column("file_id", sa.BigInteger(), autoincrement=False, nullable=False),
        sa.Column("ordinal", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("position", sa.BigInteger(), nullable=False),
        sa.Column("set_control", columns.Line, nullable=False),
        sa.Column("subscriber_number", columns.Line, nullable=False),
        sa.Column("maintenance_type", columns.Line, nullable=False),
        sa.Column("reason", columns.Line, nullable=False),
        sa.Column("outcome", columns.Line, nullable=False),
        sa.Column("why", columns.Line, nullable=False),
        sa.Column("enrollment_id", columns.Key, nullable=True),
        sa.Column("member_id", columns.Key, nullable=True),
        sa.Column("item", columns.Line, server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollment.id"], name=op.f("fk_file_member_enrollment_id")
        ),
        sa.ForeignKeyConstraint(["file_id"], ["enrollment_file.id"], name=op.f("fk_file_member_file_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_file_member_member_id")),
        sa.PrimaryKeyConstraint("file_id", "ordinal", name=op.f("pk_file_member")),
        sqlite_with_rowid=False,
    )
    with op.batch_alter_table("file_member") as batch:
        batch.create_index("ix_file_member_member", ["file_id", "member_id"], unique=False)
        batch.create_index("ix_file_member_outcome", ["file_id", "outcome", "ordinal"], unique=False)

    with op.batch_alter_table("account") as batch:
        batch.add_column(sa.Column("partner_id", columns.Key, nullable=True))
        batch.create_index("ix_account_partner", ["partner_id"], unique=False)
        batch.create_foreign_key(batch.f("fk_account_partner_id"), "trading_partner", ["partner_id"], ["id"])

    with op.batch_alter_table("enrollment") as batch:
        batch.drop_constraint("uq_enrollment_place", type_="unique")
        batch.alter_column("ins_index", new_column_name="file_ordinal")
        batch.alter_column("set_control", new_column_name="file_part")
    with op.batch_alter_table("enrollment") as batch:
        batch.create_unique_constraint("uq_enrollment_place", ["file_id", "file_ordinal", "file_part"])
        batch.add_column(sa.Column("web_user_id", columns.Key, nullable=True))
        batch.add_column(
            sa.Column("mailing_street", columns.Line, server_default=sa.text("''"), nullable=False)
        )
        batch.add_column(
            sa.Column("mailing_city", columns.Line, server_default=sa.text("''"), nullable=False)
        )
        batch.add_column(
            sa.Column("mailing_state_code", columns.Line, server_default=sa.text("''"), nullable=False)
        )
        batch.add_column(sa.Column("mailing_zip", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.add_column(
            sa.Column("restricted", sa.Boolean(), server_default=sa.text("false"), nullable=False)
        )
        batch.add_column(sa.Column("before", sa.JSON(), server_default=sa.text("'{}'"), nullable=False))
        batch.drop_index("ix_enrollment_account")
        batch.create_index("ix_enrollment_account", ["account_id", "subscriber_number"], unique=False)
        batch.create_index("ix_enrollment_ssn", ["ssn_digest"], unique=False)
        batch.create_index("ix_enrollment_member", ["member_id"], unique=False)
        batch.create_foreign_key(batch.f("fk_enrollment_web_user_id"), "web_user", ["web_user_id"], ["id"])

    with op.batch_alter_table("enrollment_file") as batch:
        batch.add_column(sa.Column("number", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("partner_id", columns.Key, nullable=True))
        batch.add_column(sa.Column("usage", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("kind", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("size", sa.BigInteger(), server_default=sa.text("0"), nullable=False))
        batch.add_column(sa.Column("received_by", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.add_column(
            sa.Column("registered", sa.Boolean(), server_default=sa.text("false"), nullable=False)
        )
        batch.add_column(sa.Column("original_id", columns.Key, nullable=True))
        batch.add_column(sa.Column("members", sa.Integer(), server_default=sa.text("0"), nullable=False))
        batch.add_column(sa.Column("done", sa.Integer(), server_default=sa.text("0"), nullable=False))
        batch.add_column(sa.Column("counts", sa.JSON(), server_default=sa.text("'{}'"), nullable=False))
        batch.add_column(sa.Column("held_why", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.add_column(
            sa.Column("stop_asked", sa.Boolean(), server_default=sa.text("false"), nullable=False)
        )
        batch.add_column(sa.Column("run_token", columns.Line, nullable=True))
        batch.add_column(sa.Column("run_until", columns.InstantColumn(), nullable=True))
        batch.add_column(sa.Column("media_label", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("media_from", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("media_end", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("media_end_at", columns.InstantColumn(), nullable=True))
        batch.add_column(
            sa.Column("media_end_by", columns.Line, server_default=sa.text("''"), nullable=False)
        )
        batch.add_column(sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))
        batch.drop_constraint(batch.f("uq_enrollment_file_sender"), type_="unique")
        batch.create_index("ix_enrollment_file_sha256", ["sha256"], unique=False)
        batch.create_index("ix_enrollment_file_state", ["state", "id"], unique=False)
        batch.create_index(
            "uq_enrollment_file_control",
            ["sender", "receiver", "control_number"],
            unique=True,
            sqlite_where=_REGISTERED,
            postgresql_where=_REGISTERED,
        )
        batch.create_foreign_key(
            batch.f("fk_enrollment_file_original_id"), "enrollment_file", ["original_id"], ["id"]
        )
        batch.create_foreign_key(
            batch.f("fk_enrollment_file_partner_id"), "trading_partner", ["partner_id"], ["id"]
        )

    op.execute("UPDATE enrollment_file SET number = 'F-' || id, registered = (state = 'done')")
    op.execute("UPDATE enrollment_file SET state = 'applied' WHERE state = 'done'")
    op.execute("UPDATE enrollment_file SET state = 'stopped' WHERE state = 'running'")
    with op.batch_alter_table("enrollment_file") as batch:
        batch.alter_column("number", server_default=None)
        batch.create_unique_constraint(batch.f("uq_enrollment_file_number"), ["number"])

    op.add_column(
        "match_link", sa.Column("before", sa.JSON(), server_default=sa.text("'{}'"), nullable=False)
    )

    with op.batch_alter_table("member") as batch:
        batch.add_column(
            sa.Column("mailing_street", columns.Line, server_default=sa.text("''"), nullable=False)
        )
        batch.add_column(
            sa.Column("mailing_city", columns.Line, server_default=sa.text("''"), nullable=False)
        )
        batch.add_column(
            sa.Column("mailing_state_code", columns.Line, server_default=sa.text("''"), nullable=False)
        )
        batch.add_column(sa.Column("mailing_zip", columns.Line, server_default=sa.text("''"), nullable=False))

    with op.batch_alter_table("web_user") as batch:
        batch.add_column(sa.Column("login_digest", columns.Line, nullable=True))
        batch.add_column(sa.Column("person", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("privileges", sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
        batch.add_column(sa.Column("valid_to", sa.Date(), nullable=True))
        batch.create_index("uq_web_user_login", ["login_digest"], unique=True)

    op.execute("""INSERT INTO number_series (name, next)
        SELECT 'enrollment_file', coalesce(max(id), 0) + 1 FROM enrollment_file""")
    op.execute("INSERT INTO number_series (name, next) VALUES ('card', 1)")


def downgrade() -> None:
    """Take back."""
    op.execute("DELETE FROM number_series WHERE name IN ('enrollment_file', 'card')")
    with op.batch_alter_table("web_user") as batch:
        batch.drop_index("uq_web_user_login")
        batch.drop_column("valid_to")
        batch.drop_column("privileges")
        batch.drop_column("person")
        batch.drop_column("login_digest")

    with op.batch_alter_table("member") as batch:
        batch.drop_column("mailing_zip")
        batch.drop_column("mailing_state_code")
        batch.drop_column("mailing_city")
        batch.drop_column("mailing_street")

    op.drop_column("match_link", "before")

    # The tables of before know only files that counted, once for each control number.
    op.execute("DELETE FROM absence")
    op.execute("DELETE FROM file_member")
    op.execute("DELETE FROM file_part")
    op.execute("UPDATE enrollment_file SET original_id = NULL")
    op.execute("""DELETE FROM enrollment_file WHERE NOT registered
        AND id NOT IN (SELECT file_id FROM enrollment WHERE file_id IS NOT NULL)""")
    op.execute("UPDATE enrollment_file SET state = 'done' WHERE state IN ('applied', 'partial')")
    op.execute("UPDATE enrollment_file SET state = 'running' WHERE state <> 'done'")

    with op.batch_alter_table("enrollment_file") as batch:
        batch.drop_constraint(batch.f("fk_enrollment_file_partner_id"), type_="foreignkey")
        batch.drop_constraint(batch.f("fk_enrollment_file_original_id"), type_="foreignkey")
        batch.drop_constraint(batch.f("uq_enrollment_file_number"), type_="unique")
        batch.drop_index("uq_enrollment_file_control", sqlite_where=_REGISTERED, postgresql_where=_REGISTERED)
        batch.drop_index("ix_enrollment_file_state")
        batch.drop_index("ix_enrollment_file_sha256")
        batch.create_unique_constraint(
            batch.f("uq_enrollment_file_sender"), ["sender", "receiver", "control_number"]
        )
        batch.drop_column("version")
        batch.drop_column("media_end_by")
        batch.drop_column("media_end_at")
        batch.drop_column("media_end")
        batch.drop_column("media_from")
        batch.drop_column("media_label")
        batch.drop_column("run_until")
        batch.drop_column("run_token")
        batch.drop_column("stop_asked")
        batch.drop_column("held_why")
        batch.drop_column("counts")
        batch.drop_column("done")
        batch.drop_column("members")
        batch.drop_column("original_id")
        batch.drop_column("registered")
        batch.drop_column("received_by")
        batch.drop_column("size")
        batch.drop_column("kind")
        batch.drop_column("usage")
        batch.drop_column("partner_id")
        batch.drop_column("number")

    with op.batch_alter_table("enrollment") as batch:
        batch.drop_constraint(batch.f("fk_enrollment_web_user_id"), type_="foreignkey")
        batch.drop_index("ix_enrollment_member")
        batch.drop_index("ix_enrollment_ssn")
        batch.drop_index("ix_enrollment_account")
        batch.create_index("ix_enrollment_account", ["account_id"], unique=False)
        batch.drop_column("before")
        batch.drop_column("restricted")
        batch.drop_column("mailing_zip")
        batch.drop_column("mailing_state_code")
        batch.drop_column("mailing_city")
        batch.drop_column("mailing_street")
        batch.drop_column("web_user_id")
        batch.drop_constraint("uq_enrollment_place", type_="unique")
        batch.alter_column("file_part", new_column_name="set_control")
        batch.alter_column("file_ordinal", new_column_name="ins_index")
    with op.batch_alter_table("enrollment") as batch:
        batch.create_unique_constraint("uq_enrollment_place", ["file_id", "set_control", "ins_index"])

    with op.batch_alter_table("account") as batch:
        batch.drop_constraint(batch.f("fk_account_partner_id"), type_="foreignkey")
        batch.drop_index("ix_account_partner")
        batch.drop_column("partner_id")

    with op.batch_alter_table("file_member") as batch:
        batch.drop_index("ix_file_member_outcome")
        batch.drop_index("ix_file_member_member")

    op.drop_table("file_member")
    with op.batch_alter_table("card_job") as batch:
        batch.drop_index("ix_card_job_state")
        batch.drop_index("ix_card_job_member")
        batch.drop_index("ix_card_job_enrollment")

    op.drop_table("card_job")
    op.drop_table("file_part")
    with op.batch_alter_table("absence") as batch:
        batch.drop_index("ix_absence_state")
        batch.drop_index("ix_absence_member")
        batch.drop_index("ix_absence_account")

    op.drop_table("absence")
    op.drop_table("trading_partner")
