"""Programs on a PATH of their own that stand for a viewer and a printer: real processes, told what to do."""

from __future__ import annotations

import os
import select
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kprep_tui.viewer import in_memory
from tests.needs import missing

PDF = b"%PDF-1.7\ncanary-104233-SALEM\n%%EOF\n"
SECRET = "KPREP_TEST_SECRET"
MEMORY = Path("/dev/shm")  # noqa: S108


class Stubs:
    """A folder of programs; each tells what it was given into a pipe that a test reads."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.told = folder / "told"
        self.held = folder / "held"
        for pipe in (self.told, self.held):
            os.mkfifo(pipe, 0o600)

    def hear(self) -> str:
        """What the next program tells; fails after twenty seconds in which none was started."""
        pipe = os.open(self.told, os.O_RDONLY | os.O_NONBLOCK)
        with open(pipe, "rb") as told:
            assert select.select([pipe], [], [], 20)[0], "no program was started"
            os.set_blocking(pipe, True)
            return told.read().decode(errors="replace")

    @property
    def environ(self) -> dict[str, str]:
        """A desktop with these programs first on its path, and with a secret."""
        return {"PATH": f"{self.folder}:{os.environ['PATH']}", "DISPLAY": ":7", SECRET: "do not tell"}

    def viewer(self, name: str = "xdg-open", *, stays: bool = False, code: int = 0) -> None:
        """A viewer that tells its number, arguments, environment and the file's modes and content."""
        told = 'echo $$; echo "$@"; stat -c "%a %U" "$1" "${1%/*}"; env; cat "$1"'
        waits = f'read -r line < "{self.held}"' if stays else ":"
        self._program(name, f'{{ {told}; }} > "{self.told}"; {waits}; exit {code}')

    def silent(self, name: str, *, code: int = 0) -> None:
        """A program that ends at once and tells nothing."""
        self._program(name, f"exit {code}")

    def printer(self, name: str = "lp", *, stays: bool = False, code: int = 0) -> None:
        """A printer that tells what it is given on its standard input."""
        does = f'read -r line < "{self.held}"' if stays else f'cat > "{self.told}"'
        self._program(name, f"{does}; exit {code}")

    def _program(self, name: str, script: str) -> None:
        file = self.folder / name
        file.write_text(f"#!/bin/sh\n{script}\n")
        file.chmod(0o700)


@contextmanager
def folder_in_memory() -> Iterator[Path]:
    """A folder in memory for one test."""
    if not MEMORY.is_dir() or not in_memory(MEMORY):
        missing("a folder in memory, /dev/shm")
    folder = Path(tempfile.mkdtemp(prefix="kprep-test-", dir=MEMORY))
    try:
        yield folder
    finally:
        shutil.rmtree(folder)


@contextmanager
def ended(pid: int) -> Iterator[None]:
    """The process of this number has ended when the block has; fails after ten seconds."""
    watch = os.pidfd_open(pid)
    try:
        yield
        assert select.select([watch], [], [], 10)[0], "the program still runs"
    finally:
        os.close(watch)


def documents(folder: Path) -> dict[str, bytes]:
    """Every file in and below a folder, by its path, with its content; pipes and sockets left out."""
    return {str(one): one.read_bytes() for one in folder.rglob("*") if one.is_file()}


def left_by_a_killed_run() -> Path:
    """A document in memory whose run nobody can end in order any more."""
    folder = Path(tempfile.mkdtemp(prefix=f"kprep-shown-{os.getuid()}-", dir=MEMORY))
    left = folder / "left.pdf"
    left.write_bytes(PDF)
    return left
