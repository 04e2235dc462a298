"""Acts about a group's bill with the client on the line: a promise to pay, a dispute of a bill."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from screens.billing import spoken, typed
from screens.billing.figures import Figures, Wanted
from screens.widgets.prompt import Choice

if TYPE_CHECKING:
    from datetime import date
    from decimal import Decimal

    from api_client.types.acts import ActOption
    from api_client.types.billing import BillingStatus, HoldRow, Invoice, PromiseRow
    from screens.widgets.desk import About
    from screens.widgets.screen import DeskScreen

_TYPED: WeakKeyDictionary[DeskScreen, dict[str, dict[str, str]]] = WeakKeyDictionary()
"""What was typed on a screen and is not sent yet: what it is for -> the texts."""


def _typed_on(screen: DeskScreen, what: str) -> dict[str, str]:
    return _TYPED.setdefault(screen, {}).setdefault(what, {})


def promise(screen: DeskScreen, about: About, option: ActOption) -> None:
    """Ask how much the client promises and by when, have it confirmed, take it down."""

    def ask(status: BillingStatus) -> None:
        figures = Figures(_typed_on(screen, f"promise {about.group}"))
        wanted = Wanted(
            "promise to pay",
            "10,000 by the 20th",
            status.keep_coverage_amount or None,
            "what keeps coverage",
            status.keep_coverage_by,
            "the last day to pay",
        )
        figures.ask(screen, wanted, partial(confirm, status, figures))

    def confirm(status: BillingStatus, figures: Figures, amount: Decimal, pay_by: date) -> None:
        def promised(row: PromiseRow) -> None:
            figures.forget()
            screen.load()
            screen.say(spoken.promised(row, screen.desk.now()))

        def send() -> None:
            screen.act(screen.client.billing.promise(about.group, amount, pay_by), promised)

        screen.confirm(spoken.promise_line(status, amount, pay_by), send)

    screen.fetch(screen.client.billing.show(about.group), ask, group="acts")


def take_back(screen: DeskScreen, row: PromiseRow) -> None:
    """Have the own entry of a promise taken back, after a line that names it."""

    def taken_back(_: PromiseRow) -> None:
        screen.load()
        screen.say(spoken.promise_taken_back(row))

    def send() -> None:
        screen.act(screen.client.billing.undo_promise(row.id), taken_back)

    screen.confirm(spoken.take_back_line(row, screen.desk.now().date()), send)


def dispute(screen: DeskScreen, about: About, option: ActOption, *, invoice: str = "") -> None:
    """Ask which bill and why, have it confirmed, take the dispute down; `invoice` is the bill if known."""

    def ask(status: BillingStatus) -> None:
        possible = {one.value for one in option.choices}
        open_bills = [one for one in status.invoices if one.number in possible]
        known = [one for one in status.invoices if one.number == invoice]
        if known or len(open_bills) == 1:
            _ask_reason(screen, status, (known or open_bills)[0], option)
        elif open_bills:
            choices = [Choice(spoken.bill(one), one) for one in open_bills[:9]]
            screen.pick(
                "dispute of which bill:", choices, partial(_ask_reason, screen, status, option=option)
            )
        else:
            screen.refuse("No bill of this group can be disputed.")

    screen.fetch(screen.client.billing.show(about.group), ask, group="acts")


def _ask_reason(screen: DeskScreen, status: BillingStatus, bill: Invoice, option: ActOption) -> None:
    texts = _typed_on(screen, f"dispute {bill.number}")

    def confirm(reason: str) -> None:
        def disputed(row: HoldRow) -> None:
            texts.clear()
            screen.load()
            screen.say(spoken.disputed(row, bill))

        def send() -> None:
            screen.act(screen.client.billing.dispute(status.number, bill.number, reason), disputed)

        will = next((one.will for one in option.choices if one.value == bill.number), "")
        screen.confirm(spoken.dispute_line(status, bill, reason, will), send)

    ask_reason(screen, f"what does the client say is wrong with {spoken.bill(bill)}?", texts, confirm)


def ask_reason(screen: DeskScreen, title: str, texts: dict[str, str], then: Callable[[str], None]) -> None:
    """Ask for a reason in words until it says something; `texts` keeps what was typed."""

    def take(text: str) -> None:
        texts["reason"] = text
        try:
            reason = typed.reason(text)
        except typed.NotClear as not_clear:
            ask_reason(screen, title, texts, then)
            screen.say(str(not_clear))
        else:
            screen.say("")
            then(reason)

    screen.write(title, take, limit=typed.REASON[1], value=texts.get("reason", ""))


__all__ = ["ask_reason", "dispute", "promise", "take_back"]
