"""The policy file is read strictly, and every number in it names its source."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest

from backend.policy import policy as module
from backend.policy.policy import ClockMode, PolicyError, load_policy

TEXT = Path(module.__file__).with_name("california.toml").read_text(encoding="utf-8")


def load(tmp_path: Path, text: str) -> None:
    file = tmp_path / "policy.toml"
    file.write_text(text, encoding="utf-8")
    load_policy(file)


def test_california_has_the_numbers_of_the_plan() -> None:
    policy = load_policy()
    assert policy.matching.clock_mode is ClockMode.CLOCK48
    assert policy.matching.clock_hours == 48
    assert policy.user_ids.arrive_by_business_days == 7
    assert policy.billing.grace_days == 30
    assert policy.billing.nsf_fee == Decimal("25.00")
    assert policy.service.zone.key == "America/Los_Angeles"


def test_every_number_names_its_source() -> None:
    entries = list(load_policy())
    assert len(entries) == len(re.findall(r"^value = ", TEXT, re.MULTILINE))
    assert all(len(entry.source) > 3 for entry in entries)
    assert len({entry.name for entry in entries}) == len(entries)


def test_what_must_be_confirmed_is_marked() -> None:
    assert [entry.name for entry in load_policy() if entry.confirm] == [
        "service.phone",
        "matching.asking_pauses_clock",
        "user_ids.code_valid_days",
        "letters.return_address",
        "letters.pay_to",
        "letters.pay_online",
        "letters.regulator_phone",
        "letters.regulator_site",
        "letters.form_fax",
        "letters.cobra_address",
        "letters.cobra_elect_days",
        "letters.cobra_first_premium_days",
        "letters.cobra_percent",
        "letters.cobra_months",
        "enrollment.senior_plans",
        "calls.grievance_days",
        "calls.provider_phone",
        "billing.CA_GROUP_DMHC.l2_min_days",
        "billing.CA_GROUP_DMHC.waiting_l1_business_days",
    ]


def test_a_variant_differs_only_where_it_says_so() -> None:
    policy = load_policy()
    exchange = policy.billing_of("EXCHANGE")
    assert exchange.tolerance == Decimal("100.00")
    assert not exchange.l1_rolls_forward
    assert exchange.grace_days == policy.billing.grace_days
    assert policy.billing_of("") is policy.billing
    with pytest.raises(KeyError):
        policy.billing_of("ELSEWHERE")


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("[matching.red_hours]", "[matching.red_hors]", "red_hours is missing"),
        (
            "[sign_in.tries]",
            "[sign_in.attempts]\nvalue = 5\nsource = 'x'\n[sign_in.tries]",
            "unknown attempts",
        ),
        ("[sign_in.tries]", "[weather.rain]\nvalue = 5\nsource = 'x'\n[sign_in.tries]", "unknown weather"),
        ("value = 15\n", "value = '15'\n", "int expected"),
        ("value = 15\n", "value = true\n", "int expected"),
        ("value = 15\n", "value = -1\n", "must not be negative"),
        ('value = "clock48"', 'value = "clock49"', "matching.clock_mode: clock49 is not allowed"),
        ('value = "100.00"', 'value = "a lot"', "billing.EXCHANGE.tolerance: a lot is not allowed"),
        ("C4 = [24, 15]", "C4 = [24]", "2 whole numbers expected"),
        (", C4 = [24, 15]", "", "C4 is missing"),
        ("transit_business_days]\nvalue = 3", "transit_business_days]\nvalue = 2", "must add up"),
        ('"saturday", "sunday"', '"saturday", "caturday"', "caturday is not allowed"),
        ("version = 1", "version = '1'", "policy.version: int expected"),
        ("\nconfirm = true", "\nconfirmed = true", "unknown confirmed"),
        ('source = "where the service center is"', "", "service.zone: source is missing"),
        ("America/Los_Angeles", "America/Lost_Angeles", "service.zone: America/Lost_Angeles is not allowed"),
        ("[policy]", "[policy", "policy.toml: "),
    ],
)
def test_a_file_half_understood_is_refused_by_name(tmp_path: Path, old: str, new: str, named: str) -> None:
    assert old in TEXT
    with pytest.raises(PolicyError, match=re.escape(named)):
        load(tmp_path, TEXT.replace(old, new, 1))
