"""Calls: who is on the line, what they proved, notes and call-backs."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import quote

from pydantic import SecretStr

from api_client._http import Http
from api_client.types.call_words import CallBackOutcome, CallerKind, VerifyItem, WrapUp
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

_PATH = "/v1/calls"


def _call(number: str, act: str = "") -> str:
    path = f"{_PATH}/{quote(number, safe='')}"
    return f"{path}/{act}" if act else path


def _call_back(number: str, act: str = "") -> str:
    path = f"/v1/call-backs/{quote(number, safe='')}"
    return f"{path}/{act}" if act else path


class CallsClient:
    """What a rep does with a caller on the line. `mrn` or `receipt` name a person of the group."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def mine(self) -> MyCalls:
        """The rep's own calls."""
        return await self._http.read(MyCalls, f"{_PATH}/mine")

    async def start(self, group: str = "") -> Call:
        """Begin a call by hand; the one on the line is parked."""
        return await self._http.write(Call, _PATH, StartCall(group_number=group))

    async def pop(self, phone: str, *, rep: str = "") -> Call:
        """Announce a call of the phone system; it rings on the rep's screen."""
        return await self._http.write(Call, f"{_PATH}/pop", Pop(phone=SecretStr(phone), rep=rep))

    async def take(self, number: str, version: int) -> Call:
        """Take a ringing call, or go on with a parked one."""
        return await self._http.write(Call, _call(number, "take"), version=version)

    async def park(self, number: str, version: int) -> Call:
        """Put the call on hold."""
        return await self._http.write(Call, _call(number, "park"), version=version)

    async def caller(
        self, number: str, group: str, kind: CallerKind, *, mrn: str = "", receipt: str = ""
    ) -> Call:
        """Say as what somebody calls; their verification begins."""
        form = Caller(group_number=group, mrn=mrn, receipt=receipt, kind=kind)
        return await self._http.write(Call, _call(number, "caller"), form)

    async def verify(
        self, number: str, group: str, item: VerifyItem, answer: str, *, mrn: str = "", receipt: str = ""
    ) -> Verified:
        """Compare one answer with what is on record."""
        form = Verify(group_number=group, mrn=mrn, receipt=receipt, item=item, answer=SecretStr(answer))
        return await self._http.write(Verified, _call(number, "verify"), form)

    async def number_on_record(
        self, number: str, group: str, *, mrn: str = "", receipt: str = ""
    ) -> NumberOnRecord:
        """Whom to call back to be sure of them."""
        form = Whom(group_number=group, mrn=mrn, receipt=receipt)
        return await self._http.ask(NumberOnRecord, _call(number, "number-on-record"), form)

    async def wrap_up(self, number: str, version: int, code: WrapUp, note: str = "") -> Call:
        """Close the call."""
        form = WrapUpCall(code=code, note=note)
        return await self._http.write(Call, _call(number, "wrap-up"), form, version=version)

    async def hand_over(self, number: str, version: int, question: str) -> Call:
        """Ask a lead to go on with it; the call is parked for them."""
        form = HandOverCall(question=question)
        return await self._http.write(Call, _call(number, "hand-over"), form, version=version)

    # notes and history

    async def note(self, group: str, text: str, *, mrn: str = "", receipt: str = "") -> Note:
        """Write a note to a group or person."""
        form = WriteCallNote(group_number=group, mrn=mrn, receipt=receipt, text=text)
        return await self._http.write(Note, "/v1/notes", form)

    async def edit_note(self, note_id: int, text: str) -> Note:
        """Other words for one's own note."""
        return await self._http.write(Note, f"/v1/notes/{note_id}", EditNote(text=text))

    async def history(
        self, group: str, *, mrn: str = "", receipt: str = "", cursor: str | None = None
    ) -> Page[HistoryLine]:
        """What happened with a group or person, the newest first."""
        form = Whom(group_number=group, mrn=mrn, receipt=receipt)
        path = "/v1/history" + (f"?cursor={quote(cursor, safe='')}" if cursor else "")
        return await self._http.ask(Page[HistoryLine], path, form)

    # call-backs

    async def call_backs(self, *, group: str | None = None, cursor: str | None = None) -> Page[CallBackRow]:
        """Open call-backs, the first due first."""
        query = {"group": group, "cursor": cursor}
        return await self._http.read(Page[CallBackRow], "/v1/call-backs", query=query)

    async def plan_call_back(
        self, group: str, *, who: str = "", mrn: str = "", reason: str, due_from: datetime, due_to: datetime
    ) -> CallBackRow:
        """Promise to call back, at the number on record."""
        form = PlanCallBack(
            group_number=group, mrn=mrn, who=who, reason=reason, due_from=due_from, due_to=due_to
        )
        return await self._http.write(CallBackRow, "/v1/call-backs", form)

    async def call_back(self, number: str) -> CallBack:
        """One call-back with the number to call."""
        return await self._http.read(CallBack, _call_back(number))

    async def tried(self, number: str, version: int, outcome: CallBackOutcome) -> CallBackRow:
        """Write down what came of a try."""
        form = TriedCallBack(outcome=outcome)
        return await self._http.write(CallBackRow, _call_back(number, "tries"), form, version=version)
