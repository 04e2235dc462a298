"""SQL of reps, sessions and station credentials."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Row, delete, insert, select, update
from sqlalchemy.dialects.postgresql import insert as pg_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.database import tables

_rep, _session, _credential = tables.rep, tables.session, tables.station_credential


async def rep_by_name(connection: AsyncConnection, username: str) -> Row[Any] | None:
    """The rep of this user name."""
    return (await connection.execute(select(_rep).where(_rep.c.username == username))).first()


async def reps(connection: AsyncConnection) -> list[Row[Any]]:
    """All reps by user name."""
    return list((await connection.execute(select(_rep).order_by(_rep.c.username))).all())


async def has_reps(connection: AsyncConnection) -> bool:
    """Whether there is anyone who could sign in."""
    return (await connection.execute(select(_rep.c.id).limit(1))).first() is not None


async def add_rep(connection: AsyncConnection, values: dict[str, Any]) -> int:
    """Write a new rep; returns its key."""
    return int((await connection.execute(insert(_rep).values(**values).returning(_rep.c.id))).scalar_one())


async def change_rep(connection: AsyncConnection, rep_id: int, values: dict[str, Any]) -> None:
    """Change a rep and count its version."""
    await connection.execute(
        update(_rep).where(_rep.c.id == rep_id).values(version=_rep.c.version + 1, **values)
    )


_session_of_rep = select(
    _session,
    _rep.c.username,
    _rep.c.display_name,
    _rep.c.role,
    _rep.c.center,
    _rep.c.password_hash,
    _rep.c.disabled_at,
).join(_rep, _rep.c.id == _session.c.rep_id)


async def session_by_hash(connection: AsyncConnection, token_hash: str) -> Row[Any] | None:
    """A session with its rep's columns."""
    return (await connection.execute(_session_of_rep.where(_session.c.token_hash == token_hash))).first()


async def session_by_id(connection: AsyncConnection, session_id: int) -> Row[Any] | None:
    """The same, by key."""
    return (await connection.execute(_session_of_rep.where(_session.c.id == session_id))).first()


async def add_session(connection: AsyncConnection, values: dict[str, Any]) -> None:
    """Write a new session."""
    await connection.execute(insert(_session).values(**values))


async def has_session(connection: AsyncConnection, rep_id: int, now: datetime, idle_since: datetime) -> bool:
    """Whether the rep is signed in somewhere."""
    query = select(_session.c.id).where(
        _session.c.rep_id == rep_id,
        _session.c.ended_at.is_(None),
        _session.c.ends_at > now,
        _session.c.last_act_at > idle_since,
    )
    return (await connection.execute(query.limit(1))).first() is not None


async def change_session(connection: AsyncConnection, session_id: int, values: dict[str, Any]) -> None:
    """Change one session."""
    await connection.execute(update(_session).where(_session.c.id == session_id).values(**values))


async def end_sessions(connection: AsyncConnection, rep_id: int, now: datetime) -> int:
    """End every open session of a rep; returns how many."""
    ended = await connection.execute(
        update(_session)
        .where(_session.c.rep_id == rep_id, _session.c.ended_at.is_(None))
        .values(ended_at=now)
    )
    return ended.rowcount


async def credential_by_hash(connection: AsyncConnection, secret_hash: str) -> Row[Any] | None:
    """A station credential with its rep's user name and state."""
    query = select(_credential, _rep.c.username, _rep.c.disabled_at).join(
        _rep, _rep.c.id == _credential.c.rep_id
    )
    return (await connection.execute(query.where(_credential.c.secret_hash == secret_hash))).first()


async def add_credential(connection: AsyncConnection, values: dict[str, Any]) -> int:
    """Write a new credential; returns its key."""
    return int(
        (
            await connection.execute(insert(_credential).values(**values).returning(_credential.c.id))
        ).scalar_one()
    )


async def lock_credential(connection: AsyncConnection, credential_id: int, at: datetime | None) -> None:
    """Lock a credential until the password was typed, or open it again."""
    await connection.execute(
        update(_credential).where(_credential.c.id == credential_id).values(locked_at=at)
    )


async def revoke_credentials(
    connection: AsyncConnection, rep_id: int, now: datetime, *, station: str | None = None
) -> None:
    """Revoke a rep's credentials, of one station or of all."""
    change = (
        update(_credential)
        .where(_credential.c.rep_id == rep_id, _credential.c.revoked_at.is_(None))
        .values(revoked_at=now)
    )
    if station is not None:
        change = change.where(_credential.c.station == station)
    await connection.execute(change)


# -- drafts ----------------------------------------------------------------------------------------

_draft = tables.draft


async def draft(connection: AsyncConnection, rep_id: int, subject: str) -> Row[Any] | None:
    """A rep's draft about a subject."""
    query = select(_draft).where(_draft.c.rep_id == rep_id, _draft.c.subject == subject)
    return (await connection.execute(query)).first()


async def put_draft(connection: AsyncConnection, rep_id: int, subject: str, text: str, at: datetime) -> None:
    """Write a draft over the one before."""
    make = sqlite_insert if connection.dialect.name == "sqlite" else pg_insert
    written = make(_draft).values(rep_id=rep_id, subject=subject, text=text, at=at)
    change = written.on_conflict_do_update(
        index_elements=["rep_id", "subject"], set_={"text": text, "at": at}
    )
    await connection.execute(change)


async def remove_draft(connection: AsyncConnection, rep_id: int, subject: str) -> None:
    """Leave nothing of a draft."""
    await connection.execute(delete(_draft).where(_draft.c.rep_id == rep_id, _draft.c.subject == subject))
