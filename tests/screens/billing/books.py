"""Invented books of a group, and a backend that keeps them in memory."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from api_client.errors import Stale, Trouble
from api_client.types.acts import ActChoice, ActOption
from api_client.types.billing import (
    BillingStatus,
    Bucket,
    Course,
    HoldRow,
    Invoice,
    Letter,
    MonthEnd,
    Payment,
    PromiseRow,
    ReinstatementRow,
    TimelineEntry,
    UnpaidRow,
    WhatIfAnswer,
    Why,
)
from api_client.types.billing_words import (
    BillingCycle,
    DateAbout,
    DelinquencyState,
    HoldKind,
    InvoiceStatus,
    LetterKind,
    PaymentMethod,
    PromiseState,
)
from api_client.types.call_words import PhoneAct
from api_client.types.common import Page
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


def entry(on: date, about: DateAbout, words: str, **changes: Any) -> TimelineEntry:
    """One date of the group, past or to come as the day says."""
    standard: dict[str, Any] = {"on": on, "about": about, "words": words, "to_come": on > TODAY}
    return TimelineEntry(**standard | changes)


def timeline() -> list[TimelineEntry]:
    """From the due date to the notice of the end."""
    return [
        entry(date(2026, 11, 1), DateAbout.DUE, "November due", reference="I-100011", amount=D(10000)),
        entry(date(2026, 11, 16), DateAbout.L2, "termination letter L2 mailed", reference="L-00865"),
        entry(date(2026, 12, 1), DateAbout.END, "coverage ends if unpaid"),
        entry(date(2026, 12, 2), DateAbout.L3, "notice of end of coverage L3"),
    ]


def months() -> list[MonthEnd]:
    """From July on: on time until September, then behind."""
    balances = (0, 0, 0, 10000, 20025)
    first = [date(2026, month, 1) for month in range(7, 12)]
    return [
        MonthEnd(month=one, billed=D(10000), balance=D(balance))
        for one, balance in zip(first, balances, strict=True)
    ]


def promised(number: str = "PR-00001", **changes: Any) -> PromiseRow:
    """A promise that is open and not this rep's any more, unless changed."""
    standard: dict[str, Any] = {
        "id": number,
        "made_on": date(2026, 11, 18),
        "pay_by": date(2026, 11, 24),
        "amount": D(10000),
        "state": PromiseState.OPEN,
    }
    return PromiseRow(**standard | changes)


def hold(number: str = "H-00001", **changes: Any) -> HoldRow:
    """A grievance that lasts, unless changed."""
    standard: dict[str, Any] = {
        "id": number,
        "version": 1,
        "kind": HoldKind.GRIEVANCE,
        "from_on": date(2026, 11, 5),
        "to_on": None,
        "stops_dates": True,
        "reason": "grievance 77",
        "opened_by": "K.Doe",
    }
    return HoldRow(**standard | changes)


def request(number: str = "RI-00001", **changes: Any) -> ReinstatementRow:
    """A request that nothing stands against, unless changed."""
    standard: dict[str, Any] = {"id": number, "version": 1, "requested_on": date(2026, 11, 19)}
    return ReinstatementRow(**standard | changes)


def course(**changes: Any) -> Course:
    """What follows for the group if nothing is paid, unless changed."""
    standard: dict[str, Any] = {
        "state": DelinquencyState.TERM_PENDING,
        "keep_coverage_amount": D(10000),
        "keep_coverage_by": date(2026, 12, 1),
        "coverage_end": date(2026, 12, 1),
        "credit": D(0),
        "say": "Ten thousand dollars must reach us by December 1.",
        "to_come": [one for one in timeline() if one.to_come],
    }
    return Course(**standard | changes)


def cured(**changes: Any) -> Course:
    """What follows when what keeps coverage is paid."""
    quiet: dict[str, Any] = {
        "state": DelinquencyState.CURRENT,
        "keep_coverage_amount": D(0),
        "keep_coverage_by": None,
        "coverage_end": None,
        "say": "With that payment your coverage goes on.",
        "to_come": [entry(date(2026, 12, 1), DateAbout.DUE, "December due", amount=D(10000))],
    }
    return course(**quiet | changes)


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
        "why": [
            Why(sentence="The premium for November is open.", rule="oldest premium first"),
            Why(
                about=DateAbout.END,
                sentence="Grace of 30 days from 2026-11-02, so coverage ends 2026-12-01.",
                rule="grace_days 30 (28 CCR 1300.65)",
            ),
            Why(about=DateAbout.L2, sentence="L1 and 14 days is 11-16.", rule="L2 after L1"),
        ],
        "policy": "CA_GROUP_DMHC 2026.1 from 2026-01-01",
        "aging": [
            Bucket(name="current", open=D(10000)),
            Bucket(name="1-30", open=D(10000)),
            Bucket(name="31-60", open=D(0)),
        ],
        "timeline": timeline(),
        "months": months(),
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


def unpaid_group(number: str = "104233", **changes: Any) -> UnpaidRow:
    """The group as the work list has it."""
    standard: dict[str, Any] = {
        "number": number,
        "name": "SALEM PARTS LLC",
        "city": "OAKLAND",
        "state": DelinquencyState.TERM_PENDING,
        "ends_on": date(2026, 12, 1),
        "owed": D(10000),
        "days_past_due": 19,
        "contact": "R. HARBORSON",
        "phone": "510-555-0101",
        "called_on": date(2026, 11, 18),
    }
    return UnpaidRow(**standard | changes)


class FakeBilling:
    """Answers as the backend would and notes what was done."""

    def __init__(self, books: BillingStatus | None = None, *groups: UnpaidRow) -> None:
        self.books = books or status()
        self.groups = list(groups)
        bills = [
            ActChoice(value=one.number, label=one.number, will="a lead looks at it")
            for one in self.books.invoices
            if one.open > 0
        ]
        self.options_now = [ActOption(act=PhoneAct.DISPUTE, allowed=True, choices=bills)]
        self.done: list[str] = []
        self.asked: list[str] = []
        self.failure: Exception | None = None
        self.open = asyncio.Event()
        self.open.set()
        self.shows = asyncio.Event()
        self.shows.set()

    @property
    def billing(self) -> FakeBilling:
        return self

    @property
    def acts(self) -> FakeBilling:
        return self

    async def options(self, group: str, *, mrn: str = "", receipt: str = "") -> list[ActOption]:
        await self._answer()
        return self.options_now

    async def work_list(
        self,
        *,
        state: DelinquencyState | None = None,
        until: date | None = None,
        cursor: str | None = None,
    ) -> Page[UnpaidRow]:
        await self._answer()
        self.asked.append(f"{state or ''} {until or ''}".strip())
        ended = DelinquencyState.TERMINATED_NONPAY
        found = [
            one for one in self.groups if one.state is state or (state is None and one.state is not ended)
        ]
        found = [one for one in found if until is None or (one.ends_on and one.ends_on <= until)]
        at = int(cursor or 0)
        more = str(at + 100) if len(found) > at + 100 else None
        return Page[UnpaidRow](rows=found[at : at + 100], next=more)

    async def show(self, number: str) -> BillingStatus:
        await self.shows.wait()
        await self._answer()
        return self.books

    async def record_payment(
        self,
        number: str,
        received_on: date,
        amount: Decimal,
        method: PaymentMethod,
        reference: str = "",
        *,
        for_fees: bool = False,
    ) -> Payment:
        await self._answer()
        fees = " for fees" if for_fees else ""
        self.done.append(f"record {number} {received_on} {amount} {method} {reference}".rstrip() + fees)
        new = payment(
            "P-10009",
            received_on=received_on,
            amount=amount,
            method=method,
            reference=reference,
            for_fees=for_fees,
        )
        self.put(new, *self.books.payments)
        return new

    async def reverse_payment(self, number: str, version: int, reason: str) -> Payment:
        changes = {"reversed_at": NOW, "reversed_reason": reason}
        return await self._change_payment(number, version, f"reverse {number} {reason}", changes)

    async def return_payment(self, number: str, version: int, returned_on: date) -> Payment:
        changes = {"returned_on": returned_on}
        return await self._change_payment(number, version, f"return {number} {returned_on}", changes)

    async def _change_payment(
        self, number: str, version: int, did: str, changes: Mapping[str, object]
    ) -> Payment:
        await self._answer()
        one = next(one for one in self.books.payments if one.number == number)
        if one.version != version:
            raise Stale(Trouble(f"Payment {number} was changed meanwhile."))
        self.done.append(did)
        gone = one.model_copy(update={"version": version + 1, **changes})
        self.put(*[gone if other.number == number else other for other in self.books.payments])
        return gone

    async def what_if(self, number: str, amount: Decimal, on: date) -> WhatIfAnswer:
        await self._answer()
        self.asked.append(f"what if {amount} {on}")
        then = cured() if amount >= self.books.keep_coverage_amount else course()
        return WhatIfAnswer(on=on, amount=amount, now=course(), then=then)

    async def promise(self, number: str, amount: Decimal, pay_by: date) -> PromiseRow:
        await self._answer()
        self.done.append(f"promise {number} {amount} {pay_by}")
        new = promised("PR-00009", amount=amount, pay_by=pay_by, undo_until=NOW + timedelta(minutes=10))
        self.change(promises=[new, *self.books.promises])
        return new

    async def undo_promise(self, promise: str) -> PromiseRow:
        await self._answer()
        self.done.append(f"undo {promise}")
        gone = next(one for one in self.books.promises if one.id == promise)
        self.change(promises=[one for one in self.books.promises if one is not gone])
        return gone

    async def dispute(self, number: str, invoice: str, reason: str) -> HoldRow:
        await self._answer()
        self.done.append(f"dispute {number} {invoice} {reason}")
        new = hold("H-00009", kind=HoldKind.DISPUTE, stops_dates=False, reason=reason, invoice=invoice)
        self.change(holds=[new, *self.books.holds])
        return new

    async def open_hold(self, number: str, kind: HoldKind, reason: str, to_on: date | None = None) -> HoldRow:
        await self._answer()
        self.done.append(f"hold {number} {kind} {reason} {to_on}")
        new = hold("H-00008", kind=kind, reason=reason, to_on=to_on)
        self.change(holds=[new, *self.books.holds])
        return new

    async def lift_hold(self, number: str, version: int, reason: str) -> HoldRow:
        await self._answer()
        one = next(one for one in self.books.holds if one.id == number)
        if one.version != version:
            raise Stale(Trouble(f"{number} was changed meanwhile."))
        self.done.append(f"lift {number} {reason}")
        gone = one.model_copy(update={"version": version + 1, "lifted_on": TODAY})
        self.change(holds=[gone if other is one else other for other in self.books.holds])
        return gone

    async def decide_reinstatement(
        self, number: str, version: int, *, approve: bool, reason: str = ""
    ) -> ReinstatementRow:
        await self._answer()
        one = next(one for one in self.books.reinstatements if one.id == number)
        if one.version != version:
            raise Stale(Trouble(f"{number} was changed meanwhile."))
        self.done.append(f"decide {number} {approve} {reason}".rstrip())
        changes = {"version": version + 1, "decided_on": TODAY, "approved": approve, "reason": reason}
        decided = one.model_copy(update=changes)
        self.change(reinstatements=[decided])
        return decided

    def put(self, *payments: Payment) -> None:
        """Other payments are on the books now."""
        self.change(payments=list(payments))

    def change(self, **changes: object) -> None:
        """Something else is on the books now."""
        self.books = self.books.model_copy(update=changes)

    async def _answer(self) -> None:
        await self.open.wait()
        if self.failure is not None:
            raise self.failure
