"""What a text may be, and how well a name fits one that was typed."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_client.types.call_words import FoundKind
from api_client.types.search import Found
from backend.search import likeness, rules
from backend.search.people import Hit
from backend.search.rules import Name
from backend.search.service import merge
from tests.unit.search.hostile import HOSTILE

TODAY = date(2026, 11, 20)
WORDS = st.text(alphabet="ABCDEFGHIJKLMNOPQRSTUVWXYZ", min_size=4, max_size=12)


@pytest.mark.parametrize(
    ("text", "kind", "numbers"),
    [
        ("M-20418", FoundKind.MATCH_ITEM, {"M-20418"}),
        ("m 17", FoundKind.MATCH_ITEM, {"M-17", "M-00017"}),
        ("cd9", FoundKind.CARD, {"CD-9", "CD-00009"}),
        ("r-000031", FoundKind.ENROLLMENT, {"R-000031"}),
        ("L-877", FoundKind.LETTER, {"L-877", "L-00877"}),
        ("Z-1", None, set()),
        ("M-1234567890123", None, set()),
    ],
)
def test_items_are_told_by_their_letter(text: str, kind: FoundKind | None, numbers: set[str]) -> None:
    wanted = rules.read(text, TODAY)
    assert (wanted.kind, set(wanted.numbers)) == (kind, numbers)


@pytest.mark.parametrize(
    ("text", "phone"),
    [
        ("916-555-0143", "9165550143"),
        ("+1 (916) 555-0143", "9165550143"),
        ("19165550143", "9165550143"),
        ("916.555.0143 ext. 12", "9165550143"),
        ("tel: 916/555/0143", "9165550143"),
        ("916-5550", "9165550"),
        ("916555", ""),
        ("016-555-0143", ""),
        ("29165550143", ""),
        ("smith 9165550143", ""),
    ],
)
def test_a_phone_in_any_notation(text: str, phone: str) -> None:
    assert rules.read(text, TODAY).phone == phone
    if len(phone) == 10:
        assert rules.phone_key(text) == phone


@pytest.mark.parametrize(
    ("text", "born", "last4", "names"),
    [
        ("smith 1966-01-17", date(1966, 1, 17), "", True),
        ("1/17/1966, smith", date(1966, 1, 17), "", True),
        ("smith 1/17/66", date(1966, 1, 17), "", True),
        ("smith 1/17/26", date(2026, 1, 17), "", True),
        ("smith 1/17/27", date(1927, 1, 17), "", True),
        ("smith 01171966", date(1966, 1, 17), "", True),
        ("01171966", None, "", False),
        ("smith 2/30/1980", None, "", True),
        ("smith 2999-01-01", None, "", True),
        ("smith 4475", None, "4475", True),
        ("smith SSN: 4475", None, "4475", True),
        ("900-01-4475 smith", None, "4475", True),
        ("***-**-4475 smith", None, "4475", True),
        ("1966-01-17 4475", date(1966, 1, 17), "4475", False),
        ("4475", None, "", False),
        ("smith 44751", None, "", True),
    ],
)
def test_birth_date_and_end_of_ssn(text: str, born: date | None, last4: str, names: bool) -> None:
    wanted = rules.read(text, TODAY)
    assert (wanted.born, wanted.last4, bool(wanted.names)) == (born, last4, names)


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("maria lopez", Name("LOPEZ", "MARIA")),
        ("lopez maria", Name("LOPEZ", "MARIA")),
        ("López, María", Name("LOPEZ", "MARIA")),
        ("maria garcia lopez", Name("GARCIA LOPEZ", "MARIA")),
        ("maria g lopez", Name("LOPEZ", "MARIA")),
        ("lopez maria g", Name("LOPEZ", "MARIA")),
        ("de la cruz jose luis", Name("DE LA CRUZ", "JOSE LUIS")),
        ("o brien", Name("OBRIEN", "")),
        ("Smith Jr", Name("SMITH", "")),
        ("smith, robert j", Name("SMITH", "ROBERT")),
    ],
)
def test_the_ways_to_read_a_name(text: str, name: Name) -> None:
    assert name in rules.read(text, TODAY).names


def test_every_odd_text_is_read() -> None:
    for text in HOSTILE:
        wanted = rules.read(text, TODAY)
        assert len(wanted.names) <= 10
        assert wanted.shape


@given(st.text(max_size=80))
def test_whatever_is_typed_is_read(text: str) -> None:
    wanted = rules.read(text, TODAY)
    assert all(name.last or name.first for name in wanted.names)
    assert wanted.last4 == "" or (wanted.names or wanted.born or wanted.text)


@given(WORDS, st.data())
def test_one_slip_shares_a_form_and_counts_as_near(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 2))
    letter = data.draw(st.sampled_from("ABCXYZ"))
    slipped = data.draw(
        st.sampled_from(
            [
                word[:at] + word[at + 1 :],
                word[:at] + letter + word[at:],
                word[:at] + letter + word[at + 1 :],
                word[:at] + word[at + 1] + word[at] + word[at + 2 :],
            ]
        )
    )
    assert rules.forms(word) & rules.forms(slipped)
    assert likeness.slips(slipped, word) <= 1


def test_other_names_are_those_a_double_name_is_asked_for_by() -> None:
    assert rules.other_names("SMITH", "ANN") == frozenset()
    assert rules.other_names("GARCIA LOPEZ", "MARIA") == {
        ("GARCIA", "MARIA"), ("LOPEZ", "MARIA"), ("GARCIALOPEZ", "MARIA"),
    }  # fmt: skip
    assert ("CRUZ", "LUIS") in rules.other_names("DE LA CRUZ", "JOSE LUIS")
    assert ("DE", "JOSE") not in rules.other_names("DE LA CRUZ", "JOSE")


@pytest.mark.parametrize(
    ("last", "first", "typed", "cost"),
    [
        ("SMITH", "ROBERT", Name("SMITH", "ROBERT"), 0),
        ("SMITH", "ROBERT", Name("SMITH", "BOB"), likeness.BEGINS),
        ("SMITH", "ROBERT", Name("SMIT", ""), likeness.BEGINS),
        ("GARCIA LOPEZ", "MARIA", Name("LOPEZ", "MARIA"), likeness.PART),
        ("SMITH", "ROBERT", Name("SMYTH", "ROBERT"), likeness.SLIP + 1),
        ("SMITH", "ROBERT", Name("JONES", "ROBERT"), None),
        ("SMITH", "ROBERT", Name("SMITH", "WAYLON"), None),
    ],
)
def test_what_a_fit_costs(last: str, first: str, typed: Name, cost: int | None) -> None:
    fit = likeness.fits(last, first, [typed], near=True)
    assert (fit.cost if fit else None) == cost
    if cost is not None and cost >= likeness.SLIP:
        assert likeness.fits(last, first, [typed], near=False) is None


def _hits(kind: FoundKind, count: int, rank: int) -> list[Hit]:
    return [Hit(rank, 0, Found(kind=kind, id=f"{number:02d}", label="x")) for number in range(count)]


@given(st.integers(0, 30), st.integers(0, 30), st.integers(1, 20))
def test_groups_and_people_share_the_room(groups: int, people: int, limit: int) -> None:
    kept = merge(_hits(FoundKind.GROUP, groups, 3), _hits(FoundKind.MEMBER, people, 3), limit)
    assert len(kept) == min(limit, groups + people)
    members = sum(hit.found.kind is FoundKind.MEMBER for hit in kept)
    assert members >= min(people, limit - max(limit // 2, limit - people))
    assert len(kept) - members >= min(groups, limit // 2)
    assert len({(hit.found.kind, hit.found.id) for hit in kept}) == len(kept)
