"""The unit of work: one transaction with its actor, time, audit rows and live updates.

Services take a unit and never commit, so they can call each other inside one.
"""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from sqlalchemy import exists, func, insert, literal, select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from api_client.types.words import EventKind
from backend.actors import Actor
from backend.database import tables
from backend.keys import Keys
from backend.policy.calendar import Calendar
from backend.policy.policy import Policy

T = TypeVar("T")
_OUTBOX_LOCK = 834_001
"""Key of the PostgreSQL advisory lock that makes event numbers appear in commit order."""


@dataclass
class Unit:
    """What a service needs to act: `now` is the instant of the whole unit."""

    connection: AsyncConnection
    actor: Actor
    now: datetime
    request_id: str
    policy: Policy
    calendar: Calendar
    keys: Keys
    writes: bool
    """Whether it can change anything; what it looks at to change is then locked."""
    context: str = ""
    """Why personal data is read: a claimed case, a call or a typed reason; empty means masked."""
    audit_rows: list[dict[str, Any]] = field(default_factory=list)
    events: list[dict[str, Any]] = field(default_factory=list)
    call_acts: list[dict[str, Any]] = field(default_factory=list)
    """What was done or read in the call on the line; written with the audit rows."""
    day: date | None = None
    """The day that is lived where the daily run makes up for one; None for the date of `now`."""
    run_day: date | None = None
    """The day of the run that makes up for `day`: what goes out really goes on it."""
    _known: dict[tuple[object, ...], Any] = field(default_factory=dict)

    @property
    def today(self) -> date:
        """The calendar date at the service center."""
        return self.day or self.now.astimezone(self.zone).date()

    @property
    def goes_on(self) -> date:
        """The date on which what is sent now really goes; later than `today` while a day is made up for."""
        return self.run_day or self.today

    @property
    def zone(self) -> ZoneInfo:
        """Time zone of the service center."""
        return self.calendar.zone

    def audit(self, action: str, subject_kind: str, subject: str, **details: object) -> None:
        """Note who did or saw what; written in this unit's transaction, or before a read is answered."""
        self.audit_rows.append(
            {
                "at": self.now,
                "actor_kind": self.actor.kind,
                "actor": self.actor.name,
                "action": action,
                "subject_kind": subject_kind,
                "subject": subject,
                "context": self.context,
                "request_id": self.request_id,
                "details": json.dumps(details, sort_keys=True, default=str),
            }
        )

    def emit(self, kind: EventKind, subject: str, version: int) -> None:
        """Tell every desk that a record changed, by its id and version only."""
        self.events.append({"at": self.now, "kind": kind, "subject": subject, "version": version})

    async def once(self, key: tuple[object, ...], find: Callable[[], Awaitable[T]]) -> T:
        """What was found under this key, found once: for what the unit itself does not change.

        A file brings hundreds of members of the same group in one unit.
        """
        if key not in self._known:
            self._known[key] = await find()
        found: T = self._known[key]
        return found

    async def number(self, series: str, count: int = 1) -> int:
        """The first of `count` fresh numbers of a series such as `match_item`."""
        taken = (
            await self.connection.execute(
                update(tables.number_series)
                .where(tables.number_series.c.name == series)
                .values(next=tables.number_series.c.next + count)
                .returning(tables.number_series.c.next)
            )
        ).scalar_one_or_none()
        if taken is None:
            raise LookupError(f"no number series {series}")
        return int(taken) - count

    async def write_outbox(self) -> int:
        """Write the audit rows and events collected so far; returns how many events there were."""
        if self.audit_rows:
            await self.connection.execute(insert(tables.audit_row), self.audit_rows)
            self.audit_rows = []
        if self.call_acts:
            await write_call_acts(self.connection, self.call_acts)
            self.call_acts = []
        count = len(self.events)
        if count:
            if self.connection.dialect.name == "postgresql":
                await self.connection.execute(select(text(f"pg_advisory_xact_lock({_OUTBOX_LOCK})")))
            await self.connection.execute(insert(tables.event), self.events)
            if self.connection.dialect.name == "postgresql":
                await self.connection.execute(text("NOTIFY kprep_event"))
            self.events = []
        return count


async def write_call_acts(connection: AsyncConnection, rows: list[dict[str, Any]]) -> None:
    """Write what was done or read in calls, each thing once a call however often it was looked at."""
    table = tables.call_act
    for row in rows:
        known = exists().where(
            table.c.call_id == row["call_id"],
            table.c.act == row["act"],
            table.c.subject == row["subject"],
            func.coalesce(table.c.account_id, 0) == (row["account_id"] or 0),
            func.coalesce(table.c.member_id, 0) == (row["member_id"] or 0),
        )
        values = [literal(value, table.c[name].type) for name, value in row.items()]
        await connection.execute(insert(table).from_select(list(row), select(*values).where(~known)))
