"""What a letter says, as facts: written once with the letter, and read for its text, its PDF and its copies.

The words are elsewhere (`content`), so a letter of last year can be read again word for word by its form.
Neither a user ID nor a code is ever here: both are given from outside when the letter is printed (R07).
"""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any, Literal

from pydantic import Field, ValidationError, model_validator

from api_client.types.billing_words import LetterKind
from api_client.types.common import DisplayText, Model, Money
from api_client.types.user_id_words import DenyReason, LetterPart, UserIdRequestKind
from api_client.types.words import RejectReason
from backend.policy.policy import Policy


class FactsError(ValueError):
    """Stored facts cannot be read; the sentence names no value of them."""


class PlanFacts(Model):
    """What the plan said of itself on that day."""

    name: DisplayText
    return_address: tuple[DisplayText, ...]
    phone: DisplayText
    """The membership number on the bill."""
    hours: DisplayText = ""
    pay_to: tuple[DisplayText, ...] = ()
    """Payee and address for checks."""
    pay_online: DisplayText = ""
    """Where premium is paid online; empty where it is not."""
    grievance_days: int
    """Calendar days within which the plan answers a grievance about the end of coverage (H&S 1365)."""
    regulator: DisplayText
    regulator_phone: DisplayText
    regulator_site: DisplayText


def plan_facts(policy: Policy, bill_phone: str, bill_hours: str) -> PlanFacts:
    """The plan as its policy has it today, with the phone and hours of the bill of this group."""
    letters = policy.letters
    return PlanFacts(
        name=policy.service.name,
        return_address=letters.return_address,
        phone=bill_phone or policy.service.phone,
        hours=bill_hours,
        pay_to=letters.pay_to,
        pay_online=letters.pay_online,
        grievance_days=policy.calls.grievance_days,
        regulator=letters.regulator,
        regulator_phone=letters.regulator_phone,
        regulator_site=letters.regulator_site,
    )


class BillFacts(Model):
    """The bill that is not paid."""

    number: DisplayText
    month: date
    """First day of the coverage month."""
    due: date


class BalanceFacts(Model):
    """What the account owes on the day of the letter, as the ledger has it."""

    balance: Money
    premium: Money
    fees: Money
    credit: Money

    @model_validator(mode="after")
    def _adds_up(self) -> BalanceFacts:
        if self.balance != self.premium + self.fees - self.credit:
            raise ValueError("the balance is not premium and fees less credit")
        return self


class WarningFacts(Model):
    """L1 (R25). Grace starts on the date of the letter."""

    kind: Literal[LetterKind.L1] = LetterKind.L1
    bill: BillFacts
    balance: BalanceFacts
    keep: Money
    """Premium that must be paid to keep coverage."""
    last_day: date
    """Last day to pay it, and last day of grace."""
    grace_days: int


class SubscriberFacts(Model):
    """L1 to a subscriber: dates and rights, no balance (28 CCR 1300.65)."""

    kind: Literal[LetterKind.L1_SUBSCRIBER] = LetterKind.L1_SUBSCRIBER
    month: date
    """First day of the coverage month that is not paid."""
    grace_from: date
    last_day: date
    grace_days: int


class TerminationFacts(Model):
    """L2 (R26)."""

    kind: Literal[LetterKind.L2] = LetterKind.L2
    bill: BillFacts
    balance: BalanceFacts
    keep: Money
    warned_on: date
    """Date of the warning letter."""
    ends_on: date
    """Last day of coverage, and last day to pay."""


class EndFacts(Model):
    """L3."""

    kind: Literal[LetterKind.L3] = LetterKind.L3
    bill: BillFacts
    balance: BalanceFacts
    warned_on: date
    noticed_on: date
    """Date of the termination letter."""
    ended_on: date
    reinstate: Money | None = None
    """Premium through the current month, to be paid to ask for coverage back; None when it cannot be."""
    reinstate_by: date | None = None


class ReinstatementFacts(Model):
    """Coverage was given back without a lapse."""

    kind: Literal[LetterKind.REINSTATEMENT] = LetterKind.REINSTATEMENT
    ended_on: date
    requested_on: date
    approved_on: date
    balance: BalanceFacts
    next_due: date | None = None
    """Due date of the next bill, where it is known."""


class ReturnedFacts(Model):
    """A payment came back from the bank."""

    kind: Literal[LetterKind.RETURNED_PAYMENT] = LetterKind.RETURNED_PAYMENT
    payment: DisplayText
    amount: Money
    received_on: date
    returned_on: date
    """The bank's date."""
    fee: Money
    balance: BalanceFacts
    certified_until: date | None = None
    """Until when only certified funds are taken."""


class UserIdFacts(Model):
    """User ID and one-time code go to the client; neither of them is here."""

    kind: Literal[LetterKind.USER_ID] = LetterKind.USER_ID
    asked: UserIdRequestKind
    contact: DisplayText
    """Whose user ID it is."""
    received_on: date
    """When the form was received."""
    part: LetterPart = LetterPart.BOTH
    user: DisplayText = ""
    """The number we know the ID by, such as W-00012; it stands on no paper."""
    again: bool = False
    """An earlier letter was lost; its code does not work any more."""
    activate_by: date | None = None
    """Last day of the code; None until the letter is taken into a mailing."""


class IdNoticeFacts(Model):
    """Somebody else of the client hears that ID or code are in the mail; neither of them is here."""

    kind: Literal[LetterKind.ID_NOTICE] = LetterKind.ID_NOTICE
    asked: UserIdRequestKind
    contact: DisplayText
    """Whose user ID it is."""
    received_on: date
    moved: bool = False
    """It goes to the address that was on record before."""
    again: bool = False


class IdDeniedFacts(Model):
    """A request form is not accepted."""

    kind: Literal[LetterKind.ID_DENIED] = LetterKind.ID_DENIED
    asked: UserIdRequestKind
    contact: DisplayText
    received_on: date
    reason: DenyReason
    fax: DisplayText
    """Where a form is faxed to."""


class CardFacts(Model):
    """What a card is attached to."""

    kind: Literal["card"] = "card"
    name: DisplayText
    member_number: DisplayText
    coverage_start: date


class RequestFormFacts(Model):
    """The user-ID request form with the group filled in (R05)."""

    kind: Literal[LetterKind.REQUEST_FORM] = LetterKind.REQUEST_FORM
    fax: DisplayText
    group_address: tuple[DisplayText, ...]
    """The address of record, to which ID and code are mailed."""
    arrive_days: int
    """Business days from the receipt of the fax within which ID and code arrive (R06)."""


class CobraFacts(Model):
    """What a member needs to elect Cal-COBRA (H&S 1366.20 and following)."""

    kind: Literal[LetterKind.COBRA_PACKET] = LetterKind.COBRA_PACKET
    member_name: DisplayText
    coverage_end: date
    """Last day covered through the group."""
    elect_days: int
    elect_by: date
    """The later of the end of coverage and this letter, and the days to elect."""
    first_premium_days: int
    """From the election."""
    percent: int
    """Of the group's rate that is charged at the most."""
    months: int
    monthly: Money | None = None
    """What a month costs, where the plan knows it."""
    send_to: tuple[DisplayText, ...]
    """Where the election form goes."""


class EnrollmentFacts(Model):
    """An enrollment goes back to the employer."""

    kind: Literal[LetterKind.ENROLLMENT_RETURNED] = LetterKind.ENROLLMENT_RETURNED
    receipt: DisplayText
    received_on: date
    person: DisplayText
    reason: RejectReason


class CopyFacts(Model):
    """That a letter is a copy; everything else is as in the letter it repeats."""

    number: DisplayText
    dated: date
    addressee: DisplayText
    address: tuple[DisplayText, ...]
    to_broker: bool = False


About = Annotated[
    WarningFacts
    | SubscriberFacts
    | TerminationFacts
    | EndFacts
    | ReinstatementFacts
    | ReturnedFacts
    | UserIdFacts
    | IdNoticeFacts
    | IdDeniedFacts
    | CardFacts
    | RequestFormFacts
    | CobraFacts
    | EnrollmentFacts,
    Field(discriminator="kind"),
]


class LetterFacts(Model):
    """Everything one letter says."""

    form: Literal[1] = 1
    number: DisplayText
    """Such as L-00877."""
    dated: date
    group_number: DisplayText
    group_name: DisplayText
    addressee: DisplayText
    address: tuple[DisplayText, ...]
    """Street, then city, state and zip."""
    plan: PlanFacts
    about: About
    copies_to: tuple[DisplayText, ...] = ()
    """Names of who gets a copy of it, such as the broker."""
    copy_of: CopyFacts | None = None

    def stored(self) -> dict[str, Any]:
        """As it stands in the column `letter.facts`."""
        return self.model_dump(mode="json")

    def copied(self, copy: CopyFacts) -> LetterFacts:
        """The same letter as a copy for somebody; a copy of a copy is one of the letter itself."""
        return self.model_copy(update={"copy_of": copy})


def read_facts(stored: object) -> LetterFacts:
    """The facts of a letter as stored. Raises FactsError when they are of a form that cannot be read."""
    try:
        return LetterFacts.model_validate(stored)
    except ValidationError:
        raise FactsError("the facts of this letter are of a form that cannot be read") from None
