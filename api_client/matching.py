"""The manual-match queue."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from urllib.parse import quote

from api_client._http import Http
from api_client.background import background
from api_client.types.common import Page
from api_client.types.matching import (
    AskEmployer,
    Assign,
    Candidate,
    Claim,
    Colleague,
    Decide,
    EmployerAnswer,
    Escalate,
    HandOver,
    HandSearch,
    Home,
    Lease,
    MatchItem,
    MatchRow,
    SecondLook,
    Skip,
    Unlink,
    UrgentCare,
    WriteNote,
)
from api_client.types.words import AskChannel, MatchDecision, RejectReason, SkipReason


def _item(number: str, act: str = "") -> str:
    path = f"/v1/match-items/{quote(number, safe='')}"
    return f"{path}/{act}" if act else path


class MatchingClient:
    """Claims, decisions and lists; `claim` is the token of the rep's claim on the item."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def home(self) -> Home:
        """All queues, the next item and the rep's own."""
        return await self._http.read(Home, "/v1/home")

    async def list(
        self, view: str = "open", *, cursor: str | None = None, around: str | None = None
    ) -> Page[MatchRow]:
        """One page of a view (open, paused, mine, done); `around` begins at an item."""
        query = {"view": view, "cursor": cursor, "around": around}
        return await self._http.read(Page[MatchRow], "/v1/match-items", query=query)

    async def show(self, number: str, *, claim: str = "") -> MatchItem:
        """One case; unmasked under the rep's claim."""
        return await self._http.read(MatchItem, _item(number), claim=claim)

    async def next(self) -> Claim:
        """Claim the most urgent free item."""
        return await self._http.write(Claim, _item("next"))

    async def claim(self, number: str) -> Claim:
        """Claim this item."""
        return await self._http.write(Claim, _item(number, "claim"))

    async def extend(self, number: str, *, claim: str) -> datetime:
        """Renew the claim, which is no act of the rep; returns until when."""
        with background():
            return (await self._http.write(Lease, _item(number, "extend"), claim=claim)).until

    async def skip(self, number: str, reason: SkipReason, *, claim: str) -> None:
        """Put the item back with the reason."""
        await self._http.do("POST", _item(number, "skip"), Skip(reason=reason), claim=claim)

    async def link(self, number: str, version: int, mrn: str, *, claim: str, note: str = "") -> MatchItem:
        """The enrollee is this member."""
        form = Decide(decision=MatchDecision.LINK, mrn=mrn, note=note)
        return await self._http.write(MatchItem, _item(number, "decide"), form, version=version, claim=claim)

    async def create_new(self, number: str, version: int, *, claim: str, note: str = "") -> MatchItem:
        """The enrollee is nobody on file."""
        form = Decide(decision=MatchDecision.CREATE, note=note)
        return await self._http.write(MatchItem, _item(number, "decide"), form, version=version, claim=claim)

    async def reject(
        self, number: str, version: int, reason: RejectReason, *, claim: str, note: str = ""
    ) -> MatchItem:
        """Send the enrollment back to the employer with the reason."""
        form = Decide(decision=MatchDecision.REJECT, reason=reason, note=note)
        return await self._http.write(MatchItem, _item(number, "decide"), form, version=version, claim=claim)

    async def ask_employer(
        self, number: str, version: int, question: str, channel: AskChannel, *, claim: str
    ) -> MatchItem:
        """Ask the employer; the clock stands still."""
        form = AskEmployer(question=question, channel=channel)
        path = _item(number, "ask-employer")
        return await self._http.write(MatchItem, path, form, version=version, claim=claim)

    async def employer_answer(
        self, number: str, version: int, answer: str = "", *, withdrawn: bool = False
    ) -> MatchItem:
        """Write down what the employer said, or withdraw the question."""
        form = EmployerAnswer(answer=answer, withdrawn=withdrawn)
        return await self._http.write(MatchItem, _item(number, "employer-answer"), form, version=version)

    async def hand_over(self, number: str, to: str, words: str = "", *, claim: str) -> None:
        """Give the case to another rep by user name."""
        await self._http.do("POST", _item(number, "hand-over"), HandOver(to=to, words=words), claim=claim)

    async def escalate(self, number: str, question: str, *, claim: str) -> None:
        """Give the case to the leads with a question."""
        await self._http.do("POST", _item(number, "escalate"), Escalate(question=question), claim=claim)

    async def assign(self, number: str, version: int, to: str) -> MatchItem:
        """Give the case to a rep, whoever has it now; a lead's act."""
        return await self._http.write(MatchItem, _item(number, "assign"), Assign(to=to), version=version)

    async def take_back(self, number: str, version: int) -> MatchItem:
        """End another rep's claim; a lead's act."""
        return await self._http.write(MatchItem, _item(number, "take-back"), version=version)

    async def unlink(self, number: str, version: int, reason: str) -> MatchItem:
        """Ask that an applied decision be taken apart; a second person approves it."""
        return await self._http.write(
            MatchItem, _item(number, "unlink"), Unlink(reason=reason), version=version
        )

    async def note(self, number: str, text: str, *, claim: str = "") -> MatchItem:
        """Write a note to the case, which counts no version; the answer is unmasked under the rep's claim."""
        return await self._http.write(MatchItem, _item(number, "notes"), WriteNote(text=text), claim=claim)

    async def urgent_care(self, number: str, *, needed: bool) -> MatchItem:
        """Put the case first because care is needed now, or back; its clock and its version stay."""
        form = UrgentCare(needed=needed)
        return await self._http.write(MatchItem, _item(number, "urgent-care"), form)

    async def search(
        self,
        number: str,
        *,
        claim: str,
        name: str = "",
        birth_date: date | None = None,
        ssn: str = "",
        mrn: str = "",
    ) -> Sequence[Candidate]:
        """Members found by hand, compared with the enrollee, best first."""
        what = HandSearch(name=name, birth_date=birth_date, ssn=ssn, mrn=mrn)
        found = await self._http.ask(Page[Candidate], _item(number, "search"), what, claim=claim)
        return found.rows

    async def colleagues(self) -> Sequence[Colleague]:
        """Who a case can be handed to, by name."""
        return (await self._http.read(Page[Colleague], "/v1/colleagues")).rows

    async def second_looks(self) -> Page[MatchRow]:
        """Decided cases that wait for a blind second look, masked."""
        return await self._http.read(Page[MatchRow], "/v1/second-looks")

    async def second_look(self, number: str) -> MatchItem:
        """A decided case as the first rep saw it, without what they decided."""
        return await self._http.read(MatchItem, f"/v1/second-looks/{quote(number, safe='')}")

    async def look_again(
        self,
        number: str,
        decision: MatchDecision,
        *,
        mrn: str | None = None,
        reason: RejectReason | None = None,
    ) -> SecondLook:
        """Say what one would have decided; changes nothing, and answers whether the first rep agrees."""
        form = Decide(decision=decision, mrn=mrn, reason=reason)
        return await self._http.write(SecondLook, f"/v1/second-looks/{quote(number, safe='')}", form)

    async def approve(self, number: str, version: int) -> MatchItem:
        """Agree to another's decision as the second person."""
        return await self._http.write(MatchItem, _item(number, "approve"), version=version)

    async def refuse(self, number: str, version: int) -> MatchItem:
        """Send another's decision back to the queue as the second person."""
        return await self._http.write(MatchItem, _item(number, "refuse"), version=version)

    async def undo(self, number: str, version: int) -> Claim:
        """Take a decision back; the case is under the rep's claim again."""
        return await self._http.write(Claim, _item(number, "undo"), version=version)
