"""Choosing among the candidates: a digit shows one and spells the link out, Enter there decides."""

from __future__ import annotations

from functools import partial

from textual import events
from textual.binding import Binding
from textual.widgets import Input, TextArea

from screens.matching import case, evidence
from screens.matching.asking import Asking
from screens.matching.undo import Last
from screens.widgets.detail import Detail
from screens.widgets.prompt import Choice

_LONGEST_LOOKUP = 80
_ANEW_SECONDS = 1.0
"""A digit this long after another one is a new choice, no number."""


CANDIDATE_KEYS = tuple(
    Binding(d, f"candidate('{d}')", f"candidate {d}", show=False, id=f"review.{d}") for d in "123456789"
)
READING_KEYS = (
    Binding("o", "background", "family and history", show=False, id="review.background"),
    Binding("left", "turn(-1)", "candidate before", show=False, id="review.before"),
    Binding("right", "turn(1)", "candidate after", show=False, id="review.after"),
    Binding("down", "move(1)", "down", show=False, id="review.down"),
    Binding("up", "move(-1)", "up", show=False, id="review.up"),
    Binding("pagedown", "move(10)", "page down", show=False, id="review.page_down"),
    Binding("pageup", "move(-10)", "page up", show=False, id="review.page_up"),
    Binding("home", "ends(False)", "first row", show=False, id="review.first"),
    Binding("end", "ends(True)", "last row", show=False, id="review.last"),
)


class Choosing(Asking):
    """Nobody is chosen beforehand; a number of several digits never chooses anybody."""

    DEFAULT_CSS = """
    Choosing Detail { height: 1fr; scrollbar-gutter: stable; scrollbar-size-vertical: 1; }
    """

    def __init__(self, last: Last) -> None:
        super().__init__(last)
        self._mrn: str | None = None
        self._digits = ""
        self._digit_at = 0.0

    def paint(self) -> None:
        """Show the item, with the candidate looked at."""
        item = self.item
        if item is not None:
            now, me, at, chosen = self.desk.now, self.me, self.at, self.chosen
            self.query_one(Detail).show(lambda width: case.review(item, now(), me, at, chosen, width))
        self.show_subject()

    @property
    def me(self) -> str:
        """The rep's name as others see it."""
        return self.session.rep.display_name if self.session else ""

    @property
    def at(self) -> int:
        """Which candidate is looked at; before any was, the one that was decided for, else the first."""
        if self.item is None:
            return 0
        mrns = [one.mrn for one in self.item.candidates]
        looked_at = self._mrn or self.item.decided_mrn
        return mrns.index(looked_at) if looked_at in mrns else 0

    @property
    def chosen(self) -> bool:
        """Whether the rep turned to that candidate."""
        return self._mrn is not None

    def nobody_chosen(self) -> None:
        """Another item: nobody is chosen beforehand."""
        self._mrn = None
        self._digits = ""

    def lets_through(self, event: events.Key) -> bool:
        """Digits in a row are a number, not a choice: the second one already goes to the search."""
        asked = self.prompt.is_open and not self.prompt.confirming
        if asked or isinstance(self.focused, Input | TextArea):
            self._digits = ""
            return super().lets_through(event)
        if event.key.isdigit() and self._in_a_row():
            self._ask_number(self._digits + event.key, "a number? Enter asks what you mean:")
            return False
        if not super().lets_through(event):
            self._digits = ""
            return False
        if event.key != "enter":
            self._digits = event.key if event.key.isdigit() else ""
            self._digit_at = self.desk.seconds()
        return True

    def _in_a_row(self) -> bool:
        return bool(self._digits) and self.desk.seconds() - self._digit_at <= _ANEW_SECONDS

    def _ask_number(self, digits: str, title: str) -> None:
        self._digits = ""
        place = int(digits[-1]) - 1
        if self.item is not None and 0 <= place < len(self.item.candidates):
            self._look_at(place)
        self.write(title, self._which, limit=_LONGEST_LOOKUP, value=digits)

    def _which(self, typed: str) -> None:
        """Never decides: asks whether the number is a group's, or its last digit a candidate's."""
        last = typed[-1:]
        candidates = self.item.candidates if self.item and not self.why_not() else []
        meant = last.isdecimal() and last.isascii() and 0 < int(last) <= len(candidates)
        if len(typed) == 1 and typed.isdecimal():
            self.refuse(f"There is no candidate {typed}." if candidates else self.why_not())
        elif not meant and self.desk.can_find():
            self.desk.find(typed)
        elif meant:
            choices = [Choice(f"look up {typed}", "", key="l")] if self.desk.can_find() else []
            person = evidence.name(candidates[int(last) - 1].person)
            choices.append(Choice(f"candidate {last} {person}", last, key="c"))
            self.pick(f"{typed}:", choices, partial(self._meant, typed))
        else:
            self.refuse("That is neither a candidate nor something to look up here.")

    def _meant(self, typed: str, digit: str) -> None:
        if digit:
            self.action_candidate(digit)
        else:
            self.desk.find(typed)

    def action_candidate(self, digit: str) -> None:
        """Show this candidate and spell the link out; Enter there decides. Else it begins a number."""
        item, place = self.item, int(digit) - 1
        if item is None:
            self.refuse(self.why_not())
        elif self.why_not() or place >= len(item.candidates):
            nobody = self.why_not() or f"There is no candidate {digit}."
            self.say(nobody)
            self._ask_number(digit, "a number to look up?")
        else:
            self._look_at(place)
            candidate = item.candidates[place]
            self.confirm(case.link_line(item, candidate), partial(self.link, item, candidate))

    def _look_at(self, place: int) -> None:
        if self.item is not None:
            self._mrn = self.item.candidates[place].mrn
            self.paint()

    def action_turn(self, by: int) -> None:
        """Look at the candidate beside; nothing is chosen by that."""
        if self.item is not None and self.item.candidates:
            self.prompt.close()
            self._look_at((self.at + by) % len(self.item.candidates))

    def action_move(self, rows: int) -> None:
        """Scroll what does not fit."""
        self.query_one(Detail).scroll_relative(y=rows, animate=False)

    def action_ends(self, down: bool) -> None:
        """To the first or the last row."""
        view = self.query_one(Detail)
        view.scroll_end(animate=False) if down else view.scroll_home(animate=False)

    def action_background(self) -> None:
        """Family and history, which stand below the evidence; once more goes back up."""
        item, view = self.item, self.query_one(Detail)
        if item is None or view.max_scroll_y == 0:
            self.say("Family and history stand on the screen already, as far as there are any.")
            return
        width = view.scrollable_content_region.width
        above = case.evidence_rows(item, self.desk.now(), self.me, self.at, self.chosen, width)
        begins = min(len(above), view.max_scroll_y)
        view.scroll_to(y=0 if view.scroll_offset.y >= begins else begins, animate=False)

    def action_decide(self) -> None:
        """Enter without a line to confirm."""
        self.refuse(self.why_not() or "Nothing is chosen: a digit chooses a candidate, Enter then links.")
