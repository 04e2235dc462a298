"""Acts by phone: only for who proved the right to them in this call, said before, and on record after."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from api_client.types.call_words import CallerKind, PhoneAct
from api_client.types.user_id_words import Privilege
from api_client.types.words import CobraAdmin, Role, TransactionType
from backend.accounts import service as accounts
from backend.billing import bills
from backend.billing import service as billing
from backend.calls import rules
from backend.database import tables
from backend.enrollment.by_phone import ACTS
from backend.policy.access import ACCESS
from backend.runtime import Runtime
from tests.conftest import SQLITE, FixedClock
from tests.desk import key, operator_unit, sign_in
from tests.enrollments import GROUP, add_group, add_member, count, coverages_on_record
from tests.phone import call_of, called_back, on_record

NEW = {
    "type": "enroll",
    "subscriber_number": "N9",
    "last_name": "Quillfeather",
    "first_name": "Una",
    "birth_date": "1991-07-08",
    "ssn": "900118888",
    "street": "3 MILL LN",
    "city": "OAKLAND",
    "state": "CA",
    "zip": "94607",
    "coverage_from": "2026-12-01",
}
EVENT = {"cobra_event": "1", "cobra_event_on": "2026-11-01"}


class Phone:
    """A rep with the phone in the hand."""

    def __init__(self, api: httpx.AsyncClient, runtime: Runtime, me: dict[str, str]) -> None:
        self.api, self.runtime, self.me = api, runtime, me

    async def asks(self, path: str, **form: object) -> httpx.Response:
        """A request that changes nothing."""
        return await self.api.post(path, json=form, headers=self.me)

    async def does(self, path: str, **form: object) -> httpx.Response:
        return await self.api.post(path, json=form, headers={**self.me, **key()})

    async def effects(self, **form: object) -> Any:
        answer = await self.asks("/v1/enrollment/phone/effects", **_form(form))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def enrolls(self, **form: object) -> Any:
        answer = await self.does("/v1/enrollment/phone", **_form(form))
        assert answer.status_code == 200, answer.text
        return answer.json()

    async def options(self, mrn: str = "", group: str = GROUP) -> dict[str, Any]:
        answer = await self.asks("/v1/acts/options", group_number=group, mrn=mrn)
        assert answer.status_code == 200, answer.text
        return {one["act"]: one for one in answer.json()["options"]}

    async def done_in(self, call: str) -> list[tuple[str, str]]:
        """Acts on record of a call, without what was only read."""
        acts, calls = tables.call_act, tables.call
        query = select(acts.c.act, acts.c.subject).join(calls, calls.c.id == acts.c.call_id)
        async with self.runtime.database.read() as connection:
            rows = await connection.execute(query.where(calls.c.number == call).order_by(acts.c.id))
            known = {one.value for one in PhoneAct} | {"medicare"}
            return [(row.act, row.subject) for row in rows if row.act in known]

    async def context_of(self, action: str) -> list[str]:
        """Under which call something stands in the audit."""
        table = tables.audit_row
        async with self.runtime.database.read() as connection:
            rows = await connection.execute(select(table.c.context).where(table.c.action == action))
            return [row.context for row in rows]


def _form(form: Mapping[str, object]) -> dict[str, object]:
    return {"group_number": GROUP, "channel": "phone", **form}


@pytest.fixture
async def phone(api: httpx.AsyncClient, runtime: Runtime) -> Phone:
    return Phone(api, runtime, await sign_in(api, runtime))


async def _group(runtime: Runtime, **changes: Any) -> tuple[int, str]:
    """A group with its contacts, and Clara's member number."""
    account_id = await add_group(runtime, **changes)
    await on_record(runtime, account_id)
    return account_id, await add_member(runtime, account_id=account_id)


# -- the right to it -------------------------------------------------------------------------------


def _writes(mrn: str) -> list[tuple[str, str, dict[str, object]]]:
    """Every act by phone as it is sent: which act, where, and what."""
    group: dict[str, object] = {"group_number": GROUP}
    enroll = "/v1/enrollment/phone"
    return [
        ("change", enroll, _form({"type": "demographic", "mrn": mrn, "first_name": "Klara"})),
        ("terminate", enroll, _form({"type": "termination", "mrn": mrn, "coverage_to": "2026-11-30"})),
        ("enroll", enroll, _form(NEW)),
        ("add_dependent", enroll, _form({**NEW, "type": "add_dependent", "relationship": "19", "mrn": mrn})),
        ("reinstate", enroll, _form({"type": "reinstate", "mrn": mrn, "coverage_from": "2026-12-01"})),
        ("transfer", enroll, _form({"type": "transfer", "mrn": mrn, "coverage_from": "2026-12-01"})),
        ("cobra", enroll, _form({**NEW, **EVENT})),
        ("card", "/v1/cards/reprint", {**group, "mrn": mrn}),
        ("paper_bill", f"/v1/accounts/{GROUP}/paper-bill", {"on": False}),
        ("billing_cycle", f"/v1/accounts/{GROUP}/billing-cycle", {"cycle": "C3"}),
        ("promise", f"/v1/accounts/{GROUP}/promises", {"amount": "1.00", "pay_by": "2026-11-24"}),
        ("dispute", f"/v1/accounts/{GROUP}/disputes", {"invoice": "I-000001", "reason": "not ours"}),
        ("reinstate_group", f"/v1/accounts/{GROUP}/reinstatements", {}),
        ("request_form", "/v1/letters/send/request_form", group),
        ("cobra_packet", "/v1/letters/send/cobra_packet", {**group, "mrn": mrn}),
    ]


async def test_every_act_needs_a_call_with_the_authority_for_this_group(
    api: httpx.AsyncClient, runtime: Runtime, phone: Phone
) -> None:
    _, mrn = await _group(runtime)
    await on_record(runtime, await add_group(runtime, "900199"))
    before = await coverages_on_record(runtime)

    async def nothing_but(allowed: set[str]) -> None:
        for act, path, form in _writes(mrn):
            if act not in allowed:
                answer = await phone.does(path, **form)
                assert answer.status_code == 403, (act, answer.text)
                assert answer.json()["type"].endswith("not-verified"), act
        options = await phone.options(mrn)
        assert {act for act, one in options.items() if one["allowed"]} <= allowed | {
            "letter_copy",
            "call_back",
        }
        assert all(one["allowed"] or one["why_not"] for one in options.values())
        assert not any(one["will"] or one["choices"] for one in options.values() if not one["allowed"])

    await nothing_but(set())  # no caller
    await call_of(api, phone.me, "client", proves=False)
    await nothing_but(set())  # who says so only
    await call_of(api, phone.me, "client", group="900199")
    await nothing_but(set())  # of another group
    for kind, person, may in (
        ("broker", "", set()),
        ("tpa", "", set()),
        ("subscriber", mrn, {"card", "cobra_packet"}),
    ):
        await call_of(api, phone.me, kind, mrn=person)
        await nothing_but(may)
    assert await coverages_on_record(runtime) == before
    assert (await count(runtime, "enrollment"), await count(runtime, "card_job")) == (0, 0)
    assert await count(runtime, "letter") == 0
    assert len(await phone.context_of("call.locked")) > 50  # each refusal is on record


def test_who_may_have_what_done_is_the_table_of_callers() -> None:
    assert rules.done_for(CallerKind.CLIENT) == frozenset(PhoneAct)
    assert rules.done_for(CallerKind.PROVIDER) == rules.done_for(CallerKind.OTHER) == frozenset()
    money = {PhoneAct.PAPER_BILL, PhoneAct.BILLING_CYCLE, PhoneAct.TERMINATE, PhoneAct.ENROLL}
    money |= {PhoneAct.PROMISE, PhoneAct.DISPUTE, PhoneAct.REINSTATE_GROUP}
    for kind in set(CallerKind) - {CallerKind.CLIENT}:
        assert not rules.done_for(kind) & money


# -- R08: what can be done online can be done by phone ---------------------------------------------

NOT_BY_PHONE = {
    Privilege.USERS_MANAGE: "R10: the client creates its own further IDs; a rep explains",
    Privilege.BILLING_PAY: "money comes by transfer or check, never by phone",
    Privilege.REPORTS: "the rep reads the figures of the account and its bill",
}
BY_PHONE: dict[Privilege, set[str]] = {
    Privilege.MEMBERS_VIEW: {"accounts.members", "cards.person"},
    Privilege.MEMBERS_ENROLL: {"enroll", "reinstate", "add_dependent", "transfer"},
    Privilege.MEMBERS_TERMINATE: {"terminate"},
    Privilege.MEMBERS_DEMOGRAPHIC: {"change"},
    Privilege.IDCARD_ORDER: {"card"},
    Privilege.COBRA_MANAGE: {"cobra", "cobra_packet"},
    Privilege.BILLING_VIEW: {"billing.show", "paper_bill", "billing_cycle"},
    Privilege.DOCUMENTS_VIEW: {"letters.list", "letter_copy"},
    Privilege.SSN_REVEAL: {"accounts.reveal"},
}


def test_r08_every_online_function_has_a_way_by_phone() -> None:
    assert set(BY_PHONE) | set(NOT_BY_PHONE) == set(Privilege)
    assert not set(BY_PHONE) & set(NOT_BY_PHONE)
    ways = set().union(*BY_PHONE.values())
    assert ways <= {one.value for one in PhoneAct} | set(ACCESS)
    without = {"call_back", "request_form", "id_reissue", "promise", "dispute", "reinstate_group"}
    assert {one.value for one in PhoneAct} - ways == without  # no function online
    assert set(ACTS) == set(TransactionType)  # what is submitted online is submitted by phone
    for act in ACTS.values():
        assert act in rules.done_for(CallerKind.CLIENT)
    for online in ("enrollment.submit", "enrollment.effects"):
        assert online in ACCESS
    assert {"enrollment.phone", "enrollment.phone_effects", "acts.options"} <= set(ACCESS)


# -- enrollment ------------------------------------------------------------------------------------


async def test_what_is_said_before_is_what_is_done_and_it_stands_under_the_call(
    api: httpx.AsyncClient, runtime: Runtime, phone: Phone
) -> None:
    account_id, mrn = await _group(runtime)
    call = await call_of(api, phone.me, "client")
    child: dict[str, object] = {
        **NEW, "type": "add_dependent", "relationship": "19", "last_name": "Pebblewick", "first_name": "Milo",
        "birth_date": "2012-05-06", "ssn": None, "subscriber_number": "", "mrn": mrn,
    }  # fmt: skip
    ahead = await phone.effects(**child)
    assert ahead["effects"] == ["HMO coverage of 1 person is to begin on 2026-12-01."]
    assert await count(runtime, "enrollment") == 0
    added = await phone.enrolls(**child)
    assert (added["outcome"], added["effects"]) == ("applied", ahead["effects"])
    end: dict[str, object] = {"type": "termination", "mrn": mrn, "coverage_to": "2026-12-31"}
    ahead = await phone.effects(**end)
    assert ahead["effects"] == ["Coverage of 2 people ends on 2026-12-31: the subscriber and 1 dependent."]
    left = await phone.enrolls(**end)
    assert (left["outcome"], left["effects"]) == ("applied", ahead["effects"])
    back: dict[str, object] = {"type": "reinstate", "mrn": mrn, "coverage_from": "2027-01-01"}
    again = await phone.enrolls(**back)
    assert again["outcome"] == "applied", again  # by what is on record of her she is nobody else
    assert ("S1", date(2027, 1, 1), None) in await coverages_on_record(runtime)
    new = await phone.enrolls(**NEW)
    assert new["outcome"] == "applied"
    moved = await phone.enrolls(type="transfer", mrn=mrn, coverage_from="2027-02-01")
    receipts = [one["receipt"] for one in (added, left, again, new, moved)]
    acts = ["add_dependent", "terminate", "reinstate", "enroll", "transfer"]
    assert await phone.done_in(call) == list(zip(acts, receipts, strict=True))
    assert set(await phone.context_of("enrollment.submit")) == {call}
    table = tables.enrollment
    async with runtime.database.read() as connection:
        rows = (await connection.execute(select(table).order_by(table.c.id))).all()
    assert {(row.channel, row.submitted_by, row.web_user_id) for row in rows} == {("phone", "m.lopez", None)}
    assert [row.last_name for row in rows[1:3]] == ["Pebblewick"] * 2
    assert account_id == rows[0].account_id


async def test_the_same_key_is_one_act(api: httpx.AsyncClient, runtime: Runtime, phone: Phone) -> None:
    _, mrn = await _group(runtime)
    call = await call_of(api, phone.me, "client")
    form = _form({"type": "termination", "mrn": mrn, "coverage_to": "2026-12-31"})
    same = {**phone.me, **key()}
    first, again = [await api.post("/v1/enrollment/phone", json=form, headers=same) for _ in range(2)]
    assert first.json() == again.json()
    assert await count(runtime, "enrollment") == len(await phone.done_in(call)) == 1


@SQLITE
async def test_an_address_or_phone_of_somebody_on_record_needs_a_call_back_first(
    api: httpx.AsyncClient, runtime: Runtime, phone: Phone
) -> None:
    _, mrn = await _group(runtime)
    await call_of(api, phone.me, "client")
    home = {"street": "9 LAKE CT", "city": "OAKLAND", "state": "CA", "zip": "94606"}
    mail = {
        "mailing_street": "PO BOX 7",
        "mailing_city": "OAKLAND",
        "mailing_state": "CA",
        "mailing_zip": "94604",
    }
    back: dict[str, object] = {"type": "reinstate", "coverage_from": "2027-01-01"}
    hers: dict[str, object] = {**NEW, "last_name": "Pebblewick", "first_name": "Clara", "ssn": "900112222"}
    hers |= {"birth_date": "1980-03-14", "subscriber_number": "S1"}
    forms: list[dict[str, object]] = [
        {"type": "demographic", "mrn": mrn, **home},
        {"type": "demographic", "mrn": mrn, **mail},
        {"type": "demographic", "mrn": mrn, "phone": "800-555-0123"},
        {**back, "mrn": mrn, **home},
        {**hers, **home},  # an addition of who is enrolled is a change
    ]
    for form in forms:
        for path in ("/v1/enrollment/phone/effects", "/v1/enrollment/phone"):
            answer = await phone.does(path, **_form(form))
            assert answer.status_code == 403, form
            assert "needs a call-back to the number on record" in answer.json()["detail"]
    assert await count(runtime, "enrollment") == 0
    named = await phone.enrolls(type="demographic", mrn=mrn, first_name="Klara", **_as_is())
    assert (named["outcome"], named["why"]) == ("applied", "changed: first name")  # the same home is no move
    await called_back(api, phone.me)
    for form in forms[:3]:
        assert (await phone.enrolls(**form))["outcome"] == "applied"


def _as_is() -> dict[str, object]:
    return {"street": "5 CANAL ST", "city": "OAKLAND", "state": "CA", "zip": "94606"}


@SQLITE
async def test_r12_r13_refused_queued_and_referred_as_online(
    api: httpx.AsyncClient, runtime: Runtime, phone: Phone
) -> None:
    _, mrn = await _group(runtime)
    call = await call_of(api, phone.me, "client")
    late = await phone.enrolls(type="termination", mrn=mrn, coverage_to="2026-09-30")
    assert (late["outcome"], "the first day a termination may reach back to" in late["why"]) == (
        "refused",
        True,
    )
    early = {**NEW, "coverage_from": "2026-06-01"}
    assert "more than 60 days back" in (await phone.effects(**early))["why"]
    queued = await phone.enrolls(**early)
    assert (queued["outcome"], queued["item"]) == ("queued", "M-20001")
    medicare = await phone.enrolls(**{**NEW, "subscriber_number": "N8"}, medicare=True)
    assert medicare["outcome"] == "referred"
    assert medicare["contact"]["name"] == "Ines Falconley"
    assert await phone.done_in(call) == [("enroll", queued["receipt"]), ("medicare", medicare["receipt"])]
    for form, field in (
        ({"type": "termination", "coverage_to": "2026-12-31"}, "subscriber_number"),
        ({**NEW, "last_name": ""}, "last_name"),
        ({"type": "termination", "mrn": "1", "coverage_to": "2026-12-31"}, "mrn"),
        ({**NEW, "user_id": "CLERK-900100"}, "user_id"),
        ({**NEW, "channel": "online"}, "channel"),
    ):
        answer = await phone.does(
            "/v1/enrollment/phone", **{"group_number": GROUP, "channel": "phone", **form}
        )
        assert field in [one["field"] for one in answer.json()["errors"]], form


@SQLITE
@pytest.mark.parametrize(
    ("employees", "admin", "outcome", "words"),
    [
        (40, CobraAdmin.CLIENT, "refused", "cannot be done by phone, because the client manages its own"),
        (40, CobraAdmin.TPA, "referred", "by phone, because an administrator handles it for this group: "
         "call the administrator, Timber COBRA Services 800-555-0162"),
        (40, CobraAdmin.PLAN, "applied", ""),
        (12, CobraAdmin.PLAN, "applied", ""),
        (12, CobraAdmin.CLIENT, "applied", ""),
        (1, CobraAdmin.CLIENT, "referred", "by phone, because the size of the group is not known to us"),
    ],
)  # fmt: skip
async def test_r14_r15_cobra_by_phone_only_where_the_plan_administers_it(
    api: httpx.AsyncClient, runtime: Runtime, phone: Phone, employees: int, admin: CobraAdmin, outcome: str,
    words: str,
) -> None:  # fmt: skip
    _, mrn = await _group(runtime, employees=employees, cobra_admin=admin)
    call = await call_of(api, phone.me, "client")
    option = (await phone.options())["cobra"]
    assert (option["allowed"], words in option["why_not"]) == (outcome == "applied", True)
    packet = (await phone.options(mrn))["cobra_packet"]
    assert packet["allowed"] is (employees == 12)
    sent = await phone.does("/v1/letters/send/cobra_packet", group_number=GROUP, mrn=mrn)
    assert sent.status_code == (200 if employees == 12 else 409), sent.text
    receipt = await phone.enrolls(**NEW, **EVENT)
    assert receipt["outcome"] == outcome
    assert words in receipt["why"]
    assert "COBRA cannot be done by file" not in receipt["why"]
    assert ("cobra", receipt["receipt"]) in await phone.done_in(call) or outcome != "applied"
    incomplete = await phone.enrolls(**{**NEW, "subscriber_number": "N7"}, cobra_event="1")
    assert incomplete["outcome"] != "applied"


# -- how the client is billed ----------------------------------------------------------------------


async def test_r17_the_paper_bill_changes_by_the_clients_word_and_by_nothing_else(
    api: httpx.AsyncClient, runtime: Runtime, phone: Phone
) -> None:
    account_id, mrn = await _group(runtime)
    call = await call_of(api, phone.me, "client")

    async def preference() -> str:
        async with operator_unit(runtime) as unit:
            return str((await accounts.account_by_id(unit, account_id)).bill_preference)

    path = f"/v1/accounts/{GROUP}/paper-bill"
    said = (await phone.options())["paper_bill"]["choices"]
    assert [(one["value"], one["label"]) for one in said] == [("off", "paper bill off")]
    off = (await phone.does(path, on=False)).json()
    assert (off["sentence"], off["reference"]) == (said[0]["will"], call)
    assert await preference() == "paperless"
    assert (await phone.does(path, on=False)).json()[
        "sentence"
    ] == "The paper bill is off already; nothing changes."
    for act, where, form in _writes(mrn):  # nothing else touches it
        if act not in ("paper_bill", "change"):
            await phone.does(where, **form)
    assert await preference() == "paperless"
    await phone.does(path, on=True)
    assert await preference() == "both"
    done = [one for one in await phone.done_in(call) if one[0] == "paper_bill"]
    assert done == [("paper_bill", "off"), ("paper_bill", "on")]
    assert set(await phone.context_of("billing.paper_bill")) == {call}


async def _bill(runtime: Runtime, account_id: int, month: date) -> tuple[date, date]:
    """Bill a month; returns bill date and due date."""
    async with operator_unit(runtime) as unit:
        account = await accounts.account_by_id(unit, account_id)
        number = await bills.issue_invoice(unit, account, month, [("S1", Decimal(100))])
    table = tables.invoice
    async with runtime.database.read() as connection:
        row = (await connection.execute(select(table).where(table.c.number == number))).one()
    return row.bill_date, row.due_date


async def test_r23_another_cycle_begins_with_the_next_unbilled_month(
    api: httpx.AsyncClient, runtime: Runtime, phone: Phone, clock: FixedClock
) -> None:
    """The plan's own case: asked on November 12, December billed on the 10th."""
    clock.move(timedelta(days=-8))
    account_id, _ = await _group(runtime)
    december = await _bill(runtime, account_id, date(2026, 12, 1))
    call = await call_of(api, phone.me, "client")
    choices = {one["value"]: one["will"] for one in (await phone.options())["billing_cycle"]["choices"]}
    assert list(choices) == ["C2", "C3", "C4"]
    path = f"/v1/accounts/{GROUP}/billing-cycle"
    done = (await phone.does(path, cycle="C3")).json()
    assert done["sentence"] == choices["C3"]
    assert done["sentence"].startswith(
        "Cycle C3 begins with coverage of January 2027: billed December 19, due January 10, 2027."
    )
    premium = (await api.get(f"/v1/accounts/{GROUP}", headers=phone.me)).json()["premium"]
    assert (premium["cycle"], premium["next_cycle"], premium["next_cycle_from"]) == ("C1", "C3", "2027-01-01")
    assert december == (date(2026, 11, 10), date(2026, 12, 1))
    assert (await phone.does(path, cycle="C3")).json()[
        "sentence"
    ] == "It is cycle C3 already; nothing changes."
    assert (await phone.does(path, cycle="C1")).json()["sentence"] == "It stays at cycle C1."
    await phone.does(path, cycle="C3")
    assert await _bill(runtime, account_id, date(2027, 1, 1)) == (date(2026, 12, 19), date(2027, 1, 10))
    assert await _bill(runtime, account_id, date(2027, 2, 1)) == (date(2027, 1, 19), date(2027, 2, 10))
    async with operator_unit(runtime) as unit:
        row = await accounts.account_by_id(unit, account_id)
    assert (row.billing_cycle, row.next_cycle, row.next_cycle_from) == ("C3", "", None)
    assert [one for one in await phone.done_in(call) if one[0] == "billing_cycle"] == [
        ("billing_cycle", cycle) for cycle in ("C3", "C1")
    ]


@SQLITE
async def test_r23_whom_another_cycle_is_refused(
    api: httpx.AsyncClient, runtime: Runtime, phone: Phone, clock: FixedClock
) -> None:
    for number, changes in (
        ("900101", {"employees": 51}),
        ("900102", {"billing_policy": "EXCHANGE"}),
        ("900103", {"ended_on": date(2026, 10, 31)}),
    ):
        account_id = await add_group(runtime, number, **changes)
        await on_record(runtime, account_id)
        await call_of(api, phone.me, "client", group=number)
        option = (await phone.options(group=number))["billing_cycle"]
        answer = await phone.does(f"/v1/accounts/{number}/billing-cycle", cycle="C3")
        assert (answer.status_code, answer.json()["detail"]) == (409, option["why_not"])
    account_id, _ = await _group(runtime)
    await _bill(runtime, account_id, date(2026, 11, 1))  # due November 1, unpaid
    path = f"/v1/accounts/{GROUP}/billing-cycle"
    await call_of(api, phone.me, "client")
    refused = await phone.does(path, cycle="C3")
    assert (refused.status_code, "unless a lead allows" in refused.json()["detail"]) == (409, True)
    lead = Phone(api, runtime, await sign_in(api, runtime, "d.okafor", Role.LEAD))
    await call_of(api, lead.me, "client")
    assert (await lead.does(path, cycle="C0")).status_code == 422
    allowed = await lead.does(path, cycle="C3")
    assert allowed.status_code == 200, allowed.text
    async with operator_unit(runtime) as unit:
        row = await accounts.account_by_id(unit, account_id)
        status = await billing.status(unit, row)
    assert (row.billing_cycle, status.invoices[0].due_date) == ("C1", date(2026, 11, 1))  # what runs, runs on
