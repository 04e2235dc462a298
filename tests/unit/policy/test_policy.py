"""The policy file is read strictly, and every number in it names its source."""

from __future__ import annotations

import re
from decimal import Decimal
from pathlib import Path

import pytest
from typer.testing import CliRunner

from backend.cli import app
from backend.policy import policy as module
from backend.policy.policy import ClockMode, Policy, load_policy
from backend.policy.premium import Roll
from backend.policy.reading import PolicyError

FILE = Path(module.__file__).with_name("california.toml")
TEXT = FILE.read_text(encoding="utf-8")
BILLING = {one.stem: one.read_text(encoding="utf-8") for one in FILE.with_name("billing").glob("*.toml")}


def load(folder: Path, text: str, billing: dict[str, str] | None = None) -> Policy:
    file = folder / "policy.toml"
    file.write_text(text, encoding="utf-8")
    if billing is not None:
        (folder / "billing").mkdir()
        for name, content in billing.items():
            (folder / "billing" / f"{name}.toml").write_text(content, encoding="utf-8")
    return load_policy(file)


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
    texts = (TEXT, *BILLING.values())
    assert len(entries) == sum(len(re.findall(r"^value = ", text, re.MULTILINE)) for text in texts)
    assert all(len(entry.source) > 3 for entry in entries)
    assert len({entry.name for entry in entries}) == len(entries)


def test_what_must_be_confirmed_is_marked() -> None:
    assert [entry.name for entry in load_policy() if entry.confirm] == [
        "service.phone",
        "matching.asking_pauses_clock",
        "user_ids.code_valid_days",
        "user_ids.tour",
        "enrollment.senior_plans",
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
        "calls.grievance_days",
        "calls.provider_phone",
        "billing.CA_GROUP_DMHC.l2_min_days",
        "billing.CA_GROUP_DMHC.waiting_l1_business_days",
        "billing.CA_GROUP_DMHC.returned_notice_holds_end",
        "billing.CA_GROUP_DMHC.holds_stop_dates",
    ]


def test_a_variant_differs_only_where_it_says_so() -> None:
    policy = load_policy()
    exchange = policy.billing_of("EXCHANGE")
    assert exchange.tolerance == Decimal("100.00")
    assert [step.roll for step in exchange.steps] == [Roll.NONE, Roll.FORWARD, Roll.FORWARD]
    assert exchange.words == "EXCHANGE version 1 from 2026-01-01"
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


@pytest.mark.parametrize(
    ("which", "old", "new", "named"),
    [
        (
            "EXCHANGE",
            'value = "100.00"',
            'value = "a lot"',
            "billing.EXCHANGE.tolerance: a lot is not allowed",
        ),
        ("EXCHANGE", "[tolerance]", "[tolerances]", "billing.EXCHANGE: unknown tolerances"),
        ("EXCHANGE", 'name = "EXCHANGE"', 'name = "PLAIN"', "billing.EXCHANGE: its file is of policy PLAIN"),
        ("PLAIN", "effective = 2026-01-01", "", "policy: effective is missing"),
        ("PLAIN", "[policy]", "[policies]", "PLAIN.toml: policy is missing"),
        ("CA_GROUP_DMHC", "C4 = [24, 15]", "C4 = [24]", "cycles.C4: 2 whole numbers expected"),
        ("CA_GROUP_DMHC", ", C4 = [24, 15]", "", "C4 is missing"),
        ("CA_GROUP_DMHC", '"bankruptcy"', '"weather"', "holds_stop_dates: weather is not allowed"),
        ("CA_GROUP_DMHC", "days = 14, ", "", "steps: days is missing"),
        ("CA_GROUP_DMHC", "days = 14", "days = '14'", "steps.days: int expected"),
        ("CA_GROUP_DMHC", "days = 14", "days = 14, weeks = 2", "steps: unknown weeks"),
        ("CA_GROUP_DMHC", 'after = "L1"', 'after = "due"', "the first letter, and only it"),
        ("CA_GROUP_DMHC", 'kind = "L2"', 'kind = "L1"', "stands there twice"),
        ("CA_GROUP_DMHC", ", final = true", "", "the last letter before the end, and only it, is final"),
        ("CA_GROUP_DMHC", "latest_days = 5", "final = true", "the last letter before the end, and only it"),
        ("CA_GROUP_DMHC", 'after = "L1"', 'after = "end"', "the last letter before the end, and only it"),
    ],
)
def test_a_billing_file_half_understood_is_refused_by_name(
    tmp_path: Path, which: str, old: str, new: str, named: str
) -> None:
    assert old in BILLING[which]
    with pytest.raises(PolicyError, match=re.escape(named)):
        load(tmp_path, TEXT, BILLING | {which: BILLING[which].replace(old, new, 1)})


def test_a_file_takes_the_billing_rules_beside_it_or_ours(tmp_path: Path) -> None:
    assert load(tmp_path, TEXT).billings == load_policy().billings
    (tmp_path / "own").mkdir()
    text = BILLING["CA_GROUP_DMHC"].replace("version = 1", "version = 7")
    own = load(tmp_path / "own", TEXT, {"CA_GROUP_DMHC": text})
    assert list(own.billings) == ["CA_GROUP_DMHC"]
    assert own.billing.version == 7
    (tmp_path / "none").mkdir()
    with pytest.raises(PolicyError, match=re.escape("CA_GROUP_DMHC.toml is missing")):
        load(tmp_path / "none", TEXT, {"PLAIN": BILLING["PLAIN"]})


def test_show_names_the_version_of_each_billing_policy() -> None:
    shown = CliRunner().invoke(app, ["policy", "show", "--data", "/nonexistent"])
    lines = shown.stdout.splitlines()
    assert lines[:4] == [
        "California version 1 from 2026-01-01",
        "billing CA_GROUP_DMHC version 1 from 2026-01-01",
        "billing EXCHANGE version 1 from 2026-01-01",
        "billing PLAIN version 1 from 2026-01-01",
    ]
    steps = "kind L1 days 1 after due roll forward; kind L2 days 14 after L1 roll forward final True"
    assert f"  billing.PLAIN.steps = {steps}" in lines
