"""A caller on the line for tests: a call that was started, and what the caller proved in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from backend.accounts import store
from backend.runtime import Runtime
from tests.desk import key, operator_unit
from tests.enrollments import GROUP

Headers = Mapping[str, str]
SIGNER: Mapping[str, object] = {
    "role": "contract_signer",
    "name": "Ottoline Hale",
    "phone": "800-555-0181",
    "employee": True,
}
BROKER: Mapping[str, object] = {
    "role": "broker",
    "name": "Sable Brokers",
    "phone": "800-555-0182",
    "number": "B-771",
    "street": "9 MARKET ST",
    "city": "SAN FRANCISCO",
    "state_code": "CA",
    "zip": "94105",
}
TPA: Mapping[str, object] = {"role": "tpa", "name": "Timber COBRA Services", "phone": "800-555-0162"}
REPRESENTATIVE: Mapping[str, object] = {
    "role": "group_representative",
    "name": "Ines Falconley",
    "phone": "800-555-0171",
}
PROVES: dict[str, dict[str, str]] = {
    "client": {"contact_name": "Ottoline Hale", "billing_address": "1 Testing Way 94606"},
    "broker": {"broker_number": "B-771", "billing_address": "1 Testing Way 94606"},
    "tpa": {"contact_name": "Timber COBRA Services", "billing_address": "1 Testing Way 94606"},
    "subscriber": {
        "name": "Clara Pebblewick",
        "birth_date": "1980-03-14",
        "ssn_last4": "2222",
        "address": "5 Canal St 94606",
    },
}
"""What each kind of caller says, of a group of `add_group` and of Clara Pebblewick."""


async def on_record(runtime: Runtime, account_id: int, *people: Mapping[str, object]) -> None:
    """Contacts of a group; without any, all of them above."""
    rows = people or (SIGNER, BROKER, TPA, REPRESENTATIVE)
    every: dict[str, object] = {"extension": "", "phone": "", "number": "", "employee": False}
    every |= dict.fromkeys(("valid_from", "valid_to"))
    every |= dict.fromkeys(("street", "city", "state_code", "zip"), "")
    async with operator_unit(runtime) as unit:
        await store.replace_contacts(unit.connection, account_id, [every | dict(one) for one in rows])


async def call_of(
    api: httpx.AsyncClient,
    who: Headers,
    kind: str,
    *,
    group: str = GROUP,
    mrn: str = "",
    proves: bool = True,
    step_up: bool = False,
) -> str:
    """A call on the line of this rep by somebody of this kind; returns its number."""
    call = await _sent(api, who, "/v1/calls", {})
    path, whom = f"/v1/calls/{call['id']}", {"group_number": group, "mrn": mrn}
    await _sent(api, who, f"{path}/caller", {**whom, "kind": kind})
    if proves:
        items = ({} if mrn else {"group_number": group}) | PROVES[kind]
        for item, answer in items.items():
            done = await _sent(api, who, f"{path}/verify", {**whom, "item": item, "answer": answer})
            assert done["matched"], item
        assert done["call"]["subjects"][0]["state"] == "verified", done
    if step_up:
        await called_back(api, who, str(call["id"]), group=group)
    return str(call["id"])


async def called_back(api: httpx.AsyncClient, who: Headers, call: str, *, group: str = GROUP) -> None:
    """Reach the caller at the number on record."""
    path, whom = f"/v1/calls/{call}", {"group_number": group}
    seen = await api.post(f"{path}/number-on-record", json=whom, headers=dict(who))
    assert seen.status_code == 200, seen.text
    done = await _sent(api, who, f"{path}/verify", {**whom, "item": "call_back", "answer": ""})
    assert done["call"]["subjects"][0]["stepped_up"], done


async def _sent(api: httpx.AsyncClient, who: Headers, path: str, form: dict[str, Any]) -> Any:
    answer = await api.post(path, json=form, headers={**who, **key()})
    assert answer.status_code == 200, answer.text
    return answer.json()
