"""`y`: as what somebody calls, then item after item until they are verified."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from api_client.types.call_words import CallerKind, VerifyState
from screens.calls import line, verification
from screens.calls.bar import counts_for, subject_of
from screens.widgets.desk import About
from screens.widgets.prompt import Choice

if TYPE_CHECKING:
    from api_client.types.calls import Call
    from screens.widgets.screen import DeskScreen


def begin(screen: DeskScreen) -> None:
    """Begin, or go on with, the verification for what the screen is about, or for what is picked."""
    call = screen.desk.calls.active if screen.desk.calls is not None else None
    if call is None:
        screen.refuse(verification.NO_CALL)
        return
    about = screen.about()
    if about is not None:
        _begin_for(screen, call, about)
        return
    known = _known(call)
    if not known:
        screen.refuse("Open the account first: type its group number, then y.")
    else:
        choices = [Choice(label, which) for which, label in known.items()]
        screen.pick("verify for", choices, partial(_begin_for, screen, call))


def _known(call: Call) -> dict[About, str]:
    """What this call was about, and the groups that have its number."""
    known = {About(one.group_number, one.mrn, one.receipt): one.group_number for one in call.subjects}
    known = {about: verification.named(about) for about in known}
    for one in call.likely:
        known.setdefault(About(one.number), f"{one.number} {one.name}")
    return known


def _begin_for(screen: DeskScreen, call: Call, about: About) -> None:
    subject = counts_for(call, about)
    state = subject.state if subject is not None else VerifyState.NONE
    goes_on = state is VerifyState.IDENTIFYING and subject is not None and subject.matched > 0
    if subject is not None and (goes_on or state in (VerifyState.VERIFIED, VerifyState.FAILED)):
        _open(screen, About(subject.group_number, subject.mrn, subject.receipt))
    else:
        ask_kind(screen, about)


def ask_kind(screen: DeskScreen, about: About) -> None:
    """Ask as what somebody calls; the items begin anew."""
    title = f"calls about {verification.named(about)} as"
    screen.pick(title, verification.kinds(about), partial(_calls_as, screen, about))


def _calls_as(screen: DeskScreen, about: About, kind: CallerKind) -> None:
    call = screen.desk.calls.active if screen.desk.calls is not None else None
    if call is None:
        screen.refuse(verification.NO_CALL)
        return
    for_whom = verification.whom(about, kind)
    work = screen.client.calls.caller(
        call.id, for_whom.group, kind, mrn=for_whom.mrn, receipt=for_whom.receipt
    )
    begun = partial(_begun, screen, for_whom)
    # What is typed behind the digit is the caller's first answer, not a search on this screen.
    screen.act(work, begun, otherwise=partial(line.look_again, screen), hold_keys=True)


def _begun(screen: DeskScreen, about: About, call: Call) -> None:
    line.changed(screen, call)
    found = subject_of(call, about) or call.subjects[0]  # who became a member by a receipt is the member
    _open(screen, About(found.group_number, found.mrn, found.receipt))


def _open(screen: DeskScreen, about: About) -> None:
    from screens.calls.verify import VerifyScreen

    if isinstance(screen, VerifyScreen):
        screen.begin(about)
    else:
        screen.app.push_screen(VerifyScreen(about))
