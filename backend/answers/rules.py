"""Each question of the plan's FAQ, answered for one account. Pure; the sentences are our own.

A rule gets the facts that may be heard and answers short, in a sentence to say, with why; None leaves the
article as it holds for everybody. What is decided elsewhere (COBRA, premium, filing) is only put into words.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from api_client.types.accounts import Contact
from api_client.types.words import CobraAdmin, ContactRole, FilingMethod, PartnerStatus
from backend.accounts.rules import SizeClass
from backend.answers import premium, requests
from backend.answers.facts import Cobra, Facts
from backend.answers.said import Said, counted, spoken_minute
from backend.billing.say import spoken_date
from backend.cards.rules import PUBLIC

Rule = Callable[[Facts], Said | None]
ROLES = {
    ContactRole.CONTRACT_SIGNER: "contract signer",
    ContactRole.ADMINISTRATOR: "administrator",
    ContactRole.BROKER: "broker",
    ContactRole.TPA: "COBRA administrator",
    ContactRole.GROUP_REPRESENTATIVE: "group representative",
    ContactRole.ACCOUNT_MANAGER: "account manager",
}


def phone_of(one: Contact) -> str:
    """The phone with its extension; empty for none."""
    return " ".join(filter(None, (one.phone, f"x{one.extension}" if one.extension else "")))


def named(one: Contact) -> str:
    """Name and phone, with a comma between."""
    return ", ".join(filter(None, (one.name, phone_of(one))))


# -- cards and phone -------------------------------------------------------------------------------


def care(facts: Facts) -> Said | None:
    """The one sentence on care before the card that anybody may hear (R02)."""
    return Said("a copy of the enrollment form and a photo ID", PUBLIC)


def by_phone(facts: Facts) -> Said | None:
    """Everything done online has its way by phone; the number stands on this group's bill (R08)."""
    if facts.known is None or not facts.known.bill_phone:
        return None
    number = facts.known.bill_phone
    hours = f", {facts.known.bill_hours}" if facts.known.bill_hours else ""
    return Said(
        f"no: by phone too, {number}",
        f"No, the online service is a choice. The number on your bill, {number}{hours}, stays open to you, "
        "and people there do the same for you.",
        (f"the bill of {facts.known.number} names {number}{hours}",),
    )


# -- enrollment ------------------------------------------------------------------------------------


def at_once(facts: Facts) -> Said | None:
    """Changes and terminations at once, a match in doubt within the clock (R12, R13); and what waits now."""
    waiting = facts.waiting
    if waiting is None:
        return None
    general = (
        "Changes of a person's data and terminations are done the moment you submit them. A new enrollment "
        f"that we cannot match beyond doubt goes to one of us, and is done within {facts.plan.clock}."
    )
    if not waiting:
        return Said(
            "yes, and nothing of this group waits", f"{general} Nothing of yours waits now.", ("queue: none",)
        )
    return Said(
        f"yes; {counted(len(waiting), 'case')} with us now",
        f"{general} {counted(len(waiting), 'case').capitalize()} of yours {_is(waiting)} with us now.",
        tuple(f"{one.id} {one.state}" for one in waiting),
    )


def waiting(facts: Facts) -> Said | None:
    """Why an enrollment is not done yet, and until when it will be (R13)."""
    items = facts.waiting
    if items is None:
        return None
    if not items:
        return Said("nothing of this group waits", "Nothing of your company waits with us.", ("queue: none",))
    because = tuple(
        f"{one.id} {one.state}, " + (spoken_minute(one.due_at, facts.now) if one.due_at else "paused")
        for one in items
    )
    dues = sorted(one.due_at for one in items if one.due_at is not None)
    doubt = "because we could not match the person to our records beyond doubt"
    what = f"{counted(len(items), 'case').capitalize()} of yours {_is(items)} looked at by a person, {doubt}."
    said = [what]
    late = [due for due in dues if due < facts.now]
    if late:
        said.append("It takes longer than we promised.")
    elif dues:
        which = "It is" if len(items) == 1 else "The first is"
        said.append(f"{which} done by {spoken_minute(dues[0], facts.now, spoken=True)}.")
    if len(dues) < len(items):
        said.append("We asked your company a question; the time stands still until we have the answer.")
    first = (
        "late" if late else f"by {spoken_minute(dues[0], facts.now)}" if dues else "waits for the employer"
    )
    return Said(f"{counted(len(items), 'case')} with us: {first}", " ".join(said), because)


def _is(items: Sequence[object]) -> str:
    return "is" if len(items) == 1 else "are"


# -- COBRA and Medicare ----------------------------------------------------------------------------

_ADMIN = {
    CobraAdmin.CLIENT: "the client administers COBRA",
    CobraAdmin.TPA: "an administrator handles COBRA for the client",
    CobraAdmin.PLAN: "the plan bills and collects COBRA",
}


def cobra(facts: Facts) -> Said | None:
    """Whether COBRA can be done online (R14, R15), with whom to call where it cannot."""
    one = facts.cobra
    if one is None:
        return None
    return _ended(one, facts) or Said(_cobra_short(one), _with_whom(one), _cobra_because(one))


def _ended(one: Cobra, facts: Facts) -> Said | None:
    """The group's COBRA ends with the group, whoever administered it."""
    if one.ended_on is None:
        return None
    day = spoken_date(one.ended_on, facts.today)
    return Said(
        f"no: the group ended {one.ended_on}",
        f"The group's coverage ended on {day}, and COBRA with it.",
        (f"last day of the group: {one.ended_on}",),
    )


def _cobra_short(one: Cobra) -> str:
    if one.answer.online:
        return "yes: the client administers its own"
    if one.answer.contact is ContactRole.GROUP_REPRESENTATIVE:
        return "no: size unknown, the group representative"
    if one.answer.contact is ContactRole.TPA:
        whom = named(one.whom) if one.whom else "none on record"
        return f"no, an administrator handles it: {whom}"
    if one.size is SizeClass.CALIFORNIA:
        return "no: Cal-COBRA, the plan handles it"
    return "no: the plan bills and collects it"


def _with_whom(one: Cobra) -> str:
    sentence = one.answer.sentence
    if one.whom is not None:
        return f"{sentence} {named(one.whom)}."
    if one.answer.contact is not None:
        return f"{sentence} I have no name on record today, so I ask and call you back."
    return sentence


def _cobra_because(one: Cobra) -> tuple[str, ...]:
    because = [f"size by the law: {one.size.value} employees", _ADMIN[one.admin]]
    if one.answer.contact is not None:
        role = ROLES[one.answer.contact]
        because.append(f"{role}: {named(one.whom)}" if one.whom else f"{role}: nobody in force today")
    if one.answer.record_conflicts:
        because.append("size and record do not fit; a lead corrects who administers it")
    return tuple(because)


def cobra_phone(facts: Facts) -> Said | None:
    """What of COBRA can be done in this call (R08, R14, R15)."""
    one = facts.cobra
    if one is None:
        return None
    if ended := _ended(one, facts):
        return ended
    if one.answer.online:
        return Said(
            "enroll, change and end by phone",
            "I can do it here as well. I need who it is, what happened, and the day it happened.",
            _cobra_because(one),
        )
    if one.answer.contact is not None:
        whom = named(one.whom) if one.whom else f"{ROLES[one.answer.contact]}, none on record"
        return Said(f"nothing here: {whom}", _with_whom(one), _cobra_because(one))
    if one.size is SizeClass.CALIFORNIA:
        return Said(
            "the packet to the member's address on file",
            "The plan handles Cal-COBRA for a group of your size. I can have the packet sent to the member's "
            "address on file; please confirm that address with me first.",
            _cobra_because(one),
        )
    return Said(
        "taken here, the plan does it",
        "I take it here, and the plan does the rest: it bills the members and collects from them directly.",
        _cobra_because(one),
    )


def medicare(facts: Facts) -> Said | None:
    """A referral to the group representative, and no advice (R16)."""
    if facts.known is None:
        return None
    one = facts.known.representative
    if one is None:
        center = f"{facts.plan.center}, {facts.plan.center_phone}"
        return Said(
            f"group representative; none on record: {facts.plan.center}",
            f"Medicare enrollment goes through your group representative. The {center}, says who that is; "
            "I do not advise on it.",
            ("no group representative is in force today",),
        )
    return Said(
        f"group representative: {named(one)}",
        f"Medicare enrollment goes through your group representative, {named(one)}. I do not advise on it, "
        "and I pass your question on.",
        (f"group representative on record: {named(one)}",),
    )


# -- files and people ------------------------------------------------------------------------------

_METHODS = {
    FilingMethod.ONLINE: "online",
    FilingMethod.EDI: "by electronic files",
    FilingMethod.PAPER: "on paper",
}


def files(facts: Facts) -> Said | None:
    """How the group files, and that files of the standard are taken on any medium (R20, R21)."""
    group = facts.group
    if group is None:
        return None
    sender = f", sent by {group.filing.partner}" if group.filing.partner else ""
    applied = group.filing.status is PartnerStatus.PRODUCTION
    return Said(
        f"{'yes, and you do' if applied else 'yes'}: now {_METHODS[group.method]}{sender}",
        "Yes, over a line or on diskette or tape, in the national EDI standard of HIPAA, 005010X220A1. "
        f"{group.filing.sentence}",
        (f"files {_METHODS[group.method]}{sender}", *_last_file(facts)),
    )


def _last_file(facts: Facts) -> tuple[str, ...]:
    assert facts.group is not None
    last = facts.group.filing.last_file
    return (f"last file: {last}",) if last else ()


def file_begin(facts: Facts) -> Said | None:
    """Whom to call to begin with electronic files, in the words of the account (R22)."""
    group = facts.group
    if group is None:
        return None
    manager = in_force(group.people, ContactRole.ACCOUNT_MANAGER, facts)
    whom = f"{named(manager)}, or the {facts.plan.center}" if manager else facts.plan.center
    on_record = f"account manager: {named(manager)}" if manager else "no account manager in force today"
    short = f"call {whom}"
    if group.filing.status is not None:
        applied = group.filing.status is PartnerStatus.PRODUCTION
        short = f"{'done already' if applied else 'begun, nothing applied yet'}: {group.filing.partner}"
    return Said(short, group.filing.sentence, (on_record, f"files {_METHODS[group.method]}"))


def in_force(people: Sequence[Contact], role: ContactRole, facts: Facts) -> Contact | None:
    """Who is this to the group today; None when nobody is."""
    return next((one for one in people if one.role is role and _now(one, facts)), None)


def _now(one: Contact, facts: Facts) -> bool:
    begun = one.valid_from is None or one.valid_from <= facts.today
    return begun and (one.valid_to is None or one.valid_to >= facts.today)


_SAID = (ContactRole.ACCOUNT_MANAGER, ContactRole.GROUP_REPRESENTATIVE, ContactRole.BROKER)


def who(facts: Facts) -> Said | None:
    """Who is on record; who is not in force any more, or not yet, is said so and never named to call."""
    group = facts.group
    if group is None:
        return None
    there = [(role, in_force(group.people, role, facts)) for role in _SAID]
    parts = [f"your {ROLES[role]} is {named(one)}" for role, one in there if one is not None]
    missing = [ROLES[role] for role, one in there if one is None]
    said = f"{_sentence(parts)} " if parts else ""
    if missing:
        said += f"No {' and no '.join(missing)} is on record for you today."
    short = "; ".join(f"{ROLES[role]} {one.name}" for role, one in there if one is not None)
    return Said(
        short or "nobody in force today",
        said.strip(),
        points=tuple(_on_record(one, facts) for one in group.people) or ("no contact is on record",),
    )


def _sentence(parts: list[str]) -> str:
    joined = "; ".join(parts)
    return f"{joined[0].upper()}{joined[1:]}."


def _on_record(one: Contact, facts: Facts) -> str:
    line = f"{ROLES[one.role]}: {named(one)}"
    if one.valid_to is not None and one.valid_to < facts.today:
        return f"{line} (no longer, ended {one.valid_to})"
    if one.valid_from is not None and one.valid_from > facts.today:
        return f"{line} (not yet, from {one.valid_from})"
    return f"{line} (until {one.valid_to})" if one.valid_to else line


RULES: Mapping[str, Rule] = {
    "care": care,
    "by_phone": by_phone,
    "at_once": at_once,
    "waiting": waiting,
    "cobra": cobra,
    "cobra_phone": cobra_phone,
    "medicare": medicare,
    "files": files,
    "file_begin": file_begin,
    "who": who,
    **premium.RULES,
    **requests.RULES,
}
"""What an article may name as its `answer`."""


@dataclass(frozen=True)
class Answered:
    """An article as it is answered for the caller."""

    said: Said
    locked: bool = False


def answer(rule: str, general: Said, *, heard: bool, facts: Facts) -> Answered:
    """The rule's answer; what holds for everybody where there is none, or where it may not be heard."""
    if not heard:
        return Answered(general, locked=facts.known is not None)
    said = RULES[rule](facts) if rule else None
    if said is None:
        return Answered(general)
    return Answered(Said(said.short, said.say, said.because, said.points or general.points))
