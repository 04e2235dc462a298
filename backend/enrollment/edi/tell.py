"""What to tell the client about an error, so that it can be put right: one sentence each."""

from __future__ import annotations

from functools import lru_cache

from backend.enrollment.edi.guide import Loop, Place, Slot, transaction_set
from backend.enrollment.edi.report import Level

_INTERCHANGE = {
    "001": "Ask them to put the same control number into ISA13 and IEA02.",
    "004": "Ask them to end every segment with one mark, such as ~, that is no letter, digit or blank.",
    "005": "Ask them to put a qualifier from the standard, such as ZZ or 30, into ISA05.",
    "006": "Ask them to put their sender id into ISA06.",
    "007": "Ask them to put a qualifier from the standard, such as ZZ or 30, into ISA07.",
    "008": "Ask them to put the plan's receiver id into ISA08.",
    "010": "Ask them to put 00 into ISA01.",
    "012": "Ask them to put 00 into ISA03.",
    "014": "Ask them to send ISA09 as a date in six digits: year, month, day.",
    "015": "Ask them to send ISA10 as a time in four digits: hours and minutes.",
    "017": "Ask them to put 00501 into ISA12.",
    "018": "Ask them to send ISA13 as a number of nine digits.",
    "019": "Ask them to put 0 or 1 into ISA14.",
    "020": "Ask them to put P for a production file or T for a test file into ISA15.",
    "021": "Ask them to put the number of groups in the file into IEA01.",
    "022": "Ask them to send each interchange in a file of its own, with an ISA of exactly 106 characters.",
    "023": "Ask them to send the whole file again, down to its IEA segment.",
    "024": "Ask them to send every segment between its ST and SE, and every set between a GS and its GE.",
    "025": "Ask them to send it again under a new control number (ISA13 and IEA02).",
    "027": "Ask them to put a separator such as : into ISA16, and to use it nowhere else.",
}
_GROUP = {
    "1": "Ask them to put BE into GS01 and to send only 834 sets in the group.",
    "2": "Ask them to send version 005010X220A1, named in GS08 and in each ST03.",
    "3": "Ask them to end the group with a GE segment.",
    "4": "Ask them to put the same control number into GS06 and GE02.",
    "5": "Ask them to put the number of sets in the group into GE01.",
    "6": "Ask them to send GS06 as a number of one to nine digits.",
    "19": "Ask them to give each group of the file a control number of its own (GS06).",
}
_SET = {
    "1": "Ask them to send only 834 sets, with 834 in ST01.",
    "2": "Ask them to end the set with an SE segment.",
    "3": "Ask them to put the same control number into ST02 and SE02.",
    "4": "Ask them to put the number of segments, ST and SE included, into SE01.",
    "23": "Ask them to give each set of the group a control number of its own (ST02).",
    "I6": "Ask them to send version 005010X220A1, named in GS08 and in each ST03.",
}
_MISSING = {
    ("REF", "2000"): "the subscriber number of the family (REF*0F) right after each INS",
    ("REF", "HEADER"): "the policy number (REF*38) after the BGN",
    ("N1", "1000A"): "the employer (N1*P5) in the header",
    ("N1", "1000B"): "the plan (N1*IN) in the header",
    ("NM1", "2100A"): "the member's name (NM1*IL) for each member",
    ("INS", "2000"): "at least one member (INS) in each set",
    ("DTP", "2300"): "a date of the coverage (such as DTP*348) after each HD",
    ("BGN", "HEADER"): "the beginning segment (BGN) right after the ST",
    ("SE", "ST"): "the end of the set (SE)",
    ("N3", "2100C"): "the street (N3) with each mailing address",
    ("N4", "2100C"): "the city (N4) with each mailing address",
}
_MOVED = {
    ("DTP", "2000"): "Ask them to send dates of a coverage (DTP*348, DTP*349) after its HD, "
    "and at the member only dates the guide lists there.",
    ("DTP", "2100A"): "Ask them to send each date in its place: dates of the member before the name, "
    "dates of a coverage after its HD.",
    ("DTP", "2300"): "Ask them to send after an HD only dates of the coverage, such as DTP*348 and DTP*349.",
}
_CODED = {
    ("INS", 1): "Ask them to put Y for a subscriber or N for a dependent into INS01.",
    ("INS", 2): "Ask them to put the relationship to the subscriber into INS02: 18 for self, 01 for spouse, "
    "19 for child, or another code of the guide.",
    ("INS", 3): "Ask them to put into INS03 what is to be done: 001 change, 021 addition, 024 termination, "
    "025 reinstatement or 030 for a full list.",
    ("INS", 4): "Ask them to put a reason of the guide into INS04, such as 28 for an initial enrollment "
    "or 07 for a termination of benefits.",
    ("INS", 5): "Ask them to put A (active), C (COBRA), S (surviving) or T (TEFRA) into INS05.",
    ("INS", 6): "Ask them to put the part of Medicare (A, B, C for both, D or E for none) into INS06.",
    ("INS", 7): "Ask them to put the COBRA event, 1 to 10 or ZZ, into INS07, and only for COBRA.",
    ("INS", 8): "Ask them to send INS08 only for subscribers, with a code of employment status such as FT.",
    ("INS", 9): "Ask them to put F (full time), P (part time) or N into INS09, and only for students.",
    ("INS", 10): "Ask them to put Y or N into INS10 (disabled), or to leave it empty.",
    ("INS", 13): "Ask them to put R (restricted) or U into INS13, or to leave it empty.",
    ("DMG", 3): "Ask them to put F, M or U into DMG03.",
    ("BGN", 8): "Ask them to put 2 for changes, RX for a full file or 4 for a file to compare into BGN08.",
    ("BGN", 1): "Ask them to put 00 for an original, 15 for a re-sent or 22 for an information copy "
    "into BGN01.",
    ("ST", 3): "Ask them to put 005010X220A1 into ST03.",
    ("N4", 2): "Ask them to put the two letters of the state into N402.",
    (
        "NM1",
        8,
    ): "Ask them to put 34 before a Social Security number, or ZZ before another number, into NM108.",
}
_LISTED = 8


def tell(level: str, code: str, segment: str = "", element: int | None = None, loop: str = "") -> str:
    """Returns what to ask of the client about a finding with this level, code and place."""
    if level == Level.INTAKE:
        return "Ask them to send the whole file, from its ISA segment to its IEA segment."
    if level == Level.INTERCHANGE:
        return _INTERCHANGE.get(code, "Ask them to have the envelope (ISA to IEA) of the file checked.")
    if level == Level.GROUP:
        return _GROUP.get(code, "Ask them to have the group (GS to GE) checked.")
    if level == Level.SET:
        return _SET.get(code, "Ask them to have the set (ST to SE) checked.")
    if level == Level.SEGMENT or element is None:
        return _segment(code, segment, loop)
    return _element(code, segment, element, loop)


def _segment(code: str, segment: str, loop: str) -> str:
    if code == "1":
        return "Ask them to leave this segment out: the 834 guide does not know it."
    if code == "2":
        kept = "Ask them to send {} only where the 834 guide has a place for it."
        return _MOVED.get((segment, loop), kept.format(_named(segment)))
    if code == "3":
        return f"Ask them to send {_MISSING.get((segment, loop), _named(segment))}."
    if code == "4":
        most = " Of members, 10,000 fit into one set." if segment == "INS" else ""
        return f"Ask them to repeat the part that {_named(segment)} begins less often.{most}"
    if code == "5":
        return f"Ask them to send {_named(segment)} less often in this place."
    if code == "7":
        return (
            f"Ask them to send the segments in the order of the 834 guide; {_named(segment)} came too late."
        )
    return f"Ask them to end {_named(segment)} with its end mark and to have its content checked."


def _element(code: str, segment: str, element: int, loop: str) -> str:
    where, slot = f"{segment}{element:02d}", _slot(segment, element, loop)
    name = f"{where} ({slot.element.name})" if slot else where
    if code in ("1", "4", "5", "7") and (segment, element) in _CODED:
        return _CODED[segment, element]
    if code == "1":
        return f"Ask them to send {name}: it may not be empty."
    if code == "2":
        return f"Ask them to send {name} too, or to leave out what stands beside it."
    if code == "3":
        return f"Ask them to end {_named(segment)} after its last element of the guide."
    if code in ("4", "5") and slot and slot.element.kind != "ID":
        few, most = slot.element.shortest, slot.element.longest
        size = f"exactly {few}" if few == most else f"{few} to {most}"
        return f"Ask them to send {name} with {size} characters."
    if code in ("4", "5", "7"):
        codes = sorted(slot.codes) if slot else []
        listed = f": {', '.join(codes)}" if 0 < len(codes) <= _LISTED else " of the 834 guide"
        return f"Ask them to send {name} only with a code{listed}."
    return _shape(code, name, segment)


def _shape(code: str, name: str, segment: str) -> str:
    if code == "6":
        return (
            f"Ask them to send {name} in plain characters, without blanks at the end or control characters."
        )
    if code == "8":
        return f"Ask them to send {name} as a date in eight digits: year, month, day."
    if code == "9":
        return f"Ask them to send {name} as a time in four digits: hours and minutes."
    if code == "10":
        return f"Ask them to send either {name} or what stands beside it, not both."
    if code == "12":
        return f"Ask them to repeat {name} less often."
    if code == "13":
        return f"Ask them to send {name} with fewer parts."
    if code == "I10":
        return f"Ask them to leave {name} empty."
    return f"Ask them to have {name} in {_named(segment)} checked."


def _named(segment: str) -> str:
    return f"the {segment} segment" if segment.isalnum() else "the segment"


def _slot(segment: str, element: int, loop: str) -> Slot | None:
    """The element as the loop uses it, or as any place of the segment does."""
    places = _places().get(segment, ())
    usable = [place.slots[element - 1] for name, place in places if element <= len(place.slots)
              and name == loop]  # fmt: skip
    usable += [place.slots[element - 1] for _, place in places if element <= len(place.slots)]
    return usable[0] if usable else None


@lru_cache(maxsize=1)
def _places() -> dict[str, list[tuple[str, Place]]]:
    """Every place of the guide by segment name, with the name of its loop."""
    found: dict[str, list[tuple[str, Place]]] = {}
    loops = [transaction_set()]
    while loops:
        loop = loops.pop(0)
        for child in loop.children:
            if isinstance(child, Loop):
                loops.append(child)
            else:
                found.setdefault(child.name, []).append((loop.name, child))
    return found
