"""The policy files: every number of the plan, read strictly, each with its source.

A name that is unknown, missing or of the wrong kind refuses the whole file: a policy that is half understood
would put wrong dates into letters. The rules of billing stand in files of their own, one a variant.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, time
from enum import StrEnum
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from api_client.types.user_id_words import Envelopes
from api_client.types.words import Channel
from backend.policy.premium import DEFAULT_BILLING, BillingPolicy
from backend.policy.reading import (
    Entry,
    PolicyError,
    entries,
    read_file,
    same_names,
    section,
    table,
)

_OURS = Path(__file__).parent


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
    envelopes: Envelopes
    channels: tuple[Channel, ...]
    """Ways in which a request form is taken (R05)."""
    unused_days: int
    password_tries: int
    password_length: int
    page_mib: int
    """Of a faxed page as it comes, and of the picture that is kept."""
    pages: int
    tour: str
    """How to find the tour (R04)."""

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
        """Every entry in the order of the files."""
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


def load_policy(path: Path | None = None) -> Policy:
    """The policy in `path`, or California's; raises PolicyError that names the entry at fault.

    The billing rules come from the folder `billing` beside the file where there is one, else they are ours.
    """
    file = path or _OURS / "california.toml"
    raw = read_file(file)
    same_names("policy file", raw, {"policy", *_SECTIONS})
    sections: dict[str, Any] = {
        name: section(kind, name, table(name, raw[name]), {}) for name, kind in _SECTIONS.items()
    }
    folder = file.with_name("billing")
    billings, their_entries = _billings(folder if folder.is_dir() else _OURS / "billing")
    ours = (entry for name in raw if name != "policy" for entry in entries(name, raw[name]))
    return Policy(**raw["policy"], **sections, billings=billings, entries=(*ours, *their_entries))


def _billings(folder: Path) -> tuple[dict[str, BillingPolicy], list[Entry]]:
    """The billing rules of a folder by name, and their entries, the default first."""
    files = {file.stem: file for file in sorted(folder.glob("*.toml"))}
    if DEFAULT_BILLING not in files:
        raise PolicyError(f"billing: {DEFAULT_BILLING}.toml is missing")
    default: dict[str, Any] = {}
    billings: dict[str, BillingPolicy] = {}
    found: list[Entry] = []
    for name in sorted(files, key=lambda one: (one != DEFAULT_BILLING, one)):
        raw = read_file(files[name])
        head = raw.pop("policy")
        if head["name"] != name:
            raise PolicyError(f"billing.{name}: its file is of policy {head['name']}")
        default = default or raw
        billings[name] = section(BillingPolicy, f"billing.{name}", {**default, **raw}, head)
        found += entries(f"billing.{name}", raw)
    return billings, found
