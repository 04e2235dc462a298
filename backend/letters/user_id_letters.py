"""Letters about a user-ID request, for the room that decides it: written and taken back with the decision.

What stands in them is facts only; user ID and code come to the paper where it is printed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

from api_client.types.billing_words import LetterKind
from backend.database.unit import Unit
from backend.letters import store
from backend.letters.facts import FactsError, IdDeniedFacts, IdNoticeFacts, UserIdFacts, read_facts
from backend.letters.ordering import To, saying
from backend.postal import PostalAddress

About = UserIdFacts | IdNoticeFacts | IdDeniedFacts


async def order(unit: Unit, account: Any, request_id: int, to: To, about: About) -> str:
    """Write a letter that waits as long as the decision may easily be taken back; returns its number."""
    number = f"L-{await unit.number('letter'):05d}"
    await store.add(
        unit.connection,
        {
            "number": number,
            "account_id": account.id,
            "request_id": request_id,
            "kind": about.kind,
            "created_on": unit.today,
            **to.columns,
            "facts": saying(unit, account, number, to, about).stored(),
            "print_from": unit.now + timedelta(minutes=unit.policy.user_ids.own_undo_minutes),
        },
    )
    unit.audit("letter.order", "letter", number, account=account.number, kind=about.kind)
    return number


async def take_back(unit: Unit, request_id: int) -> None:
    """Take back whatever of a request is not mailed."""
    for number in await store.take_back_of_request(unit.connection, request_id):
        unit.audit("letter.take_back", "letter", number, reason="decision taken back")


async def waiting(unit: Unit, request_id: int) -> Sequence[Any]:
    """The letters with ID or code of a request that are not mailed, the one with the ID first."""
    return [
        row
        for row in await store.of_request(unit.connection, request_id)
        if row.kind == LetterKind.USER_ID and row.mailed_on is None
    ]


async def denial_mailed(unit: Unit, request_id: int) -> bool:
    """Whether the letter that says why a request was denied is in the mail."""
    rows = await store.of_request(unit.connection, request_id)
    return any(row.kind == LetterKind.ID_DENIED and row.mailed_on is not None for row in rows)


async def user_number(unit: Unit, request_id: int) -> str:
    """The number of the ID that the letters of a request are about; empty where none was ordered."""
    rows = await store.of_request(unit.connection, request_id)
    last = next((row for row in reversed(rows) if row.kind == LetterKind.USER_ID), None)
    return about(last).user if last is not None else ""


def elsewhere(rows: Sequence[Any], account: Any) -> bool:
    """Whether one of these letters is written to an address that is not the one on record any more."""
    record = PostalAddress.of(account)
    written_to = [PostalAddress.of(row) for row in rows]
    return any(one != record and not one.same_as(record) for one in written_to)


def about(row: Any) -> UserIdFacts:
    """What the letter with ID or code in this row is about. Raises FactsError."""
    found = read_facts(row.facts).about
    if not isinstance(found, UserIdFacts):
        raise FactsError("the facts of this letter are not those of a user ID letter")
    return found


async def take_up(unit: Unit, row: Any, activate_by: date) -> None:
    """Have the letter in this row say that it goes today, and the last day of its code."""
    facts = read_facts(row.facts)
    final = about(row).model_copy(update={"activate_by": activate_by})
    dated = facts.model_copy(update={"dated": unit.today, "about": final})
    await store.change(unit.connection, row.id, {"facts": dated.stored(), "paper_sha256": ""})


async def issued(unit: Unit, row: Any, sha256: str) -> None:
    """Keep the digest of the paper with ID or code that may be mailed, and of no other."""
    await store.change(unit.connection, row.id, {"paper_sha256": sha256})
