"""A form about a user-ID request: F12 saves it, Esc keeps it as a draft, and so do the lock and a crash."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.widgets import Input

from screens.calls.notes import drafts_of
from screens.user_ids.fields import errors
from screens.widgets.chrome import Rule
from screens.widgets.detail import Detail
from screens.widgets.form import Field, Form, values
from screens.widgets.screen import DeskScreen

if TYPE_CHECKING:
    from screens.user_ids.requests import UserIdsScreen

_KEPT = "What you typed is kept as a draft; the same key goes on with it."
_WRONG = "Put right what is said beside the lines; nothing is lost."


class DraftedForm(DeskScreen):
    """The form, and below it what is to be known while it is filled in."""

    AUTO_FOCUS = "#fields LineField"
    DEFAULT_CSS = "DraftedForm Detail { height: 1fr; }"
    BINDINGS = [
        Binding("f12", "save", "save", key_display="F12", id="user_ids.save"),
        Binding("down", "step(1)", "next line", show=False, id="user_ids.next_line"),
        Binding("up", "step(-1)", "line before", show=False, id="user_ids.line_before"),
    ]

    # what a form fills in

    @property
    def fields(self) -> Sequence[Field]:
        """Its lines."""
        raise NotImplementedError

    @property
    def draft(self) -> str:
        """Under which it is kept while it is not saved."""
        raise NotImplementedError

    @property
    def given(self) -> Mapping[str, str]:
        """What stands there before anything is typed."""
        return {}

    def action_save(self) -> None:
        """F12."""
        raise NotImplementedError

    # filling in

    def compose_body(self) -> ComposeResult:
        yield Form(self.fields)
        yield Rule()
        yield Detail()

    @property
    def form(self) -> Form:
        """The lines and what stands there."""
        return self.query_one(Form)

    def begin(self) -> None:
        """Bring back what was typed before."""
        self.fetch(drafts_of(self).fetch(self.draft), self._go_on_with, group="draft", hold_keys=True)

    def _go_on_with(self, before: str) -> None:
        if self._something(self.form.typed):
            return  # typed meanwhile
        self.form.fill(_read(before) or self.given)
        if before:
            self.say("What you typed before stands here again.")

    def _something(self, typed: Mapping[str, str]) -> bool:
        """Whether more stands there than was given."""
        return any(text.strip() and text != self.given.get(name) for name, text in typed.items())

    @on(Input.Changed)
    def _typed(self, event: Input.Changed) -> None:
        event.stop()
        if not self.done:
            typed = self.form.typed
            drafts_of(self).typed(self.draft, json.dumps(typed) if self._something(typed) else "")

    @on(Form.Filled)
    def _filled(self) -> None:
        self.say("F12 saves the form.")

    def action_step(self, by: int) -> None:
        """To the line above or below."""
        self.form.step(by)

    def read(self) -> dict[str, object] | None:
        """The values to send; None when something is wrong, which stands beside its line."""
        typed = self.form.typed
        found = errors(self.fields, typed)
        self.form.show_wrong(found)
        if found:
            self.say(_WRONG)
            return None
        return values(self.fields, typed)

    def stays(self, error: Exception) -> bool:
        """What is wrong stands beside its line; all that was typed stays."""
        from api_client.errors import Invalid, NotFound, NotVerified

        if isinstance(error, Invalid | NotFound):
            names = {one.name for one in self.fields}
            self.form.show_wrong(
                {name: words for name, words in error.trouble.errors.items() if name in names}
            )
            self.say(f"{error.detail} Nothing is lost.")
            return True
        if isinstance(error, NotVerified):
            self.set_focus(None)
            self.say(f"{error.detail} What you typed is kept.")
            return True
        return False

    # the end

    @property
    def done(self) -> bool:
        """Whether it is saved."""
        raise NotImplementedError

    def saved(self) -> None:
        """Nothing is kept as a draft any more."""
        drafts_of(self).forget(self.draft)

    def leave(self) -> UserIdsScreen | None:
        """Go back to the requests, where the answer is shown."""
        from screens.user_ids.requests import UserIdsScreen

        below = self.app.screen_stack[-2]
        self.dismiss()
        return below if isinstance(below, UserIdsScreen) else None

    def action_back(self) -> None:
        """The draft is kept, and where it is said."""
        kept = not self.done and self._something(self.form.typed)
        if self._acting:
            super().action_back()
            return
        below = self.leave()
        if kept and below is not None:
            below.call_later(below.say, _KEPT)


def _read(draft: str) -> dict[str, str]:
    """What was typed into which line; nothing of what is no such draft."""
    try:
        found = json.loads(draft)
    except ValueError:
        return {}
    return {str(name): str(text) for name, text in found.items()} if isinstance(found, dict) else {}


__all__ = ["DraftedForm"]
