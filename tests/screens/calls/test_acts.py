"""Acts by phone at the desk, on the real backend: greyed with why, filled in, said before and after."""

from __future__ import annotations

from datetime import UTC, date, datetime
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from api_client.types.call_words import PhoneAct
from backend.accounts import members
from backend.accounts import service as accounts
from backend.billing import ending, standings
from backend.database import tables
from backend.runtime import Runtime
from screens.calls import act_fields
from screens.calls.act_words import MORE, NAMES
from screens.widgets import form
from tests.bills import Books
from tests.conftest import SQLITE, FixedClock
from tests.desk import operator_unit
from tests.screens.calls.at_desk import CallDesk, at_work, on_the_line, signer, stock
from tests.screens.rep import SIZES


async def _mrn(runtime: Runtime) -> str:
    async with runtime.database.read() as connection:
        return str(
            (await connection.execute(select(tables.member.c.mrn).order_by(tables.member.c.id))).scalar()
        )


async def _rows(runtime: Runtime, name: str) -> list[Any]:
    table = getattr(tables, name)
    async with runtime.database.read() as connection:
        return list((await connection.execute(select(table).order_by(table.c.id))).all())


async def _menu(rep: CallDesk, *keys: str) -> None:
    await rep.presses("m")
    await rep.finds("by phone for")
    await rep.presses(*keys)


async def _fill(rep: CallDesk, *lines: str) -> None:
    """Each line typed and left with Enter; an empty one is passed over."""
    for line in lines:
        await rep.writes(line)
        await rep.presses("enter")


# -- the menu --------------------------------------------------------------------------------------


@SQLITE
async def test_without_the_right_to_it_an_act_says_why_and_swallows_what_is_typed_behind(
    runtime: Runtime, clock: FixedClock
) -> None:
    await stock(runtime)
    async with at_work(runtime, clock) as rep:
        await rep.presses("slash")
        await rep.writes("G-100")
        await rep.presses("enter")
        await rep.finds("ACCOUNT  G-100")
        await _menu(rep, "5")
        await rep.finds("There is no caller on the line; F9 starts a call.")
        await on_the_line(rep)
        await rep.finds("ACCOUNT  G-100")
        for key in ("1", "3", "6", "9"):
            await _menu(rep, key)
            await rep.finds("NOT VERIFIED for G-100: the right to this is not proved")
        await signer(rep)
        await _menu(rep, "9")
        await rep.finds("needs a call-back to the number on record")
        await _menu(rep, "8")
        await rep.finds("A promise to pay is taken down while grace runs")
        await _menu(rep)
        for words in (
            "1 change",
            "2 terminate",
            "3 add person",
            "4 card",
            "5 paper bill",
            "9 request form",
            "0 more",
        ):
            assert words in rep.sees, words
        await rep.presses("0")
        await rep.finds("1 reinstate")
        await rep.presses("3")
        await rep.finds("COBRA cannot be done by phone, because the client manages its own COBRA")
        assert await _rows(runtime, "enrollment") == []


@SQLITE
async def test_paper_bill_and_cycle_are_spelled_out_before_enter(runtime: Runtime, clock: FixedClock) -> None:
    await stock(runtime)
    async with at_work(runtime, clock) as rep:
        await on_the_line(rep)
        await signer(rep)
        await _menu(rep, "5")
        await rep.finds("paper bill for G-100: The next bill is online only")
        await rep.presses("escape")
        await rep.loses("The next bill is online only")
        await _menu(rep, "5")
        await rep.finds("paper bill for G-100")
        await rep.presses("enter")
        await rep.loses("Enter confirms")
        await rep.finds("warning and termination letters still come by")
        await _menu(rep, "6")
        await rep.finds("1 cycle C2")
        await rep.presses("2")
        await rep.finds("billing cycle for G-100: Cycle C3 begins with coverage of")
        await rep.presses("enter")
        await rep.loses("Enter confirms")
        await rep.finds("Cycle C3 begins with coverage of")
        row = (await _rows(runtime, "account"))[0]
        assert (row.bill_preference, row.billing_cycle, row.next_cycle) == ("paperless", "C1", "C3")


# -- premium ---------------------------------------------------------------------------------------


async def _dunned(books: Books) -> None:
    """November of G-100 is unpaid, and both letters went; then it is today again."""
    today = books.clock.now
    await books.go(date(2026, 10, 10), sign_in_too=False)
    await books.bill(date(2026, 11, 1), number="G-100")
    assert await books.letters(date(2026, 11, 2), date(2026, 11, 16), number="G-100") == ["L1", "L2"]
    books.clock.now = today


@SQLITE
async def test_a_promise_says_what_it_changes_before_enter_and_how_it_is_taken_back(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    await stock(runtime)
    await _dunned(Books(api, runtime, clock))
    async with at_work(runtime, clock) as rep:
        await on_the_line(rep)
        await signer(rep)
        await rep.finds("COVERAGE ENDS 2026-12-01 unless 9,000.00 reaches us")
        await _menu(rep, "8")
        await rep.finds("promise to pay: amount, or 10,000 by the 20th; empty = 9,000.00, what keeps")
        await rep.types(*"4,000 by 11-24", "enter")
        await rep.finds("promises to pay 4,000.00 by Tue 11-24; it")
        await rep.finds("Enter confirms")
        assert await _rows(runtime, "promise") == []
        await rep.presses("enter")
        await rep.finds("PTP-00001 is taken down: 4,000.00 by 11-24; u on the bill takes it back until")
        await rep.finds("4,000.00 by 2026-11-24; it changes no date")
        await rep.finds("COVERAGE ENDS 2026-12-01")
        await _menu(rep, "8")
        await rep.finds("PTP-00001 is open; a second promise is taken down when it is kept or over.")
        await rep.presses("b")
        await rep.finds("BILLING G-100")
        await rep.presses("u")
        await rep.finds("take back: PTP-00001, the promise to pay 4,000.00 by 11-24")
        await rep.presses("enter")
        await rep.finds("PTP-00001 is taken back")
        assert await _rows(runtime, "promise") == []


@SQLITE
async def test_a_bill_is_disputed_and_coverage_that_ended_is_asked_back(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    await stock(runtime)
    books = Books(api, runtime, clock)
    await _dunned(books)
    async with at_work(runtime, clock, size=SIZES[1]) as rep:
        await on_the_line(rep)
        await signer(rep)
        await _menu(rep, "0", "7")
        await rep.finds("Coverage of this group did not end for unpaid premium.")
        await _menu(rep, "0", "6")
        await rep.finds("what does the client say is wrong with I-100001 Nov 2026 10,000.00?")
        await rep.types(*"two employees had left", "enter")
        await rep.finds('disputes I-100001 Nov 2026 10,000.00: "two employees had left"')
        await rep.finds("it stops no date: letters go on")
        await rep.presses("enter")
        await rep.finds("H-00001 is taken down, the dispute of I-100001; no date moves.")
        await _menu(rep, "0", "6")
        await rep.finds("No bill of this group is open, so none can be disputed.")
    clock.now = datetime(2026, 12, 2, 17, tzinfo=UTC)
    async with operator_unit(runtime) as unit:
        account = await accounts.account_of(unit, "G-100")
        await ending.end_unpaid(unit, account)
        await standings.refresh_standing(unit, account)
    async with at_work(runtime, clock, size=SIZES[1]) as rep:
        await on_the_line(rep)
        await signer(rep)
        await _menu(rep, "0", "7")
        await rep.finds("coverage back after non-payment for G-100: A lead decides")
        await rep.presses("enter")
        await rep.finds("RI-00001 is taken down; a lead decides. Today it could not be approved:")
        assert [row.decided_on for row in await _rows(runtime, "reinstatement")] == [None]


# -- forms -----------------------------------------------------------------------------------------


@SQLITE
async def test_an_end_of_coverage_is_said_before_and_done_with_a_receipt(
    runtime: Runtime, clock: FixedClock
) -> None:
    await stock(runtime)
    mrn = await _mrn(runtime)
    async with at_work(runtime, clock, size=SIZES[1]) as rep:
        await on_the_line(rep)
        await signer(rep)
        await _menu(rep, "2")
        await rep.finds("BY PHONE  terminate  G-100")
        await _fill(rep, mrn, "soon")
        await rep.finds("a date, such as 11/30/2026")
        assert mrn in rep.sees
        await rep.presses(*["backspace"] * 4)
        await _fill(rep, "11/30/2026")
        await rep.finds("Coverage of 1 person ends on 2026-11-30: the subscriber.")
        await rep.finds("Enter confirms")
        assert await _rows(runtime, "enrollment") == []
        await rep.presses("enter")
        await rep.finds("applied: 1 coverage ends on 2026-11-30")
        await rep.finds('SAY     "It is done. Your receipt number is R-')
        await rep.presses("f12")
        await rep.finds("It is done; Esc goes back.")
        await rep.presses("escape")
        await rep.finds("ACCOUNT  G-100")
        (row,) = await _rows(runtime, "enrollment")
        assert (row.channel, row.submitted_by, row.outcome) == ("phone", "m.lopez", "applied")


@SQLITE
async def test_nothing_typed_is_lost_on_an_error_and_leaving_asks_first(
    runtime: Runtime, clock: FixedClock
) -> None:
    await stock(runtime)
    async with at_work(runtime, clock) as rep:
        await on_the_line(rep)
        await signer(rep)
        await _menu(rep, "3")
        await rep.finds("1 new employee")
        await rep.presses("1")
        await rep.finds("BY PHONE  new employee  G-100")
        await rep.presses("escape")  # nothing is typed: it is left at once
        await rep.finds("ACCOUNT  G-100")
        await _menu(rep, "3", "1")
        await rep.finds("subscriber number*")
        await _fill(rep, "E-77", "Marsh", "Cleo", "", "7/8/91", "123", "x")
        await rep.presses("f12")
        await rep.finds("Put right what is said beside the lines; nothing is lost.")
        for words in ("a date, such as", "nine digits", "F or M", "is needed"):
            assert words in rep.sees, words
        assert "123" not in rep.sees  # the number stands there as dots
        for words in ("E-77", "Marsh", "Cleo", "7/8/91"):
            assert words in rep.sees
        await rep.presses(*["backspace"] * 6)
        await _fill(rep, "07/08/1991")
        await rep.presses(*["backspace"] * 3)
        await _fill(rep, "900-01-0077")
        await rep.presses("backspace")
        await _fill(rep, "f", "3 Mill Ln", "Sacramento", "CA", "95814", "", "12/1/2026")
        await rep.finds("HMO coverage of 1 person is to begin on 2026-12-01.")
        await rep.presses("escape")
        await rep.loses("Enter confirms")
        assert "E-77" in rep.sees
        await rep.presses("escape")
        await rep.finds("leave the form: nothing is done, and what is typed is lost")
        await rep.presses("escape")
        assert "E-77" in rep.sees
        await rep.presses("f12")
        await rep.finds("Enter confirms")
        await rep.presses("enter")
        await rep.finds("R-100001  queued: the SSN differs")
        await rep.finds("A colleague looks at it within 48 hours.")
        assert "900-01-0077" not in rep.sees
        assert len(await _rows(runtime, "enrollment")) == 1


@SQLITE
async def test_a_change_of_address_waits_for_the_call_back_and_keeps_what_is_typed(
    runtime: Runtime, clock: FixedClock
) -> None:
    await stock(runtime, signer_phone="(916) 555-0177")
    mrn = await _mrn(runtime)
    async with at_work(runtime, clock) as rep:
        await on_the_line(rep)
        await signer(rep)
        await _menu(rep, "1")
        await rep.finds("BY PHONE  change  G-100")
        await _fill(rep, mrn)
        await rep.presses(*["down"] * 6, "up")
        await _fill(rep, "9 Lake Ct")
        await rep.presses("f12")
        await rep.finds("is needed with the address")
        await _fill(rep, "Fresno", "CA", "93701")
        await rep.presses("f12")
        await rep.finds("offers it. What you typed is kept.")
        assert "9 Lake Ct" in rep.sees
        await rep.presses("y")
        await rep.finds("Enter shows whom to call at the number on record")
        rep.waits(1)
        await rep.presses("enter")
        await rep.finds("reached Ottoline Quillfeather at 916-555-0177")
        rep.waits(1)
        await rep.presses("enter")
        await rep.finds("Reached at the number on record")
        await rep.presses("f12")
        await rep.finds("Data of 1 person change:")
        await rep.presses("enter")
        await rep.finds("applied: changed:")
        member = (await _rows(runtime, "member"))[0]
        assert (member.street, member.city, member.zip) == ("9 Lake Ct", "Fresno", "93701")
        await rep.presses("y")
        await rep.finds("VERIFY for G-100")
        await rep.presses("escape")
        await rep.finds("BY PHONE  change")
        await rep.presses("w")  # no field of a form that is done takes the key
        await rep.finds("1 ENR-DEMO")  # of what was done since the desk last heard of the call
        await rep.presses("escape", "escape")
        await rep.finds("ACCOUNT  G-100")


@SQLITE
async def test_a_card_of_a_member_who_is_named_by_number(runtime: Runtime, clock: FixedClock) -> None:
    await stock(runtime)
    mrn = await _mrn(runtime)
    async with operator_unit(runtime) as unit:
        home = {"street": "9 Lake Ct", "city": "Fresno", "state_code": "CA", "zip": "93701"}
        await members.change_member(unit, (await _rows(runtime, "member"))[0].id, home)
    async with at_work(runtime, clock) as rep:
        await on_the_line(rep)
        await signer(rep)
        await _menu(rep, "4")
        await rep.finds("card: member number of whom?")
        await _fill(rep, "1")
        await rep.finds("has no member of this number")
        await _menu(rep, "4")
        await rep.finds("card: member number of whom?")
        await _fill(rep, mrn)
        await rep.finds(f"order another card for MRN {mrn}")
        await rep.presses("enter")
        await rep.finds("is ordered; it can be taken back until")
        (job,) = await _rows(runtime, "card_job")
        assert (job.cause, job.asked_by) == ("reprint", "client")
        await _menu(rep, "4")
        await rep.finds("card: member number of whom?")
        await _fill(rep, mrn)
        await rep.finds("is ordered and not printed yet; it comes by itself.")
        await rep.presses("e", "enter")  # from the person it is that person, and nobody asks for the number
        await rep.finds("PERSON  of G-100")
        await _menu(rep, "4")
        await rep.finds("is ordered and not printed yet; it comes by itself.")
        await _menu(rep, "2")
        await rep.finds(f"BY PHONE  terminate  MRN {mrn} ")
        assert "member number" not in rep.sees
        rep.pastes("\x1b[31m12/31")
        await rep.finds("[31m12/31")
        await rep.presses("enter")
        await rep.finds("a date, such as 11/30/2026")
        assert "\x1b" not in rep.sees
        await rep.presses("escape", "enter")
        await rep.finds("PERSON  of G-100")


# -- what is filled in, by tables ------------------------------------------------------------------


@pytest.mark.parametrize("typed", ["2026-11-30", "11/30/2026", "11302026"])
def test_a_day_is_typed_as_people_write_it(typed: str) -> None:
    assert act_fields.day(typed) == date(2026, 11, 30)


@pytest.mark.parametrize(
    ("read", "typed", "value"),
    [
        (act_fields.ssn, "900-01-0077", "900010077"),
        (act_fields.phone, "(916) 555-0177", "916-555-0177"),
        (act_fields.phone, "1 916 555 0177", "916-555-0177"),
        (act_fields.state, "ca", "CA"),
        (act_fields.zip_code, "93701-1234", "93701-1234"),
        (act_fields.sex, "f", "F"),
    ],
)
def test_what_is_typed_is_read(read: Any, typed: str, value: str) -> None:
    assert read(typed) == value


@pytest.mark.parametrize(
    ("read", "typed"),
    [
        (act_fields.name, "510-555-0199"),
        (act_fields.name, "/"),
        (act_fields.day, "11-30"),
        (act_fields.day, "2026-02-30"),
        (act_fields.ssn, "12345678"),
        (act_fields.ssn, "\u0661" * 9),
        (act_fields.phone, "555-0177"),
        (act_fields.state, "Cal"),
        (act_fields.zip_code, "9370"),
        (act_fields.sex, "X"),
    ],
)
def test_what_cannot_be_is_said(read: Any, typed: str) -> None:
    with pytest.raises(ValueError, match=r"\w"):
        read(typed)


def test_every_act_has_a_name_and_every_form_asks_whom_it_is_about() -> None:
    assert set(NAMES) == set(PhoneAct)
    assert set(MORE) < set(PhoneAct)
    for act in act_fields.TYPES:
        fields = act_fields.fields_of(act, "")
        assert (fields[0] is act_fields.MEMBER) is (act is not PhoneAct.ENROLL)
        assert act_fields.fields_of(act, "88000001") == tuple(f for f in fields if f is not act_fields.MEMBER)
        empty = dict.fromkeys((one.name for one in fields), "")
        assert act_fields.errors(act, fields, empty)
        assert form.values(fields, empty) == {}


@pytest.mark.parametrize(
    ("word", "code"), [("spouse", "01"), ("sp", "01"), ("child", "19"), ("step", "17"), ("CHILD", "19")]
)
def test_a_relationship_is_a_word_or_its_beginning(word: str, code: str) -> None:
    field = next(
        one for one in act_fields.fields_of(PhoneAct.ADD_DEPENDENT, "1") if one.name == "relationship"
    )
    assert field.read(word) == code
    assert "one of" in form.wrong(field, "s")  # spouse, or stepchild
