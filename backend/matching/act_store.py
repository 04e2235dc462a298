"""SQL of what is done with a case besides deciding it: acts, notes, and second looks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import and_, exists, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.words import MatchActKind, MatchState
from backend.database.tables import match_act, match_decision, match_item, match_sample, member, note, rep
from backend.matching.store import ROWS

Values = Mapping[str, Any]
NOTE_OF = "match_item"
"""What `note.subject_kind` says of the notes to a case."""


async def add_act(connection: AsyncConnection, values: Values) -> None:
    """Write down what somebody did."""
    await connection.execute(insert(match_act).values(**values))


async def set_care_order(connection: AsyncConnection, item_id: int, order: int) -> None:
    """Let an item stand before those of a higher order; its version stays."""
    await connection.execute(update(match_item).where(match_item.c.id == item_id).values(care_order=order))


async def acts(connection: AsyncConnection, item_id: int) -> Sequence[Any]:
    """Acts on an item, the oldest first, with the names of who acted (None: the backend) and to whom."""
    to = rep.alias("to_rep")
    query = (
        select(match_act, rep.c.display_name, to.c.display_name.label("to_name"))
        .outerjoin(rep, rep.c.id == match_act.c.rep_id)
        .outerjoin(to, to.c.id == match_act.c.to_rep_id)
        .where(match_act.c.item_id == item_id)
    )
    return (await connection.execute(query.order_by(match_act.c.id))).all()


async def count_acts(connection: AsyncConnection, item_id: int, kind: MatchActKind, since: datetime) -> int:
    """How many acts of a kind there were since an instant."""
    query = select(match_act.c.id).where(
        match_act.c.item_id == item_id, match_act.c.kind == kind, match_act.c.at >= since
    )
    return len((await connection.execute(query)).all())


# -- notes -----------------------------------------------------------------------------------------


async def add_note(connection: AsyncConnection, item_id: int, author: str, at: datetime, text: str) -> None:
    """Write a note to an item; the author is a user name."""
    values = {"subject_kind": NOTE_OF, "subject_id": item_id, "author": author, "at": at, "text": text}
    await connection.execute(insert(note).values(**values))


async def notes(connection: AsyncConnection, item_id: int) -> Sequence[Any]:
    """Notes to an item with the names of their authors, the oldest first."""
    query = (
        select(note, rep.c.display_name)
        .outerjoin(rep, rep.c.username == note.c.author)
        .where(note.c.subject_kind == NOTE_OF, note.c.subject_id == item_id)
    )
    return (await connection.execute(query.order_by(note.c.id))).all()


# -- second looks ----------------------------------------------------------------------------------


async def add_sample(connection: AsyncConnection, decision_id: int, at: datetime) -> None:
    """Choose a decision for a second look."""
    await connection.execute(insert(match_sample).values(decision_id=decision_id, chosen_at=at))


def _open_to(rep_id: int) -> Any:
    """Samples nobody has looked at, of decisions that stand, on cases about which this rep decided nothing.

    Who refused a decision, took one back or asked to unlink it knows what was decided.
    """
    any_decision = match_decision.alias("any_decision")
    decided = exists().where(
        any_decision.c.item_id == match_item.c.id,
        or_(any_decision.c.rep_id == rep_id, any_decision.c.approved_by == rep_id),
    )
    took_back = exists().where(
        match_act.c.item_id == match_item.c.id,
        match_act.c.rep_id == rep_id,
        match_act.c.kind.in_((MatchActKind.REFUSE, MatchActKind.UNDO)),
    )
    return and_(
        match_sample.c.rep_id.is_(None),
        match_decision.c.undone_at.is_(None),
        match_item.c.state == MatchState.APPLIED,
        ~decided,
        ~took_back,
    )


async def samples_for(connection: AsyncConnection, rep_id: int, limit: int) -> Sequence[Any]:
    """Items with a decision this rep can look at again, the first chosen first."""
    query = (
        ROWS.join(match_decision, match_decision.c.item_id == match_item.c.id)
        .join(match_sample, match_sample.c.decision_id == match_decision.c.id)
        .where(_open_to(rep_id))
    )
    return (await connection.execute(query.order_by(match_sample.c.id).limit(limit))).all()


async def sample_of(connection: AsyncConnection, item_id: int, rep_id: int) -> Any | None:
    """The sample of an item that this rep can look at, with what the first rep decided."""
    query = (
        select(
            match_sample.c.id,
            match_sample.c.decision_id,
            match_decision.c.decision,
            match_decision.c.member_id,
            member.c.mrn,
        )
        .join(match_decision, match_decision.c.id == match_sample.c.decision_id)
        .join(match_item, match_item.c.id == match_decision.c.item_id)
        .outerjoin(member, member.c.id == match_decision.c.member_id)
        .where(match_item.c.id == item_id, _open_to(rep_id))
    )
    return (await connection.execute(query)).first()


async def keep_look(connection: AsyncConnection, sample_id: int, values: Values) -> bool:
    """Write a second look that nobody has taken before; False when somebody has."""
    change = update(match_sample).where(match_sample.c.id == sample_id, match_sample.c.rep_id.is_(None))
    return (
        await connection.execute(change.values(**values).returning(match_sample.c.id))
    ).first() is not None
