"""Enrollment intake: online submissions, electronic files and imports of what is on record."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from api_client.types.common import Answer, CleanLine, DisplayText, Instant, Model, Secret
from api_client.types.words import Channel, Outcome, Sex, TransactionType


class Submission(Model):
    """One enrollment transaction as the online account service sends it."""

    group_number: CleanLine = Field(max_length=30)
    type: TransactionType
    channel: Channel = Channel.ONLINE
    subscriber_number: CleanLine = Field(min_length=1, max_length=50)
    relationship: CleanLine = Field(default="18", max_length=2)
    """Code of INS02; 18 is the subscriber."""
    mrn: CleanLine = Field(default="", max_length=20)
    last_name: CleanLine = Field(min_length=1, max_length=60)
    first_name: CleanLine = Field(default="", max_length=35)
    middle_name: CleanLine = Field(default="", max_length=25)
    suffix: CleanLine = Field(default="", max_length=10)
    birth_date: date | None = None
    ssn: Secret | None = Field(default=None, max_length=11)
    sex: Sex = Sex.UNKNOWN
    street: CleanLine = Field(default="", max_length=80)
    city: CleanLine = Field(default="", max_length=40)
    state: CleanLine = Field(default="", max_length=2)
    zip: CleanLine = Field(default="", max_length=10)
    phone: CleanLine = Field(default="", max_length=30)
    coverage_from: date | None = None
    coverage_to: date | None = None


class Receipt(Answer):
    """What became of a submission, at once."""

    receipt: str
    outcome: Outcome
    why: DisplayText
    item: str | None = None
    """The queue item, when a person must look."""
    received_at: Instant


class FileError(Answer):
    """One thing wrong in a file, with its place."""

    segment: DisplayText
    element: int | None
    position: int
    """Byte offset of the segment in the file."""
    code: DisplayText
    sentence: DisplayText


class FileMember(Answer):
    """What became, or in a test file would become, of one member of a file."""

    subscriber: DisplayText
    maintenance_type: DisplayText
    reason: DisplayText
    outcome: Outcome
    why: DisplayText
    item: str | None = None


class FileReport(Answer):
    """The whole answer to one 834 file."""

    accepted: bool
    """The structure is taken, whatever becomes of its members."""
    duplicate: bool = False
    test: bool
    applied: bool
    """False for a test file or a dry run: nothing was changed."""
    ta1: dict[str, str] | None
    ack999: dict[str, object] | None
    errors: list[FileError]
    warnings: list[DisplayText] = []
    members: list[FileMember]
    counts: dict[str, int]


class Refusal(Answer):
    """One line of an imported file that was not taken, with the reason."""

    line: int
    reason: DisplayText


class ImportReport(Answer):
    """What an import did; running it twice changes nothing the second time."""

    read: int
    added: int
    changed: int
    unchanged: int
    refused: list[Refusal]
