"""Routes of the manual-match queue."""

from __future__ import annotations

from typing import Literal

from fastapi import APIRouter
from fastapi.responses import Response

from api_client.types.common import Page
from api_client.types.matching import (
    AskEmployer,
    Assign,
    Candidate,
    Claim,
    Colleague,
    Decide,
    EmployerAnswer,
    Escalate,
    HandOver,
    HandSearch,
    Home,
    Lease,
    MatchItem,
    MatchRow,
    SecondLook,
    Skip,
    Unlink,
    UrgentCare,
    WriteNote,
)
from backend.database.unit import Unit
from backend.http import Call, CallOf
from backend.matching import acts, ask, by_hand, decide, samples, service, turns, undo

router = APIRouter(prefix="/v1", tags=["matching"])
_ITEM = "/match-items/{number}"


def _token_if_any(call: Call) -> str:
    return call.request.headers.get("claim-token", "")


@router.get("/home", operation_id="matching.home", response_model=Home)
async def home(call: CallOf) -> Response:
    """All queues, the next item and the rep's own."""
    return await call.read(turns.home)


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
    return await call.write(turns.take_next)


@router.get(_ITEM, operation_id="matching.show", response_model=MatchItem)
async def show(call: CallOf, number: str) -> Response:
    """One case; unmasked under the rep's claim."""
    token = _token_if_any(call)
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
        await acts.skip(unit, number, token, form.reason)

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
    return await call.write(lambda unit: ask.ask_employer(unit, number, version, token, form))


@router.post(_ITEM + "/employer-answer", operation_id="matching.employer_answer", response_model=MatchItem)
async def employer_answer(call: CallOf, number: str, form: EmployerAnswer) -> Response:
    """Write down the employer's answer, or withdraw the question."""
    version = call.version
    return await call.write(lambda unit: ask.employer_answer(unit, number, version, form))


@router.post(_ITEM + "/undo", operation_id="matching.undo", response_model=Claim)
async def take_decision_back(call: CallOf, number: str) -> Response:
    """Take a decision back."""
    version = call.version
    return await call.write(lambda unit: undo.undo(unit, number, version))


@router.post(_ITEM + "/unlink", operation_id="matching.unlink", response_model=MatchItem)
async def unlink(call: CallOf, number: str, form: Unlink) -> Response:
    """Ask that an applied decision be taken apart."""
    version = call.version
    return await call.write(lambda unit: undo.unlink(unit, number, version, form.reason))


@router.post(
    _ITEM + "/hand-over", operation_id="matching.hand_over", status_code=204, response_class=Response
)
async def hand_over(call: CallOf, number: str, form: HandOver) -> Response:
    """Give the case to another rep."""
    token = call.claim_token

    async def act(unit: Unit) -> None:
        await acts.hand_over(unit, number, token, form.to, form.words)

    return await call.write(act)


@router.post(_ITEM + "/escalate", operation_id="matching.escalate", status_code=204, response_class=Response)
async def escalate(call: CallOf, number: str, form: Escalate) -> Response:
    """Give the case to the leads with a question."""
    token = call.claim_token

    async def act(unit: Unit) -> None:
        await acts.escalate(unit, number, token, form.question)

    return await call.write(act)


@router.post(_ITEM + "/assign", operation_id="matching.assign", response_model=MatchItem)
async def assign(call: CallOf, number: str, form: Assign) -> Response:
    """Give the case to a rep, whoever has it now."""
    version = call.version
    return await call.write(lambda unit: acts.assign(unit, number, version, form.to))


@router.post(_ITEM + "/take-back", operation_id="matching.take_back", response_model=MatchItem)
async def take_back(call: CallOf, number: str) -> Response:
    """End another rep's claim."""
    version = call.version
    return await call.write(lambda unit: acts.take_back(unit, number, version))


@router.post(_ITEM + "/notes", operation_id="matching.note", response_model=MatchItem)
async def note(call: CallOf, number: str, form: WriteNote) -> Response:
    """Write a note to the case."""
    token = _token_if_any(call)
    return await call.write(lambda unit: acts.note(unit, number, token, form.text))


@router.post(_ITEM + "/urgent-care", operation_id="matching.urgent_care", response_model=MatchItem)
async def urgent_care(call: CallOf, number: str, form: UrgentCare) -> Response:
    """Put the case first because care is needed now, or back."""
    return await call.write(lambda unit: acts.urgent_care(unit, number, form.needed))


@router.post(_ITEM + "/search", operation_id="matching.search", response_model=Page[Candidate])
async def search(call: CallOf, number: str, form: HandSearch) -> Response:
    """Members found by hand; the terms stand in the body, never in an address or a log."""
    token = call.claim_token
    return await call.read(lambda unit: by_hand.search(unit, number, token, form))


@router.get("/colleagues", operation_id="matching.colleagues", response_model=Page[Colleague])
async def colleagues(call: CallOf) -> Response:
    """Who a case can be handed to."""
    return await call.read(acts.colleagues)


@router.get("/second-looks", operation_id="matching.second_looks", response_model=Page[MatchRow])
async def second_looks(call: CallOf) -> Response:
    """Decided cases that wait for a blind second look, masked."""
    return await call.read(samples.waiting)


@router.get("/second-looks/{number}", operation_id="matching.second_look", response_model=MatchItem)
async def second_look(call: CallOf, number: str) -> Response:
    """A decided case without what was decided."""
    return await call.read(lambda unit: samples.show(unit, number))


@router.post("/second-looks/{number}", operation_id="matching.look_again", response_model=SecondLook)
async def look_again(call: CallOf, number: str, form: Decide) -> Response:
    """Say what one would have decided; nothing changes."""
    return await call.write(lambda unit: samples.look_again(unit, number, form))
