"""Route of what may be done by phone; each act itself is a route of its room."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api_client.types.acts import ActOptions
from api_client.types.calls import Whom
from backend.calls import acts
from backend.http import CallOf

router = APIRouter(prefix="/v1/acts", tags=["acts"])


@router.post("/options", operation_id="acts.options", response_model=ActOptions)
async def options(call: CallOf, form: Whom) -> Response:
    """Every act by phone for a group or a person: allowed, or why not, and what will happen."""
    return await call.read(lambda unit: acts.options(unit, form))
