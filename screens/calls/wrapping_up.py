"""`w`: what the call was about, one key, and it is closed; or a lead goes on with it."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from api_client.types.call_words import WrapUp
from screens.calls import line
from screens.calls.notes import drafts_of, write_kept
from screens.calls.words import LIKELY, WRAP_UPS
from screens.widgets.prompt import Choice

if TYPE_CHECKING:
    from api_client.types.calls import Call, MyCalls
    from screens.widgets.screen import DeskScreen

_NO_CALL = "There is no call to wrap up; F9 starts one or goes on with one."
_GUESSES = 8
"""The guess and the likely codes, on the digits 1 to 8."""
_NOTE_LENGTH = 2000
_ALL = "all"
_NOTE = "note"
_LEAD = "lead"
_QUESTION_LENGTH = 500
Picked = WrapUp | str


def begin(screen: DeskScreen) -> None:
    """Ask what the call was about; refused where nobody is on the line."""
    if screen.desk.calls is not None and screen.desk.calls.active is not None:
        # The guess comes from what was done, which the desk does not follow read by read.
        screen.fetch(screen.client.calls.mine(), partial(_known, screen), group="wrap-up", hold_keys=True)
    else:
        screen.refuse(_NO_CALL)


def _known(screen: DeskScreen, calls: MyCalls) -> None:
    screen.desk.calls_changed(calls)
    if calls.active is None:
        screen.refuse(_NO_CALL)
    else:
        _ask(screen, calls.active)


def _ask(screen: DeskScreen, call: Call) -> None:
    noted = bool(drafts_of(screen).text(_subject(call)))
    screen.pick(f"{call.id} was about", choices(call, noted=noted), partial(_picked, screen, call))


def choices(call: Call, *, noted: bool) -> list[Choice[Picked]]:
    """1 the guess, 2 to 8 what is likely, 9 a dropped call, 0 all codes, n a note, l a lead goes on."""
    likely = likely_codes(call)
    rows: list[Choice[Picked]] = [Choice(f"{code} {WRAP_UPS[code]}", code) for code in likely]
    rows.append(Choice("dropped call", WrapUp.DROPPED, key="9"))
    rows.append(Choice("all codes", _ALL, key="0"))
    rows.append(Choice("change the note" if noted else "with a note", _NOTE, key="n"))
    rows.append(Choice("a lead goes on with it", _LEAD, key="l"))
    return rows


def likely_codes(call: Call) -> list[WrapUp]:
    """What fits what was done, then what calls are most often about."""
    codes: list[WrapUp] = [code for code in dict.fromkeys([*call.guess, *LIKELY]) if code != WrapUp.DROPPED]
    return codes[:_GUESSES]


def _subject(call: Call) -> str:
    return f"{call.id} note"


def _picked(screen: DeskScreen, call: Call, picked: Picked) -> None:
    if picked == _ALL:
        from screens.calls.codes import CodesScreen

        screen.app.push_screen(CodesScreen(call.id, partial(_fetch_note, screen, call)))
    elif picked == _LEAD:
        screen.write(
            f"question to the leads about {call.id}:",
            partial(_hand_over, screen, call),
            limit=_QUESTION_LENGTH,
        )
    elif picked == _NOTE:
        then = partial(_noted, screen, call)
        write_kept(screen, _subject(call), f"note to {call.id}:", then, limit=_NOTE_LENGTH)
    else:
        _fetch_note(screen, call, WrapUp(picked))


def _hand_over(screen: DeskScreen, call: Call, question: str) -> None:
    work = screen.client.calls.hand_over(call.id, _version(screen, call), question)
    screen.act(work, partial(_handed_over, screen), otherwise=partial(line.look_again, screen))


def _handed_over(screen: DeskScreen, call: Call) -> None:
    line.changed(screen, call)
    line.leave(screen, call, f"{call.id} waits for a lead, who verifies anew; F9 takes it back.")


def _version(screen: DeskScreen, call: Call) -> int:
    """Of the call as it stands now: what was done since may have counted."""
    calls = screen.desk.calls
    return calls.active.version if calls is not None and calls.active is not None else call.version


def _noted(screen: DeskScreen, call: Call, text: str) -> None:
    drafts_of(screen).typed(_subject(call), text)
    _ask(screen, call)


def _fetch_note(screen: DeskScreen, call: Call, code: WrapUp) -> None:
    """With the note that was begun, at this desk or before."""
    kept = drafts_of(screen)
    if kept.knows(_subject(call)):
        _close(screen, call, code, kept.text(_subject(call)))
    else:
        screen.fetch(kept.fetch(_subject(call)), partial(_close, screen, call, code), group="draft")


def _close(screen: DeskScreen, call: Call, code: WrapUp, note: str) -> None:
    work = screen.client.calls.wrap_up(call.id, _version(screen, call), code, note.strip())
    screen.act(work, partial(_closed, screen, code), otherwise=partial(line.look_again, screen))


def _closed(screen: DeskScreen, code: WrapUp, call: Call) -> None:
    drafts_of(screen).forget(_subject(call))
    line.changed(screen, call)
    line.leave(screen, call, f"{call.id} is closed: {code} {WRAP_UPS[code]}.")
