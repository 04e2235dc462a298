"""Numbers, masks and the COBRA table of accounts. All names are invented."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_client.types.words import CobraAdmin, ContactRole
from backend.accounts import rules
from backend.accounts.rules import SizeClass


@pytest.mark.parametrize(("text", "number"), [(" 104233 ", "104233"), ("ab-9", "AB-9"), ("9" * 30, "9" * 30)])
def test_group_number(text: str, number: str) -> None:
    assert rules.group_number(text) == number


@pytest.mark.parametrize("text", ["", "  ", "9" * 31, "10 42", "104233\n1", "104/233", "１０４"])
def test_no_group_number(text: str) -> None:
    with pytest.raises(ValueError, match="group number"):
        rules.group_number(text)


@pytest.mark.parametrize(
    ("text", "number"), [("94-1234567", "94-1234567"), (" 941234567", "94-1234567"), ("", "")]
)
def test_ein(text: str, number: str) -> None:
    assert rules.normal_ein(text) == number


@pytest.mark.parametrize("text", ["94-123456", "00-1234567", "abc"])
def test_no_ein(text: str) -> None:
    with pytest.raises(ValueError, match="tax number"):
        rules.normal_ein(text)


@pytest.mark.parametrize("text", ["(800) 555-0148", "800.555.0148", "+1 800 555 0148", "8005550148"])
def test_phone(text: str) -> None:
    assert rules.normal_phone(text) == "800-555-0148"
    assert rules.normal_phone(" ") == ""


@pytest.mark.parametrize("text", ["555-0148", "800-055-0148", "800 555 0148 x12", "+44 20 7946 0018"])
def test_no_phone(text: str) -> None:
    with pytest.raises(ValueError, match="phone number"):
        rules.normal_phone(text)


@pytest.mark.parametrize(
    ("first", "last", "mask"),
    [("JANE", "SMITH", "J*** S*****"), ("", "Li", "L*****"), ("Bartholomew", "", "B***"), ("", "", "")],
)
def test_mask(first: str, last: str, mask: str) -> None:
    assert rules.mask_name(first, last) == mask


@given(st.text("ABCDEFGH", min_size=1), st.text("ABCDEFGH", min_size=1))
def test_a_mask_tells_two_letters_and_no_length(first: str, last: str) -> None:
    assert rules.mask_name(first, last) == f"{first[0]}*** {last[0]}*****"


@pytest.mark.parametrize(
    ("employees", "size"),
    [
        (None, SizeClass.NONE),
        (0, SizeClass.NONE),
        (1, SizeClass.NONE),
        (2, SizeClass.CALIFORNIA),
        (19, SizeClass.CALIFORNIA),
        (20, SizeClass.FEDERAL),
    ],
)
def test_size_class(employees: int | None, size: SizeClass) -> None:
    assert rules.size_class(employees) is size


A, F, C, N = CobraAdmin, SizeClass.FEDERAL, SizeClass.CALIFORNIA, SizeClass.NONE
GROUP_REP = ContactRole.GROUP_REPRESENTATIVE


@pytest.mark.parametrize(
    ("size", "admin", "online", "contact", "conflicts"),
    [
        (F, A.CLIENT, True, None, False),
        (F, A.TPA, False, ContactRole.TPA, False),
        (F, A.PLAN, False, None, False),
        (C, A.CLIENT, False, None, True),
        (C, A.TPA, False, None, True),
        (C, A.PLAN, False, None, False),
        (N, A.CLIENT, False, GROUP_REP, False),
        (N, A.TPA, False, GROUP_REP, False),
        (N, A.PLAN, False, GROUP_REP, False),
    ],
)
def test_cobra_table(
    size: SizeClass, admin: CobraAdmin, contact: ContactRole | None, *, online: bool, conflicts: bool
) -> None:
    answer = rules.cobra_online(size, admin)
    assert (answer.online, answer.contact, answer.record_conflicts) == (online, contact, conflicts)
    assert answer.sentence.endswith(".")
    assert ("lead" in answer.sentence) is conflicts
