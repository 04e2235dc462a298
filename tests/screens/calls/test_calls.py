"""A call from the ring to the wrap-up, on the real backend."""

from __future__ import annotations

from api_client.types.words import Role
from backend.runtime import Runtime
from screens.billing.status import BillingScreen
from screens.session.lock import LockScreen
from tests.conftest import SQLITE, FixedClock
from tests.desk import PASSWORD, create_rep
from tests.screens.calls.at_desk import at_work, on_the_line, signer, stock
from tests.screens.desk import until

pytestmark = SQLITE


async def test_from_the_ring_to_the_wrap_up(runtime: Runtime, clock: FixedClock) -> None:
    await stock(runtime)
    async with at_work(runtime, clock) as rep:
        number = await on_the_line(rep)
        await rep.finds("ACCOUNT  G-100")  # the only group that has the number
        await rep.finds("NOT VERIFIED for G-100  y verifies")
        assert "payment" not in rep.sees
        await rep.presses("y")
        await rep.finds("1 client")
        await rep.presses("1")
        await rep.finds("group number")
        assert "fax number" in rep.sees  # free to anybody
        assert "billing, letters" in rep.sees  # locked
        await rep.says("g 100")
        assert "NOT VERIFIED for G-100  1 of 3" in rep.sees
        assert "[=] match" in rep.sees
        await rep.says("Quillfeather, Ottoline", "12 nowhere st 95814")
        await rep.finds("1,000.00 received")
        assert "Ottoline Quillfeather, contract" in rep.sees
        assert "[=] VERIFIED 3/3  not: claims" in rep.sees
        assert not any(rep.typed)

        await rep.presses("slash")
        await rep.writes("G-200")
        await rep.presses("enter")
        await rep.finds("NOT VERIFIED for G-200")
        await rep.presses("slash")
        await rep.writes("G-100")
        await rep.presses("enter")
        await rep.finds("VERIFIED 3/3")
        rep.passes(2)
        rep.app.screen.tick()  # type: ignore[attr-defined]
        await rep.finds(f"CALL {number} 02")
        await rep.presses("w")
        await rep.finds(f"{number} was about  1 BILL-BALANCE")
        await rep.presses("1")
        await rep.finds("is closed: BILL-BALANCE")
        assert f"CALL {number}" not in rep.sees
        assert (await rep.client.calls.mine()).active is None


async def test_misses_are_said_on_the_spot_and_no_key_sends_two_answers(
    runtime: Runtime, clock: FixedClock
) -> None:
    await stock(runtime)
    async with at_work(runtime, clock, size=(120, 40)) as rep:
        await on_the_line(rep)
        await rep.presses("y", "1")
        await rep.finds("group number")
        await rep.finds("misses left in this call: 3")
        await rep.writes("G-999")
        await rep.types("enter", *["enter"] * 20, *"typed ahead", "enter")  # held, then more without a look
        await rep.finds("[X] no match")
        await rep.finds("misses left in this call: 2")
        assert not any(rep.typed)
        assert "too fast" in rep.sees
        rep.waits(1)
        await rep.presses("enter")
        await rep.finds("Type what the caller says")
        await rep.writes("half an answer")
        assert "half an answer" in rep.sees
        await rep.presses("escape")
        assert not any(rep.typed)
        await rep.says("Somebody Else")
        await rep.finds("misses left in this call: 1")
        await rep.presses("f1")
        assert "Somebody" not in rep.sees
        await rep.presses("escape")
        await rep.says("Nowhere")
        await rep.finds("[X] FAILED for G-100")
        assert (await rep.client.calls.mine()).active.misses_left == 0  # type: ignore[union-attr]
        await rep.presses("escape")
        rep.app.push_screen(BillingScreen("G-100"))
        await rep.finds("billing is not said")
        assert "y verifies the caller" in rep.sees
        assert "[!]" not in rep.sees  # locked is no failure
        await rep.presses("f9")
        await rep.finds("is parked")
        assert "QUEUES" in rep.sees  # where the rep was when it rang
        assert "PARKED" in rep.sees


async def test_a_call_back_proves_it_and_the_lock_keeps_the_call(runtime: Runtime, clock: FixedClock) -> None:
    await stock(runtime, tpa="Tern Partners", tpa_phone="916-555-0222")
    async with at_work(runtime, clock) as rep:
        number = await on_the_line(rep)
        await rep.finds("ACCOUNT")
        await rep.presses("y", "3")
        await rep.finds("group number")
        await rep.says("G-100", "Tern Partners")
        await rep.writes("12 Nowh")
        await rep.finds("12 Nowh")
        rep.passes(14)
        rep.app.watch_idle()
        assert not isinstance(rep.app.screen, LockScreen)
        rep.passes(1)
        rep.app.watch_idle()
        await until(rep.pilot, lambda: isinstance(rep.app.screen, LockScreen))
        await rep.loses("Nowh")
        assert not any(rep.typed)
        assert number not in rep.sees
        assert rep.app.calls is None
        await rep.writes(PASSWORD)
        await rep.presses("enter")
        await rep.finds(f"CALL {number} 15")
        await rep.finds("2 of 3 matched")
        assert not any(rep.typed)
        while "Enter shows" not in rep.sees or rep.app.focused is None or rep.app.focused.id != "reach":
            await rep.presses("down")
        await rep.presses("enter")
        await rep.finds("reached Tern Partners at 916-555-0222")
        await rep.presses("enter")
        await rep.finds("VERIFIED 3/3")
        assert "only: COBRA" in rep.sees


async def test_calls_are_started_parked_and_gone_on_with(runtime: Runtime, clock: FixedClock) -> None:
    await stock(runtime)
    async with at_work(runtime, clock) as rep:
        await rep.presses("w")
        await rep.finds("There is no call to wrap up")
        await rep.presses("y")
        await rep.finds("There is no caller on the line")
        await rep.presses("slash")
        await rep.writes("G-200")
        await rep.presses("enter")
        await rep.finds("Salem Parts")
        await rep.presses("f9")
        await rep.finds("NOT VERIFIED for G-200")
        first = rep.app.calls.active.id  # type: ignore[union-attr]
        second = (await rep.client.calls.pop("(916) 555-0199")).id
        await rep.rings(second)
        await rep.finds(f"RINGS {second}")
        await rep.presses("f9")
        await rep.finds(f"1 take {second}, no group has this number  2 park {first}")
        await rep.presses("1")
        await rep.finds(f"CALL {second}")
        await rep.finds("1 parked")
        await rep.presses("f9")
        await rep.loses(f"CALL {second}")
        await rep.presses("f9")
        await rep.finds(f"1 go on with {first}")
        await rep.presses("1")
        await rep.finds(f"CALL {first}")
        await rep.presses("w", "n")
        await rep.finds("note to")
        await rep.writes("asked twice")
        await rep.presses("escape")
        await rep.finds("kept as a draft")
        await rep.presses("w", "n")
        await rep.finds("asked twice")
        await rep.presses("f12", "0")
        await rep.finds("where an enrollment stands")
        await rep.writes("griev")
        await rep.presses("enter")
        await rep.finds("is closed: GRIEVANCE")
        closed = await rep.client.calls.history("G-200")
        assert any(
            "asked twice" in one.what or (one.note and "asked twice" in one.note.text) for one in closed.rows
        )
        assert await rep.client.session.draft(f"{first} note") == ""


async def test_notes_and_what_happened(runtime: Runtime, clock: FixedClock) -> None:
    await stock(runtime)
    async with at_work(runtime, clock) as rep:
        await rep.presses("f3")
        await rep.writes("G-100")
        await rep.presses("enter")
        await rep.finds("Quillfeather Boats")
        await rep.presses("t")
        await rep.finds("note to G-100")
        await rep.writes("first words")
        await rep.presses("escape")
        await rep.finds("kept as a draft")
        await rep.presses("t")
        await rep.finds("first words")
        await rep.writes(" and more")
        await rep.presses("f12")
        await rep.finds("is saved; o shows it")
        await rep.presses("o")
        await rep.finds("first words and more")
        await rep.presses("e")
        await rep.finds("your note:")
        await rep.writes("!")
        await rep.presses("f12")
        await rep.finds("first words and more!")
        await rep.client.calls.note("G-100", "from the desk beside")
        await rep.rings("G-100", "account")
        await rep.finds("from the desk beside")
        rep.passes(16)
        await rep.presses("e")
        await rep.finds("only for a while")


async def test_promised_call_backs(runtime: Runtime, clock: FixedClock) -> None:
    await stock(runtime)
    async with at_work(runtime, clock) as rep:
        await on_the_line(rep)
        await signer(rep)
        promised = await rep.promises("Sable Brokers")
        await rep.presses("w", "1")
        await rep.finds("is closed")
        await rep.presses("B")
        await rep.finds("Sable Brokers")
        await rep.finds("the answer")
        assert "916-555-0111" not in rep.sees
        await rep.presses("enter")
        await rep.finds("CALL Sable Brokers")
        assert "916-555-0111" in rep.sees
        await rep.presses("escape")
        await rep.loses("916-555-0111")
        await rep.presses("enter")
        await rep.finds("2 left name and number only")
        await rep.presses("2")
        await rep.finds(f"{promised}: left name and number only")
        for _ in range(5):  # never half an hour without a key
            rep.passes(25)
            await rep.presses("f7")
            await rep.finds(promised)
        await rep.presses("enter")
        await rep.finds("1 reached")
        await rep.presses("1")
        await rep.finds(f"{promised} is done")


async def test_what_is_typed_behind_the_kind_of_caller_is_the_first_answer(
    runtime: Runtime, clock: FixedClock
) -> None:
    await stock(runtime)
    async with at_work(runtime, clock) as rep:
        await on_the_line(rep)
        await rep.finds("ACCOUNT  G-100")
        await rep.presses("y")
        await rep.finds("1 client")
        await rep.types("1", *"100")  # digits, which begin a search where they are not waited for
        await rep.finds("VERIFY for G-100")
        await rep.finds("100")
        assert rep.typed.count("100") == 1
        assert "FIND" not in rep.sees


async def test_a_call_is_handed_to_a_lead_who_verifies_anew(runtime: Runtime, clock: FixedClock) -> None:
    await stock(runtime)
    await create_rep(runtime, "d.okafor", Role.LEAD)
    async with at_work(runtime, clock) as rep, at_work(runtime, clock, who="d.okafor") as lead:
        number = await on_the_line(rep)
        await signer(rep)
        await rep.presses("w", "l")
        await rep.finds(f"question to the leads about {number}:")
        await rep.writes("may I tell her the sum?")
        await rep.presses("enter")
        await rep.finds(f"{number} waits for a lead, who verifies anew")
        assert rep.app.calls is not None
        assert rep.app.calls.active is None
        await lead.rings(number)
        await lead.finds(f"WAITS FOR A LEAD {number} of M.Lopez: may I tell her the sum?")
        await lead.presses("f9")
        await lead.finds(f"1 take {number} of M.Lopez: may I tell her the sum?")
        await lead.presses("1")
        await lead.finds(f"CALL {number}")
        await lead.finds("NOT VERIFIED for G-100")
