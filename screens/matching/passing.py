"""Passing an item on: to a colleague by its rep, to anybody by a lead."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING

from api_client.types.words import MatchState, Role
from screens.matching import presentation
from screens.matching.undo import UndoScreen
from screens.widgets.prompt import Choice

if TYPE_CHECKING:
    from api_client.types.matching import Colleague, MatchItem, MatchRow

_FEW = 9
"""Colleagues that can be picked by a digit."""
_PART_OF_A_NAME = 80
Chosen = Callable[["Colleague"], None]


class Passing(UndoScreen):
    """A screen from which items go to colleagues."""

    @property
    def is_lead(self) -> bool:
        """Whether the rep may give items to others and take them back."""
        return self.session is not None and self.session.rep.role is not Role.REP

    def moved(self, item: MatchItem, words: str) -> None:
        """A lead moved the item; say so and show it as it is."""
        raise NotImplementedError

    # a colleague by name

    def pick_colleague(self, title: str, then: Chosen) -> None:
        """Ask for a colleague: by a digit, or among many by a part of the name."""
        work = self.client.matching.colleagues()
        self.fetch(work, partial(self._colleagues, title, then), group="colleagues", hold_keys=True)

    def _colleagues(self, title: str, then: Chosen, known: Sequence[Colleague]) -> None:
        me = self.session.rep.username if self.session else ""
        others = [one for one in known if one.username != me]
        if not others:
            self.refuse("There is nobody else it could go to.")
        elif len(others) <= _FEW:
            self._pick_one(title, then, others)
        else:
            named = partial(self._named, title, then, others)
            self.write(f"{title} (a part of the name):", named, limit=_PART_OF_A_NAME)

    def _named(self, title: str, then: Chosen, others: Sequence[Colleague], part: str) -> None:
        wanted = part.casefold()
        found = [one for one in others if wanted in f"{one.name} {one.username}".casefold()]
        if not found:
            self.refuse("Nobody here has that in the name.")
        elif len(found) > _FEW:
            self.refuse(f"{len(found)} have that in the name; write more of it.")
        else:
            self._pick_one(title, then, found)

    def _pick_one(self, title: str, then: Chosen, some: Sequence[Colleague]) -> None:
        self.pick(f"{title}:", [Choice(presentation.colleague(one), one) for one in some], then)

    # a lead's acts

    def lead_passes(self, item: MatchItem | MatchRow) -> None:
        """Take the item from its rep, or give it to another one."""
        if item.state not in (MatchState.QUEUED, MatchState.IN_REVIEW):
            state = presentation.STATES[item.state]
            self.refuse(f"{item.id} cannot be passed on in this state: {state}.")
            return
        choices = [Choice("give it to a rep", self._assign)]
        if item.holder is not None:
            choices.insert(0, Choice(f"take it back from {item.holder}", self._ask_take_back))
        self.pick(f"{item.id}:", choices, lambda act: act(item))

    def _ask_take_back(self, item: MatchItem | MatchRow) -> None:
        self.confirm(presentation.take_back_line(item), partial(self._take_back, item))

    def _take_back(self, item: MatchItem | MatchRow) -> None:
        work = self.client.matching.take_back(item.id, item.version)
        words = f"{item.id} is taken back from {item.holder} and waits in the queue."
        self.act(work, partial(self._moved, words), otherwise=partial(self._not_moved, item))

    def _assign(self, item: MatchItem | MatchRow) -> None:
        self.pick_colleague(f"give {item.id} to", partial(self._ask_assign, item))

    def _ask_assign(self, item: MatchItem | MatchRow, to: Colleague) -> None:
        line = presentation.give_line(item, to.name, to.username)
        self.confirm(line, partial(self._assign_to, item, to))

    def _assign_to(self, item: MatchItem | MatchRow, to: Colleague) -> None:
        work = self.client.matching.assign(item.id, item.version, to.username)
        words = f"{item.id} is kept for {to.name}."
        self.act(work, partial(self._moved, words), otherwise=partial(self._not_moved, item))

    def _moved(self, words: str, item: MatchItem) -> None:
        self.moved(item, words)

    def _not_moved(self, item: MatchItem | MatchRow, error: Exception) -> bool:
        from api_client.errors import Stale

        if not isinstance(error, Stale):
            return False
        self.refuse(f"{item.id} was changed meanwhile. Nothing was done; look again.")
        return True
