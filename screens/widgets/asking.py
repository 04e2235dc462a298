"""How a screen asks the backend, and what keys wait for meanwhile.

Workers fetch, handlers change: `fetch` and `act` await the backend outside the screen's message loop
and call back inside it, so a callback may touch any widget and a screen that was left hears nothing.
"""

from __future__ import annotations

import asyncio
import weakref
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

from textual import on
from textual.message import Message
from textual.worker import Worker, get_current_worker

from screens.widgets.calling import Calling
from screens.widgets.chrome import Banner
from screens.widgets.failure import Failure, Trouble
from screens.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from api_client.client import KprepClient
    from api_client.types.session import Session

Answer = TypeVar("Answer")
Otherwise = Callable[[Exception], bool]
"""Deals with a failure of its own; returns whether it did."""


class Asking(Calling):
    """The part of a screen that asks, and knows what is on its way."""

    @dataclass
    class _Answered(Message):
        worker: Worker[None]
        then: Callable[[], bool]
        """Calls back; returns whether it went well, or was dealt with."""

    def __init__(self) -> None:
        super().__init__()
        self._arriving = True
        self._expecting = False
        self._awaited: list[Worker[None]] = []
        self._there = asyncio.Event()
        self._acting = False

    @property
    def client(self) -> KprepClient:
        """What can be asked of the backend."""
        return self.desk.client

    @property
    def session(self) -> Session | None:
        """The signed-in rep."""
        return self.desk.session

    def fetch(
        self,
        work: Awaitable[Answer],
        then: Callable[[Answer], None],
        *,
        group: str,
        otherwise: Otherwise | None = None,
        hold_keys: bool = False,
    ) -> None:
        """Await `work`, then call back; a newer fetch of the same group replaces this one.

        With `hold_keys`, and for the first fetch of a screen, what is typed meanwhile is kept for what comes,
        and lost with this screen.
        """
        replaces = any(one.group == group for one in self._awaited)
        worker = self._begin(work, then, otherwise, group=group, acting=False)
        if hold_keys or self._arriving or replaces:
            self._await(worker)

    def act(
        self,
        work: Awaitable[Answer],
        then: Callable[[Answer], None],
        *,
        otherwise: Otherwise | None = None,
        hold_keys: bool = False,
    ) -> None:
        """As `fetch`, for what changes something: never replaced, and only one at a time."""
        if self._acting:
            _discard(work)
            self._screen.refuse("The last one is still being saved.")
            return
        self._acting = True
        self._screen.say("saving ...")
        worker = self._begin(work, then, otherwise, group="act", acting=True)
        if hold_keys:
            self._await(worker)

    def _await(self, worker: Worker[None]) -> None:
        self._awaited = [one for one in self._awaited if not one.is_cancelled] + [worker]

    def _begin(
        self,
        work: Awaitable[Answer],
        then: Callable[[Answer], None],
        otherwise: Otherwise | None,
        *,
        group: str,
        acting: bool,
    ) -> Worker[None]:
        bring = partial(self._bring, work, then, otherwise, acting=acting)
        worker: Worker[None] = self.run_worker(bring, group=group, exclusive=not acting)
        weakref.finalize(worker, _discard, work)  # one replaced at once never begins
        return worker

    async def _bring(
        self,
        work: Awaitable[Answer],
        then: Callable[[Answer], None],
        otherwise: Otherwise | None,
        *,
        acting: bool,
    ) -> None:
        worker = get_current_worker()
        try:
            answer = await work
        except Exception as error:  # noqa: BLE001  (shown with a reference, never with its text)
            failed = error
            then_say = partial(self._fail, failed, otherwise, acting=acting)
            self.post_message(self._Answered(worker, then_say))
        else:
            then_show = partial(self._succeed, answer, then, acting=acting)
            self.post_message(self._Answered(worker, then_show))

    @on(_Answered)
    def _call_back(self, event: _Answered) -> None:
        event.stop()
        awaited = event.worker in self._awaited
        if awaited:
            self._awaited.remove(event.worker)  # what is called back may await more
        acting = self._acting
        if not event.then() and (awaited or acting):
            self.desk.forget_keys()
        self._go_on()

    def _succeed(self, answer: Answer, then: Callable[[Answer], None], *, acting: bool) -> bool:
        if acting:
            self._acted()
        self.query_one(Banner).take_down()
        then(answer)
        self.show_call()
        return True

    def _fail(self, error: Exception, otherwise: Otherwise | None, *, acting: bool) -> bool:
        if acting:
            self._acted()
        if otherwise is not None and otherwise(error):
            return True
        failure = self.explain(error)
        if not failure.locked:
            self.query_one(Banner).put_up(failure, retry=not acting)
        elif acting:
            self._screen.refuse(failure.sentence)
        else:
            self.lock_out(failure.sentence)
        return False

    def _acted(self) -> None:
        self._acting = False
        self._screen.say("")

    def explain(self, error: Exception) -> Failure:
        """What to tell the rep about a failure; a defect of ours is told by its reference alone."""
        from api_client.errors import ApiError, NotVerified

        if isinstance(error, Trouble):
            return Failure(str(error))
        if isinstance(error, NotVerified):
            return Failure(error.detail, locked=True)
        if isinstance(error, ApiError):
            return Failure(error.detail, error.request_id)
        return Failure("Something in this program went wrong.", self.desk.reference(error))

    # what keys wait for

    def arrived(self) -> None:
        """The screen is in view, and the focus is where it belongs."""
        self._arriving = False
        self._go_on()

    def expect(self, message: Message) -> None:
        """A message that changes what this screen is about; keys wait until it is dealt with."""
        self._expecting = True
        self.post_message(message)
        self.call_later(self._met)

    def _met(self) -> None:
        self._expecting = False
        self._go_on()

    @property
    def expecting(self) -> bool:
        """Whether another screen sent this one something to deal with first."""
        return self._expecting

    @property
    def waiting(self) -> bool:
        """Whether something is on its way that the next key is meant for."""
        if self._arriving or self._expecting:
            return True
        if any(not one.is_cancelled for one in self._awaited):
            return True
        focused = self.focused
        return isinstance(focused, VirtualTable) and focused.awaited

    async def until_ready(self) -> None:
        """Return when what was on its way is there, could not be had, or this screen was left."""
        while self.waiting and self.is_attached:
            self._there.clear()
            await self._there.wait()

    @on(VirtualTable.Settled)
    @on(Worker.StateChanged)
    def _go_on(self) -> None:
        """What was on its way is there, or could not be had."""
        self._there.set()

    def on_unmount(self) -> None:
        self._go_on()


def _discard(work: Awaitable[Answer]) -> None:
    """Close a coroutine that will not be awaited; one that came to its end stays as it is."""
    close = getattr(work, "close", None)
    if close is not None:
        close()
