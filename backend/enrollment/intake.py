"""A file comes in: judged, known again when it was here before, and kept whole, sealed."""

from __future__ import annotations

import secrets
from collections.abc import AsyncGenerator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import timedelta
from typing import Any, BinaryIO

from sqlalchemy.exc import IntegrityError

from api_client.types.words import Channel, EventKind, FileKind, FileState, PartnerStatus
from backend.actors import Actor
from backend.database.unit import Unit
from backend.enrollment import file_store as store
from backend.enrollment import partners, sealed
from backend.enrollment.compare import kind_of, kind_of_file
from backend.enrollment.edi.acknowledge import ack999, ta1
from backend.enrollment.edi.reader import inspect
from backend.enrollment.edi.report import Finding, Judgement, Level
from backend.progress import Progress
from backend.runtime import Runtime

LEASE = timedelta(seconds=15)
"""How long a file is one process's without a sign of it."""
DUPLICATE = "025"
"""TA105: the control number was used before."""


@dataclass(frozen=True)
class Media:
    """The diskette or tape a file came on; empty for one that came over a wire (R20)."""

    label: str = ""
    came_from: str = ""


@dataclass(frozen=True)
class Received:
    """A file that was kept, or found again."""

    file_id: int
    judgement: Judgement
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
    }


async def receive(
    runtime: Runtime,
    actor: Actor,
    source: BinaryIO,
    *,
    request_id: str,
    name: str,
    channel: Channel,
    media: Media,
) -> AsyncGenerator[Progress | Received, None]:
    """Keep a file and say what is to be done with it; progress in bytes while it is kept."""
    judgement = await runtime.in_thread(lambda: inspect(source))
    described = {"name": name, "channel": channel, "media_label": media.label, "media_from": media.came_from}
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
    async for size in sealed.keep(runtime, actor, request_id, found.file_id, source):
        yield Progress(size, judgement.size)
    async with runtime.act(actor, request_id) as unit:
        runs = {"size": judgement.size, "run_until": unit.now + LEASE}
        row = await store.change(unit.connection, found.file_id, runs)
        unit.emit(EventKind.FILE, row.number, row.version)
    goes_on = row.state == FileState.RECEIVED
    yield replace(found, token=token if goes_on else None)


async def _write(unit: Unit, judgement: Judgement, described: Mapping[str, Any], token: str) -> Received:
    """A row for the file; or the one it has already, when it was here before and is not done."""
    partner = await partners.of_sender(unit, sender_of(judgement))
    counts = judgement.accepted and not judgement.test and _productive(partner)
    known = await _known(unit, judgement) if counts else None
    if known is not None and known.sha256 == judgement.sha256 and known.state in _UNFINISHED:
        return await _again(unit, judgement, known, token)
    values = {
        **described,
        "number": f"F-{await unit.number('enrollment_file'):05d}",
        "partner_id": partner.id if partner is not None else None,
        "sender": sender_of(judgement),
        "receiver": _receiver_of(judgement),
        "control_number": judgement.interchange.control_number if judgement.interchange else "",
        "usage": judgement.interchange.usage if judgement.interchange else "",
        "kind": (file_kind(judgement, partner) or "") if judgement.accepted else "",
        "sha256": judgement.sha256,
        "received_at": unit.now,
        "received_by": unit.actor.name,
        "members": judgement.members,
        "report": judged(judgement),
        "run_token": token,
        "run_until": unit.now + LEASE,
        **_state(judgement, known),
    }
    values["registered"] = counts and known is None
    file_id = await store.add(unit.connection, values)
    unit.audit("enrollment.file_received", "file", values["number"], state=values["state"])
    return Received(file_id, judgement, token)


_UNFINISHED = (FileState.RECEIVED, FileState.STOPPED, FileState.HELD)


def _productive(partner: Any | None) -> bool:
    return partner is not None and partner.status == PartnerStatus.PRODUCTION


async def _known(unit: Unit, judgement: Judgement) -> Any | None:
    assert judgement.interchange is not None
    sender, receiver = sender_of(judgement), _receiver_of(judgement)
    return await store.by_control(unit.connection, sender, receiver, judgement.interchange.control_number)


async def _again(unit: Unit, judgement: Judgement, known: Any, token: str) -> Received:
    """The same file once more, before it was done: it goes on where it was, unless somebody is at it."""
    unit.audit("enrollment.file_again", "file", known.number)
    if not known.size:  # it did not arrive whole
        await store.remove_parts(unit.connection, known.id)
        renewed = {"run_token": token, "run_until": unit.now + LEASE, "state": FileState.RECEIVED}
        await store.change(unit.connection, known.id, renewed)
        return Received(known.id, judgement, token)
    return Received(known.id, judgement, None)


def _state(judgement: Judgement, known: Any | None) -> dict[str, Any]:
    """State of a new file; a duplicate keeps a word of what it repeats."""
    if judgement.interchange is None or judgement.ta1 == "R":
        return {"state": FileState.ENVELOPE_REJECTED}
    if not judgement.accepted:
        return {"state": FileState.STRUCTURE_REJECTED}
    if known is None:
        return {"state": FileState.RECEIVED}
    if known.sha256 == judgement.sha256:
        again = {**known.report, "counts": known.counts}
        return {"state": FileState.DUPLICATE, "original_id": known.id, "report": again}
    return {
        "state": FileState.ENVELOPE_REJECTED,
        "original_id": known.id,
        "report": other_content(judgement),
    }


def other_content(judgement: Judgement) -> dict[str, Any]:
    """The judgement of a file whose sender used the control number before, for something else."""
    assert judgement.interchange is not None
    number = judgement.interchange.control_number
    sentence = (
        f"Control number {number} came from this sender before, with other content. "
        "Nothing was changed; have the file sent under a number of its own."
    )
    finding = Finding(Level.INTERCHANGE, DUPLICATE, 0, "ISA", sentence, element=13)
    code = {**(ta1(judgement) or {}), "code": "R", "note": DUPLICATE}
    refused = {"accepted": False, "ack999": None, "errors": [asdict(finding)], "ta1": code}
    return {**judged(judgement), **refused}
