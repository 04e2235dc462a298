"""Whom a request names: a group, a member of it, or the person of an enrollment that made nobody a member."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from api_client.types.calls import Whom
from api_client.types.problems import ProblemType
from backend.accounts import service as accounts
from backend.calls import proof_store
from backend.database.unit import Unit
from backend.problems import Problem, not_found


@dataclass(frozen=True)
class About:
    """The group, or the person of it, that a call is about."""

    account: Any
    member: Any = None
    enrollment: Any = None

    @property
    def key(self) -> tuple[int, int | None, int | None]:
        """Under which a subject of a call is found."""
        return (
            int(self.account.id),
            self.member.id if self.member is not None else None,
            self.enrollment.id if self.enrollment is not None else None,
        )


async def about(unit: Unit, whom: Whom) -> About:
    """Whom the request names; who became a member by an enrollment is the member. Raises NOT_FOUND."""
    account = await accounts.account_of(unit, whom.group_number)
    member = None
    if whom.mrn:
        member = await proof_store.member_of(unit.connection, account.id, whom.mrn)
        if member is None:
            raise Problem(ProblemType.NOT_FOUND, f"Group {account.number} has no member of this number.")
    elif whom.receipt:
        sent = await proof_store.enrollment_of(unit.connection, account.id, whom.receipt)
        if sent is None:
            raise not_found("enrollment", whom.receipt)
        if sent.member_id is None:
            return About(account, enrollment=sent)
        member = await proof_store.member_by_id(unit.connection, account.id, sent.member_id)
    return About(account, member)
