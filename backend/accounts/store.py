"""SQL of accounts, their contacts, members and coverage."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from datetime import date, datetime
from typing import Any

from sqlalchemy import (
    Row,
    and_,
    case,
    delete,
    func,
    insert,
    or_,
    select,
    tuple_,
    update,
)
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.database.tables import (
    account,
    account_alias,
    contact,
    coverage,
    member,
    number_series,
    rep,
    representative,
    reveal,
    standing,
)

Values = Mapping[str, Any]


async def account_by_number(connection: AsyncConnection, number: str) -> Row[Any] | None:
    """The account of this number."""
    return (await connection.execute(select(account).where(account.c.number == number))).first()


async def accounts_under(connection: AsyncConnection, ein: str) -> Sequence[Any]:
    """The accounts under this tax number, the oldest first."""
    query = select(account).where(account.c.ein == ein).order_by(account.c.id)
    return (await connection.execute(query)).all()


async def account_by_alias(connection: AsyncConnection, partner: str, value: str) -> Row[Any] | None:
    """The account a trading partner calls by this value."""
    query = select(account).join(account_alias, account_alias.c.account_id == account.c.id)
    query = query.where(account_alias.c.partner == partner, account_alias.c.value == value)
    return (await connection.execute(query)).first()


async def account_by_id(connection: AsyncConnection, account_id: int) -> Row[Any]:
    """The account of this key."""
    return (await connection.execute(select(account).where(account.c.id == account_id))).one()


async def lock_accounts(connection: AsyncConnection, account_ids: Collection[int]) -> None:
    """Let nobody else lock these accounts until the end of the transaction.

    They are locked in one order, so that no two who lock many wait for each other in a ring.
    """
    query = select(account.c.id).where(account.c.id.in_(account_ids)).order_by(account.c.id)
    await connection.execute(query.with_for_update(key_share=True))


async def add_account(connection: AsyncConnection, values: Values) -> int:
    """Write a new account; returns its key."""
    return int(
        (await connection.execute(insert(account).values(**values).returning(account.c.id))).scalar_one()
    )


async def change_account(connection: AsyncConnection, account_id: int, values: Values) -> None:
    """Change columns of an account."""
    await connection.execute(update(account).where(account.c.id == account_id).values(**values))


async def touch_account(connection: AsyncConnection, account_id: int) -> tuple[str, int]:
    """Count the account's version; returns its number and the new version."""
    change = update(account).where(account.c.id == account_id).values(version=account.c.version + 1)
    row = (await connection.execute(change.returning(account.c.number, account.c.version))).one()
    return str(row.number), int(row.version)


async def touch_accounts(connection: AsyncConnection, account_ids: Sequence[int]) -> list[tuple[str, int]]:
    """Count the versions of many accounts at once; returns their numbers and new versions, by number."""
    these = account.c.id.in_(account_ids)
    # In one order, so that two imports wait for each other and not in a ring.
    await connection.execute(select(account.c.id).where(these).order_by(account.c.id).with_for_update())
    change = update(account).where(these).values(version=account.c.version + 1)
    rows = await connection.execute(change.returning(account.c.number, account.c.version))
    return sorted((str(row.number), int(row.version)) for row in rows)


async def contacts(connection: AsyncConnection, account_id: int) -> Sequence[Any]:
    """The account's contacts in the order they were given."""
    return (
        await connection.execute(
            select(contact).where(contact.c.account_id == account_id).order_by(contact.c.id)
        )
    ).all()


async def contacts_of(
    connection: AsyncConnection, account_ids: Sequence[int], roles: Sequence[str]
) -> Sequence[Any]:
    """Contacts in these roles of several accounts, in the order they were given."""
    query = select(contact).where(contact.c.account_id.in_(account_ids), contact.c.role.in_(roles))
    return (await connection.execute(query.order_by(contact.c.id))).all()


async def replace_contacts(connection: AsyncConnection, account_id: int, rows: list[dict[str, Any]]) -> None:
    """Put these contacts in place of those on record."""
    await connection.execute(delete(contact).where(contact.c.account_id == account_id))
    if rows:
        await connection.execute(insert(contact), [{**row, "account_id": account_id} for row in rows])


async def aliases(connection: AsyncConnection, account_id: int) -> Sequence[Any]:
    """What trading partners call the account."""
    query = select(account_alias.c.partner, account_alias.c.value).where(
        account_alias.c.account_id == account_id
    )
    return (await connection.execute(query.order_by(account_alias.c.partner, account_alias.c.value))).all()


async def replace_aliases(connection: AsyncConnection, account_id: int, rows: list[dict[str, str]]) -> None:
    """Put these names in place of those on record."""
    await connection.execute(delete(account_alias).where(account_alias.c.account_id == account_id))
    if rows:
        await connection.execute(insert(account_alias), [{**row, "account_id": account_id} for row in rows])


async def member_by_id(connection: AsyncConnection, member_id: int, *, lock: bool = False) -> Row[Any]:
    """The member of this key; with `lock` nobody else changes it meanwhile."""
    query = select(member).where(member.c.id == member_id)
    return (await connection.execute(query.with_for_update() if lock else query)).one()


async def members_to_change(connection: AsyncConnection, mrns: Sequence[str]) -> dict[str, Row[Any]]:
    """Members by their member numbers, locked: nobody else changes them meanwhile."""
    query = select(member).where(member.c.mrn.in_(mrns)).order_by(member.c.id)
    rows = await connection.execute(query.with_for_update())
    return {str(row.mrn): row for row in rows}


async def add_member(connection: AsyncConnection, values: Values) -> int:
    """Write a new member; returns its key."""
    return int(
        (await connection.execute(insert(member).values(**values).returning(member.c.id))).scalar_one()
    )


async def add_members(connection: AsyncConnection, rows: list[dict[str, Any]]) -> dict[str, int]:
    """Write many new members at once; returns their keys by member number."""
    made = await connection.execute(insert(member).returning(member.c.mrn, member.c.id), rows)
    return {str(row.mrn): int(row.id) for row in made}


async def change_member(connection: AsyncConnection, member_id: int, values: Values) -> None:
    """Change a member and count its version."""
    await connection.execute(
        update(member).where(member.c.id == member_id).values(version=member.c.version + 1, **values)
    )


async def remove_member(connection: AsyncConnection, member_id: int) -> None:
    """Remove a member nothing refers to."""
    await connection.execute(delete(member).where(member.c.id == member_id))


async def add_coverage(connection: AsyncConnection, values: Values) -> int:
    """Write a coverage; returns its key."""
    return int(
        (await connection.execute(insert(coverage).values(**values).returning(coverage.c.id))).scalar_one()
    )


async def add_coverages(connection: AsyncConnection, rows: list[dict[str, Any]]) -> None:
    """Write many coverages at once."""
    await connection.execute(insert(coverage), rows)


async def change_coverage(connection: AsyncConnection, coverage_id: int, values: Values) -> None:
    """Change columns of a coverage."""
    await connection.execute(update(coverage).where(coverage.c.id == coverage_id).values(**values))


async def coverages_of(connection: AsyncConnection, member_ids: Sequence[int]) -> Sequence[Any]:
    """All coverage of these members with the number and name of the group, the newest first."""
    query = select(coverage, account.c.number, account.c.name).join(
        account, account.c.id == coverage.c.account_id
    )
    query = query.where(coverage.c.member_id.in_(member_ids))
    return (await connection.execute(query.order_by(coverage.c.starts_on.desc(), coverage.c.id))).all()


async def end_coverage(
    connection: AsyncConnection,
    account_id: int,
    subscriber_number: str,
    ends_on: date,
    *,
    member_id: int | None,
    lines: Sequence[str],
) -> int:
    """End coverage that runs beyond a day; returns how many."""
    change = update(coverage).where(
        coverage.c.account_id == account_id,
        coverage.c.subscriber_number == subscriber_number,
        or_(coverage.c.ends_on.is_(None), coverage.c.ends_on > ends_on),
    )
    if member_id is not None:
        change = change.where(coverage.c.member_id == member_id)
    if lines:
        change = change.where(coverage.c.line.in_(lines))
    return (await connection.execute(change.values(ends_on=ends_on))).rowcount


async def set_end(connection: AsyncConnection, coverage_id: int, ends_on: date | None) -> None:
    """Set the last day of a coverage."""
    await connection.execute(update(coverage).where(coverage.c.id == coverage_id).values(ends_on=ends_on))


async def end_unpaid(connection: AsyncConnection, account_id: int, ends_on: date) -> int:
    """End all coverage of a group that runs beyond a day, and keep the end it had; returns how many."""
    change = update(coverage).where(
        coverage.c.account_id == account_id,
        coverage.c.ended_unpaid.is_(False),
        or_(coverage.c.ends_on.is_(None), coverage.c.ends_on > ends_on),
    )
    change = change.values(ended_unpaid=True, ends_on_before=coverage.c.ends_on, ends_on=ends_on)
    return (await connection.execute(change)).rowcount


async def give_back(connection: AsyncConnection, account_id: int, ended_on: date | None) -> list[int]:
    """Let coverage that ended unpaid on a day end as it did before; returns the keys of what was given back.

    What was ended earlier meanwhile, because somebody left, stays so.
    """
    mine = and_(coverage.c.account_id == account_id, coverage.c.ended_unpaid.is_(True))
    back = update(coverage).where(mine, coverage.c.ends_on == ended_on)
    back = back.values(ended_unpaid=False, ends_on=coverage.c.ends_on_before, ends_on_before=None)
    keys = list((await connection.execute(back.returning(coverage.c.id))).scalars())
    await connection.execute(update(coverage).where(mine).values(ended_unpaid=False, ends_on_before=None))
    return keys


async def coverage_to_bill(connection: AsyncConnection, account_id: int, since: date) -> Sequence[Any]:
    """Coverage of the subscribers of a group that reaches a day or later, with the end it has while premium
    is paid; who left before the group ended unpaid, reported since, left.
    """
    ended_on = select(standing.c.coverage_end).where(standing.c.account_id == account_id).scalar_subquery()
    unpaid = and_(coverage.c.ended_unpaid, coverage.c.ends_on == ended_on)
    end = case((unpaid, coverage.c.ends_on_before), else_=coverage.c.ends_on)
    query = select(
        coverage.c.subscriber_number,
        coverage.c.line,
        coverage.c.level,
        coverage.c.starts_on,
        end.label("ends_on"),
    ).where(
        coverage.c.account_id == account_id,
        coverage.c.relationship == "18",
        or_(end.is_(None), end >= since),
    )
    return (await connection.execute(query)).all()


async def remove_coverages_of(connection: AsyncConnection, enrollment_id: int) -> list[int]:
    """Remove what an enrollment made; returns the keys of the accounts concerned."""
    gone = await connection.execute(
        delete(coverage).where(coverage.c.enrollment_id == enrollment_id).returning(coverage.c.account_id)
    )
    return sorted({int(row.account_id) for row in gone})


def _running(account_id: int, today: date) -> Any:
    return and_(
        coverage.c.account_id == account_id, or_(coverage.c.ends_on.is_(None), coverage.c.ends_on >= today)
    )


async def enrolled(connection: AsyncConnection, account_id: int, today: date) -> int:
    """How many members the group has today."""
    query = select(func.count(func.distinct(coverage.c.member_id))).where(_running(account_id, today))
    return int((await connection.execute(query)).scalar_one())


_dependent = case((coverage.c.relationship == "18", 0), else_=1)


async def members_of(
    connection: AsyncConnection, account_id: int, after: tuple[str, int, int] | None, limit: int
) -> Sequence[Any]:
    """Members of a group with their coverage, family by family, the subscriber first."""
    query = select(
        coverage.c.id,
        coverage.c.subscriber_number,
        coverage.c.relationship,
        coverage.c.starts_on,
        coverage.c.ends_on,
        coverage.c.member_id,
        _dependent.label("dependent"),
        member.c.mrn,
        member.c.first_name,
        member.c.last_name,
        member.c.birth_date,
    ).join(member, member.c.id == coverage.c.member_id)
    query = query.where(coverage.c.account_id == account_id)
    order = (coverage.c.subscriber_number, _dependent, coverage.c.id)
    if after is not None:
        query = query.where(coverage.c.subscriber_number >= after[0], tuple_(*order) > after)
    return (await connection.execute(query.order_by(*order).limit(limit))).all()


async def families(connection: AsyncConnection, pairs: Sequence[tuple[int, str]]) -> Sequence[Any]:
    """Coverage with its members under these pairs of account and subscriber number, at most 200.

    Subscribers first, then by birth date; of one person the newest coverage first.
    """
    under = tuple_(coverage.c.account_id, coverage.c.subscriber_number)
    query = (
        select(
            coverage.c.account_id,
            coverage.c.subscriber_number,
            coverage.c.relationship,
            coverage.c.starts_on,
            coverage.c.ends_on,
            coverage.c.enrollment_id,
            member.c.mrn,
            member.c.last_name,
            member.c.first_name,
            member.c.middle_name,
            member.c.suffix,
            member.c.birth_date,
        )
        .join(member, member.c.id == coverage.c.member_id)
        .where(under.in_(pairs))
    )
    dependent = coverage.c.relationship != "18"
    order = (dependent, member.c.birth_date, member.c.id, coverage.c.starts_on.desc(), coverage.c.id)
    return (await connection.execute(query.order_by(*order).limit(200))).all()


async def number_members_above(connection: AsyncConnection, number: int) -> None:
    """Let the series of member numbers go on above a number that came from outside."""
    series = number_series
    change = update(series).where(series.c.name == "member", series.c.next <= number)
    await connection.execute(change.values(next=number + 1))


# -- masked fields and representatives ---------------------------------------------------------------


async def lock_reveals(
    connection: AsyncConnection, rep_id: int, since: datetime, most: int
) -> datetime | None:
    """When the first of the last `most` reveals of this rep was, if all of them are younger than `since`.

    Nobody counts for the same rep until the end of the transaction.
    """
    await connection.execute(select(rep.c.id).where(rep.c.id == rep_id).with_for_update())
    query = select(reveal.c.at).where(reveal.c.rep_id == rep_id, reveal.c.at > since)
    last = list((await connection.execute(query.order_by(reveal.c.at.desc()).limit(most))).scalars())
    return last[-1] if len(last) >= most else None


async def add_reveal(connection: AsyncConnection, rep_id: int, at: datetime) -> None:
    """Note that this rep looked at something masked."""
    await connection.execute(insert(reveal).values(rep_id=rep_id, at=at))


async def representatives(connection: AsyncConnection, member_id: int) -> Sequence[Any]:
    """Who may speak for a member, the newest first."""
    query = select(representative).where(representative.c.member_id == member_id)
    return (await connection.execute(query.order_by(representative.c.id.desc()).limit(50))).all()


async def add_representative(connection: AsyncConnection, values: Values) -> None:
    """Write a new representative."""
    await connection.execute(insert(representative).values(**values))
