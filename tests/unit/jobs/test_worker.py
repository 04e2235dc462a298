"""The jobs run in one process at a time, at their times, and one that fails stops no other."""

from __future__ import annotations

from datetime import timedelta

from backend.jobs.service import LEASE, Job, Worker
from backend.runtime import Runtime
from tests.conftest import FixedClock


class Tally:
    """Counts the runs of two jobs; the second one fails while it is told to."""

    def __init__(self) -> None:
        self.runs: list[str] = []
        self.broken = False

    def jobs(self, who: str) -> list[Job]:
        async def often(_runtime: Runtime) -> None:
            self.runs.append(f"{who} often")

        async def seldom(_runtime: Runtime) -> None:
            if self.broken:
                raise OSError("disk")
            self.runs.append(f"{who} seldom")

        return [
            Job("seldom", timedelta(minutes=1), seldom),
            Job("often", timedelta(seconds=1), often),
        ]


async def test_one_process_works_and_the_other_takes_over_when_it_is_gone(
    runtime: Runtime, clock: FixedClock
) -> None:
    tally = Tally()
    first, second = Worker(runtime, tally.jobs("first")), Worker(runtime, tally.jobs("second"))
    assert await first.turn() == ["seldom", "often"]
    assert await second.turn() == []
    clock.move(timedelta(seconds=10))
    assert await first.turn() == ["often"]
    clock.move(LEASE)
    assert await second.turn() == ["seldom", "often"]
    assert await first.turn() == []


async def test_a_process_that_stops_lets_go_at_once(runtime: Runtime) -> None:
    tally = Tally()
    first, second = Worker(runtime, tally.jobs("first")), Worker(runtime, tally.jobs("second"))
    await first.turn()
    await first.stop()
    assert await second.turn() == ["seldom", "often"]


async def test_a_job_that_fails_stops_no_other_and_is_tried_again(
    runtime: Runtime, clock: FixedClock
) -> None:
    tally = Tally()
    tally.broken = True
    worker = Worker(runtime, tally.jobs("only"))
    assert await worker.turn() == ["often"]
    tally.broken = False
    clock.move(timedelta(minutes=1))
    assert await worker.turn() == ["seldom", "often"]
