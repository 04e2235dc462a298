"""One file in four parts that a rep turns between: what it is, its errors, its members, who is missing."""

from __future__ import annotations

import asyncio
from collections.abc import Collection
from functools import partial
from typing import TYPE_CHECKING, Any

from textual import events, on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.content import Content
from textual.widgets import Static

from api_client.types.words import AbsenceState, EventKind, Outcome
from screens.enrollment import pages, people, presentation, segments
from screens.enrollment.soon import Soon
from screens.enrollment.words import ABSENCES, COLUMNS, LISTS, NO_MATCH, NOTHING, OUTCOMES, WHY, Section
from screens.widgets.chrome import Rule
from screens.widgets.desk import Changed
from screens.widgets.detail import Detail
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain
from screens.widgets.virtual_table import Shown, TablePage, VirtualTable

if TYPE_CHECKING:
    from api_client.types.common import Page
    from api_client.types.enrollment import Absence, FileErrorRow, FileMemberRow, FileShown, Segment

_WIDE = 120


TURN_KEYS = (
    Binding("right", "screen.turn(1)", "next list", key_display="Right", id="file.right"),
    Binding("left", "screen.turn(-1)", "list before", show=False, id="file.left"),
)


class About(Detail):
    """Its own Left and Right would scroll sideways."""

    BINDINGS = [*TURN_KEYS]


class FileLists(DeskScreen):
    """Fetches and shows; a list is asked for when it is first turned to.

    A wide window has room for the file itself above the list that is read.
    """

    HINT = "Left and Right turn to another list; ? says what it means"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (_WIDE, "-wide")]
    DEFAULT_CSS = """
    FileLists #sections { height: 1; }
    FileLists #about { height: 1fr; display: none; }
    FileLists.-about #about { display: block; }
    FileLists .lower { height: 1fr; layout: vertical; }
    FileLists.-about .lower { display: none; }
    FileLists VirtualTable { height: 1fr; display: none; }
    FileLists VirtualTable.-current { display: block; }
    FileLists VirtualTable:blur > .table--cursor { background: $background; color: $foreground; }
    FileLists #between { display: none; }
    FileLists #line { height: 8; }
    FileLists.-wide #about { display: block; height: 14; }
    FileLists.-wide #between { display: block; }
    FileLists.-wide .lower { display: block; }
    FileLists.-wide #line { height: 9; }
    """

    def __init__(self, number: str, section: Section | None = None, *, at: str | None = None) -> None:
        """`section` is the part that stands there first, `at` the record to stand on in it."""
        super().__init__()
        self.number = number
        self.section = section or Section.ABOUT
        self.below = self.section if self.section in LISTS else Section.ERRORS
        self.file: FileShown | None = None
        self.errors: dict[str, FileErrorRow] = {}
        self.members: dict[str, FileMemberRow] = {}
        self.absences: dict[str, Absence] = {}
        self.marks: set[str] = set()
        """Keys of the missing people whom the rep marked."""
        self.outcome: Outcome | None = None
        self.decided: AbsenceState | None = None
        self.revealed: tuple[str, Segment] | None = None
        """Key of an error and its segment without the mask."""
        self._turned = section is not None
        self._at = {self.section: at}
        self._wanted = {one: asyncio.Event() for one in LISTS}
        self._gone = False
        self.soon = Soon(self, self._look_again)

    def subject(self) -> Content:
        return presentation.file_subject(self.number, self.file)

    def compose_body(self) -> ComposeResult:
        yield Static(id="sections")
        yield About(id="about")
        yield Rule(id="between")
        with Container(classes="lower"):
            for one in LISTS:
                yield self._list(one)
            yield Rule()
            yield Detail(id="line")

    def _list(self, section: Section) -> VirtualTable:
        return VirtualTable(
            COLUMNS[section],
            partial(self._page, section),
            nothing=NOTHING[section],
            no_match=NO_MATCH.get(section, ""),
            around=self._at.get(section),
            explain=self.explain,
            opens=section is Section.MEMBERS,
            id=section,
        )

    @property
    def is_wide(self) -> bool:
        """Whether the file itself stands above its lists."""
        return self.app.size.width >= _WIDE

    def table(self, section: Section) -> VirtualTable:
        """The list of a section."""
        return self.query_one(f"#{section}", VirtualTable)

    # the lists

    async def _page(self, section: Section, cursor: str | None, around: str | None) -> TablePage:
        """The audit record names who was looked at: nobody is fetched before a rep turns to them."""
        await self._wanted[section].wait()
        wanted = (around,) if around else ()
        if section is Section.ERRORS:
            errors = await self._read_errors(cursor, wanted)
            rows = [segments.error_row(one) for one in errors.rows]
            return TablePage(rows, errors.next, errors.previous)
        if section is Section.MEMBERS:
            members = await self._read_members(cursor, wanted)
            rows = [people.member_row(one) for one in members.rows]
            return TablePage(rows, members.next, members.previous)
        absences = await self.read_absences(self.decided, cursor, wanted)
        rows = [people.absence_row(one, **self._as(one)) for one in absences.rows]
        return TablePage(rows, absences.next, absences.previous)

    async def _read_errors(self, cursor: str | None, wanted: Collection[str]) -> Page[FileErrorRow]:
        page = await pages.read(
            lambda at: self.client.enrollment.errors(self.number, cursor=at),
            lambda one: f"{one.index}",
            cursor,
            wanted,
        )
        self.errors |= {f"{one.index}": one for one in page.rows}
        return page

    async def _read_members(self, cursor: str | None, wanted: Collection[str]) -> Page[FileMemberRow]:
        page = await pages.read(
            lambda at: self.client.enrollment.members(self.number, self.outcome, cursor=at),
            lambda one: f"{one.ordinal}",
            cursor,
            wanted,
        )
        self.members |= {f"{one.ordinal}": one for one in page.rows}
        return page

    async def read_absences(
        self, state: AbsenceState | None, cursor: str | None, wanted: Collection[str]
    ) -> Page[Absence]:
        """As the other lists; what is known of the people is renewed on the way."""
        page = await pages.read(
            lambda at: self.client.enrollment.absences(self.number, state, cursor=at),
            lambda one: one.key,
            cursor,
            wanted,
        )
        self.absences |= {one.key: one for one in page.rows}
        self.call_later(self.unmark_decided)
        return page

    def _as(self, absence: Absence) -> dict[str, Any]:
        return {"marked": absence.key in self.marks, "today": self.desk.now().date()}

    def put_absence(self, key: str) -> None:
        """Show somebody who is missing as known and marked now."""
        if key in self.absences:
            self.table(Section.ABSENCES).put(
                people.absence_row(self.absences[key], **self._as(self.absences[key]))
            )

    @property
    def marked(self) -> list[Absence]:
        """The marked people, in the order of the list."""
        return [one for key, one in self.absences.items() if key in self.marks]

    def unmark_decided(self) -> None:
        """Who was decided about meanwhile is no longer marked; the rep is told who that is."""
        words = people.overtaken(self.marked)
        if not words:
            return
        gone = {one.key for one in self.marked if one.state is not AbsenceState.OPEN}
        self.marks -= gone
        for key in gone:
            self.put_absence(key)
        self.say(words)
        self.paint_line()

    # what is shown

    def on_mount(self) -> None:
        self.query_one("#about", Detail).show(lambda _: plain(f" {self.number}  loading ..."))
        self._show_section()

    def load(self) -> None:
        """The lists fetch themselves at first."""
        self._look(anew=True)

    def _look(self, *, anew: bool) -> None:
        self.soon.looked()
        work = self.client.enrollment.file(self.number)
        self.fetch(work, self.take_in, group="file", otherwise=self._not_there)
        if not anew:
            self._look_at_list()
            return
        for one in LISTS:
            if self.table(one).shown is not Shown.LOADING:
                self.table(one).reload()

    def _look_at_list(self) -> None:
        """Each look at people is on record: only the list in view is asked for, and errors never change."""
        table = self.table(self.below)
        in_view = self.section in LISTS or self.is_wide
        if in_view and self.below is not Section.ERRORS and table.shown is not Shown.LOADING:
            table.look_again()

    def _look_again(self) -> None:
        self._look(anew=False)

    def take_in(self, file: FileShown) -> None:
        """The newest answer about the file."""
        first = self.file is None
        self.file, self._gone = file, False
        if first and not self._turned and self.is_wide:
            self.section = self.below = _first_list(file)
            self._show_section()
        if first:
            self.painted()
        self.paint()

    def _not_there(self, error: Exception) -> bool:
        """A file that is not there is said so; what was shown stays readable after other failures."""
        from api_client.errors import NotFound

        self._gone = isinstance(error, NotFound)
        words = f" There is no file {self.number}. Esc goes back." if self._gone else ""
        if self._gone or self.file is None:
            said = words or f" {self.number}  could not load; F7 tries again"
            self.query_one("#about", Detail).show(lambda _: plain(said))
        self.refresh_bindings()
        return self._gone

    def paint(self) -> None:
        """Everything that is said of the file, and of the line under the cursor."""
        file, now = self.file, self.desk.now()
        self.show_subject()
        self.query_one("#sections", Static).update(
            presentation.sections(self.section, file, self._filtered(), self.size.width)
        )
        if file is not None:
            self.query_one("#about", Detail).show(lambda width: presentation.about(file, now, width))
            if self.is_wide:
                self._wanted[self.below].set()
        self.paint_line()

    def paint_line(self) -> None:
        """What is said of the record under the cursor, and which keys fit it."""
        self.query_one("#line", Detail).show(self._line)
        self.refresh_bindings()

    def _line(self, width: int) -> Content:
        key = self.table(self.below).cursor_key or ""
        if self.below is Section.ERRORS:
            error = self.errors.get(key)
            bare = self.revealed[1] if self.revealed is not None and self.revealed[0] == key else None
            return plain("") if error is None else segments.detail(error, bare, width)
        if self.below is Section.MEMBERS:
            member = self.members.get(key)
            return plain("") if member is None else people.member_detail(member, self.number, width)
        return people.absence_detail(self.absences.get(key), self.marked, self.desk.now(), width)

    def _filtered(self) -> str:
        """The word of the filter of the list in view; empty where all is shown."""
        if self.section is Section.MEMBERS and self.outcome is not None:
            return OUTCOMES[self.outcome][1]
        if self.section is Section.ABSENCES and self.decided is not None:
            return ABSENCES[self.decided]
        return ""

    def tick(self) -> None:
        """A minute passed: what can still be taken back may have changed."""
        super().tick()
        self.paint()

    def on_resize(self, event: events.Resize) -> None:
        self.paint()

    def on_change(self, change: Changed) -> None:
        if change.kind is EventKind.RESET or (
            change.kind is EventKind.FILE and change.subject == self.number
        ):
            self.soon.ask()

    def on_screen_resume(self) -> None:
        """What changed while another screen stood here was not heard."""
        if self.file is not None:
            self._look(anew=False)

    @on(VirtualTable.Highlighted)
    def _highlighted(self, event: VirtualTable.Highlighted) -> None:
        if event.table.id == self.below:
            self.cover()
            self.paint_line()
            self.query_one("#line", Detail).scroll_home(animate=False)

    def cover(self) -> None:
        """Put the mask back over a revealed segment."""
        self.revealed = None

    def why(self) -> Content | None:
        return plain(WHY[self.section])

    # which list

    def action_turn(self, by: int) -> None:
        """Turn to the part beside this one; after the last comes the first."""
        if not self.prompt.is_open:
            parts = list(Section)
            self._turned = True
            self.section = parts[(parts.index(self.section) + by) % len(parts)]
            self._show_section()

    def _show_section(self) -> None:
        """Deciding keys count a moment after what they would be about came into view."""
        if self.section in LISTS:
            self.below = self.section
            self._wanted[self.below].set()
        for one in LISTS:
            self.table(one).set_class(one is self.below, "-current")
        self.set_class(self.section is Section.ABOUT, "-about")
        self.cover()
        if self.section is Section.ABOUT:
            self.query_one("#about", Detail).focus()
        else:
            self.table(self.section).focus()
        self.painted()
        self.paint()
        self._look_at_list()
        self.query_one("#line", Detail).scroll_home(animate=False)

    def filter_by(self, outcome: Outcome | None, decided: AbsenceState | None) -> None:
        """Show only some of the members or of the missing people."""
        if outcome != self.outcome:
            self.outcome = outcome
            self.table(Section.MEMBERS).restart(filtered=outcome is not None)
        if decided != self.decided:
            self.decided = decided
            self.table(Section.ABSENCES).restart(filtered=decided is not None)
        self.paint()

    def action_back(self) -> None:
        """The filter first, then the screen."""
        if self._filtered():
            self.filter_by(
                None if self.section is Section.MEMBERS else self.outcome,
                None if self.section is Section.ABSENCES else self.decided,
            )
        else:
            super().action_back()


def _first_list(file: FileShown) -> Section:
    """What a person most likely has to look at."""
    if file.errors:
        return Section.ERRORS
    return Section.ABSENCES if file.absent else Section.MEMBERS
