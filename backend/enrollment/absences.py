"""Who is active in a group and missing from a full file: candidates that a person approves or dismisses.

Somebody missing from a list may have left, or may have been forgotten: coverage never ends by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any, cast

from api_client.types.common import PAGE, Page
from api_client.types.enrollment import Absence, Absent, DecideAbsences
from api_client.types.problems import ProblemType
from api_client.types.words import AbsenceState
from backend.accounts import members as people
from backend.accounts import rules as account_rules
from backend.accounts import service as accounts
from backend.cursor import open_cursor, seal_cursor
from backend.database.unit import Unit
from backend.enrollment import absence_store as store
from backend.enrollment import file_words, rules
from backend.enrollment.file_members import Named
from backend.problems import Problem

_PAGE = 500


async def missing(unit: Unit, named: Named, account_id: int, after: int) -> tuple[Sequence[Any], int | None]:
    """Active members of a group whom a file does not name, of one page; the page after it begins behind
    the second value, None at the end."""
    rows = await store.active(unit.connection, account_id, unit.today, after, _PAGE)
    found = [row for row in rows if row.member_id not in named.people]
    return found, rows[-1].member_id if len(rows) == _PAGE else None


async def count(unit: Unit, named: Named) -> tuple[int, int]:
    """How many people are active in the groups a file names, and how many of them it leaves out."""
    active = absent = 0
    for account_id in named.groups:
        after: int | None = 0
        while after is not None:
            rows = await store.active(unit.connection, account_id, unit.today, after, _PAGE)
            active += len(rows)
            absent += sum(row.member_id not in named.people for row in rows)
            after = rows[-1].member_id if len(rows) == _PAGE else None
    return active, absent


def absent(row: Any) -> Absent:
    """A noted absence, as an operator's report lists it."""
    return Absent(
        subscriber=row.subscriber_number,
        mrn=row.mrn,
        group=row.group_number,
        relationship=account_rules.relationship_words(row.relationship),
    )


async def named(unit: Unit, account_id: int, rows: Sequence[Any]) -> list[Absent]:
    """Members who are missing, as an operator's report lists them."""
    if not rows:
        return []
    account = await accounts.account_by_id(unit, account_id)
    mrns = await store.member_numbers(unit.connection, [row.member_id for row in rows])
    return [
        Absent(
            subscriber=row.subscriber_number,
            mrn=mrns[row.member_id],
            group=account.number,
            relationship=account_rules.relationship_words(row.relationship),
        )
        for row in rows
    ]


async def note(
    unit: Unit, file_id: int, seen: Named, account_id: int, after: int, *, decides: bool
) -> int | None:
    """Write down one page of who is missing; returns behind whom the next page begins, None at the end.

    Safe to repeat: what is noted already is passed over, and whom the file itself enrolled is not missing.
    """
    begin = max(after, await store.noted(unit.connection, file_id, account_id))
    found, following = await missing(unit, seen, account_id, begin)
    mine = await store.named_in(unit.connection, file_id, [row.member_id for row in found])
    state = AbsenceState.OPEN if decides else AbsenceState.LISTED
    rows = [
        {
            "file_id": file_id,
            "account_id": account_id,
            "member_id": row.member_id,
            "subscriber_number": row.subscriber_number,
            "relationship": row.relationship,
            "state": state,
            "before": [],
        }
        for row in found
        if row.member_id not in mine
    ]
    if rows:
        await store.add(unit.connection, rows)
    return following


async def page(unit: Unit, file: Any, state: AbsenceState | None, cursor: str | None) -> Page[Absence]:
    """Who is missing from a file, by name, for a person decides about them."""
    after = cast(int, open_cursor(unit.keys, "absences", cursor)[0]) if cursor else 0
    rows = await store.listed(unit.connection, file.id, PAGE + 1, state=state, after=after)
    shown = rows[:PAGE]
    unit.audit("enrollment.absences", "file", file.number, members=[row.mrn for row in shown])
    covered = await _covered(unit, shown)
    following = seal_cursor(unit.keys, "absences", [shown[-1].id]) if len(rows) > PAGE else None
    return Page(rows=[_absence(unit, row, covered[row.id]) for row in shown], next=following)


async def _covered(unit: Unit, rows: Sequence[Any]) -> dict[int, tuple[date | None, str]]:
    """Since when, and by which lines, each of them is covered in their group."""
    found: dict[int, tuple[date | None, str]] = {}
    coverage = await people.coverages(unit, [row.member_id for row in rows]) if rows else []
    for row in rows:
        mine = [one for one in coverage if (one.member_id, one.account_id) == (row.member_id, row.account_id)]
        starts = [one.starts_on for one in mine]
        found[row.id] = (min(starts, default=None), ", ".join(sorted({one.line for one in mine})))
    return found


def _absence(unit: Unit, row: Any, covered: tuple[date | None, str]) -> Absence:
    mine = row.decided_by is not None and row.decided_by == unit.actor.rep_id
    until = row.decided_at + _undo_time(unit) if mine and row.decided_at else None
    return Absence(
        key=f"{row.group_number} {row.mrn}",
        mrn=row.mrn,
        name=f"{row.first_name} {row.last_name}".strip(),
        relationship=account_rules.relationship_words(row.relationship),
        group=row.group_number,
        subscriber=file_words.masked_number(row.subscriber_number),
        covered_from=covered[0] or unit.today,
        lines=covered[1],
        warning=_WAITING if row.waiting and row.state == AbsenceState.OPEN else "",
        state=AbsenceState(row.state),
        ends_on=row.ends_on,
        decided_by=row.decider or "",
        decided_at=row.decided_at,
        undo_until=until if until and until > unit.now else None,
    )


_WAITING = "somebody of this family in the file waits in the match queue: it may be this person"


def _undo_time(unit: Unit) -> timedelta:
    return timedelta(minutes=unit.policy.matching.own_undo_minutes)


async def decide(unit: Unit, file: Any, form: DecideAbsences) -> None:
    """End the coverage of these people, or leave them covered.

    Raises RULE_REFUSES when one is decided already or the last day cannot be, NOT_FOUND for one not missing.
    """
    if form.decision not in (AbsenceState.APPROVED, AbsenceState.DISMISSED):
        raise Problem(ProblemType.INVALID, "A candidate is approved or dismissed.")
    rows = await _rows(unit, file, form.people)
    if any(row.state != AbsenceState.OPEN for row in rows):
        raise Problem(ProblemType.RULE_REFUSES, "Somebody among them is decided already; F7 shows who.")
    if form.decision is AbsenceState.APPROVED:
        received_on = file.received_at.astimezone(unit.zone).date()
        refused = file_words.last_day_refused(
            form.ends_on, received_on, unit.policy.enrollment.retro_term_months
        )
        if refused:
            raise Problem(ProblemType.RULE_REFUSES, refused)
        await _families_whole(unit, rows)
    for row in rows:
        before = await _end(unit, row, form.ends_on) if form.decision is AbsenceState.APPROVED else []
        decided = {
            "state": form.decision,
            "ends_on": form.ends_on if form.decision is AbsenceState.APPROVED else None,
            "reason": form.reason,
            "decided_by": unit.actor.rep_id,
            "decided_at": unit.now,
            "before": before,
        }
        await store.change(unit.connection, row.id, decided)
        unit.audit(f"enrollment.absence_{form.decision}", "member", row.mrn, file=file.number)


async def _families_whole(unit: Unit, rows: Sequence[Any]) -> None:
    """With a subscriber goes the whole family: nobody of it may stay covered unseen. Raises RULE_REFUSES."""
    chosen = {row.member_id for row in rows}
    for row in rows:
        running = await store.running(unit.connection, row.account_id, [row.member_id], unit.today)
        own = {one.subscriber_number for one in running if one.relationship == rules.SUBSCRIBER}
        left = set(await store.families(unit.connection, row.account_id, own, unit.today)) - chosen
        if left:
            others = "1 other of the family is" if len(left) == 1 else f"{len(left)} others of the family are"
            raise Problem(
                ProblemType.RULE_REFUSES,
                f"MRN {row.mrn} is a subscriber, and {others} still covered: with the subscriber the whole "
                "family ends. Mark them too, or ask the client first.",
            )


async def _end(unit: Unit, row: Any, ends_on: date | None) -> list[list[Any]]:
    """End what the person has in the group; returns the coverages with their ends as they were."""
    assert ends_on is not None
    running = await store.running(unit.connection, row.account_id, [row.member_id], ends_on)
    before = [[one.id, one.ends_on.isoformat() if one.ends_on else None] for one in running]
    for subscriber_number in sorted({one.subscriber_number for one in running}):
        await people.end_coverage(
            unit,
            account_id=row.account_id,
            subscriber_number=subscriber_number,
            ends_on=ends_on,
            member_id=row.member_id,
        )
    return before


async def undo(unit: Unit, file: Any, keys: Sequence[str]) -> None:
    """Take decisions of one's own back; whose coverage was ended is covered again as before.

    Raises NOT_ALLOWED for another's decision, RULE_REFUSES when it is too late.
    """
    rows = await _rows(unit, file, keys)
    for row in rows:
        if row.decided_at is None:
            raise Problem(ProblemType.RULE_REFUSES, "Somebody among them is not decided yet.")
        if row.decided_by != unit.actor.rep_id:
            raise Problem(ProblemType.NOT_ALLOWED, "Only who decided can take it back.")
        if unit.now > row.decided_at + _undo_time(unit):
            raise Problem(ProblemType.RULE_REFUSES, "It is too late to take it back; reinstate the person.")
    for row in rows:
        await _untouched(unit, row)
        for coverage_id, ends_on in row.before:
            await people.restore_end(
                unit, row.account_id, coverage_id, date.fromisoformat(ends_on) if ends_on else None
            )
        reopened = {"state": AbsenceState.OPEN, "ends_on": None, "reason": "", "decided_by": None}
        await store.change(unit.connection, row.id, {**reopened, "decided_at": None, "before": []})
        unit.audit("enrollment.absence_undone", "member", row.mrn, file=file.number)


async def _untouched(unit: Unit, row: Any) -> None:
    """Only what the decision itself did is taken back. Raises RULE_REFUSES when more was done since."""
    if row.ends_on is None:
        return
    running = await store.running(unit.connection, row.account_id, [row.member_id], row.ends_on)
    ended = {int(coverage_id): row.ends_on for coverage_id, _ in row.before}
    if {one.id: one.ends_on for one in running} != ended:
        raise Problem(
            ProblemType.RULE_REFUSES,
            f"The coverage of MRN {row.mrn} was changed after this was decided; look at the person.",
        )


async def _rows(unit: Unit, file: Any, keys: Sequence[str]) -> Sequence[Any]:
    people_named = [cast(tuple[str, str], tuple(key.rpartition(" ")[::2])) for key in dict.fromkeys(keys)]
    rows = await store.of_people(unit.connection, file.id, people_named)
    if len(rows) != len(people_named):
        raise Problem(ProblemType.NOT_FOUND, "Somebody among them is not missing from this file.")
    return rows
