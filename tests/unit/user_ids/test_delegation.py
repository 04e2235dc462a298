"""Who of a client may do what with its user IDs: privileges, the last administrator, agents, lack of use."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_client.types.problems import ProblemType
from api_client.types.user_id_words import (
    PersonIs,
    Privilege,
    SuspendedBy,
    UserKind,
    UserRole,
    UserState,
)
from backend.user_ids.delegation import (
    BUNDLES,
    LOOK_AND_PAY,
    NOT_ON_RECORD,
    Act,
    Agent,
    Held,
    act_refused,
    agent_refused,
    block_refused,
    grant_refused,
    in_group,
    is_administrator,
    last_administrator_refused,
    last_day,
    lasts,
    lift_refused,
    manage_refused,
    person_refused,
    reach_refused,
    resumed,
    role_of,
    second_administrator_refused,
    state_of,
    to_suspend,
    until_refused,
)

TODAY = date(2026, 11, 20)
MANAGE = Privilege.USERS_MANAGE
ALL = frozenset(Privilege)


def held(number: str = "W-2", **changes: object) -> Held:
    one = Held(
        number=number,
        kind=UserKind.USER,
        person=f"Person {number}",
        person_is=PersonIs.EMPLOYEE,
        privileges=frozenset({MANAGE, Privilege.MEMBERS_VIEW}),
        state=UserState.ACTIVE,
        suspended_by=None,
        until=None,
        active_since=TODAY,
    )
    return replace(one, **changes)  # type: ignore[arg-type]


def administrator(number: str = "W-1", **changes: object) -> Held:
    return held(number, kind=UserKind.ADMINISTRATOR, privileges=ALL, **changes)


# -- privileges ------------------------------------------------------------------------------------


def test_every_bundle_is_known_again_with_or_without_cobra() -> None:
    for role, bundle in BUNDLES.items():
        assert role_of(UserKind.USER, bundle) is role
        assert role_of(UserKind.USER, bundle - {Privilege.COBRA_MANAGE}) is role
        if Privilege.MEMBERS_VIEW in bundle:
            assert role_of(UserKind.USER, bundle - {Privilege.MEMBERS_VIEW}) is UserRole.OTHER
    assert role_of(UserKind.USER, frozenset({MANAGE})) is UserRole.OTHER
    assert role_of(UserKind.ADMINISTRATOR, frozenset()) is UserRole.ADMINISTRATOR


@pytest.mark.parametrize("privilege", Privilege)
def test_what_is_left_in_a_group_that_ended_unpaid_or_has_no_cobra_online(privilege: Privilege) -> None:
    looks = {"members_view", "billing_view", "billing_pay", "documents_view", "reports"}
    one = frozenset({privilege})
    assert bool(in_group(one, unpaid=True, cobra=True)) is (privilege in looks)
    assert bool(in_group(one, unpaid=False, cobra=False)) is (privilege is not Privilege.COBRA_MANAGE)
    assert in_group(one, unpaid=False, cobra=True) == one


@pytest.mark.parametrize("lacking", Privilege)
def test_nobody_grants_what_he_lacks(lacking: Privilege) -> None:
    own = ALL - {lacking}
    refusal = grant_refused(own, frozenset({lacking}), cobra=True)
    assert refusal is not None
    assert refusal.type is ProblemType.NOT_ALLOWED
    assert "Nobody grants what he lacks" in refusal.sentence
    assert grant_refused(own, own, cobra=True) is None
    more = act_refused(Act.SUSPEND, held(privileges=frozenset({lacking})), own=own, cobra=True, today=TODAY)
    assert more is not None
    assert "may do more than your user ID" in more.sentence


@pytest.mark.parametrize(
    ("own", "given_day", "refused"),
    [
        (None, None, False),
        (None, TODAY, False),
        (TODAY, TODAY, False),
        (TODAY, TODAY + timedelta(days=1), True),
        (TODAY, None, True),
    ],
)
def test_nobody_gives_a_later_last_day_than_his_own(
    own: date | None, given_day: date | None, refused: bool
) -> None:
    assert (until_refused(own, given_day) is not None) is refused


def test_nobody_manages_the_ids_of_groups_that_he_does_not_serve() -> None:
    assert reach_refused({1, 2}, {1}) is None
    refusal = reach_refused({1}, {1, 2})
    assert refusal is not None
    assert refusal.type is ProblemType.NOT_ALLOWED


def test_no_privilege_and_cobra_of_others_cannot_be_granted() -> None:
    for wanted, cobra, word in ((frozenset(), True, "at least one"), (ALL, False, "COBRA")):
        refusal = grant_refused(ALL, wanted, cobra=cobra)
        assert refusal is not None
        assert word in refusal.sentence


def test_only_who_manages_ids_manages_them_and_nobody_in_an_unpaid_group() -> None:
    assert manage_refused(frozenset({MANAGE}), unpaid=False) is None
    lacks, unpaid = manage_refused(LOOK_AND_PAY, unpaid=False), manage_refused(LOOK_AND_PAY, unpaid=True)
    assert lacks is not None
    assert unpaid is not None
    assert (lacks.type, unpaid.type) == (ProblemType.NOT_ALLOWED, ProblemType.RULE_REFUSES)
    assert "look and pay only" in unpaid.sentence


# -- acts by state -----------------------------------------------------------------------------------

_P, _A, _S, _L = UserState.PENDING, UserState.ACTIVE, UserState.SUSPENDED, UserState.LOCKED
_MAY = {
    Act.CHANGE: {_P, _A, _S, _L},
    Act.SUSPEND: {_P, _A, _L},
    Act.RESUME: {_S},
    Act.END: {_P, _A, _S, _L},
    Act.RESET: {_P, _A, _L},
}


@pytest.mark.parametrize("act", Act)
@pytest.mark.parametrize("state", UserState)
def test_what_may_be_done_with_an_id_in_each_state(act: Act, state: UserState) -> None:
    one = held(state=state, suspended_by=SuspendedBy.CLIENT if state is _S else None)
    refusal = act_refused(act, one, own=ALL, cobra=True, today=TODAY)
    assert (refusal is None) is (state in _MAY[act])
    over = replace(one, until=TODAY - timedelta(days=1))
    assert act_refused(act, over, own=ALL, cobra=True, today=TODAY) is not None
    mine = replace(one, kind=UserKind.ADMINISTRATOR)
    refusal = act_refused(act, mine, own=ALL, cobra=True, today=TODAY)
    by_client = act in (Act.SUSPEND, Act.RESUME) and state is not _P
    assert (refusal is None) is (by_client and state in _MAY[act])


@pytest.mark.parametrize("by", SuspendedBy)
def test_who_lets_a_suspended_id_go_on(by: SuspendedBy) -> None:
    one = held(state=_S, suspended_by=by)
    client = act_refused(Act.RESUME, one, own=ALL, cobra=True, today=TODAY)
    assert (client is None) is (by is not SuspendedBy.SECURITY)
    assert (lift_refused(one, TODAY) is None) is (by is SuspendedBy.SECURITY)
    assert (block_refused(one, TODAY) is None) is (by is not SuspendedBy.SECURITY)


@pytest.mark.parametrize("state", UserState)
def test_the_plan_blocks_whatever_somebody_has(state: UserState) -> None:
    one = held(state=state)
    assert (block_refused(one, TODAY) is None) is (state in {_P, _A, _S, _L})
    assert lift_refused(replace(one, suspended_by=None), TODAY) is not None


@pytest.mark.parametrize(
    ("password", "wrong", "state"), [(False, 0, _P), (True, 4, _A), (True, 5, _L), (True, 9, _L)]
)
def test_a_suspension_unlocks_nothing(password: bool, wrong: int, state: UserState) -> None:
    assert resumed(has_password=password, wrong_passwords=wrong, most=5) is state


# -- the last administrator --------------------------------------------------------------------------

_OTHERS = {
    "nobody else": ([], True),
    "a second administrator": ([held("W-9")], False),
    "one without the right": ([held("W-9", privileges=LOOK_AND_PAY)], True),
    "one not active yet": ([held("W-9", state=_P)], True),
    "one who is suspended": ([held("W-9", state=_S)], True),
    "one who is locked": ([held("W-9", state=_L)], True),
    "one whose day is over": ([held("W-9", until=TODAY - timedelta(days=1))], True),
    "one until next month": ([held("W-9", until=TODAY + timedelta(days=30))], True),
    "a broker": ([held("W-9", person_is=PersonIs.BROKER)], True),
}
_CHANGES = {
    "suspended": {"state": _S, "suspended_by": SuspendedBy.CLIENT},
    "ended": {"state": UserState.ENDED},
    "limited": {"privileges": LOOK_AND_PAY},
    "given a last day": {"until": TODAY + timedelta(days=3650)},
}


@pytest.mark.parametrize("others", _OTHERS)
@pytest.mark.parametrize("change", _CHANGES)
def test_the_last_administrator_stays(others: str, change: str) -> None:
    rest, refused = _OTHERS[others]
    for one in (administrator(), held("W-1")):
        after = replace(one, **_CHANGES[change])  # type: ignore[arg-type]
        refusal = last_administrator_refused([one, *rest], after, TODAY)
        assert (refusal is not None) is refused
    harmless = replace(administrator(), person="Somebody Else")
    assert last_administrator_refused([administrator(), *rest], harmless, TODAY) is None


def test_one_who_stays_too_short_does_not_take_the_place_of_the_other() -> None:
    long, short = (
        held("W-1", person_is=PersonIs.BROKER, until=date(2026, 12, 31)),
        held("W-2", person_is=PersonIs.BROKER, until=date(2026, 12, 1)),
    )
    assert last_administrator_refused([long, short], replace(long, state=UserState.ENDED), TODAY) is not None
    assert last_administrator_refused([long, short], replace(short, state=UserState.ENDED), TODAY) is None


def test_there_is_one_administrator_id_of_the_plan() -> None:
    other = administrator("W-2", state=_S)
    assert second_administrator_refused([other], administrator(), TODAY) is not None
    assert second_administrator_refused([other], held("W-1"), TODAY) is None
    for over in (replace(other, state=UserState.ENDED), replace(other, state=_P), held("W-2")):
        assert second_administrator_refused([over, administrator()], administrator(), TODAY) is None


# -- persons and agents --------------------------------------------------------------------------------


@pytest.mark.parametrize("state", UserState)
def test_one_person_has_one_id(state: UserState) -> None:
    there = held(person="Barnaby  INKWELL", state=state)
    assert (person_refused([there], "barnaby inkwell", TODAY) is None) is (state not in {_P, _A, _S, _L})
    assert person_refused([there], "Ottoline Quillfeather", TODAY) is None
    assert person_refused([], " ", TODAY) is not None


_BROKER = Agent(PersonIs.BROKER, "Sable Brokers", date(2026, 12, 31))


@pytest.mark.parametrize(
    ("own", "person", "person_is", "agents", "until"),
    [
        (None, "Anybody", PersonIs.EMPLOYEE, [], None),
        (date(2027, 1, 1), "Anybody", PersonIs.EMPLOYEE, [], date(2027, 1, 1)),
        (None, "Sable Brokers", PersonIs.BROKER, [], NOT_ON_RECORD),
        (None, "Sable Brokers", PersonIs.TPA, [_BROKER], NOT_ON_RECORD),
        (None, "Other Brokers", PersonIs.BROKER, [_BROKER], NOT_ON_RECORD),
        (None, "SABLE BROKERS", PersonIs.BROKER, [_BROKER], date(2026, 12, 31)),
        (date(2027, 1, 1), "Sable Brokers", PersonIs.BROKER, [_BROKER], date(2026, 12, 31)),
        (date(2026, 12, 1), "Sable Brokers", PersonIs.BROKER, [_BROKER], date(2026, 12, 1)),
        (None, "Sable Brokers", PersonIs.BROKER, [_BROKER, replace(_BROKER, until=None)], None),
    ],
)
def test_an_agents_id_ends_with_its_record(
    own: date | None, person: str, person_is: PersonIs, agents: list[Agent], until: date | None
) -> None:
    assert last_day(own, person, person_is, agents) == until
    refusal = agent_refused(until, person_is, TODAY)
    assert (refusal is not None) is (until == NOT_ON_RECORD)
    if until == NOT_ON_RECORD:
        over = held(person_is=person_is, until=until)
        assert state_of(over, TODAY) is UserState.ENDED
        assert not is_administrator(over, TODAY)


def test_a_last_day_cannot_be_over_when_it_is_given() -> None:
    assert agent_refused(TODAY, PersonIs.EMPLOYEE, TODAY) is None
    assert agent_refused(TODAY - timedelta(days=1), PersonIs.EMPLOYEE, TODAY) is not None


# -- lack of use -----------------------------------------------------------------------------------

_LONG_AGO = TODAY - timedelta(days=91)


def test_ninety_days_are_in_time_and_the_day_after_is_not() -> None:
    clerk = held(privileges=LOOK_AND_PAY)
    for since, lapses in ((TODAY - timedelta(days=90), False), (_LONG_AGO, True)):
        users = [administrator(), replace(clerk, active_since=since)]
        assert [one.number for one in to_suspend(users, TODAY, 90)] == (["W-2"] if lapses else [])


def test_of_unused_administrators_the_one_who_was_there_last_stays() -> None:
    users = [
        administrator("W-1", active_since=_LONG_AGO - timedelta(days=2)),
        held("W-2", active_since=_LONG_AGO),
        held("W-3", active_since=_LONG_AGO - timedelta(days=1)),
    ]
    assert [one.number for one in to_suspend(users, TODAY, 90)] == ["W-1", "W-3"]


@given(
    st.lists(
        st.builds(
            held,
            st.integers(1, 40).map("W-{}".format),
            privileges=st.sampled_from([frozenset({MANAGE}), LOOK_AND_PAY]),
            state=st.sampled_from(UserState),
            person_is=st.sampled_from(PersonIs),
            until=st.none() | st.integers(-3, 200).map(lambda days: TODAY + timedelta(days=days)),
            active_since=st.integers(0, 200).map(lambda days: TODAY - timedelta(days=days)),
        ),
        unique_by=lambda one: one.number,
        max_size=6,
    )
)
def test_lack_of_use_never_shortens_how_long_there_is_an_administrator(users: list[Held]) -> None:
    lapsed = {one.number for one in to_suspend(users, TODAY, 90)}
    after = [replace(one, state=_S) if one.number in lapsed else one for one in users]
    assert lasts(after, TODAY) == lasts(users, TODAY)
    kept = [one for one in users if one.number not in lapsed and one.active_since < _LONG_AGO]
    working = [one for one in kept if state_of(one, TODAY) is _A]
    assert len(working) <= 1, "only the last administrator is kept although unused"
