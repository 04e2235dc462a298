"""Fields to write in: what is pasted or filled in becomes visible text before it stands on the screen.

The toolkit's own fields send a pasted escape sequence to the terminal as it is.
"""

from __future__ import annotations

from textual import events
from textual.widgets import Input, TextArea

from api_client.types.visible import visible_line, visible_paragraph


class LineField(Input):
    """One line; of a pasted text the first one. A password is never drawn and stays as it is."""

    def validate_value(self, value: str) -> str:
        """Called by the toolkit before a value is taken."""
        return value if self.password else visible_line(value)

    def _on_paste(self, event: events.Paste) -> None:
        """Runs before the toolkit's own handler, which then places the cursor behind what is shown."""
        lines = event.text.splitlines() or [""]
        event.text = self.validate_value(lines[0])


class TextField(TextArea):
    """Several lines."""

    async def _on_paste(self, event: events.Paste) -> None:
        """Runs before the toolkit's own handler."""
        event.text = visible_paragraph(event.text)
