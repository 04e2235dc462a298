"""Routes of calls, notes and call-backs."""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Path
from fastapi.responses import Response

from api_client.types.calls import (
    Call,
    CallBack,
    CallBackRow,
    Caller,
    EditNote,
    HandOverCall,
    HistoryLine,
    MyCalls,
    Note,
    NumberOnRecord,
    PlanCallBack,
    Pop,
    StartCall,
    TriedCallBack,
    Verified,
    Verify,
    Whom,
    WrapUpCall,
    WriteCallNote,
)
from api_client.types.common import Page
from backend.calls import call_backs, history, notes, service
from backend.calls import verify as verification
from backend.http import CallOf

NoteId = Annotated[int, Path(ge=1, lt=2**63)]
router = APIRouter(prefix="/v1", tags=["calls"])


@router.get("/calls/mine", operation_id="calls.mine", response_model=MyCalls)
async def mine(call: CallOf) -> Response:
    """The rep's own calls."""
    return await call.read(service.mine)


@router.post("/calls", operation_id="calls.start", response_model=Call)
async def start(call: CallOf, form: StartCall) -> Response:
    """Begin a call by hand."""
    return await call.write(lambda unit: service.start(unit, form))


@router.post("/calls/pop", operation_id="calls.pop", response_model=Call)
async def pop(call: CallOf, form: Pop) -> Response:
    """Announce a call of the phone system."""
    return await call.write(lambda unit: service.pop(unit, form))


@router.post("/calls/{number}/take", operation_id="calls.take", response_model=Call)
async def take(call: CallOf, number: str) -> Response:
    """Take a ringing or parked call."""
    version = call.version
    return await call.write(lambda unit: service.take(unit, number, version))


@router.post("/calls/{number}/park", operation_id="calls.park", response_model=Call)
async def park(call: CallOf, number: str) -> Response:
    """Put the call on hold."""
    version = call.version
    return await call.write(lambda unit: service.park(unit, number, version))


@router.post("/calls/{number}/caller", operation_id="calls.caller", response_model=Call)
async def caller(call: CallOf, number: str, form: Caller) -> Response:
    """Say as what somebody calls."""
    return await call.write(lambda unit: verification.caller(unit, number, form))


@router.post("/calls/{number}/verify", operation_id="calls.verify", response_model=Verified)
async def verify(call: CallOf, number: str, form: Verify) -> Response:
    """Compare one answer; a repeat gets the outcome again, which holds nothing of what was said."""
    return await call.write(lambda unit: verification.verify(unit, number, form))


@router.post(
    "/calls/{number}/number-on-record", operation_id="calls.number_on_record", response_model=NumberOnRecord
)
async def number_on_record(call: CallOf, number: str, form: Whom) -> Response:
    """Whom to call back to be sure of them."""
    return await call.read(lambda unit: verification.number_on_record(unit, number, form))


@router.post("/calls/{number}/wrap-up", operation_id="calls.wrap_up", response_model=Call)
async def wrap_up(call: CallOf, number: str, form: WrapUpCall) -> Response:
    """Close the call."""
    version = call.version
    return await call.write(lambda unit: service.wrap_up(unit, number, version, form))


@router.post("/calls/{number}/hand-over", operation_id="calls.hand_over", response_model=Call)
async def hand_over(call: CallOf, number: str, form: HandOverCall) -> Response:
    """Ask a lead to go on with it."""
    version = call.version
    return await call.write(lambda unit: service.hand_over(unit, number, version, form))


# -- notes and history -----------------------------------------------------------------------------


@router.post("/notes", operation_id="calls.note", response_model=Note)
async def note(call: CallOf, form: WriteCallNote) -> Response:
    """Write a note to a group or person."""
    return await call.write(lambda unit: notes.write(unit, form))


@router.post("/notes/{note_id}", operation_id="calls.edit_note", response_model=Note)
async def edit_note(call: CallOf, note_id: NoteId, form: EditNote) -> Response:
    """Other words for one's own note."""
    return await call.write(lambda unit: notes.edit(unit, note_id, form))


@router.post("/history", operation_id="calls.history", response_model=Page[HistoryLine])
async def past(call: CallOf, form: Whom, cursor: str | None = None) -> Response:
    """What happened with a group or person; whom it is about stands in the body."""
    return await call.read(lambda unit: history.page(unit, form, cursor))


# -- call-backs ------------------------------------------------------------------------------------


@router.get("/call-backs", operation_id="calls.call_backs", response_model=Page[CallBackRow])
async def open_call_backs(call: CallOf, group: str | None = None, cursor: str | None = None) -> Response:
    """Open call-backs, the first due first."""
    return await call.read(lambda unit: call_backs.page(unit, group=group, cursor=cursor))


@router.post("/call-backs", operation_id="calls.plan_call_back", response_model=CallBackRow)
async def plan_call_back(call: CallOf, form: PlanCallBack) -> Response:
    """Promise to call back."""
    return await call.write(lambda unit: call_backs.plan(unit, form))


@router.get("/call-backs/{number}", operation_id="calls.call_back", response_model=CallBack)
async def call_back(call: CallOf, number: str) -> Response:
    """One call-back with the number to call."""
    return await call.read(lambda unit: call_backs.show(unit, number))


@router.post("/call-backs/{number}/tries", operation_id="calls.tried", response_model=CallBackRow)
async def tried(call: CallOf, number: str, form: TriedCallBack) -> Response:
    """Write down what came of a try."""
    version = call.version
    return await call.write(lambda unit: call_backs.tried(unit, number, version, form))
