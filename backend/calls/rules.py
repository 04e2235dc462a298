"""Who may hear what: identity and authority first, then only what is theirs.

45 CFR 164.514(h) asks for identity and authority of whoever is not known, 164.502(b) for the least that
serves. Which items prove whom, and what each kind of caller may hear, is the plan's table.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import date

from api_client.types.call_words import CallerKind, Fact, PhoneAct, VerifyItem, VerifyState

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
    CallerKind.SUBSCRIBER: frozenset({PhoneAct.CARD, PhoneAct.CALL_BACK}),
    CallerKind.DEPENDENT: frozenset({PhoneAct.CALL_BACK}),
    CallerKind.REPRESENTATIVE: frozenset({PhoneAct.CALL_BACK}),
}
STEPPED_UP = frozenset({PhoneAct.REQUEST_FORM})
"""Acts that need a call-back to the number on record in this call: they change IDs."""


def needs_step_up(act: PhoneAct, fields: Collection[str] = ()) -> bool:
    """Whether an act needs a call-back to the number on record: changes of address, contact, bank and ID."""
    return act in STEPPED_UP or bool({"street", "city", "state", "zip", "phone"} & set(fields))


def in_date(valid_from: date | None, valid_to: date | None, today: date) -> bool:
    """Whether an authority covers this day."""
    return (valid_from is None or valid_from <= today) and (valid_to is None or valid_to >= today)


def state(kind: CallerKind | None, matched: Collection[VerifyItem], misses: int, most: int) -> VerifyState:
    """How far a caller has proved who they are.

    What was proved before the last miss stays proved; nothing more is compared after it.
    """
    if kind is None:
        return VerifyState.NONE
    recipe = RECIPES.get(kind)
    if recipe is None:
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


def to_ask(
    kind: CallerKind, matched: Collection[VerifyItem], on_record: Collection[VerifyItem]
) -> list[VerifyItem]:
    """What can still be asked, required items first; of the others only what is on record."""
    recipe = RECIPES.get(kind)
    if recipe is None:
        return []
    required = [item for item in recipe.required if item not in matched]
    return [*required, *(item for item in recipe.others if item in on_record and item not in matched)]


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
