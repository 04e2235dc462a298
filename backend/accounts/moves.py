"""What a line about a group changes that user IDs rest on: the address of record, and the employer.

The legal employer's IDs work in all its groups [S], so a mistaken tax number would open them to strangers.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

from backend.accounts import store
from backend.database.unit import Unit
from backend.postal import PostalAddress

_ADDRESS = ("street", "city", "state_code", "zip")


def moved(unit: Unit, before: Any, values: dict[str, Any]) -> dict[str, Any]:
    """When the address of record changed, and where this very line changes it who did, and the one before.

    A change counts from the day it is brought: a file that dates it back, or moves the day of an earlier one
    back, makes no move an old one. Another spelling of the same place is no move. Of several moves in a short
    time the address before the first of them stays known, for it is where the client can hear of them.
    """
    new = _address(values)
    old = PostalAddress.of(before)
    if new.same_as(old) or new == old:
        known = filter(None, (values["address_changed_on"], before.address_changed_on))
        return {"address_changed_on": max(known, default=None)}
    first = PostalAddress(*(getattr(before, f"old_{name}") for name in _ADDRESS))
    again = before.address_changed_on is not None and (
        unit.today - before.address_changed_on <= timedelta(days=unit.policy.user_ids.recent_move_days)
    )
    return _away(unit, before, "old_" if again and first.street and not first.same_as(new) else "")


async def newly_beside(unit: Unit, before: Any | None, values: Mapping[str, Any]) -> Sequence[Any]:
    """Groups the line brings its group together with, where somebody asked for an ID; empty for none.

    `before` is the row of the group on record, `values` are its columns in the line.
    """
    from backend.user_ids import service as user_ids

    if not values["ein"] or (before is not None and before.ein == values["ein"]):
        return ()
    others = await store.accounts_under(unit.connection, values["ein"])
    keys = [one.id for one in (*others, *((before,) if before is not None else ()))]
    return others if others and await user_ids.asked_for(unit, keys) else ()


def refusal(values: Mapping[str, Any], others: Sequence[Any]) -> str:
    """Why the group cannot come to these without a person's word; empty where it has the name of one."""
    if not others or values["name_key"] in {one.name_key for one in others}:
        return ""
    return (
        f"its tax number is that of {others[0].number}, which has another name, and user IDs of one would "
        "work in the other; look whether they are one employer, then take the line with --one-employer"
    )


def new_place(unit: Unit, values: Mapping[str, Any], others: Sequence[Any]) -> dict[str, Any]:
    """Beside these groups of its employer an address they do not have is a move, away from theirs."""
    new, known = _address(values), [PostalAddress.of(one) for one in others]
    if not known or any(new.same_as(one) or new == one for one in known):
        return {}
    return _away(unit, others[0])


def _away(unit: Unit, row: Any, of: str = "") -> dict[str, Any]:
    """A move today, away from the address in the row."""
    was = {f"old_{name}": getattr(row, f"{of}{name}") for name in _ADDRESS}
    return {"address_changed_on": unit.today, "address_changed_by": unit.actor.id, **was}


def _address(values: Mapping[str, Any]) -> PostalAddress:
    return PostalAddress(*(values[name] for name in _ADDRESS))
