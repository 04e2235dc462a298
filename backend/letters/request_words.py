"""Words of the letters that go on request or with something. Every figure and date is from the facts."""

from __future__ import annotations

from api_client.types.words import RejectReason
from backend.letters.facts import (
    CardFacts,
    CobraFacts,
    EnrollmentFacts,
    LetterFacts,
    RequestFormFacts,
)
from backend.letters.paper import Field, Figure, Form, Section, Words, day, money, weekday
from backend.letters.premium_words import phone


def card(facts: LetterFacts, about: CardFacts) -> Words:
    """What a member card is attached to (R01)."""
    return Words(
        title="Your member ID card",
        opening=(
            f"Here is the ID card of {about.name}. Please check that the name is right, and carry the card "
            "with you.",
        ),
        key=(
            Figure("Name", about.name),
            Figure("Member number", about.member_number),
            Figure("Covered from", weekday(about.coverage_start)),
        ),
        sections=(
            Section(
                "How to use it",
                (),
                (
                    "Show the card with a photo ID whenever you go for care.",
                    "Keep the member number at hand when you call.",
                    "Older cards can be destroyed.",
                ),
            ),
            Section(
                "If something is wrong",
                (
                    f"If the name is wrong or the card is lost, call {phone(facts.plan)}. If you have left "
                    f"{facts.group_name}, the card is no longer good.",
                ),
            ),
        ),
        card=True,
    )


def request_form(facts: LetterFacts, about: RequestFormFacts) -> Words:
    """The user-ID request form (R05, R06), with the group filled in where the facts name one; no tax number
    stands on it.
    """
    filled = bool(facts.group_number)
    asked_for = "Here is the form you asked for. " if filled else ""
    known = " What we know of your group is filled in." if filled else ""
    return Words(
        title="Request form for a user ID",
        opening=(
            f"{asked_for}With a user ID, your company looks after its members and its bill online. The "
            "service is free of charge.",
        ),
        key=(Figure("Fax the form to", about.fax),),
        sections=(
            Section(
                "What to do",
                (),
                (
                    f"Fill in the form on the next page.{known}",
                    "Have it signed by the person who signs the contract for your company.",
                    f"Fax the form to {about.fax}. Please send no other page.",
                ),
            ),
            Section(
                "What happens then",
                (
                    f"User ID and one-time code come by mail within {about.arrive_days} business days after "
                    "we receive the fax. For your safety we mail them to your company only, at the address "
                    f"{'on the form' if filled else 'we have on record'}. We never give them by phone, fax "
                    "or e-mail.",
                ),
            ),
            Section("Questions", (f"Call the number on your bill: {phone(facts.plan)}.",)),
        ),
        form=_request_page(facts, about),
    )


def _request_page(facts: LetterFacts, about: RequestFormFacts) -> Form:
    return Form(
        title="User-ID request form",
        intro=(
            "Please print. The user ID is for an employee of the company, or for a broker or "
            "administrator whose letter of authority we have on file."
        ),
        fields=(
            Field("Group number", facts.group_number),
            Field("Company", facts.group_name),
            Field("Address on record", ", ".join(about.group_address)),
            Field(
                "What you need",
                choices=("first user ID", "new code for a user ID", "user ID in place of another"),
            ),
            Field("Who will use it: name"),
            Field("Job title"),
            Field("Work phone"),
            Field("This person is", choices=("our employee", "our broker", "our administrator")),
            Field("Contract signer: name"),
            Field("Contract signer: signature"),
            Field("Date"),
        ),
        send=f"Fax to {about.fax}",
    )


def cobra(facts: LetterFacts, about: CobraFacts) -> Words:
    """Cal-COBRA: what can be elected, by when, for how long and at what price (H&S 1366.20 and following)."""
    return Words(
        title="Cal-COBRA: you can keep your health coverage",
        opening=(
            f"The coverage of {about.member_name} through {facts.group_name} ends, or ended, on "
            f"{day(about.coverage_end)}. Under California law you can keep it and pay for it yourself. "
            "This is called Cal-COBRA. Each covered family member can choose alone.",
        ),
        key=(
            Figure("Last day of coverage through the group", weekday(about.coverage_end)),
            Figure("Last day to send the election form", weekday(about.elect_by)),
            *(() if about.monthly is None else (Figure("Price a month now", money(about.monthly)),)),
        ),
        sections=_cobra_sections(facts, about),
        form=_election_page(facts, about),
        law="Law: Health and Safety Code, sections 1366.20 and following (Cal-COBRA).",
    )


def _cobra_sections(facts: LetterFacts, about: CobraFacts) -> tuple[Section, ...]:
    elect_by = day(about.elect_by)
    return (
        Section(
            "How to elect",
            (),
            (
                "Fill in and sign the form on the next page.",
                f"Mail or bring it to {', '.join(about.send_to)}. It must be sent by {elect_by}.",
                f"You have {about.elect_days} days from this letter or from the last day of coverage, "
                "whichever is later. After that the right is lost (Health and Safety Code 1366.24).",
            ),
        ),
        _what_it_costs(facts, about),
        Section(
            "How long it lasts",
            (
                f"Up to {about.months} months from the day coverage would have ended (Health and Safety Code "
                "1366.27). It ends earlier if premium is not paid, if you get other group coverage or "
                "Medicare, if you move out of the plan's area, or if the employer no longer has a "
                "group plan with us.",
            ),
        ),
        Section(
            "Before you decide",
            (
                "You may pay less elsewhere: ask about coverage of your own and about financial help. "
                f"Questions: {phone(facts.plan)}.",
            ),
        ),
    )


def _what_it_costs(facts: LetterFacts, about: CobraFacts) -> Section:
    cost = (
        f"It costs {money(about.monthly)} a month now."
        if about.monthly is not None
        else f"Call us at {phone(facts.plan)} to hear what it costs."
    )
    return Section(
        "What it costs",
        (
            f"At the most {about.percent} percent of the group's rate (Health and Safety Code 1366.26). "
            f"{cost}",
            f"The first premium is due within {about.first_premium_days} days after you send the "
            "form. It must pay for all months since coverage through the group ended. "
            "Later premium is due each month.",
        ),
    )


def _election_page(facts: LetterFacts, about: CobraFacts) -> Form:
    return Form(
        title="Cal-COBRA election form",
        intro="Please print, sign, and send this page only.",
        fields=(
            Field("Name", about.member_name),
            Field("Through the employer", facts.group_name),
            Field("Last day of coverage", day(about.coverage_end)),
            Field("I elect Cal-COBRA for", choices=("me", "my spouse or partner", "my children")),
            Field("Names and birth dates of who elects"),
            Field("Other names and birth dates"),
            Field("Address, if it has changed"),
            Field("Phone"),
            Field("Signature"),
            Field("Date"),
        ),
        send=f"Send by {day(about.elect_by)} to {', '.join(about.send_to)}",
    )


_RETURNED_FOR = {
    RejectReason.NOT_ELIGIBLE: (
        "this person is not eligible for coverage through your group",
        "If that has changed, send the enrollment again with the day it changed.",
    ),
    RejectReason.WRONG_GROUP: (
        "the enrollment names another group than the one this person belongs to",
        "Check the group number and send it again.",
    ),
    RejectReason.INCOMPLETE: (
        "something that we need is missing",
        "Call us to hear what is missing, complete it and send it again.",
    ),
    RejectReason.DUPLICATE: (
        "we have this enrollment already",
        "You need not do anything. Call us if you meant a change.",
    ),
    RejectReason.WITHDRAWN: (
        "it was withdrawn",
        "You need not do anything. Call us if it was not you who withdrew it.",
    ),
}


def enrollment(facts: LetterFacts, about: EnrollmentFacts) -> Words:
    """Why an enrollment was not taken, and what to do."""
    why, then = _RETURNED_FOR[about.reason]
    return Words(
        title="An enrollment comes back to you",
        opening=(
            f"On {day(about.received_on)} we received your enrollment of {about.person}. We could not accept "
            f"it: {why}.",
            "There is no coverage from it.",
        ),
        key=(Figure("Receipt", about.receipt), Figure("Received on", day(about.received_on))),
        sections=(
            Section("What to do", (then, f"Please name receipt {about.receipt} when you call or write.")),
            Section("Questions", (f"Call the number on your bill: {phone(facts.plan)}.",)),
        ),
    )
