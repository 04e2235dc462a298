"""`make pictures`: the real program on the demo store, as pictures for the documents."""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Sequence
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

FOLDER = Path(__file__).parents[1] / "docs" / "pictures"
_LONGEST = 20.0
Story = Sequence[tuple[str, Sequence[str], str, tuple[int, int]]]
STORY: Story = (
    ("queue", ("enter",), "Manual match", (120, 40)),
    ("review", ("n",), "INCOMING", (120, 40)),
    ("account", ("s", "1", "f3", *"104233", "enter"), "COVERAGE ENDS", (120, 40)),
    ("billing", ("b",), "TO KEEP COVERAGE", (120, 40)),
    ("user-ids", ("f5",), "USER IDS", (80, 24)),
    ("", ("E",), ">F-", (120, 40)),
    ("", ("f", "3"), "refused files", (120, 40)),
    ("files", ("down", "enter"), "^^^", (120, 40)),
)
"""Name of the picture, the keys that lead there, what stands there then, and the size."""
LEAD: Story = (
    ("", ("shift+tab", "end", "ctrl+u", "d", "full_stop", *"okafor", "enter"), "Manual match", (120, 40)),
    ("lead", ("L",), "as of", (120, 40)),
)
"""The same for the lead of the demo; a step without a name is no picture."""


async def _until(app: KprepApp, pilot: Pilot[None], text: str) -> None:
    async with asyncio.timeout(_LONGEST):
        while text not in shown(app):
            await pilot.pause(0.02)


async def _take(place: Place, story: Story) -> None:
    vault = Vault("pictures", lambda: open_system_keyring(place.data))
    door = KeptDoor(lambda: KprepClient(socket=place.socket), vault, station="pictures", remembers=False)
    app = KprepApp(Settings(demo=True), door, clock=utc_now, seconds=seconds)
    async with app.run_test(size=(120, 40)) as pilot:
        await _until(app, pilot, "Enter signs in")
        for name, keys, text, size in story:
            await pilot.resize_terminal(*size)
            for key in keys:
                await pilot.press(key)
            await _until(app, pilot, text)
            await pilot.pause(0.5)
            if name:
                (FOLDER / f"{name}.svg").write_text(app.export_screenshot(title="kprep"), encoding="utf-8")
        app.exit()


def main() -> None:
    """Take all pictures."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix="kprep-pictures-") as folder:
        place = Place(Path(folder) / "demo", Path(folder) / "demo.sock")
        ensure_demo(place, utc_now().timestamp())
        ensure_backend(place, version("kprep"))
        for story in (STORY, LEAD):
            asyncio.run(_take(place, story))


if __name__ == "__main__":
    main()
