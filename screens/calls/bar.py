"""The line that says who is on the phone and what they have proved for what the screen shows."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.call_words import CallState, Fact, VerifyState
from screens.calls.words import FACTS, OF_A_GROUP, OF_A_PERSON, STATES
from screens.widgets.desk import About
from screens.widgets.text import join, plain

if TYPE_CHECKING:
    from api_client.types.calls import Call, MyCalls, Subject

_NAME = 34
"""Cells of a group's name at the most."""
_CALLER = 16
"""Cells that are left of a caller's name and role before anything else goes."""
_FEW = 3
"""So many facts that may not be heard are named; where there are more, those that may are."""
_OF_CALLER = 5
Piece = tuple[int, Content]
"""How much it matters, and what it says: what matters least goes first where room is short."""


def subject_of(call: Call, about: About) -> Subject | None:
    """What was said and proved of exactly this group or person."""
    for one in call.subjects:
        if (one.group_number, one.mrn, one.receipt) == (about.group, about.mrn, about.receipt):
            return one
    return None


def counts_for(call: Call, about: About) -> Subject | None:
    """The verification that opens a screen: of a person, also the group's own, where it covers members."""
    exact = subject_of(call, about)
    if not (about.mrn or about.receipt) or (exact is not None and exact.state is VerifyState.VERIFIED):
        return exact
    of_the_group = next(
        (one for one in call.subjects if one.group_number == about.group and not (one.mrn or one.receipt)),
        None,
    )
    if of_the_group is not None and Fact.MEMBERS in of_the_group.facts:
        return of_the_group
    return exact


def is_verified(calls: MyCalls | None, group: str) -> bool:
    """Whether the caller on the line proved who they are for this group, whatever they may hear."""
    call = calls.active if calls is not None else None
    subject = subject_of(call, About(group)) if call is not None else None
    return subject is not None and subject.state is VerifyState.VERIFIED


def rights(calls: MyCalls | None) -> object:
    """What is opened and what is locked, as a value to compare: screens fetch anew when it changes."""
    call = calls.active if calls is not None else None
    if call is None:
        return None
    proved = frozenset(
        (one.group_number, one.mrn, one.receipt, one.state, frozenset(one.facts), frozenset(one.acts))
        for one in call.subjects
    )
    return call.id, proved


def with_call(calls: MyCalls | None, call: Call) -> MyCalls:
    """The rep's calls with this one as an act left it; the one that was on the line before is parked."""
    from api_client.types.calls import MyCalls

    before = calls or MyCalls()
    active = None if before.active is None or before.active.id == call.id else before.active
    parked = [one for one in before.parked if one.id != call.id]
    ringing = [one for one in before.ringing if one.id != call.id]
    if call.state is CallState.ACTIVE:
        parked += [active.model_copy(update={"state": CallState.PARKED})] if active is not None else []
        active = call
    elif call.state is CallState.PARKED:
        parked.append(call)
    elif call.state is CallState.RINGING:
        ringing.append(call)
    others = [one for one in before.handed_over if one.id != call.id]
    now = {"active": active, "parked": parked, "ringing": ringing, "handed_over": others}
    return before.model_copy(update=now)


# -- the line --------------------------------------------------------------------------------------


def bar(calls: MyCalls | None, about: About | None, now: datetime, width: int) -> Content | None:
    """One line for the screen about this group or person; None while nobody calls."""
    if calls is None or not (calls.active or calls.ringing or calls.handed_over):
        return None
    rings = _rings(calls.ringing, alone=calls.active is None)
    pieces: list[Piece] = []
    if calls.active is not None:
        pieces = _on_line(calls.active, about, now)
        if calls.parked:
            pieces.append((2, plain(f"{len(calls.parked)} parked")))
    waits = _waits(calls.handed_over, alone=calls.active is None and not calls.ringing)
    return _fitted([*pieces, *rings, *waits], width)


def _on_line(call: Call, about: About | None, now: datetime) -> list[Piece]:
    minutes = max(0, int((now - call.started_at).total_seconds() // 60))
    head = join(("CALL ", "bold"), (call.id, "bold"), f" {minutes:02}")
    if about is not None:
        return [(9, head), *_standing(counts_for(call, about), about.group, now, named=False)]
    if call.subjects:
        latest = call.subjects[0]
        return [(9, head), *_standing(latest, latest.group_number, now, named=True)]
    return [(9, head), (10, join(STATES[VerifyState.NONE])), (4, plain("y verifies"))]


def _standing(subject: Subject | None, group: str, now: datetime, *, named: bool) -> list[Piece]:
    """How far the caller is, for a group or person; `named` where the screen does not show which."""
    state = subject.state if subject is not None else VerifyState.NONE
    if subject is None or state is VerifyState.NONE:
        return [(10, _state(state, f" for {group}")), (4, plain("y verifies"))]
    if state is VerifyState.IDENTIFYING:
        so_far = plain(f"{subject.matched} of {subject.needed}")
        return [(10, _state(state, f" for {group}")), (6, so_far), (4, plain("y goes on"))]
    if state is not VerifyState.VERIFIED:
        return [(10, _state(state, f" for {group}")), (4, plain("only what anybody may hear"))]
    return _verified(subject, now, named=named)


def _verified(subject: Subject, now: datetime, *, named: bool) -> list[Piece]:
    pieces: list[Piece] = []
    if subject.caller:
        pieces.append((_OF_CALLER, plain(subject.caller)))
    if subject.authority_to is not None:
        pieces.append((4, plain(f"to {subject.authority_to}")))
        if subject.authority_to < now.date():
            return [*pieces, (10, join(("[X] AUTHORITY ENDED", "bold $text-error")))]
    count = f" {subject.matched}/{subject.needed}" + (f" for {subject.group_number}" if named else "")
    pieces.append((10, _state(VerifyState.VERIFIED, count)))
    return [*pieces, (3, plain(hears(subject)))]


def hears(subject: Subject) -> str:
    """`not: claims`, or `only: letters` where little may be heard."""
    known = OF_A_PERSON if subject.mrn or subject.receipt else OF_A_GROUP
    locked = [FACTS[fact] for fact in known if fact not in subject.facts]
    if len(locked) <= _FEW and len(locked) < len(known):
        return f"not: {', '.join(locked)}"
    return f"only: {', '.join(FACTS[fact] for fact in FACTS if fact in subject.facts) or 'what is free'}"


def _state(state: VerifyState, behind: str) -> Content:
    word, style = STATES[state]
    return join((word + behind, style))


def _rings(ringing: Sequence[Call], *, alone: bool) -> list[Piece]:
    if not ringing:
        return []
    first = ringing[0]
    head = join((f"RINGS {first.id}", "bold $text-warning"), ": " if alone else "")
    more = [(4, plain(f"and {len(ringing) - 1} more"))] if len(ringing) > 1 else []
    takes = (8, plain("F9 takes it" if alone else "F9"))
    if not alone:
        return [(7, head), *more, takes]
    return [(9, join(head, plain(likely(first)))), *more, takes]


def _waits(handed_over: Sequence[Call], *, alone: bool) -> list[Piece]:
    """For a lead: calls that reps handed over."""
    if not handed_over:
        return []
    if not alone:
        return [(3, plain(f"{len(handed_over)} for a lead"))]
    more = [(4, plain(f"and {len(handed_over) - 1} more"))] if len(handed_over) > 1 else []
    head = join((f"WAITS FOR A LEAD {handed_over[0].id}", "bold $text-warning"), f" {asked(handed_over[0])}")
    return [(9, head), *more, (8, plain("F9 takes it"))]


def asked(call: Call) -> str:
    """Of whom a call is that was handed over, and how the question begins."""
    return f"of {call.rep}: {_short(call.question.partition(chr(10))[0])}"


def likely(call: Call) -> str:
    """Whose number it is; it proves nothing."""
    if not call.likely:
        return "no group has this number"
    if len(call.likely) == 1:
        return f"likely {call.likely[0].number} {_short(call.likely[0].name)}"
    return f"likely {', '.join(one.number for one in call.likely[:3])}"


def _short(words: str) -> str:
    shown = plain(words)
    return shown.truncate(_NAME, ellipsis=True).plain if shown.cell_length > _NAME else shown.plain


def _fitted(pieces: list[Piece], width: int) -> Content:
    """The pieces that fit on one line; how far the caller is stands to the last."""
    kept = list(pieces)
    while len(kept) > 1 and _line(_with_short_caller(kept, width)).cell_length > width:
        kept.remove(min(kept, key=lambda piece: piece[0]))
    line = _line(_with_short_caller(kept, width))
    return line.truncate(width, ellipsis=True) if line.cell_length > width else line


def _with_short_caller(pieces: list[Piece], width: int) -> list[Piece]:
    """A long name gives way first, as far as it is still a name."""
    too_long = _line(pieces).cell_length - width
    if too_long <= 0:
        return list(pieces)
    return [
        (matter, said.truncate(max(_CALLER, said.cell_length - too_long), ellipsis=True))
        if matter == _OF_CALLER and said.cell_length > _CALLER
        else (matter, said)
        for matter, said in pieces
    ]


def _line(pieces: Sequence[Piece]) -> Content:
    return Content("  ").join([content for _, content in pieces])


def parked(calls: MyCalls | None) -> str:
    """`C-5512 104233, C-5513`: the calls on hold, for the home block; empty where there is none."""
    held = calls.parked if calls is not None else []
    return ", ".join(f"{one.id}{_whom(one)}" for one in held[:2]) + (
        f" and {len(held) - 2} more" if len(held) > 2 else ""
    )


def _whom(call: Call) -> str:
    return f" {call.subjects[0].group_number}" if call.subjects else ""
