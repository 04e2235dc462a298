"""Giving an item to a rep and taking a claim back: what is possible, and to whom."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from screens.matching.presentation import DONE

if TYPE_CHECKING:
    from api_client.types.lead import BoardItem, RepFigures


def give_refused(item: BoardItem | None) -> str:
    """Why what stands under the cursor cannot be given to a rep; empty when it can."""
    if item is None:
        return "No item stands here to give to a rep."
    return f"{item.id} is decided: nobody has to work on it." if item.state in DONE else ""


def take_back_refused(item: BoardItem | None) -> str:
    """Why no claim can be taken back here; empty when one can."""
    if item is None:
        return "No item stands here to take back."
    return "" if item.holder is not None else f"Nobody has claimed {item.id}."


def find_rep(typed: str, reps: Sequence[RepFigures]) -> RepFigures | str:
    """The rep a lead means by a user name, a name or how one begins; else why it is none."""
    wanted = typed.casefold()
    for same in (str.__eq__, str.startswith):
        found = [one for one in reps if any(same(n.casefold(), wanted) for n in (one.username, one.name))]
        if len(found) == 1:
            return found[0]
        if found:
            return f"More than one rep is called so: {', '.join(one.username for one in found[:5])}."
    return "No rep is called so."


def changed(item: BoardItem) -> str:
    """Said when an act met a newer version."""
    return f"{item.id} was changed meanwhile: look again. Nothing was done."
