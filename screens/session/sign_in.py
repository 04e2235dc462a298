"""Sign-in: painted at once, while the backend is reached or started behind it."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from screens.session.door import Door, Opening
from screens.widgets.field import LineField
from screens.widgets.screen import DeskScreen
from screens.widgets.text import paragraph, plain

if TYPE_CHECKING:
    from api_client.types.session import Session

_DEMO = "Enter signs in. This is a demo: all people and firms in it are invented."


class SignInScreen(DeskScreen):
    """Name and password; with a demo store both are filled in, and one Enter signs in."""

    DEFAULT_CSS = """
    SignInScreen #form { padding: 2 4; height: auto; }
    SignInScreen Input { width: 40; margin-bottom: 1; background: $panel; }
    SignInScreen .label { color: $text-muted; }
    """
    AUTO_FOCUS = "#username"
    BINDINGS = [
        Binding("ctrl+r", "remember", "keep me signed in on this workstation", id="sign_in.remember"),
    ]

    def __init__(self, door: Door, entered: Callable[[Session], None]) -> None:
        super().__init__()
        self._door = door
        self._entered = entered
        self._ready = False
        self._waiting = False
        self._can_remember = False
        self._remember = False
        self._prefilled = ""

    def subject(self) -> Content:
        return plain("sign-in")

    def compose_body(self) -> ComposeResult:
        with Vertical(id="form"):
            yield Static(plain("user name"), classes="label")
            yield LineField(id="username", compact=True, max_length=64)
            yield Static(plain("password"), classes="label")
            yield LineField(id="password", compact=True, max_length=256, password=True)
            yield Static(id="state")

    def load(self) -> None:
        self._ready = False
        self._state("reaching the backend ... (a first start prepares its data for up to a minute)")
        self.call_after_refresh(
            self.fetch, self._door.open(), self._opened, group="open", otherwise=self._not_opened
        )

    def _opened(self, opening: Opening) -> None:
        self._ready = True
        self._can_remember = opening.can_remember
        self.refresh_bindings()
        self._state(opening.word)
        if opening.session is not None:
            self._entered(opening.session)
            return
        self._prefill(opening)
        if self._waiting:
            self._send()

    def _prefill(self, opening: Opening) -> None:
        name, password = self._field("username"), self._field("password")
        if opening.username and not name.value:
            name.value = self._prefilled = opening.username
            if opening.password and not password.value:
                password.value = opening.password
                self._state(_DEMO)
            password.focus()

    def _not_opened(self, error: Exception) -> bool:
        self._waiting = False
        self._state("")
        return False

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        if event.input.id == "username" and not self._field("password").value:
            self._field("password").focus()
        else:
            self._send()

    def _send(self) -> None:
        """Sign in; typed before the backend answers, it waits for that."""
        name, password = self._field("username").value.strip(), self._field("password").value
        if not self._ready:
            self._waiting = bool(name and password)
            return
        self._waiting = False
        if not name or not password:
            self.say("Type the user name and the password.")
            return
        self._state("signing in ...")
        self.act(
            self._door.sign_in(name, password, remember=self._remember),
            self._signed_in,
            otherwise=self._refused,
            hold_keys=True,
        )

    def _signed_in(self, answer: tuple[Session, str]) -> None:
        session, word = answer
        name = self._field("username")
        if name.value == self._prefilled:
            name.value = ""  # what was filled in is filled in anew after the sign-out
        self._field("password").value = ""
        self._state(word)
        self._entered(session)

    def _refused(self, error: Exception) -> bool:
        self._state("")
        field = self._field("password")
        field.value = ""
        field.focus()
        return False

    def action_remember(self) -> None:
        """Keep, or no longer keep, a credential of this workstation in the keyring."""
        self._remember = not self._remember
        self._state("This workstation will be remembered." if self._remember else "")

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        return self._can_remember if action == "remember" else super().check_action(action, parameters)

    def _field(self, name: str) -> Input:
        return self.query_one(f"#{name}", Input)

    def _state(self, words: str) -> None:
        self.query_one("#state", Static).update(paragraph(words))
