"""Invented people in invented homes: who they are in truth, before anybody writes them down."""

from __future__ import annotations

import datetime as dt
import itertools
import random
from bisect import bisect
from dataclasses import dataclass, field, replace
from functools import cached_property
from importlib import resources

from benchmarks.matching import words

TODAY = dt.date(2026, 1, 15)
_TAIL = 0.0004
"""The tables round the rarest names' share to nothing; each still has bearers."""


@dataclass(frozen=True)
class Table:
    """Names and how frequent each is."""

    names: list[str]
    weights: list[float]

    @cached_property
    def _sums(self) -> list[float]:
        return list(itertools.accumulate(self.weights))

    def draw(self, rng: random.Random) -> str:
        return self.names[bisect(self._sums, rng.random() * self._sums[-1])]

    def common(self, rng: random.Random, among: int = 40) -> str:
        """One of the most frequent: a name that strangers share."""
        return self.names[rng.randrange(min(among, len(self.names)))]


@dataclass(frozen=True)
class NameTables:
    """The tables the generator draws from."""

    last: Table
    first: dict[str, Table]


def census() -> NameTables:
    """The tables of the US Census of 1990, as the package `names` carries them."""
    folder = resources.files("names")

    def table(file: str) -> Table:
        rows = [line.split() for line in (folder / file).read_text().splitlines() if line.strip()]
        return Table([row[0].title() for row in rows], [max(float(row[1]), _TAIL) for row in rows])

    first = {"F": table("dist.female.first"), "M": table("dist.male.first")}
    return NameTables(table("dist.all.last"), first)


@dataclass(eq=False, slots=True)
class Home:
    """A dwelling."""

    number: int
    street: str
    kind: int
    unit: str
    city: str
    state: str
    zip: str
    area: str
    phone: str


@dataclass(eq=False, slots=True)
class Person:
    """A human being. Two persons are two objects, whatever their names."""

    first: str
    middle: str
    last: str
    sex: str
    born: dt.date
    ssn: str
    home: Home
    phone: str = ""
    suffix: str = ""
    maiden: str = ""
    origin: str = "census"
    """Where the family's names come from."""

    def but(self, **changes: object) -> Person:
        """Another person who differs in what is given."""
        return replace(self, **changes)  # type: ignore[arg-type]

    @property
    def age(self) -> int:
        return (TODAY - self.born).days // 365


@dataclass
class World:
    """Makes people and homes; the same seed makes the same ones."""

    rng: random.Random
    tables: NameTables
    _buildings: list[Home] = field(default_factory=list)
    _ssns: set[int] = field(default_factory=set)

    # homes
    def home(self) -> Home:
        """A house, or a flat in a building where others live."""
        rng = self.rng
        if rng.random() < 0.3:
            if not self._buildings or rng.random() < 0.02:
                self._buildings.append(self._house())
            building = self._buildings[int(len(self._buildings) * rng.random() ** 2)]
            return replace(building, unit=self._unit(), phone=self.telephone(building.area))
        return self._house()

    def flat_beside(self, home: Home) -> Home:
        """Another flat of the same building."""
        while (unit := self._unit()) == home.unit:
            pass
        return replace(home, unit=unit, phone=self.telephone(home.area))

    def house_in_town(self, home: Home, same_zip: bool = False) -> Home:
        """Another house of the same town."""
        zips = next(zips for city, _, zips, _ in words.CITIES if city == home.city)
        near = replace(self._house(), city=home.city, state=home.state, area=home.area)
        return replace(
            near, zip=home.zip if same_zip else self.rng.choice(zips), phone=self.telephone(home.area)
        )

    def far_from(self, home: Home) -> Home:
        """A home in another town."""
        while (other := self.home()).city == home.city:
            pass
        return other

    def _house(self) -> Home:
        rng = self.rng
        city, state, zips, area = words.CITIES[int(len(words.CITIES) * rng.random() ** 1.3)]
        numbered = rng.random() < 0.2
        street = _ordinal(rng.randint(1, 60)) if numbered else rng.choice(words.STREETS).replace("_", " ")
        if rng.random() < 0.45:
            street = f"{rng.choice('NSEW')} {street}"
        number = rng.randint(1, 120) if rng.random() < 0.1 else rng.randint(100, 12_999)
        kind = int(len(words.STREET_KINDS) * rng.random() ** 1.7)
        return Home(number, street, kind, "", city, state, rng.choice(zips), area, self.telephone(area))

    def _unit(self) -> str:
        rng = self.rng
        return (
            rng.choice("ABCDEFGH")
            if rng.random() < 0.2
            else str(rng.randint(1, 9) * 100 + rng.randint(1, 20))
        )

    def telephone(self, area: str) -> str:
        exchange = self.rng.randint(220, 989)
        return f"{area}{exchange if exchange != 555 else 556}{self.rng.randint(0, 9999):04}"

    # numbers and dates
    def ssn(self, near: str = "") -> str:
        """A number nobody has; `near` gives one issued on the same day: the serials follow one another."""
        rng = self.rng
        while True:
            if near:
                number = int(near) + rng.choice((1, -1, 1, 2, 10))
            else:
                area = rng.choice(_AREAS) if rng.random() < 0.5 else rng.randint(1, 772)
                number = (area * 100 + rng.randint(1, 99)) * 10_000 + rng.randint(1, 9999)
            if self.valid(number) and number not in self._ssns:
                self._ssns.add(number)
                return f"{number:09}"
            near = near if self.rng.random() < 0.8 else ""

    @staticmethod
    def valid(number: int) -> bool:
        area, group, serial = number // 1_000_000, number // 10_000 % 100, number % 10_000
        return 0 < area < 900 and area != 666 and group != 0 and serial != 0 and number != 123_456_789

    def born(self, low: int, high: int) -> dt.date:
        """A birth date in years of age; a few are the first of January because nobody knew better."""
        days = self.rng.randint(low * 365 + 1, high * 365 + 364)
        day = TODAY - dt.timedelta(days=days)
        return day.replace(month=1, day=1) if self.rng.random() < 0.012 else day

    def day_within(self, day: dt.date, years: int) -> dt.date:
        """Another day at most so many years away."""
        while (other := day + dt.timedelta(days=self.rng.randint(-365 * years, 365 * years))) == day:
            pass
        return min(other, TODAY - dt.timedelta(days=20))

    # names
    def person(
        self,
        age: tuple[int, int] = (0, 95),
        sex: str = "",
        home: Home | None = None,
        last: str = "",
        origin: str = "",
    ) -> Person:
        """Somebody nobody knows."""
        rng = self.rng
        sex = sex or rng.choice("FM")
        born = self.born(*age)
        origin = origin or self.origin()
        first, middle = self.first(sex, born, origin), self.first(sex, born, origin)
        if rng.random() < 0.12 or first == middle:
            middle = ""
        last = last or self.last(origin)
        person = Person(first, middle, last, sex, born, self.ssn(), home or self.home(), origin=origin)
        if person.age > 15 and rng.random() < 0.55:
            person.phone = self.telephone(person.home.area)
        return person

    def origin(self) -> str:
        return self.rng.choices(_ORIGINS, _ORIGIN_SHARES)[0]

    def first(self, sex: str, born: dt.date, origin: str = "census") -> str:
        rng = self.rng
        if origin == "hispanic" and rng.random() < 0.7:
            names = words.HISPANIC[sex]
            first = names[int(len(names) * rng.random() ** 1.6)]
            return f"{first} {rng.choice(names)}" if rng.random() < 0.04 else first
        if origin in words.ASIAN and rng.random() < 0.65:
            return rng.choice(words.ASIAN[origin][sex])
        if origin == "arabic" and rng.random() < 0.85:
            names = words.ARABIC[sex]
            return names[int(len(names) * rng.random() ** 1.5)]
        if born.year >= 1996 and rng.random() < 0.5:
            return rng.choice(words.MODERN[sex])
        return self.tables.first[sex].draw(rng)

    def last(self, origin: str = "census") -> str:
        rng = self.rng
        if origin == "hispanic":
            if rng.random() < 0.03:
                return rng.choice(words.HISPANIC_PARTICLE)
            one, two = (
                words.HISPANIC_LAST[int(len(words.HISPANIC_LAST) * rng.random() ** 1.5)] for _ in "12"
            )
            return f"{one} {two}" if rng.random() < 0.4 and one != two else one
        if origin in words.ASIAN_LAST:
            names = words.ASIAN_LAST[origin]
            return names[int(len(names) * rng.random() ** 1.8)]
        if origin == "arabic":
            return rng.choice(words.ARABIC_LAST)
        if origin == "european":
            return rng.choice(words.EUROPEAN_LAST).replace("_", " ")
        last = self.tables.last.draw(rng)
        return f"{last}-{self.tables.last.draw(rng)}" if rng.random() < 0.015 else last

    def common(self, sex: str = "", age: tuple[int, int] = (20, 80), home: Home | None = None) -> Person:
        """Somebody whose name strangers share."""
        person = self.person(age, sex, home, origin="census")
        person.first = self.tables.first[person.sex].common(self.rng)
        person.last = self.tables.last.common(self.rng)
        return person

    # families
    def household(self) -> list[Person]:
        """People who live together."""
        kind = self.rng.choices(("single", "couple", "family", "parent", "generations", "mates"), _HOMES)[0]
        home, origin = self.home(), self.origin()
        if kind == "single":
            return [self.person((18, 92), home=home, origin=origin)]
        if kind == "mates":
            return [self.person((18, 40), home=home) for _ in range(self.rng.randint(2, 4))]
        if kind == "couple":
            return self.couple((22, 88), home, origin)
        parents = self.couple((24, 52), home, origin)
        if kind == "parent":
            parents = parents[self.rng.randint(0, 1) :][:1]
        people = parents + self.children(parents, self.rng.choices((1, 2, 3, 4, 5), (30, 38, 20, 8, 4))[0])
        if kind == "generations":
            people += [self.parent_of(parents[0]) for _ in range(self.rng.randint(1, 2))]
        return people

    def couple(self, age: tuple[int, int], home: Home | None = None, origin: str = "") -> list[Person]:
        """Two spouses: one surname, two, or a joined one."""
        rng = self.rng
        origin = origin or self.origin()
        one = self.person(age, "M", home, origin=origin)
        two = self.person(age, "F", one.home, origin=origin if rng.random() < 0.8 else "")
        two.born = self.day_within(one.born, 6)
        two.maiden = two.last
        keeps = {"census": 0.15, "european": 0.2}.get(origin, 0.6)
        if rng.random() >= keeps:
            two.last = f"{two.maiden}-{one.last}" if rng.random() < 0.08 else one.last
        return [one, two]

    def children(self, parents: list[Person], count: int) -> list[Person]:
        """Children of one home; now and then twins, or a son of his father's name."""
        rng = self.rng
        father = parents[0]
        mother = parents[-1]
        youngest = max(0, min(father.age, mother.age) - 40)
        oldest = max(1, min(26, min(father.age, mother.age) - 18))
        children: list[Person] = []
        while len(children) < count:
            child = self.child(father, (min(youngest, oldest - 1), oldest))
            if len(mother.maiden.split()) == 1 and " " in father.last and rng.random() < 0.7:
                child.last = f"{father.last.split()[0]} {mother.maiden}"
            children.append(child)
            if rng.random() < 0.016:
                children.append(self.twin_of(child))
            elif child.sex == father.sex and rng.random() < 0.05:
                child.first, child.suffix = father.first, rng.choice(("Jr", "Jr", "", "II"))
        taken: set[str] = set()
        for child in children:
            while child.first in taken:
                child.first = self.first(child.sex, child.born)
            taken.add(child.first)
        return children

    def child(self, parent: Person, age: tuple[int, int] = (1, 17), sex: str = "") -> Person:
        """A child who lives with its parent; some numbers were asked for together with the parent's own."""
        origin = parent.origin if self.rng.random() < 0.6 else "census"
        child = self.person(age, sex, parent.home, parent.last, origin).but(origin=parent.origin)
        if self.rng.random() < 0.05:
            child.ssn = self.ssn(near=parent.ssn)
        return child

    def twin_of(self, one: Person, sex: str = "", first: str = "") -> Person:
        """The other twin: same day, same home, numbers that follow each other in most cases."""
        sex = sex or (one.sex if self.rng.random() < 0.65 else "FM"["FM".index(one.sex) - 1])
        while not first or first == one.first:
            first = self.first(sex, one.born, one.origin)
        while (middle := self.first(sex, one.born, one.origin)) == one.middle:
            pass
        near = one.ssn if self.rng.random() < 0.75 else ""
        return one.but(first=first, middle=middle, sex=sex, ssn=self.ssn(near), suffix="")

    def sibling_of(self, one: Person, years: int = 5, sex: str = "", first: str = "") -> Person:
        """A brother or sister of nearly the same age in the same home."""
        twin = self.twin_of(one, sex, first)
        while abs((born := self.day_within(one.born, years)) - one.born).days < 300:
            pass
        near = one.ssn if self.rng.random() < 0.15 else ""
        return twin.but(born=born, ssn=self.ssn(near))

    def parent_of(self, child: Person, sex: str = "") -> Person:
        """A parent who lives with a grown or young child."""
        years = self.rng.randint(19, 38)
        parent = self.person((30, 31), sex, child.home, child.last, child.origin)
        born = child.born - dt.timedelta(days=365 * years + self.rng.randint(0, 364))
        return parent.but(born=max(born, dt.date(1925, 1, 2)))


def _ordinal(number: int) -> str:
    ending = "th" if 10 < number % 100 < 14 else {1: "st", 2: "nd", 3: "rd"}.get(number % 10, "th")
    return f"{number}{ending}"


_ORIGINS = ("census", "hispanic", "vietnamese", "chinese", "korean", "indian", "arabic", "european")
_ORIGIN_SHARES = (65, 19, 2.5, 3, 1.5, 2.5, 2.5, 4)
_HOMES = (28, 24, 30, 9, 5, 4)
_AREAS = (518, 519, 531, 534, 536, 540, 542, 544, 528, 529, 551, 559, 565, 571, 602, 615)
"""Half of the members were given their number in the plan's own states: the first digits say little."""
