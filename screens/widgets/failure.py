"""What a rep is told when something went wrong."""

from __future__ import annotations

from dataclasses import dataclass

from textual.content import Content

from screens.widgets.text import join, plain


class Trouble(Exception):
    """Something outside the backend's answers went wrong; the text is a sentence for the rep."""


@dataclass(frozen=True, slots=True)
class Failure:
    """A sentence a rep can read aloud, and the reference that finds it in the logs."""

    sentence: str
    reference: str = ""
    locked: bool = False
    """Nothing went wrong: the caller on the line may not hear it."""

    def content(self) -> Content:
        """The sentence with its reference."""
        if not self.reference:
            return plain(self.sentence)
        return join(self.sentence, ("  reference ", "$text-muted"), self.reference)
