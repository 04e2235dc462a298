"""Letters of a group, and copies of them."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

from pydantic import Field

from api_client.types.billing_words import LetterKind, ReturnedMail
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
    """One letter of a mailing."""

    number: str
    kind: LetterKind
    title: str
    copy_of: str | None
    """The letter whose text it repeats."""
    group_number: str
    addressee: str
    facts: dict[str, Any]
    """Everything it says; user ID and code come to it where it is printed."""
    request: str = ""
    """The user-ID request it is about; several letters of one request are printed together."""


class LettersDue(Answer):
    """Letters that go with the next mailing."""

    batch: str
    """Number of the mailing; empty when nothing goes."""
    on: date
    """The day it goes; letters from which dates count go on no other."""
    due: list[MailLetter]
    refused: list[DisplayText] = []
    """What waits, with why."""


_Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
_Digest = Annotated[str, Field(pattern=r"^([0-9a-f]{64})?$")]


class PrintedCode(Model):
    """ID and code that were just printed for a request: keyed digests of them, and of the papers."""

    request: str = Field(min_length=1, max_length=20)
    papers: dict[str, _Sha256] = Field(min_length=1, max_length=4)
    """SHA-256 of the PDF of each letter, by its number."""
    activate_by: date
    """The last day of the code, as it is printed."""
    login_digest: _Digest
    """Empty where no letter brings an ID."""
    code_digest: _Sha256
    folder: str = Field(pattern=r"^[0-9a-f]{32}$")
    """Token of the mailing folder it is printed into."""


class LettersIssued(Answer):
    """Which codes can go with the mailing."""

    issued: int
    refused: list[Refusal]
    """By the line of what was given."""


class LettersMailed(Answer):
    """What became of the letters of a mailing; twice changes nothing more."""

    mailed: int
    unchanged: int
    """They were mailed before."""
    refused: list[Refusal]
    batch: DisplayText = ""
    waiting: list[DisplayText] = []
    """What did not go with it, with why."""
    folder: DisplayText = ""
    letters_per_second: float = 0
    """Printed; 0 where nothing had to be."""


class LettersReturned(Answer):
    """What became of the letters the post brought back; twice changes nothing more."""

    returned: int
    unchanged: int
    """They were known to have come back."""
    refused: list[Refusal]
