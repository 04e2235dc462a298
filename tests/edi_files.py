"""834 files for tests, and the way they go in."""

from __future__ import annotations

import io
from collections.abc import Sequence

from api_client.types.enrollment import FileReport
from backend.actors import SYSTEM
from backend.enrollment.files import import_834
from backend.enrollment.intake import Arrival
from backend.progress import Progress
from backend.runtime import Runtime
from tests.enrollments import GROUP


def member(
    *,
    maintenance: str = "021",
    reason: str = "28",
    relationship: str = "18",
    subscriber_number: str = "S1",
    group: str = GROUP,
    last: str = "Pebblewick",
    first: str = "Clara",
    ssn: str = "",
    born: str = "19800314",
    status: str = "A",
    dates: Sequence[str] = (),
    coverages: Sequence[str] = ("HD*021**HMO**EMP~DTP*348*D8*20261201",),
) -> str:
    """One INS loop, its segments parted by tildes; dates and coverages as segments."""
    mark = "Y" if relationship == "18" else "N"
    tail = "***FT" if mark == "Y" else ""
    parts = [
        f"INS*{mark}*{relationship}*{maintenance}*{reason}*{status}{tail}",
        f"REF*0F*{subscriber_number}",
        f"REF*1L*{group}",
        *dates,
        f"NM1*IL*1*{last}*{first}" + (f"****34*{ssn}" if ssn else ""),
        "N3*5 CANAL ST",
        "N4*OAKLAND*CA*94606",
        f"DMG*D8*{born}*F",
        *coverages,
    ]
    return "~".join(parts)


def interchange(
    members: Sequence[str],
    *,
    usage: str = "P",
    control: int = 1,
    sender: str = "TESTTPA",
    day: str = "20261120",
    action: str = "2",
) -> bytes:
    """A file of one group and one set."""
    lead = [
        "ST*834*0001*005010X220A1",
        f"BGN*00*{control}*{day}*0900****{action}",
        f"N1*P5*{sender}*94*{sender}",
        "N1*IN*THE PLAN*94*PLAN",
    ]
    body = "~".join([*lead, *members])
    who = f"ZZ*{sender:15}*ZZ*{'PLAN':15}"
    isa = f"ISA*00*{'':10}*00*{'':10}*{who}*{day[2:]}*0900*^*00501*{control:09}*0*{usage}*:"
    group = f"GS*BE*{sender}*PLAN*{day}*0900*{control}*X*005010X220A1"
    tail = f"SE*{body.count('~') + 2}*0001~GE*1*{control}~IEA*1*{control:09}~"
    return f"{isa}~{group}~{body}~{tail}".encode()


def two_sets(listed: Sequence[str], changed: Sequence[str]) -> bytes:
    """A file of two sets: one that replaces (BGN08 RX), one of changes."""
    content = interchange(listed, action="RX").decode()
    second = interchange(changed, control=2).decode()
    begin, end = second.index("ST*834"), second.index("GE*1")
    more = second[begin:end].replace("*0001*005010", "*0002*005010").replace("*0001~", "*0002~")
    return content.replace("GE*1*", f"{more}GE*2*").encode()


async def import_bytes(
    runtime: Runtime, content: bytes, *, dry_run: bool = False, arrival: Arrival | None = None
) -> FileReport:
    """Take a file; returns its report."""
    steps = import_834(
        runtime,
        SYSTEM,
        io.BytesIO(content),
        request_id="TEST-TEST-TEST",
        arrival=arrival,
        dry_run=dry_run,
    )
    *progress, report = [step async for step in steps]
    assert all(isinstance(step, Progress) for step in progress)
    assert isinstance(report, FileReport)
    return report


async def import_file(
    runtime: Runtime, members: Sequence[str], *, usage: str = "P", control: int = 1, action: str = "2"
) -> FileReport:
    """Take a file of these members."""
    return await import_bytes(runtime, interchange(members, usage=usage, control=control, action=action))
