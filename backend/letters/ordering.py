"""What a letter says that somebody ordered: a copy repeats its letter, a form has the group filled in."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from backend.database.unit import Unit
from backend.letters import rules
from backend.letters.facts import (
    About,
    CobraFacts,
    CopyFacts,
    FactsError,
    LetterFacts,
    RequestFormFacts,
    plan_facts,
    read_facts,
)
from backend.postal import PostalAddress


@dataclass(frozen=True, repr=False)
class To:
    """Where a letter goes; never printed."""

    addressee: str
    address: PostalAddress
    company: str = ""
    """Below the name of a person who is written to at their company."""

    @property
    def lines(self) -> tuple[str, ...]:
        """What stands below the addressee."""
        return tuple(filter(None, (self.company, *rules.postal_lines(self.address))))

    @property
    def columns(self) -> dict[str, str]:
        """As it stands with the letter."""
        return {"addressee": self.addressee, **rules.postal_place(self.address)}


Says = Callable[[Unit, str, To], dict[str, Any] | None]
"""The facts of a letter of this number to this place, as stored; None while they are not known."""


def nothing_yet(_unit: Unit, _number: str, _to: To) -> None:
    """What it says is known when it is mailed."""


def copy_of(original: Any, to_broker: bool) -> Says:
    """All that the letter in this row says; nothing for one of an older program, which kept no facts."""

    def says(unit: Unit, number: str, to: To) -> dict[str, Any] | None:
        try:
            facts = read_facts(original.facts)
        except FactsError:
            return None
        copy = CopyFacts(
            number=number,
            dated=unit.today,
            addressee=to.addressee,
            address=rules.postal_lines(to.address),
            to_broker=to_broker,
        )
        return facts.copied(copy).stored()

    return says


def went_to_broker(row: Any) -> bool:
    """Whether the letter in this row is a copy for the broker."""
    try:
        copy = read_facts(row.facts).copy_of
    except FactsError:
        return False
    return copy is not None and copy.to_broker


def request_form(account: Any) -> Says:
    """The user-ID request form with the group filled in."""

    def says(unit: Unit, number: str, to: To) -> dict[str, Any]:
        about = RequestFormFacts(
            fax=unit.policy.letters.form_fax,
            group_address=rules.address_lines(account),
            arrive_days=unit.policy.user_ids.arrive_by_business_days,
        )
        return saying(unit, account, number, to, about).stored()

    return says


def cobra_packet(unit: Unit, account: Any, row: Any, covered_until: date) -> LetterFacts:
    """The Cal-COBRA packet in this row, to be mailed today to a member covered until that day.

    The days to elect count from the later of the end and the packet (H&S 1366.24).
    """
    letters = unit.policy.letters
    to = To(row.addressee, PostalAddress.of(row))
    about = CobraFacts(
        member_name=row.addressee,
        coverage_end=covered_until,
        elect_days=letters.cobra_elect_days,
        elect_by=max(covered_until, unit.today) + timedelta(days=letters.cobra_elect_days),
        first_premium_days=letters.cobra_first_premium_days,
        percent=letters.cobra_percent,
        months=letters.cobra_months,
        send_to=letters.cobra_address,
    )
    return saying(unit, account, row.number, to, about)


def saying(unit: Unit, account: Any, number: str, to: To, about: About) -> LetterFacts:
    """A letter of this number to this place, written today in the name of the plan as it is today."""
    return LetterFacts(
        number=number,
        dated=unit.today,
        group_number=account.number,
        group_name=account.name,
        addressee=to.addressee,
        address=to.lines,
        plan=plan_facts(unit.policy, account.bill_phone, account.bill_hours),
        about=about,
    )
