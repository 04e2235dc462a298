"""Route of the search."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api_client.types.search import Find, FoundAll
from backend.database.unit import Unit
from backend.http import CallOf
from backend.problems import Problem
from backend.search import limits, service

router = APIRouter(prefix="/v1/search", tags=["search"])


@router.post("", operation_id="search.find", response_model=FoundAll)
async def find(call: CallOf, form: Find) -> Response:
    """What a text may be, the best first; it stands in the body, never in an address or a log."""
    answered: service.Answered | None = None

    async def look(unit: Unit) -> FoundAll:
        nonlocal answered
        answered = await service.look(unit, form)
        return answered.answer

    response = await call.read(look)
    if answered is not None and answered.counted:
        await _count(call, answered)
    return response


async def _count(call: CallOf, answered: service.Answered) -> None:
    """In a unit of its own, which is kept when it refuses: the answer leaves after it or not at all."""
    refused: Problem | None = None
    async with call.runtime.act(call.actor, call.request_id) as unit:
        try:
            await limits.count(unit, answered.text, answered.people, free=answered.free)
        except Problem as problem:
            refused = problem
    if refused is not None:
        raise refused
