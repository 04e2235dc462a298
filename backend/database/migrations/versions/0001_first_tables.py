"""The first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from backend.database import columns

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_SERIES = {
    "match_item": 20001,
    "user_id_request": 801,
    "letter": 801,
    "call": 5001,
    "payment": 10001,
    "invoice": 100001,
    "receipt": 100001,
    "member": 88100001,
}
"""First number of each readable series."""


def upgrade() -> None:
    """Apply."""
    op.create_table(
        "account",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("number", columns.Line, nullable=False),
        sa.Column("name", columns.Line, nullable=False),
        sa.Column("name_key", columns.Line, nullable=False),
        sa.Column("state", columns.Line, nullable=False),
        sa.Column("ein", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("employees", sa.Integer(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.Column("street", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("city", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("state_code", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("zip", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("address_changed_on", sa.Date(), nullable=True),
        sa.Column("cobra_admin", columns.Line, nullable=False),
        sa.Column("filing_method", columns.Line, nullable=False),
        sa.Column("bill_preference", columns.Line, nullable=False),
        sa.Column("billing_cycle", columns.Line, nullable=False),
        sa.Column("billing_policy", columns.Line, nullable=False),
        sa.Column("bill_phone", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("bill_hours", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("paid_through", sa.Date(), nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account")),
        sa.UniqueConstraint("number", name=op.f("uq_account_number")),
    )
    op.create_index("ix_account_ein", "account", ["ein"], unique=False)
    op.create_index("ix_account_name_key", "account", ["name_key", "id"], unique=False)
    op.create_table(
        "audit_row",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("at", columns.InstantColumn(), nullable=False),
        sa.Column("actor_kind", columns.Line, nullable=False),
        sa.Column("actor", columns.Line, nullable=False),
        sa.Column("action", columns.Line, nullable=False),
        sa.Column("subject_kind", columns.Line, nullable=False),
        sa.Column("subject", columns.Line, nullable=False),
        sa.Column("context", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("request_id", columns.Line, nullable=False),
        sa.Column("details", columns.Line, nullable=False),
        sa.Column("seq", columns.Key, nullable=True),
        sa.Column("seal", columns.Line, nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_row")),
        sa.UniqueConstraint("seq", name=op.f("uq_audit_row_seq")),
    )
    op.create_index("ix_audit_row_request", "audit_row", ["request_id"], unique=False)
    op.create_index(
        "ix_audit_row_unsealed",
        "audit_row",
        ["id"],
        unique=False,
        postgresql_where=sa.text("seq IS NULL"),
        sqlite_where=sa.text("seq IS NULL"),
    )
    op.create_table(
        "enrollment_file",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("name", columns.Line, nullable=False),
        sa.Column("channel", columns.Line, nullable=False),
        sa.Column("sender", columns.Line, nullable=False),
        sa.Column("receiver", columns.Line, nullable=False),
        sa.Column("control_number", columns.Line, nullable=False),
        sa.Column("sha256", columns.Line, nullable=False),
        sa.Column("received_at", columns.InstantColumn(), nullable=False),
        sa.Column("state", columns.Line, nullable=False),
        sa.Column("report", sa.JSON(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollment_file")),
        sa.UniqueConstraint("sender", "receiver", "control_number", name=op.f("uq_enrollment_file_sender")),
    )
    op.create_table(
        "event",
        sa.Column("seq", columns.Key, autoincrement=True, nullable=False),
        sa.Column("at", columns.InstantColumn(), nullable=False),
        sa.Column("kind", columns.Line, nullable=False),
        sa.Column("subject", columns.Line, nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("seq", name=op.f("pk_event")),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "idempotency",
        sa.Column("actor", columns.Line, nullable=False),
        sa.Column("key", columns.Line, nullable=False),
        sa.Column("fingerprint", columns.Line, nullable=False),
        sa.Column("status", sa.Integer(), nullable=False),
        sa.Column("body", columns.Line, nullable=True),
        sa.Column("etag", columns.Line, nullable=True),
        sa.Column("at", columns.InstantColumn(), nullable=False),
        sa.PrimaryKeyConstraint("actor", "key", name=op.f("pk_idempotency")),
    )
    op.create_table(
        "job_lease",
        sa.Column("name", columns.Line, nullable=False),
        sa.Column("holder", columns.Line, nullable=False),
        sa.Column("lease_until", columns.InstantColumn(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_job_lease")),
    )
    op.create_table(
        "member",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("mrn", columns.Line, nullable=False),
        sa.Column("last_name", columns.Line, nullable=False),
        sa.Column("first_name", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("middle_name", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("suffix", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("last_key", columns.Line, nullable=False),
        sa.Column("first_key", columns.Line, nullable=False),
        sa.Column("birth_date", sa.Date(), nullable=True),
        sa.Column("sex", columns.Line, nullable=False),
        sa.Column("ssn_cipher", columns.Line, nullable=True),
        sa.Column("ssn_digest", columns.Line, nullable=True),
        sa.Column("ssn_last4", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("key_id", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("street", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("city", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("state_code", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("zip", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("phone", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("restricted", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("created_at", columns.InstantColumn(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_member")),
        sa.UniqueConstraint("mrn", name=op.f("uq_member_mrn")),
    )
    op.create_index("ix_member_birth", "member", ["birth_date", "last_key"], unique=False)
    op.create_index("ix_member_name", "member", ["last_key", "first_key"], unique=False)
    op.create_index("ix_member_ssn", "member", ["ssn_digest"], unique=False)
    op.create_table(
        "number_series",
        sa.Column("name", columns.Line, nullable=False),
        sa.Column("next", columns.Key, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_number_series")),
    )
    op.create_table(
        "rep",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("username", columns.Line, nullable=False),
        sa.Column("display_name", columns.Line, nullable=False),
        sa.Column("role", columns.Line, nullable=False),
        sa.Column("center", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("password_hash", columns.Line, nullable=False),
        sa.Column("disabled_at", columns.InstantColumn(), nullable=True),
        sa.Column("created_at", columns.InstantColumn(), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_rep")),
        sa.UniqueConstraint("username", name=op.f("uq_rep_username")),
    )
    op.create_table(
        "sign_in_try",
        sa.Column("bucket", columns.Line, nullable=False),
        sa.Column("tries", sa.Integer(), nullable=False),
        sa.Column("last_at", columns.InstantColumn(), nullable=False),
        sa.PrimaryKeyConstraint("bucket", name=op.f("pk_sign_in_try")),
    )
    op.create_table(
        "store_fact",
        sa.Column("name", columns.Line, nullable=False),
        sa.Column("value", columns.Line, nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_store_fact")),
    )
    op.create_table(
        "account_alias",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("partner", columns.Line, nullable=False),
        sa.Column("value", columns.Line, nullable=False),
        sa.Column("account_id", columns.Key, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_account_alias_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_account_alias")),
        sa.UniqueConstraint("partner", "value", name=op.f("uq_account_alias_partner")),
    )
    op.create_table(
        "call",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("number", columns.Line, nullable=False),
        sa.Column("account_id", columns.Key, nullable=True),
        sa.Column("rep_id", columns.Key, nullable=True),
        sa.Column("caller", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("started_at", columns.InstantColumn(), nullable=False),
        sa.Column("ended_at", columns.InstantColumn(), nullable=True),
        sa.Column("wrap_up", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_call_account_id")),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name=op.f("fk_call_rep_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_call")),
        sa.UniqueConstraint("number", name=op.f("uq_call_number")),
    )
    op.create_index("ix_call_account", "call", ["account_id", "started_at"], unique=False)
    op.create_table(
        "contact",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("account_id", columns.Key, nullable=False),
        sa.Column("role", columns.Line, nullable=False),
        sa.Column("name", columns.Line, nullable=False),
        sa.Column("phone", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("extension", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("street", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("city", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("state_code", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("zip", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("employee", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("valid_to", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_contact_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_contact")),
    )
    op.create_index("ix_contact_account", "contact", ["account_id"], unique=False)
    op.create_table(
        "credit",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("account_id", columns.Key, nullable=False),
        sa.Column("posted_on", sa.Date(), nullable=False),
        sa.Column("amount", columns.MoneyColumn(), nullable=False),
        sa.Column("reason", columns.Line, nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_credit_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_credit")),
    )
    op.create_index("ix_credit_account", "credit", ["account_id"], unique=False)
    op.create_table(
        "draft",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("rep_id", columns.Key, nullable=False),
        sa.Column("subject", columns.Line, nullable=False),
        sa.Column("text", columns.Line, nullable=False),
        sa.Column("at", columns.InstantColumn(), nullable=False),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name=op.f("fk_draft_rep_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_draft")),
        sa.UniqueConstraint("rep_id", "subject", name=op.f("uq_draft_rep_id")),
    )
    op.create_table(
        "enrollment",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("receipt", columns.Line, nullable=False),
        sa.Column("channel", columns.Line, nullable=False),
        sa.Column("type", columns.Line, nullable=False),
        sa.Column("file_id", columns.Key, nullable=True),
        sa.Column("set_control", columns.Line, nullable=True),
        sa.Column("ins_index", sa.Integer(), nullable=True),
        sa.Column("account_id", columns.Key, nullable=True),
        sa.Column("group_number", columns.Line, nullable=False),
        sa.Column("received_at", columns.InstantColumn(), nullable=False),
        sa.Column("submitted_by", columns.Line, nullable=False),
        sa.Column("outcome", columns.Line, nullable=False),
        sa.Column("why", columns.Line, nullable=False),
        sa.Column("subscriber_number", columns.Line, nullable=False),
        sa.Column("relationship", columns.Line, nullable=False),
        sa.Column("mrn", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("last_name", columns.Line, nullable=False),
        sa.Column("first_name", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("middle_name", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("suffix", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("birth_date", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("sex", columns.Line, nullable=False),
        sa.Column("ssn_cipher", columns.Line, nullable=True),
        sa.Column("ssn_digest", columns.Line, nullable=True),
        sa.Column("ssn_last4", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("key_id", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("street", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("city", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("state_code", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("zip", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("phone", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("coverage_from", sa.Date(), nullable=True),
        sa.Column("coverage_to", sa.Date(), nullable=True),
        sa.Column("coverages", sa.JSON(), nullable=False),
        sa.Column("member_id", columns.Key, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_enrollment_account_id")),
        sa.ForeignKeyConstraint(["file_id"], ["enrollment_file.id"], name=op.f("fk_enrollment_file_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_enrollment_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_enrollment")),
        sa.UniqueConstraint("file_id", "set_control", "ins_index", name="uq_enrollment_place"),
        sa.UniqueConstraint("receipt", name=op.f("uq_enrollment_receipt")),
    )
    op.create_index("ix_enrollment_account", "enrollment", ["account_id"], unique=False)
    op.create_table(
        "fee",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("account_id", columns.Key, nullable=False),
        sa.Column("kind", columns.Line, nullable=False),
        sa.Column("charged_on", sa.Date(), nullable=False),
        sa.Column("amount", columns.MoneyColumn(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_fee_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_fee")),
    )
    op.create_index("ix_fee_account", "fee", ["account_id"], unique=False)
    op.create_table(
        "invoice",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("number", columns.Line, nullable=False),
        sa.Column("account_id", columns.Key, nullable=False),
        sa.Column("month", sa.Date(), nullable=False),
        sa.Column("bill_date", sa.Date(), nullable=False),
        sa.Column("due_date", sa.Date(), nullable=False),
        sa.Column("premium", columns.MoneyColumn(), nullable=False),
        sa.Column("void", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("issued_at", columns.InstantColumn(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_invoice_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice")),
        sa.UniqueConstraint("account_id", "month", name=op.f("uq_invoice_account_id")),
        sa.UniqueConstraint("number", name=op.f("uq_invoice_number")),
    )
    op.create_table(
        "payment",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("number", columns.Line, nullable=False),
        sa.Column("account_id", columns.Key, nullable=False),
        sa.Column("external_id", columns.Line, nullable=True),
        sa.Column("received_on", sa.Date(), nullable=False),
        sa.Column("amount", columns.MoneyColumn(), nullable=False),
        sa.Column("method", columns.Line, nullable=False),
        sa.Column("reference", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("recorded_at", columns.InstantColumn(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("reversed_at", columns.InstantColumn(), nullable=True),
        sa.Column("reversed_reason", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_payment_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_payment")),
        sa.UniqueConstraint("external_id", name=op.f("uq_payment_external_id")),
        sa.UniqueConstraint("number", name=op.f("uq_payment_number")),
    )
    op.create_index("ix_payment_account", "payment", ["account_id", "received_on"], unique=False)
    op.create_table(
        "promise",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("account_id", columns.Key, nullable=False),
        sa.Column("made_on", sa.Date(), nullable=False),
        sa.Column("pay_by", sa.Date(), nullable=False),
        sa.Column("amount", columns.MoneyColumn(), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_promise_account_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_promise")),
    )
    op.create_index("ix_promise_account", "promise", ["account_id"], unique=False)
    op.create_table(
        "standing",
        sa.Column("account_id", columns.Key, nullable=False),
        sa.Column("on_date", sa.Date(), nullable=False),
        sa.Column("state", columns.Line, nullable=False),
        sa.Column("days_past_due", sa.Integer(), nullable=False),
        sa.Column("open_premium", columns.MoneyColumn(), nullable=False),
        sa.Column("coverage_end_if_unpaid", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_standing_account_id")),
        sa.PrimaryKeyConstraint("account_id", name=op.f("pk_standing")),
    )
    op.create_index(
        "ix_standing_work", "standing", ["state", "coverage_end_if_unpaid", "account_id"], unique=False
    )
    op.create_table(
        "station_credential",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("secret_hash", columns.Line, nullable=False),
        sa.Column("rep_id", columns.Key, nullable=False),
        sa.Column("station", columns.Line, nullable=False),
        sa.Column("created_at", columns.InstantColumn(), nullable=False),
        sa.Column("locked_at", columns.InstantColumn(), nullable=True),
        sa.Column("revoked_at", columns.InstantColumn(), nullable=True),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name=op.f("fk_station_credential_rep_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_station_credential")),
        sa.UniqueConstraint("secret_hash", name=op.f("uq_station_credential_secret_hash")),
    )
    op.create_table(
        "user_id_request",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("number", columns.Line, nullable=False),
        sa.Column("account_id", columns.Key, nullable=False),
        sa.Column("kind", columns.Line, nullable=False),
        sa.Column("state", columns.Line, nullable=False),
        sa.Column("faxed_at", columns.InstantColumn(), nullable=False),
        sa.Column("fax_reference", columns.Line, nullable=False),
        sa.Column("administrator", columns.Line, nullable=False),
        sa.Column("administrator_is", columns.Line, nullable=False),
        sa.Column("signer", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("street", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("city", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("state_code", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("zip", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("mail_by", sa.Date(), nullable=True),
        sa.Column("arrive_by", sa.Date(), nullable=True),
        sa.Column("decided_by", columns.Key, nullable=True),
        sa.Column("decided_at", columns.InstantColumn(), nullable=True),
        sa.Column("deny_reason", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("note", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("registered_by", columns.Line, nullable=False),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_user_id_request_account_id")),
        sa.ForeignKeyConstraint(["decided_by"], ["rep.id"], name=op.f("fk_user_id_request_decided_by")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_id_request")),
        sa.UniqueConstraint("number", name=op.f("uq_user_id_request_number")),
    )
    op.create_index("ix_user_id_request_account", "user_id_request", ["account_id"], unique=False)
    op.create_index("ix_user_id_request_work", "user_id_request", ["state", "mail_by", "id"], unique=False)
    op.create_table(
        "coverage",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("account_id", columns.Key, nullable=False),
        sa.Column("member_id", columns.Key, nullable=False),
        sa.Column("subscriber_number", columns.Line, nullable=False),
        sa.Column("relationship", columns.Line, nullable=False),
        sa.Column("line", columns.Line, nullable=False),
        sa.Column("level", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("starts_on", sa.Date(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("enrollment_id", columns.Key, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_coverage_account_id")),
        sa.ForeignKeyConstraint(["enrollment_id"], ["enrollment.id"], name=op.f("fk_coverage_enrollment_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_coverage_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_coverage")),
    )
    op.create_index("ix_coverage_account", "coverage", ["account_id", "subscriber_number"], unique=False)
    op.create_index("ix_coverage_member", "coverage", ["member_id"], unique=False)
    op.create_table(
        "invoice_line",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("invoice_id", columns.Key, nullable=False),
        sa.Column("kind", columns.Line, nullable=False),
        sa.Column("subscriber_number", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("tier", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("amount", columns.MoneyColumn(), nullable=False),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_invoice_line_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_invoice_line")),
    )
    op.create_index("ix_invoice_line_invoice", "invoice_line", ["invoice_id"], unique=False)
    op.create_table(
        "letter",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("number", columns.Line, nullable=False),
        sa.Column("account_id", columns.Key, nullable=False),
        sa.Column("kind", columns.Line, nullable=False),
        sa.Column("invoice_id", columns.Key, nullable=True),
        sa.Column("created_on", sa.Date(), nullable=False),
        sa.Column("mailed_on", sa.Date(), nullable=True),
        sa.Column("amount", columns.MoneyColumn(), nullable=True),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_letter_account_id")),
        sa.ForeignKeyConstraint(["invoice_id"], ["invoice.id"], name=op.f("fk_letter_invoice_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_letter")),
        sa.UniqueConstraint("number", name=op.f("uq_letter_number")),
    )
    op.create_index("ix_letter_account", "letter", ["account_id", "created_on"], unique=False)
    op.create_table(
        "match_item",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("number", columns.Line, nullable=False),
        sa.Column("enrollment_id", columns.Key, nullable=False),
        sa.Column("account_id", columns.Key, nullable=True),
        sa.Column("state", columns.Line, nullable=False),
        sa.Column("care_order", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.Column("reopened", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("breached", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("submitted_at", columns.InstantColumn(), nullable=False),
        sa.Column("due_at", columns.InstantColumn(), nullable=True),
        sa.Column("why", columns.Line, nullable=False),
        sa.Column("warnings", sa.JSON(), nullable=False),
        sa.Column("lease_token", columns.Line, nullable=True),
        sa.Column("lease_rep_id", columns.Key, nullable=True),
        sa.Column("lease_until", columns.InstantColumn(), nullable=True),
        sa.Column("prefer_rep_id", columns.Key, nullable=True),
        sa.Column("version", sa.Integer(), server_default=sa.text("1"), nullable=False),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_match_item_account_id")),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollment.id"], name=op.f("fk_match_item_enrollment_id")
        ),
        sa.ForeignKeyConstraint(["lease_rep_id"], ["rep.id"], name=op.f("fk_match_item_lease_rep_id")),
        sa.ForeignKeyConstraint(["prefer_rep_id"], ["rep.id"], name=op.f("fk_match_item_prefer_rep_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_item")),
        sa.UniqueConstraint("enrollment_id", name=op.f("uq_match_item_enrollment_id")),
        sa.UniqueConstraint("number", name=op.f("uq_match_item_number")),
    )
    op.create_index("ix_match_item_account", "match_item", ["account_id"], unique=False)
    op.create_index(
        "ix_match_item_open",
        "match_item",
        ["care_order", "due_at", "id"],
        unique=False,
        sqlite_where=sa.text("state IN ('queued', 'pending_approval')"),
        postgresql_where=sa.text("state IN ('queued', 'pending_approval')"),
    )
    op.create_index("ix_match_item_state", "match_item", ["state", "due_at", "id"], unique=False)
    op.create_table(
        "match_link",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("enrollment_id", columns.Key, nullable=False),
        sa.Column("member_id", columns.Key, nullable=False),
        sa.Column("made", columns.Line, nullable=False),
        sa.Column("created_member", sa.Boolean(), server_default=sa.text("(false)"), nullable=False),
        sa.Column("at", columns.InstantColumn(), nullable=False),
        sa.Column("ended_at", columns.InstantColumn(), nullable=True),
        sa.ForeignKeyConstraint(
            ["enrollment_id"], ["enrollment.id"], name=op.f("fk_match_link_enrollment_id")
        ),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_match_link_member_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_link")),
    )
    op.create_index(
        "uq_match_link_active",
        "match_link",
        ["enrollment_id"],
        unique=True,
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.create_table(
        "note",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("subject_kind", columns.Line, nullable=False),
        sa.Column("subject_id", columns.Key, nullable=False),
        sa.Column("call_id", columns.Key, nullable=True),
        sa.Column("author", columns.Line, nullable=False),
        sa.Column("at", columns.InstantColumn(), nullable=False),
        sa.Column("text", columns.Line, nullable=False),
        sa.ForeignKeyConstraint(["call_id"], ["call.id"], name=op.f("fk_note_call_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_note")),
    )
    op.create_index("ix_note_subject", "note", ["subject_kind", "subject_id", "at"], unique=False)
    op.create_table(
        "session",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("token_hash", columns.Line, nullable=False),
        sa.Column("rep_id", columns.Key, nullable=False),
        sa.Column("credential_id", columns.Key, nullable=True),
        sa.Column("station", columns.Line, nullable=False),
        sa.Column("started_at", columns.InstantColumn(), nullable=False),
        sa.Column("last_act_at", columns.InstantColumn(), nullable=False),
        sa.Column("ends_at", columns.InstantColumn(), nullable=False),
        sa.Column("locked_at", columns.InstantColumn(), nullable=True),
        sa.Column("ended_at", columns.InstantColumn(), nullable=True),
        sa.ForeignKeyConstraint(
            ["credential_id"], ["station_credential.id"], name=op.f("fk_session_credential_id")
        ),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name=op.f("fk_session_rep_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_session")),
        sa.UniqueConstraint("token_hash", name=op.f("uq_session_token_hash")),
    )
    op.create_table(
        "web_user",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("account_id", columns.Key, nullable=False),
        sa.Column("kind", columns.Line, nullable=False),
        sa.Column("state", columns.Line, nullable=False),
        sa.Column("created_at", columns.InstantColumn(), nullable=False),
        sa.Column("request_id", columns.Key, nullable=True),
        sa.ForeignKeyConstraint(["account_id"], ["account.id"], name=op.f("fk_web_user_account_id")),
        sa.ForeignKeyConstraint(["request_id"], ["user_id_request.id"], name=op.f("fk_web_user_request_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_web_user")),
    )
    op.create_index("ix_web_user_account", "web_user", ["account_id"], unique=False)
    op.create_table(
        "clock_event",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("item_id", columns.Key, nullable=False),
        sa.Column("kind", columns.Line, nullable=False),
        sa.Column("at", columns.InstantColumn(), nullable=False),
        sa.ForeignKeyConstraint(["item_id"], ["match_item.id"], name=op.f("fk_clock_event_item_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_clock_event")),
    )
    op.create_index("ix_clock_event_item", "clock_event", ["item_id"], unique=False)
    op.create_table(
        "match_decision",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("item_id", columns.Key, nullable=False),
        sa.Column("decision", columns.Line, nullable=False),
        sa.Column("member_id", columns.Key, nullable=True),
        sa.Column("rep_id", columns.Key, nullable=False),
        sa.Column("at", columns.InstantColumn(), nullable=False),
        sa.Column("reason", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("note", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("undone_at", columns.InstantColumn(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["match_item.id"], name=op.f("fk_match_decision_item_id")),
        sa.ForeignKeyConstraint(["member_id"], ["member.id"], name=op.f("fk_match_decision_member_id")),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name=op.f("fk_match_decision_rep_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_decision")),
    )
    op.create_index("ix_match_decision_item", "match_decision", ["item_id"], unique=False)
    op.create_table(
        "match_question",
        sa.Column("id", columns.Key, autoincrement=True, nullable=False),
        sa.Column("item_id", columns.Key, nullable=False),
        sa.Column("question", columns.Line, nullable=False),
        sa.Column("channel", columns.Line, nullable=False),
        sa.Column("rep_id", columns.Key, nullable=False),
        sa.Column("asked_at", columns.InstantColumn(), nullable=False),
        sa.Column("answer", columns.Line, server_default=sa.text("('')"), nullable=False),
        sa.Column("answered_at", columns.InstantColumn(), nullable=True),
        sa.ForeignKeyConstraint(["item_id"], ["match_item.id"], name=op.f("fk_match_question_item_id")),
        sa.ForeignKeyConstraint(["rep_id"], ["rep.id"], name=op.f("fk_match_question_rep_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_match_question")),
    )
    op.create_index("ix_match_question_item", "match_question", ["item_id"], unique=False)
    op.bulk_insert(
        sa.table("number_series", sa.column("name", sa.Text), sa.column("next", sa.BigInteger)),
        [{"name": name, "next": first} for name, first in _SERIES.items()],
    )


def downgrade() -> None:
    """Take back."""
    op.drop_index("ix_match_question_item", table_name="match_question")
    op.drop_table("match_question")
    op.drop_index("ix_match_decision_item", table_name="match_decision")
    op.drop_table("match_decision")
    op.drop_index("ix_clock_event_item", table_name="clock_event")
    op.drop_table("clock_event")
    op.drop_index("ix_web_user_account", table_name="web_user")
    op.drop_table("web_user")
    op.drop_table("session")
    op.drop_index("ix_note_subject", table_name="note")
    op.drop_table("note")
    op.drop_index(
        "uq_match_link_active",
        table_name="match_link",
        sqlite_where=sa.text("ended_at IS NULL"),
        postgresql_where=sa.text("ended_at IS NULL"),
    )
    op.drop_table("match_link")
    op.drop_index("ix_match_item_state", table_name="match_item")
    op.drop_index(
        "ix_match_item_open",
        table_name="match_item",
        sqlite_where=sa.text("state IN ('queued', 'pending_approval')"),
        postgresql_where=sa.text("state IN ('queued', 'pending_approval')"),
    )
    op.drop_index("ix_match_item_account", table_name="match_item")
    op.drop_table("match_item")
    op.drop_index("ix_letter_account", table_name="letter")
    op.drop_table("letter")
    op.drop_index("ix_invoice_line_invoice", table_name="invoice_line")
    op.drop_table("invoice_line")
    op.drop_index("ix_coverage_member", table_name="coverage")
    op.drop_index("ix_coverage_account", table_name="coverage")
    op.drop_table("coverage")
    op.drop_index("ix_user_id_request_work", table_name="user_id_request")
    op.drop_index("ix_user_id_request_account", table_name="user_id_request")
    op.drop_table("user_id_request")
    op.drop_table("station_credential")
    op.drop_index("ix_standing_work", table_name="standing")
    op.drop_table("standing")
    op.drop_index("ix_promise_account", table_name="promise")
    op.drop_table("promise")
    op.drop_index("ix_payment_account", table_name="payment")
    op.drop_table("payment")
    op.drop_table("invoice")
    op.drop_index("ix_fee_account", table_name="fee")
    op.drop_table("fee")
    op.drop_index("ix_enrollment_account", table_name="enrollment")
    op.drop_table("enrollment")
    op.drop_table("draft")
    op.drop_index("ix_credit_account", table_name="credit")
    op.drop_table("credit")
    op.drop_index("ix_contact_account", table_name="contact")
    op.drop_table("contact")
    op.drop_index("ix_call_account", table_name="call")
    op.drop_table("call")
    op.drop_table("account_alias")
    op.drop_table("store_fact")
    op.drop_table("sign_in_try")
    op.drop_table("rep")
    op.drop_table("number_series")
    op.drop_index("ix_member_ssn", table_name="member")
    op.drop_index("ix_member_name", table_name="member")
    op.drop_index("ix_member_birth", table_name="member")
    op.drop_table("member")
    op.drop_table("job_lease")
    op.drop_table("idempotency")
    op.drop_table("event")
    op.drop_table("enrollment_file")
    op.drop_index(
        "ix_audit_row_unsealed",
        table_name="audit_row",
        postgresql_where=sa.text("seq IS NULL"),
        sqlite_where=sa.text("seq IS NULL"),
    )
    op.drop_index("ix_audit_row_request", table_name="audit_row")
    op.drop_table("audit_row")
    op.drop_index("ix_account_name_key", table_name="account")
    op.drop_index("ix_account_ein", table_name="account")
    op.drop_table("account")
