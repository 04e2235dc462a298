"""What the verification says: who calls, how far they are, what may be said, and what is missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.call_words import CallerKind, VerifyItem, VerifyState
from screens.calls.words import (
    FACTS,
    FOR_THE_GROUP,
    FREE,
    GROUP_KINDS,
    ITEMS,
    KINDS,
    OF_A_GROUP,
    OF_A_PERSON,
    PERSON_KINDS,
    STATES,
)
from screens.widgets.desk import About
from screens.widgets.prompt import Choice
from screens.widgets.text import join, labelled, lines, plain

if TYPE_CHECKING:
    from api_client.types.calls import Call, NumberOnRecord, Subject

MATCH = ("[=] match", "$text-success")
NO_MATCH = ("[X] no match", "bold $text-error")
HINT = "type what the caller says, Enter compares it; Tab skips an item; Esc goes back"
CALLS_BACK = "Enter shows whom to call at the number on record; Esc goes back"
NOTHING_TO_ASK = "nothing is left to ask; Ctrl+K is another kind of caller; Esc goes back"
NO_CALL = "There is no caller on the line; F9 starts a call."


def kinds(about: About) -> list[Choice[CallerKind]]:
    """As what somebody can call about it, the commonest first."""
    known = PERSON_KINDS if about.mrn or about.receipt else GROUP_KINDS
    return [Choice(label, kind) for kind, label in known.items()]


def whom(about: About, kind: CallerKind) -> About:
    """For what this kind of caller is verified: the group's own callers for the group."""
    return About(about.group) if kind in FOR_THE_GROUP else about


def named(about: About) -> str:
    """The group, or that it is a person of it; no personal data."""
    return f"a person of {about.group}" if about.mrn or about.receipt else about.group


def head(call: Call, subject: Subject) -> Content:
    """Who calls about what, and how far they are."""
    state, style = STATES[subject.state]
    kind = KINDS[subject.kind] if subject.kind is not None else "nobody yet"
    about = "a person of " if subject.mrn or subject.receipt else ""
    first = join((f" {about}{subject.group_number} {subject.group_name}", "bold"), f"   calls as: {kind}")
    count = f"   {subject.matched} of {subject.needed} matched" if subject.needed else ""
    misses = f"   misses left in this call: {call.misses_left}"
    return lines(first, join(" ", (state, style), count, misses if subject.needed else ""))


def hint(subject: Subject | None) -> str:
    """What the word line says of the keys: asking, calling back, or nothing is left to ask."""
    if subject is None or (subject.ask and subject.state is not VerifyState.VERIFIED):
        return HINT
    if not subject.ask:
        return NOTHING_TO_ASK
    return CALLS_BACK if VerifyItem.CALL_BACK in subject.ask else HINT


def why(subject: Subject) -> Content:
    """How a caller is verified, and where this one stands."""
    rows = [plain(subject.sentence)] if subject.sentence else []
    return lines(
        *rows,
        plain("Each answer is compared with the record and told as match or no match, and no more."),
        plain("An answer without a match is a miss; when none is left, nothing more is asked in this call."),
        plain("A call to the number on record proves it too, and opens changes of address, phone and IDs."),
    )


def row(item: VerifyItem) -> Content:
    """What is asked, as the label of its field."""
    return plain(f" {ITEMS[item]}")


def outcome(matched: bool | None) -> Content:
    """What came of the last answer; nothing before one."""
    if matched is None:
        return plain("")
    return join(MATCH if matched else NO_MATCH)


def to_show(subject: Subject, seen: frozenset[VerifyItem]) -> list[VerifyItem]:
    """The items that stand there: those still to ask and those asked before, in the order of asking."""
    asked = set(subject.ask) | seen
    return [item for item in ITEMS if item in asked]


def next_item(subject: Subject, after: VerifyItem | None) -> VerifyItem | None:
    """The item to ask next: behind the last one, else the first that is left."""
    order = list(ITEMS)
    left = [item for item in order if item in subject.ask]
    if not left:
        return None
    if subject.state is VerifyState.VERIFIED and VerifyItem.CALL_BACK in left:
        return VerifyItem.CALL_BACK
    behind = [item for item in left if after is not None and order.index(item) > order.index(after)]
    return (behind or left)[0]


def told(subject: Subject, width: int) -> Content:
    """The sentence to say, what anybody may hear, and what stays locked."""
    rows: list[Content] = []
    if subject.sentence:
        rows += labelled("SAY", plain(f'"{subject.sentence}"', "bold"), width)
    rows += labelled("FREE", plain(FREE), width)
    known = OF_A_PERSON if subject.mrn or subject.receipt else OF_A_GROUP
    locked = [FACTS[fact] for fact in known if fact not in subject.facts]
    if locked:
        rows += labelled("LOCKED", plain(", ".join(locked)), width)
    return lines(*rows)


def reached(number: NumberOnRecord) -> Content:
    """The line that says a call-back was made."""
    extension = f" x{number.extension}" if number.extension else ""
    return join("reached ", (f"{number.name} at {number.phone}{extension}", "bold"), ", the number on record")


def verified(subject: Subject) -> str:
    """Said where the rep was before."""
    if subject.stepped_up:
        return f"Reached at the number on record: changes for {subject.group_number} are open."
    return f"VERIFIED {subject.matched}/{subject.needed} for {subject.group_number}."
