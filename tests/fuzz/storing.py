"""Spoilt production files into a real store: nothing is changed by what is refused, nobody without a word."""

from __future__ import annotations

import io
import random
import re
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Table, select

from api_client.types.enrollment import FileReport
from api_client.types.words import FileKind, Outcome
from backend.database import tables
from backend.enrollment.edi.reader import inspect
from backend.enrollment.edi.report import Judgement
from backend.runtime import Runtime
from tests.edi_files import import_bytes
from tests.enrollments import GROUP, add_group
from tests.fuzz.mutate import good_file, mutated

_EFFECTS: tuple[Table, ...] = (
    tables.member, tables.member_past, tables.coverage, tables.enrollment, tables.match_item,
    tables.match_link, tables.card_job, tables.absence,
)  # fmt: skip
Rows = dict[tuple[str, int], tuple[Any, ...]]
"""Every row of what a file may change, by table and key."""


@dataclass
class Stored:
    """What came of files that were imported."""

    files: int = 0
    applied: int = 0
    people: int = 0
    """Members of applied files, whatever became of them."""
    failed: list[str] = field(default_factory=list)

    def add(self, other: Stored) -> None:
        """Count another result in."""
        self.files += other.files
        self.applied += other.applied
        self.people += other.people
        self.failed += other.failed


async def store_many(runtime: Runtime, seed: int, first: int, count: int) -> Stored:
    """Import so many files, one after the other, into an empty store; a failure is noted with its seed."""
    stored = Stored()
    await add_group(runtime, GROUP)
    before = await _rows(runtime, _EFFECTS)
    for number in range(first, first + count):
        chance = random.Random(f"{seed}/{number}")
        content = _sometimes_a_list(chance, good_file(chance, control=number + 1))
        content, name = mutated(chance, content) if chance.random() < 0.8 else (content, "whole")
        try:
            report = await import_bytes(runtime, content)
            after = await _rows(runtime, _EFFECTS)
            await _must_hold(runtime, inspect(io.BytesIO(content)), report, before, after)
            before = after
            stored.applied += report.applied
            stored.people += sum(map(sum, (one.values() for one in report.counts.values())))
        except Exception as error:  # noqa: BLE001 - whatever it raises is what is looked for
            stored.failed.append(f"stored file {number} of seed {seed} ({name}): {error!r:.300}")
            before = await _rows(runtime, _EFFECTS)
        stored.files += 1
    return stored


def _sometimes_a_list(chance: random.Random, content: bytes) -> bytes:
    """One file in five lists everybody (INS03 030), to replace what is here or only to be compared."""
    if chance.random() > 0.2:
        return content
    action = chance.choice([b"RX", b"RX", b"4"])
    return re.sub(
        rb"(INS.[YN].\d\d.)\d{3}", rb"\g<1>030", content.replace(b"****2~", b"****" + action + b"~")
    )


async def _rows(runtime: Runtime, of: tuple[Table, ...]) -> Rows:
    found: Rows = {}
    async with runtime.database.read() as connection:
        for table in of:
            for row in await connection.execute(select(table)):
                found[table.name, row[0]] = tuple(map(repr, row))
    return found


async def _must_hold(
    runtime: Runtime, judgement: Judgement, report: FileReport, before: Rows, after: Rows
) -> None:
    changed = {key for key in before.keys() | after.keys() if before.get(key) != after.get(key)}
    assert report.accepted is judgement.accepted or report.duplicate or not report.applied
    if not report.applied:
        if report.kind is FileKind.VERIFY:  # who is missing is written down, and nobody decides it
            changed = {key for key in changed if key[0] != "absence"}
        assert not changed, f"changed by a file that is not applied: {sorted(changed)[:5]}"
        return
    async with runtime.database.read() as connection:
        file = (
            await connection.execute(
                select(tables.enrollment_file).where(tables.enrollment_file.c.number == report.file)
            )
        ).one()
        of_file = select(tables.file_member).where(tables.file_member.c.file_id == file.id)
        told = (await connection.execute(of_file.order_by(tables.file_member.c.ordinal))).all()
        own = (
            await connection.execute(select(tables.enrollment).where(tables.enrollment.c.file_id == file.id))
        ).all()
        families = (await connection.execute(select(tables.coverage))).all()
    taken = {
        f"{group.control_number}/{one.st02}"
        for group in judgement.groups
        for one in group.sets
        if one.accepted
    }
    assert [one.ordinal for one in told] == list(range(1, judgement.members + 1)), "not everybody told once"
    assert {one.set_control for one in told} <= taken, "somebody of a refused set"
    assert sum(sum(one.values()) for one in report.counts.values()) == len(told)
    ordinals = {one.ordinal for one in told if one.outcome != Outcome.COMPARED}
    assert {one.file_ordinal for one in own} <= ordinals, "an enrollment nobody was told of"
    new = {key for key in changed if key[0] == "enrollment"}
    assert new <= {("enrollment", one.id) for one in own}, "an enrollment of another file"
    done = [one for one in told if one.outcome == Outcome.APPLIED]
    people = {one.member_id for one in done} | {one.member_id for one in own if one.outcome == "applied"}
    numbers = {one.subscriber_number for one in done if one.maintenance_type == "024"}
    people |= {one.member_id for one in families if one.subscriber_number in numbers}
    touched = {key[1] for key in changed if key[0] == "member"}
    touched |= {one.member_id for one in families if ("coverage", one.id) in changed}
    assert touched <= people, f"somebody changed without a word: {touched - people}"
