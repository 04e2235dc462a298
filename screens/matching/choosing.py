"""Choosing among the candidates: a digit shows one and spells the link out, Enter there decides."""

from __future__ import annotations

from functools import partial

from textual import events
from textual.widgets import Input, TextArea

from screens.matching import comparison
from screens.matching.acts import Acts
from screens.matching.undo import Last
from screens.widgets.detail import Detail
from screens.widgets.prompt import Choice

_LONGEST_LOOKUP = 80


class Choosing(Acts):
    """Nobody is chosen beforehand; a number of several digits never chooses anybody."""

    def __init__(self, last: Last) -> None:
        super().__init__(last)
        self._mrn: str | None = None
        self._digits = ""

    def paint(self) -> None:
        """Show the item, with the candidate looked at."""
        raise NotImplementedError

    @property
    def _at(self) -> int:
        """Which candidate is looked at; the first one before any was."""
        mrns = [one.mrn for one in self.item.candidates] if self.item else []
        return mrns.index(self._mrn) if self._mrn in mrns else 0

    def lets_through(self, event: events.Key) -> bool:
        """Digits in a row are a number, not a choice: the second one already goes to the search."""
        asked = self.prompt.is_open and not self.prompt.confirming
        if asked or isinstance(self.focused, Input | TextArea):
            self._digits = ""
            return super().lets_through(event)
        if event.key.isdigit() and self._digits and self._held is None:
            self._ask_number(self._digits + event.key)
            return False
        if not super().lets_through(event):
            self._digits = ""
            return False
        if event.key != "enter":
            self._digits = event.key if event.key.isdigit() else ""
        return True

    def _ask_number(self, digits: str) -> None:
        self._digits = ""
        place = int(digits[-1]) - 1
        if self.item is not None and 0 <= place < len(self.item.candidates):
            self._look_at(place)
        self.write("a number? Enter asks what you mean:", self._which, limit=_LONGEST_LOOKUP, value=digits)

    def _which(self, typed: str) -> None:
        """Never decides: asks whether the number is a group's, or its last digit a candidate's."""
        choices = [Choice(f"look up {typed}", "", key="l")] if self.desk.can_find() else []
        last = typed[-1:]
        candidates = self.item.candidates if self.item and not self.why_not() else []
        if last.isdecimal() and last.isascii() and 0 < int(last) <= len(candidates):
            person = comparison.name(candidates[int(last) - 1].person)
            choices.append(Choice(f"candidate {last} {person}", last, key="c"))
        if choices:
            self.pick(f"{typed}:", choices, partial(self._meant, typed))
        else:
            self.refuse("That is neither a candidate nor something to look up here.")

    def _meant(self, typed: str, digit: str) -> None:
        if digit:
            self.action_candidate(digit)
        else:
            self.desk.find(typed)

    def action_candidate(self, digit: str) -> None:
        """Show this candidate and spell the link out; Enter there decides."""
        item, place = self.item, int(digit) - 1
        if item is None or self.why_not():
            self.refuse(self.why_not())
        elif place >= len(item.candidates):
            self.prompt.close()
            self.refuse(f"There is no candidate {digit}.")
        else:
            self._look_at(place)
            candidate = item.candidates[place]
            self.confirm(comparison.link_line(item, candidate), partial(self._link, item, candidate))

    def _look_at(self, place: int) -> None:
        if self.item is not None:
            self._mrn = self.item.candidates[place].mrn
            self.paint()

    def action_turn(self, by: int) -> None:
        """Look at the candidate beside; nothing is chosen by that."""
        if self.item is not None and self.item.candidates:
            self.prompt.close()
            self._look_at((self._at + by) % len(self.item.candidates))

    def action_move(self, rows: int) -> None:
        """Scroll what does not fit."""
        self.query_one(Detail).scroll_relative(y=rows, animate=False)

    def action_decide(self) -> None:
        """Enter without a line to confirm."""
        self.refuse(self.why_not() or "Nothing is chosen: a digit chooses a candidate, Enter then links.")
