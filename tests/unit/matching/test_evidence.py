"""How an enrollment compares with a member, in words and in bits. All people are invented."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from api_client.types.words import Verdict
from backend.matching import model
from backend.matching.evidence import FieldVerdict, compare, rank
from backend.matching.person import Person
from tests.unit.matching.people import ON_FILE, PEOPLE, STRANGER, TWIN, ZELDA, but, numbered


def field(name: str, enrollment: Person, member: Person) -> FieldVerdict:
    (found,) = [one for one in compare(enrollment, member) if one.field == name]
    return found


@pytest.mark.parametrize(
    ("name", "change", "verdict", "words"),
    [
        ("SSN", {}, Verdict.SAME, "same"),
        ("SSN", {"ssn": "900526789"}, Verdict.NEAR, "1 digit"),
        ("SSN", {"ssn": "900216789"}, Verdict.NEAR, "2 digits exchanged"),
        ("SSN", {"ssn": "900126798"}, Verdict.NEAR, "next number: issued together?"),
        ("SSN", {"ssn": "910926789"}, Verdict.NEAR, "2 digits"),
        ("SSN", {"ssn": "901450101"}, Verdict.DIFFERS, "differs"),
        ("SSN", {"ssn": "111-11-1111"}, Verdict.MISSING, "placeholder, ignored"),
        ("SSN", {"ssn": "000-12-3456"}, Verdict.MISSING, "placeholder, ignored"),
        ("SSN", {"ssn": ""}, Verdict.MISSING, "missing"),
        ("birth date", {"birth_date": "1984-12-03"}, Verdict.NEAR, "day and month exchanged"),
        ("birth date", {"birth_date": "1984-03-13"}, Verdict.NEAR, "1 digit"),
        ("birth date", {"birth_date": "1954-03-12"}, Verdict.NEAR, "30 years apart"),
        ("birth date", {"birth_date": "1984-13-12"}, Verdict.NEAR, "1 digit"),
        ("birth date", {"birth_date": "1961-08-30"}, Verdict.DIFFERS, "differs"),
        ("birth date", {"birth_date": "1900-01-01"}, Verdict.MISSING, "placeholder, ignored"),
        ("last name", {"last_name": "QUILFEATHER"}, Verdict.NEAR, "1 letter"),
        ("last name", {"last_name": "QUILLFEATHER-MOSS"}, Verdict.NEAR, "part of a double surname"),
        ("last name", {"last_name": "QUILLFEA"}, Verdict.NEAR, "cut short"),
        ("last name", {"last_name": "MOSS"}, Verdict.DIFFERS, "differs"),
        ("first name", {"first_name": "Z."}, Verdict.NEAR, "initial"),
        ("first name", {"first_name": "ZEDLA"}, Verdict.NEAR, "1 letter"),
        ("first name", {"first_name": "BABY GIRL"}, Verdict.MISSING, "placeholder, ignored"),
        (
            "first name",
            {"first_name": "QUILLFEATHER", "last_name": "ZELDA"},
            Verdict.NEAR,
            "first and last name exchanged",
        ),
        ("suffix", {"suffix": "JR"}, Verdict.MISSING, "not on file"),
        ("address", {}, Verdict.SAME, "same"),
        ("address", {"street": "14 ELM ST APT 2"}, Verdict.NEAR, "same building, apartment on one side"),
        ("address", {"street": "14 ELMM ST"}, Verdict.NEAR, "same house, other spelling"),
        ("address", {"street": "9 BAY AVE"}, Verdict.DIFFERS, "same zip"),
        ("address", {"street": "9 BAY AVE", "zip": "95814"}, Verdict.DIFFERS, "lives elsewhere"),
        ("sex", {"sex": "U"}, Verdict.MISSING, "missing"),
        ("phone", {"phone": "510-226-0100"}, Verdict.MISSING, "not on file"),
        ("phone", {"phone": "510-555-0100"}, Verdict.MISSING, "placeholder, ignored"),
    ],
)
def test_every_field_says_how_it_compares(
    name: str, change: dict[str, str], verdict: Verdict, words: str
) -> None:
    found = field(name, but(ZELDA, change), ON_FILE)
    assert (found.verdict, found.words) == (verdict, words)


@pytest.mark.parametrize(
    ("ours", "theirs", "words"),
    [
        (("BOB", ""), ("ROBERT", ""), "nickname"),
        (("LUPE", ""), ("GUADALUPE", ""), "nickname"),
        (("BILLY", ""), ("LIAM", ""), "differs"),  # both stand for William, and neither is the other's root
        (("MARYANN", ""), ("MARY", "ANN"), "same, written apart"),
        (("JAMES", ""), ("ROBERT", "JAMES"), "goes by the middle name"),
        (("DEAN", "EVAN"), ("DEA", "N"), "1 letter"),  # never written apart: N is an initial
        (("MARIA", ""), ("MARIE", ""), "1 letter"),
    ],
)
def test_forms_of_a_first_name(ours: tuple[str, str], theirs: tuple[str, str], words: str) -> None:
    enrollment = replace(ZELDA, first_name=ours[0], middle_name=ours[1])
    member = replace(ON_FILE, first_name=theirs[0], middle_name=theirs[1])
    assert field("first name", enrollment, member).words == words


@pytest.mark.parametrize(
    ("one", "other"),
    [("Maria de la Cruz", "DELACRUZ"), ("O'Brien", "OBRIEN"), ("Núñez", "NUNEZ"), ("Moss Jr.", "MOSS")],
)
def test_the_same_surname_whatever_the_spelling(one: str, other: str) -> None:
    surname = one.removeprefix("Maria ")
    assert (
        field("last name", replace(ZELDA, last_name=surname), replace(ON_FILE, last_name=other)).words
        == "same"
    )


def test_the_same_word_as_first_and_last_name_is_the_same_not_exchanged() -> None:
    twice = replace(ZELDA, first_name="MOSS", last_name="MOSS")
    assert field("first name", twice, twice).words == field("last name", twice, twice).words == "same"


def test_a_number_used_within_a_family_says_nothing_and_is_named() -> None:
    husband = replace(ON_FILE, mrn="M7", first_name="ODO", sex="M", birth_date="1980-02-02", ssn="900450101")
    with_his_number = replace(ZELDA, ssn="900450101")
    best, other = rank(with_his_number, [husband, ON_FILE])
    assert (best.mrn, other.mrn) == ("M1", "M7")
    assert [one.words for one in best.comparisons if one.field == "SSN"] == ["M7's number, same family"]
    assert [one.words for one in other.comparisons if one.field == "SSN"] == [
        "used for M1 of the same family?"
    ]
    assert "the SSN on the enrollment belongs to M7" in best.warnings


def test_what_a_member_had_before_is_named() -> None:
    before = replace(ON_FILE, last_name="MOSS", street="9 BAY AVE", zip="95814", ssn="901778888")
    member = replace(ON_FILE, past=(before,))
    enrollment = replace(ZELDA, last_name="MOSS", street="9 BAY AVE", zip="95814", ssn="901778888")
    assert field("last name", enrollment, member).words == "the former last name"
    assert field("address", enrollment, member).words == "lived there before"
    assert field("SSN", enrollment, member).words == "the former number, replaced since"
    assert [one.words for one in compare(ZELDA, member)] == [one.words for one in compare(ZELDA, ON_FILE)]


def test_a_number_that_several_have_says_nothing() -> None:
    members = [
        replace(STRANGER, mrn=f"M{n}", first_name=name) for n, name in enumerate(("ODO", "IDA", "UNA"))
    ]
    for one in rank(replace(ZELDA, ssn=STRANGER.ssn), members):
        assert one.verdicts["SSN"] is Verdict.MISSING


def test_a_rare_name_says_more_than_a_common_one() -> None:
    smith, rare = replace(ZELDA, last_name="SMITH"), replace(ZELDA, last_name="QUILLFEATHER")
    assert field("last name", smith, smith).bits < field("last name", rare, rare).bits


def test_one_home_counts_once() -> None:
    called = replace(ZELDA, phone="5102260100")
    found = {one.field: one.bits for one in compare(called, called)}
    alone = field("phone", replace(called, street="9 BAY AVE", zip="95814"), called)
    assert found["address"] + found["phone"] <= alone.bits + found["address"] - found["phone"]
    assert found["phone"] == 0


def test_best_candidate_first() -> None:
    best, twin, stranger = rank(ZELDA, [STRANGER, TWIN, ON_FILE])
    assert [best.mrn, twin.mrn, stranger.mrn] == ["M1", "M2", "M9"]
    assert best.strong
    assert best.score > model.CERTAIN
    assert best.score > twin.score > 0 > stranger.score


@given(PEOPLE, PEOPLE)
def test_a_score_is_the_sum_of_what_is_shown(one: Person, other: Person) -> None:
    (found,) = rank(one, [replace(other, mrn="M1")])
    shown = [round(field.bits, 1) for field in found.comparisons]
    assert shown == [field.bits for field in found.comparisons]
    assert found.score == round(sum(shown), 1)


@example(replace(ZELDA, last_name="MOSS", first_name="BABY"), replace(ZELDA, last_name="", first_name="MOSS"))
@given(PEOPLE, PEOPLE)
def test_which_side_is_the_enrollment_changes_no_verdict(one: Person, other: Person) -> None:
    there, back = compare(one, other), compare(other, one)
    assert [(a.level, a.bits) for a in there] == [(b.level, b.bits) for b in back]


@given(PEOPLE, st.lists(PEOPLE, max_size=5), st.data())
def test_the_order_of_members_changes_nothing(one: Person, people: list[Person], data: st.DataObject) -> None:
    members = numbered(people)
    assert rank(one, members) == rank(one, data.draw(st.permutations(members)))
