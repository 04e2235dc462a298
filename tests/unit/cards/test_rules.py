"""Who gets a card, where it goes, who gets another one (R01), and care before it comes (R02)."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest

from api_client.types.problems import ProblemType
from api_client.types.words import CardCause, CardState, CareCase
from backend.cards import rules
from backend.cards.rules import CareFacts, Covered, Destination, Ordered, Recipient, Sent
from backend.policy.policy import load_policy
from backend.postal import PostalAddress

TODAY = date(2026, 11, 20)
POLICY = load_policy().cards
D = date.fromisoformat


# -- R01: whether a card is made -------------------------------------------------------------------


@pytest.mark.parametrize(
    ("before", "added", "cause"),
    [
        ([], [Covered("HMO", D("2026-12-01"))], CardCause.ENROLLED),
        ([], [Covered("HMO", D("2026-12-01")), Covered("DEN", D("2026-12-01"))], CardCause.ENROLLED),
        ([], [], None),  # an add for an active member changes nothing
        ([Covered("HMO", D("2025-01-01"))], [Covered("DEN", D("2026-12-01"))], CardCause.PLAN_CHANGED),
        (
            [Covered("HMO", D("2025-01-01"), D("2026-11-30"))],
            [Covered("PPO", D("2026-12-01"))],
            CardCause.PLAN_CHANGED,
        ),
        # without a day between, the card at hand stays right
        ([Covered("HMO", D("2025-01-01"), D("2026-11-30"))], [Covered("HMO", D("2026-12-01"))], None),
        # with a gap it is a new enrollment
        (
            [Covered("HMO", D("2025-01-01"), D("2026-08-31"))],
            [Covered("HMO", D("2026-12-01"))],
            CardCause.ENROLLED,
        ),
        # what never began, or ended before today, is no coverage to make a card of
        ([], [Covered("HMO", D("2026-12-01"), D("2026-11-30"))], None),
        ([], [Covered("HMO", D("2026-01-01"), D("2026-11-19"))], None),
        ([], [Covered("HMO", D("2026-01-01"), TODAY)], CardCause.ENROLLED),
    ],
)
def test_r01_new_coverage_orders_a_card(
    before: list[Covered], added: list[Covered], cause: CardCause | None
) -> None:
    assert rules.card_cause(before, added, TODAY) is cause


# -- R01: where it goes ----------------------------------------------------------------------------

HOME = PostalAddress("14 Elm St", "Oakland", "CA", "94612")
BOX = PostalAddress("PO Box 7", "Oakland", "CA", "94604")
OWN = PostalAddress("9 Bay Ave", "Fresno", "CA", "93701")
WORK = PostalAddress("1 Harbor Boulevard", "Oakland", "CA", "94606")
WORK_TOO = PostalAddress("1 HARBOR BLVD", "OAKLAND", "CA", "94606-1234")
NONE = rules.NOWHERE


def at(residence: PostalAddress, mailing: PostalAddress = NONE, name: str = "Wilma Reed") -> Recipient:
    return Recipient(name, residence, mailing)


@pytest.mark.parametrize(
    ("subscriber", "address", "review"),
    [
        (at(HOME), HOME, ""),
        (at(HOME, BOX), BOX, ""),
        (at(HOME, WORK_TOO), HOME, rules.EMPLOYERS_MAILING),
        (at(WORK, BOX), BOX, ""),
        (at(WORK, WORK_TOO), NONE, rules.EMPLOYERS_ONLY),
        (at(NONE, WORK), NONE, rules.EMPLOYERS_ONLY),
        (at(WORK), NONE, rules.EMPLOYERS_ONLY),
        (at(NONE), NONE, rules.NO_ADDRESS),
    ],
)
def test_r01_a_card_goes_to_the_subscribers_home_and_never_to_the_employer(
    subscriber: Recipient, address: PostalAddress, review: str
) -> None:
    child = at(OWN, name="Timo Reed")
    found = rules.destination(child, subscriber, WORK, restricted=False)
    assert (found.addressee, found.address, found.review) == ("Wilma Reed", address, review)
    assert found.held is (address is NONE)


@pytest.mark.parametrize(
    ("person", "address", "review"),
    [
        (at(OWN, name="Timo Reed"), OWN, ""),
        (at(OWN, BOX, "Timo Reed"), BOX, ""),
        (at(OWN, WORK, "Timo Reed"), OWN, rules.EMPLOYERS_MAILING),
        (at(NONE, name="Timo Reed"), NONE, rules.NOT_CONFIDENTIAL),
        (at(WORK, name="Timo Reed"), NONE, rules.EMPLOYERS_ONLY),
    ],
)
def test_r01_a_restricted_person_has_it_at_their_own_address_or_not_at_all(
    person: Recipient, address: PostalAddress, review: str
) -> None:
    found = rules.destination(person, at(HOME), WORK, restricted=True)
    assert (found.addressee, found.address, found.review) == ("Timo Reed", address, review)


# -- another card ----------------------------------------------------------------------------------

THERE = Destination("Wilma Reed", HOME)


def card(
    state: CardState = CardState.MAILED, cause: CardCause = CardCause.ENROLLED, ago: int = 40
) -> Ordered:
    return Ordered("CD-00007", state, cause, TODAY - timedelta(days=ago), HOME)


RECENT = "CD-00007 was reprinted on 2026-11-11, less than 10 days ago"
BACK = "CD-00007 came back from this very address: say how it was checked"


@pytest.mark.parametrize(
    ("cards", "to", "cause", "refused", "reason"),
    [
        ([], THERE, CardCause.REPRINT, "", ""),  # who was on file before has a card of the old kind
        ([card()], THERE, CardCause.REPRINT, "", ""),
        ([card(cause=CardCause.REPRINT, ago=9)], THERE, CardCause.REPRINT, "", RECENT),
        ([card(cause=CardCause.REPRINT, ago=10)], THERE, CardCause.REPRINT, "", ""),
        ([card(CardState.WITHDRAWN, CardCause.REPRINT, 1)], THERE, CardCause.REPRINT, "", ""),
        ([card(CardState.REQUESTED)], THERE, None, "CD-00007 is ordered and not printed yet", ""),
        ([card(CardState.RETURNED)], THERE, CardCause.REMAIL, "", BACK),
        ([card(CardState.RETURNED)], Destination("Wilma Reed", OWN), CardCause.REMAIL, "", ""),
        ([card()], Destination("", NONE, rules.NO_ADDRESS), None, "There is nowhere to send it", ""),
    ],
)
def test_another_card_once_in_ten_days_unless_there_is_a_reason(
    cards: list[Ordered], to: Destination, cause: CardCause | None, refused: str, reason: str
) -> None:
    found = rules.another_card(cards, to, covered=True, today=TODAY, policy=POLICY)
    assert found.refused.startswith(refused)
    assert bool(found.refused) is bool(refused)
    assert found.reason_needed == reason
    assert cause is None or found.cause is cause


def test_without_coverage_there_is_no_card() -> None:
    found = rules.another_card([], THERE, covered=False, today=TODAY, policy=POLICY)
    assert found.refused == "No coverage runs or begins here, so there is no card."


@pytest.mark.parametrize(
    ("state", "cause", "mine", "in_time", "refused"),
    [
        (CardState.REQUESTED, CardCause.REPRINT, True, True, None),
        (CardState.REQUESTED, CardCause.REMAIL, True, True, None),
        (CardState.REQUESTED, CardCause.REPRINT, False, True, ProblemType.NOT_ALLOWED),
        (CardState.REQUESTED, CardCause.REPRINT, True, False, ProblemType.NOT_ALLOWED),
        (CardState.PRINTED, CardCause.REPRINT, True, True, ProblemType.RULE_REFUSES),
        (CardState.REQUESTED, CardCause.ENROLLED, True, True, ProblemType.RULE_REFUSES),
    ],
)
def test_who_ordered_a_card_takes_it_back_before_it_is_printed(
    state: CardState, cause: CardCause, mine: bool, in_time: bool, refused: ProblemType | None
) -> None:
    found = rules.undo_refused(state, cause, mine=mine, in_time=in_time)
    assert (found.type if found else None) is refused


@pytest.mark.parametrize(
    ("to", "now", "before", "not_yet"),
    [
        (CardState.PRINTED, "requested", "printed mailed returned", ""),
        (CardState.MAILED, "printed", "mailed", "requested"),
        (CardState.RETURNED, "mailed", "returned", "requested printed"),
    ],
)
def test_a_card_goes_from_state_to_state_and_twice_changes_nothing(
    to: CardState, now: str, before: str, not_yet: str
) -> None:
    def refused(state: str) -> str:
        return rules.mark_refused(CardState(state), to)

    assert [state for state in CardState if rules.marks(state, to)] == [CardState(now)]
    assert not any(map(refused, (now, *before.split())))
    assert all(map(refused, not_yet.split()))
    assert refused("withdrawn") == "it was withdrawn: take it out of what is printed or mailed"


# -- R02: care before the card ---------------------------------------------------------------------

FORM = "a copy of the enrollment form and a photo ID"
RUNS = Covered("HMO", D("2026-11-01"))
AHEAD = Covered("HMO", D("2026-12-01"))
SENT = Sent(D("2026-11-18"), D("2026-11-01"))
FACTS = CareFacts(TODAY)


@pytest.mark.parametrize(
    ("facts", "case", "sentence", "urgent"),
    [
        (
            replace(FACTS, verified=False, covered=[RUNS]),
            CareCase.PUBLIC,
            f"Before the card comes, use {FORM}.",
            False,
        ),
        (replace(FACTS, covered=[RUNS]), CareCase.ACTIVE, f"Before the card comes, use {FORM}.", False),
        (
            replace(FACTS, covered=[AHEAD]),
            CareCase.FUTURE,
            f"Coverage begins on December 1. From then on, use {FORM} until the card comes.",
            False,
        ),
        (
            replace(FACTS, waiting=SENT),
            CareCase.QUEUED,
            f"We received the enrollment on November 18, and it is being processed. Take {FORM}.",
            True,
        ),
        (
            replace(FACTS, waiting=replace(SENT, effective=TODAY)),
            CareCase.QUEUED,
            f"We received the enrollment on November 18, and it is being processed. Take {FORM}.",
            True,
        ),
        (  # nothing is due to begin yet, so nothing is offered
            replace(FACTS, waiting=replace(SENT, effective=D("2027-01-01"))),
            CareCase.QUEUED,
            "We received the enrollment on November 18, and it is being processed. "
            "It asks for a start on January 1, 2027.",
            False,
        ),
        (
            replace(FACTS, refused=SENT, why_refused="something was missing in it"),
            CareCase.REFUSED,
            "The enrollment of November 18 was not accepted: something was missing in it. "
            "Please ask your employer to send it again.",
            False,
        ),
        (
            FACTS,
            CareCase.NOTHING,
            "I find nothing yet, your employer can say when it was sent.",
            False,
        ),
        # coverage that ended is no coverage, whoever ended it
        (
            replace(FACTS, covered=[replace(RUNS, ends_on=D("2026-11-19"))]),
            CareCase.NOTHING,
            "I find no coverage after November 19; your employer can say more.",
            False,
        ),
        (
            replace(FACTS, covered=[RUNS], group_ended_on=D("2026-11-10")),
            CareCase.NOTHING,
            "I find no coverage after November 10; your employer can say more.",
            False,
        ),
        (replace(FACTS, covered=[RUNS], group_ended_on=TODAY), CareCase.ACTIVE, rules.PUBLIC, False),
        # somebody whose old coverage ended and whose new enrollment waits
        (
            replace(FACTS, covered=[replace(RUNS, ends_on=D("2026-11-19"))], waiting=SENT),
            CareCase.QUEUED,
            f"We received the enrollment on November 18, and it is being processed. Take {FORM}.",
            True,
        ),
    ],
)
def test_r02_what_to_say_of_care_before_the_card(
    facts: CareFacts, case: CareCase, sentence: str, urgent: bool
) -> None:
    found = rules.care(facts)
    assert (found.case, found.sentence, found.offer_urgent) == (case, sentence, urgent)
    if case in (CareCase.QUEUED, CareCase.REFUSED):
        assert "cover" not in found.sentence.casefold()


def test_r02_an_emergency_is_911_and_nothing_of_coverage() -> None:
    assert "911" in rules.EMERGENCY
    assert "cover" not in rules.EMERGENCY.casefold()


@pytest.mark.parametrize(
    ("why", "said"),
    [
        ("returned to the employer: incomplete", "something was missing in it"),
        ("returned to the employer: no answer by 2026-11-30", "the employer was asked and did not answer"),
        ("the birth date lies in the future", "the birth date lies in the future"),
        ("the group's coverage ended because premium was not paid", ""),
        ("COBRA cannot be done online, because the plan bills it. I can take it here.", ""),
    ],
)
def test_r02_a_reason_is_said_but_nothing_of_the_employers_own_business(why: str, said: str) -> None:
    assert rules.reason_to_say(why) == said
