"""One 834 file through intake: judged first, then its members one family after the other.

A test file, a dry run and a file that was taken before change nothing. A run that broke off goes on where it
stopped when the same file comes again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncGenerator, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from api_client.types.enrollment import FileError, FileMember, FileReport
from api_client.types.words import Channel, Outcome
from backend.actors import Actor
from backend.database.unit import Unit
from backend.enrollment import service, store
from backend.enrollment.edi.acknowledge import ack999, ta1
from backend.enrollment.edi.reader import inspect, members
from backend.enrollment.edi.report import Interchange, Judgement
from backend.enrollment.edi.transaction import MemberTransaction
from backend.enrollment.meaning import transaction_of
from backend.enrollment.rules import Stopped
from backend.progress import Progress
from backend.runtime import Runtime

_BATCH = 8
"""Members a unit takes before its next family: about a tenth of a second of the one writer's time."""
_LISTED = 5000
"""Members a report names one by one; its counts are always complete."""
_RUNNING, _DONE = "running", "done"


class _Preview(Exception):
    """Takes back all a unit did."""


@dataclass
class _Run:
    """One file on its way."""

    runtime: Runtime
    actor: Actor
    request_id: str
    channel: Channel
    judgement: Judgement
    interchange: Interchange
    file_id: int | None = None
    """None where nothing is applied."""
    done: int = 0
    counts: Counter[str] = field(default_factory=Counter)
    listed: list[FileMember] = field(default_factory=list)

    def note(self, member: FileMember) -> None:
        """Count a member, and list it while the list is short enough to read."""
        self.done += 1
        self.counts[member.outcome] += 1
        if len(self.listed) < _LISTED:
            self.listed.append(member)


async def import_834(
    runtime: Runtime,
    actor: Actor,
    source: BinaryIO,
    *,
    request_id: str,
    name: str = "",
    channel: Channel = Channel.EDI,
    dry_run: bool = False,
) -> AsyncGenerator[Progress | FileReport, None]:
    """Take a file: progress, and at the end the report with TA1, 999 and what became of each member."""
    judgement = await runtime.in_thread(lambda: inspect(source))
    interchange = judgement.interchange
    if interchange is None or not judgement.accepted:
        await _audit(runtime, actor, request_id, judgement, "enrollment.file_refused")
        yield _report(judgement, applied=False)
        return
    run = _Run(runtime, actor, request_id, channel, judgement, interchange)
    applies = not judgement.test and not dry_run
    if applies:
        earlier = await _register(run, name)
        if earlier is not None:
            yield earlier
            return
    families = _families(members(source, judgement))
    while batch := await runtime.in_thread(lambda: next(families, None)):
        await _take(run, batch)
        yield Progress(run.done, judgement.members)
    report = _report(judgement, applied=applies, listed=run.listed, counts=run.counts)
    if run.file_id is not None:
        async with runtime.act(actor, request_id) as unit:
            stored = {"state": _DONE, "report": report.model_dump(mode="json")}
            await store.change_file(unit.connection, run.file_id, stored)
    await _audit(
        runtime,
        actor,
        request_id,
        judgement,
        "enrollment.file_taken" if applies else "enrollment.file_tested",
    )
    yield report


async def _audit(runtime: Runtime, actor: Actor, request_id: str, judgement: Judgement, action: str) -> None:
    async with runtime.act(actor, request_id) as unit:
        unit.audit(action, "file", judgement.sha256[:16], members=judgement.members)


async def _register(run: _Run, name: str) -> FileReport | None:
    """Write the file down, or find it again; returns the report when it is not to be taken (again)."""
    sent = run.interchange
    sender = f"{sent.sender_qualifier}/{sent.sender}"
    receiver = f"{sent.receiver_qualifier}/{sent.receiver}"
    async with run.runtime.act(run.actor, run.request_id) as unit:
        known = await store.file_by_control(unit.connection, sender, receiver, sent.control_number)
        if known is None:
            run.file_id = await store.add_file(
                unit.connection,
                {
                    "name": name,
                    "channel": run.channel,
                    "sender": sender,
                    "receiver": receiver,
                    "control_number": sent.control_number,
                    "sha256": run.judgement.sha256,
                    "received_at": unit.now,
                    "state": _RUNNING,
                    "report": {},
                },
            )
            return None
        if known.sha256 == run.judgement.sha256 and known.state == _RUNNING:
            run.file_id = known.id
            return None
        unit.audit("enrollment.file_again", "file", run.judgement.sha256[:16])
    if known.sha256 == run.judgement.sha256:
        again: dict[str, Any] = {**known.report, "duplicate": True, "applied": False}
        return FileReport.model_validate(again)
    return _other_content(run)


def _other_content(run: _Run) -> FileReport:
    """The sender used the control number before, for something else (TA105 025: duplicate)."""
    number = run.interchange.control_number
    sentence = (
        f"Control number {number} came from this sender before, with other content. "
        "Nothing was changed; have the file sent under a number of its own."
    )
    error = FileError(segment="ISA", element=13, position=0, code="025", sentence=sentence)
    report = _report(run.judgement, applied=False)
    refused = {"accepted": False, "duplicate": True, "errors": [error], "ack999": None}
    code = {**(report.ta1 or {}), "code": "R", "note": "025"}
    return report.model_copy(update={**refused, "ta1": code})


def _families(found: Iterator[MemberTransaction]) -> Iterator[list[MemberTransaction]]:
    """Members in batches that end before a subscriber, so that a family is never parted."""
    batch: list[MemberTransaction] = []
    for member in found:
        if len(batch) >= _BATCH and member.subscriber:
            yield batch
            batch = []
        batch.append(member)
    if batch:
        yield batch


async def _take(run: _Run, batch: list[MemberTransaction]) -> None:
    """Deal with a batch in one unit, which is taken back where nothing is to be applied."""
    with suppress(_Preview):
        async with run.runtime.act(run.actor, run.request_id) as unit:
            for member in batch:
                run.note(await _one(unit, run, member))
            if run.file_id is None:
                raise _Preview


async def _one(unit: Unit, run: _Run, member: MemberTransaction) -> FileMember:
    group_control, set_control, ins_index = member.key
    place = None
    if run.file_id is not None:
        place = service.Place(run.file_id, f"{group_control}/{set_control}", ins_index)
        earlier = await store.at_place(unit.connection, place.file_id, place.set_control, ins_index)
        if earlier is not None:
            return _member(member, Outcome(earlier.outcome), earlier.why, None)
    asked = transaction_of(member, channel=run.channel, partner=run.interchange.sender, today=unit.today)
    if isinstance(asked, Stopped):
        return _member(member, asked.outcome, asked.why, None)
    receipt = await service.take(unit, asked, submitted_by=run.interchange.sender, at=place)
    # What is taken back again leaves no item behind that somebody could look for.
    item = receipt.item if run.file_id is not None else None
    return _member(member, receipt.outcome, receipt.why, item)


def _member(member: MemberTransaction, outcome: Outcome, why: str, item: str | None) -> FileMember:
    return FileMember(
        subscriber=member.subscriber_number,
        maintenance_type=member.maintenance_type,
        reason=member.reason,
        outcome=outcome,
        why=why,
        item=item,
    )


def _report(
    judgement: Judgement,
    *,
    applied: bool,
    listed: list[FileMember] | None = None,
    counts: Counter[str] | None = None,
) -> FileReport:
    return FileReport(
        accepted=judgement.accepted,
        test=judgement.test,
        applied=applied,
        ta1=ta1(judgement),
        ack999=ack999(judgement),
        errors=[
            FileError(
                segment=one.segment,
                element=one.element,
                position=one.offset,
                code=one.code,
                sentence=one.sentence,
            )
            for one in judgement.findings
        ],
        warnings=[one.sentence for one in judgement.warnings],
        members=listed or [],
        counts=dict(counts or {}),
    )
