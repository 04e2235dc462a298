"""Find anything: what each text finds, what it says of people, and what it never does."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date, timedelta
from typing import Any

import httpx
import pytest
from sqlalchemy import insert, select, update

from api_client.types.call_words import FoundKind
from api_client.types.search import Found, FoundAll, FoundLines
from api_client.types.words import Role
from backend.accounts import members, store
from backend.accounts.members import Person
from backend.actors import operator
from backend.database import tables
from backend.log import set_up_log
from backend.runtime import Runtime
from backend.search import index, index_store
from backend.search.lines import find_lines, in_words
from tests.api.test_session import problem
from tests.conftest import SQLITE, FixedClock
from tests.csv_files import group, member, take_groups, take_members
from tests.desk import create_rep, operator_unit, service_headers, sign_in
from tests.enrollments import add_user_id
from tests.unit.search.hostile import HOSTILE

CASE = "case"
GROUPS = (
    group("104233", "Salem Parts LLC", aliases="acme-edi=QB-77", ein="94-1234567", city="Salem",
          bill_phone="800-555-0148", broker="Ada Rook", broker_phone="(510) 555-0190"),
    group("104239", "Salem Cycles", city="Fresno"),
    group("G-200", "Quillon & Sons, Inc."),
    group("H-300", "4Corners Diner", ended_on="2026-06-30"),
    group("H-301", "Überwald Bakery"),
    group("H-302", "North Valley Orchard Supply"),
)  # fmt: skip
PEOPLE = (
    member("900001", "Quillfeather", first_name="Ottoline", group_number="104233", ssn="900-01-4471",
           phone="(916) 555-0143", date_of_birth="1980-02-29"),
    member("900002", "O'Brien", first_name="Róisín", group_number="104239", ssn="900-01-4472",
           date_of_birth="1975-12-01"),
    member("900003", "García-López", first_name="María Guadalupe", group_number="104239", ssn="900-01-4473",
           date_of_birth="1990-07-04", phone="+1 510.555.0177"),
    member("900004", "De La Cruz", first_name="José Luis", group_number="104239", ssn="",
           date_of_birth="1990-07-04"),
    member("900005", "Smith", first_name="Robert", group_number="104239", ssn="900-01-4475",
           date_of_birth="1966-01-17"),
    member("900006", "Smithers", first_name="Waylon", group_number="104239", ssn="",
           date_of_birth="1961-05-05"),
    member("AB-7", "Inkwell", first_name="Barnaby", group_number="", ssn="", date_of_birth=""),
)  # fmt: skip


@pytest.fixture
async def rep(api: httpx.AsyncClient, runtime: Runtime) -> httpx.AsyncClient:
    """A signed-in rep, groups and people on record."""
    api.headers.update(await sign_in(api, runtime))
    assert not (await take_groups(runtime, *GROUPS)).refused
    assert not (await take_members(runtime, *PEOPLE)).refused
    return api


async def asked(api: httpx.AsyncClient, text: str, reason: str | None = CASE, limit: int = 20) -> FoundAll:
    answer = await api.post("/v1/search", json={"text": text, "reason": reason, "limit": limit})
    assert answer.status_code == 200, answer.text
    return FoundAll.model_validate(answer.json())


async def first(api: httpx.AsyncClient, text: str) -> Found:
    found = await asked(api, text)
    assert found.results, text
    return found.results[0]


async def audited(runtime: Runtime, action: str) -> list[Any]:
    rows = tables.audit_row
    async with runtime.database.read() as connection:
        query = select(rows).where(rows.c.action == action).order_by(rows.c.id)
        return list((await connection.execute(query)).all())


# -- what is found -----------------------------------------------------------------------------------

FINDS_GROUP = [
    ("104233", "104233", "group number"),
    (" 104233 ", "104233", "group number"),
    ("10423", "104233", "group number"),
    ("g-200", "G-200", "group number"),
    ("QB-77", "104233", "a partner's number"),
    ("qb-77", "104233", "a partner's number"),
    ("94-1234567", "104233", "tax ID"),
    ("941234567", "104233", "tax ID"),
    ("EIN 94-1234567", "104233", "tax ID"),
    ("800-555-0148", "104233", "bill phone"),
    ("+1 (800) 555-0148", "104233", "bill phone"),
    ("1.510.555.0190 x12", "104233", "phone of a contact"),
    ("salem parts llc", "104233", "name"),
    ("Salem P", "104233", "name"),
    ("parts", "104233", "name"),
    ("parts sal", "104233", "name"),
    ("sons quillon", "G-200", "name"),
    ("4corners", "H-300", "name"),
    ("uberwald", "H-301", "name"),
    ("Überwald", "H-301", "name"),
    ("supply north", "H-302", "name"),
    ("orchrad", "H-302", "name, nearly"),
    ("Salme Parts", "104233", "name, nearly"),
]
FINDS_PERSON = [
    ("quillfeather", "900001", ["last name"]),
    ("Quillf", "900001", ["last name"]),
    ("ottoline quillfeather", "900001", ["last name", "first name"]),
    ("Quillfeather Ottoline", "900001", ["last name", "first name"]),
    ("QUILLFEATHER, OTTO", "900001", ["last name", "first name"]),
    ("ottoline", "900001", ["first name"]),
    ("Quilfeather", "900001", ["last name, nearly"]),
    ("Quillfaether", "900001", ["last name, nearly"]),
    ("Otoline Quillfeather", "900001", ["last name", "first name, nearly"]),
    ("obrien", "900002", ["last name"]),
    ("O'Brien", "900002", ["last name"]),
    ("o brien", "900002", ["last name"]),
    ("roisin o'brien", "900002", ["last name", "first name"]),
    ("garcia lopez", "900003", ["last name"]),
    ("lopez", "900003", ["last name"]),
    ("García", "900003", ["last name"]),
    ("garcialopez", "900003", ["last name"]),
    ("maria lopez", "900003", ["last name", "first name"]),
    ("lopez guadalupe", "900003", ["last name", "first name"]),
    ("maria garcia-lopez", "900003", ["last name", "first name"]),
    ("de la cruz", "900004", ["last name"]),
    ("cruz", "900004", ["last name"]),
    ("delacruz jose", "900004", ["last name", "first name"]),
    ("luis cruz", "900004", ["last name", "first name"]),
    ("bob smith", "900005", ["last name", "nickname"]),
    ("Smith Jr", "900005", ["last name"]),
    ("smith 1966-01-17", "900005", ["last name", "birth date"]),
    ("1/17/1966 smith", "900005", ["last name", "birth date"]),
    ("01171966 smyth", "900005", ["last name, nearly", "birth date"]),
    ("robert 1/17/66", "900005", ["first name", "birth date"]),
    ("smith 4475", "900005", ["last name", "SSN last four"]),
    ("xxx-xx-4475 smith", "900005", ["last name", "SSN last four"]),
    ("1966-01-17 4475", "900005", ["birth date", "SSN last four"]),
    ("916-555-0143", "900001", ["phone"]),
    ("9165550143", "900001", ["phone"]),
    ("(510) 555 0177", "900003", ["phone"]),
    ("900003", "900003", ["member number"]),
    ("MRN 900003", "900003", ["member number"]),
    ("ab-7", "AB-7", ["member number"]),
]


async def test_groups_are_found_by_all_they_are_known_by(rep: httpx.AsyncClient) -> None:
    for text, number, matched in FINDS_GROUP:
        one = next(one for one in (await asked(rep, text, None)).results if one.kind is FoundKind.GROUP)
        assert (one.id, one.matched, one.group_number) == (number, [matched], number), text


async def test_people_are_found_by_all_they_are_known_by_and_stay_masked(rep: httpx.AsyncClient) -> None:
    for text, mrn, matched in FINDS_PERSON:
        people = [one for one in (await asked(rep, text)).results if one.kind is FoundKind.MEMBER]
        assert people, text
        assert (people[0].id, people[0].matched) == (mrn, matched), text
        shown = f"{people[0].label} {people[0].detail}"
        assert "***" in people[0].label
        for word in ("uillfeather", "Brien", "arc", "ruz", "mith", "ttoline", "0143", "-02-29", "4471"):
            assert word not in shown, text


@SQLITE
@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("4475", "add a name or a birth date"),
        ("900-01-4475", "add a name or a birth date"),
        ("ssn 4475", "add a name or a birth date"),
        ("1966-01-17", "together with a name"),
        ("Zyxwv Nobody", "another spelling"),
    ],
)
async def test_nobody_is_found_by_less_and_it_is_said_why(
    rep: httpx.AsyncClient, text: str, says: str
) -> None:
    found = await asked(rep, text)
    assert found.results == []
    assert says in found.sentence


async def test_another_birth_date_or_end_of_ssn_finds_nobody_of_that_name(rep: httpx.AsyncClient) -> None:
    assert (await asked(rep, "smith 1966-01-18")).results == []
    assert (await asked(rep, "smith 4474")).results == []


@SQLITE
async def test_the_best_comes_first(rep: httpx.AsyncClient) -> None:
    assert [one.id for one in (await asked(rep, "smith")).results] == ["900005", "900006"]
    assert [one.id for one in (await asked(rep, "salem")).results] == ["104233", "104239"]
    found = await asked(rep, "10423", limit=1)
    assert ([one.id for one in found.results], found.more) == (["104233"], True)


@SQLITE
async def test_a_detail_says_where_somebody_belongs_and_how_a_group_stands(rep: httpx.AsyncClient) -> None:
    person = await first(rep, "smith robert")
    assert (person.label, person.detail) == ("R*** S*****", "104239 Salem Cycles, born 1966-**-**")
    assert (person.group_number, (await first(rep, "ab-7")).detail) == ("104239", "in no group")
    assert (await first(rep, "h-300")).detail == "Sacramento, terminated"


@SQLITE
async def test_a_user_id_says_only_whose_it_is(rep: httpx.AsyncClient, runtime: Runtime) -> None:
    async with runtime.database.read() as connection:
        row = await store.account_by_number(connection, "104233")
    assert row is not None
    await add_user_id(runtime, row.id, "Clerk.Salem")
    found = await first(rep, "clerk.salem")
    assert found.model_dump() == {
        "kind": "user_id", "id": "104233", "label": "Salem Parts LLC", "detail": "a user ID of this group",
        "matched": ["user ID"], "group_number": "104233",
    }  # fmt: skip
    await add_user_id(runtime, row.id, "BAKO-TENU-47", state="ended")
    for typed in ("bako-tenu-47", "Bako Tenu 47"):  # as it stands on the letter, and as it is said
        assert (await first(rep, typed)).kind is FoundKind.USER_ID
    await add_user_id(runtime, row.id, "ZEDO-MANU-22", state="withdrawn")
    for typed in ("clerk.sale", "zedo-manu-22", "bako tenu 4", "bako tenu 48"):
        found_kinds = {one.kind for one in (await asked(rep, typed)).results}
        assert FoundKind.USER_ID not in found_kinds, typed


# -- people change -----------------------------------------------------------------------------------


async def _member(runtime: Runtime, mrn: str) -> Any:
    async with runtime.database.read() as connection:
        query = select(tables.member).where(tables.member.c.mrn == mrn)
        return (await connection.execute(query)).first()


async def test_who_changed_the_name_is_found_by_both(rep: httpx.AsyncClient, runtime: Runtime) -> None:
    row = await _member(runtime, "900001")
    async with operator_unit(runtime) as unit:
        await members.change_member(unit, row.id, {"last_name": "Von Tarnow"})
    assert (await first(rep, "tarnow")).matched == ["last name"]
    earlier = await first(rep, "quillfeather")
    assert (earlier.id, earlier.matched) == ("900001", ["earlier name"])
    async with runtime.database.read() as connection:
        assert (await connection.execute(select(tables.member_name.c.member_id))).all()


async def test_who_is_taken_out_is_found_no_more(rep: httpx.AsyncClient, runtime: Runtime) -> None:
    async with operator_unit(runtime) as unit:
        person = Person(last_name="Pennyroyal Sedge", first_name="Ivo Tam", phone="510-555-0133")
        key = await members.create_member(unit, person, mrn="777")
        await members.change_member(unit, key, {"last_name": "Marsh Sedge"})
    assert [one.id for one in (await asked(rep, "sedge tam")).results] == ["777"]
    async with operator_unit(runtime) as unit:
        await members.remove_member(unit, key)
    for text in ("sedge tam", "pennyroyal", "510-555-0133", "marsh sedge"):
        assert (await asked(rep, text)).results == [], text
    names = tables.member_name
    async with runtime.database.read() as connection:
        assert (await connection.execute(select(names).where(names.c.member_id == key))).all() == []


@SQLITE
async def test_a_group_that_was_renamed_is_found_by_its_new_words(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    await take_groups(runtime, group("H-302", "Dale Orchard"))
    assert (await asked(rep, "valley orchard", None)).results == []
    assert (await first(rep, "orchard dal")).id == "H-302"


async def test_the_words_of_an_older_store_are_made_when_it_is_opened(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    row = await _member(runtime, "900001")
    async with operator_unit(runtime) as unit:
        await members.change_member(unit, row.id, {"last_name": "Von Tarnow"})
    before = await _tables(runtime)
    async with operator_unit(runtime) as unit:
        await index_store.begin_again(unit.connection)
        await unit.connection.execute(update(tables.member).values(phone_key=""))
        await index_store.set_version_of_words(unit.connection, "0")
    assert (await asked(rep, "lopez")).results == []
    await index.ensure_current(runtime)
    assert await _tables(runtime) == before
    await index.ensure_current(runtime)
    assert len(await audited(runtime, "search.build_words")) == 1


async def _tables(runtime: Runtime) -> list[set[tuple[object, ...]]]:
    phones = select(tables.member.c.mrn, tables.member.c.phone_key)
    async with runtime.database.read() as connection:
        return [
            {tuple(row) for row in (await connection.execute(query)).all()}
            for query in (
                select(tables.member_name), select(tables.near_word), select(tables.account_word), phones,
            )
        ]  # fmt: skip


# -- who may look for people -------------------------------------------------------------------------


@SQLITE
async def test_without_call_case_and_reason_only_groups_and_items_are_found(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    for text in ("quillfeather", "510-555-0177", "900001", "smith 4475"):
        found = await asked(rep, text, None)
        assert (found.results, found.people_need_reason) == ([], True), text
        assert "say why" in found.sentence or "SSN" in found.sentence
    assert (await asked(rep, "104233", None)).results[0].id == "104233"
    rows = await audited(runtime, "search.find")
    assert all('"people": false' in row.details for row in rows)


async def _hold_a_case(runtime: Runtime, until: timedelta) -> None:
    """The rep has this case in hand."""
    async with operator_unit(runtime) as unit:
        rep_id = select(tables.rep.c.id).where(tables.rep.c.username == "m.lopez").scalar_subquery()
        enrollment = {
            "receipt": "R-000031", "channel": "online", "type": "add", "group_number": "104233",
            "received_at": unit.now, "submitted_by": "x", "outcome": "queued", "why": "two alike",
            "subscriber_number": "1", "relationship": "18", "last_name": "Quillfeather",
            "first_name": "Otis", "sex": "U", "coverages": [],
            "account_id": select(tables.account.c.id).where(tables.account.c.number == "104233")
            .scalar_subquery(),
        }  # fmt: skip
        made = insert(tables.enrollment).values(**enrollment).returning(tables.enrollment.c.id)
        key = (await unit.connection.execute(made)).scalar_one()
        item = {
            "number": "M-00017", "enrollment_id": key, "account_id": enrollment["account_id"],
            "state": "in_review", "submitted_at": unit.now, "due_at": unit.now + timedelta(hours=9),
            "why": "two alike", "warnings": [], "lease_token": "t", "lease_rep_id": rep_id,
            "lease_until": unit.now + until,
        }  # fmt: skip
        await unit.connection.execute(insert(tables.match_item).values(**item))


@SQLITE
async def test_a_case_in_hand_is_reason_enough_and_names_itself(
    rep: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    await _hold_a_case(runtime, timedelta(minutes=15))
    assert (await asked(rep, "smith", None)).results[0].id == "900005"
    assert (await audited(runtime, "search.find"))[-1].context == "M-00017"
    clock.move(timedelta(minutes=16))
    assert (await asked(rep, "smith", None)).people_need_reason


async def test_items_are_found_by_number_and_say_how_they_stand(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    await _hold_a_case(runtime, timedelta(minutes=15))
    receipt = await first(rep, "r-31")
    assert (receipt.kind, receipt.id, receipt.label) == (FoundKind.ENROLLMENT, "R-000031", "O*** Q*****")
    assert receipt.detail == "104233 Salem Parts LLC, queued, M-00017, due 11-20 18:41"
    item = await first(rep, "M-17")
    assert (item.kind, item.id, item.label) == (FoundKind.MATCH_ITEM, "M-00017", "O*** Q*****")
    assert item.detail == "104233 Salem Parts LLC, in review, due 11-20 18:41"
    for outcome, says in (("applied", "applied"), ("refused", "refused: two alike")):
        async with operator_unit(runtime) as unit:
            await unit.connection.execute(update(tables.enrollment).values(outcome=outcome))
        assert (await first(rep, "R-000031")).detail == f"104233 Salem Parts LLC, {says}"


async def test_every_other_kind_of_item_is_found_too(rep: httpx.AsyncClient, runtime: Runtime) -> None:
    async with operator_unit(runtime) as unit:
        account = await store.account_by_number(unit.connection, "104233")
        who = (await unit.connection.execute(select(tables.member).limit(1))).one()
        assert account is not None
        now, key = unit.now, {"account_id": account.id}
        call = (
            await unit.connection.execute(
                insert(tables.call)
                .values(number="C-00012", state="closed", started_at=now, wrap_up="PRIVACY")
                .returning(tables.call.c.id)
            )
        ).scalar_one()
        rows: list[tuple[Any, dict[str, Any]]] = [
            (tables.letter, key | {"number": "L-00877", "kind": "L2", "created_on": date(2026, 11, 2)}),
            (tables.enrollment_file, {"number": "F-00003", "name": "x", "channel": "edi", "sender": "ZZ/A",
             "receiver": "", "control_number": "", "usage": "", "kind": "", "received_by": "",
             "held_why": "", "sha256": "x", "received_at": now, "state": "applied", "report": {}}),
            (tables.card_job, key | {"number": "CD-00009", "member_id": who.id, "state": "printed",
             "cause": "new", "addressee": "x", "requested_by": "x", "requested_at": now, "print_from": now}),
            (tables.user_id_request, key | {"number": "U-00871", "kind": "first", "state": "verifying",
             "faxed_at": now, "fax_reference": "x", "administrator": "x", "administrator_is": "x",
             "registered_by": "x", "mail_by": date(2026, 11, 24)}),
            (tables.call_back, key | {"number": "B-00004", "who": "x", "reason": "x", "due_from": now,
             "due_to": now, "state": "open", "made_at": now}),
            (tables.call_subject, key | {"call_id": call, "kind": "client", "state": "none", "at": now}),
        ]  # fmt: skip
        for table, values in rows:
            await unit.connection.execute(insert(table).values(**values))
    wanted = {
        "L-877": (FoundKind.LETTER, "letter L2", "104233 Salem Parts LLC, written 2026-11-02"),
        "f-3": (FoundKind.FILE, "enrollment file", "ZZ/A applied"),
        "CD-9": (FoundKind.CARD, "card of O*** Q*****", "104233 Salem Parts LLC, printed"),
        "u-00871": (FoundKind.USER_ID_REQUEST, "user-ID request",
                    "104233 Salem Parts LLC, verifying, mail by 2026-11-24"),
        "B-4": (FoundKind.CALL_BACK, "call-back", "104233 Salem Parts LLC, open, due 11-20 09:41"),
        "c 12": (FoundKind.CALL, "call", "104233 Salem Parts LLC, 2026-11-20 09:41 PRIVACY"),
    }  # fmt: skip
    for text, says in wanted.items():
        found = (await asked(rep, text, None)).results[0]
        assert (found.kind, found.label, found.detail) == says, text
    await _on_the_line(runtime)
    for text, (_, label, _detail) in wanted.items():
        found = (await asked(rep, text, None)).results[0]
        assert (found.label, found.detail) == (label, found.group_number and "104233 Salem Parts LLC"), text


async def _on_the_line(runtime: Runtime, **proved: object) -> None:
    """A caller is on the rep's line; `proved` is a row of what they proved of group 104233."""
    async with operator_unit(runtime) as unit:
        rep_id = (await unit.connection.execute(select(tables.rep.c.id))).scalars().first()
        call = insert(tables.call).values(number="C-7", rep_id=rep_id, state="active", started_at=unit.now)
        key = (await unit.connection.execute(call.returning(tables.call.c.id))).scalar_one()
        if proved:
            account = await store.account_by_number(unit.connection, "104233")
            assert account is not None
            values = {"call_id": key, "account_id": account.id, "at": unit.now} | proved
            await unit.connection.execute(insert(tables.call_subject).values(**values))


@SQLITE
async def test_in_a_call_people_are_found_without_a_reason_and_no_answer_is_on_the_screen(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    await _on_the_line(runtime)
    person = (await asked(rep, "robert smith", None)).results[0]
    assert (person.id, person.label, person.detail) == ("900005", "R*** S*****", "104239 Salem Cycles")
    one = (await asked(rep, "104233", None)).results[0]
    assert (one.label, one.detail) == ("Salem Parts LLC", "")
    assert (await audited(runtime, "search.find"))[-1].context == "C-7"


@SQLITE
async def test_a_verified_client_opens_the_detail_of_the_own_group_alone(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    await _on_the_line(runtime, kind="client", state="verified")
    found = {one.id: one.detail for one in (await asked(rep, "salem", None)).results}
    assert found == {"104233": "Salem, active", "104239": ""}


@SQLITE
async def test_only_reps_and_operators_search(api: httpx.AsyncClient, runtime: Runtime) -> None:
    assert (await api.post("/v1/search", json={"text": "a"})).status_code == 401
    answer = await api.post("/v1/search", json={"text": "a"}, headers=service_headers(runtime))
    assert (answer.status_code, problem(answer)) == (403, "not-allowed")


# -- how much ----------------------------------------------------------------------------------------


@SQLITE
async def test_looking_people_up_with_a_reason_alone_has_a_limit(
    rep: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    most = runtime.policy.search.people_searches_an_hour
    for end in range(3, len("quillfeather") + 1):  # typed letter by letter: one search
        await asked(rep, "quillfeather"[:end])
    for number in range(most - 1):
        await asked(rep, f"nobody {'abcdefghij'[number % 10]}{'klmnopqrst'[number // 10]}")
    answer = await rep.post("/v1/search", json={"text": "smith", "reason": CASE})
    assert (answer.status_code, problem(answer)) == (409, "rule-refuses")
    assert "goes on at 10:41" in answer.json()["detail"]
    (row,) = await audited(runtime, "search.limit")
    assert (row.actor, row.context) == ("m.lopez", "")
    assert (await asked(rep, "104233", None)).results  # groups go on
    others = await sign_in(rep, runtime, "k.ono")
    assert (await rep.post("/v1/search", json={"text": "smith", "reason": CASE}, headers=others)).is_success
    clock.move(timedelta(minutes=61))
    rep.headers.update(await sign_in(rep, runtime))
    assert (await asked(rep, "smith")).results


async def test_the_people_shown_have_a_limit_and_in_calls_and_cases_a_higher_one(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    await asked(rep, "smith")
    await asked(rep, "smit")  # shorter is another search
    counts = select(tables.search_count.c.searches, tables.search_count.c.results)
    async with runtime.database.read() as connection:
        assert (await connection.execute(counts)).all() == [(2, 4)]
    async with operator_unit(runtime) as unit:
        top = runtime.policy.search.people_found_an_hour
        await unit.connection.execute(update(tables.search_count).values(results=top))
    answer = await rep.post("/v1/search", json={"text": "lopez", "reason": CASE})
    assert answer.status_code == 409
    await _on_the_line(runtime)
    assert (await asked(rep, "smith")).results


# -- odd and hostile ---------------------------------------------------------------------------------


@pytest.fixture
def logged() -> Iterator[io.StringIO]:
    """What the backend writes to its log."""
    stream = io.StringIO()
    set_up_log(stream)
    yield stream
    set_up_log()


@SQLITE
async def test_what_was_looked_for_stands_in_no_address_log_or_audit_row(
    rep: httpx.AsyncClient, runtime: Runtime, logged: io.StringIO
) -> None:
    answer = await rep.post("/v1/search", json={"text": "Quillfeather", "reason": "review"})
    assert (answer.request.url.path, answer.request.url.query) == ("/v1/search", b"")
    assert "search.find" in logged.getvalue()
    assert "quillfeather" not in logged.getvalue().casefold()
    (row,) = await audited(runtime, "search.find")
    assert (row.actor, row.context) == ("m.lopez", "reason:review")
    assert "quillfeather" not in str(row).casefold()
    assert '"kind": "name+number"' in row.details


async def test_no_text_brings_it_down_and_nobody_stands_there_unmasked(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    await create_rep(runtime, "m.lopez", Role.REP)
    async with operator_unit(runtime) as unit:
        await unit.connection.execute(insert(tables.call).values(
            number="C-8", state="active", started_at=unit.now,
            rep_id=select(tables.rep.c.id).where(tables.rep.c.username == "m.lopez").scalar_subquery(),
        ))  # fmt: skip
    assert len(HOSTILE) >= 200
    for text in HOSTILE:
        answer = await rep.post("/v1/search", json={"text": text, "limit": 50})
        assert answer.status_code in (200, 422), repr(text)
        for one in answer.json().get("results", ()):
            if one["kind"] == "member":
                assert one["label"].count("***") >= 1, repr(text)
                assert len(one["label"]) <= 11, repr(text)


# -- the operator's way ------------------------------------------------------------------------------


@SQLITE
async def test_an_operator_asks_line_by_line(rep: httpx.AsyncClient, runtime: Runtime) -> None:
    lines = [
        b"\xef\xbb\xbf104233\r", "Róisín O'Brien".encode(), b"", b"  ", b"\xff\xfe", b"x" * 81,
        b"y" * 200_000, "a\u202eb".encode(), b"a\x00b", b"4475", b"smith 4475",
    ]  # fmt: skip
    source = io.BytesIO(b"\n".join(lines))
    steps = [
        one async for one in find_lines(runtime, operator("tester"), source, request_id="TEST-FIND-ABCD")
    ]
    report = steps[-1]
    assert isinstance(report, FoundLines)
    assert [one.line for one in report.answers] == list(range(1, len(lines) + 1))
    assert [one.results[0].id for one in report.answers if one.results] == ["104233", "900002", "900005"]
    assert [one.error for one in report.answers] == [
        "", "", "The line is empty.", "The line is empty.", "The line is not UTF-8.",
        *["The line is longer than 80 characters."] * 2,
        *["The line has characters that cannot be shown: control, direction or invisible ones."] * 2, "", "",
    ]  # fmt: skip
    words = [line for one in report.answers for line in in_words(one.model_dump())]
    assert (
        "  member 900005  R*** S*****  104239 Salem Cycles, born 1966-**-**  (last name, SSN last four)"
        in words
    )
    rows = await audited(runtime, "search.find")
    assert {(row.actor_kind, row.actor) for row in rows} == {("operator", "tester")}
