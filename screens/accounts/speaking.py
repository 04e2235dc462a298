"""A lead registers who may speak for a member: step by step, and one line that says it all before."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from functools import partial
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.call_words import RepresentativeKind
from api_client.types.visible import visible_line
from screens.widgets.prompt import Choice
from screens.widgets.text import join

if TYPE_CHECKING:
    from api_client.types.people import Representatives
    from screens.accounts.member import PersonScreen

KINDS = {RepresentativeKind.PARENT: "parent", RepresentativeKind.PERSONAL: "personal representative"}
_CHOICES = [
    Choice("the parent of a minor", RepresentativeKind.PARENT),
    Choice("a personal representative", RepresentativeKind.PERSONAL),
]
_NAME, _DOCUMENT, _DAY = 80, 120, 10


@dataclass(frozen=True)
class _Wanted:
    mrn: str
    kind: RepresentativeKind
    name: str = ""
    document: str = ""
    valid_to: date | None = None


def line(wanted: _Wanted) -> Content:
    """The line that Enter confirms."""
    until = f", until {wanted.valid_to}" if wanted.valid_to else ""
    who = (f"{wanted.name}, {KINDS[wanted.kind]}", "bold")
    return join("may speak for MRN ", (wanted.mrn, "bold"), ": ", who, f", by {wanted.document}{until}")


class Registering:
    """Asks one thing after the other; Esc at any of them registers nothing."""

    def __init__(self, screen: PersonScreen, group: str, mrn: str, done: Callable[[], None]) -> None:
        self._screen = screen
        self._group = group
        self._mrn = mrn
        self._done = done

    def begin(self) -> None:
        """Ask why they may speak."""
        self._screen.pick("who may speak for them?", _CHOICES, self._ask_name)

    def _ask_name(self, kind: RepresentativeKind) -> None:
        wanted = _Wanted(self._mrn, kind)
        self._screen.write("their name:", partial(self._ask_document, wanted), limit=_NAME)

    def _ask_document(self, wanted: _Wanted, name: str) -> None:
        wanted = replace(wanted, name=visible_line(name))
        title = "the document that was seen, and where it is filed:"
        self._screen.write(title, partial(self._ask_end, wanted), limit=_DOCUMENT)

    def _ask_end(self, wanted: _Wanted, document: str) -> None:
        wanted = replace(wanted, document=visible_line(document))
        title = "valid to (such as 2027-06-30; empty: no end, a parent's ends with the minority):"
        self._screen.write(title, partial(self._ask_all, wanted), limit=_DAY, optional=True)

    def _ask_all(self, wanted: _Wanted, typed: str) -> None:
        try:
            valid_to = date.fromisoformat(typed.strip()) if typed.strip() else None
        except ValueError:
            self._screen.refuse(f"{visible_line(typed)} is no date: type it as 2027-06-30. Nothing is saved.")
            return
        wanted = replace(wanted, valid_to=valid_to)
        self._screen.confirm(line(wanted), partial(self._register, wanted))

    def _register(self, wanted: _Wanted) -> None:
        work = self._screen.client.accounts.add_representative(
            self._group, wanted.mrn, wanted.name, wanted.kind, wanted.document, valid_to=wanted.valid_to
        )
        self._screen.act(work, partial(self._registered, wanted))

    def _registered(self, wanted: _Wanted, _: Representatives) -> None:
        self._done()
        self._screen.say(f"{wanted.name} may speak for MRN {wanted.mrn} from now on.")
