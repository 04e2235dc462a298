"""What each letter of the rules says, from the ledger of its day. Pure: every figure is the ledger's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from api_client.types.words import LetterKind
from backend.billing import delinquency
from backend.billing.delinquency import BillingStatus, LetterDue
from backend.billing.grace import Books
from backend.billing.ledger import Ledger, Payment, standing
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
from backend.policy.calendar import Calendar
from backend.policy.premium import BillingPolicy


@dataclass(frozen=True)
class Case:
    """A group on the day of its letters."""

    account: Any
    """Its row."""
    found: BillingStatus
    ledger: Ledger
    books: Mapping[str, Sequence[Any]]
    """The rows of its books by table."""
    policy: BillingPolicy
    calendar: Calendar

    @property
    def invoices(self) -> dict[str, Any]:
        """Rows of the bills by their number."""
        return {row.number: row for row in self.books["invoice"]}

    def invoice_id(self, due: LetterDue) -> int | None:
        """Key of the bill a letter is about; None where it is about none."""
        row = self.invoices.get(due.invoice)
        return None if row is None else int(row.id)


About = WarningFacts | TerminationFacts | EndFacts | ReinstatementFacts | ReturnedFacts
_DAY = timedelta(days=1)


def about(case: Case, due: LetterDue) -> About:
    """What a letter that is due says.

    Raises ValueError for a termination letter without an older warning letter (R26).
    """
    return _ABOUT[due.kind](case, case.invoices.get(due.invoice), due)


def _balance(case: Case) -> BalanceFacts:
    found = case.found
    return BalanceFacts(
        balance=found.balance,
        premium=found.standing.open_premium,
        fees=found.open_fees,
        credit=found.standing.credit,
    )


def _bill(invoice: Any) -> BillFacts:
    return BillFacts(number=invoice.number, month=invoice.month, due=invoice.due_date)


def _warning(case: Case, invoice: Any, due: LetterDue) -> WarningFacts:
    return WarningFacts(
        bill=_bill(invoice),
        balance=_balance(case),
        keep=due.amount,
        last_day=_known(due.ends_on),
        grace_days=case.policy.grace_days,
    )


def _termination(case: Case, invoice: Any, due: LetterDue) -> TerminationFacts:
    warned_on = case.found.grace_from
    if warned_on is None or warned_on >= case.found.on:
        raise ValueError("a termination letter needs an older warning letter")
    return TerminationFacts(
        bill=_bill(invoice),
        balance=_balance(case),
        keep=due.amount,
        warned_on=warned_on,
        ends_on=_known(due.ends_on),
    )


def _end(case: Case, invoice: Any, due: LetterDue) -> EndFacts:
    ended_on = _known(due.ends_on)
    noticed_on = _last_mailed(case, LetterKind.L2, invoice, ended_on)
    amount, by = _reinstatement(case, ended_on)
    return EndFacts(
        bill=_bill(invoice),
        balance=_balance(case),
        warned_on=_last_mailed(case, LetterKind.L1, invoice, noticed_on - _DAY),
        noticed_on=noticed_on,
        ended_on=ended_on,
        reinstate=amount,
        reinstate_by=by,
    )


def _last_mailed(case: Case, kind: LetterKind, invoice: Any, until: date) -> date:
    days: list[date] = [
        row.mailed_on
        for row in case.books["letter"]
        if row.kind == kind and row.invoice_id == invoice.id and row.mailed_on and row.mailed_on <= until
    ]
    return max(days)


def _reinstatement(case: Case, ended_on: date) -> tuple[Decimal | None, date | None]:
    """Premium to be paid for coverage to be asked for again, and until when; None if it cannot be."""
    today = case.found.on
    owed = standing(case.ledger, today, case.policy)
    amount = sum((one.open for one in owed.invoices if one.invoice.month <= today), ZERO)
    paid = replace(case.ledger, payments=[*case.ledger.payments, Payment(today, amount)])
    refused = delinquency.reinstatement_refused(
        paid, today, case.policy, case.calendar, contract_from=case.account.effective_from
    )
    if refused is not None:
        return None, None
    return amount, ended_on + timedelta(days=case.policy.reinstatement_days)


def _given_back(case: Case, _invoice: Any, _due: LetterDue) -> ReinstatementFacts:
    approved_on = _known(case.found.reinstated_on)
    history = Books(case.ledger, case.policy, case.calendar).history(case.found.on)
    asked = [one.requested_on for one in case.ledger.reinstatements if one.approved_on == approved_on]
    coming = [one.invoice.due_date for one in case.found.standing.invoices if one.days_past_due <= 0]
    return ReinstatementFacts(
        ended_on=history.given_back[-1].on,
        requested_on=max(asked),
        approved_on=approved_on,
        balance=_balance(case),
        next_due=min(coming, default=None),
    )


def _returned(case: Case, _invoice: Any, _due: LetterDue) -> ReturnedFacts:
    rows = [row for row in case.books["payment"] if row.returned_on and row.returned_on <= case.found.on]
    payment = max(rows, key=lambda row: (row.returned_on, row.id))
    return ReturnedFacts(
        payment=payment.number,
        amount=payment.amount,
        received_on=payment.received_on,
        returned_on=payment.returned_on,
        fee=case.policy.nsf_fee,
        balance=_balance(case),
        certified_until=case.found.certified_funds_until,
    )


def _known(day: date | None) -> date:
    if day is None:
        raise ValueError("a letter that is due names a day, and there is none")
    return day


_ABOUT: Mapping[LetterKind, Callable[[Case, Any, LetterDue], About]] = {
    LetterKind.L1: _warning,
    LetterKind.L2: _termination,
    LetterKind.L3: _end,
    LetterKind.REINSTATEMENT: _given_back,
    LetterKind.RETURNED_PAYMENT: _returned,
}


def was_due(case: Case, due: LetterDue) -> LetterDue | None:
    """The same letter as it was to go on an earlier day; None when today is the first.

    Closed days lie between open ones, so it is looked for a week at a time.
    """
    first, week = None, case.found.on
    while True:
        days = [week - step * _DAY for step in range(1, 8)]
        found = [one for day in days for one in _due_on(case, day) if _same(one, due)]
        if not found:
            return first
        first, week = found[-1], days[-1]


def _due_on(case: Case, day: date) -> Sequence[LetterDue]:
    return delinquency.billing_status(case.ledger, day, case.policy, case.calendar).letters_due


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
