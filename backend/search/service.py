"""Find anything: one text, everything it may be, the best first."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from api_client.types.call_words import FoundKind
from api_client.types.search import Find, FoundAll
from api_client.types.words import ActorKind
from backend.calls import gate
from backend.database.unit import Unit
from backend.matching import service as matching
from backend.search import groups, items, people, rules
from backend.search.people import BEGINS, Hit
from backend.search.rules import Wanted

_SSN_ALONE = (
    "The end of an SSN finds nobody by itself, and a whole one is not looked for: "
    "add a name or a birth date to its last four digits."
)
_DATE_ALONE = "A birth date finds people together with a name, or with the last four digits of the SSN."
_SAY_WHY = "Groups and item numbers only: to look for people, say why, take a case or be on a call."
_NOTHING = "No group, person or item is found by this; less of it, or another spelling, may find more."


@dataclass(frozen=True)
class Answered:
    """An answer, and what its limit has to count."""

    answer: FoundAll
    text: str
    people: int
    counted: bool
    """Whether a rep looked for people."""
    free: bool
    """Whether with a caller on the line or a case in hand, not with a reason alone."""


async def find(unit: Unit, form: Find) -> FoundAll:
    """The results; people only in a call, with a case in hand, with a reason, or for an operator."""
    return (await look(unit, form)).answer


async def look(unit: Unit, form: Find) -> Answered:
    """As `find`, with what there is to count."""
    wanted = rules.read(form.text, unit.today)
    free = await _is_free(unit)
    with_people = free or form.reason is not None
    if form.reason is not None and not unit.context:
        unit.context = f"reason:{form.reason}"
    asked = with_people and people.asks_for(wanted)
    _audit(unit, wanted, asked=asked)
    found = await items.find(unit, wanted)
    found += await groups.find(unit, wanted, form.limit)
    persons = await people.find(unit, wanted, form.limit) if asked else []
    results = merge(found, persons, form.limit)
    answer = FoundAll(
        results=[hit.found for hit in results],
        more=len(found) + len(persons) > len(results),
        people_need_reason=not with_people and people.asks_for(wanted),
        sentence=_sentence(wanted, results, with_people=with_people),
    )
    shown = sum(hit.found.kind is FoundKind.MEMBER for hit in results)
    told = bool(shown or wanted.names or wanted.phone or wanted.last4)
    counted = asked and told and unit.actor.kind is not ActorKind.OPERATOR
    return Answered(answer, wanted.text, shown, counted=counted, free=free)


async def _is_free(unit: Unit) -> bool:
    """Whether people may be looked for without a reason: the call or the case is the reason."""
    if unit.actor.kind is ActorKind.OPERATOR or await gate.on_line(unit) is not None:
        return True
    item = await matching.in_hand(unit)
    if item and not unit.context:
        unit.context = item
    return bool(item)


def _audit(unit: Unit, wanted: Wanted, *, asked: bool) -> None:
    """Kind and keyed hash of the terms, never the terms."""
    digest = unit.keys.digest_of("search", wanted.text)[:16]
    unit.audit("search.find", "search", digest, kind=wanted.shape, people=asked)


def merge(found: Sequence[Hit], persons: Sequence[Hit], limit: int) -> list[Hit]:
    """Both in one order; where not all can stand, each leaves half of the room to the other."""
    half = limit // 2
    room = max(half, limit - len(persons))
    first = sorted(found, key=lambda hit: hit.place)
    kept = [hit for at, hit in enumerate(first) if at < room or hit.rank < BEGINS][:limit]
    kept += sorted(persons, key=lambda hit: hit.place)[: limit - len(kept)]
    return sorted(kept, key=lambda hit: (hit.rank, hit.found.kind is FoundKind.MEMBER, hit.place))


def _sentence(wanted: Wanted, results: Sequence[Hit], *, with_people: bool) -> str:
    if results:
        return ""
    if rules.is_bare_ssn(wanted.text):
        return _SSN_ALONE
    if wanted.born and not wanted.names and not wanted.last4:
        return _DATE_ALONE
    if not with_people and people.asks_for(wanted):
        return _SAY_WHY
    return _NOTHING
