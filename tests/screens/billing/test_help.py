"""The help of the bill lists the keys that do something there, and those alone."""

from __future__ import annotations

import pytest

from tests.screens.billing.at_desk import at_bill
from tests.screens.billing.books import FakeBilling
from tests.screens.rep import SIZES


@pytest.mark.parametrize("size", SIZES)
async def test_tab_goes_to_the_next_list_from_every_list_and_enter_opens_letters_alone(
    size: tuple[int, int],
) -> None:
    async with at_bill(FakeBilling(), size=size) as rep:
        await rep.finds(">I-100012")
        opens = []
        for _ in range(5 if size == SIZES[0] else 4):
            await rep.presses("f1")
            await rep.finds("KEYS")
            await rep.finds("next list")
            pages = rep.sees
            await rep.presses("pagedown")
            opens.append("Enter  " in pages + rep.sees)
            await rep.presses("escape", "tab")
        assert opens == [False, False, True, False, False][: len(opens)]
        await rep.finds(">I-100012")
