"""`kprep-backend letters mail` in processes of its own that end at a named step, as by a pulled plug.

Run as a program it reads orders, a line of JSON each, and forks a process for every one: what the command
needs is imported once, and each process is the real command with its real end.
"""

from __future__ import annotations

import ctypes
import importlib
import json
import os
import resource
import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any
from unittest import mock

STEPS = ("begun", "asked", "issued", "first", "printed", "manifest", "marking", "marked")
"""The list is in the folder; codes were handed in and no answer read; the answer was read; one paper with a
code is on disk; all papers are; the manifest is too, beside the list; before and after the marking.
"""
_PR_GET_DUMPABLE = 3


class MailCommand:
    """The program below, as its caller sees it."""

    def __init__(self, folder: Path, scratch: Path) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.faults.mail_command"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env={**os.environ, "TMPDIR": str(scratch)},
            text=True,
        )
        self._folder = folder
        self._at = 0

    def run(self, out: Path, data: Path, stop: str = "") -> tuple[int, str]:
        """Run the command, to its end or to a step; exit status (-9 for a killed one) and what it said."""
        assert self._process.stdin is not None
        assert self._process.stdout is not None
        self._at += 1
        said = self._folder / f"mail-{self._at}.out"
        arguments = ["letters", "mail", "--out", str(out), "--data", str(data), "--json"]
        order = {"arguments": arguments, "stop": stop, "said": str(said)}
        self._process.stdin.write(json.dumps(order) + "\n")
        self._process.stdin.flush()
        status = int(self._process.stdout.readline())
        return status, said.read_text(encoding="utf-8")

    def close(self) -> None:
        """End the program."""
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait(30)


def main() -> None:
    """Carry out orders until there are no more."""
    importlib.import_module("backend.operator")  # which the command imports late
    from backend import cli

    for line in sys.stdin:
        order = json.loads(line)
        child = os.fork()
        if child == 0:
            _be_the_command(cli, order)
        status = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
        sys.stdout.write(f"{status}\n")
        sys.stdout.flush()


def _be_the_command(cli: Any, order: dict[str, Any]) -> None:
    said = os.open(order["said"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    os.dup2(said, 1)
    os.dup2(said, 2)
    if order["stop"]:
        _stop_at(order["stop"])
    sys.argv = ["kprep-backend", *order["arguments"]]
    try:
        cli.main()
    except SystemExit as ended:
        sys.stdout.flush()
        os._exit(int(ended.code or 0))
    sys.stdout.flush()
    os._exit(0)


def _die(*_: object) -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _stop_at(step: str) -> None:
    from backend import command, operator
    from backend.letters import commands
    from backend.letters.folder import MANIFEST, Folder

    write, issued = Folder._write, False

    def running(operation: str, *given: Any, **options: str) -> dict[str, Any]:
        nonlocal issued
        if operation == "letters-issue" and step == "asked":
            _instead(operator, "_read_lines", _die)
        if operation == "letters-mark" and step == "marking":
            _die()
        report = command.run(operation, *given, **options)
        issued = issued or operation == "letters-issue"
        if operation == "letters-issue" and step == "state":
            _tell_state()
        if (operation, step) in {("letters-issue", "issued"), ("letters-mark", "marked")}:
            _die()
        return report

    def writing(folder: Folder, name: str, content: bytes) -> None:
        if name == MANIFEST and step == "printed":
            _die()
        write(folder, name, content)
        if name == MANIFEST and step == "manifest":
            _die()
        if issued and name != MANIFEST and step == "first":
            _die()

    _instead(commands, "run", running)
    _instead(Folder, "_write", writing)
    if step == "begun":
        _instead(Folder, "print", _die)


def _instead(owner: object, name: str, other: Callable[..., object]) -> None:
    mock.patch.object(owner, name, other).start()


def _tell_state() -> None:
    """What somebody could still find of this process while it holds a code, for the test to judge."""
    files = [os.path.realpath(f"/proc/self/fd/{one}") for one in os.listdir("/proc/self/fd")]
    told = {
        "core": resource.getrlimit(resource.RLIMIT_CORE),
        "dumpable": ctypes.CDLL(None).prctl(_PR_GET_DUMPABLE, 0, 0, 0, 0),
        "temporary": os.listdir(os.environ["TMPDIR"]),
        "open": [one for one in files if one.startswith("/") and not one.startswith(("/dev", "/proc"))],
    }
    sys.stdout.write(json.dumps(told) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
