"""Five calls as a rep works them: what the caller says, the keys, and the real screens, as a document.

`make pictures` plays them in the real program on the demo store and writes `docs/guide/calls.md`.
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from textual.pilot import Pilot

from api_client.client import KprepClient
from kprep_tui.app import KprepApp
from kprep_tui.backend_process import Place, ensure_backend, ensure_demo
from kprep_tui.clock import seconds, utc_now
from kprep_tui.door import KeptDoor
from kprep_tui.settings import Settings
from kprep_tui.vault import Vault, open_system_keyring
from tests.screens.desk import shown

DOCUMENT = Path(__file__).parents[1] / "docs" / "guide" / "calls.md"
SIZE = (80, 24)
_LONGEST = 30.0
_LOOK = 0.4
"""Seconds a person looks before the next key; a screen that came just now takes no Enter."""
_NAMED = {"Enter": "enter", "Esc": "escape", "Tab": "tab", "Down": "down", "F9": "f9", "F12": "f12"}


@dataclass(frozen=True)
class Step:
    """What is said, the keys that follow from it, and the words that stand on the screen then."""

    said: str
    keys: Sequence[str]
    """Named keys, and texts to type; one letter is a key."""
    words: str
    shown: bool = False
    """Whether the screen stands in the document."""


@dataclass(frozen=True)
class Call:
    """One story."""

    title: str
    about: str
    steps: Sequence[Step]
    rings: str = ""
    """The number the phone system tells before the first key."""


CALLS: Sequence[Call] = (
    Call(
        "A client is behind on payment",
        "The phone system knows the number, so the call rings on the desk. It proves nothing yet.",
        (
            Step("It rings; you take it, and the likely account opens, locked.", ["F9"], "NOT VERIFIED for"),
            Step('"Rita Harborson of Salem Parts."', ["y", "1"], "0 of 3 matched"),
            Step('"Our group number is 104233."', ["104233", "Enter"], "1 of 3 matched"),
            Step('"Rita Harborson, as I said."', ["Rita Harborson", "Enter"], "2 of 3 matched", shown=True),
            Step(
                '"2200 Harbor Boulevard, 94606. Is our coverage ending?"',
                ["2200 Harbor Boulevard, 94606", "Enter"],
                "** COVERAGE ENDS",
                shown=True,
            ),
            Step('"Why December 1?" The bill says each step.', ["b"], "TO KEEP COVERAGE", shown=True),
            Step('"Half of it comes by wire today. Call me back?"', ["Esc", "m", "7"], "call back  1 Rita"),
            Step("Rita herself.", ["1"], "because of"),
            Step("Why, and until when.", ["says when the wire was sent", "Enter"], "when  1 today"),
            Step("The line says whom and when before it is promised.", ["1"], "Enter confirms", shown=True),
            Step("You promise it.", ["Enter"], "is promised."),
            Step(
                '"Thank you." What it was about is guessed from what you did.',
                ["w"],
                "1 BILL-BALANCE",
                shown=True,
            ),
            Step("The guess is right, and the desk is back where it was.", ["1"], "is closed"),
        ),
        rings="510-555-8466",
    ),
    Call(
        "A broker wants a letter again",
        "A broker proves their own number, and hears what the group lets them hear.",
        (
            Step("A call that no phone system told of.", ["F9"], "is on the line"),
            Step('"Fern Oakhollow, for group 104233."', ["104233", "Enter"], "locked until verified"),
            Step("You ask as what they call.", ["y", "2"], "0 of 3 matched"),
            Step('"104233."', ["104233", "Enter"], "1 of 3 matched"),
            Step('"My broker number is B-20417."', ["B-20417", "Enter"], "2 of 3 matched"),
            Step('"They are at 1 Main Street?"', ["1 Main Street", "Enter"], "misses left in this call: 2"),
            Step(
                "That was a miss; you do not say what is right. Two items on: the tax ID.",
                ["Tab", "Tab", "1834", "Enter"],
                "not for this caller",
                shown=True,
            ),
            Step('"Send me the termination letter, please."', ["l"], "termination letter"),
            Step(
                "It goes to the broker, for the broker is on the line.", ["r"], "Enter confirms", shown=True
            ),
            Step("You order it.", ["Enter"], "is ordered"),
            Step("Done.", ["w"], "1 DELQ-L2"),
            Step("The guess.", ["1"], "is closed"),
        ),
    ),
    Call(
        "A member stands in a clinic without a card",
        "Members are found by name and birth date, and stay masked until they proved who they are.",
        (
            Step("A new call.", ["F9"], "is on the line"),
            Step('"Pablo Maplebrook, born April 15, 1970."', ["/", "maplebrook 4/15/1970"], ">person"),
            Step("One is found, masked.", ["Enter"], "PERSON  of"),
            Step("The subscriber himself.", ["y", "1"], "0 of 4 matched"),
            Step('"Pablo Maplebrook."', ["Pablo Maplebrook", "Enter"], "1 of 4 matched"),
            Step('"April 15, 1970."', ["4/15/1970", "Enter"], "2 of 4 matched"),
            Step("He has no card, so no member number. Skipped.", ["Tab"], "2 of 4 matched"),
            Step('"2275 Mill Court, 93301."', ["2275 Mill Court 93301", "Enter"], "3 of 4 matched"),
            Step(
                '"0561. What do I show them here?" The sentence stands at the bottom.',
                ["0561", "Enter"],
                "VERIFIED 4/4",
                shown=True,
            ),
            Step('"And my card is lost."', ["r"], "Enter confirms", shown=True),
            Step("Ordered; for ten minutes `u` takes it back.", ["Enter"], "is ordered"),
            Step("Done.", ["w"], "1 CARD-REPRINT"),
            Step("The guess.", ["1"], "is closed"),
        ),
    ),
    Call(
        "A COBRA administrator asks",
        "A TPA hears what COBRA is about, and nothing else of the group.",
        (
            Step("A new call.", ["F9"], "is on the line"),
            Step('"Timber COBRA Services, for group 104455."', ["104455", "Enter"], "locked until verified"),
            Step("As a TPA.", ["y", "3"], "0 of 3 matched"),
            Step('"104455."', ["104455", "Enter"], "1 of 3 matched"),
            Step("The name of the firm.", ["Timber COBRA Services", "Enter"], "2 of 3 matched"),
            Step(
                '"694 Parlow Boulevard, 93721."',
                ["694 Parlow Boulevard 93721", "Enter"],
                "not for this caller",
                shown=True,
            ),
            Step('"Can the client do COBRA online?"', ["k", "cobra online"], "Can we do COBRA"),
            Step("The answer for this account, with its reasons.", ["Enter"], "because", shown=True),
            Step("`w` works in an answer too.", ["w"], "was about  1 COBRA"),
            Step("The guess.", ["1"], "is closed"),
        ),
    ),
    Call(
        "An employee wants to see things online",
        "Somebody who may not hear of the group still gets an answer.",
        (
            Step("A new call.", ["F9"], "is on the line"),
            Step('"I work at Salem Parts."', ["/", "salem parts"], ">group"),
            Step("The account, locked.", ["Enter"], "locked until verified"),
            Step(
                "An employee: nothing is asked, and what to say stands there.",
                ["y", "4"],
                "NO AUTHORITY",
                shown=True,
            ),
            Step(
                '"Can I sign in there?"', ["Esc", "k", "can employees sign in"], "Can our employees sign in"
            ),
            Step("The sentence, and what kp.org has for members.", ["Enter"], "kp.org", shown=True),
            Step('"Thanks."', ["w"], "was about  1 UID-EMPLOYEE-REF"),
            Step("The guess.", ["1"], "is closed"),
        ),
    ),
)
BEGINS = """# Five calls

What the caller says, the keys, and the screens at 80x24 as the program showed them, on the demo's invented
data. [A morning at the desk](morning.md) says what each key does. Texts are typed; `Enter` sends them.
"""


def key_line(step: Step) -> str:
    """The keys of a step, as the document says them."""
    return " ".join(f"`{key}`" for key in step.keys)


def begin_lines(call: Call) -> str:
    """The heading of a call."""
    return f"\n## {call.title}\n{call.about}\n\n"


def end_line(call: Call) -> str:
    """How many keys it took."""
    return f"\n{keys_beside_texts(call)} keys beside what is typed.\n"


def step_lines(step: Step) -> str:
    """What is said, and the keys."""
    return f"- {step.said} {key_line(step)}\n"


def keys_beside_texts(call: Call) -> int:
    """How many keys the call took; what is typed into a field is not counted, the key that sends it is."""
    return sum(1 for step in call.steps for key in step.keys if key in _NAMED or len(key) == 1)


def presses(step: Step) -> list[str]:
    """The keys as the toolkit names them."""
    found: list[str] = []
    for key in step.keys:
        found += [_NAMED[key]] if key in _NAMED else list(key)
    return found


# -- playing them ----------------------------------------------------------------------------------


async def _until(app: KprepApp, pilot: Pilot[None], words: str) -> str:
    try:
        async with asyncio.timeout(_LONGEST):
            while words not in shown(app) or "saving ..." in shown(app):
                await pilot.pause(0.02)
    except TimeoutError:
        raise AssertionError(f"{words!r} is not in\n{shown(app)}") from None
    return shown(app)


async def _play(app: KprepApp, pilot: Pilot[None], call: Call) -> str:
    text = begin_lines(call)
    if call.rings:
        await app.client.calls.pop(call.rings)
        await _until(app, pilot, "RINGS")
    for step in call.steps:
        for key in presses(step):
            if key == "enter":
                await pilot.pause(_LOOK)
            await pilot.press(key)
        screen = await _until(app, pilot, step.words)
        await pilot.pause(_LOOK)
        text += step_lines(step)
        if step.shown:
            text += f"\n```text\n{shown(app).rstrip()}\n```\n\n"
            assert step.words in screen
    return text + end_line(call)


async def _tell(place: Place) -> str:
    vault = Vault("calls", lambda: open_system_keyring(place.data))
    door = KeptDoor(lambda: KprepClient(socket=place.socket), vault, station="calls", remembers=False)
    app = KprepApp(Settings(demo=True), door, clock=utc_now, seconds=seconds)
    text = BEGINS
    async with app.run_test(size=SIZE) as pilot:
        await _until(app, pilot, "Enter signs in")
        await pilot.press("enter")
        await _until(app, pilot, "NEXT FOR YOU")
        for call in CALLS:
            text += await _play(app, pilot, call)
        app.exit()
    return text


def main() -> None:
    """Play all calls and write the document."""
    with tempfile.TemporaryDirectory(prefix="kprep-calls-") as folder:
        place = Place(Path(folder) / "demo", Path(folder) / "demo.sock")
        ensure_demo(place, utc_now().timestamp())
        ensure_backend(place, version("kprep"))
        DOCUMENT.write_text(asyncio.run(_tell(place)), encoding="utf-8")


if __name__ == "__main__":
    main()
