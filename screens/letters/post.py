"""What the post makes of letters: one came back, it is settled, one is taken back before it goes."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from screens.billing import typed
from screens.billing.by_phone import ask_reason
from screens.letters import mail_words as words
from screens.widgets.prompt import Choice

if TYPE_CHECKING:
    from api_client.types.billing_words import ReturnedMail
    from api_client.types.letters import LetterRow
    from screens.widgets.screen import DeskScreen

Then = Callable[["LetterRow"], None]
_DAY = 12


def came_back(screen: DeskScreen, number: str, title: str, then: Then) -> None:
    """Ask on which day the post brought the letter back, and take that down."""

    def ask(text: str = "today") -> None:
        screen.write(f"{number} came back on:", read, limit=_DAY, value=text)

    def read(text: str) -> None:
        try:
            day = typed.day_received(text, screen.desk.now().date())
        except typed.NotClear as not_clear:
            ask(text)
            screen.say(str(not_clear))
        else:
            screen.say("")
            screen.confirm(words.came_back_line(number, title, day), partial(send, day))

    def send(day: date) -> None:
        screen.act(screen.client.letters.came_back(number, day), then)

    ask()


def settle(screen: DeskScreen, number: str, title: str, then: Then) -> None:
    """Ask what was done about a letter that came back, and settle it."""

    def ask_note(how: ReturnedMail) -> None:
        ask_reason(screen, f"{number}: {words.NOTE[how]}", {}, partial(confirm, how))

    def confirm(how: ReturnedMail, note: str) -> None:
        line = words.settle_line(number, title, how, note)
        screen.confirm(line, lambda: screen.act(screen.client.letters.settle(number, how, note), then))

    choices = [Choice(label, how) for how, label in words.SETTLE.items()]
    screen.pick(f"{number}:", choices, ask_note)


def take_back(screen: DeskScreen, one: LetterRow, then: Then) -> None:
    """Ask why a letter that the rules wrote does not go, and take it back."""

    def confirm(reason: str) -> None:
        work = partial(screen.client.letters.take_back, one.id, reason)
        screen.confirm(words.take_back_line(one, reason), lambda: screen.act(work(), then))

    ask_reason(screen, f"take {one.id} back because:", {}, confirm)


__all__ = ["came_back", "settle", "take_back"]
