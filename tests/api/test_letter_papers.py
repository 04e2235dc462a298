"""A letter read again: its figures are the ledger's, and only who may hear of it reads it."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select

from api_client.types.billing import RecordPayment, ReturnPayment
from api_client.types.billing_words import LetterKind, PaymentMethod
from backend.accounts import service as accounts
from backend.billing import bills
from backend.billing import service as billing
from backend.database import tables
from backend.letters import writing
from backend.letters.paper import day, money, weekday
from backend.runtime import Runtime
from tests.conftest import SQLITE, FixedClock
from tests.desk import operator_unit, sign_in
from tests.enrollments import GROUP, PEBBLE, add_group, add_member
from tests.phone import call_of, on_record
from tests.unit.letters.letters_of_every_kind import ABOUT, COPY, SECRET, letter
from tests.unit.letters.pdf import letters_of, read

Headers = dict[str, str]
PREMIUM = Decimal(10_000)


@pytest.fixture
async def me(api: httpx.AsyncClient, runtime: Runtime) -> Headers:
    return await sign_in(api, runtime)


async def _get(api: httpx.AsyncClient, me: Headers, number: str, how: str = "text") -> httpx.Response:
    return await api.get(f"/v1/letters/{number}/{how}", headers=me)


async def _reads(api: httpx.AsyncClient, me: Headers, number: str) -> Any:
    answer = await _get(api, me, number)
    assert answer.status_code == 200, answer.text
    return answer.json()


async def _add(runtime: Runtime, account_id: int, kind: LetterKind, **values: Any) -> str:
    """A letter of this kind that was mailed; its facts are those of the unit tests."""
    number = str(values.pop("number", f"L-T-{kind}"))
    facts = letter(kind).model_copy(update={"number": number}).stored()
    row = {"number": number, "account_id": account_id, "kind": kind, "created_on": date(2026, 9, 2)}
    async with operator_unit(runtime) as unit:
        values = {**row, "mailed_on": date(2026, 9, 2), "facts": facts, **values}
        await unit.connection.execute(insert(tables.letter).values(**values))
    return number


async def _read_rows(runtime: Runtime) -> list[tuple[str, str, str]]:
    """Who read what: letter, way and call."""
    table = tables.audit_row
    query = select(table).where(table.c.action == "letter.read").order_by(table.c.id)
    async with runtime.database.read() as connection:
        rows = (await connection.execute(query)).all()
    return [(row.subject, json.loads(row.details)["how"], row.context) for row in rows]


# -- figures ---------------------------------------------------------------------------------------


async def test_every_figure_of_a_letter_is_the_ledgers_on_the_screen_and_on_paper(
    api: httpx.AsyncClient, runtime: Runtime, me: Headers, clock: FixedClock
) -> None:
    """Two returned checks, fees, a part paid: what each letter says is what billing says on its day."""
    await _two_checks_come_back(runtime, clock)
    for of, kinds in ((3, {"L1", "returned_payment"}), (17, {"L2"})):
        clock.now = datetime(2026, 11, of, 18, tzinfo=UTC)
        async with operator_unit(runtime) as unit:
            for number in (await writing.write_due(unit, await accounts.account_of(unit, GROUP))).numbers:
                await writing.mark_mailed(unit, number)
        shown = (await api.get(f"/v1/accounts/{GROUP}/billing", headers=me)).json()
        every = (await api.get(f"/v1/accounts/{GROUP}/letters", headers=me)).json()["rows"]
        newest = [one for one in every if one["created_on"] == shown["on"]]
        assert {one["kind"] for one in newest} == kinds
        for one in newest:
            text = await _reads(api, me, one["id"])
            _says_the_ledger(text, one["kind"], shown)
            _is_the_text(text, await _get(api, me, one["id"], "pdf"))
        assert [one["to"] for one in newest if one["copy_of"]] == ["Sable Brokers"]
        async with operator_unit(runtime) as unit:
            await billing.record_payment(unit, _check(2_500, clock.now.date()))


def _check(amount: int, on: date) -> RecordPayment:
    return RecordPayment(
        group_number=GROUP, received_on=on, amount=Decimal(amount), method=PaymentMethod.CHECK
    )


async def _two_checks_come_back(runtime: Runtime, clock: FixedClock) -> None:
    clock.now = datetime(2026, 10, 10, 18, tzinfo=UTC)
    account_id = await add_group(runtime)
    await on_record(runtime, account_id)
    async with operator_unit(runtime) as unit:
        account = await accounts.account_of(unit, GROUP)
        await bills.issue_invoice(unit, account, date(2026, 11, 1), [("S1", PREMIUM)])
        checks = [_check(part, date(2026, 10, 9)) for part in (4_000, 6_000)]
        paid = [await billing.record_payment(unit, one) for one in checks]
    clock.now = datetime(2026, 11, 3, 18, tzinfo=UTC)
    for one in paid:
        async with operator_unit(runtime) as unit:
            came_back = ReturnPayment(returned_on=date(2026, 11, 2))
            await billing.return_payment(unit, one.number, one.version, came_back)


def _says_the_ledger(text: Any, kind: str, shown: Any) -> None:
    figures = {one["label"]: one["value"] for one in text["figures"]}

    def dollars(name: str) -> str:
        return money(Decimal(shown[name]))

    assert figures["Account balance"] == dollars("balance")
    assert figures["Premium open"] == dollars("open_premium")
    assert figures["Fees open"] == dollars("open_fees") == "$50.00"
    assert figures["Credit"] == dollars("credit")
    if kind == "returned_payment":
        assert figures["Payment returned"] == "$6,000.00"
        assert day(date.fromisoformat(shown["certified_funds_until"])) in "".join(text["paragraphs"])
        return
    ends = date.fromisoformat(shown["coverage_end_if_unpaid"])
    assert figures["Premium that must be paid to keep coverage"] == dollars("keep_coverage_amount")
    assert figures["Last day to pay"] == weekday(ends)
    assert shown["keep_coverage_by"] == shown["coverage_end_if_unpaid"]
    assert figures["Due date of this bill"] == day(date.fromisoformat(shown["invoices"][0]["due_date"]))
    assert figures.get("Date coverage ends", weekday(ends)) == weekday(ends)


def _is_the_text(text: Any, pdf: httpx.Response) -> None:
    """The pages hold every letter and figure of the text; places to fill in are drawn there."""
    assert pdf.status_code == 200
    assert pdf.headers["content-type"] == "application/pdf"
    assert pdf.headers["cache-control"] == "no-store"
    assert "content-disposition" not in pdf.headers
    figures = [value for one in text["figures"] for value in one.values()]
    said = "".join((text["title"], *text["addressee"], *text["paragraphs"], *figures))
    on_paper = letters_of(read(pdf.content, "-raw"))
    assert letters_of(re.sub(r"[^\w$.]|_", "", said)) <= on_paper


# -- who may read ----------------------------------------------------------------------------------


async def test_who_reads_is_written_down_with_the_call(
    api: httpx.AsyncClient, runtime: Runtime, me: Headers
) -> None:
    account_id = await add_group(runtime)
    await on_record(runtime, account_id)
    number = await _add(runtime, account_id, LetterKind.L1)
    first = await _get(api, me, number, "pdf")
    call = await call_of(api, me, "broker")
    again = await _get(api, me, number, "pdf")
    assert first.content == again.content
    await _reads(api, me, number)
    assert await _read_rows(runtime) == [(number, "pdf", ""), (number, "pdf", call), (number, "text", call)]
    await call_of(api, me, "tpa")
    assert [(await _get(api, me, number, how)).status_code for how in ("text", "pdf")] == [403, 403]
    assert len(await _read_rows(runtime)) == 3
    assert (await _get(api, me, "L-99999")).status_code == 404
    assert (await api.get(f"/v1/letters/{number}/text")).status_code == 401


_OPENS = {
    "": (403, 403, 403),
    "client": (200, 200, 200),
    "broker": (403, 403, 403),
    "tpa": (403, 403, 403),
    "subscriber": (200, 200, 403),
}
"""By who is on the line: a notice to a subscriber, a Cal-COBRA packet, and an enrollment that came back."""


@SQLITE
async def test_a_letter_about_a_person_opens_for_who_may_hear_of_them(
    api: httpx.AsyncClient, runtime: Runtime, me: Headers
) -> None:
    account_id = await add_group(runtime)
    await on_record(runtime, account_id)
    mrn = await add_member(runtime, account_id=account_id)
    member_id = await _member(runtime, mrn)
    about = [
        await _add(runtime, account_id, LetterKind.L1_SUBSCRIBER, member_id=member_id),
        await _add(runtime, account_id, LetterKind.COBRA_PACKET, member_id=member_id),
        await _add(runtime, account_id, LetterKind.ENROLLMENT_RETURNED),
    ]
    for who, expected in _OPENS.items():
        if who:
            await call_of(api, me, who, mrn=mrn if who == "subscriber" else "")
        answers = [await _get(api, me, number) for number in about]
        assert tuple(one.status_code for one in answers) == expected, who
        pages = [await _get(api, me, number, "pdf") for number in about]
        assert tuple(one.status_code for one in pages) == expected, who
        if expected[0] == 200:
            own = who == "subscriber"
            assert ("77 Ferry Street" in answers[0].json()["addressee"]) == own
            assert ("77 Ferry Street" in read(pages[1].content)) == own
            assert ("address masked" in read(pages[1].content)) != own


@SQLITE
async def test_of_who_asked_for_privacy_the_client_hears_nothing(
    api: httpx.AsyncClient, runtime: Runtime, me: Headers
) -> None:
    account_id = await add_group(runtime)
    await on_record(runtime, account_id)
    mrn = await add_member(runtime, replace(PEBBLE, restricted=True), account_id=account_id)
    number = await _add(runtime, account_id, LetterKind.COBRA_PACKET, member_id=await _member(runtime, mrn))
    await call_of(api, me, "client")
    assert (await _get(api, me, number)).status_code == 403
    await call_of(api, me, "subscriber", mrn=mrn)
    assert (await _get(api, me, number)).status_code == 200


async def _member(runtime: Runtime, mrn: str) -> int:
    async with runtime.database.read() as connection:
        found = await connection.execute(select(tables.member.c.id).where(tables.member.c.mrn == mrn))
        return int(found.scalar_one())


# -- what is never shown, and what cannot be -------------------------------------------------------


@SQLITE
async def test_what_cannot_be_shown_says_why_and_what_to_do(
    api: httpx.AsyncClient, runtime: Runtime, me: Headers
) -> None:
    account_id = await add_group(runtime)
    secret = await _add(runtime, account_id, LetterKind.USER_ID)
    refused = [
        (secret, "never shown"),
        (await _add(runtime, account_id, LetterKind.L1, number="L-OLD", facts=None), "from the list"),
        (await _add(runtime, account_id, LetterKind.L1, number="L-NEW", facts={"form": 9}), "from the list"),
    ]
    for number, words in refused:
        for how in ("text", "pdf"):
            answer = await _get(api, me, number, how)
            assert answer.status_code == 409, answer.text
            assert words in answer.json()["detail"]
            assert SECRET.code not in answer.text
    assert [row[:2] for row in await _read_rows(runtime)] == [
        (number, how) for number, _ in refused for how in ("text", "pdf")
    ]


@SQLITE
async def test_every_other_kind_reads_from_its_stored_facts(
    api: httpx.AsyncClient, runtime: Runtime, me: Headers
) -> None:
    account_id = await add_group(runtime)
    await on_record(runtime, account_id)
    await call_of(api, me, "client")
    kinds = set(LetterKind) - {LetterKind.USER_ID}
    assert kinds <= set(ABOUT)
    for kind in sorted(kinds):
        number = await _add(runtime, account_id, kind)
        said = letter(kind).copied(COPY.model_copy(update={"number": f"L-C-{kind}"}))
        await _add(runtime, account_id, kind, number=f"L-C-{kind}", facts=said.stored())
        text, copy = await _reads(api, me, number), await _reads(api, me, f"L-C-{kind}")
        assert copy["paragraphs"][0].startswith(
            "Copy of the letter L-00877 of September 2, 2026 to Oak Street"
        )
        assert copy["paragraphs"][2:] == text["paragraphs"]
        assert copy["figures"] == text["figures"]
        _is_the_text(text, await _get(api, me, number, "pdf"))
