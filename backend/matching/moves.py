"""How every act brings an item into its next state, and what the actor sees of it afterwards."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api_client.types.matching import MatchItem
from api_client.types.problems import ProblemType
from api_client.types.words import EventKind, MatchActKind, MatchState
from backend.database.unit import Unit
from backend.matching import act_store, claim_store, service, store, view
from backend.problems import Problem


async def move(
    unit: Unit,
    case: view.Context,
    state: MatchState,
    act: str,
    *,
    token: str | None = None,
    prefer: int | None = None,
    also: Mapping[str, Any] | None = None,
    **details: object,
) -> None:
    """Bring the item into a state, its claim let go and its due time rewritten from the clock's events.

    With a token it happens only while that claim is alive. `also` are more columns to write, `details` go to
    the audit record. Raises LEASE_LOST or STALE when somebody was faster.
    """
    item = case.item
    clock = (await view.context_of(unit, item)).clock
    values: Mapping[str, Any] = {
        **claim_store.NO_LEASE,
        "state": state,
        "due_at": clock.due_at,
        "breached": item.breached or clock.breached,
        "prefer_rep_id": prefer,
        **(also or {}),
    }
    if not await store.change_item(unit.connection, item.id, item.version, values, token=token):
        now = await service.item_of(unit, item.number)
        if token is not None:
            await service.require_claim(unit, now, token)
        raise Problem(ProblemType.STALE, f"{item.number} was changed meanwhile; open it again.")
    unit.audit(act, "match_item", item.number, **details)
    unit.emit(EventKind.MATCH_ITEM, item.number, item.version + 1)


async def write_act(
    unit: Unit, item: Any, kind: MatchActKind, *, to: int | None = None, words: str = ""
) -> None:
    """Write down what the actor did, for the history; the backend's own acts are nobody's."""
    await act_store.add_act(
        unit.connection,
        {
            "item_id": item.id,
            "kind": kind,
            "rep_id": unit.actor.rep_id,
            "to_rep_id": to,
            "at": unit.now,
            "words": words,
        },
    )


async def seen(unit: Unit, number: str) -> MatchItem:
    """The item after the act, masked: the claim is gone."""
    case = await view.context_of(unit, await service.item_of(unit, number))
    return await view.match_item(unit, case, masked=True)
