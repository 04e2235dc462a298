"""What an 834 says about one member, as values.

None of these classes shows its content when printed: a traceback or a log must hold no person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import MAXYEAR, date

from backend.enrollment.edi.totals import pair_fits


class _Private:
    """Prints as its class name alone."""

    __slots__ = ()

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"


@dataclass(frozen=True, slots=True, repr=False)
class SetHeader(_Private):
    """What stands before the members of a set."""

    control_number: str
    """ST02."""
    group_control_number: str
    """GS06."""
    purpose: str = ""
    """BGN01: 00 original, 15 re-submission, 22 information copy."""
    reference: str = ""
    """BGN02."""
    file_date: date | None = None
    """BGN03."""
    original_reference: str = ""
    """BGN06."""
    action: str = ""
    """BGN08: 2 change, 4 verify, RX replace."""
    policy_number: str = ""
    """REF*38."""
    sponsor_name: str = ""
    sponsor_id_qualifier: str = ""
    """N103: FI tax number, 94, 24."""
    sponsor_id: str = ""
    payer_name: str = ""
    payer_id: str = ""
    dates: Mapping[str, date] = field(default_factory=dict)
    """By qualifier of DTP."""
    totals: Mapping[str, str] = field(default_factory=dict)
    """Control totals by qualifier of QTY, as sent."""


@dataclass(frozen=True, slots=True, repr=False)
class PersonName(_Private):
    """The parts of a name as sent."""

    last: str = ""
    first: str = ""
    middle: str = ""
    prefix: str = ""
    suffix: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Address(_Private):
    """A postal address as sent."""

    street: str = ""
    street2: str = ""
    city: str = ""
    state: str = ""
    zip: str = ""
    country: str = ""


@dataclass(frozen=True, slots=True, repr=False)
class Identity(_Private):
    """Who a person is: of the member now, or the wrong old values it corrects."""

    name: PersonName = field(default_factory=PersonName)
    ssn: str = ""
    """Digits of NM109 where NM108 is 34."""
    mutual_id: str = ""
    """NM109 where NM108 is ZZ."""
    birth_date: date | None = None
    sex: str = ""
    """F, M, U or empty."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """One HD loop."""

    maintenance: str
    """HD01."""
    line: str
    """HD03, the insurance line."""
    plan: str = ""
    """HD04."""
    level: str = ""
    """HD05."""
    begin: date | None = None
    """DTP*348."""
    end: date | None = None
    """DTP*349, the last covered day."""
    dates: Mapping[str, date] = field(default_factory=dict)
    """The other dates by qualifier of DTP."""
    references: tuple[tuple[str, str], ...] = ()
    """REF qualifier and value."""

    @property
    def last_day(self) -> date | None:
        """The last covered day; None where it runs on, which many senders write as a day of the year 9999."""
        return self.end if self.end and self.end.year < MAXYEAR else None


@dataclass(frozen=True, slots=True, repr=False)
class MemberTransaction(_Private):
    """One INS loop of an accepted set."""

    header: SetHeader
    ins_index: int
    """Which INS of the set, 1-based: with file and set it names the transaction."""
    offset: int
    """Byte offset of the INS in the file."""
    subscriber: bool
    """INS01 is Y."""
    relationship: str
    """INS02."""
    maintenance_type: str
    """INS03."""
    reason: str
    """INS04."""
    benefit_status: str
    """INS05: A active, C COBRA, S surviving insured, T TEFRA."""
    medicare_plan: str = ""
    """INS06-1."""
    medicare_reason: str = ""
    """INS06-2."""
    cobra_event: str = ""
    """INS07."""
    employment: str = ""
    """INS08."""
    student: str = ""
    """INS09."""
    handicapped: bool = False
    """INS10 is Y."""
    death_date: date | None = None
    """INS12."""
    restricted: bool = False
    """INS13 is R: what a caller may hear is restricted."""
    birth_sequence: int | None = None
    """INS17, for twins."""
    subscriber_number: str = ""
    """REF*0F."""
    group_number: str = ""
    """REF*1L, or the header's REF*38."""
    references: tuple[tuple[str, str], ...] = ()
    """The other identifiers (17, 23, 3H, 6O, F6, Q4, ZZ ...): qualifier and value, in order."""
    identity: Identity = field(default_factory=Identity)
    corrects: bool = False
    """NM101 is 74: identifying data is corrected."""
    former: Identity | None = None
    """The wrong old values (loop 2100B), where sent."""
    address: Address | None = None
    """Residence (loop 2100A)."""
    mailing_address: Address | None = None
    """Loop 2100C."""
    contacts: tuple[tuple[str, str], ...] = ()
    """PER pairs of loop 2100A: qualifier (HP, TE, CP, WP, EM ...) and number."""
    dates: Mapping[str, date] = field(default_factory=dict)
    """Member dates by qualifier of DTP; of one sent twice, the last."""
    coverages: tuple[Coverage, ...] = ()

    @property
    def key(self) -> tuple[str, str, int]:
        """Group and set control number and INS index: unique within the file."""
        return self.header.group_control_number, self.header.control_number, self.ins_index

    @property
    def pair_fits(self) -> bool:
        """Whether INS01 and INS02 agree; where they do not, a person must look."""
        return pair_fits(self.subscriber, self.relationship)

    @property
    def phone(self) -> str:
        """The number to reach the person at: home first, then mobile, any, work."""
        return self._contact("HP", "CP", "TE", "AP", "WP")

    @property
    def email(self) -> str:
        """The e-mail address, empty where none was sent."""
        return self._contact("EM")

    def reference(self, qualifier: str) -> str:
        """Returns the first identifier of that qualifier, empty where none was sent."""
        return next((value for kind, value in self.references if kind == qualifier), "")

    def _contact(self, *qualifiers: str) -> str:
        for wanted in qualifiers:
            for kind, value in self.contacts:
                if kind == wanted:
                    return value
        return ""

    @property
    def employment_begin(self) -> date | None:
        """DTP*336."""
        return self.dates.get("336")

    @property
    def employment_end(self) -> date | None:
        """DTP*337."""
        return self.dates.get("337")

    @property
    def eligibility_begin(self) -> date | None:
        """DTP*356."""
        return self.dates.get("356")

    @property
    def eligibility_end(self) -> date | None:
        """DTP*357."""
        return self.dates.get("357")

    @property
    def maintenance_effective(self) -> date | None:
        """DTP*303."""
        return self.dates.get("303")

    @property
    def cobra_event_date(self) -> date | None:
        """DTP*301."""
        return self.dates.get("301")

    @property
    def cobra_begin(self) -> date | None:
        """DTP*340."""
        return self.dates.get("340")

    @property
    def cobra_end(self) -> date | None:
        """DTP*341."""
        return self.dates.get("341")

    @property
    def medicare_begin(self) -> date | None:
        """DTP*338."""
        return self.dates.get("338")

    @property
    def medicare_end(self) -> date | None:
        """DTP*339."""
        return self.dates.get("339")
