"""The picture of a faxed form: kept sealed with its request, and shown to whoever may see the request.

What is kept is never the file as it came (see `flatten`), only its digest, by which the same form is known
again. A new page does not take the place of the old one: the newest is shown, all of them stay.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from api_client.types.problems import ProblemType
from api_client.types.user_id_words import UserIdRequestState
from api_client.types.user_ids import UserIdRequest
from api_client.types.words import EventKind
from backend.database.unit import Unit
from backend.http import as_json
from backend.keys import Keys
from backend.problems import Problem
from backend.refusal import Refusal, rule_refuses
from backend.user_ids import moves, page_store, store
from backend.user_ids.flatten import Flat


@dataclass(frozen=True, repr=False)
class Sealed:
    """A picture as it lies in the store, and the place at which alone it opens."""

    content: bytes
    place: str

    def opened(self, keys: Keys) -> bytes:
        """The PDF."""
        return keys.open_part(self.content, self.place)


def keep_refused(state: UserIdRequestState) -> Refusal | None:
    """Why no page is kept with a request: it is decided, or one of two persons approved it as it is."""
    if state in (UserIdRequestState.RECEIVED, UserIdRequestState.INCOMPLETE):
        return None
    if state is UserIdRequestState.VERIFYING:
        return rule_refuses("One person has approved this form already; a lead decides about it as it is.")
    return rule_refuses("This request is decided already; its page stays as it was.")


async def may_keep(unit: Unit, number: str) -> None:
    """Before a file is read at all. Raises NOT_FOUND, NOT_VERIFIED, as `keep`."""
    await moves.look_up(unit, number)


async def keep(unit: Unit, number: str, version: int, digest: str, flat: Flat) -> UserIdRequest:
    """Keep a picture with its request, which has the page from now on.

    `digest` is that of the file as it came. Raises NOT_FOUND, NOT_VERIFIED, STALE, RULE_REFUSES.
    """
    row = await moves.look_up(unit, number)
    if row.version == version and (refusal := keep_refused(UserIdRequestState(row.state))):
        raise Problem(refusal.type, refusal.sentence)
    if not await store.change(unit.connection, row.id, version, {}):
        raise Problem(
            ProblemType.STALE,
            f"{number} was changed meanwhile; nothing was kept. Look at it as it is now, then keep the page.",
            current=as_json(await moves.present(unit, row.id)),
        )
    await page_store.add(
        unit.connection,
        {
            "request_id": row.id,
            "kept_at": unit.now,
            "kept_by": unit.actor.display_name,
            "pages": flat.pages,
            "digest": digest,
            "sealed": unit.keys.seal_part(flat.pdf, _place(number, digest)),
        },
    )
    unit.audit("user_ids.keep_page", "user_id_request", number, pages=flat.pages)
    unit.emit(EventKind.USER_ID_REQUEST, number, version + 1)
    return await moves.present(unit, row.id)


def digest_of(content: bytes) -> str:
    """By which a file that came before is known again."""
    return hashlib.sha256(content).hexdigest()


async def show(unit: Unit, number: str) -> Sealed:
    """The picture that was kept last. Raises NOT_FOUND, NOT_VERIFIED."""
    row = await moves.look_up(unit, number)
    unit.audit("user_ids.page", "user_id_request", number)
    kept = await page_store.content(unit.connection, row.id)
    if kept is None:
        sentence = f"No page is kept with {number}. Its form stands on the fax itself."
        raise Problem(ProblemType.NOT_FOUND, sentence, keep=True)
    return Sealed(kept.sealed, _place(number, kept.digest))


def _place(number: str, digest: str) -> str:
    return f"fax page {number} {digest}"
