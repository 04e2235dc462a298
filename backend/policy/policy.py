"""The policy file: every number of the plan, read strictly, each with its source.

A name that is unknown, missing or of the wrong kind refuses the whole file: a policy that is half understood
would put wrong dates into letters.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields
from datetime import date, time
from decimal import Decimal, InvalidOperation
from enum import StrEnum
from pathlib import Path
from typing import Any, TypeVar, get_type_hints
from zoneinfo import ZoneInfo

from api_client.types.words import BillingCycle, LetterKind

DEFAULT_BILLING = "CA_GROUP_DMHC"
"""The billing rules that apply unless a group names a variant; variants give only what differs."""


class PolicyError(ValueError):
    """The policy file cannot be used; the sentence names the entry."""


class ClockMode(StrEnum):
    """How the time for manual matching is counted."""

    CLOCK48 = "clock48"
    BUSINESS_DAYS = "bd2"
    SERVICE_HOURS = "bh16"


class TermEffectiveRule(StrEnum):
    """When a termination takes effect."""

    AS_SENT = "as_sent"
    NEXT_MONTH = "next_month"


class Weekday(StrEnum):
    """Days of the week, Monday first."""

    MONDAY = "monday"
    TUESDAY = "tuesday"
    WEDNESDAY = "wednesday"
    THURSDAY = "thursday"
    FRIDAY = "friday"
    SATURDAY = "saturday"
    SUNDAY = "sunday"


@dataclass(frozen=True)
class Entry:
    """One number of the plan as `policy show` lists it."""

    name: str
    value: object
    source: str
    confirm: bool
    """A person of the plan has to confirm it before real use."""


@dataclass(frozen=True)
class ServicePolicy:
    """The service center: its name and phone, and when it works."""

    name: str
    phone: str
    zone: ZoneInfo
    opens: time
    closes: time
    closed_weekdays: tuple[Weekday, ...]
    federal_holidays: bool
    day_after_thanksgiving: bool
    extra_closed_days: tuple[date, ...]


@dataclass(frozen=True)
class MatchingPolicy:
    """The clock of the manual-match queue and what needs a lead."""

    clock_mode: ClockMode
    clock_hours: int
    clock_business_days: int
    clock_service_hours: int
    amber_hours: int
    red_hours: int
    lease_minutes: int
    own_undo_minutes: int
    lead_undo_hours: int
    asking_pauses_clock: bool
    reminder_business_days: tuple[int, ...]
    answer_limit_business_days: int
    questions_without_lead: int
    last_hours_need_lead: int
    skip_minutes: int
    second_look_percent: int


@dataclass(frozen=True)
class UserIdPolicy:
    """Days and limits of user-ID requests."""

    arrive_by_business_days: int
    mail_by_business_days: int
    transit_business_days: int
    recent_move_days: int
    own_undo_minutes: int
    code_valid_days: int
    code_tries: int
    reissues_before_lead: int

    def __post_init__(self) -> None:
        if self.mail_by_business_days + self.transit_business_days != self.arrive_by_business_days:
            raise PolicyError("user_ids: mail-by and transit days must add up to the arrive-by days")


@dataclass(frozen=True)
class EnrollmentPolicy:
    """Limits of what an enrollment may do by itself."""

    retro_add_days: int
    retro_term_months: int
    term_effective_rule: TermEffectiveRule
    edi_min_members: int
    full_file_drop_percent: int
    spouse_min_age: int
    parent_gap_years: int
    senior_plans: tuple[str, ...]
    """Parts of names of the plan's products for people with Medicare."""


@dataclass(frozen=True)
class CardsPolicy:
    """When another card may be ordered, and how long an order can be taken back."""

    reprint_days: int
    own_undo_minutes: int
    refused_shown_days: int


@dataclass(frozen=True)
class LettersPolicy:
    """How long a letter that was ordered can be taken back, and what letters say of the plan and the law."""

    own_undo_minutes: int
    return_address: tuple[str, ...]
    pay_to: tuple[str, ...]
    pay_online: str
    regulator: str
    regulator_phone: str
    regulator_site: str
    form_fax: str
    cobra_address: tuple[str, ...]
    cobra_elect_days: int
    cobra_first_premium_days: int
    cobra_percent: int
    cobra_months: int


@dataclass(frozen=True)
class CallsPolicy:
    """How often a caller may be wrong, how long things wait for somebody, and whom to refer to."""

    misses: int
    alert_failed_calls: int
    alert_hours: int
    misses_a_day: int
    ringing_minutes: int
    note_edit_minutes: int
    call_back_tries: int
    call_back_spacing_minutes: int
    call_back_soon_minutes: int
    grievance_days: int
    provider_phone: str


@dataclass(frozen=True)
class SearchPolicy:
    """How many people a rep may look up in an hour, with neither a caller nor a case and with one."""

    people_searches_an_hour: int
    people_found_an_hour: int
    people_searches_an_hour_in_call: int
    people_found_an_hour_in_call: int


@dataclass(frozen=True)
class RevealPolicy:
    """How long a masked field is shown, and how often in an hour without a caller on the line."""

    seconds: int
    an_hour: int


@dataclass(frozen=True)
class SessionPolicy:
    """When an unused desk locks and a session ends."""

    idle_lock_minutes: int
    idle_lock_in_call_minutes: int
    idle_end_minutes: int
    end_hours: int


@dataclass(frozen=True)
class SignInPolicy:
    """How often a password may be wrong."""

    tries: int
    block_minutes: int


@dataclass(frozen=True)
class CycleDays:
    """Bill day in the month before coverage; due day in the coverage month, 0 the last day before it."""

    bill_day: int
    due_day: int


@dataclass(frozen=True)
class BillingPolicy:
    """How premium is billed and what happens when it is not paid."""

    grace_days: int
    letters: tuple[LetterKind, ...]
    l1_rolls_forward: bool
    l2_offset_days: int
    l2_min_days: int
    l3_max_days: int
    waiting_l1_business_days: int
    tolerance: Decimal
    nsf_fee: Decimal
    certified_funds_window_days: int
    certified_funds_days: int
    reinstatement_days: int
    reinstatements_a_year: int
    mid_month_day: int
    cycles: Mapping[BillingCycle, CycleDays]
    cycles_offered: tuple[BillingCycle, ...]
    """Those a group may choose from."""
    cycle_min_employees: int
    cycle_max_employees: int


@dataclass(frozen=True)
class Policy:
    """All numbers of the plan."""

    name: str
    version: int
    effective: date
    service: ServicePolicy
    matching: MatchingPolicy
    user_ids: UserIdPolicy
    enrollment: EnrollmentPolicy
    cards: CardsPolicy
    calls: CallsPolicy
    letters: LettersPolicy
    search: SearchPolicy
    reveal: RevealPolicy
    session: SessionPolicy
    sign_in: SignInPolicy
    billings: Mapping[str, BillingPolicy]
    entries: tuple[Entry, ...]

    def __iter__(self) -> Iterator[Entry]:
        """Every entry in the order of the file."""
        return iter(self.entries)

    @property
    def billing(self) -> BillingPolicy:
        """The billing rules of a group without a variant."""
        return self.billings[DEFAULT_BILLING]

    def billing_of(self, variant: str) -> BillingPolicy:
        """The billing rules a group is under, the default for an empty name; KeyError for an unknown one."""
        return self.billings[variant or DEFAULT_BILLING]


_SECTIONS: dict[str, type] = {
    "service": ServicePolicy,
    "matching": MatchingPolicy,
    "user_ids": UserIdPolicy,
    "enrollment": EnrollmentPolicy,
    "cards": CardsPolicy,
    "calls": CallsPolicy,
    "letters": LettersPolicy,
    "search": SearchPolicy,
    "reveal": RevealPolicy,
    "session": SessionPolicy,
    "sign_in": SignInPolicy,
}
_HEAD: dict[str, type] = {"name": str, "version": int, "effective": date}
S = TypeVar("S")


def load_policy(path: Path | None = None) -> Policy:
    """The policy in `path`, or California's; raises PolicyError that names the entry at fault."""
    file = path or Path(__file__).with_name("california.toml")
    try:
        raw = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PolicyError(f"{file.name}: {error}") from None
    _same_names("policy file", raw, {"policy", "billing", *_SECTIONS})
    head = _table("policy", raw["policy"])
    _same_names("policy", head, set(_HEAD))
    for name, kind in _HEAD.items():
        _require(f"policy.{name}", head[name], kind)
    sections: dict[str, Any] = {
        name: _section(kind, name, _table(name, raw[name])) for name, kind in _SECTIONS.items()
    }
    return Policy(
        **head,
        **sections,
        billings=_billings(_table("billing", raw["billing"])),
        entries=tuple(entry for name in raw if name != "policy" for entry in _entries(name, raw[name])),
    )


def _entries(prefix: str, table: dict[str, Any]) -> Iterator[Entry]:
    for name, item in table.items():
        full = f"{prefix}.{name}"
        if "value" in item:
            yield Entry(full, item["value"], item["source"], item.get("confirm", False))
        else:
            yield from _entries(full, item)


def _billings(raw: dict[str, Any]) -> dict[str, BillingPolicy]:
    if DEFAULT_BILLING not in raw:
        raise PolicyError(f"billing: {DEFAULT_BILLING} is missing")
    default = _table(f"billing.{DEFAULT_BILLING}", raw[DEFAULT_BILLING])
    billings = {}
    for name, variant in raw.items():
        differs = _table(f"billing.{name}", variant)
        billings[name] = _section(BillingPolicy, f"billing.{name}", {**default, **differs})
    return billings


def _section(kind: type[S], prefix: str, table: dict[str, Any]) -> S:
    types = get_type_hints(kind)
    _same_names(prefix, table, {field.name for field in fields(kind)})  # type: ignore[arg-type]
    return kind(**{name: _value(f"{prefix}.{name}", table[name], types[name]) for name in types})


def _value(name: str, item: object, kind: Any) -> object:
    entry = _table(name, item)
    if unknown := set(entry) - {"value", "source", "confirm"}:
        raise PolicyError(f"{name}: unknown {', '.join(sorted(unknown))}")
    if missing := {"value", "source"} - set(entry):
        raise PolicyError(f"{name}: {', '.join(sorted(missing))} is missing")
    _require(f"{name}.source", entry["source"], str)
    _require(f"{name}.confirm", entry.get("confirm", False), bool)
    return _read(name, entry["value"], kind)


def _read(name: str, raw: Any, kind: Any) -> object:
    """The raw TOML value as the type its field declares."""
    if kind == Mapping[BillingCycle, CycleDays]:
        _same_names(name, _table(name, raw), set(BillingCycle))
        return {cycle: CycleDays(*_numbers(name, raw[cycle], 2)) for cycle in BillingCycle}
    if getattr(kind, "__origin__", None) is tuple:
        _require(name, raw, list)
        return tuple(_read(name, item, kind.__args__[0]) for item in raw)
    if kind in (int, bool, date, time):
        _require(name, raw, kind)
        if kind is int and raw < 0:
            raise PolicyError(f"{name}: must not be negative")
        return raw
    _require(name, raw, str)
    try:
        return kind(raw)
    except (ValueError, KeyError, InvalidOperation):
        raise PolicyError(f"{name}: {raw} is not allowed") from None


def _numbers(name: str, raw: object, count: int) -> list[int]:
    if not isinstance(raw, list) or len(raw) != count or not all(type(item) is int for item in raw):
        raise PolicyError(f"{name}: {count} whole numbers expected")
    return raw


def _table(name: str, raw: object) -> dict[str, Any]:
    _require(name, raw, dict)
    assert isinstance(raw, dict)
    return raw


def _require(name: str, value: object, kind: type) -> None:
    if type(value) is not kind:
        raise PolicyError(f"{name}: {kind.__name__} expected")


def _same_names(where: str, table: dict[str, Any], wanted: set[str]) -> None:
    if missing := wanted - set(table):
        raise PolicyError(f"{where}: {', '.join(sorted(missing))} is missing")
    if unknown := set(table) - wanted:
        raise PolicyError(f"{where}: unknown {', '.join(sorted(unknown))}")
