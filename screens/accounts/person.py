"""What is said of one person of a group: coverage, cards, open cases, and care before the card."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.words import (
    CardCause,
    CardState,
    CareCase,
    MatchState,
    Urgency,
)
from screens.accounts.overview import time_left
from screens.accounts.speaking import KINDS
from screens.widgets.text import fit, hanging, join, lines, plain, short_day, urgent

if TYPE_CHECKING:
    from datetime import date

    from api_client.types.cards import Card, CoverageLine, Person, Relative, Waiting
    from api_client.types.people import Representative, Representatives

_LABEL = 11
_CAUSES = {
    CardCause.ENROLLED: "for the enrollment",
    CardCause.NAME_CHANGED: "for the new name",
    CardCause.PLAN_CHANGED: "for the new plan",
    CardCause.REPRINT: "reprint",
    CardCause.REMAIL: "mailed again after it came back",
}
_STATES = {
    MatchState.QUEUED: "open",
    MatchState.IN_REVIEW: "in review",
    MatchState.WAITING_EMPLOYER: "the employer is asked",
    MatchState.PENDING_APPROVAL: "waits for a second person",
    MatchState.APPLIED: "applied",
    MatchState.RETURNED: "returned",
}
CARE_CASES = {
    CareCase.PUBLIC: "nobody is verified",
    CareCase.ACTIVE: "coverage runs",
    CareCase.FUTURE: "coverage begins later",
    CareCase.QUEUED: "the enrollment is being processed",
    CareCase.REFUSED: "the enrollment was not accepted",
    CareCase.NOTHING: "no coverage is on file",
}


def subject(number: str) -> Content:
    """What the head line says."""
    return join("PERSON  of ", number)


def loading() -> Content:
    """Said until the person is there."""
    return plain(" loading ...")


def not_loaded() -> Content:
    """Said when the person could not be had."""
    return plain(" could not load; F7 tries again")


def gone() -> Content:
    """Said when the person is not there any more."""
    return lines(
        plain(" This person is not in this group any more; an enrollment may have been taken back."),
        plain(" Esc goes back to the members."),
    )


def head(person: Person) -> Content:
    """Who it is, and whether only the own address may be used."""
    number = f"MRN {person.mrn}" if person.mrn else f"no member yet, receipt {person.receipt}"
    who = join((f" {person.name or 'no name'}", "bold"), f"   {number}   {person.relationship}")
    group = plain(f" {person.group_number} {person.group_name}")
    if not person.restricted:
        return lines(who, group)
    return lines(
        who, group, plain(" RESTRICTED: only at the person's own address, nothing to the family", "bold")
    )


# -- what stands below -----------------------------------------------------------------------------


def details(person: Person, speakers: Representatives | None, now: datetime, width: int) -> Content:
    """Card, coverage, family, who may speak for them, open cases."""
    rows = _rows("card", [_card_now(person, now), *_cards(person, now)], width)
    coverage = [_coverage(one, person.group_number) for one in person.coverage]
    rows += _rows("coverage", coverage or [plain("none on file")], width)
    cases = [_case(one, now) for one in person.items]
    rows += _rows("case", cases or [plain("none is open", "$text-muted")], width)
    rows += _rows("family", [_relative(one) for one in person.family], width)
    spoken_for = [_speaker(one, now.date()) for one in speakers.rows] if speakers is not None else []
    rows += _rows("speaks", spoken_for, width)
    return lines(*rows)


def _rows(label: str, texts: list[Content], width: int) -> list[Content]:
    said: list[Content] = []
    for at, text in enumerate(texts):
        beside = fit(plain("" if at else f" {label}", "$text-muted"), _LABEL)
        said += hanging(beside, text, width)
    return said


def _card_now(person: Person, now: datetime) -> Content:
    """How far the newest card has come, in the words a caller asks for."""
    live = [one for one in person.cards if one.state is not CardState.WITHDRAWN]
    if not live:
        return plain("none was ordered here" if person.mrn else "none: nobody is a member yet")
    return join((card_state(live[0], now), "bold"))


def card_state(card: Card, now: datetime) -> str:
    """`mailed 11-16`, `requested, printed from 09:51`."""
    today = now.date()
    if card.state is CardState.MAILED and card.mailed_on:
        return f"mailed {short_day(card.mailed_on, today)}"
    if card.state is CardState.RETURNED and card.returned_on:
        back = f"returned {short_day(card.returned_on, today)}"
        return f"{back}: check the address, then r mails one again"
    if card.state is CardState.PRINTED and card.printed_at:
        return f"printed {_when(card.printed_at, now)}, not mailed yet"
    if card.state is CardState.WITHDRAWN:
        return "withdrawn: printed, not to be mailed" if card.printed_at else "withdrawn, not printed"
    if card.held:
        return f"requested, held: {card.review}"
    if card.print_from > now:
        return f"requested, printed from {_when(card.print_from, now)} on"
    return "requested, to be printed next"


def _cards(person: Person, now: datetime) -> list[Content]:
    return [
        join((one.id, "$text-muted"), f"  {_card(one, now)}", (f"  {one.review}", "$text-warning"))
        if one.review and not one.held
        else join((one.id, "$text-muted"), f"  {_card(one, now)}")
        for one in person.cards
    ]


def _card(card: Card, now: datetime) -> str:
    asked = f", {card.asked_by.value} asked" if card.asked_by else ""
    why = f', "{card.reason}"' if card.reason else ""
    ordered = f"ordered {_when(card.ordered_at, now)} by {card.ordered_by}"
    state = "held" if card.held else card.state.value
    return f"{state:<9}  {_CAUSES[card.cause]}, {ordered}{asked}{why}"


def _when(instant: datetime, now: datetime) -> str:
    """The time of today, else the day."""
    at = instant.astimezone(now.tzinfo)
    return f"{at:%H:%M}" if at.date() == now.date() else short_day(at.date(), now.date())


def _coverage(one: CoverageLine, group: str) -> Content:
    until = f"to {one.ends_on}" if one.ends_on else "no end set"
    elsewhere = "" if one.group_number == group else f"   in {one.group_number} {one.group_name}"
    plan = " ".join(part for part in (one.line, one.level) if part)
    return plain(f"{plan}   from {one.starts_on}, {until}{elsewhere}")


def _relative(one: Relative) -> Content:
    until = f"to {one.coverage_to}" if one.coverage_to else "no end set"
    return plain(f"{one.name or 'no name'}, {one.relationship}   MRN {one.mrn}   {until}")


def _speaker(one: Representative, today: date) -> Content:
    """Who may speak for this person, by which document; loud when today is outside of it."""
    words = join((one.name or "no name", "bold"), f", {KINDS[one.kind]}, by {one.document}")
    if one.valid_to and one.valid_to < today:
        return join(words, (f"   NO LONGER, ended {one.valid_to}", "bold $text-warning"))
    if one.valid_from and one.valid_from > today:
        return join(words, (f"   NOT YET, from {one.valid_from}", "bold $text-warning"))
    return join(words, (f"   until {one.valid_to}" if one.valid_to else "", "$text-muted"))


def _case(one: Waiting, now: datetime) -> Content:
    first = ("  CARE NOW", "bold $text-warning") if one.urgent else ""
    left = urgent(one.urgency, time_left(one.due_at, now)) if one.due_at else urgent(Urgency.PAUSED, "paused")
    return join((one.item, "bold"), f" {one.name}, {one.relationship}, {_STATES[one.state]}  ", left, first)


# -- what to say -----------------------------------------------------------------------------------


def say(person: Person, width: int) -> Content:
    """The sentences: for anybody, for a verified caller, and in an emergency."""
    same = person.say == person.say_anyone
    said = [("SAY" if same else "VERIFIED", plain(f'"{person.say}"'))]
    if not same:
        said.insert(0, ("ANYONE", plain(f'"{person.say_anyone}"')))
    if person.care_offered:
        offer = join("ask: is care needed before it is done?  ", ("j", "bold"), " puts the case first")
        said.append(("OFFER", offer))
    emergency = join(f'"{person.emergency}"', ("  then nothing of coverage", "$text-muted"))
    said.append(("911", emergency))
    room = max(len(label) for label, _ in said) + 1
    return lines(*(row for label, text in said for row in hanging(_label(label, room), text, width)))


def _label(label: str, room: int) -> Content:
    return fit(plain(label, "bold"), room)


def why(person: Person) -> Content:
    """Where the sentence comes from, and what another card takes."""
    rows = [
        plain(f"The sentence to say: {CARE_CASES[person.care]}."),
        plain(
            "Before the card comes, a copy of the enrollment form and a photo ID do. Nobody whose enrollment "
            "waits is told to be covered; in an emergency nothing is said of coverage."
        ),
        plain(
            "A card goes to the subscriber's home or mailing address, a restricted person's to their own, "
            "never to the employer. A new name or plan orders one; a new address does not."
        ),
        plain("j puts the case first in the queue; its 48 hours go on as before."),
    ]
    if person.reprint_refused:
        rows.append(plain(f"Another card: not now. {person.reprint_refused}"))
    elif person.reason_needed:
        rows.append(plain(f"Another card: with a reason. {person.reason_needed}."))
    return lines(*rows)


# -- what is asked and said --------------------------------------------------------------------------


def order_line(person: Person, reason: str) -> Content:
    """The line that Enter confirms: for whom, and why."""
    why_so = f', because "{reason}"' if reason else ""
    return join("order another card for ", (f"MRN {person.mrn} {person.name}", "bold"), why_so)


def ordered(card: Card, now: datetime) -> str:
    """Said after an order: until when `u` takes it back."""
    until = f"; u takes it back until {_when(card.print_from, now)}"
    return f"{card.id} is ordered{until if card.undo_until else ''}."


def undo_line(card: Card) -> Content:
    """The line that Enter confirms."""
    return join("take back: ", (card.id, "bold"), f", {_CAUSES[card.cause]}; it is not printed")


def put_first(one: Waiting) -> str:
    """Said when a case stands first."""
    waits = one.state is MatchState.WAITING_EMPLOYER
    but = " when the employer has answered" if waits else " now"
    return f"{one.item} stands first{but}; its clock goes on. j puts it back."


def back_line(one: Waiting) -> Content:
    """The line that Enter confirms."""
    return join("put ", (one.item, "bold"), " back in its place: care is not needed now")


def case_choice(one: Waiting) -> str:
    """How a case stands in a choice."""
    return f"{one.item} {one.name}, {one.relationship}"


def changed_meanwhile(card: Card, day: date) -> str:
    """Said when an order could not be taken back: how far the card has come."""
    mailed = f" {short_day(card.mailed_on, day)}" if card.mailed_on else ""
    return f"{card.id} is {card.state.value}{mailed} by now. Nothing was taken back."
