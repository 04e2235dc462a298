"""Shows one segment of a file as it came: where an element stands in it, and the same with people masked.

Offsets are characters of the segment as `text_of` decodes it, which is how the reader reads it.
"""

from __future__ import annotations

import re
from collections.abc import Callable

from api_client.types.visible import visible_line
from backend.enrollment.edi.x12 import BLANKS, SEGMENT_LIMIT, Delimiters

Read = Callable[[int, int], bytes]
"""Gives the bytes of a file from an offset on, at most so many."""

_PIECE = 512
_WITHOUT_MARKS = 106
"""Bytes shown where no delimiter is known: as many as an ISA has."""
_CODE = re.compile(r"[A-Za-z0-9]{1,4}")
_PLAIN = re.compile(r"[0-9.,+-]{1,17}")
_NAME = re.compile(r"[A-Z][A-Z0-9]{1,2}")
_OPEN_REFERENCES = frozenset(("1L", "38"))
"""REF values that name a group or policy and nobody: all others may be somebody's number."""

# What may be shown of a segment, by element: codes (c, up to four letters or digits), numbers and dates
# (n), text that speaks of no person (t). Everything else is masked, so what is not named here is, too.
_SHOWN = {
    "ISA": "c-c-ctctnntttttt", "GS": "cttnnttt", "ST": "ctt", "SE": "nt", "GE": "nt", "IEA": "nt",
    "TA1": "tnncc", "BGN": "ctnnctccc", "DTP": "ccn", "QTY": "cn", "N1": "cttt", "ACT": "-t",
    "INS": "ccccccccccc-c---n", "REF": "c", "NM1": "cc-----c-cc", "PER": "c-c-c-c", "DMG": "c-cc",
    "EC": "cccncc", "ICM": "c--t-c", "AMT": "cnc", "LUI": "ct-c", "DSB": "------c", "HD": "cccttnncncc",
    "IDC": "tccc", "LX": "n", "LS": "t", "LE": "t", "PLA": "ccnnc", "COB": "c-cc",
}  # fmt: skip


def segment_at(read: Read, offset: int, delimiters: Delimiters | None) -> bytes:
    """Returns the segment that begins at byte `offset`, without its terminator.

    Of one beyond any legal length only the beginning, as the reader keeps it; where no delimiters are
    known, the start of the line.
    """
    if delimiters is None:
        return re.split(rb"[\r\n]", read(offset, _WITHOUT_MARKS), maxsplit=1)[0]
    end, found = delimiters.terminator.encode("latin-1"), b""
    while len(found) < SEGMENT_LIMIT:
        more = read(offset + len(found), _PIECE)
        found += more
        if not more or end in more:
            break
    return found.lstrip(BLANKS).partition(end)[0][:SEGMENT_LIMIT]


def text_of(segment: bytes, delimiters: Delimiters | None) -> str:
    """The segment decoded as the reader does: UTF-8 where it is, else one character a byte."""
    if delimiters is None or delimiters.ascii_only:
        try:
            return segment.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return segment.decode("latin-1")


def element_span(
    segment: bytes,
    delimiters: Delimiters | None,
    element: int | None,
    component: int | None = None,
    repetition: int | None = None,
) -> tuple[int, int]:
    """Returns from and to of an element in the text; equal where it is not there or none is meant."""
    if element is None or delimiters is None:
        return 0, 0
    text = text_of(segment, delimiters)
    span = _part(text, 0, len(text), delimiters.element, element + 1)
    if repetition is not None and delimiters.repetition:
        span = _part(text, *span, delimiters.repetition, repetition)
    if component is not None:
        span = _part(text, *span, delimiters.component, component)
    return span


def _part(text: str, start: int, end: int, mark: str, number: int) -> tuple[int, int]:
    """Place of part `number` (1-based) of text[start:end]; its end where there are not so many."""
    for _ in range(number - 1):
        at = text.find(mark, start, end)
        if at < 0:
            return end, end
        start = at + 1
    at = text.find(mark, start, end)
    return start, end if at < 0 else at


def masked_segment(segment: bytes, delimiters: Delimiters | None) -> str:
    """The text of a segment with people masked: letters as x, digits as #, everything at its place.

    The mask is not an asterisk because that divides most files: the shape could not be seen.
    """
    text = text_of(segment, delimiters)
    if delimiters is None:
        return _masked(text)
    name, *elements = text.split(delimiters.element)
    shown = _SHOWN.get(name.upper(), "")
    digit = "x" if "#" in (delimiters.element, delimiters.component, delimiters.repetition) else "#"
    parts = [name if _NAME.fullmatch(name.upper()) else _masked(name, digit)]
    for number, value in enumerate(elements, 1):
        kind = shown[number - 1] if number <= len(shown) else "-"
        parts.append(value if _may_show(kind, value, delimiters) else _masked(value, digit))
    reference = elements[0] if elements else ""
    if name.upper() == "REF" and reference in _OPEN_REFERENCES and len(elements) > 1:
        parts[2] = elements[1]
    return delimiters.element.join(parts)


def _may_show(kind: str, value: str, marks: Delimiters) -> bool:
    """Whether a value is what may be shown in its place: one that slipped there from elsewhere is not."""
    if kind == "t":
        return True
    pattern = {"c": _CODE, "n": _PLAIN}.get(kind)
    pieces = re.split(f"[{re.escape(marks.component + (marks.repetition or ''))}]", value)
    return pattern is not None and all(not one or pattern.fullmatch(one.strip()) for one in pieces)


def _masked(text: str, digit: str = "#") -> str:
    return "".join(digit if one.isdigit() else _letter(one) for one in text)


def _letter(one: str) -> str:
    return one if one.isascii() and not one.isalpha() else "x"


def visible(text: str, span: tuple[int, int]) -> tuple[str, int, int]:
    """The text as it may go to a screen, and where the span then stands.

    Characters that would steer a terminal become signs, some of which are longer than they.
    """
    before, marked = visible_line(text[: span[0]]), visible_line(text[span[0] : span[1]])
    return before + marked + visible_line(text[span[1] :]), len(before), len(before) + len(marked)


def window(text: str, span: tuple[int, int], most: int) -> tuple[str, tuple[int, int]]:
    """At most `most` characters of a long text, so that the span begins in them; cut ends show as `...`."""
    if len(text) <= most:
        return text, span
    first = max(0, min(span[0] - most // 4, len(text) - most))
    lead, tail = "..." if first else "", "..." if first + most < len(text) else ""
    shift = len(lead) - first
    cut = lead + text[first : first + most] + tail
    return cut, (span[0] + shift, min(span[1] + shift, len(cut) - len(tail)))
