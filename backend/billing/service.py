"""What can be asked of billing, and done: status, work list, payments, invoices and letters."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any, cast

from api_client.types.accounts import AccountRow
from api_client.types.billing import (
    BillingStatus,
    Invoice,
    Letter,
    Payment,
    RecordPayment,
    ReversePayment,
    Why,
)
from api_client.types.call_words import Fact
from api_client.types.common import PAGE, Page
from api_client.types.problems import ProblemType
from api_client.types.words import BillingCycle, DelinquencyState, EventKind, LetterKind, PaymentMethod
from backend.accounts import service as accounts
from backend.billing import delinquency, ledger, rules, store, wishes
from backend.billing.say import LETTER_TITLES, say
from backend.calls import gate
from backend.cursor import open_cursor, seal_cursor
from backend.database.unit import Unit
from backend.http import as_json
from backend.policy.calendar import Calendar
from backend.policy.policy import BillingPolicy
from backend.problems import Problem, not_found
from backend.runtime import Runtime

_DELINQUENT = (DelinquencyState.PAST_DUE, DelinquencyState.GRACE, DelinquencyState.TERM_PENDING)
_REFRESH_BATCH = 20
Standing = tuple[DelinquencyState, date | None]
"""Delinquency state, and the day coverage ends if nothing is paid."""


# -- status ----------------------------------------------------------------------------------------


async def show(unit: Unit, number: str) -> BillingStatus:
    """Billing status of a group. Raises NOT_FOUND."""
    account = await accounts.account_of(unit, number)
    await gate.require(unit, Fact.BILLING, account)
    unit.audit("billing.show", "account", account.number)
    return await status(unit, account)


async def status(unit: Unit, account: Any) -> BillingStatus:
    """Everything a rep says about the bill of the account in this row of `account`."""
    books = await store.books(unit.connection, account.id)
    on_books = _ledger(unit, account, books)
    found = delinquency.billing_status(on_books, unit.today, _policy(unit, account), unit.calendar)
    paid_on = ledger.paid_dates(on_books, found.standing)
    open_by_number = {one.invoice.number: one for one in found.standing.invoices}
    return BillingStatus(
        number=account.number,
        name=account.name,
        cycle=BillingCycle(account.billing_cycle),
        on=found.on,
        state=found.state,
        days_past_due=found.days_past_due,
        bucket=found.bucket,
        balance=found.balance,
        not_due_yet=found.standing.not_due_yet,
        open_premium=found.standing.open_premium,
        open_fees=found.open_fees,
        credit=found.standing.credit,
        keep_coverage_amount=found.keep_coverage_amount,
        keep_coverage_by=found.keep_coverage_by,
        grace_from=found.grace_from,
        grace_to=found.grace_to,
        coverage_end=found.coverage_end,
        coverage_end_if_unpaid=found.coverage_end_if_unpaid,
        next_letter=_next_letter(found.next_letter),
        promise=_open_promise(on_books, found),
        say=say(found),
        why=[Why(sentence=one.sentence, rule=one.rule) for one in found.why],
        invoices=[
            _invoice(open_by_number[row.number], paid_on.get(row.number))
            for row in _newest(books["invoice"], open_by_number)
        ],
        payments=[_payment(row) for row in sorted(books["payment"], key=_received, reverse=True)],
        letters=[_letter(row) for row in reversed(books["letter"])],
    )


def _open_promise(on_books: ledger.Ledger, found: delinquency.BillingStatus) -> str:
    """The latest promise while it is open, in a line."""
    if found.promise is not delinquency.PromiseState.OPEN:
        return ""
    made = [one for one in on_books.promises if one.made_on <= found.on]
    last = max(made, key=lambda one: one.made_on)
    return f"{rules.dollars(last.amount)} by {last.pay_by}; it changes no date"


def _found(unit: Unit, account: Any, books: dict[str, Sequence[Any]]) -> delinquency.BillingStatus:
    return delinquency.billing_status(
        _ledger(unit, account, books), unit.today, _policy(unit, account), unit.calendar
    )


@dataclass(frozen=True)
class Reckoning:
    """Where an account stands on a day, and what that follows from."""

    found: delinquency.BillingStatus
    ledger: ledger.Ledger
    books: dict[str, Sequence[Any]]
    """The rows of its books by table."""
    policy: BillingPolicy
    calendar: Calendar


async def reckoned(unit: Unit, account: Any) -> Reckoning:
    """Where the account in this row stands on the unit's day: for who writes its letters or lives its days."""
    books = await store.books(unit.connection, account.id)
    on_books, policy = _ledger(unit, account, books), _policy(unit, account)
    found = delinquency.billing_status(on_books, unit.today, policy, unit.calendar)
    return Reckoning(found, on_books, books, policy, unit.calendar)


def _policy(unit: Unit, account: Any) -> BillingPolicy:
    return unit.policy.billing_of(account.billing_policy)


def _ledger(unit: Unit, account: Any, books: dict[str, Sequence[Any]]) -> ledger.Ledger:
    numbers = {row.id: row.number for row in books["invoice"]}
    return ledger.Ledger(
        invoices=[
            ledger.Invoice(row.number, row.month, row.bill_date, row.due_date, row.premium, row.void)
            for row in books["invoice"]
        ],
        payments=[
            ledger.Payment(
                row.received_on,
                row.amount,
                row.returned_on,
                unit.calendar.local_date(row.reversed_at) if row.reversed_at else None,
            )
            for row in books["payment"]
        ],
        credits=[ledger.Credit(row.posted_on, row.amount) for row in books["credit"]],
        fees=[ledger.Fee(row.charged_on, row.amount) for row in books["fee"]],
        letters=[
            ledger.Letter(LetterKind(row.kind), row.mailed_on, numbers.get(row.invoice_id, ""))
            for row in books["letter"]
            if row.mailed_on is not None
        ],
        promises=[ledger.Promise(row.made_on, row.pay_by, row.amount) for row in books["promise"]],
        paid_through=account.paid_through,
    )


def _newest(rows: Sequence[Any], known: dict[str, ledger.OpenInvoice]) -> list[Any]:
    return sorted((row for row in rows if row.number in known), key=lambda row: row.month, reverse=True)


def _received(row: Any) -> tuple[date, int]:
    return row.received_on, row.id


def _invoice(one: ledger.OpenInvoice, paid_on: date | None) -> Invoice:
    return Invoice(
        number=one.invoice.number,
        month=one.invoice.month,
        bill_date=one.invoice.bill_date,
        due_date=one.invoice.due_date,
        billed=one.billed,
        open=one.open,
        status=one.status,
        days_past_due=max(one.days_past_due, 0) if one.open else 0,
        paid_on=paid_on,
    )


def _payment(row: Any) -> Payment:
    return Payment(
        number=row.number,
        version=row.version,
        received_on=row.received_on,
        amount=row.amount,
        method=PaymentMethod(row.method),
        reference=row.reference,
        reversed_at=row.reversed_at,
        reversed_reason=row.reversed_reason,
    )


def _letter(row: Any) -> Letter:
    kind = LetterKind(row.kind)
    return Letter(
        number=row.number,
        kind=kind,
        title=LETTER_TITLES[kind],
        created_on=row.created_on,
        mailed_on=row.mailed_on,
        amount=row.amount,
    )


def _next_letter(due: delinquency.LetterDue | None) -> str:
    return f"{due.kind} {LETTER_TITLES[due.kind]} on {due.mail_on}" if due else ""


def payment_words(status: BillingStatus) -> str:
    """The last payment that counts, in a line."""
    for one in status.payments:
        if one.reversed_at is None:
            how = " ".join(part for part in (one.method.value, one.reference) if part)
            return f"{rules.dollars(one.amount)} received {one.received_on}, {how}"
    return "nothing received yet"


# -- standing: a stored projection, so that lists can be sorted by it ---------------------------------


async def refresh_standing(unit: Unit, account: Any) -> Standing:
    """Write where the account stands today; returns it.

    Whoever changes its books at the same time waits, so that the last one to write has seen all of them.
    """
    await store.lock_books(unit.connection, account.id)
    found = _found(unit, account, await store.books(unit.connection, account.id))
    end = found.coverage_end_if_unpaid
    await store.put_standing(
        unit.connection,
        {
            "account_id": account.id,
            "on_date": found.on,
            "state": found.state,
            "days_past_due": found.days_past_due,
            "open_premium": found.standing.open_premium,
            "coverage_end_if_unpaid": end,
        },
    )
    return found.state, end


async def refresh_standings(runtime: Runtime) -> None:
    """Bring every standing to today, a few accounts a transaction, so that nobody waits."""
    from backend.actors import SYSTEM

    more = True
    while more:
        async with runtime.act(SYSTEM, "standings") as unit:
            stale = await store.accounts_without_standing(unit.connection, unit.today, _REFRESH_BATCH)
            for account in stale:
                await refresh_standing(unit, account)
            more = len(stale) == _REFRESH_BATCH


async def standings(unit: Unit, account_ids: Sequence[int]) -> dict[int, Standing]:
    """Where these accounts stand today; one whose stored standing is of another day is worked out."""
    stored = await store.standings(unit.connection, account_ids)
    answer: dict[int, Standing] = {}
    for account_id in account_ids:
        row = stored.get(account_id)
        if row is not None and row.on_date == unit.today:
            answer[account_id] = DelinquencyState(row.state), row.coverage_end_if_unpaid
        else:
            account = await accounts.account_by_id(unit, account_id)
            found = _found(unit, account, await store.books(unit.connection, account_id))
            answer[account_id] = found.state, found.coverage_end_if_unpaid
    return answer


async def work_list(unit: Unit, cursor: str | None) -> Page[AccountRow]:
    """Groups with unpaid premium, the first end of coverage first."""
    await gate.require_no_call(unit, "The list of unpaid groups")
    after = None
    if cursor:
        end, account_id = open_cursor(unit.keys, "billing.work", cursor)
        after = (cast(date, end), cast(int, account_id))
    rows = await store.work_list(unit.connection, _DELINQUENT, after, PAGE + 1)
    last = rows[PAGE - 1] if len(rows) > PAGE else None
    states = await standings(unit, [row.id for row in rows[:PAGE]])
    found = [accounts.account_row(row, *states[row.id], unit.today) for row in rows[:PAGE]]
    values = [last.coverage_end_if_unpaid, last.id] if last else None
    return Page(rows=found, next=seal_cursor(unit.keys, "billing.work", values) if values else None)


# -- payments --------------------------------------------------------------------------------------


async def record_payment(unit: Unit, form: RecordPayment, *, external_id: str | None = None) -> Payment:
    """A payment received. Raises NOT_FOUND for the group, INVALID for a day to come."""
    account = await accounts.account_of(unit, form.group_number)
    if form.received_on > unit.today:
        raise Problem(
            ProblemType.INVALID,
            "A payment cannot be received on a day to come.",
            errors=[("received_on", "lies in the future")],
        )
    row = await store.add_payment(
        unit.connection,
        {
            "number": f"P-{await unit.number('payment'):05d}",
            "account_id": account.id,
            "external_id": external_id,
            "received_on": form.received_on,
            "amount": form.amount,
            "method": form.method,
            "reference": form.reference,
            "recorded_at": unit.now,
        },
    )
    unit.audit("billing.record_payment", "payment", row.number, account=account.number, amount=form.amount)
    await _changed(unit, account)
    return _payment(row)


async def reverse_payment(unit: Unit, number: str, version: int, form: ReversePayment) -> Payment:
    """Take a mis-posted payment back; it counts for nothing, and both acts stay on the books.

    Raises NOT_FOUND, STALE with the present state, RULE_REFUSES for one that is reversed already.
    """
    row = await store.payment_by_number(unit.connection, number)
    if row is None:
        raise not_found("payment", number)
    if row.version != version:
        raise _stale(row)
    if row.reversed_at is not None:
        raise Problem(ProblemType.RULE_REFUSES, f"Payment {number} was reversed already.")
    changed = await store.change_payment(
        unit.connection, row.id, version, {"reversed_at": unit.now, "reversed_reason": form.reason}
    )
    if changed is None:  # someone was faster, between reading and writing
        raise _stale(await store.payment_by_number(unit.connection, number))
    account = await accounts.account_by_id(unit, row.account_id)
    unit.audit("billing.reverse_payment", "payment", number, account=account.number, reason=form.reason)
    await _changed(unit, account)
    return _payment(changed)


def _stale(row: Any) -> Problem:
    return Problem(
        ProblemType.STALE, f"Payment {row.number} was changed meanwhile.", current=as_json(_payment(row))
    )


async def _changed(unit: Unit, account: Any) -> None:
    """The books of an account changed: its standing, its version, and every desk that shows it."""
    await refresh_standing(unit, account)
    number, version = await accounts.touch(unit, account.id)
    unit.emit(EventKind.BILLING, number, version)


# -- invoices and letters --------------------------------------------------------------------------


async def issue_invoice(unit: Unit, account: Any, month: date, lines: Sequence[tuple[str, Decimal]]) -> str:
    """Bill a coverage month, one line a subscriber number with its premium; returns the invoice number."""
    cycle = await wishes.cycle_of(unit, account, month)
    bill_date, due_date = rules.invoice_dates(cycle, month, _policy(unit, account))
    number = f"I-{await unit.number('invoice'):06d}"
    await store.add_invoice(
        unit.connection,
        {
            "number": number,
            "account_id": account.id,
            "month": rules.month_start(month),
            "bill_date": bill_date,
            "due_date": due_date,
            "premium": sum((amount for _, amount in lines), rules.ZERO),
            "issued_at": unit.now,
        },
        [
            {"kind": "premium", "subscriber_number": subscriber, "tier": "", "amount": amount}
            for subscriber, amount in lines
        ],
    )
    unit.audit("billing.issue_invoice", "account", account.number, invoice=number)
    await _changed(unit, account)
    return number


async def months_billed_since(unit: Unit, account_id: int, instant: datetime) -> list[date]:
    """First days of the months billed to the account after an instant."""
    return await store.months_billed_since(unit.connection, account_id, instant)


async def write_due_letters(unit: Unit, account: Any) -> list[str]:
    """Write the letters that are due today by the rules, never by hand (R24); returns their numbers."""
    books = await store.books(unit.connection, account.id)
    invoices = {row.number: row.id for row in books["invoice"]}
    waiting = {(row.kind, row.invoice_id) for row in books["letter"] if row.mailed_on is None}
    numbers = []
    for due in _found(unit, account, books).letters_due:
        invoice_id = invoices.get(due.invoice)
        if (due.kind, invoice_id) in waiting:
            continue
        number = f"L-{await unit.number('letter'):05d}"
        await store.add_letter(
            unit.connection,
            {
                "number": number,
                "account_id": account.id,
                "kind": due.kind,
                "invoice_id": invoice_id,
                "created_on": unit.today,
                "amount": due.amount,
                "ends_on": due.ends_on,
            },
        )
        unit.audit("letter.write", "letter", number, account=account.number, kind=due.kind)
        numbers.append(number)
    return numbers


async def mark_mailed(unit: Unit, number: str) -> None:
    """A letter was handed to the post today, a copy like any other. Raises NOT_FOUND when it is unknown,
    mailed already, or still to be taken back.
    """
    account_id = await store.mail_letter(unit.connection, number, unit.today, unit.now)
    if account_id is None:
        raise not_found("letter waiting for the post", number)
    unit.audit("letter.mail", "letter", number)
    await _changed(unit, await accounts.account_by_id(unit, account_id))
