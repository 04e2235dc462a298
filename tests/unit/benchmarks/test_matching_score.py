"""What counts as what, by a table of answers."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from benchmarks.matching import explain, score
from benchmarks.matching.score import ALL, Answer, Tally, Truth

PRESENT = Truth(frozenset({"M1"}), frozenset({"M1"}), "one", "everyday")
ABSENT = Truth(frozenset(), frozenset(), "one", "trap")
EITHER = Truth(frozenset({"M1", "M2"}), frozenset({"M1", "M2"}), "one", "trap")
CHOOSE = Truth(frozenset({"M1", "M2"}), frozenset(), "one", "trap")


@pytest.mark.parametrize(
    ("truth", "decision", "matched", "candidates", "counted"),
    [
        (PRESENT, "auto", "M1", "M1 M2", {"right_auto": 1, "auto": 1, "first": 1, "five": 1}),
        (PRESENT, "auto", "M1", "M2 M1", {"right_auto": 1, "auto": 1, "first": 1, "five": 1}),
        (PRESENT, "auto", "M2", "M2 M1", {"false_auto": 1, "auto": 1, "five": 1}),
        (PRESENT, "queue", None, "M1", {"queued": 1, "first": 1, "five": 1}),
        (PRESENT, "queue", None, "M2 M3 M4 M5 M1", {"queued": 1, "five": 1}),
        (PRESENT, "queue", None, "M2 M3 M4 M5 M6 M1", {"queued": 1}),
        (PRESENT, "new", None, "", {"new": 1, "wrong_new": 1}),
        (ABSENT, "new", None, "", {"new": 1}),
        (ABSENT, "queue", None, "M1", {"queued": 1}),
        (ABSENT, "auto", "M1", "M1", {"false_auto": 1, "auto": 1}),
        (EITHER, "auto", "M2", "M2 M1", {"right_auto": 1, "auto": 1, "first": 1, "five": 1}),
        (CHOOSE, "queue", None, "M2 M1", {"queued": 1, "first": 1, "five": 1}),
        (CHOOSE, "auto", "M1", "M1 M2", {"false_auto": 1, "auto": 1, "first": 1, "five": 1}),
    ],
)
def test_each_answer_counts_as_what_it_is(
    truth: Truth, decision: str, matched: str | None, candidates: str, counted: dict[str, int]
) -> None:
    tally = score.score({"Q1": Answer(decision, matched, tuple(candidates.split()))}, {"Q1": truth})[ALL]
    zero = dict.fromkeys(
        ("auto", "false_auto", "right_auto", "first", "five", "queued", "new", "wrong_new"), 0
    )
    assert {name: getattr(tally, name) for name in zero} == zero | counted
    assert tally.present == bool(truth.true)
    assert tally.decidable == bool(truth.accepted)
    assert tally.mistakes == ["Q1"] * tally.false_auto


def test_shares_are_of_those_present_and_the_choice_of_a_person_is_no_miss() -> None:
    truths = {"Q1": PRESENT, "Q2": PRESENT, "Q3": ABSENT, "Q4": CHOOSE}
    queue = Answer("queue", None, ("M1",))
    tally = score.score({"Q1": Answer("auto", "M1", ()), "Q2": queue, "Q3": queue, "Q4": queue}, truths)[ALL]
    assert (tally.recall, tally.top1, tally.queue_share) == (0.5, 1.0, 0.75)
    double = score.add([{ALL: tally}, {ALL: tally}])[ALL]
    assert (double.asked, double.recall) == (8, 0.5)
    assert Tally().recall == Tally().top1 == 0.0


@pytest.mark.parametrize(
    "lines",
    [
        [],
        [("Q1", "queue"), ("Q1", "queue")],
        [("Q1", "maybe")],
        [("Q2", "queue")],
    ],
    ids=["unanswered", "answered twice", "no such decision", "not asked"],
)
def test_what_was_not_answered_properly_is_no_score(lines: list[tuple[str, str]], tmp_path: Path) -> None:
    results = tmp_path / "results.jsonl"
    answers: list[dict[str, object]] = [
        {"record_id": name, "decision": said, "matched_id": None, "candidates": []} for name, said in lines
    ]
    results.write_text("".join(json.dumps(answer) + "\n" for answer in answers))
    with pytest.raises(ValueError, match=r"without answer|answered twice"):
        score.score(score.read_results(results), {"Q1": PRESENT})


def test_the_command_fails_on_one_false_match_and_names_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    truth, results = tmp_path / "truth.csv", tmp_path / "results.jsonl"
    truth.write_text("record_id,true_id,accepted,scenario,kind\nQ1,,,twin,trap\n")
    monkeypatch.setattr("sys.argv", ["score", str(results), str(truth)])
    line = {"record_id": "Q1", "decision": "queue", "matched_id": None, "candidates": ["M1"], "why": ""}
    results.write_text(json.dumps(line))
    score.main()
    results.write_text(json.dumps(line | {"decision": "auto", "matched_id": "M1"}))
    with pytest.raises(SystemExit) as ended:
        score.main()
    assert ended.value.code == 1
    assert "matched to somebody else: Q1" in capsys.readouterr().out


def test_wrong_answers_are_shown_with_the_rows_behind_them(tmp_path: Path) -> None:
    head = "record_id,first_name\n"
    (tmp_path / "registry.csv").write_text(f"{head}M1,Maria\nM2,Marie\n")
    (tmp_path / "enrollments.csv").write_text(f"{head}Q1,Mariah\nQ2,Marie\nQ3,Maria\n")
    (tmp_path / "truth.csv").write_text(
        "record_id,true_id,accepted,scenario,kind\nQ1,,,sisters,trap\nQ2,M2,M2,clean,everyday\nQ3,M1,M1,clean,everyday\n"
    )
    said = [("Q1", "auto", "M1"), ("Q2", "new", None), ("Q3", "auto", "M1")]
    lines: list[dict[str, object]] = [
        {
            "record_id": name,
            "decision": decision,
            "matched_id": matched,
            "candidates": [],
            "why": f"why {name}",
        }
        for name, decision, matched in said
    ]
    results = tmp_path / "results.jsonl"
    results.write_text("".join(json.dumps(line) + "\n" for line in lines))
    assert list(explain.wrong(tmp_path, results)) == [
        "FALSE MATCH Q1: sisters; why Q1",
        "    enrolled Mariah",
        "    matched  Maria",
        "WRONG NEW Q2: clean; why Q2",
        "    enrolled Marie",
        "    true     Marie",
    ]
