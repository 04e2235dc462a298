"""Held, queued and hasty keys decide nothing."""

from __future__ import annotations

import pytest

from screens.widgets.keygate import ARMED_AFTER, QUIET, KeyGate
from tests.screens.desk import Seconds


@pytest.fixture
def seconds() -> Seconds:
    return Seconds()


@pytest.fixture
def gate(seconds: Seconds) -> KeyGate:
    gate = KeyGate(seconds)
    seconds.pass_by(10)
    return gate


def test_a_decision_counts_once_it_stood_there_long_enough(gate: KeyGate, seconds: Seconds) -> None:
    gate.painted()
    seconds.pass_by(ARMED_AFTER)
    assert gate.passes("enter", decides=True)


def test_a_hasty_decision_is_dropped_with_everything_typed_behind_it(gate: KeyGate, seconds: Seconds) -> None:
    gate.painted()
    seconds.pass_by(ARMED_AFTER - 0.01)
    assert not gate.passes("enter", decides=True)
    for key in ("n", "1", "enter"):
        seconds.pass_by(QUIET - 0.01)
        assert not gate.passes(key, decides=key == "enter")
    seconds.pass_by(QUIET)
    assert gate.passes("enter", decides=True)


def test_a_key_held_down_never_decides(gate: KeyGate, seconds: Seconds) -> None:
    gate.painted()
    passed = []
    for _ in range(100):
        seconds.pass_by(1 / 30)
        passed.append(gate.passes("enter", decides=True))
    assert not any(passed)


def test_what_decides_nothing_may_come_at_any_time(gate: KeyGate) -> None:
    gate.painted()
    assert gate.passes("down", decides=False)
    assert gate.passes("question_mark", decides=False)


def test_a_refused_action_swallows_the_digit_and_enter_behind_it(gate: KeyGate, seconds: Seconds) -> None:
    assert gate.passes("a", decides=False)
    gate.swallow()
    assert not gate.passes("1", decides=False)
    assert not gate.passes("enter", decides=False)
    assert gate.passes("n", decides=False)
    assert gate.passes("1", decides=False)


def test_the_swallowing_ends_with_the_burst(gate: KeyGate, seconds: Seconds) -> None:
    assert gate.passes("a", decides=False)
    gate.swallow()
    seconds.pass_by(QUIET)
    assert gate.passes("1", decides=False)
