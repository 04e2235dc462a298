"""What happened to a case: who, when, what. The words people wrote stand only where the case is open."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime
from typing import Any

from api_client.types.matching import HistoryLine
from api_client.types.words import MatchActKind, MatchDecision
from backend.database.unit import Unit
from backend.matching import act_store, key_store

ITSELF = "kprep"
"""Who did what nobody did."""


async def history(
    unit: Unit,
    item: Any,
    decisions: Sequence[Any],
    questions: Sequence[Any],
    stopped_at: datetime | None,
    *,
    masked: bool,
) -> list[HistoryLine]:
    """Everything, the oldest first; masked without notes, questions and words for colleagues."""
    lines = [*received(item, questions), *_decided(decisions, masked=masked)]
    if stopped_at is not None and questions and questions[-1].answered_at is None:
        lines.append(_line(stopped_at, ITSELF, "returned: the employer did not answer"))
    for one in await act_store.acts(unit.connection, item.id):
        words = "" if masked or one.kind in _SAID else one.words
        lines.append(_line(one.at, one.display_name or ITSELF, _did(one), words))
    lines.extend(
        _line(one.at, one.display_name or one.author, "note", "" if masked else one.text)
        for one in await act_store.notes(unit.connection, item.id)
    )
    return sorted(lines, key=lambda line: line.at)


async def changes(unit: Unit, item: Any, members: Sequence[Any]) -> list[HistoryLine]:
    """What changed in the candidates since the case came: they are compared as they are now."""
    mrns = {row.id: row.mrn for row in members}
    lines = [
        _line(row.created_at, ITSELF, f"MRN {row.mrn} came on file after this case; compared too")
        for row in members
        if row.created_at > item.submitted_at
    ]
    changed = [row.id for row in members if row.version > 1]
    for one in await key_store.past_of(unit.connection, changed) if changed else ():
        if one.until > item.submitted_at:
            what = f"MRN {mrns[one.member_id]} was changed after this case came; compared as it is now"
            lines.append(_line(one.until, ITSELF, what))
    return lines


def received(item: Any, questions: Sequence[Any]) -> Iterator[HistoryLine]:
    """How the case came, and what the employer was asked and answered."""
    yield _line(item.submitted_at, item.channel, f"received, receipt {item.receipt}")
    for one in questions:
        yield _line(one.asked_at, one.display_name, f"asked the employer by {one.channel}")
        if one.answered_at is not None:
            what = "the employer answered" if one.answer else "question withdrawn"
            yield _line(one.answered_at, one.display_name, what)


def _line(at: datetime, who: str, what: str, words: str = "") -> HistoryLine:
    return HistoryLine(at=at, who=who, what=f"{what}: {words}" if words else what)


def _decided(decisions: Sequence[Any], *, masked: bool) -> Iterator[HistoryLine]:
    for one in decisions:
        mrn = one.mrn or one.before.get("mrn") or ""
        what = f"{one.decision} {mrn}".rstrip()
        if one.decision == MatchDecision.UNLINK:
            what = f"asked to unlink MRN {mrn}"
        if one.reason:
            what = f"{what}, {one.reason}"
        if billed := one.before.get("billed"):
            what = f"{what}; billed since: {', '.join(billed)}"
        yield _line(one.at, one.display_name, what, "" if masked else one.note)
        if one.approved_at is not None:
            yield _line(one.approved_at, one.approver, f"approved: {one.decision}")


_SAID = (MatchActKind.SKIP, MatchActKind.REMIND)
"""Acts whose words are a reason or a day, and no person's."""


def _did(act: Any) -> str:
    """An act in words, without what somebody wrote."""
    what = {
        MatchActKind.SKIP: f"skipped, {act.words.replace('_', ' ')}",
        MatchActKind.HAND_OVER: f"handed over to {act.to_name}",
        MatchActKind.ESCALATE: "escalated to the leads",
        MatchActKind.ASSIGN: f"assigned to {act.to_name}",
        MatchActKind.TAKE_BACK: f"taken back from {act.to_name}",
        MatchActKind.REMIND: f"employer reminded, due {act.words}",
        MatchActKind.REFUSE: "refused as the second person",
        MatchActKind.UNDO: "decision taken back",
        MatchActKind.CARE: "put first: care is needed now",
        MatchActKind.CARE_OVER: "no longer first: care is not needed now",
    }
    return what[MatchActKind(act.kind)]
