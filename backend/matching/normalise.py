"""Names, numbers and addresses in the one form in which they can be compared; raw values stay on record.

What is no value at all (a placeholder) becomes empty, which compares as missing.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date

_LETTERS = str.maketrans(
    {"ß": "ss", "æ": "ae", "Æ": "AE", "ø": "o", "Ø": "O", "ł": "l", "Ł": "L", "đ": "d", "Đ": "D", "œ": "oe"}
)
_SUFFIXES = {
    **dict.fromkeys(("JR", "JUNIOR"), "JR"),
    **dict.fromkeys(("SR", "SENIOR"), "SR"),
    **dict.fromkeys(("II", "2ND"), "II"),
    **dict.fromkeys(("III", "3RD"), "III"),
    **dict.fromkeys(("IV", "4TH"), "IV"),
}
_NO_NAMES = {"", "UNKNOWN", "UNK", "NONE", "NA", "TEST", "BABY", "BABY BOY", "BABY GIRL", "NEWBORN", "INFANT"}
_NO_BIRTH_DATES = {date(1, 1, 1), date(1111, 11, 11), date(1900, 1, 1), date(9999, 12, 31)}
_STREET_WORDS = {
    "STREET": "ST", "AVENUE": "AVE", "BOULEVARD": "BLVD", "ROAD": "RD", "DRIVE": "DR", "LANE": "LN",
    "COURT": "CT", "PLACE": "PL", "TERRACE": "TER", "CIRCLE": "CIR", "HIGHWAY": "HWY", "PARKWAY": "PKWY",
    "SUITE": "STE", "APARTMENT": "APT", "UNIT": "APT", "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W",
}  # fmt: skip


def words(text: str) -> tuple[str, ...]:
    """The words of a text as upper-case ASCII letters and digits; apostrophes join, all else parts."""
    plain = unicodedata.normalize("NFKD", text.translate(_LETTERS)).encode("ascii", "ignore").decode()
    return tuple(re.findall(r"[A-Z0-9]+", re.sub(r"['`.]", "", plain.upper())))


def given_name(text: str) -> tuple[str, ...]:
    """Words of a first or middle name; none for a placeholder."""
    name = words(text)
    return () if " ".join(name) in _NO_NAMES else name


def surname(text: str) -> tuple[str, ...]:
    """Words of a last name, a generation suffix left out; none for a placeholder."""
    name = words(text)
    while len(name) > 1 and name[-1] in _SUFFIXES:
        name = name[:-1]
    return () if " ".join(name) in _NO_NAMES else name


def suffix(last_name: str, suffix_field: str) -> str:
    """JR, SR, II, III or IV, from the suffix field or else from the end of the last name."""
    for name in (words(suffix_field), words(last_name)[1:]):
        if name and name[-1] in _SUFFIXES:
            return _SUFFIXES[name[-1]]
    return ""


def name_key(text: str) -> str:
    """One name as a single comparable string."""
    return " ".join(words(text))


def ssn(text: str) -> str:
    """Nine digits, or empty for a placeholder and for what can be no SSN."""
    digits = re.sub(r"\D", "", text)
    if len(digits) != 9 or len(set(digits)) == 1 or digits in ("123456789", "078051120"):
        return ""
    if digits.startswith(("000", "666")) or digits[3:5] == "00" or digits.endswith("0000"):
        return ""
    return digits


def birth_date(text: str) -> str:
    """ISO date, or empty for a placeholder and for what is no date."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return ""
    return "" if day in _NO_BIRTH_DATES else day.isoformat()


def street(text: str) -> str:
    """A street line with the usual abbreviations."""
    return " ".join(_STREET_WORDS.get(word, word) for word in words(text))


def zip5(text: str) -> str:
    """The five digits of a zip code, or empty."""
    digits = re.sub(r"\D", "", text)[:5]
    return digits if len(digits) == 5 else ""


def phone(text: str) -> str:
    """Ten digits of a phone number, or empty for none and for the 555 that nobody has."""
    digits = re.sub(r"\D", "", text)
    digits = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    return digits if len(digits) == 10 and digits[3:6] != "555" and len(set(digits)) > 1 else ""
