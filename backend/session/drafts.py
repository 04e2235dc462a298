"""What a rep is writing and has not saved: kept for them alone, gone when it is saved or thrown away.

The text is personal data and nobody's act yet: it stands in no log, event or audit row.
"""

from __future__ import annotations

import re

from api_client.types.problems import ProblemType
from api_client.types.session import Draft
from backend.database.unit import Unit
from backend.problems import Problem
from backend.session import store

_SUBJECT = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ._-]{0,63}")


async def show(unit: Unit, subject: str) -> Draft:
    """The rep's own draft about a subject such as `M-20418 note`. Raises INVALID for what is no subject."""
    row = await store.draft(unit.connection, _rep(unit), _checked(subject))
    return Draft(subject=subject, text=row.text if row else "", at=row.at if row else None)


async def keep(unit: Unit, subject: str, text: str) -> None:
    """Keep the text in place of the one before; with an empty one nothing is left. Raises INVALID."""
    _checked(subject)
    if text:
        await store.put_draft(unit.connection, _rep(unit), subject, text, unit.now)
    else:
        await store.remove_draft(unit.connection, _rep(unit), subject)


def _checked(subject: str) -> str:
    if not _SUBJECT.fullmatch(subject):
        raise Problem(
            ProblemType.INVALID,
            "A draft is about something such as M-20418 note: letters, digits and spaces.",
        )
    return subject


def _rep(unit: Unit) -> int:
    assert unit.actor.rep_id is not None
    return unit.actor.rep_id
