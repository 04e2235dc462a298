"""A letter read again: on the screen as text, or as the pages that went out. Both from its stored facts."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from api_client.types.billing_words import LetterKind
from api_client.types.call_words import Fact
from api_client.types.letters import LetterText
from api_client.types.problems import ProblemType
from backend.accounts import members
from backend.accounts import service as accounts
from backend.calls import gate
from backend.database.unit import Unit
from backend.letters import content, store
from backend.letters.facts import FactsError, LetterFacts, read_facts
from backend.letters.paper import Paper
from backend.problems import Problem, not_found

_ABOUT_A_PERSON = frozenset(
    {LetterKind.L1_SUBSCRIBER, LetterKind.COBRA_PACKET, LetterKind.ENROLLMENT_RETURNED}
)
_ABOUT_IDS = frozenset({LetterKind.ID_NOTICE, LetterKind.ID_DENIED})
_NEVER_SHOWN = (
    "A user ID letter is never shown: ID and code leave by mail only. The list says when it was mailed; "
    "a lost one is issued anew."
)
_NO_CALL = "This letter is about a person; it opens with a caller on the line who may hear of them."
_MASKED = "address masked"


async def text(unit: Unit, number: str) -> LetterText:
    """A letter as it reads. Raises NOT_FOUND, NOT_VERIFIED, RULE_REFUSES."""
    return content.text_of(await _paper(unit, number, "text"))


async def pages(unit: Unit, number: str) -> Paper:
    """What is to be printed of a letter. Raises NOT_FOUND, NOT_VERIFIED, RULE_REFUSES."""
    return await _paper(unit, number, "pdf")


async def _paper(unit: Unit, number: str, how: str) -> Paper:
    row = await store.by_number(unit.connection, number)
    if row is None:
        raise not_found("letter", number)
    account = await accounts.account_by_id(unit, row.account_id)
    kind = LetterKind(row.kind)
    masked = False
    if kind in _ABOUT_A_PERSON:
        masked = await _masked(unit, account, row)
    else:
        await gate.require(unit, Fact.USER_IDS if kind in _ABOUT_IDS else Fact.LETTERS, account)
    unit.audit("letter.read", "letter", number, account=account.number, kind=kind, how=how)
    if kind is LetterKind.USER_ID:
        raise Problem(ProblemType.RULE_REFUSES, _NEVER_SHOWN, keep=True)
    paper = content.paper_of(_facts(row))
    return replace(paper, addressee=(paper.addressee[0], _MASKED)) if masked else paper


async def _masked(unit: Unit, account: Any, row: Any) -> bool:
    """Whether a letter about a person is shown without the address: to who is not that very person.

    Raises NOT_VERIFIED: without a caller people stay masked, and a letter names them all through; of who
    asked for it (INS13) nobody else hears.
    """
    if await gate.on_line(unit) is None:
        unit.audit("call.locked", "letter", row.number, what="no call")
        raise Problem(ProblemType.NOT_VERIFIED, _NO_CALL, keep=True)
    person = None if row.member_id is None else await members.locked(unit, row.member_id)
    if person is not None and Fact.PERSON in await gate.heard(unit, account, member=person):
        await gate.require(unit, Fact.PERSON, account, member=person)
        return False
    if person is not None and person.restricted:
        await gate.require(unit, Fact.PERSON, account, member=person)
    await gate.require(unit, Fact.LETTERS, account)
    heard = await gate.heard(unit, account)
    packet = row.kind == LetterKind.COBRA_PACKET and Fact.COBRA in heard
    await gate.require(unit, Fact.COBRA if packet else Fact.MEMBERS, account)
    return row.member_id is not None


def _facts(row: Any) -> LetterFacts:
    try:
        return read_facts(row.facts)
    except FactsError:  # written by an older program, which kept no facts
        raise Problem(
            ProblemType.RULE_REFUSES,
            f"What {row.number} says is not on record in a form that can be read here. Tell its date and "
            "figures from the list; letters written from now on can be read.",
            keep=True,
        ) from None
