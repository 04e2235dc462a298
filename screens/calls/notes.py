"""`t`: a note to a group or a person of it; other screens call `write_note` with what they are about."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from screens.calls.verification import named
from screens.widgets.drafts import Drafts

if TYPE_CHECKING:
    from api_client.types.calls import Note
    from screens.widgets.desk import About
    from screens.widgets.screen import DeskScreen

LENGTH = 2000
"""Characters of a note at the most."""


def drafts_of(screen: DeskScreen) -> Drafts:
    """Where this screen keeps what is being written."""
    found = screen.query_one_optional(Drafts)
    if found is None:
        found = Drafts(lambda: screen.client.session)
        screen.mount(found)
    return found


def draft_subject(about: About) -> str:
    """Under which a note is kept as a draft; of a person it is a digest, for it stands in an address."""
    if not (about.mrn or about.receipt):
        return f"{about.group} note"
    person = hashlib.blake2b(f"{about.group} {about.mrn} {about.receipt}".encode(), digest_size=8)
    return f"note {person.hexdigest()}"


def write_kept(
    screen: DeskScreen, subject: str, title: str, then: Callable[[str], None], *, limit: int, value: str = ""
) -> None:
    """Ask for a longer text that begins with its draft, else with `value`; F12 sends it, Esc keeps it."""
    drafts = drafts_of(screen)

    def begin(before: str) -> None:
        typed = partial(drafts.typed, subject)
        screen.write(title, then, limit=limit, value=before or value, long=True, typed=typed)

    if drafts.knows(subject):
        begin(drafts.text(subject))
    else:
        screen.fetch(drafts.fetch(subject), begin, group="draft", hold_keys=True)


def write_note(screen: DeskScreen, about: About) -> None:
    """Write a note to what the screen shows: F12 saves it, Esc keeps it as a draft."""
    then = partial(_save, screen, about)
    write_kept(screen, draft_subject(about), f"note to {named(about)}:", then, limit=LENGTH)


def _save(screen: DeskScreen, about: About, text: str) -> None:
    work = screen.client.calls.note(about.group, text, mrn=about.mrn, receipt=about.receipt)
    screen.act(work, partial(_saved, screen, about), otherwise=partial(_not_saved, screen))


def _saved(screen: DeskScreen, about: About, _: Note) -> None:
    drafts_of(screen).forget(draft_subject(about))
    screen.action_refresh()
    screen.say(f"The note to {named(about)} is saved; o shows it.")


def _not_saved(screen: DeskScreen, _: Exception) -> bool:
    """The sentence stands on the banner; what was written is still there."""
    screen.say("The note is kept as a draft; t goes on with it.")
    return False
