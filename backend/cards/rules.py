"""When a card is made and where it goes, who may have another one, and care before it comes. Pure.

The plan's FAQ: cards are mailed to the subscribers' homes on enrollment; before the card comes, a copy of
the enrollment form and a photo ID do [S].
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from api_client.types.words import CardCause, CardState, CareCase
from backend.billing.say import spoken_date
from backend.policy.policy import CardsPolicy
from backend.postal import PostalAddress
from backend.refusal import Refusal, not_allowed, rule_refuses

SUBSCRIBER = "18"
NAME_FIELDS = frozenset({"last_name", "first_name", "middle_name", "suffix"})
"""Fields of a person that stand on the card; a change of the address orders none."""

BY_HAND = frozenset({CardCause.REPRINT, CardCause.REMAIL})
"""Cards a rep orders; all others follow from an enrollment or a change."""

# -- whether a card is made ------------------------------------------------------------------------


@dataclass(frozen=True)
class Covered:
    """Coverage of somebody in a group."""

    line: str
    starts_on: date
    ends_on: date | None = None

    def runs(self, today: date) -> bool:
        """Whether it runs today or will."""
        return self.ends_on is None or self.ends_on >= max(today, self.starts_on)


def card_cause(before: Iterable[Covered], added: Sequence[Covered], today: date) -> CardCause | None:
    """Why new coverage in a group orders a card; None where the card at hand stays right (R01).

    Another line beside one that runs is a change of the plan. The same line that goes on without a day
    between is the coverage the card is of.
    """
    known = list(before)
    new = [one for one in added if one.runs(today) and not any(_goes_on(one, old) for old in known)]
    if not new:
        return None
    running = any(one.runs(today) for one in known)
    return CardCause.PLAN_CHANGED if running else CardCause.ENROLLED


def _goes_on(new: Covered, old: Covered) -> bool:
    return (
        new.line == old.line
        and old.starts_on <= new.starts_on
        and (old.ends_on is None or old.ends_on >= max(old.starts_on, new.starts_on - timedelta(days=1)))
    )


# -- where it goes ---------------------------------------------------------------------------------

EMPLOYERS_MAILING = "the mailing address is the employer's: sent to the residence"
EMPLOYERS_ONLY = "no address but the employer's is on file: ask for the home address"
NO_ADDRESS = "no address is on file: ask for the home address"
NOT_CONFIDENTIAL = "restricted, and no address of the person's own is on file: ask for it"


@dataclass(frozen=True, repr=False)
class Recipient:
    """A person with the addresses on file; never printed."""

    name: str
    residence: PostalAddress
    mailing: PostalAddress


@dataclass(frozen=True, repr=False)
class Destination:
    """Where a card goes, and what somebody must look at; it goes nowhere while `held`."""

    addressee: str
    address: PostalAddress
    review: str = ""

    @property
    def held(self) -> bool:
        """Whether there is no address it may go to."""
        return not self.address.street


NOWHERE = PostalAddress("", "", "", "")


def destination(
    person: Recipient, subscriber: Recipient, group: PostalAddress, *, restricted: bool
) -> Destination:
    """The subscriber's home for everybody of the family, a restricted person's own address; never the
    employer's (R01; 005010X220A1 loops 2100A and 2100C, INS13).
    """
    to = person if restricted else subscriber
    mailing, residence = to.mailing, to.residence
    employers = [one for one in (mailing, residence) if one.same_as(group)]
    if mailing.street and mailing not in employers:
        return Destination(to.name, mailing)
    if residence.street and residence not in employers:
        return Destination(to.name, residence, EMPLOYERS_MAILING if employers else "")
    if restricted and not employers:
        return Destination(to.name, NOWHERE, NOT_CONFIDENTIAL)
    return Destination(to.name, NOWHERE, EMPLOYERS_ONLY if employers else NO_ADDRESS)


def person_name(first: str, middle: str, last: str, suffix: str) -> str:
    """A name as a card and an envelope show it."""
    return " ".join(filter(None, (first.strip(), middle.strip(), last.strip(), suffix.strip())))


# -- another card ----------------------------------------------------------------------------------


@dataclass(frozen=True)
class Ordered:
    """A card that was ordered, as the rules see it."""

    number: str
    state: CardState
    cause: CardCause
    ordered_on: date
    address: PostalAddress
    returned_on: date | None = None


@dataclass(frozen=True)
class Another:
    """Whether another card can be ordered: as what, why not, or why only with a reason."""

    cause: CardCause = CardCause.REPRINT
    refused: str = ""
    reason_needed: str = ""


def another_card(
    cards: Sequence[Ordered], to: Destination, *, covered: bool, today: date, policy: CardsPolicy
) -> Another:
    """Of the cards so far, the newest first; a verified subscriber or a privileged client user asks.

    One reprint within so many days, unless there is a reason. A card that came back is mailed again, to the
    address as it is now; to the very same one only after somebody checked it.
    """
    if not covered:
        return Another(refused="No coverage runs or begins here, so there is no card.")
    live = [one for one in cards if one.state is not CardState.WITHDRAWN]
    waiting = next((one for one in live if one.state is CardState.REQUESTED), None)
    if waiting is not None:
        return Another(refused=f"{waiting.number} is ordered and not printed yet; it comes by itself.")
    if to.held:
        return Another(refused=f"There is nowhere to send it: {to.review}.")
    if live and live[0].state is CardState.RETURNED:
        same = to.address.same_as(live[0].address)
        back = f"{live[0].number} came back from this very address"
        return Another(CardCause.REMAIL, reason_needed=f"{back}: say how it was checked" if same else "")
    last = next((one for one in live if one.cause is CardCause.REPRINT), None)
    if last is not None and today - last.ordered_on < timedelta(days=policy.reprint_days):
        since = f"{last.number} was reprinted on {last.ordered_on}"
        return Another(reason_needed=f"{since}, less than {policy.reprint_days} days ago")
    return Another()


def undo_refused(state: CardState, cause: CardCause, *, mine: bool, in_time: bool) -> Refusal | None:
    """Why this order cannot be taken back by who asks; None when it can."""
    if cause not in BY_HAND:
        return rule_refuses("An enrollment or a change ordered this card; it goes when that is taken back.")
    if state is not CardState.REQUESTED:
        return rule_refuses(f"The card is {state.value} already; there is nothing to take back.")
    if not mine:
        return not_allowed("Only who ordered the card can take it back.")
    if not in_time:
        return not_allowed("The time to take it back is over; the card is printed.")
    return None


# -- the post --------------------------------------------------------------------------------------


_BEFORE = {
    CardState.PRINTED: CardState.REQUESTED,
    CardState.MAILED: CardState.PRINTED,
    CardState.RETURNED: CardState.MAILED,
}
"""The one state from which a card comes into another."""
_WAY = (CardState.REQUESTED, CardState.PRINTED, CardState.MAILED, CardState.RETURNED)


def marks(state: CardState, to: CardState) -> bool:
    """Whether a card comes into this state now; else it was there before."""
    return state is _BEFORE[to]


def mark_refused(state: CardState, to: CardState) -> str:
    """Why a card cannot be marked so; empty when it can, or is so far already."""
    if state is CardState.WITHDRAWN:
        return "it was withdrawn: take it out of what is printed or mailed"
    if to is CardState.MAILED and state is CardState.RETURNED:
        return "it came back already; a rep orders another one"
    if _WAY.index(state) < _WAY.index(_BEFORE[to]):
        return f"it is not {_BEFORE[to].value} yet"
    return ""


# -- care before the card --------------------------------------------------------------------------

PUBLIC = "Before the card comes, use a copy of the enrollment form and a photo ID."
EMERGENCY = "In an emergency, hang up and call 911 now."


@dataclass(frozen=True)
class Sent:
    """An enrollment that made nobody a member: when it came, from when coverage was asked for."""

    received_on: date
    effective: date | None = None


@dataclass(frozen=True)
class CareFacts:
    """What care before the card depends on."""

    today: date
    covered: Sequence[Covered] = ()
    group_ended_on: date | None = None
    """Last covered day of the whole group, whatever the reason."""
    waiting: Sent | None = None
    refused: Sent | None = None
    why_refused: str = ""
    verified: bool = True


@dataclass(frozen=True)
class Care:
    """Where the person stands, the sentence to say, and whether to offer putting the case first."""

    case: CareCase
    sentence: str
    offer_urgent: bool = False


def care(facts: CareFacts) -> Care:
    """What to say to somebody who needs care before the card has come (R02).

    Nobody whose enrollment waits is ever told to be covered. Nothing of it in an emergency: `EMERGENCY`.
    """
    today = facts.today
    if not facts.verified:
        return Care(CareCase.PUBLIC, PUBLIC)
    running = [one for one in facts.covered if one.runs(today) and _before(one, facts.group_ended_on)]
    if any(one.starts_on <= today for one in running) and not _over(facts.group_ended_on, today):
        return Care(CareCase.ACTIVE, PUBLIC)
    if facts.waiting is not None and _soon(facts.waiting, today):
        return _waiting(facts.waiting, today)
    if running and not _over(facts.group_ended_on, today):
        begins = spoken_date(min(one.starts_on for one in running), today)
        then = "From then on, use a copy of the enrollment form and a photo ID until the card comes."
        return Care(CareCase.FUTURE, f"Coverage begins on {begins}. {then}")
    if facts.waiting is not None:
        return _waiting(facts.waiting, today)
    return _nothing_runs(facts)


def _before(one: Covered, group_ended_on: date | None) -> bool:
    return group_ended_on is None or one.starts_on <= group_ended_on


def _over(group_ended_on: date | None, today: date) -> bool:
    return group_ended_on is not None and group_ended_on < today


def _soon(sent: Sent, today: date) -> bool:
    return sent.effective is None or sent.effective <= today


def _waiting(sent: Sent, today: date) -> Care:
    came = f"We received the enrollment on {spoken_date(sent.received_on, today)}, and it is being processed."
    if _soon(sent, today):
        take = "Take a copy of the enrollment form and a photo ID."
        return Care(CareCase.QUEUED, f"{came} {take}", offer_urgent=True)
    assert sent.effective is not None
    return Care(CareCase.QUEUED, f"{came} It asks for a start on {spoken_date(sent.effective, today)}.")


def _nothing_runs(facts: CareFacts) -> Care:
    if facts.refused is not None:
        when = spoken_date(facts.refused.received_on, facts.today)
        why = f": {facts.why_refused}" if facts.why_refused else ""
        ask = "Please ask your employer to send it again."
        return Care(CareCase.REFUSED, f"The enrollment of {when} was not accepted{why}. {ask}")
    ends = [one.ends_on for one in facts.covered if one.ends_on is not None and one.ends_on >= one.starts_on]
    if facts.covered and _over(facts.group_ended_on, facts.today):
        ends.append(facts.group_ended_on or facts.today)
    if ends:
        ended = spoken_date(min(max(ends), facts.group_ended_on or max(ends)), facts.today)
        return Care(CareCase.NOTHING, f"I find no coverage after {ended}; your employer can say more.")
    return Care(CareCase.NOTHING, "I find nothing yet, your employer can say when it was sent.")


_RETURNED = "returned to the employer: "
_TO_SAY = {
    "not_eligible": "the employer has to say whether the person is eligible",
    "wrong_group": "it was sent for another group",
    "incomplete": "something was missing in it",
    "duplicate": "it was sent twice",
    "withdrawn": "the employer withdrew it",
    "no answer": "the employer was asked and did not answer",
}
_OF_THE_EMPLOYER = ("premium", "COBRA", "group ended", "group ends")
"""Words of reasons that are between the plan and the employer."""


def reason_to_say(why: str) -> str:
    """A reason for a refusal as a member may hear it; what is the employer's own business becomes empty."""
    if why.startswith(_RETURNED):
        code = why.removeprefix(_RETURNED)
        return next((words for known, words in _TO_SAY.items() if code.startswith(known)), "")
    return "" if any(word in why for word in _OF_THE_EMPLOYER) else why.rstrip(".")


def undo_until(print_from: datetime, now: datetime, *, mine: bool) -> datetime | None:
    """Until when an order can be taken back by who asks."""
    return print_from if mine and now < print_from else None
