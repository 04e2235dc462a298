"""SQL of looking for a member by hand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import ColumnElement, and_, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.database.tables import member

MOST_COMPARED = 400
"""Members compared for one search."""
LEAST_LETTERS = 2
"""Letters of a word with which a search can begin."""


async def search_members(
    connection: AsyncConnection,
    *,
    words: Sequence[str] = (),
    birth_date: date | None = None,
    ssn_digest: str | None = None,
    mrn: str = "",
) -> Sequence[Any]:
    """Members who have all that is given, as many as can be compared.

    Of a name one word begins the surname or the given name, where the indexes are; the others stand anywhere,
    and so does an initial, with which too many begin.
    """
    query = select(member)
    if words:
        query = query.where(or_(*(_named(word, words) for word in words if len(word) >= LEAST_LETTERS)))
    if birth_date is not None:
        query = query.where(member.c.birth_date == birth_date)
    if ssn_digest is not None:
        query = query.where(member.c.ssn_digest == ssn_digest)
    if mrn:
        query = query.where(member.c.mrn == mrn)
    return (await connection.execute(query.limit(MOST_COMPARED))).all()


def _named(first: str, words: Sequence[str]) -> ColumnElement[bool]:
    """The names that begin with one word and have the others in them, wherever."""
    anywhere = member.c.first_key + " " + member.c.last_key
    begins = or_(
        and_(member.c.last_key >= first, member.c.last_key <= first + "\U0010ffff"),
        and_(member.c.first_key >= first, member.c.first_key <= first + "\U0010ffff"),
    )
    return and_(begins, *(anywhere.contains(word, autoescape=True) for word in words if word != first))


async def members_by_mrn(connection: AsyncConnection, mrn: str) -> Sequence[Any]:
    """The member of this number, if there is one."""
    return (await connection.execute(select(member).where(member.c.mrn == mrn))).all()
