"""What if they pay: the figures are asked, two courses stand side by side, nothing is written."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from api_client.errors import NoAnswer, Trouble
from api_client.types.billing import WhatIfAnswer
from api_client.types.words import EventKind
from screens.billing.status import BillingScreen
from screens.billing.what_if import WhatIfScreen
from tests.screens.billing import books
from tests.screens.billing.at_desk import at_bill, at_desk, hears
from tests.screens.billing.books import FakeBilling
from tests.screens.rep import HOSTILE_AT, SIZES, Rep


def on_one_line(rep: Rep) -> str:
    return " ".join(line.strip() for line in rep.sees.split("\n"))


@pytest.mark.parametrize("size", SIZES)
async def test_empty_lines_ask_what_keeps_coverage_today(size: tuple[int, int]) -> None:
    client = FakeBilling()
    async with at_bill(client, size=size) as rep:
        await rep.finds(">I-100012")
        await rep.presses("p")
        asks = "what if they pay: amount, or 10,000 on the 20th; empty = 10,000.00, what keeps coverage:"
        assert asks in on_one_line(rep)
        await rep.presses("enter")
        asks = "what if they pay 10,000.00: day, such as 20 or 11-20; empty = 11-20, today:"
        assert asks in on_one_line(rep)
        await rep.presses("enter")
        await rep.finds("NOW, WITHOUT IT")
        await rep.finds("WITH 10,000.00 ON 11-20")
        await rep.finds("Nothing is written: this only asks the rules.")
        await rep.finds(' SAY then "With that payment your coverage goes on."')
        assert (client.asked, client.done) == (["what if 10000.00 2026-11-20"], [])
        await rep.presses("question_mark")
        await rep.finds("The payment is only")
        await rep.presses("escape", "escape")
        await rep.finds(">I-100012")
        assert isinstance(rep.app.screen, BillingScreen)


async def test_one_line_is_enough_and_p_changes_the_figures() -> None:
    client = FakeBilling()
    async with at_bill(client) as rep:
        await rep.finds(">I-100012")
        await rep.presses("p", *"6,000 on the 30th", "enter")
        await rep.finds("WITH 6,000.00 ON 11-30")
        await rep.presses("p")
        await rep.finds("6,000 on the 30th")
        await rep.presses("escape")
        await rep.finds("WITH 6,000.00 ON 11-30")
        await rep.presses("p", "ctrl+u", *"on 12-02", "enter")
        await rep.finds("WITH 10,000.00 ON 12-02")
        await rep.presses("escape", "p")
        await rep.finds("on 12-02")
        assert client.asked == [*("what if 6000.00 2026-11-30", "what if 10000.00 2026-12-02")]


async def test_what_is_not_clear_is_told_and_stays_to_be_mended() -> None:
    client = FakeBilling()
    async with at_bill(client) as rep:
        await rep.finds(">I-100012")
        await rep.presses("p", *"ten", "enter")
        await rep.finds("ten is no amount")
        await rep.presses("ctrl+u", *"10", "enter")
        await rep.finds("what if they pay 10.00")
        await rep.presses(*"11-19", "enter")
        await rep.finds("2026-11-19 is over: the day is today or later.")
        await rep.presses("backspace", "backspace", *"21", "enter")
        await rep.finds("WITH 10.00 ON 11-21")


async def test_where_nothing_is_open_the_amount_is_typed() -> None:
    async with at_bill(FakeBilling(books.current(open_premium=books.D(0)))) as rep:
        await rep.finds(">I-100012")
        await rep.presses("p")
        assert "empty =" not in rep.sees
        await rep.presses("enter")
        await rep.finds("Nothing is written yet")


async def test_failures_say_so_and_f7_asks_again() -> None:
    client = FakeBilling()
    async with at_bill(client) as rep:
        await rep.finds(">I-100012")
        await rep.presses("p")
        client.failure = NoAnswer(Trouble("The backend does not answer."))
        await rep.presses(*"5 on 20", "enter")
        await rep.finds("[!] The backend does not answer.  F7 tries again")
        await rep.finds("no answer; F7 asks again, p asks with other figures")
        client.failure = None
        await rep.presses("f7")
        await rep.finds("WITH 5.00 ON 11-20")
        client.asked.clear()
        hears(rep, EventKind.BILLING, "104871")
        hears(rep, EventKind.BILLING)
        await rep.presses("down")
        assert client.asked == ["what if 5.00 2026-11-20"]


async def test_after_the_lock_the_same_figures_are_asked_again() -> None:
    client = FakeBilling()
    async with at_bill(client) as rep:
        await rep.finds(">I-100012")
        await rep.presses("p", *"6000 on 30", "enter")
        await rep.finds("WITH 6,000.00 ON 11-30")
        again = rep.app.screen.again()  # type: ignore[attr-defined]
    async with at_desk(client, lambda: again) as rep:
        await rep.finds("WITH 6,000.00 ON 11-30")


@pytest.mark.parametrize(("text", "size"), HOSTILE_AT)
async def test_text_from_outside_is_shown_and_never_obeyed(text: str, size: tuple[int, int]) -> None:
    client = FakeBilling(books.status(say=text))
    to_come = [books.entry(books.TODAY, one.about, text) for one in books.timeline()]
    books_now = books.course(say=text, to_come=to_come)

    async def what_if(number: str, amount: Decimal, on: date) -> WhatIfAnswer:
        return WhatIfAnswer(on=on, amount=amount, now=books_now, then=books_now)

    client.what_if = what_if  # type: ignore[method-assign]
    async with at_bill(client, size=size) as rep:
        await rep.finds(">I-100012")
        await rep.presses("p")
        rep.pastes(text)
        await rep.presses("enter")
        assert rep.sees.replace("\n", "").isprintable()
        await rep.presses("escape", "p", "ctrl+u", "enter", "ctrl+u", "enter")
        await rep.finds("SAY then")
        assert isinstance(rep.app.screen, WhatIfScreen)
        assert rep.sees.replace("\n", "").isprintable()
