"""Routes of the manual-match queue."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from fastapi.responses import Response

from api_client.types.common import Page
from api_client.types.matching import (
    AskEmployer,
    Claim,
    Decide,
    EmployerAnswer,
    Home,
    Lease,
    MatchItem,
    MatchRow,
    Skip,
)
from backend.database.unit import Unit
from backend.http import CallOf
from backend.matching import decide, service

router = APIRouter(prefix="/v1", tags=["matching"])
_ITEM = "/match-items/{number}"


@router.get("/home", operation_id="matching.home", response_model=Home)
async def home(call: CallOf) -> Response:
    """All queues, the next item and the rep's own."""
    return await call.read(service.home)


@router.get("/match-items", operation_id="matching.list", response_model=Page[MatchRow])
async def page(
    call: CallOf,
    view: Literal["open", "paused", "mine", "done"] = "open",
    cursor: str | None = None,
    around: str | None = None,
) -> Response:
    """One page of the queue, masked; `around` begins at an item."""
    return await call.read(lambda unit: service.page(unit, view, cursor, around))


@router.post("/match-items/next", operation_id="matching.next", response_model=Claim)
async def take_next(call: CallOf) -> Response:
    """Claim the most urgent free item."""
    return await call.write(service.take_next)


@router.get(_ITEM, operation_id="matching.show", response_model=MatchItem)
async def show(call: CallOf, number: str) -> Response:
    """One case; unmasked under the rep's claim."""
    token = call.request.headers.get("claim-token", "")
    return await call.read(lambda unit: service.show(unit, number, token))


@router.post(_ITEM + "/claim", operation_id="matching.claim", response_model=Claim)
async def claim(call: CallOf, number: str) -> Response:
    """Claim this item."""
    return await call.write(lambda unit: service.claim(unit, number))


@router.post(_ITEM + "/extend", operation_id="matching.extend", response_model=Lease)
async def extend(call: CallOf, number: str) -> Response:
    """Renew the claim."""
    token = call.claim_token
    return await call.write(lambda unit: service.extend(unit, number, token))


@router.post(_ITEM + "/skip", operation_id="matching.skip", status_code=204, response_class=Response)
async def skip(call: CallOf, number: str, form: Skip) -> Response:
    """Put the item back with the reason."""
    token = call.claim_token

    async def act(unit: Unit) -> None:
        await service.skip(unit, number, token, form.reason)

    return await call.write(act)


@router.post(_ITEM + "/decide", operation_id="matching.decide", response_model=MatchItem)
async def decision(call: CallOf, number: str, form: Decide) -> Response:
    """Link, create or return."""
    token, version = call.claim_token, call.version
    return await call.write(lambda unit: decide.decide(unit, number, version, token, form))


@router.post(_ITEM + "/approve", operation_id="matching.approve", response_model=MatchItem)
async def approve(call: CallOf, number: str) -> Response:
    """Agree to another's decision as the second person."""
    version = call.version
    return await call.write(lambda unit: decide.approve(unit, number, version))


@router.post(_ITEM + "/refuse", operation_id="matching.refuse", response_model=MatchItem)
async def refuse(call: CallOf, number: str) -> Response:
    """Send another's decision back to the queue as the second person."""
    version = call.version
    return await call.write(lambda unit: decide.refuse(unit, number, version))


@router.post(_ITEM + "/ask-employer", operation_id="matching.ask_employer", response_model=MatchItem)
async def ask_employer(call: CallOf, number: str, form: AskEmployer) -> Response:
    """Ask the employer; the clock stands still."""
    token, version = call.claim_token, call.version
    return await call.write(lambda unit: decide.ask_employer(unit, number, version, token, form))


@router.post(_ITEM + "/employer-answer", operation_id="matching.employer_answer", response_model=MatchItem)
async def employer_answer(call: CallOf, number: str, form: EmployerAnswer) -> Response:
    """Write down the employer's answer, or withdraw the question."""
    version = call.version
    return await call.write(lambda unit: decide.employer_answer(unit, number, version, form))


@router.post(_ITEM + "/undo", operation_id="matching.undo", response_model=Claim)
async def undo(call: CallOf, number: str) -> Response:
    """Take a decision back."""
    version = call.version
    return await call.write(lambda unit: decide.undo(unit, number, version))
