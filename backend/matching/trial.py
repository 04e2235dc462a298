"""The trial: matches one CSV file against another with the code the server uses, before anyone goes live."""

from __future__ import annotations

import csv
import gzip
import json
import secrets
import sqlite3
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import IO, Protocol, cast

from backend.matching import evidence, exact, key_store, keys, model, search
from backend.matching.evidence import Candidate
from backend.matching.exact import AutoMatch, NewMember, ToQueue
from backend.matching.person import Person

COLUMNS = (
    "record_id", "first_name", "middle_name", "last_name", "suffix", "date_of_birth", "sex", "ssn", "street",
    "city", "state", "zip", "phone",
)  # fmt: skip
"""Of both files; others are left out, and a missing one is empty."""
_NEEDED = ("record_id", "last_name")
LISTED = 10
"""Candidates named in a result."""
RISKIEST = 20
_BATCH = 5_000


class Progress(Protocol):
    """Told what is being done, and how many are done."""

    def __call__(self, what: str, done: int, *, last: bool) -> None: ...


class TrialError(Exception):
    """A file cannot be read as what it should be; the message says why, with the line."""


@dataclass(frozen=True)
class Result:
    """What became of one enrollment, best candidates first."""

    record_id: str
    decision: str
    matched_id: str | None
    candidates: tuple[Candidate, ...]
    why: str

    def line(self) -> str:
        """As one line of the result file."""
        return json.dumps(
            {
                "record_id": self.record_id,
                "decision": self.decision,
                "matched_id": self.matched_id,
                "candidates": [one.mrn for one in self.candidates],
                "why": self.why,
            }
        )


@dataclass
class Summary:
    """Counts of a trial, and the automatic matches that were nearest to another member."""

    members: int = 0
    decisions: Counter[str] = field(default_factory=Counter)
    reasons: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By decision and why."""
    riskiest: list[tuple[float, Result]] = field(default_factory=list)
    """Automatic matches by the bits they stand above what is certain, or above the next candidate."""

    def add(self, result: Result) -> None:
        """Count a result."""
        self.decisions[result.decision] += 1
        self.reasons[result.decision, result.why] += 1
        if result.decision == "auto":
            best, *others = result.candidates
            lead = min([best.score - model.CERTAIN, *(best.score - one.score for one in others[:1])])
            self.riskiest = sorted([*self.riskiest, (lead, result)], key=lambda one: one[0])[:RISKIEST]


def run(registry: Path, enrollments: Path, out: IO[str], progress: Progress) -> Summary:
    """Decide every enrollment and write one line each. Raises TrialError, OSError."""
    summary = Summary()
    members = _Registry()
    members.read(registry, progress)
    summary.members = members.count
    for done, (record_id, person) in enumerate(_people(enrollments), 1):
        result = members.decide(record_id, person)
        out.write(result.line() + "\n")
        summary.add(result)
        if done % 100 == 0:
            progress("enrollments", done, last=False)
    progress("enrollments", sum(summary.decisions.values()), last=True)
    return summary


class _Registry:
    """Members of the file, found by the keys and the SQL of the server in a database of the trial's own."""

    def __init__(self) -> None:
        self._secret = secrets.token_bytes(32)
        self._members: list[Person] = []
        self._seen: set[str] = set()
        # An unnamed database: in memory, and on disk without a name when it grows.
        self._index = sqlite3.connect("")
        self._index.execute("CREATE TABLE pair (key INTEGER, member_id INTEGER)")
        self._index.execute(
            "CREATE TABLE match_key (key INTEGER, member_id INTEGER, PRIMARY KEY (key, member_id))"
            " WITHOUT ROWID"
        )

    @property
    def count(self) -> int:
        """How many members there are."""
        return len(self._members)

    def read(self, path: Path, progress: Progress) -> None:
        """Take every member of the file in."""
        pairs: list[tuple[int, int]] = []
        for record_id, person in _people(path):
            person = replace(person, mrn=record_id)
            if record_id in self._seen:
                raise TrialError(f"{path.name}: record_id {record_id} stands there twice")
            self._seen.add(record_id)
            number = len(self._members)
            self._members.append(person)
            pairs += [(key, number) for key in keys.hashed(self._secret, keys.member_keys(person.key))]
            if number and number % _BATCH == 0:
                self._take(pairs)
                progress("members", number, last=False)
        self._take(pairs)
        self._index.execute("INSERT INTO match_key SELECT key, member_id FROM pair ORDER BY key, member_id")
        self._index.execute("DROP TABLE pair")
        progress("members", len(self._members), last=True)

    def _take(self, pairs: list[tuple[int, int]]) -> None:
        self._index.executemany("INSERT INTO pair VALUES (?, ?)", pairs)
        pairs.clear()

    def decide(self, record_id: str, person: Person) -> Result:
        """What the server would do with this enrollment."""
        asked = keys.asking_keys(person.key)
        pairs = self._shared_with(asked)
        members, ranked = self._compare(person, pairs)
        if not ranked or ranked[0].score < model.WEAK:
            more = self._shared_with(keys.wider_keys(person.key) - asked)
            members, ranked = self._compare(person, [*pairs, *more])
        decision = exact.decide(person, members, ranked)
        return _result(record_id, decision, tuple(ranked[:LISTED]))

    def _shared_with(self, texts: frozenset[str]) -> list[tuple[int, int]]:
        pairs: list[tuple[int, int]] = []
        for sql, values in key_store.statements(keys.hashed(self._secret, texts)):
            pairs += self._index.execute(sql, values).fetchall()
        return pairs

    def _compare(self, person: Person, pairs: list[tuple[int, int]]) -> tuple[list[Person], list[Candidate]]:
        members = [self._members[one] for one in search.most_shared(pairs)]
        return members, evidence.rank(person, members)


def _result(record_id: str, decision: exact.Decision, candidates: tuple[Candidate, ...]) -> Result:
    match decision:
        case AutoMatch(mrn, why):
            return Result(record_id, "auto", mrn, candidates, why)
        case NewMember(why):
            return Result(record_id, "new", None, candidates, why)
        case ToQueue(why, _):
            return Result(record_id, "queue", None, candidates, why)


def _people(path: Path) -> Iterator[tuple[str, Person]]:
    """Record id and person of each line."""
    with _open(path) as file:
        try:
            reader = csv.DictReader(file)
            missing = [name for name in _NEEDED if name not in (reader.fieldnames or ())]
            if missing:
                raise TrialError(f"{path.name}: the first line names no column {missing[0]}")
            for row in reader:
                record_id = (row["record_id"] or "").strip()
                if not record_id:
                    raise TrialError(f"{path.name}, line {reader.line_num}: record_id is empty")
                yield record_id, _person(row)
        except (UnicodeDecodeError, csv.Error, EOFError, gzip.BadGzipFile) as error:
            raise TrialError(f"{path.name} is no CSV file in UTF-8: {error}") from None


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return cast("IO[str]", gzip.open(path, "rt", encoding="utf-8-sig", newline=""))
    return path.open(encoding="utf-8-sig", newline="")


def _person(row: dict[str, str | None]) -> Person:
    def value(name: str) -> str:
        return (row.get(name) or "").strip()

    ssn = value("ssn")
    return Person(
        last_name=value("last_name"),
        first_name=value("first_name"),
        middle_name=value("middle_name"),
        suffix=value("suffix"),
        birth_date=value("date_of_birth"),
        ssn=f"0{ssn}" if len(ssn) == 8 and ssn.isdecimal() else ssn,  # a spreadsheet took the zero
        sex=value("sex").upper()[:1],
        street=value("street"),
        city=value("city"),
        zip=value("zip"),
        phone=value("phone"),
    )
