"""Fields show what they are given and never hand it to the terminal."""

from __future__ import annotations

import pytest
from textual import events
from textual.app import App, ComposeResult

from api_client.types.visible import visible_line, visible_paragraph
from screens.widgets.field import LineField, TextField
from tests.screens.rep import HOSTILE


class Fields(App[None]):
    """A line, a password and a text."""

    def compose(self) -> ComposeResult:
        yield LineField(id="line")
        yield LineField(id="password", password=True)
        yield TextField()


@pytest.mark.parametrize("text", HOSTILE)
async def test_pasted_and_filled_in_text_is_visible_text(text: str) -> None:
    app = Fields()
    async with app.run_test() as pilot:
        line, area = app.query_one("#line", LineField), app.query_one(TextField)
        for field in (line, area):
            field.focus()
            await pilot.pause()
            app.post_message(events.Paste(text))
            await pilot.pause()
        assert line.value == visible_line((text.splitlines() or [""])[0])
        assert line.cursor_position == len(line.value)
        assert area.text == visible_paragraph(text)
        line.value = text
        assert line.value == visible_line(text)


async def test_a_pasted_password_is_what_it_was() -> None:
    app = Fields()
    async with app.run_test() as pilot:
        password = app.query_one("#password", LineField)
        password.focus()
        await pilot.pause()
        app.post_message(events.Paste("correct\u200bhorse"))
        await pilot.pause()
        assert password.value == "correct\u200bhorse"
