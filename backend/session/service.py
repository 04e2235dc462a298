"""Who is at the desk: sign-in, sessions, the lock, and the bearer of every request.

Tokens are opaque, 256 bits, and stored as keyed hashes, so that one can be ended at once and none is
readable in the store.
"""

from __future__ import annotations

import hmac
import secrets
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import Row

from api_client.types.common import CONTRACT
from api_client.types.problems import ProblemType
from api_client.types.session import Hello, Rep, Session, SignedIn, SignIn
from api_client.types.words import ActorKind, Role
from backend.actors import Actor
from backend.database.unit import Unit
from backend.problems import Problem
from backend.session import store
from backend.version import VERSION

if TYPE_CHECKING:
    from backend.runtime import Runtime

DEMO_USERNAME = "m.lopez"
DEMO_PASSWORD = "demo demo demo"  # noqa: S105  (public: only a store flagged demo accepts it)
_TOUCH = timedelta(minutes=1)
"""An act is written down at most this often."""


def _hash(unit: Unit, purpose: str, token: str) -> str:
    return unit.keys.digest_of(purpose, token)


async def authenticate(
    runtime: Runtime, scheme: str, token: str, *, background: bool, locked_too: bool, request_id: str
) -> Actor:
    """The actor behind an `Authorization` header.

    Bearer: a rep's session. Service and Operator: a name and a token that only the secrets file yields.
    Raises SESSION_ENDED or SESSION_LOCKED. What a program does by itself in the background keeps no
    session alive.
    """
    if scheme in {"service", "operator"}:
        return _by_key(runtime, scheme, token)
    nobody = Actor(ActorKind.REP, "")
    async with runtime.look(nobody, request_id) as unit:
        row = await store.session_by_hash(unit.connection, _hash(unit, "session", token))
        reason = _why_ended(unit, row)
    if row is None or reason is not None:
        raise Problem(ProblemType.SESSION_ENDED, reason or "Nobody is signed in; sign in first.")
    if row.locked_at is not None and not locked_too:
        raise Problem(ProblemType.SESSION_LOCKED, "The desk is locked; type the password to go on.")
    actor = Actor(
        ActorKind.REP, row.username, row.display_name, Role(row.role), rep_id=row.rep_id, session_id=row.id
    )
    if not background and runtime.clock() - row.last_act_at >= _TOUCH:
        async with runtime.act(actor, request_id) as unit:
            await store.change_session(unit.connection, row.id, {"last_act_at": unit.now})
    return actor


def _by_key(runtime: Runtime, scheme: str, token: str) -> Actor:
    name, _, secret = token.partition(":")
    if scheme == "service":
        expected, actor = runtime.keys.service_token(name), Actor(ActorKind.SERVICE, name, name)
    else:
        expected, actor = runtime.keys.operator.hex(), Actor(ActorKind.OPERATOR, name, name)
    if not name or not hmac.compare_digest(expected.encode(), secret.encode()):
        raise Problem(ProblemType.SESSION_ENDED, "The token of this system is not accepted.")
    return actor


def _why_ended(unit: Unit, row: Row[Any] | None) -> str | None:
    """Why this session can no longer be used; None while it can."""
    limits = unit.policy.session
    if row is None or row.ended_at is not None or row.disabled_at is not None:
        return "The session has ended; sign in again."
    if unit.now >= row.ends_at:
        return f"The session ended after {limits.end_hours} hours; sign in again."
    if unit.now >= row.last_act_at + timedelta(minutes=limits.idle_end_minutes):
        return f"The session ended after {limits.idle_end_minutes} minutes without a key; sign in again."
    return None


async def hello(runtime: Runtime, *, same_machine: bool) -> Hello:
    """What a client may know before sign-in; the public demo password only on the same machine."""
    demo = runtime.demo and same_machine
    no_reps = False
    if same_machine:
        async with runtime.database.read() as connection:
            no_reps = not await store.has_reps(connection)
    return Hello(
        server=VERSION,
        contract=CONTRACT,
        now=runtime.clock(),
        demo_username=DEMO_USERNAME if demo else None,
        demo_password=DEMO_PASSWORD if demo else None,
        no_reps=no_reps,
    )


def check_version(form: SignIn) -> None:
    """Raises VERSION_MISMATCH when client and server do not speak the same contract."""
    if form.contract != CONTRACT:
        older = "This program" if form.contract < CONTRACT else "The server"
        raise Problem(
            ProblemType.VERSION_MISMATCH,
            f"{older} is too old: the program is {form.client}, the server {VERSION}. "
            "Nothing was sent; update the older one and start again.",
        )


async def rep_for(unit: Unit, username: str) -> Row[Any] | None:
    """The rep of this user name who may sign in."""
    row = await store.rep_by_name(unit.connection, username)
    return None if row is None or row.disabled_at is not None else row


async def start_session(unit: Unit, rep: Row[Any], form: SignIn, *, demo: bool) -> SignedIn:
    """A session after the right password, and a new credential of this station when asked for one."""
    credential, credential_id = None, None
    await store.revoke_credentials(unit.connection, rep.id, unit.now, station=form.station)
    if form.remember:
        credential = secrets.token_urlsafe(32)
        credential_id = await store.add_credential(
            unit.connection,
            {
                "secret_hash": _hash(unit, "station", credential),
                "rep_id": rep.id,
                "station": form.station,
                "created_at": unit.now,
            },
        )
    return await _open(unit, rep, form.station, credential_id, credential, demo=demo, how="password")


async def resume_session(unit: Unit, form: SignIn, *, demo: bool) -> SignedIn:
    """A session from the credential in this station's keyring.

    Raises CREDENTIAL_REFUSED when it is unknown, revoked, another rep's, or locked until a password.
    """
    assert form.credential is not None
    secret = form.credential.get_secret_value()
    row = await store.credential_by_hash(unit.connection, _hash(unit, "station", secret))
    rep = await rep_for(unit, form.username)
    good = row is not None and rep is not None and row.rep_id == rep.id and row.station == form.station
    if not good or row is None or rep is None or row.revoked_at is not None:
        unit.audit("session.credential_refused", "rep", form.username)
        raise Problem(
            ProblemType.CREDENTIAL_REFUSED,
            "This station is no longer known; sign in with the password.",
            keep=True,
        )
    if row.locked_at is not None:
        raise Problem(ProblemType.CREDENTIAL_REFUSED, "This desk was locked; sign in with the password.")
    return await _open(unit, rep, form.station, row.id, None, demo=demo, how="station")


async def _open(
    unit: Unit,
    rep: Row[Any],
    station: str,
    credential_id: int | None,
    credential: str | None,
    *,
    demo: bool,
    how: str,
) -> SignedIn:
    if not await store.has_session(unit.connection, rep.id, unit.now, _idle_since(unit)):
        await _put_the_phone_down(unit, rep.id)  # the call of a session that ended by itself
    token = secrets.token_urlsafe(32)
    await store.add_session(
        unit.connection,
        {
            "token_hash": _hash(unit, "session", token),
            "rep_id": rep.id,
            "credential_id": credential_id,
            "station": station,
            "started_at": unit.now,
            "last_act_at": unit.now,
            "ends_at": unit.now + timedelta(hours=unit.policy.session.end_hours),
        },
    )
    unit.audit("session.sign_in", "rep", rep.username, how=how)
    return SignedIn(session=_session(unit, rep, demo=demo), token=token, credential=credential)


async def _put_the_phone_down(unit: Unit, rep_id: int) -> None:
    """A call waits, with what was proved in it, when its rep is gone."""
    from backend.calls import service as calls

    await calls.put_down(unit, rep_id)


def _idle_since(unit: Unit) -> datetime:
    """Who acted before this is signed out."""
    return unit.now - timedelta(minutes=unit.policy.session.idle_end_minutes)


async def show(unit: Unit, *, demo: bool) -> Session:
    """The session of the acting rep."""
    row = await _mine(unit)
    return _session(unit, row, demo=demo, locked=row.locked_at is not None)


async def lock(unit: Unit, *, demo: bool) -> Session:
    """Lock the session, and the station's credential with it, until the password is typed."""
    rep = await _mine(unit)
    await _set_lock(unit, rep, locked=True)
    unit.audit("session.lock", "rep", unit.actor.name)
    return _session(unit, rep, demo=demo, locked=True)


async def unlock(unit: Unit, *, demo: bool) -> Session:
    """Open the session again, after the password was checked."""
    rep = await _mine(unit)
    await _set_lock(unit, rep, locked=False)
    unit.audit("session.unlock", "rep", unit.actor.name)
    return _session(unit, rep, demo=demo)


async def sign_out(unit: Unit, *, forget: bool) -> None:
    """End the session; with `forget` this station's credential ends too."""
    row = await _mine(unit)
    await _put_the_phone_down(unit, row.rep_id)
    await store.change_session(unit.connection, row.id, {"ended_at": unit.now})
    if forget:
        await store.revoke_credentials(unit.connection, row.rep_id, unit.now, station=row.station)
    unit.audit("session.sign_out", "rep", unit.actor.name, forget=forget)


async def _set_lock(unit: Unit, row: Row[Any], *, locked: bool) -> None:
    at = unit.now if locked else None
    await store.change_session(unit.connection, row.id, {"locked_at": at, "last_act_at": unit.now})
    if row.credential_id is not None:
        await store.lock_credential(unit.connection, row.credential_id, at)


async def _mine(unit: Unit) -> Row[Any]:
    assert unit.actor.session_id is not None
    row = await store.session_by_id(unit.connection, unit.actor.session_id)
    assert row is not None
    return row


def _session(unit: Unit, rep: Row[Any], *, demo: bool, locked: bool = False) -> Session:
    return Session(
        rep=Rep(username=rep.username, display_name=rep.display_name, role=Role(rep.role), center=rep.center),
        server=VERSION,
        now=unit.now,
        zone=unit.zone.key,
        demo=demo,
        idle_lock_minutes=unit.policy.session.idle_lock_minutes,
        idle_lock_minutes_in_call=unit.policy.session.idle_lock_in_call_minutes,
        locked=locked,
    )
