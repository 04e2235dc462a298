"""Papers beside a request: the page of its faxed form in the viewer, and the blank form for who asks."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.binding import Binding

from screens.widgets.outside import Outside
from screens.widgets.virtual_table import VirtualTable

if TYPE_CHECKING:
    from api_client.types.user_ids import UserIdRequest

NO_REQUEST = "No request stands here whose page could be opened."


class FaxPages(Outside):
    """`p` opens the page of the request under the cursor; it goes when the cursor moves on."""

    INSTEAD = "A fax page is a picture and is not read as text: look at the fax itself, or at another desk."
    BINDINGS = [
        Binding("p", "page", "fax page", show=False, id="user_ids.page"),
        Binding("b", "form", "blank form", show=False, id="user_ids.form"),
    ]
    _page_of = ""
    """The request whose page is open, or on its way."""

    @property
    def under_cursor(self) -> UserIdRequest | None:
        """The highlighted request, once it is on the screen."""
        raise NotImplementedError

    def action_page(self) -> None:
        """Open the page of the highlighted request."""
        request = self.under_cursor
        if request is None:
            self.refuse(NO_REQUEST)
        elif request.page is None:
            self.refuse(f"No page is kept with {request.id}; s attaches one.")
        else:
            self.desk.viewer.put_away(self)
            self._page_of = number = request.id
            fetch = partial(self.client.user_ids.page, number)
            self.show_outside(f"The page of {number}", fetch, still=lambda: self._page_of == number)

    def action_form(self) -> None:
        """The blank form and the tour, for whoever is on the line."""
        from screens.user_ids.form import FormScreen

        self.app.push_screen(FormScreen())

    @on(VirtualTable.Highlighted)
    def _page_goes(self, event: VirtualTable.Highlighted) -> None:
        """No page of one request stands beside the fields of another."""
        if self._page_of and event.key != self._page_of:
            self._page_of = ""
            self.desk.viewer.put_away(self)


__all__ = ["FaxPages"]
