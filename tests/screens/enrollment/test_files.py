"""The list of enrollment files, driven by keys."""

from __future__ import annotations

import pytest

from api_client.errors import NoAnswer, Trouble
from api_client.types.accounts import Filing
from api_client.types.words import EventKind, FileState
from kprep_tui.areas import AREAS
from screens.accounts.account import AccountScreen
from screens.enrollment.files import FilesScreen
from screens.session.lock import LockScreen
from screens.widgets.desk import Changed
from screens.widgets.virtual_table import VirtualTable
from tests.screens.accounts.accounts import FakeAccounts, account
from tests.screens.desk import FakeDoor, Seconds, desk
from tests.screens.enrollment.shelf import FakeFiles, a_file, at_shelf, hears
from tests.screens.matching.at_desk import LookUpScreen
from tests.screens.rep import SIZES, Rep


def shelf() -> FakeFiles:
    """A file that runs, one with missing people, a refused one and a held one."""
    nothing = {"absent": 0, "errors": 0}
    return FakeFiles(
        a_file("F-00013", state=FileState.RECEIVED, running=True, done=120, **nothing),
        a_file(),
        a_file("F-00011", state=FileState.STRUCTURE_REJECTED, members=0, done=0, counts={}, absent=0),
        a_file("F-00010", state=FileState.HELD, held_why="60 of 255 are missing", **nothing),
        a_file("F-00009", **nothing),
    )


@pytest.mark.parametrize("size", SIZES)
async def test_the_newest_stands_first_and_the_one_under_the_cursor_is_told_below(
    size: tuple[int, int],
) -> None:
    async with at_shelf(shelf(), size=size) as rep:
        await rep.finds(">F-00013 11-20 09:12 ACME BEN")
        await rep.finds("[>] running; 120 of 255 members done")
        await rep.presses("down")
        await rep.finds("[ ] done; missing people wait for a decision")
        await rep.finds("We took your file; three people are missing from it")
        lines = rep.sees.split("\n")
        assert len(lines) == size[1]
        assert all(len(line) <= size[0] for line in lines)
        assert lines[-1] == "Enter open  f filter  c copy number  F1 help"


async def test_f_shows_what_needs_somebody_and_what_was_refused() -> None:
    async with at_shelf(shelf()) as rep:
        await rep.finds("F-00009")
        await rep.presses("f", "2")
        await rep.finds("FILES  files that need somebody")
        await rep.finds("rows 1-2 of 2")
        assert "F-00013" not in rep.sees
        await rep.presses("f", "3")
        await rep.finds("rows 1-1 of 1")
        await rep.finds("refused: its structure is wrong")
        await rep.presses("escape")
        await rep.finds("F-00009")
        await rep.presses("question_mark")
        await rep.finds("A file needs somebody")


async def test_a_running_file_moves_in_its_row_and_a_new_one_waits_for_f7() -> None:
    client = shelf()
    async with at_shelf(client) as rep:
        await rep.finds("120/255")
        await rep.presses("down")
        client.put("F-00013", done=200)
        hears(rep, "F-00013")
        await rep.finds("[>] 200/255")
        client.files_there["F-00014"] = a_file("F-00014")
        client.put("F-00012", absent=1)
        await rep.presses("down", "up", "down", "up")
        hears(rep)
        await rep.finds("1 new: F7")
        assert rep.app.screen.query_one(VirtualTable).cursor_key == "F-00012"
        await rep.presses("f7")
        await rep.finds(" F-00014")
        await rep.finds(">F-00012")


async def test_a_storm_of_changes_is_one_look() -> None:
    client = shelf()
    async with at_shelf(client) as rep:
        await rep.finds("120/255")
        await rep.presses("down", "up", "down")
        client.asked.clear()
        for _ in range(50):
            hears(rep)
        await rep.presses("down")
        assert client.asked.count("files") == 1
        screen = rep.app.screen
        assert isinstance(screen, FilesScreen)
        screen._soon.now()
        await rep.presses("down")
        assert client.asked.count("files") == 2


async def test_enter_opens_the_file_and_escape_comes_back_to_its_row() -> None:
    async with at_shelf(shelf()) as rep:
        await rep.finds("F-00012")
        await rep.presses("down", "enter")
        await rep.finds("FILE F-00012")
        await rep.presses("escape")
        await rep.finds(">F-00012")
        await rep.presses("c")
        await rep.finds("F-00012 is copied.")
        assert rep.app.clipboard == "F-00012"


async def test_loading_empty_and_failed_say_so() -> None:
    client = FakeFiles()
    client.open.clear()
    async with at_shelf(client) as rep:
        await rep.finds("loading ...")
        client.open.set()
        await rep.finds("No enrollment file has come yet; the operators take them in with import-834.")
        await rep.presses("c")
        await rep.finds("No file stands here.")
        await rep.presses("f", "3")
        await rep.finds("No file is in this view; Esc shows all.")
        client.failure = NoAnswer(Trouble("The backend does not answer."))
        await rep.presses("escape")
        await rep.finds("could not load: The backend does not answer.  F7 tries again")
        client.failure = None
        client.files_there["F-00012"] = a_file()
        await rep.presses("f7")
        await rep.finds(">F-00012")


async def test_one_key_leads_to_the_files_from_anywhere_and_the_lock_back_to_the_same_file() -> None:
    areas = {"accounts": LookUpScreen, "files": AREAS["files"]}
    async with desk(areas, door=FakeDoor(shelf()), seconds=Seconds()) as (app, pilot):
        rep = Rep(app, pilot, Seconds())
        await rep.finds("LOOKS UP")
        await rep.presses("E")
        await rep.finds(">F-00013")
        await rep.presses("down")
        await rep.finds(">F-00012")
        await rep.presses("ctrl+l")
        assert isinstance(rep.app.screen, LockScreen)
        assert "ACME" not in rep.sees
        await rep.types(*"secret", "enter")
        await rep.finds(">F-00012")


class AccountAndFiles(FakeFiles):
    """A group and the files of who files for it."""

    last: str | None = "F-00012"

    @property
    def accounts(self) -> FakeAccounts:
        filing = Filing(partner="ACME BENEFITS", last_file=self.last, sentence="Files are taken.")
        return FakeAccounts(account(filing=filing))


async def test_from_an_account_one_key_leads_to_the_last_file_of_its_sender() -> None:
    client = AccountAndFiles(a_file())
    async with desk({"accounts": lambda: AccountScreen("104233")}, client=client) as (app, pilot):
        rep = Rep(app, pilot, Seconds())
        await rep.finds("834, by ACME BENEFITS; last file F-00012, f opens it. Files are")
        await rep.presses("f")
        await rep.finds("FILE F-00012")
        await rep.presses("escape")
        await rep.finds("ACCOUNT  104233")
        client.last = None
        await rep.presses("f7")
        await rep.finds("834, by ACME BENEFITS. Files are taken.")
        await rep.presses("f")
        await rep.finds("No electronic file of this group's sender has come yet; E lists all files.")


async def test_after_an_outage_everything_is_looked_at_anew() -> None:
    client = shelf()
    async with at_shelf(client) as rep:
        await rep.finds("120/255")
        client.put("F-00013", done=255, state=FileState.APPLIED)
        screen = rep.app.screen
        assert isinstance(screen, FilesScreen)
        await rep.presses("down", "up", "down")
        screen.on_change(Changed(EventKind.RESET, "", 0))
        await rep.finds(" F-00013 11-20 09:12 ACME BEN… full   [ ] applied")
