"""Names, numbers and addresses in the one form in which they can be compared; raw values stay on record.

What is no value at all (a placeholder) becomes empty, which compares as missing. A change here changes the
keys under which members are found: raise `VERSION` with it, and the keys are built anew.
"""

from __future__ import annotations

import re
import unicodedata
from datetime import date
from functools import lru_cache
from typing import NamedTuple

VERSION = 2
"""Of this normaliser; stands on every decision and beside the stored keys."""

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
_TITLES = {"MR", "MRS", "MS", "MISS", "DR", "PROF", "REV"}
_NO_NAMES = {
    "", "UNKNOWN", "UNK", "NONE", "NA", "N A", "TEST", "NO NAME", "NONAME", "FNU", "LNU", "NFN", "NLN", "NMN",
    "NMI", "NULL", "BOY", "GIRL", "MALE", "FEMALE", "SON", "DAUGHTER", "SPOUSE", "DEPENDENT",
}  # fmt: skip
_NEWBORN = re.compile(
    r"(BABY|INFANT|NEWBORN|TWIN|BABYBOY|BABYGIRL|BB|BG)( (BOY|GIRL|MALE|FEMALE|OF|[A-D]|1|2))*"
)
_NO_SSNS = {"123456789", "987654321", "078051120", "219099999", "123121234", "012345678", "121212121"}
_NO_BIRTH_DATES = {date(1, 1, 1), date(1111, 11, 11), date(1900, 1, 1), date(1901, 1, 1), date(9999, 12, 31)}
_STREET_WORDS = {
    "STREET": "ST", "AVENUE": "AVE", "AV": "AVE", "BOULEVARD": "BLVD", "ROAD": "RD", "DRIVE": "DR",
    "LANE": "LN", "COURT": "CT", "PLACE": "PL", "TERRACE": "TER", "CIRCLE": "CIR", "HIGHWAY": "HWY",
    "PARKWAY": "PKWY", "SQUARE": "SQ", "TRAIL": "TRL", "SUITE": "STE", "APARTMENT": "APT", "UNIT": "APT",
    "NORTH": "N", "SOUTH": "S", "EAST": "E", "WEST": "W",
}  # fmt: skip
_UNITS = {"APT", "STE", "RM", "FL", "NO"}
_PLAIN_WORDS = set(_STREET_WORDS.values()) | {"THE", "OLD", "NEW", "NE", "NW", "SE", "SW", "WAY"}
_PARTICLES = {
    "DE", "LA", "LAS", "LE", "DEL", "DELLA", "DI", "DA", "DOS", "DAS", "DO", "LOS", "VAN", "VON", "DER",
    "DEN", "EL", "AL", "BIN", "IBN", "TEN", "TER", "Y", "E", "ST", "SAN",
}  # fmt: skip


class Home(NamedTuple):
    """Where someone lives: `14 ELM ST`, the apartment, zip code and city."""

    street: str
    apartment: str
    zip: str
    city: str = ""

    @property
    def house(self) -> str:
        """The house number, or empty."""
        first = self.street.split(" ", 1)[0]
        return first if first[:1].isdigit() else ""

    @property
    def street_word(self) -> str:
        """The word that tells the street from others of its zip code, or empty."""
        return next((word for word in self.street.split(" ") if _tells(word)), "")


def _tells(word: str) -> bool:
    return len(word) > 2 and not word[0].isdigit() and word not in _PLAIN_WORDS


def words(text: str) -> tuple[str, ...]:
    """The words of a text as upper-case ASCII letters and digits; apostrophes join, all else parts."""
    if not text.isascii():
        text = unicodedata.normalize("NFKD", text.translate(_LETTERS)).encode("ascii", "ignore").decode()
    return tuple(re.findall(r"[A-Z0-9]+", re.sub(r"['`.]", "", text.upper())))


@lru_cache(maxsize=65_536)
def given_name(text: str) -> tuple[str, ...]:
    """Words of a first or middle name, title and suffix left out; none for a placeholder."""
    name = words(text)
    while len(name) > 1 and name[0] in _TITLES:
        name = name[1:]
    return _real(_without_suffix(name))


@lru_cache(maxsize=65_536)
def surname(text: str) -> tuple[str, ...]:
    """Words of a last name, a generation suffix left out; none for a placeholder."""
    return _real(_without_suffix(words(text)))


def _without_suffix(name: tuple[str, ...]) -> tuple[str, ...]:
    while len(name) > 1 and name[-1] in _SUFFIXES:
        name = name[:-1]
    return name


def _real(name: tuple[str, ...]) -> tuple[str, ...]:
    text = " ".join(name)
    return () if text in _NO_NAMES or _NEWBORN.fullmatch(text) else name


def core(name: tuple[str, ...]) -> tuple[str, ...]:
    """The words of a name that tell people apart: without `de la`, `van` and the like, unless all are."""
    return tuple(word for word in name if word not in _PARTICLES and len(word) > 1) or name


def suffix(last_name: str, suffix_field: str, first_name: str = "") -> str:
    """JR, SR, II, III or IV, from the suffix field or else from the end of the last or first name."""
    if suffix_field and (found := words(suffix_field)) and found[-1] in _SUFFIXES:
        return _SUFFIXES[found[-1]]
    for name in (last_name, first_name):
        if not name.isalpha() and (found := words(name)[1:]) and found[-1] in _SUFFIXES:
            return _SUFFIXES[found[-1]]
    return ""


def name_key(text: str) -> str:
    """One name as a single comparable string."""
    return " ".join(words(text))


def ssn(text: str) -> str:
    """Nine digits, or empty for a placeholder and for what can be no SSN."""
    digits = re.sub(r"\D", "", text)
    if len(digits) != 9 or len(set(digits)) == 1 or digits in _NO_SSNS:
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


def birth_digits(text: str) -> str:
    """The birth date as YYYY-MM-DD; an impossible one keeps its digits, a placeholder is empty."""
    if found := birth_date(text):
        return found
    if re.fullmatch(r"(19|20)\d\d-\d\d-\d\d", text) and text[5:7] != "00" and text[8:] != "00":
        try:
            date.fromisoformat(text)  # a real date that stands for none
        except ValueError:
            return text
    return ""


@lru_cache(maxsize=65_536)
def street(text: str) -> str:
    """A street line with the usual abbreviations."""
    return " ".join(_STREET_WORDS.get(word, word) for word in words(text.replace("#", " APT ")))


@lru_cache(maxsize=65_536)
def home(street_line: str, zip_code: str, city: str = "") -> Home:
    """Street, apartment and zip code apart; empty where there is none."""
    base, _, rest = street(street_line).partition(" APT ")
    unit = rest.replace("APT", "").replace(" ", "")
    parts = base.split(" ")
    if not unit and len(parts) > 3 and parts[-2] in _UNITS:
        base, unit = " ".join(parts[:-2]), parts[-1]
    return Home(base, unit, zip5(zip_code), "".join(words(city)))


def zip5(text: str) -> str:
    """The five digits of a zip code, or empty."""
    digits = re.sub(r"\D", "", text)[:5]
    return digits if len(digits) == 5 and len(set(digits)) > 1 else ""


def phone(text: str) -> str:
    """Ten digits of a phone number, or empty for none and for the 555 that nobody has."""
    digits = re.sub(r"\D", "", text)
    digits = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    return digits if len(digits) == 10 and digits[3:6] != "555" and len(set(digits)) > 1 else ""
