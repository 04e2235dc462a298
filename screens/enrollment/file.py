"""One enrollment file: what it is, what is wrong in it, what became of its people, who is missing."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import events, on
from textual.binding import Binding

from api_client.types.words import AbsenceState, FileState, Outcome, RevealReason
from screens.enrollment.absences import Absences
from screens.enrollment.lists import TURN_KEYS
from screens.enrollment.segments import SHOWN_SECONDS
from screens.enrollment.words import ABSENCES, OUTCOMES, REVEAL_REASONS, Section
from screens.widgets.prompt import Choice
from screens.widgets.screen import DeskScreen
from screens.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api_client.types.enrollment import FileErrorRow, Segment

_STOP = "stop, go on"
_SHOWN = {
    Section.ABOUT: (_STOP, "release", "media", "copy number", "next list"),
    Section.ERRORS: ("reveal", "copy number", _STOP, "next list"),
    Section.MEMBERS: ("open", "filter", "copy number", "next list"),
    Section.ABSENCES: ("mark", "end coverage", "leave covered", "undo", "next list"),
}
"""The keys on the key line of each part, in their order; all of them work in every part."""
_SHORT = {"leave covered": "keep"}
_ALL = "all"


class FileScreen(Absences):
    """The file with this number."""

    DECIDES = frozenset("adurxt")
    BINDINGS = [
        Binding("x", "stop", _STOP, id="file.stop"),
        Binding("r", "release", "release", id="file.release"),
        Binding("t", "media", "media", id="file.media"),
        Binding("v", "reveal", "reveal", id="file.reveal"),
        Binding("c", "copy", "copy number", id="file.copy"),
        Binding("f", "filter", "filter", id="file.filter"),
        Binding("space", "mark", "mark", key_display="Space", id="file.mark"),
        Binding("m", "mark_all", "mark all", id="file.mark_all"),
        Binding("a", "approve", "end coverage", id="file.approve"),
        Binding("d", "keep", "leave covered", id="file.dismiss"),
        Binding("u", "undo", "undo", id="file.undo"),
        *TURN_KEYS,
    ]

    def again(self) -> DeskScreen | None:
        return FileScreen(self.number, self.section, at=self.table(self.below).cursor_key)

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """Those of the part in view; what is not possible now stays visible, greyed."""
        error, member = self._error, self.members.get(self.table(Section.MEMBERS).cursor_key or "")
        decides = not self.decide_refused()
        possible = {
            _STOP: not self.stop_refused(),
            "release": not self.release_refused(),
            "media": not self.media_refused(),
            "reveal": error is not None and bool(error.text),
            "open": member is not None and bool(member.item),
            "end coverage": decides,
            "leave covered": decides,
            "undo": bool(self.undo_target()),
        }
        file = self.file
        apart = {"release"} if file is None or file.state is not FileState.HELD else set()
        apart |= {"media"} if file is None or file.media is None else set()
        wanted = [does for does in _SHOWN[self.section] if does not in apart]
        shown = {one[1]: one for one in super().keys()}  # noqa: SIM118  (a screen's own method)
        for does in wanted:
            if does in shown:
                key, _, enabled = shown[does]
                yield key, self._named(does), enabled and possible.get(does, True)

    def _named(self, does: str) -> str:
        """A word that leaves room for the other keys; what the key that stops would do now."""
        if does != _STOP:
            return _SHORT.get(does, does)
        return "go on" if self.file is not None and self.file.state is FileState.STOPPED else "stop"

    # errors

    @property
    def _error(self) -> FileErrorRow | None:
        """The error under the cursor."""
        if self.section is not Section.ERRORS:
            return None
        return self.errors.get(self.table(Section.ERRORS).cursor_key or "")

    def action_reveal(self) -> None:
        """Show the segment under the cursor without its mask, for a reason."""
        error = self._error
        if error is None:
            self.refuse("No error stands here whose segment could be shown; Right turns to the errors.")
        elif not error.text:
            self.refuse("There is no segment to this error.")
        else:
            choices = [Choice(words, reason) for reason, words in REVEAL_REASONS.items()]
            self.pick("show it for 15 seconds, because", choices, partial(self._reveal, error))

    def _reveal(self, error: FileErrorRow, reason: RevealReason) -> None:
        work = self.client.enrollment.segment(self.number, error.index, reason)
        self.fetch(work, partial(self._show_bare, f"{error.index}"), group="reveal")

    def _show_bare(self, key: str, segment: Segment) -> None:
        """Only while the rep still looks at this error."""
        if self._error is None or f"{self._error.index}" != key:
            return
        self.revealed = (key, segment)
        self.paint_line()
        self.set_timer(SHOWN_SECONDS, partial(self.cover_again, self.revealed))

    def cover_again(self, shown: tuple[str, Segment]) -> None:
        """The time is over for this look; a newer one has its own."""
        if self.revealed is shown:
            self.cover()
            self.paint_line()

    def on_screen_suspend(self, event: events.ScreenSuspend) -> None:
        """Whatever else comes in view, the mask is back before."""
        self.cover()

    def action_copy(self) -> None:
        """Put the number of the file on the clipboard, and nothing else."""
        self.app.copy_to_clipboard(self.number)
        self.say(f"{self.number} is copied.")

    # members and missing people

    def action_filter(self) -> None:
        """Only members with one outcome, or missing people with one decision."""
        if self.section is Section.MEMBERS:
            outcomes = {None: _ALL} | {one: word for one, (_, word) in OUTCOMES.items()}
            self.pick("show", [Choice(word, one) for one, word in outcomes.items()], self._only_outcome)
        elif self.section is Section.ABSENCES:
            states = {None: _ALL} | ABSENCES
            self.pick("show", [Choice(word, one) for one, word in states.items()], self._only_decided)
        else:
            self.refuse("Members and missing people can be filtered; Right turns to them.")

    def _only_outcome(self, outcome: Outcome | None) -> None:
        self.filter_by(outcome, self.decided)

    def _only_decided(self, decided: AbsenceState | None) -> None:
        self.filter_by(self.outcome, decided)

    @on(VirtualTable.Chosen)
    def _open(self, event: VirtualTable.Chosen) -> None:
        from screens.matching.review import ReviewScreen

        member = self.members.get(event.key)
        if member is not None and member.item:
            self.app.push_screen(ReviewScreen(member.item))
        else:
            self.refuse("This member waits in no queue: there is no case to open.")


__all__ = ["FileScreen"]
