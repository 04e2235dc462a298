"""The user-ID screen, driven by keys."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from api_client.errors import NoAnswer, RuleRefuses, Trouble
from api_client.types.common import Address
from api_client.types.user_id_words import CheckResult, Missing, UserIdRequestState
from api_client.types.user_ids import Check, FaxPage, UserIdRequest
from api_client.types.visible import visible_line
from api_client.types.words import EventKind
from screens.session.lock import LockScreen
from screens.user_ids.requests import UserIdsScreen
from screens.widgets.desk import Changed
from screens.widgets.virtual_table import VirtualTable
from tests.screens.desk import NOW, FakeDoor, Seconds, desk
from tests.screens.rep import HOSTILE_AT, SIZES, Rep
from tests.screens.user_ids.requests import FakeUserIds, checks, decided, request, unsigned

VERIFYING = UserIdRequestState.VERIFYING


@asynccontextmanager
async def at_desk(
    client: FakeUserIds,
    *,
    size: tuple[int, int] = (80, 24),
    group: str | None = None,
    door: FakeDoor | None = None,
) -> AsyncIterator[Rep]:
    seconds = Seconds()
    areas = {"user_ids": lambda: UserIdsScreen(group)}
    async with desk(areas, client=client, seconds=seconds, size=size, door=door) as (app, pilot):
        yield Rep(app, pilot, seconds)


@pytest.mark.parametrize("size", SIZES)
async def test_a_request_is_approved_with_two_keys(size: tuple[int, int]) -> None:
    client = FakeUserIds(request())
    async with at_desk(client, size=size) as rep:
        await rep.finds("you can approve U-00871")
        await rep.presses("a")
        await rep.finds("> approve U-00871, mail to address of record")
        await rep.presses("enter")
        await rep.finds("U-00871 approved; u takes it back until its letter is mailed.")
        assert client.decisions == ["approve U-00871"]
        await rep.finds("decided approved by M.Lopez")


async def test_an_approved_request_keeps_its_place_in_the_list_and_says_so() -> None:
    client = FakeUserIds(unsigned(), request(), request("U-00880"))
    async with at_desk(client) as rep:
        await rep.presses("down")
        await rep.finds("you can approve U-00871")
        await rep.presses("a", "enter", "down")
        await rep.finds(" U-00880  first ID  received")
        await rep.finds("-U-00871 SALEM PARTS LLC 104233  first ID 11-20 08:12 approved")


async def test_keys_typed_without_a_look_decide_nothing() -> None:
    client = FakeUserIds(request())
    async with at_desk(client) as rep:
        await rep.finds("you can approve U-00871")
        await rep.types("a", "enter", "enter")
        assert "too fast" in rep.sees
        assert client.decisions == []


async def test_a_request_that_fails_a_check_says_why_and_swallows_enter() -> None:
    client = FakeUserIds(unsigned())
    async with at_desk(client) as rep:
        await rep.finds("cannot  be approved yet: signer on record")
        await rep.presses("a")
        await rep.types("1", "enter")
        await rep.finds("The signer is not on record. Ask for a form signed")
        assert client.decisions == []
        assert "approve U-00866" not in rep.sees
        assert "a approve" in rep.sees


async def test_escape_at_the_line_decides_nothing() -> None:
    client = FakeUserIds(request())
    async with at_desk(client) as rep:
        await rep.finds("you can approve U-00871")
        await rep.presses("a", "escape", "enter")
        assert client.decisions == []


async def test_a_denial_takes_a_reason_and_may_go_without_a_note() -> None:
    client = FakeUserIds(unsigned())
    async with at_desk(client) as rep:
        await rep.finds("# failed signer on record")
        await rep.presses("d")
        await rep.finds("1 signer unknown  2 not an employee")
        await rep.presses("1")
        await rep.finds("note to U-00866, or none:")
        await rep.presses("enter")
        await rep.finds("> deny U-00866: signer unknown")
        assert client.decisions == []
        await rep.presses("enter")
        await rep.finds("U-00866 denied")
        assert client.decisions == ["deny U-00866 signer_unknown"]
        await rep.presses("f", "4")
        await rep.finds("USER IDS  done")
        await rep.finds(">U-00866")


async def test_a_note_is_text_and_what_steers_is_sent_as_it_is_shown() -> None:
    client = FakeUserIds(unsigned())
    async with at_desk(client) as rep:
        await rep.finds("# failed signer on record")
        await rep.presses("d", "6", *"au1")
        rep.pastes("\u202e")
        await rep.presses("enter")
        await rep.finds('note "au1<202E>"')
        await rep.presses("enter")
        await rep.finds("U-00866 denied")
        assert client.decisions == ["deny U-00866 form_incomplete au1<202E>"]


async def test_undo_names_its_target_wherever_the_cursor_is() -> None:
    client = FakeUserIds(request(), unsigned())
    async with at_desk(client) as rep:
        await rep.finds("you can approve U-00871")
        await rep.presses("a", "enter")
        await rep.finds("U-00871 approved")
        await rep.presses("down")
        await rep.finds(" U-00866  reset  received")
        await rep.presses("u")
        await rep.finds("> take back the approval of U-00871 SALEM PARTS LLC")
        await rep.presses("enter")
        await rep.finds("U-00871 waits again; nothing is mailed.")
        assert client.decisions == ["approve U-00871", "undo U-00871"]
        await rep.presses("u")
        await rep.finds("You decided nothing here")


async def test_undo_is_refused_once_the_letter_is_mailed() -> None:
    client = FakeUserIds(request())
    async with at_desk(client) as rep:
        await rep.finds("you can approve U-00871")
        await rep.presses("a", "enter")
        await rep.finds("U-00871 approved")
        client.put(decided(request(), UserIdRequestState.MAILED, can_undo=False, version=3))
        await rep.presses("u")
        await rep.finds("U-00871 stays as it is: its letter is mailed, or somebody else decided it.")
        await rep.types("enter")
        assert client.decisions == ["approve U-00871"]


async def test_a_conflict_says_what_changed_and_shows_it() -> None:
    client = FakeUserIds(request())
    async with at_desk(client) as rep:
        await rep.finds("you can approve U-00871")
        await rep.presses("a")
        client.put(decided(request(), UserIdRequestState.APPROVED, decided_by="R.Chen"))
        await rep.presses("enter")
        await rep.finds("received when you looked, approved by R.Chen now. Nothing was done.")
        await rep.finds("decided approved by R.Chen")
        assert client.decisions == []


@pytest.mark.parametrize(
    ("failure", "words"),
    [
        (RuleRefuses(Trouble("This request is decided already.", "K-12345678")), "reference K-12345678"),
        (NoAnswer(Trouble("The backend did not answer in time.")), "did not answer in time"),
        (ValueError("canary"), "Something in this program went wrong."),
    ],
)
async def test_a_failed_decision_is_told_and_nothing_said_to_be_done(failure: Exception, words: str) -> None:
    client = FakeUserIds(request())
    async with at_desk(client) as rep:
        await rep.finds("you can approve U-00871")
        await rep.presses("a")
        client.failure = failure
        await rep.presses("enter")
        await rep.finds(words)
        assert "U-00871 approved" not in rep.sees
        assert "canary" not in rep.sees


async def test_a_live_update_changes_row_and_detail_in_place() -> None:
    client = FakeUserIds(request(), request("U-00880"))
    async with at_desk(client) as rep:
        await rep.finds("you can approve U-00871")
        client.put(decided(request(), UserIdRequestState.APPROVED, decided_by="R.Chen"))
        client.put(request("U-00899"))
        rep.app.screen_stack[0].on_change(Changed(EventKind.USER_ID_REQUEST, "U-00871", 2))  # type: ignore[attr-defined]
        await rep.finds("decided approved by R.Chen")
        await rep.finds("1 new: F7")
        await rep.presses("f7")
        await rep.finds("U-00899")
        await rep.loses("1 new")


async def test_a_change_of_the_group_checks_anew() -> None:
    client = FakeUserIds(request())
    async with at_desk(client) as rep:
        await rep.finds("you can approve U-00871")
        client.put(unsigned("U-00871", group_number="104233"))
        rep.app.screen_stack[0].on_change(Changed(EventKind.ACCOUNT, "104233", 2))  # type: ignore[attr-defined]
        await rep.finds("# failed signer on record")


async def test_an_empty_list_says_what_to_press() -> None:
    async with at_desk(FakeUserIds()) as rep:
        await rep.finds("No request waits. f shows the others; x registers a faxed form.")
        await rep.presses("a")
        await rep.finds("No request stands here to approve.")
        await rep.presses("d")
        await rep.finds("No request stands here to deny.")
        await rep.presses("z", "r", "s", "i", "p")
        await rep.finds("No request stands here whose page could be opened.")
        await rep.presses("f", "2")
        await rep.finds("No request is in this view; Esc goes back to the first one.")
        await rep.presses("escape")
        await rep.finds("USER IDS  open")
        await rep.finds("No request waits.")


async def test_loading_and_failing_say_so_and_f7_tries_again() -> None:
    client = FakeUserIds(request())
    client.open.clear()
    async with at_desk(client) as rep:
        await rep.finds("loading ...")
        client.failure = NoAnswer(Trouble("The backend does not answer."))
        client.open.set()
        await rep.finds("could not load: The backend does not answer.")
        client.failure = None
        await rep.presses("f7")
        await rep.finds("you can approve U-00871")


async def test_a_detail_that_cannot_be_had_is_never_that_of_another_request() -> None:
    client = FakeUserIds(request(), unsigned())
    async with at_desk(client) as rep:
        await rep.finds("you can approve U-00871")
        client.failure = NoAnswer(Trouble("The backend does not answer."))
        await rep.presses("down")
        await rep.finds("[!] The backend does not answer.")
        assert "you can approve U-00871" not in rep.sees
        client.failure = None
        await rep.presses("a", "enter")
        assert client.decisions == []
        await rep.presses("f7")
        await rep.finds("# failed signer on record")


async def test_the_requests_of_one_group() -> None:
    async with at_desk(FakeUserIds(request(), unsigned()), group="104871") as rep:
        await rep.finds("USER IDS  all  of 104871")
        await rep.finds(">U-00866")
        assert "U-00871" not in rep.sees


async def test_help_says_why_first() -> None:
    async with at_desk(FakeUserIds(unsigned())) as rep:
        await rep.finds("# failed signer on record")
        await rep.presses("question_mark")
        await rep.finds("WHY")
        await rep.finds("Both dates count business days from the day of the fax")


async def test_after_the_lock_the_same_request_is_there_again() -> None:
    client = FakeUserIds(unsigned(), request())
    async with at_desk(client) as rep:
        await rep.finds("# failed")
        await rep.presses("down")
        await rep.finds("you can approve U-00871")
        again = rep.app.screen.again()  # type: ignore[attr-defined]
        await rep.presses("ctrl+l")
        assert isinstance(rep.app.screen, LockScreen)
        assert "SALEM" not in rep.sees
    async with at_desk(client) as rep:
        rep.app.push_screen(again)
        await rep.finds(">U-00871")
        await rep.finds("you can approve U-00871")


@pytest.mark.parametrize("size", SIZES)
async def test_a_record_fits_its_place_at_both_sizes(size: tuple[int, int]) -> None:
    client = FakeUserIds(*[unsigned(f"U-{number:05d}") for number in range(20)])
    async with at_desk(client, size=size) as rep:
        await rep.finds("[!] today")
        lines = rep.sees.split("\n")
        assert len(lines) == size[1]
        assert all(len(line) <= size[0] for line in lines)
        assert lines[-1].endswith("F1 help")


def hostile(text: str) -> UserIdRequest:
    home = Address(street=text, city=text, state=text, zip=text)
    return request(
        group_number=text,
        group_name=text,
        fax_reference=text,
        administrator=text,
        signer=text,
        form_address=home,
        address_of_record=home,
        checks=[Check(name=text, result=result, sentence=text) for result in CheckResult],
        approve_sentence=text,
        decided_by=text,
        checked_by=text,
        say=text,
        notice_to=text,
        missing_note=text,
        reissue_sentence=text,
        page=FaxPage(pages=1, kept_at=NOW, kept_by=text),
    )


@pytest.mark.parametrize(("text", "size"), HOSTILE_AT)
async def test_text_from_outside_is_shown_and_never_obeyed(text: str, size: tuple[int, int]) -> None:
    client = FakeUserIds(hostile(text))
    async with at_desk(client, size=size, group=visible_line(text) or None) as rep:
        await rep.finds("you can")
        await rep.presses("question_mark", "escape", "a")
        await rep.finds("approve U-00871")
        await rep.presses("enter")
        await rep.finds("U-00871 approved")
        await rep.presses("u")
        await rep.finds("> take back")
        await rep.presses("escape")
        client.put(hostile(text).model_copy(update={"can_approve": False, "version": 3}))
        await rep.presses("f7")
        await rep.finds("cannot")
        await rep.presses("a")
        mailed = {"state": UserIdRequestState.MAILED, "mailed_on": NOW.date(), "version": 4}
        client.put(hostile(text).model_copy(update=mailed))
        await rep.presses("f7")
        await rep.finds("letter  mailed 11-20")
        await rep.presses("r")
        asked = {"state": UserIdRequestState.INCOMPLETE, "missing": list(Missing), "version": 5}
        client.put(hostile(text).model_copy(update=asked))
        await rep.presses("f7")
        await rep.finds("missing signature")
        await rep.presses("z")
        await rep.finds("by fax")
        await rep.presses("question_mark", "escape", "escape")
        await rep.finds("missing signature")
        assert isinstance(rep.app.screen, UserIdsScreen)
        assert rep.app.screen.query_one(VirtualTable).cursor_key == "U-00871"
        seen = rep.sees.replace("\n", "")
        assert seen.isprintable()


async def test_the_requests_of_a_client_begin_where_the_letter_is() -> None:
    mailed = {"mailed_on": NOW.date(), "can_undo": False, "say": "The letter was mailed today."}
    client = FakeUserIds(
        decided(request("U-00880"), UserIdRequestState.REFUSED),
        decided(request(), UserIdRequestState.MAILED, **mailed),
        decided(request("U-00860"), UserIdRequestState.EXPIRED),
    )
    async with at_desk(client, group="104233") as rep:
        await rep.finds(">U-00871")
        await rep.finds(" letter  mailed 11-20, arrives by 12-03")
        await rep.finds('SAY     "The letter was mailed today."')
        await rep.presses("f", "5")
        await rep.finds("USER IDS  done  of 104233")
        await rep.finds(">U-00880")
        await rep.presses("escape")
        await rep.finds(">U-00871")
        assert client.asked[-1] == "all"


async def test_a_new_letter_is_confirmed_and_where_none_can_go_the_reason_is_said() -> None:
    sentence = "Wait until December 3: the letter is still on its way."
    one = decided(request(), UserIdRequestState.MAILED, mailed_on=NOW.date(), reissue_sentence=sentence)
    client = FakeUserIds(one)
    async with at_desk(client, group="104233") as rep:
        await rep.finds("letter  mailed")
        await rep.presses("r")
        await rep.types("enter")
        await rep.finds(sentence)
        assert client.decisions == []
        client.put(one.model_copy(update={"can_reissue": True, "version": 3}))
        await rep.presses("f7")
        await rep.finds("you can r, for a verified caller:")
        await rep.presses("r")
        await rep.finds("> new letter for U-00871: its code stops now, mail to address of record")
        await rep.types("enter", "enter")
        assert client.decisions == []
        await rep.presses("r", "enter")
        await rep.finds("the code that is lost works no more; a new letter goes to the mail")
        assert client.decisions == ["reissue U-00871"]


async def test_the_second_person_is_named_as_such_and_the_first_does_not_approve_twice() -> None:
    moved = request(checks=checks(no_move_in_30_days=CheckResult.NEEDS_LEAD))
    first = {"id": "U-00880", "checked_by": "R.Chen", "state": VERIFYING}
    client = FakeUserIds(moved, moved.model_copy(update=first))
    async with at_desk(client) as rep:
        await rep.finds("! lead   no move in 30 days")
        await rep.presses("a")
        await rep.finds("> approve U-00871 as the first person; a lead must agree before it is mailed")
        await rep.presses("escape", "down")
        await rep.finds("R.Chen approved it as the first person")
        await rep.presses("a")
        await rep.finds("> agree as the second person: approve U-00880, mail to address of record")
        await rep.presses("enter")
        await rep.finds("U-00880 approved")
        assert client.decisions == ["approve U-00880"]


async def test_a_page_that_takes_long_is_stopped_and_a_changed_request_is_shown(tmp_path: Path) -> None:
    (tmp_path / "fax.tif").write_bytes(b"II*" * 100)
    client = FakeUserIds(request())
    async with at_desk(client) as rep:
        await rep.finds("you can approve U-00871")
        await rep.presses("s")
        rep.pastes(str(tmp_path / "fax.tif"))
        await rep.presses("enter")
        await rep.finds("U-00871: the page is sent, 0.1 MiB ... Esc stops it")
        await rep.presses("s")
        await rep.finds("A page is being sent; Esc stops it.")
        await rep.presses("escape")
        await rep.finds("U-00871: stopped. If the page had arrived already, it is kept; F7 shows it.")
        assert isinstance(rep.app.screen, UserIdsScreen)
        client.page_arrives.set()
        client.put(request(version=2, group_name="SALEM PARTS & CO"))
        await rep.presses("f7")
        await rep.finds("104233 SALEM PARTS & CO")
        await rep.presses("s", "enter")  # the name stands there again
        await rep.finds("U-00871: the page is kept; p opens it.")
        client.put(request(version=7, group_name="SALEM PARTS INC"))
        await rep.presses("s")
        rep.pastes(str(tmp_path / "fax.tif"))
        await rep.presses("enter")
        await rep.finds("U-00871 was changed meanwhile; look again. Nothing was done.")
        await rep.finds("104233 SALEM PARTS INC")
        assert client.decisions == ["page U-00871 300"] * 3
