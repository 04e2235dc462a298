"""User-ID requests that wait, and those that are decided."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.content import Content

from api_client.types.user_id_words import OPEN_USER_ID_STATES, DenyReason
from api_client.types.visible import visible_line
from api_client.types.words import EventKind
from screens.user_ids import presentation
from screens.widgets.chrome import Rule
from screens.widgets.desk import About, Changed
from screens.widgets.detail import Detail
from screens.widgets.prompt import Choice
from screens.widgets.screen import DeskScreen
from screens.widgets.text import lines, plain
from screens.widgets.virtual_table import Shown, TablePage, VirtualTable

if TYPE_CHECKING:
    from collections.abc import Iterable

    from api_client.types.user_ids import UserIdRequest

_NOTE = 1000
_UNDECIDED = "You decided nothing here that could be taken back."
_VIEWS = [Choice("open requests", False), Choice("decided ones", True)]


class UserIdsScreen(DeskScreen):
    """The requests of all groups or of one, by the day they must be mailed."""

    HINT = "ID and code go by post only, to the address of record; nobody here sees them"
    AUTO_FOCUS = "VirtualTable"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]
    DEFAULT_CSS = """
    UserIdsScreen VirtualTable { height: 8; }
    UserIdsScreen #requests { height: 1fr; layout: vertical; }
    UserIdsScreen.-wide #requests { layout: horizontal; }
    UserIdsScreen.-wide VirtualTable { width: 74; height: 1fr; }
    UserIdsScreen.-wide #requests Rule { display: none; }
    UserIdsScreen Detail { height: 1fr; }
    """
    DECIDES = frozenset("adu")
    BINDINGS = [
        Binding("a", "approve", "approve", id="user_ids.approve"),
        Binding("d", "deny", "deny", id="user_ids.deny"),
        Binding("u", "undo", "undo my last", id="user_ids.undo"),
        Binding("f", "filter", "filter", id="user_ids.filter"),
        Binding("i", "users", "the client's IDs", show=False, id="user_ids.users"),
    ]

    def __init__(
        self, group: str | None = None, *, at: str | None = None, done: bool = False, last: str | None = None
    ) -> None:
        """`at` is the request to stand on, `last` the one that `u` takes back."""
        super().__init__()
        self._group = group
        self._at = at
        self._done = done
        self._last = last
        self._request: UserIdRequest | None = None

    def subject(self) -> Content:
        return presentation.subject(done=self._done, group=self._group)

    def about(self) -> About | None:
        return About(self._group) if self._group else None

    def compose_body(self) -> ComposeResult:
        whose = " of this group" if self._group else ""
        table = VirtualTable(
            presentation.COLUMNS,
            self._page,
            nothing=f"No request{whose} waits. f shows the decided ones.",
            no_match=f"No request{whose} is decided yet; Esc shows the open ones.",
            around=self._at,
            explain=self.explain,
            opens=False,
        )
        table.filtered = self._done
        with Container(id="requests"):
            yield table
            yield Rule()
            yield Detail()

    async def _page(self, cursor: str | None, around: str | None) -> TablePage:
        view = "done" if self._done else "open"
        page = await self.client.user_ids.list(view, group=self._group, cursor=cursor)
        now = self.desk.now()
        return TablePage([presentation.row(one, now) for one in page.rows], page.next, page.previous)

    @property
    def _table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    @property
    def _under_cursor(self) -> UserIdRequest | None:
        """The highlighted request, once it is on the screen."""
        request = self._request
        return request if request is not None and request.id == self._table.cursor_key else None

    # what is shown

    def load(self) -> None:
        """The list fetches itself at first."""
        if self._table.shown is not Shown.LOADING:
            self._table.reload()
        self._look_again()

    def on_change(self, change: Changed) -> None:
        if change.kind in (EventKind.USER_ID_REQUEST, EventKind.RESET):
            self._table.look_again()
        request = self._request
        if request is not None and change.subject in (request.id, request.group_number, ""):
            self._look_again()

    def _look_again(self) -> None:
        key = self._table.cursor_key
        if key is not None:
            self.fetch(self.client.user_ids.show(key), self._shown, group="detail")

    @on(VirtualTable.Highlighted)
    def _highlighted(self, event: VirtualTable.Highlighted) -> None:
        if self._request is None or self._request.id != event.key:
            self._request = None
            self.query_one(Detail).show(lambda _: plain(f" {event.key}  loading ..."))
        self.fetch(self.client.user_ids.show(event.key), self._shown, group="detail", hold_keys=True)

    def _shown(self, request: UserIdRequest) -> None:
        if request == self._request:
            return
        self._request = request
        view = self.query_one(Detail)
        view.show(lambda width: presentation.detail(request, self.desk.now(), width))
        view.scroll_home(animate=False)
        self.refresh_bindings()
        self.painted()

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """What is not possible stays visible, greyed."""
        request = self._request
        waits = request is not None and request.state in OPEN_USER_ID_STATES
        possible = {
            "approve": request is not None and request.can_approve,
            "deny": waits,
            "undo my last": self._target() is not None,
        }
        for key, does, enabled in DeskScreen.keys(self):
            yield key, does, possible.get(does, enabled)

    def why(self) -> Content | None:
        request = self._under_cursor
        return plain(presentation.WHY_DATES) if request is None else presentation.why(request)

    def again(self) -> DeskScreen | None:
        return UserIdsScreen(self._group, at=self._table.cursor_key, done=self._done, last=self._last)

    # which requests

    def action_filter(self) -> None:
        """Open requests or decided ones."""
        self.pick("show", _VIEWS, self._show_view)

    def _show_view(self, done: bool) -> None:
        if done != self._done:
            self._done = done
            self.show_subject()
            self._request = None
            self.query_one(Detail).show(lambda _: plain(""))
            self.refresh_bindings()
            self._table.restart(filtered=done)

    def action_back(self) -> None:
        """The filter first, then the screen."""
        if self._done:
            self._show_view(False)
        else:
            super().action_back()

    def action_users(self) -> None:
        """The user IDs of this client, or of the one whose request is highlighted."""
        from screens.user_ids.users import UsersScreen

        request = self._under_cursor
        group = self._group or (request.group_number if request is not None else None)
        if group is None:
            self.refuse("No request stands here whose client has IDs.")
        else:
            self.app.push_screen(UsersScreen(group))

    # decisions

    def action_approve(self) -> None:
        """Approve the highlighted request."""
        request = self._under_cursor
        if request is None:
            self.refuse("No request stands here to approve.")
        elif not request.can_approve:
            self.refuse(request.approve_sentence)
        else:
            self.confirm(presentation.approve_line(request), partial(self._approve, request))

    def _approve(self, request: UserIdRequest) -> None:
        work = self.client.user_ids.approve(request.id, request.version)
        self.act(work, self._decided, otherwise=partial(self._changed_meanwhile, request))

    def action_deny(self) -> None:
        """Deny the highlighted request for a reason."""
        request = self._under_cursor
        if request is None:
            self.refuse("No request stands here to deny.")
        elif request.state not in OPEN_USER_ID_STATES:
            self.refuse("This request is decided already.")
        else:
            title = f"deny {request.id}: why?"
            self.pick(title, presentation.DENY_CHOICES, partial(self._ask_note, request))

    def _ask_note(self, request: UserIdRequest, reason: DenyReason) -> None:
        title = f"note to {request.id}, or none:"
        self.write(title, partial(self._ask_denial, request, reason), limit=_NOTE, optional=True)

    def _ask_denial(self, request: UserIdRequest, reason: DenyReason, note: str) -> None:
        note = visible_line(note)
        line = presentation.deny_line(request, reason, note)
        self.confirm(line, partial(self._deny, request, reason, note))

    def _deny(self, request: UserIdRequest, reason: DenyReason, note: str) -> None:
        work = self.client.user_ids.deny(request.id, request.version, reason, note)
        self.act(work, self._decided, otherwise=partial(self._changed_meanwhile, request))

    def _decided(self, request: UserIdRequest) -> None:
        self._last = request.id
        self._take_in(request)
        self.say(presentation.decided(request, self.desk.now()))

    def _take_in(self, request: UserIdRequest) -> None:
        """The answer to a decision: its row says so, and the detail where it is highlighted."""
        self._table.put(presentation.row(request, self.desk.now()))
        if request.id == self._table.cursor_key:
            self._shown(request)
        self._table.look_again()
        self.refresh_bindings()

    def _changed_meanwhile(self, seen: UserIdRequest, error: Exception) -> bool:
        from api_client.errors import Stale

        if not isinstance(error, Stale):
            return False
        self.fetch(self.client.user_ids.show(seen.id), partial(self._tell_change, seen), group="conflict")
        return True

    def _tell_change(self, seen: UserIdRequest, present: UserIdRequest) -> None:
        self._take_in(present)
        self.say(presentation.conflict(seen, present))

    # taking back

    def _target(self) -> str | None:
        """The last request decided here; after a new start the highlighted one, if it still can be."""
        request = self._request
        if self._last is None and request is not None and request.undo_until is not None:
            return request.id if request.undo_until > self.desk.now() else None
        return self._last

    def action_undo(self) -> None:
        """Take my last decision back."""
        number = self._target()
        if number is None:
            self.refuse(_UNDECIDED)
        else:
            self.fetch(self.client.user_ids.show(number), self._ask_undo, group="undo", hold_keys=True)

    def _ask_undo(self, request: UserIdRequest) -> None:
        if request.undo_until is None or request.undo_until <= self.desk.now():
            self._last = None
            self.refresh_bindings()
            self.refuse(f"The time to take {request.id} back is over.")
        else:
            self.confirm(presentation.undo_line(request), partial(self._undo, request))

    def _undo(self, request: UserIdRequest) -> None:
        work = self.client.user_ids.undo(request.id, request.version)
        self.act(work, self._taken_back, otherwise=partial(self._changed_meanwhile, request))

    def _taken_back(self, request: UserIdRequest) -> None:
        self._last = None
        self._take_in(request)
        self.say(lines(plain(f"{request.id} waits again; nothing is mailed.")))


__all__ = ["UserIdsScreen"]
