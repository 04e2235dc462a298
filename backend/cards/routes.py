"""Routes of cards."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api_client.types.cards import Card, Person, Reprint, WhichPerson
from backend.cards import service
from backend.http import CallOf

router = APIRouter(prefix="/v1/cards", tags=["cards"])


@router.post("/person", operation_id="cards.person", response_model=Person)
async def person(call: CallOf, form: WhichPerson) -> Response:
    """One person of a group, masked; who it is stands in the body, never in an address or a log."""
    return await call.read(lambda unit: service.person(unit, form))


@router.post("/reprint", operation_id="cards.reprint", response_model=Card)
async def reprint(call: CallOf, form: Reprint) -> Response:
    """Order another card."""
    return await call.write(lambda unit: service.reprint(unit, form))


@router.post("/{number}/undo", operation_id="cards.undo", response_model=Card)
async def undo(call: CallOf, number: str) -> Response:
    """Take one's own order back."""
    version = call.version
    return await call.write(lambda unit: service.undo(unit, number, version))
