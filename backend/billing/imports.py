"""Payments and rates taken from a CSV file, such as a lockbox or the underwriters give."""

from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import Any, BinaryIO

from pydantic import ValidationError

from api_client.types.billing import RecordPayment, ReturnPayment
from api_client.types.billing_words import PaymentMethod
from api_client.types.enrollment import ImportReport
from backend.accounts import service as accounts
from backend.actors import Actor
from backend.billing import service, store
from backend.csv_rows import CsvRow, Tally, csv_rows, day, optional_day
from backend.database.unit import Unit
from backend.problems import Problem
from backend.progress import Progress
from backend.runtime import Runtime

PAYMENT_REQUIRED = ("external_id", "group_number", "received_on", "amount", "method")
PAYMENT_COLUMNS = (*PAYMENT_REQUIRED, "reference", "returned_on")
"""`external_id` is the bank's own id of the payment: the same id is never posted twice. The same line again
with `returned_on` says that the bank brought it back on that date.
"""
RATE_COLUMNS = ("group_number", "line", "level", "from_on", "amount")
"""What a subscriber pays a month for a line of coverage at a level, dependents included, from a day on.

Line and level are those of the members' file, empty where they are empty there.
"""
_BATCH = 20
_RATES_AT_ONCE = 100
_LINE = "HMO"
"""The line of coverage of who has no other."""
_LARGEST = Decimal("999999999.99")


async def import_payments(
    runtime: Runtime, actor: Actor, source: BinaryIO, *, request_id: str
) -> AsyncIterator[Progress | ImportReport]:
    """Payments by `external_id`; one that is on the books already changes nothing. PAYMENT_COLUMNS."""
    tally = Tally()
    rows = csv_rows(source, PAYMENT_REQUIRED, PAYMENT_COLUMNS, tally)
    while batch := list(islice(rows, _BATCH)):
        async with runtime.act(actor, request_id) as unit:
            ids = [row["external_id"] for row in batch]
            await _lock(unit, batch)
            known = await store.payments_by_external_id(unit.connection, ids)
            for row in batch:
                try:
                    await _put(unit, row, known, tally)
                except ValueError as error:
                    tally.refuse(row.line, str(error))
        yield Progress(tally.read)
    yield tally.report()


async def _lock(unit: Unit, batch: Sequence[CsvRow]) -> None:
    """Lock the groups of all rows before the first payment is posted."""
    found = [await accounts.find_account(unit, number) for number in {row["group_number"] for row in batch}]
    await accounts.lock(unit, *(account.id for account in found if account is not None))


async def _put(unit: Unit, row: CsvRow, known: dict[str, Any], tally: Tally) -> None:
    external_id = row["external_id"]
    if not external_id:
        raise ValueError("the id of the payment (external_id) is missing")
    form = _form(row)
    returned_on = optional_day(row["returned_on"], "returned_on")
    account = await accounts.find_account(unit, form.group_number)
    if account is None:
        raise ValueError("there is no such group; import the groups first")
    posted = known.get(external_id)
    if posted is not None:
        same = (account.id, form.amount, form.received_on)
        if (posted.account_id, posted.amount, posted.received_on) != same:
            raise ValueError("a payment with this id is on the books with another group, amount or day")
    try:
        went = await _post(unit, external_id, form, returned_on, posted)
    except Problem as problem:
        raise ValueError(problem.detail) from None
    if posted is None:
        tally.added += 1
    elif went:
        tally.changed += 1
    else:
        tally.unchanged += 1
    known |= await store.payments_by_external_id(unit.connection, [external_id])


async def _post(
    unit: Unit, external_id: str, form: RecordPayment, returned_on: date | None, posted: Any | None
) -> bool:
    """Post a payment, and that it came back; whether anything changed. Raises Problem."""
    if returned_on is not None and not form.received_on <= returned_on <= unit.today:
        raise ValueError("returned_on is before the payment was received, or a day to come")
    if posted is not None and (returned_on is None or posted.returned_on == returned_on):
        return False
    if posted is None:
        payment = await service.record_payment(unit, form, external_id=external_id)
        number, version = str(payment.number), payment.version
    else:
        number, version = str(posted.number), int(posted.version)
    if returned_on is not None:
        await service.return_payment(unit, number, version, ReturnPayment(returned_on=returned_on))
    return True


def _amount(row: CsvRow) -> Decimal:
    try:
        amount = Decimal(row["amount"])
    except InvalidOperation:
        raise ValueError("amount is no number such as 1234.56") from None
    if not amount.is_finite() or not 0 < amount <= _LARGEST or amount != amount.quantize(Decimal("0.01")):
        raise ValueError("amount is not above zero with at most two decimals")
    return amount


def _form(row: CsvRow) -> RecordPayment:
    amount = _amount(row)
    try:
        method = PaymentMethod(row["method"].casefold())
    except ValueError:
        raise ValueError(f"method is none of {', '.join(PaymentMethod)}") from None
    received_on = day(row["received_on"], "received_on")
    try:
        return RecordPayment(
            group_number=row["group_number"],
            received_on=received_on,
            amount=amount,
            method=method,
            reference=row["reference"],
        )
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        raise ValueError(f"{first['loc'][0]}: {first['msg']}") from None


# -- rates -----------------------------------------------------------------------------------------


async def import_rates(
    runtime: Runtime, actor: Actor, source: BinaryIO, *, request_id: str
) -> AsyncIterator[Progress | ImportReport]:
    """Rates by group, line, level and first day; the same again changes nothing, another amount the rate.

    What is billed already stays; what differs shows under retroactive charges. RATE_COLUMNS.
    """
    tally = Tally()
    rows = csv_rows(source, RATE_COLUMNS, RATE_COLUMNS, tally)
    while batch := list(islice(rows, _RATES_AT_ONCE)):
        async with runtime.act(actor, request_id) as unit:
            for row in batch:
                try:
                    await _put_rate(unit, row, tally)
                except ValueError as error:
                    tally.refuse(row.line, str(error))
            unit.audit("billing.import_rates", "file", request_id, rows=len(batch))
        yield Progress(tally.read)
    yield tally.report()


async def _put_rate(unit: Unit, row: CsvRow, tally: Tally) -> None:
    from_on, amount = day(row["from_on"], "from_on"), _amount(row)
    account = await unit.once(
        ("account", row["group_number"]), lambda: accounts.find_account(unit, row["group_number"])
    )
    if account is None:
        raise ValueError("there is no such group; import the groups first")
    before = await unit.once(("rates", account.id), lambda: _rates(unit, account.id))
    key = (row["line"] or _LINE, row["level"], from_on)
    if before.get(key) == amount:
        tally.unchanged += 1
        return
    tally.changed += key in before
    tally.added += key not in before
    before[key] = amount
    line, level, _ = key
    values = {"account_id": account.id, "line": line, "level": level, "from_on": from_on, "amount": amount}
    await store.put_rate(unit.connection, values)


async def _rates(unit: Unit, account_id: int) -> dict[tuple[str, str, date], Decimal]:
    rows = await store.rates(unit.connection, account_id)
    return {(row.line, row.level, row.from_on): row.amount for row in rows}
