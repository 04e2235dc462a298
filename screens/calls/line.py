"""F9: take the call that rings, start one, park the one on the line, go on with one on hold."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TYPE_CHECKING, cast

from screens.calls import bar
from screens.widgets.prompt import Choice

if TYPE_CHECKING:
    from api_client.types.accounts import AccountRow
    from api_client.types.calls import Call, MyCalls
    from screens.widgets.screen import DeskScreen

Way = Callable[[], None]


def the_call(screen: DeskScreen) -> None:
    """Do what F9 does now; ask where there is more than one way."""
    calls = screen.desk.calls
    if calls is None:
        screen.fetch(screen.client.calls.mine(), partial(_known, screen), group="calls")
    else:
        _go(screen, calls)


def _known(screen: DeskScreen, calls: MyCalls) -> None:
    screen.desk.calls_changed(calls)
    _go(screen, calls)


def _go(screen: DeskScreen, calls: MyCalls) -> None:
    ways = _ways(screen, calls)
    if len(ways) == 1:
        ways[0].value()
    else:
        screen.pick("the call:", ways, lambda way: way())


def _ways(screen: DeskScreen, calls: MyCalls) -> list[Choice[Way]]:
    """What can be done with the calls there are, what is likeliest first."""
    active = calls.active
    takes = [
        Choice[Way](f"take {one.id}, {bar.likely(one)}", partial(_take, screen, one)) for one in calls.ringing
    ]
    if active is not None:
        return [*takes, Choice[Way](f"park {active.id}", partial(_park, screen, active))]
    if takes:
        return takes
    held = [
        Choice[Way](f"take {one.id} {bar.asked(one)}", partial(_take, screen, one))
        for one in calls.handed_over[:4]
    ]
    held += [
        Choice[Way](f"go on with {one.id}{_whom(one)}", partial(_take, screen, one))
        for one in calls.parked[: 9 - len(held)]
    ]
    new = Choice[Way]("a new call", partial(_start, screen), key="0" if held else "")
    return [*held, new]


def _whom(call: Call) -> str:
    if not call.subjects:
        return ""
    latest = call.subjects[0]
    return f" {latest.group_number} {latest.caller or latest.group_name}"


# -- what the ways do ------------------------------------------------------------------------------


def changed(screen: DeskScreen, call: Call) -> None:
    """Tell the desk what an act made of a call."""
    screen.desk.calls_changed(bar.with_call(screen.desk.calls, call))


def look_again(screen: DeskScreen, _: Exception) -> bool:
    """The call may stand elsewhere by now: what went wrong is said, and the bar says what stands."""
    screen.fetch(screen.client.calls.mine(), screen.desk.calls_changed, group="calls")
    return False


def _start(screen: DeskScreen) -> None:
    about = screen.about()
    work = screen.client.calls.start(about.group if about is not None else "")
    screen.act(work, partial(_started, screen), otherwise=partial(look_again, screen))


def _started(screen: DeskScreen, call: Call) -> None:
    changed(screen, call)
    screen.say(f"{call.id} is on the line; y verifies the caller, w wraps it up.")


def _take(screen: DeskScreen, call: Call) -> None:
    work = screen.client.calls.take(call.id, call.version)
    screen.act(work, partial(_taken, screen), otherwise=partial(look_again, screen))


def _taken(screen: DeskScreen, call: Call) -> None:
    """Open the account the call is about, or is likely about."""
    changed(screen, call)
    if call.subjects:
        open_account(screen, call, call.subjects[0].group_number)
    elif len(call.likely) == 1:
        open_account(screen, call, call.likely[0].number)
    elif call.likely:
        _pick_account(screen, call, call.likely)
    else:
        screen.say(f"{call.id} is on the line; no group has its number. Type a group number.")


def _pick_account(screen: DeskScreen, call: Call, likely: Sequence[AccountRow]) -> None:
    choices = [Choice(f"{one.number} {one.name}", one.number) for one in likely[:8]]
    choices.append(Choice("another", "", key="0"))
    screen.pick("the number is on record with:", choices, partial(_picked, screen, call))


def _picked(screen: DeskScreen, call: Call, number: str) -> None:
    if number:
        open_account(screen, call, number)
    else:
        screen.say("Type the group number the caller gives.")


def open_account(screen: DeskScreen, call: Call, number: str) -> None:
    """Show the account above the screen that stands here, unless it is about that group already."""
    from screens.accounts.account import AccountScreen

    about = screen.about()
    if about is None or about.group != number:
        account = AccountScreen(number)
        account.for_call = call.id
        screen.app.push_screen(account)


def _park(screen: DeskScreen, call: Call) -> None:
    work = screen.client.calls.park(call.id, call.version)
    screen.act(work, partial(_parked, screen), otherwise=partial(look_again, screen))


def _parked(screen: DeskScreen, call: Call) -> None:
    changed(screen, call)
    leave(screen, call, f"{call.id} is parked; F9 goes on with it.")


def leave(screen: DeskScreen, call: Call, word: str) -> None:
    """Come back to where the rep was before the call opened its account, and say so there."""
    from screens.widgets.screen import DeskScreen

    app = screen.app
    stack = list(app.screen_stack)
    opened = next(
        (at for at, one in enumerate(stack) if at and cast("DeskScreen", one).for_call == call.id), None
    )
    if opened is not None:
        for _ in stack[opened:]:
            app.pop_screen()
    top = app.screen
    if isinstance(top, DeskScreen):
        top.say(word)
