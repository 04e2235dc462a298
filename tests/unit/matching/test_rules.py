"""Who may do what to a queue item."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from api_client.types.problems import ProblemType
from api_client.types.words import MatchDecision, MatchState, RejectReason, Role, Verdict
from backend.matching import rules
from backend.matching.clock import Clock
from backend.matching.rules import Case, Undo
from backend.policy.calendar import Calendar
from backend.policy.policy import load_policy
from backend.refusal import Refusal

POLICY = load_policy().matching
NOW = datetime(2026, 11, 20, 17, 41, tzinfo=UTC)
ME, OTHER = 1, 2
S = MatchState
REVIEWED = Case(S.IN_REVIEW, holder=ME)


def clock(hours_left: float) -> Clock:
    left = timedelta(hours=hours_left)
    return Clock(NOW + left, timedelta(hours=48) - left, left, breached=False, paused=False, stopped=False)


def kind(refusal: Refusal | Undo | None) -> ProblemType | None:
    assert not isinstance(refusal, Undo)
    return refusal.type if refusal else None


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (Case(S.QUEUED), None),
        (Case(S.IN_REVIEW), None),  # the lease lapsed
        (Case(S.IN_REVIEW, holder=ME), None),
        (Case(S.IN_REVIEW, holder=OTHER), ProblemType.CLAIMED_BY_OTHER),
        (Case(S.WAITING_EMPLOYER), ProblemType.RULE_REFUSES),
        (Case(S.PENDING_APPROVAL), ProblemType.RULE_REFUSES),
        (Case(S.APPLIED), ProblemType.RULE_REFUSES),
        (Case(S.RETURNED), ProblemType.RULE_REFUSES),
    ],
)
def test_claim(case: Case, expected: ProblemType | None) -> None:
    assert kind(rules.claim_refused(case, ME)) is expected


@pytest.mark.parametrize(
    ("case", "expected"),
    [
        (REVIEWED, None),
        (Case(S.IN_REVIEW), ProblemType.LEASE_LOST),
        (Case(S.IN_REVIEW, holder=OTHER), ProblemType.LEASE_LOST),
        (Case(S.QUEUED), ProblemType.RULE_REFUSES),
        (Case(S.APPLIED), ProblemType.RULE_REFUSES),
    ],
)
def test_acts_under_a_claim(case: Case, expected: ProblemType | None) -> None:
    assert kind(rules.under_claim_refused(case, ME)) is expected
    assert kind(rules.decision_refused(case, ME, MatchDecision.CREATE, mrn=None, reason=None)) is expected
    assert (
        kind(rules.ask_refused(case, ME, Role.LEAD, questions_asked=0, clock=clock(9), policy=POLICY))
        is expected
    )


@pytest.mark.parametrize(
    ("decision", "mrn", "reason", "allowed"),
    [
        (MatchDecision.LINK, "M1", None, True),
        (MatchDecision.LINK, None, None, False),
        (MatchDecision.LINK, "M1", RejectReason.DUPLICATE, False),
        (MatchDecision.CREATE, None, None, True),
        (MatchDecision.CREATE, "M1", None, False),
        (MatchDecision.REJECT, None, RejectReason.INCOMPLETE, True),
        (MatchDecision.REJECT, None, None, False),
        (MatchDecision.UNLINK, None, None, False),
        (MatchDecision.UNLINK, "M1", None, False),
    ],
)
def test_decision_has_its_parts(
    decision: MatchDecision, mrn: str | None, reason: RejectReason | None, *, allowed: bool
) -> None:
    refusal = rules.decision_refused(REVIEWED, ME, decision, mrn=mrn, reason=reason)
    assert kind(refusal) is (None if allowed else ProblemType.INVALID)


SAME = {"SSN": Verdict.SAME, "birth date": Verdict.SAME, "first name": Verdict.DIFFERS}


@pytest.mark.parametrize(
    ("decision", "verdicts", "warnings", "strong", "by_hand", "needed"),
    [
        (MatchDecision.LINK, SAME, [], True, False, ""),
        (MatchDecision.LINK, {**SAME, "SSN": Verdict.DIFFERS}, [], True, False, "the SSN differs"),
        (MatchDecision.LINK, {**SAME, "SSN": Verdict.NEAR}, [], True, False, "the SSN differs"),
        (MatchDecision.LINK, {**SAME, "SSN": Verdict.MISSING}, [], True, False, ""),
        (MatchDecision.LINK, {**SAME, "birth date": Verdict.NEAR}, [], True, False, "the birth date differs"),
        (MatchDecision.LINK, {"birth date": Verdict.DIFFERS}, [], False, False, "the birth date differs"),
        (MatchDecision.LINK, {**SAME, "birth date": Verdict.MISSING}, [], True, False, ""),
        (MatchDecision.LINK, SAME, ["twin?"], False, False, "there is a warning: twin?"),
        (MatchDecision.LINK, SAME, [], False, True, "found by hand, not among the candidates"),
        (MatchDecision.CREATE, {}, [], True, False, "a member on file agrees well"),
        (MatchDecision.CREATE, {}, ["twin?"], False, False, ""),
        (MatchDecision.REJECT, {}, ["twin?"], True, False, ""),
        (MatchDecision.UNLINK, {}, [], False, False, "an applied decision is taken apart"),
    ],
)
def test_second_person(
    decision: MatchDecision,
    verdicts: dict[str, Verdict],
    warnings: list[str],
    *,
    strong: bool,
    by_hand: bool,
    needed: str,
) -> None:
    why = rules.second_person_needed(
        decision, verdicts=verdicts, warnings=warnings, strong_candidate=strong, by_hand=by_hand
    )
    assert why == needed


def test_where_a_decision_leads() -> None:
    assert rules.state_after(MatchDecision.LINK, second_person=False) is S.APPLIED
    assert rules.state_after(MatchDecision.CREATE, second_person=True) is S.PENDING_APPROVAL
    assert rules.state_after(MatchDecision.REJECT, second_person=False) is S.RETURNED


def test_the_second_person_is_another() -> None:
    pending = Case(S.PENDING_APPROVAL, decided_by=OTHER, decided_at=NOW)
    assert rules.approval_refused(pending, ME) is None
    assert kind(rules.approval_refused(pending, OTHER)) is ProblemType.NOT_ALLOWED
    assert kind(rules.approval_refused(Case(S.APPLIED, decided_by=OTHER), ME)) is ProblemType.RULE_REFUSES


@pytest.mark.parametrize(
    ("role", "asked", "hours", "allowed"),
    [
        (Role.REP, 0, 4.0, True),
        (Role.REP, 0, 3.99, False),
        (Role.REP, 0, -1.0, False),
        (Role.REP, 1, 40.0, False),
        (Role.LEAD, 1, 1.0, True),
        (Role.ADMIN, 5, -1.0, True),
    ],
)
def test_questions_that_need_a_lead(role: Role, asked: int, hours: float, *, allowed: bool) -> None:
    refusal = rules.ask_refused(REVIEWED, ME, role, questions_asked=asked, clock=clock(hours), policy=POLICY)
    assert kind(refusal) is (None if allowed else ProblemType.NOT_ALLOWED)


WHERE = [S.QUEUED, S.WAITING_EMPLOYER, S.PENDING_APPROVAL, S.APPLIED, S.RETURNED]


@pytest.mark.parametrize(
    ("case", "handed", "assigned", "taken_back"),
    [
        (REVIEWED, True, True, False),
        (Case(S.IN_REVIEW, holder=OTHER), False, False, True),  # OTHER has it: nothing to assign to OTHER
        (Case(S.QUEUED), False, True, False),
        (Case(S.WAITING_EMPLOYER), False, True, False),
        (Case(S.PENDING_APPROVAL), False, False, False),
        (Case(S.APPLIED), False, False, False),
        (Case(S.RETURNED), False, False, False),
    ],
)
def test_who_may_pass_a_case_to_other(case: Case, *, handed: bool, assigned: bool, taken_back: bool) -> None:
    assert (rules.given_refused(case, giver=ME, to=OTHER) is None) is handed
    assert kind(rules.given_refused(REVIEWED, giver=ME, to=ME)) is ProblemType.RULE_REFUSES
    assert (rules.assign_refused(case, OTHER) is None) is assigned
    assert (rules.take_back_refused(case, ME) is None) is taken_back


@pytest.mark.parametrize("state", WHERE)
def test_only_what_is_applied_can_be_unlinked(state: MatchState) -> None:
    assert (rules.unlink_refused(Case(state)) is None) is (state is S.APPLIED)


def test_answer_needs_an_open_question() -> None:
    assert rules.answer_refused(Case(S.WAITING_EMPLOYER)) is None
    assert kind(rules.answer_refused(REVIEWED)) is ProblemType.RULE_REFUSES


def test_question_dates_skip_the_holiday() -> None:
    asked = datetime(2026, 11, 9, 23, 0, tzinfo=UTC)  # Monday 15:00 at the service center
    dates = rules.question_dates(asked, POLICY, Calendar(load_policy()))
    assert dates.reminders == (date(2026, 11, 12), date(2026, 11, 16))
    assert dates.returned_on == date(2026, 11, 24)


APPLIED = Case(S.APPLIED, decided_by=ME, decided_at=NOW)
TEN = timedelta(minutes=10)
DAY = timedelta(hours=24)
SECOND = timedelta(seconds=1)
OWN, LEADS = Undo(S.IN_REVIEW, new_clock=False), Undo(S.QUEUED, new_clock=True)


@pytest.mark.parametrize(
    ("case", "rep", "role", "age", "expected"),
    [
        (APPLIED, ME, Role.REP, TEN, OWN),
        (APPLIED, ME, Role.REP, TEN + SECOND, ProblemType.NOT_ALLOWED),
        (APPLIED, OTHER, Role.REP, SECOND, ProblemType.NOT_ALLOWED),
        (replace(APPLIED, card_printed=True), ME, Role.REP, SECOND, ProblemType.NOT_ALLOWED),
        (replace(APPLIED, billed_or_used=True), ME, Role.REP, SECOND, ProblemType.RULE_REFUSES),
        (replace(APPLIED, billed_or_used=True), OTHER, Role.LEAD, SECOND, ProblemType.RULE_REFUSES),
        (APPLIED, OTHER, Role.LEAD, DAY, LEADS),
        (APPLIED, OTHER, Role.LEAD, DAY + SECOND, ProblemType.RULE_REFUSES),
        (APPLIED, ME, Role.LEAD, TEN, OWN),
        (APPLIED, ME, Role.LEAD, TEN + SECOND, LEADS),
        (replace(APPLIED, state=S.RETURNED), ME, Role.REP, TEN, OWN),
        (replace(APPLIED, state=S.PENDING_APPROVAL), ME, Role.REP, TEN, OWN),
        (
            replace(APPLIED, state=S.PENDING_APPROVAL, unlink_asked=True),
            ME,
            Role.REP,
            TEN,
            ProblemType.RULE_REFUSES,
        ),
        (replace(APPLIED, state=S.RETURNED), OTHER, Role.LEAD, TEN, ProblemType.RULE_REFUSES),
        (replace(APPLIED, state=S.QUEUED), ME, Role.REP, TEN, ProblemType.RULE_REFUSES),
        (Case(S.APPLIED), ME, Role.LEAD, TEN, ProblemType.RULE_REFUSES),
    ],
)
def test_undo(case: Case, rep: int, role: Role, age: timedelta, expected: Undo | ProblemType) -> None:
    answer = rules.undo_allowed(case, rep, role, NOW + age, POLICY)
    assert (answer if isinstance(answer, Undo) else answer.type) == expected
    assert isinstance(answer, Undo) or answer.sentence.endswith(".")
