"""The account, its members and one person while somebody is on the line, with the real backend behind it."""

from __future__ import annotations

from backend.runtime import Runtime
from screens.accounts.account import AccountScreen
from screens.accounts.member import PersonScreen
from tests.conftest import SQLITE, FixedClock
from tests.csv_files import group, take_groups
from tests.screens.calls.at_desk import CallDesk, at_work, on_the_line, signer, stock
from tests.screens.rep import SIZES

PREMIUM = "1,000.00 received 2026-11-20"
OF_THE_GROUP = (PREMIUM, "42-", "Petronella", "12 Nowhere", "2026-01-01", "enrolled", "Medicare", "SAY ")
"""What stands on the account and is for nobody who has proved nothing."""


async def at_the_account(rep: CallDesk) -> None:
    await rep.presses("slash")
    await rep.writes("G-100")
    await rep.presses("enter")
    await rep.finds("G-100 Quillfeather Boats")


@SQLITE
async def test_a_call_takes_away_what_is_not_proved_and_the_proof_brings_it_back(
    runtime: Runtime, clock: FixedClock
) -> None:
    await stock(runtime, bill_phone="800-555-0148", signer_to="2027-06-30")
    async with at_work(runtime, clock) as rep:
        await at_the_account(rep)
        await rep.finds(PREMIUM)
        await rep.presses("e")
        await rep.finds("O*** Q*****")
        await rep.presses("escape")
        await on_the_line(rep, "(415) 555-0999")
        if not isinstance(rep.app.screen, AccountScreen):
            await at_the_account(rep)
        await rep.finds("locked until verified: the group's record, billing, letters, members,")
        await rep.finds("free to say: tour and request form, fax number, care before the card, kp.org")
        await rep.finds("BILL PHONE 800-555-0148")
        await rep.finds("y verify")
        assert not [words for words in OF_THE_GROUP if words in rep.sees]
        shown = rep.app.screen
        assert isinstance(shown, AccountScreen)
        assert PREMIUM not in repr(vars(shown))
        for key, closed in (("b", "billing"), ("e", "members"), ("l", "letters"), ("i", "user IDs")):
            await rep.presses(key)
            await rep.finds(f"NOT VERIFIED for G-100, so this is locked: {closed}. y verifies the caller.")
            assert rep.app.screen is shown
        await signer(rep)
        await rep.finds(PREMIUM)
        await rep.finds("Ottoline Quillfeather, contract signer  until 2027-06-30")
        assert "locked until" not in rep.sees
        await rep.presses("e")
        await rep.finds("Ottoline Quillfea")
        await rep.finds("Cleo Marsh")
        await rep.presses("enter")
        await rep.finds("PERSON  of G-100")
        await rep.finds("full name  born 1980-**-**")
        await rep.presses("f9")  # parked: the rep works alone, and people are masked again
        await rep.finds("O*** Q*****")
        assert "Ottoline" not in rep.sees
        person = rep.app.screen
        assert isinstance(person, PersonScreen)
        assert "Ottoline" not in repr(vars(person))


@SQLITE
async def test_a_broker_hears_what_the_group_lets_them_and_the_rest_is_named(
    runtime: Runtime, clock: FixedClock
) -> None:
    await stock(runtime)
    await take_groups(
        runtime,
        group(broker="Sable Brokers", broker_number="B-771", broker_hears="billing", broker_to="2027-06-30"),
    )
    async with at_work(runtime, clock) as rep:
        await on_the_line(rep, "(415) 555-0999")
        await at_the_account(rep)
        await rep.presses("y", "2")
        await rep.finds("group number")
        await rep.says("G-100", "B-771", "12 Nowhere Street 95814")
        await rep.finds("not for this caller: the group's record, members, user IDs, open cases, COBRA")
        await rep.finds(PREMIUM)
        await rep.finds('SAY "Your account is current')
        await rep.finds("letter   none")
        assert "Petronella" not in rep.sees
        await rep.presses("e")
        await rep.finds("This caller may not hear of it: members. y verifies another caller.")


@SQLITE
async def test_every_way_from_the_account_opens(runtime: Runtime, clock: FixedClock) -> None:
    await stock(runtime)
    async with at_work(runtime, clock, size=SIZES[1]) as rep:
        await at_the_account(rep)
        for key, words in (
            ("b", "BILLING"),
            ("e", "MEMBERS  of G-100"),
            ("l", "LETTERS"),
            ("i", "USER IDS"),
            ("k", "ANSWERS"),
            ("o", "G-100"),
        ):
            await rep.finds("ACCOUNT  G-100")
            await rep.presses(key)
            await rep.finds(words)
            assert not isinstance(rep.app.screen, AccountScreen), key
            await rep.presses("escape")
        await rep.finds("ACCOUNT  G-100")
        await rep.presses("m")
        await rep.finds("by phone for G-100:")
        await rep.presses("escape", "t")
        await rep.finds("note to")


@SQLITE
async def test_a_field_of_a_person_is_shown_by_the_real_backend(runtime: Runtime, clock: FixedClock) -> None:
    await stock(runtime)
    async with at_work(runtime, clock) as rep:
        await at_the_account(rep)
        await rep.presses("e")
        await rep.finds("O*** Q*****")
        await rep.presses("enter")
        await rep.finds("full name  born 1980-**-**")
        for _ in range(9):
            await rep.presses("tab", "v")
            if "show the SSN" in rep.sees:
                break
            await rep.presses("escape")
        await rep.presses("1")
        await rep.finds("There is no caller on the line")
        await rep.presses("v", "3")
        await rep.finds("SSN 900-01-0001   until")
        await rep.presses("escape")
        await rep.finds("MEMBERS  of G-100")
        assert "900-01" not in rep.sees
