"""One letter of every kind, for the tests of words and pages."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from api_client.types.user_id_words import DenyReason, LetterPart, UserIdRequestKind
from api_client.types.words import RejectReason
from backend.letters.content import Secret
from backend.letters.facts import (
    About,
    BalanceFacts,
    BillFacts,
    CardFacts,
    CobraFacts,
    CopyFacts,
    EndFacts,
    EnrollmentFacts,
    IdDeniedFacts,
    IdNoticeFacts,
    LetterFacts,
    ReinstatementFacts,
    RequestFormFacts,
    ReturnedFacts,
    SubscriberFacts,
    TerminationFacts,
    UserIdFacts,
    WarningFacts,
    plan_facts,
)
from backend.policy.policy import load_policy

POLICY = load_policy()
SECRET = Secret("OAKST-4471", "K7QM-9XRT-3HWD")
_BILL = BillFacts(number="I-104233-2609", month=date(2026, 9, 1), due=date(2026, 9, 1))
_BALANCE = BalanceFacts(
    balance=Decimal("19525.00"), premium=Decimal("20000.00"), fees=Decimal("25.00"), credit=Decimal("500.00")
)
_KEEP = Decimal("10000.00")
ABOUT: dict[str, About] = {
    "L1": WarningFacts(bill=_BILL, balance=_BALANCE, keep=_KEEP, last_day=date(2026, 10, 1), grace_days=30),
    "L1_subscriber": SubscriberFacts(
        month=date(2026, 9, 1), grace_from=date(2026, 9, 2), last_day=date(2026, 10, 1), grace_days=30
    ),
    "L2": TerminationFacts(
        bill=_BILL, balance=_BALANCE, keep=_KEEP, warned_on=date(2026, 9, 2), ends_on=date(2026, 10, 1)
    ),
    "L3": EndFacts(
        bill=_BILL,
        balance=_BALANCE,
        warned_on=date(2026, 9, 2),
        noticed_on=date(2026, 9, 16),
        ended_on=date(2026, 10, 1),
        reinstate=Decimal("20000.00"),
        reinstate_by=date(2026, 10, 31),
    ),
    "reinstatement": ReinstatementFacts(
        ended_on=date(2026, 10, 1),
        requested_on=date(2026, 10, 12),
        approved_on=date(2026, 10, 13),
        balance=_BALANCE,
        next_due=date(2026, 11, 1),
    ),
    "returned_payment": ReturnedFacts(
        payment="P-00311",
        amount=Decimal("10000.00"),
        received_on=date(2026, 9, 1),
        returned_on=date(2026, 9, 14),
        fee=Decimal("25.00"),
        balance=_BALANCE,
        certified_until=date(2027, 12, 10),
    ),
    "user_id": UserIdFacts(
        asked=UserIdRequestKind.FIRST,
        contact="Rosa Tamm",
        received_on=date(2026, 8, 27),
        activate_by=date(2026, 10, 2),
    ),
    "user_id_alone": UserIdFacts(
        asked=UserIdRequestKind.REPLACE,
        contact="Rosa Tamm",
        received_on=date(2026, 8, 27),
        part=LetterPart.ID,
        activate_by=date(2026, 10, 2),
    ),
    "code_alone": UserIdFacts(
        asked=UserIdRequestKind.REPLACE,
        contact="Rosa Tamm",
        received_on=date(2026, 8, 27),
        part=LetterPart.CODE,
        again=True,
        activate_by=date(2026, 10, 2),
    ),
    "reset": UserIdFacts(
        asked=UserIdRequestKind.RESET,
        contact="Rosa Tamm",
        received_on=date(2026, 8, 27),
        part=LetterPart.CODE,
        activate_by=date(2026, 10, 2),
    ),
    "id_notice": IdNoticeFacts(
        asked=UserIdRequestKind.FIRST, contact="Rosa Tamm", received_on=date(2026, 8, 27), moved=True
    ),
    "id_denied": IdDeniedFacts(
        asked=UserIdRequestKind.FIRST,
        contact="Rosa Tamm",
        received_on=date(2026, 8, 27),
        reason=DenyReason.SIGNER_UNKNOWN,
        fax=POLICY.letters.form_fax,
    ),
    "card": CardFacts(name="Rosa Tamm", member_number="MRN 1000442", coverage_start=date(2026, 9, 1)),
    "request_form": RequestFormFacts(
        fax=POLICY.letters.form_fax,
        group_address=("77 Ferry Street", "Oakland, CA 94607"),
        arrive_days=POLICY.user_ids.arrive_by_business_days,
    ),
    "cobra_packet": CobraFacts(
        member_name="Rosa Tamm",
        coverage_end=date(2026, 8, 31),
        elect_days=POLICY.letters.cobra_elect_days,
        elect_by=date(2026, 11, 1),
        first_premium_days=POLICY.letters.cobra_first_premium_days,
        percent=POLICY.letters.cobra_percent,
        months=POLICY.letters.cobra_months,
        monthly=Decimal("495.00"),
        send_to=POLICY.letters.cobra_address,
    ),
    "enrollment_returned": EnrollmentFacts(
        receipt="E-20418", received_on=date(2026, 8, 28), person="Rosa Tamm", reason=RejectReason.INCOMPLETE
    ),
}
COPY = CopyFacts(
    number="L-00878",
    dated=date(2026, 9, 4),
    addressee="Lakeside Brokers",
    address=("12 Pier Road", "Oakland, CA 94607"),
    to_broker=True,
)


def letter(kind: str, *, name: str = "Oak Street Dental Group") -> LetterFacts:
    """The letter of a kind, to a group of that name; one with ID or code to a person there."""
    street = ("77 Ferry Street", "Oakland, CA 94607")
    person = isinstance(ABOUT[kind], UserIdFacts)
    return LetterFacts(
        number="L-00877",
        dated=date(2026, 9, 2),
        group_number="104233",
        group_name=name,
        addressee="Rosa Tamm" if person else name,
        address=(name, *street) if person else street,
        plan=plan_facts(POLICY, "800-555-0123", "weekdays 8 to 5"),
        about=ABOUT[kind],
        copies_to=("Lakeside Brokers",) if kind in ("L1", "L2") else (),
    )


def secret_of(kind: str) -> Secret | None:
    """What is given from outside, for the letters that need it."""
    return SECRET if isinstance(ABOUT[kind], UserIdFacts) else None
