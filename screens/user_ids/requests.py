"""User-ID requests by the day they must be mailed, and those of one client with the newest first."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Container
from textual.content import Content

from api_client.types.user_id_words import (
    ON_THE_WAY_STATES,
    OPEN_USER_ID_STATES,
    RequestView,
    UserIdRequestState,
)
from api_client.types.words import EventKind
from screens.user_ids import detail, presentation
from screens.user_ids.attaching import Attaching
from screens.user_ids.page import FaxPages
from screens.user_ids.register import RegisterScreen
from screens.user_ids.words import EMPTY, WHY_DATES
from screens.widgets.chrome import Rule
from screens.widgets.desk import About, Changed
from screens.widgets.detail import Detail
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain
from screens.widgets.virtual_table import Shown, TablePage, VirtualTable

if TYPE_CHECKING:
    from api_client.types.user_ids import UserIdRequest


class UserIdsScreen(Attaching, FaxPages):
    """A list with the request under its cursor."""

    HINT = "x registers a fax; ID and code go by post only, and nobody here sees them"
    AUTO_FOCUS = "VirtualTable"
    HORIZONTAL_BREAKPOINTS = [(0, "-narrow"), (120, "-wide")]
    DEFAULT_CSS = """
    UserIdsScreen VirtualTable { height: 7; }
    UserIdsScreen.-of-group VirtualTable { height: 5; }
    UserIdsScreen #requests { height: 1fr; layout: vertical; }
    UserIdsScreen.-wide #requests { layout: horizontal; }
    UserIdsScreen.-wide VirtualTable { width: 76; height: 1fr; }
    UserIdsScreen.-wide #requests Rule { display: none; }
    UserIdsScreen Detail { height: 1fr; }
    """
    BINDINGS = [
        Binding("f", "filter", "filter", id="user_ids.filter"),
        Binding("x", "register", "register fax", id="user_ids.register"),
        Binding("i", "users", "the client's IDs", show=False, id="user_ids.users"),
    ]

    def __init__(
        self,
        group: str | None = None,
        *,
        at: str | None = None,
        view: RequestView | None = None,
        last: str | None = None,
        word: str = "",
    ) -> None:
        """`at` is the request to stand on, `last` the one that `u` takes back, `word` is said at first."""
        super().__init__(last=last)
        self._group = group
        self._at = at
        self._view = view or presentation.standard_view(group)
        self._word = word
        self._request: UserIdRequest | None = None
        self.set_class(group is not None, "-of-group")

    def subject(self) -> Content:
        return presentation.subject(self._view, self._group)

    def about(self) -> About | None:
        return About(self._group) if self._group else None

    def compose_body(self) -> ComposeResult:
        table = VirtualTable(
            presentation.COLUMNS,
            self._page,
            nothing=EMPTY[presentation.standard_view(self._group)],
            no_match="No request is in this view; Esc goes back to the first one.",
            around=self._at,
            explain=self.explain,
            opens=False,
        )
        table.filtered = self._filtered
        with Container(id="requests"):
            yield table
            yield Rule()
            yield Detail()

    async def _page(self, cursor: str | None, around: str | None) -> TablePage:
        page = await self.client.user_ids.list(self._view, group=self._group, cursor=cursor)
        now = self.desk.now()
        asked = presentation.begin_on(page.rows) if self._view is RequestView.ALL else None
        rows = [presentation.row(one, now) for one in page.rows]
        return TablePage(rows, page.next, page.previous, begin_on=asked)

    @property
    def _table(self) -> VirtualTable:
        return self.query_one(VirtualTable)

    @property
    def under_cursor(self) -> UserIdRequest | None:
        request = self._request
        return request if request is not None and request.id == self._table.cursor_key else None

    # what is shown

    def load(self) -> None:
        """The list fetches itself at first."""
        if self._table.shown is not Shown.LOADING:
            self._table.reload()
        self._look_again()
        if self._word:
            self.say(self._word)
            self._word = ""

    def on_screen_resume(self) -> None:
        """What changed while another screen stood here was not heard; the cursor stays on its request."""
        if self._request is not None:
            self._table.look_again()
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
            self.fetch(self.client.user_ids.show(key), self._show_request, group="detail")

    @on(VirtualTable.Highlighted)
    def _highlighted(self, event: VirtualTable.Highlighted) -> None:
        if self._request is None or self._request.id != event.key:
            self._request = None
            self.query_one(Detail).show(lambda _: plain(f" {event.key}  loading ..."))
        self.fetch(self.client.user_ids.show(event.key), self._show_request, group="detail", hold_keys=True)

    def _show_request(self, request: UserIdRequest) -> None:
        if request == self._request:
            return
        another = self._request is None or self._request.id != request.id
        self._request = request
        view = self.query_one(Detail)
        view.show(lambda width: detail.detail(request, self.desk.now(), width))
        if another:
            view.scroll_home(animate=False)
        self.refresh_bindings()
        self.painted()

    def take_in(self, request: UserIdRequest) -> None:
        self._table.put(presentation.row(request, self.desk.now()))
        if request.id == self._table.cursor_key:
            self._show_request(request)
        self._table.look_again()
        self.refresh_bindings()

    def keys(self) -> Iterable[tuple[str, str, bool]]:
        """Those that fit how far the request is; what is not possible stays visible, greyed."""
        known = [binding for _, binding, _, _ in self.active_bindings.values()]
        # Of keys that do the same the first is shown: / and not a digit.
        keys = {one.description: self.app.get_key_display(one) for one in reversed(known) if one.id}
        possible = self.possible()
        for does in self._wanted_keys():
            if does in keys:
                yield keys[does], self._named(does), possible.get(does, True)

    def _wanted_keys(self) -> tuple[str, ...]:
        request = self._request
        if request is None:
            return "register fax", "filter", "find"
        if request.state in OPEN_USER_ID_STATES:
            act = "undo" if request.can_undo else "ask client"
            return "approve", "deny", act, "fax page", "filter"
        act = "new letter" if request.state in ON_THE_WAY_STATES else "undo"
        return act, "fax page", "register fax", "filter", "the client's IDs"

    def _named(self, does: str) -> str:
        request = self._request
        if does == "ask client" and request is not None and request.state is UserIdRequestState.INCOMPLETE:
            return "take answer"
        return does

    def why(self) -> Content | None:
        request = self.under_cursor
        return plain(WHY_DATES) if request is None else detail.why(request)

    def again(self) -> DeskScreen | None:
        return UserIdsScreen(self._group, at=self._table.cursor_key, view=self._view, last=self.last)

    # which requests

    @property
    def _filtered(self) -> bool:
        return self._view is not presentation.standard_view(self._group)

    def action_filter(self) -> None:
        """Those that wait, that are to be mailed, on the way, or done."""
        self.pick("show", presentation.view_choices(self._group), self._show_view)

    def _show_view(self, view: RequestView, at: str | None = None) -> None:
        if view is self._view:
            return
        self._view = view
        self.say("")
        self.show_subject()
        self._request = None
        self.query_one(Detail).show(lambda _: plain(""))
        self.refresh_bindings()
        self._table.restart(filtered=self._filtered)
        if at is not None:
            self._table.reload(at)

    def action_back(self) -> None:
        """What is being sent first, then the view, then the screen."""
        if self._filtered and not self.sending:
            self._show_view(presentation.standard_view(self._group))
        else:
            super().action_back()

    # to other screens

    def action_users(self) -> None:
        """The user IDs of this client, or of the one whose request is highlighted."""
        from screens.user_ids.users import UsersScreen

        request = self.under_cursor
        group = self._group or (request.group_number if request is not None else None)
        if group is None:
            self.say("No request stands here whose client has IDs.")
        else:
            self.app.push_screen(UsersScreen(group))

    def action_register(self) -> None:
        """Type a form in that came by fax."""
        self.app.push_screen(RegisterScreen(self._group))

    def registered(self, request: UserIdRequest, said: str) -> None:
        """To the new request, among those of its client."""
        if self._group is None:
            self.app.push_screen(UserIdsScreen(request.group_number, at=request.id, word=said))
            return
        if self._filtered:
            self._show_view(presentation.standard_view(self._group), request.id)
        else:
            self._table.reload(request.id)
        self.say(said)


__all__ = ["UserIdsScreen"]
