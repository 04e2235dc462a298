"""Who acts under a user ID. The ID itself is nowhere in the store, only a keyed digest of it."""

from __future__ import annotations

from backend.accounts import service as accounts
from backend.database.unit import Unit
from backend.user_ids import store
from backend.user_ids.rules import ClientUser, privileges_of


def login_digest(unit: Unit, user_id: str) -> str:
    """The keyed digest under which a user ID is found; capitals make no difference."""
    return unit.keys.digest_of("login", user_id.strip().casefold())


async def who_is(unit: Unit, user_id: str) -> ClientUser | None:
    """Whom this user ID was issued to, what it may do, and for which accounts; None for an unknown one."""
    row = await store.web_user_by_login(unit.connection, login_digest(unit, user_id))
    if row is None:
        return None
    account = await accounts.account_by_id(unit, row.account_id)
    return ClientUser(
        id=row.id,
        accounts=frozenset(await store.accounts_of_employer(unit.connection, account)),
        privileges=privileges_of(row.kind, row.privileges),
        state=row.state,
        valid_to=row.valid_to,
    )
