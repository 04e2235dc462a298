"""User IDs of the demo's clients, so that they can submit online."""

from __future__ import annotations

from collections.abc import Iterable

from api_client.types.user_id_words import UserRole
from backend.accounts import service as accounts
from backend.actors import SYSTEM
from backend.demo.groups import DemoGroup
from backend.runtime import Runtime
from backend.user_ids import codes, user_store
from backend.user_ids.delegation import BUNDLES, in_order


def clerk_of(group: str) -> str:
    """The user ID of the clerk of a group."""
    return f"CLERK-{group}"


async def give_user_ids(runtime: Runtime, groups: Iterable[DemoGroup]) -> None:
    """A clerk who enrolls members and ends their coverage, for each group; taken over from long ago.

    Administrators ask for their IDs by fax, so that none of them has one yet.
    """
    async with runtime.act(SYSTEM, "DEMO") as unit:
        for group in groups:
            account = await accounts.account_of(unit, group.number)
            values = {
                "number": f"W-{await unit.number('web_user'):05d}",
                "account_id": account.id,
                "kind": "user",
                "state": "active",
                "state_at": unit.now,
                "login_digest": codes.login_digest(unit.keys, clerk_of(group.number)),
                "person": f"Kim {group.name.split()[0]}well",
                "privileges": in_order(BUNDLES[UserRole.MEMBER_CLERK]),
                "created_at": unit.now,
            }
            await user_store.add(unit.connection, values)
