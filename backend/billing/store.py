"""SQL of invoices, payments, letters and the standing of each account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import Select, Table, and_, delete, func, insert, literal, or_, select, tuple_, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.billing_words import DelinquencyState, LetterKind
from backend.database.tables import (
    account,
    call,
    credit,
    fee,
    hold,
    invoice,
    invoice_line,
    letter,
    payment,
    promise,
    rate,
    reinstatement,
    rep,
    standing,
)

Values = Mapping[str, Any]
_BOOKS = (invoice, payment, credit, fee, letter, promise, hold, reinstatement)
_ON_REQUEST = (LetterKind.REQUEST_FORM, LetterKind.COBRA_PACKET)
"""Letters that follow from no date of the books."""
_OF_THE_BOOKS = {letter: and_(letter.c.copy_of.is_(None), letter.c.kind.not_in(_ON_REQUEST))}
_WITH = {
    promise: (call.c.rep_id.label("made_by"), call, call.c.id == promise.c.call_id),
    hold: (rep.c.display_name.label("opened_by_name"), rep, rep.c.id == hold.c.opened_by),
}
"""A column of another table that goes with the rows of one, and how it is joined."""
FAR_OFF = date.max
"""Stands where nobody knows yet when coverage ends: after every date."""


async def books(connection: AsyncConnection, account_id: int) -> dict[str, Sequence[Any]]:
    """Everything on a group's books, by table, in the order it was written.

    A copy is no letter of the books: it starts no grace and moves no date.
    """
    found: dict[str, Sequence[Any]] = {}
    for table in _BOOKS:
        query = _rows(table).where(table.c.account_id == account_id).order_by(table.c.id)
        if table in _OF_THE_BOOKS:
            query = query.where(_OF_THE_BOOKS[table])
        found[table.name] = (await connection.execute(query)).all()
    return found


def _rows(table: Table) -> Select[Any]:
    """Rows of a table of the books with what goes with them of another."""
    if table not in _WITH:
        return select(table)
    column, other, on = _WITH[table]
    return select(table, column).outerjoin(other, on)


async def add_invoice(connection: AsyncConnection, values: Values, lines: list[dict[str, Any]]) -> None:
    """Write an invoice with its lines."""
    invoice_id = (
        await connection.execute(insert(invoice).values(**values).returning(invoice.c.id))
    ).scalar_one()
    if lines:
        await connection.execute(insert(invoice_line), [{**line, "invoice_id": invoice_id} for line in lines])


async def months_billed(connection: AsyncConnection, account_id: int) -> list[date]:
    """Months that have an invoice, a void one too: a month is billed once."""
    query = select(invoice.c.month).where(invoice.c.account_id == account_id)
    return list((await connection.execute(query)).scalars())


async def months_billed_since(connection: AsyncConnection, account_id: int, instant: datetime) -> list[date]:
    """Months of the invoices issued after an instant."""
    query = select(invoice.c.month).where(invoice.c.account_id == account_id, invoice.c.issued_at > instant)
    return list((await connection.execute(query.order_by(invoice.c.month))).scalars())


async def add_payment(connection: AsyncConnection, values: Values) -> Any:
    """Write a payment; returns its row."""
    return (await connection.execute(insert(payment).values(**values).returning(payment))).one()


async def payment_by_number(connection: AsyncConnection, number: str) -> Any | None:
    """The payment of this number."""
    return (await connection.execute(select(payment).where(payment.c.number == number))).first()


async def payments_by_external_id(connection: AsyncConnection, external_ids: Sequence[str]) -> dict[str, Any]:
    """Payments by the id the bank or lockbox gave them."""
    rows = await connection.execute(select(payment).where(payment.c.external_id.in_(external_ids)))
    return {str(row.external_id): row for row in rows}


async def change_payment(
    connection: AsyncConnection, payment_id: int, version: int, values: Values
) -> Any | None:
    """Change a payment that still has this version; returns its row, None when it has another."""
    change = (
        update(payment)
        .where(payment.c.id == payment_id, payment.c.version == version)
        .values(version=version + 1, **values)
    )
    return (await connection.execute(change.returning(payment))).first()


async def put_standing(connection: AsyncConnection, values: Values) -> None:
    """Write the standing of an account over the one before."""
    make = sqlite_insert if connection.dialect.name == "sqlite" else pg_insert
    change = {name: value for name, value in values.items() if name != "account_id"}
    await connection.execute(
        make(standing).values(**values).on_conflict_do_update(index_elements=["account_id"], set_=change)
    )


async def standings(connection: AsyncConnection, account_ids: Sequence[int]) -> dict[int, Any]:
    """Standings by the key of their account."""
    rows = await connection.execute(select(standing).where(standing.c.account_id.in_(account_ids)))
    return {int(row.account_id): row for row in rows}


async def accounts_without_standing(connection: AsyncConnection, today: date, limit: int) -> Sequence[Any]:
    """Accounts whose standing is of another day, or missing; one that is being changed is left out."""
    join = account.outerjoin(standing, standing.c.account_id == account.c.id)
    stale = or_(standing.c.account_id.is_(None), standing.c.on_date != today)
    query = select(account).select_from(join).where(stale).order_by(account.c.id).limit(limit)
    query = query.with_for_update(of=account, skip_locked=True, key_share=True)
    return (await connection.execute(query)).all()


async def work_list(
    connection: AsyncConnection,
    states: Sequence[str],
    until: date | None,
    after: tuple[date, int] | None,
    limit: int,
) -> Sequence[Any]:
    """Accounts in these states with their standing, the first end of coverage first, up to a day where one
    is given; where nobody knows the end yet it stands last.
    """
    ended = standing.c.coverage_end_if_unpaid
    if list(states) == [DelinquencyState.TERMINATED_NONPAY]:
        ended = standing.c.coverage_end
    end = func.coalesce(ended, literal(FAR_OFF, account.c.effective_from.type)).label("end")
    query = select(
        account.c.id, account.c.number, account.c.name, account.c.city, ended.label("ends_on"), end,
        standing.c.state, standing.c.flags, standing.c.owed, standing.c.days_past_due,
    ).join(standing, standing.c.account_id == account.c.id)  # fmt: skip
    query = query.where(standing.c.state.in_(states))
    if until is not None:
        query = query.where(ended <= until)
    if after is not None:
        query = query.where(tuple_(end, account.c.id) > after)
    return (await connection.execute(query.order_by(end, account.c.id).limit(limit))).all()


# -- fees, credits, rates --------------------------------------------------------------------------


async def add_fee(connection: AsyncConnection, values: Values) -> None:
    """Charge a fee."""
    await connection.execute(insert(fee).values(**values))


async def add_credit(connection: AsyncConnection, values: Values) -> None:
    """Give premium back."""
    await connection.execute(insert(credit).values(**values))


async def rates(connection: AsyncConnection, account_id: int) -> Sequence[Any]:
    """All rates of a group."""
    return (await connection.execute(select(rate).where(rate.c.account_id == account_id))).all()


async def put_rate(connection: AsyncConnection, values: Values) -> None:
    """Write a rate over that of the same group, line, level and day."""
    make = sqlite_insert if connection.dialect.name == "sqlite" else pg_insert
    key = ["account_id", "line", "level", "from_on"]
    write = make(rate).values(**values)
    await connection.execute(
        write.on_conflict_do_update(index_elements=key, set_={"amount": values["amount"]})
    )


async def last_months_billed(connection: AsyncConnection, account_id: int, count: int) -> list[date]:
    """The newest months that have a bill which counts, the oldest of them first."""
    query = select(invoice.c.month).where(invoice.c.account_id == account_id, invoice.c.void.is_(False))
    query = query.order_by(invoice.c.month.desc()).limit(count)
    return sorted((await connection.execute(query)).scalars())


async def charged(connection: AsyncConnection, account_id: int, months: Sequence[date]) -> Sequence[Any]:
    """What was charged for these months, retroactive lines too: rows of month, subscriber and amount."""
    month = func.coalesce(invoice_line.c.month, invoice.c.month).label("of_month")
    query = (
        select(month, invoice_line.c.subscriber_number, invoice_line.c.amount)
        .join(invoice, invoice.c.id == invoice_line.c.invoice_id)
        .where(invoice.c.account_id == account_id, invoice.c.void.is_(False), month.in_(months))
    )
    return (await connection.execute(query)).all()


async def credited(connection: AsyncConnection, account_id: int, months: Sequence[date]) -> Sequence[Any]:
    """What was given back of these months by subscriber."""
    query = select(credit).where(credit.c.account_id == account_id, credit.c.month.in_(months))
    return (await connection.execute(query)).all()


# -- promises, holds, reinstatement ----------------------------------------------------------------


async def add_promise(connection: AsyncConnection, values: Values) -> None:
    """Write a promise to pay."""
    await connection.execute(insert(promise).values(**values))


async def promise_by_number(connection: AsyncConnection, number: str) -> Any | None:
    """The promise of this number with who took it down; nobody else takes it back meanwhile."""
    query = _rows(promise).where(promise.c.number == number).with_for_update(of=promise)
    return (await connection.execute(query)).first()


async def remove_promise(connection: AsyncConnection, promise_id: int) -> None:
    """Remove a promise that was taken back."""
    await connection.execute(delete(promise).where(promise.c.id == promise_id))


async def add_hold(connection: AsyncConnection, values: Values) -> None:
    """Write a hold."""
    await connection.execute(insert(hold).values(**values))


async def hold_by_number(connection: AsyncConnection, number: str) -> Any | None:
    """The hold of this number with the name of who opened it."""
    return (await connection.execute(_rows(hold).where(hold.c.number == number))).first()


async def change_hold(connection: AsyncConnection, hold_id: int, version: int, values: Values) -> bool:
    """Change a hold that still has this version, and count it; False when it has another."""
    change = update(hold).where(hold.c.id == hold_id, hold.c.version == version)
    return (await connection.execute(change.values(version=version + 1, **values))).rowcount == 1


async def add_reinstatement(connection: AsyncConnection, values: Values) -> None:
    """Write a request to give coverage back."""
    await connection.execute(insert(reinstatement).values(**values))


async def reinstatement_by_number(connection: AsyncConnection, number: str) -> Any | None:
    """The request of this number."""
    return (await connection.execute(select(reinstatement).where(reinstatement.c.number == number))).first()


async def change_reinstatement(
    connection: AsyncConnection, request_id: int, version: int, values: Values
) -> bool:
    """Change a request that still has this version, and count it; False when it has another."""
    change = update(reinstatement).where(reinstatement.c.id == request_id, reinstatement.c.version == version)
    return (await connection.execute(change.values(version=version + 1, **values))).rowcount == 1
