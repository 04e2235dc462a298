"""The command palette: every action of the screen in view, the areas, themes, lock and quit.

Built from the bindings, so that the palette, the key line and the help never say different things;
the toolkit's own commands (such as a screenshot of what stands on the screen) are not among them.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, Any, cast

from textual.binding import Binding
from textual.command import DiscoveryHit, Hit, Hits, Provider

from kprep_tui.themes import THEMES

if TYPE_CHECKING:
    from kprep_tui.app import KprepApp

_NOT_COMMANDS = (
    "move(",
    "page(",
    "first",
    "last",
    "find('",
    "command_palette",
    "help_quit",
    "focus",
    "app.",
    "screen.",
)


_KEY_NAMES = {
    "ctrl": "Ctrl",
    "enter": "Enter",
    "escape": "Esc",
    "pagedown": "PgDn",
    "pageup": "PgUp",
    "home": "Home",
    "end": "End",
    "down": "Down",
    "up": "Up",
    "left": "Left",
    "right": "Right",
    **{f"f{number}": f"F{number}" for number in range(1, 13)},
}


def key_name(binding: Binding) -> str:
    """The key's name as it stands on a keyboard, in plain ASCII."""
    if binding.key_display:
        return binding.key_display
    *modifiers, key = binding.key.split("+")
    name = _KEY_NAMES.get(key, key.upper() if modifiers else key)
    return "+".join([*(_KEY_NAMES.get(one, one.title()) for one in modifiers), name])


class Commands(Provider):
    """Offers what a key could do."""

    async def discover(self) -> Hits:
        for name, key, run in self._commands():
            yield DiscoveryHit(name, run, help=key)

    async def search(self, query: str) -> Hits:
        matcher = self.matcher(query)
        for name, key, run in self._commands():
            score = matcher.match(name)
            if score > 0:
                yield Hit(score, matcher.highlight(name), run, help=key)

    def _commands(self) -> Iterator[tuple[str, str, Callable[[], Any]]]:
        """(name, its key, what runs it); only words of this program, never data."""
        app = cast("KprepApp", self.app)
        offered = set[str]()
        for node, binding, enabled, _ in self.screen.active_bindings.values():
            told = binding.description in offered  # a second key of the same
            ours = (binding.id or "").startswith("call.") or not binding.action.startswith(_NOT_COMMANDS)
            if enabled and not told and binding.description and ours:
                offered.add(binding.description)
                run: Callable[[], Awaitable[bool]] = partial(app.run_action, binding.action, node)
                yield binding.description, app.get_key_display(binding), run
        if app.session is not None:
            yield "sign out", "", app.sign_out
        for name in THEMES:
            yield f"theme {name}", "", partial(app.use_theme, name)
