"""Who may hear what: identity and authority first, then only what is theirs.

45 CFR 164.514(h) asks for identity and authority of whoever is not known, 164.502(b) for the least that
serves. Which items prove whom, and what each kind of caller may hear, is the plan's table.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Collection
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api_client.types.call_words import (
    CallBackOutcome,
    CallBackState,
    CallerKind,
    Fact,
    PhoneAct,
    VerifyItem,
    VerifyState,
)
from api_client.types.words import Urgency

_OF_THE_GROUP = (
    VerifyItem.BILLING_ADDRESS,
    VerifyItem.INVOICE_AMOUNT,
    VerifyItem.PAYMENT_DATE,
    VerifyItem.TAX_ID,
    VerifyItem.CALL_BACK,
)
_OF_THE_PERSON = (VerifyItem.MEMBER_NUMBER, VerifyItem.ADDRESS, VerifyItem.SSN_LAST4, VerifyItem.PHONE)


@dataclass(frozen=True)
class Recipe:
    """What proves a kind of caller: every required item, and so many of the others."""

    required: tuple[VerifyItem, ...]
    others: tuple[VerifyItem, ...]
    of_others: int

    @property
    def needed(self) -> int:
        """Items to be matched in all."""
        return len(self.required) + self.of_others


_PERSON = Recipe((VerifyItem.NAME, VerifyItem.BIRTH_DATE), _OF_THE_PERSON, 2)
RECIPES: dict[CallerKind, Recipe] = {
    CallerKind.CLIENT: Recipe((VerifyItem.GROUP_NUMBER, VerifyItem.CONTACT_NAME), _OF_THE_GROUP, 1),
    CallerKind.BROKER: Recipe((VerifyItem.GROUP_NUMBER, VerifyItem.BROKER_NUMBER), _OF_THE_GROUP, 1),
    CallerKind.TPA: Recipe((VerifyItem.GROUP_NUMBER, VerifyItem.CONTACT_NAME), _OF_THE_GROUP, 1),
    CallerKind.SUBSCRIBER: _PERSON,
    CallerKind.DEPENDENT: _PERSON,
    CallerKind.REPRESENTATIVE: Recipe((VerifyItem.REPRESENTATIVE_NAME, *_PERSON.required), _OF_THE_PERSON, 2),
}
"""A kind that is not here proves nothing: nothing is for them but what anybody may hear."""
ABOUT_A_PERSON = frozenset({CallerKind.SUBSCRIBER, CallerKind.DEPENDENT, CallerKind.REPRESENTATIVE})

_HEARS: dict[CallerKind, frozenset[Fact]] = {
    CallerKind.CLIENT: frozenset(
        {
            Fact.GROUP,
            Fact.BILLING,
            Fact.LETTERS,
            Fact.QUEUE,
            Fact.USER_IDS,
            Fact.MEMBERS,
            Fact.COBRA,
        }
    ),
    CallerKind.BROKER: frozenset({Fact.LETTERS}),
    CallerKind.TPA: frozenset({Fact.COBRA}),
    **dict.fromkeys(ABOUT_A_PERSON, frozenset({Fact.PERSON})),
}
DELEGABLE = frozenset({Fact.GROUP, Fact.BILLING, Fact.QUEUE, Fact.USER_IDS, Fact.MEMBERS, Fact.COBRA})
"""What a group can let its broker hear, beyond copies of letters."""
NOBODY = frozenset({Fact.CLAIMS, Fact.ACCESS_CODE})
WITHOUT_A_CALL = frozenset(Fact) - NOBODY
"""Of what a rep sees at their own work; people stay masked."""

_FOR_THE_CLIENT = frozenset(PhoneAct)
_DONE_FOR: dict[CallerKind, frozenset[PhoneAct]] = {
    CallerKind.CLIENT: _FOR_THE_CLIENT,
    CallerKind.BROKER: frozenset({PhoneAct.LETTER_COPY, PhoneAct.CALL_BACK}),
    CallerKind.TPA: frozenset({PhoneAct.CALL_BACK}),
    CallerKind.SUBSCRIBER: frozenset({PhoneAct.CARD, PhoneAct.COBRA_PACKET, PhoneAct.CALL_BACK}),
    CallerKind.DEPENDENT: frozenset({PhoneAct.COBRA_PACKET, PhoneAct.CALL_BACK}),
    CallerKind.REPRESENTATIVE: frozenset({PhoneAct.COBRA_PACKET, PhoneAct.CALL_BACK}),
}
CLIENT_ALONE = _FOR_THE_CLIENT - _DONE_FOR[CallerKind.SUBSCRIBER]
"""Of what is done about a person, what the client alone asks for."""
STEPPED_UP = frozenset({PhoneAct.REQUEST_FORM, PhoneAct.ID_REISSUE})
"""Acts that need a call-back to the number on record in this call: they change IDs."""


def needs_step_up(act: PhoneAct, fields: Collection[str] = ()) -> bool:
    """Whether an act needs a call-back to the number on record: changes of address, contact, bank and ID."""
    return act in STEPPED_UP or bool({"street", "city", "state", "zip", "phone"} & set(fields))


def in_date(valid_from: date | None, valid_to: date | None, today: date) -> bool:
    """Whether an authority covers this day."""
    return (valid_from is None or valid_from <= today) and (valid_to is None or valid_to >= today)


def state(
    kind: CallerKind | None,
    matched: Collection[VerifyItem],
    misses: int,
    most: int,
    *,
    authority: bool = True,
) -> VerifyState:
    """How far a caller has proved who they are; `authority` is whether anybody of that kind has it today.

    What was proved before the last miss stays proved; nothing more is compared after it.
    """
    if kind is None:
        return VerifyState.NONE
    recipe = RECIPES.get(kind)
    if recipe is None or not authority:
        return VerifyState.NO_AUTHORITY
    others = sum(item in matched for item in recipe.others)
    if all(item in matched for item in recipe.required) and others >= recipe.of_others:
        return VerifyState.VERIFIED
    return VerifyState.FAILED if misses >= most else VerifyState.IDENTIFYING


def counted(kind: CallerKind, matched: Collection[VerifyItem]) -> int:
    """How many of the items that are needed are matched."""
    recipe = RECIPES.get(kind)
    if recipe is None:
        return 0
    others = sum(item in matched for item in recipe.others)
    return sum(item in matched for item in recipe.required) + min(others, recipe.of_others)


def is_asked(kind: CallerKind, item: VerifyItem) -> bool:
    """Whether this item is asked of this kind of caller at all."""
    recipe = RECIPES.get(kind)
    return recipe is not None and item in {*recipe.required, *recipe.others}


def to_ask(
    kind: CallerKind, matched: Collection[VerifyItem], on_record: Collection[VerifyItem]
) -> list[VerifyItem]:
    """What can still be asked, required items first; only of what is on record.

    Of a verified caller that is the call-back, which steps up to changes of address, contact and ID, and of
    one who may ask for a new user-ID letter the address of record, to which it goes.
    """
    recipe = RECIPES.get(kind)
    if recipe is None:
        return []
    missing = [item for item in recipe.required if item not in matched]
    others = [item for item in recipe.others if item not in matched]
    if not missing and sum(item in matched for item in recipe.others) >= recipe.of_others:
        others = [item for item in others if item in _further(kind)]
    return [item for item in (*missing, *others) if item in on_record]


def _further(kind: CallerKind) -> frozenset[VerifyItem]:
    """What a verified caller is still asked for some acts."""
    address = {VerifyItem.BILLING_ADDRESS} if PhoneAct.ID_REISSUE in done_for(kind) else set()
    return frozenset({VerifyItem.CALL_BACK, *address})


def can_be_proved(
    kind: CallerKind, matched: Collection[VerifyItem], on_record: Collection[VerifyItem]
) -> bool:
    """Whether what is on record is enough to prove such a caller.

    A call-back is on record only when it is known whose number it would be.
    """
    recipe = RECIPES.get(kind)
    if recipe is None:
        return False
    there = {*matched, *on_record}
    if VerifyItem.CALL_BACK in recipe.others and not set(recipe.required) <= set(matched):
        there.add(VerifyItem.CALL_BACK)
    return set(recipe.required) <= there and sum(item in there for item in recipe.others) >= recipe.of_others


def hears(kind: CallerKind, delegated: Collection[Fact] = (), *, restricted: bool = False) -> frozenset[Fact]:
    """What a verified caller may hear. `restricted` is the person's own wish (INS13): then a representative
    hears nothing, for it is at the person's own address only.
    """
    if kind is CallerKind.BROKER:
        return _HEARS[kind] | (DELEGABLE & set(delegated))
    if kind is CallerKind.REPRESENTATIVE and restricted:
        return frozenset()
    return _HEARS.get(kind, frozenset())


def done_for(kind: CallerKind) -> frozenset[PhoneAct]:
    """What may be done for a verified caller."""
    return _DONE_FOR.get(kind, frozenset())


# -- whom it fits ----------------------------------------------------------------------------------

_ADULT_YEARS = 18
SUBSCRIBER = "18"
"""Code of INS02 (005010X220A1)."""


def is_adult(born: date | None, today: date) -> bool:
    """Whether somebody speaks for themselves; who has no birth date on record proves nothing anyway."""
    if born is None:
        return True
    return (today.year - born.year) - ((today.month, today.day) < (born.month, born.day)) >= _ADULT_YEARS


def misfit(kind: CallerKind, *, person: bool, relationship: str) -> str:
    """Why nobody can call as this about the group or person that was named; empty when it fits."""
    if kind in ABOUT_A_PERSON and not person:
        return "name the person by member number or receipt"
    if kind in {CallerKind.CLIENT, CallerKind.BROKER, CallerKind.TPA} and person:
        return "this caller calls about the group, not about one person"
    if kind is CallerKind.SUBSCRIBER and person and relationship != SUBSCRIBER:
        return "this person is not the subscriber"
    if kind is CallerKind.DEPENDENT and relationship == SUBSCRIBER:
        return "this person is the subscriber"
    return ""


# -- what is said ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Standing:
    """What a sentence for the caller depends on."""

    kind: CallerKind
    state: VerifyState
    matched: frozenset[VerifyItem]
    authority_to: date | None
    provable: bool
    restricted: bool
    minor: bool


def sentence(one: Standing, today: date, provider_phone: str) -> str:
    """For the caller: what is missing, or why nothing is said; empty once they are verified."""
    if one.authority_to is not None and one.authority_to < today:
        return f"The authority on our record ended on {one.authority_to}, so I can say nothing."
    if one.state is VerifyState.NO_AUTHORITY:
        return _no_authority(one, provider_phone)
    if one.state is VerifyState.FAILED:
        return (
            "I could not verify you in this call, so I can say nothing of this record. "
            "I can tell you how to reach us in writing."
        )
    if one.state is VerifyState.VERIFIED:
        return ""
    if not one.provable:
        return "What we have on record is not enough to verify you by phone; please write to us."
    recipe = RECIPES[one.kind]
    missing = recipe.needed - counted(one.kind, one.matched)
    return f"Before I can say anything I need {missing} more answer{'s' if missing > 1 else ''} from you."


def _no_authority(one: Standing, provider_phone: str) -> str:
    if one.kind is CallerKind.PROVIDER:
        return f"Providers are served by the provider line, {provider_phone}."
    if one.kind is CallerKind.OTHER:
        return (
            "I can say nothing of this group or person to you. Members find their own record on the "
            "member site; a group's user IDs are for whom the group names."
        )
    if one.kind is CallerKind.REPRESENTATIVE and one.restricted:
        return "This person asked that nobody else hears of their record, so I can say nothing."
    if one.kind is CallerKind.DEPENDENT and one.minor:
        return "For a minor a parent or representative calls, with a document on file."
    if one.kind is CallerKind.REPRESENTATIVE:
        return "There is no document on file today that lets somebody speak for this person."
    return "There is nobody on our record in this part for the group today, so I can say nothing."


# -- call-backs ------------------------------------------------------------------------------------


def call_back_state(outcome: CallBackOutcome, tries: int, most: int) -> CallBackState:
    """Where a call-back stands after so many tries."""
    if outcome is CallBackOutcome.REACHED:
        return CallBackState.REACHED
    return CallBackState.GIVEN_UP if tries >= most else CallBackState.OPEN


def call_back_urgency(
    due_from: datetime, due_to: datetime, next_from: datetime | None, now: datetime, soon: timedelta
) -> Urgency:
    """How a call-back looks: late, soon over, to be called now, not before its next try, or later."""
    if due_to < now:
        return Urgency.LATE
    if due_to - now <= soon:
        return Urgency.RED
    if next_from is not None and now < next_from:
        return Urgency.PAUSED
    return Urgency.AMBER if due_from <= now else Urgency.CALM


# -- notes -----------------------------------------------------------------------------------------

_SSN = re.compile(r"(?<!\d)(\d{9}|\d{3}[\s.\-]{1,3}\d{2}[\s.\-]{0,3}\d{4})(?!\d)")
"""Nine digits, or parted as only such a number is; ZIP+4 and tax numbers are parted elsewhere."""


def holds_ssn(text: str) -> bool:
    """Whether a note holds what can be a social security number, in whatever digits it is written."""
    plain = unicodedata.normalize("NFKC", text)
    plain = "".join("-" if unicodedata.category(char) == "Pd" else char for char in plain)
    return _SSN.search(plain) is not None
