"""What is done from the bill: by phone, and what a lead decides."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial

import pytest

from api_client.errors import NoAnswer, RuleRefuses, Stale, Trouble
from api_client.types.acts import ActOption
from api_client.types.billing_words import BillingFlag
from api_client.types.call_words import PhoneAct
from tests.screens.billing import books
from tests.screens.billing.at_desk import at_bill
from tests.screens.billing.books import TODAY, FakeBilling
from tests.screens.desk import NOW
from tests.screens.rep import SIZES, Rep

NO_CALL = "Nobody is on the line: F9 starts a call."
REFUSED = RuleRefuses(Trouble("That cannot be done today."))
NO_ANSWER = NoAnswer(Trouble("The backend did not answer in time."))


def on_one_line(rep: Rep) -> str:
    """What is seen, wherever a row was broken."""
    return " ".join(line.strip() for line in rep.sees.split("\n"))


def held_by(**changes: object) -> FakeBilling:
    return FakeBilling(
        books.status(holds=[books.hold()], reinstatements=[books.request()]).model_copy(update=changes)
    )


async def goes_to_the_holds(rep: Rep) -> None:
    await rep.finds(">I-100012")
    while ">RI-00001" not in rep.sees:
        await rep.presses("shift+tab")


# -- with the client on the line


@pytest.mark.parametrize("size", SIZES)
async def test_the_bill_under_the_cursor_is_disputed(size: tuple[int, int]) -> None:
    client = FakeBilling()
    async with at_bill(client, size=size) as rep:
        await rep.finds(">I-100012")
        await rep.presses("down", "d")
        await rep.finds("what does the client say is wrong with I-100011 Nov 2026 10,000.00?")
        await rep.presses(*"no", "enter")
        await rep.finds("Say why in at least 3 characters.")
        await rep.presses(*" such person", "enter")
        line = (
            "> take down: 104233 SALEM PARTS LLC disputes I-100011 Nov 2026 10,000.00: "
            '"no such person". a lead looks at it'
        )
        assert line in on_one_line(rep)
        await rep.presses("escape", "d")
        await rep.finds("no such person")
        await rep.presses("enter", "enter")
        await rep.finds("H-00009 is taken down, the dispute of I-100011; no date moves.")
        await rep.finds("promises, holds") if size == SIZES[0] else await rep.finds("H-00009")
        assert client.done == ["dispute 104233 I-100011 no such person"]


async def test_a_dispute_says_where_it_works_and_why_it_does_not() -> None:
    client = FakeBilling()
    client.options_now = [ActOption(act=PhoneAct.DISPUTE, allowed=False, why_not=NO_CALL)]
    async with at_bill(client) as rep:
        await rep.finds(">I-100012")
        await rep.presses("d")
        await rep.types("1", "enter")
        await rep.finds(NO_CALL)
        client.options_now = []
        await rep.presses("d")
        await rep.finds("A dispute cannot be taken down here.")
        await rep.presses("tab", "d")
        await rep.finds("d there takes down a dispute of the one under the cursor.")
        assert client.done == []


async def test_my_promise_is_taken_back_on_a_line_that_names_it() -> None:
    mine = books.promised("PR-00002", undo_until=NOW + timedelta(minutes=3))
    client = FakeBilling(books.status(promises=[mine], flags=[BillingFlag.PTP_OPEN]))
    async with at_bill(client) as rep:
        await rep.finds("u undo promise")
        await rep.presses("u")
        assert "> take back: PR-00002, the promise to pay 10,000.00 by 11-24" in on_one_line(rep)
        await rep.presses("escape", "enter")
        assert client.done == []
        await rep.presses("u")
        await rep.types("enter", "enter")
        assert client.done == []
        await rep.presses("u", "enter")
        await rep.finds("PR-00002 is taken back; nobody waits for it.")
        assert client.done == ["undo PR-00002"]
        await rep.presses("u")
        await rep.finds("You took down no promise here that could still be taken back.")


# -- holds


@pytest.mark.parametrize("size", SIZES)
async def test_a_lead_opens_a_hold_and_lifts_it(size: tuple[int, int]) -> None:
    client = FakeBilling()
    async with at_bill(client, size=size, lead=True) as rep:
        await rep.finds(">I-100012")
        await rep.presses("h")
        await rep.finds("> hold because of  1 grievance  2 bankruptcy  3 disaster order  Esc cancels")
        await rep.presses("3", *"order 7", "enter")
        await rep.finds("its last day, such as 12-31; empty = until a lead lifts it:")
        await rep.presses(*"11-19", "enter")
        await rep.finds("2026-11-19 is over")
        await rep.presses("ctrl+u", *"12-31", "enter")
        line = "> hold for 104233 SALEM PARTS LLC: disaster order from today until 2026-12-31; reason"
        assert line in on_one_line(rep)
        await rep.presses("escape", "h", "3", "enter", "enter", "enter")
        await rep.finds("H-00008 is open, disaster order; no letter goes and coverage does not end while")
        assert client.done == ["hold 104233 disaster order 7 2026-12-31"]
        client.done.clear()
        while "h lift hold" not in rep.sees:
            await rep.presses("shift+tab")
        await rep.presses("h", *"over", "enter")
        assert "> lift H-00008, disaster order since 2026-11-05, for 104233" in on_one_line(rep)
        await rep.presses("enter")
        await rep.finds("H-00008 is lifted.")
        await rep.finds("over: HOLD disaster")
        assert client.done == ["lift H-00008 over"]
        await rep.presses("h")
        await rep.finds("> hold because of")


async def test_a_rep_is_told_that_a_lead_decides() -> None:
    client = held_by()
    async with at_bill(client) as rep:
        await goes_to_the_holds(rep)
        await rep.presses("h")
        await rep.types("1", "enter")
        await rep.finds("Holds and requests to give coverage back are for a lead: ask one.")
        assert client.done == []


# -- coverage asked back


async def test_a_lead_gives_coverage_back() -> None:
    client = held_by()
    async with at_bill(client, lead=True) as rep:
        await goes_to_the_holds(rep)
        await rep.finds("h decide")
        await rep.presses("h")
        await rep.finds("> RI-00001, asked 2026-11-19:  1 give coverage back  2 refuse")
        await rep.types("1", "enter", "enter")
        assert client.done == []
        await rep.presses("escape", "h", "1")
        line = "> give coverage back to 104233 SALEM PARTS LLC as asked for 2026-11-19: everybody as before"
        assert line in on_one_line(rep)
        await rep.presses("enter")
        await rep.finds("RI-00001: coverage is given back without a gap; a letter tells the client.")
        await rep.finds("coverage given back 11-20, no gap")
        assert client.done == ["decide RI-00001 True"]


async def test_what_stands_against_it_is_said_and_a_refusal_has_a_reason() -> None:
    client = held_by(reinstatements=[books.request(why_not="10,000.00 of premium is open.")])
    async with at_bill(client, lead=True) as rep:
        await goes_to_the_holds(rep)
        await rep.presses("h", "1")
        await rep.types("enter")
        await rep.finds("10,000.00 of premium is open.")
        assert client.done == []
        await rep.presses("h", "2", *"asked too late", "enter")
        await rep.presses("escape", "h", "2")
        await rep.finds("asked too late")
        await rep.presses("enter", "enter")
        await rep.finds("RI-00001 is refused: asked too late.")
        assert client.done == ["decide RI-00001 False asked too late"]


@pytest.mark.parametrize(
    ("keys", "changes", "words"),
    [
        (
            ("h", "1", "enter"),
            {"reinstatements": [books.request(version=2, decided_on=TODAY, approved=True)]},
            "RI-00001: open when you looked, given back 2026-11-20. Nothing was done",
        ),
        (
            ("h", "2", *"late", "enter", "enter"),
            {"reinstatements": [books.request(version=2, why_not="5.00 is open")]},
            "RI-00001: changed since you looked; 5.00 is open. Nothing was done; what you wrote is kept.",
        ),
        (
            ("down", "h", *"over", "enter", "enter"),
            {"holds": [books.hold(version=2, lifted_on=TODAY)]},
            "H-00001: open when you looked, lifted 2026-11-20. Nothing was done; your reason is kept.",
        ),
        (
            ("down", "h", *"over", "enter", "enter"),
            {"holds": [books.hold(version=2, to_on=date(2026, 12, 9))]},
            "H-00001: until it is lifted when you looked, until 2026-12-09 now. Nothing was done",
        ),
    ],
)
async def test_someone_was_faster_shows_both(
    keys: tuple[str, ...], changes: dict[str, object], words: str
) -> None:
    client = held_by()
    async with at_bill(client, lead=True) as rep:
        await goes_to_the_holds(rep)
        await rep.presses(*keys[:-1])
        client.change(**changes)
        await rep.presses(keys[-1])
        await until_said(rep, words)
        assert client.done == []


async def until_said(rep: Rep, words: str) -> None:
    """Waits until it is said, wherever a row is broken."""
    for _ in range(50):
        if words in on_one_line(rep):
            return
        await rep.pilot.pause()
    raise AssertionError(f"{words!r} is not in\n{rep.sees}")


async def test_what_is_gone_meanwhile_is_said() -> None:
    client = held_by()

    async def stale(*_: object, **__: object) -> None:
        client.change(holds=[], reinstatements=[])
        raise Stale(Trouble("It was changed meanwhile."))

    client.decide_reinstatement = stale  # type: ignore[assignment,method-assign]
    async with at_bill(client, lead=True) as rep:
        await goes_to_the_holds(rep)
        await rep.presses("h", "1", "enter")
        await rep.finds("RI-00001 is no request of this group any more.")


@pytest.mark.parametrize(
    ("failure", "words"),
    [(REFUSED, "[!] That cannot be done today."), (NO_ANSWER, "[!] The backend did not answer in time.")],
)
async def test_a_failure_loses_nothing_that_was_typed(failure: Exception, words: str) -> None:
    client = FakeBilling()
    async with at_bill(client, lead=True) as rep:
        await rep.finds(">I-100012")
        for keys, again in (
            (("h", "1", *"grievance 9", "enter", *"12-31", "enter"), ("h", "1")),
            (("d", *"wrong rate", "enter"), ("d",)),
        ):
            await rep.presses(*keys)
            client.failure = failure
            await rep.presses("enter")
            await rep.finds(words)
            client.failure = None
            await rep.presses(*again)
            await rep.finds("wrong rate" if again == ("d",) else "grievance 9")
            await rep.presses("escape")
        assert client.done == []


# -- payments that come back, and fees


@pytest.mark.parametrize("size", SIZES)
async def test_a_payment_that_came_back_is_taken_down_on_the_banks_date(size: tuple[int, int]) -> None:
    client = FakeBilling()
    async with at_bill(client, size=size, lead=True) as rep:
        await rep.finds(">I-100012")
        await rep.presses("b")
        await rep.finds("Tab goes to the payments; b there returns the one under the cursor.")
        await rep.presses("tab")
        await rep.finds(">P-10001")
        await rep.presses("b")
        await rep.finds("P-10001 (10,000.00) came back; the bank's date (11-19 or today):")
        await rep.presses(*"10-18", "enter")
        await rep.finds("P-10001 was received 2026-10-19, after that day.")
        await rep.presses("ctrl+u", *"tomorrow", "enter")
        await rep.finds("tomorrow is no date")
        await rep.presses("ctrl+u", *"11-19", "enter")
        line = (
            "> P-10001 came back from the bank 2026-11-19: 10,000.00 received 10-19, check 5521, of 104233 "
            "SALEM PARTS LLC; from that day it counts for nothing, and the fee is charged"
        )
        assert line in on_one_line(rep)
        await rep.presses("enter")
        await rep.finds("P-10001 counts for nothing from 2026-11-19 on; the dates above are new.")
        await rep.finds("CAME BACK 11-19")
        assert client.done == ["return P-10001 2026-11-19"]
        await rep.presses("b")
        await rep.finds("P-10001 came back from the bank 2026-11-19 already.")
        await rep.presses("down", "b")
        await rep.finds("P-10002 was reversed already 11-20 09:41")


async def test_a_payment_changed_meanwhile_is_not_returned() -> None:
    client = FakeBilling()
    async with at_bill(client, lead=True) as rep:
        await rep.finds(">I-100012")
        await rep.presses("tab", "b", *"today", "enter")
        client.put(books.taken_back("P-10001", reversed_reason="by R.Chen"))
        await rep.presses("enter")
        await until_said(rep, "P-10001: it counted when you looked, it was reversed 11-20 09:41: by R.Chen.")
        assert client.done == []


async def test_a_payment_of_fees_pays_no_premium_and_uncertified_funds_are_warned_of() -> None:
    flags = {"flags": [BillingFlag.CERTIFIED_FUNDS], "certified_funds_until": date(2027, 11, 2)}
    client = FakeBilling(books.status(**flags))
    async with at_bill(client, lead=True) as rep:
        await rep.finds(">I-100012")
        asks = partial(rep.presses, "a", *"today", "enter", *"25", "enter")
        await asks()
        await rep.presses("1")
        await rep.finds("25.00 pays  1 premium  2 fees, 25.00 open")
        await rep.presses("2", "enter")
        await rep.finds("only certified funds are taken until 2027-11-02: tell the client")
        line = "> record check 25.00 for fees received 2026-11-20 from 104233 SALEM PARTS LLC"
        assert line in on_one_line(rep)
        await rep.presses("enter")
        await rep.finds("P-10009 recorded")
        await rep.finds("25.00 for fees received 11-20, check.")
        await asks()
        await rep.presses("4", "1", "enter")
        assert "> record cashier's check 25.00 received 2026-11-20" in on_one_line(rep)
        assert "only certified funds" not in rep.sees
        assert client.done == ["record 104233 2026-11-20 25.00 check for fees"]


async def test_without_open_fees_nobody_is_asked_what_a_payment_pays() -> None:
    async with at_bill(FakeBilling(books.current()), lead=True) as rep:
        await rep.finds(">I-100012")
        await rep.presses("a", *"today", "enter", *"25", "enter", "1")
        await rep.finds("number or other reference of the payment, or none:")
