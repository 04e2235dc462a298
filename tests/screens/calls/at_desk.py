"""M.Lopez at the desk with the real backend behind it, in the same process."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, cast

import httpx
from textual.widgets import Input

from api_client._http import Http
from api_client.client import KprepClient
from api_client.types.calls import CallBackRow
from api_client.types.events import Event
from api_client.types.session import Session
from api_client.types.words import EventKind
from backend.runtime import Runtime
from kprep_tui.app import KprepApp
from kprep_tui.areas import AREAS
from kprep_tui.settings import Settings
from kprep_tui.viewer import Viewer
from screens.calls.call_back_form import promise
from screens.session.door import Opening
from screens.widgets.desk import About
from screens.widgets.screen import DeskScreen
from tests.conftest import FixedClock
from tests.csv_files import group, member, payment, take_groups, take_members, take_payments
from tests.desk import PASSWORD, app_over, create_rep
from tests.screens.desk import Seconds, until
from tests.screens.rep import Rep

if TYPE_CHECKING:
    from kprep_tui.door import KeptDoor

PHONE = "(916) 555-0111"


class OpenDoor:
    """Opens on the backend in this process; live updates come when a test lets them."""

    def __init__(self, client: KprepClient, clock: FixedClock, who: str = "m.lopez") -> None:
        self.client = client
        self._clock = clock
        self._who = who
        self.events: asyncio.Queue[Event] = asyncio.Queue()

    async def open(self) -> Opening:
        signed_in = await self.client.session.sign_in(self._who, password=PASSWORD, station="desk-1")
        return Opening(session=signed_in.session)

    async def lock(self) -> None:
        await self.client.session.lock()

    async def unlock(self, password: str) -> Session:
        return await self.client.session.unlock(password)

    async def server_time(self) -> datetime:
        return self._clock()

    async def stream(self) -> AsyncIterator[Event]:
        while True:
            yield await self.events.get()


class CallDesk(Rep):
    """A rep with a backend, a clock and a client of their own."""

    client: KprepClient
    clock: FixedClock
    door: OpenDoor

    async def says(self, *answers: str) -> None:
        """The caller's answers, each typed and sent after a look; waits until it is compared."""
        for answer in answers:
            before = self.sees
            await self.writes(answer)
            await self.presses("enter")
            await self.finds_other(before)

    async def writes(self, text: str) -> None:
        """Types a text after a look."""
        self.waits(1)
        await self.types(*text)

    async def finds_other(self, before: str) -> None:
        """Waits until the screen says something new and nothing is under way."""
        await until(self.pilot, lambda: self.sees != before and "saving" not in self.sees)

    async def rings(self, subject: str, kind: str = "call") -> None:
        """A live update of something new arrives."""
        await self.door.events.put(Event(seq=1, kind=EventKind(kind), subject=subject, version=1))

    async def promises(self, who: str) -> str:
        """A call-back about an answer, asked as the form asks it; returns its number."""
        screen = self.app.screen
        assert isinstance(screen, DeskScreen)
        made: list[CallBackRow] = []
        promise(screen, About("G-100"), [who], made.append)
        await self.writes("the answer")
        await self.presses("enter")
        await self.finds("1 today")
        await self.presses("1")
        await self.finds(f"promise {who} a call")
        await self.presses("enter")
        await until(self.pilot, lambda: bool(made))
        return made[0].id

    def passes(self, minutes: int) -> None:
        """So many minutes go by, for the backend and for the workstation."""
        self.clock.move(timedelta(minutes=minutes))
        self.waits(minutes * 60)

    @property
    def typed(self) -> list[str]:
        """What stands in any field of the program."""
        return [field.value for screen in self.app.screen_stack for field in screen.query(Input)]


async def stock(runtime: Runtime, **changes: str) -> None:
    """Two groups with their people, an invoice and a payment; and M.Lopez."""
    known = {"broker": "Sable Brokers", "broker_from": "2026-01-01", "broker_phone": PHONE}
    await create_rep(runtime)
    await take_groups(
        runtime,
        group(**{**known, **changes}),
        group("G-200", "Salem Parts LLC", signer="Rufus Hale"),
    )
    await take_members(runtime, member(), member("900002", "Marsh", first_name="Cleo", ssn="900-01-0002"))
    await take_payments(runtime, payment())


@asynccontextmanager
async def at_work(
    runtime: Runtime,
    clock: FixedClock,
    *,
    size: tuple[int, int] = (80, 24),
    who: str = "m.lopez",
    viewer: Viewer | None = None,
) -> AsyncIterator[CallDesk]:
    """The program at work; the queue is in view."""
    client = KprepClient(http=Http(transport=httpx.ASGITransport(app_over(runtime))))
    door, seconds = OpenDoor(client, clock, who), Seconds()
    app = KprepApp(
        Settings(),
        cast("KeptDoor", door),
        clock=clock,
        seconds=seconds,
        areas=AREAS,
        viewer=viewer,
    )
    try:
        async with app.run_test(size=size) as pilot:
            rep = CallDesk(app, pilot, seconds)
            rep.client, rep.clock, rep.door = client, clock, door
            await rep.finds("QUEUES")
            yield rep
    finally:
        await client.close()


async def on_the_line(rep: CallDesk, phone: str = PHONE) -> str:
    """The phone system announces a call and the rep takes it; returns its id."""
    call = await rep.client.calls.pop(phone)
    await rep.rings(call.id)
    await rep.finds(f"RINGS {call.id}")
    await rep.presses("f9")
    await rep.finds(f"CALL {call.id}")
    return call.id


async def signer(rep: CallDesk) -> None:
    """The caller proves to be the signer of the group on the screen."""
    await rep.finds("ACCOUNT")
    await rep.presses("y", "1")
    await rep.finds("group number")
    await rep.says("G-100", "Ottoline Quillfeather", "12 Nowhere Street 95814")
    await rep.finds("VERIFIED 3/3")
