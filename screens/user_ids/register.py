"""`x` from the requests: a form that came by fax is registered, with the picture of its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content
from textual.widgets import Input

from screens.user_ids import act_words as words
from screens.user_ids.drafted import DraftedForm
from screens.user_ids.fields import PAGE, fax_fields
from screens.user_ids.words import REGISTER_HINT, WHY_DATES, WHY_REGISTER
from screens.widgets.desk import About
from screens.widgets.detail import Detail
from screens.widgets.form import Field
from screens.widgets.screen import DeskScreen
from screens.widgets.text import lines, plain

if TYPE_CHECKING:
    from api_client.types.user_ids import UserIdRequest

_NOT_YET = "Nothing is registered yet: put the file right, or empty its line and attach it later."


class RegisterScreen(DraftedForm):
    """The form counts although its picture is not taken; another file can be tried."""

    HINT = "Enter goes to the next line, F12 registers the form, Esc keeps it as a draft"

    def __init__(self, group: str | None = None) -> None:
        """`group` is whose requests the rep looked at."""
        super().__init__()
        self._group = group
        self._fields = fax_fields(lambda: self.desk.now())
        self._request: UserIdRequest | None = None
        """What was registered, while its page is still to come."""
        self._sending = False

    def subject(self) -> Content:
        return plain("USER IDS  register a fax")

    def about(self) -> About | None:
        return About(self._group) if self._group else None

    @property
    def fields(self) -> Sequence[Field]:
        return self._fields

    @property
    def draft(self) -> str:
        return f"fax form {self._group}" if self._group else "fax form"

    @property
    def given(self) -> Mapping[str, str]:
        return {"group_number": self._group} if self._group else {}

    @property
    def done(self) -> bool:
        return self._request is not None

    def load(self) -> None:
        """Nothing is fetched but what was typed before."""
        self._show_hint()
        if not self.done:
            self.begin()

    def why(self) -> Content | None:
        return lines(plain(WHY_REGISTER), plain(WHY_DATES))

    def again(self) -> DeskScreen | None:
        """Once it is registered there is nothing to come back to."""
        return None if self.done else RegisterScreen(self._group)

    def _show_hint(self) -> None:
        self.query_one(Detail).show(lambda width: lines(*plain(REGISTER_HINT).wrap(max(10, width))))

    # registering

    def action_save(self) -> None:
        """Register the form, with its page if a file is named; then only a page that was not taken."""
        found = self.read()
        if found is None:
            return
        name = str(found.pop(PAGE, ""))
        if self._sending:
            self.refuse("The page is being sent; Esc stops it.")
            return
        self._show_hint()
        if not name and self._request is not None:
            self._show(self._request, "")
        elif not name:
            self._register(found, None)
        else:
            self.say("the file is read ...")
            then, otherwise = partial(self._take_picture, found), partial(self._page_wrong, "")
            self.fetch(self.desk.read_file(name), then, group="page", otherwise=otherwise)

    def _take_picture(self, found: dict[str, object], picture: bytes) -> None:
        if self._request is None:
            self._register(found, picture)
        else:
            self._send(self._request, picture)

    def _register(self, found: dict[str, object], picture: bytes | None) -> None:
        from api_client.types.user_ids import RegisterFax

        form = RegisterFax.model_validate({"received_at": self.desk.now(), **found})
        work = self.client.user_ids.register(form)
        self.act(work, partial(self._registered, picture), otherwise=self.stays)

    def _registered(self, picture: bytes | None, request: UserIdRequest) -> None:
        self._request = request
        self.saved()
        self.form.freeze(but=PAGE)
        if picture is None:
            self._show(request, "")
        else:
            self._send(request, picture)

    # its page

    def _send(self, request: UserIdRequest, picture: bytes) -> None:
        self._sending = True
        self.say(f"{words.registered(request, self.desk.now())} {words.sending(request.id, len(picture))}")
        work = self.client.user_ids.keep_page(request.id, request.version, picture)
        otherwise = partial(self._page_wrong, words.registered(request, self.desk.now()))
        self.fetch(work, self._kept, group="page", otherwise=otherwise)

    def _kept(self, request: UserIdRequest) -> None:
        self._sending = False
        self._show(request, words.kept(request).plain)

    def _page_wrong(self, registered: str, error: Exception) -> bool:
        """The sentence stands at the line of the file, and what became of the form is said."""
        self._sending = False
        failure = self.explain(error)
        if failure.locked:
            return False
        self.form.show_wrong({PAGE: "was not taken"})
        if registered:
            self.say(f"{registered} Its page was not taken, see below: another file and F12, or Esc.")
        else:
            self.say(_NOT_YET)
        self.query_one(Detail).show(lambda width: lines(*failure.content().wrap(max(10, width))))
        self.query_one(f"#{PAGE}", Input).focus()
        return True

    # the end

    def _show(self, request: UserIdRequest, more: str) -> None:
        """To the request itself, where it is checked."""
        said = f"{words.registered(request, self.desk.now())} {more}".strip()
        below = self.leave()
        if below is not None:
            below.call_later(below.registered, request, said)

    def action_back(self) -> None:
        """What is being sent is stopped first; then to what was registered, or back with a draft."""
        if self._sending and self._request is not None:
            self.workers.cancel_group(self, "page")
            self._sending = False
            self.say(words.stopped(self._request.id))
        elif self._request is not None:
            self._show(self._request, "")
        else:
            super().action_back()


__all__ = ["RegisterScreen"]
