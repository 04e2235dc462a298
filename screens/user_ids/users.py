"""`i` from its requests: the user IDs of a client, what each may do and how far it can be used."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.content import Content

from api_client.types.user_id_words import BlockReason
from api_client.types.visible import visible_line
from screens.user_ids import users_presentation as presentation
from screens.user_ids.client_list import ClientListScreen
from screens.widgets.chrome import Rule
from screens.widgets.detail import Detail
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain
from screens.widgets.virtual_table import TablePage, VirtualTable

if TYPE_CHECKING:
    from api_client.types.user_ids import UserRow

_NOTE = 200
_LEAST = 3


class UsersScreen(ClientListScreen):
    """The administrator ID that the plan gave first, then those that the client made."""

    HINT = presentation.HINT
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]
    DEFAULT_CSS = """
    UsersScreen VirtualTable { height: 8; }
    UsersScreen #users { height: 1fr; layout: vertical; }
    UsersScreen.-wide #users { layout: horizontal; }
    UsersScreen.-wide VirtualTable { width: 74; height: 1fr; }
    UsersScreen.-wide #users Rule { display: none; }
    UsersScreen Detail { height: 1fr; }
    """
    BINDINGS = [
        Binding("b", "block", "block", id="users.block"),
        Binding("l", "lift", "lift block", id="users.lift"),
        Binding("a", "another", "another ID", id="users.another"),
        Binding("e", "change", "change", id="users.change"),
        Binding("j", "log", "log", id="users.log"),
    ]

    def __init__(self, group: str, *, at: str | None = None) -> None:
        """`at` is the ID to stand on, by its number."""
        super().__init__(group)
        self._at = at
        self._users: dict[str, UserRow] = {}

    def subject(self) -> Content:
        return presentation.subject(self._group)

    def compose_body(self) -> ComposeResult:
        table = VirtualTable(
            presentation.COLUMNS,
            self._page,
            nothing=presentation.NOTHING,
            around=self._at,
            explain=self.explain,
            opens=False,
        )
        with Container(id="users"):
            yield table
            yield Rule()
            yield Detail()

    async def _page(self, cursor: str | None, _around: str | None) -> TablePage:
        page = await self.client.user_ids.users(self._group, cursor=cursor)
        self._users |= {one.id: one for one in page.rows}
        now = self.desk.now()
        return TablePage([presentation.row(one, now) for one in page.rows], page.next, page.previous)

    @property
    def _user(self) -> UserRow | None:
        """The ID under the cursor."""
        return self._users.get(self._table.cursor_key or "")

    # what is shown

    def forget(self) -> None:
        """Drop the IDs that were fetched."""
        self._users.clear()

    def in_full(self) -> Callable[[int], Content] | None:
        """The ID under the cursor."""
        one = self._user
        return None if one is None else partial(presentation.detail, one, self.desk.now())

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """What is not possible stays visible, greyed; the client's own acts always."""
        one = self._user
        possible = {
            "block": one is not None and one.can_block,
            "lift block": one is not None and one.can_lift,
            "another ID": False,
            "change": False,
        }
        for key, does, enabled in DeskScreen.keys(self):
            if does != "find":
                yield key, does, possible.get(does, enabled)

    def why(self) -> Content | None:
        return plain(presentation.WHY)

    def again(self) -> DeskScreen | None:
        return UsersScreen(self._group, at=self._table.cursor_key)

    def action_log(self) -> None:
        """Every change of these IDs."""
        from screens.user_ids.log import AccessLogScreen

        self.app.push_screen(AccessLogScreen(self._group))

    # what is the client's alone

    def action_another(self) -> None:
        """A further ID is made by the client's administrator (R10, R11)."""
        self.refuse(presentation.ONLINE_ONLY)

    def action_change(self) -> None:
        """So is every change of one."""
        self.refuse(presentation.ONLINE_ONLY)

    # blocking

    def action_block(self) -> None:
        """Nobody gets in with the ID under the cursor any more, at once."""
        one = self._user
        if one is None:
            self.refuse(presentation.NONE_HERE)
        elif not one.can_block:
            self.refuse(presentation.no_block(one))
        else:
            title = f"block {one.id}: why?"
            self.pick(title, presentation.BLOCK_CHOICES, partial(self._ask_block, one))

    def _ask_block(self, one: UserRow, reason: BlockReason) -> None:
        self.confirm(presentation.block_line(one, reason), partial(self._block, one, reason))

    def _block(self, one: UserRow, reason: BlockReason) -> None:
        work = self.client.user_ids.block(one.id, one.version, reason)
        self.act(work, self._blocked, otherwise=partial(self._changed_meanwhile, one))

    def _blocked(self, one: UserRow) -> None:
        self._take_in(one)
        self.say(presentation.blocked(one))

    def action_lift(self) -> None:
        """A lead lets a blocked ID go on, and says why."""
        one = self._user
        if one is None:
            self.refuse(presentation.NONE_HERE)
        elif not one.can_lift:
            self.refuse(presentation.no_lift(one))
        else:
            self.write(f"why may {one.id} go on?", partial(self._ask_lift, one), limit=_NOTE)

    def _ask_lift(self, one: UserRow, note: str) -> None:
        note = visible_line(note)
        if len(note) < _LEAST:
            self.refuse(f"Say in {_LEAST} letters or more why it may go on.")
        else:
            self.confirm(presentation.lift_line(one, note), partial(self._lift, one, note))

    def _lift(self, one: UserRow, note: str) -> None:
        work = self.client.user_ids.lift(one.id, one.version, note)
        self.act(work, self._lifted, otherwise=partial(self._changed_meanwhile, one))

    def _lifted(self, one: UserRow) -> None:
        self._take_in(one)
        self.say(presentation.lifted(one))

    def _take_in(self, one: UserRow) -> None:
        """The answer to an act: its row says so, and the detail where it is under the cursor."""
        self._users[one.id] = one
        self._table.put(presentation.row(one, self.desk.now()))
        self._show()

    def _changed_meanwhile(self, seen: UserRow, error: Exception) -> bool:
        from api_client.errors import Stale

        if not isinstance(error, Stale):
            return False
        work = self.client.user_ids.users(self._group)
        self.fetch(work, lambda page: self._tell_change(seen, page.rows), group="conflict")
        return True

    def _tell_change(self, seen: UserRow, rows: Iterable[UserRow]) -> None:
        present = next((one for one in rows if one.id == seen.id), None)
        if present is not None:
            self._take_in(present)
        self.say(presentation.conflict(seen, present or seen))


__all__ = ["UsersScreen"]
