"""Letters of a group: copies, what is sent on request, and that none of it moves a date of the bill."""

from __future__ import annotations

import io
import json
import random
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from sqlalchemy import delete, insert, select

from api_client.types.billing import RecordPayment
from api_client.types.billing_words import LetterKind, PaymentMethod
from api_client.types.letters import LettersDue, LettersMailed
from backend.accounts import service as accounts
from backend.actors import operator
from backend.billing import bills
from backend.billing import service as billing
from backend.database import tables
from backend.database.unit import Unit
from backend.letters import mailing, writing
from backend.problems import Problem
from backend.runtime import Runtime
from tests.conftest import NOON, SQLITE, FixedClock
from tests.desk import key, operator_unit, sign_in
from tests.enrollments import GROUP, add_group, add_member
from tests.phone import BROKER, SIGNER, call_of, called_back, on_record

PREMIUM = Decimal(10_000)


class Post:
    """A rep before the letters of a group."""

    def __init__(self, api: httpx.AsyncClient, me: dict[str, str]) -> None:
        self.api, self.me = api, me

    async def list(self, cursor: str = "") -> Any:
        query = f"?cursor={cursor}" if cursor else ""
        answer = await self.api.get(f"/v1/accounts/{GROUP}/letters{query}", headers=self.me)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def orders(self, path: str, **form: object) -> httpx.Response:
        return await self.api.post(f"/v1/letters/{path}", json=form, headers={**self.me, **key()})

    async def copies(self, number: str, *, to_broker: bool = False) -> Any:
        answer = await self.orders(f"{number}/copy", to_broker=to_broker)
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def undoes(self, number: str, who: dict[str, str] | None = None) -> httpx.Response:
        return await self.api.post(f"/v1/letters/{number}/undo", headers={**(who or self.me), **key()})


@pytest.fixture
async def post(api: httpx.AsyncClient, runtime: Runtime) -> Post:
    return Post(api, await sign_in(api, runtime))


async def _dunned(runtime: Runtime, clock: FixedClock) -> int:
    """A group whose November is unpaid: both letters went out."""
    clock.now = NOON - timedelta(days=40)
    account_id = await add_group(runtime)
    await on_record(runtime, account_id)
    async with operator_unit(runtime) as unit:
        await bills.issue_invoice(
            unit, await accounts.account_of(unit, GROUP), date(2026, 11, 1), [("S1", PREMIUM)]
        )
    for day in (date(2026, 11, 2), date(2026, 11, 16)):
        clock.now = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
        async with operator_unit(runtime) as unit:
            number, copy = (await writing.write_due(unit, await accounts.account_of(unit, GROUP))).numbers
            await writing.mark_mailed(unit, number)
            await unit.connection.execute(delete(tables.letter).where(tables.letter.c.number == copy))
    clock.now = NOON
    return account_id


async def _mail(runtime: Runtime) -> list[str]:
    """The next mailing, twice from the same list; the numbers of what went."""
    *_, listed = [one async for one in mailing.due(runtime, operator("tester"), request_id="T")]
    assert isinstance(listed, LettersDue)
    content = "".join(f"{one.number}\n" for one in listed.due).encode()
    went = []
    for _ in range(2):
        steps = mailing.mark(runtime, operator("tester"), io.BytesIO(content), request_id="T")
        *_, marked = [one async for one in steps]
        assert isinstance(marked, LettersMailed)
        assert marked.refused == []
        went.append((marked.mailed, marked.unchanged))
    assert went == [(len(listed.due), 0), (0, len(listed.due))]
    return [one.number for one in listed.due]


async def _letter(runtime: Runtime, number: str) -> Any:
    table = tables.letter
    async with runtime.database.read() as connection:
        return (await connection.execute(select(table).where(table.c.number == number))).one()


# -- copies ----------------------------------------------------------------------------------------


async def test_a_copy_waits_for_its_undo_and_goes_with_the_next_mailing(
    api: httpx.AsyncClient, runtime: Runtime, post: Post, clock: FixedClock
) -> None:
    await _dunned(runtime, clock)
    last = (await api.get(f"/v1/accounts/{GROUP}", headers=post.me)).json()["last_letter"]
    call = await call_of(api, post.me, "client")
    l2, l1 = [one["id"] for one in (await post.list())["rows"]]
    copy = await post.copies(l2)
    assert (copy["title"], copy["copy_of"], copy["to"]) == (
        "copy of the termination letter",
        l2,
        f"Quillparts {GROUP} LLC",
    )
    assert (copy["asked_by"], copy["mailed_on"], copy["undo_until"]) == (
        "client",
        None,
        "2026-11-20T17:51:00Z",
    )
    row, original = await _letter(runtime, copy["id"]), await _letter(runtime, l2)
    assert (row.street, row.zip) == ("1 TESTING WAY", "94606")
    assert (row.amount, row.ends_on, row.invoice_id) == (
        original.amount,
        original.ends_on,
        original.invoice_id,
    )
    again = await post.orders(f"{l2}/copy", to_broker=False)
    assert (again.status_code, copy["id"] in again.json()["detail"]) == (409, True)
    assert await _mail(runtime) == []
    async with operator_unit(runtime) as unit:
        with pytest.raises(Problem):  # nor by its number
            await writing.mark_mailed(unit, copy["id"])
    clock.move(timedelta(minutes=10))
    assert (await post.undoes(copy["id"])).status_code == 403
    assert await _mail(runtime) == [copy["id"]]
    assert (await post.undoes(copy["id"])).status_code == 409
    mailed = (await post.list())["rows"][0]
    assert (mailed["id"], mailed["mailed_on"], mailed["undo_until"]) == (copy["id"], "2026-11-20", None)
    second = await post.copies(copy["id"])  # of a copy: of the letter itself
    assert second["copy_of"] == l2
    assert (await api.get(f"/v1/accounts/{GROUP}", headers=post.me)).json()["last_letter"] == last
    acts, calls = tables.call_act, tables.call
    query = select(acts.c.subject).join(calls, calls.c.id == acts.c.call_id)
    async with runtime.database.read() as connection:
        done = await connection.execute(query.where(acts.c.act == "letter_copy", calls.c.number == call))
        assert [one.subject for one in done] == [copy["id"], second["id"]]
        about = await connection.execute(select(acts.c.subject).where(acts.c.act == "letter-l2"))
        assert {one.subject for one in about} == {l2}  # what the wrap-up is guessed from
        audit = tables.audit_row
        rows = await connection.execute(select(audit.c.context).where(audit.c.action == "letter.order"))
        assert {one.context for one in rows} == {call}
    assert l1 != l2


@SQLITE
async def test_a_file_for_the_mail_room_says_where_each_goes_and_what_cannot_go(
    api: httpx.AsyncClient, runtime: Runtime, post: Post, clock: FixedClock
) -> None:
    await _dunned(runtime, clock)
    await call_of(api, post.me, "client")
    l2, l1 = [one["id"] for one in (await post.list())["rows"]]
    first, second = await post.copies(l2), await post.copies(l1)
    clock.move(timedelta(minutes=10))
    *_, listed = [one async for one in mailing.due(runtime, operator("tester"), request_id="T")]
    assert isinstance(listed, LettersDue)
    assert [
        (one.number, one.copy_of, one.addressee, *one.facts["copy_of"]["address"]) for one in listed.due
    ] == [
        (number, of, f"Quillparts {GROUP} LLC", "1 TESTING WAY", "OAKLAND CA 94606")
        for number, of in ((first["id"], l2), (second["id"], l1))
    ]
    third = await post.copies(l2, to_broker=True)
    numbers = [first["id"], third["id"], l1, "L-99999", 7]
    content = b"".join(json.dumps({"number": one}).encode() + b"\n" for one in numbers) + b"[]\n\xff\n"
    steps = mailing.mark(runtime, operator("tester"), io.BytesIO(content), request_id="T")
    *_, marked = [one async for one in steps]
    assert isinstance(marked, LettersMailed)
    assert (marked.mailed, [one.line for one in marked.refused]) == (1, [2, 4, 5, 6, 7])
    assert marked.refused[0].reason == f"{third['id']}: it can still be taken back"


@SQLITE
async def test_own_undo_and_nobody_elses(
    api: httpx.AsyncClient, runtime: Runtime, post: Post, clock: FixedClock
) -> None:
    await _dunned(runtime, clock)
    await call_of(api, post.me, "client")
    before = (await post.list())["rows"]
    copy = await post.copies(before[0]["id"])
    chen = await sign_in(api, runtime, "r.chen")
    assert (await post.undoes(copy["id"], chen)).status_code == 403
    shown = (await api.get(f"/v1/accounts/{GROUP}/letters", headers=chen)).json()["rows"][0]
    assert (shown["id"], shown["undo_until"]) == (copy["id"], None)
    assert (
        (await post.undoes(before[0]["id"])).json()["detail"].startswith("The plan's rules wrote this letter")
    )
    back = await post.undoes(copy["id"])
    assert (back.status_code, back.json()["id"], back.json()["undo_until"]) == (200, copy["id"], None)
    assert (await post.list())["rows"] == before
    assert (await post.undoes(copy["id"])).status_code == 404
    assert (await post.copies(before[0]["id"]))["id"] != copy["id"]


@SQLITE
async def test_the_broker_has_copies_while_the_letter_on_file_is_in_date(
    api: httpx.AsyncClient, runtime: Runtime, post: Post, clock: FixedClock
) -> None:
    account_id = await _dunned(runtime, clock)
    l2 = (await post.list())["rows"][0]["id"]
    nobody = await post.orders(f"{l2}/copy", to_broker=True)
    assert nobody.status_code == 403  # without a caller
    await call_of(api, post.me, "broker")
    copy = await post.copies(l2, to_broker=True)
    assert (copy["to"], copy["asked_by"]) == ("Sable Brokers", "broker")
    assert (await _letter(runtime, copy["id"])).street == "9 MARKET ST"
    assert (await post.copies(l2))["to"] == f"Quillparts {GROUP} LLC"
    for broker, words in (
        ({**BROKER, "valid_to": date(2026, 11, 19)}, "No broker's letter is in date"),
        ({**BROKER, "street": ""}, "No address of the broker is on record"),
    ):
        await on_record(runtime, account_id, SIGNER, broker)
        await call_of(api, post.me, "client")
        refused = await post.orders(f"{l2}/copy", to_broker=True)
        assert (refused.status_code, words in refused.json()["detail"]) == (409, True), refused.text


# -- what is sent on request -----------------------------------------------------------------------


@SQLITE
async def test_the_request_form_needs_a_call_back_and_goes_to_the_client_alone(
    api: httpx.AsyncClient, runtime: Runtime, post: Post, clock: FixedClock
) -> None:
    await _dunned(runtime, clock)
    await call_of(api, post.me, "client")
    refused = await post.orders("send/request_form", group_number=GROUP)
    assert (refused.status_code, "call-back" in refused.json()["detail"]) == (403, True)
    await called_back(api, post.me)
    options = await api.post("/v1/acts/options", json={"group_number": GROUP}, headers=post.me)
    will = next(one["will"] for one in options.json()["options"] if one["act"] == "request_form")
    assert will.endswith("by mail, 1 TESTING WAY, OAKLAND, CA 94606.")
    sent = (await post.orders("send/request_form", group_number=GROUP)).json()
    assert (sent["title"], sent["to"]) == ("user-ID request form", f"Quillparts {GROUP} LLC")
    for kind in set(LetterKind) - {LetterKind.REQUEST_FORM, LetterKind.COBRA_PACKET}:  # R24
        answer = await post.orders(f"send/{kind}", group_number=GROUP)
        assert answer.status_code == 422, kind
    copied = await post.orders(f"{sent['id']}/copy", to_broker=False)
    assert (copied.status_code, "sent anew" in copied.json()["detail"]) == (409, True)


@SQLITE
async def test_the_cal_cobra_packet_goes_to_the_members_own_address_and_stays_with_who_may_hear(
    api: httpx.AsyncClient, runtime: Runtime, post: Post
) -> None:
    account_id = await add_group(runtime, employees=12, cobra_admin="plan")
    await on_record(runtime, account_id)
    mrn = await add_member(runtime, account_id=account_id)
    await call_of(api, post.me, "subscriber", mrn=mrn)
    sent = (await post.orders("send/cobra_packet", group_number=GROUP, mrn=mrn)).json()
    assert (sent["title"], sent["to"], sent["asked_by"]) == (
        "Cal-COBRA packet",
        "the member, masked",
        "subscriber",
    )
    row = await _letter(runtime, sent["id"])
    assert (row.addressee, row.street, row.zip) == ("Clara Pebblewick", "5 CANAL ST", "94606")
    await call_of(api, post.me, "client")
    assert [one["id"] for one in (await post.list())["rows"]] == [sent["id"]]
    assert (await post.orders("send/cobra_packet", group_number=GROUP, mrn="1")).status_code == 404
    await call_of(api, post.me, "broker")
    assert (await post.list())["rows"] == []
    await call_of(api, post.me, "tpa")
    locked = await api.get(f"/v1/accounts/{GROUP}/letters", headers=post.me)
    assert locked.status_code == 403


# -- the books -------------------------------------------------------------------------------------


async def test_the_list_goes_on_by_pages_the_newest_first(
    runtime: Runtime, post: Post, clock: FixedClock
) -> None:
    account_id = await add_group(runtime)
    rows = [
        {
            "number": f"L-X{at:04d}",
            "account_id": account_id,
            "kind": "reinstatement",
            "created_on": date(2026, 1, 1) + timedelta(days=at // 3),
            "mailed_on": date(2026, 1, 2),
        }
        for at in range(250)
    ]
    async with operator_unit(runtime) as unit:
        await unit.connection.execute(insert(tables.letter), rows)
    seen: list[str] = []
    page = await post.list()
    while True:
        seen += [one["id"] for one in page["rows"]]
        if page["next"] is None:
            break
        page = await post.list(page["next"])
    assert seen == [row["number"] for row in reversed(rows)]


@SQLITE
@pytest.mark.parametrize("seed", range(2))
async def test_no_copy_and_no_letter_on_request_moves_a_date_of_the_bill(
    runtime: Runtime, clock: FixedClock, seed: int
) -> None:
    """Two groups with the same books live through the same days; of one every letter is copied at once."""
    chance = random.Random(seed)
    days = [date(2026, 11, 1) + timedelta(days=chance.randrange(50)) for _ in range(2)]
    pays = {day: PREMIUM / chance.choice((1, 2)) for day in days}
    clock.now = datetime(2026, 10, 9, 18, tzinfo=UTC)
    groups = [await add_group(runtime, number) for number in ("900201", "900202")]
    states = set()
    for day in (date(2026, 10, 10) + timedelta(days=step) for step in range(75)):
        clock.now = datetime(day.year, day.month, day.day, 18, tzinfo=UTC)
        async with operator_unit(runtime) as unit:
            said = [await _day(unit, one, day, pays, copied=one == groups[1]) for one in groups]
        assert said[0] == said[1], day
        states.add(said[0]["state"])
    assert len(states) > 1  # it was no quiet ledger


async def _day(
    unit: Unit, account_id: int, day: date, pays: dict[date, Decimal], *, copied: bool
) -> dict[str, Any]:
    account = await accounts.account_by_id(unit, account_id)
    if day.day == 10:
        month = (day.replace(day=28) + timedelta(days=4)).replace(day=1)
        await bills.issue_invoice(unit, account, month, [("S1", PREMIUM)])
    if day in pays:
        form = {"group_number": account.number, "received_on": day, "amount": pays[day]}
        await billing.record_payment(unit, RecordPayment(**form, method=PaymentMethod.CHECK))
    for number in (await writing.write_due(unit, account)).numbers:
        await writing.mark_mailed(unit, number)
        if copied:
            await _copy(unit, account_id, number, day)
    status = (await billing.status(unit, account)).model_dump(mode="json")
    for name in ("number", "name"):
        del status[name]
    for rows in ("invoices", "letters", "payments", "timeline"):
        status[rows] = [
            {key: value for key, value in one.items() if key not in ("number", "reference")}
            for one in status[rows]
        ]
    return status


async def _copy(unit: Unit, account_id: int, number: str, day: date) -> None:
    """A copy that waits, one that was mailed today and one a day before the letter, and a request form."""
    table = tables.letter
    row = (await unit.connection.execute(select(table).where(table.c.number == number))).one()
    same = {
        name: getattr(row, name)
        for name in ("account_id", "kind", "invoice_id", "created_on", "amount", "ends_on")
    }
    form = {"account_id": account_id, "kind": "request_form", "created_on": day, "mailed_on": day}
    later = {**same, "copy_of": row.id, "print_from": unit.now}
    for at, values in enumerate(
        (
            {**later, "mailed_on": None},
            {**later, "mailed_on": day},
            {**later, "mailed_on": day - timedelta(days=1)},
            form,
        )
    ):
        await unit.connection.execute(insert(table).values(number=f"{number}-{at}", **values))
