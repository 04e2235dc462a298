"""Looking for a person by hand from a case, when the right one is not among the candidates."""

from __future__ import annotations

from typing import Any

from api_client.types.common import Page
from api_client.types.matching import Candidate, HandSearch
from api_client.types.problems import ProblemType
from backend.accounts.members import ssn_digest
from backend.database.unit import Unit
from backend.matching import candidates, hand_store, normalise, service, view
from backend.problems import Problem

MOST_FOUND = 20


async def search(unit: Unit, number: str, token: str, what: HandSearch) -> Page[Candidate]:
    """Members on file who have all of it, compared with the enrollee as the candidates are, best first.

    What was looked for is audited as its kinds and a keyed hash. Raises LEASE_LOST, INVALID.
    """
    item = await service.item_of(unit, number)
    await service.require_claim(unit, item, token)
    terms = _terms(unit, what)
    digest = unit.keys.digest_of("search", "\0".join(str(value) for value in terms.values()))[:16]
    unit.audit("matching.search", "match_item", number, by=sorted(terms), terms=digest)
    rows = await hand_store.search_members(unit.connection, **terms)
    case = await view.context_of(unit, item)
    found = await candidates.gather(unit, case.enrollment)
    known = frozenset(one.mrn for one in found.shown)
    wider = candidates.with_more(unit, found, rows)
    hits = {row.mrn for row in rows}
    best = [one for one in wider.ranked if one.mrn in hits][:MOST_FOUND]
    return Page(rows=await candidates.shown(unit, wider, best, by_hand=frozenset(hits - known)))


def _terms(unit: Unit, what: HandSearch) -> dict[str, Any]:
    """What to look for by kind. Raises INVALID for nothing, too little, or what cannot be an SSN."""
    terms: dict[str, Any] = {}
    if what.name:
        words = normalise.words(what.name)
        if not words or all(len(word) < hand_store.LEAST_LETTERS for word in words):
            raise _invalid("name", f"needs a word of at least {hand_store.LEAST_LETTERS} letters")
        terms["words"] = words
    if what.birth_date is not None:
        terms["birth_date"] = what.birth_date
    if what.ssn:
        digits = normalise.ssn(what.ssn)
        if not digits:
            raise _invalid("ssn", "has not the nine digits of an SSN")
        terms["ssn_digest"] = ssn_digest(unit, digits)
    if what.mrn:
        terms["mrn"] = what.mrn
    if not terms:
        raise _invalid("name", "is missing, and so is everything else")
    return terms


def _invalid(field: str, message: str) -> Problem:
    return Problem(
        ProblemType.INVALID, f"Nothing was looked for: the {field} {message}.", errors=[(field, message)]
    )
