"""One table says who may do what; nothing is open that it does not name."""

from __future__ import annotations

import pytest
from fastapi.routing import APIRoute

from api_client.types.words import ActorKind, Role
from backend.app import ROOMS
from backend.policy.access import ACCESS

_OPERATIONS = [
    str(route.operation_id) for room in ROOMS for route in room.router.routes if isinstance(route, APIRoute)
]


def test_the_table_names_every_route_and_nothing_else() -> None:
    assert sorted(_OPERATIONS) == sorted(ACCESS)


def test_what_is_open_to_everyone_shows_no_record() -> None:
    public = {name for name, rule in ACCESS.items() if rule.public}
    assert public == {
        "health.alive", "health.ready", "session.hello", "session.sign_in", "events.presence",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("operation", "rep", "lead", "service"),
    [
        ("matching.decide", True, True, False),
        ("matching.hand_over", True, True, False),
        ("matching.unlink", True, True, False),
        ("matching.assign", False, True, False),
        ("matching.take_back", False, True, False),
        ("session.keep_draft", True, True, False),
        ("billing.record_payment", False, True, False),
        ("billing.reverse_payment", False, True, False),
        ("enrollment.submit", False, False, True),
        ("operations.run", False, False, False),
        ("user_ids.approve", True, True, False),
        ("cards.reprint", True, True, False),
        ("matching.urgent_care", True, True, False),
    ],
)
def test_roles_as_the_plan_has_them(operation: str, rep: bool, lead: bool, service: bool) -> None:
    rule = ACCESS[operation]
    assert rule.allows(ActorKind.REP, Role.REP) is rep
    assert rule.allows(ActorKind.REP, Role.LEAD) is lead
    assert rule.allows(ActorKind.SERVICE, None) is service


def test_only_operators_of_the_machine_run_operations() -> None:
    assert ACCESS["operations.run"].allows(ActorKind.OPERATOR, None)
