"""Why a group stands where it stands: one sentence a step, with the rule it rests on and its source."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from api_client.types.billing_words import DateAbout, LetterKind, PromiseState
from backend.billing.case import Case, Why, became, certified_funds_until, last_promise
from backend.billing.ledger import Ended, Hold, open_fees
from backend.billing.rules import ZERO, dollars
from backend.billing.say import LETTER_TITLES
from backend.policy.premium import LetterStep, Roll

_OLDEST_FIRST = "payments and credits go to the oldest premium first (10 CCR 6532(c))"

_BECAME = {PromiseState.OPEN: "is open", PromiseState.KEPT: "was kept", PromiseState.BROKEN: "was broken"}


def about(kind: LetterKind) -> DateAbout:
    """What a date of this letter is about."""
    return DateAbout(kind.value) if kind.value in set(DateAbout) else DateAbout.LETTER


def reasons(case: Case) -> Iterator[Why]:
    """The reasoning for a day, the state first."""
    yield from _state(case)
    yield from _holds(case)
    yield from _no_mail(case)
    yield from _astray(case)
    yield from _money(case)
    yield from _promise(case)


def _state(case: Case) -> Iterator[Why]:
    if case.reinstated_on:
        yield Why(
            f"Coverage was given back on {case.reinstated_on}, with no gap.",
            f"all premium paid, asked for within {case.policy.reinstatement_days} days of the end, the first "
            "time in 12 months (contract of the small-group exchange; days: our default)",
            DateAbout.REINSTATEMENT,
        )
    if case.ended is not None:
        yield from _ended(case, case.ended)
    elif case.unpaid is None:
        yield from _current(case)
    else:
        unpaid = case.unpaid
        yield Why(
            f"{dollars(unpaid.open)} of the premium for {unpaid.invoice.month:%B %Y} is open, "
            f"{unpaid.days_past_due} days after its due date {unpaid.invoice.due_date}.",
            "past due from the day after the due date, if billed before it (28 CCR 1300.65(a)(2))",
            DateAbout.DUE,
        )
        yield from _letters(case)


def _current(case: Case) -> Iterator[Why]:
    past_due = sum((one.open for one in case.standing.invoices if one.past_due), ZERO)
    if past_due:
        tolerance = dollars(case.policy.tolerance)
        yield Why(
            f"{dollars(past_due)} past due is carried to the next invoice.",
            f"tolerance of {tolerance} (policy {case.policy.words})",
        )
    else:
        yield Why(
            "No premium is past due.",
            f"a payment is in time until 23:59 of the due date (policy {case.policy.words})",
        )


def _letters(case: Case) -> Iterator[Why]:
    planned = case.planned
    if planned is None or case.named_end is None:
        return
    for step in case.policy.warnings:
        mailed = planned.mailed_on(step.kind)
        goes = planned.from_on
        if step is not case.policy.opening:
            goes = case.books.warning_date(step, planned.from_on, case.on) or goes
        said = f"was mailed on {mailed}" if mailed else f"goes on {goes}"
        first = "; that is day 1 of grace" if step is case.policy.opening else ""
        yield Why(f"{_title(step)} {said}{first}.", _step_rule(case, step), about(step.kind))
    end = case.last_day
    if end is None:
        return
    yield Why(
        f"Coverage ends on {end} at 23:59 unless {dollars(case.owed)} is paid by then.",
        f"{_end_rule(case)}; part payments and promises move no date",
        DateAbout.END,
    )
    yield from _end_notices(case, end)
    for one in case.standing.invoices:
        if one.past_due and one.invoice.month > planned.invoice.month:
            yield Why(
                f"The warning letter for {one.invoice.month:%B %Y} waits while this grace runs.",
                f"it goes {case.policy.waiting_l1_business_days} business day after a cure, and never if "
                f"coverage ends (our default; policy {case.policy.words})",
                DateAbout.L1,
            )


def _title(step: LetterStep) -> str:
    return f"The {LETTER_TITLES[step.kind]} {step.kind}"


def _step_rule(case: Case, step: LetterStep) -> str:
    rolled = ", rolled to the next business day" if step.roll is Roll.FORWARD else ""
    days = f"{step.days} day{'' if step.days == 1 else 's'}"
    if step is case.policy.opening:
        return (
            f"{days} after the due date and the last paid day{rolled}; after a returned payment on the first "
            f"business day after the bank's date (28 CCR 1300.65; policy {case.policy.words})"
        )
    return f"{days} after L1{rolled} (policy {case.policy.words})"


def _end_rule(case: Case) -> str:
    policy = case.policy
    return (
        f"{policy.grace_days} days of grace from {policy.opening.kind} on (28 CCR 1300.65), "
        f"at least {policy.l2_min_days} days after {policy.final.kind} (our default)"
    )


def _ended(case: Case, ended: Ended) -> Iterator[Why]:
    yield Why(
        f"The {ended.invoice.month:%B %Y} premium was unpaid when grace ended: coverage ended on {ended.on}.",
        _end_rule(case),
        DateAbout.END,
    )
    yield from _end_notices(case, ended.on)


def _end_notices(case: Case, ended_on: date) -> Iterator[Why]:
    for step in case.policy.end_notices:
        latest = case.books.latest(step, ended_on)
        within = f"within {step.latest_days} calendar days after the end, rolled backward (28 CCR 1300.65)"
        mailed = case.mailed_after(step.kind, ended_on)
        goes = mailed or case.books.end_notice_date(step, ended_on, case.on)
        if goes is None:
            continue
        said = f"was mailed on {goes}" if mailed else f"goes on {goes}"
        by = f"; it {'was to go' if mailed else 'goes'} at the latest on {latest}" if latest else ""
        asks = f"It asks for the premium of every day covered, {ended_on} included."
        yield Why(
            f"{_title(step)} {said}{by}. {asks}",
            within if latest else f"policy {case.policy.words}",
            about(step.kind),
        )


def _holds(case: Case) -> Iterator[Why]:
    for hold in case.books.ledger.holds:
        if not hold.covers(case.on):
            yield from _hold_before(case, hold)
            continue
        until = f"to {hold.to_on}" if hold.to_on else "with no last day"
        if not hold.stops_dates:
            yield Why(
                f"A hold ({hold.kind}) is on from {hold.from_on} {until}; it moves no date.",
                f"only kinds named in holds_stop_dates stop dates (policy {case.policy.words})",
                DateAbout.HOLD,
            )
            continue
        unknown = "" if hold.to_on else " The dates to come are not known before it has one."
        yield Why(
            f"A hold ({hold.kind}) is on from {hold.from_on} {until}: no letter about unpaid premium goes, "
            f"coverage does not end, and its days are not counted.{unknown}",
            f"H&S 1365 for a grievance, else our default (policy {case.policy.words})",
            DateAbout.HOLD,
        )


def _hold_before(case: Case, hold: Hold) -> Iterator[Why]:
    """A hold that is over, and moved the dates of this grace."""
    if case.grace is None or case.ended is not None or hold.to_on is None or not hold.stops_dates:
        return
    if case.grace.from_on <= hold.to_on <= case.on:
        yield Why(
            f"A hold ({hold.kind}) was on from {hold.from_on} to {hold.to_on}: its days are not counted.",
            f"H&S 1365 for a grievance, else our default (policy {case.policy.words})",
            DateAbout.HOLD,
        )


def _no_mail(case: Case) -> Iterator[Why]:
    """Spans without mail since the due date of what is unpaid."""
    for first, last in case.books.ledger.no_mail:
        if case.unpaid is not None and first <= case.on and last >= case.unpaid.invoice.due_date:
            yield Why(
                f"No letter could go out from {first} to {last}; what was due then goes afterwards.",
                "a grace counts from the day its letters are really mailed, never back (28 CCR 1300.65)",
                DateAbout.LETTER,
            )


def _astray(case: Case) -> Iterator[Why]:
    if case.grace is None or case.ended is not None or not case.policy.returned_notice_holds_end:
        return
    for letter in case.grace.letters:
        if letter.astray(case.on):
            yield Why(
                f"The {LETTER_TITLES[letter.kind]} {letter.kind} of {letter.mailed_on} came back on "
                f"{letter.returned_on}: coverage does not end while that is not settled.",
                f"returned_notice_holds_end (our default; policy {case.policy.words})",
                about(letter.kind),
            )


def _money(case: Case) -> Iterator[Why]:
    if case.standing.credit:
        yield Why(
            f"{dollars(case.standing.credit)} is credit for the next invoice.",
            _OLDEST_FIRST,
            DateAbout.CREDIT,
        )
    for one in case.standing.invoices:
        if one.open and one.days_past_due > 0 and not one.past_due:
            yield Why(
                f"The bill for {one.invoice.month:%B %Y} went out on {one.invoice.bill_date}, too late.",
                "no premium is past due without a bill before the due date (28 CCR 1300.65(a)(2))",
                DateAbout.BILL,
            )
    if fees := open_fees(case.books.ledger, case.on):
        yield Why(
            f"{dollars(fees)} of fees is open. Fees stand apart and never end coverage.",
            f"fee {dollars(case.policy.nsf_fee)} a returned payment, on the bank's date "
            "(contract of the small-group exchange)",
            DateAbout.FEE,
        )
    until = certified_funds_until(case.books.ledger, case.on, case.policy)
    if until is not None and until >= case.on:
        yield Why(
            f"Only certified funds until {until}.",
            f"{case.policy.certified_funds_days} days from the last return, after a second one within "
            f"{case.policy.certified_funds_window_days} days (contract of the small-group exchange)",
            DateAbout.CERTIFIED_FUNDS,
        )


def _promise(case: Case) -> Iterator[Why]:
    promise = last_promise(case.books.ledger, case.on)
    if promise is None:
        return
    state = became(promise, case.books.ledger, case.on)
    amount = dollars(promise.amount)
    yield Why(
        f"The promise of {promise.made_on} to pay {amount} by {promise.pay_by} {_BECAME[state]}.",
        "a promise changes no date; it is broken on the day after its date (our default)",
        DateAbout.PROMISE,
    )
