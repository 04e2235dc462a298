"""The access log of a client: every change of its user IDs, and who made it."""

from __future__ import annotations

from sqlalchemy import insert

from api_client.types.user_id_words import UserAct
from api_client.types.words import ActorKind
from backend.database.tables import access_log
from backend.database.unit import Unit

THE_PLAN = "the plan"


async def note(
    unit: Unit, account_id: int, user_id: int | None, act: UserAct, *, by: str = "", words: str = ""
) -> None:
    """Write one line; `by` is the client's person, empty for whoever acts for the plan."""
    acting = unit.actor.display_name if unit.actor.kind is ActorKind.REP else THE_PLAN
    await unit.connection.execute(
        insert(access_log).values(
            account_id=account_id,
            web_user_id=user_id,
            at=unit.now,
            act=act,
            by_name=by or acting,
            words=words,
        )
    )
