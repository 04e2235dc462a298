"""What the lines of user-ID requests say."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api_client.types.common import Address
from api_client.types.user_id_words import (
    OPEN_USER_ID_STATES,
    CheckResult,
    DenyReason,
    Missing,
    PersonIs,
    RequestView,
    UserIdRequestKind,
    UserIdRequestState,
)
from api_client.types.user_ids import FaxPage, UserIdRequest
from api_client.types.words import Urgency
from screens.user_ids import act_words, detail, presentation, words
from tests.screens.desk import NOW
from tests.screens.user_ids import requests

HERE = NOW.astimezone(ZoneInfo("America/Los_Angeles"))
TODAY = HERE.date()
S = UserIdRequestState
LAST_YEAR = date(2025, 11, 18)


def on_the_way(state: UserIdRequestState = S.MAILED, **changes: Any) -> UserIdRequest:
    """A request whose letter was mailed on Wednesday."""
    mailed = {"mailed_on": date(2026, 11, 18), "arrive_by": date(2026, 11, 23), "can_undo": False} | changes
    return requests.decided(requests.request(), state, **mailed)


@pytest.mark.parametrize(
    ("said", "state", "changes"),
    [
        ("[X] 2 d late", S.RECEIVED, {"mail_by": date(2026, 11, 18), "urgency": Urgency.LATE}),
        ("[!] today", S.RECEIVED, {"mail_by": TODAY, "urgency": Urgency.RED}),
        ("[~] 11-23", S.VERIFYING, {"mail_by": date(2026, 11, 23), "urgency": Urgency.AMBER}),
        ("[ ] 2027-01-04", S.RECEIVED, {"mail_by": date(2027, 1, 4)}),
        ("[=] paused", S.INCOMPLETE, {"mail_by": None, "urgency": Urgency.PAUSED}),
        # Approved it is not mailed: its day still counts, and an earlier letter does not.
        ("[X] 2 d late", S.ID_CREATED, {"mail_by": date(2026, 11, 18)}),
        ("[ ] 11-30", S.APPROVED, {"mailed_on": date(2026, 11, 2), "breached": True}),
        ("sent 11-18", S.MAILED, {"mailed_on": date(2026, 11, 18)}),
        ("[X] late 11-18", S.ACTIVATED, {"mailed_on": date(2026, 11, 18), "breached": True}),
        ("[~] sent 11-18", S.MAILED, {"mailed_on": date(2026, 11, 18), "urgency": Urgency.AMBER}),
        ("sent 2025-11-18", S.EXPIRED, {"mailed_on": LAST_YEAR}),
        ("-", S.REFUSED, {}),
    ],
)
def test_the_day_of_the_mail_is_a_shape_and_a_word(
    said: str, state: UserIdRequestState, changes: dict[str, Any]
) -> None:
    assert presentation.mailing(requests.request(state=state, **changes), TODAY).plain == said


def test_a_row_has_times_of_the_service_center() -> None:
    row = presentation.row(requests.row(requests.unsigned()), HERE)
    assert row.key == "U-00866"
    cells = ["U-00866", "OAK DENTAL", "104871", "reset", "11-20 08:12", "received", "[!] today"]
    assert [cell.plain for cell in row.cells] == cells
    assert len(row.cells) == len(presentation.COLUMNS)


def test_every_word_of_the_contract_has_one_that_fits() -> None:
    assert set(words.KINDS) == set(UserIdRequestKind)
    assert set(words.STATES) == set(UserIdRequestState)
    assert set(words.REASONS) == set(DenyReason)
    assert set(words.MISSING) == set(Missing)
    assert set(words.PERSONS) == set(PersonIs)
    assert set(words.VIEWS) == set(RequestView)
    assert set(words.EMPTY) == {presentation.standard_view(group) for group in ("104233", None)}
    assert set(words.RESULTS) == set(CheckResult)
    assert all(len(word) <= 10 for word in words.STATES.values())
    assert all(len(word) <= 8 for word in words.KINDS.values())


@pytest.mark.parametrize(
    ("states", "at"),
    [
        ([], None),
        ([S.REFUSED, S.MAILED, S.EXPIRED], 1),
        ([S.REFUSED, S.ACTIVATED, S.EXPIRED], 0),
        ([S.ACTIVATED, S.RETURNED_MAIL], 0),
        ([S.REVOKED, S.INCOMPLETE], 1),
        ([S.REFUSED, S.REVOKED], 0),
    ],
)
def test_the_cursor_is_on_the_request_that_is_asked_about(
    states: list[UserIdRequestState], at: int | None
) -> None:
    rows = [requests.row(requests.request(f"U-{n:05d}", state=one)) for n, one in enumerate(states)]
    assert presentation.begin_on(rows) == (None if at is None else f"U-{at:05d}")


def test_everything_is_shown_of_one_client_only() -> None:
    assert presentation.standard_view("104233") is RequestView.ALL
    assert presentation.standard_view(None) is RequestView.OPEN
    assert [one.label for one in presentation.view_choices(None)] == ["open", "to mail", "on the way", "done"]
    assert len(presentation.view_choices("104233")) == 5


def said(one: UserIdRequest, width: int = 80, now: datetime = HERE) -> str:
    return detail.detail(one, now, width).plain


def test_a_request_that_passes_says_so_and_what_may_be_told() -> None:
    assert said(requests.request()).split("\n") == [
        " U-00871  first ID  received  104233 SALEM PARTS LLC",
        " you can approve U-00871, mail ID and code to SALEM PARTS LLC at its address of",
        "         record",
        f' SAY     "{requests.SAY}"',
        " = ok     group active, signer on record, administrator an employee or agent,",
        "          address of record, no active admin ID, no move in 30 days",
        " form    administrator PAT DOE, an employee; signed by R. HALE",
        "         2200 HARBOR BLVD, OAKLAND, CA 94606 (as on record)",
        " page    no picture of the form is kept; s attaches one",
        " dates   faxed 11-20 08:12 FAX-0712, internal: mail by [ ] 11-30",
    ]


def test_a_failed_check_says_what_to_do() -> None:
    text = said(requests.unsigned())
    assert " cannot  be approved yet: signer on record, see below" in text
    assert " # failed signer on record: The signer is not on record." in text
    assert "= ok     group active, administrator" in text
    found = requests.checks(signer_on_record=CheckResult.FAILED, no_move_in_30_days=CheckResult.NEEDS_LEAD)
    text = said(requests.unsigned(checks=found))
    assert "be approved yet: 2 checks" in text
    assert "! lead   no move in 30 days: About no move in 30 days." in text
    reason = "You changed the address of record: somebody else must approve this."
    assert f"be approved: {reason}" in said(requests.request(can_approve=False, approve_sentence=reason), 120)


def test_what_is_missing_stands_first_and_the_days_stand_still() -> None:
    one = requests.request(
        state=S.INCOMPLETE,
        missing=[Missing.SIGNATURE, Missing.PAGE],
        missing_note="page 2",
        call_back="CB-00012",
        can_approve=False,
        mail_by=None,
        urgency=Urgency.PAUSED,
    )
    text = said(one, 120).split("\n")
    assert text[1] == (
        ' missing signature, a readable page ("page 2"); call-back CB-00012 asks for it; '
        "the days stand still, z takes the answer"
    )
    assert "mail by [=] paused" in text[-1]
    nobody = one.model_copy(update={"call_back": None})
    assert "nobody has a number to call" in said(nobody)
    assert "no call-back is planned" in act_words.asked(nobody).plain
    below = detail.to_answer(one, 80).plain
    assert " by fax  signature, a readable page: not by phone" in below
    decided = requests.decided(one, S.APPROVED)
    assert "does not wait for an answer any more" in detail.to_answer(decided, 80).plain


def test_the_first_of_two_persons_and_a_form_sent_twice_stand_out() -> None:
    one = requests.request(state=S.VERIFYING, checked_by="R.Chen", same_as=["U-00860", "U-00861"])
    text = said(one, 120)
    assert " first   R.Chen approved it as the first person" in text
    assert " ! same  as U-00860, U-00861: look whether it is one form twice; d denies a duplicate" in text


@pytest.mark.parametrize(
    ("one", "line"),
    [
        (
            on_the_way(use_by=date(2026, 12, 18)),
            " letter  mailed 11-18, arrives by 11-23; the code works until 12-18",
        ),
        (on_the_way(S.EXPIRED), " letter  mailed 11-18, was to arrive by 11-23"),
        (on_the_way(mail_by=date(2026, 11, 17)), " letter  mailed 11-18, was to arrive by 11-23"),
        (on_the_way(arrive_by=date(2026, 11, 19)), " letter  mailed 11-18, was to arrive by 11-19"),
        (
            on_the_way(S.RETURNED_MAIL, returned_on=date(2026, 11, 19)),
            " letter  mailed 11-18, was to arrive by 11-23, came back 11-19",
        ),
        (
            requests.decided(requests.request(), S.APPROVED),
            " letter  goes with the next mailing, mail by [ ] 11-30, arrives by 12-03",
        ),
    ],
)
def test_where_the_letter_is_stands_above_everything(one: UserIdRequest, line: str) -> None:
    text = said(one).split("\n")
    assert line in text[1]
    assert "[X]" not in text[0]
    assert text[2] == f' SAY     "{requests.SAY}"'
    assert "[X] mailed late" in said(on_the_way(breached=True)).split("\n")[0]


def test_a_new_letter_is_offered_or_the_reason_said() -> None:
    sentence = "Wait until November 23."
    assert f" cannot  send a new letter: {sentence}" in said(on_the_way(reissue_sentence=sentence))
    can = on_the_way(can_reissue=True, reissue_sentence="stop the code and mail a new one", reissues=2)
    assert " you can r, for a verified caller: stop the code and mail a new one" in said(can)
    assert "new letters so far: 2" in said(can, 120)
    assert sentence in detail.why(on_the_way(reissue_sentence=sentence)).plain


def test_the_sentence_for_a_caller_is_shown_as_it_is() -> None:
    for state in UserIdRequestState:
        for can in (True, False):
            lines = said(requests.request(state=state, can_approve=can)).split("\n")
            assert [line for line in lines if line.startswith(" SAY")] == [f' SAY     "{requests.SAY}"']
            assert sum("internal" in line for line in lines) == (state in OPEN_USER_ID_STATES)


def test_an_unsigned_form_a_missing_address_and_the_page() -> None:
    page = FaxPage(pages=2, kept_at=NOW, kept_by="R.Chen")
    text = said(requests.request(signer="", administrator="", form_address=Address(), page=page))
    assert "administrator nobody, an employee; NO SIGNER" in text
    assert "         no address\n record  2200 HARBOR BLVD, OAKLAND, CA 94606\n" in text
    assert " page    2 pages, kept by R.Chen 11-20 09:41; p opens it" in text


def test_a_decision_says_by_whom_when_and_why() -> None:
    one = requests.decided(requests.request(), S.REFUSED, deny_reason=DenyReason.ADDRESS_DIFFERS)
    line = "denied by M.Lopez 11-20 09:41: address differs; u takes it back until its letter is mailed"
    assert line in said(one, 120)
    assert "takes it back" not in said(one.model_copy(update={"can_undo": False}), 120)


@pytest.mark.parametrize("width", [44, 46, 80, 120])
def test_no_line_is_wider_than_its_place(width: int) -> None:
    long = {"group_name": "A" * 60, "administrator": "B" * 80, "fax_reference": "C" * 60, "say": "D" * 300}
    for state in UserIdRequestState:
        one = requests.unsigned(state=state, **long, missing_note="E" * 200, notice_to="F" * 200)
        assert all(len(line) <= width for line in said(one, width).split("\n"))
        assert all(len(line) <= width for line in detail.to_answer(one, width).plain.split("\n"))


def test_lines_to_confirm_name_their_object() -> None:
    one = requests.request()
    assert act_words.approve_line(one).plain == "approve U-00871, mail to address of record"
    moved = requests.request(checks=requests.checks(no_move_in_30_days=CheckResult.NEEDS_LEAD))
    assert "as the first person; a lead must agree" in act_words.approve_line(moved).plain
    second = moved.model_copy(update={"checked_by": "R.Chen"})
    assert act_words.approve_line(second).plain.startswith("agree as the second person: approve U-00871")
    deny = act_words.deny_line(one, DenyReason.FORM_INCOMPLETE, "page 2 [/b]")
    assert deny.plain == 'deny U-00871: form incomplete, a letter says so; note "page 2 [/b]"'
    assert act_words.deny_line(one, DenyReason.DUPLICATE, "").plain == "deny U-00871: a duplicate"
    untrue = act_words.deny_line(requests.request(), DenyReason.SIGNER_UNKNOWN, "").plain
    assert untrue == "deny U-00871: signer unknown, although this check passed, a letter says so"
    failed = requests.request(checks=requests.checks(signer_on_record=CheckResult.FAILED))
    assert "although" not in act_words.deny_line(failed, DenyReason.SIGNER_UNKNOWN, "").plain
    undo = {
        state: act_words.undo_line(requests.decided(one, state)).plain
        for state in (S.APPROVED, S.REFUSED, S.VERIFYING)
    }
    assert undo == {
        S.APPROVED: "take back the approval of U-00871 SALEM PARTS LLC",
        S.REFUSED: "take back the denial of U-00871 SALEM PARTS LLC",
        S.VERIFYING: "take back the first approval of U-00871 SALEM PARTS LLC",
    }
    stop = act_words.incomplete_line(one, [Missing.SIGNATURE, Missing.ADDRESS], "page 2")
    assert (
        stop.plain
        == 'call the client of U-00871 back for: signature, address; note "page 2"; the days stand still'
    )


def test_what_was_done_is_said_with_what_can_be_done_about_it() -> None:
    approved = requests.decided(requests.request(), S.APPROVED)
    said_of = act_words.decided(approved).plain
    assert said_of == "U-00871 approved; u takes it back until its letter is mailed."
    first = requests.decided(requests.request(), S.VERIFYING, can_undo=False)
    assert act_words.decided(first).plain == "U-00871 approved by the first person; a lead must agree."
    asked = requests.request(state=S.INCOMPLETE, call_back="CB-00012", missing=[Missing.ADDRESS])
    assert "call-back CB-00012 asks the client, and the days stand still" in act_words.asked(asked).plain
    assert act_words.answered(asked, HERE).plain == "U-00871 still lacks: address."
    assert "the days go on, the letter arrives by 12-03" in act_words.answered(requests.request(), HERE).plain
    assert act_words.not_undone(requests.request()).startswith("U-00871 waits again")
    assert "its letter is mailed" in act_words.not_undone(on_the_way())


def test_a_conflict_says_what_was_seen_and_what_is() -> None:
    seen = requests.request()
    present = requests.decided(seen, S.APPROVED, decided_by="R.Chen")
    text = act_words.conflict(seen, present).plain
    assert text == "U-00871: received when you looked, approved by R.Chen now. Nothing was done."
    changed = act_words.conflict(seen, requests.request(version=2)).plain
    assert changed == "U-00871 was changed meanwhile; look again. Nothing was done."


def test_why_explains_verdict_checks_dates_and_shapes() -> None:
    text = detail.why(requests.unsigned()).plain
    assert text.startswith(requests.SIGNER)
    assert "# failed  signer on record" in text
    assert words.WHY_DATES in text
    assert "[!] today" in text
    decided = requests.decided(requests.request(), S.APPROVED)
    assert detail.why(decided).plain.startswith("This request is decided.")
    asked = requests.request(state=S.INCOMPLETE, missing=[Missing.SIGNATURE, Missing.ADDRESS])
    assert "By fax only: signature." in detail.why(asked).plain
