"""The post: mailings on disk, what came back, and letters that are taken back."""

from __future__ import annotations

import asyncio
import hashlib
import io
import json
import secrets
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import update

from api_client.types.letters import LettersDue, LettersReturned
from api_client.types.words import Role
from backend.database import tables
from backend.keys import new_keys
from backend.letters.folder import MANIFEST, Folder, FolderError, papers_of
from backend.letters.minting import Mint
from backend.letters.returned import mark_returned
from backend.runtime import Runtime
from tests.conftest import SQLITE, FixedClock
from tests.csv_files import payment, take_payments
from tests.days import (
    OPERATOR,
    confirm_billing,
    days_of,
    due,
    live,
    mail,
    marked,
    morning,
    paying_group,
    pays,
    rows,
    run_day,
)
from tests.desk import key, operator_unit, sign_in
from tests.phone import BROKER, SIGNER, on_record

L1_DAY, L2_DAY, END = date(2026, 9, 2), date(2026, 9, 16), date(2026, 10, 1)
GROUP = "900100"


async def warned(runtime: Runtime, clock: FixedClock, *, until: date = L1_DAY) -> int:
    """A group that did not pay September, on the morning after the run of that day; nothing mailed of it."""
    await confirm_billing(runtime)
    account_id = await paying_group(runtime)
    await on_record(runtime, account_id, SIGNER, BROKER)
    await live(runtime, clock, [date(2026, 8, 31), *days_of(date(2026, 9, 1), until - timedelta(days=1))])
    clock.now = morning(until)
    await run_day(runtime)
    return account_id


async def returned(runtime: Runtime, *numbers: str, on: date | None = None) -> LettersReturned:
    content = io.BytesIO("".join(f"{one}\n" for one in numbers).encode())
    *_, told = [one async for one in mark_returned(runtime, OPERATOR, content, on, request_id="T")]
    assert isinstance(told, LettersReturned)
    return told


def by_kind(listed: LettersDue) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    for one in listed.due:
        found.setdefault("copy" if one.facts["copy_of"] else one.kind, []).append(one)
    return found


def _nothing_to_issue(_lines: bytes) -> dict[str, Any]:
    raise AssertionError("no letter of these has a code")


NO_MINT = Mint(new_keys(), secrets.randbelow, _nothing_to_issue)


class Desk:
    """Somebody before the letters."""

    def __init__(self, api: httpx.AsyncClient, me: dict[str, str]) -> None:
        self.api, self.me = api, me

    async def gets(self, path: str) -> Any:
        answer = await self.api.get(f"/v1/{path}", headers=self.me)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def posts(self, path: str, **form: object) -> httpx.Response:
        return await self.api.post(f"/v1/{path}", json=form, headers={**self.me, **key()})


# -- a mailing on disk -----------------------------------------------------------------------------


@SQLITE
async def test_a_mailing_is_printed_whole_marked_once_and_goes_on_where_it_broke_off(
    runtime: Runtime, clock: FixedClock, tmp_path: Path
) -> None:
    await warned(runtime, clock)
    listed = await due(runtime)
    assert {kind: len(some) for kind, some in by_kind(listed).items()} == {
        "L1": 1,
        "copy": 1,
        "L1_subscriber": 2,
    }
    assert (await due(runtime)).batch == listed.batch  # put together again: the same mailing
    folder = Folder(tmp_path / "mail")
    folder.check()
    folder.begin(json.loads(listed.model_dump_json()))
    assert folder.begun
    seen: list[int] = []

    def stop_after_two(step: Any) -> None:
        seen.append(step.done)
        if step.done == 2:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        folder.print(stop_after_two, NO_MINT)
    assert not folder.printed
    before = {one.name: one.stat().st_mtime_ns for one in (tmp_path / "mail").glob("*.pdf")}
    assert len(before) == 2
    printed = folder.print(lambda step: seen.append(step.done), NO_MINT)
    assert (printed.letters, seen) == (2, [1, 2, 3, 4])
    for name, when in before.items():
        assert (tmp_path / "mail" / name).stat().st_mtime_ns == when  # not printed again
    manifest = json.loads((tmp_path / "mail" / MANIFEST).read_bytes())
    assert manifest["batch"] == listed.batch == "B-00001"
    for one in manifest["letters"]:
        content = (tmp_path / "mail" / one["file"]).read_bytes()
        assert content.startswith(b"%PDF")
        assert hashlib.sha256(content).hexdigest() == one["sha256"]
    assert [one["kind"] for one in manifest["letters"]][:2] == ["L1", "L1"]
    assert manifest["letters"][1]["addressee"] == BROKER["name"]
    modes = {one.stat().st_mode & 0o777 for one in (tmp_path / "mail").iterdir()}
    assert ((tmp_path / "mail").stat().st_mode & 0o777, modes) == (0o700, {0o600})
    numbers = b"".join(papers_of(folder.manifest())).decode().splitlines()
    told = await marked(runtime, numbers, listed.batch)
    assert (told.mailed, told.unchanged, told.refused) == (4, 0, [])
    again = await marked(runtime, numbers, listed.batch)
    assert (again.mailed, again.unchanged, again.refused) == (0, 4, [])
    assert {mailed for (mailed,) in await rows(runtime, tables.letter, "mailed_on")} == {L1_DAY}
    ((gone_at,),) = await rows(runtime, tables.mail_batch, "mailed_at")
    assert gone_at == clock.now
    assert (await due(runtime)).due == []
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "notes.txt").write_text("mine")
    with pytest.raises(FolderError, match="holds something else"):
        Folder(tmp_path / "other").check()


async def test_what_was_overtaken_since_it_was_printed_is_refused_by_its_line(
    runtime: Runtime, clock: FixedClock
) -> None:
    await warned(runtime, clock)
    listed = await due(runtime)
    numbers = [one.number for one in listed.due]
    await pays(runtime, GROUP, L1_DAY, Decimal(900))
    told = await marked(runtime, [*numbers, "L-99999", ""], listed.batch)
    assert told.mailed == 0
    assert [one.line for one in told.refused] == [1, 2, 3, 4, 5, 6]
    assert "money came in" in told.refused[0].reason
    assert "taken back" in told.refused[1].reason
    assert await rows(runtime, tables.letter, "id") == []


async def test_a_warning_written_anew_takes_its_notices_with_it(runtime: Runtime, clock: FixedClock) -> None:
    """28 CCR 1300.65: each subscriber hears that grace began, also where the balance changed that morning."""
    await warned(runtime, clock)
    await pays(runtime, GROUP, L1_DAY, Decimal(400))
    await asyncio.gather(due(runtime), due(runtime))  # two mail rooms at once
    kinds = ["L1", "L1", "L1_subscriber", "L1_subscriber"]
    assert sorted(kind for (kind,) in await rows(runtime, tables.letter, "kind")) == kinds
    listed = await due(runtime)
    assert sorted(one.kind for one in listed.due) == kinds
    (l1,) = by_kind(listed)["L1"]
    assert l1.facts["about"]["keep"] == "500.00"
    assert {one.copy_of for one in listed.due} == {None, l1.number}
    assert (await run_day(runtime)) == ([], [])


async def test_a_letter_whose_figures_changed_since_it_was_printed_is_refused_and_printed_anew(
    runtime: Runtime, clock: FixedClock
) -> None:
    await warned(runtime, clock)
    listed = await due(runtime)
    numbers = [one.number for one in listed.due]
    await pays(runtime, GROUP, L1_DAY, Decimal(400))
    told = await marked(runtime, numbers, listed.batch)
    assert (told.mailed, len(told.refused)) == (0, 4)
    assert "says what is not so any more" in told.refused[0].reason
    assert not set(await mail(runtime)) & set(numbers)
    amounts = await rows(runtime, tables.letter, "kind", "amount", "mailed_on")
    assert amounts[0] == ("L1", Decimal(500), L1_DAY)
    assert {on for *_, on in amounts} == {L1_DAY}


@pytest.mark.parametrize("database_url", ["postgresql"], indirect=True)
async def test_the_post_and_a_file_of_payments_wait_for_each_other_and_not_in_a_ring(
    runtime: Runtime, clock: FixedClock
) -> None:
    await confirm_billing(runtime)
    groups = [f"9001{at:02}" for at in range(12)]
    for number in groups:
        await paying_group(runtime, number, subscribers=1)
    for day in (date(2026, 8, 31), L1_DAY):
        clock.now = morning(day)
        await run_day(runtime)
    for turn in range(2):
        listed = await due(runtime)
        values = {"received_on": f"{L1_DAY}", "amount": "1.00"}
        lines = [payment(f"LB-{turn}-{one}", group_number=one, **values) for one in reversed(groups)]
        post = marked(runtime, [one.number for one in listed.due], listed.batch)
        _, report = await asyncio.gather(post, take_payments(runtime, *lines))
        assert (report.added, report.refused) == (len(groups), [])


@SQLITE
async def test_a_warning_goes_on_its_own_day_and_what_goes_with_it_not_before(
    runtime: Runtime, clock: FixedClock
) -> None:
    await warned(runtime, clock)
    listed = by_kind(await due(runtime))
    l1, copy = listed["L1"][0].number, listed["copy"][0].number
    told = await marked(runtime, [copy])
    assert [one.reason for one in told.refused] == [f"{copy}: {l1}, which it goes with, is not mailed"]
    clock.now = morning(L1_DAY + timedelta(days=1))
    told = await marked(runtime, [l1])
    assert "dated 2026-09-02 and goes on no other day" in told.refused[0].reason
    waits = await due(runtime)
    assert (waits.due, len(waits.refused)) == ([], 4)
    (report,), _ = await run_day(runtime)
    assert report.letters == {"L1": 1, "copy": 1, "L1_subscriber": 2}
    assert l1 not in await mail(runtime)
    assert (
        await rows(runtime, tables.letter, "created_on", "mailed_on")
        == [(L1_DAY + timedelta(days=1), L1_DAY + timedelta(days=1))] * 4
    )


@SQLITE
async def test_unconfirmed_rules_hold_what_was_written_and_no_termination_goes_without_a_warning(
    runtime: Runtime, clock: FixedClock
) -> None:
    await warned(runtime, clock)
    numbers = [one.number for one in (await due(runtime)).due]
    async with operator_unit(runtime) as unit:
        await unit.connection.execute(tables.policy_confirmation.delete())
    waits = await due(runtime)
    assert (waits.due, waits.batch) == ([], "")
    assert all("nobody has confirmed billing." in one for one in waits.refused)
    told = await marked(runtime, numbers)
    assert (told.mailed, len(told.refused)) == (0, 4)
    await confirm_billing(runtime)
    # R26: no termination letter without an older warning letter, whatever day it is.
    for day in (L2_DAY, END, END + timedelta(days=1)):
        clock.now = morning(day)
        await run_day(runtime)
        kinds = {kind for (kind,) in await rows(runtime, tables.letter, "kind")}
        assert kinds == {"L1", "L1_subscriber"}


@SQLITE
async def test_each_subscriber_hears_at_home_and_a_restricted_address_is_respected(
    runtime: Runtime, clock: FixedClock
) -> None:
    await confirm_billing(runtime)
    await paying_group(runtime, subscribers=3)
    async with operator_unit(runtime) as unit:
        people = tables.member
        own = {"restricted": True, "mailing_street": "77 OWN WAY", "mailing_city": "FRESNO"}
        own |= {"mailing_state_code": "CA", "mailing_zip": "93701"}
        await unit.connection.execute(update(people).where(people.c.id == 1).values(**own))
        nowhere = {"street": "", "city": "", "zip": ""}
        await unit.connection.execute(update(people).where(people.c.id == 3).values(**nowhere))
    clock.now = morning(date(2026, 8, 31))
    await run_day(runtime)
    clock.now = morning(L1_DAY)
    told, refused = await run_day(runtime)
    assert told[-1].letters == {"L1": 1, "L1_subscriber": 2}
    assert refused == [
        "Group 900100: 1 subscribers got no notice that grace began; no address of theirs is on file."
    ]
    notices = by_kind(await due(runtime))["L1_subscriber"]
    assert [one.facts["address"][0] for one in notices] == ["77 OWN WAY", "5 CANAL ST"]
    for one in notices:  # dates and rights, no balance
        about = one.facts["about"]
        assert set(about) == {"kind", "month", "grace_from", "last_day", "grace_days"}
        assert (about["grace_from"], about["last_day"]) == ("2026-09-02", "2026-10-01")


# -- what came back --------------------------------------------------------------------------------


async def test_a_returned_notice_holds_the_end_until_it_is_settled(
    runtime: Runtime, api: httpx.AsyncClient, clock: FixedClock
) -> None:
    await warned(runtime, clock)
    numbers = await mail(runtime)
    l1 = numbers[0]
    clock.now = morning(L2_DAY)
    await run_day(runtime)
    (l2, *_) = await mail(runtime)
    clock.now = morning(date(2026, 9, 24))
    told = await returned(runtime, l2, "L-99999", "", l2, on=date(2026, 9, 23))
    assert (told.returned, told.unchanged) == (1, 1)
    assert [one.line for one in told.refused] == [2, 3]
    assert (await returned(runtime, l2)).unchanged == 1
    nonsense = await returned(runtime, "L-\x00", "[" * 4000, '{"number": {}}', "L-00001\x1b]0;mine")
    assert (len(nonsense.refused), nonsense.returned) == (4, 0)
    desk = Desk(api, await sign_in(api, runtime))
    (row,) = (await desk.gets("letters/returned"))["rows"]
    assert (row["id"], row["returned_on"], row["holds_end"]) == (l2, "2026-09-23", True)
    clock.now = morning(END + timedelta(days=3))
    desk = Desk(api, await sign_in(api, runtime))
    told_of, _ = await run_day(runtime)
    assert sum(one.ended for one in told_of) == 0
    assert await rows(runtime, tables.coverage, "ends_on") == [(None,)] * 2
    assert ["NOTICE_RETURNED"] in [flags for (flags,) in await rows(runtime, tables.standing, "flags")]
    refused = await desk.posts(f"letters/{l1}/settle", how="reached", note="spoke to them")
    assert (refused.status_code, "did not come back" in refused.json()["detail"]) == (409, True)
    settled = await desk.posts(f"letters/{l2}/settle", how="remailed", note="moved, put right")
    assert (settled.status_code, settled.json()["settled"]) == (200, "remailed"), settled.text
    assert (await desk.gets("letters/returned"))["rows"] == []
    copies = [one for one in (await due(runtime)).due if one.copy_of == l2]
    assert [one.facts["copy_of"]["address"][0] for one in copies] == ["1 TESTING WAY"]
    listed = (await desk.gets(f"accounts/{GROUP}/letters"))["rows"]
    shown = {one["id"]: one for one in listed}
    assert (shown[l1]["notices"], shown[l1]["batch"]) == (2, "B-00001")
    assert "L1_subscriber" not in {one["kind"] for one in listed}
    clock.now = morning(END + timedelta(days=4))
    told_of, _ = await run_day(runtime)
    assert told_of[-1].ended == 1
    settled_on = END + timedelta(days=3)
    assert await rows(runtime, tables.coverage, "ends_on") == [(settled_on,)] * 2


@SQLITE
async def test_the_desk_notes_what_came_back_and_a_lead_takes_a_letter_back_until_it_is_mailed(
    runtime: Runtime, api: httpx.AsyncClient, clock: FixedClock
) -> None:
    await warned(runtime, clock)
    rep = Desk(api, await sign_in(api, runtime))
    lead = Desk(api, await sign_in(api, runtime, "a.lead", Role.LEAD))
    (l1,) = [one.number for one in by_kind(await due(runtime))["L1"]]
    assert (await rep.posts(f"letters/{l1}/take-back", reason="wrong amount")).status_code == 403
    early = await rep.posts(f"letters/{l1}/returned", returned_on="2026-09-02")
    assert (early.status_code, "was not mailed" in early.json()["detail"]) == (409, True)
    taken = await lead.posts(f"letters/{l1}/take-back", reason="wrong amount")
    assert (taken.status_code, taken.json()["id"]) == (200, l1)
    assert await rows(runtime, tables.letter, "id") == []  # its copy and its notices went with it
    assert await run_day(runtime) == ([], [])
    clock.now = morning(L1_DAY + timedelta(days=1))
    (report,), _ = await run_day(runtime)  # still due: written again
    assert report.letters["L1"] == 1
    again, *rest = await mail(runtime)
    rep.me, lead.me = await sign_in(api, runtime), await sign_in(api, runtime, "a.lead", Role.LEAD)
    late = await lead.posts(f"letters/{again}/take-back", reason="too late")
    assert (late.status_code, "was mailed on" in late.json()["detail"]) == (409, True)
    goes_with = await lead.posts(f"letters/{rest[0]}/take-back", reason="too late")
    assert goes_with.status_code == 409
    for on, status in (("2026-09-01", 409), ("2026-09-30", 409), ("2026-09-03", 200), ("2026-09-03", 409)):
        came = await rep.posts(f"letters/{again}/returned", returned_on=on)
        assert came.status_code == status, came.text
    reached = await rep.posts(f"letters/{again}/settle", how="reached", note="fax confirmed by the signer")
    assert reached.json()["settled"] == "reached"
    acts = await rows(runtime, tables.audit_row, "action", "subject")
    for action in ("letter.take_back", "letter.returned", "letter.settle"):
        assert action in {one for one, _ in acts}


def test_no_route_takes_the_text_of_a_letter() -> None:
    """R24: letters are written by the rules; a route takes a number, whom to send to, or a reason."""
    said = json.loads((Path(__file__).parents[2] / "docs" / "openapi.json").read_text())
    taken = {}
    for path, methods in said["paths"].items():
        for method, operation in methods.items():
            if method in ("post", "put", "patch") and "/letters" in path:
                content = operation.get("requestBody", {}).get("content", {})
                schema = content.get("application/json", {}).get("schema", {})
                name = schema.get("$ref", "").rpartition("/")[2]
                taken[operation["operationId"]] = set(
                    said["components"]["schemas"].get(name, {}).get("properties", {})
                )
    assert taken == {
        "letters.copy": {"to_broker"},
        "letters.send": {"group_number", "mrn"},
        "letters.undo": set(),
        "letters.came_back": {"returned_on"},
        "letters.settle": {"how", "note"},
        "letters.take_back": {"reason"},
    }


@SQLITE
async def test_a_group_whose_books_cannot_be_worked_out_waits_and_the_others_are_mailed(
    runtime: Runtime, clock: FixedClock
) -> None:
    await confirm_billing(runtime)
    bad = await paying_group(runtime, "900100")
    await paying_group(runtime, "900101")
    for day in (date(2026, 8, 31), L1_DAY):
        clock.now = morning(day)
        await run_day(runtime)
    async with operator_unit(runtime) as unit:  # a billing policy nobody knows any more
        await unit.connection.execute(
            update(tables.account).values(billing_policy="NONE").where(tables.account.c.id == bad)
        )
    listed = await due(runtime)
    assert [one.group_number for one in listed.due] == ["900101"] * 3
    assert len(listed.refused) == 3
    assert all("its group's day cannot be done. Reference: T" in one for one in listed.refused)


@SQLITE
async def test_a_letter_nobody_can_read_waits_and_says_so(runtime: Runtime, clock: FixedClock) -> None:
    await warned(runtime, clock)
    async with operator_unit(runtime) as unit:
        letters = tables.letter
        change = update(letters).where(letters.c.kind == "L1_subscriber").values(street="")
        await unit.connection.execute(change)
    waits = await due(runtime)
    assert [one.rpartition(" waits: ")[2] for one in waits.refused] == ["no address is on record"] * 2
