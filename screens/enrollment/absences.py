"""Deciding about people who are missing from a full file: nobody's coverage ends without it."""

from __future__ import annotations

from collections.abc import Awaitable, Sequence
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from api_client.types.visible import visible_line
from api_client.types.words import AbsenceState
from screens.enrollment import people, presentation, typed
from screens.enrollment.acts import REASON, FileActs
from screens.enrollment.words import Section

if TYPE_CHECKING:
    from api_client.types.common import Page
    from api_client.types.enrollment import Absence, FileShown

_DAY = 10
_TURN_THERE = "Right turns to the people who are missing; there they are marked and decided about."
_NOBODY = "Mark people first: Space marks the one under the cursor, m all that are shown."
_FULL = f"{people.MOST} people are marked, as many as one decision takes; decide about them, then go on."
_UNDECIDED = "You decided nothing here that could be taken back; the time for it may be over."


class Absences(FileActs):
    """Marks follow the person; a decision is about who is marked, wherever the cursor is."""

    def __init__(self, number: str, section: Section | None = None, *, at: str | None = None) -> None:
        super().__init__(number, section, at=at)
        self._typed_day = ""
        self._typed_reason = ""
        self._last: list[str] = []
        """Keys of the people of my last decision here."""

    # marking

    @property
    def _under_cursor(self) -> Absence | None:
        if self.section is not Section.ABSENCES:
            return None
        return self.absences.get(self.table(Section.ABSENCES).cursor_key or "")

    def action_mark(self) -> None:
        """Mark the person under the cursor, or take the mark away."""
        one = self._under_cursor
        if self.section is not Section.ABSENCES:
            self.refuse(_TURN_THERE)
        elif one is None:
            self.refuse("Nobody stands here to mark.")
        elif one.state is not AbsenceState.OPEN:
            self.refuse(f"{one.name} is decided about: {people.decided(one, self.desk.now().date())}.")
        elif one.key not in self.marks and len(self.marks) >= people.MOST:
            self.refuse(_FULL)
        else:
            self.marks ^= {one.key}
            self.put_absence(one.key)
            self._tell_marks()

    def action_mark_all(self) -> None:
        """Mark everybody shown who waits for a decision; again takes all marks away."""
        if self.section is not Section.ABSENCES:
            self.refuse(_TURN_THERE)
            return
        shown = [row.key for row in self.table(Section.ABSENCES).rows if not row.gone]
        waiting = [key for key in shown if self.absences[key].state is AbsenceState.OPEN]
        room = people.MOST - len(self.marks)
        more = [key for key in waiting if key not in self.marks][:room]
        changed = set(more) or set(self.marks)
        self.marks = self.marks | changed if more else set()
        for key in changed:
            self.put_absence(key)
        if not changed:
            self.refuse("Nobody shown here waits for a decision.")
        else:
            self._tell_marks()

    def _tell_marks(self) -> None:
        if not self.marks:
            self.say("Nobody is marked.")
        elif len(self.marks) >= people.MOST:
            self.say(_FULL)
        else:
            self.say(f"{people.people(self.marked)} marked; m marks all, a ends their coverage, d keeps it.")
        self.paint_line()

    # deciding

    def decide_refused(self) -> str:
        """Why nothing can be decided now; empty when it can."""
        if self.section is not Section.ABSENCES or self.file is None:
            return _TURN_THERE
        return "" if self.marks else _NOBODY

    def action_approve(self) -> None:
        """End the coverage of who is marked, with the last covered day."""
        file, some, why = self.file, self.marked, self.decide_refused()
        if file is None or why:
            self.refuse(why)
        else:
            self.write(
                f"last covered day of {people.people(some)}:",
                partial(self._ask_end, file, some),
                limit=_DAY,
                value=self._typed_day,
            )

    def _ask_end(self, file: FileShown, some: Sequence[Absence], text: str) -> None:
        self._typed_day = visible_line(text)
        day = typed.last_day(self._typed_day, self.desk.now().date(), some)
        if isinstance(day, str):
            self.refuse(day)
        else:
            self.confirm(people.end_line(some, day), partial(self._end, file, some, day))

    def _end(self, file: FileShown, some: Sequence[Absence], day: date) -> None:
        keys = [one.key for one in some]
        self._decide(file, keys, self.client.enrollment.approve(file.number, file.version, keys, day))

    def action_keep(self) -> None:
        """Leave who is marked covered, for a reason if there is one."""
        file, some, why = self.file, self.marked, self.decide_refused()
        if file is None or why:
            self.refuse(why)
        else:
            self.write(
                f"why {people.people(some)} stay covered, or nothing:",
                partial(self._ask_keep, file, some),
                limit=REASON,
                value=self._typed_reason,
                optional=True,
            )

    def _ask_keep(self, file: FileShown, some: Sequence[Absence], text: str) -> None:
        self._typed_reason = visible_line(text)
        line = people.keep_line(some, self._typed_reason)
        self.confirm(line, partial(self._keep, file, some, self._typed_reason))

    def _keep(self, file: FileShown, some: Sequence[Absence], reason: str) -> None:
        keys = [one.key for one in some]
        self._decide(file, keys, self.client.enrollment.dismiss(file.number, file.version, keys, reason))

    def _decide(self, file: FileShown, keys: Sequence[str], work: Awaitable[FileShown]) -> None:
        """What the rep marked and typed is kept until it is done."""
        self.act(work, partial(self._decided, keys), otherwise=partial(self._met_a_change, file))

    def _decided(self, keys: Sequence[str], file: FileShown) -> None:
        self._last = list(keys)
        self._typed_day = self._typed_reason = ""
        self._settled(keys, file)

    def _settled(self, keys: Sequence[str], file: FileShown) -> None:
        self.marks -= set(keys)
        self.take_in(file)
        work = self.read_absences(None, None, keys)
        self.fetch(work, partial(self._show_settled, keys), group="settled")

    def _show_settled(self, keys: Sequence[str], _page: Page[Absence]) -> None:
        for key in self.absences:
            self.put_absence(key)
        self.paint_line()
        some = [self.absences[key] for key in keys if key in self.absences]
        if some and some[0].state is AbsenceState.OPEN:
            self.say(f"{people.people(some)} wait{'s' if len(some) == 1 else ''} for a decision again.")
        elif some:
            self.say(people.done(some, self.desk.now()))

    # a conflict

    def _met_a_change(self, seen: FileShown, error: Exception) -> bool:
        from api_client.errors import Stale

        if not isinstance(error, Stale):
            return False
        self.fetch(self._look_at_both(), partial(self._tell_both, seen), group="conflict")
        return True

    async def _look_at_both(self) -> FileShown:
        """The people first: then the marks are those that stand."""
        await self.read_absences(None, None, {one.key for one in self.marked} | set(self._last))
        return await self.client.enrollment.file(self.number)

    def _tell_both(self, seen: FileShown, present: FileShown) -> None:
        """What was decided meanwhile loses its mark; the rest, and what was typed, is kept."""
        gone = people.overtaken(self.marked)
        self.marks = {one.key for one in self.marked if one.state is AbsenceState.OPEN}
        for key in self.absences:
            self.put_absence(key)
        self.take_in(present)
        kept = f" {people.people(self.marked)} still marked." if self.marks else ""
        self.say(f"{presentation.changed(seen, present)} {gone}{kept}".replace("  ", " ").strip())

    # taking back

    def undo_target(self) -> list[Absence]:
        """The people of my last decision, else the one under the cursor, as far as it can be taken back."""
        now = self.desk.now()
        last = [self.absences[key] for key in self._last if key in self.absences]
        found = [one for one in last if people.can_undo(one, now)]
        one = self._under_cursor
        if not found and one is not None and people.can_undo(one, now):
            return [one]
        return found

    def action_undo(self) -> None:
        """Take my last decision back, or the one about the person under the cursor."""
        file, some = self.file, self.undo_target()
        if file is None or not some:
            self.refuse(_UNDECIDED)
        else:
            self.confirm(people.undo_line(some, file.number), partial(self._undo, file, some))

    def _undo(self, file: FileShown, some: Sequence[Absence]) -> None:
        keys = [one.key for one in some]
        work = self.client.enrollment.undo(file.number, file.version, keys)
        self.act(work, partial(self._undone, keys), otherwise=partial(self._met_a_change, file))

    def _undone(self, keys: Sequence[str], file: FileShown) -> None:
        self._last = []
        self._settled(keys, file)
