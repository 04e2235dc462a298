"""The document of the five calls was written by the table that stands in the repository."""

from __future__ import annotations

import re

from tests.five_calls import BEGINS, CALLS, DOCUMENT, SIZE, begin_lines, end_line, presses, step_lines

_SCREEN = re.compile(r"\n```text\n(.*?)\n```\n\n", re.DOTALL)


def test_the_document_says_what_the_table_says() -> None:
    """Word for word but for the screens, and each screen has the words its step waits for."""
    document = DOCUMENT.read_text(encoding="utf-8")
    screens = _SCREEN.findall(document)
    shown = [step for call in CALLS for step in call.steps if step.shown]
    assert len(screens) == len(shown)
    for screen, step in zip(screens, shown, strict=True):
        assert step.words in screen, step.said
        lines = screen.splitlines()
        assert lines[0].startswith("KPREP ")
        assert lines[1].startswith("CALL C-")
        assert len(lines) <= SIZE[1]
        assert all(len(line) <= SIZE[0] for line in lines)
    written = BEGINS + "".join(
        begin_lines(call) + "".join(map(step_lines, call.steps)) + end_line(call) for call in CALLS
    )
    assert _SCREEN.sub("", document) == written


def test_each_call_begins_with_f9_and_is_wrapped_up_with_the_guess() -> None:
    for call in CALLS:
        pressed = [key for step in call.steps for key in presses(step)]
        assert pressed[0] == "f9"
        assert pressed[-2:] == ["w", "1"]
        assert call.steps[-1].words == "is closed"
