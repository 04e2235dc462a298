"""Which letters are copied, what is sent on request, and to whom. Pure.

Letters are written by the rules, never by hand (R24): on request there are copies of what was mailed, the
user-ID request form, and the Cal-COBRA packet.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

from api_client.types.billing_words import LetterKind
from api_client.types.words import CobraAdmin, ContactRole
from backend.accounts.rules import SizeClass
from backend.billing.delinquency import LetterDue
from backend.billing.say import LETTER_TITLES
from backend.calls.rules import in_date
from backend.postal import PostalAddress
from backend.refusal import Refusal, not_allowed, rule_refuses

NEVER_COPIED = {
    LetterKind.USER_ID: "A user ID letter carries a code that is used once; a lost one is issued anew.",
    LetterKind.ID_NOTICE: "A notice goes once with each user ID letter.",
    LetterKind.REQUEST_FORM: "The request form is sent anew instead: m 9.",
    LetterKind.COBRA_PACKET: "The packet is sent anew instead: m 0.",
}
"""Kinds that are not copied, with what is done instead."""
NEED_CONFIRMATION = frozenset({LetterKind.L1, LetterKind.L2, LetterKind.L3, LetterKind.L1_SUBSCRIBER})
"""Letters about unpaid premium: none goes while a rule behind it is not confirmed by a person."""
DATED = frozenset({LetterKind.L1, LetterKind.L2, LetterKind.L3})
"""Letters from whose date other dates count: each is mailed on the very day it is dated."""
BY_THE_RULES = DATED | {LetterKind.REINSTATEMENT, LetterKind.RETURNED_PAYMENT}
"""Letters that follow from the books of a group."""


def copy_refused(kind: LetterKind, number: str, mailed_on: date | None) -> str:
    """Why no copy of this letter can be ordered; empty when one can."""
    if kind in NEVER_COPIED:
        return NEVER_COPIED[kind]
    return "" if mailed_on else f"{number} is not mailed yet; it goes by itself."


def waits_already(number: str) -> str:
    """The very same was ordered and is not mailed yet."""
    return f"{number} is the same and waits for the post; it comes by itself."


def no_address(whose: str) -> str:
    """There is nowhere to send it."""
    return f"No address of {whose} is on record, so there is nowhere to send it."


def broker_of(contacts: Sequence[Any], today: date) -> Any | None:
    """The broker of record whose letter is in date; None when there is none."""
    brokers = (one for one in contacts if one.role == ContactRole.BROKER)
    return next((one for one in brokers if in_date(one.valid_from, one.valid_to, today)), None)


def form_refused(ended_on: date | None, today: date) -> str:
    """Why no request form is sent; a group that ended has no online account to ask for."""
    return f"The group ended on {ended_on}." if ended_on is not None and ended_on < today else ""


def packet_refused(size: SizeClass, admin: CobraAdmin, whom: str) -> str:
    """Why the plan sends no Cal-COBRA packet; it does for groups of 2 to 19 (H&S 1366.20 and following).

    `whom` is who administers COBRA instead, with a phone, where an administrator does.
    """
    if size is SizeClass.CALIFORNIA:
        return ""
    if size is SizeClass.NONE:
        return "The size of the group is not known to us for COBRA; ask the group representative."
    whose = {
        CobraAdmin.CLIENT: "the client sends it",
        CobraAdmin.TPA: f"the administrator sends it{f': {whom}' if whom else ''}",
        CobraAdmin.PLAN: "the plan takes the enrollment by phone instead",
    }[admin]
    return f"The group is under federal COBRA, not Cal-COBRA: {whose}."


def undo_refused(
    *, ordered: bool, mailed_on: date | None, mine: bool, in_time: bool, decided: bool = False
) -> Refusal | None:
    """Why this letter cannot be taken back by who asks; None when it can.

    One that was `decided` with a user-ID request goes and stays with that decision.
    """
    if decided:
        return rule_refuses("The letter goes with a user-ID request; take the decision there back.")
    if not ordered:
        return rule_refuses("The plan's rules wrote this letter; nobody takes it back.")
    if mailed_on is not None:
        return rule_refuses(f"The letter was mailed on {mailed_on}; there is nothing to take back.")
    if not mine:
        return not_allowed("Only who ordered the letter can take it back.")
    if not in_time:
        return not_allowed("The time to take it back is over; it goes with the next mailing.")
    return None


def mailing_refused(row: Any, today: date, now: datetime, *, with_its_letter: bool = False) -> str:
    """Why the letter in this row cannot go to the post today; empty when it can.

    What goes with a letter, such as the broker's copy, goes `with_its_letter` or after it.
    """
    if row.print_from is not None:
        return f"{row.number}: it can still be taken back" if row.print_from > now else ""
    if row.copy_of is not None:
        went = with_its_letter or row.original_mailed_on is not None
        return "" if went else f"{row.number}: {row.original}, which it goes with, is not mailed"
    if row.kind in DATED and row.created_on != today:
        return (
            f"{row.number}: it is dated {row.created_on} and goes on no other day; "
            "the daily run writes it anew"
        )
    return ""


def take_back_refused(row: Any) -> str:
    """Why a lead cannot take back the letter in this row; empty when one can."""
    if row.mailed_on is not None:
        return f"The letter was mailed on {row.mailed_on}; there is nothing to take back."
    if row.print_from is not None or row.kind not in BY_THE_RULES:
        return "The plan's rules did not write this letter; only who ordered it takes it back."
    if row.copy_of is not None:
        return f"It goes with {row.original}; take that one back."
    return ""


def returned_refused(row: Any, on: date, today: date) -> str:
    """Why the letter in this row cannot have come back on a day; empty when it can."""
    if row.mailed_on is None:
        return f"{row.number} was not mailed, so it cannot come back."
    if row.returned_on is not None:
        return f"{row.number} came back on {row.returned_on} already."
    if not row.mailed_on <= on <= today:
        return f"{row.number} was mailed on {row.mailed_on}; it came back since then, and not after today."
    return ""


def title_of(row: Any) -> str:
    """What the letter in this row is called."""
    title = LETTER_TITLES[LetterKind(row.kind)]
    copied = row.copy_of is not None and (row.kind != LetterKind.L1_SUBSCRIBER or row.print_from is not None)
    return f"copy of the {title}" if copied else title


# -- late ------------------------------------------------------------------------------------------


def late_words(due: LetterDue, was_due: LetterDue | None, today: date) -> str:
    """What follows from a letter that goes after its day; empty for one in time.

    `was_due` is the same letter as it was to go, None for one that is due today for the first time.
    """
    title = LETTER_TITLES[due.kind]
    if due.latest is not None and today > due.latest:
        return f"The {title} goes on {today}; the law wanted it by {due.latest} (28 CCR 1300.65)."
    if was_due is None or due.latest is not None:
        return ""
    late = f"The {title} was to go on {was_due.mail_on} and goes on {today}"
    if due.ends_on is None or due.ends_on == was_due.ends_on:
        return f"{late}; the end of coverage stays."
    return f"{late}: unpaid, coverage ends on {due.ends_on}, not on {was_due.ends_on}."


# -- addresses -------------------------------------------------------------------------------------


def place(row: Any) -> dict[str, str]:
    """The columns of an address, from a row that has them."""
    return {name: getattr(row, name) for name in ("street", "city", "state_code", "zip")}


def postal_place(to: PostalAddress) -> dict[str, str]:
    """The columns of an address."""
    return {"street": to.street, "city": to.city, "state_code": to.state, "zip": to.zip}


def address_lines(row: Any) -> tuple[str, ...]:
    """Street, then city, state and zip, from a row that has them; empty where there is no address."""
    return postal_lines(PostalAddress.of(row))


def postal_lines(to: PostalAddress) -> tuple[str, ...]:
    """Street, then city, state and zip; empty where there is no address."""
    city = " ".join(filter(None, (to.city, to.state, to.zip)))
    return tuple(filter(None, (to.street, city))) if to.street else ()


def where(to: PostalAddress) -> str:
    """An address on one line."""
    return ", ".join(filter(None, (to.street, to.city, " ".join(filter(None, (to.state, to.zip))))))
