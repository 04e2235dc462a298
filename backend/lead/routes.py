"""Routes of the lead's board."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api_client.types.lead import LeadBoard
from backend.http import CallOf
from backend.lead import service

router = APIRouter(prefix="/v1/lead", tags=["lead"])


@router.get("/board", operation_id="lead.board", response_model=LeadBoard)
async def board(call: CallOf) -> Response:
    """How the queue stands and how it is worked, for leads."""
    return await call.read(service.board)
