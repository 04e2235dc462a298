"""Routes of answers."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import Response

from api_client.types.answers import AnswerRow, Article, FindAnswers
from api_client.types.common import Page
from backend.answers import service
from backend.http import CallOf

router = APIRouter(prefix="/v1/answers", tags=["answers"])


@router.post("/find", operation_id="answers.find", response_model=Page[AnswerRow])
async def find(call: CallOf, form: FindAnswers) -> Response:
    """Questions that mean what was typed; the words stand in the body, never in an address or a log."""
    return await call.read(lambda unit: service.find(unit, form))


@router.get("/{answer_id}", operation_id="answers.show", response_model=Article)
async def show(
    call: CallOf, answer_id: str, group: Annotated[str | None, Query(max_length=30)] = None
) -> Response:
    """One question, answered for the account or for everybody."""
    return await call.read(lambda unit: service.show(unit, answer_id, group))
