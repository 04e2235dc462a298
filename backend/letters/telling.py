"""What each letter of the rules says, from the ledger of its day. Pure: every figure is the ledger's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from api_client.types.billing_words import LetterKind
from backend.billing import delinquency
from backend.billing.delinquency import LetterDue
from backend.billing.grace import Books
from backend.billing.ledger import Payment, standing
from backend.billing.rules import ZERO
from backend.cards.rules import Destination
from backend.letters import rules
from backend.letters.facts import (
    BalanceFacts,
    BillFacts,
    EndFacts,
    LetterFacts,
    ReinstatementFacts,
    ReturnedFacts,
    SubscriberFacts,
    TerminationFacts,
    WarningFacts,
    read_facts,
)

if TYPE_CHECKING:
    from backend.billing.books import Reckoning


About = WarningFacts | TerminationFacts | EndFacts | ReinstatementFacts | ReturnedFacts
_DAY = timedelta(days=1)


def about(at: Reckoning, due: LetterDue) -> About:
    """What a letter that is due says.

    Raises ValueError for a termination letter without an older warning letter (R26).
    """
    return _ABOUT[due.kind](at, at.invoices.get(due.invoice), due)


def _balance(at: Reckoning) -> BalanceFacts:
    found = at.found
    return BalanceFacts(
        balance=found.balance,
        premium=found.standing.open_premium,
        fees=found.open_fees,
        credit=found.standing.credit,
    )


def _bill(invoice: Any) -> BillFacts:
    return BillFacts(number=invoice.number, month=invoice.month, due=invoice.due_date)


def _warning(at: Reckoning, invoice: Any, due: LetterDue) -> WarningFacts:
    return WarningFacts(
        bill=_bill(invoice),
        balance=_balance(at),
        keep=due.amount,
        last_day=_known(due.ends_on),
        grace_days=at.policy.grace_days,
    )


def _termination(at: Reckoning, invoice: Any, due: LetterDue) -> TerminationFacts:
    warned_on = at.found.grace_from
    if warned_on is None or warned_on >= at.found.on:
        raise ValueError("a termination letter needs an older warning letter")
    return TerminationFacts(
        bill=_bill(invoice),
        balance=_balance(at),
        keep=due.amount,
        warned_on=warned_on,
        ends_on=_known(due.ends_on),
    )


def _end(at: Reckoning, invoice: Any, due: LetterDue) -> EndFacts:
    ended_on = _known(due.ends_on)
    noticed_on = _last_mailed(at, LetterKind.L2, invoice, ended_on)
    amount, by = _reinstatement(at, ended_on)
    return EndFacts(
        bill=_bill(invoice),
        balance=_balance(at),
        warned_on=_last_mailed(at, LetterKind.L1, invoice, noticed_on - _DAY),
        noticed_on=noticed_on,
        ended_on=ended_on,
        reinstate=amount,
        reinstate_by=by,
    )


def _last_mailed(at: Reckoning, kind: LetterKind, invoice: Any, until: date) -> date:
    days: list[date] = [
        row.mailed_on
        for row in at.rows["letter"]
        if row.kind == kind and row.invoice_id == invoice.id and row.mailed_on and row.mailed_on <= until
    ]
    return max(days)


def _reinstatement(at: Reckoning, ended_on: date) -> tuple[Decimal | None, date | None]:
    """Premium to be paid for coverage to be asked for again, and until when; None if it cannot be."""
    today = at.found.on
    owed = standing(at.ledger, today, at.policy)
    amount = sum((one.open for one in owed.invoices if one.invoice.month <= today), ZERO)
    paid = replace(at.ledger, payments=[*at.ledger.payments, Payment(today, amount)])
    refused = delinquency.reinstatement_refused(
        paid, today, at.policy, at.calendar, contract_from=at.account.effective_from
    )
    if refused is not None:
        return None, None
    return amount, ended_on + timedelta(days=at.policy.reinstatement_days)


def _given_back(at: Reckoning, _invoice: Any, _due: LetterDue) -> ReinstatementFacts:
    approved_on = _known(at.found.reinstated_on)
    history = Books(at.ledger, at.policy, at.calendar).history(at.found.on)
    asked = [one.requested_on for one in at.ledger.reinstatements if one.approved_on == approved_on]
    coming = [one.invoice.due_date for one in at.found.standing.invoices if one.days_past_due <= 0]
    return ReinstatementFacts(
        ended_on=history.given_back[-1].on,
        requested_on=max(asked),
        approved_on=approved_on,
        balance=_balance(at),
        next_due=min(coming, default=None),
    )


def _returned(at: Reckoning, _invoice: Any, _due: LetterDue) -> ReturnedFacts:
    rows = [row for row in at.rows["payment"] if row.returned_on and row.returned_on <= at.found.on]
    payment = max(rows, key=lambda row: (row.returned_on, row.id))
    return ReturnedFacts(
        payment=payment.number,
        amount=payment.amount,
        received_on=payment.received_on,
        returned_on=payment.returned_on,
        fee=at.policy.nsf_fee,
        balance=_balance(at),
        certified_until=at.found.certified_funds_until,
    )


def _known(day: date | None) -> date:
    if day is None:
        raise ValueError("a letter that is due names a day, and there is none")
    return day


_ABOUT: Mapping[LetterKind, Callable[[Reckoning, Any, LetterDue], About]] = {
    LetterKind.L1: _warning,
    LetterKind.L2: _termination,
    LetterKind.L3: _end,
    LetterKind.REINSTATEMENT: _given_back,
    LetterKind.RETURNED_PAYMENT: _returned,
}


def was_due(at: Reckoning, due: LetterDue) -> LetterDue | None:
    """The same letter as it was to go on an earlier day; None when today is the first.

    Closed days lie between open ones, so it is looked for a week at a time.
    """
    first, week = None, at.found.on
    while True:
        days = [week - step * _DAY for step in range(1, 8)]
        found = [one for day in days for one in _due_on(at, day) if _same(one, due)]
        if not found:
            return first
        first, week = found[-1], days[-1]


def _due_on(at: Reckoning, day: date) -> Sequence[LetterDue]:
    return delinquency.billing_status(at.ledger, day, at.policy, at.calendar).letters_due


def _same(one: LetterDue, other: LetterDue) -> bool:
    return (one.kind, one.invoice) == (other.kind, other.invoice)


def notice(stored: object, number: str, to: Destination) -> LetterFacts:
    """The notice to a subscriber that goes with a warning letter, given as stored: dates and rights only."""
    warning = read_facts(stored)
    if not isinstance(warning.about, WarningFacts):
        raise ValueError("notices to subscribers go with a warning letter")
    return warning.model_copy(
        update={
            "number": number,
            "addressee": to.addressee,
            "address": rules.postal_lines(to.address),
            "copies_to": (),
            "about": SubscriberFacts(
                month=warning.about.bill.month,
                grace_from=warning.dated,
                last_day=warning.about.last_day,
                grace_days=warning.about.grace_days,
            ),
        }
    )
