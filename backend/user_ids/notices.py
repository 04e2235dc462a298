"""Who else of a client hears that a user ID or a code is in the mail. Pure.

Whoever gets hold of the one letter should not be the only one who knows of it (NIST SP 800-63A asks for a
notice to another address on record).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from api_client.types.words import ContactRole
from backend.calls.rules import in_date
from backend.matching.normalise import name_key
from backend.postal import PostalAddress

_OF_THE_CLIENT = (ContactRole.CONTRACT_SIGNER, ContactRole.ADMINISTRATOR)
_ROLE_WORDS = {ContactRole.CONTRACT_SIGNER: "contract signer", ContactRole.ADMINISTRATOR: "administrator"}
NOBODY = "no notice: no other contact of the client is on record"


@dataclass(frozen=True, repr=False)
class Place:
    """Whom a notice goes to, and where."""

    name: str
    address: PostalAddress
    words: str
    """For the rep, with no line of the address."""
    old: bool = False
    """The address that was on record before."""


def places(
    account: Any, contacts: Sequence[Any], known: Collection[str], today: date, recent_days: int
) -> list[Place]:
    """Where notices go: to one of the client's people who is none of those who are `known` to hear of it, at
    an address of their own where they have one; and after a recent move to the old address too.

    `account` and `contacts` are rows; `known` are whose ID it is, and to whom the letter is addressed.
    Brokers and other agents are never told.
    """
    found = [*_other_person(account, contacts, known, today), *_old_address(account, today, recent_days)]
    return [place for place in found if place.address.street]


def notice_words(found: Sequence[Place]) -> str:
    """Who gets a notice, for the rep."""
    return f"notice to {' and to '.join(place.words for place in found)}" if found else NOBODY


def _other_person(account: Any, contacts: Sequence[Any], known: Collection[str], today: date) -> list[Place]:
    hears = {name_key(name) for name in known}
    others = [
        one
        for one in contacts
        if in_date(one.valid_from, one.valid_to, today)
        and (one.role in _OF_THE_CLIENT and (one.employee or one.role == ContactRole.CONTRACT_SIGNER))
        and name_key(one.name) not in hears
    ]
    if not others:
        return []
    # At an address of their own first, then in the order of the roles.
    one = min(others, key=lambda row: (not row.street, _OF_THE_CLIENT.index(row.role)))
    at = "their own address" if one.street else "the address of record"
    address = PostalAddress.of(one) if one.street else PostalAddress.of(account)
    return [Place(one.name, address, f"{one.name}, {_ROLE_WORDS[one.role]}, at {at}")]


def _old_address(account: Any, today: date, recent_days: int) -> list[Place]:
    moved = account.address_changed_on
    if moved is None or today - moved > timedelta(days=recent_days):
        return []
    old = PostalAddress(account.old_street, account.old_city, account.old_state_code, account.old_zip)
    return [Place(account.name, old, f"{account.name} at its address before {moved}", old=True)]
