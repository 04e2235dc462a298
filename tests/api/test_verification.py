"""Who hears what: every kind of caller before every kind of fact, and no answer of a caller kept anywhere."""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import MetaData, Table, select, update

from api_client.types.call_words import Fact
from api_client.types.calls import Call
from backend.database import tables
from backend.runtime import Runtime
from tests.callers import (
    BROKER_NUMBER,
    GROUP,
    OTHER_GROUP,
    PROVES,
    SIGNER,
    SIGNER_PHONE,
    add_family,
    add_groups,
    end_authority,
)
from tests.conftest import SQLITE, FixedClock
from tests.desk import key, operator_unit, sign_in
from tests.phone import Phone, open_phone

EVERYTHING = set(Fact) - {Fact.CLAIMS, Fact.ACCESS_CODE}
OF_A_CLIENT = EVERYTHING - {Fact.PERSON}
HEARS: dict[str, set[Fact]] = {
    "client": OF_A_CLIENT,
    "broker": {Fact.LETTERS, Fact.BILLING},
    "tpa": {Fact.COBRA},
    "subscriber": {Fact.PERSON},
    "dependent": {Fact.PERSON},
    "representative": {Fact.PERSON},
}
PEOPLE = ("subscriber", "dependent", "representative")


@pytest.fixture
async def phone(api: httpx.AsyncClient, runtime: Runtime) -> Phone:
    """A rep with a telephone; two groups are on record."""
    await add_groups(runtime)
    return await open_phone(api, runtime)


@pytest.fixture
async def family(phone: Phone, runtime: Runtime) -> dict[str, str]:
    """Member numbers of a family by the kind of caller each is."""
    return await add_family(runtime)


# -- every fact ------------------------------------------------------------------------------------


class Facts:
    """Every read a caller could hear, and what of it was open."""

    def __init__(self, phone: Phone, request: str, family: dict[str, str]) -> None:
        self.phone, self.request, self.family = phone, request, family

    async def _open(self, answer: httpx.Response) -> bool:
        assert answer.status_code in {200, 403}, answer.text
        if answer.status_code == 403:
            assert answer.json()["type"].endswith("not-verified")
            leaks = (SIGNER, "12 Nowhere", "12345.00", "Pebblewick", SIGNER_PHONE)
            assert not [one for one in leaks if one in answer.text]
        return answer.status_code == 200

    async def _of_account(self, number: str) -> set[Fact]:
        said = (await self.phone.get(f"accounts/{number}")).json()
        locked = {Fact(one) for one in said["locked"]}
        sections = {
            Fact.GROUP: said["about"],
            Fact.COBRA: said["cobra"],
            Fact.BILLING: said["premium"],
            Fact.LETTERS: said["last_letter"],
            Fact.MEMBERS: said["members_enrolled"],
        }
        for fact, section in sections.items():
            assert (section is None) is (fact in locked), fact
        if Fact.USER_IDS in locked:
            assert not [one for one in said["open_items"] if one["kind"] == "user ID"]
        if Fact.GROUP in locked:
            assert (said["last_call"], SIGNER in str(said)) == ("", False)
        return set(Fact) - locked - {Fact.PERSON}

    async def of_group(self, number: str = GROUP) -> set[Fact]:
        """What is open of a group: the account's sections, and each read by itself."""
        found = await self._of_account(number)
        reads = {
            Fact.BILLING: f"accounts/{number}/billing",
            Fact.MEMBERS: f"accounts/{number}/members",
            Fact.USER_IDS: f"user-id-requests?group={number}",
            Fact.LETTERS: f"accounts/{number}/letters",
        }
        if number == GROUP:
            assert await self._open(await self.phone.get(f"user-id-requests/{self.request}")) is (
                Fact.USER_IDS in found
            )
        for fact, path in reads.items():
            assert await self._open(await self.phone.get(path)) is (fact in found), fact
        past = await self.phone.post("history", {"group_number": number})
        assert await self._open(past) is bool(found)
        asked = await self.phone.get(f"call-backs?group={number}")
        assert await self._open(asked) is (Fact.GROUP in found)
        searched = (await self.phone.post("search", {"text": number})).json()["results"][0]
        assert ("Sacramento" in searched["detail"]) is (Fact.GROUP in found)
        options = (await self.phone.post("acts/options", {"group_number": number})).json()["options"]
        assert found or not [one for one in options if one["allowed"]]
        return found

    async def of_person(self, kind: str, number: str = GROUP) -> bool:
        """Whether one person is open."""
        form = {"group_number": number, "mrn": self.family[kind]}
        heard = await self._open(await self.phone.post("cards/person", form))
        assert await self._open(await self.phone.post("accounts/representatives", form)) is heard
        assert await self._open(await self.phone.post("history", form)) is heard
        return heard

    async def lists(self) -> set[bool]:
        """Whether lists of many groups are open; with a caller on the line none is."""
        paths = ("user-id-requests", "billing/work-list", "call-backs", "match-items")
        return {await self._open(await self.phone.get(path)) for path in paths}

    async def of_all_people(self) -> set[str]:
        """Of whom of the family one hears."""
        return {kind for kind in PEOPLE if await self.of_person(kind)}


@pytest.fixture
async def facts(phone: Phone, family: dict[str, str]) -> Facts:
    form = {
        "group_number": GROUP,
        "received_at": "2026-11-20T17:00:00Z",
        "fax_reference": "FAX-1",
        "administrator": "Barnaby Inkwell",
        "signer": SIGNER,
        "street": "12 Nowhere Street",
        "city": "SACRAMENTO",
        "state": "CA",
        "zip": "95814",
    }
    made = await phone.post("user-id-requests", form)
    assert made.status_code == 200, made.text
    return Facts(phone, made.json()["id"], family)


@pytest.mark.parametrize(
    ("database_url", "kind"),
    [*(("sqlite", kind) for kind in HEARS), ("postgresql", "client"), ("postgresql", "representative")],
    indirect=["database_url"],
)
async def test_what_each_caller_hears_in_every_state_of_a_call(
    phone: Phone, facts: Facts, kind: str, family: dict[str, str]
) -> None:
    mrn = family[kind] if kind in PEOPLE else ""
    whom = {"mrn": mrn} if mrn else {}
    group_facts = HEARS[kind] - {Fact.PERSON}
    people = set(PEOPLE) if kind == "client" else {kind} & set(PEOPLE)

    assert await facts.of_group() == OF_A_CLIENT  # without a call: a rep's own work
    assert await facts.lists() == {True}
    first = await phone.start(GROUP)
    assert (await facts.of_group(), await facts.of_all_people(), await facts.lists()) == (
        set(),
        set(),
        {False},
    )
    await phone.caller(kind, **whom)
    answers = [*PROVES[kind].items(), *([("member_number", mrn)] if mrn else [])]
    for item, answer in answers[:-1]:
        assert await phone.says(item, answer, **whom), item
        assert (await facts.of_group(), await facts.of_all_people()) == (set(), set()), item
    assert await phone.says(answers[-1][0], answers[-1][1], **whom)
    assert phone.seen is not None
    assert set(phone.seen.subjects[0].facts) == HEARS[kind]
    assert (await facts.of_group(), await facts.of_all_people()) == (group_facts, people)
    assert (await facts.of_group(OTHER_GROUP), await facts.lists()) == (set(), {False})

    second = await phone.start(GROUP)  # another caller proves for themselves
    assert (await facts.of_group(), await facts.of_all_people()) == (set(), set())
    parked = next(one for one in (await phone.mine())["parked"] if one["id"] == first.id)
    again = await phone.done("take", first.model_copy(update={"version": parked["version"]}))
    assert (await facts.of_group(), await facts.of_all_people()) == (group_facts, people)
    await phone.done("wrap-up", again, code="DROPPED")
    waiting = second.model_copy(update={"version": 2})
    await phone.done("take", waiting)
    assert (await facts.of_group(), await facts.of_all_people()) == (set(), set())


@SQLITE
@pytest.mark.parametrize("kind", [*HEARS, "provider", "other"])
async def test_after_three_misses_and_without_authority_nothing_is_heard(
    phone: Phone, facts: Facts, family: dict[str, str], runtime: Runtime, kind: str
) -> None:
    whom = {"mrn": family[kind]} if kind in PEOPLE else {}
    await phone.start(GROUP)
    seen = await phone.caller(kind, **whom)
    if kind in {"provider", "other"}:
        refused = await phone.say("group_number", GROUP)
        assert (seen.subjects[0].state, seen.subjects[0].ask, refused.status_code) == (
            "no_authority",
            [],
            403,
        )
        assert seen.subjects[0].sentence
    else:
        item = next(iter(PROVES[kind]))
        for _ in range(3):
            assert not await phone.says(item, "9999", **whom)
        assert phone.seen is not None
        subject = phone.seen.subjects[0]
        assert (subject.state, subject.ask, phone.seen.misses_left) == ("failed", [], 0)
        right = await phone.say(item, PROVES[kind][item], **whom)
        assert (right.status_code, right.json()["type"]) == (403, "urn:kprep:problem:not-verified")
        assert phone.seen.guess[0] == "VERIFY-FAIL"
    assert (await facts.of_group(), await facts.of_all_people()) == (set(), set())


# -- authority -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("role", "kind"), [("broker", "broker"), ("tpa", "tpa"), ("contract_signer", "client")]
)
async def test_an_authority_ends_with_its_day(
    phone: Phone, facts: Facts, runtime: Runtime, clock: FixedClock, role: str, kind: str
) -> None:
    await end_authority(runtime, role, date(2026, 11, 20))
    clock.move(timedelta(hours=14))
    phone.who = await sign_in(phone.api, runtime)
    await phone.start(GROUP)
    proved = await phone.prove(kind)
    assert proved.subjects[0].authority_to == date(2026, 11, 20)
    assert await facts.of_group() == HEARS[kind]
    clock.move(timedelta(minutes=20))  # past midnight at the service center, the caller still on the line
    seen = Call.model_validate((await phone.mine())["active"])
    assert (seen.subjects[0].facts, seen.subjects[0].acts) == ([], [])
    assert "ended on 2026-11-20" in seen.subjects[0].sentence
    assert await facts.of_group() == set()
    await phone.start(GROUP)
    subject = (await phone.caller(kind)).subjects[0]
    if role == "contract_signer":  # the administrator has no end, so somebody can still call as the client
        assert not await phone.says("contact_name", SIGNER)
        assert phone.seen is not None
        subject = phone.seen.subjects[0]
    assert "ended on 2026-11-20" in subject.sentence
    assert (subject.facts, subject.state == "verified") == ([], False)


@SQLITE
async def test_a_restricted_person_is_heard_of_by_nobody_else(
    phone: Phone, facts: Facts, family: dict[str, str], runtime: Runtime
) -> None:
    mrn = family["representative"]
    await phone.start(GROUP)
    await phone.prove("representative", mrn)
    assert await facts.of_person("representative")
    async with operator_unit(runtime) as unit:
        change = update(tables.member).where(tables.member.c.mrn == mrn).values(restricted=True)
        await unit.connection.execute(change)
    assert not await facts.of_person("representative")
    assert (await phone.mine())["active"]["subjects"][0]["facts"] == []
    await phone.start(GROUP)
    subject = (await phone.caller("representative", mrn=mrn)).subjects[0]
    assert (subject.state, subject.sentence) == (
        "no_authority",
        "This person asked that nobody else hears of their record, so I can say nothing.",
    )


@SQLITE
async def test_who_cannot_call_as_that(phone: Phone, family: dict[str, str]) -> None:
    call = await phone.start(GROUP)
    for kind, mrn in (
        ("client", family["subscriber"]), ("subscriber", ""), ("subscriber", family["dependent"]),
        ("dependent", family["subscriber"]), ("representative", ""),
    ):  # fmt: skip
        form = {"group_number": GROUP, "mrn": mrn, "kind": kind}
        answer = await phone.post(f"calls/{call.id}/caller", form)
        assert (answer.status_code, answer.json()["errors"][0]["field"]) == (422, "kind"), (kind, mrn)
    minor = await phone.caller("dependent", mrn=family["representative"])
    assert (minor.subjects[0].state, minor.subjects[0].sentence[:12]) == ("no_authority", "For a minor ")
    nobody = await phone.caller("representative", mrn=family["dependent"])
    assert "no document on file" in nobody.subjects[0].sentence
    for form in ({"group_number": OTHER_GROUP, "mrn": family["subscriber"]}, {"group_number": "NONE"}):
        answer = await phone.post(f"calls/{call.id}/caller", {**form, "kind": "subscriber"})
        assert answer.status_code == 404


@SQLITE
async def test_another_part_or_another_group_begins_anew(phone: Phone, facts: Facts) -> None:
    await phone.start(GROUP)
    await phone.prove("client")
    await phone.caller("client")  # the same again changes nothing
    assert await facts.of_group() == OF_A_CLIENT
    other = await phone.caller("client", group_number=OTHER_GROUP)
    assert [(one.group_number, one.state) for one in other.subjects] == [
        (OTHER_GROUP, "identifying"),
        (GROUP, "verified"),
    ]
    assert await facts.of_group(OTHER_GROUP) == set()
    assert not await phone.says("group_number", GROUP, group_number=OTHER_GROUP)
    await phone.caller("broker")
    assert await facts.of_group() == set()


# -- one answer ------------------------------------------------------------------------------------


@SQLITE
@pytest.mark.parametrize(
    ("item", "answer", "matched"),
    [
        ("invoice_amount", "$12,345.00", True),
        ("invoice_amount", "12345.01", False),
        ("payment_date", "Nov 3 2026", True),
        ("payment_date", "11/4/2026", False),
        ("tax_id", "1834", True),
        ("tax_id", "942771834", False),
        ("billing_address", "12 nowhere st 95814", True),
        ("billing_address", "12 nowhere st", False),
        ("contact_name", "Barnaby Inkwell", True),
        ("contact_name", "Sable Brokers", False),
        ("contact_name", "Petronella Vane", False),
        ("group_number", "g100", True),
        ("group_number", OTHER_GROUP, False),
    ],
)
async def test_each_item_is_compared_with_what_is_on_record(
    phone: Phone, item: str, answer: str, matched: bool
) -> None:
    await phone.start()
    await phone.caller("client")
    assert await phone.says(item, answer) is matched
    assert phone.seen is not None
    assert (phone.seen.misses, phone.seen.subjects[0].matched) == (int(not matched), int(matched))


@SQLITE
async def test_what_is_not_on_record_not_asked_or_matched_already(
    phone: Phone, family: dict[str, str], runtime: Runtime
) -> None:
    call = await phone.start()
    assert (await phone.say("group_number", GROUP)).json()["detail"] == "Say first as what they call."
    asked = await phone.caller("client")
    assert asked.subjects[0].ask == [
        "group_number", "contact_name", "billing_address", "invoice_amount", "payment_date", "tax_id",
    ]  # fmt: skip
    assert (await phone.say("broker_number", BROKER_NUMBER)).status_code == 422
    assert (await phone.say("tax_id", "   ")).status_code == 422
    assert await phone.says("tax_id", "1834")
    assert (await phone.say("tax_id", "1834")).json()["detail"] == "This is matched already."
    assert (await phone.caller("client", group_number=OTHER_GROUP)).subjects[0].ask == [
        "group_number", "contact_name", "billing_address", "tax_id",
    ]  # fmt: skip
    missing = await phone.say("invoice_amount", "1", group_number=OTHER_GROUP)
    assert (missing.status_code, missing.json()["detail"]) == (
        409,
        "This is not on record; ask something else.",
    )
    assert (await phone.mine())["active"]["misses"] == 0
    await phone.done("park")
    assert (await phone.say("group_number", GROUP)).json()[
        "detail"
    ] == f"{call.id} is not on the line; F9 takes it."
    assert (
        await phone.post("calls/C-1/verify", {"group_number": GROUP, "item": "tax_id", "answer": "1"})
    ).status_code == 404


async def test_the_call_back_is_to_the_number_on_record_and_steps_up(phone: Phone) -> None:
    call = await phone.start(GROUP)
    await phone.caller("client")
    ask = f"calls/{call.id}/number-on-record"
    early = await phone.post(ask, {"group_number": GROUP})
    assert (early.status_code, SIGNER_PHONE in early.text) == (409, False)
    assert await phone.says("group_number", GROUP)
    assert await phone.says("contact_name", SIGNER)
    unseen = await phone.say("call_back")
    assert unseen.json()["detail"] == "Look up the number on record first, and call that one."
    number = (await phone.post(ask, {"group_number": GROUP})).json()
    assert (number["name"], number["phone"]) == (SIGNER, SIGNER_PHONE)
    assert await phone.says("call_back")
    assert phone.seen is not None
    subject = phone.seen.subjects[0]
    # The address of record is still to be said, before a letter with a code goes there again.
    assert (subject.state, subject.stepped_up, subject.ask) == ("verified", True, ["billing_address"])
    assert await phone.says("billing_address", PROVES["client"]["billing_address"])


@SQLITE
async def test_a_verified_caller_is_still_offered_the_call_back(phone: Phone) -> None:
    await phone.start(GROUP)
    subject = (await phone.prove("client")).subjects[0]
    assert (subject.ask, subject.stepped_up) == (["call_back"], False)


# -- guessing --------------------------------------------------------------------------------------


async def fail(phone: Phone) -> None:
    await phone.start(GROUP)
    await phone.caller("client")
    for _ in range(3):
        assert not await phone.says("tax_id", "0000")
    await phone.done("wrap-up", code="VERIFY-FAIL")


async def test_two_failed_calls_on_a_group_are_an_alert_for_a_day(
    phone: Phone, api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    chen = await open_phone(api, runtime, "r.chen")
    await fail(phone)
    assert (await phone.get(f"accounts/{GROUP}")).json()["open_items"] == []
    await fail(chen)
    await phone.start()
    warned = await phone.caller("client")
    assert [one.what for one in warned.done] == ["two failed verifications in 24 hours"]
    items = (await phone.get(f"accounts/{GROUP}")).json()["open_items"]
    assert [(one["kind"], one["state"]) for one in items] == [
        ("calls", "2 failed verifications in 24 h, be careful")
    ]
    async with runtime.database.read() as connection:
        alerts = (
            await connection.execute(
                select(tables.audit_row).where(tables.audit_row.c.action == "call.alert")
            )
        ).all()
        told = (await connection.execute(select(tables.event).where(tables.event.c.kind == "account"))).all()
    assert [(row.subject, row.details) for row in alerts] == [(GROUP, '{"failed_calls": 2}')]
    assert GROUP in {row.subject for row in told}
    clock.move(timedelta(hours=24))
    later = Phone(api, await sign_in(api, runtime))
    assert (await later.get(f"accounts/{GROUP}")).json()["open_items"] == []


@SQLITE
async def test_guessing_ends_for_a_rep_and_a_group_however_many_calls_are_begun(
    phone: Phone, api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    for _ in range(3):
        await fail(phone)
    await phone.start()
    await phone.caller("client")
    refused = await phone.say("tax_id", "1834")
    assert (refused.status_code, refused.json()["detail"]) == (
        403,
        "Too many answers about this group did not match today; a lead goes on.",
    )
    await phone.caller("client", group_number=OTHER_GROUP)
    assert await phone.says("tax_id", "1834", group_number=OTHER_GROUP)
    chen = await open_phone(api, runtime, "r.chen")
    await chen.start()
    await chen.prove("client")
    clock.move(timedelta(hours=25))
    tomorrow = await open_phone(api, runtime)
    await tomorrow.start()
    await tomorrow.prove("client")


# -- what is kept ----------------------------------------------------------------------------------

CANARIES = {
    "group_number": "G-100-ZQXV1",
    "contact_name": "Zqxvaria Zqxvonne",
    "billing_address": "12 Zqxv Street 95814",
    "invoice_amount": "77,123,451.19",
    "payment_date": "Dec 31 2199",
    "tax_id": "zq91",
}
TYPED_RIGHT = {
    "contact_name": "quillFEATHER, ottoLINE",
    "billing_address": "12 nowHERE street 95814",
    "tax_id": "18 34",
}


async def everything_stored(runtime: Runtime) -> AsyncIterator[tuple[str, str]]:
    metadata: MetaData = tables.metadata
    async with runtime.database.read() as connection:
        for table in metadata.sorted_tables:
            assert isinstance(table, Table)
            for row in await connection.execute(select(table)):
                yield table.name, "|".join(str(value) for value in row)


async def test_no_answer_of_a_caller_is_kept_anywhere(
    phone: Phone, runtime: Runtime, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    said: list[str] = []
    for chunk in (list(CANARIES)[:3], list(CANARIES)[3:]):
        await phone.start(GROUP)
        await phone.caller("client")
        for item in chunk:
            answer = await phone.say(item, CANARIES[item])
            assert answer.json()["matched"] is False, item
            said.append(answer.text)
    await phone.start(OTHER_GROUP)
    await phone.caller("client", group_number=OTHER_GROUP)
    for item, answer_text in TYPED_RIGHT.items():
        assert await phone.says(item, answer_text, group_number=OTHER_GROUP), item
    said += [
        (await phone.say("group_number", "z" * 201)).text,
        (await phone.say("tax_id", CANARIES["tax_id"])).text,
    ]
    stored = [one async for one in everything_stored(runtime)]
    kept = {name for name, _ in stored}
    assert {"call", "call_subject", "call_act", "audit_row", "idempotency", "event"} <= kept
    printed = "".join(capsys.readouterr()) + caplog.text
    for typed in (*CANARIES.values(), *TYPED_RIGHT.values(), "z" * 50):
        found = [name for name, row in stored if typed.casefold() in row.casefold()]
        assert found == [], typed
        assert typed.casefold() not in printed.casefold()
        assert not [one for one in said if typed.casefold() in one.casefold()]
    bodies = [row for name, row in stored if name == "idempotency"]
    assert bodies


async def test_a_repeated_answer_is_compared_once(phone: Phone) -> None:
    call = await phone.start(GROUP)
    await phone.caller("client")
    form = {"group_number": GROUP, "item": "tax_id", "answer": "0000"}
    headers = {**phone.who, **key()}
    first = await phone.api.post(f"/v1/calls/{call.id}/verify", json=form, headers=headers)
    again = await phone.api.post(f"/v1/calls/{call.id}/verify", json=form, headers=headers)
    other = await phone.api.post(
        f"/v1/calls/{call.id}/verify", json={**form, "answer": "1834"}, headers=headers
    )
    assert (first.status_code, again.json(), other.status_code) == (200, first.json(), 422)
    assert other.json()["type"] == "urn:kprep:problem:idempotency-key-reused"
    assert (await phone.mine())["active"]["misses"] == 1


@SQLITE
async def test_two_reps_on_two_calls_prove_each_for_themselves(
    phone: Phone, facts: Facts, api: httpx.AsyncClient, runtime: Runtime
) -> None:
    chen = await open_phone(api, runtime, "r.chen")
    await phone.start(GROUP)
    await chen.start(GROUP)
    await phone.prove("client")
    assert (await phone.get(f"accounts/{GROUP}/billing")).status_code == 200
    assert (await chen.get(f"accounts/{GROUP}/billing")).status_code == 403
    assert (await chen.mine())["active"]["subjects"] == []


@SQLITE
async def test_a_refused_read_is_on_record(phone: Phone, runtime: Runtime) -> None:
    call = await phone.start(GROUP)
    await phone.get(f"accounts/{GROUP}/billing")
    await phone.get("call-backs")
    async with runtime.database.read() as connection:
        table = tables.audit_row
        found = await connection.execute(
            select(table).where(table.c.action == "call.locked").order_by(table.c.id)
        )
        rows: list[Any] = list(found.all())
    assert [(row.subject, row.context) for row in rows] == [(GROUP, call.id), (call.id, call.id)]
