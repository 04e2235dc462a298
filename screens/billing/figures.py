"""An amount and a day, asked on one line or on two."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from screens.billing import presentation, typed
from screens.widgets.text import short_day

if TYPE_CHECKING:
    from screens.widgets.screen import DeskScreen

Then = Callable[[Decimal, date], None]
_LINE = 80


@dataclass(frozen=True)
class Wanted:
    """What is asked for, and what an empty line stands for."""

    what: str
    """Such as `what if they pay`."""
    example: str
    """Such as `10,000 on the 20th`."""
    amount: Decimal | None
    amount_is: str
    """Such as `what keeps coverage`."""
    day: date | None
    day_is: str


class Figures:
    """Asking again starts with what was typed before, so that Esc or a failure loses nothing."""

    def __init__(self, texts: dict[str, str] | None = None) -> None:
        """`texts` keeps what is typed, where something outlives this object."""
        self._texts = {} if texts is None else texts

    def forget(self) -> None:
        """What was typed is done; the next ones start empty."""
        self._texts.clear()

    def ask(self, screen: DeskScreen, wanted: Wanted, then: Then) -> None:
        """Ask until both are clear, then call back."""

        def take(text: str) -> None:
            self._texts["amount"] = text
            first, day = typed.amount_and_day(text)
            try:
                amount = _amount(first, wanted)
                on = typed.day_to_come(day, screen.desk.now().date()) if day else None
            except typed.NotClear as not_clear:
                self.ask(screen, wanted, then)
                screen.say(str(not_clear))
                return
            screen.say("")
            if on is None:
                self._ask_day(screen, wanted, amount, then)
            else:
                then(amount, on)

        blank = "" if wanted.amount is None else f"; empty = {_blank_amount(wanted)}"
        title = f"{wanted.what}: amount, or {wanted.example}{blank}:"
        self._write(screen, title, "amount", take, optional=wanted.amount is not None)

    def _ask_day(self, screen: DeskScreen, wanted: Wanted, amount: Decimal, then: Then) -> None:
        today = screen.desk.now().date()

        def take(text: str) -> None:
            self._texts["day"] = text
            try:
                on = wanted.day if not text and wanted.day else typed.day_to_come(text, today)
            except typed.NotClear as not_clear:
                self._ask_day(screen, wanted, amount, then)
                screen.say(str(not_clear))
            else:
                screen.say("")
                then(amount, on)

        blank = "" if wanted.day is None else f"; empty = {_blank_day(wanted, today)}"
        title = f"{wanted.what} {presentation.money(amount)}: day, such as 20 or 11-20{blank}:"
        self._write(screen, title, "day", take, optional=wanted.day is not None)

    def _write(
        self, screen: DeskScreen, title: str, name: str, take: Callable[[str], None], *, optional: bool
    ) -> None:
        value = self._texts.get(name, "")
        screen.write(title, take, limit=_LINE, value=value, optional=optional)


def _amount(text: str, wanted: Wanted) -> Decimal:
    if not text and wanted.amount is not None:
        return wanted.amount
    return typed.amount(text)


def _blank_amount(wanted: Wanted) -> str:
    return f"{presentation.money(wanted.amount or Decimal(0))}, {wanted.amount_is}"


def _blank_day(wanted: Wanted, today: date) -> str:
    return f"{short_day(wanted.day or today, today)}, {wanted.day_is}"


__all__ = ["Figures", "Wanted"]
