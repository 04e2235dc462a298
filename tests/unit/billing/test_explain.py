"""The trial command: the worked cases, what it refuses, and how its answer reads."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from backend.billing import explain, explain_form
from backend.cli import app
from backend.policy.calendar import Calendar
from backend.policy.policy import load_policy
from tests.billing_cases import CASES, BillingCase
from tests.unit.policy.test_policy import BILLING, TEXT

POLICY = load_policy()
CALENDAR = Calendar(POLICY)


def explained(history: dict[str, Any], today: str) -> explain.Explained:
    form = explain_form.read(json.dumps(history).encode())
    return explain.explain(form, explain_form.day_of(today), POLICY, CALENDAR)


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.number} {case.name}")
def test_worked_case(case: BillingCase) -> None:
    found = explained(case.history, case.today)
    answer = explain.as_json(found)
    next_letter = answer["next_letter"] or {"kind": None, "date": None}
    assert answer["state"] == case.state
    assert [(one["kind"], one["date"], one["amount"]) for one in answer["letters"]] == list(case.letters)
    assert (next_letter["kind"], next_letter["date"]) == (case.next_letter or (None, None))
    assert answer["flags"] == list(case.flags)
    assert (answer["coverage_end"], answer["coverage_end_if_unpaid"]) == (case.ended, case.ends_if_unpaid)
    assert (answer["days_past_due"], answer["bucket"]) == (case.days, case.bucket)
    money = (answer["open_premium"], answer["open_fees"], answer["credit"])
    assert money == (case.open_premium, case.open_fees, case.credit)
    assert answer["why"]
    assert all(one["sentence"].endswith(".") and one["rule"] for one in answer["why"])
    if case.latest_l3:
        assert any(f"at the latest on {case.latest_l3}" in one["sentence"] for one in answer["why"])
    lines = explain.in_words(found)
    said = " ".join(lines[1 : lines.index("")])
    assert all(part in said for part in case.say), said
    assert max(map(len, lines)) <= 80


def test_the_answer_has_these_names_and_no_other() -> None:
    assert list(explain.as_json(explained({}, "2026-09-02"))) == [
        "state", "flags", "open_premium", "open_fees", "credit", "days_past_due", "bucket", "letters",
        "next_letter", "coverage_end", "coverage_end_if_unpaid", "why",
    ]  # fmt: skip


INVOICE = {"month": "2026-09", "due": "2026-09-01", "premium": "10000.00"}


def run(content: str | bytes, day: str = "2026-09-02", *more: str) -> Result:
    return CliRunner().invoke(app, ["explain-billing", "-", "--date", day, *more], input=content)


@pytest.mark.parametrize(
    ("history", "said"),
    [
        ('{"polcy": "PLAIN"}', "unknown key polcy"),
        ('{"invoices": [{"month": "2026-09", "premium": "1", "paid": true}]}', "key invoices[0].paid"),
        ('{"invoices": [{"month": "2026-09"}]}', "invoices[0].premium: Field required"),
        ('{"invoices": [{"month": "2026-13", "premium": "1"}]}', "invoices[0].month: there is no such day"),
        ('{"invoices": [{"month": "2026-09-02", "premium": "1"}]}', "invoices[0].month: a month such as"),
        ('{"invoices": [{"month": "2026-09", "due": "09/01/2026", "premium": "1"}]}', "[0].due: a date"),
        ('{"invoices": [{"month": "2026-09", "due": 20260901, "premium": "1"}]}', "invoices[0].due: a date"),
        ('{"invoices": [{"month": "9998-09", "premium": "1"}]}', "invoices[0].month: a month such as"),
        ('{"invoices": [{"month": "2026-09", "premium": "-1"}]}', "invoices[0].premium: an amount such as"),
        ('{"invoices": [{"month": "2026-09", "premium": 0.001}]}', "invoices[0].premium: an amount such as"),
        ('{"invoices": [{"month": "2026-09", "premium": 1e400}]}', "invoices[0].premium: an amount such as"),
        ('{"invoices": [{"month": "2026-09", "premium": 1%s}]}' % ("0" * 5000), "].premium: an amount such"),
        ('{"invoices": [{"month": "2026-09", "premium": NaN}]}', "NaN is no amount"),
        ('{"invoices": [{"month": "2026-09", "premium": true}]}', "invoices[0].premium: an amount such as"),
        (json.dumps({"invoices": [INVOICE, INVOICE]}), "a month is billed twice"),
        ('{"payments": [{"received": "2026-02-30", "amount": "1"}]}', "received: there is no such day"),
        ('{"payments": [{"received": "2026-09-01", "amount": "0"}]}', "payments[0].amount: "),
        (
            '{"payments": [{"received": "2026-09-01", "amount": "1", "returned": "2026-08-01"}]}',
            "payments[0]: returned lies before received",
        ),
        ('{"promises": [{"made": "2026-09-02", "by": "2026-09-01", "amount": "1"}]}', "by lies before made"),
        ('{"letters_stopped": [{"from": "2026-09-02", "to": "2026-09-01"}]}', "to lies before from"),
        ('{"letters_stopped": [{"from": "2026-09-02"}]}', "letters_stopped[0].to: Field required"),
        ('{"holds": [{"from": "2026-09-02", "kind": "weather"}]}', "holds[0].kind: Input should be"),
        ('{"holds": [{"from": "2026-09-02", "kind": "dispute", "stops_dates": 1}]}', "[0].stops_dates: "),
        ('{"reinstatement_requests": ["soon"]}', "reinstatement_requests[0]: a date such as"),
        ('{"policy": "ELSEWHERE"}', "policy: there is none of this name"),
        ('{"cycle": "C9"}', "cycle: Input should be"),
        ('{"policy": "PLAIN", "policy": "EXCHANGE"}', "the key policy stands there twice"),
        (
            '{"reinstatement_requests": [' + ", ".join(['"2026-09-01"'] * 1001) + "]}",
            "reinstatement_requests: Tuple should have at most 1000 items",
        ),
        ("[]", "a JSON object is expected"),
        ("{", "it is no JSON"),
        (b"\xff", "it is no text in UTF-8"),
        ("[" * 100_000, "it is nested too deeply"),
        ('{"\\u202epolicy": 1}', "unknown key "),
    ],
)  # fmt: skip
def test_what_is_wrong_is_refused_by_its_field(history: str | bytes, said: str) -> None:
    result = run(history)
    assert result.exit_code == 2
    assert said in result.stderr
    assert result.stderr.count("\n") == 1
    assert "\u202e" not in result.stderr
    assert not result.stdout


@pytest.mark.parametrize("day", ["2026-9-2", "today", "2026-02-30", "9999-12-31", "20260902"])
def test_the_day_asked_about_is_a_date(day: str) -> None:
    result = run("{}", day)
    assert result.exit_code == 2
    assert "--date: " in result.stderr


def test_numbers_are_taken_as_they_are_written() -> None:
    history = '{"invoices": [{"month": "2026-09", "due": "2026-09-01", "premium": %s}]}'
    for written, read in (("10000.1", "10000.10"), ("0.29", "0.29"), ('"10000"', "10000.00"), ("7", "7.00")):
        answer = json.loads(run(history % written, "2026-09-02", "--json").stdout)
        assert answer["open_premium"] == read


def test_a_bill_without_a_due_date_is_due_by_its_cycle() -> None:
    for cycle, l1_on in (
        ("C0", "2026-09-01"),
        ("C1", "2026-09-02"),
        ("C2", "2026-09-08"),
        ("C4", "2026-09-16"),
    ):
        history = {"cycle": cycle, "invoices": [{"month": "2026-09", "premium": "1.00"}]}
        assert explain.as_json(explained(history, "2026-09-20"))["letters"][0]["date"] == l1_on


def test_a_span_without_mail_is_told_while_it_matters() -> None:
    history = next(one for one in CASES if one.number == 21).history
    for today, told in (("2026-09-15", False), ("2026-09-16", True), ("2026-10-02", True)):
        why = explain.as_json(explained(history, today))["why"]
        assert any("from 2026-09-16 to 2026-09-28" in one["sentence"] for one in why) is told
    paid = history | {"payments": [{"received": "2026-09-30", "amount": "10000.00"}]}
    assert not any(
        "No letter" in one["sentence"] for one in explain.as_json(explained(paid, "2026-10-02"))["why"]
    )


def test_a_request_against_the_rules_is_said_and_changes_nothing() -> None:
    case = next(one for one in CASES if one.number == 16)
    late = case.history | {"reinstatement_requests": ["2026-10-05", "2026-11-02", "2026-10-13", "2026-10-20"]}
    answer = explain.as_json(explained(late, "2026-11-02"))
    said = [one["sentence"] for one in answer["why"] if "request" in one["sentence"]]
    assert [bool(re.search("refused", one)) for one in said] == [True, False, True, True]
    assert "10,322.58" not in said[0]
    assert "20,000.00 of premium through this month is still open" in said[0]
    assert answer["flags"] == ["REINSTATED"]


def test_another_policy_file_can_be_tried(tmp_path: Any) -> None:
    (tmp_path / "billing").mkdir()
    text = BILLING["CA_GROUP_DMHC"].replace("days = 14, ", "days = 7, ")
    (tmp_path / "billing" / "CA_GROUP_DMHC.toml").write_text(text, encoding="utf-8")
    (tmp_path / "mine.toml").write_text(TEXT, encoding="utf-8")
    history = json.dumps({"invoices": [INVOICE]})
    answer = json.loads(run(history, "2026-09-10", "--json", "--policy", str(tmp_path / "mine.toml")).stdout)
    assert [one["date"] for one in answer["letters"]] == ["2026-09-02", "2026-09-09"]
