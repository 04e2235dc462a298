"""Invented groups, and a backend that keeps them in memory."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from api_client.errors import NotFound, Trouble
from api_client.types.accounts import Account, AccountRow, Contact, Filing, MemberRow, OpenItem
from api_client.types.billing_words import BillingCycle, BillPreference, DelinquencyState
from api_client.types.call_words import Fact, FoundKind, LookReason
from api_client.types.common import Address, Page
from api_client.types.search import Found, FoundAll
from api_client.types.user_ids import UserIdRow
from api_client.types.words import CobraAdmin, ContactRole, FilingMethod, GroupState, Urgency
from backend.calls import rules
from tests.screens.desk import NOW

PAGE = 100


def account(number: str = "104233", **changes: Any) -> Account:
    """A group whose coverage is ending, unless changed; a change names a field of the section it stands in.

    `locked` takes sections away, as the backend does from a caller who may not hear them.
    """
    locked = set(changes.pop("locked", rules.NOBODY))
    whole: dict[str, Any] = {
        "number": number,
        "version": 1,
        "name": "SALEM PARTS LLC",
        "bill_phone": "800-555-0148",
        "bill_hours": "Mon-Fri 8-5 PT",
        "medicare_sentence": "Medicare: refer to the group representative. D. PARK 800-555-0162 x4412",
        "locked": [fact for fact in Fact if fact in locked],
        "last_call": "11-18 R.Chen BILL-PTP",
    }
    sections: dict[str, tuple[Fact, dict[str, Any]]] = {
        "about": (Fact.GROUP, _ABOUT),
        "premium": (Fact.BILLING, _PREMIUM),
        "cobra": (Fact.COBRA, _COBRA),
    }
    for name, (fact, standard) in sections.items():
        own = {key: changes.pop(key) for key in tuple(changes) if key in standard}
        whole[name] = None if fact in locked else standard | own
    heard = {
        "last_letter": (Fact.LETTERS, "L-00877 termination letter, mailed 2026-11-16"),
        "user_id": (Fact.USER_IDS, "U-00871 first ID, arrives by 12-03"),
        "members_enrolled": (Fact.MEMBERS, 42),
    }
    whole |= {name: None if fact in locked else value for name, (fact, value) in heard.items()}
    if not {Fact.QUEUE, Fact.USER_IDS} & locked:
        whole["open_items"] = [item(), item("U-00871", kind="user ID", state="arrives by 12-03", due_at=None)]
    return Account(**whole | changes)


_ABOUT: dict[str, Any] = {
    "state": GroupState.ACTIVE,
    "size_class": "20+",
    "effective_from": date(2019, 1, 1),
    "ended_on": None,
    "address": Address(street="2200 HARBOR BLVD", city="OAKLAND", state="CA", zip="94606"),
    "filing_method": FilingMethod.EDI,
    "filing": Filing(sentence="Files of Acme TPA are taken and applied."),
    "contacts": [],
}
_COBRA: dict[str, Any] = {
    "admin": CobraAdmin.CLIENT,
    "sentence": "You manage your own COBRA members, so you can enroll them online.",
}
_PREMIUM: dict[str, Any] = {
    "cycle": BillingCycle.C1,
    "next_cycle": None,
    "next_cycle_from": None,
    "bill_preference": BillPreference.PAPER,
    "delinquency": DelinquencyState.TERM_PENDING,
    "days_past_due": 19,
    "open_premium": Decimal("20000.00"),
    "keep_coverage_amount": Decimal("10000.00"),
    "keep_coverage_by": date(2026, 12, 1),
    "coverage_ends_on": date(2026, 12, 1),
    "say": "Ten thousand dollars must reach us by December 1 to keep your coverage.",
    "last_payment": "10,000.00 received 2026-10-19, check 5521",
    "promise": "",
}


def paid(number: str = "104871", **changes: Any) -> Account:
    """A group that has paid; the next bill is not due yet."""
    return account(
        number,
        **{
            "name": "OAK DENTAL",
            "delinquency": DelinquencyState.CURRENT,
            "days_past_due": 0,
            "open_premium": Decimal("1234.50"),
            "keep_coverage_amount": Decimal(0),
            "keep_coverage_by": None,
            "coverage_ends_on": None,
            "say": "Your account is current.",
            "open_items": [],
        }
        | changes,
    )


def contact(**changes: Any) -> Contact:
    """The contract signer, unless changed."""
    standard: dict[str, Any] = {
        "role": ContactRole.CONTRACT_SIGNER,
        "name": "R. HALE",
        "valid_from": date(2024, 7, 1),
        "valid_to": date(2027, 6, 30),
    }
    return Contact(**standard | changes)


_ABOUT["contacts"] = [
    contact(),
    contact(role=ContactRole.BROKER, name="T. QUILLON", phone="800-555-0190", extension="7"),
]


def item(number: str = "M-20418", **changes: Any) -> OpenItem:
    """A match item due in 11 minutes, unless changed."""
    standard: dict[str, Any] = {
        "id": number,
        "kind": "match",
        "state": "queued",
        "due_at": NOW + timedelta(minutes=11),
        "urgency": Urgency.RED,
    }
    return OpenItem(**standard | changes)


def member(mrn: int = 88120441, **changes: Any) -> MemberRow:
    """A subscriber, unless changed."""
    standard: dict[str, Any] = {
        "mrn": str(mrn),
        "name": "J*** S*****",
        "relationship": "subscriber",
        "born": "1984-**-**",
        "coverage_from": date(2019, 1, 1),
        "coverage_to": None,
    }
    return MemberRow(**standard | changes)


def row(one: Account) -> AccountRow:
    """The account as the list has it."""
    assert one.about is not None
    assert one.premium is not None
    return AccountRow(
        number=one.number,
        name=one.name,
        city=one.about.address.city,
        state=one.about.state,
        delinquency=one.premium.delinquency,
        coverage_end_if_unpaid=one.premium.coverage_ends_on,
    )


class FakeAccounts:
    """Answers as the backend would and notes what was asked."""

    def __init__(self, *accounts: Account, members: list[MemberRow] | None = None) -> None:
        self.known = {one.number: one for one in accounts}
        self.enrolled = members or []
        self.asked: list[str] = []
        self.failure: Exception | None = None
        self.open = asyncio.Event()
        self.open.set()

    @property
    def accounts(self) -> FakeAccounts:
        return self

    @property
    def search(self) -> FakeAccounts:
        return self

    @property
    def user_ids(self) -> FakeUserIds:
        return FakeUserIds(self.asked)

    @property
    def billing(self) -> FakeBilling:
        return FakeBilling(self.asked)

    async def find(self, text: str, *, reason: LookReason | None = None, limit: int = 20) -> FoundAll:
        """The search: groups by the beginning of number or name."""
        await self._answer(" ".join(filter(None, ("find", text, reason))))
        begins = text.casefold()
        found = [
            Found(kind=FoundKind.GROUP, id=one.number, label=one.name, matched=["group number"],
                  group_number=one.number)
            for one in self.known.values()
            if one.number.casefold().startswith(begins) or one.name.casefold().startswith(begins)
        ]  # fmt: skip
        sentence = "" if found else "Less of it may find more."
        return FoundAll(results=found[:limit], more=len(found) > limit, sentence=sentence)

    async def show(self, number: str) -> Account:
        await self._answer(f"show {number}")
        if number not in self.known:
            raise NotFound(Trouble(f"There is no group {number}.", "K-00000001"))
        return self.known[number]

    async def members(self, number: str, *, cursor: str | None = None) -> Page[MemberRow]:
        await self._answer(f"members {number} {cursor or ''}".strip())
        if number not in self.known:
            raise NotFound(Trouble(f"There is no group {number}.", "K-00000001"))
        at = int(cursor or 0)
        following = str(at + PAGE) if at + PAGE < len(self.enrolled) else None
        return Page[MemberRow](rows=self.enrolled[at : at + PAGE], next=following)

    def put(self, one: Account) -> None:
        """It changed, or it is new."""
        self.known[one.number] = one

    async def _answer(self, asked: str) -> None:
        self.asked.append(asked)
        await self.open.wait()
        if self.failure is not None:
            raise self.failure


class FakeUserIds:
    """No request waits."""

    def __init__(self, asked: list[str]) -> None:
        self.asked = asked

    async def list(
        self, view: str = "open", *, group: str | None = None, cursor: str | None = None
    ) -> Page[UserIdRow]:
        self.asked.append(f"user IDs {view} of {group}")
        return Page[UserIdRow](rows=[])


class FakeBilling:
    """Notes whose bill is asked for, and has none."""

    def __init__(self, asked: list[str]) -> None:
        self.asked = asked

    async def show(self, number: str) -> object:
        self.asked.append(f"billing of {number}")
        raise NotFound(Trouble(f"There is no group {number}."))
