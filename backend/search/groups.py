"""Groups by number, what partners call them, name, tax number, phone, and a client's user ID."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from typing import Any

from api_client.types.billing_words import DelinquencyState
from api_client.types.call_words import Fact, FoundKind
from api_client.types.search import Found
from api_client.types.user_id_words import UserState
from backend.accounts import rules as accounts
from backend.billing import standings
from backend.calls import gate
from backend.database.unit import Unit
from backend.search import index, likeness, store
from backend.search.people import BEGINS, BY_ID, BY_NUMBER, FEW, NAMED, NEAR, RELATED, Hit
from backend.search.rules import Wanted, asked_forms, dashed
from backend.search.seek import Walk, Way, beginning, exactly, near_words, seek
from backend.user_ids.codes import login_digest
from backend.user_ids.logins import who_is

_STANDING = {
    DelinquencyState.PAST_DUE: "past due",
    DelinquencyState.GRACE: "in grace",
    DelinquencyState.TERM_PENDING: "coverage is ending",
    DelinquencyState.TERMINATED_NONPAY: "ended unpaid",
}
_LOOKED_AT = 3_000
"""Names that are compared when several words are typed: the index is walked no farther."""
_FEWEST_OF_A_LOGIN = 4
_SAID = re.compile(r"[A-Z]{4} [A-Z]{4} [0-9]{2}")
"""A user ID of ours without its hyphens."""
_MOST_NEAR = 5
_WAYS = {
    Way.ALIAS: "a partner's number",
    Way.EIN: "tax ID",
    Way.BILL_PHONE: "bill phone",
    Way.CONTACT_PHONE: "phone of a contact",
    Way.WORD: "name",
}


async def find(unit: Unit, wanted: Wanted, most: int) -> list[Hit]:
    """Groups that may be meant, the best first, at most one more than `most`."""
    pairs = await seek(unit.connection, _walks(unit, wanted), most + 1)
    keys = {key for _, key in pairs}
    words = wanted.group_words
    if len(words) > 1:
        keys |= set(await store.groups_with_words(unit.connection, words, _LOOKED_AT, most + 1))
    logins = {key for way, key in pairs if way is Way.LOGIN}
    if logins and not any([await _is_known(unit, one) for one in _logins(wanted)]):
        logins = set()
    hits = await _graded(unit, wanted, pairs, keys, near=False)
    if sum(hit[0] < NEAR for hit in hits) < FEW and not any(hit[0] <= BY_NUMBER for hit in hits):
        near = await seek(unit.connection, await _near_walks(unit, words), most + 1)
        hits += await _graded(unit, wanted, near, {key for _, key in near} - keys, near=True)
    hits.sort(key=lambda hit: (hit[0], hit[1], hit[3].number))
    return [*await _by_login(unit, logins), *await _shown(unit, hits[: most + 1])]


def _walks(unit: Unit, wanted: Wanted) -> Iterator[Walk]:
    if wanted.token:
        yield beginning(Way.NUMBER, wanted.token)
        yield beginning(Way.ALIAS, wanted.typed)
        yield beginning(Way.ALIAS, wanted.token)
    for login in _logins(wanted):
        yield exactly(Way.LOGIN, login_digest(unit.keys, login))
    if wanted.ein:
        yield exactly(Way.EIN, wanted.ein)
    if wanted.phone:
        for way in (Way.BILL_PHONE, Way.CONTACT_PHONE):
            yield beginning(way, dashed(wanted.phone))
    if wanted.group_words:
        yield beginning(Way.NAME, " ".join(wanted.group_words))
        if len(wanted.group_words) == 1:
            yield beginning(Way.WORD, wanted.group_words[0])


def _logins(wanted: Wanted) -> Iterator[str]:
    """The user ID that may be meant: as it is typed, and one that is said word by word."""
    if len(wanted.token) >= _FEWEST_OF_A_LOGIN:
        yield wanted.typed
    elif _SAID.fullmatch(wanted.text):
        yield wanted.text.replace(" ", "-")


async def _is_known(unit: Unit, login: str) -> bool:
    """Whether it is, or was, the user ID of somebody; one that was withdrawn before its use is nobody's."""
    user = await who_is(unit, login)
    return user is not None and user.state != UserState.WITHDRAWN


async def _near_walks(unit: Unit, words: Sequence[str]) -> list[Walk]:
    known = await near_words(unit.connection, index.GROUP, asked_forms(words), 200)
    walks = [Walk(Way.WORD, one, one) for word in words for one in likeness.nearest(word, known, _MOST_NEAR)]
    return walks if len(words) == 1 else [*walks, *(Walk(Way.WORD, word, word) for word in words if walks)]


async def _graded(
    unit: Unit, wanted: Wanted, pairs: Sequence[tuple[Way, int]], keys: Collection[int], *, near: bool
) -> list[tuple[int, int, str, Any]]:
    ways: dict[int, set[Way]] = {}
    for way, key in pairs:
        ways.setdefault(key, set()).add(way)
    rows = await store.groups(unit.connection, sorted(keys))
    graded = [(row, grade(row, ways.get(row.id, set()), wanted, near=near)) for row in rows]
    return [(*one, row) for row, one in graded if one is not None]


def grade(row: Any, ways: Collection[Way], wanted: Wanted, *, near: bool) -> tuple[int, int, str] | None:
    """Rank, cost and what matched; None for a group that was only near, or found by a user ID alone."""
    name = " ".join(wanted.group_words)
    if wanted.token and row.number == wanted.token:
        return BY_ID, 0, "group number"
    for way in (Way.EIN, Way.BILL_PHONE, Way.CONTACT_PHONE):
        if way in ways:
            whole = way is Way.EIN or len(wanted.phone) == 10
            return (BY_NUMBER if whole else BEGINS), 0, _WAYS[way]
    if name and row.name_key == name:
        return NAMED, 0, "name"
    if wanted.token and row.number.startswith(wanted.token):
        return BEGINS, 0, "group number"
    if Way.ALIAS in ways:
        return BY_NUMBER, 0, _WAYS[Way.ALIAS]
    if name and row.name_key.startswith(name):
        return BEGINS, 0, "name"
    words = row.name_key.split(" ")
    if name and all(any(word.startswith(one) for word in words) for one in wanted.group_words):
        return RELATED, 0, "name"
    return _near(words, wanted.group_words) if near else None


def _near(words: Sequence[str], typed: Iterable[str]) -> tuple[int, int, str] | None:
    cost = 0
    for one in typed:
        best = min(0 if word.startswith(one) else likeness.slips(one, word) for word in words)
        if best >= likeness.SLIP:
            return None
        cost += best
    return NEAR, cost, "name, nearly"


# -- what is shown ---------------------------------------------------------------------------------


async def _by_login(unit: Unit, keys: Collection[int]) -> list[Hit]:
    """Whose user ID it is, and nothing else of it: the ID itself stands nowhere."""
    return [
        Hit(
            BY_ID,
            1,
            Found(
                kind=FoundKind.USER_ID,
                id=row.number,
                label=row.name,
                detail="a user ID of this group",
                matched=["user ID"],
                group_number=row.number,
            ),
        )
        for row in await store.groups(unit.connection, sorted(keys))
    ]


async def _shown(unit: Unit, hits: Sequence[tuple[int, int, str, Any]]) -> list[Hit]:
    facts = {row.id: await gate.heard(unit, row) for *_, row in hits}
    told = [row.id for *_, row in hits if Fact.BILLING in facts[row.id]]
    states = await standings.of_accounts(unit, told) if told else {}
    return [
        Hit(
            rank,
            cost,
            Found(
                kind=FoundKind.GROUP,
                id=row.number,
                label=row.name,
                detail=detail(unit, row, facts[row.id], states.get(row.id, (None, None))[0]),
                matched=[matched],
                group_number=row.number,
            ),
        )
        for rank, cost, matched, row in hits
    ]


def detail(unit: Unit, row: Any, facts: Collection[Fact], standing: DelinquencyState | None) -> str:
    """City and how the group stands, as far as the caller on the line may hear it."""
    parts = []
    if Fact.GROUP in facts:
        parts = [row.city, accounts.group_state(row.state, row.ended_on, unit.today).value]
    if standing is not None and standing in _STANDING:
        parts.append(_STANDING[standing])
    return ", ".join(filter(None, parts))
