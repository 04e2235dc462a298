"""What stands on the screen of a call."""

from __future__ import annotations

import itertools
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from api_client.types.call_words import (
    CallBackOutcome,
    CallerKind,
    CallState,
    Fact,
    VerifyItem,
    VerifyState,
    WrapUp,
)
from api_client.types.calls import CallBack, HistoryLine, MyCalls, Note, NumberOnRecord
from backend.session.drafts import _SUBJECT
from screens.calls import bar, codes, happened, notes, promises, verification, words, wrapping_up
from screens.widgets.desk import About
from screens.widgets.text import plain
from tests.screens.calls.said import GROUP, asked, call, promised, rings, subject
from tests.screens.desk import NOW
from tests.screens.rep import HOSTILE

HERE = About(GROUP)
PERSON = About(GROUP, "88120441")
ELSEWHERE = About("104871")
CENTER = ZoneInfo("America/Los_Angeles")
LONG = "MAXIMILIANA-JOSEPHINE VON UND ZU HOHENSTEIN-WALDENBURG, administrator of the eastern branches"


def said(calls: MyCalls | None, about: About | None = HERE, width: int = 80) -> str:
    """The bar in plain words; empty where there is none."""
    line = bar.bar(calls, about, NOW, width)
    return "" if line is None else line.plain


def mine(*subjects: Any, **more: Any) -> MyCalls:
    """One call on the line with these subjects."""
    return MyCalls(active=call(subjects=list(subjects)), **more)


@pytest.mark.parametrize(
    ("calls", "about", "line"),
    [
        (None, HERE, ""),
        (MyCalls(), HERE, ""),
        (MyCalls(parked=[call(state=CallState.PARKED)]), HERE, ""),
        (
            mine(subject()),
            HERE,
            "CALL C-5512 02  R. HALE, contract…  to 2027-06-30  [=] VERIFIED 3/3  not: claims",
        ),
        (mine(subject()), ELSEWHERE, "CALL C-5512 02  [ ] NOT VERIFIED for 104871  y verifies"),
        (mine(asked()), HERE, "CALL C-5512 02  [ ] NOT VERIFIED for 104233  1 of 3  y goes on"),
        (mine(), HERE, "CALL C-5512 02  [ ] NOT VERIFIED for 104233  y verifies"),
        (mine(), None, "CALL C-5512 02  [ ] NOT VERIFIED  y verifies"),
        (
            mine(asked(state=VerifyState.FAILED)),
            HERE,
            "CALL C-5512 02  [X] FAILED for 104233  only what anybody may hear",
        ),
        (
            mine(asked(state=VerifyState.NO_AUTHORITY)),
            None,
            "CALL C-5512 02  [X] NO AUTHORITY for 104233  only what anybody may hear",
        ),
        (
            mine(subject(caller="B. SABLE, broker", authority_to=None, facts=[Fact.LETTERS])),
            HERE,
            "CALL C-5512 02  B. SABLE, broker  [=] VERIFIED 3/3  only: letters",
        ),
        (
            mine(subject(authority_to=date(2026, 11, 19), facts=[])),
            HERE,
            "CALL C-5512 02  R. HALE, contract signer  to 2026-11-19  [X] AUTHORITY ENDED",
        ),
        (
            mine(
                subject(caller="CLEO MARSH, member", authority_to=None, mrn="88120441", facts=[Fact.PERSON])
            ),
            PERSON,
            "CALL C-5512 02  CLEO MARSH, member  [=] VERIFIED 3/3  not: claims",
        ),
        (
            mine(subject(mrn="88120441", facts=[Fact.PERSON])),
            HERE,
            "CALL C-5512 02  [ ] NOT VERIFIED for 104233  y verifies",
        ),
        (
            mine(subject(caller="", authority_to=None), parked=[call("C-5511", state=CallState.PARKED)]),
            HERE,
            "CALL C-5512 02  [=] VERIFIED 3/3  not: claims  1 parked",
        ),
        (
            MyCalls(ringing=[rings("C-5513", (GROUP, "SALEM PARTS"))]),
            None,
            "RINGS C-5513: likely 104233 SALEM PARTS  F9 takes it",
        ),
        (
            MyCalls(
                ringing=[rings("C-5513", (GROUP, "SALEM PARTS"), ("104871", "OAK DENTAL")), rings("C-5514")]
            ),
            None,
            "RINGS C-5513: likely 104233, 104871  and 1 more  F9 takes it",
        ),
        (MyCalls(ringing=[rings()]), HERE, "RINGS C-5513: no group has this number  F9 takes it"),
        (
            MyCalls(handed_over=[call("C-5514", rep="R.Chen", question="may I say the sum?\nshe insists")]),
            None,
            "WAITS FOR A LEAD C-5514 of R.Chen: may I say the sum?  F9 takes it",
        ),
        (
            mine(asked(), handed_over=[call("C-5514", rep="R.Chen", question="may I?")]),
            HERE,
            "CALL C-5512 02  [ ] NOT VERIFIED for 104233  1 of 3  y goes on  1 for a lead",
        ),
        (
            mine(asked(), ringing=[rings("C-5513", (GROUP, "SALEM PARTS"))]),
            HERE,
            "CALL C-5512 02  [ ] NOT VERIFIED for 104233  1 of 3  y goes on  RINGS C-5513  F9",
        ),
    ],
)
def test_the_bar(calls: MyCalls | None, about: About | None, line: str) -> None:
    assert said(calls, about) == line


def test_the_verification_of_a_group_counts_for_its_people_and_not_the_other_way() -> None:
    assert "[=] VERIFIED" in said(mine(asked(mrn=PERSON.mrn), subject()), PERSON)
    assert "NOT VERIFIED" in said(mine(subject(facts=[Fact.COBRA])), PERSON)
    assert "NOT VERIFIED" in said(mine(subject(mrn="other")), PERSON)


@pytest.mark.parametrize("state", list(VerifyState))
@pytest.mark.parametrize("caller", [LONG, *HOSTILE])
def test_the_state_stands_there_whatever_else_has_no_room(state: VerifyState, caller: str) -> None:
    calls = mine(
        subject(state=state, caller=caller),
        parked=[call(f"C-{n}", state=CallState.PARKED) for n in range(11, 14)],
        ringing=[rings("C-5513", (GROUP, caller))],
    )
    for width in (132, 80, 60, 48):
        line = said(calls, width=width)
        assert plain(line).cell_length <= width
        assert words.STATES[state][0] in line
        assert not any(ord(sign) < 32 or 0x7F <= ord(sign) < 0xA0 for sign in line)


def test_every_word_of_a_call_has_words() -> None:
    for known, told in (
        (CallerKind, words.KINDS),
        (VerifyItem, words.ITEMS),
        (VerifyState, words.STATES),
        (Fact, words.FACTS),
        (WrapUp, words.WRAP_UPS),
        (CallBackOutcome, words.OUTCOMES),
        (CallerKind, words.PERSON_KINDS),
    ):
        assert set(known) == set(told)


# -- the calls as acts leave them ------------------------------------------------------------------


def test_an_act_puts_its_call_where_it_stands_now() -> None:
    first, second = call("C-1"), call("C-2")
    calls = bar.with_call(None, first)
    calls = bar.with_call(calls, second)
    assert calls.active == second
    assert [(one.id, one.state) for one in calls.parked] == [("C-1", CallState.PARKED)]
    calls = bar.with_call(calls, call("C-2", state=CallState.PARKED, version=4))
    assert calls.active is None
    assert [one.version for one in calls.parked] == [3, 4]
    calls = bar.with_call(calls, first)
    assert calls.active == first
    assert [one.id for one in calls.parked] == ["C-2"]
    calls = bar.with_call(calls, call("C-1", state=CallState.CLOSED))
    assert calls.active is None
    assert [one.id for one in calls.parked] == ["C-2"]
    assert bar.parked(calls) == "C-2"


def test_rights_change_with_the_call_and_with_what_is_proved() -> None:
    steps = [
        None,
        mine(),
        mine(asked(matched=0)),
        mine(subject()),
        mine(subject(), subject(mrn="1")),
        MyCalls(),
    ]
    seen = [bar.rights(one) for one in steps]
    assert all(one != other for one, other in itertools.pairwise(seen))
    assert bar.rights(mine(asked(matched=1))) == bar.rights(mine(asked(matched=2)))
    assert bar.rights(mine(ringing=[rings()])) == bar.rights(mine())


# -- verification ----------------------------------------------------------------------------------


def test_whom_a_caller_is_verified_for() -> None:
    assert verification.whom(PERSON, CallerKind.CLIENT) == HERE
    assert verification.whom(PERSON, CallerKind.SUBSCRIBER) == PERSON
    assert verification.whom(HERE, CallerKind.OTHER) == HERE
    assert [one.value for one in verification.kinds(HERE)] == [
        CallerKind.CLIENT,
        CallerKind.BROKER,
        CallerKind.TPA,
        CallerKind.OTHER,
        CallerKind.PROVIDER,
    ]
    assert verification.kinds(PERSON)[0].value is CallerKind.SUBSCRIBER


def test_the_items_go_on_from_the_last_one_and_come_round() -> None:
    one = asked()
    assert verification.next_item(one, None) is VerifyItem.CONTACT_NAME
    assert verification.next_item(one, VerifyItem.CONTACT_NAME) is VerifyItem.BILLING_ADDRESS
    assert verification.next_item(one, VerifyItem.CALL_BACK) is VerifyItem.CONTACT_NAME
    assert verification.next_item(subject(), None) is VerifyItem.CALL_BACK
    assert verification.next_item(asked(ask=[]), None) is None
    seen = frozenset({VerifyItem.GROUP_NUMBER})
    assert verification.to_show(one, seen)[0] is VerifyItem.GROUP_NUMBER


def test_what_is_said_locked_and_missing() -> None:
    head = verification.head(call(misses_left=2), asked()).plain
    assert "SALEM PARTS LLC" in head
    assert "1 of 3 matched" in head
    assert "misses left in this call: 2" in head
    told = verification.told(asked(sentence="I need two more answers."), 80).plain
    assert '"I need two more answers."' in told
    assert "billing, letters" in told
    assert "fax number" in told
    assert "LOCKED  claims" in verification.told(subject(), 80).plain


# -- wrap-up ---------------------------------------------------------------------------------------


def test_the_codes_stand_on_their_digits() -> None:
    guesses = [WrapUp.UID_STATUS, WrapUp.DROPPED, WrapUp.ENR_STATUS]
    rows = wrapping_up.choices(call(guess=guesses), noted=False)
    keys = [row.key or str(at) for at, row in enumerate(rows, start=1)]
    assert keys == ["1", "2", "3", "4", "5", "6", "7", "8", "9", "0", "n", "l"]
    assert [row.value for row in rows[:2]] == [WrapUp.UID_STATUS, WrapUp.ENR_STATUS]
    assert rows[8].value is WrapUp.DROPPED
    assert len({row.value for row in rows}) == len(rows)


@pytest.mark.parametrize(
    ("typed", "first", "how_many"),
    [
        ("", WrapUp.ENR_STATUS, 30),
        ("uid", WrapUp.UID_NEW, 4),
        ("PAPER", WrapUp.BILL_PAPER, 1),
        ("bill b", WrapUp.BILL_BALANCE, 5),
        ("zzz", None, 0),
    ],
)
def test_codes_are_found_by_code_and_words(typed: str, first: WrapUp | None, how_many: int) -> None:
    found = codes.matching(typed)
    assert (found[0] if found else None) is first
    assert len(found) == how_many


# -- notes and history -----------------------------------------------------------------------------


def test_the_draft_of_a_person_names_nobody_in_its_address() -> None:
    one, other = notes.draft_subject(PERSON), notes.draft_subject(About(GROUP, "88120442"))
    assert one != other
    assert PERSON.mrn not in one
    assert GROUP not in one
    for about in (HERE, PERSON, About(GROUP, "", "R-000001")):
        assert _SUBJECT.fullmatch(notes.draft_subject(about))


def test_a_note_says_until_when_it_can_be_changed() -> None:
    note = Note(
        id=7,
        at=NOW,
        author="M.Lopez",
        text="first line\nsecond line",
        call="C-5512",
        verified="contract signer",
        editable_until=NOW + timedelta(minutes=15),
    )
    line = HistoryLine(at=NOW, kind="note", who="M.Lopez", what="first line", note=note)
    now = NOW.astimezone(CENTER)
    whole = happened.whole(line, now, 80).plain
    assert "second line" in whole
    assert "e changes it until 09:56" in whole
    assert "C-5512" in whole
    assert not happened.can_edit(note, now + timedelta(minutes=15))
    assert happened.key(line) == happened.key(line.model_copy(update={"what": "other"}))
    assert happened.row(line, now).cells[0].plain == "11-20 09:41"


# -- call-backs ------------------------------------------------------------------------------------

FRIDAY = NOW.astimezone(CENTER)


def hours(window: promises.Window | str | None) -> str:
    """A window in words."""
    if isinstance(window, promises.Window):
        return f"{window.begin:%m-%d %H:%M}-{window.end:%H:%M}"
    return "" if window is None else "?"


@pytest.mark.parametrize(
    ("now", "rest", "morning"),
    [
        (FRIDAY, "11-20 10:41-17:00", "11-23 08:00-12:00"),
        (FRIDAY.replace(hour=5), "11-20 08:00-17:00", "11-23 08:00-12:00"),
        (FRIDAY.replace(hour=15, minute=45), "", "11-23 08:00-12:00"),
        (FRIDAY.replace(hour=18), "", "11-23 08:00-12:00"),
        (FRIDAY + timedelta(days=1), "", "11-23 08:00-12:00"),
        (FRIDAY + timedelta(days=3), "11-23 10:41-17:00", "11-24 08:00-12:00"),
    ],
)
def test_when_a_call_back_is_promised_for(now: datetime, rest: str, morning: str) -> None:
    assert hours(promises.today(now)) == rest
    assert hours(promises.tomorrow_morning(now)) == morning


@pytest.mark.parametrize(
    ("text", "window"),
    [
        ("11-24 14:00-16:00", "11-24 14:00-16:00"),
        ("11-24 14-16", "11-24 14:00-16:00"),
        ("1-4 9:30 - 11", "01-04 09:30-11:00"),
        ("2026-11-20 9-17", "11-20 09:00-17:00"),
        ("11-20 8-9", "?"),
        ("11-24 14:00-14:10", "?"),
        ("11-31 9-10", "?"),
        ("13-01 9-10", "?"),
        ("11-24 25-26", "?"),
        ("tomorrow", "?"),
        ("", "?"),
    ],
)
def test_hours_as_they_are_typed(text: str, window: str) -> None:
    found = promises.typed(text, FRIDAY)
    assert hours(found) == window
    if text.startswith("1-4"):
        assert isinstance(found, promises.Window)
        assert found.begin.year == 2027


def test_a_call_back_in_the_list_and_after_a_try() -> None:
    one = promised()
    assert [cell.plain for cell in promises.row(one, FRIDAY).cells] == [
        "[!] today 13:41-15:41",
        GROUP,
        "R. HALE",
        "1/3",
        "the answer about the November bill",
    ]
    assert "reached" in promises.tried(one, CallBackOutcome.REACHED)
    assert "2 left" in promises.tried(one, CallBackOutcome.NO_ANSWER)
    assert "given up" in promises.tried(promised(tries=3, tries_left=0), CallBackOutcome.LEFT_NAME_ONLY)
    assert "not tried yet" in promises.about(one, FRIDAY, 80).plain


# -- text from outside -----------------------------------------------------------------------------


@pytest.mark.parametrize("text", HOSTILE)
def test_nothing_from_outside_steers_the_terminal_or_is_read_as_markup(text: str) -> None:
    note = Note(id=1, at=NOW, author=text, text=text, call="C-1", verified=text)
    line = HistoryLine(at=NOW, kind=text, who=text, what=text, reference=text, note=note)
    number = NumberOnRecord(name=text, phone=text, extension=text)
    one = promised(who=text, reason=text, group_name=text, rep=text)
    to_call = CallBack(**one.model_dump(), number=number, message=text)
    hostile = asked(group_name=text, caller=text, sentence=text)
    shown = [
        verification.head(call(), hostile),
        verification.told(hostile, 60),
        verification.reached(number),
        happened.whole(line, FRIDAY, 60),
        promises.about(one, FRIDAY, 60),
        promises.to_call(to_call, FRIDAY, 60),
        *happened.row(line, FRIDAY).cells,
        *promises.row(one, FRIDAY).cells,
    ]
    for content in shown:
        assert not any(
            (ord(sign) < 32 and sign != "\n") or 0x7F <= ord(sign) < 0xA0 for sign in content.plain
        )
        assert not any("@click" in str(span.style) for span in content.spans)
