"""Whether what a caller said is what is on record: many notations, one value. Pure, and nothing is kept.

Every function answers False for an empty or a missing side.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation

from backend.matching import normalise

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("JAN JANUARY", "FEB FEBRUARY", "MAR MARCH", "APR APRIL", "MAY", "JUN JUNE", "JUL JULY",
         "AUG AUGUST", "SEP SEPT SEPTEMBER", "OCT OCTOBER", "NOV NOVEMBER", "DEC DECEMBER"),
        start=1,
    )
    for name in names.split()
}  # fmt: skip
_UNIT_WORDS = {"APT", "STE", "RM", "FL", "NO"}
_MONEY = re.compile(r"(\d+|\d{1,3}(,\d{3})+)(\.\d{1,2})?")


# -- names -----------------------------------------------------------------------------------------


def same_full_name(said: str, name: str) -> bool:
    """Whether both are one full name, in either order; titles, suffixes and initials count for none."""
    ours, theirs = _name_words(said), _name_words(name)
    return _in_either_order(ours, theirs)


def same_person(said: str, first: str, middle: str, last: str) -> bool:
    """Whether it is first and last name, in either order, with or without the middle name."""
    words = _name_words(said)
    given, family = normalise.given_name(first), normalise.surname(last)
    if not given or not family:
        return False
    between = normalise.given_name(middle)
    names = [_long((*given, *family)), _long((*given, *between, *family))]
    turned = [_long((*family, *given)), _long((*family, *given, *between))]
    return any(words and _joined(words) == _joined(one) for one in (*names, *turned))


def _name_words(text: str) -> tuple[str, ...]:
    return _long(normalise.surname(" ".join(normalise.given_name(text))))


def _long(words: tuple[str, ...]) -> tuple[str, ...]:
    """Without single initials, unless too little would be left."""
    long = tuple(word for word in words if len(word) > 1)
    return long if len(long) > 1 else words


def _in_either_order(one: tuple[str, ...], other: tuple[str, ...]) -> bool:
    if not one or not other:
        return False
    turns = (other[place:] + other[:place] for place in range(len(other)))
    return any(_joined(one) == _joined(turn) for turn in turns)


def _joined(words: tuple[str, ...]) -> str:
    return "".join(words)


# -- dates and money -------------------------------------------------------------------------------


def same_day(said: str, day: date | None) -> bool:
    """Whether it is this day: 09/10/2026, 2026-09-10, Sep 10 2026, 9-10-26; months come first."""
    return day is not None and day in _days(said)


def _days(text: str) -> set[date]:
    """The days a text can mean; several only where the century is not said."""
    upper = re.sub(r"(\d)(ST|ND|RD|TH)\b", r"\1", text.upper())
    parts = re.findall(r"\d+|[A-Z]+", upper)
    if len(parts) == 1 and re.fullmatch(r"\d{8}", parts[0]):
        digits = parts[0]
        return _real([(digits[:4], digits[4:6], digits[6:]), (digits[4:], digits[:2], digits[2:4])])
    if len(parts) != 3:
        return set()
    named = [part for part in parts if part.isalpha()]
    if named:
        month = _MONTHS.get(named[0], 0)
        rest = [part for part in parts if part.isdigit()]
        return _real([(rest[1], str(month), rest[0])]) if len(rest) == 2 and parts[2].isdigit() else set()
    first, second, third = parts
    if len(first) == 4:
        return _real([(first, second, third)])
    return _real([(third, first, second)])


def _real(readings: list[tuple[str, str, str]]) -> set[date]:
    found = set()
    for year, month, day in readings:
        centuries = ("",) if len(year) == 4 else ("19", "20") if len(year) == 2 else ()
        for century in centuries:
            try:
                found.add(date(int(century + year), int(month), int(day)))
            except ValueError:
                continue
    return found


def same_amount(said: str, amount: Decimal | None) -> bool:
    """Whether it is this many dollars: 10000, 10,000.00, $10,000."""
    text = re.sub(r"[$\s]|usd|dollars?", "", said.casefold())
    if amount is None or not _MONEY.fullmatch(text):
        return False
    try:
        return Decimal(text.replace(",", "")) == amount
    except InvalidOperation:
        return False


# -- numbers ---------------------------------------------------------------------------------------


def same_number(said: str, number: str) -> bool:
    """Whether it is this number of a group, member or broker; blanks, hyphens and small letters aside."""
    ours = _plain(said)
    return bool(ours) and ours == _plain(number)


def _plain(text: str) -> str:
    return re.sub(r"[\s-]", "", text.upper()).removeprefix("MRN")


def same_last_four(said: str, number: str) -> bool:
    """Whether it is exactly the last four digits of this number."""
    digits = re.sub(r"\D", "", number)
    ours = re.sub(r"[\s-]", "", said)
    return len(digits) >= 4 and re.fullmatch(r"[0-9]{4}", ours) is not None and ours == digits[-4:]


def ten_digits(text: str) -> str:
    """The ten digits of a North American phone number, or empty."""
    digits = re.sub(r"\D", "", text)
    digits = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    return digits if len(digits) == 10 and digits.isascii() else ""


def same_phone(said: str, phone: str) -> bool:
    """Whether it is this phone number, with its area code."""
    return bool(ten_digits(said)) and ten_digits(said) == ten_digits(phone)


# -- addresses -------------------------------------------------------------------------------------


def same_address(said: str, street: str, city: str, state: str, zip_code: str) -> bool:
    """Whether it names this street and zip code; city, state and apartment may be left out, not be wrong."""
    home = normalise.home(street, zip_code)
    base = home.street.split()
    words = normalise.street(said).split()
    if not base or not home.zip or words[: len(base)] != base:
        return False
    rest = words[len(base) :]
    zips = [place for place, word in enumerate(rest) if re.fullmatch(r"\d{5}(\d{4})?", word)]
    if not zips or rest[zips[-1]][:5] != home.zip:
        return False
    before = [word for word in rest[: zips[-1]] if word not in _UNIT_WORDS]
    after = rest[zips[-1] + 1 :]
    if after and not (len(after) == 1 and re.fullmatch(r"\d{4}", after[0])):
        return False
    place = normalise.street(city).split()
    for tail in ([*place, state.upper()], place, [state.upper()]):
        if tail and before[-len(tail) :] == tail:
            before = before[: -len(tail)]
            break
    unit = "".join(before)
    return not unit or unit == home.apartment
