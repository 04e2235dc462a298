"""Invented people for the matching tests, and dice for many more."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from hypothesis import strategies as st

from backend.matching.person import Person

ZELDA = Person(
    last_name="QUILLFEATHER",
    first_name="ZELDA",
    birth_date="1984-03-12",
    ssn="900-12-6789",
    sex="F",
    street="14 Elm Street",
    zip="94612",
)
ON_FILE = replace(ZELDA, mrn="M1", street="14 ELM ST")
TWIN = replace(ON_FILE, mrn="M2", first_name="ZORA", ssn="900126798")
STRANGER = Person("MOONWHISTLE", "ODO", birth_date="1970-07-07", ssn="901450101", mrn="M9")

PEOPLE = st.builds(
    Person,
    last_name=st.sampled_from(["QUILLFEATHER", "QUILFEATHER", "MOSS", "DE LA MOSS", "ZELDA", ""]),
    first_name=st.sampled_from(
        ["ZELDA", "ZORA", "ZEDLA", "MARIA", "MARIE", "BOB", "ROBERT", "Z", "MOSS", "BABY"]
    ),
    middle_name=st.sampled_from(["", "A", "ANN", "ZELDA"]),
    suffix=st.sampled_from(["", "JR", "SR"]),
    birth_date=st.sampled_from(["1984-03-12", "1984-12-03", "1984-03-13", "1954-03-12", "1900-01-01", ""]),
    ssn=st.sampled_from(["900126789", "900126798", "900526789", "901450101", "999999999", ""]),
    sex=st.sampled_from(["F", "M", "U"]),
    street=st.sampled_from(["14 ELM ST", "14 ELM ST APT 2", "9 BAY AVE", ""]),
    zip=st.sampled_from(["94612", "95814"]),
    phone=st.sampled_from(["", "5102260100"]),
)


def but(person: Person, changes: Mapping[str, str]) -> Person:
    """The person with other values in the fields named."""
    values: Mapping[str, Any] = changes
    return replace(person, **values)


def numbered(people: Sequence[Person]) -> list[Person]:
    """The same people as members on file, each with a number."""
    return [replace(person, mrn=f"M{number}") for number, person in enumerate(people)]
