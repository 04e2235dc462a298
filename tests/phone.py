"""A rep with a telephone, and callers on the line who prove who they are."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from api_client.types.calls import Call
from backend.accounts import store
from backend.runtime import Runtime
from tests.callers import GROUP, PROVES
from tests.desk import if_match, key, operator_unit, sign_in
from tests.enrollments import GROUP as ENROLLING

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
PROVES_ENROLLING: dict[str, dict[str, str]] = {
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


class Phone:
    """The telephone of one rep."""

    def __init__(self, api: httpx.AsyncClient, who: Headers) -> None:
        self.api, self.who = api, who
        self.seen: Call | None = None

    async def post(self, path: str, json: object = None, **headers: str) -> httpx.Response:
        """Ask or do something as this rep."""
        return await self.api.post(f"/v1/{path}", json=json, headers={**self.who, **key(), **headers})

    async def get(self, path: str) -> httpx.Response:
        """Read something as this rep."""
        return await self.api.get(f"/v1/{path}", headers=self.who)

    async def mine(self) -> dict[str, Any]:
        """The rep's calls."""
        answer = await self.get("calls/mine")
        assert answer.status_code == 200, answer.text
        found: dict[str, Any] = answer.json()
        return found

    def _saw(self, answer: httpx.Response) -> Call:
        assert answer.status_code == 200, answer.text
        said = answer.json()
        self.seen = Call.model_validate(said.get("call", said))
        return self.seen

    async def start(self, group_number: str = "") -> Call:
        """A call begun by hand."""
        return self._saw(await self.post("calls", {"group_number": group_number}))

    async def act(self, act: str, call: Call | None = None, **form: object) -> httpx.Response:
        """Take, park, wrap up or hand over the call last seen, or another."""
        call = call or self.seen
        assert call is not None
        return await self.post(f"calls/{call.id}/{act}", form or None, **if_match(call.version))

    async def done(self, act: str, call: Call | None = None, **form: object) -> Call:
        """The same, and it must go well."""
        return self._saw(await self.act(act, call, **form))

    async def caller(self, kind: str, **whom: str) -> Call:
        """Say as what somebody calls."""
        assert self.seen is not None
        form = {"group_number": GROUP, **whom, "kind": kind}
        return self._saw(await self.post(f"calls/{self.seen.id}/caller", form))

    async def say(self, item: str, answer: str = "", **whom: str) -> httpx.Response:
        """One answer of the caller."""
        assert self.seen is not None
        form = {"group_number": GROUP, **whom, "item": item, "answer": answer}
        return await self.post(f"calls/{self.seen.id}/verify", form)

    async def says(self, item: str, answer: str = "", **whom: str) -> bool:
        """The same; whether it matched."""
        answered = await self.say(item, answer, **whom)
        self._saw(answered)
        return bool(answered.json()["matched"])

    async def prove(self, kind: str, mrn: str = "") -> Call:
        """Let a caller of this kind prove who they are."""
        if not mrn:
            return await self.proves(kind, PROVES[kind])
        return await self.proves(kind, PROVES[kind] | {"member_number": mrn}, mrn=mrn)

    async def proves(self, kind: str, answers: Mapping[str, str], **whom: str) -> Call:
        """Let a caller of this kind prove who they are by these answers."""
        await self.caller(kind, **whom)
        for item, answer in answers.items():
            assert await self.says(item, answer, **whom), item
        assert self.seen is not None
        assert self.seen.subjects[0].state == "verified", self.seen
        return self.seen

    async def reach(self, **whom: str) -> None:
        """Call the caller back at the number on record."""
        call = Call.model_validate((await self.mine())["active"])
        self.seen = call
        shown = await self.post(f"calls/{call.id}/number-on-record", {"group_number": GROUP, **whom})
        assert shown.status_code == 200, shown.text
        assert await self.says("call_back", **whom)
        assert self.seen.subjects[0].stepped_up, self.seen

    async def hang_up(self) -> None:
        """Wrap the call on the line up."""
        await self.done("wrap-up", Call.model_validate((await self.mine())["active"]), code="DROPPED")


async def open_phone(api: httpx.AsyncClient, runtime: Runtime, username: str = "m.lopez") -> Phone:
    """A rep with a telephone, signed in."""
    return Phone(api, await sign_in(api, runtime, username))


# -- groups and people of tests.enrollments --------------------------------------------------------


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
    group: str = ENROLLING,
    mrn: str = "",
    proves: bool = True,
    step_up: bool = False,
) -> str:
    """A call on the line of this rep by somebody of this kind; returns its number."""
    phone, whom = Phone(api, who), {"group_number": group, "mrn": mrn}
    call = await phone.start()
    if proves:
        items = ({} if mrn else {"group_number": group}) | PROVES_ENROLLING[kind]
        await phone.proves(kind, items, **whom)
    else:
        await phone.caller(kind, **whom)
    if step_up:
        await phone.reach(group_number=group)
    return call.id


async def called_back(api: httpx.AsyncClient, who: Headers) -> None:
    """Reach the caller on the line of this rep at the number on record."""
    await Phone(api, who).reach(group_number=ENROLLING)
