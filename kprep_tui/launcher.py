"""`kprep`: the command line and the start of the program.

Nothing but the standard library is imported before the environment is clean and the terminal is
guarded; the collector is off until the first paint, because all that is imported stays.
"""

from __future__ import annotations

import argparse
import gc
import os
import re
import sys
from collections.abc import Callable, MutableMapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from kprep_tui import last_resort
from kprep_tui.terminal import supervise

if TYPE_CHECKING:
    from api_client.client import KprepClient
    from kprep_tui.door import KeptDoor
    from kprep_tui.settings import Settings

_DOORS = re.compile(r"(TEXTUAL|PYTHON|RICH_|SSLKEYLOGFILE|COVERAGE_).*")
"""Variables that make the toolkit or the interpreter write what it sees to files or sockets."""
_CANNOT_RUN = 2


def main(arguments: Sequence[str] | None = None) -> int:
    """Run `kprep`; returns the exit code."""
    options = _parse(arguments)
    if options.what == "pop":
        return _pop()
    return start(lambda parent_lives: _run(options, parent_lives))


def _pop() -> int:
    """Hand a number from the phone system to the running desk; no terminal is needed."""
    from kprep_tui import pop
    from kprep_tui.backend_process import runtime_folder

    return pop.run(sys.stdin.buffer, runtime_folder)


def start(program: Callable[[int | None], int]) -> int:
    """Run a program of screens with clean environment, silent exceptions and a guarded terminal."""
    close_doors(os.environ)
    leave_no_core()
    last_resort.install()
    if not sys.stdin.isatty() or not sys.stdout.isatty():
        sys.stderr.write("kprep needs a terminal.\n")
        return _CANNOT_RUN
    gc.disable()
    return supervise(program)


def close_doors(environ: MutableMapping[str, str]) -> None:
    """Drop the variables that open a way out for what stands on the screen."""
    for name in [name for name in environ if _DOORS.fullmatch(name)]:
        del environ[name]


def leave_no_core() -> None:
    """Have a crash write nothing of what stands on the screen to a disk, here and in what is started."""
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="kprep", description="The desk of a health plan's account representative, in a terminal."
    )
    parser.add_argument(
        "what",
        nargs="?",
        choices=["demo", "pop"],
        help="demo: start with invented data; pop: announce a call to the kprep that runs here",
    )
    parser.add_argument("--phone", choices=["-"], help="with pop: the caller's number is on standard input")
    parser.add_argument("--server", metavar="URL", help="backend to use (default: one of its own)")
    parser.add_argument("--version", action="store_true", help="print the version and end")
    options = parser.parse_args(arguments)
    if options.what == "demo" and options.server:
        parser.error("the demo has a backend of its own; leave --server out")
    if (options.what == "pop") != (options.phone is not None):
        parser.error("a call is announced with: kprep pop --phone -   (the number on standard input)")
    if options.version:
        from importlib.metadata import version

        parser.exit(message=f"kprep {version('kprep')}\n")
    return options


def _run(options: argparse.Namespace, parent_lives: int | None) -> int:
    from kprep_tui.settings import SettingsError, load_settings

    try:
        settings = load_settings(
            _config_folder() / "settings.toml",
            os.environ,
            server=options.server,
            demo=options.what == "demo",
        )
    except SettingsError as error:
        sys.stderr.write(f"kprep: {error}\n")
        return _CANNOT_RUN
    from kprep_tui.app import KprepApp
    from kprep_tui.backend_process import runtime_folder
    from kprep_tui.clock import seconds, utc_now
    from kprep_tui.pop import PopListener
    from kprep_tui.viewer import Viewer

    pops, viewer = PopListener(runtime_folder), Viewer(os.environ, command=settings.viewer)
    viewer.sweep()
    app = KprepApp(
        settings,
        _door(settings),
        clock=utc_now,
        seconds=seconds,
        parent_lives=parent_lives,
        pops=pops,
        viewer=viewer,
    )
    try:
        app.run()
    finally:
        pops.close()
        viewer.close()
    return app.return_code or 0


def _door(settings: Settings) -> KeptDoor:
    """The way to the backend these settings name."""
    import platformdirs

    from kprep_tui.door import KeptDoor, station_name
    from kprep_tui.vault import Vault, open_system_keyring

    station = station_name()
    vault = Vault(
        f"{settings.server or 'this computer'} at {station}",
        lambda: open_system_keyring(platformdirs.user_config_path("python_keyring")),
    )
    remembers = settings.workstation == "personal" and not settings.demo
    return KeptDoor(lambda: _connect(settings), vault, station=station, remembers=remembers)


def _connect(settings: Settings) -> KprepClient:
    """The client of the backend, which is started first where it is one of our own."""
    from importlib.metadata import version

    from api_client.client import KprepClient

    if settings.server is not None:
        return KprepClient(settings.server)
    import platformdirs

    from kprep_tui.backend_process import Place, ensure_backend, ensure_demo, runtime_folder
    from kprep_tui.clock import utc_now

    name = "demo" if settings.demo else "store"
    place = Place(platformdirs.user_data_path("kprep") / name, runtime_folder() / f"{name}.sock")
    if settings.demo:
        ensure_demo(place, utc_now().timestamp())
    ensure_backend(place, version("kprep"))
    return KprepClient(socket=place.socket)


def _config_folder() -> Path:
    import platformdirs

    return platformdirs.user_config_path("kprep")
