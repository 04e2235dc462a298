"""What letters say: every figure is of the facts, and nothing stands where it must not."""

from __future__ import annotations

import ast
import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from pydantic import BaseModel, ValidationError

from api_client.types.user_id_words import DenyReason
from backend.letters import content, premium_words, request_words, user_id_words
from backend.letters.content import Secret, SecretError, paper_of, text_of
from backend.letters.facts import (
    BalanceFacts,
    FactsError,
    LetterFacts,
    TerminationFacts,
    WarningFacts,
    read_facts,
)
from backend.letters.paper import Paper, day, money
from backend.letters.render import TEMPLATES
from tests.unit.letters.letters_of_every_kind import ABOUT, COPY, POLICY, SECRET, letter
from tests.unit.letters.random_letters import letters

_MONEY = re.compile(r"-?\$[\d,]+\.\d\d")
_DATE = re.compile(
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December) \d+, \d+"
)
_CODE = re.compile(r"\b[A-Z0-9]{4}-[A-Z0-9]{4}-[A-Z0-9]{4}\b")
_TAX = re.compile(r"\b\d{3}-\d{2}-\d{4}\b|\b\d{2}-\d{7}\b")
_LAW = re.compile(r"title \d+|(?:sections?|Safety Code) [\d.]+")
_NUMBER_WORDS = re.compile(
    r"\b(two|three|four|five|six|seven|eight|nine|ten|fifteen|twenty|thirty|forty|sixty|ninety|hundred|"
    r"twice|week|weeks|fortnight|half)\b"
)


def _printed(facts: LetterFacts) -> Paper:
    return paper_of(facts, SECRET if facts.about.kind == "user_id" else None)


def _read(paper: Paper) -> str:
    """Everything on the pages, as one text."""
    lines = (f"{one.label}: {one.value}" for one in paper.figures)
    head = (paper.title, paper.group, *paper.addressee, day(paper.dated), paper.account_title)
    return "\n".join((*head, *paper.paragraphs, *lines))


def _leaves(facts: BaseModel) -> Iterator[tuple[str, Any]]:
    """Names and values of facts, those of facts inside them too."""
    for name in type(facts).model_fields:
        value = getattr(facts, name)
        if isinstance(value, BaseModel):
            yield from _leaves(value)
        else:
            yield name, value


@settings(max_examples=150, deadline=None)
@given(letters())
def test_every_figure_on_a_letter_is_of_its_facts_and_every_fact_about_premium_is_on_it(
    facts: LetterFacts,
) -> None:
    paper = _printed(facts)
    read = _read(paper)
    leaves = list(_leaves(facts.about))
    amounts = [one for _, one in leaves if isinstance(one, Decimal)]
    days = [one for _, one in leaves if isinstance(one, date)]
    known = {money(one) for one in amounts} | {money(-one) for one in amounts}
    if isinstance(facts.about, WarningFacts | TerminationFacts):
        known.add(money(facts.about.balance.premium - facts.about.keep))
    assert set(_MONEY.findall(read)) <= known
    written = {facts.dated, *([facts.copy_of.dated] if facts.copy_of else [])}
    assert set(_DATE.findall(read)) <= {day(one) for one in (*days, *written)}
    optional = {"reinstate", "reinstate_by", "month"}
    for name, value in leaves:
        if isinstance(value, Decimal) and name not in optional:
            assert money(-value if name == "credit" else value) in read, name
        if isinstance(value, date) and name not in optional:
            assert day(value) in read, name
    assert read_facts(json.loads(json.dumps(facts.stored()))) == facts


@pytest.mark.parametrize("kind", ABOUT)
def test_the_screen_reads_what_is_printed(kind: str) -> None:
    paper = _printed(letter(kind))
    text = text_of(paper)
    assert text.title == paper.title
    assert text.addressee == list(paper.addressee)
    assert text.paragraphs == list(paper.paragraphs)
    assert [(one.label, one.value) for one in text.figures] == [
        (one.label, one.value) for one in paper.figures
    ]


def test_a_warning_shows_all_that_the_rule_asks_for() -> None:
    """R25 with the figures of a returned check: what keeps coverage is not what is owed."""
    about = ABOUT["L1"].model_copy(
        update={
            "balance": BalanceFacts(
                balance=Decimal("10025.00"),
                premium=Decimal("10000.00"),
                fees=Decimal("25.00"),
                credit=Decimal(0),
            ),
            "last_day": date(2026, 10, 14),
        }
    )
    paper = paper_of(letter("L1").model_copy(update={"dated": date(2026, 9, 15), "about": about}))
    assert [(one.label, one.value) for one in paper.key] == [
        ("Premium that must be paid to keep coverage", "$10,000.00"),
        ("Last day to pay", "Wednesday, October 14, 2026"),
    ]
    shown = {one.label: one.value for one in paper.account}
    assert shown["Account balance"] == "$10,025.00"
    assert shown["Due date of this bill"] == "September 1, 2026"
    assert shown["Fees open"] == "$25.00"
    read = _read(paper)
    assert "A grace period of 30 days starts today, September 15, 2026" in read
    assert "they do not count here" in read
    assert "grievance" in read
    assert "within 3 calendar days" in read
    assert "1-888-466-2219" in read
    assert "title 28, section 1300.65" in read


def test_a_subscriber_learns_dates_and_rights_and_no_balance() -> None:
    read = _read(paper_of(letter("L1_subscriber")))
    assert "$" not in read
    assert "September 2, 2026" in read
    assert "October 1, 2026" in read
    assert "grievance" in read


def test_a_letter_without_a_way_back_offers_none() -> None:
    about = ABOUT["L3"].model_copy(update={"reinstate": None, "reinstate_by": None})
    read = _read(paper_of(letter("L3").model_copy(update={"about": about})))
    assert "without a new application" in read
    assert "ask us to give coverage back" not in read


def test_a_copy_says_whose_and_of_when_and_repeats_the_rest() -> None:
    original = paper_of(letter("L1"))
    copy = paper_of(letter("L1").copied(COPY))
    assert copy.copied[0] == (
        "Copy of the letter L-00877 of September 2, 2026 to Oak Street Dental Group. You get it as broker of "
        "record."
    )
    assert copy.addressee == ("Lakeside Brokers", "12 Pier Road", "Oakland, CA 94607")
    back = replace(copy, copied=(), addressee=original.addressee, number="L-00877", dated=original.dated)
    assert back == original


# -- what must not stand there ---------------------------------------------------------------------


def test_user_id_and_code_are_given_for_their_letter_alone_and_stand_in_no_facts() -> None:
    with pytest.raises(SecretError):
        paper_of(letter("user_id"))
    with pytest.raises(SecretError):
        paper_of(letter("L1"), SECRET)
    stored = json.dumps(letter("user_id").stored())
    assert SECRET.user_id not in stored
    assert SECRET.code not in stored
    assert SECRET.code not in repr(SECRET)
    assert SECRET.code not in repr(paper_of(letter("user_id"), SECRET))


@pytest.mark.parametrize(
    ("kind", "has_id", "has_code"),
    [
        ("user_id", True, True),
        ("user_id_alone", True, False),
        ("code_alone", False, True),
        ("reset", False, True),
    ],
)
def test_id_and_code_stand_where_they_belong_beside_no_group_number_and_no_member(
    kind: str, has_id: bool, has_code: bool
) -> None:
    paper = _printed(letter(kind))
    read = _read(paper)
    assert (read.count(SECRET.user_id), read.count(SECRET.code)) == (int(has_id), int(has_code))
    assert paper.addressee == ("Rosa Tamm", "Oak Street Dental Group", "77 Ferry Street", "Oakland, CA 94607")
    assert "Use it" in read
    assert "October 2, 2026" in read
    assert "800-555-0123" in read
    assert "If you did not ask for this" in read
    assert "104233" not in read
    assert "MRN" not in read
    other = paper_of(letter(kind), Secret("DEMO-TAVE-22", "2222-3333-4444"))
    again = _read(other).replace("DEMO-TAVE-22", SECRET.user_id).replace("2222-3333-4444", SECRET.code)
    assert again == read  # the same but for what is secret


def test_a_lost_letter_is_named_and_a_reset_keeps_the_id() -> None:
    assert "whose code does not work any more" in _read(_printed(letter("code_alone")))
    assert "The user ID stays as it is." in _read(_printed(letter("reset")))
    assert "comes in a letter of its own" in _read(_printed(letter("user_id_alone")))
    assert "comes in a letter of its own" in _read(_printed(letter("code_alone")))


def test_a_letter_that_no_mailing_has_taken_is_not_printed() -> None:
    about = ABOUT["user_id"].model_copy(update={"activate_by": None})
    with pytest.raises(FactsError):
        paper_of(letter("user_id").model_copy(update={"about": about}), SECRET)


def test_a_notice_tells_of_the_id_and_has_none() -> None:
    read = _read(_printed(letter("id_notice")))
    assert "Rosa Tamm" in read
    assert "address we have for your company changed" not in read
    assert "because the one we have for your company changed" in read
    assert "at once: 800-555-0123" in read
    assert SECRET.user_id not in read


@pytest.mark.parametrize("reason", DenyReason)
def test_a_denial_says_why_and_what_to_do_but_of_a_duplicate_nothing(reason: DenyReason) -> None:
    about = ABOUT["id_denied"].model_copy(update={"reason": reason})
    facts = letter("id_denied").model_copy(update={"about": about})
    if reason is DenyReason.DUPLICATE:
        with pytest.raises(FactsError):
            paper_of(facts)
        return
    read = _read(paper_of(facts))
    assert "We could not accept it: " in read
    assert "What to do" in read
    assert POLICY.letters.form_fax in read
    assert _grade(paper_of(facts)) < 8


@pytest.mark.parametrize("kind", ABOUT)
def test_no_letter_carries_a_tax_number_and_a_code_only_where_it_belongs(kind: str) -> None:
    read = _read(_printed(letter(kind)))
    assert not _TAX.search(read)
    assert bool(_CODE.search(read)) == (kind in ("user_id", "code_alone", "reset"))
    assert _CODE.search(SECRET.code)
    assert _TAX.search("a 123-45-6789 b")


def test_no_number_is_typed_into_the_words() -> None:
    """Figures are the plan's and come with the facts; only sections of the law are named in words."""
    found = []
    for module in (premium_words, request_words, user_id_words, content):
        for said in _strings(Path(str(module.__file__)).read_text(encoding="utf-8")):
            without_law = _LAW.sub("", said)
            found += re.findall(r"\d+", without_law) + _NUMBER_WORDS.findall(without_law.lower())
    assert found == []


def test_no_template_says_a_number() -> None:
    for template in sorted(TEMPLATES.glob("*.typ")):
        code = re.sub(r"//.*|regex\(.*?\)", "", template.read_text(encoding="utf-8"))
        for said in re.findall(r'"([^"]*)"', code):
            assert not re.search(r"\d", said) or said.startswith("#"), f"{template.name}: {said}"


def _strings(source: str) -> Iterator[str]:
    """Every string of a module that may be printed: no docstrings, no formats."""
    tree = ast.parse(source)
    silent = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            silent.add(id(node.value))
        if isinstance(node, ast.FormattedValue) and node.format_spec is not None:
            silent |= {id(one) for one in ast.walk(node.format_spec)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in silent:
            yield node.value


# -- facts -----------------------------------------------------------------------------------------


def test_a_balance_that_does_not_add_up_is_no_fact() -> None:
    with pytest.raises(ValidationError):
        BalanceFacts(balance=Decimal(1), premium=Decimal(1), fees=Decimal(1), credit=Decimal(0))


@pytest.mark.parametrize(
    "change", [{"form": 2}, {"dated": "Rosa Tamm"}, {"unknown": 1}, {"about": {"kind": "L9"}}]
)
def test_facts_of_another_form_are_refused_without_a_word_of_them(change: dict[str, Any]) -> None:
    with pytest.raises(FactsError) as refused:
        read_facts({**letter("L1").stored(), **change})
    assert "Rosa" not in str(refused.value)
    with pytest.raises(FactsError):
        read_facts(None)


# -- plain English ---------------------------------------------------------------------------------


def test_the_words_are_plain() -> None:
    """Flesch-Kincaid, with syllables counted as groups of vowels, is rough; it must not creep up."""
    grades = {kind: _grade(_printed(letter(kind, name="Oak Dental"))) for kind in ABOUT}
    assert max(grades.values()) < 8, grades


def _grade(paper: Paper) -> float:
    said = [
        *paper.opening,
        *(one for section in paper.sections for one in (*section.paragraphs, *section.points)),
    ]
    text = re.sub(r"\d+, \d{4}", "", " ".join(said))
    sentences = len(re.findall(r"[.:!?](?=\s|$)", text))
    words = re.findall(r"[A-Za-z']+", text)
    syllables = sum(max(1, len(re.findall(r"[aeiouy]+", word.lower().removesuffix("e")))) for word in words)
    return 0.39 * len(words) / sentences + 11.8 * syllables / len(words) - 15.59
