"""A file comes in: judged, known again when it was here before, and kept whole, sealed."""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from typing import Any, BinaryIO

from sqlalchemy.exc import IntegrityError

from api_client.types.words import Channel, EventKind, FileKind, FileState, PartnerStatus
from backend.actors import Actor
from backend.database.unit import Unit
from backend.enrollment import file_store as store
from backend.enrollment import partners, sealed
from backend.enrollment.compare import kind_of, kind_of_file
from backend.enrollment.edi.acknowledge import Party, ack999, acknowledgement, ta1
from backend.enrollment.edi.reader import inspect
from backend.enrollment.edi.report import Finding, Judgement, Level
from backend.enrollment.lease import LEASE, held
from backend.progress import Progress
from backend.runtime import Runtime

DUPLICATE = "025"
"""TA105: the control number was used before."""


@dataclass(frozen=True)
class Arrival:
    """How a file came in: its name, the way, and the diskette or tape it came on if it did (R20)."""

    name: str = ""
    channel: Channel = Channel.EDI
    media_label: str = ""
    media_from: str = ""


@dataclass(frozen=True)
class Received:
    """A file that was kept, or found again."""

    file_id: int
    token: str | None
    """Of its run; None where nothing of it is to be done, or another process is at it."""


def sender_of(judgement: Judgement) -> str:
    """Who sent it, as ZZ/NAME; empty where there is no interchange."""
    sent = judgement.interchange
    return f"{sent.sender_qualifier}/{sent.sender}" if sent else ""


def _receiver_of(judgement: Judgement) -> str:
    sent = judgement.interchange
    return f"{sent.receiver_qualifier}/{sent.receiver}" if sent else ""


def file_kind(judgement: Judgement, partner: Any | None) -> FileKind | None:
    """What the file means by the people in it; None where that is not agreed."""
    agreed = FileKind(partner.lists) if partner is not None and partner.lists else None
    return kind_of_file(kind_of(one.action, one.lists, agreed) for one in judgement.sets if one.accepted)


def judged(judgement: Judgement) -> dict[str, Any]:
    """What is kept of a judgement: acknowledgements, findings with their places, verdicts of the sets."""
    return {
        "accepted": judgement.accepted,
        "ta1": ta1(judgement),
        "ack999": ack999(judgement),
        "errors": [asdict(one) for one in judgement.findings],
        "warnings": [one.sentence for one in judgement.warnings],
        "marks": asdict(judgement.delimiters) if judgement.delimiters else None,
        "answer": "",
    }


def _answer(judgement: Judgement, number: int, now: datetime) -> str:
    """What goes back to the sender as X12: TA1, and 999 where the interchange was taken."""
    sent = judgement.interchange
    if sent is None:
        return ""
    us = Party(sent.receiver_qualifier, sent.receiver)
    return acknowledgement(judgement, us, number, now).decode("ascii")


async def receive(
    runtime: Runtime,
    actor: Actor,
    source: BinaryIO,
    *,
    request_id: str,
    arrival: Arrival,
) -> AsyncGenerator[Progress | Received, None]:
    """Keep a file and say what is to be done with it; progress in bytes while it is kept."""
    judgement = await runtime.in_thread(lambda: inspect(source))
    described = asdict(arrival)
    token = secrets.token_hex(16)
    try:
        async with runtime.act(actor, request_id) as unit:
            found = await _write(unit, judgement, described, token)
    except IntegrityError:
        # Another process took the same file at the same moment; now it is there to be found.
        async with runtime.act(actor, request_id) as unit:
            found = await _write(unit, judgement, described, token)
    if found.token is None:
        yield found
        return
    async with held(runtime, found.file_id, token):
        async for size in sealed.keep(runtime, actor, request_id, found.file_id, source):
            yield Progress(size, judgement.size)
    async with runtime.act(actor, request_id) as unit:
        runs = {"size": judgement.size, "run_until": unit.now + LEASE}
        row = await store.advance(unit.connection, found.file_id, token, runs)
        if row is not None:
            unit.emit(EventKind.FILE, row.number, row.version)
    goes_on = row is not None and row.state == FileState.RECEIVED
    yield replace(found, token=token if goes_on else None)


async def _write(unit: Unit, judgement: Judgement, described: Mapping[str, Any], token: str) -> Received:
    """A row for the file; or the one it has already, when it was here before and is not done."""
    partner = await partners.of_sender(unit, sender_of(judgement))
    counts = judgement.accepted and not judgement.test and _productive(partner)
    known = await _known(unit, judgement) if counts else None
    if known is not None and known.sha256 == judgement.sha256 and known.state in _UNFINISHED:
        return await _again(unit, known, token)
    state, original = _state(judgement, known)
    if original is not None and state is FileState.ENVELOPE_REJECTED:
        judgement = _other_content(judgement)
    number = await unit.number("enrollment_file")
    answer = {"answer": _answer(judgement, number, unit.now.astimezone(unit.zone))}
    again = {} if original is None or state is not FileState.DUPLICATE else original.report
    values = {
        **described,
        "number": f"F-{number:05d}",
        "partner_id": partner.id if partner is not None else None,
        "sender": sender_of(judgement),
        "receiver": _receiver_of(judgement),
        "control_number": judgement.interchange.control_number if judgement.interchange else "",
        "usage": judgement.interchange.usage if judgement.interchange else "",
        "kind": (file_kind(judgement, partner) or "") if judgement.accepted else "",
        "sha256": judgement.sha256,
        "received_at": unit.now,
        "received_by": unit.actor.name,
        "state": state,
        "registered": counts and known is None,
        "original_id": original.id if original is not None else None,
        "members": judgement.members,
        "report": again or {**judged(judgement), **answer},
        "run_token": token,
        "run_until": unit.now + LEASE,
    }
    file_id = await store.add(unit.connection, values)
    unit.audit("enrollment.file_received", "file", values["number"], state=state)
    return Received(file_id, token)


_UNFINISHED = (FileState.RECEIVED, FileState.STOPPED, FileState.HELD)


def _productive(partner: Any | None) -> bool:
    return partner is not None and partner.status == PartnerStatus.PRODUCTION


async def _known(unit: Unit, judgement: Judgement) -> Any | None:
    assert judgement.interchange is not None
    sender, receiver = sender_of(judgement), _receiver_of(judgement)
    return await store.by_control(unit.connection, sender, receiver, judgement.interchange.control_number)


async def _again(unit: Unit, known: Any, token: str) -> Received:
    """The same file once more, before it was done: it goes on where it was, unless somebody is at it."""
    unit.audit("enrollment.file_again", "file", known.number)
    alive = known.run_until is not None and known.run_until > unit.now
    if not known.size and not alive:  # it did not arrive whole
        await store.remove_parts(unit.connection, known.id)
        renewed = {"run_token": token, "run_until": unit.now + LEASE, "state": FileState.RECEIVED}
        await store.change(unit.connection, known.id, {**renewed, "held_why": ""})
        return Received(known.id, token)
    return Received(known.id, None)


def _state(judgement: Judgement, known: Any | None) -> tuple[FileState, Any | None]:
    """State of a new file, and the file it repeats by its control number."""
    if judgement.interchange is None or judgement.ta1 == "R":
        return FileState.ENVELOPE_REJECTED, None
    if not judgement.accepted:
        return FileState.STRUCTURE_REJECTED, None
    if known is None:
        return FileState.RECEIVED, None
    same = known.sha256 == judgement.sha256
    return FileState.DUPLICATE if same else FileState.ENVELOPE_REJECTED, known


def _other_content(judgement: Judgement) -> Judgement:
    """The judgement of a file whose sender used the control number before, for something else."""
    assert judgement.interchange is not None
    number = judgement.interchange.control_number
    sentence = (
        f"Control number {number} came from this sender before, with other content. "
        "Nothing was changed; have the file sent under a number of its own."
    )
    finding = Finding(Level.INTERCHANGE, DUPLICATE, 0, "ISA", sentence, element=13)
    return replace(judgement, ta1="R", ta1_note=DUPLICATE, groups=(), findings=(finding,))
