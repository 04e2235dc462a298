"""Which letters are copied, what is sent on request, and who takes an order back."""

from __future__ import annotations

from datetime import date
from types import SimpleNamespace

import pytest

from api_client.types.billing_words import LetterKind
from api_client.types.problems import ProblemType
from api_client.types.words import CobraAdmin
from backend.accounts.rules import SizeClass
from backend.billing.say import LETTER_TITLES
from backend.letters import rules

TODAY = date(2026, 11, 20)


@pytest.mark.parametrize("kind", list(LetterKind))
def test_every_letter_has_a_title_and_only_what_was_mailed_is_copied(kind: LetterKind) -> None:
    assert LETTER_TITLES[kind]
    never = {LetterKind.USER_ID, LetterKind.ID_NOTICE, LetterKind.REQUEST_FORM, LetterKind.COBRA_PACKET}
    assert bool(rules.copy_refused(kind, "L-00801", TODAY)) is (kind in never)
    waits = rules.copy_refused(kind, "L-00801", None)
    assert waits
    assert kind in never or waits == "L-00801 is not mailed yet; it goes by itself."


def test_r07_the_letter_with_the_code_is_never_copied() -> None:
    assert "code" in rules.copy_refused(LetterKind.USER_ID, "L-00801", TODAY)


@pytest.mark.parametrize(
    ("size", "admin", "words"),
    [
        *((SizeClass.CALIFORNIA, admin, "") for admin in CobraAdmin),
        *((SizeClass.NONE, admin, "ask the group representative") for admin in CobraAdmin),
        (SizeClass.FEDERAL, CobraAdmin.CLIENT, "the client sends it"),
        (SizeClass.FEDERAL, CobraAdmin.TPA, "the administrator sends it: Timber 800-555-0162"),
        (SizeClass.FEDERAL, CobraAdmin.PLAN, "takes the enrollment by phone instead"),
    ],
)
def test_the_packet_is_for_groups_under_cal_cobra(size: SizeClass, admin: CobraAdmin, words: str) -> None:
    said = rules.packet_refused(size, admin, "Timber 800-555-0162")
    assert words in said
    assert bool(said) is bool(words)


@pytest.mark.parametrize(
    ("facts", "refused"),
    [
        ({}, None),
        ({"ordered": False}, ProblemType.RULE_REFUSES),
        ({"mailed_on": TODAY}, ProblemType.RULE_REFUSES),
        ({"mine": False}, ProblemType.NOT_ALLOWED),
        ({"in_time": False}, ProblemType.NOT_ALLOWED),
    ],
)
def test_who_takes_an_order_back(facts: dict[str, object], refused: ProblemType | None) -> None:
    every = {"ordered": True, "mailed_on": None, "mine": True, "in_time": True}
    answer = rules.undo_refused(**(every | facts))  # type: ignore[arg-type]
    assert (answer.type if answer else None) == refused


@pytest.mark.parametrize(
    ("role", "valid_from", "valid_to", "found"),
    [
        ("broker", None, None, True),
        ("broker", TODAY, TODAY, True),
        ("broker", None, date(2026, 11, 19), False),
        ("broker", date(2026, 11, 21), None, False),
        ("tpa", None, None, False),
    ],
)
def test_the_broker_whose_letter_is_in_date(
    role: str, valid_from: date | None, valid_to: date | None, found: bool
) -> None:
    one = SimpleNamespace(role=role, valid_from=valid_from, valid_to=valid_to)
    assert (rules.broker_of([one], TODAY) is one) is found


def test_a_group_that_ended_asks_for_no_user_id() -> None:
    assert rules.form_refused(date(2026, 11, 19), TODAY) == "The group ended on 2026-11-19."
    assert rules.form_refused(TODAY, TODAY) == rules.form_refused(None, TODAY) == ""
