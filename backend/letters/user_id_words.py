"""Words of the letters about user IDs: the one that brings ID and code, its notice, and a denial."""

from __future__ import annotations

from dataclasses import dataclass

from api_client.types.user_id_words import DenyReason, LetterPart, UserIdRequestKind
from backend.letters.facts import FactsError, IdDeniedFacts, IdNoticeFacts, LetterFacts, UserIdFacts
from backend.letters.paper import Figure, Section, Words, day, weekday
from backend.letters.premium_words import phone


@dataclass(frozen=True, repr=False)
class Secret:
    """User ID and one-time code: in the memory of the mailing step and on the letter only (R07)."""

    user_id: str
    """Empty where the ID stays as it is: who has it knows it."""
    code: str


_ASKED = {
    UserIdRequestKind.FIRST: "a user ID",
    UserIdRequestKind.RESET: "a new one-time code",
    UserIdRequestKind.REPLACE: "a user ID that takes the place of the old one",
}
_LOST = "It takes the place of an earlier letter, whose code does not work any more. "
_NEVER_ASKED = "We never ask you for it: not by phone, not by e-mail. It is only ever sent by mail."


# -- user ID and code ------------------------------------------------------------------------------


def issued(facts: LetterFacts, about: UserIdFacts, secret: Secret) -> Words:
    """User ID and code, or one of them; nothing else of the group or its members stands beside them (R07).

    Raises FactsError for a letter that was not taken into a mailing: its code has no last day.
    """
    if about.activate_by is None:
        raise FactsError("this letter was not taken into a mailing")
    match about.part:
        case LetterPart.ID:
            return _id_alone(facts, about, secret)
        case LetterPart.CODE:
            return _code_alone(facts, about, secret)
        case LetterPart.BOTH:
            return Words(
                title="Your user ID for the online account service",
                opening=_opening(about, "Here it is."),
                key=(
                    Figure("User ID", secret.user_id),
                    Figure("One-time code", secret.code),
                    Figure("Use it by", weekday(about.activate_by)),
                ),
                sections=_sections(
                    facts, about, "Type the user ID and the one-time code as they stand above."
                ),
            )


def _opening(about: UserIdFacts, here: str) -> tuple[str, ...]:
    lost = _LOST if about.again else ""
    return (
        f"We received your form on {day(about.received_on)}. It asks for {_ASKED[about.asked]} for "
        f"{about.contact}. {lost}{here}",
    )


def _id_alone(facts: LetterFacts, about: UserIdFacts, secret: Secret) -> Words:
    assert about.activate_by is not None
    return Words(
        title="Your user ID for the online account service",
        opening=_opening(about, "Here is the user ID. The one-time code comes in a letter of its own."),
        key=(
            Figure("User ID", secret.user_id),
            Figure("Use it with the code by", weekday(about.activate_by)),
        ),
        sections=(
            Section(
                "What to do now",
                (
                    "Keep this letter until the one with the code is there. You need both to sign in for the "
                    "first time.",
                ),
            ),
            _not_yours(facts, "the code does not come"),
        ),
    )


def _code_alone(facts: LetterFacts, about: UserIdFacts, secret: Secret) -> Words:
    assert about.activate_by is not None
    reset = about.asked is UserIdRequestKind.RESET
    whose = (
        "The user ID stays as it is."
        if reset
        else "Here is the code. The user ID comes in a letter of its own."
    )
    kind_of = "the user ID that you have" if reset else "the user ID from the other letter"
    return Words(
        title="Your one-time code for the online account service",
        opening=_opening(about, whose),
        key=(
            Figure("One-time code", secret.code),
            Figure("Use it by", weekday(about.activate_by)),
        ),
        sections=_sections(facts, about, f"Type {kind_of}, and the one-time code as it stands above."),
    )


def _sections(facts: LetterFacts, about: UserIdFacts, typed: str) -> tuple[Section, ...]:
    assert about.activate_by is not None
    return (
        Section(
            "What to do now",
            (),
            (
                "Open the online account service and choose to sign in for the first time.",
                typed,
                "Choose your own password. The code then no longer works.",
                "Destroy this letter.",
            ),
        ),
        Section(
            "Keep it to yourself",
            (f"The code works a single time, through {day(about.activate_by)}. {_NEVER_ASKED}",),
        ),
        _not_yours(facts, "it no longer works"),
    )


def _not_yours(facts: LetterFacts, fails: str) -> Section:
    return Section(
        "If you did not ask for this",
        (
            f"Do not use it. Call the number on your bill, {phone(facts.plan)}, so that we can block it. "
            f"Call too if {fails} or somebody else has seen it.",
        ),
    )


# -- the notice ------------------------------------------------------------------------------------

_ISSUED = {
    UserIdRequestKind.FIRST: "a user ID and a one-time code for the online account service",
    UserIdRequestKind.RESET: "a new one-time code for a user ID of the online account service",
    UserIdRequestKind.REPLACE: (
        "a user ID and a one-time code for the online account service, in place of an earlier user ID"
    ),
}


def notice(facts: LetterFacts, about: IdNoticeFacts) -> Words:
    """To somebody else of the client: what goes to whom, with neither ID nor code."""
    again = "They take the place of a letter that was lost. " if about.again else ""
    moved = "We write to this address because the one we have for your company changed not long ago."
    return Words(
        title="Somebody at your company gets access to the online account service",
        opening=(
            f"We received a form of {facts.group_name} on {day(about.received_on)}. As it asks, we are "
            f"mailing {_ISSUED[about.asked]} to {about.contact}, at your company's address on record. {again}"
            "Neither stands in this letter.",
            *((moved,) if about.moved else ()),
        ),
        key=(Figure("For whom", about.contact), Figure("Form received on", day(about.received_on))),
        sections=(
            Section("If you know of it", ("You need not do anything.",)),
            Section(
                "If you did not expect it",
                (
                    f"Call the number on your bill at once: {phone(facts.plan)}. We then block the user ID, "
                    "and the code does not work any more.",
                ),
            ),
        ),
    )


# -- a denial --------------------------------------------------------------------------------------

_WHY: dict[DenyReason, tuple[str, str]] = {
    DenyReason.SIGNER_UNKNOWN: (
        "the person who signed it is not on our record as a contract signer of your company",
        "Have the form signed by a contract signer, and fax it again. If your contract signer has changed, "
        "tell us that first: call the number on your bill.",
    ),
    DenyReason.NOT_EMPLOYEE: (
        "the person named on it is not on our record as your employee, your broker or your administrator",
        "Name an employee of your company, or send us the letter of authority of your broker or "
        "administrator, and fax the form again.",
    ),
    DenyReason.ADDRESS_DIFFERS: (
        "the address on it is not the one we have on record, and we mail user IDs to no other",
        "Fax the form again with the address on record. If your company has moved, tell us that first: call "
        "the number on your bill.",
    ),
    DenyReason.GROUP_NOT_ACTIVE: (
        "the coverage of your group is not active",
        "Call the number on your bill to hear how coverage can be given back. Then fax the form again.",
    ),
    DenyReason.ALREADY_ACTIVE: (
        "your company has a user ID with all rights already, and there is one for each company",
        "Ask the person who uses it for a user ID of your own. If the password is lost, or the person has "
        "left, fax the form again and tick a new code, or a user ID in place of another.",
    ),
    DenyReason.FORM_INCOMPLETE: (
        "something that we need is missing on it",
        "Fill in every line, have a contract signer sign it, and fax it again.",
    ),
}
"""Why, and what to do; nothing is written for a duplicate."""


def denied(facts: LetterFacts, about: IdDeniedFacts) -> Words:
    """Why a form was not accepted, and what to do. Raises FactsError for a duplicate: it has no letter."""
    if about.reason not in _WHY:
        raise FactsError("no letter is written for this reason")
    why, then = _WHY[about.reason]
    return Words(
        title="Your request for a user ID",
        opening=(
            f"We received your form on {day(about.received_on)}. It asks for {_ASKED[about.asked]} for "
            f"{about.contact}. We could not accept it: {why}.",
            "No user ID and no code was issued for it.",
        ),
        key=(Figure("Fax the form to", about.fax), Figure("Form received on", day(about.received_on))),
        sections=(
            Section("What to do", (then,)),
            Section(
                "Meanwhile",
                (
                    "Everything that can be done online can be done by phone too: call the number on your "
                    f"bill, {phone(facts.plan)}.",
                ),
            ),
        ),
    )
