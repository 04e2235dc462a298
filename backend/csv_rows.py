"""Lines of a CSV file, told apart into good ones and refused ones with the reason."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import BinaryIO

from api_client.types.enrollment import ImportReport, Refusal
from api_client.types.problems import ProblemType
from api_client.types.visible import visible_line
from backend.problems import Problem

_NO_UTF8 = re.compile("[\udc80-\udcff]")
_LONGEST = 200
"""Characters of one value; no name, street or number is longer, and a desk could not show it."""
_LISTS = frozenset({"aliases", "broker_hears"})
"""Columns that hold several values."""


@dataclass
class Tally:
    """Counts of an import so far."""

    read: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    refused: list[Refusal] = field(default_factory=list)

    def refuse(self, line: int, reason: str) -> None:
        """Note a refused line; the reason never repeats what the line says."""
        self.refused.append(Refusal(line=line, reason=reason))

    def report(self) -> ImportReport:
        """The whole report."""
        return ImportReport(
            read=self.read,
            added=self.added,
            changed=self.changed,
            unchanged=self.unchanged,
            refused=self.refused,
        )


@dataclass(frozen=True)
class CsvRow:
    """One line: its number in the file, and its values by column, without blanks around them."""

    line: int
    values: dict[str, str]

    def __getitem__(self, column: str) -> str:
        return self.values.get(column, "")


def csv_rows(
    source: BinaryIO, required: Sequence[str], known: Sequence[str], tally: Tally
) -> Iterator[CsvRow]:
    """Every usable line of a UTF-8 file with a header; other lines go to the tally.

    Raises INVALID when the header is not UTF-8, lacks a required column or has an unknown one.
    """
    text = io.TextIOWrapper(source, encoding="utf-8-sig", errors="surrogateescape", newline="")
    reader = csv.reader(text, strict=True)
    try:
        columns = _header(reader)
        _check_header(columns, required, known)
        while True:
            try:
                values = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                tally.read += 1
                tally.refuse(reader.line_num, _why_unreadable(error))
                continue
            if not any(values):
                continue
            tally.read += 1
            if reason := _why_refused(values, columns):
                tally.refuse(reader.line_num, reason)
                continue
            pairs = zip(columns, values, strict=True)
            yield CsvRow(reader.line_num, {column: value.strip() for column, value in pairs})
    finally:
        text.detach()


def _header(reader: Iterator[list[str]]) -> list[str]:
    try:
        return [name.strip().casefold() for name in next(reader, [])]
    except csv.Error:
        raise Problem(
            ProblemType.INVALID, "The first line cannot be read as columns of a CSV file."
        ) from None


def _why_unreadable(error: csv.Error) -> str:
    if "field limit" in str(error):
        return "a value of this line is too long"
    return "the quotes of this line do not close"


def _check_header(columns: list[str], required: Sequence[str], known: Sequence[str]) -> None:
    if not all(map(_is_utf8, columns)):
        raise Problem(ProblemType.INVALID, "The file is not UTF-8 text; save it as CSV UTF-8.")
    if missing := [name for name in required if name not in columns]:
        raise Problem(ProblemType.INVALID, f"The first line lacks the columns {', '.join(missing)}.")
    if unknown := [visible_line(name) for name in columns if name not in known]:
        raise Problem(ProblemType.INVALID, f"The first line has unknown columns: {', '.join(unknown)}.")
    if len(set(columns)) < len(columns):
        raise Problem(ProblemType.INVALID, "The first line names a column twice.")


def _why_refused(values: list[str], columns: list[str]) -> str:
    if len(values) != len(columns):
        return f"it has {len(values)} values for {len(columns)} columns"
    if not all(map(_is_utf8, values)):
        return "it is not UTF-8 text; save the file as CSV UTF-8"
    if any(len(value) > _LONGEST and name not in _LISTS for name, value in zip(columns, values, strict=True)):
        return f"a value is longer than {_LONGEST} characters"
    if any(visible_line(value) != value for value in values):
        return "it has characters that cannot be shown: control, direction or invisible ones"
    return ""


def _is_utf8(text: str) -> bool:
    """False when bytes that are no UTF-8 were read into the text (PEP 383)."""
    return text.isascii() or not _NO_UTF8.search(text)


def day(text: str, column: str) -> date:
    """An ISO date. Raises ValueError that names the column."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{column} is no date such as 2026-11-20") from None


def optional_day(text: str, column: str) -> date | None:
    """An ISO date, None for an empty value."""
    return day(text, column) if text else None
