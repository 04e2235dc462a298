"""Second looks: a share of the decisions is judged again by a colleague who does not see what was decided."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api_client.types.common import PAGE, Page
from api_client.types.matching import Decide, FamilyMember, MatchItem, MatchRow, SecondLook
from api_client.types.problems import ProblemType
from api_client.types.words import MatchDecision
from backend.database.unit import Unit
from backend.matching import act_store, candidates, history, rules, service, store, view
from backend.problems import Problem, not_found


async def choose(unit: Unit, decision_id: int) -> None:
    """Choose this applied decision for a second look, or not.

    A keyed digest chooses: nobody can foresee it, and the same store chooses the same again.
    """
    digest = unit.keys.digest_of("second_look", str(decision_id))
    if rules.is_chosen(digest, unit.policy.matching.second_look_percent):
        await act_store.add_sample(unit.connection, decision_id, unit.now)


async def waiting(unit: Unit) -> Page[MatchRow]:
    """Cases that wait for a second look this rep may take, masked."""
    rows = await act_store.samples_for(unit.connection, service.rep_of(unit), PAGE)
    return Page(rows=[view.match_row(unit, row) for row in rows])


async def show(unit: Unit, number: str) -> MatchItem:
    """The case as the first rep saw it, unmasked for this purpose, without what was decided or what it made.

    Raises NOT_FOUND when this rep has no second look to take at it.
    """
    item, sample = await _sample(unit, number)
    unit.audit("matching.second_look", "match_item", number)
    case = await view.context_of(unit, item)
    masked = await view.match_item(unit, case, masked=True)
    found = await _evidence(unit, case, sample)
    enrollment_id = case.enrollment.id
    questions = await store.questions(unit.connection, item.id)
    shown = await candidates.shown(unit, found, found.shown, but_enrollment=enrollment_id)
    family = await candidates.family(unit, case.enrollment, but_enrollment=enrollment_id)
    return masked.model_copy(
        update={
            "masked": False,
            "blind": True,
            "enrollee": view.enrollee(case.enrollment),
            "subscriber_number": case.enrollment.subscriber_number,
            "candidates": [
                one.model_copy(update={"family": _without_made(one.family, sample)}) for one in shown
            ],
            "warnings": [f"{one.mrn}: {text}" for one in found.shown for text in one.warnings],
            "family": _without_made(family, sample),
            "second_person_for_new": found.second_person_for_new(),
            "history": list(history.received(item, questions)),
            "ask_refused": "",
            "decided": None,
            "decided_mrn": None,
            "decided_by": None,
            "second_person": "",
            "undo_until": None,
        }
    )


async def look_again(unit: Unit, number: str, form: Decide) -> SecondLook:
    """Keep what a colleague would have decided, once; nothing of the case changes.

    Raises NOT_FOUND, INVALID, and RULE_REFUSES when a colleague was faster.
    """
    item, sample = await _sample(unit, number)
    service.refuse(rules.parts_missing(form.decision, mrn=form.mrn, reason=form.reason))
    member_id = None
    if form.mrn is not None:
        found = await _evidence(unit, await view.context_of(unit, item), sample)
        if found.of(form.mrn) is None:
            raise Problem(
                ProblemType.INVALID,
                f"MRN {form.mrn} is not among the candidates of this case.",
                errors=[("mrn", "is not a candidate")],
            )
        member_id = found.member_id(form.mrn)
    look = {
        "rep_id": service.rep_of(unit),
        "decision": form.decision,
        "member_id": member_id,
        "at": unit.now,
        "note": form.note,
    }
    if not await act_store.keep_look(unit.connection, sample.id, look):
        raise Problem(ProblemType.RULE_REFUSES, "A colleague has taken the second look meanwhile.")
    unit.audit("matching.look_again", "match_item", number)
    first = MatchDecision(sample.decision)
    return SecondLook(
        agrees=rules.second_look_agrees(first, sample.member_id, form.decision, member_id),
        first=first,
        first_mrn=sample.mrn,
    )


async def _sample(unit: Unit, number: str) -> tuple[Any, Any]:
    item = await service.item_of(unit, number)
    sample = await act_store.sample_of(unit.connection, item.id, service.rep_of(unit))
    if sample is None:
        raise not_found("second look for you at", number)
    return item, sample


def _without_made(family: Sequence[FamilyMember], sample: Any) -> list[FamilyMember]:
    """A family without the member the decision made, whatever coverage came since."""
    made = sample.mrn if sample.decision == MatchDecision.CREATE else None
    return [one for one in family if one.mrn != made]


async def _evidence(unit: Unit, case: view.Context, sample: Any) -> candidates.Evidence:
    """Who might have been the enrollee before it was decided: a member made by the decision was not there."""
    made = [sample.member_id] if sample.decision == MatchDecision.CREATE else []
    return await candidates.gather(unit, case.enrollment, leave_out=made)
