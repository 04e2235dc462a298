"""Every table of the store, room by room. Alembic compares the migrations with this module."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    BigInteger,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    Table,
    UniqueConstraint,
    and_,
    text,
)

from backend.database.columns import InstantColumn, Key, Line, MoneyColumn

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(column_0_label)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


def _table(name: str, *items: Column[object] | UniqueConstraint | Index) -> Table:
    return Table(name, metadata, *items)


def _key() -> Column[object]:
    return Column("id", Key, primary_key=True, autoincrement=True)


def _line(name: str, *, null: bool = False, default: str | None = None) -> Column[object]:
    server_default = None if default is None else text(f"'{default}'")
    return Column(name, Line, nullable=null, server_default=server_default)


def _ref(name: str, target: str, *, null: bool = False) -> Column[object]:
    return Column(name, Key, ForeignKey(f"{target}.id"), nullable=null)


def _instant(name: str, *, null: bool = False) -> Column[object]:
    return Column(name, InstantColumn, nullable=null)


def _date(name: str, *, null: bool = False) -> Column[object]:
    return Column(name, Date, nullable=null)


def _money(name: str, *, null: bool = False) -> Column[object]:
    return Column(name, MoneyColumn, nullable=null)


def _flag(name: str) -> Column[object]:
    return Column(name, Boolean, nullable=False, server_default=text("false"))


def _version() -> Column[object]:
    return Column("version", Integer, nullable=False, server_default=text("1"))


def _address(prefix: str = "") -> list[Column[object]]:
    return [_line(prefix + name, default="") for name in ("street", "city", "state_code", "zip")]


# -- the store itself ------------------------------------------------------------------------------
store_fact = _table("store_fact", Column("name", Line, primary_key=True), _line("value"))
number_series = _table(
    "number_series", Column("name", Line, primary_key=True), Column("next", Key, nullable=False)
)
job_lease = _table(
    "job_lease", Column("name", Line, primary_key=True), _line("holder"), _instant("lease_until")
)
idempotency = _table(
    "idempotency",
    Column("actor", Line, primary_key=True),
    Column("key", Line, primary_key=True),
    _line("fingerprint"),
    Column("status", Integer, nullable=False),
    Column("body", Line, nullable=True),
    _line("etag", null=True),
    _instant("at"),
)
audit_row = _table(
    "audit_row",
    _key(),
    _instant("at"),
    _line("actor_kind"),
    _line("actor"),
    _line("action"),
    _line("subject_kind"),
    _line("subject"),
    _line("context", default=""),
    _line("request_id"),
    Column("details", Line, nullable=False),
    Column("seq", Key, nullable=True, unique=True),
    _line("seal", null=True),
)
Index(
    "ix_audit_row_unsealed",
    audit_row.c.id,
    postgresql_where=audit_row.c.seq.is_(None),
    sqlite_where=audit_row.c.seq.is_(None),
)
Index("ix_audit_row_request", audit_row.c.request_id)
event = Table(
    "event",
    metadata,
    Column("seq", Key, primary_key=True, autoincrement=True),
    _instant("at"),
    _line("kind"),
    _line("subject"),
    Column("version", Integer, nullable=False),
    sqlite_autoincrement=True,
)

# -- session ---------------------------------------------------------------------------------------
rep = _table(
    "rep",
    _key(),
    Column("username", Line, nullable=False, unique=True),
    _line("display_name"),
    _line("role"),
    _line("center", default=""),
    _line("password_hash"),
    _instant("disabled_at", null=True),
    _instant("created_at"),
    _version(),
)
session = _table(
    "session",
    _key(),
    Column("token_hash", Line, nullable=False, unique=True),
    _ref("rep_id", "rep"),
    _ref("credential_id", "station_credential", null=True),
    _line("station"),
    _instant("started_at"),
    _instant("last_act_at"),
    _instant("ends_at"),
    _instant("locked_at", null=True),
    _instant("ended_at", null=True),
)
station_credential = _table(
    "station_credential",
    _key(),
    Column("secret_hash", Line, nullable=False, unique=True),
    _ref("rep_id", "rep"),
    _line("station"),
    _instant("created_at"),
    _instant("locked_at", null=True),
    _instant("revoked_at", null=True),
)
sign_in_try = _table(
    "sign_in_try",
    Column("bucket", Line, primary_key=True),
    Column("tries", Integer, nullable=False),
    _instant("last_at"),
)
draft = _table(
    "draft",
    _key(),
    _ref("rep_id", "rep"),
    _line("subject"),
    _line("text"),
    _instant("at"),
    UniqueConstraint("rep_id", "subject"),
)

# -- accounts --------------------------------------------------------------------------------------
trading_partner = _table(
    "trading_partner",
    _key(),
    Column("sender", Line, nullable=False, unique=True),
    _line("name"),
    _line("status"),
    _line("lists", default=""),
    _line("member_number_in", default=""),
    _instant("changed_at"),
    _version(),
)
account = _table(
    "account",
    _key(),
    Column("number", Line, nullable=False, unique=True),
    _line("name"),
    _line("name_key"),
    _line("state"),
    _line("ein", default=""),
    Column("employees", Integer, nullable=False),
    _date("effective_from"),
    _date("ended_on", null=True),
    *_address(),
    _date("address_changed_on", null=True),
    _line("address_changed_by", default=""),
    # Where mail went before: a notice of what is issued after a move goes there too.
    *_address("old_"),
    _line("cobra_admin"),
    _line("filing_method"),
    _ref("partner_id", "trading_partner", null=True),
    _line("bill_preference"),
    _line("billing_cycle"),
    _line("next_cycle", default=""),
    _date("next_cycle_from", null=True),
    _line("billing_policy"),
    _line("proration", default=""),
    _line("bill_phone", default=""),
    _line("bill_hours", default=""),
    _date("paid_through", null=True),
    _version(),
)
Index("ix_account_name_key", account.c.name_key, account.c.id)
Index("ix_account_ein", account.c.ein)
Index("ix_account_partner", account.c.partner_id)
Index("ix_account_bill_phone", account.c.bill_phone)
account_alias = _table(
    "account_alias",
    _key(),
    _line("partner"),
    _line("value"),
    _ref("account_id", "account"),
    UniqueConstraint("partner", "value"),
)
Index("ix_account_alias_value", account_alias.c.value)
contact = _table(
    "contact",
    _key(),
    _ref("account_id", "account"),
    _line("role"),
    _line("name"),
    _line("phone", default=""),
    _line("extension", default=""),
    *_address(),
    _flag("employee"),
    _date("valid_from", null=True),
    _date("valid_to", null=True),
    _line("number", default=""),
    # What the group lets its broker hear, beyond copies of letters.
    Column("delegated", JSON, nullable=False, server_default=text("'[]'")),
)
Index("ix_contact_account", contact.c.account_id)
Index("ix_contact_phone", contact.c.phone)

# -- members ---------------------------------------------------------------------------------------
member = _table(
    "member",
    _key(),
    Column("mrn", Line, nullable=False, unique=True),
    _line("last_name"),
    _line("first_name", default=""),
    _line("middle_name", default=""),
    _line("suffix", default=""),
    _line("last_key"),
    _line("first_key"),
    _date("birth_date", null=True),
    _line("sex"),
    _line("ssn_cipher", null=True),
    _line("ssn_digest", null=True),
    _line("ssn_last4", default=""),
    _line("key_id", default=""),
    *_address(),
    *_address("mailing_"),
    _line("phone", default=""),
    _line("phone_key", default=""),
    _flag("restricted"),
    _instant("created_at"),
    _version(),
)
Index("ix_member_ssn", member.c.ssn_digest)
Index("ix_member_birth", member.c.birth_date, member.c.last_key)
Index("ix_member_name", member.c.last_key, member.c.first_key)
Index("ix_member_first", member.c.first_key, member.c.last_key)
Index("ix_member_last4", member.c.ssn_last4, member.c.last_key, member.c.first_key)
Index("ix_member_phone", member.c.phone_key)
member_past = _table(
    "member_past",
    _key(),
    _ref("member_id", "member"),
    _line("last_name"),
    _line("first_name"),
    _line("middle_name"),
    _line("suffix"),
    _date("birth_date", null=True),
    _line("ssn_cipher", null=True),
    *_address(),
    _line("phone"),
    _instant("until"),
)
Index("ix_member_past_member", member_past.c.member_id)
# Who may speak for a member: parents of minors and personal representatives, with a document on file.
representative = _table(
    "representative",
    _key(),
    _ref("member_id", "member"),
    _line("name"),
    _line("kind"),
    _line("document"),
    _date("valid_from", null=True),
    _date("valid_to", null=True),
    _line("registered_by"),
    _instant("registered_at"),
)
Index("ix_representative_member", representative.c.member_id)
coverage = _table(
    "coverage",
    _key(),
    _ref("account_id", "account"),
    _ref("member_id", "member"),
    _line("subscriber_number"),
    _line("relationship"),
    _line("line"),
    _line("level", default=""),
    _date("starts_on"),
    _date("ends_on", null=True),
    _ref("enrollment_id", "enrollment", null=True),
    # Set while coverage is over because premium was not paid: the end it had before, to be given back.
    _flag("ended_unpaid"),
    _date("ends_on_before", null=True),
)
Index("ix_coverage_account", coverage.c.account_id, coverage.c.subscriber_number)
Index("ix_coverage_member", coverage.c.member_id)

# -- enrollment ------------------------------------------------------------------------------------
enrollment_file = _table(
    "enrollment_file",
    _key(),
    Column("number", Line, nullable=False, unique=True),
    _line("name"),
    _line("channel"),
    _ref("partner_id", "trading_partner", null=True),
    _line("sender", default=""),
    _line("receiver", default=""),
    _line("control_number", default=""),
    _line("usage", default=""),
    _line("kind", default=""),
    _line("sha256"),
    Column("size", BigInteger, nullable=False, server_default=text("0")),
    _instant("received_at"),
    _line("received_by", default=""),
    _line("state"),
    _flag("registered"),
    _ref("original_id", "enrollment_file", null=True),
    Column("members", Integer, nullable=False, server_default=text("0")),
    Column("done", Integer, nullable=False, server_default=text("0")),
    Column("counts", JSON, nullable=False, server_default=text("'{}'")),
    Column("report", JSON, nullable=False),
    _line("held_why", default=""),
    _flag("stop_asked"),
    _line("run_token", null=True),
    _instant("run_until", null=True),
    _line("media_label", default=""),
    _line("media_from", default=""),
    _line("media_end", default=""),
    _instant("media_end_at", null=True),
    _line("media_end_by", default=""),
    _version(),
)
# A control number is taken by the one production file of it that was accepted.
Index(
    "uq_enrollment_file_control",
    enrollment_file.c.sender,
    enrollment_file.c.receiver,
    enrollment_file.c.control_number,
    unique=True,
    sqlite_where=enrollment_file.c.registered,
    postgresql_where=enrollment_file.c.registered,
)
Index("ix_enrollment_file_sha256", enrollment_file.c.sha256)
Index("ix_enrollment_file_state", enrollment_file.c.state, enrollment_file.c.id)
# The file as it came, sealed in pieces: it is personal data through and through.
file_part = Table(
    "file_part",
    metadata,
    Column("file_id", BigInteger, ForeignKey("enrollment_file.id"), primary_key=True, autoincrement=False),
    Column("seq", Integer, primary_key=True, autoincrement=False),
    Column("sealed", LargeBinary, nullable=False),
    sqlite_with_rowid=False,
)
# What became of each member, in the order of the file.
file_member = Table(
    "file_member",
    metadata,
    Column("file_id", BigInteger, ForeignKey("enrollment_file.id"), primary_key=True, autoincrement=False),
    Column("ordinal", Integer, primary_key=True, autoincrement=False),
    Column("position", BigInteger, nullable=False),
    _line("set_control"),
    _line("subscriber_number"),
    _line("maintenance_type"),
    _line("reason"),
    _line("outcome"),
    _line("why"),
    _ref("enrollment_id", "enrollment", null=True),
    _ref("member_id", "member", null=True),
    _line("item", default=""),
    sqlite_with_rowid=False,
)
Index("ix_file_member_outcome", file_member.c.file_id, file_member.c.outcome, file_member.c.ordinal)
Index("ix_file_member_member", file_member.c.file_id, file_member.c.member_id)
# Somebody active here who is missing from a full file: a candidate termination until a person decides.
absence = _table(
    "absence",
    _key(),
    _ref("file_id", "enrollment_file"),
    _ref("account_id", "account"),
    _ref("member_id", "member"),
    _line("subscriber_number"),
    _line("relationship"),
    _line("state"),
    _date("ends_on", null=True),
    _line("reason", default=""),
    _ref("decided_by", "rep", null=True),
    _instant("decided_at", null=True),
    Column("before", JSON, nullable=False),
    UniqueConstraint("file_id", "account_id", "member_id", name="uq_absence_person"),
)
Index("ix_absence_state", absence.c.state, absence.c.file_id, absence.c.id)
Index("ix_absence_account", absence.c.account_id)
Index("ix_absence_member", absence.c.member_id)
enrollment = _table(
    "enrollment",
    _key(),
    Column("receipt", Line, nullable=False, unique=True),
    _line("channel"),
    _line("type"),
    _ref("file_id", "enrollment_file", null=True),
    Column("file_ordinal", Integer, nullable=True),
    _line("file_part", null=True),
    _ref("account_id", "account", null=True),
    _line("group_number"),
    _instant("received_at"),
    _line("submitted_by"),
    _ref("web_user_id", "web_user", null=True),
    _line("outcome"),
    _line("why"),
    _line("subscriber_number"),
    _line("relationship"),
    _line("mrn", default=""),
    _line("last_name"),
    _line("first_name", default=""),
    _line("middle_name", default=""),
    _line("suffix", default=""),
    _line("birth_date", default=""),
    _line("sex"),
    _line("ssn_cipher", null=True),
    _line("ssn_digest", null=True),
    _line("ssn_last4", default=""),
    _line("key_id", default=""),
    *_address(),
    *_address("mailing_"),
    _line("phone", default=""),
    _flag("restricted"),
    _date("coverage_from", null=True),
    _date("coverage_to", null=True),
    Column("coverages", JSON, nullable=False),
    # What a change that was done at once replaced; the SSN sealed.
    Column("before", JSON, nullable=False, server_default=text("'{}'")),
    _ref("member_id", "member", null=True),
    UniqueConstraint("file_id", "file_ordinal", "file_part", name="uq_enrollment_place"),
)
Index("ix_enrollment_account", enrollment.c.account_id, enrollment.c.subscriber_number)
Index("ix_enrollment_ssn", enrollment.c.ssn_digest)
Index("ix_enrollment_member", enrollment.c.member_id)
card_job = _table(
    "card_job",
    _key(),
    Column("number", Line, nullable=False, unique=True),
    _ref("member_id", "member"),
    _ref("account_id", "account"),
    _ref("enrollment_id", "enrollment", null=True),
    _line("state"),
    _line("cause"),
    _line("asked_by", default=""),
    _line("reason", default=""),
    _line("addressee"),
    *_address(),
    _line("review", default=""),
    _line("requested_by"),
    _instant("requested_at"),
    _instant("print_from"),
    _instant("printed_at", null=True),
    _date("mailed_on", null=True),
    _date("returned_on", null=True),
    _version(),
)
Index("ix_card_job_member", card_job.c.member_id, card_job.c.requested_at)
Index("ix_card_job_state", card_job.c.state, card_job.c.print_from, card_job.c.id)
Index("ix_card_job_enrollment", card_job.c.enrollment_id)
match_link = _table(
    "match_link",
    _key(),
    _ref("enrollment_id", "enrollment"),
    _ref("member_id", "member"),
    _line("made"),
    _flag("created_member"),
    Column("before", JSON, nullable=False, server_default=text("'{}'")),
    _instant("at"),
    _instant("ended_at", null=True),
)
Index(
    "uq_match_link_active",
    match_link.c.enrollment_id,
    unique=True,
    sqlite_where=match_link.c.ended_at.is_(None),
    postgresql_where=match_link.c.ended_at.is_(None),
)

# -- matching --------------------------------------------------------------------------------------
match_item = _table(
    "match_item",
    _key(),
    Column("number", Line, nullable=False, unique=True),
    Column("enrollment_id", Key, ForeignKey("enrollment.id"), nullable=False, unique=True),
    _ref("account_id", "account", null=True),
    _line("state"),
    Column("care_order", Integer, nullable=False, server_default=text("1")),
    _flag("reopened"),
    _flag("breached"),
    _instant("submitted_at"),
    _instant("due_at", null=True),
    _line("why"),
    Column("warnings", JSON, nullable=False),
    _line("lease_token", null=True),
    _ref("lease_rep_id", "rep", null=True),
    _instant("lease_until", null=True),
    _instant("claimed_at", null=True),
    _ref("prefer_rep_id", "rep", null=True),
    _instant("escalated_at", null=True),
    _version(),
)
_open = match_item.c.state.in_(("queued", "pending_approval"))
Index(
    "ix_match_item_open",
    match_item.c.care_order,
    match_item.c.due_at,
    match_item.c.id,
    sqlite_where=_open,
    postgresql_where=_open,
)
Index("ix_match_item_state", match_item.c.state, match_item.c.due_at, match_item.c.id)
Index("ix_match_item_submitted", match_item.c.submitted_at)
_claimed = match_item.c.lease_rep_id.is_not(None)
Index(
    "ix_match_item_lease",
    match_item.c.lease_rep_id,
    match_item.c.lease_until,
    sqlite_where=_claimed,
    postgresql_where=_claimed,
)
_kept = match_item.c.prefer_rep_id.is_not(None)
Index("ix_match_item_kept", match_item.c.prefer_rep_id, sqlite_where=_kept, postgresql_where=_kept)
_escalated = match_item.c.escalated_at.is_not(None)
Index(
    "ix_match_item_escalated",
    match_item.c.escalated_at,
    sqlite_where=_escalated,
    postgresql_where=_escalated,
)
_reopened = and_(_open, match_item.c.reopened)
Index("ix_match_item_reopened", match_item.c.due_at, sqlite_where=_reopened, postgresql_where=_reopened)
_late_paused = and_(match_item.c.state == "waiting_employer", match_item.c.breached)
Index("ix_match_item_late_paused", match_item.c.id, sqlite_where=_late_paused, postgresql_where=_late_paused)
Index("ix_match_item_account", match_item.c.account_id)
clock_event = _table(
    "clock_event",
    _key(),
    _ref("item_id", "match_item"),
    _line("kind"),
    _instant("at"),
)
Index("ix_clock_event_item", clock_event.c.item_id)
match_decision = _table(
    "match_decision",
    _key(),
    _ref("item_id", "match_item"),
    _line("decision"),
    _ref("member_id", "member", null=True),
    _ref("rep_id", "rep"),
    _instant("at"),
    _line("reason", default=""),
    _line("note", default=""),
    Column("evidence", JSON, nullable=False),
    Column("before", JSON, nullable=False),
    _line("model", default=""),
    _ref("approved_by", "rep", null=True),
    _instant("approved_at", null=True),
    _instant("undone_at", null=True),
)
Index("ix_match_decision_item", match_decision.c.item_id)
Index("ix_match_decision_at", match_decision.c.at)
match_act = _table(
    "match_act",
    _key(),
    _ref("item_id", "match_item"),
    _line("kind"),
    _ref("rep_id", "rep", null=True),
    _ref("to_rep_id", "rep", null=True),
    _instant("at"),
    _line("words", default=""),
)
Index("ix_match_act_item", match_act.c.item_id)
match_sample = _table(
    "match_sample",
    _key(),
    Column("decision_id", Key, ForeignKey("match_decision.id"), nullable=False, unique=True),
    _instant("chosen_at"),
    _ref("rep_id", "rep", null=True),
    _line("decision", default=""),
    _ref("member_id", "member", null=True),
    _instant("at", null=True),
    _line("note", default=""),
)
Index("ix_match_sample_at", match_sample.c.at)
# Keys of a member are found again from the member's own values, so no index by member is kept.
match_key = Table(
    "match_key",
    metadata,
    Column("key", BigInteger, primary_key=True, autoincrement=False),
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
not_same = _table(
    "not_same",
    _key(),
    _ref("member_id", "member"),
    _ref("other_id", "member"),
    _ref("decision_id", "match_decision"),
    _line("fingerprint"),
    _instant("at"),
)
Index("ix_not_same_member", not_same.c.member_id)
match_question = _table(
    "match_question",
    _key(),
    _ref("item_id", "match_item"),
    _line("question"),
    _line("channel"),
    _ref("rep_id", "rep"),
    _instant("asked_at"),
    _line("answer", default=""),
    _instant("answered_at", null=True),
)
Index("ix_match_question_item", match_question.c.item_id)

# -- billing ---------------------------------------------------------------------------------------
invoice = _table(
    "invoice",
    _key(),
    Column("number", Line, nullable=False, unique=True),
    _ref("account_id", "account"),
    _date("month"),
    _date("bill_date"),
    _date("due_date"),
    _money("premium"),
    _flag("void"),
    _instant("issued_at"),
    UniqueConstraint("account_id", "month"),
)
invoice_line = _table(
    "invoice_line",
    _key(),
    _ref("invoice_id", "invoice"),
    _line("kind"),
    _line("subscriber_number", default=""),
    _line("tier", default=""),
    _money("amount"),
    # Of a retroactive charge: the month it is for.
    _date("month", null=True),
)
Index("ix_invoice_line_invoice", invoice_line.c.invoice_id)
payment = _table(
    "payment",
    _key(),
    Column("number", Line, nullable=False, unique=True),
    _ref("account_id", "account"),
    _line("external_id", null=True),
    _date("received_on"),
    _money("amount"),
    _line("method"),
    _line("reference", default=""),
    _flag("for_fees"),
    _instant("recorded_at"),
    _date("returned_on", null=True),
    _instant("reversed_at", null=True),
    _line("reversed_reason", default=""),
    _version(),
    UniqueConstraint("external_id"),
)
Index("ix_payment_account", payment.c.account_id, payment.c.received_on)
fee = _table(
    "fee",
    _key(),
    _ref("account_id", "account"),
    _line("kind"),
    _date("charged_on"),
    _money("amount"),
    _ref("payment_id", "payment", null=True),
)
Index("ix_fee_account", fee.c.account_id)
credit = _table(
    "credit",
    _key(),
    _ref("account_id", "account"),
    _date("posted_on"),
    _money("amount"),
    _line("reason"),
    # Of a retroactive change: whose charge of which month it gives back.
    _date("month", null=True),
    _line("subscriber_number", default=""),
)
Index("ix_credit_account", credit.c.account_id)
promise = _table(
    "promise",
    _key(),
    Column("number", Line, nullable=False, unique=True),
    _ref("account_id", "account"),
    _date("made_on"),
    _date("pay_by"),
    _money("amount"),
    _instant("made_at"),
    _ref("call_id", "call", null=True),
)
Index("ix_promise_account", promise.c.account_id)
hold = _table(
    "hold",
    _key(),
    Column("number", Line, nullable=False, unique=True),
    _ref("account_id", "account"),
    _line("kind"),
    _date("from_on"),
    _date("to_on", null=True),
    _flag("stops_dates"),
    _line("reason"),
    _ref("invoice_id", "invoice", null=True),
    _ref("opened_by", "rep", null=True),
    _ref("call_id", "call", null=True),
    _date("lifted_on", null=True),
    _line("lifted_reason", default=""),
    _version(),
)
Index("ix_hold_account", hold.c.account_id)
reinstatement = _table(
    "reinstatement",
    _key(),
    Column("number", Line, nullable=False, unique=True),
    _ref("account_id", "account"),
    _date("requested_on"),
    _ref("call_id", "call", null=True),
    _date("decided_on", null=True),
    _flag("approved"),
    _line("reason", default=""),
    _ref("decided_by", "rep", null=True),
    _version(),
)
Index("ix_reinstatement_account", reinstatement.c.account_id)
rate = _table(
    "rate",
    _key(),
    _ref("account_id", "account"),
    _line("line"),
    _line("level"),
    _date("from_on"),
    _money("amount"),
    UniqueConstraint("account_id", "line", "level", "from_on"),
)
standing = _table(
    "standing",
    Column("account_id", Key, ForeignKey("account.id"), primary_key=True),
    _date("on_date"),
    _line("state"),
    Column("days_past_due", Integer, nullable=False),
    _money("open_premium"),
    Column("owed", MoneyColumn, nullable=False, server_default=text("0")),
    Column("flags", JSON, nullable=False, server_default=text("'[]'")),
    _date("coverage_end", null=True),
    _date("coverage_end_if_unpaid", null=True),
)
Index("ix_standing_work", standing.c.state, standing.c.coverage_end_if_unpaid, standing.c.account_id)
Index("ix_standing_ended", standing.c.state, standing.c.coverage_end, standing.c.account_id)
mail_batch = _table(
    "mail_batch",
    _key(),
    Column("number", Line, nullable=False, unique=True),
    _date("on_date"),
    _instant("made_at"),
    _instant("mailed_at", null=True),
)
letter = _table(
    "letter",
    _key(),
    Column("number", Line, nullable=False, unique=True),
    _ref("account_id", "account"),
    _line("kind"),
    _ref("invoice_id", "invoice", null=True),
    _date("created_on"),
    _date("mailed_on", null=True),
    _money("amount", null=True),
    _date("ends_on", null=True),
    # Of a copy, or of what is sent on request; it waits until `print_from` for its own undo.
    _ref("copy_of", "letter", null=True),
    _ref("member_id", "member", null=True),
    _line("addressee", default=""),
    *_address(),
    _line("asked_by", default=""),
    _instant("print_from", null=True),
    _ref("call_id", "call", null=True),
    # Everything it says, as it was when it was written: a copy says the same.
    Column("facts", JSON, nullable=True),
    _ref("batch_id", "mail_batch", null=True),
    _date("returned_on", null=True),
    _date("settled_on", null=True),
    _line("settled_how", default=""),
    # Of what is written about a user-ID request; with ID or code on it, the digest of the paper to be mailed.
    _ref("request_id", "user_id_request", null=True),
    _line("paper_sha256", default=""),
)
Index("ix_letter_account", letter.c.account_id, letter.c.created_on)
Index("ix_letter_copy_of", letter.c.copy_of)
Index("ix_letter_request", letter.c.request_id)
Index(
    "ix_letter_to_mail",
    letter.c.id,
    postgresql_where=letter.c.mailed_on.is_(None),
    sqlite_where=letter.c.mailed_on.is_(None),
)
Index(
    "ix_letter_came_back",
    letter.c.returned_on,
    postgresql_where=and_(letter.c.returned_on.is_not(None), letter.c.settled_on.is_(None)),
    sqlite_where=and_(letter.c.returned_on.is_not(None), letter.c.settled_on.is_(None)),
)

# -- the daily run ---------------------------------------------------------------------------------
daily_run = _table(
    "daily_run",
    Column("on_date", Date, primary_key=True),
    _instant("started_at"),
    _instant("done_at", null=True),
    # The last account it is through with, so that a run that broke off goes on there.
    Column("after_account", Key, nullable=False, server_default=text("0")),
    Column("counts", JSON, nullable=False, server_default=text("'{}'")),
)
incident = _table(
    "incident",
    _key(),
    _date("on_date"),
    _line("kind"),
    _ref("account_id", "account", null=True),
    _line("sentence"),
    _instant("at"),
)
Index("ix_incident_on_date", incident.c.on_date)
policy_confirmation = _table(
    "policy_confirmation",
    _key(),
    _line("entry"),
    _line("value"),
    _line("by_name"),
    _instant("at"),
    UniqueConstraint("entry", "value"),
)

# -- user IDs --------------------------------------------------------------------------------------
user_id_request = _table(
    "user_id_request",
    _key(),
    Column("number", Line, nullable=False, unique=True),
    _ref("account_id", "account"),
    _line("kind"),
    _line("state"),
    _instant("faxed_at"),
    _line("fax_reference"),
    _line("administrator"),
    _line("administrator_is"),
    _line("signer", default=""),
    *_address(),
    _date("mail_by", null=True),
    _date("arrive_by", null=True),
    # What is missing while it is incomplete, and the call-back that asks for it.
    Column("missing", JSON, nullable=False, server_default=text("'[]'")),
    _line("missing_note", default=""),
    _line("call_back", default=""),
    # The first person, where two must agree.
    _ref("checked_by", "rep", null=True),
    _ref("decided_by", "rep", null=True),
    _instant("decided_at", null=True),
    _line("deny_reason", default=""),
    _line("note", default=""),
    _line("registered_by"),
    # The days count anew from here after a letter was lost.
    _instant("reissued_at", null=True),
    Column("reissues", Integer, nullable=False, server_default=text("0")),
    _date("mailed_on", null=True),
    _date("returned_on", null=True),
    _flag("breached"),
    _version(),
)
Index("ix_user_id_request_work", user_id_request.c.state, user_id_request.c.mail_by, user_id_request.c.id)
Index("ix_user_id_request_decided", user_id_request.c.decided_at, user_id_request.c.id)
Index("ix_user_id_request_account", user_id_request.c.account_id)
Index("ix_user_id_request_fax", user_id_request.c.fax_reference)
user_id_pause = _table(
    "user_id_pause",
    _key(),
    _ref("request_id", "user_id_request"),
    _instant("incomplete_at"),
    _instant("answered_at", null=True),
)
Index("ix_user_id_pause_request", user_id_pause.c.request_id)
fax_page = _table(
    "fax_page",
    _key(),
    _ref("request_id", "user_id_request"),
    _instant("kept_at"),
    _line("kept_by"),
    Column("pages", Integer, nullable=False),
    # Of the file as it came, so that the same form is known again.
    _line("digest"),
    # The pages as plain pictures, sealed.
    Column("sealed", LargeBinary, nullable=False),
)
Index("ix_fax_page_request", fax_page.c.request_id, fax_page.c.id)
Index("ix_fax_page_digest", fax_page.c.digest)
web_user = _table(
    "web_user",
    _key(),
    Column("number", Line, nullable=False, unique=True),
    _ref("account_id", "account"),
    _line("kind"),
    _line("state"),
    _instant("state_at"),
    _line("suspended_by", default=""),
    _line("login_digest", null=True),
    _line("person", default=""),
    _line("person_is", default="employee"),
    Column("privileges", JSON, nullable=False, server_default=text("'[]'")),
    _date("valid_to", null=True),
    _instant("created_at"),
    _ref("request_id", "user_id_request", null=True),
    # Ends when this one is activated.
    _ref("replaces", "web_user", null=True),
    _line("password_hash", null=True),
    Column("password_tries", Integer, nullable=False, server_default=text("0")),
    _instant("last_used_at", null=True),
    _version(),
)
Index("uq_web_user_login", web_user.c.login_digest, unique=True)
Index("ix_web_user_account", web_user.c.account_id)
Index("ix_web_user_request", web_user.c.request_id)
Index("ix_web_user_used", web_user.c.state, web_user.c.last_used_at)
access_code = _table(
    "access_code",
    _key(),
    _ref("web_user_id", "web_user"),
    _ref("request_id", "user_id_request", null=True),
    # Under a key outside the database; the code itself is nowhere.
    Column("digest", Line, nullable=False, unique=True),
    # The mailing folder it was printed into; empty for one of the client's.
    _line("folder", default=""),
    _instant("made_at"),
    _date("valid_to"),
    _line("state"),
    _instant("state_at"),
    _line("why", default=""),
    Column("tries", Integer, nullable=False, server_default=text("0")),
)
Index("ix_access_code_request", access_code.c.request_id)
Index(
    "uq_access_code_one",
    access_code.c.web_user_id,
    unique=True,
    postgresql_where=access_code.c.state.in_(("printed", "live")),
    sqlite_where=access_code.c.state.in_(("printed", "live")),
)
Index("ix_access_code_ends", access_code.c.state, access_code.c.valid_to)
access_log = _table(
    "access_log",
    _key(),
    _ref("account_id", "account"),
    _ref("web_user_id", "web_user", null=True),
    _instant("at"),
    _line("act"),
    _line("by_name"),
    _line("words", default=""),
)
Index("ix_access_log_account", access_log.c.account_id, access_log.c.id)

# -- calls -----------------------------------------------------------------------------------------
call = _table(
    "call",
    _key(),
    Column("number", Line, nullable=False, unique=True),
    _ref("rep_id", "rep", null=True),
    _line("state"),
    _instant("started_at"),
    _instant("ended_at", null=True),
    Column("likely", JSON, nullable=False, server_default=text("'[]'")),
    Column("misses", Integer, nullable=False, server_default=text("0")),
    _flag("failed"),
    _line("wrap_up", default=""),
    _line("question", default=""),
    _version(),
)
# What a rep reads depends on the one call on their line: every read asks for it.
_on_the_line = call.c.state == "active"
Index(
    "uq_call_active",
    call.c.rep_id,
    unique=True,
    sqlite_where=_on_the_line,
    postgresql_where=_on_the_line,
)
Index("ix_call_rep", call.c.rep_id, call.c.state)
Index("ix_call_started", call.c.started_at)
# Calls that wait for a lead; the question is taken off when one has it.
_waits = text("question != ''")
Index("ix_call_waits", call.c.started_at, sqlite_where=_waits, postgresql_where=_waits)
# What the caller proved of one group or person; the answers themselves are written nowhere.
call_subject = _table(
    "call_subject",
    _key(),
    _ref("call_id", "call"),
    _ref("account_id", "account"),
    _ref("member_id", "member", null=True),
    _ref("enrollment_id", "enrollment", null=True),
    _line("kind"),
    _line("caller", default=""),
    _date("authority_to", null=True),
    Column("delegated", JSON, nullable=False, server_default=text("'[]'")),
    Column("matched", JSON, nullable=False, server_default=text("'[]'")),
    _line("state"),
    _instant("at"),
)
Index("ix_call_subject_call", call_subject.c.call_id)
Index("ix_call_subject_account", call_subject.c.account_id, call_subject.c.at)
call_act = _table(
    "call_act",
    _key(),
    _ref("call_id", "call"),
    _ref("account_id", "account", null=True),
    _ref("member_id", "member", null=True),
    _line("act"),
    _line("subject", default=""),
    _instant("at"),
)
Index("ix_call_act_call", call_act.c.call_id)
Index("ix_call_act_account", call_act.c.account_id, call_act.c.at)
call_back = _table(
    "call_back",
    _key(),
    Column("number", Line, nullable=False, unique=True),
    _ref("account_id", "account"),
    _ref("member_id", "member", null=True),
    _ref("call_id", "call", null=True),
    _line("who"),
    _line("reason"),
    _instant("due_from"),
    _instant("due_to"),
    _instant("next_from", null=True),
    _line("state"),
    Column("tries", Integer, nullable=False, server_default=text("0")),
    _line("last", default=""),
    _ref("rep_id", "rep", null=True),
    _instant("made_at"),
    _version(),
)
Index("ix_call_back_work", call_back.c.state, call_back.c.due_to, call_back.c.id)
Index("ix_call_back_account", call_back.c.account_id)
note = _table(
    "note",
    _key(),
    _line("subject_kind"),
    Column("subject_id", Key, nullable=False),
    _ref("call_id", "call", null=True),
    _line("author"),
    _instant("at"),
    _instant("edited_at", null=True),
    _line("verified", default=""),
    _line("text"),
)
Index("ix_note_subject", note.c.subject_kind, note.c.subject_id, note.c.at)

# -- search ----------------------------------------------------------------------------------------
# What a member is found by besides the name as it stands: each word of a name of several, names of before.
member_name = Table(
    "member_name",
    metadata,
    Column("last_key", Line, primary_key=True),
    Column("first_key", Line, primary_key=True),
    Column("member_id", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
account_word = Table(
    "account_word",
    metadata,
    Column("word", Line, primary_key=True),
    Column("name_key", Line, primary_key=True),
    Column("account_id", BigInteger, primary_key=True, autoincrement=False),
    sqlite_with_rowid=False,
)
# Every word once, under itself and under itself less one letter: two words one slip apart share a form.
near_word = Table(
    "near_word",
    metadata,
    Column("kind", Line, primary_key=True),
    Column("form", Line, primary_key=True),
    Column("word", Line, primary_key=True),
    sqlite_with_rowid=False,
)
# What a rep has looked up with a reason alone, in the hour that began at `since`.
search_count = _table(
    "search_count",
    Column("rep_id", Key, ForeignKey("rep.id"), primary_key=True),
    _instant("since"),
    Column("searches", Integer, nullable=False),
    Column("results", Integer, nullable=False),
    _line("last"),
    Column("last_results", Integer, nullable=False),
)
# When a rep had something masked shown with neither a caller nor a case; what it was stands in the audit.
reveal = _table("reveal", _key(), _ref("rep_id", "rep"), _instant("at"))
Index("ix_reveal_rep", reveal.c.rep_id, reveal.c.at)
