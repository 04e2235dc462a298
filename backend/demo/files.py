"""Trading partners of the demo and the files that came from them this week."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from api_client.types.enrollment import FileReport
from api_client.types.words import Channel, FileKind, FileState, PartnerStatus
from backend.actors import SYSTEM, operator
from backend.demo.edi import list_of
from backend.demo.people import DemoPerson
from backend.enrollment import partners
from backend.enrollment.files import import_834
from backend.enrollment.intake import Arrival
from backend.runtime import Runtime

SENDER = "SALEMTPA"
"""ISA06 of the administrator who files for the groups of the demo."""
_NEWCOMER = "BAYBENEFIT"


async def partners_of(runtime: Runtime, groups: Sequence[str]) -> None:
    """One sender in production for all groups that send files, and one who has begun to try."""
    async with runtime.act(operator("demo"), "DEMO") as unit:
        await partners.put(
            unit,
            f"ZZ/{SENDER}",
            name="Salem Benefit Administrators",
            status=PartnerStatus.PRODUCTION,
            lists=FileKind.CHANGE,
            groups=groups,
        )
        await partners.put(unit, f"ZZ/{_NEWCOMER}", name="Bay Benefits", status=PartnerStatus.TEST)


async def receive(
    runtime: Runtime,
    group: str,
    on_file: Sequence[tuple[str, DemoPerson]],
    set_clock: Callable[[datetime], None],
    now: datetime,
) -> None:
    """A full file without three families, a first try, a file with a wrong code, and a cut diskette."""
    gone = list(dict.fromkeys(number for number, _ in on_file))[-3:]
    named = [one for one in on_file if one[0] not in gone]
    day = now.date()
    full = list_of(group, named, sender=SENDER, control=9001, on=day)
    wrong = list_of(group, named[:3], sender=SENDER, control=9002, on=day).replace(b"*18*030", b"*18*03X", 1)
    arrivals = [
        (14, full, Arrival("november-full.834")),
        (12, list_of(group, named[:2], sender=_NEWCOMER, control=17, on=day, usage="T"), Arrival("try.834")),
        (9, wrong, Arrival("november-corrected.834")),
        (4, full[: len(full) // 2], Arrival("disk-a.834", Channel.MEDIA, "SALEM 2026-11 A", "Salem Benefit")),
    ]
    for minutes, content, arrival in arrivals:
        set_clock(now - timedelta(minutes=minutes))
        steps = import_834(runtime, SYSTEM, io.BytesIO(content), request_id="DEMO", arrival=arrival)
        *_, report = [step async for step in steps]
        assert isinstance(report, FileReport)
        assert report.state is not FileState.HELD, report.held_why
