"""What stands on the pages of a letter: words and figures, with nothing of how they look.

The same paper is read on the screen and printed, so both always say the same.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal


@dataclass(frozen=True, repr=False)
class Figure:
    """One line of a table."""

    label: str
    value: str


@dataclass(frozen=True, repr=False)
class Section:
    """A heading with what stands below it."""

    heading: str
    paragraphs: tuple[str, ...] = ()
    points: tuple[str, ...] = ()
    """One below the other, such as the steps of something to do."""


@dataclass(frozen=True, repr=False)
class Field:
    """One place of a form: filled in, to be filled in, or to be ticked."""

    label: str
    value: str = ""
    choices: tuple[str, ...] = ()


@dataclass(frozen=True, repr=False)
class Form:
    """A page to fill in and send back."""

    title: str
    intro: str
    fields: tuple[Field, ...]
    send: str
    """Where it goes, and by when."""


@dataclass(frozen=True, repr=False)
class Words:
    """What one kind of letter says; head, address and foot are the same for all."""

    title: str
    opening: tuple[str, ...]
    key: tuple[Figure, ...] = ()
    account_title: str = ""
    account: tuple[Figure, ...] = ()
    sections: tuple[Section, ...] = ()
    form: Form | None = None
    law: str = ""
    card: bool = False


@dataclass(frozen=True, repr=False)
class Letterhead:
    """Who writes."""

    name: str
    address: tuple[str, ...]
    phone: str
    hours: str


@dataclass(frozen=True, repr=False)
class Paper:
    """One letter."""

    number: str
    dated: date
    title: str
    letterhead: Letterhead
    addressee: tuple[str, ...]
    group: str
    """Group number for head and foot; empty where none may stand beside what the letter holds."""
    opening: tuple[str, ...]
    copied: tuple[str, ...] = ()
    """That it is a copy, of what and to whom; empty for the letter itself."""
    key: tuple[Figure, ...] = ()
    """What to do and by when, before anything else."""
    account_title: str = ""
    account: tuple[Figure, ...] = ()
    sections: tuple[Section, ...] = ()
    form: Form | None = None
    card: bool = False
    """Whether a member card is attached to it."""
    copies: str = ""
    law: str = ""

    @property
    def figures(self) -> tuple[Figure, ...]:
        """Every line of its tables."""
        return (*self.key, *self.account)

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """Everything else in the order it is read, each heading on the line above what it is about."""
        return tuple(self._paragraphs())

    def _paragraphs(self) -> Iterator[str]:
        yield from self.copied
        yield from self.opening
        for section in self.sections:
            yield "\n".join((section.heading, *section.paragraphs, *section.points))
        if self.form is not None:
            form = self.form
            yield "\n".join((form.title, form.intro, *map(_line, form.fields), form.send))
        yield from filter(None, (self.copies, self.law))


def _line(field: Field) -> str:
    """A place of a form on one line; one to be filled in ends in a blank."""
    if field.choices:
        return f"{field.label}: {', '.join(f'[ ] {one}' for one in field.choices)}"
    return f"{field.label}: {field.value or '______'}"


def money(amount: Decimal) -> str:
    """`$10,025.00`."""
    return f"-${-amount:,.2f}" if amount < 0 else f"${amount:,.2f}"


def day(on: date) -> str:
    """`October 1, 2026`."""
    return f"{on:%B} {on.day}, {on.year}"


def weekday(on: date) -> str:
    """`Thursday, October 1, 2026`."""
    return f"{on:%A}, {day(on)}"


def month(first: date) -> str:
    """`September 2026`."""
    return f"{first:%B %Y}"
