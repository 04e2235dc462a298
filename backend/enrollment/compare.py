"""What a file means by the people in it, and how one of them differs from what is on record. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from api_client.types.words import FileKind
from backend.enrollment.rules import Transaction

COMPARE = "030"
"""INS03 of somebody who stands in a whole list."""
_FULL, _VERIFY = "RX", "4"


def kind_of(action: str, lists: bool, agreed: FileKind | None) -> FileKind | None:
    """What a set means by BGN08 and INS03; None where it lists people and nobody has agreed on what it means.

    RX replaces, 4 verifies, 2 changes; a list (INS03 030) that calls itself a change means what was agreed
    with its sender (companion guides differ).
    """
    if action == _FULL:
        return FileKind.FULL
    if action == _VERIFY:
        return FileKind.VERIFY
    return agreed if lists else FileKind.CHANGE


def kind_of_file(kinds: Iterable[FileKind | None]) -> FileKind | None:
    """The weightiest meaning of its sets; None as soon as one is unclear."""
    found = set(kinds)
    if None in found:
        return None
    return next((kind for kind in (FileKind.FULL, FileKind.VERIFY) if kind in found), FileKind.CHANGE)


UNCLEAR = (
    "It lists everybody (INS03 030) but calls itself a change file (BGN08 2), and nobody has written down "
    "what this sender means by that. Agree on it with them, write it down, and let the file go on."
)


@dataclass(frozen=True, repr=False)
class Recorded:
    """Somebody on record, as far as a file can differ from it; never printed."""

    last_name: str
    first_name: str
    middle_name: str
    suffix: str
    birth_date: date | None
    ssn_digest: str | None
    relationship: str
    street: str
    city: str
    state: str
    zip: str
    phone: str
    lines: Sequence[tuple[str, str]]
    """Line and level of the coverage that runs."""


@dataclass(frozen=True)
class Differences:
    """What differs, in words."""

    data: tuple[str, ...]
    coverage: tuple[str, ...]

    @property
    def words(self) -> str:
        """All of it in a line."""
        found = (*self.data, *self.coverage)
        return f"differs: {', '.join(found)}" if found else "agrees with what is on record"


def differences(asked: Transaction, ssn_digest: str | None, record: Recorded) -> Differences:
    """How what was sent differs from the record; what was not sent differs in nothing."""
    pairs = (
        ("last name", asked.last_name, record.last_name),
        ("first name", asked.first_name, record.first_name),
        ("middle name", asked.middle_name, record.middle_name),
        ("suffix", asked.suffix, record.suffix),
        ("birth date", asked.birth_date, record.birth_date.isoformat() if record.birth_date else ""),
        ("SSN", ssn_digest or "", record.ssn_digest or ""),
        ("relationship", asked.relationship, record.relationship),
        ("phone", _digits(asked.phone), _digits(record.phone)),
    )
    data = [name for name, sent, kept in pairs if sent and _plain(sent) != _plain(kept)]
    here = (record.street, record.city, record.state, record.zip[:5])
    there = (asked.street, asked.city, asked.state, asked.zip[:5])
    if asked.street and [_plain(one) for one in there] != [_plain(one) for one in here]:
        data.append("address")
    return Differences(tuple(data), tuple(_coverage(asked, dict(record.lines))))


def _coverage(asked: Transaction, running: dict[str, str]) -> Iterable[str]:
    for one in asked.wanted:
        if one.line not in running:
            yield f"{one.line} coverage"
        elif one.level and running[one.line] and one.level != running[one.line]:
            yield f"level of {one.line}"
    named = {one.line for one in asked.wanted}
    yield from (f"no {line} coverage there" for line in running if named and line not in named)


def _plain(text: str) -> str:
    return " ".join(text.upper().split())


def _digits(text: str) -> str:
    return "".join(filter(str.isdigit, text))[-10:]


def too_many_missing(missing: int, active: int, limit_percent: int) -> str:
    """Why a full file is held; empty when few enough are missing."""
    if not active or missing * 100 <= active * limit_percent:
        return ""
    return (
        f"{missing:,} of the {active:,} people on record are missing from it, "
        f"{missing * 100 / active:.0f} percent; {limit_percent} is the limit."
    )


class Seen:
    """Which members a file has named, one bit for each."""

    def __init__(self) -> None:
        self._bits = bytearray()

    def add(self, member_id: int) -> None:
        """Note that this member stands in the file."""
        at = member_id >> 3
        if at >= len(self._bits):
            self._bits.extend(bytes(max(at + 1 - len(self._bits), len(self._bits))))
        self._bits[at] |= 1 << (member_id & 7)

    def __contains__(self, member_id: int) -> bool:
        at = member_id >> 3
        return at < len(self._bits) and bool(self._bits[at] & 1 << (member_id & 7))
