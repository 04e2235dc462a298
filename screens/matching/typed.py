"""What a rep types to search by hand: words of a name, a birth date, an SSN or an MRN, in any order."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date

_ISO = re.compile(r"(\d{4})-(\d{1,2})-(\d{1,2})", re.ASCII)
_US = re.compile(r"(\d{1,2})/(\d{1,2})/(\d{4})", re.ASCII)
_SSN = re.compile(r"(\d{3})-?(\d{2})-?(\d{4})", re.ASCII)
_ASCII_DIGIT = re.compile(r"[0-9]")


@dataclass(frozen=True)
class Wanted:
    """Whom to look for."""

    name: str = ""
    birth_date: date | None = None
    ssn: str = ""
    mrn: str = ""


def wanted(text: str) -> Wanted | str:
    """Whom the text names, or a sentence about what cannot be read."""
    words: list[str] = []
    dates: list[date] = []
    ssns: list[str] = []
    mrns: list[str] = []
    for piece in text.replace(",", " ").split():
        if day := _ISO.fullmatch(piece) or _US.fullmatch(piece):
            year, month, number = day.groups() if "-" in piece else (day[3], day[1], day[2])
            try:
                dates.append(date(int(year), int(month), int(number)))
            except ValueError:
                return f"{piece} is no day; write a birth date as 1984-03-12."
        elif ssn := _SSN.fullmatch(piece):
            ssns.append("".join(ssn.groups()))
        elif _ASCII_DIGIT.search(piece):
            mrns.append(piece)
        elif piece.upper() not in ("MRN", "SSN"):
            words.append(piece)
    if max(len(dates), len(ssns), len(mrns)) > 1:
        return "One birth date, one SSN and one MRN at most."
    if not (words or dates or ssns or mrns):
        return "Write words of the name, a birth date, an SSN or an MRN."
    day_of_birth = dates[0] if dates else None
    return Wanted(" ".join(words)[:120], day_of_birth, "".join(ssns), "".join(mrns)[:20])
