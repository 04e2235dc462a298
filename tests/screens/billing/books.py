"""Invented books of a group, and a backend that keeps them in memory."""

from __future__ import annotations

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

from api_client.errors import Stale, Trouble
from api_client.types.accounts import AccountRow
from api_client.types.billing import BillingStatus, Invoice, Letter, Payment, Why
from api_client.types.common import Page
from api_client.types.words import (
    BillingCycle,
    DelinquencyState,
    GroupState,
    InvoiceStatus,
    LetterKind,
    PaymentMethod,
)
from tests.screens.desk import NOW

D = Decimal
TODAY = date(2026, 11, 20)


def invoice(month: int = 12, **changes: Any) -> Invoice:
    """A month of 2026 that is billed and not due yet, unless changed."""
    first = date(2026, month, 1)
    standard: dict[str, Any] = {
        "number": f"I-1000{month:02d}",
        "month": first,
        "bill_date": date(2026, month - 1, 10),
        "due_date": first,
        "billed": D(10000),
        "open": D(10000),
        "status": InvoiceStatus.ISSUED,
        "days_past_due": 0,
    }
    return Invoice(**standard | changes)


def paid(month: int, on: date) -> Invoice:
    """A month that is paid."""
    return invoice(month, open=D(0), status=InvoiceStatus.PAID, paid_on=on)


def unpaid(month: int = 11, **changes: Any) -> Invoice:
    """A month past its due date."""
    late = (TODAY - date(2026, month, 1)).days
    return invoice(month, **{"status": InvoiceStatus.PAST_DUE, "days_past_due": late} | changes)


def payment(number: str = "P-10001", **changes: Any) -> Payment:
    """A check that counts, unless changed."""
    standard: dict[str, Any] = {
        "number": number,
        "version": 1,
        "received_on": date(2026, 10, 19),
        "amount": D(10000),
        "method": PaymentMethod.CHECK,
        "reference": "5521",
    }
    return Payment(**standard | changes)


def taken_back(number: str = "P-10002", **changes: Any) -> Payment:
    """A payment that was reversed."""
    undone = {"version": 2, "reversed_at": NOW, "reversed_reason": "check returned by the bank"}
    return payment(number, **undone | changes)


def letter(kind: LetterKind = LetterKind.L1, **changes: Any) -> Letter:
    """A letter that was mailed, unless changed."""
    standard: dict[str, Any] = {
        "number": "L-00821",
        "kind": kind,
        "title": "warning letter",
        "created_on": date(2026, 11, 2),
        "mailed_on": date(2026, 11, 2),
        "amount": D(10000),
    }
    return Letter(**standard | changes)


def termination_letter() -> Letter:
    """The second letter of the grace."""
    day = date(2026, 11, 16)
    return letter(LetterKind.L2, number="L-00865", title="termination letter", created_on=day, mailed_on=day)


def status(**changes: Any) -> BillingStatus:
    """A group on day 19 of its grace, unless changed."""
    standard: dict[str, Any] = {
        "number": "104233",
        "name": "SALEM PARTS LLC",
        "cycle": BillingCycle.C1,
        "on": TODAY,
        "state": DelinquencyState.TERM_PENDING,
        "days_past_due": 19,
        "bucket": "1-30",
        "balance": D(20025),
        "not_due_yet": D(10000),
        "open_premium": D(20000),
        "open_fees": D(25),
        "credit": D(0),
        "keep_coverage_amount": D(10000),
        "keep_coverage_by": date(2026, 12, 1),
        "grace_from": date(2026, 11, 2),
        "grace_to": date(2026, 12, 1),
        "coverage_end": None,
        "coverage_end_if_unpaid": date(2026, 12, 1),
        "next_letter": "L3 notice of end of coverage on 2026-12-02",
        "say": "Ten thousand dollars must reach us by December 1 to keep your coverage.",
        "why": [Why(sentence="The premium for November is open.", rule="oldest premium first")],
        "invoices": [invoice(), unpaid(), paid(10, date(2026, 10, 19)), paid(9, date(2026, 8, 28))],
        "payments": [payment(), taken_back()],
        "letters": [termination_letter(), letter()],
    }
    return BillingStatus(**standard | changes)


def current(**changes: Any) -> BillingStatus:
    """The same group when nothing is past due."""
    quiet: dict[str, Any] = {
        "state": DelinquencyState.CURRENT,
        "days_past_due": 0,
        "bucket": "current",
        "balance": D(10000),
        "open_premium": D(10000),
        "open_fees": D(0),
        "keep_coverage_amount": D(0),
        "keep_coverage_by": None,
        "grace_from": None,
        "grace_to": None,
        "coverage_end_if_unpaid": None,
        "next_letter": "",
        "say": "Your account is current. Ten thousand dollars is due by December 1.",
        "invoices": [invoice(), paid(11, date(2026, 11, 20)), paid(10, date(2026, 9, 28))],
    }
    return status(**quiet | changes)


def account(number: str = "104233", **changes: Any) -> AccountRow:
    """The group as the work list has it."""
    standard: dict[str, Any] = {
        "number": number,
        "name": "SALEM PARTS LLC",
        "city": "OAKLAND",
        "state": GroupState.ACTIVE,
        "delinquency": DelinquencyState.TERM_PENDING,
        "coverage_end_if_unpaid": date(2026, 12, 1),
    }
    return AccountRow(**standard | changes)


class FakeBilling:
    """Answers as the backend would and notes what was done."""

    def __init__(self, books: BillingStatus | None = None, *accounts: AccountRow) -> None:
        self.books = books or status()
        self.accounts = list(accounts)
        self.done: list[str] = []
        self.failure: Exception | None = None
        self.open = asyncio.Event()
        self.open.set()
        self.shows = asyncio.Event()
        self.shows.set()

    @property
    def billing(self) -> FakeBilling:
        return self

    async def work_list(self, *, cursor: str | None = None) -> Page[AccountRow]:
        await self._answer()
        return Page[AccountRow](rows=self.accounts)

    async def show(self, number: str) -> BillingStatus:
        await self.shows.wait()
        await self._answer()
        return self.books

    async def record_payment(
        self, number: str, received_on: date, amount: Decimal, method: PaymentMethod, reference: str = ""
    ) -> Payment:
        await self._answer()
        self.done.append(f"record {number} {received_on} {amount} {method} {reference}".rstrip())
        new = payment("P-10009", received_on=received_on, amount=amount, method=method, reference=reference)
        self.put(new, *self.books.payments)
        return new

    async def reverse_payment(self, number: str, version: int, reason: str) -> Payment:
        await self._answer()
        one = next(one for one in self.books.payments if one.number == number)
        if one.version != version:
            raise Stale(Trouble(f"Payment {number} was changed meanwhile."))
        self.done.append(f"reverse {number} {reason}")
        changes = {"version": version + 1, "reversed_at": NOW, "reversed_reason": reason}
        gone = one.model_copy(update=changes)
        self.put(*[gone if other.number == number else other for other in self.books.payments])
        return gone

    def put(self, *payments: Payment) -> None:
        """Other payments are on the books now."""
        self.books = self.books.model_copy(update={"payments": list(payments)})

    async def _answer(self) -> None:
        await self.open.wait()
        if self.failure is not None:
            raise self.failure
