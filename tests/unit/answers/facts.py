"""Facts as the rules of answers get them, about an invented group on Friday 2026-11-20, 09:41."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from api_client.types.accounts import Contact, Filing, OpenItem
from api_client.types.billing_words import BillingCycle, BillPreference, DelinquencyState
from api_client.types.user_id_words import UserIdRequestKind, UserIdRequestState
from api_client.types.words import CobraAdmin, ContactRole, FilingMethod, Urgency
from backend.accounts.rules import cobra_online, size_class
from backend.answers.facts import Administrator, Bill, Cobra, Facts, Group, Known, Plan, Request, UserIds
from backend.answers.rules import RULES
from backend.answers.said import Said
from backend.user_ids.say import Standing

TODAY = date(2026, 11, 20)
NOW = datetime(2026, 11, 20, 17, 41, tzinfo=UTC).astimezone(ZoneInfo("America/Los_Angeles"))
PLAN = Plan("California Service Center", "800-555-0100", "48 hours", 7, 30)
REPRESENTATIVE = Contact(role=ContactRole.GROUP_REPRESENTATIVE, name="Petronella Vane", phone="916-555-0143")
ADMINISTRATOR = Contact(role=ContactRole.TPA, name="Thistle Admin", phone="415-555-0199", extension="7")
D = date.fromisoformat


def known(**changes: Any) -> Known:
    """What anybody hears of the group."""
    values: dict[str, Any] = {"number": "G-100", "bill_phone": "800-555-0148", "bill_hours": "Mon-Fri 8-5 PT"}
    return Known(**{"representative": REPRESENTATIVE, **values, **changes})


def facts(**changes: Any) -> Facts:
    """The group, with only the parts that are given."""
    return Facts(**{"today": TODAY, "now": NOW, "plan": PLAN, "known": known(), **changes})


def cobra(
    employees: int | None, admin: str, whom: Contact | None = None, *, ended_on: date | None = None
) -> Cobra:
    """COBRA of a group, decided by the rule of accounts."""
    size = size_class(employees)
    return Cobra(size, CobraAdmin(admin), cobra_online(size, CobraAdmin(admin)), whom, ended_on)


def group(**changes: Any) -> Group:
    """A group of 30 that files online."""
    filing = Filing(
        sentence="To begin with electronic files, call the California Service Center, 800-555-0100."
    )
    values: dict[str, Any] = {
        "employees": 30,
        "ended_on": None,
        "method": FilingMethod.ONLINE,
        "filing": filing,
        "people": [],
    }
    return Group(**{**values, **changes})


def bill(**changes: Any) -> Bill:
    """A bill that is paid."""
    none = Decimal(0)
    values: dict[str, Any] = {
        "state": DelinquencyState.CURRENT,
        "say": "Your account is current, and nothing is due.",
        "keep_amount": none,
        "keep_by": None,
        "coverage_end": None,
        "end_if_unpaid": None,
        "grace_from": None,
        "balance": none,
        "open_premium": none,
        "not_due_yet": none,
        "fees": none,
        "credit": none,
        "next_letter": "",
        "last_payment": "nothing received yet",
        "preference": BillPreference.PAPER,
        "cycle": BillingCycle.C1,
    }
    return Bill(**values | changes)


def grace(**changes: Any) -> Bill:
    """November unpaid: 10,000.00 keeps coverage until December 1; December is billed too."""
    values: dict[str, Any] = {
        "state": DelinquencyState.TERM_PENDING,
        "say": "Ten thousand dollars must reach us by December 1 to keep your coverage.",
        "keep_amount": Decimal("10000.00"),
        "keep_by": D("2026-12-01"),
        "end_if_unpaid": D("2026-12-01"),
        "grace_from": D("2026-11-02"),
        "balance": Decimal("20025.00"),
        "open_premium": Decimal("20000.00"),
        "not_due_yet": Decimal("10000.00"),
        "fees": Decimal("25.00"),
        "cycle_refused": "Premium is unpaid: the cycle stays, unless a lead allows one.",
    }
    return bill(**values | changes)


def user_ids(
    state: str = "",
    *,
    administrator: str = "none",
    kind: str = "first",
    managed: bool | None = None,
    further: int = 0,
    **changes: Any,
) -> UserIds:
    """A request in this state, faxed 11-09 and to arrive by 11-23; no state, no request.

    Somebody manages the IDs where the administrator ID is active, unless said otherwise.
    """
    values: dict[str, Any] = {"received_on": D("2026-11-09"), "arrive_by": D("2026-11-23")}
    newest = None
    if state:
        standing = Standing(UserIdRequestKind(kind), UserIdRequestState(state), **values | changes)
        newest = Request("U-00871", standing)
    there = Administrator(administrator)
    managed = there is Administrator.ACTIVE if managed is None else managed
    return UserIds(there, newest, managed, further)


def item(
    number: str = "M-20418", due: str | None = "2026-11-22T00:00:00Z", state: str = "queued"
) -> OpenItem:
    """A case of the queue, due Saturday at 16:00."""
    at = datetime.fromisoformat(due.replace("Z", "+00:00")) if due else None
    return OpenItem(id=number, kind="match", state=state, due_at=at, urgency=Urgency.CALM)


def said(rule: str, **parts: Any) -> Said:
    """What a rule says of these facts."""
    found = RULES[rule](facts(**parts))
    assert found is not None
    return found
