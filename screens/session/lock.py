"""The lock: opaque, says nothing about anybody, and opens with the password alone."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from textual import on
from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.content import Content
from textual.widgets import Input, Static

from screens.session.door import Door
from screens.widgets.field import LineField
from screens.widgets.screen import DeskScreen
from screens.widgets.text import plain

if TYPE_CHECKING:
    from api_client.types.session import Session


class LockScreen(DeskScreen):
    """Stands there until the password of the locked session is typed, or another rep takes over."""

    DEFAULT_CSS = """
    LockScreen #form { padding: 2 4; height: auto; }
    LockScreen Input { width: 40; background: $panel; }
    """
    AUTO_FOCUS = "#password"
    BINDINGS = [
        Binding("ctrl+n", "another", "another rep signs in", id="lock.another"),
        Binding("escape", "clear", "clear", show=False, id="lock.clear"),
    ]

    def __init__(
        self, door: Door, unlocked: Callable[[Session], None], signed_out: Callable[[], None]
    ) -> None:
        super().__init__()
        self._door = door
        self._unlocked = unlocked
        self._signed_out = signed_out

    def subject(self) -> Content:
        return plain("locked")

    def compose_body(self) -> ComposeResult:
        with Vertical(id="form"):
            yield Static(plain("The desk is locked. Type your password to go on."))
            yield Static(plain(""))
            yield LineField(id="password", compact=True, max_length=256, password=True)

    @on(Input.Submitted)
    def _submitted(self, event: Input.Submitted) -> None:
        event.stop()
        password = event.value
        event.input.value = ""
        if password:
            self.act(self._door.unlock(password), self._unlocked, hold_keys=True)

    def action_another(self) -> None:
        """End the locked session; the sign-in comes back."""
        self.act(self._door.sign_out(), lambda _: self._signed_out())

    def action_clear(self) -> None:
        """Empty the field."""
        self.query_one("#password", Input).value = ""
