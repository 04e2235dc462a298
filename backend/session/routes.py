"""Routes of sign-in, lock and sign-out. Passwords are checked outside any transaction."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response
from pydantic import SecretStr

from api_client.types.problems import ProblemType
from api_client.types.session import Draft, Hello, KeepDraft, Session, SignedIn, SignIn, Unlock
from backend.actors import Actor
from backend.database.unit import Unit
from backend.http import Call, CallOf
from backend.problems import Problem
from backend.session import drafts, service, store
from backend.session.passwords import password_fits
from backend.session.tries import forget_tries, take_try

router = APIRouter(prefix="/v1", tags=["session"])
_PATH = "/session"


def _source(call: Call) -> str:
    client = call.request.client
    return client.host if client else "this machine"


@router.get(_PATH + "/hello", operation_id="session.hello", response_model=Hello)
async def hello(call: CallOf) -> Hello:
    """Versions, the public demo sign-in of a demo store, and whether a store of one's own has reps."""
    return await service.hello(call.runtime, same_machine=call.request.client is None)


@router.post(_PATH, operation_id="session.sign_in", response_model=SignedIn)
async def sign_in(call: CallOf, form: SignIn) -> Response:
    """Sign in with a password, or with the credential of this station."""
    service.check_version(form)
    demo = call.runtime.demo
    call.actor = Actor(call.actor.kind, form.username)
    if form.password is None:
        if form.credential is None:
            raise Problem(ProblemType.INVALID, "Type the password.", errors=[("password", "is missing")])
        return await call.write(lambda unit: service.resume_session(unit, form, demo=demo), keep_body=False)
    if demo and call.request.client is not None:
        raise Problem(ProblemType.SIGN_IN_FAILED, "A demo store signs nobody in from another machine.")
    fits = await _password_fits(call, form.username, form.password)

    async def act(unit: Unit) -> SignedIn:
        rep = await service.rep_for(unit, form.username)
        if rep is None or not fits:
            unit.audit("session.sign_in_failed", "rep", form.username)
            raise Problem(ProblemType.SIGN_IN_FAILED, "User name or password is not right.", keep=True)
        await forget_tries(unit, form.username)
        return await service.start_session(unit, rep, form, demo=demo)

    return await call.write(act, keep_body=False)


async def _password_fits(call: Call, username: str, password: SecretStr) -> bool:
    """Take a try, then check; a name nobody has takes as long as any other."""
    async with call.runtime.act(call.actor, call.request_id) as unit:
        await take_try(unit, username, _source(call))
        rep = await store.rep_by_name(unit.connection, username)
    stored = None if rep is None else str(rep.password_hash)
    return await call.runtime.in_thread(lambda: password_fits(stored, password.get_secret_value()))


@router.get(_PATH, operation_id="session.show", response_model=Session)
async def show(call: CallOf) -> Response:
    """Who is signed in, and the server's time."""
    return await call.read(lambda unit: service.show(unit, demo=call.runtime.demo))


@router.post(_PATH + "/lock", operation_id="session.lock", response_model=Session)
async def lock(call: CallOf) -> Response:
    """Lock the desk on the server too."""
    return await call.write(lambda unit: service.lock(unit, demo=call.runtime.demo))


@router.post(_PATH + "/unlock", operation_id="session.unlock", response_model=Session)
async def unlock(call: CallOf, form: Unlock) -> Response:
    """Unlock with the password."""
    fits = await _password_fits(call, call.actor.name, form.password)

    async def act(unit: Unit) -> Session:
        if not fits:
            unit.audit("session.unlock_failed", "rep", unit.actor.name)
            raise Problem(ProblemType.SIGN_IN_FAILED, "The password is not right.", keep=True)
        await forget_tries(unit, unit.actor.name)
        return await service.unlock(unit, demo=call.runtime.demo)

    return await call.write(act, keep_body=False)


@router.delete(_PATH, operation_id="session.sign_out", status_code=204, response_class=Response)
async def sign_out(call: CallOf, forget: bool = True) -> Response:
    """End the session; `forget=false` leaves the station's credential for the next start."""

    async def act(unit: Unit) -> None:
        await service.sign_out(unit, forget=forget)

    return await call.write(act)


@router.get("/drafts/{subject}", operation_id="session.draft", response_model=Draft)
async def draft(call: CallOf, subject: str) -> Response:
    """What the rep was writing about a subject."""
    return await call.read(lambda unit: drafts.show(unit, subject))


@router.put("/drafts/{subject}", operation_id="session.keep_draft", status_code=204, response_class=Response)
async def keep_draft(call: CallOf, subject: str, form: KeepDraft) -> Response:
    """Keep what the rep is writing; an empty text throws it away."""

    async def act(unit: Unit) -> None:
        await drafts.keep(unit, subject, form.text)

    return await call.write(act)
