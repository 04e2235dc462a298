"""Plainly invented people. Surnames are made of two parts; every SSN begins with 9 and was never issued."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

WORDS: dict[str, list[str]] = {
    name: words.split()
    for name, words in tomllib.loads(
        Path(__file__).with_name("names.toml").read_text(encoding="utf-8")
    ).items()
}
"""Words by what they make up, such as `streets`."""
_ENDS = ("ST", "AVE", "RD", "BLVD", "CT")
CITIES = (
    ("OAKLAND", "94606"), ("SACRAMENTO", "95814"), ("FRESNO", "93721"), ("SAN JOSE", "95113"),
    ("STOCKTON", "95202"), ("BAKERSFIELD", "93301"), ("LONG BEACH", "90802"), ("RIVERSIDE", "92501"),
)  # fmt: skip


@dataclass(frozen=True)
class DemoPerson:
    """One invented person with a home and a place in a family."""

    last: str
    first: str
    middle: str
    sex: str
    born: date
    ssn: str
    street: str
    city: str
    zip: str
    phone: str
    relationship: str = "18"
    suffix: str = ""


class People:
    """A stream of families; the same seed gives the same people."""

    def __init__(self, dice: random.Random, *, first_ssn: int = 0) -> None:
        self._dice = dice
        self._ssn = first_ssn

    def ssn(self) -> str:
        """A number no office issues: 900 to 999 in front, 01 to 49 in the middle."""
        self._ssn += 1
        area, rest = divmod(self._ssn, 49 * 9999)
        middle, last = divmod(rest, 9999)
        return f"{900 + area}{middle + 1:02}{last + 1:04}"

    def surname(self) -> str:
        """An invented surname."""
        return self._dice.choice(WORDS["surname_front"]) + self._dice.choice(WORDS["surname_back"])

    def person(self, born: date, *, sex: str = "") -> DemoPerson:
        """Someone who lives alone."""
        dice = self._dice
        sex = sex or dice.choice("FM")
        city, postal = dice.choice(CITIES)
        return DemoPerson(
            last=self.surname(),
            first=dice.choice(WORDS["women" if sex == "F" else "men"]),
            middle=dice.choice("ABCDEFGHJKLMNPRSTW") if dice.random() < 0.6 else "",
            sex=sex,
            born=born,
            ssn=self.ssn(),
            street=f"{dice.randint(1, 2999)} {dice.choice(WORDS['streets'])} {dice.choice(_ENDS)}",
            city=city,
            zip=postal,
            phone=f"{dice.choice((209, 408, 510, 559, 916))}555{dice.randint(100, 199):04}",
        )

    def relative(self, of: DemoPerson, born: date, relationship: str, *, sex: str = "") -> DemoPerson:
        """Someone of the same home and surname."""
        other = self.person(born, sex=sex)
        return replace(
            other,
            last=of.last,
            street=of.street,
            city=of.city,
            zip=of.zip,
            phone=of.phone,
            relationship=relationship,
        )

    def adult_birth_date(self) -> date:
        """A birth date of working age."""
        return date(1962, 1, 1) + timedelta(days=self._dice.randrange(40 * 365))

    def family(self) -> Iterator[DemoPerson]:
        """A subscriber first, then perhaps a spouse and children."""
        dice = self._dice
        subscriber = self.person(self.adult_birth_date())
        yield subscriber
        if dice.random() < 0.55:
            other = "M" if subscriber.sex == "F" else "F"
            years = timedelta(days=dice.randrange(-2000, 2000))
            yield self.relative(subscriber, subscriber.born + years, "01", sex=other)
        first_child = max(subscriber.born.year + 22, 2003)
        for _ in range(dice.choice((0, 0, 1, 1, 2, 3))):
            born = date(first_child, 1, 1) + timedelta(days=dice.randrange(365))
            first_child += dice.choice((2, 3))
            if born < date(2026, 6, 1):
                yield self.relative(subscriber, born, "19")
