"""What the lines of user-ID requests say."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from api_client.types.common import Address
from api_client.types.user_id_words import CheckResult, DenyReason, UserIdRequestKind, UserIdRequestState
from api_client.types.user_ids import UserIdRequest
from api_client.types.words import Urgency
from screens.user_ids import presentation
from tests.screens.desk import NOW
from tests.screens.user_ids import requests

HERE = NOW.astimezone(ZoneInfo("America/Los_Angeles"))
TODAY = HERE.date()
RECEIVED = UserIdRequestState.RECEIVED


@pytest.mark.parametrize(
    ("day", "urgency", "state", "words"),
    [
        (date(2026, 11, 18), Urgency.LATE, RECEIVED, "[X] 2 d late"),
        (date(2026, 11, 20), Urgency.RED, RECEIVED, "[!] today"),
        (date(2026, 11, 23), Urgency.AMBER, RECEIVED, "[~] 11-23"),
        (date(2026, 11, 30), Urgency.CALM, RECEIVED, "[ ] 11-30"),
        (date(2027, 1, 4), Urgency.CALM, RECEIVED, "[ ] 2027-01-04"),
        (None, Urgency.PAUSED, UserIdRequestState.INCOMPLETE, "[=] paused"),
        (date(2026, 11, 18), Urgency.LATE, UserIdRequestState.MAILED, "11-18"),
        (None, Urgency.PAUSED, UserIdRequestState.REFUSED, "-"),
    ],
)
def test_the_mail_by_date_is_a_shape_and_a_word(
    day: date | None, urgency: Urgency, state: UserIdRequestState, words: str
) -> None:
    assert presentation.mail_by(day, urgency, state, TODAY).plain == words


def test_a_row_has_times_of_the_service_center() -> None:
    row = presentation.row(requests.row(requests.unsigned()), HERE)
    assert row.key == "U-00866"
    assert [cell.plain for cell in row.cells] == [
        "U-00866",
        "OAK DENTAL",
        "104871",
        "reset",
        "11-20 08:12",
        "received",
        "[!] today",
    ]
    assert len(row.cells) == len(presentation.COLUMNS)


def test_every_word_of_the_contract_has_one_that_fits() -> None:
    assert set(presentation.KINDS) == set(UserIdRequestKind)
    assert set(presentation.STATES) == set(UserIdRequestState)
    assert set(presentation.REASONS) == set(DenyReason)
    assert all(len(word) <= 10 for word in presentation.STATES.values())
    assert all(len(word) <= 8 for word in presentation.KINDS.values())


def said(one: UserIdRequest, width: int = 80, now: datetime = HERE) -> str:
    return presentation.detail(one, now, width).plain


def test_a_request_that_passes_says_so_and_what_may_be_told() -> None:
    assert said(requests.request()).split("\n") == [
        " U-00871  first ID  received",
        " client  104233 SALEM PARTS LLC",
        " you can approve it: ID and one-time code go by post to the address of record.",
        ' say     "The letter arrives by 12-03."',
        " = ok     group active, signer on record, administrator an employee or agent,",
        "          address of record, no active admin ID, no move in 30 days",
        " form    administrator PAT DOE, signed by R. HALE",
        "         2200 HARBOR BLVD, OAKLAND, CA 94606",
        " record  2200 HARBOR BLVD, OAKLAND, CA 94606",
        " dates   faxed 11-20 08:12 FAX-0712, internal: mail by [ ] 11-30",
    ]


def test_a_failed_check_says_what_to_do_and_no_date_is_promised() -> None:
    words = said(requests.unsigned())
    assert " cannot  be approved yet: signer on record, see below." in words
    assert " # failed signer on record: The signer is not on record." in words
    assert " say     no date yet" in words
    assert "= ok     group active, administrator" in words


def test_every_check_that_failed_is_counted_and_shown() -> None:
    found = requests.checks(signer_on_record=CheckResult.FAILED, no_move_in_30_days=CheckResult.NEEDS_LEAD)
    words = said(requests.unsigned(checks=found))
    assert "be approved yet: 2 checks" in words
    assert "! lead   no move in 30 days: About no move in 30 days." in words


def test_a_reason_outside_the_checks_is_said_in_full() -> None:
    reason = "You changed the address of record: another lead must approve this."
    assert f"be approved: {reason}" in said(requests.request(can_approve=False, approve_sentence=reason), 120)


@pytest.mark.parametrize("state", UserIdRequestState)
@pytest.mark.parametrize("can", [True, False])
def test_the_internal_date_is_in_no_sentence_for_a_caller(state: UserIdRequestState, can: bool) -> None:
    words = said(requests.request(state=state, can_approve=can))
    sentences = [line for line in words.split("\n") if line.startswith(" say")]
    assert len(sentences) == 1
    assert "11-30" not in sentences[0]
    assert "mail by" not in sentences[0]


def test_an_unsigned_form_and_a_missing_address_stand_out() -> None:
    words = said(requests.request(signer="", form_address=Address()))
    assert "administrator PAT DOE, NOT SIGNED" in words
    assert "         no address\n" in words


def test_a_decision_says_by_whom_when_and_why() -> None:
    one = requests.decided(
        requests.request(), UserIdRequestState.REFUSED, deny_reason=DenyReason.ADDRESS_DIFFERS
    )
    assert "denied by M.Lopez 11-20 09:41: address differs; can be taken back until 09:51" in said(one, 120)
    assert "taken back" not in said(one, 120, HERE + timedelta(minutes=10))


@pytest.mark.parametrize("width", [44, 46, 80, 120])
def test_no_line_is_wider_than_its_place(width: int) -> None:
    long = requests.unsigned(group_name="A" * 60, administrator="B" * 80, fax_reference="C" * 60)
    assert all(len(line) <= width for line in said(long, width).split("\n"))


def test_lines_to_confirm_name_their_object() -> None:
    one = requests.request()
    assert presentation.approve_line(one).plain == "approve U-00871, mail to address of record"
    deny = presentation.deny_line(one, DenyReason.FORM_INCOMPLETE, "page 2 [/b]")
    assert deny.plain == 'deny U-00871: form incomplete; note "page 2 [/b]"'
    approved = requests.decided(one, UserIdRequestState.APPROVED)
    assert presentation.undo_line(approved).plain == "take back the approval of U-00871 SALEM PARTS LLC"
    refused = requests.decided(one, UserIdRequestState.REFUSED)
    assert presentation.undo_line(refused).plain == "take back the denial of U-00871 SALEM PARTS LLC"


def test_a_conflict_says_what_was_seen_and_what_is() -> None:
    seen = requests.request()
    present = requests.decided(seen, UserIdRequestState.APPROVED, decided_by="R.Chen")
    words = presentation.conflict(seen, present).plain
    assert words == "U-00871: received when you looked, approved by R.Chen now. Nothing was done."
    changed = presentation.conflict(seen, requests.request(version=2)).plain
    assert changed == "U-00871 was changed meanwhile; look again. Nothing was done."


def test_why_explains_verdict_checks_dates_and_shapes() -> None:
    words = presentation.why(requests.unsigned()).plain
    assert words.startswith(requests.SIGNER)
    assert "# failed  signer on record" in words
    assert presentation.WHY_DATES in words
    assert "[!] today" in words
    decided = requests.decided(requests.request(), UserIdRequestState.APPROVED)
    assert presentation.why(decided).plain.startswith("This request is decided.")
