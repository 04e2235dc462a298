"""People by name, birth date, phone, member number or the end of their SSN; masked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from api_client.types.call_words import FoundKind
from api_client.types.search import Found
from backend.accounts import members
from backend.accounts.rules import mask_name
from backend.calls import gate
from backend.cards.view import masked_birth_date
from backend.database.unit import Unit
from backend.search import index, likeness, store
from backend.search.rules import Name, Wanted, asked_forms
from backend.search.seek import LAST, Walk, Way, beginning, exactly, near_words, seek

BY_ID, BY_NUMBER, NAMED, BEGINS, RELATED, NEAR = range(6)
"""Ranks of what is found, the best first."""
FEW = 3
"""So few fit well that slips are looked for."""
_MOST_NEAR = 5
_MOST_WORDS_NEAR = 200
_OF_ONE_DAY = 400
"""People of one birth date or one end of an SSN who are compared when nobody fits exactly."""
_EARLIER = frozenset({Way.OTHER_NAME, Way.OTHER_LAST})


@dataclass(frozen=True)
class Hit:
    """One result with its place in the order."""

    rank: int
    cost: int
    found: Found

    @property
    def place(self) -> tuple[int, int, str]:
        """The order of results."""
        return self.rank, self.cost, self.found.id


def asks_for(wanted: Wanted) -> bool:
    """Whether the text can be about a person at all."""
    return bool(wanted.names or wanted.phone or wanted.mrn or wanted.token or (wanted.born and wanted.last4))


async def find(unit: Unit, wanted: Wanted, most: int) -> list[Hit]:
    """People who may be meant, the best first, at most one more than `most`."""
    pairs = await seek(unit.connection, _walks(wanted), most + 1)
    graded = await _graded(unit, wanted, pairs, near=False)
    if wanted.names and sum(rank < NEAR for rank, _, _ in graded.values()) < FEW:
        near = await seek(unit.connection, await _near_walks(unit, wanted), _most_near(wanted, most))
        graded |= await _graded(unit, wanted, near, near=True, known=graded)
    best = sorted(graded.values(), key=lambda one: (one[0], one[1].cost, one[2].id))[: most + 1]
    return await _shown(unit, best)


def _walks(wanted: Wanted) -> Iterator[Walk]:
    if len(wanted.phone) == 10:
        yield exactly(Way.MEMBER_PHONE, wanted.phone)
    elif wanted.phone:
        yield beginning(Way.MEMBER_PHONE, wanted.phone)
    for number in _numbers(wanted):
        yield exactly(Way.MRN, number)
    if wanted.born and wanted.last4 and not wanted.names:
        yield Walk(Way.BORN_LAST4, wanted.last4, wanted.last4, wanted.born.isoformat())
    for name in wanted.names:
        yield from _walks_of_day(wanted, name) if wanted.born or wanted.last4 else _walks_of_name(name)


def _numbers(wanted: Wanted) -> set[str]:
    return {number for number in (wanted.mrn, wanted.token, wanted.token and wanted.typed) if number}


def _walks_of_day(wanted: Wanted, name: Name) -> Iterator[Walk]:
    """With a birth date or the end of an SSN the last name may be as short as it likes."""
    if not name.last:
        return
    if wanted.born:
        yield beginning(Way.BORN_LAST, name.last, wanted.born.isoformat())
    else:
        yield beginning(Way.LAST4_LAST, name.last, wanted.last4)


def _walks_of_name(name: Name) -> Iterator[Walk]:
    if name.last and name.first:
        yield beginning(Way.LAST_FIRST, name.first, name.last)
        yield beginning(Way.FIRST_LAST, name.last, name.first)
        yield beginning(Way.OTHER_NAME, name.first, name.last)
        for form in likeness.nicknames(name.first):
            yield Walk(Way.LAST_FIRST, form, form, name.last)
    elif name.last:
        yield beginning(Way.LAST, name.last)
        yield beginning(Way.OTHER_LAST, name.last)
    else:
        yield beginning(Way.FIRST, name.first)


# -- with a slip -----------------------------------------------------------------------------------


def _most_near(wanted: Wanted, most: int) -> int:
    return _OF_ONE_DAY if wanted.born or wanted.last4 else most + 1


async def _near_walks(unit: Unit, wanted: Wanted) -> list[Walk]:
    if wanted.born:
        return [Walk(Way.BORN_LAST, "", LAST, wanted.born.isoformat())]
    if wanted.last4:
        return [Walk(Way.LAST4_LAST, "", LAST, wanted.last4)]
    lasts = await _near(unit, index.LAST, {name.last for name in wanted.names})
    firsts = await _near(unit, index.FIRST, {name.first for name in wanted.names})
    walks: list[Walk] = []
    for name in wanted.names:
        near_lasts, near_firsts = lasts.get(name.last, []), firsts.get(name.first, [])
        if not name.first:
            walks += [Walk(Way.LAST, last, last) for last in near_lasts]
            walks += [Walk(Way.OTHER_LAST, last, last) for last in near_lasts]
        elif not name.last:
            walks += [Walk(Way.FIRST, first, first) for first in near_firsts]
        else:
            given = [name.first, *likeness.nicknames(name.first)[:2], *near_firsts]
            pairs = [(last, first) for last in [name.last, *near_lasts] for first in given]
            for last, first in pairs:
                walks += [beginning(Way.LAST_FIRST, first, last), beginning(Way.OTHER_NAME, first, last)]
    return walks


async def _near(unit: Unit, kind: str, typed: Iterable[str]) -> dict[str, list[str]]:
    """The nearest words of each that was typed."""
    words = {word for word in typed if word and " " not in word}
    known = await near_words(unit.connection, kind, asked_forms(words), _MOST_WORDS_NEAR * max(1, len(words)))
    return {word: likeness.nearest(word, known, _MOST_NEAR) for word in words}


# -- who fits --------------------------------------------------------------------------------------
Graded = tuple[int, likeness.Fit, Any]
"""Rank, fit, row of the member."""


async def _graded(
    unit: Unit,
    wanted: Wanted,
    pairs: Sequence[tuple[Way, int]],
    *,
    near: bool,
    known: Iterable[int] = (),
) -> dict[int, Graded]:
    earlier = {key for way, key in pairs if way in _EARLIER}
    keys = {key for _, key in pairs} - set(known)
    graded: dict[int, Graded] = {}
    for row in await store.members(unit.connection, sorted(keys)):
        one = grade(row, wanted, near=near, earlier=row.id in earlier)
        if one is not None:
            graded[row.id] = (*one, row)
    return graded


def grade(row: Any, wanted: Wanted, *, near: bool, earlier: bool) -> tuple[int, likeness.Fit] | None:
    """Rank and fit of a member; None for one who was only near."""
    if row.mrn in _numbers(wanted):
        return BY_ID, likeness.Fit(0, ("member number",))
    if wanted.phone and row.phone_key.startswith(wanted.phone):
        return (BY_NUMBER if row.phone_key == wanted.phone else BEGINS), likeness.Fit(0, ("phone",))
    beside = _beside(row, wanted)
    if beside is None:
        return None
    if not wanted.names:
        return (NAMED, likeness.Fit(0, beside)) if beside else None
    fit = likeness.fits(row.last_key, row.first_key, wanted.names, near=near)
    if fit is None:
        return (RELATED, likeness.Fit(likeness.SLIP, ("earlier name", *beside))) if earlier else None
    rank = NAMED if fit.cost == 0 else BEGINS if fit.cost < likeness.SLIP else NEAR
    return max(BY_NUMBER, rank - 1 if beside else rank), likeness.Fit(fit.cost, (*fit.matched, *beside))


def _beside(row: Any, wanted: Wanted) -> tuple[str, ...] | None:
    """What fits besides the name; None where birth date or SSN is another's."""
    if (wanted.born and row.birth_date != wanted.born) or (wanted.last4 and row.ssn_last4 != wanted.last4):
        return None
    return (
        *(("birth date",) if wanted.born else ()),
        *(("SSN last four",) if wanted.last4 else ()),
    )


async def _shown(unit: Unit, best: Sequence[Graded]) -> list[Hit]:
    in_call = await gate.on_line(unit) is not None
    groups: dict[int, Any] = {}
    for coverage in await members.coverages(unit, [row.id for _, _, row in best]) if best else ():
        runs = coverage.ends_on is None or coverage.ends_on >= unit.today
        if coverage.member_id not in groups or (runs and not groups[coverage.member_id][0]):
            groups[coverage.member_id] = runs, coverage
    return [
        Hit(rank, fit.cost, _found(row, groups.get(row.id, (False, None))[1], fit, in_call=in_call))
        for rank, fit, row in best
    ]


def _found(row: Any, coverage: Any, fit: likeness.Fit, *, in_call: bool) -> Found:
    """A member, masked; in a call not even the year of birth, which is an answer the caller gives."""
    group = f"{coverage.number} {coverage.name}" if coverage is not None else "in no group"
    born = masked_birth_date(row.birth_date.isoformat()) if row.birth_date and not in_call else ""
    return Found(
        kind=FoundKind.MEMBER,
        id=row.mrn,
        label=mask_name(row.first_name, row.last_name),
        detail=f"{group}, born {born}" if born else group,
        matched=list(fit.matched),
        group_number=coverage.number if coverage is not None else "",
    )
