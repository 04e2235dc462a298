"""Routes of letters."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api_client.types.common import Page
from api_client.types.letters import CopyLetter, LetterRow, LetterText, SendLetter
from api_client.types.words import LetterKind
from backend.http import CallOf
from backend.letters import reading, service
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
