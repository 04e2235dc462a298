"""An act by phone that is filled in: one line after another, then what will happen, then it is done."""

from __future__ import annotations

from collections.abc import Mapping
from functools import partial
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.content import Content

from api_client.types.call_words import PhoneAct
from screens.calls import act_fields, act_words
from screens.widgets.chrome import Rule
from screens.widgets.desk import About
from screens.widgets.detail import Detail
from screens.widgets.form import Form
from screens.widgets.form import values as form_values
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain

if TYPE_CHECKING:
    from api_client.types.enrollment import Effects, Receipt

_LEAVE = plain("leave the form: nothing is done, and what is typed is lost")
_KEPT = "Nothing was done; what you typed is kept."


class ActFormScreen(DeskScreen):
    """Nothing typed is lost on an error, and nothing is done before it was said what it does."""

    AUTO_FOCUS = "#fields LineField"
    DECIDES = frozenset({"enter"})
    DEFAULT_CSS = """
    ActFormScreen #effects { height: 1fr; }
    """
    BINDINGS = [
        Binding("f12", "look_ahead", "what it does", key_display="F12", id="act.look_ahead"),
        Binding("down", "step(1)", "next line", show=False, id="act.next"),
        Binding("up", "step(-1)", "line before", show=False, id="act.previous"),
    ]

    def __init__(self, group: str, act: PhoneAct, *, mrn: str = "") -> None:
        """`mrn` is whose it is, or for a new dependent of whose family; empty where the form asks."""
        super().__init__()
        self._group = group
        self._act = act
        self._mrn = mrn
        self._fields = act_fields.fields_of(act, mrn)
        self._done = False

    def subject(self) -> Content:
        return act_words.form_subject(self._act, self._group, self._mrn)

    def about(self) -> About | None:
        return About(self._group, self._mrn)

    def compose_body(self) -> ComposeResult:
        yield Form(self._fields)
        yield Rule()
        yield Detail(id="effects")

    def load(self) -> None:
        """Nothing is fetched: what is on record stays with the backend."""
        self.say(act_words.form_hint(self._act))

    def again(self) -> DeskScreen | None:
        return ActFormScreen(self._group, self._act, mrn=self._mrn)

    # filling in

    @property
    def _form(self) -> Form:
        return self.query_one(Form)

    @on(Form.Filled)
    def _filled(self) -> None:
        """Enter on the last line says what will happen."""
        self.action_look_ahead()

    def action_step(self, by: int) -> None:
        """To the line above or below."""
        self._form.step(by)

    # what will happen

    def action_look_ahead(self) -> None:
        """Ask the backend what it would do; nothing is done yet."""
        if self._done:
            self.refuse("It is done; Esc goes back.")
            return
        typed = self._form.typed
        errors = act_fields.errors(self._act, self._fields, typed)
        self._form.show_wrong(errors)
        if errors:
            self._tell(plain(""))
            self.say("Put right what is said beside the lines; nothing is lost.")
            return
        values = self._values(typed)
        work = self.client.enrollment.phone_effects(self._group, act_fields.TYPES[self._act], **values)
        self.fetch(work, partial(self._ahead, values), group="effects", otherwise=self._stays)

    def _values(self, typed: Mapping[str, str]) -> dict[str, object]:
        values = form_values(self._fields, typed)
        return {"mrn": self._mrn, **values} if self._mrn else values

    def _ahead(self, values: dict[str, object], found: Effects) -> None:
        self._tell(partial(act_words.effects, found))
        if act_words.possible(found):
            line = act_words.confirm_line(self._act, found, self._group, str(values.get("mrn", "")))
            self.confirm(line, partial(self._submit, values))
        else:
            self.say(_KEPT)

    def _stays(self, error: Exception) -> bool:
        """What is wrong stands beside its line; without the right to it the keys of the call work at once."""
        from api_client.errors import Invalid, NotFound, NotVerified

        if isinstance(error, Invalid | NotFound) and error.trouble.errors:
            self._form.show_wrong(error.trouble.errors)
            self.say(f"{error.detail} {_KEPT}")
            return True
        if isinstance(error, NotVerified):
            self.set_focus(None)
            self.say(f"{error.detail} What you typed is kept.")
            return True
        return False

    # doing it

    def _submit(self, values: dict[str, object]) -> None:
        work = self.client.enrollment.phone(self._group, act_fields.TYPES[self._act], **values)
        self.act(work, self._submitted, otherwise=self._stays)

    def _submitted(self, receipt: Receipt) -> None:
        self._done = True
        self._form.freeze()
        self.set_focus(None)
        self._tell(partial(act_words.receipt, receipt))
        self.say("Esc goes back.")

    def _tell(self, says: Content | partial[Content]) -> None:
        detail = self.query_one("#effects", Detail)
        detail.show((lambda _: says) if isinstance(says, Content) else says)

    def action_back(self) -> None:
        """Asks first where something is typed that would be lost."""
        if self._done or not any(self._form.typed.values()):
            super().action_back()
        else:
            self.confirm(_LEAVE, super().action_back)


__all__ = ["ActFormScreen"]
