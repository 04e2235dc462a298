"""The bill of one group, driven by keys."""

from __future__ import annotations

from datetime import date

import pytest

from api_client.errors import NoAnswer, NotFound, Trouble
from api_client.types.billing import Bucket, Why
from api_client.types.billing_words import BillingFlag, DateAbout, LetterKind
from api_client.types.words import EventKind
from screens.billing.status import BillingScreen
from screens.session.lock import LockScreen
from tests.screens.billing import books
from tests.screens.billing.at_desk import at_bill, at_desk, hears
from tests.screens.billing.books import D, FakeBilling
from tests.screens.rep import HOSTILE_AT, SIZES


@pytest.mark.parametrize("size", SIZES)
async def test_what_keeps_coverage_is_said_at_once_and_what_to_say(size: tuple[int, int]) -> None:
    async with at_bill(FakeBilling(), size=size) as rep:
        await rep.finds("TO KEEP COVERAGE 10,000.00 by 12-01")
        await rep.finds("104233 SALEM PARTS LLC")
        await rep.finds("[!] term pending, day 19 of 30 of grace   cycle C1")
        await rep.finds("grace 11-02 .. 12-01")
        await rep.finds(">I-100012 2026-12    10,000.00    10,000.00 due 12-01")
        await rep.finds('SAY     "Ten thousand dollars must reach us by December 1')
        lines = rep.sees.split("\n")
        assert len(lines) == size[1]
        assert all(len(line) <= size[0] for line in lines)
        assert lines[-1].endswith("F1 help")


async def test_on_a_small_screen_tab_and_l_change_the_list() -> None:
    async with at_bill(FakeBilling()) as rep:
        await rep.finds(" [bills 4] payments 2  letters 2  dates 4  chart")
        assert "check 5521" not in rep.sees
        await rep.presses("tab")
        await rep.finds(">P-10001  10-19         10,000.00 check 5521")
        await rep.finds(" P-10002  10-19         10,000.00 REVERSED 11-20 check returned by the bank")
        assert "I-100012" not in rep.sees
        await rep.presses("tab")
        await rep.finds(">L-00865  11-16       10,000.00 L2 termination letter")
        await rep.presses("tab")
        await rep.finds(">12-01 11 d  coverage ends if unpaid")
        await rep.finds(" 11-16       termination letter L2 mailed")
        await rep.presses("tab")
        await rep.finds("## balance at the month's end   -- premium of the month")
        assert "grace 11-02" not in rep.sees
        await rep.presses("tab")
        await rep.finds(">I-100012")
        await rep.finds("grace 11-02")
        await rep.presses("l")
        await rep.finds(">L-00865")
        await rep.finds("l bills")
        await rep.presses("down", "l")
        await rep.finds(">I-100012")
        await rep.presses("shift+tab")
        await rep.finds("[chart]")


async def test_on_a_large_screen_everything_stands_side_by_side() -> None:
    async with at_bill(FakeBilling(), size=(120, 40)) as rep:
        await rep.finds(">I-100012")
        await rep.finds(">P-10001")
        await rep.finds("REVERSED 11-20")
        await rep.finds("L2 termination letter\n")
        await rep.finds(">12-01 11 d  coverage ends if unpaid")
        await rep.finds(" premium  10k  10k  10k  10k  10k")
        await rep.presses("tab", "down")
        await rep.finds(">P-10002")
        assert ">I-100012" in rep.sees


async def test_a_change_of_the_window_keeps_the_list_and_the_place() -> None:
    async with at_bill(FakeBilling(), size=(120, 40)) as rep:
        await rep.finds(">P-10001")
        await rep.presses("tab", "down")
        await rep.resizes(80, 24)
        await rep.finds("[payments 2]")
        await rep.finds(">P-10002")


async def test_lists_without_a_record_say_so() -> None:
    quiet = books.current(invoices=[], payments=[], letters=[])
    async with at_bill(FakeBilling(quiet)) as rep:
        await rep.finds("No bill was sent yet.")
        await rep.finds("no bill yet")
        await rep.presses("tab")
        await rep.finds("No payment was received yet.")
        await rep.presses("l")
        await rep.finds("No letter was written yet.")


async def test_loading_and_failing_say_so_and_f7_tries_again() -> None:
    client = FakeBilling()
    client.open.clear()
    async with at_bill(client) as rep:
        await rep.finds(" loading ...")
        client.failure = NoAnswer(Trouble("The backend does not answer."))
        client.open.set()
        await rep.finds("[!] The backend does not answer.  F7 tries again")
        await rep.finds("could not load; F7 tries again")
        await rep.loses("loading ...")
        client.failure = None
        await rep.presses("f7")
        await rep.finds("TO KEEP COVERAGE")
        await rep.finds(">I-100012")
        await rep.loses("could not load")


async def test_a_defect_is_told_by_one_reference() -> None:
    client = FakeBilling()
    client.failure = ValueError("canary")
    async with at_bill(client) as rep:
        await rep.finds("Something in this program went wrong.")
        assert rep.sees.count("reference K-") == 1
        assert "canary" not in rep.sees


async def test_a_group_that_is_not_there_is_said() -> None:
    client = FakeBilling()
    client.failure = NotFound(Trouble("There is no group 104233."))
    async with at_bill(client) as rep:
        await rep.finds("There is no group 104233.")
        await rep.presses("tab", "a", "r", "question_mark", "escape")
        assert isinstance(rep.app.screen, BillingScreen)


async def test_a_failed_refresh_leaves_what_was_there() -> None:
    client = FakeBilling()
    async with at_bill(client) as rep:
        await rep.finds(">I-100012")
        client.failure = NoAnswer(Trouble("The backend does not answer."))
        await rep.presses("f7")
        await rep.finds("[!] The backend does not answer.")
        assert "TO KEEP COVERAGE 10,000.00 by 12-01" in rep.sees
        assert ">I-100012" in rep.sees


async def test_keys_typed_while_it_loads_are_kept() -> None:
    client = FakeBilling()
    client.open.clear()
    async with at_bill(client) as rep:
        await rep.finds(" loading ...")
        await rep.presses("l")
        client.open.set()
        await rep.finds(">L-00865")


@pytest.mark.parametrize("kind", [EventKind.BILLING, EventKind.ACCOUNT])
async def test_a_payment_at_another_desk_changes_the_words_at_once_and_moves_no_row(kind: EventKind) -> None:
    client = FakeBilling()
    async with at_bill(client) as rep:
        await rep.finds(">I-100012")
        await rep.presses("tab", "down")
        await rep.finds(">P-10002")
        new = books.payment("P-10003", received_on=books.TODAY)
        client.books = books.current(payments=[new, *client.books.payments])
        hears(rep, kind)
        await rep.finds("[ ] current")
        await rep.finds("NEXT 10,000.00 due by 12-01")
        await rep.finds('SAY     "Your account is current.')
        await rep.finds("1 new: F7")
        assert ">P-10002" in rep.sees
        await rep.presses("f7")
        await rep.finds(" P-10003  11-20")
        assert ">P-10002" in rep.sees


async def test_a_change_of_another_group_fetches_nothing_and_a_reset_does() -> None:
    client = FakeBilling()
    async with at_bill(client) as rep:
        await rep.finds("TO KEEP COVERAGE")
        client.failure = NoAnswer(Trouble("The backend does not answer."))
        hears(rep, EventKind.BILLING, "104871")
        hears(rep, EventKind.USER_ID_REQUEST)
        await rep.presses("tab")
        assert "does not answer" not in rep.sees
        client.failure, client.books = None, books.current()
        hears(rep, EventKind.RESET, "")
        await rep.finds("[ ] current")


async def test_help_lists_each_reason_with_its_rule_after_the_row_under_the_cursor() -> None:
    async with at_bill(FakeBilling()) as rep:
        await rep.finds(">I-100012")
        await rep.presses("tab", "down", "question_mark")
        await rep.finds("P-10002: 10,000.00 received 10-19, check 5521; reversed 11-20 09:41")
        await rep.finds("The premium for November is open.")
        await rep.finds("rule: oldest premium first")
        await rep.presses("escape", "l", "question_mark")
        await rep.finds("L-00865 L2 termination letter, 10,000.00")
        await rep.presses("escape", "l", "question_mark")
        await rep.finds("I-100012 December 2026: 10,000.00 billed")


async def test_after_the_lock_the_same_list_and_record_are_there_again() -> None:
    client = FakeBilling()
    async with at_bill(client) as rep:
        await rep.finds(">I-100012")
        await rep.presses("tab", "down")
        await rep.finds(">P-10002")
        again = rep.app.screen.again()  # type: ignore[attr-defined]
        await rep.presses("ctrl+l")
        assert isinstance(rep.app.screen, LockScreen)
        assert "SALEM" not in rep.sees
    async with at_desk(client, lambda: again) as rep:
        await rep.finds("[payments 2]")
        await rep.finds(">P-10002")


@pytest.mark.parametrize("size", SIZES)
async def test_many_months_fit_their_place(size: tuple[int, int]) -> None:
    months = [books.paid(month, date(2026, month, 1)) for month in range(12, 1, -1)]
    async with at_bill(FakeBilling(books.status(invoices=months)), size=size) as rep:
        await rep.finds(">I-100012")
        await rep.presses("end")
        await rep.finds(">I-100002")
        assert rep.sees.split("\n")[-1].endswith("F1 help")


@pytest.mark.parametrize(("text", "size"), HOSTILE_AT)
async def test_text_from_outside_is_shown_and_never_obeyed(text: str, size: tuple[int, int]) -> None:
    hostile = books.status(
        number=text,
        name=text,
        bucket=text,
        next_letter=text,
        say=text,
        policy=text,
        why=[Why(sentence=text, rule=text)],
        invoices=[books.invoice(number=text)],
        payments=[
            books.taken_back("P-10001", reference=text, reversed_reason=text),
            books.payment(text, reference=text),
        ],
        letters=[books.letter(LetterKind.USER_ID, number=text, title=text)],
        timeline=[books.entry(books.TODAY, DateAbout.END, text, reference=text)],
        promises=[books.promised(f"{text}p")],
        holds=[books.hold(f"{text}h", reason=text, opened_by=text, invoice=text)],
        reinstatements=[
            books.request("RI-00001", why_not=text),
            books.request(text, decided_on=books.TODAY, reason=text),
        ],
        flags=list(BillingFlag),
        aging=[Bucket(name=text, open=D(1))],
        credit=D(1),
    )
    client = FakeBilling(hostile)
    async with at_bill(client, size=size, lead=True) as rep:
        await rep.finds("TO KEEP COVERAGE")
        for key in (*("question_mark", "escape", "tab") * 6, "l", "question_mark", "escape", "l"):
            await rep.presses(key)
            assert rep.sees.replace("\n", "").isprintable()
        await rep.presses("tab", "down", "r", *"abc", "enter")
        await rep.finds("> reverse ")
        assert rep.sees.replace("\n", "").isprintable()
        await rep.presses("escape", "tab", "tab", "tab", "home", "h")
        await rep.finds("> RI-00001, asked 2026-11-19:")
        await rep.presses("1", "escape", "down", "down", "h", *"abc", "enter")
        await rep.finds("> lift ")
        assert rep.sees.replace("\n", "").isprintable()
        await rep.presses("escape")
        assert isinstance(rep.app.screen, BillingScreen)
        assert client.done == []
