"""SQL of what happened with a group or person: each source by itself, the newest first, after a place."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import ColumnElement, literal, select, true, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.call_words import CallState
from api_client.types.user_id_words import UserIdRequestState
from api_client.types.words import ActorKind
from backend.calls.note_store import SHOWN
from backend.calls.rules import CLIENT_ALONE
from backend.database.tables import (
    access_log,
    call,
    call_act,
    call_subject,
    card_job,
    letter,
    match_decision,
    match_item,
    note,
    rep,
    user_id_request,
    web_user,
)


@dataclass(frozen=True)
class Of:
    """Whose past: keys of the group and, where it is about one person, of the member or enrollment."""

    account_id: int
    member_id: int | None = None
    enrollment_id: int | None = None
    in_call: bool = False
    """Somebody listens: what one person called about is not for whoever speaks for the group."""

    @property
    def group_alone(self) -> bool:
        """Whether what is about one person is left out."""
        return self.in_call and self.member_id is None and self.enrollment_id is None


@dataclass(frozen=True)
class Place:
    """Where the page before ended: the instant, the rank of the source, the key in it."""

    at: datetime
    rank: int
    id: int


def _before(at: Any, key: Any, rank: int, after: Place | None) -> ColumnElement[bool]:
    if after is None:
        return true()
    if rank < after.rank:
        return at <= after.at  # type: ignore[no-any-return]
    if rank > after.rank:
        return at < after.at  # type: ignore[no-any-return]
    return tuple_(at, key) < (after.at, after.id)


async def calls(
    connection: AsyncConnection, of: Of, rank: int, after: Place | None, limit: int
) -> Sequence[Any]:
    """Closed calls about it."""
    about = select(call_subject.c.call_id).where(
        call_subject.c.account_id == of.account_id,
        *([call_subject.c.member_id == of.member_id] if of.member_id else []),
        *([call_subject.c.enrollment_id == of.enrollment_id] if of.enrollment_id else []),
        *(
            [call_subject.c.member_id.is_(None), call_subject.c.enrollment_id.is_(None)]
            if of.group_alone
            else []
        ),
    )
    query = select(call, rep.c.display_name).outerjoin(rep, rep.c.id == call.c.rep_id)
    query = query.where(call.c.state == CallState.CLOSED, call.c.id.in_(about))
    query = query.where(_before(call.c.started_at, call.c.id, rank, after))
    order = (call.c.started_at.desc(), call.c.id.desc())
    return (await connection.execute(query.order_by(*order).limit(limit))).all()


async def notes(
    connection: AsyncConnection, place: tuple[str, int], rank: int, after: Place | None, limit: int
) -> Sequence[Any]:
    """Notes to it."""
    query = SHOWN.where(note.c.subject_kind == place[0], note.c.subject_id == place[1])
    query = query.where(_before(note.c.at, note.c.id, rank, after))
    return (await connection.execute(query.order_by(note.c.at.desc(), note.c.id.desc()).limit(limit))).all()


async def acts(
    connection: AsyncConnection, of: Of, words: Sequence[str], rank: int, after: Place | None, limit: int
) -> Sequence[Any]:
    """What was done for it in calls, of these words; an act never names an enrollment."""
    if of.enrollment_id:
        return []
    query = (
        select(call_act, call.c.number, rep.c.display_name)
        .join(call, call.c.id == call_act.c.call_id)
        .outerjoin(rep, rep.c.id == call.c.rep_id)
        .where(call_act.c.account_id == of.account_id, call_act.c.act.in_(words))
        .where(_before(call_act.c.at, call_act.c.id, rank, after))
    )
    if of.member_id:
        query = query.where(call_act.c.member_id == of.member_id)
    elif of.group_alone:
        query = query.where(call_act.c.member_id.is_(None) | call_act.c.act.in_(CLIENT_ALONE))
    order = (call_act.c.at.desc(), call_act.c.id.desc())
    return (await connection.execute(query.order_by(*order).limit(limit))).all()


async def letters(
    connection: AsyncConnection, account_id: int, until: date | None, limit: int
) -> Sequence[Any]:
    """Letters of a group made up to a day; they know no hour."""
    query = select(letter).where(letter.c.account_id == account_id, letter.c.member_id.is_(None))
    if until is not None:
        query = query.where(letter.c.created_on <= until)
    order = (letter.c.created_on.desc(), letter.c.id.desc())
    return (await connection.execute(query.order_by(*order).limit(limit))).all()


async def decisions(
    connection: AsyncConnection, of: Of, rank: int, after: Place | None, limit: int
) -> Sequence[Any]:
    """Decisions on its match items that stand."""
    query = (
        select(match_decision, match_item.c.number, rep.c.display_name)
        .join(match_item, match_item.c.id == match_decision.c.item_id)
        .outerjoin(rep, rep.c.id == match_decision.c.rep_id)
        .where(match_item.c.account_id == of.account_id, match_decision.c.undone_at.is_(None))
        .where(_before(match_decision.c.at, match_decision.c.id, rank, after))
    )
    if of.member_id:
        query = query.where(match_decision.c.member_id == of.member_id)
    if of.enrollment_id:
        query = query.where(match_item.c.enrollment_id == of.enrollment_id)
    order = (match_decision.c.at.desc(), match_decision.c.id.desc())
    return (await connection.execute(query.order_by(*order).limit(limit))).all()


async def user_id_forms(
    connection: AsyncConnection, account_id: int, rank: int, after: Place | None, limit: int
) -> Sequence[Any]:
    """Forms for user IDs that came by fax for a group."""
    table = user_id_request
    query = select(table.c.id, table.c.number, table.c.kind, table.c.faxed_at)
    query = query.where(table.c.account_id == account_id)
    query = query.where(_before(table.c.faxed_at, table.c.id, rank, after))
    order = (table.c.faxed_at.desc(), table.c.id.desc())
    return (await connection.execute(query.order_by(*order).limit(limit))).all()


async def denied_user_ids(
    connection: AsyncConnection, account_id: int, rank: int, after: Place | None, limit: int
) -> Sequence[Any]:
    """User-ID requests of a group that are refused."""
    table = user_id_request
    query = (
        select(table, rep.c.display_name)
        .outerjoin(rep, rep.c.id == table.c.decided_by)
        .where(table.c.account_id == account_id, table.c.state == UserIdRequestState.REFUSED)
        .where(_before(table.c.decided_at, table.c.id, rank, after))
    )
    order = (table.c.decided_at.desc(), table.c.id.desc())
    return (await connection.execute(query.order_by(*order).limit(limit))).all()


async def user_ids(
    connection: AsyncConnection, account_id: int, rank: int, after: Place | None, limit: int
) -> Sequence[Any]:
    """What happened with the user IDs that are kept with a group: approved, mailed, activated, changed."""
    query = (
        select(access_log, web_user.c.number, web_user.c.person)
        .outerjoin(web_user, web_user.c.id == access_log.c.web_user_id)
        .where(access_log.c.account_id == account_id)
        .where(_before(access_log.c.at, access_log.c.id, rank, after))
    )
    order = (access_log.c.at.desc(), access_log.c.id.desc())
    return (await connection.execute(query.order_by(*order).limit(limit))).all()


async def cards(
    connection: AsyncConnection, of: Of, rank: int, after: Place | None, limit: int
) -> Sequence[Any]:
    """Cards of a member in the group."""
    query = (
        select(card_job, rep.c.display_name)
        .outerjoin(rep, literal(f"{ActorKind.REP}:") + rep.c.username == card_job.c.requested_by)
        .where(card_job.c.account_id == of.account_id, card_job.c.member_id == of.member_id)
        .where(_before(card_job.c.requested_at, card_job.c.id, rank, after))
    )
    order = (card_job.c.requested_at.desc(), card_job.c.id.desc())
    return (await connection.execute(query.order_by(*order).limit(limit))).all()
