"""Examples by a seed: so many steps, and what was done in them."""

from __future__ import annotations

import traceback
from collections import Counter

from hypothesis import HealthCheck, Phase, seed, settings
from hypothesis.stateful import run_state_machine_as_test

from tests.user_id_machine.machine import UserIds

STEPS = 75
"""Of one example at the most."""


def play(examples: int, by: int) -> tuple[Counter[str], str]:
    """Play so many examples by this seed: what was done, and the shortest sequence that failed, if any."""
    UserIds.counted.clear()
    chosen = settings(
        max_examples=examples,
        stateful_step_count=STEPS,
        phases=(Phase.generate, Phase.shrink),
        database=None,
        deadline=None,
        print_blob=False,
        suppress_health_check=list(HealthCheck),
    )

    @seed(by)
    def machine() -> UserIds:
        return UserIds()

    failed = ""
    try:
        run_state_machine_as_test(machine, settings=chosen)  # type: ignore[arg-type]
    except Exception as error:  # noqa: BLE001  (whatever it is, it is told with its sequence)
        failed = "".join(traceback.format_exception(error))
    return Counter(UserIds.counted), failed
