"""The bill of a group in the real program: when coverage ends and why, with the keys counted."""

from __future__ import annotations

import asyncio
from datetime import date, timedelta
from decimal import Decimal
from pathlib import Path

from backend.accounts import service as accounts
from backend.actors import operator
from backend.billing import bills
from backend.database.engine import Database
from backend.home import open_home
from backend.policy.policy import load_policy
from backend.runtime import open_runtime
from tests import csv_files
from tests.e2e.store import GROUP, PASSWORD, center_date, create_reps, folder, start_backend, take
from tests.e2e.terminal import Terminal, kprep
from tests.screens.rep import SIZES


async def billed(home: Path, month: date) -> None:
    """A month is billed to the group as a whole, and nothing is paid."""
    own = open_home(folder(home))
    with own.held():
        runtime = await open_runtime(Database(own.database), load_policy(), own.keys())
        try:
            async with runtime.act(operator("tester"), "TEST-TEST-TEST") as unit:
                account = await accounts.account_of(unit, GROUP)
                await bills.issue_invoice(unit, account, month, [("", Decimal(1000))])
        finally:
            await runtime.close()


def comes_to_the_account(screen: Terminal) -> None:
    screen.wait_for("user name")
    screen.wait_gone("reaching the backend")
    screen.press("m.lopez", "enter", PASSWORD, "enter")
    screen.wait_for("NEXT FOR YOU")
    screen.press(GROUP, "enter")
    screen.wait_for("BILL PHONE")


def asks_what_if(screen: Terminal) -> None:
    """Twice Enter asks what keeps coverage, paid today; then another amount and day on one line."""
    screen.press("p")
    screen.wait_for("empty = 1,000.00")
    screen.press("enter")
    screen.wait_for("today:")
    screen.press("enter")
    screen.wait_for("WITH 1,000.00 ON")
    screen.wait_for("coverage goes on")
    screen.press("p")
    screen.wait_for("Enter goes on")
    screen.press("600 on tomorrow", "enter")
    screen.wait_for("WITH 600.00 ON")
    screen.press("escape")
    screen.wait_gone("NOW, WITHOUT IT")


def goes_down_the_work_list(screen: Terminal) -> None:
    screen.press("f4")
    screen.wait_for(f">{GROUP}")
    screen.press("n")
    screen.wait_for("F9 starts the call")
    screen.wait_for("TO KEEP COVERAGE")
    assert "CALL C-" not in screen.text
    screen.press("escape")
    screen.wait_for("n call next")


def test_when_coverage_ends_and_why_takes_two_keys(home: Path) -> None:
    create_reps(home)
    group = csv_files.group(GROUP, "Quillparts LLC", signer_phone="(916) 555-0143")
    take(home, "import-groups", csv_files.group_file(group))
    last_month = (center_date() - timedelta(days=40)).replace(day=1)
    asyncio.run(billed(home, last_month))
    start_backend(home)
    command, environment = kprep(home=home)
    environment |= {"LANG": "C", "LC_ALL": "C", "PYTHONUTF8": "0"}
    for size in SIZES:
        with Terminal(command, size=size, env=environment) as screen:
            comes_to_the_account(screen)
            screen.press("b")
            screen.wait_for("TO KEEP COVERAGE 1,000.00 by ")
            screen.wait_for("SAY")
            screen.press("?")  # the second key
            screen.wait_for("COVERAGE ENDS ")
            screen.wait_for(" unless 1,000.00 reaches us by ")
            screen.wait_for("rule: 30 days of grace from L1 on")
            screen.press("escape")
            screen.wait_gone("WHY")
            asks_what_if(screen)
            if size == SIZES[0]:
                screen.press("\x1b[Z")  # Shift+Tab: the picture is the last one
            screen.wait_for("## balance")
            assert screen.text.isascii()
            goes_down_the_work_list(screen)
            screen.press("ctrl+q")
            assert screen.wait_end() == 0
