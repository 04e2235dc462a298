"""What of a person is shown bare, and to whom: pure rules.

45 CFR 164.502(b) asks for the least that serves, 164.522(b) for the way a person wants to be reached.
"""

from __future__ import annotations

from datetime import date

from api_client.types.call_words import CallerKind, Fact, RepresentativeKind, RevealField
from api_client.types.common import Address
from api_client.types.words import RevealReason
from backend.accounts.rules import mask_name

_THEMSELVES = frozenset({CallerKind.SUBSCRIBER, CallerKind.DEPENDENT})
_WHERE_THEY_ARE = frozenset({RevealField.ADDRESS, RevealField.PHONE})
_FOR_THE_CLIENT = frozenset({RevealField.NAME, RevealField.BIRTH_DATE})
_WORDS = {
    RevealField.NAME: "the name",
    RevealField.BIRTH_DATE: "the birth date",
    RevealField.SSN: "the SSN",
    RevealField.ADDRESS: "the address",
    RevealField.PHONE: "the phone number",
}
_ADULT = 18


def shown_name(first_name: str, last_name: str, *, bare: bool) -> str:
    """A name in full for a caller who may hear it, else its initials."""
    return f"{first_name} {last_name}".strip() if bare else mask_name(first_name, last_name)


def reveal_refused(
    field: RevealField,
    reason: RevealReason,
    facts: frozenset[Fact] | None,
    kind: CallerKind | None,
    *,
    restricted: bool,
) -> str:
    """Why a masked field stays masked, to be read aloud; empty when it is shown.

    `facts` is what the caller on the line may hear, None without a call; `kind` is what they proved to be
    for this very person. Whoever wants to be reached at their own address only (INS13) has it shown to
    nobody else.
    """
    themselves = facts is not None and Fact.PERSON in facts and kind in _THEMSELVES
    if restricted and field in _WHERE_THEY_ARE and not themselves:
        return f"This person is reached at their own address only: {_WORDS[field]} is for nobody else."
    if facts is None:
        if reason is RevealReason.CALLER_ASKS:
            return "There is no caller on the line; F9 starts a call, or another reason fits."
        return ""
    if Fact.PERSON in facts:
        ssn = field is RevealField.SSN and not themselves
        return "The SSN is for the person themselves only." if ssn else ""
    if Fact.MEMBERS not in facts:
        return f"Nothing of this person is said before the caller proved the right to it: {_WORDS[field]}; y."
    return "" if field in _FOR_THE_CLIENT else f"The client hears who is enrolled, never {_WORDS[field]}."


def ssn_words(digits: str) -> str:
    """`123-45-6789`."""
    return f"{digits[:3]}-{digits[3:5]}-{digits[5:]}" if digits else ""


def address_words(address: Address) -> str:
    """A postal address in a line; empty for none."""
    state = " ".join(filter(None, (address.state, address.zip)))
    return ", ".join(filter(None, (address.street, address.city, state)))


def last_day_as_minor(born: date) -> date:
    """The day before the eighteenth birthday; who was born on a leap day comes of age on March 1."""
    leap = (born.month, born.day) == (2, 29)
    birthday = date(born.year + _ADULT, 3, 1) if leap else born.replace(year=born.year + _ADULT)
    return date.fromordinal(birthday.toordinal() - 1)


def representative_refused(
    kind: RepresentativeKind,
    born: date | None,
    valid_from: date | None,
    valid_to: date | None,
    today: date,
) -> str:
    """Why this representative cannot be registered; empty when they can."""
    if valid_to is not None and valid_from is not None and valid_to < valid_from:
        return "The document ends before it begins."
    if valid_to is not None and valid_to < today:
        return "The document has ended already."
    if kind is RepresentativeKind.PARENT and born is not None and last_day_as_minor(born) < today:
        return "A parent speaks for a minor only; an adult needs a personal representative."
    return ""


def valid_until(kind: RepresentativeKind, born: date | None, valid_to: date | None) -> date | None:
    """The last day somebody speaks for a member: a parent's ends when the member comes of age."""
    if kind is not RepresentativeKind.PARENT or born is None:
        return valid_to
    of_age = last_day_as_minor(born)
    return of_age if valid_to is None else min(of_age, valid_to)
