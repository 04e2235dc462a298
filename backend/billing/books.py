"""What stands on the books of an account, as the rules want it, and what follows from it today."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from api_client.types.billing_words import HoldKind, LetterKind
from backend.billing import delinquency, store
from backend.billing.ledger import (
    Credit,
    Fee,
    Hold,
    Invoice,
    Ledger,
    Letter,
    Payment,
    Promise,
    Reinstatement,
)
from backend.database.unit import Unit
from backend.policy.calendar import Calendar
from backend.policy.premium import BillingPolicy

Rows = Mapping[str, Sequence[Any]]
"""Rows by table, as `store.books` reads them."""
_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Reckoning:
    """Where an account stands on the unit's day, and what that rests on."""

    account: Any
    """Its row."""
    found: delinquency.BillingStatus
    ledger: Ledger
    rows: Rows
    """Of its books."""
    policy: BillingPolicy
    calendar: Calendar

    @property
    def invoices(self) -> dict[str, Any]:
        """Rows of the bills by their number."""
        return {row.number: row for row in self.rows["invoice"]}

    def invoice_id(self, due: delinquency.LetterDue) -> int | None:
        """Key of the bill a letter is about; None where it is about none."""
        row = self.invoices.get(due.invoice)
        return None if row is None else int(row.id)


def policy_of(unit: Unit, account: Any) -> BillingPolicy:
    """The billing rules the account in this row is under."""
    return unit.policy.billing_of(account.billing_policy)


async def reckoned(unit: Unit, account: Any) -> Reckoning:
    """Where the account in this row stands on the unit's day."""
    rows = await store.books(unit.connection, account.id)
    on_books, policy = ledger_of(unit, account, rows), policy_of(unit, account)
    found = delinquency.billing_status(on_books, unit.today, policy, unit.calendar)
    return Reckoning(account, found, on_books, rows, policy, unit.calendar)


def ledger_of(unit: Unit, account: Any, rows: Rows) -> Ledger:
    """These rows as the rules see them."""
    numbers = numbers_of(rows)
    return Ledger(
        invoices=[
            Invoice(row.number, row.month, row.bill_date, row.due_date, row.premium, row.void)
            for row in rows["invoice"]
        ],
        payments=[_payment(unit, row) for row in rows["payment"]],
        credits=[Credit(row.posted_on, row.amount) for row in rows["credit"]],
        fees=[Fee(row.charged_on, row.amount) for row in rows["fee"]],
        letters=[
            _letter(row, numbers.get(row.invoice_id, ""))
            for row in rows["letter"]
            if row.mailed_on is not None
        ],
        promises=[Promise(row.made_on, row.pay_by, row.amount) for row in rows["promise"]],
        reinstatements=[
            Reinstatement(row.requested_on, row.decided_on) for row in rows["reinstatement"] if row.approved
        ],
        holds=[_hold(row) for row in rows["hold"]],
        paid_through=account.paid_through,
    )


def numbers_of(rows: Rows) -> dict[int, str]:
    """Numbers of the bills by their keys."""
    return {row.id: row.number for row in rows["invoice"]}


def _payment(unit: Unit, row: Any) -> Payment:
    return Payment(
        row.received_on,
        row.amount,
        row.returned_on,
        unit.calendar.local_date(row.reversed_at) if row.reversed_at else None,
        for_fees=row.for_fees,
        number=row.number,
    )


def _letter(row: Any, invoice: str) -> Letter:
    return Letter(
        LetterKind(row.kind),
        row.mailed_on,
        invoice,
        returned_on=row.returned_on,
        settled_on=row.settled_on,
        number=row.number,
        amount=row.amount,
    )


def _hold(row: Any) -> Hold:
    lifted = row.lifted_on - _DAY if row.lifted_on else None
    last = min((day for day in (row.to_on, lifted) if day), default=None)
    return Hold(row.from_on, last, HoldKind(row.kind), row.stops_dates)
