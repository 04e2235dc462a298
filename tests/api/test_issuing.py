"""From the approval to the first sign-in: letters, codes, and all that stops a code before it is used."""

from __future__ import annotations

import asyncio
import dataclasses
import json
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from api_client.types.user_id_words import Envelopes
from api_client.types.words import Role
from backend.database import tables
from backend.runtime import Runtime
from backend.user_ids import codes, user_store
from tests.conftest import SQLITE, FixedClock
from tests.days import morning, rows, run_day
from tests.desk import key, operator_unit, sign_in
from tests.enrollments import add_group
from tests.issuing import PEOPLE, MailRoom, OnPaper
from tests.phone import call_of, called_back, on_record

TODAY = date(2026, 11, 20)


@pytest.fixture
async def room(api: httpx.AsyncClient, runtime: Runtime) -> MailRoom:
    """A rep, and a group with a contract signer and an administrator."""
    account_id = await add_group(runtime)
    await on_record(runtime, account_id, *PEOPLE)
    return MailRoom(api, runtime, await sign_in(api, runtime))


async def mailed(room: MailRoom, clock: FixedClock, folder: Path, **changes: object) -> tuple[str, OnPaper]:
    """A request whose letter is in the mail, and what stands on it."""
    number = await room.approved(**changes)
    clock.move(room.undo)
    told = await room.mail(folder)
    assert told.refused == []
    return number, await room.read(folder, number)


async def on(room: MailRoom, clock: FixedClock, day: date) -> None:
    """The morning of another day, and the rep signed in anew."""
    clock.now = morning(day)
    room.me = await sign_in(room.api, room.runtime)


# -- the whole way ---------------------------------------------------------------------------------


async def test_from_the_approval_to_the_first_sign_in(
    room: MailRoom, clock: FixedClock, tmp_path: Path
) -> None:
    number = await room.approved()
    first, notice = await room.letters(number)
    assert (first.kind, first.addressee, first.street) == ("user_id", "Barnaby Inkwell", "1 TESTING WAY")
    assert (notice.kind, notice.addressee) == ("id_notice", "Ottoline Hale")
    assert first.facts["address"][0] == "Quillparts 900100 LLC"
    assert (await room.due()).due == []  # its minutes of undo are not over
    clock.move(room.undo)
    folder = await room.begin(tmp_path / "mail")
    assert (await room.show(number)).state == "print_queued"
    printed = await room.print(folder)
    assert (printed.letters, printed.waiting) == (2, ())
    assert (await room.show(number)).state == "id_created"
    paper = await room.read(tmp_path / "mail", number)
    assert paper.user_id
    refused = await room.activate(paper)
    assert refused.status_code == 401, "a code works once it is mailed"
    assert [state for state, _ in await room.codes()] == ["printed"]
    told = await room.mark(folder)
    assert (told.mailed, told.refused) == (2, [])
    seen = await room.show(number)
    assert (seen.state, seen.mailed_on, seen.use_by) == ("mailed", TODAY, TODAY + timedelta(days=21))
    assert not seen.can_undo
    assert (await room.act(number, "undo")).status_code in (403, 409)
    assert (await room.activate(paper, code=paper.code.lower().replace("-", " "))).status_code == 200
    assert (await room.show(number)).state == "activated"
    assert (await room.activate(paper)).status_code == 401, "a code works once"
    assert [state for state, _ in await room.codes()] == ["used"]
    again = await room.mark(folder)
    assert (again.mailed, again.unchanged, again.refused) == (0, 2, [])
    acts = [act for (act,) in await rows(room.runtime, tables.access_log, "act")]
    assert acts == ["approved", "code_mailed", "activated"]


@SQLITE
async def test_nothing_of_id_and_code_is_kept_and_the_letter_is_shown_to_nobody(
    room: MailRoom, clock: FixedClock, tmp_path: Path
) -> None:
    number, paper = await mailed(room, clock, tmp_path / "mail")
    stored = json.dumps([list(map(str, row)) for row in await room.letters(number)])
    assert paper.code not in stored
    assert paper.user_id not in stored
    letter, notice = await room.letters(number)
    for path in (f"{letter.number}/text", f"{letter.number}/pdf"):
        answer = await room.api.get(f"/v1/letters/{path}", headers=room.me)
        assert (answer.status_code, "never shown" in answer.json()["detail"]) == (409, True)
    told = (await room.api.get(f"/v1/letters/{notice.number}/text", headers=room.me)).json()
    assert "Barnaby Inkwell" in told["paragraphs"][0]
    await call_of(room.api, room.me, "client")
    for one in (letter, notice):
        answer = await room.api.post(
            f"/v1/letters/{one.number}/copy", json={"to_broker": False}, headers={**room.me, **key()}
        )
        assert answer.status_code == 409, answer.text
    undo = await room.api.post(f"/v1/letters/{notice.number}/undo", headers={**room.me, **key()})
    assert "take the decision there back" in undo.json()["detail"]


@SQLITE
async def test_two_envelopes_carry_the_id_and_the_code_apart(
    room: MailRoom, clock: FixedClock, tmp_path: Path
) -> None:
    ids = dataclasses.replace(room.runtime.policy.user_ids, envelopes=Envelopes.TWO)
    room.runtime.policy = dataclasses.replace(room.runtime.policy, user_ids=ids)
    number = await room.approved()
    clock.move(room.undo)
    with_id, with_code, _ = await room.letters(number)
    folder = await room.begin(tmp_path / "mail")
    await room.print(folder)
    papers = folder.manifest()["papers"]

    def line(letter: Any) -> bytes:
        return json.dumps({"number": letter.number, "sha256": papers[letter.number]}).encode()

    alone = await room.mark_lines(line(with_code))
    assert with_id.number in alone.refused[0].reason  # a code without its ID helps nobody
    assert (await room.mark_lines(line(with_id))).mailed == 1
    first = await room.read(tmp_path / "mail", number)
    await on(room, clock, date(2026, 12, 1))  # too late for the code, while the ID is on its way
    assert "too late" in (await room.mark_lines(line(with_code))).refused[0].reason
    folder = await room.begin(tmp_path / "again")
    await room.print(folder)
    assert folder.manifest()["papers"].keys() & {with_id.number, with_code.number} == {with_code.number}
    assert (await room.mark(folder)).refused == []
    second = await room.read(tmp_path / "again", number)
    assert (second.user_id, second.code == first.code) == ("", False)
    assert (await room.activate(OnPaper(first.user_id, first.code))).status_code == 401
    assert (await room.activate(OnPaper(first.user_id, second.code))).status_code == 200


@SQLITE
async def test_the_letters_go_to_the_client_and_to_no_agent(
    room: MailRoom, clock: FixedClock, tmp_path: Path
) -> None:
    people = ({"role": "broker", "name": "Sable Brokers", "street": "9 MARKET ST"}, *PEOPLE)
    await on_record(room.runtime, 1, *people)
    number = await room.approved(administrator="Sable Brokers", administrator_is="broker")
    letter, notice = await room.letters(number)
    assert (letter.addressee, letter.street) == ("Ottoline Hale", "1 TESTING WAY")  # the signer hands it on
    assert (notice.addressee, notice.street) == ("Barnaby Inkwell", "1 TESTING WAY")
    assert "MARKET" not in json.dumps([letter.facts, notice.facts])


# -- denied, taken back ----------------------------------------------------------------------------


@SQLITE
async def test_a_denial_is_written_and_goes_back_with_the_decision(
    room: MailRoom, clock: FixedClock, tmp_path: Path
) -> None:
    number = (await room.register(signer="Nobody Known")).id
    await room.does(number, "deny", {"reason": "signer_unknown"})
    (letter,) = await room.letters(number)
    assert (letter.kind, letter.addressee) == ("id_denied", "Quillparts 900100 LLC")
    await room.does(number, "undo")
    assert await room.letters(number) == []
    await room.does(number, "deny", {"reason": "duplicate"})
    assert await room.letters(number) == []
    await room.does(number, "undo")
    await room.does(number, "deny", {"reason": "signer_unknown"})
    clock.move(room.undo)
    assert (await room.mail(tmp_path / "mail")).mailed == 1
    assert (await room.act(number, "undo")).status_code in (403, 409)


@SQLITE
@pytest.mark.parametrize("after", ["approve", "due", "print"])
async def test_an_approval_taken_back_leaves_no_letter_and_no_code_that_works(
    room: MailRoom, clock: FixedClock, tmp_path: Path, after: str
) -> None:
    number = await room.approved()
    clock.move(room.undo)
    folder = await room.begin(tmp_path / "old") if after != "approve" else None
    if folder is not None and after == "print":
        await room.print(folder)
        old = await room.read(tmp_path / "old", number)
    await room.does(number, "undo")
    assert await room.letters(number) == []
    await room.does(number, "approve")
    clock.move(room.undo)
    if folder is not None and after == "due":
        printed = await room.print(folder)
        assert printed.waiting == (f"{number} is not approved for a mailing any more",)
    if folder is not None:
        told = await room.mark(folder)
        assert told.mailed == 0
        assert all("take it out" in one.reason for one in told.refused)
    assert (await room.mail(tmp_path / "new")).refused == []
    if after == "print":
        assert (await room.activate(old)).status_code == 401
    assert (await room.activate(await room.read(tmp_path / "new", number))).status_code == 200
    assert [state for state, _ in await room.codes()].count("used") == 1


# -- mailings that break off -----------------------------------------------------------------------


async def test_another_folder_waits_until_the_first_is_done_or_too_old(
    room: MailRoom, clock: FixedClock, tmp_path: Path
) -> None:
    number = await room.approved()
    clock.move(room.undo)
    first, second = await room.begin(tmp_path / "first"), await room.begin(tmp_path / "second")
    await room.print(first)
    printed = await room.print(second)
    assert [one for one in printed.waiting if "another folder" in one]
    listed = await room.due()
    assert "run the command on that folder again" in " ".join(listed.refused).lower()
    assert "user_id" not in {one.kind for one in listed.due}
    lost = await room.read(tmp_path / "first", number)
    await on(room, clock, date(2026, 12, 1))  # five business days on: Thanksgiving and the Friday are none
    told = await room.mark(first)
    late = [one.reason for one in told.refused if "too late" in one.reason]
    assert (len(late), "take it out" in late[0]) == (1, True)
    assert await room.codes() == [("dead", "not mailed in time")]
    assert (await room.show(number)).state == "approved"
    assert (await room.mail(tmp_path / "third")).refused == []
    seen = await room.show(number)
    assert (seen.state, seen.breached, seen.use_by) == ("mailed", True, date(2026, 12, 22))
    assert (await room.activate(lost)).status_code == 401
    assert (await room.activate(await room.read(tmp_path / "third", number))).status_code == 200


@SQLITE
async def test_a_paper_that_was_not_printed_last_is_not_marked(
    room: MailRoom, clock: FixedClock, tmp_path: Path
) -> None:
    number = await room.approved()
    clock.move(room.undo)
    folder = await room.begin(tmp_path / "mail")
    kept = (tmp_path / "mail" / "letters.json").read_bytes()
    await room.print(folder)
    papers = folder.manifest()["papers"]
    letter = (await room.letters(number))[0].number
    for sha256 in ("", "0" * 64, papers[letter].upper()):
        line = json.dumps({"number": letter, "sha256": sha256}).encode()
        assert "not the paper that was printed last" in (await room.mark_lines(line)).refused[0].reason
    assert "not the paper" in (await room.mark_lines(letter.encode())).refused[0].reason
    (tmp_path / "mail" / "letters.json").write_bytes(kept)  # as if the run had broken off before its manifest
    (tmp_path / "mail" / "manifest.json").unlink()
    (tmp_path / "mail" / f"{letter}.pdf").unlink()
    old = json.dumps({"number": letter, "sha256": papers[letter]}).encode()
    await room.print(folder)
    assert [state for state, _ in await room.codes()] == ["dead", "printed"]
    assert "not the paper that was printed last" in (await room.mark_lines(old)).refused[0].reason
    assert (await room.mark(folder)).refused == []
    assert (await room.activate(await room.read(tmp_path / "mail", number))).status_code == 200


@SQLITE
async def test_what_does_not_fit_is_not_issued(room: MailRoom, clock: FixedClock, tmp_path: Path) -> None:
    number = await room.approved()
    clock.move(room.undo)
    listed = await room.due()
    letter = next(one for one in listed.due if one.kind == "user_id")
    activate_by = letter.facts["about"]["activate_by"]
    good = {
        "request": number,
        "papers": {letter.number: "a" * 64},
        "activate_by": activate_by,
        "login_digest": "b" * 64,
        "code_digest": "c" * 64,
        "folder": "d" * 32,
    }
    assert letter.request == number
    for change, why in (
        ({"request": "U-99999"}, "no such request"),
        ({"papers": {"L-99999": "a" * 64}}, "others by now"),
        ({"activate_by": "2027-01-31"}, "later mailing"),
        ({"login_digest": ""}, "does not fit"),
        ({"papers": {letter.number: "x"}}, "does not say what was printed"),
        ({"code_digest": ""}, "does not say what was printed"),
        ({"folder": ""}, "does not say what was printed"),
        ({"code": "K7QM-9XRT-3HWD"}, "does not say what was printed"),
    ):
        report = await room.issue(json.dumps(good | change).encode())
        assert (report["issued"], why in report["refused"][0]["reason"]) == (0, True), change
    assert (await room.issue(b"{}\n\xff\n" + json.dumps(good).encode()))["issued"] == 1
    other = {**good, "code_digest": "e" * 64, "folder": "f" * 32}
    assert "another folder" in (await room.issue(json.dumps(other).encode()))["refused"][0]["reason"]
    same = await room.issue(json.dumps(good).encode())
    assert "by chance" in same["refused"][0]["reason"], "a code is never given out twice"
    assert [state for state, _ in await room.codes()] == ["printed"]


# -- what ends a code ------------------------------------------------------------------------------


@SQLITE
async def test_a_code_ends_with_its_last_day_its_letter_come_back_and_a_block(
    room: MailRoom, clock: FixedClock, tmp_path: Path
) -> None:
    number, paper = await mailed(room, clock, tmp_path / "one")
    await on(room, clock, TODAY + timedelta(days=21))
    await run_day(room.runtime)
    assert (await room.show(number)).state == "mailed"
    await on(room, clock, TODAY + timedelta(days=22))
    await run_day(room.runtime)
    assert (await room.show(number)).state == "expired"
    assert (await room.activate(paper)).status_code == 401
    await on(room, clock, TODAY + timedelta(days=25))
    second, paper = await mailed(room, clock, tmp_path / "two", received_at="2026-12-15T17:00:00Z")
    assert (await room.show(number)).state == "revoked"  # the new one takes its place
    letter, notice = await room.letters(second)
    for one in (notice, letter):
        answer = await room.api.post(
            f"/v1/letters/{one.number}/returned",
            json={"returned_on": str(clock.now.date())},
            headers={**room.me, **key()},
        )
        assert answer.status_code == 200, answer.text
    seen = await room.show(second)
    assert (seen.state, seen.returned_on) == ("returned_mail", clock.now.date())
    assert (await room.activate(paper)).status_code == 401
    assert [why for _, why in await room.codes()] == ["too late", "its letter came back"]
    third, paper = await mailed(room, clock, tmp_path / "three", received_at="2026-12-15T17:00:00Z")
    async with operator_unit(room.runtime) as unit:
        user = (await rows(room.runtime, tables.web_user, "id"))[-1][0]
        assert await codes.kill(unit, user, "blocked")
        assert not await codes.kill(unit, user, "blocked")
    assert (await room.activate(paper)).status_code == 401
    assert third != second


@SQLITE
async def test_a_code_tried_wrongly_too_often_is_dead_even_for_whoever_has_it(
    room: MailRoom, clock: FixedClock, tmp_path: Path
) -> None:
    number, paper = await mailed(room, clock, tmp_path / "mail")
    user_id = (await rows(room.runtime, tables.web_user, "id"))[-1][0]
    said = []
    for code in [*["2222-3333-4444"] * 5, paper.code]:
        async with operator_unit(room.runtime) as unit:
            said.append(await codes.use(unit, await user_store.by_id(unit.connection, user_id), code))
    assert said == [*[codes.WRONG] * 4, codes.TOO_OFTEN, codes.NONE_LIVE]
    assert (await room.show(number)).state == "expired"
    assert await room.codes() == [("dead", codes.TOO_OFTEN)]


@SQLITE
async def test_the_post_of_a_printed_letter_that_is_dead_is_stopped(
    room: MailRoom, clock: FixedClock, tmp_path: Path
) -> None:
    await room.approved()
    clock.move(room.undo)
    folder = await room.begin(tmp_path / "mail")
    await room.print(folder)
    async with operator_unit(room.runtime) as unit:
        await codes.kill(unit, (await rows(room.runtime, tables.web_user, "id"))[-1][0], "blocked")
    told = await room.mark(folder)
    assert [one.reason for one in told.refused if "does not work any more: take it out" in one.reason]
    assert told.mailed == 1  # the notice


# -- a new letter ----------------------------------------------------------------------------------


@SQLITE
async def test_a_lost_letter_is_issued_anew_to_whoever_proves_the_address(
    room: MailRoom, clock: FixedClock, tmp_path: Path
) -> None:
    number, lost = await mailed(room, clock, tmp_path / "one")
    answer = await room.act(number, "reissue")
    assert answer.status_code == 403, "somebody must be on the line"
    await call_of(room.api, room.me, "client")
    answer = await room.act(number, "reissue")
    assert "number on record" in answer.json()["detail"]
    await called_back(room.api, room.me)
    answer = await room.act(number, "reissue")
    assert (answer.status_code, "Wait until 2026-12-03" in answer.json()["detail"]) == (409, True)
    await on(room, clock, date(2026, 12, 4))
    await call_of(room.api, room.me, "client", step_up=True)
    seen = await room.show(number)
    assert (seen.can_reissue, "new letter" in seen.reissue_sentence) == (True, True)
    seen = await room.does(number, "reissue")
    assert (seen.state, seen.reissues, seen.mailed_on) == ("approved", 1, None)
    assert (seen.mail_by, seen.arrive_by) == (date(2026, 12, 10), date(2026, 12, 15))
    assert (await room.activate(lost)).status_code == 401, "the lost code is dead at once"
    clock.move(room.undo)
    assert (await room.mail(tmp_path / "two")).refused == []
    letters = [row for row in await room.letters(number) if row.kind == "user_id"]
    assert [row.facts["about"]["again"] for row in letters] == [False, True]
    paper = await room.read(tmp_path / "two", number)
    assert paper.user_id != lost.user_id, "an ID that was never used is withdrawn with its code"
    assert (await room.activate(paper, user_id=lost.user_id)).status_code == 401
    assert (await room.activate(paper)).status_code == 200


@SQLITE
async def test_the_third_new_letter_is_a_leads(room: MailRoom, clock: FixedClock, tmp_path: Path) -> None:
    number, _ = await mailed(room, clock, tmp_path / "0")
    for at in range(1, 4):
        await on(room, clock, date(2026, 12, 4) + timedelta(days=14 * (at - 1)))
        await call_of(room.api, room.me, "client", step_up=True)
        answer = await room.act(number, "reissue")
        if at == 3:
            assert (answer.status_code, "a lead orders" in answer.json()["detail"]) == (403, True)
            room.me = await sign_in(room.api, room.runtime, "r.chen", Role.LEAD)
            await call_of(room.api, room.me, "client", step_up=True)
            answer = await room.act(number, "reissue")
        assert answer.status_code == 200, answer.text
        clock.move(room.undo)
        assert (await room.mail(tmp_path / str(at))).refused == []
    states = [state for state, _ in await room.codes()]
    assert states == ["dead"] * 3 + ["live"]


# -- reset and replacement -------------------------------------------------------------------------


@SQLITE
async def test_a_reset_brings_a_code_alone_and_a_replacement_ends_the_old_id(
    room: MailRoom, clock: FixedClock, tmp_path: Path
) -> None:
    _, first = await mailed(room, clock, tmp_path / "first")
    assert (await room.activate(first)).status_code == 200
    number, reset = await mailed(room, clock, tmp_path / "reset", kind="reset")
    assert (reset.user_id, bool(reset.code)) == ("", True)
    assert (await room.activate(OnPaper(first.user_id, reset.code))).status_code == 200
    assert (await room.show(number)).state == "activated"
    _, new = await mailed(room, clock, tmp_path / "new", kind="replace")
    assert new.user_id not in ("", first.user_id)
    assert (await room.activate(new)).status_code == 200
    states = await rows(room.runtime, tables.web_user, "kind", "state")
    assert [state for kind, state in states if kind == "administrator"] == ["ended", "active"]


# -- at the same time ------------------------------------------------------------------------------


async def test_a_mailing_and_whoever_takes_the_approval_back_do_not_both_win(
    room: MailRoom, clock: FixedClock, tmp_path: Path
) -> None:
    for at in range(4):
        number = await room.approved()
        clock.move(room.undo)
        folder = await room.begin(tmp_path / str(at))
        await room.print(folder)
        undone, told = await asyncio.gather(room.act(number, "undo"), room.mark(folder))
        state = (await room.show(number)).state
        paper = await room.read(tmp_path / str(at), number)
        went = undone.status_code != 200
        assert state == ("mailed" if went else "received"), (undone.text, told)
        assert (told.refused == []) == went
        working = [one for one, _ in await room.codes() if one in ("printed", "live")]
        assert working == (["live"] if went else [])
        if went:
            await room.activate(paper)
            break
