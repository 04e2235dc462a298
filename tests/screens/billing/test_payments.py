"""A lead records payments and takes mis-posted ones back."""

from __future__ import annotations

from datetime import date

import pytest

from api_client.errors import Invalid, NoAnswer, NotAllowed, RuleRefuses, Trouble
from api_client.types.words import EventKind
from tests.screens.billing import books
from tests.screens.billing.at_desk import at_bill, hears
from tests.screens.billing.books import FakeBilling
from tests.screens.rep import HOSTILE, SIZES, Rep


async def stands_on_the_payments(rep: Rep) -> None:
    await rep.finds(">I-100012")
    await rep.presses("tab")
    await rep.finds(">P-10001")


def on_one_line(rep: Rep) -> str:
    """What is seen, wherever a row was broken."""
    return " ".join(line.strip() for line in rep.sees.split("\n"))


async def types_a_payment(rep: Rep, day: str = "11-19", amount: str = "10,000.00") -> None:
    await rep.presses("a")
    await rep.finds("payment received on (11-19, 2026-11-19 or today):")
    await rep.presses(*day, "enter")
    await rep.finds("received 2026-11-19, amount in dollars:")
    await rep.presses(*amount, "enter")
    await rep.finds("10,000.00 received 2026-11-19 by  1 check  2 ACH  3 wire  4 cashier's check")


# -- taking back


@pytest.mark.parametrize("size", SIZES)
async def test_a_mis_posted_payment_is_reversed_on_a_line_that_names_it(size: tuple[int, int]) -> None:
    client = FakeBilling()
    async with at_bill(client, size=size, lead=True) as rep:
        await stands_on_the_payments(rep)
        await rep.presses("r")
        await rep.finds("why was P-10001 (10,000.00) posted wrongly?")
        await rep.presses(*"wrong group", "enter")
        seen = on_one_line(rep)
        assert "> reverse P-10001: 10,000.00 received 10-19, check 5521, of 104233 SALEM PARTS LLC" in seen
        assert client.done == []
        await rep.presses("enter")
        await rep.finds("P-10001 is reversed: 10,000.00 counts for nothing now.")
        await rep.finds(">P-10001  10-19         10,000.00 REVERSED 11-20")
        assert client.done == ["reverse P-10001 wrong group"]


async def test_keys_typed_without_a_look_reverse_nothing() -> None:
    client = FakeBilling()
    async with at_bill(client, lead=True) as rep:
        await stands_on_the_payments(rep)
        await rep.presses("r")
        await rep.types(*"oops", "enter", "enter", "enter")
        assert "too fast" in rep.sees
        assert client.done == []


async def test_escape_reverses_nothing_and_keeps_the_reason() -> None:
    client = FakeBilling()
    async with at_bill(client, lead=True) as rep:
        await stands_on_the_payments(rep)
        await rep.presses("r", *"wrong group", "enter", "escape", "enter")
        assert client.done == []
        await rep.presses("r")
        await rep.finds("posted wrongly?")
        await rep.finds("wrong group")


async def test_a_reason_that_says_nothing_is_asked_for_again() -> None:
    client = FakeBilling()
    async with at_bill(client, lead=True) as rep:
        await stands_on_the_payments(rep)
        await rep.presses("r", "x", "enter")
        await rep.finds("Say why in at least 3 characters.")
        await rep.presses("y", "z", "enter")
        await rep.finds('reason "xyz"')
        assert "at least 3" not in rep.sees


async def test_a_payment_that_is_reversed_is_not_reversed_again() -> None:
    client = FakeBilling()
    async with at_bill(client, lead=True) as rep:
        await stands_on_the_payments(rep)
        await rep.presses("down", "r")
        await rep.types("1", "enter")
        await rep.finds("P-10002 was reversed already 11-20 09:41: check returned by the bank.")
        assert client.done == []


async def test_r_elsewhere_says_where_it_works() -> None:
    async with at_bill(FakeBilling(books.status(payments=[])), lead=True) as rep:
        await rep.finds(">I-100012")
        await rep.presses("r")
        await rep.finds("Tab goes to the payments; r there reverses the one under the cursor.")
        await rep.presses("tab", "r")
        await rep.finds("No payment stands here.")


async def test_a_rep_is_told_that_a_lead_does_it() -> None:
    client = FakeBilling()
    async with at_bill(client) as rep:
        await stands_on_the_payments(rep)
        assert "l letters  d dispute" in rep.sees
        for key in ("a", "r", "b"):
            await rep.presses(key)
            await rep.types("1", "enter")
            await rep.finds("Payments are recorded, reversed and returned by a lead: ask one.")
        assert client.done == []


async def test_someone_was_faster_shows_both_states_and_keeps_the_reason() -> None:
    client = FakeBilling()
    async with at_bill(client, lead=True) as rep:
        await stands_on_the_payments(rep)
        await rep.presses("r", *"wrong group", "enter")
        client.put(books.taken_back("P-10001", reversed_reason="by R.Chen"), books.taken_back())
        await rep.presses("enter")
        await rep.finds("P-10001: it counted when you looked, it was reversed 11-20 09:41: by R.Chen.")
        await rep.finds(">P-10001  10-19         10,000.00 REVERSED 11-20 by R.Chen")
        assert client.done == []


async def test_a_changed_payment_can_be_reversed_with_the_reason_kept() -> None:
    client = FakeBilling()
    async with at_bill(client, lead=True) as rep:
        await stands_on_the_payments(rep)
        await rep.presses("r", *"wrong group", "enter")
        client.put(books.payment(version=5, amount=books.D(9000)))
        await rep.presses("enter")
        await rep.finds("10,000.00 of 2026-10-19 when you looked, 9,000.00 of 2026-10-19 now.")
        await rep.presses("r", "enter", "enter")
        await rep.finds("P-10001 is reversed: 9,000.00")
        assert client.done == ["reverse P-10001 wrong group"]


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (NotAllowed(Trouble("This takes a lead.", "K-12345678")), "This takes a lead.  reference K-12345678"),
        (RuleRefuses(Trouble("Payment P-10001 was reversed already.")), "was reversed already."),
        (NoAnswer(Trouble("The backend did not answer in time.")), "Nobody knows yet whether it was done"),
        (ValueError("canary"), "Something in this program went wrong."),
    ],
)
async def test_a_refusal_is_told_and_nothing_said_to_be_done(failure: Exception, words: str) -> None:
    client = FakeBilling()
    async with at_bill(client, lead=True) as rep:
        await stands_on_the_payments(rep)
        await rep.presses("r", *"wrong group", "enter")
        client.failure = failure
        await rep.presses("enter")
        await rep.finds(words)
        assert "is reversed:" not in rep.sees
        assert "canary" not in rep.sees
        client.failure = None
        await rep.presses("r")
        await rep.finds("wrong group")


# -- recording


@pytest.mark.parametrize("size", SIZES)
async def test_a_payment_is_recorded_and_stands_under_the_cursor(size: tuple[int, int]) -> None:
    client = FakeBilling()
    async with at_bill(client, size=size, lead=True) as rep:
        await stands_on_the_payments(rep)
        await types_a_payment(rep)
        await rep.presses("1")
        await rep.finds("10,000.00 pays  1 premium  2 fees, 25.00 open")
        await rep.presses("1")
        await rep.finds("number or other reference of the payment, or none:")
        await rep.presses(*"5530", "enter")
        seen = on_one_line(rep)
        assert "> record check 10,000.00 received 2026-11-19 from 104233 SALEM PARTS LLC" in seen
        assert client.done == []
        await rep.presses("enter")
        await rep.finds("P-10009 recorded: 10,000.00 received 11-19, check 5530.")
        await rep.finds(">P-10009")
        assert client.done == ["record 104233 2026-11-19 10000.00 check 5530"]
        await rep.presses("a", "enter")
        await rep.finds("payment received on")


async def test_news_of_the_own_payment_that_come_first_hide_it_from_nobody() -> None:
    client = FakeBilling()
    async with at_bill(client, lead=True) as rep:
        await stands_on_the_payments(rep)
        await types_a_payment(rep)
        await rep.presses("1", "1", "enter")
        client.shows.clear()
        await rep.presses("enter")
        await rep.finds("P-10009 recorded")
        hears(rep, EventKind.BILLING)
        client.shows.set()
        await rep.finds(">P-10009")
        assert "1 new" not in rep.sees


async def test_bad_input_is_told_and_stays_to_be_mended() -> None:
    client = FakeBilling()
    async with at_bill(client, lead=True) as rep:
        await rep.finds(">I-100012")
        await rep.presses("a", *"11-31", "enter")
        await rep.finds("There is no day 11-31 in the calendar.")
        await rep.presses("backspace", "backspace", *"19", "enter")
        await rep.finds("received 2026-11-19, amount in dollars:")
        assert "no day" not in rep.sees
        await rep.presses(*"10.000,00", "enter")
        await rep.finds("10.000,00 is no amount")
        await rep.presses(*["backspace"] * 9, *"0", "enter")
        await rep.finds("A payment of nothing changes nothing.")
        await rep.presses("backspace", *"5.25", "enter")
        await rep.presses("2", "1", "enter")
        await rep.finds("> record ACH 5.25 received 2026-11-19 from 104233 SALEM PARTS LLC")
        await rep.presses("enter")
        await rep.finds("P-10009 recorded")
        assert client.done == ["record 104233 2026-11-19 5.25 ach"]


async def test_what_looks_like_the_same_payment_is_warned_of() -> None:
    client = FakeBilling(books.status(payments=[books.payment(received_on=date(2026, 11, 19))]))
    async with at_bill(client, lead=True) as rep:
        await rep.finds(">I-100012")
        await types_a_payment(rep)
        await rep.presses("1", "1", "enter")
        await rep.finds("the same day and amount as P-10001 (check 5521): another one?")
        await rep.presses("escape")
        assert client.done == []


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (Invalid(Trouble("A payment cannot be received on a day to come.")), "on a day to come."),
        (NotAllowed(Trouble("This takes a lead.")), "This takes a lead."),
        (NoAnswer(Trouble("The backend did not answer in time.")), "Nobody knows yet whether it was done"),
    ],
)
async def test_a_failed_recording_loses_nothing_that_was_typed(failure: Exception, words: str) -> None:
    client = FakeBilling()
    async with at_bill(client, lead=True) as rep:
        await rep.finds(">I-100012")
        await types_a_payment(rep)
        await rep.presses("1", "1", *"5530", "enter")
        client.failure = failure
        await rep.presses("enter")
        await rep.finds(words)
        assert "recorded:" not in rep.sees
        client.failure = None
        await rep.presses("a", "enter", "enter", "1", "1", "enter")
        await rep.finds("> record check 10,000.00 received 2026-11-19")
        await rep.presses("enter")
        await rep.finds("P-10009 recorded")
        assert client.done == ["record 104233 2026-11-19 10000.00 check 5530"]


async def test_tab_and_l_leave_an_open_question_alone() -> None:
    async with at_bill(FakeBilling(), lead=True) as rep:
        await rep.finds(">I-100012")
        await rep.presses("a", "tab", *"11-19", "enter")
        await rep.finds("received 2026-11-19, amount in dollars:")
        await rep.presses(*"5", "enter", "l")
        await rep.finds("5.00 received 2026-11-19 by  1 check")
        assert ">I-100012" in rep.sees


@pytest.mark.parametrize("text", HOSTILE[::3])
async def test_whatever_is_pasted_is_text_and_decides_nothing(text: str) -> None:
    client = FakeBilling()
    async with at_bill(client, lead=True) as rep:
        await stands_on_the_payments(rep)
        await rep.presses("r", *"why ")
        rep.pastes(text)
        await rep.presses("enter")
        await rep.finds("> reverse P-10001")
        assert rep.sees.replace("\n", "").isprintable()
        await rep.presses("escape", "a")
        rep.pastes(text)
        await rep.presses("enter")
        await rep.finds("payment received on")
        assert rep.sees.replace("\n", "").isprintable()
        assert client.done == []
