"""Answers of the FAQ for forty groups, for everybody, and for callers who proved more or less."""

from __future__ import annotations

import io
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from api_client.types.answers import AnswerRow, Article
from api_client.types.common import Page
from backend.answers.articles import articles
from backend.database import tables
from backend.log import set_up_log
from backend.runtime import Runtime
from tests.api.answered import (
    ARTICLES,
    CASES,
    QUEUED,
    SAY,
    SHORT,
    fax_forms,
    make_groups,
    queue_enrollments,
)
from tests.api.test_session import problem
from tests.conftest import SQLITE, FixedClock
from tests.csv_files import group, take_groups
from tests.desk import key, service_headers, sign_in


@pytest.fixture
async def rep(api: httpx.AsyncClient, runtime: Runtime) -> httpx.AsyncClient:
    """A signed-in rep; group G-100 is on record."""
    api.headers.update(await sign_in(api, runtime))
    await take_groups(
        runtime, group(bill_phone="800-555-0148", broker="Sable Brokers", broker_from="2026-01-01")
    )
    return api


async def find(api: httpx.AsyncClient, text: str = "", number: str = "") -> list[AnswerRow]:
    answer = await api.post("/v1/answers/find", json={"text": text, "group_number": number})
    assert answer.status_code == 200, answer.text
    return Page[AnswerRow].model_validate(answer.json()).rows


async def show(api: httpx.AsyncClient, name: str, number: str = "") -> Article:
    answer = await api.get(f"/v1/answers/{name}", params={"group": number} if number else {})
    assert answer.status_code == 200, answer.text
    return Article.model_validate(answer.json())


async def audited(runtime: Runtime, action: str) -> list[Any]:
    rows = tables.audit_row
    async with runtime.database.read() as connection:
        query = select(rows).where(rows.c.action == action).order_by(rows.c.id)
        return list((await connection.execute(query)).all())


# -- forty groups ------------------------------------------------------------------------------------


@SQLITE
async def test_forty_groups_are_answered_as_their_records_stand(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    await make_groups(api, runtime, clock)
    api.headers.update(await sign_in(api, runtime))
    await fax_forms(api, runtime)
    items = await queue_enrollments(api, runtime)
    assert len(CASES) == 40
    wrong = []
    for case in CASES:
        shorts = {row.id: row.short for row in await find(api, number=case.number)}
        for what, word in case.expected.items():
            if SHORT[what][word] not in shorts[ARTICLES[what]]:
                wrong.append(f"{case.no} {what} {word}: {shorts[ARTICLES[what]]}")
            if what in SAY:
                said = (await show(api, ARTICLES[what], case.number)).say
                if SAY[what][word] not in said:
                    wrong.append(f"{case.no} {what} {word}: {said}")
        medicare = shorts["medicare"]
        named = "Petronella Vane, 916-555-0143 x12" in medicare
        if named is not ("r" in case.people):
            wrong.append(f"{case.no} medicare: {medicare}")
        who = await show(api, "who-is-who", case.number)
        for letter, words in (("a", "account manager is Mortimer Gale"), ("b", "broker is Sable Brokers")):
            if (words in who.say) is not (letter in case.people):
                wrong.append(f"{case.no} who: {who.say}")
        if ("no longer, ended 2026-11-19" in " ".join(who.points)) is not ("x" in case.people):
            wrong.append(f"{case.no} who: {who.points}")
        waits = shorts["enrollment-waiting"]
        expected = "one case with us: by 11-22 09:41" if case.no in QUEUED else "nothing of this group waits"
        if waits != expected:
            wrong.append(f"{case.no} queue: {waits}")
    assert not wrong, "\n".join(wrong)
    waiting = await show(api, "enrollment-waiting", f"G-{QUEUED[0]}")
    assert waiting.because == [f"{items[QUEUED[0]]} queued, 11-22 09:41"]
    assert "It is done by Sunday, November 22, 09:41." in waiting.say
    await _letters_and_balances(api)
    await _nothing_that_nobody_hears(api)


async def _letters_and_balances(api: httpx.AsyncClient) -> None:
    """Sums and dates of unpaid premium, by hand."""
    late = await show(api, "late-letters", "G-01")
    assert late.say == (
        "We mailed the warning letter on November 2 and the termination letter on November 16. "
        "One thousand dollars must reach us by December 1 to keep your coverage."
    )
    assert late.because[:2] == [
        "L2 termination letter, mailed 2026-11-16, 1,000.00",
        "L1 warning letter, mailed 2026-11-02, 1,000.00",
    ]
    grace = await show(api, "late-letters", "G-05")
    assert grace.because[-1] == "next: L2 termination letter on 2026-11-30"  # 11-26 and 11-27 are closed
    assert "None has gone out yet." in (await show(api, "late-letters", "G-04")).say
    assert (await show(api, "balance", "G-07")).say == "The balance is five hundred dollars in your favor."
    assert (await show(api, "balance", "G-02")).because[0] == "1,000.00 billed and not due yet"
    again = await show(api, "reinstatement", "G-06")
    firm = await show(api, "cobra-online", "G-03")
    assert [(one.whom, one.phone) for one in firm.phones] == [
        ("COBRA administrator Thistle Admin", "415-555-0199")
    ]
    assert (await show(api, "cobra-online", "G-31")).phones == []  # on record, but the plan does it
    assert again.because[:2] == ["coverage ended 2026-10-31", "to be asked for by 2026-11-30"]
    assert "is there, and serves all your group numbers" in (await show(api, "online-begin", "G-03")).say
    assert "It is approved." in (await show(api, "online-begin", "G-05")).say


async def _nothing_that_nobody_hears(api: httpx.AsyncClient) -> None:
    """No ID of an administrator, no code and no day of mailing stands in any answer."""
    for number in ("G-03", "G-05", "G-09"):
        for name in ("user-id-letter", "online-begin", "more-user-ids", "administrator-id"):
            answer = await api.get(f"/v1/answers/{name}", params={"group": number})
            assert "ADMIN-" not in answer.text
            for mail_by in ("11-20", "11-30", "2026-11-30", "November 30"):  # 4 business days after the faxes
                day_of_fax = number == "G-09" and mail_by == "11-20"
                assert day_of_fax or mail_by not in answer.text


# -- for everybody -----------------------------------------------------------------------------------


async def test_every_question_is_listed_by_topic_and_answered_without_an_account(
    rep: httpx.AsyncClient,
) -> None:
    rows = await find(rep)
    assert [row.id for row in rows] == [one.id for one in articles()]
    for row in rows:
        one = await show(rep, row.id)
        assert (one.group_number, one.locked, one.because) == ("", False, [])
        assert (one.question, one.topic) == (row.question, row.topic)
        assert "{" not in one.model_dump_json().replace('{"', "").replace('":{', "")


@SQLITE
async def test_r19_an_employee_is_referred_with_exactly_six_items(rep: httpx.AsyncClient) -> None:
    for number in ("", "G-100"):
        one = await show(rep, "employees-access", number)
        assert len(one.points) == 6
        assert "kp.org" in one.say


@SQLITE
async def test_r11_the_menu_and_r08_the_number_on_the_bill_are_named(rep: httpx.AsyncClient) -> None:
    more = await show(rep, "more-user-ids", "G-100")
    assert "Account Access" in more.say
    assert more.menu_path == "Account services > Account Access"
    phone = await show(rep, "online-optional", "G-100")
    assert [(one.whom, one.phone) for one in phone.phones] == [
        ("membership number on the bill", "800-555-0148")
    ]
    medicare = await show(rep, "medicare", "G-100")
    assert [one.phone for one in medicare.phones] == ["916-555-0143 x12", "800-555-0100"]


@SQLITE
@pytest.mark.parametrize(
    ("text", "first"),
    [
        ("can't see my paper statement", "paper-bill"),
        ("kobra", "cobra-online"),
        ("employee wants login", "employees-access"),
    ],
)
async def test_questions_are_found_by_what_a_caller_says(
    rep: httpx.AsyncClient, text: str, first: str
) -> None:
    assert (await find(rep, text, "G-100"))[0].id == first
    assert await find(rep, "purple elephants dancing", "G-100") == []


@SQLITE
async def test_what_is_not_there_is_not_found(rep: httpx.AsyncClient) -> None:
    for answer in (
        await rep.get("/v1/answers/horoscope"),
        await rep.get("/v1/answers/medicare", params={"group": "G-999"}),
        await rep.post("/v1/answers/find", json={"text": "x", "group_number": "G-999"}),
    ):
        assert (answer.status_code, problem(answer)) == (404, "not-found")


async def test_what_was_typed_stands_in_no_address_log_or_audit_row_and_what_was_shown_is_on_record(
    rep: httpx.AsyncClient, runtime: Runtime
) -> None:
    stream = io.StringIO()
    set_up_log(stream)
    await find(rep, "Quillfeather asks for a card", "G-100")
    await show(rep, "paper-bill", "g-100")
    await show(rep, "paper-bill")
    set_up_log()
    assert "answers.find" in stream.getvalue()
    assert "quillfeather" not in stream.getvalue().casefold()
    (found,) = await audited(runtime, "answers.find")
    assert "quillfeather" not in str(found).casefold()
    assert "G-100" in found.details
    of_group, of_nobody = await audited(runtime, "answers.show")
    assert (of_group.actor, of_group.subject_kind, of_group.subject) == ("m.lopez", "account", "G-100")
    assert (of_nobody.subject_kind, of_nobody.subject) == ("answer", "paper-bill")


@SQLITE
async def test_only_a_signed_in_rep_is_answered(api: httpx.AsyncClient, runtime: Runtime) -> None:
    for headers, status in ({}, 401), (service_headers(runtime), 403):
        answer = await api.post("/v1/answers/find", json={}, headers=headers)
        assert answer.status_code == status


# -- a caller on the line ----------------------------------------------------------------------------

LOCKED = {one.id for one in articles() if one.needs}


async def call_as(api: httpx.AsyncClient, kind: str, *answers: tuple[str, str]) -> None:
    """A caller on the line who proves something of G-100."""
    call = (await api.post("/v1/calls", json={}, headers=key())).json()
    whom = {"group_number": "G-100"}
    at = f"/v1/calls/{call['id']}"
    said = await api.post(f"{at}/caller", json={**whom, "kind": kind}, headers=key())
    assert said.status_code == 200, said.text
    for item, words in answers:
        proof = {**whom, "item": item, "answer": words}
        answer = await api.post(f"{at}/verify", json=proof, headers=key())
        assert answer.status_code == 200, answer.text


async def locked_now(api: httpx.AsyncClient) -> set[str]:
    return {one.id for one in articles() if (await show(api, one.id, "G-100")).locked}


@SQLITE
async def test_a_caller_who_proved_nothing_hears_what_holds_for_everybody(rep: httpx.AsyncClient) -> None:
    shorts = {row.id: row.short for row in await find(rep)}
    await call_as(rep, "client")
    assert await locked_now(rep) == LOCKED
    heard = {row.id: row.short for row in await find(rep, number="G-100")}
    differing = {name for name in shorts if heard[name] != shorts[name]}
    assert differing == {
        "medicare",
        "online-optional",
    }  # the number on the bill and the representative are public
    for name in LOCKED:
        one = await show(rep, name, "G-100")
        assert one.because == []
        assert not any(word in one.model_dump_json() for word in ("Sable", "Ottoline", "C1"))


@SQLITE
async def test_a_verified_client_hears_all_of_it(rep: httpx.AsyncClient, runtime: Runtime) -> None:
    await call_as(
        rep,
        "client",
        ("group_number", "G-100"),
        ("contact_name", "Ottoline Quillfeather"),
        ("billing_address", "12 Nowhere Street, 95814"),
    )
    assert await locked_now(rep) == set()
    assert all(row.context.startswith("C-") for row in await audited(runtime, "answers.show"))
    mine = (await rep.get("/v1/calls/mine")).json()["active"]
    noted = {one["what"] for one in mine["done"]}
    assert noted >= {"Medicare referral", "electronic files", "billing", "COBRA", "user-ID requests"}


async def test_a_cobra_administrator_hears_of_cobra_alone(rep: httpx.AsyncClient, runtime: Runtime) -> None:
    await take_groups(runtime, group(cobra_admin="tpa", tpa="Thistle Admin"))
    await call_as(
        rep,
        "tpa",
        ("group_number", "G-100"),
        ("contact_name", "Thistle Admin"),
        ("billing_address", "12 Nowhere Street, 95814"),
    )
    assert await locked_now(rep) == LOCKED - {"cobra-online", "cobra-by-phone"}
