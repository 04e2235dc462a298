"""What was said on the phone in the weeks before: calls with notes and codes, and promised call-backs."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from pydantic import SecretStr

from api_client.types.billing import MakePromise
from api_client.types.call_words import CallBackOutcome, CallerKind, VerifyItem, WrapUp
from api_client.types.calls import (
    Call,
    Caller,
    PlanCallBack,
    StartCall,
    TriedCallBack,
    Verified,
    Verify,
    WrapUpCall,
)
from backend.accounts import service as accounts
from backend.actors import Actor
from backend.billing import promises
from backend.billing import service as billing
from backend.calls import call_backs, service, verify, view
from backend.database.unit import Unit
from backend.demo.callers import broker_of
from backend.demo.groups import DemoGroup
from backend.runtime import Runtime

Does = Callable[[Unit, str], Awaitable[object]]
"""What a rep does in a call for the group of this number."""


@dataclass(frozen=True)
class Past:
    """One call that was: how long ago, by whom, about which group of the list, and what it came to."""

    before: timedelta
    rep: str
    place: int
    kind: CallerKind
    code: WrapUp
    note: str
    billing: bool = False
    wrong: int = 0
    """Answers that did not match, at the end of which the caller hears nothing."""
    does: Does | None = None


def promise_by(day: date) -> Does:
    """The client promises by a day what keeps coverage."""

    async def promised(unit: Unit, number: str) -> None:
        found = await billing.status(unit, await accounts.account_of(unit, number))
        form = MakePromise(amount=found.keep_coverage_amount, pay_by=day)
        await promises.promise(unit, number, form)

    return promised


_PAST = (
    Past(timedelta(days=29, hours=2), "m.lopez", 0, CallerKind.CLIENT, WrapUp.UID_NEW,
          "Asked how to get the user ID for the new administrator; told where the request form is."),
    Past(timedelta(days=16, hours=1), "t.ibarra", 7, CallerKind.CLIENT, WrapUp.ENR_STATUS,
          "Wanted to know whether two new employees are enrolled. Both stand in the list."),
    Past(timedelta(days=8, hours=3), "r.chen", 0, CallerKind.BROKER, WrapUp.DELQ_L1,
          "The broker asked for a copy of the warning letter; it was read out.", billing=True),
    Past(timedelta(days=6, hours=5), "j.novak", 12, CallerKind.OTHER, WrapUp.UID_EMPLOYEE_REF,
          "An employee wanted online access to the group. Referred to the member site."),
    Past(timedelta(days=3, hours=4), "t.ibarra", 19, CallerKind.CLIENT, WrapUp.VERIFY_FAIL,
          "Did not know any figure of the account; asked to write to us.", wrong=3),
    Past(timedelta(days=1, hours=19, minutes=21), "r.chen", 0, CallerKind.CLIENT, WrapUp.BILL_PTP,
          "Promised the premium of November by November 24; a promise changes no date.", billing=True,
          does=promise_by(date(2026, 11, 24))),
    Past(timedelta(minutes=74), "m.lopez", 7, CallerKind.CLIENT, WrapUp.BILL_BALANCE,
          "Asked what is open and until when; told as the screen says.", billing=True),
)  # fmt: skip
"""In the order in which they were."""

_PROMISES = (
    ("r.chen", 0, 120, 182, "says whether the November check is on its way"),
    ("t.ibarra", 7, 190, 310, "tell when the two enrollments are decided"),
    ("m.lopez", 12, 240, 400, "explain the billing cycles"),
    ("j.novak", 19, 1500, 1680, "asked for the requirements of electronic files"),
    ("m.lopez", 24, 1560, 1740, "COBRA packet arrived?"),
    ("r.chen", 31, 4400, 4640, "user ID letter: has it come?"),
)
"""Who promised it, to which group of the list, in how many minutes from now it begins and ends, and why."""


class Telephone:
    """Calls of the last month, and the call-backs that are open now."""

    def __init__(
        self,
        runtime: Runtime,
        actors: Mapping[str, Actor],
        now: datetime,
        set_clock: Callable[[datetime], None],
    ) -> None:
        self._runtime = runtime
        self._actors = actors
        self._now = now
        self._set_clock = set_clock

    async def ring(self, groups: Sequence[DemoGroup]) -> None:
        """Take every call and promise every call-back."""
        for past in _PAST:
            await self.call(past, groups[past.place])
        for username, place, begins, ends, reason in _PROMISES:
            self._set_clock(self._now - timedelta(minutes=200))
            await self._promise(username, groups[place], begins, ends, reason)
        self._set_clock(self._now - timedelta(minutes=40))
        await self._try_in_vain("t.ibarra")
        self._set_clock(self._now)

    async def act(self, username: str, act: Callable[[Unit], Awaitable[Any]]) -> Any:
        """Do something as this rep."""
        async with self._runtime.act(self._actors[username], "DEMO") as unit:
            return await act(unit)

    async def call(self, past: Past, group: DemoGroup) -> None:
        """Take one call about a group."""
        self._set_clock(self._now - past.before)
        call: Call = await self.act(past.rep, lambda unit: service.start(unit, StartCall()))
        form = Caller(group_number=group.number, kind=past.kind)
        call = await self.act(past.rep, lambda unit: verify.caller(unit, call.id, form))
        for item, answer in _answers(past, group):
            call = await self._verify(past.rep, call.id, group.number, item, answer)
        if past.billing:
            async with self._runtime.look(self._actors[past.rep], "DEMO") as unit:
                await accounts.show(unit, group.number)
                await billing.show(unit, group.number)
        if past.does is not None:
            does = past.does
            await self.act(past.rep, lambda unit: does(unit, group.number))
            call = await self.act(past.rep, lambda unit: view.one(unit, call.id))
        end = WrapUpCall(code=past.code, note=past.note)
        await self.act(past.rep, lambda unit: service.wrap_up(unit, call.id, call.version, end))

    async def _verify(self, username: str, call: str, group: str, item: VerifyItem, answer: str) -> Call:
        form = Verify(group_number=group, item=item, answer=SecretStr(answer))
        verified: Verified = await self.act(username, lambda unit: verify.verify(unit, call, form))
        return verified.call

    async def _promise(self, username: str, group: DemoGroup, begins: int, ends: int, reason: str) -> None:
        form = PlanCallBack(
            group_number=group.number,
            who=group.signer,
            reason=reason,
            due_from=self._now + timedelta(minutes=begins),
            due_to=self._now + timedelta(minutes=ends),
        )
        await self.act(username, lambda unit: call_backs.plan(unit, form))

    async def _try_in_vain(self, username: str) -> None:
        form = TriedCallBack(outcome=CallBackOutcome.NO_ANSWER)

        async def second(unit: Unit) -> None:
            row = (await call_backs.page(unit, group=None, cursor=None)).rows[1]
            await call_backs.tried(unit, row.id, row.version, form)

        await self.act(username, second)


def _answers(past: Past, group: DemoGroup) -> list[tuple[VerifyItem, str]]:
    """What the caller says, in the order in which it is asked."""
    if past.kind is CallerKind.OTHER:
        return []
    if past.wrong:
        return [(VerifyItem.TAX_ID, f"000{place}") for place in range(past.wrong)]
    who = (VerifyItem.CONTACT_NAME, group.signer)
    if past.kind is CallerKind.BROKER:
        who = (VerifyItem.BROKER_NUMBER, broker_of(group)["broker_number"])
    return [
        (VerifyItem.GROUP_NUMBER, group.number),
        who,
        (VerifyItem.BILLING_ADDRESS, f"{group.street}, {group.city} {group.zip}"),
    ]
