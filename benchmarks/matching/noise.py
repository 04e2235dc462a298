"""What goes wrong when ordinary people are written down, and how often."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from dataclasses import replace

from benchmarks.matching import words
from benchmarks.matching.people import Person, World
from benchmarks.matching.records import Record, plain, street, written

_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_KEYS = {key: row[max(0, at - 1) : at] + row[at + 1 : at + 2] for row in _ROWS for at, key in enumerate(row)}


def _pairs(text: str) -> list[tuple[str, str]]:
    return [(pair.split(">")[0], pair.split(">")[1]) for pair in text.split()]


_SEEN = _pairs("rn>m m>rn l>1 o>0 cl>d d>cl i>l l>i vv>w u>v e>c h>b S>5 B>8")
_HEARD = _pairs(
    "ph>f f>ph ck>k k>ck c>k ie>y y>ie ey>y ll>l l>ll nn>n n>nn tt>t s>z z>s ee>ea ea>ee ei>ie gh> "
    "sen>son son>sen er>ar ou>u"
)


def keyboard(text: str, rng: random.Random) -> str:
    """One slip of a finger: a neighbour key, a letter too few, too many, or two exchanged."""
    if len(text) < 3:
        return text
    spot = rng.randrange(1 if rng.random() < 0.85 else 0, len(text) - 1)
    head, sign, rest = text[:spot], text[spot], text[spot + 1 :]
    kind = rng.randrange(4)
    if kind == 0:
        return head + rng.choice(_KEYS.get(sign.lower(), sign)) + rest
    if kind == 1:
        return head + rest
    if kind == 2:
        return head + sign + rng.choice(_KEYS.get(sign.lower(), sign)) + rest
    return head + rest[0] + sign + rest[1:]


def misread(text: str, rng: random.Random) -> str:
    """One sign as a scanner reads it."""
    return _swap(text, _SEEN, rng) or keyboard(text, rng)


def misheard(text: str, rng: random.Random) -> str:
    """One sound as somebody on the telephone spells it."""
    spellings = words.SPELLINGS.get(text)
    return rng.choice(spellings) if spellings else _swap(text, _HEARD, rng) or keyboard(text, rng)


def _swap(text: str, pairs: list[tuple[str, str]], rng: random.Random) -> str:
    fitting = [pair for pair in pairs if pair[0] in text[1:]]
    if not fitting:
        return ""
    old, new = rng.choice(fitting)
    return text[0] + text[1:].replace(old, new, 1)


def digit(number: str, rng: random.Random) -> str:
    """One digit is another."""
    spots = [spot for spot, sign in enumerate(number) if sign.isdigit()]
    if not spots:
        return number
    spot = rng.choice(spots)
    return number[:spot] + rng.choice([d for d in "0123456789" if d != number[spot]]) + number[spot + 1 :]


def exchanged(number: str, rng: random.Random) -> str:
    """Two digits side by side have changed places."""
    spots = [i for i in range(len(number) - 1) if number[i : i + 2].isdigit() and number[i] != number[i + 1]]
    if not spots:
        return number
    spot = rng.choice(spots)
    return number[:spot] + number[spot + 1] + number[spot] + number[spot + 2 :]


def born_near(day: dt.date, rng: random.Random) -> str:
    """One digit of a birth date is another and the date exists."""
    while True:
        text = digit(day.isoformat(), rng)
        try:
            other = dt.date.fromisoformat(text)
        except ValueError:
            continue
        if 1915 <= other.year <= 2025:
            return text


def nickname(first: str, rng: random.Random) -> str:
    """What friends call the person; empty where nobody does."""
    return rng.choice(words.NICKNAMES.get(first, [""]))


PLACEHOLDERS = ("999999999", "123456789", "000000000", "111111111", "999-99-9999")


# One function a scenario: (world, person, record) changes the record and says whether it could.
Slip = Callable[[World, Person, Record], bool]


def _name(which: str, how: Callable[[str, random.Random], str]) -> Slip:
    def slip(world: World, person: Person, record: Record) -> bool:
        before = getattr(record, which)
        after = how(before.title(), world.rng).upper() if before.isupper() else how(before, world.rng)
        setattr(record, which, after)
        return bool(after != before)

    return slip


def _nickname(world: World, person: Person, record: Record) -> bool:
    record.first_name = nickname(person.first, world.rng) or record.first_name
    return record.first_name != person.first and person.first in words.NICKNAMES


def _middle_first(world: World, person: Person, record: Record) -> bool:
    record.first_name, record.middle_name = (
        person.middle,
        world.rng.choice(("", person.first, person.first[:1])),
    )
    return bool(person.middle)


def _initial(world: World, person: Person, record: Record) -> bool:
    record.first_name = person.first[0]
    return True


def _first_last(world: World, person: Person, record: Record) -> bool:
    record.first_name, record.last_name = record.last_name, record.first_name
    return True


def _middle_joined(world: World, person: Person, record: Record) -> bool:
    record.first_name, record.middle_name = f"{person.first} {person.middle}", ""
    return bool(person.middle)


def _ssn_missing(world: World, person: Person, record: Record) -> bool:
    record.ssn = ""
    return True


def _ssn_placeholder(world: World, person: Person, record: Record) -> bool:
    record.ssn = world.rng.choice(PLACEHOLDERS)
    return True


def _ssn_last_four(world: World, person: Person, record: Record) -> bool:
    record.ssn = world.rng.choice(("{}", "XXX-XX-{}", "000-00-{}", "00000{}")).format(person.ssn[-4:])
    return bool(person.ssn)


def _born_impossible(world: World, person: Person, record: Record) -> bool:
    record.date_of_birth = f"{person.born.year}-{person.born.day:02}-{person.born.month:02}"
    return person.born.day > 12


def _born_century(world: World, person: Person, record: Record) -> bool:
    year = person.born.year
    record.date_of_birth = f"{year - 100 if year > 2000 else year + 100}{person.born.isoformat()[4:]}"
    return year > 2000 or year < 1926


def _day_month(world: World, person: Person, record: Record) -> bool:
    born = person.born
    if born.day > 12 or born.day == born.month:
        return False
    record.date_of_birth = born.replace(month=born.day, day=born.month).isoformat()
    return True


def _born_digit(world: World, person: Person, record: Record) -> bool:
    record.date_of_birth = born_near(person.born, world.rng)
    return True


def _born_missing(world: World, person: Person, record: Record) -> bool:
    record.date_of_birth = ""
    return True


def _born_first(world: World, person: Person, record: Record) -> bool:
    record.date_of_birth = f"{person.born.year}-01-01"
    return (person.born.month, person.born.day) != (1, 1)


def _surname_changed(world: World, person: Person, record: Record) -> bool:
    if person.sex != "F" or person.age < 19:
        return False
    record.last_name = person.maiden if person.maiden not in ("", person.last) else world.last()
    return True


def _hyphenated(world: World, person: Person, record: Record) -> bool:
    if "-" in person.last:
        record.last_name = world.rng.choice((*person.last.split("-"), person.last.replace("-", " ")))
    elif person.sex == "F" and person.age > 19:
        record.last_name = f"{person.last}-{world.last()}"
    return plain(record.last_name).lower() != plain(person.last).lower()


def _double_part(world: World, person: Person, record: Record) -> bool:
    parts = person.last.split()
    if len(parts) < 2 or parts[0].islower():
        return False
    record.last_name = world.rng.choices(
        (parts[0], parts[-1], "-".join(parts), f"{parts[1]} {parts[0]}"), (5, 2, 3, 1)
    )[0]
    return True


def _particle(world: World, person: Person, record: Record) -> bool:
    change = world.rng.choice([(" ", ""), ("'", ""), ("'", " "), ("-", " "), (".", "")])
    record.last_name = person.last.replace(*change)
    return record.last_name != person.last


def _moved(world: World, person: Person, record: Record) -> bool:
    home = world.far_from(person.home) if world.rng.random() < 0.4 else world.house_in_town(person.home)
    record.street, record.city, record.state = street(home, world.rng), home.city, home.state
    record.zip = home.zip
    if world.rng.random() < 0.5:
        record.phone = home.phone
    return True


def _sex(value: str) -> Slip:
    def slip(world: World, person: Person, record: Record) -> bool:
        record.sex = value and "FM"["FM".index(person.sex) - 1]
        return True

    return slip


def _suffix_in_surname(world: World, person: Person, record: Record) -> bool:
    if not person.suffix:
        return False
    record.last_name, record.suffix = f"{record.last_name}{world.rng.choice((' ', ', '))}{person.suffix}", ""
    return True


def _cut(world: World, person: Person, record: Record) -> bool:
    record.last_name, record.first_name = record.last_name[:8], record.first_name[:6]
    return len(person.last) > 8 or len(person.first) > 6


def _two(*slips: Slip) -> Slip:
    def slip(world: World, person: Person, record: Record) -> bool:
        done = [one(world, person, record) for one in slips]
        return all(done)

    return slip


def _heavy(world: World, person: Person, record: Record) -> bool:
    for slip in world.rng.sample(_EVERYDAY_LIGHT, 3):
        slip(world, person, record)
    return True


_TYPO_FIRST, _TYPO_LAST = _name("first_name", keyboard), _name("last_name", keyboard)
_EVERYDAY_LIGHT = [
    _TYPO_FIRST,
    _TYPO_LAST,
    _nickname,
    _ssn_missing,
    _moved,
    _surname_changed,
    _born_digit,
    _name("ssn", digit),
]

EVERYDAY: dict[str, tuple[float, Slip]] = {
    "clean": (27, lambda world, person, record: True),
    "typo in the first name": (4, _TYPO_FIRST),
    "typo in the surname": (5, _TYPO_LAST),
    "misread by a scanner": (2, _name("last_name", misread)),
    "spelled by ear, first name": (2.5, _name("first_name", misheard)),
    "spelled by ear, surname": (2.5, _name("last_name", misheard)),
    "two typos": (1.5, _two(_TYPO_FIRST, _TYPO_LAST)),
    "nickname": (6, _nickname),
    "nickname, no ssn": (1, _two(_nickname, _ssn_missing)),
    "middle name as first": (2, _middle_first),
    "first name as an initial": (1.5, _initial),
    "first and middle joined": (1.5, _middle_joined),
    "first and last exchanged": (1.5, _first_last),
    "ssn missing": (7, _ssn_missing),
    "ssn missing and moved": (2, _two(_ssn_missing, _moved)),
    "ssn digits exchanged": (2.5, _name("ssn", exchanged)),
    "one digit of the ssn": (2.5, _name("ssn", digit)),
    "placeholder ssn": (1.5, _ssn_placeholder),
    "last four of the ssn": (0.7, _ssn_last_four),
    "day and month exchanged": (2, _day_month),
    "impossible birth date": (0.4, _born_impossible),
    "birth date of the other century": (0.3, _born_century),
    "one digit of the birth date": (2, _born_digit),
    "birth date missing": (0.7, _born_missing),
    "first of january": (0.5, _born_first),
    "surname changed": (4, _surname_changed),
    "surname changed and moved": (1.5, _two(_surname_changed, _moved)),
    "hyphenated": (1.5, _hyphenated),
    "part of a double surname": (2.5, _double_part),
    "particle or apostrophe": (1, _particle),
    "moved": (7, _moved),
    "sex missing": (1.5, _sex("")),
    "sex wrong": (0.5, _sex("other")),
    "suffix in the surname": (0.7, _suffix_in_surname),
    "cut short": (0.7, _cut),
    "moved, surname changed, no ssn": (0.5, _two(_moved, _surname_changed, _ssn_missing)),
    "three things at once": (1.6, _heavy),
}
"""The scenarios of ordinary people with their shares."""


def optional(world: World, record: Record) -> None:
    """What any record may lack without being wrong."""
    if world.rng.random() < 0.12:
        record.phone = ""
    if world.rng.random() < 0.015:
        record.sex = ""


def background(world: World, record: Record, *, registry: bool) -> None:
    """What is missing or a little off in any record, whatever else happened."""
    rng = world.rng
    optional(world, record)
    if rng.random() < (0.08 if registry else 0.05):
        record.ssn = ""
    elif registry and rng.random() < 0.012:
        record.ssn = rng.choice(
            (digit(record.ssn, rng), exchanged(record.ssn, rng), rng.choice(PLACEHOLDERS))
        )
    if record.phone and not registry and rng.random() < 0.1:
        record.phone = world.telephone("208")
    if record.suffix and rng.random() < 0.4:
        record.suffix = ""
    if registry and rng.random() < 0.015:
        record.last_name = keyboard(record.last_name, rng)
    if registry and rng.random() < 0.006:
        record.date_of_birth = rng.choice(("", f"{record.date_of_birth[:4]}-01-01"))


def everyday(world: World, person: Person, scenario: str) -> Record | None:
    """An enrollment of an ordinary person; nothing where the scenario does not fit the person."""
    record = written(person, world.rng)
    if not EVERYDAY[scenario][1](world, person, record):
        return None
    background(world, record, registry=False)
    return record


def old_home(world: World, person: Person) -> Person:
    """The person as the registry knows them from before they moved."""
    return replace(person, home=world.far_from(person.home))
