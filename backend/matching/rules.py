"""Who may do what to a queue item, and when; and when it takes a second person."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api_client.types.problems import ProblemType
from api_client.types.words import MatchDecision, MatchState, RejectReason, Role, Verdict
from backend.matching.clock import Clock
from backend.policy.calendar import Calendar
from backend.policy.policy import MatchingPolicy
from backend.refusal import Refusal, not_allowed, rule_refuses

_KEY_FIELDS = {"SSN": "the SSN differs", "birth date": "the birth date differs"}

URGENT, NORMAL = 0, 1
"""Care order of a case: someone who needs care now comes first."""


@dataclass(frozen=True)
class Case:
    """What the rules must know of an item. Reps are named by their id."""

    state: MatchState
    holder: int | None = None
    """The rep whose lease is alive now."""
    decided_by: int | None = None
    decided_at: datetime | None = None
    card_printed: bool = False
    billed_or_used: bool = False
    """Something was billed for, or care given under, what was decided."""
    unlink_asked: bool = False
    """The decision that stands is to take the one before apart."""


def claim_refused(case: Case, rep: int) -> Refusal | None:
    """Why the rep cannot take the item; an item under review whose lease lapsed can be taken."""
    if case.holder is not None and case.holder != rep:
        return Refusal(ProblemType.CLAIMED_BY_OTHER, "Another rep has claimed this item.")
    if case.state not in (MatchState.QUEUED, MatchState.IN_REVIEW):
        return rule_refuses(_WHERE_IT_STANDS[case.state])
    return None


_WHERE_IT_STANDS = {
    MatchState.QUEUED: "This item waits in the queue: claim it first.",
    MatchState.IN_REVIEW: "This item is under review.",
    MatchState.WAITING_EMPLOYER: "This item waits for the employer's answer.",
    MatchState.PENDING_APPROVAL: "This item waits for a second person's approval.",
    MatchState.APPLIED: "This item is decided and applied.",
    MatchState.RETURNED: "This item went back to the employer.",
}


def under_claim_refused(case: Case, rep: int) -> Refusal | None:
    """Why the rep cannot act on the item as its holder: to release, extend, decide or ask."""
    if case.state is not MatchState.IN_REVIEW:
        return rule_refuses(_WHERE_IT_STANDS[case.state])
    if case.holder is None:
        return Refusal(ProblemType.LEASE_LOST, "Your claim on this item has lapsed: claim it again.")
    if case.holder != rep:
        return Refusal(ProblemType.LEASE_LOST, "Another rep has this item now.")
    return None


def decision_refused(
    case: Case, rep: int, decision: MatchDecision, *, mrn: str | None, reason: RejectReason | None
) -> Refusal | None:
    """Why this decision cannot be taken: no claim, or a part of it missing or too much."""
    return under_claim_refused(case, rep) or parts_missing(decision, mrn=mrn, reason=reason)


def parts_missing(decision: MatchDecision, *, mrn: str | None, reason: RejectReason | None) -> Refusal | None:
    """Why this is no whole decision: a part of it is missing, or there is one too much."""
    if decision is MatchDecision.UNLINK:
        return Refusal(ProblemType.INVALID, "To take a decision apart is asked for on its own.")
    if (decision is MatchDecision.LINK) is not bool(mrn):
        return Refusal(ProblemType.INVALID, "A link names its member; no other decision does.")
    if (decision is MatchDecision.REJECT) is not (reason is not None):
        return Refusal(ProblemType.INVALID, "A rejection names its reason; no other decision does.")
    return None


def review_refused(decision: MatchDecision, *, this_member: bool) -> Refusal | None:
    """Why this is no decision about a change of a member's identifying data, which is done already."""
    if decision is MatchDecision.REJECT or (decision is MatchDecision.LINK and this_member):
        return None
    return rule_refuses(
        "This is a change of a member on file: link to that member to confirm it, or return it, "
        "which takes the change back."
    )


def second_person_needed(
    decision: MatchDecision,
    *,
    verdicts: Mapping[str, Verdict],
    warnings: Sequence[str],
    strong_candidate: bool,
    by_hand: bool = False,
) -> str:
    """Why a second person must approve, or an empty string.

    `verdicts` and `warnings` are those of the chosen candidate; a field that is merely near differs too.
    `strong_candidate` says that any candidate stands above the high mark; `by_hand` that the member chosen
    is none of the candidates, which overrides the search.
    """
    if decision is MatchDecision.UNLINK:
        return "an applied decision is taken apart"
    if decision is MatchDecision.CREATE and strong_candidate:
        return "a member on file agrees well"
    if decision is not MatchDecision.LINK:
        return ""
    for field, why in _KEY_FIELDS.items():
        if verdicts.get(field) in (Verdict.DIFFERS, Verdict.NEAR):
            return why
    if warnings:
        return f"there is a warning: {warnings[0]}"
    return "found by hand, not among the candidates" if by_hand else ""


def state_after(decision: MatchDecision, *, second_person: bool) -> MatchState:
    """Where a decision leads."""
    if decision is MatchDecision.REJECT:
        return MatchState.RETURNED
    return MatchState.PENDING_APPROVAL if second_person else MatchState.APPLIED


def second_look_agrees(
    first: MatchDecision, first_member: int | None, second: MatchDecision, second_member: int | None
) -> bool:
    """Whether a second look came out as the decision did: the same, and where it links, the same member."""
    return first is second and (first is not MatchDecision.LINK or first_member == second_member)


def approval_refused(case: Case, rep: int) -> Refusal | None:
    """Why the rep cannot approve or refuse what another decided."""
    if case.state is not MatchState.PENDING_APPROVAL:
        return rule_refuses(_WHERE_IT_STANDS[case.state])
    if case.decided_by == rep:
        return not_allowed("A second person must approve: you decided this yourself.")
    return None


def given_refused(case: Case, *, giver: int, to: int) -> Refusal | None:
    """Why the holder cannot give the item to this rep."""
    if refusal := under_claim_refused(case, giver):
        return refusal
    return rule_refuses("You have this item yourself: choose a colleague.") if giver == to else None


def assign_refused(case: Case, to: int) -> Refusal | None:
    """Why a lead cannot give the item to this rep."""
    if case.state not in (MatchState.QUEUED, MatchState.IN_REVIEW, MatchState.WAITING_EMPLOYER):
        return rule_refuses(_WHERE_IT_STANDS[case.state])
    return rule_refuses("This rep has the item already.") if case.holder == to else None


def take_back_refused(case: Case, lead: int) -> Refusal | None:
    """Why a lead cannot end the claim on the item."""
    if case.holder is None:
        return rule_refuses("Nobody has claimed this item.")
    return rule_refuses("You have this item yourself: put it back.") if case.holder == lead else None


def unlink_refused(case: Case) -> Refusal | None:
    """Why nobody can ask to take the decision apart."""
    if case.state is not MatchState.APPLIED:
        return rule_refuses(_WHERE_IT_STANDS[case.state])
    return None


def ask_refused(
    case: Case, rep: int, role: Role, *, questions_asked: int, clock: Clock, policy: MatchingPolicy
) -> Refusal | None:
    """Why the employer cannot be asked: no claim; a second question or one in the last hours needs a lead."""
    if refusal := under_claim_refused(case, rep):
        return refusal
    if role is not Role.REP:
        return None
    if questions_asked >= policy.questions_without_lead:
        return not_allowed("The employer was asked before: a second question needs a lead.")
    if clock.remaining < timedelta(hours=policy.last_hours_need_lead):
        return not_allowed(
            f"Fewer than {policy.last_hours_need_lead} hours are left: a question now needs a lead."
        )
    return None


def answer_refused(case: Case) -> Refusal | None:
    """Why no answer can be taken, or no question withdrawn."""
    if case.state is not MatchState.WAITING_EMPLOYER:
        return rule_refuses("No question to the employer is open for this item.")
    return None


@dataclass(frozen=True)
class QuestionDates:
    """When an unanswered question is repeated, and when the enrollment goes back."""

    reminders: tuple[date, ...]
    returned_on: date


def question_dates(asked_at: datetime, policy: MatchingPolicy, calendar: Calendar) -> QuestionDates:
    """Dates of one question, counted in business days from the day it was asked."""
    asked_on = calendar.local_date(asked_at)
    return QuestionDates(
        tuple(calendar.add_business_days(asked_on, days) for days in policy.reminder_business_days),
        calendar.add_business_days(asked_on, policy.answer_limit_business_days),
    )


@dataclass(frozen=True)
class Undo:
    """What taking a decision back leads to."""

    state: MatchState
    new_clock: bool
    """A lead's undo starts a new clock and marks the item as reopened; one's own goes on with the old."""


def undo_allowed(case: Case, rep: int, role: Role, now: datetime, policy: MatchingPolicy) -> Undo | Refusal:
    """Where an undo leads, or why there is none.

    The decider has 10 minutes, a lead 24 hours for what was applied; nobody once it was billed or used.
    """
    if case.decided_at is None or case.state in (
        MatchState.QUEUED,
        MatchState.IN_REVIEW,
        MatchState.WAITING_EMPLOYER,
    ):
        return rule_refuses("There is no decision to take back.")
    if case.unlink_asked:
        return rule_refuses("It is to be unlinked: a second person agrees or refuses.")
    if case.billed_or_used:
        return rule_refuses("It was billed or used already: unlinking needs two persons.")
    age = now - case.decided_at
    own = case.decided_by == rep and age <= timedelta(minutes=policy.own_undo_minutes)
    if own and not case.card_printed:
        return Undo(MatchState.IN_REVIEW, new_clock=False)
    if role is Role.REP:
        if case.decided_by != rep:
            return not_allowed("Only the rep who decided, or a lead, can take this back.")
        if case.card_printed:
            return not_allowed("The card is printed: a lead can take this back.")
        return not_allowed(
            f"Your {policy.own_undo_minutes} minutes are over: a lead can take an applied decision back."
        )
    if case.state is not MatchState.APPLIED:
        return rule_refuses("A lead can take back only what was applied.")
    if age > timedelta(hours=policy.lead_undo_hours):
        return rule_refuses(f"{policy.lead_undo_hours} hours are over: unlinking needs two persons.")
    return Undo(MatchState.QUEUED, new_clock=True)


def urgent_care_refused(state: MatchState) -> Refusal | None:
    """Why a case cannot be put first, or back, for somebody who needs care; None when it can (R02)."""
    if state in (MatchState.APPLIED, MatchState.RETURNED):
        return rule_refuses("The case is decided, so nothing of it waits.")
    return None


def is_chosen(digest: str, percent: int) -> bool:
    """Whether a decision with this keyed digest (hex) is among the percent that get a second look."""
    return int(digest[:8], 16) % 100 < percent
