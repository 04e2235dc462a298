"""The state machine of user IDs, as far as there is time in every run; `make proof` plays 100,000 steps."""

from __future__ import annotations

from tests.user_id_machine.play import play


def test_whatever_happens_to_user_ids_nothing_comes_about_that_must_not() -> None:
    done, failed = play(examples=20, by=6)
    assert not failed, failed
    assert done["steps"] > 1_000
    assert done["activate"] > 40, "it has played more than the fax"
