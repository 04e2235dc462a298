"""Says in plain words what is wrong with a file, for a rep to read aloud to the client.

Fields are named, their content is not: nothing here repeats anything of a person.
"""

from __future__ import annotations

from backend.enrollment.edi.checker import Fault
from backend.enrollment.edi.guide import Place
from backend.enrollment.edi.x12 import ISA_BYTES, Segment

_NAMED = {
    "REF*0F": "the subscriber number (REF*0F)",
    "REF*38": "the master policy number (REF*38)",
    "N1*P5": "the sponsor, which is the employer (N1*P5)",
    "N1*IN": "the payer, which is the plan (N1*IN)",
    "NM1*IL": "the member's name (NM1*IL)",
    "INS": "the member line (INS)",
    "BGN": "the beginning of the set (BGN)",
    "SE": "the end of the set (SE)",
}
_LOOPS = {"2000": "of a member", "2300": "of a coverage", "HEADER": "of the header"}
_LISTED_CODES = 8

# ISA elements: name and width. Each is padded with blanks to its width.
ISA = (
    ("authorization qualifier", 2),
    ("authorization", 10),
    ("security qualifier", 2),
    ("security", 10),
    ("sender qualifier", 2),
    ("sender", 15),
    ("receiver qualifier", 2),
    ("receiver", 15),
    ("date", 6),
    ("time", 4),
    ("repetition separator", 1),
    ("version", 5),
    ("control number", 9),
    ("acknowledgment requested", 1),
    ("usage", 1),
    ("component separator", 1),
)

FAULTS = {
    "1": "is missing",
    "2": "must be there too, because of what stands beside it",
    "3": "has more elements than the guide knows",
    "4": "is too short",
    "5": "is too long",
    "6": "has a character that may not stand there",
    "7": "is not a code the guide knows",
    "8": "is not a valid date (year, month, day in eight digits)",
    "9": "is not a valid time (hours and minutes in four digits)",
    "10": "may not stand beside the other one given",
    "12": "is repeated too often",
    "13": "has more components than the guide knows",
    "I10": "must be empty in this place",
}


def safe_name(name: str) -> str:
    """Returns a segment name fit to be repeated: two or three capitals and digits, else ???"""
    fits = 2 <= len(name) <= 3 and name.isascii() and name.isalnum()
    return name if fits else "???"


def missing(place: Place, who: str) -> str:
    """A required segment is not there."""
    return f"{who}: {_NAMED.get(place.qualifier, place.qualifier)} is missing."


def unexpected(segment: Segment, loop: str) -> str:
    """A segment that has no place here."""
    name = safe_name(segment.name)
    qualifier = segment.element(1)
    if name in ("DTP", "REF", "NM1", "N1") and len(qualifier) <= 3 and qualifier.isascii():
        name = f"{name}*{safe_name(qualifier)}"
    hint = " It is a date of a coverage and follows an HD segment." if name in ("DTP*348", "DTP*349") else ""
    where = _LOOPS.get(loop, f"of loop {loop}")
    return f"Segment {name} has no place here, in the part {where}.{hint}"


def out_of_order(segment: Segment) -> str:
    """A segment too late in its loop."""
    return f"Segment {safe_name(segment.name)} comes too late: it belongs before the ones already read."


def too_often(segment: Segment, most: int) -> str:
    """A segment or loop more often than allowed."""
    return f"Segment {safe_name(segment.name)} may stand here at most {most:,} times; one more was found."


def too_long(segment: Segment) -> str:
    """A segment beyond any legal length, most often a terminator that was lost."""
    return f"Segment {safe_name(segment.name)} runs on for {segment.length:,} bytes; its end mark is missing."


def element(fault: Fault, segment: Segment, who: str, shown: str) -> str:
    """One element is wrong."""
    number = f"{segment.name}{fault.element:02d}" + (f"-{fault.component}" if fault.component else "")
    if fault.slot is None:
        return f"{who}: segment {segment.name} {FAULTS[fault.code]}."
    if fault.code == "6" and fault.value.strip() and fault.value != fault.value.rstrip(" "):
        return f"{who}: {number} ({fault.slot.element.name}) ends in blanks, which should be left off."
    value = f' is "{shown}", which' if shown and fault.code == "7" else ""
    codes = sorted(fault.slot.codes)
    allowed = f" Allowed: {', '.join(codes)}." if fault.code == "7" and len(codes) <= _LISTED_CODES else ""
    return f"{who}: {number} ({fault.slot.element.name}){value} {FAULTS[fault.code]}.{allowed}"


def isa_length(elements: tuple[str, ...], length: int) -> str:
    """The ISA has not the one width it must have; names the first element that is off."""
    size = f"The ISA segment has {length} characters; it must have exactly {ISA_BYTES}." if length else ""
    for number, ((name, width), value) in enumerate(zip(ISA, elements, strict=False), 1):
        if len(value) != width:
            how = "long" if len(value) > width else "short"
            off = f"ISA{number:02d} ({name}) is too {how}: {len(value)} characters, {width} required."
            return f"{size} {off}".strip()
    return size or "The ISA segment is cut off: it has fewer than 16 elements."
