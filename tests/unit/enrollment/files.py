"""834 files for the tests of the reader: a list of segments, edited by name, written with any delimiters."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from backend.enrollment.edi.reader import inspect
from backend.enrollment.edi.report import Judgement

Edit = Callable[[list[str]], list[str]]


@dataclass(frozen=True)
class Marks:
    """Delimiters a file is written with."""

    element: str = "*"
    component: str = ":"
    repetition: str = "^"
    terminator: str = "~"
    between: str = ""
    """What stands between segments, which the standard does not know."""


PLAIN = Marks()

ISA = f"ISA*00*{'':10}*00*{'':10}*ZZ*{'TESTTPA':15}*ZZ*{'PLAN':15}*261120*0900*^*00501*000000007*0*P*:"
GS = "GS*BE*TESTTPA*PLAN*20261120*0900*7*X*005010X220A1"
HEADER = [
    "ST*834*0001*005010X220A1",
    "BGN*00*REF7*20261120*0900****2",
    "REF*38*900100",
    "DTP*007*D8*20261120",
    "QTY*TO*2",
    "N1*P5*SALEM PARTS*FI*123456789",
    "N1*IN*THE PLAN*94*PLAN",
    "N1*BO*A BROKER*94*BR1",
    "ACT*4711*****9",
]
SUBSCRIBER = [
    "INS*Y*18*021*28*A***FT",
    "REF*0F*S0001",
    "REF*1L*900100",
    "REF*23*7001",
    "DTP*336*D8*20200101",
    "DTP*356*D8*20261201",
    "NM1*IL*1*PEBBLEWICK*CLARA*J***34*900110001",
    "PER*IP**HP*5105550101*EM*CLARA@MAIL.EXAMPLE",
    "N3*5 CANAL ST*APT 2",
    "N4*OAKLAND*CA*94606",
    "DMG*D8*19800314*F*M",
    "AMT*P3*100.50",
    "LUI*LE*EN**7",
    "NM1*31*1",
    "N3*9 POST BOX",
    "N4*OAKLAND*CA*94607",
    "DSB*1",
    "HD*021**HMO*GOLD*EMP",
    "DTP*348*D8*20261201",
    "AMT*P3*100.50",
    "REF*1L*900100",
    "IDC*GOLD*D*1",
    "LX*1",
    "NM1*P3*1*QUILL*ADA****XX*1234567890*25",
    "COB*P*POL9*1*1",
    "REF*60*A1",
    "DTP*344*D8*20260101",
    "NM1*IN*2*OTHER PLAN*****NI*OP1",
    "LS*2700",
    "LX*1",
    "N1*75*DEPARTMENT",
    "REF*17*D9",
    "LE*2700",
]
DEPENDENT = [
    "INS*N*19*021*28*A",
    "REF*0F*S0001",
    "REF*1L*900100",
    "NM1*74*1*PEBBLEWICK*TOBY****34*900110002",
    "DMG*D8*20120404*M**:RET:2106-3^:RET:2135-2",
    "NM1*70*1*PEBBLEWIG*TOBY",
    "DMG*D8*20120405*M",
    "HD*021**HMO**EMP",
    "DTP*348*D8*20261201",
    "DTP*349*RD8*20261201-20271130",
]


def whole(sets: Sequence[Sequence[str]] = ()) -> list[str]:
    """One group of sets, each the segments from ST to before its SE; the counts are right."""
    bodies = sets or [[*HEADER, *SUBSCRIBER, *DEPENDENT]]
    found = [ISA, GS]
    for body in bodies:
        number = body[0].split("*")[2]
        found += [*body, f"SE*{len(body) + 1}*{number}"]
    return [*found, f"GE*{len(bodies)}*7", "IEA*1*000000007"]


def numbered(body: Sequence[str], st02: str) -> list[str]:
    """The segments of a set under another control number."""
    return [f"ST*834*{st02}*005010X220A1", *body[1:]]


def counted(segments: Sequence[str]) -> list[str]:
    """The same with SE01 put right wherever a set is whole."""
    found: list[str] = []
    start: int | None = None
    for segment in segments:
        if segment.startswith("ST*"):
            start = len(found)
        if segment.startswith("SE*") and start is not None:
            number = segment.split("*")[2]
            segment, start = f"SE*{len(found) - start + 1}*{number}", None
        found.append(segment)
    return found


def written(segments: Sequence[str], marks: Marks = PLAIN) -> bytes:
    """The file as bytes; the segments are given with the plain delimiters."""
    table = str.maketrans(
        {"*": marks.element, ":": marks.component, "^": marks.repetition, "~": marks.terminator}
    )
    end = marks.terminator + marks.between
    return "".join(segment.translate(table) + end for segment in segments).encode()


def judged(segments: Sequence[str], marks: Marks = PLAIN) -> Judgement:
    """What the reader says of these segments."""
    return inspect(io.BytesIO(written(segments, marks)))


def changed(old: str, new: str, nth: int = 0) -> Edit:
    """Puts `new` in the place of the segment that begins with `old`; an empty `new` takes it out."""

    def edit(segments: list[str]) -> list[str]:
        at = _find(segments, old, nth)
        return [*segments[:at], *([new] if new else []), *segments[at + 1 :]]

    return edit


def after(old: str, *new: str, nth: int = 0) -> Edit:
    """Puts segments behind the one that begins with `old`."""

    def edit(segments: list[str]) -> list[str]:
        at = _find(segments, old, nth) + 1
        return [*segments[:at], *new, *segments[at:]]

    return edit


def dropped(old: str, nth: int = 0) -> Edit:
    """Takes out the segment that begins with `old`."""
    return changed(old, "", nth)


def both(*edits: Edit) -> Edit:
    """One edit after the other."""

    def edit(segments: list[str]) -> list[str]:
        for one in edits:
            segments = one(segments)
        return segments

    return edit


def _find(segments: Sequence[str], start: str, nth: int) -> int:
    return [at for at, one in enumerate(segments) if one.startswith(start)][nth]
