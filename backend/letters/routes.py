"""Routes of letters."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api_client.types.billing_words import LetterKind
from api_client.types.common import Page
from api_client.types.letters import (
    CopyLetter,
    LetterReturned,
    LetterRow,
    LetterText,
    ReturnedRow,
    SendLetter,
    SettleReturned,
    TakeBackLetter,
)
from backend.http import CallOf
from backend.letters import reading, returned, service
from backend.letters.render import press

PDF = "application/pdf"

router = APIRouter(prefix="/v1", tags=["letters"])


@router.get("/accounts/{number}/letters", operation_id="letters.list", response_model=Page[LetterRow])
async def letters(call: CallOf, number: str, cursor: str | None = None) -> Response:
    """Letters of a group and their copies, the newest first."""
    return await call.read(lambda unit: service.page(unit, number, cursor))


@router.post("/letters/{number}/copy", operation_id="letters.copy", response_model=LetterRow)
async def copy(call: CallOf, number: str, form: CopyLetter) -> Response:
    """Order a copy for the caller on the line."""
    return await call.write(lambda unit: service.copy(unit, number, form))


@router.post("/letters/send/{kind}", operation_id="letters.send", response_model=LetterRow)
async def send(call: CallOf, kind: LetterKind, form: SendLetter) -> Response:
    """Order what is sent on request."""
    return await call.write(lambda unit: service.send(unit, kind, form))


@router.post("/letters/{number}/undo", operation_id="letters.undo", response_model=LetterRow)
async def undo(call: CallOf, number: str) -> Response:
    """Take one's own order back."""
    return await call.write(lambda unit: service.undo(unit, number))


@router.get("/letters/{number}/text", operation_id="letters.text", response_model=LetterText)
async def text(call: CallOf, number: str) -> Response:
    """A letter as it reads."""
    return await call.read(lambda unit: reading.text(unit, number))


@router.get(
    "/letters/{number}/pdf",
    operation_id="letters.pdf",
    response_class=Response,
    responses={200: {"content": {PDF: {"schema": {"type": "string", "format": "binary"}}}}},
)
async def pdf(call: CallOf, number: str) -> Response:
    """A letter as it is printed."""
    return await call.document(lambda unit: reading.pages(unit, number), press().print, PDF)


@router.get("/letters/returned", operation_id="letters.returned", response_model=Page[ReturnedRow])
async def returned_letters(call: CallOf, cursor: str | None = None) -> Response:
    """Letters that came back and are not settled, the first to come back first."""
    return await call.read(lambda unit: returned.page(unit, cursor))


@router.post("/letters/{number}/returned", operation_id="letters.came_back", response_model=LetterRow)
async def came_back(call: CallOf, number: str, form: LetterReturned) -> Response:
    """The post brought a letter back."""
    return await call.write(lambda unit: returned.came_back(unit, number, form))


@router.post("/letters/{number}/settle", operation_id="letters.settle", response_model=LetterRow)
async def settle(call: CallOf, number: str, form: SettleReturned) -> Response:
    """Say what was done about a letter that came back."""
    return await call.write(lambda unit: returned.settle(unit, number, form))


@router.post("/letters/{number}/take-back", operation_id="letters.take_back", response_model=LetterRow)
async def take_back(call: CallOf, number: str, form: TakeBackLetter) -> Response:
    """Take back a letter that the rules wrote, before it is mailed."""
    return await call.write(lambda unit: returned.take_back(unit, number, form))
