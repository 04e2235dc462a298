"""Letters with random facts, for the tests that say what holds for all of them."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

from hypothesis import strategies as st

from api_client.types.user_id_words import DenyReason, LetterPart, UserIdRequestKind
from api_client.types.words import RejectReason
from backend.letters import facts as f
from tests.unit.letters.letters_of_every_kind import COPY, POLICY

NAMES = st.text(
    st.characters(min_codepoint=0x20, max_codepoint=0x17F, exclude_characters="$0123456789\x7f"),
    min_size=1,
    max_size=70,
).filter(lambda name: bool(name.strip()))
"""Without figures, so that every figure on a letter is one of the plan's."""
_MONEY = st.integers(0, 99_999_999).map(lambda cents: Decimal(cents) / 100)
_DAYS = st.dates(date(2024, 2, 28), date(2032, 3, 1))


@st.composite
def _balances(draw: st.DrawFn) -> f.BalanceFacts:
    premium, fees, credit = draw(_MONEY), draw(_MONEY), draw(_MONEY)
    return f.BalanceFacts(balance=premium + fees - credit, premium=premium, fees=fees, credit=credit)


_BILLS = st.builds(
    f.BillFacts, number=st.just("I-10"), month=_DAYS.map(lambda day: day.replace(day=1)), due=_DAYS
)
ABOUTS: st.SearchStrategy[f.About] = st.one_of(
    st.builds(
        f.WarningFacts,
        bill=_BILLS,
        balance=_balances(),
        keep=_MONEY,
        last_day=_DAYS,
        grace_days=st.integers(30, 99),
    ),
    st.builds(
        f.SubscriberFacts, month=_DAYS, grace_from=_DAYS, last_day=_DAYS, grace_days=st.integers(30, 99)
    ),
    st.builds(
        f.TerminationFacts, bill=_BILLS, balance=_balances(), keep=_MONEY, warned_on=_DAYS, ends_on=_DAYS
    ),
    st.builds(
        f.EndFacts,
        bill=_BILLS,
        balance=_balances(),
        warned_on=_DAYS,
        noticed_on=_DAYS,
        ended_on=_DAYS,
        reinstate=st.none() | _MONEY,
        reinstate_by=st.none() | _DAYS,
    ),
    st.builds(
        f.ReinstatementFacts,
        ended_on=_DAYS,
        requested_on=_DAYS,
        approved_on=_DAYS,
        balance=_balances(),
        next_due=st.none() | _DAYS,
    ),
    st.builds(
        f.ReturnedFacts,
        payment=st.just("P-00311"),
        amount=_MONEY,
        received_on=_DAYS,
        returned_on=_DAYS,
        fee=_MONEY,
        balance=_balances(),
        certified_until=st.none() | _DAYS,
    ),
    st.builds(
        f.UserIdFacts,
        asked=st.sampled_from(UserIdRequestKind),
        contact=NAMES,
        received_on=_DAYS,
        part=st.sampled_from(LetterPart),
        again=st.booleans(),
        activate_by=_DAYS,
    ),
    st.builds(
        f.IdNoticeFacts,
        asked=st.sampled_from(UserIdRequestKind),
        contact=NAMES,
        received_on=_DAYS,
        moved=st.booleans(),
        again=st.booleans(),
    ),
    st.builds(
        f.IdDeniedFacts,
        asked=st.sampled_from(UserIdRequestKind),
        contact=NAMES,
        received_on=_DAYS,
        reason=st.sampled_from([one for one in DenyReason if one is not DenyReason.DUPLICATE]),
        fax=st.just(POLICY.letters.form_fax),
    ),
    st.builds(f.CardFacts, name=NAMES, member_number=st.just("MRN 1000442"), coverage_start=_DAYS),
    st.builds(
        f.RequestFormFacts,
        fax=st.just(POLICY.letters.form_fax),
        group_address=st.just(("77 Ferry Street", "Oakland, CA 94607")),
        arrive_days=st.integers(1, 20),
    ),
    st.builds(
        f.CobraFacts,
        member_name=NAMES,
        coverage_end=_DAYS,
        elect_days=st.integers(1, 90),
        elect_by=_DAYS,
        first_premium_days=st.integers(1, 90),
        percent=st.integers(100, 150),
        months=st.integers(1, 36),
        monthly=st.none() | _MONEY,
        send_to=st.just(POLICY.letters.cobra_address),
    ),
    st.builds(
        f.EnrollmentFacts,
        receipt=st.just("E-20418"),
        received_on=_DAYS,
        person=NAMES,
        reason=st.sampled_from(RejectReason),
    ),
)


@st.composite
def letters(draw: st.DrawFn) -> f.LetterFacts:
    """Any letter, now and then a copy."""
    name = draw(NAMES)
    dated = draw(_DAYS)
    return f.LetterFacts(
        number="L-00877",
        dated=dated,
        group_number="104233",
        group_name=name,
        addressee=name,
        address=("77 Ferry Street", "Oakland, CA 94607"),
        plan=f.plan_facts(POLICY, "800-555-0123", draw(st.sampled_from(["", "weekdays 8 to 5"]))),
        about=draw(ABOUTS),
        copies_to=draw(st.sampled_from([(), ("Lakeside Brokers",)])),
        copy_of=draw(st.none() | st.just(COPY.model_copy(update={"dated": dated + timedelta(days=2)}))),
    )
