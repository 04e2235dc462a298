"""A morning at the desk: the real program, its own backend, a real keyring, both sizes.

What the screens said is then asked of the API and of the audit record.
"""

from __future__ import annotations

import asyncio
import re
import sqlite3
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.e2e.secret_service import installed, secret_service
from tests.e2e.store import (
    GROUP,
    PASSWORD,
    as_r_chen,
    center_date,
    fill,
    folder,
    form,
    operate,
    start_backend,
)
from tests.e2e.terminal import Counted, Terminal, kprep
from tests.needs import missing
from tests.screens.rep import SIZES


@dataclass
class Morning:
    """What the two reps find when they come in."""

    items: list[str]
    fax: str


async def ask_for_a_user_id(home: Path) -> str:
    """R.Chen registers the faxed form of the group; returns the number of the request."""
    async with as_r_chen(home) as client:
        return (await client.user_ids.register(form())).id


def begin(home: Path) -> Morning:
    """Fill the store and start its backend, which waits for the desk."""
    items = fill(home, center_date())
    start_backend(home)
    return Morning(items, asyncio.run(ask_for_a_user_id(home)))


def signs_in(screen: Terminal) -> None:
    screen.wait_for("user name")
    screen.wait_for("keep me signed in")
    screen.press("ctrl+r")
    screen.wait_for("will be remembered")
    screen.press("m.lopez", "enter", PASSWORD, "enter")
    screen.wait_for("Manual match")


def decides(screen: Terminal, *keys: str) -> None:
    """Looks, presses, waits until the line that confirms counts, and confirms."""
    screen.quiet_for(0.3)  # a deciding key counts a moment after the paint
    screen.press(*keys)
    screen.wait_for("Enter confirms")
    screen.press("enter")
    screen.wait_gone("Enter confirms")


async def as_the_api_says(home: Path, morning: Morning) -> dict[str, Any]:
    """What the backend answers to R.Chen about what M.Lopez did."""
    async with as_r_chen(home) as client:
        item = await client.matching.show(morning.items[0])
        request = await client.user_ids.show(morning.fax)
        account = await client.accounts.show(GROUP)
        return {
            "item": (item.state.value, item.decided.value if item.decided else None, item.decided_mrn),
            "request": (request.state.value, request.decided_by),
            "members": account.members_enrolled,
        }


def audited(home: Path, subject: str) -> list[str]:
    """The acts on record for a subject, oldest first."""
    with sqlite3.connect(f"file:{folder(home)}/store.db?mode=ro", uri=True) as store:
        rows = store.execute(
            "select action from audit_row where subject = ? and actor = 'm.lopez' order by id", (subject,)
        )
        return [str(action) for (action,) in rows]


@pytest.mark.parametrize("size", SIZES)
def test_a_morning_at_the_desk(home: Path, size: tuple[int, int]) -> None:
    if not installed():
        missing("a Secret Service")
    morning = begin(home)
    with secret_service(home) as bus:
        command, environment = kprep(home=home, **bus)
        with Terminal(command, size=size, env=environment) as screen:
            signs_in(screen)
            works(screen, morning)
            screen.press("ctrl+l")
            screen.wait_for("The desk is locked.")
            screen.quiet_for(0.3)  # the paint is over
            assert not re.search(r"Quillparts|Pebblewick|900100", screen.text)
            screen.press(PASSWORD, "enter")
            screen.wait_for("USER IDS")
            screen.press("ctrl+q")
            assert screen.wait_end() == 0
        assert PASSWORD.encode() not in screen.raw
        with Terminal(command, size=size, env=environment) as screen:
            screen.wait_for("Manual match")  # nobody typed a password
            screen.press("f2")
            screen.press("ctrl+q")
            assert screen.wait_end() == 0
        said = asyncio.run(as_the_api_says(home, morning))
    assert said == {
        "item": ("applied", "link", "88000001"),
        "request": ("approved", "M.Lopez"),
        "members": 1,
    }
    acts = audited(home, morning.items[0])
    changes = [act for act in acts if act.endswith(("decide", "undo"))]
    assert changes == ["matching.decide", "matching.undo", "matching.decide"]
    assert audited(home, morning.fax).count("user_ids.approve") == 1
    assert operate(home, "audit", "verify")["findings"] == []


def works(screen: Terminal, morning: Morning) -> None:
    """Decides, takes it back, decides again; looks the group and its bill up; approves the form."""
    screen.press("n")
    screen.wait_for("INCOMING")
    screen.wait_for(morning.items[0])
    decides(screen, "1")
    screen.wait_for("takes it back")
    decides(screen, "u")
    screen.wait_for(morning.items[0])
    decides(screen, "1")
    screen.wait_for("takes it back")
    screen.press("f3")
    screen.press(GROUP, "enter")
    screen.wait_for("Quillparts LLC")
    screen.press("b")
    screen.wait_for("BILLING")
    screen.wait_for("1,000.00")
    approves(screen, morning)


def approves(screen: Terminal, morning: Morning) -> None:
    """With three keys, from the key that opens the list on."""
    keys = Counted(screen)
    keys.press("f5")
    screen.wait_for(morning.fax)
    screen.wait_for("you can approve")
    screen.quiet_for(0.3)  # a deciding key counts a moment after the paint
    keys.press("a")
    screen.wait_for("mail to address of record   Enter confirms")
    keys.press("enter")
    screen.wait_for(f"{morning.fax} approved; u takes it back until its letter is mailed.")
    assert keys.keys == 3
