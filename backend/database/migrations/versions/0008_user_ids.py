"""User IDs: pages of faxed forms, pauses, codes, the IDs of a client and the log of their changes."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.database import columns

revision = "0008"
down_revision = "0007"
branch_labels = None
depends_on = None
_series = sa.table("number_series", sa.column("name", columns.Line), sa.column("next", columns.Key))
_users = sa.table(
    "web_user",
    sa.column("id", columns.Key),
    sa.column("number", columns.Line),
    sa.column("state", columns.Line),
    sa.column("state_at", columns.InstantColumn),
    sa.column("created_at", columns.InstantColumn),
    sa.column("request_id", columns.Key),
)
_requests = sa.table(
    "user_id_request",
    sa.column("state", columns.Line),
    sa.column("decided_by", columns.Key),
    sa.column("decided_at", columns.InstantColumn),
)


def upgrade() -> None:
    """Apply. What the older program approved has no letter: it waits to be approved again."""
    waiting = _users.c.request_id.is_not(None) & (_users.c.state == "pending")
    op.execute(_users.update().where(waiting).values(state="withdrawn"))
    op.execute(
        _requests.update()
        .where(_requests.c.state == "approved")
        .values(state="received", decided_by=None, decided_at=None)
    )
    op.create_table(
        "fax_page",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("request_id", columns.Key, nullable=False),
        sa.Column("kept_at", columns.InstantColumn(), nullable=False),
        sa.Column("kept_by", columns.Line, nullable=False),
        sa.Column("pages", sa.Integer(), nullable=False),
        sa.Column("digest", columns.Line, nullable=False),
        sa.Column("sealed", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["request_id"], ["user_id_request.id"], name=op.f("fk_fax_page_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fax_page")),
    )
    with op.batch_alter_table("fax_page") as batch:
        batch.create_index("ix_fax_page_digest", ["digest"], unique=False)
        batch.create_index("ix_fax_page_request", ["request_id", "id"], unique=False)

    op.create_table(
        "user_id_pause",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("request_id", columns.Key, nullable=False),
        sa.Column("incomplete_at", columns.InstantColumn(), nullable=False),
        sa.Column("answered_at", columns.InstantColumn(), nullable=True),
        sa.ForeignKeyConstraint(
            ["request_id"], ["user_id_request.id"], name=op.f("fk_user_id_pause_request_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_id_pause")),
    )
    with op.batch_alter_table("user_id_pause") as batch:
        batch.create_index("ix_user_id_pause_request", ["request_id"], unique=False)

    op.create_table(
        "access_code",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("web_user_id", columns.Key, nullable=False),
        sa.Column("request_id", columns.Key, nullable=True),
        sa.Column("digest", columns.Line, nullable=False),
        sa.Column("folder", columns.Line, server_default=sa.text("''"), nullable=False),
        sa.Column("made_at", columns.InstantColumn(), nullable=False),
        sa.Column("valid_to", sa.Date(), nullable=False),
        sa.Column("state", columns.Line, nullable=False),
        sa.Column("state_at", columns.InstantColumn(), nullable=False),
        sa.Column("why", columns.Line, server_default=sa.text("''"), nullable=False),
        sa.Column("tries", sa.Integer(), server_default=sa.text("0"), nullable=False),
        sa.ForeignKeyConstraint(
            ["request_id"], ["user_id_request.id"], name=op.f("fk_access_code_request_id")
        ),
        sa.ForeignKeyConstraint(["web_user_id"], ["web_user.id"], name=op.f("fk_access_code_web_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_code")),
        sa.UniqueConstraint("digest", name=op.f("uq_access_code_digest")),
    )
    with op.batch_alter_table("access_code") as batch:
        batch.create_index("ix_access_code_ends", ["state", "valid_to"], unique=False)
        batch.create_index("ix_access_code_request", ["request_id"], unique=False)
        batch.create_index(
            "uq_access_code_one",
            ["web_user_id"],
            unique=True,
            postgresql_where=sa.text("state IN ('printed', 'live')"),
            sqlite_where=sa.text("state IN ('printed', 'live')"),
        )

    op.create_table(
        "access_log",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("account_id", columns.Key, nullable=False),
        sa.Column("web_user_id", columns.Key, nullable=True),
        sa.Column("at", columns.InstantColumn(), nullable=False),
        sa.Column("act", columns.Line, nullable=False),
        sa.Column("by_name", columns.Line, nullable=False),
        sa.Column("words", columns.Line, server_default=sa.text("''"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_access_log_account_id")),
        sa.ForeignKeyConstraint(["web_user_id"], ["web_user.id"], name=op.f("fk_access_log_web_user_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_access_log")),
    )
    with op.batch_alter_table("access_log") as batch:
        batch.create_index("ix_access_log_account", ["account_id", "id"], unique=False)

    with op.batch_alter_table("account") as batch:
        batch.add_column(
            sa.Column("address_changed_by", columns.Line, server_default=sa.text("''"), nullable=False)
        )
        batch.add_column(sa.Column("old_street", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("old_city", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.add_column(
            sa.Column("old_state_code", columns.Line, server_default=sa.text("''"), nullable=False)
        )
        batch.add_column(sa.Column("old_zip", columns.Line, server_default=sa.text("''"), nullable=False))

    with op.batch_alter_table("letter") as batch:
        batch.add_column(sa.Column("request_id", columns.Key, nullable=True))
        batch.add_column(
            sa.Column("paper_sha256", columns.Line, server_default=sa.text("''"), nullable=False)
        )
        batch.create_index("ix_letter_request", ["request_id"], unique=False)
        batch.create_foreign_key(batch.f("fk_letter_request_id"), "user_id_request", ["request_id"], ["id"])

    with op.batch_alter_table("user_id_request") as batch:
        batch.add_column(sa.Column("missing", sa.JSON(), server_default=sa.text("'[]'"), nullable=False))
        batch.add_column(
            sa.Column("missing_note", columns.Line, server_default=sa.text("''"), nullable=False)
        )
        batch.add_column(sa.Column("call_back", columns.Line, server_default=sa.text("''"), nullable=False))
        batch.add_column(sa.Column("checked_by", columns.Key, nullable=True))
        batch.add_column(sa.Column("reissued_at", columns.InstantColumn(), nullable=True))
        batch.add_column(sa.Column("reissues", sa.Integer(), server_default=sa.text("0"), nullable=False))
        batch.add_column(sa.Column("mailed_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("returned_on", sa.Date(), nullable=True))
        batch.add_column(sa.Column("breached", sa.Boolean(), server_default=sa.text("false"), nullable=False))
        batch.create_index("ix_user_id_request_decided", ["decided_at", "id"], unique=False)
        batch.create_index("ix_user_id_request_fax", ["fax_reference"], unique=False)
        batch.create_foreign_key(batch.f("fk_user_id_request_checked_by"), "rep", ["checked_by"], ["id"])

    with op.batch_alter_table("web_user") as batch:
        batch.add_column(sa.Column("number", columns.Line, nullable=True))
        batch.add_column(sa.Column("state_at", columns.InstantColumn(), nullable=True))
        batch.add_column(
            sa.Column("suspended_by", columns.Line, server_default=sa.text("''"), nullable=False)
        )
        batch.add_column(
            sa.Column("person_is", columns.Line, server_default=sa.text("'employee'"), nullable=False)
        )
        batch.add_column(sa.Column("replaces", columns.Key, nullable=True))
        batch.add_column(sa.Column("password_hash", columns.Line, nullable=True))
        batch.add_column(
            sa.Column("password_tries", sa.Integer(), server_default=sa.text("0"), nullable=False)
        )
        batch.add_column(sa.Column("last_used_at", columns.InstantColumn(), nullable=True))
        batch.add_column(sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False))
        batch.create_index("ix_web_user_request", ["request_id"], unique=False)
        batch.create_index("ix_web_user_used", ["state", "last_used_at"], unique=False)
        batch.create_foreign_key(batch.f("fk_web_user_replaces"), "web_user", ["replaces"], ["id"])
    _number_users()
    with op.batch_alter_table("web_user") as batch:
        batch.alter_column("number", existing_type=columns.Line, nullable=False)
        batch.alter_column("state_at", existing_type=columns.InstantColumn(), nullable=False)
        batch.create_unique_constraint(batch.f("uq_web_user_number"), ["number"])


def _number_users() -> None:
    """Give each ID that is on record the number it is spoken of by."""
    connection = op.get_bind()
    rows = connection.execute(sa.select(_users.c.id, _users.c.created_at).order_by(_users.c.id)).all()
    for place, row in enumerate(rows, start=1):
        change = _users.update().where(_users.c.id == row.id)
        connection.execute(change.values(number=f"W-{place:05d}", state_at=row.created_at))
    connection.execute(_series.insert().values(name="web_user", next=len(rows) + 1))


def downgrade() -> None:
    """Take back."""
    op.execute(_series.delete().where(_series.c.name == "web_user"))

    with op.batch_alter_table("web_user") as batch:
        batch.drop_constraint(batch.f("fk_web_user_replaces"), type_="foreignkey")
        batch.drop_constraint(batch.f("uq_web_user_number"), type_="unique")
        batch.drop_index("ix_web_user_used")
        batch.drop_index("ix_web_user_request")
        batch.drop_column("version")
        batch.drop_column("last_used_at")
        batch.drop_column("password_tries")
        batch.drop_column("password_hash")
        batch.drop_column("replaces")
        batch.drop_column("person_is")
        batch.drop_column("suspended_by")
        batch.drop_column("state_at")
        batch.drop_column("number")

    with op.batch_alter_table("user_id_request") as batch:
        batch.drop_constraint(batch.f("fk_user_id_request_checked_by"), type_="foreignkey")
        batch.drop_index("ix_user_id_request_fax")
        batch.drop_index("ix_user_id_request_decided")
        batch.drop_column("breached")
        batch.drop_column("returned_on")
        batch.drop_column("mailed_on")
        batch.drop_column("reissues")
        batch.drop_column("reissued_at")
        batch.drop_column("checked_by")
        batch.drop_column("call_back")
        batch.drop_column("missing_note")
        batch.drop_column("missing")

    with op.batch_alter_table("letter") as batch:
        batch.drop_constraint(batch.f("fk_letter_request_id"), type_="foreignkey")
        batch.drop_index("ix_letter_request")
        batch.drop_column("paper_sha256")
        batch.drop_column("request_id")

    with op.batch_alter_table("account") as batch:
        batch.drop_column("old_zip")
        batch.drop_column("old_state_code")
        batch.drop_column("old_city")
        batch.drop_column("old_street")
        batch.drop_column("address_changed_by")

    with op.batch_alter_table("access_log") as batch:
        batch.drop_index("ix_access_log_account")

    op.drop_table("access_log")
    with op.batch_alter_table("access_code") as batch:
        batch.drop_index(
            "uq_access_code_one",
            postgresql_where=sa.text("state IN ('printed', 'live')"),
            sqlite_where=sa.text("state IN ('printed', 'live')"),
        )
        batch.drop_index("ix_access_code_request")
        batch.drop_index("ix_access_code_ends")

    op.drop_table("access_code")
    with op.batch_alter_table("user_id_pause") as batch:
        batch.drop_index("ix_user_id_pause_request")

    op.drop_table("user_id_pause")
    with op.batch_alter_table("fax_page") as batch:
        batch.drop_index("ix_fax_page_request")
        batch.drop_index("ix_fax_page_digest")

    op.drop_table("fax_page")
