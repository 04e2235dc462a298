"""The six checks of a user-ID request, one thing wrong at a time. All people are invented."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from api_client.types.user_id_words import CheckResult, PersonIs, UserIdRequestKind
from api_client.types.words import GroupState
from backend.policy.policy import load_policy
from backend.postal import PostalAddress
from backend.user_ids.checks import AdministratorId, RequestFacts, checks, needs_lead

POLICY = load_policy().user_ids
K = UserIdRequestKind
HARBOR = PostalAddress("2200 Harbor Blvd", "Oakland", "CA", "94606")
NOWHERE = PostalAddress("", "", "", "")
IN_USE = AdministratorId("W-00012", "Perry Doewinkle")
BLOCKED = replace(IN_USE, suspended_by="security")
GOOD = RequestFacts(
    kind=K.FIRST,
    group_state=GroupState.ACTIVE,
    signer="Rosalind Halewater",
    signers_on_record=["ROSALIND HALEWATER"],
    administrator="Perry Doewinkle",
    administrator_is=PersonIs.EMPLOYEE,
    employees_on_record=["Perry Doewinkle"],
    brokers_on_record=["Juniper Brokerage"],
    tpas_on_record=["Thistle Benefits"],
    form_address=HARBOR,
    address_of_record=replace(HARBOR, street="2200 HARBOR BOULEVARD.", zip="94606-1234"),
    in_use=None,
    under_way="",
    address_changed_on=None,
    today=date(2026, 11, 20),
)
GROUP, SIGNER, PERSON = "group active", "signer on record", "administrator an employee or agent"
ADDRESS, ADMIN, MOVE = "address of record", "no active admin ID", "no move in 30 days"
RESET, REPLACED = "admin ID to reset", "admin ID to replace"


@pytest.mark.parametrize(
    "change",
    [
        {},
        {"administrator": "perry  doewinkle"},
        {"administrator": "juniper brokerage", "administrator_is": PersonIs.BROKER},
        {"administrator": "Thistle Benefits", "administrator_is": PersonIs.TPA},
        {"kind": K.RESET, "in_use": IN_USE},
        {"kind": K.RESET, "in_use": replace(IN_USE, person="")},
        {"kind": K.RESET, "in_use": replace(IN_USE, suspended_by="unused")},
        {"kind": K.REPLACE, "in_use": IN_USE},
        {"kind": K.REPLACE, "in_use": replace(BLOCKED, person="Somebody Else")},
        {"address_changed_on": date(2026, 10, 20)},
    ],
)
def test_a_good_form_passes_every_check_in_the_order_it_is_read(change: dict[str, Any]) -> None:
    found = checks(replace(GOOD, **change), POLICY)
    admin = {K.FIRST: ADMIN, K.RESET: RESET, K.REPLACE: REPLACED}[change.get("kind", K.FIRST)]
    assert [check.name for check in found] == [GROUP, SIGNER, PERSON, ADDRESS, admin, MOVE]
    assert {check.result for check in found} == {CheckResult.PASSED}
    assert needs_lead(found) is None


@pytest.mark.parametrize(
    ("change", "name", "what_to_do"),
    [
        ({"group_state": GroupState.TERMINATED}, GROUP, "ask about reinstatement"),
        ({"signer": " "}, SIGNER, "Call the group at the number on record"),
        ({"signer": "Somebody Else"}, SIGNER, "Ask for a form signed by a contract signer"),
        ({"signers_on_record": []}, SIGNER, "Ask for a form signed by a contract signer"),
        ({"administrator": ""}, PERSON, "Have a contract signer confirm it"),
        ({"administrator": "Juniper Brokerage"}, PERSON, "employees have no access and use the member site"),
        ({"administrator_is": PersonIs.BROKER}, PERSON, "Ask the client for it"),
        (
            {"administrator": "Juniper Brokerage", "administrator_is": PersonIs.TPA},
            PERSON,
            "Ask the client for it",
        ),
        ({"form_address": replace(HARBOR, zip="94607")}, ADDRESS, "Call the number on record"),
        ({"form_address": replace(HARBOR, street="2201 Harbor Blvd")}, ADDRESS, "Call the number on record"),
        ({"form_address": NOWHERE, "address_of_record": NOWHERE}, ADDRESS, "Call the number on record"),
        ({"in_use": IN_USE}, ADMIN, "Ask whether they need a reset or a replacement"),
        ({"in_use": BLOCKED}, ADMIN, "Ask whether they need a reset or a replacement"),
        ({"kind": K.RESET}, RESET, "Ask for a form for a first ID"),
        ({"kind": K.REPLACE}, REPLACED, "Ask for a form for a first ID"),
        ({"kind": K.RESET, "in_use": BLOCKED}, RESET, "W-00012 is blocked. A lead lets it go on first"),
        ({"kind": K.RESET, "in_use": replace(IN_USE, person="A. Other")}, RESET, "a form for a replacement"),
        ({"under_way": "U-00007"}, ADMIN, "U-00007 of this client is approved already. Wait"),
        ({"kind": K.RESET, "in_use": IN_USE, "under_way": "U-00007"}, RESET, "deny this one as a duplicate"),
    ],
)
def test_one_thing_wrong_fails_one_check_and_says_what_to_do(
    change: dict[str, Any], name: str, what_to_do: str
) -> None:
    found = checks(replace(GOOD, **change), POLICY)
    failed = [check for check in found if check.result is not CheckResult.PASSED]
    assert [(check.name, check.result) for check in failed] == [(name, CheckResult.FAILED)]
    assert what_to_do in failed[0].sentence
    assert failed[0].sentence.endswith(".")


@pytest.mark.parametrize("moved", [date(2026, 10, 21), date(2026, 11, 20)])
def test_a_recent_move_needs_a_lead(moved: date) -> None:
    found = checks(replace(GOOD, address_changed_on=moved), POLICY)
    lead = needs_lead(found)
    assert lead is found[-1]
    assert f"new since {moved}" in lead.sentence
    assert "a notice without ID and code goes to the old address" in lead.sentence
