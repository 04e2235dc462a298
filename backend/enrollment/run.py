"""The members of a file, one family after the other, in short units; a run that breaks off can go on.

A production file of a partner in production is applied: what a unit does to its members and how far the file
has come are committed together. Any other file is dealt with in units that are taken back; only what would
have become of its members is written down.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, BinaryIO

from api_client.types.enrollment import Absent
from api_client.types.words import Channel, EventKind, FileKind, FileState, PartnerStatus
from backend.actors import Actor
from backend.database.unit import Unit
from backend.enrollment import absences
from backend.enrollment import file_store as store
from backend.enrollment.compare import UNCLEAR, too_many_missing
from backend.enrollment.edi.reader import members
from backend.enrollment.edi.report import Judgement
from backend.enrollment.edi.transaction import MemberTransaction
from backend.enrollment.file_members import NOTHING_KEPT, MemberDoor, Named, Sender, with_keys
from backend.enrollment.intake import file_kind
from backend.enrollment.lease import LEASE
from backend.progress import Progress
from backend.runtime import Runtime

_BATCH_SECONDS = 0.08
"""After so long a unit ends with the family at hand: the store's one writer is not kept longer."""
_FAMILY = 50
"""Members of one family that are taken together; nobody has a larger one."""
LISTED = 5000
"""Members a report names one by one; its counts are always complete."""
_TELL_SECONDS = 1.0
"""Desks hear so often how far a run has come."""
NOBODY: Mapping[str, Any] = {"run_token": None, "run_until": None, "stop_asked": False}
"""A run that is nobody's any more."""

Family = list[tuple[int, MemberTransaction]]
"""Members with their places in the file, from 1."""


class _Preview(Exception):
    """Takes back all a unit did."""


class _Lost(Exception):
    """Another process has the run now; nothing of the unit at hand is kept."""


@dataclass
class Run:
    """One file on its way."""

    runtime: Runtime
    actor: Actor
    request_id: str
    judgement: Judgement
    source: BinaryIO
    channel: Channel
    partner: Any | None
    row: Any | None = None
    """The file's row as the run began; None for a dry run, of which nothing is kept."""
    token: str = ""
    done: int = 0
    counts: Counter[tuple[str, str]] = field(default_factory=Counter)
    """By outcome and maintenance type."""
    listed: list[Mapping[str, Any]] = field(default_factory=list)
    """What would become of the first members of a dry run."""
    absent: list[Absent] = field(default_factory=list)
    """Who is missing from the file of a dry run."""
    held_why: str = ""
    _named: Named = field(default_factory=Named)
    _told_at: float = 0.0
    _stop_asked: bool = False

    def __post_init__(self) -> None:
        sent, partner = self.judgement.interchange, self.partner
        self.kind = file_kind(self.judgement, partner)
        self._sender = Sender(
            sent.sender if sent else "",
            partner.id if partner is not None else None,
            PartnerStatus(partner.status) if partner is not None else None,
            FileKind(partner.lists) if partner is not None and partner.lists else None,
            partner.member_number_in if partner is not None else "",
            production=not self.judgement.test,
        )
        if self.row is not None:
            self.done = self.row.done
            self.counts = counter(self.row.counts)

    @property
    def applies(self) -> bool:
        """Whether anything is changed by it (R22: the status of its sender and ISA15 must agree).

        A file that did not count when it came counts never, whatever its sender became meanwhile.
        """
        return self.row is not None and bool(self.row.registered) and self._sender.applies

    async def go(self) -> AsyncGenerator[Progress, None]:
        """Deal with every member not dealt with yet; ends early when the run is held, stopped or lost."""
        with suppress(_Lost):
            if await self._is_held():
                return
            async for progress in self._members():
                yield progress
            if self._stop_asked:
                await self._write({"state": FileState.STOPPED, **NOBODY})
                return
            await self._note_absences()
            said = {} if self.applies else {"held_why": self.held_why}
            await self._write({"state": self._last_state(), **said, **NOBODY})

    def _last_state(self) -> FileState:
        if self.kind is FileKind.VERIFY:
            return FileState.RECONCILED
        if not self.applies:
            return FileState.EDITED
        return FileState.PARTIAL if self.judgement.partial else FileState.APPLIED

    # -- before anything is done -------------------------------------------------------------------

    async def _is_held(self) -> bool:
        """Whether a person must look before anything is done; a dry run only says so."""
        if self.kind is None:
            self.held_why = UNCLEAR
        elif self.kind is FileKind.FULL and not self._stops_everybody:
            await self._look()
            if self.row is None or not self.row.held_why:
                async with self.runtime.look(self.actor, self.request_id) as unit:
                    active, missing = await absences.count(unit, self._named)
                limit = self.runtime.policy.enrollment.full_file_drop_percent
                self.held_why = too_many_missing(missing, active, limit)
        elif self.kind is FileKind.VERIFY and self.done and not self._stops_everybody:
            await self._look()  # whom it named before it broke off is not missing
        if not self.held_why or not self.applies:
            return False
        await self._write({"state": FileState.HELD, "held_why": self.held_why, **NOBODY})
        return True

    @property
    def _stops_everybody(self) -> bool:
        """Whether every member is refused because of the sender alone."""
        waits = self._sender.status is PartnerStatus.PARALLEL
        return self._sender.production and not self._sender.applies and not waits

    async def _look(self) -> None:
        """Note whom a whole list names, before anything of it is done."""
        families = families_of(members(self.source, self.judgement), 0)
        while family := await self._next(families):
            async with self.runtime.look(self.actor, self.request_id) as unit:
                door = self._door(unit)
                for _, member in family:
                    await door.look(member)

    # -- the members -------------------------------------------------------------------------------

    async def _members(self) -> AsyncGenerator[Progress, None]:
        families = families_of(members(self.source, self.judgement), self.done)
        family = await self._next(families)
        while family and not self._stop_asked:
            family = await self._take(family, families)
            yield Progress(self.done, self.judgement.members)

    async def _next(self, families: Iterator[Family]) -> Family:
        return await self.runtime.in_thread(lambda: next(families, []))

    async def _take(self, family: Family, families: Iterator[Family]) -> Family:
        """Deal with families until the time of a unit is over; returns the first family left."""
        clock = asyncio.get_running_loop().time
        began, rows = clock(), list[dict[str, Any]]()
        with suppress(_Preview):
            async with self.runtime.act(self.actor, self.request_id) as unit:
                await self._hold(unit)
                door = self._door(unit)
                while family and (not rows or clock() - began < _BATCH_SECONDS):
                    rows += [await door.row(ordinal, member) for ordinal, member in family]
                    family = await self._next(families)
                if not self.applies:
                    raise _Preview
                await with_keys(unit, self._file_id, rows)
                await self._note(unit, rows)
        if self.row is None:
            self._count(rows)
            room = max(0, LISTED - len(self.listed))
            self.listed += [{**row, **NOTHING_KEPT} for row in rows[:room]]
        elif not self.applies:
            async with self.runtime.act(self.actor, self.request_id) as unit:
                await self._note(unit, [{**row, **NOTHING_KEPT} for row in rows])
        return family

    def _door(self, unit: Unit) -> MemberDoor:
        file_id = self._file_id if self.applies else None
        return MemberDoor(unit, self.channel, self._sender, self._named, file_id)

    @property
    def _file_id(self) -> int:
        assert self.row is not None
        return int(self.row.id)

    async def _note_absences(self) -> None:
        """Who is active here and missing there: candidates where the file replaces, else only listed."""
        if self.kind not in (FileKind.FULL, FileKind.VERIFY) or self._stops_everybody:
            return
        decides = self.applies and self.kind is FileKind.FULL
        for account_id in sorted(self._named.groups):
            after: int | None = 0
            while after is not None:
                if self.row is None:
                    async with self.runtime.look(self.actor, self.request_id) as unit:
                        found, after = await absences.missing(unit, self._named, account_id, after)
                        self.absent += await absences.named(unit, account_id, found)
                    continue
                async with self.runtime.act(self.actor, self.request_id) as unit:
                    after = await absences.note(
                        unit, self._file_id, self._named, account_id, after, decides=decides
                    )
                    await self._advance(unit, {})

    # -- how far it has come -----------------------------------------------------------------------

    def _count(self, rows: Sequence[Mapping[str, Any]]) -> None:
        self.done += len(rows)
        self.counts.update((row["outcome"], row["maintenance_type"]) for row in rows)

    async def _note(self, unit: Unit, rows: Sequence[Mapping[str, Any]]) -> None:
        """Write what became of members and how far the file has come, in the unit that did it."""
        self._count(rows)
        row = await self._advance(unit, {"done": self.done, "counts": by_outcome(self.counts)})
        await store.add_members(unit.connection, [{**one, "file_id": self._file_id} for one in rows])
        self._stop_asked = bool(row.stop_asked)
        now = asyncio.get_running_loop().time()
        if now - self._told_at > _TELL_SECONDS:
            self._told_at = now
            unit.emit(EventKind.FILE, row.number, row.version)

    async def _hold(self, unit: Unit) -> None:
        """Lock the file for this unit: nobody else does its members meanwhile, or has done them."""
        if self.applies and not await store.renew(
            unit.connection, self._file_id, self.token, unit.now + LEASE
        ):
            raise _Lost

    async def _advance(self, unit: Unit, values: Mapping[str, Any]) -> Any:
        still = {"run_until": unit.now + LEASE, **values}
        row = await store.advance(unit.connection, self._file_id, self.token, still)
        if row is None:
            raise _Lost
        return row

    async def _write(self, values: Mapping[str, Any]) -> None:
        """Write the end of the run."""
        if self.row is None:
            return
        async with self.runtime.act(self.actor, self.request_id) as unit:
            row = await self._advance(unit, values)
            unit.audit("enrollment.file", "file", row.number, state=row.state, members=row.done)
            unit.emit(EventKind.FILE, row.number, row.version)


def families_of(found: Iterator[MemberTransaction], done: int) -> Iterator[Family]:
    """Families one after the other, those dealt with left out; dependents follow their subscriber."""
    family: Family = []
    for ordinal, member in enumerate(found, 1):
        if ordinal <= done:
            continue
        if family and (member.subscriber or len(family) >= _FAMILY):
            yield family
            family = []
        family.append((ordinal, member))
    if family:
        yield family


def by_outcome(counts: Mapping[tuple[str, str], int]) -> dict[str, dict[str, int]]:
    """Counts by outcome, then by maintenance type."""
    found: dict[str, dict[str, int]] = {}
    for (outcome, maintenance), count in sorted(counts.items()):
        found.setdefault(outcome, {})[maintenance] = count
    return found


def counter(counts: Mapping[str, Mapping[str, int]]) -> Counter[tuple[str, str]]:
    """Counts as they are kept, to be counted on."""
    return Counter({(outcome, kind): n for outcome, kinds in counts.items() for kind, n in kinds.items()})
