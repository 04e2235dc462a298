"""Numbers and names of groups, what is masked of a person, and who may do COBRA online."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from stdnum.exceptions import ValidationError
from stdnum.us import ein

from api_client.types.words import CobraAdmin, ContactRole, GroupState

_GROUP_NUMBER = re.compile(r"[A-Z0-9-]{1,30}")
_MEMBER_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,19}")


def group_number(text: str) -> str:
    """A group number as it is stored: up to 30 of A-Z, 0-9 and hyphen; ValueError for anything else."""
    number = text.strip().upper()
    if not _GROUP_NUMBER.fullmatch(number):
        raise ValueError("a group number has up to 30 letters, digits and hyphens")
    return number


def is_member_number(text: str) -> bool:
    """Whether it can be a member number: up to 20 letters, digits and hyphens."""
    return _MEMBER_NUMBER.fullmatch(text) is not None


def group_state(state: str, ended_on: date | None, today: date) -> GroupState:
    """Whether the group has coverage today; a last day that was set ahead ends it by itself."""
    if ended_on is not None and ended_on < today:
        return GroupState.TERMINATED
    return GroupState(state)


def normal_ein(text: str) -> str:
    """A tax number as 12-3456789, or empty for none; ValueError for what cannot be one."""
    if not text.strip():
        return ""
    try:
        return str(ein.format(ein.validate(text.strip())))
    except ValidationError:
        raise ValueError("a tax number has nine digits and a valid prefix") from None


def normal_phone(text: str) -> str:
    """A North American phone number as 800-555-0148, or empty for none; ValueError for anything else."""
    if not text.strip():
        return ""
    digits = re.sub(r"[\s().+-]", "", text)
    digits = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    if not re.fullmatch(r"[2-9][0-9]{2}[2-9][0-9]{6}", digits):
        raise ValueError("a phone number has ten digits: area code, exchange, line")
    return f"{digits[:3]}-{digits[3:6]}-{digits[6:]}"


def mask_name(first_name: str, last_name: str) -> str:
    """Initials only; the stars are always as many, so that the length of a name stays unknown too."""
    parts = ((first_name.strip(), 3), (last_name.strip(), 5))
    return " ".join(name[0] + "*" * stars for name, stars in parts if name)


_RELATIONSHIPS = {
    "18": "subscriber", "01": "spouse", "53": "life partner", "19": "child", "09": "adopted child",
    "10": "foster child", "17": "stepchild", "15": "ward", "25": "ex-spouse",
}  # fmt: skip


def relationship_words(code: str) -> str:
    """A code of INS02 (005010X220A1) in words."""
    return _RELATIONSHIPS.get(code, "dependent")


# -- COBRA -----------------------------------------------------------------------------------------


class SizeClass(StrEnum):
    """Size of an employer in the law of continuation coverage."""

    FEDERAL = "20+"
    CALIFORNIA = "2-19"
    NONE = "1 or unknown"


def size_class(employees: int | None) -> SizeClass:
    """Class by the employees of the previous calendar year (29 USC 1161(b), H&S 1366.21); None is unknown."""
    if employees is None or employees < 2:
        return SizeClass.NONE
    return SizeClass.FEDERAL if employees >= 20 else SizeClass.CALIFORNIA


@dataclass(frozen=True)
class CobraAnswer:
    """Whether the client may enroll COBRA members online, the sentence to say, and whom to contact."""

    online: bool
    sentence: str
    contact: ContactRole | None = None
    """Whose name and phone to give; None when the plan does the work itself."""
    record_conflicts: bool = False
    """A lead has to correct who administers COBRA; until then it is plan work."""


def cobra_online(size: SizeClass, admin: CobraAdmin) -> CobraAnswer:
    """The plan's FAQ: COBRA online only if the client manages its own COBRA population.

    Groups of 2 to 19 are under Cal-COBRA, which the plan administers by law (H&S 1366.20 and following).
    """
    if size is SizeClass.NONE:
        return CobraAnswer(
            False,
            "The size of this group is not known to us for COBRA. Please contact your group representative.",
            ContactRole.GROUP_REPRESENTATIVE,
        )
    if size is SizeClass.CALIFORNIA:
        return _cal_cobra(admin)
    if admin is CobraAdmin.CLIENT:
        return CobraAnswer(True, "You manage your own COBRA members, so you can enroll them online.")
    if admin is CobraAdmin.TPA:
        return CobraAnswer(
            False,
            "COBRA cannot be done online, because an administrator handles it for you. Please contact them.",
            ContactRole.TPA,
        )
    return CobraAnswer(
        False,
        "COBRA cannot be done online, because the plan bills and collects it for you. I can take it here.",
    )


def plan_administers_cobra(size: SizeClass, admin: CobraAdmin) -> bool:
    """Whether COBRA is the plan's own work, so that a rep takes it by phone.

    So it is where the plan bills and collects, and for every group under Cal-COBRA, even while our record
    says otherwise.
    """
    return size is SizeClass.CALIFORNIA or (size is SizeClass.FEDERAL and admin is CobraAdmin.PLAN)


def _cal_cobra(admin: CobraAdmin) -> CobraAnswer:
    if admin is CobraAdmin.PLAN:
        return CobraAnswer(
            False,
            "For a group of your size the plan handles Cal-COBRA, so it cannot be done online. "
            "I can have the packet sent to the member's address on file.",
        )
    return CobraAnswer(
        False,
        "For a group of your size the plan handles Cal-COBRA, so it cannot be done online. "
        "I can take it here; our record of who administers it has to be corrected by a lead.",
        record_conflicts=True,
    )
