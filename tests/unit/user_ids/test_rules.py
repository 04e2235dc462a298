"""Dates and checks of user-ID requests. All people are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_client.types.problems import ProblemType
from api_client.types.user_id_words import CheckResult, DenyReason, UserIdRequestKind, UserIdRequestState
from api_client.types.words import GroupState, Role, Urgency
from backend.policy.calendar import Calendar
from backend.policy.policy import load_policy
from backend.user_ids import deadlines, rules
from backend.user_ids.deadlines import Pause, RequestDates
from backend.user_ids.rules import PostalAddress, RequestFacts

POLICY = load_policy()
CALENDAR = Calendar(POLICY)
ZONE = ZoneInfo("America/Los_Angeles")
S = UserIdRequestState


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=ZONE)


def dates(received: str, *pauses: tuple[str, str | None]) -> RequestDates:
    spans = [Pause(at(start), at(end) if end else None) for start, end in pauses]
    return deadlines.request_dates(at(received), spans, POLICY.user_ids, CALENDAR)


@pytest.mark.parametrize(
    ("received", "mail_by", "arrive_by"),
    [
        ("2026-11-09 09:00", "2026-11-16", "2026-11-19"),
        ("2026-11-20 09:00", "2026-11-30", "2026-12-03"),
        ("2026-11-20 17:00", "2026-11-30", "2026-12-03"),
        ("2026-11-24 09:00", "2026-12-02", "2026-12-07"),
        ("2026-06-26 09:00", "2026-07-02", "2026-07-08"),
        ("2026-12-23 09:00", "2026-12-30", "2027-01-05"),
        ("2026-11-21 09:00", "2026-12-01", "2026-12-04"),
        ("2026-11-20 17:01", "2026-12-01", "2026-12-04"),
    ],
)
def test_deadlines(received: str, mail_by: str, arrive_by: str) -> None:
    assert dates(received) == RequestDates(date.fromisoformat(mail_by), date.fromisoformat(arrive_by))


def test_a_pause_keeps_the_used_days() -> None:
    answered = dates("2026-11-09 09:00", ("2026-11-12 10:00", "2026-11-16 10:00"))
    assert answered == RequestDates(date(2026, 11, 18), date(2026, 11, 23))
    assert dates("2026-11-09 09:00", ("2026-11-12 10:00", None)) == RequestDates(None, None)


def test_a_pause_does_not_cure_a_missed_date() -> None:
    late = dates("2026-11-09 09:00", ("2026-11-17 10:00", None))
    assert late == RequestDates(date(2026, 11, 16), None)


def test_a_pause_on_the_very_day_is_in_time() -> None:
    assert dates("2026-11-09 09:00", ("2026-11-16 10:00", None)).mail_by is None
    answered = dates("2026-11-09 09:00", ("2026-11-16 10:00", "2026-11-18 10:00"))
    assert answered == RequestDates(date(2026, 11, 18), date(2026, 11, 23))


def test_two_pauses_add_up() -> None:
    # One day used by Tuesday, a holiday between, another by Thursday: two of four are left on Friday.
    twice = dates(
        "2026-11-09 09:00", ("2026-11-10 10:00", "2026-11-10 15:00"), ("2026-11-12 10:00", "2026-11-13 10:00")
    )
    assert twice.mail_by == date(2026, 11, 17)


INSTANTS = st.datetimes(datetime(2026, 1, 1), datetime(2027, 12, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(INSTANTS)
def test_transit_days_lie_between_mailing_and_arrival(received: datetime) -> None:
    found = deadlines.request_dates(received, [], POLICY.user_ids, CALENDAR)
    assert found.mail_by is not None
    assert found.arrive_by is not None
    assert CALENDAR.business_days_between(found.mail_by, found.arrive_by) == 3
    assert CALENDAR.is_open(found.mail_by)


@given(INSTANTS, st.integers(0, 20 * 24), st.integers(0, 30 * 24))
def test_a_pause_never_brings_a_date_nearer(received: datetime, after: int, length: int) -> None:
    start = received + timedelta(hours=after)
    pause = Pause(start, start + timedelta(hours=length))
    plain = deadlines.request_dates(received, [], POLICY.user_ids, CALENDAR)
    paused = deadlines.request_dates(received, [pause], POLICY.user_ids, CALENDAR)
    assert plain.arrive_by is not None
    assert paused.arrive_by is not None
    assert paused.arrive_by >= plain.arrive_by


@pytest.mark.parametrize(
    ("mail_by", "expected"),
    [
        ("2026-11-19", Urgency.LATE),
        ("2026-11-20", Urgency.RED),
        ("2026-11-23", Urgency.AMBER),
        ("2026-11-24", Urgency.CALM),
        (None, Urgency.PAUSED),
    ],
)
def test_mail_urgency_on_a_friday(mail_by: str | None, expected: Urgency) -> None:
    day = date.fromisoformat(mail_by) if mail_by else None
    assert deadlines.mail_urgency(day, date(2026, 11, 20), CALENDAR) is expected


HARBOR = PostalAddress("2200 Harbor Blvd", "Oakland", "CA", "94606")
GOOD = RequestFacts(
    kind=UserIdRequestKind.FIRST,
    group_state=GroupState.ACTIVE,
    signer="Rosalind Halewater",
    signers_on_record=["ROSALIND HALEWATER"],
    administrator="Perry Doewinkle",
    employees_on_record=["Perry Doewinkle"],
    agents_on_record=["Juniper Brokerage"],
    administrator_is="employee",
    form_address=HARBOR,
    address_of_record=replace(HARBOR, street="2200 HARBOR BOULEVARD.", zip="94606-1234"),
    active_admin_id=False,
    address_changed_on=None,
    today=date(2026, 11, 20),
)


def test_a_good_form_passes_every_check() -> None:
    found = rules.checks(GOOD, POLICY.user_ids)
    assert len(found) == 6
    assert {check.result for check in found} == {CheckResult.PASSED}
    assert rules.approval_refused(S.RECEIVED, found, role=Role.REP, rep=1) is None


@pytest.mark.parametrize(
    ("change", "name", "result"),
    [
        ({"group_state": GroupState.TERMINATED}, "group active", CheckResult.FAILED),
        ({"signer": ""}, "signer on record", CheckResult.FAILED),
        ({"signer": "Somebody Else"}, "signer on record", CheckResult.FAILED),
        ({"signers_on_record": []}, "signer on record", CheckResult.FAILED),
        ({"administrator": "Juniper Brokerage"}, "administrator an employee or agent", CheckResult.FAILED),
        ({"administrator_is": "broker"}, "administrator an employee or agent", CheckResult.FAILED),
        ({"form_address": replace(HARBOR, zip="94607")}, "address of record", CheckResult.FAILED),
        (
            {"form_address": replace(HARBOR, street="2201 Harbor Blvd")},
            "address of record",
            CheckResult.FAILED,
        ),
        (
            {
                "form_address": PostalAddress("", "", "", ""),
                "address_of_record": PostalAddress("", "", "", ""),
            },
            "address of record",
            CheckResult.FAILED,
        ),
        ({"active_admin_id": True}, "no active admin ID", CheckResult.FAILED),
        ({"kind": UserIdRequestKind.RESET}, "no active admin ID", CheckResult.FAILED),
        ({"address_changed_on": date(2026, 10, 21)}, "no move in 30 days", CheckResult.NEEDS_LEAD),
        ({"address_changed_on": date(2026, 11, 20)}, "no move in 30 days", CheckResult.NEEDS_LEAD),
    ],
)
def test_one_thing_wrong_fails_one_check(change: dict[str, Any], name: str, result: CheckResult) -> None:
    found = rules.checks(replace(GOOD, **change), POLICY.user_ids)
    assert {check.name: check.result for check in found if check.result is not CheckResult.PASSED} == {
        name: result
    }
    refusal = rules.approval_refused(S.RECEIVED, found, role=Role.REP, rep=1)
    assert refusal is not None
    assert next(check.sentence for check in found if check.name == name) in refusal.sentence


@pytest.mark.parametrize(
    "change",
    [
        {"administrator": "juniper brokerage", "administrator_is": "broker"},
        {"kind": UserIdRequestKind.RESET, "active_admin_id": True},
        {"kind": UserIdRequestKind.REPLACE, "active_admin_id": True},
        {"address_changed_on": date(2026, 10, 20)},
    ],
)
def test_other_good_forms(change: dict[str, Any]) -> None:
    found = rules.checks(replace(GOOD, **change), POLICY.user_ids)
    assert {check.result for check in found} == {CheckResult.PASSED}


def test_a_recent_move_needs_a_lead_who_did_not_change_the_address() -> None:
    found = rules.checks(replace(GOOD, address_changed_on=date(2026, 11, 2)), POLICY.user_ids)
    by_rep = rules.approval_refused(S.VERIFYING, found, role=Role.REP, rep=1)
    assert by_rep is not None
    assert by_rep.type is ProblemType.NOT_ALLOWED
    assert rules.approval_refused(S.VERIFYING, found, role=Role.LEAD, rep=1, address_changed_by=2) is None
    own = rules.approval_refused(S.VERIFYING, found, role=Role.LEAD, rep=1, address_changed_by=1)
    assert own is not None


@pytest.mark.parametrize("state", [S.INCOMPLETE, S.APPROVED, S.REFUSED, S.MAILED, S.ACTIVATED])
def test_only_an_open_and_complete_request_is_approved(state: UserIdRequestState) -> None:
    found = rules.checks(GOOD, POLICY.user_ids)
    assert rules.approval_refused(state, found, role=Role.ADMIN, rep=1) is not None


def test_denial_names_its_reason() -> None:
    assert rules.denial_refused(S.INCOMPLETE, DenyReason.FORM_INCOMPLETE) is None
    missing = rules.denial_refused(S.RECEIVED, None)
    assert missing is not None
    assert missing.type is ProblemType.INVALID
    assert rules.denial_refused(S.MAILED, DenyReason.NOT_EMPLOYEE) is not None


@pytest.mark.parametrize(
    ("state", "rep", "minutes", "allowed"),
    [
        (S.APPROVED, 1, 10, True),
        (S.REFUSED, 1, 0, True),
        (S.APPROVED, 1, 10.01, False),
        (S.APPROVED, 2, 1, False),
        (S.PRINT_QUEUED, 1, 1, False),
        (S.RECEIVED, 1, 1, False),
    ],
)
def test_undo(state: UserIdRequestState, rep: int, minutes: float, *, allowed: bool) -> None:
    decided = datetime(2026, 11, 20, 17, tzinfo=UTC)
    now = decided + timedelta(minutes=minutes)
    refusal = rules.undo_refused(
        state, decided_by=1, decided_at=decided, rep=rep, now=now, policy=POLICY.user_ids
    )
    assert (refusal is None) is allowed
