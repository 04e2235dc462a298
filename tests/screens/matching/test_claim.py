"""The renewal of a claim in the background."""

from __future__ import annotations

from datetime import timedelta

from api_client.errors import NoAnswer, Trouble
from screens.matching.claim import ClaimKeeper
from tests.screens.desk import FakeDoor
from tests.screens.matching.at_desk import at_queue, in_review
from tests.screens.matching.cases import FakeMatching, item


def waits(keeper: ClaimKeeper) -> float:
    """Seconds to the next renewal."""
    timer = keeper._timer
    assert timer is not None
    return timer._interval


async def test_a_claim_is_renewed_at_half_of_its_lease() -> None:
    async with in_review(FakeMatching(item())) as rep:
        assert waits(rep.app.screen.query_one(ClaimKeeper)) == 450


async def test_a_renewal_without_an_answer_is_tried_again_until_the_lease_is_over() -> None:
    client = FakeMatching(item())
    async with in_review(client) as rep:
        keeper = rep.app.screen.query_one(ClaimKeeper)
        client.failure = NoAnswer(Trouble("The backend does not answer."))
        keeper.renew()
        for _ in range(20):
            await rep.presses("down")
        assert waits(keeper) == 20
        assert "does not answer" not in rep.sees
        assert keeper.token
        rep.app._offset += timedelta(minutes=16)
        keeper.renew()
        await rep.finds("Your claim on M-20418 is over.")
        assert not keeper.token


async def test_the_lock_ends_the_renewal() -> None:
    client = FakeMatching(item())
    door = FakeDoor(client)
    async with at_queue(client, door=door) as rep:
        await rep.finds("NEXT FOR YOU")
        await rep.presses("n")
        await rep.finds("INCOMING")
        keeper = rep.app.screen.query_one(ClaimKeeper)
        await rep.presses("ctrl+l")
        await rep.finds("password")
        assert not keeper.is_attached
        keeper.renew()
        await rep.presses("x")
        assert client.done == []
