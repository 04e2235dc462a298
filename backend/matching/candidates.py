"""Who the enrollee may be, as a rep sees it: candidates with their comparisons, coverage and family."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from api_client.types.common import Address
from api_client.types.matching import Candidate, FamilyMember, FieldComparison, PersonView
from api_client.types.words import MatchDecision, Outcome, Verdict
from backend.accounts import members
from backend.accounts.rules import relationship_words
from backend.database.unit import Unit
from backend.matching import apart, index, model, rules, store
from backend.matching import evidence as engine
from backend.matching.people import Found, look_up

MODEL = model.MODEL
"""Which comparison decisions rest on now."""


@dataclass(frozen=True)
class Evidence:
    """Everyone compared with the enrollee, best first, and the rows of `member` behind them."""

    found: Found

    @property
    def ranked(self) -> Sequence[engine.Candidate]:
        """Everyone compared, best first."""
        return self.found.ranked

    @property
    def shown(self) -> Sequence[engine.Candidate]:
        """The candidates a rep sees."""
        return self.ranked[: engine.SHOWN]

    @property
    def rows_shown(self) -> Sequence[Any]:
        """Rows of `member` of the candidates a rep sees."""
        return [self.found.rows[one.mrn] for one in self.shown]

    def of(self, mrn: str | None) -> engine.Candidate | None:
        """The comparison with this member."""
        return next((one for one in self.ranked if one.mrn == mrn), None)

    def member_id(self, mrn: str) -> int:
        """The key of a member who was compared."""
        return int(self.found.rows[mrn].id)

    def second_person_for_new(self) -> str:
        """Why a new chart would need a second person."""
        return rules.second_person_needed(
            MatchDecision.CREATE,
            verdicts={},
            warnings=(),
            strong_candidate=any(one.strong for one in self.ranked),
        )

    def second_person_for(self, one: engine.Candidate, *, by_hand: bool = False) -> str:
        """Why a link to this member would need a second person."""
        return rules.second_person_needed(
            MatchDecision.LINK,
            verdicts=one.verdicts | ({engine.SSN: Verdict.DIFFERS} if one.other_number else {}),
            warnings=one.warnings,
            strong_candidate=False,
            by_hand=by_hand,
        )


async def gather(unit: Unit, enrollment: Any, *, leave_out: Sequence[int] = ()) -> Evidence:
    """The members on file who may be the enrollee; `leave_out` are keys of members who must not count."""
    found = await look_up(unit, enrollment)
    if leave_out:
        rows = {mrn: row for mrn, row in found.rows.items() if row.id not in leave_out}
        found = replace(found, rows=rows, members=[one for one in found.members if one.mrn in rows])
    return Evidence(found)


def with_more(unit: Unit, evidence: Evidence, rows: Sequence[Any]) -> Evidence:
    """The same with members found by hand, each compared as the candidates are."""
    found = evidence.found
    more = [index.of_row(unit, row) for row in rows if row.mrn not in found.rows]
    people = [*found.members, *more]
    rows_by_mrn = {**found.rows, **{str(row.mrn): row for row in rows}}
    return Evidence(replace(found, members=people, rows=rows_by_mrn))


def as_kept(one: engine.Candidate) -> dict[str, Any]:
    """What stands with a decision of a candidate the rep saw: verdicts, bits and warnings, no values."""
    return {
        "mrn": one.mrn,
        "score": one.score,
        "verdicts": {name: str(verdict) for name, verdict in one.verdicts.items()},
        "bits": {field.field: field.bits for field in one.comparisons},
        "warnings": list(one.warnings),
    }


async def shown(
    unit: Unit,
    evidence: Evidence,
    chosen: Sequence[engine.Candidate],
    *,
    but_enrollment: int | None = None,
    by_hand: frozenset[str] = frozenset(),
) -> list[Candidate]:
    """These members with group, coverage and family; coverage an enrollment made can be left out."""
    rows = {one.mrn: evidence.found.rows[one.mrn] for one in chosen}
    covered: dict[int, Any] = {}
    for row in await members.coverages(unit, [row.id for row in rows.values()]):
        if but_enrollment is None or row.enrollment_id != but_enrollment:
            covered.setdefault(row.member_id, row)
    pairs = {(row.account_id, row.subscriber_number) for row in covered.values()}
    families = await _families(unit, pairs, but_enrollment)
    told_apart = await apart.words(unit, rows.values()) if but_enrollment is None else {}
    return [
        _candidate(
            one,
            rows[one.mrn],
            covered.get(rows[one.mrn].id),
            unit.today,
            [member for key, member in _family_of(families, covered.get(rows[one.mrn].id)) if key != one.mrn],
            evidence.second_person_for(one, by_hand=one.mrn in by_hand),
            told_apart.get(one.mrn, ""),
        )
        for one in chosen
    ]


def _candidate(
    one: engine.Candidate,
    row: Any,
    coverage: Any | None,
    today: date,
    family: list[FamilyMember],
    second_person: str,
    told_apart: str,
) -> Candidate:
    person = PersonView(
        last_name=row.last_name,
        first_name=row.first_name,
        middle_name=row.middle_name,
        suffix=row.suffix,
        birth_date=row.birth_date.isoformat() if row.birth_date else "",
        ssn_last4=row.ssn_last4,
        sex=row.sex,
        address=Address(street=row.street, city=row.city, state=row.state_code, zip=row.zip),
        phone=row.phone,
    )
    return Candidate(
        mrn=one.mrn,
        person=person,
        group=f"{coverage.number} {coverage.name}" if coverage else "no group",
        coverage=_standing(coverage, today) if coverage else "no coverage on file",
        score=one.score,
        comparisons=[
            FieldComparison(field=field.field, verdict=field.verdict, words=field.words, bits=field.bits)
            for field in one.comparisons
        ],
        warnings=list(one.warnings),
        family=family,
        second_person=second_person,
        told_apart=told_apart,
    )


def _standing(row: Any, today: date) -> str:
    if row.ends_on is None:
        return "active" if row.starts_on <= today else f"from {row.starts_on}"
    return f"ended {row.ends_on}" if row.ends_on < today else f"ends {row.ends_on}"


# -- families --------------------------------------------------------------------------------------

_Family = list[tuple[str, FamilyMember]]
"""Members of a family by member number."""


async def _families(
    unit: Unit, pairs: set[tuple[int, str]], but_enrollment: int | None
) -> dict[tuple[int, str], _Family]:
    """Everyone covered under each group and subscriber number, each person once."""
    families: dict[tuple[int, str], dict[str, FamilyMember]] = {pair: {} for pair in pairs}
    for row in await members.families(unit, sorted(pair for pair in pairs if pair[1])):
        if but_enrollment is not None and row.enrollment_id == but_enrollment:
            continue
        families[row.account_id, row.subscriber_number].setdefault(
            row.mrn,
            FamilyMember(
                name=_name(row),
                relationship=relationship_words(row.relationship),
                birth_date=row.birth_date.isoformat() if row.birth_date else "",
                mrn=row.mrn,
                standing=_standing(row, unit.today),
            ),
        )
    return {pair: list(people.items()) for pair, people in families.items()}


def _family_of(families: dict[tuple[int, str], _Family], coverage: Any | None) -> _Family:
    return families[coverage.account_id, coverage.subscriber_number] if coverage else []


def _name(row: Any) -> str:
    return " ".join(part for part in (row.first_name, row.middle_name, row.last_name, row.suffix) if part)


async def family(unit: Unit, enrollment: Any, *, but_enrollment: int | None = None) -> list[FamilyMember]:
    """Who else was enrolled under the enrollee's subscriber number in the group, or is covered under it."""
    if enrollment.account_id is None or not enrollment.subscriber_number:
        return []
    pair = (int(enrollment.account_id), str(enrollment.subscriber_number))
    on_file = (await _families(unit, {pair}, but_enrollment))[pair]
    enrolled = await store.enrolled_with(unit.connection, enrollment)
    # Who is left out would be told by the gap, so a look at the case as it was leaves nobody out.
    own = {row.member_mrn for row in enrolled if row.id == enrollment.id and but_enrollment is None}
    listed = {mrn for mrn, _ in on_file}
    return [member for mrn, member in on_file if mrn not in own] + [
        FamilyMember(
            name=_name(row),
            relationship=relationship_words(row.relationship),
            birth_date=row.birth_date,
            mrn=row.member_mrn or "",
            standing=_became(row),
        )
        for row in enrolled
        if row.id != enrollment.id and row.member_mrn not in listed
    ]


def _became(row: Any) -> str:
    """Where another's enrollment stands."""
    if row.outcome == Outcome.QUEUED:
        return f"in the queue, {row.number}"
    return f"applied, MRN {row.member_mrn}" if row.member_mrn else str(row.outcome)
