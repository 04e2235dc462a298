"""Compares the store, after all is over, with what the clients asked for and were told."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import URL, Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.words import EventKind, MatchDecision, MatchState
from backend.database import tables
from backend.database.engine import Database
from tests.faults.ledger import GIVES_CLAIM, NEEDS_CLAIM, Act, Kind, Ledger, Outcome

_MOVES = (Kind.DECIDE, Kind.APPROVE, Kind.ASK, Kind.ANSWER, Kind.UNDO)
"""What gives an item another version."""
_SILENT = (Kind.SKIP, Kind.HAND_OVER)
"""What may give an item another version without saying which."""
_AUDITED = {
    "matching.decide": (Kind.DECIDE,),
    "matching.approve": (Kind.APPROVE,),
    "matching.ask_employer": (Kind.ASK,),
    "matching.employer_answer": (Kind.ANSWER,),
    "matching.undo": (Kind.UNDO,),
    "matching.skip": (Kind.SKIP,),
    "matching.hand_over": (Kind.HAND_OVER,),
    "matching.take_back": (Kind.TAKE_BACK,),
    "matching.claim": (Kind.NEXT, Kind.CLAIM, Kind.UNDO),
}


@dataclass
class Verdict:
    """What is wrong, in words, by what it means for the plan."""

    lost: list[str] = field(default_factory=list)
    """Told as done, and not in the store."""
    doubled: list[str] = field(default_factory=list)
    """In the store more than once, or asked for by nobody."""
    stale: list[str] = field(default_factory=list)
    """Done under a claim that another had taken over."""
    wrong: list[str] = field(default_factory=list)
    """Anything else that does not agree."""

    @property
    def found(self) -> list[str]:
        """All of it."""
        named = {
            "lost": self.lost,
            "doubled": self.doubled,
            "stale accepted": self.stale,
            "wrong": self.wrong,
        }
        return [f"{name}: {one}" for name, all_ in named.items() for one in all_]


@dataclass
class _Store:
    """The rows that matter."""

    items: dict[str, Any]
    decisions: Sequence[Any]
    links: Sequence[Any]
    questions: Sequence[Any]
    audit: Counter[tuple[str, str, str]]
    events: frozenset[tuple[str, int]]
    coverages: Counter[int]
    members: int
    unfinished: int
    """Idempotency keys that were taken and hold no answer."""


async def judge(url: URL, ledger: Ledger, *, members: int, settled: bool) -> Verdict:
    """The verdict on a store nobody has open; `settled` once every act has had an answer.

    Before that, what a client does not know may or may not be in the store, but not twice. `members` is how
    many were on file before the clients came.
    """
    store = await _read(url)
    verdict = Verdict(stale=list(ledger.stale_accepted), wrong=list(ledger.wrong))
    _marks(verdict, "decision", store.decisions, "note", list(_asked(ledger, Kind.DECIDE)), settled=settled)
    _marks(verdict, "question", store.questions, "question", list(_asked(ledger, Kind.ASK)), settled=settled)
    answered = [row for row in store.questions if row.answered_at is not None]
    _marks(verdict, "answer", answered, "answer", list(_asked(ledger, Kind.ANSWER)), settled=settled)
    _standing(verdict, store, members)
    _claims(verdict, ledger)
    verdict.wrong += [
        f"{act.kind} of {act.item}: {what}"
        for act in ledger.acts
        if act.sent and (what := act.sent.contradiction())
    ]
    if settled:
        _versions(verdict, store, ledger)
        _record(verdict, store, ledger)
    return verdict


def _asked(ledger: Ledger, kind: Kind) -> list[Act]:
    return [act for act in ledger.acts if act.kind is kind]


# -- one row for each act, and an act for each row -------------------------------------------------------


def _marks(
    verdict: Verdict, what: str, rows: Sequence[Any], column: str, acts: list[Act], *, settled: bool
) -> None:
    """Rows carry the mark of the act that made them."""
    found: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        found[getattr(row, column)].append(row)
    for act in acts:
        mine = found.pop(act.mark, [])
        name = f"{what} {act.mark} of {act.item} by {act.rep}"
        if len(mine) > 1:
            verdict.doubled.append(name)
        if act.outcome is Outcome.DONE and not mine:
            verdict.lost.append(name)
        if act.outcome is Outcome.REFUSED and mine:
            (verdict.stale if act.problem == "lease-lost" else verdict.doubled).append(f"{name}, refused")
        if settled and act.outcome is Outcome.UNKNOWN:
            verdict.wrong.append(f"{name} is not settled")
        for row in mine:
            _same(verdict, name, row, act)
    verdict.doubled += [f"{what} {mark}, asked for by nobody" for mark in found]


def _same(verdict: Verdict, name: str, row: Any, act: Act) -> None:
    """The row says what the act asked for."""
    said = {"item": row.number}
    asked = {"item": act.item}
    if act.kind is Kind.DECIDE:
        said |= {"rep": row.username, "decision": row.decision}
        asked |= {"rep": act.rep, "decision": act.decision}
        if act.decision == MatchDecision.LINK:
            said["member"], asked["member"] = row.mrn, act.mrn
    elif act.kind is Kind.ASK:
        said["rep"], asked["rep"] = row.username, act.rep
    if said != asked:
        verdict.wrong.append(f"{name}: the store says {said}, asked was {asked}")


# -- what stands ---------------------------------------------------------------------------------------


def _standing(verdict: Verdict, store: _Store, members: int) -> None:
    """At most one decision stands for an item, and its state, link, member and coverage are those of it."""
    standing: dict[int, list[Any]] = defaultdict(list)
    for row in store.decisions:
        if row.undone_at is None:
            standing[row.item_id].append(row)
    active: dict[int, list[Any]] = defaultdict(list)
    for link in store.links:
        if link.ended_at is None:
            active[link.enrollment_id].append(link)
    for number, item in store.items.items():
        mine, links = standing[item.id], active[item.enrollment_id]
        if len(mine) > 1 or len(links) > 1:
            verdict.doubled.append(f"{number} has {len(mine)} decisions and {len(links)} links")
            continue
        says = mine[0].decision if mine else None
        fits = {
            MatchState.APPLIED: says in (MatchDecision.LINK, MatchDecision.CREATE),
            MatchState.RETURNED: says == MatchDecision.REJECT,
            MatchState.PENDING_APPROVAL: says in (MatchDecision.LINK, MatchDecision.CREATE),
        }.get(MatchState(item.state), says is None)
        if not fits:
            verdict.wrong.append(f"{number} is {item.state}, its standing decision {says}")
        if (item.state == MatchState.APPLIED) is not bool(links):
            verdict.wrong.append(f"{number} is {item.state} with {len(links)} links")
        if links and mine and links[0].member_id != mine[0].member_id:
            verdict.wrong.append(f"{number} is linked to another member than was decided")
        if store.coverages[item.enrollment_id] > len(links):
            verdict.doubled.append(f"{number} gave its coverage more than once, or after it was taken back")
    made = sum(link.created_member for links in active.values() for link in links)
    if store.members != members + made:
        verdict.wrong.append(f"{store.members} members on file, {members} and {made} new ones expected")


# -- claims --------------------------------------------------------------------------------------------


def _claims(verdict: Verdict, ledger: Ledger) -> None:
    """Whatever was done under a claim was done by who held it then."""
    claims: dict[str, list[Act]] = defaultdict(list)
    ended: dict[str, list[Act]] = defaultdict(list)
    for act in ledger.of(*GIVES_CLAIM, Kind.TAKE_BACK):
        ended[act.item].append(act)
        if act.kind in GIVES_CLAIM:
            claims[act.item].append(act)
    for act in ledger.of(*NEEDS_CLAIM):
        name = f"{act.kind} of {act.item} by {act.rep}"
        given = [claim for claim in claims[act.item] if claim.given == act.token and claim.rep == act.rep]
        if len(given) != 1:
            verdict.stale.append(f"{name} under a claim that was not theirs")
            continue
        for later in ended[act.item]:
            if given[0].not_after < later.not_before and _was_lost(act, later):
                verdict.stale.append(f"{name} after {later.kind} by {later.rep}")


def _was_lost(act: Act, later: Act) -> bool:
    """Whether the later claim, or end of one, was there before the act: by time, or by the version it saw."""
    if later.not_after < act.not_before:
        return True
    moves = act.kind in (Kind.DECIDE, Kind.ASK)
    return moves and bool(later.case["version"] == act.case["version"] - 1)


# -- once all is settled -------------------------------------------------------------------------------


def _versions(verdict: Verdict, store: _Store, ledger: Ledger) -> None:
    """Every change of an item has a version of its own, and none is missing."""
    told: dict[str, list[int]] = defaultdict(list)
    for act in ledger.of(*_MOVES):
        told[act.item].append(act.case["version"])
    silent = Counter(act.item for act in ledger.of(*_SILENT))
    for number, item in store.items.items():
        untold = Counter(range(2, item.version + 1))
        untold.subtract(told[number])
        if min(untold.values(), default=0) < 0 or untold.total() > silent[number]:
            verdict.lost.append(f"{number} has version {item.version}, told were {sorted(told[number])}")
        if missing := [one for one in told[number] if (number, one) not in store.events]:
            verdict.lost.append(f"{number}: no desk was told of versions {missing}")


def _record(verdict: Verdict, store: _Store, ledger: Ledger) -> None:
    """The record of who did what has one row for each act."""
    for action, kinds in _AUDITED.items():
        done = Counter((action, act.rep, act.item) for act in ledger.of(*kinds))
        rows = Counter({key: count for key, count in store.audit.items() if key[0] == action})
        verdict.lost += [f"not in the record: {key}, {count} times" for key, count in (done - rows).items()]
        verdict.doubled += [
            f"in the record only: {key}, {count} times" for key, count in (rows - done).items()
        ]
    if store.unfinished:
        verdict.wrong.append(f"{store.unfinished} idempotency keys hold no answer")


# -- the store -----------------------------------------------------------------------------------------


async def _read(url: URL) -> _Store:
    database = Database(url)
    try:
        async with database.read() as connection:
            return await _rows(connection)
    finally:
        await database.close()


async def _rows(connection: AsyncConnection) -> _Store:
    async def every(query: Select[Any]) -> Sequence[Any]:
        rows: Sequence[Any] = (await connection.execute(query)).all()
        return rows

    item, decision, question = tables.match_item, tables.match_decision, tables.match_question
    audit, event, coverage = tables.audit_row, tables.event, tables.coverage
    who = (item.c.number, tables.rep.c.username)
    decisions = (
        select(decision, *who, tables.member.c.mrn)
        .join(item, item.c.id == decision.c.item_id)
        .join(tables.rep, tables.rep.c.id == decision.c.rep_id)
        .outerjoin(tables.member, tables.member.c.id == decision.c.member_id)
    )
    questions = (
        select(question, *who)
        .join(item, item.c.id == question.c.item_id)
        .join(tables.rep, tables.rep.c.id == question.c.rep_id)
    )
    record = select(audit.c.action, audit.c.actor, audit.c.subject).where(
        audit.c.subject_kind == "match_item"
    )
    told = select(event.c.subject, event.c.version).where(event.c.kind == EventKind.MATCH_ITEM)
    covered = select(coverage.c.enrollment_id).where(coverage.c.enrollment_id.is_not(None))
    return _Store(
        items={row.number: row for row in await every(select(item))},
        decisions=await every(decisions),
        links=await every(select(tables.match_link)),
        questions=await every(questions),
        audit=Counter((row.action, row.actor, row.subject) for row in await every(record)),
        events=frozenset((row.subject, row.version) for row in await every(told)),
        coverages=Counter(row.enrollment_id for row in await every(covered)),
        members=(await every(select(func.count()).select_from(tables.member)))[0][0],
        unfinished=(
            await every(
                select(func.count()).select_from(tables.idempotency).where(tables.idempotency.c.status == 0)
            )
        )[0][0],
    )
