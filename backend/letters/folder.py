"""A mailing on disk: one PDF a letter, and the manifest that says what is in it.

The list of letters is written first, the manifest last. So a folder tells how far it has come, and the same
command goes on there: what is printed is not printed again. Everything in it is this user's alone.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.letters.content import paper_of
from backend.letters.facts import read_facts
from backend.letters.render import render_many
from backend.progress import Progress

_LIST, MANIFEST = "letters.json", "manifest.json"
_NUMBER = re.compile(r"[A-Z0-9-]{1,30}")
Letter = Mapping[str, Any]


class FolderError(Exception):
    """The folder cannot be used; the sentence says why."""


@dataclass(frozen=True)
class Printed:
    """How many letters were printed in this go, and in how many seconds."""

    letters: int
    seconds: float

    @property
    def per_second(self) -> float:
        """Letters printed a second; 0 where none was."""
        return round(self.letters / self.seconds, 1) if self.letters and self.seconds else 0


class Folder:
    """A folder of one mailing."""

    def __init__(self, path: Path) -> None:
        self._path = path

    @property
    def printed(self) -> bool:
        """Whether everything is on disk, the manifest included."""
        return (self._path / MANIFEST).exists()

    @property
    def begun(self) -> bool:
        """Whether the list of its letters is there."""
        return (self._path / _LIST).exists()

    def check(self) -> None:
        """Raises FolderError for a folder that holds anything but a mailing."""
        if self._path.exists() and not self._path.is_dir():
            raise FolderError(f"{self._path} is no folder.")
        if self._path.exists() and not self.printed and not self.begun and any(self._path.iterdir()):
            raise FolderError(f"{self._path} holds something else; name a new folder.")

    def begin(self, mailing: Mapping[str, Any]) -> None:
        """Keep the list of letters, as it came from the backend."""
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path.chmod(0o700)
        self._write(_LIST, json.dumps(mailing).encode())

    def print(self, show: Callable[[Progress], None]) -> Printed:
        """Print what is not printed yet, then write the manifest. Raises RenderError, FactsError."""
        mailing = json.loads((self._path / _LIST).read_bytes())
        letters = mailing["due"]
        missing = [one for one in letters if not self._pdf(one).exists()]
        started = time.monotonic()
        papers = (paper_of(read_facts(one["facts"])) for one in missing)
        for done, (one, pdf) in enumerate(zip(missing, render_many(papers), strict=True), start=1):
            self._write(self._pdf(one).name, pdf)
            show(Progress(len(letters) - len(missing) + done, len(letters)))
        printed = Printed(len(missing), time.monotonic() - started)
        manifest = {
            "batch": mailing["batch"],
            "on": mailing["on"],
            "letters": [self._entry(one) for one in letters],
        }
        self._write(MANIFEST, json.dumps(manifest, indent=1).encode())
        (self._path / _LIST).unlink()
        return printed

    def manifest(self) -> dict[str, Any]:
        """What is in it. Raises FolderError when it cannot be read."""
        try:
            found = json.loads((self._path / MANIFEST).read_bytes())
            lines = [str(one["number"]) for one in found["letters"]]
        except (ValueError, KeyError, TypeError):
            raise FolderError(f"{self._path / MANIFEST} is no manifest of a mailing.") from None
        return {"batch": str(found.get("batch", "")), "numbers": lines}

    def _entry(self, letter: Letter) -> dict[str, str]:
        pdf = self._pdf(letter)
        return {
            "number": letter["number"],
            "kind": letter["kind"],
            "group": letter["group_number"],
            "addressee": letter["addressee"],
            "file": pdf.name,
            "sha256": hashlib.sha256(pdf.read_bytes()).hexdigest(),
        }

    def _pdf(self, letter: Letter) -> Path:
        number = str(letter["number"])
        if not _NUMBER.fullmatch(number):
            raise FolderError("A letter has a number that cannot be the name of a file.")
        return self._path / f"{number}.pdf"

    def _write(self, name: str, content: bytes) -> None:
        """The whole file under its name, or none; on disk when this returns."""
        unfinished = self._path / f".{name}.unfinished"
        unfinished.unlink(missing_ok=True)
        descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with open(descriptor, "wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        unfinished.rename(self._path / name)
        if name in (_LIST, MANIFEST):
            folder = os.open(self._path, os.O_RDONLY)
            try:
                os.fsync(folder)
            finally:
                os.close(folder)


def numbers_of(manifest: Mapping[str, Any]) -> Iterator[bytes]:
    """The numbers of a manifest, one a line."""
    for number in manifest["numbers"]:
        yield f"{number}\n".encode()
