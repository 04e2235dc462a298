"""Bits, the text waterfall, the marks on unlike characters, and what is typed to search by hand."""

from __future__ import annotations

import re
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_client.types.matching import Candidate, FieldComparison
from api_client.types.words import Verdict
from screens.matching import case, comparison, evidence
from screens.matching.typed import Wanted, wanted
from tests.screens.desk import NOW
from tests.screens.matching.cases import ME, item, standing_out, twin

FIELDS = [*evidence.FIELDS, "household", "name frequency"]
TENTHS = st.integers(-600, 600)


def candidate(bits: list[int], score: float) -> Candidate:
    """A candidate with these tenths of bits, field by field."""
    rows = [
        FieldComparison(field=field, verdict=Verdict.NEAR, words="near", bits=tenths / 10)
        for field, tenths in zip(FIELDS, bits, strict=False)
    ]
    return twin().model_copy(update={"comparisons": rows, "score": score})


def figures(words: str) -> list[int]:
    """The signed figures that stand in a text, in tenths."""
    return [int(one.replace(".", "")) for one in re.findall(r"[+-]\d+\.\d", words)]


@given(bits=st.lists(TENTHS, max_size=len(FIELDS)), width=st.integers(20, 120))
def test_the_figures_shown_add_up_to_the_figure_shown(bits: list[int], width: int) -> None:
    one = candidate(bits, sum(tenths / 10 for tenths in bits))
    rows = evidence.waterfall(one, width)
    *terms, total = figures(" ".join(row.plain for row in rows))
    assert sum(terms) == total
    assert "other" not in " ".join(row.plain for row in rows)
    assert evidence.figure(one.score) == evidence.figure(total / 10)
    assert evidence.one_line(2, one, 80).plain.split()[1] == evidence.figure(one.score)
    assert max(row.cell_length for row in rows) <= max(width, len("name frequency +60.0"))


@given(
    bits=st.lists(st.floats(-60, 60), max_size=len(FIELDS)),
    score=st.floats(-300, 300),
)
def test_they_add_up_whatever_the_server_says(bits: list[float], score: float) -> None:
    rows = [
        FieldComparison(field=field, verdict=Verdict.SAME, words="same", bits=one)
        for field, one in zip(FIELDS, bits, strict=False)
    ]
    one = twin().model_copy(update={"comparisons": rows, "score": score})
    *terms, total = figures(" ".join(row.plain for row in evidence.waterfall(one, 80)))
    assert sum(terms) == total == figures(evidence.figure(score))[0]


def test_the_same_figure_stands_in_the_head_the_list_and_the_sum() -> None:
    seen = case.review(item(), NOW, ME, 0, shown=True, width=80).plain
    assert ">1 of 2  +33.2  MRN 88120441" in seen
    assert "SSN +11.2  born +8.4  last name +6.9  address +4.1  first name +3.0" in seen
    assert "middle -0.4  = +33.2" in seen
    other = case.review(item(), NOW, ME, 1, shown=True, width=80).plain
    assert " 1  +33.2  88120441  SMITH, JANE ANN" in other


def test_a_row_has_its_bits_and_what_is_missing_has_none() -> None:
    rows = case.review(item(), NOW, ME, 0, shown=True, width=80).plain.split("\n")
    by_label = {row[1:11].strip(): row.rstrip() for row in rows}
    assert by_label["SSN"].endswith(" +11.2")
    assert by_label["middle"].endswith(" -0.4")
    nothing = FieldComparison(field="SSN", verdict=Verdict.MISSING, words="not on file")
    assert evidence.of_row(nothing).plain == ""


@pytest.mark.parametrize(
    ("width", "says"), [(79, "? 4085550172  placeholder, ignored"), (119, "placeholder")]
)
def test_a_placeholder_takes_one_row_also_in_a_narrow_column(width: int, says: str) -> None:
    void = FieldComparison(field="phone", verdict=Verdict.MISSING, words="placeholder, ignored", bits=0.0)
    one = twin()
    person = one.person.model_copy(update={"phone": "4085550172"})
    one = one.model_copy(update={"comparisons": [void], "person": person})
    three = [one.model_copy(update={"mrn": f"8812000{number}"}) for number in range(3)]
    rows = [row.plain for row in comparison.compare(item(candidates=three), 0, False, width)]
    at = next(number for number, row in enumerate(rows) if row.startswith(" phone"))
    assert says in rows[at]
    assert rows[at + 1].startswith(" group")


def test_a_candidate_in_one_line_keeps_its_verdicts_whatever_its_name() -> None:
    person = twin().person.model_copy(update={"last_name": "Featherstonehaugh-Cholmondeley"})
    line = evidence.one_line(2, twin().model_copy(update={"person": person}), 77).plain
    assert len(line) == 77
    assert re.search(r"Featherston\S*\u2026 .* agree \d/\d$", line)


def test_a_warning_about_several_candidates_stands_once() -> None:
    told = "the SSN on the enrollment belongs to 88120441"
    several = [twin().model_copy(update={"mrn": f"8812000{n}", "warnings": [told]}) for n in range(3)]
    said = case.review(item(candidates=several), NOW, ME, 0, False, 80).plain
    assert f" WARNING   1, 2, 3: {told}" in said
    assert said.count(told) == 1


def test_evidence_about_something_else_than_a_field_of_a_person_has_its_row() -> None:
    extra = FieldComparison(field="household", verdict=Verdict.SAME, words="same home", bits=2.5)
    one = standing_out().model_copy(update={"comparisons": [extra], "score": 2.5})
    seen = case.review(item(candidates=[one]), NOW, ME, 0, shown=False, width=80).plain
    assert re.search(r"household *\| +\| = same home +\+2\.5", seen)


@pytest.mark.parametrize(
    ("ours", "theirs", "left", "right"),
    [
        ("1984-03-12", "1984-12-03", ["0", "3", "1", "2"], ["1", "2", "0", "3"]),
        ("***-**-6789", "***-**-6798", ["8", "9"], ["9", "8"]),
        ("Smyth", "SMITH", ["y"], ["I"]),
        ("14 ELM ST", "14 ELM STREET", [], ["REET"]),
        ("JANE", "", [], []),
    ],
)
def test_the_characters_that_differ_are_marked_on_both_sides(
    ours: str, theirs: str, left: list[str], right: list[str]
) -> None:
    for value, shown, expected in zip(
        (ours, theirs), evidence.marked(ours, theirs), (left, right), strict=True
    ):
        assert shown.plain == value
        assert [value[span.start : span.end] for span in shown.spans if span.style] == expected


@pytest.mark.parametrize(
    ("typed", "whom"),
    [
        ("smith, jane", Wanted(name="smith jane")),
        ("1984-03-12 smith", Wanted(name="smith", birth_date=date(1984, 3, 12))),
        ("3/12/1984", Wanted(birth_date=date(1984, 3, 12))),
        ("900-11-2222", Wanted(ssn="900112222")),
        ("SSN 900112222", Wanted(ssn="900112222")),
        ("MRN 88120441", Wanted(mrn="88120441")),
        ("de la Cruz 88120441", Wanted(name="de la Cruz", mrn="88120441")),
        ("", "Write words of the name, a birth date, an SSN or an MRN."),
        ("1984-13-40", "1984-13-40 is no day; write a birth date as 1984-03-12."),
        ("900-11-2222 900-11-3333", "One birth date, one SSN and one MRN at most."),
    ],
)
def test_what_is_typed_to_search_by_hand(typed: str, whom: Wanted | str) -> None:
    assert wanted(typed) == whom
