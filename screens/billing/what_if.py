"""What if they pay: two courses side by side, nothing written."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content

from api_client.types.words import EventKind
from screens.billing import courses
from screens.billing.figures import Figures, Wanted
from screens.billing.presentation import money
from screens.widgets.desk import About, Changed
from screens.widgets.detail import Detail
from screens.widgets.screen import DeskScreen
from screens.widgets.text import lines, plain

if TYPE_CHECKING:
    from api_client.types.billing import BillingStatus, WhatIfAnswer


class WhatIfScreen(DeskScreen):
    """The same group now and with the payment; `p` asks again with other figures."""

    HINT = f"{courses.NOTHING_WRITTEN} Esc goes back"
    AUTO_FOCUS = "#courses"
    BINDINGS = [Binding("p", "figures", "other figures", id="what_if.figures")]

    def __init__(self, number: str, amount: Decimal, on: date, wanted: Wanted, figures: Figures) -> None:
        """What was asked, and how it is asked again."""
        super().__init__()
        self._number = number
        self._amount = amount
        self._on = on
        self._wanted = wanted
        self._figures = figures
        self._answer: WhatIfAnswer | None = None

    def subject(self) -> Content:
        return plain(f"WHAT IF {self._number}")

    def about(self) -> About | None:
        return About(self._number)

    def compose_body(self) -> ComposeResult:
        yield Detail(id="courses")

    def load(self) -> None:
        if self._answer is None:
            asked = f" {money(self._amount)} on {self._on}: asking the rules ..."
            self.query_one(Detail).show(lambda _: plain(asked))
        work = self.client.billing.what_if(self._number, self._amount, self._on)
        self.fetch(work, self._shown, group="what_if", otherwise=self._not_shown)

    def _shown(self, answer: WhatIfAnswer) -> None:
        self._answer = answer
        today = self.desk.now().date()
        self.query_one(Detail).show(partial(courses.courses, answer, today))

    def _not_shown(self, error: Exception) -> bool:
        """The banner tells it; courses that stand there are those of the figures before."""
        self._answer = None
        self.query_one(Detail).show(lambda _: plain(" no answer; F7 asks again, p asks with other figures"))
        return False

    def on_change(self, change: Changed) -> None:
        ours = change.kind in (EventKind.BILLING, EventKind.ACCOUNT) and change.subject == self._number
        if ours or change.kind is EventKind.RESET:
            self.load()

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """The figures first."""
        yield from sorted(super().keys(), key=lambda one: one[1] == "find")

    def why(self) -> Content | None:
        return lines(plain(courses.NOTHING_WRITTEN, "bold"), plain(courses.WHY))

    def again(self) -> DeskScreen | None:
        return WhatIfScreen(self._number, self._amount, self._on, self._wanted, self._figures)

    def action_figures(self) -> None:
        """Ask with another amount or day."""
        self._figures.ask(self, self._wanted, self._changed)

    def _changed(self, amount: Decimal, on: date) -> None:
        self._amount, self._on = amount, on
        self._answer = None
        self.load()


def ask(screen: DeskScreen, status: BillingStatus, figures: Figures) -> None:
    """Ask for the figures and show the courses above this screen."""
    wanted = wanted_of(status)

    def show(amount: Decimal, on: date) -> None:
        screen.app.push_screen(WhatIfScreen(status.number, amount, on, wanted, figures))

    figures.ask(screen, wanted, show)


def wanted_of(status: BillingStatus) -> Wanted:
    """What empty lines stand for: what keeps coverage, else all open premium; and today."""
    keeps = status.keep_coverage_amount > 0
    amount = status.keep_coverage_amount if keeps else max(status.open_premium, Decimal(0)) or None
    meaning = "what keeps coverage" if keeps else "all that is open"
    return Wanted("what if they pay", "10,000 on the 20th", amount, meaning, status.on, "today")


__all__ = ["WhatIfScreen", "ask", "wanted_of"]
