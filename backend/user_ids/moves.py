"""How a user-ID request changes: what every act on one asks first, and what it writes.

Whoever changes a request says which version was seen, or what state it is to be in; every desk hears of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from api_client.types.call_words import Fact
from api_client.types.problems import ProblemType
from api_client.types.user_id_words import UserIdRequestState
from api_client.types.user_ids import UserIdRequest
from api_client.types.words import EventKind
from backend.accounts import service as accounts
from backend.calls import gate
from backend.database.unit import Unit
from backend.http import as_json
from backend.problems import Problem, not_found
from backend.user_ids import store, view


async def look_up(unit: Unit, number: str) -> Any:
    """The row of a request that somebody may see. Raises NOT_FOUND, NOT_VERIFIED."""
    row = await store.by_number(unit.connection, number)
    if row is None:
        raise not_found("user-ID request", number)
    await gate.require(unit, Fact.USER_IDS, await accounts.account_by_id(unit, row.account_id))
    return row


async def requested(unit: Unit, number: str, version: int) -> Any:
    """The row of a request that somebody is about to change.

    Raises NOT_FOUND, NOT_VERIFIED, and STALE with the present state where it has another version.
    """
    row = await look_up(unit, number)
    if row.version != version:
        raise await _stale(unit, row)
    return row


async def changed(
    unit: Unit, row: Any, version: int, act: str, changes: Mapping[str, object]
) -> UserIdRequest:
    """`change` it; returns the request as it is then. Raises STALE."""
    await change(unit, row, version, act, changes)
    return await present(unit, row.id)


async def change(unit: Unit, row: Any, version: int, act: str, changes: Mapping[str, object]) -> None:
    """Change a request of this version, note the act and tell every desk. Raises STALE."""
    if not await store.change(unit.connection, row.id, version, changes):
        raise await _stale(unit, row)
    unit.audit(act, "user_id_request", row.number, reason=changes.get("deny_reason", ""))
    unit.emit(EventKind.USER_ID_REQUEST, row.number, version + 1)


async def _stale(unit: Unit, row: Any) -> Problem:
    return Problem(
        ProblemType.STALE,
        f"{row.number} was changed meanwhile; look at it as it is now.",
        current=as_json(await present(unit, row.id)),
    )


async def request_by_id(unit: Unit, request_id: int) -> Any:
    """The row of a request, with the number and name of its group; what shows it asks the gate."""
    row = await store.by_id(unit.connection, request_id)
    assert row is not None, "a request is never deleted"
    return row


async def present(unit: Unit, request_id: int) -> UserIdRequest:
    """A request as it is now; asks no gate."""
    return await view.request(unit, await request_by_id(unit, request_id))


async def change_state(unit: Unit, request_id: int, state: UserIdRequestState, **columns: object) -> None:
    """Bring a request into a state, with other columns that go with it, and tell every desk."""
    number, version = await store.move(unit.connection, request_id, {"state": state, **columns})
    unit.emit(EventKind.USER_ID_REQUEST, number, version)
