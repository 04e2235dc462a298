"""Promise to call back: whom, why and when; acts by phone open it with what their screen is about."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from screens.calls import promises
from screens.calls.promises import Window
from screens.widgets.prompt import Choice
from screens.widgets.text import join

if TYPE_CHECKING:
    from api_client.types.calls import CallBackRow
    from screens.widgets.desk import About
    from screens.widgets.screen import DeskScreen

_REASON = 200
_TYPED = 30
_NO_CONTACT = "No contact on record has a phone number; a call-back goes to a number on record only."


def promise(
    screen: DeskScreen, about: About, contacts: Sequence[str], then: Callable[[CallBackRow], None]
) -> None:
    """Ask whom, why and when, and promise it. `contacts` are the names on record that have a phone.

    For a person of a group the call goes to themselves, and `contacts` is not looked at.
    """
    _Promise(screen, about, then).begin(contacts)


class _Promise:
    """A call-back that is being promised: asked field by field."""

    def __init__(self, screen: DeskScreen, about: About, then: Callable[[CallBackRow], None]) -> None:
        self._screen = screen
        self._about = about
        self._then = then
        self._who = ""
        self._reason = ""

    def begin(self, contacts: Sequence[str]) -> None:
        """Whom: the person, the only contact, or the one that is picked."""
        if self._about.mrn:
            self._ask_reason("")
        elif not contacts:
            self._screen.refuse(_NO_CONTACT)
        elif len(contacts) == 1:
            self._ask_reason(contacts[0])
        else:
            self._screen.pick("call back", [Choice(name, name) for name in contacts[:9]], self._ask_reason)

    @property
    def _whom(self) -> str:
        return self._who or "the person"

    def _ask_reason(self, who: str) -> None:
        self._who = who
        self._screen.write(f"call back {self._whom} because of:", self._take_reason, limit=_REASON)

    def _take_reason(self, reason: str) -> None:
        self._reason = reason
        self._ask_when()

    def _ask_when(self) -> None:
        now = self._screen.desk.now()
        windows = [one for one in (promises.today(now), promises.tomorrow_morning(now)) if one is not None]
        choices: list[Choice[Window | None]] = [
            Choice(promises.window(one.begin, one.end, now), one) for one in windows
        ]
        choices.append(Choice("another time", None, key="0"))
        self._screen.pick("when", choices, self._take_when)

    def _take_when(self, when: Window | None) -> None:
        if when is None:
            self._screen.write("when (11-24 14:00-16:00):", self._read_when, limit=_TYPED)
            return
        hours = promises.window(when.begin, when.end, self._screen.desk.now())
        line = join("promise ", (self._whom, "bold"), " a call ", (hours, "bold"), f": {self._reason}")
        self._screen.confirm(line, partial(self._promise, when))

    def _read_when(self, text: str) -> None:
        when = promises.typed(text, self._screen.desk.now())
        if isinstance(when, str):
            self._take_when(None)
            self._screen.say(when)
        else:
            self._take_when(when)

    def _promise(self, when: Window) -> None:
        work = self._screen.client.calls.plan_call_back(
            self._about.group,
            who=self._who,
            mrn=self._about.mrn,
            reason=self._reason,
            due_from=when.begin,
            due_to=when.end,
        )
        self._screen.act(work, self._then)


__all__ = ["promise"]
