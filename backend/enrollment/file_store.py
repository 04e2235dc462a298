"""SQL of enrollment files: the file itself in sealed pieces, its state, and what became of each member."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, and_, delete, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.words import AbsenceState, FileState, Outcome
from backend.database.tables import (
    absence,
    enrollment,
    enrollment_file,
    file_member,
    file_part,
    trading_partner,
)

Values = Mapping[str, Any]
_file = enrollment_file
_REFUSED = (FileState.ENVELOPE_REJECTED, FileState.STRUCTURE_REJECTED, FileState.PARTIAL)
# All of them at once, not for each file: PostgreSQL would read them through for every file without any.
_undecided = select(absence.c.file_id).where(absence.c.state == AbsenceState.OPEN).distinct()
_PARTS = {
    "all": _file.c.id > 0,
    "refused": _file.c.state.in_(_REFUSED),
    "open": or_(_file.c.state.in_((FileState.STOPPED, FileState.HELD)), _file.c.id.in_(_undecided)),
}


def is_part(part: str) -> bool:
    """Whether there is such a part of the list."""
    return part in _PARTS


# -- the file itself -------------------------------------------------------------------------------


async def add(connection: AsyncConnection, values: Values) -> int:
    """Write a file; returns its key."""
    made = insert(_file).values(**values).returning(_file.c.id)
    return int((await connection.execute(made)).scalar_one())


async def change(connection: AsyncConnection, file_id: int, values: Values) -> Any:
    """Change a file and count its version; returns its row."""
    changed = (
        update(_file)
        .where(_file.c.id == file_id)
        .values(**values, version=_file.c.version + 1)
        .returning(_file)
    )
    return (await connection.execute(changed)).one()


async def add_parts(connection: AsyncConnection, file_id: int, parts: Sequence[tuple[int, bytes]]) -> None:
    """Write sealed pieces of a file by their numbers."""
    rows = [{"file_id": file_id, "seq": seq, "sealed": sealed} for seq, sealed in parts]
    await connection.execute(insert(file_part), rows)


async def remove_parts(connection: AsyncConnection, file_id: int) -> None:
    """Take the pieces of a file away, to be kept anew."""
    await connection.execute(delete(file_part).where(file_part.c.file_id == file_id))


async def part(connection: AsyncConnection, file_id: int, seq: int) -> bytes | None:
    """A sealed piece; None beyond the end."""
    query = select(file_part.c.sealed).where(file_part.c.file_id == file_id, file_part.c.seq == seq)
    found = (await connection.execute(query)).scalar_one_or_none()
    return None if found is None else bytes(found)


async def by_id(connection: AsyncConnection, file_id: int) -> Any:
    """The file of this key."""
    return (await connection.execute(select(_file).where(_file.c.id == file_id))).one()


async def by_number(connection: AsyncConnection, number: str, *, lock: bool = False) -> Any | None:
    """The file of this number."""
    query = select(_file).where(_file.c.number == number)
    return (await connection.execute(query.with_for_update() if lock else query)).first()


async def by_control(
    connection: AsyncConnection, sender: str, receiver: str, control_number: str
) -> Any | None:
    """The production file that holds this control number of this sender and receiver."""
    query = select(_file).where(
        _file.c.registered,
        _file.c.sender == sender,
        _file.c.receiver == receiver,
        _file.c.control_number == control_number,
    )
    return (await connection.execute(query)).first()


async def listed(
    connection: AsyncConnection,
    part: str,
    limit: int,
    *,
    before: int | None = None,
    after: int | None = None,
) -> Sequence[Any]:
    """Files of a part of the list with their partner's name, the newest first; beside the keys given."""
    query = select(_file, trading_partner.c.name.label("partner_name")).outerjoin(
        trading_partner, trading_partner.c.id == _file.c.partner_id
    )
    query = query.where(_PARTS[part])
    if after is not None:
        query = query.where(_file.c.id > after).order_by(_file.c.id)
        return list(reversed((await connection.execute(query.limit(limit))).all()))
    if before is not None:
        query = query.where(_file.c.id < before)
    return (await connection.execute(query.order_by(_file.c.id.desc()).limit(limit))).all()


# -- its run ---------------------------------------------------------------------------------------


def _free(now: datetime) -> ColumnElement[bool]:
    """Nobody is at the file."""
    return or_(_file.c.run_until.is_(None), _file.c.run_until <= now)


async def take_run(
    connection: AsyncConnection,
    file_id: int,
    token: str,
    now: datetime,
    until: datetime,
    *,
    stopped_too: bool,
) -> Any | None:
    """Have the run of a file, if nobody has it; returns its row."""
    states = (FileState.RECEIVED, FileState.STOPPED) if stopped_too else (FileState.RECEIVED,)
    taken = (
        update(_file)
        .where(_file.c.id == file_id, _file.c.size > 0, _file.c.state.in_(states), _free(now))
        .values(state=FileState.RECEIVED, run_token=token, run_until=until)
        .returning(_file)
    )
    return (await connection.execute(taken)).first()


async def renew(connection: AsyncConnection, file_id: int, token: str, until: datetime) -> bool:
    """Hold a run longer; False when it is not this one's any more."""
    renewed = update(_file).where(_file.c.id == file_id, _file.c.run_token == token)
    return (await connection.execute(renewed.values(run_until=until))).rowcount > 0


async def break_off(connection: AsyncConnection, file_id: int, now: datetime, values: Values) -> Any | None:
    """Change a file that did not arrive whole; None when somebody is at it after all."""
    broken = (
        update(_file)
        .where(_file.c.id == file_id, _file.c.size == 0, _file.c.state == FileState.RECEIVED, _free(now))
        .values(**values, version=_file.c.version + 1)
        .returning(_file)
    )
    return (await connection.execute(broken)).first()


async def advance(connection: AsyncConnection, file_id: int, token: str, values: Values) -> Any | None:
    """Write how far a run has come; None when the run is not this one's any more."""
    advanced = (
        update(_file)
        .where(_file.c.id == file_id, _file.c.run_token == token)
        .values(**values, version=_file.c.version + 1)
        .returning(_file)
    )
    return (await connection.execute(advanced)).first()


async def free_runs(connection: AsyncConnection) -> None:
    """Let go of every run: whoever had one is gone."""
    await connection.execute(
        update(_file).where(_file.c.run_token.is_not(None)).values(run_token=None, run_until=None)
    )


async def left(connection: AsyncConnection, now: datetime) -> Sequence[Any]:
    """Files that are on their way while nobody is at them."""
    query = select(_file).where(_file.c.state == FileState.RECEIVED, _free(now))
    return (await connection.execute(query.order_by(_file.c.id).limit(20))).all()


# -- its members -----------------------------------------------------------------------------------


async def add_members(connection: AsyncConnection, rows: Sequence[Values]) -> None:
    """Write what became of members."""
    await connection.execute(insert(file_member), list(rows))


async def enrollments_at(
    connection: AsyncConnection, file_id: int, first: int, last: int
) -> Mapping[int, tuple[int, int | None]]:
    """Keys of enrollment and member by the place in the file, for a stretch of it."""
    query = (
        select(enrollment.c.file_ordinal, enrollment.c.id, enrollment.c.member_id)
        .where(enrollment.c.file_id == file_id, enrollment.c.file_ordinal.between(first, last))
        .order_by(enrollment.c.file_ordinal, enrollment.c.file_part)
    )
    return {row.file_ordinal: (row.id, row.member_id) for row in await connection.execute(query)}


async def members_of(
    connection: AsyncConnection, file_id: int, limit: int, *, outcome: Outcome | None = None, after: int = 0
) -> Sequence[Any]:
    """Members in the order of the file, with receipt and name as sent where an enrollment was written."""
    query = (
        select(
            file_member,
            enrollment.c.receipt,
            enrollment.c.last_name,
            enrollment.c.first_name,
        )
        .outerjoin(enrollment, enrollment.c.id == file_member.c.enrollment_id)
        .where(file_member.c.file_id == file_id, file_member.c.ordinal > after)
    )
    if outcome is not None:
        query = query.where(file_member.c.outcome == outcome)
    return (await connection.execute(query.order_by(file_member.c.ordinal).limit(limit))).all()


async def not_applied(connection: AsyncConnection, file_id: int, limit: int) -> Sequence[Any]:
    """Members who were not simply applied, in the order of the file."""
    query = select(file_member).where(
        and_(file_member.c.file_id == file_id, file_member.c.outcome != Outcome.APPLIED)
    )
    return (await connection.execute(query.order_by(file_member.c.ordinal).limit(limit))).all()


async def open_absences(connection: AsyncConnection, file_ids: Sequence[int]) -> Mapping[int, int]:
    """How many absences of each file nobody has decided."""
    query = (
        select(absence.c.file_id, func.count())
        .where(absence.c.file_id.in_(file_ids), absence.c.state == AbsenceState.OPEN)
        .group_by(absence.c.file_id)
    )
    return {int(file_id): int(count) for file_id, count in (await connection.execute(query)).all()}
