"""Payments taken from a CSV file, such as a lockbox gives."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal, InvalidOperation
from itertools import islice
from typing import BinaryIO

from pydantic import ValidationError

from api_client.types.billing import RecordPayment
from api_client.types.enrollment import ImportReport
from api_client.types.words import PaymentMethod
from backend.accounts import service as accounts
from backend.actors import Actor
from backend.billing import service, store
from backend.csv_rows import CsvRow, Tally, csv_rows, day
from backend.database.unit import Unit
from backend.problems import Problem
from backend.progress import Progress
from backend.runtime import Runtime

PAYMENT_REQUIRED = ("external_id", "group_number", "received_on", "amount", "method")
PAYMENT_COLUMNS = (*PAYMENT_REQUIRED, "reference")
"""`external_id` is the bank's own id of the payment: the same id is never posted twice."""
_BATCH = 20
_LARGEST = Decimal("999999999.99")
Posted = tuple[int, Decimal, date]
"""What a payment on the books must have in common with its line: key of the account, amount, day."""


async def import_payments(
    runtime: Runtime, actor: Actor, source: BinaryIO, *, request_id: str
) -> AsyncIterator[Progress | ImportReport]:
    """Payments by `external_id`; one that is on the books already changes nothing. PAYMENT_COLUMNS."""
    tally = Tally()
    rows = csv_rows(source, PAYMENT_REQUIRED, PAYMENT_COLUMNS, tally)
    while batch := list(islice(rows, _BATCH)):
        async with runtime.act(actor, request_id) as unit:
            found = await store.payments_by_external_id(
                unit.connection, [row["external_id"] for row in batch]
            )
            known = {name: (one.account_id, one.amount, one.received_on) for name, one in found.items()}
            for row in batch:
                try:
                    await _put(unit, row, known, tally)
                except ValueError as error:
                    tally.refuse(row.line, str(error))
        yield Progress(tally.read)
    yield tally.report()


async def _put(unit: Unit, row: CsvRow, known: dict[str, Posted], tally: Tally) -> None:
    external_id = row["external_id"]
    if not external_id:
        raise ValueError("the id of the payment (external_id) is missing")
    form = _form(row)
    account = await accounts.find_account(unit, form.group_number)
    if account is None:
        raise ValueError("there is no such group; import the groups first")
    posted = (account.id, form.amount, form.received_on)
    if external_id in known:
        if known[external_id] != posted:
            raise ValueError("a payment with this id is on the books with another group, amount or day")
        tally.unchanged += 1
        return
    try:
        await service.record_payment(unit, form, external_id=external_id)
    except Problem as problem:
        raise ValueError(problem.detail) from None
    known[external_id] = posted
    tally.added += 1


def _form(row: CsvRow) -> RecordPayment:
    try:
        amount = Decimal(row["amount"])
    except InvalidOperation:
        raise ValueError("amount is no number such as 1234.56") from None
    if not amount.is_finite() or not 0 < amount <= _LARGEST or amount != amount.quantize(Decimal("0.01")):
        raise ValueError("amount is not above zero with at most two decimals")
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
