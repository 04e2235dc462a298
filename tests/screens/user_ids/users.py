"""Invented user IDs of a client, and a backend that keeps them in memory."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from api_client.errors import Stale, Trouble
from api_client.types.common import Page
from api_client.types.user_id_words import (
    BlockReason,
    PersonIs,
    Privilege,
    SuspendedBy,
    UserAct,
    UserKind,
    UserRole,
    UserState,
)
from api_client.types.user_ids import AccessLogRow, UserRow
from tests.screens.desk import NOW

CLERK = [
    Privilege.MEMBERS_VIEW,
    Privilege.MEMBERS_ENROLL,
    Privilege.MEMBERS_TERMINATE,
    Privilege.MEMBERS_DEMOGRAPHIC,
]


def administrator(number: str = "W-00001", **changes: Any) -> UserRow:
    """The ID that the plan gave, in use since a week."""
    standard: dict[str, Any] = {
        "id": number,
        "version": 3,
        "person": "PAT DOE",
        "person_is": PersonIs.EMPLOYEE,
        "kind": UserKind.ADMINISTRATOR,
        "role": UserRole.ADMINISTRATOR,
        "privileges": list(Privilege),
        "state": UserState.ACTIVE,
        "since": NOW - timedelta(days=7),
        "last_used_on": NOW.date(),
        "can_block": True,
    }
    return UserRow(**standard | changes)


def clerk(number: str = "W-00002", **changes: Any) -> UserRow:
    """An ID that the client's administrator made."""
    own: dict[str, Any] = {
        "person": "KIM CLERK",
        "kind": UserKind.USER,
        "role": UserRole.MEMBER_CLERK,
        "privileges": CLERK,
        "last_used_on": None,
    }
    return administrator(number, **own | changes)


def line(minutes: int, act: UserAct = UserAct.ACTIVATED, **changes: Any) -> AccessLogRow:
    """A line of the log, so many minutes old."""
    standard: dict[str, Any] = {
        "at": NOW - timedelta(minutes=minutes),
        "user": "W-00001",
        "person": "PAT DOE",
        "act": act,
        "by": "PAT DOE",
    }
    return AccessLogRow(**standard | changes)


class FakeUsers:
    """Answers as the backend would and notes what was done."""

    def __init__(self, *users: UserRow, log: Sequence[AccessLogRow] = ()) -> None:
        self.rows = {one.id: one for one in users}
        self.lines = list(log)
        self.done: list[str] = []
        self.failure: Exception | None = None

    @property
    def user_ids(self) -> FakeUsers:
        return self

    async def users(self, group: str, *, cursor: str | None = None) -> Page[UserRow]:
        self._answer()
        return Page[UserRow](rows=list(self.rows.values()))

    async def log(self, group: str, *, cursor: str | None = None) -> Page[AccessLogRow]:
        """Three lines a page, as far as the test's list goes."""
        self._answer()
        first = int(cursor or 0)
        more = len(self.lines) > first + 3
        return Page[AccessLogRow](rows=self.lines[first : first + 3], next=str(first + 3) if more else None)

    async def block(self, user: str, version: int, reason: BlockReason, note: str = "") -> UserRow:
        self._same(user, version)
        self.done.append(f"block {user} {reason}")
        return self.put(
            state=UserState.SUSPENDED, suspended_by=SuspendedBy.SECURITY, can_block=False, number=user
        )

    async def lift(self, user: str, version: int, note: str) -> UserRow:
        self._same(user, version)
        self.done.append(f"lift {user} {note}")
        return self.put(
            state=UserState.ACTIVE, suspended_by=None, can_block=True, can_lift=False, number=user
        )

    def put(self, number: str, **changes: Any) -> UserRow:
        """Somebody changed it."""
        seen = self.rows[number]
        self.rows[number] = seen.model_copy(update={"version": seen.version + 1, **changes})
        return self.rows[number]

    def _same(self, user: str, version: int) -> None:
        self._answer()
        if self.rows[user].version != version:
            raise Stale(Trouble("The ID was changed."))

    def _answer(self) -> None:
        if self.failure is not None:
            raise self.failure
