"""Keys under which members are found. All people are invented."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.matching import keys, search
from backend.matching.person import Person
from tests.unit.matching.people import ON_FILE, PEOPLE, ZELDA, but

SECRET = b"a secret of thirty-two bytes 123"


def shared(enrollment: Person, member: Person, *, wider: bool = False) -> frozenset[str]:
    asked = keys.asking_keys(enrollment.key)
    if wider:
        asked |= keys.wider_keys(enrollment.key)
    return asked & keys.member_keys(member.key)


@pytest.mark.parametrize(
    "change",
    [
        {"ssn": "", "street": "9 BAY AVE", "zip": "95814"},
        {"birth_date": "1984-12-03", "ssn": "", "street": "", "zip": ""},
        {"first_name": "QUILLFEATHER", "last_name": "ZELDA", "ssn": "", "birth_date": ""},
        {"last_name": "MOSS", "ssn": "", "street": ""},
        {"first_name": "BABY GIRL", "ssn": ""},
        {"birth_date": "", "first_name": "", "last_name": "MOSS"},
        {"first_name": "ODETTE", "birth_date": "1999-09-09", "ssn": "", "street": "14 ELLM ST"},
    ],
)
def test_who_agrees_in_a_few_fields_is_found(change: dict[str, str]) -> None:
    assert len(shared(but(ZELDA, change), ON_FILE)) >= 1


def test_a_nickname_finds_its_root() -> None:
    bob = replace(ZELDA, first_name="BOB", last_name="MOSS", birth_date="", ssn="", street="", zip="")
    robert = replace(bob, first_name="ROBERT")
    assert shared(bob, robert)


@pytest.mark.parametrize("change", [{"ssn": "900126780"}, {"birth_date": "1984-03-13"}])
def test_one_slip_is_found_by_the_wider_look(change: dict[str, str]) -> None:
    nothing = {"street": "", "zip": "", "middle_name": ""}
    ours = {"first_name": "ZELDA", "last_name": "MOSS"} | nothing
    enrollment = but(ZELDA, ours | change)
    assert shared(enrollment, but(ON_FILE, nothing | {"last_name": "TIPTREE"}), wider=True)


def test_about_twenty_keys_a_member() -> None:
    full = replace(ON_FILE, middle_name="ANN", city="OAKLAND", phone="5102260100")
    assert 18 <= len(keys.member_keys(full.key)) <= 28


def test_a_key_says_nothing_without_the_secret() -> None:
    texts = keys.member_keys(ON_FILE.key)
    assert keys.hashed(SECRET, texts) == keys.hashed(SECRET, texts)
    assert not set(keys.hashed(SECRET, texts)) & set(keys.hashed(SECRET[::-1], texts))
    assert all(-(2**63) <= key < 2**63 for key in keys.hashed(SECRET, texts))


@given(PEOPLE)
def test_everyone_is_found_under_their_own_keys(person: Person) -> None:
    assert keys.member_keys(person.key) <= keys.asking_keys(person.key)


@given(st.lists(st.tuples(st.integers(0, 9), st.integers(0, 30)), max_size=60, unique=True), st.data())
def test_the_order_of_the_answers_changes_nothing(pairs: list[tuple[int, int]], data: st.DataObject) -> None:
    assert search.most_shared(pairs) == search.most_shared(data.draw(st.permutations(pairs)))


def test_a_key_that_many_share_is_no_evidence() -> None:
    crowd = [(1, member) for member in range(search.MOST_IN_A_BLOCK + 1)]
    assert search.most_shared(crowd) == []
    assert search.most_shared([*crowd, (2, 7), (2, 9), (3, 9)]) == [9, 7]
    assert len(search.most_shared(crowd[:-1])) == search.MOST_LOOKED_AT
