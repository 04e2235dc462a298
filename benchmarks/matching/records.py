"""What somebody wrote down about a person: a line of one of the two files."""

from __future__ import annotations

import random
import unicodedata
from dataclasses import dataclass, fields

from benchmarks.matching import words
from benchmarks.matching.people import Home, Person


@dataclass(slots=True)
class Record:
    """The columns both files have besides the id; empty where nothing was written."""

    first_name: str
    middle_name: str
    last_name: str
    suffix: str
    date_of_birth: str
    sex: str
    ssn: str
    street: str
    city: str
    state: str
    zip: str
    phone: str


COLUMNS = ("record_id", *(field.name for field in fields(Record)))


def written(person: Person, rng: random.Random) -> Record:
    """The person without an error, in one of the ways people write things."""
    home = person.home
    record = Record(
        person.first,
        person.middle,
        person.last,
        person.suffix,
        person.born.isoformat(),
        person.sex,
        person.ssn,
        street(home, rng),
        home.city,
        home.state,
        home.zip,
        person.phone or home.phone,
    )
    _style(record, home, rng)
    return record


def street(home: Home, rng: random.Random) -> str:
    """The street line: the same place is written in many ways."""
    short, full = words.STREET_KINDS[home.kind]
    kind = rng.choices((short, full, short.upper() + "."), (70, 25, 5))[0]
    name = home.street
    if rng.random() < 0.15 and name[:2] in ("N ", "S ", "E ", "W "):
        name = {"N": "North", "S": "South", "E": "East", "W": "West"}[name[0]] + name[1:]
    line = f"{home.number} {name} {kind}"
    if home.unit:
        line += rng.choices(
            (f" Apt {home.unit}", f" #{home.unit}", f", Unit {home.unit}", ""), (55, 25, 12, 8)
        )[0]
    return line


def _style(record: Record, home: Home, rng: random.Random) -> None:
    """Case, accents, punctuation and what is optional on a form."""
    if rng.random() < 0.25:
        record.middle_name = record.middle_name[:1]
    elif rng.random() < 0.35:
        record.middle_name = ""
    if rng.random() < 0.3:
        record.zip = f"{home.zip}-{home.number * 37 % 9000 + 1000}"
    if rng.random() < 0.2:
        record.ssn = f"{record.ssn[:3]}-{record.ssn[3:5]}-{record.ssn[5:]}" if record.ssn else ""
    if rng.random() < 0.25 and len(record.phone) == 10:
        record.phone = f"({record.phone[:3]}) {record.phone[3:6]}-{record.phone[6:]}"
    if rng.random() < 0.6:
        for name in ("first_name", "middle_name", "last_name"):
            setattr(record, name, plain(getattr(record, name)))
    if rng.random() < 0.3:
        for field in fields(record):
            setattr(record, field.name, getattr(record, field.name).upper())


def plain(text: str) -> str:
    """Without accents, as most of the systems before ours kept it."""
    text = text.replace("ø", "o").replace("Ø", "O")
    return "".join(sign for sign in unicodedata.normalize("NFKD", text) if not unicodedata.combining(sign))
