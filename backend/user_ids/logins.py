"""Who acts under a user ID. The ID itself is nowhere in the store, only a keyed digest of it."""

from __future__ import annotations

from typing import Any

from api_client.types.user_id_words import UserState
from backend.database.unit import Unit
from backend.user_ids import codes, user_store
from backend.user_ids.delegation import NOT_ON_RECORD, Held, is_unused, to_suspend
from backend.user_ids.employers import Employer, employer_of, users_of
from backend.user_ids.rules import ClientUser


async def who_is(unit: Unit, user_id: str) -> ClientUser | None:
    """Whom this user ID was issued to, what it may do, and for which accounts; None for an unknown one."""
    row = await user_store.by_login(unit.connection, codes.login_digest(unit.keys, user_id))
    if row is None:
        return None
    return await as_client_user(unit, await employer_of(unit, row.account_id), row)


async def as_client_user(unit: Unit, employer: Employer, row: Any) -> ClientUser:
    """A row of `web_user` as other rooms see it.

    The ID of a broker or third-party administrator is one only where its record is in force; one that nobody
    used for too long is suspended, whether or not the daily run has said so.
    """
    held = employer.held(row)
    state = held.state
    if held.until == NOT_ON_RECORD:
        state = UserState.ENDED
    elif await has_lapsed(unit, employer, held):
        state = UserState.SUSPENDED
    return ClientUser(
        id=row.id,
        accounts=frozenset(one.id for one in employer.served_by(row)),
        privileges=held.privileges,
        state=state,
        valid_to=held.until,
    )


async def has_lapsed(unit: Unit, employer: Employer, held: Held) -> bool:
    """Whether the ID is to be suspended for lack of use; the last administrator's never is."""
    days = unit.policy.user_ids.unused_days
    if not is_unused(held, unit.today, days):
        return False
    lapsing = to_suspend(await users_of(unit, employer), unit.today, days)
    return any(one.number == held.number for one in lapsing)


async def used(unit: Unit, user: ClientUser) -> None:
    """Note that somebody acted under this ID."""
    await user_store.use(unit.connection, user.id, unit.now)
