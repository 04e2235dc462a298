"""What is on the books of a group as reps see it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import Any

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
    WhatIf,
    WhatIfAnswer,
    Why,
)
from api_client.types.billing_words import (
    BillingCycle,
    BillPreference,
    HoldKind,
    LetterKind,
    PaymentMethod,
    PromiseState,
)
from backend.billing import case, delinquency, ledger, rules, timeline, what_if
from backend.billing.books import Reckoning, numbers_of
from backend.billing.say import LETTER_TITLES, say
from backend.database.unit import Unit


def status(unit: Unit, at: Reckoning, reinstatements: list[ReinstatementRow]) -> BillingStatus:
    """Everything a rep says about the bill of an account."""
    account, found = at.account, at.found
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
        promise=_open_promise(at),
        say=say(found),
        why=[Why(about=one.about, sentence=one.sentence, rule=one.rule) for one in found.why],
        invoices=_invoices(at),
        payments=[payment(row) for row in sorted(at.rows["payment"], key=_received, reverse=True)],
        letters=[letter(row) for row in reversed(at.rows["letter"])],
        policy=at.policy.words,
        flags=list(found.flags),
        certified_funds_until=found.certified_funds_until,
        timeline=[_entry(one) for one in timeline.timeline(at.ledger, found.on, at.policy, at.calendar)],
        months=[
            MonthEnd(month=one.month, billed=one.billed, balance=one.balance)
            for one in timeline.months(at.ledger, found.on, at.policy, at.calendar)
        ],
        aging=[Bucket(name=name, open=amount) for name, amount in found.standing.aging.items()],
        promises=[promise(unit, at, row) for row in reversed(at.rows["promise"])],
        holds=[hold(row, numbers_of(at.rows)) for row in reversed(at.rows["hold"])],
        reinstatements=reinstatements,
        bill_preference=BillPreference(account.bill_preference),
        next_cycle=BillingCycle(account.next_cycle) if account.next_cycle else None,
        next_cycle_from=account.next_cycle_from,
    )


def _entry(one: timeline.Entry) -> TimelineEntry:
    return TimelineEntry(
        on=one.on,
        about=one.about,
        words=one.words,
        to_come=one.to_come,
        reference=one.reference,
        amount=one.amount,
    )


def courses(at: Reckoning, form: WhatIf) -> WhatIfAnswer:
    """What follows with a payment that is only thought of, and without it."""
    return WhatIfAnswer(
        on=form.on, amount=form.amount, now=_course(at, form.on, None), then=_course(at, form.on, form.amount)
    )


def _course(at: Reckoning, on: date, amount: Decimal | None) -> Course:
    one = what_if.course(at.ledger, at.found.on, on, amount, at.policy, at.calendar)
    return Course(
        state=one.state,
        keep_coverage_amount=one.keep_coverage_amount,
        keep_coverage_by=one.keep_coverage_by,
        coverage_end=one.coverage_end,
        credit=one.credit,
        say=one.say,
        to_come=[_entry(entry) for entry in one.to_come],
    )


def _invoices(at: Reckoning) -> list[Invoice]:
    paid_on = ledger.paid_dates(at.ledger, at.found.standing)
    newest = sorted(at.found.standing.invoices, key=lambda one: one.invoice.month, reverse=True)
    return [_invoice(one, paid_on.get(one.invoice.number)) for one in newest]


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


def _received(row: Any) -> tuple[date, int]:
    return row.received_on, row.id


def payment(row: Any) -> Payment:
    """A payment, of its row."""
    return Payment(
        number=row.number,
        version=row.version,
        received_on=row.received_on,
        amount=row.amount,
        method=PaymentMethod(row.method),
        reference=row.reference,
        for_fees=row.for_fees,
        returned_on=row.returned_on,
        reversed_at=row.reversed_at,
        reversed_reason=row.reversed_reason,
    )


def letter(row: Any) -> Letter:
    """A letter, of its row."""
    kind = LetterKind(row.kind)
    return Letter(
        number=row.number,
        kind=kind,
        title=LETTER_TITLES[kind],
        created_on=row.created_on,
        mailed_on=row.mailed_on,
        amount=row.amount,
        returned_on=row.returned_on,
    )


def _next_letter(due: delinquency.LetterDue | None) -> str:
    return f"{due.kind} {LETTER_TITLES[due.kind]} on {due.mail_on}" if due else ""


# -- promises, holds, reinstatement ----------------------------------------------------------------


def promise_state(at: Reckoning, row: Any) -> PromiseState:
    """What became of the promise in this row."""
    promised = ledger.Promise(row.made_on, row.pay_by, row.amount)
    return case.became(promised, at.ledger, at.found.on)


def open_promise(at: Reckoning) -> Any | None:
    """The row of the promise that is open; None when none is."""
    rows = (row for row in at.rows["promise"] if promise_state(at, row) is PromiseState.OPEN)
    return next(rows, None)


def _open_promise(at: Reckoning) -> str:
    row = open_promise(at)
    return f"{rules.dollars(row.amount)} by {row.pay_by}; it changes no date" if row is not None else ""


def undo_until(unit: Unit, made_at: datetime) -> datetime:
    """Until when one's own entry can be taken back."""
    return made_at + timedelta(minutes=unit.policy.letters.own_undo_minutes)


def promise(unit: Unit, at: Reckoning, row: Any) -> PromiseRow:
    """A promise to pay, of its row with who took it down."""
    until = undo_until(unit, row.made_at)
    mine = row.made_by is not None and row.made_by == unit.actor.rep_id
    return PromiseRow(
        id=row.number,
        made_on=row.made_on,
        pay_by=row.pay_by,
        amount=row.amount,
        state=promise_state(at, row),
        undo_until=until if mine and unit.now < until else None,
    )


def hold(row: Any, invoices: dict[int, str]) -> HoldRow:
    """A hold, of its row with the name of who opened it."""
    return HoldRow(
        id=row.number,
        version=row.version,
        kind=HoldKind(row.kind),
        from_on=row.from_on,
        to_on=row.to_on,
        stops_dates=row.stops_dates,
        reason=row.reason,
        opened_by=row.opened_by_name or "",
        lifted_on=row.lifted_on,
        invoice=invoices.get(row.invoice_id, ""),
    )


def holds_now(rows: Sequence[Any], today: date) -> list[Any]:
    """Rows of holds that are in force on a day."""
    return [row for row in rows if row.lifted_on is None and (row.to_on is None or row.to_on >= today)]


def reinstatement(row: Any, why_not: str) -> ReinstatementRow:
    """A request to give coverage back, of its row; `why_not` is what stands against it today."""
    return ReinstatementRow(
        id=row.number,
        version=row.version,
        requested_on=row.requested_on,
        decided_on=row.decided_on,
        approved=row.approved,
        reason=row.reason,
        why_not="" if row.decided_on else why_not,
    )
