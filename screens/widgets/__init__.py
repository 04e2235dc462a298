'''The base every room of the desk builds on. A room screen looks like this:

    class RequestsScreen(DeskScreen):
        """The user-ID requests that wait."""

        HINT = "a group number or name finds the account"
        BINDINGS = [Binding("a", "approve", "approve", id="user_ids.approve")]   # ids can be remapped

        def subject(self) -> Content:                    # head line: KPREP  M.Lopez  USER IDS  ONLINE ...
            return plain("USER IDS")

        def compose_body(self) -> ComposeResult:         # 80 columns, 21 rows are yours at 80x24
            yield VirtualTable(COLUMNS, self._page, nothing="No request waits.", explain=self.explain)
            yield Rule()
            yield Static(id="detail")                    # .update(Content), never a str of data

        async def _page(self, cursor: str | None, around: str | None) -> TablePage:
            page = await self.client.user_ids.list(cursor=cursor, around=around)
            return TablePage([presentation.row(one) for one in page.rows], page.next, page.previous)

        @on(VirtualTable.Highlighted)
        def _show(self, event: VirtualTable.Highlighted) -> None:
            # awaited outside, called back inside this screen's loop; a newer fetch of the group wins
            self.fetch(self.client.user_ids.show(event.key), self._shown, group="detail", hold_keys=True)

        def _shown(self, request: UserIdRequest) -> None:
            self._request = request
            self.query_one("#detail", Static).update(presentation.detail(request))
            self.painted()                               # keys in DECIDES count 250 ms from here on

        def action_approve(self) -> None:
            request = self._request
            if request is None or not request.can_approve:
                self.refuse("why not, in a sentence")    # swallows the digit and Enter typed behind it
                return
            self.confirm(join("approve ", request.id), lambda: self._approve(request))

        def _approve(self, request: UserIdRequest) -> None:
            self.act(self.client.user_ids.approve(request.id, request.version), self._approved)

`act` runs one write at a time and shows a failure on the banner; pass `otherwise=` to deal with some
error yourself (return True when you did). `pick` asks for a digit among `Choice`s, `write` for text.
`load()` is called on the first paint and on F7, `on_change(Changed)` for each live update (call
`table.look_again()`: it patches the rows in place and counts what is new), `why()` gives `?` its answer,
`again()` returns a fresh screen at the same record so that it comes back after the lock. `about()` names
the group or person shown: the bar of the call says what the caller proved for it, and `y`, `t`, `o` are
about it. A fetch that the caller may not hear locks the body by itself; when what was proved changes,
`on_change` hears a RESET, or `load()` is called where the body was locked. Open a screen
with `self.app.push_screen(...)`; Esc goes back. The first screen of accounts handles `FindText`.
Register the first screen of a room in `kprep_tui/areas.py`. What a cell or line says is a pure function
in the room's presentation.py made of `plain`, `join`, `lines`, `columns`, `urgent`. Contract types and
the client are imported under TYPE_CHECKING only; `api_client.types.words` may be imported anywhere.
'''
