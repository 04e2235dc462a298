"""Letters of a group, and copies of them."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from api_client.types.common import (
    Answer,
    CleanLine,
    DisplayParagraph,
    DisplayText,
    Instant,
    Model,
    Money,
)
from api_client.types.enrollment import Refusal
from api_client.types.words import LetterKind, ReturnedMail


class LetterRow(Answer):
    """One letter, the newest first."""

    id: str
    kind: LetterKind
    title: DisplayText
    created_on: date
    mailed_on: date | None
    amount: Money | None = None
    ends_on: date | None = None
    """The day coverage ends, where it names one."""
    copy_of: str | None = None
    to: DisplayText
    """Addressee, such as the group or its broker."""
    asked_by: DisplayText = ""
    undo_until: Instant | None = None
    """Until when the rep who ordered it can take it back."""
    notices: int = 0
    """Subscribers who got their notice with it."""
    batch: DisplayText = ""
    """The mailing it went with."""
    returned_on: date | None = None
    """When the post brought it back."""
    settled: ReturnedMail | None = None
    """How that was settled; None while it is open."""


class LetterFigure(Answer):
    """One line of the table of a letter."""

    label: DisplayText
    value: DisplayText


class LetterText(Answer):
    """A letter as it reads, for the screen."""

    id: str
    title: DisplayText
    addressee: list[DisplayText]
    """Name, then the lines of the address."""
    dated: date
    paragraphs: list[DisplayParagraph]
    figures: list[LetterFigure] = []
    """What the letter shows in a table, such as the balance."""


class TakeBackLetter(Model):
    """Take back a letter that the rules wrote, before it is mailed."""

    reason: CleanLine = Field(min_length=3, max_length=200)


class ReturnedRow(Answer):
    """A letter the post brought back, and nobody has settled."""

    id: str
    kind: LetterKind
    title: DisplayText
    group_number: DisplayText
    group_name: DisplayText
    mailed_on: date
    returned_on: date
    holds_end: bool
    """Whether coverage does not end while it is open."""


class LetterReturned(Model):
    """The post brought a letter back."""

    returned_on: date


class SettleReturned(Model):
    """What was done about a letter that came back."""

    how: ReturnedMail
    note: CleanLine = Field(min_length=3, max_length=200)


class CopyLetter(Model):
    """Orders a copy of a letter to the address of record, or to the broker who asks for one."""

    to_broker: bool = False


class SendLetter(Model):
    """Orders what is sent on request: the request form, or the Cal-COBRA packet for a member."""

    group_number: CleanLine = Field(min_length=1, max_length=30)
    mrn: CleanLine = Field(default="", max_length=20)
    """Whose packet; empty for the request form, which goes to the client."""


# -- for operators: the mail room --------------------------------------------------------------------


class MailLetter(Answer):
    """What the mail room needs of one letter that was ordered."""

    number: str
    title: str
    copy_of: str | None
    """The letter whose text it repeats."""
    group_number: str
    addressee: str
    address: list[str]
    """Street, then city, state and zip."""
    amount: Money | None
    ends_on: date | None


class LettersDue(Answer):
    """Ordered letters that go with the next mailing."""

    due: list[MailLetter]


class LettersMailed(Answer):
    """What became of the letters of a file; twice changes nothing more."""

    mailed: int
    unchanged: int
    """They were mailed before."""
    refused: list[Refusal]
    file: DisplayText = ""
