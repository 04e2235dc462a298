"""The picture of the faxed form: a file of this workstation that is kept with its request."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from textual.binding import Binding

from api_client.types.visible import visible_line
from screens.user_ids import act_words as words
from screens.user_ids.deciding import Deciding
from screens.widgets.text import join

if TYPE_CHECKING:
    from api_client.types.user_ids import UserIdRequest

PATH = 500
"""Characters of a file's name with its folders, at the most."""


class Attaching(Deciding):
    """`s` attaches a file to the request under the cursor, and can be stopped while it is sent."""

    BINDINGS = [Binding("s", "attach", "attach page", show=False, id="user_ids.attach")]

    def __init__(self, *, last: str | None = None) -> None:
        super().__init__(last=last)
        self._file = ""
        """The name last typed; it stands there again after a file was not taken."""
        self.sending = ""
        """The request whose page is on its way."""

    def action_attach(self) -> None:
        """Ask for the file: the fax server's, or a scan."""
        request = self.under_cursor
        if request is None:
            self.refuse("No request stands here to attach a page to.")
        elif self.sending:
            self.refuse("A page is being sent; Esc stops it.")
        else:
            what = "file of the page" if request.page is None else "file of a new page, shown from then on,"
            title = f"{what} of {request.id} (TIFF or PDF):"
            self.write(title, partial(self._read_file, request), limit=PATH, value=self._file)

    def _read_file(self, request: UserIdRequest, name: str) -> None:
        self._file, self.sending = visible_line(name), request.id
        self.say(f"{request.id}: the file is read ...")
        otherwise = partial(self._not_attached, request)
        self.fetch(self.desk.read_file(name), partial(self._send, request), group="page", otherwise=otherwise)

    def _send(self, request: UserIdRequest, picture: bytes) -> None:
        self.say(words.sending(request.id, len(picture)))
        work = self.client.user_ids.keep_page(request.id, request.version, picture)
        otherwise = partial(self._not_attached, request)
        self.fetch(work, self._attached, group="page", otherwise=otherwise)

    def _attached(self, request: UserIdRequest) -> None:
        self._file = self.sending = ""
        self.take_in(request)
        self.say(words.kept(request))

    def _not_attached(self, request: UserIdRequest, error: Exception) -> bool:
        """The sentence, and the way to another file; what was typed stands there again."""
        self.sending = ""
        failure = self.explain(error)
        if failure.locked or self.changed_meanwhile(request, error):
            return not failure.locked
        self.say(join(f"{request.id}: ", failure.content(), "  s tries another file."))
        return True

    def action_back(self) -> None:
        """What is being sent is stopped first."""
        if not self.sending:
            super().action_back()
            return
        self.workers.cancel_group(self, "page")
        number, self.sending = self.sending, ""
        self.load()
        self.say(words.stopped(number))


__all__ = ["PATH", "Attaching"]
