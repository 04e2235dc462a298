"""Reads X12 segments out of any bytes, in constant memory and without ever raising.

Files in the wild carry byte order marks, line breaks and indentation that the standard does not
know. They do not change what a segment says, so they are passed over and reported as notices;
every segment keeps its place in the file as it came.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO, NamedTuple

from backend.enrollment.edi.report import Notice, Notices

BLANKS = b" \t\r\n\x00\x1a"
"""What may stand between segments: blanks, line ends, and the fillers old systems pad with."""

ISA_BYTES = 106
ISA_ELEMENTS = 16
SEGMENT_LIMIT = 16_384
"""Bytes kept of one segment; the longest legal segment of an 834 is far below."""

_BOM = b"\xef\xbb\xbf"
_HEAD = 4_096
_CHUNK = 65_536


class Segment(NamedTuple):
    """One segment as it stands in the file."""

    name: str
    elements: tuple[str, ...]
    """The elements after the name; element 1 is `elements[0]`."""
    ordinal: int
    """Place in the file, the first segment is 0."""
    offset: int
    """Byte offset of its first character in the file."""
    length: int
    """Bytes without the terminator."""
    raw: bytes
    text: str
    """`raw` decoded, the name in capitals."""

    def element(self, number: int) -> str:
        """Returns element `number` (1-based), empty where the segment is shorter."""
        elements = self.elements
        return elements[number - 1] if 0 < number <= len(elements) else ""

    @property
    def cut(self) -> bool:
        """Whether the segment is longer than what was kept of it."""
        return self.length > len(self.raw)


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The characters that divide a file, each one byte, as its ISA declares them."""

    element: str
    component: str
    terminator: str
    repetition: str | None
    """None before version 00402, and where ISA11 holds a letter or digit."""

    @property
    def ascii_only(self) -> bool:
        """Whether UTF-8 text can be divided by them without cutting a character."""
        return all(mark < "\x80" for mark in (self.element, self.component, self.repetition or ""))


@dataclass(frozen=True, slots=True)
class Head:
    """What the first bytes say: where the ISA stands and how it divides."""

    offset: int
    """Byte offset of the first byte that is no blank (of the ISA, if there is one)."""
    isa: tuple[str, ...] | None
    """The elements of the ISA; None where the file does not start with one."""
    length: int
    """Bytes of the ISA with its terminator; 0 where its end cannot be found."""
    delimiters: Delimiters | None
    first_word: str
    """The segment name the file starts with, where it looks like one."""


def read_head(file: BinaryIO, notices: Notices) -> Head:
    """Returns what the start of `file` says about the interchange; reads from byte 0."""
    file.seek(0)
    data, position = _read(file, _HEAD), 0
    if data.startswith(_BOM):
        notices.add(Notice.BYTE_ORDER_MARK, 0)
        data, position = data[len(_BOM) :], len(_BOM)
    while data and not data.lstrip(BLANKS):
        position += len(data)
        data = _read(file, _HEAD)
    blanks = len(data) - len(data.lstrip(BLANKS))
    if blanks:
        notices.add(Notice.BLANKS_BEFORE_SEGMENT, position)
    file.seek(position + blanks)
    return _parse_isa(_read(file, _HEAD), position + blanks)


def _read(file: BinaryIO, size: int) -> bytes:
    """Up to `size` bytes, fewer only at the end: a file may give less at a time than it is asked for."""
    found = b""
    while len(found) < size and (more := file.read(size - len(found))):
        found += more
    return found


def _parse_isa(data: bytes, offset: int) -> Head:
    text = data.decode("latin-1")
    mark = text[3:4]
    if text[:3].upper() != "ISA" or not mark or mark.isalnum() or mark == " ":
        word = text[:3].rstrip("*|~^: ")
        known = word.isascii() and word.isalnum() and word.isupper() and len(word) > 1
        return Head(offset, None, 0, None, word if known else "")
    parts = text.split(mark, ISA_ELEMENTS)
    if len(parts) <= ISA_ELEMENTS or len(parts[ISA_ELEMENTS]) < 2:
        # The tail may be whole segments of somebody's data: only what can be an ISA element is kept.
        return Head(offset, tuple(part[:15] for part in parts[1:ISA_ELEMENTS]), 0, None, "ISA")
    component, terminator = parts[ISA_ELEMENTS][0], parts[ISA_ELEMENTS][1]
    elements = (*parts[1:ISA_ELEMENTS], component)
    length = len(mark.join(parts[:ISA_ELEMENTS])) + 3
    repetition = elements[10]
    usable = len(repetition) == 1 and not repetition.isalnum() and repetition != " "
    modern = elements[11] >= "00402"
    delimiters = Delimiters(mark, component, terminator, repetition if usable and modern else None)
    return Head(offset, elements, length, delimiters, "ISA")


def read_segments(file: BinaryIO, head: Head, notices: Notices) -> Iterator[Segment]:
    """Yields every segment from the ISA on; `head` must have delimiters.

    Empty segments are passed over. The last segment may lack its terminator.
    """
    marks = head.delimiters
    assert marks is not None
    mark, bytewise, make = marks.element, not marks.ascii_only, tuple.__new__
    index = 0
    breaks: list[int] | None = None
    for raw, offset, length in _pieces(file, head.offset, marks.terminator.encode("latin-1")):
        body = raw.lstrip(BLANKS)
        if not body:
            continue
        blanks = len(raw) - len(body)
        start = offset + blanks
        if blanks:
            only_breaks = raw[0] in b"\r\n" and (blanks == 1 or not raw[:blanks].strip(b"\r\n"))
            if not only_breaks:
                notices.add(Notice.BLANKS_BEFORE_SEGMENT, offset)
            elif breaks is None:
                breaks = notices.add(Notice.LINE_BREAKS, offset)
            else:
                breaks[0] += 1
        kept = body if len(body) <= SEGMENT_LIMIT else body[:SEGMENT_LIMIT]
        text = kept.decode("latin-1") if bytewise else _decode(kept)
        elements = text.split(mark)
        name = elements.pop(0)
        if not name.isupper() and name != name.upper():
            notices.add(Notice.LOWER_CASE_NAME, start)
            text, name = name.upper() + text[len(name) :], name.upper()
        if elements and not elements[-1]:
            notices.add(Notice.TRAILING_SEPARATORS, start)
        yield make(Segment, (name, tuple(elements), index, start, length - blanks, kept, text))
        index += 1


def _decode(body: bytes) -> str:
    """UTF-8 where it is, else Latin-1, which takes any byte."""
    try:
        return body.decode("utf-8")
    except UnicodeDecodeError:
        return body.decode("latin-1")


def _pieces(file: BinaryIO, start: int, terminator: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yields (bytes, offset, true length) of what stands between terminators.

    Of a piece that runs on without a terminator only the beginning is kept.
    """
    file.seek(start)
    tail, offset, dropped = b"", start, 0
    while chunk := file.read(_CHUNK):
        *whole, tail = (tail + chunk).split(terminator)
        for piece in whole:
            length = len(piece) + dropped
            yield piece, offset, length
            offset += length + 1
            dropped = 0
        if len(tail) > SEGMENT_LIMIT:
            filler = len(tail) - len(tail.lstrip(BLANKS)) if not dropped else 0
            offset, tail = offset + filler, tail[filler:]
            dropped += max(0, len(tail) - SEGMENT_LIMIT)
            tail = tail[:SEGMENT_LIMIT]
    if tail:
        yield tail, offset, len(tail) + dropped
