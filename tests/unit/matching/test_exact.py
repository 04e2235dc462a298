"""What is certain and what a person must look at. All people are invented."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_client.types.words import Verdict
from backend.matching.exact import AutoMatch, NewMember, Person, ToQueue, certain, compare, rank

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
STRANGER = Person("MOONWHISTLE", "ODO", birth_date="1970-07-07", ssn="900450101", mrn="M9")


def verdict(field: str, enrollment: Person, member: Person) -> tuple[Verdict, str]:
    (found,) = [one for one in compare(enrollment, member) if one.field == field]
    return found.verdict, found.words


def test_exact_is_certain() -> None:
    assert isinstance(certain(ZELDA, [ON_FILE]), AutoMatch)
    assert certain(ZELDA, [STRANGER, TWIN, ON_FILE]) == certain(ZELDA, [ON_FILE])


@pytest.mark.parametrize(
    "same",
    [
        replace(ZELDA, last_name="Quillfeather Jr."),
        replace(ZELDA, first_name="zélda"),
        replace(ZELDA, last_name="Quill-Feather"),
        replace(ZELDA, ssn="900126789"),
        replace(ZELDA, street="", zip="", sex=""),
        replace(ZELDA, mrn="M1"),
        replace(ZELDA, ssn="", mrn="M1"),
        replace(ZELDA, ssn="999-99-9999", mrn="M1"),
    ],
)
def test_certain_whatever_the_spelling(same: Person) -> None:
    found = certain(same, [ON_FILE])
    assert isinstance(found, AutoMatch)
    assert found.mrn == "M1"


@pytest.mark.parametrize(
    ("enrollment", "members", "why"),
    [
        (replace(ZELDA, first_name="ZORA"), [ON_FILE], "has this SSN but another name"),
        (replace(ZELDA, birth_date="2009-01-02", ssn=""), [ON_FILE], "same name lives in the same home"),
        (replace(ZELDA, birth_date="1984-12-03"), [ON_FILE], "has this SSN but another name or birth date"),
        (replace(ZELDA, ssn=""), [ON_FILE], "same name and birth date, and no SSN"),
        (replace(ZELDA, ssn="999-99-9999"), [ON_FILE], "same name and birth date, and no SSN"),
        (replace(ZELDA, ssn="900-33-4444"), [ON_FILE], "same name and birth date, and another SSN"),
        (ZELDA, [ON_FILE, replace(STRANGER, ssn="900126789")], "another member has the same SSN"),
        (ZELDA, [ON_FILE, replace(ON_FILE, mrn="M3", ssn="900778888")], "the same name and birth date"),
        (ZELDA, [ON_FILE, replace(ON_FILE, mrn="M3")], "2 members on file agree in full"),
        (replace(ZELDA, suffix="SR"), [replace(ON_FILE, suffix="JR")], "the suffix differs"),
        (replace(ZELDA, ssn="", first_name="ODETTE"), [ON_FILE], "same birth date and a part of the name"),
        (
            Person("ZELDA", "ANYA", birth_date="1984-03-12"),
            [ON_FILE],
            "same birth date and a part of the name",
        ),
        (replace(ZELDA, ssn="900126780", birth_date="1990-01-02"), [ON_FILE], "nearly this SSN"),
        (replace(ZELDA, ssn="", birth_date="1984-12-03"), [ON_FILE], "nearly this name and birth date"),
        (replace(ZELDA, ssn=""), [replace(ON_FILE, birth_date="")], "nearly this name and birth date"),
        (
            Person("De La Moss", "ODO", birth_date="1984-03-12"),
            [replace(ON_FILE, last_name="DELAMOSS")],
            "same birth date and a part of the name",
        ),
        (replace(ZELDA, birth_date="1900-01-01"), [], "no usable birth date"),
        (replace(ZELDA, birth_date="1984-02-31"), [ON_FILE], "no usable birth date"),
        (replace(ZELDA, first_name="BABY GIRL"), [], "no full name"),
        (replace(ZELDA, mrn="M7"), [ON_FILE], "is another member's"),
        (replace(ZELDA, mrn="M9"), [STRANGER], "belongs to someone whose name"),
        (replace(ZELDA, mrn="M7"), [], "not on file"),
        (replace(ZELDA, mrn="M1", ssn="900126780"), [ON_FILE], "the SSN differs"),
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
        [replace(STRANGER, last_name="QUILLFEATHER", street=ZELDA.street, zip=ZELDA.zip)],
    ],
)
def test_nobody_there_is_new(members: list[Person]) -> None:
    assert isinstance(certain(ZELDA, members), NewMember)


@pytest.mark.parametrize(
    ("enrollment", "members", "warning"),
    [
        (replace(ZELDA, ssn=""), [TWIN], "M2: twin in the same home?"),
        (
            replace(ZELDA, ssn="900334444", birth_date="1955-01-01"),
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
            replace(ZELDA, ssn="900450101"),
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


@pytest.mark.parametrize(
    ("field", "change", "expected"),
    [
        ("SSN", {}, (Verdict.SAME, "same")),
        ("SSN", {"ssn": "900126780"}, (Verdict.NEAR, "1 digit")),
        ("SSN", {"ssn": "900126798"}, (Verdict.NEAR, "2 digits exchanged")),
        ("SSN", {"ssn": "900126700"}, (Verdict.DIFFERS, "2 digits")),
        ("SSN", {"ssn": "111-11-1111"}, (Verdict.MISSING, "placeholder, ignored")),
        ("SSN", {"ssn": "000-12-3456"}, (Verdict.MISSING, "placeholder, ignored")),
        ("SSN", {"ssn": ""}, (Verdict.MISSING, "missing")),
        ("birth date", {"birth_date": "1984-12-03"}, (Verdict.NEAR, "day and month exchanged")),
        ("birth date", {"birth_date": "1984-03-13"}, (Verdict.NEAR, "1 digit")),
        ("birth date", {"birth_date": "1961-08-30"}, (Verdict.DIFFERS, "differs")),
        ("birth date", {"birth_date": "1900-01-01"}, (Verdict.MISSING, "placeholder, ignored")),
        ("last name", {"last_name": "QUILFEATHER"}, (Verdict.NEAR, "1 letter")),
        ("last name", {"last_name": "QUILLFEATHER-MOSS"}, (Verdict.NEAR, "part of a double surname")),
        ("last name", {"last_name": "MOSS"}, (Verdict.DIFFERS, "differs")),
        ("first name", {"first_name": "Z."}, (Verdict.NEAR, "initial")),
        ("first name", {"first_name": "ZEDLA"}, (Verdict.NEAR, "1 letter")),
        ("first name", {"first_name": "UNKNOWN"}, (Verdict.MISSING, "placeholder, ignored")),
        (
            "first name",
            {"first_name": "QUILLFEATHER", "last_name": "ZELDA"},
            (Verdict.NEAR, "first and last name exchanged"),
        ),
        ("address", {}, (Verdict.SAME, "same")),
        ("address", {"street": "14 ELM ST APT 2"}, (Verdict.NEAR, "same house number and zip")),
        ("address", {"street": "9 BAY AVE"}, (Verdict.DIFFERS, "differs")),
        ("sex", {"sex": "U"}, (Verdict.MISSING, "missing")),
        ("phone", {"phone": "510-226-0100"}, (Verdict.MISSING, "not on file")),
        ("phone", {"phone": "510-555-0100"}, (Verdict.MISSING, "placeholder, ignored")),
    ],
)
def test_verdicts(field: str, change: dict[str, str], expected: tuple[Verdict, str]) -> None:
    assert verdict(field, replace(ZELDA, **change), ON_FILE) == expected


def test_the_same_word_as_first_and_last_name_is_the_same_not_exchanged() -> None:
    twice = replace(ZELDA, first_name="MOSS", last_name="MOSS")
    assert verdict("first name", twice, twice) == verdict("last name", twice, twice) == (Verdict.SAME, "same")


def test_best_candidate_first() -> None:
    assert [one.mrn for one in rank(ZELDA, [STRANGER, TWIN, ON_FILE])] == ["M1", "M2", "M9"]
    best, twin, _ = rank(ZELDA, [STRANGER, TWIN, ON_FILE])
    assert best.strong
    assert best.score > twin.score


NAMES = st.sampled_from(["ZELDA", "ZORA", "QUILLFEATHER", "MOSS", "", "BABY"])
PEOPLE = st.builds(
    Person,
    last_name=NAMES,
    first_name=NAMES,
    suffix=st.sampled_from(["", "JR", "SR"]),
    birth_date=st.sampled_from(["1984-03-12", "1984-12-03", "1955-01-01", "1900-01-01", ""]),
    ssn=st.sampled_from(["900126789", "900126798", "900450101", "999999999", ""]),
    street=st.sampled_from(["14 ELM ST", "9 BAY AVE", ""]),
    zip=st.just("94612"),
    mrn=st.just(""),
)


@given(PEOPLE, st.lists(PEOPLE, max_size=5), st.data())
def test_the_order_of_candidates_never_changes_the_verdict(
    enrollment: Person, people: list[Person], data: st.DataObject
) -> None:
    members = [replace(person, mrn=f"M{number}") for number, person in enumerate(people)]
    shuffled = data.draw(st.permutations(members))
    assert certain(enrollment, members) == certain(enrollment, shuffled)
    assert rank(enrollment, members) == rank(enrollment, shuffled)


@given(PEOPLE, st.lists(PEOPLE, max_size=5))
def test_an_automatic_match_agrees_in_full_and_alone(enrollment: Person, people: list[Person]) -> None:
    members = [replace(person, mrn=f"M{number}") for number, person in enumerate(people)]
    found = certain(enrollment, members)
    sharing = [one for one in members if one.key.ssn and one.key.ssn == enrollment.key.ssn]
    if isinstance(found, AutoMatch):
        assert [one.mrn for one in sharing] == [found.mrn]
        assert sharing[0].key.full_name_and_birth_date == enrollment.key.full_name_and_birth_date
    if isinstance(found, NewMember):
        assert not sharing
        same_birth = [one for one in members if one.key.birth_date == enrollment.key.birth_date]
        assert not any(one.key.name_parts & enrollment.key.name_parts for one in same_birth)
