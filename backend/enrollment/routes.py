"""Routes of enrollment intake."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api_client.types.enrollment import Receipt, Submission
from backend.enrollment import service
from backend.http import CallOf

router = APIRouter(prefix="/v1/enrollment", tags=["enrollment"])


@router.post("/submissions", operation_id="enrollment.submit", response_model=Receipt)
async def submit(call: CallOf, form: Submission) -> Response:
    """One transaction of the online account service; applied, queued, referred or refused at once."""
    return await call.write(lambda unit: service.submit(unit, form))
