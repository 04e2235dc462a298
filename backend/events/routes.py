"""The stream of live updates, and the presence that keeps an embedded backend alive."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated

from fastapi import APIRouter, Header, Request
from fastapi.responses import StreamingResponse
from fastapi.sse import EventSourceResponse, ServerSentEvent

from backend.http import CallOf, runtime_of

router = APIRouter(prefix="/v1", tags=["events"])
_HEARTBEAT_SECONDS = 15.0


@router.get("/events", operation_id="events.stream", response_class=EventSourceResponse)
async def stream(
    call: CallOf, last_event_id: Annotated[int | None, Header(ge=0)] = None
) -> AsyncIterator[ServerSentEvent]:
    """Ids and versions of what changes, from `Last-Event-ID` on or from now on."""
    async for event in call.runtime.hub.stream(last_event_id):
        yield ServerSentEvent(data=event, event=event.kind, id=str(event.seq))


@router.get("/presence", operation_id="events.presence", response_class=StreamingResponse)
async def presence(request: Request) -> StreamingResponse:
    """Held open by each desk on this machine; an embedded backend ends soon after the last one closes."""
    runtime = runtime_of(request)

    async def hold() -> AsyncIterator[bytes]:
        with runtime.presence.held():
            yield b"here\n"
            while not await runtime.hub.closed_within(_HEARTBEAT_SECONDS):
                yield b"\n"

    return StreamingResponse(hold(), media_type="text/plain")
