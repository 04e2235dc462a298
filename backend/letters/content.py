"""From the facts of a letter to what stands on its pages. Pure; the words are our own."""

from __future__ import annotations

from api_client.types.letters import LetterFigure, LetterText
from backend.letters import premium_words, request_words, user_id_words
from backend.letters.facts import (
    CardFacts,
    CobraFacts,
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
)
from backend.letters.paper import Letterhead, Paper, Words, day
from backend.letters.user_id_words import Secret

__all__ = ["Secret", "paper_of", "text_of"]


class SecretError(ValueError):
    """User ID and code belong to a user ID letter, and to no other."""


def paper_of(facts: LetterFacts, secret: Secret | None = None) -> Paper:
    """What stands on the pages of a letter.

    `secret` is given for a user ID letter, when it is printed, and for no other: SecretError otherwise.
    """
    alone = isinstance(facts.about, UserIdFacts)
    if alone != (secret is not None):
        raise SecretError("user ID and code belong to a user ID letter, and to no other")
    words = _words(facts, secret)
    plan = facts.plan
    copy = facts.copy_of
    return Paper(
        number=copy.number if copy else facts.number,
        dated=copy.dated if copy else facts.dated,
        title=words.title,
        letterhead=Letterhead(plan.name, plan.return_address, plan.phone, plan.hours),
        addressee=(copy.addressee, *copy.address) if copy else (facts.addressee, *facts.address),
        # Nothing that tells whose code it is stands beside one.
        group="" if alone else facts.group_number,
        opening=words.opening,
        copied=_copied(facts),
        key=words.key,
        account_title=words.account_title,
        account=words.account,
        sections=words.sections,
        form=words.form,
        card=words.card,
        copies=f"Copy to: {', '.join(facts.copies_to)}" if facts.copies_to else "",
        law=words.law,
    )


def text_of(paper: Paper) -> LetterText:
    """A letter as it reads on the screen."""
    return LetterText(
        id=paper.number,
        title=paper.title,
        addressee=list(paper.addressee),
        dated=paper.dated,
        paragraphs=list(paper.paragraphs),
        figures=[LetterFigure(label=one.label, value=one.value) for one in paper.figures],
    )


def _copied(facts: LetterFacts) -> tuple[str, ...]:
    copy = facts.copy_of
    if copy is None:
        return ()
    whose = " You get it as broker of record." if copy.to_broker else ""
    said = f"Copy of the letter {facts.number} of {day(facts.dated)} to {facts.addressee}.{whose}"
    return (said, "It says what the letter said on its date; “today” is that date.")


def _words(facts: LetterFacts, secret: Secret | None) -> Words:
    match facts.about:
        case WarningFacts() as about:
            return premium_words.warning(facts, about)
        case SubscriberFacts() as about:
            return premium_words.subscriber(facts, about)
        case TerminationFacts() as about:
            return premium_words.termination(facts, about)
        case EndFacts() as about:
            return premium_words.end(facts, about)
        case ReinstatementFacts() as about:
            return premium_words.reinstatement(facts, about)
        case ReturnedFacts() as about:
            return premium_words.returned(facts, about)
        case CardFacts() as about:
            return request_words.card(facts, about)
        case RequestFormFacts() as about:
            return request_words.request_form(facts, about)
        case CobraFacts() as about:
            return request_words.cobra(facts, about)
        case EnrollmentFacts() as about:
            return request_words.enrollment(facts, about)
        case UserIdFacts() as about:
            assert secret is not None
            return user_id_words.issued(facts, about, secret)
        case IdNoticeFacts() as about:
            return user_id_words.notice(facts, about)
        case IdDeniedFacts() as about:
            return user_id_words.denied(facts, about)
