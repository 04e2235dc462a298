"""Claims: renewed in the background, lost to another, kept over Esc and the lock."""

from __future__ import annotations

from datetime import timedelta

import pytest

from api_client.errors import NoAnswer, Trouble
from screens.matching.claim import ClaimKeeper
from screens.session.lock import LockScreen
from tests.screens.desk import FakeDoor
from tests.screens.matching.at_desk import at_queue, in_review, review
from tests.screens.matching.cases import item
from tests.screens.matching.fake import FakeMatching


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


async def test_a_stale_decision_says_what_is_and_does_nothing() -> None:
    client = FakeMatching(item())
    async with in_review(client) as rep:
        await rep.presses("1")
        client.put(client.items["M-20418"].model_copy(update={"version": 2}))
        await rep.presses("enter")
        await rep.finds("M-20418 was changed meanwhile; look again. Nothing was done.")
        await rep.presses("1", "enter")
        await rep.finds("M-20418 linked")


async def test_a_lost_claim_says_who_has_it_and_keeps_what_was_written() -> None:
    client = FakeMatching(item())
    async with in_review(client) as rep:
        await rep.presses("z", *"new?", "enter")
        client.taken_by("R.Chen", "M-20418")
        await rep.presses("1")
        await rep.finds("Your claim on M-20418 is over: R.Chen has it until 09:56.")
        await rep.finds("INCOMING, masked")
        assert "SMITH" not in rep.sees
        assert client.done == []
        client.free("M-20418")
        await rep.presses("f7")
        await rep.finds("= SMITH")
        await rep.presses("z")
        await rep.finds("new?")
        await rep.presses("enter", "1")
        await rep.finds("M-20418 waits for the employer")
        assert client.done == ["ask M-20418 phone new?"]


async def test_the_claim_renews_without_a_word() -> None:
    client = FakeMatching(item())
    async with in_review(client, size=(120, 40)) as rep:
        await rep.finds("yours until 09:56 (renews)")
        await rep.presses("1")
        rep.app.screen.query_one(ClaimKeeper).renew()
        await rep.finds("yours until 10:03 (renews)")
        assert "> link M-20418" in rep.sees
        assert client.done == ["extend M-20418"]


async def test_a_renewal_that_is_refused_takes_the_armed_line_away() -> None:
    client = FakeMatching(item())
    async with in_review(client) as rep:
        await rep.presses("1")
        client.taken_by("R.Chen", "M-20418")
        rep.app.screen.query_one(ClaimKeeper).renew()
        await rep.finds("R.Chen has it until 09:56")
        await rep.loses("> link")
        await rep.presses("enter")
        assert client.done == []


@pytest.mark.parametrize("claim_lives", [True, False])
async def test_after_the_lock_the_same_item_is_there_under_a_claim(claim_lives: bool) -> None:
    client = FakeMatching(item(), item("M-20419"))
    async with in_review(client) as rep:
        again = review(rep).again()
        claims = client.claims
        await rep.presses("ctrl+l")
        assert isinstance(rep.app.screen, LockScreen)
        assert "SMITH" not in rep.sees
    if not claim_lives:
        client.free("M-20418")
    async with at_queue(client) as rep:
        assert again is not None
        rep.app.push_screen(again)
        await rep.finds("MATCH M-20418")
        await rep.finds("= SMITH")
        assert client.claims == claims + (0 if claim_lives else 1)
        await rep.presses("1", "enter")
        await rep.finds("M-20418 linked")


async def test_escape_leaves_and_the_claim_stays() -> None:
    client = FakeMatching(item())
    async with in_review(client) as rep:
        await rep.presses("1", "escape")
        await rep.finds("INCOMING")
        await rep.presses("escape")
        await rep.finds("MINE  M-20418")
        assert "M-20418" in client.tokens
        await rep.presses("enter")
        await rep.finds("= SMITH")
