"""What is certain and what a person must look at. All people are invented."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.matching.evidence import compare
from backend.matching.exact import AutoMatch, NewMember, ToQueue, certain
from backend.matching.likeness import Level
from backend.matching.person import Person
from tests.unit.matching.people import ON_FILE, PEOPLE, STRANGER, TWIN, ZELDA, numbered


def test_the_very_person_is_certain_whoever_else_is_there() -> None:
    assert isinstance(certain(ZELDA, [ON_FILE]), AutoMatch)
    assert certain(ZELDA, [STRANGER, TWIN, ON_FILE]) == certain(ZELDA, [ON_FILE])


@pytest.mark.parametrize(
    "enrollment",
    [
        replace(ZELDA, last_name="Quillfeather Jr."),
        replace(ZELDA, first_name="zélda"),
        replace(ZELDA, last_name="Quill-Feather"),
        replace(ZELDA, street="", zip="", sex=""),
        replace(ZELDA, last_name="MOSS"),  # married
        replace(ZELDA, street="9 BAY AVE", zip="95814"),  # moved
        replace(ZELDA, birth_date="1984-12-03"),  # day and month exchanged
        replace(ZELDA, birth_date="1985-03-12"),  # a slip
        replace(ZELDA, last_name="QUILFEATHER"),
        replace(ZELDA, first_name="ZELLDA"),  # a doubled letter
        replace(ZELDA, first_name="ZELFDA"),  # no name that people have
        replace(ZELDA, first_name="Z."),
        replace(ZELDA, first_name="QUILLFEATHER", last_name="ZELDA"),
        replace(ZELDA, ssn="900526789"),  # a slip, in the same home
        replace(ZELDA, ssn=""),  # the same letters and birth date in the same home
        replace(ZELDA, ssn="999-99-9999"),
        replace(ZELDA, mrn="M1"),
        replace(ZELDA, ssn="", mrn="M1", street="9 BAY AVE", zip="95814"),
    ],
)
def test_certain_in_spite_of_a_slip_that_no_relative_shows(enrollment: Person) -> None:
    found = certain(enrollment, [ON_FILE])
    assert isinstance(found, AutoMatch)
    assert found.mrn == "M1"


@pytest.mark.parametrize(
    ("ours", "theirs"), [("BOB", "ROBERT"), ("MARYANN", "MARY ANN"), ("RHONDA", "RHONDA RENEE")]
)
def test_a_form_that_no_twin_bears_is_the_same_under_one_number(ours: str, theirs: str) -> None:
    found = certain(replace(ZELDA, first_name=ours), [replace(ON_FILE, first_name=theirs)])
    assert isinstance(found, AutoMatch)


MARIA = replace(ON_FILE, first_name="MARIA")


@pytest.mark.parametrize(
    ("enrollment", "members", "why"),
    [
        # twins
        (replace(ZELDA, first_name="MARIE"), [MARIA], "two first names that are alike"),
        (replace(ZELDA, first_name="LIAM"), [replace(ON_FILE, first_name="WILLIAM")], "that are alike"),
        (replace(ZELDA, first_name="MARIE", ssn=""), [MARIA], "not the same letters: a twin?"),
        (replace(ZELDA, first_name="MARIE", ssn="900126798"), [MARIA], "the next number: a twin"),
        (replace(ZELDA, first_name="PRUNELLA"), [ON_FILE], "the first name differs: a twin"),
        (
            replace(ZELDA, ssn=""),
            [ON_FILE, replace(TWIN, first_name="ZELLA")],
            "another member",
        ),
        (
            replace(ZELDA, middle_name="LUZ", ssn=""),
            [replace(ON_FILE, middle_name="ANA")],
            "middle name",
        ),
        (
            replace(ZELDA, first_name="JOSE", ssn=""),
            [replace(ON_FILE, first_name="JOSE", middle_name="MATEO")],
            "share",
        ),
        (replace(ZELDA, first_name="DONG-HYUN"), [replace(ON_FILE, first_name="HYUN")], "that are alike"),
        (
            replace(ZELDA, middle_name="MIGUEL", ssn=""),
            [replace(ON_FILE, middle_name="MANUEL")],
            "middle name",
        ),
        # father and son
        (replace(ZELDA, birth_date="2009-01-02", ssn=""), [ON_FILE], "birth date differs"),
        (replace(ZELDA, birth_date="1954-03-12"), [ON_FILE], "birth date differs"),
        (replace(ZELDA, suffix="SR"), [replace(ON_FILE, suffix="JR")], "the suffix differs"),
        (replace(ZELDA, suffix="JR", ssn=""), [ON_FILE], "a suffix on one side only"),
        (replace(ZELDA, ssn="", birth_date="1984-12-03"), [ON_FILE], "the birth date differs"),
        (replace(ZELDA, ssn=""), [replace(ON_FILE, birth_date="")], "no birth date to compare"),
        # namesakes
        (replace(ZELDA, ssn="", street="9 BAY AVE"), [ON_FILE], "the home is another"),
        (replace(ZELDA, ssn="", street="14 ELM ST APT 9"), [replace(ON_FILE, street="14 ELM ST #2")], "home"),
        (replace(ZELDA, ssn="901334444"), [ON_FILE], "the SSN differs"),
        (replace(ZELDA, last_name="MOSS", street="9 BAY AVE", zip="95814"), [ON_FILE], "so does the home"),
        (
            replace(ZELDA, ssn="", birth_date="1984-01-01"),
            [replace(ON_FILE, birth_date="1984-01-01")],
            "January",
        ),
        # a number that is somebody else's
        (ZELDA, [ON_FILE, replace(STRANGER, ssn="900126789")], "the SSN is shared"),
        (replace(ZELDA, ssn=STRANGER.ssn), [ON_FILE, STRANGER], "the SSN differs"),
        (
            replace(ZELDA, last_name="ROSAS", street="9 BAY AVE", zip="95814"),
            [replace(ON_FILE, last_name="ROJAS")],
            "the last name differs",
        ),
        (
            replace(ZELDA, last_name="GOMEZ", street="9 BAY AVE", zip="95814"),
            [replace(ON_FILE, last_name="LOPEZ")],
            "the last name differs",
        ),
        # duplicates on file
        (ZELDA, [ON_FILE, replace(ON_FILE, mrn="M3", ssn="901778888")], "the same name and birth date"),
        (ZELDA, [ON_FILE, replace(ON_FILE, mrn="M3")], "the SSN is shared"),
        # nothing to go by
        (replace(ZELDA, birth_date="1900-01-01"), [], "no usable birth date"),
        (replace(ZELDA, first_name="BABY GIRL"), [], "no full name"),
        (replace(ZELDA, mrn="M7"), [ON_FILE], "is not on file"),
        (replace(ZELDA, mrn="M9"), [ON_FILE, STRANGER], "is another member's"),
        (replace(ZELDA, mrn="M1", ssn="901334444"), [ON_FILE], "the SSN differs"),
        # somebody on file may be meant
        (replace(ZELDA, ssn="", first_name="ODETTE"), [ON_FILE], "the first name differs"),
        (
            Person("ZELDA", "ANYA", birth_date="1984-03-12"),
            [ON_FILE],
            "same birth date and a part of the name",
        ),
        (replace(ZELDA, ssn="900126780", birth_date="1990-01-02"), [ON_FILE], "the next number"),
        (
            Person("De La Moss", "ODO", birth_date="1984-03-12"),
            [replace(ON_FILE, last_name="DELAMOSS")],
            "same birth date and a part of the name",
        ),
    ],
)
def test_every_doubt_goes_to_the_queue(enrollment: Person, members: list[Person], why: str) -> None:
    found = certain(enrollment, members)
    assert isinstance(found, ToQueue)
    assert why in found.why


@pytest.mark.parametrize(
    "members",
    [
        [],
        [STRANGER],
        [replace(STRANGER, birth_date=ZELDA.birth_date)],
        [replace(STRANGER, last_name="QUILLFEATHER", street=ZELDA.street, zip=ZELDA.zip)],  # her husband
        [replace(ON_FILE, first_name="ODO", birth_date="2020-05-05", ssn="")],  # her child
    ],
)
def test_nobody_there_is_new(members: list[Person]) -> None:
    assert isinstance(certain(ZELDA, members), NewMember)


@pytest.mark.parametrize(
    ("enrollment", "members", "warning"),
    [
        (replace(ZELDA, ssn=""), [TWIN], "M2: twin in the same home?"),
        (
            replace(ZELDA, ssn="901334444", birth_date="1955-01-01"),
            [ON_FILE, replace(ON_FILE, mrn="M4", first_name="ODO", birth_date="1955-01-01", ssn="")],
            "M1: same name, other birth date or suffix: Sr/Jr?",
        ),
        (
            replace(ZELDA, suffix="SR"),
            [replace(ON_FILE, suffix="JR")],
            "M1: same name, other birth date or suffix: Sr/Jr?",
        ),
        (
            replace(ZELDA, first_name="PRUNELLA"),
            [ON_FILE],
            "M1: the same SSN under another first name or birth date: another person?",
        ),
        (
            replace(ZELDA, ssn=STRANGER.ssn),
            [ON_FILE, STRANGER],
            "M1: the SSN on the enrollment belongs to M9",
        ),
        (ZELDA, [ON_FILE, replace(ON_FILE, mrn="M3", ssn="")], "M1: M3 has the same name and birth date"),
        (ZELDA, [ON_FILE, replace(STRANGER, ssn="900126789")], "M1: M9 has the same SSN"),
    ],
)
def test_named_warnings(enrollment: Person, members: list[Person], warning: str) -> None:
    found = certain(enrollment, members)
    assert isinstance(found, ToQueue)
    assert warning in found.warnings


@given(PEOPLE, st.lists(PEOPLE, max_size=5), st.data())
def test_the_order_of_members_never_changes_the_decision(
    enrollment: Person, people: list[Person], data: st.DataObject
) -> None:
    members = numbered(people)
    assert certain(enrollment, members) == certain(enrollment, data.draw(st.permutations(members)))


@given(PEOPLE, PEOPLE)
def test_swapping_the_sides_never_changes_the_decision(one: Person, other: Person) -> None:
    there = certain(one, [replace(other, mrn="M1")])
    back = certain(other, [replace(one, mrn="M1")])
    assert isinstance(there, AutoMatch) is isinstance(back, AutoMatch)


@given(PEOPLE, st.lists(PEOPLE, max_size=4), PEOPLE)
def test_another_member_never_makes_a_doubtful_match_certain(
    enrollment: Person, people: list[Person], more: Person
) -> None:
    """Only to that very member can an enrollment be linked that a person had to look at before."""
    members, added = numbered(people), replace(more, mrn="M99")
    if not isinstance(certain(enrollment, members), AutoMatch):
        found = certain(enrollment, [*members, added])
        assert not isinstance(found, AutoMatch) or found.mrn == "M99"


@given(PEOPLE, st.lists(PEOPLE, max_size=4))
def test_an_automatic_match_contradicts_in_nothing_that_tells_people_apart(
    enrollment: Person, people: list[Person]
) -> None:
    members = numbered(people)
    found = certain(enrollment, members)
    if isinstance(found, AutoMatch):
        (member,) = [one for one in members if one.mrn == found.mrn]
        levels = {one.field: one.level for one in compare(enrollment, member)}
        assert Level.DIFFERS not in {levels[name] for name in ("SSN", "birth date", "first name", "suffix")}
        assert sum(one.key.ssn == enrollment.key.ssn for one in members if one.key.ssn) <= 1
    if isinstance(found, NewMember):
        same_birth = [one for one in members if one.key.born == enrollment.key.born]
        assert not any(one.key.name_parts & enrollment.key.name_parts for one in same_birth)
        assert not any(one.key.ssn and one.key.ssn == enrollment.key.ssn for one in members)
