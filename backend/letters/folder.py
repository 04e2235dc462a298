"""A mailing on disk: one PDF a letter, and the manifest that says what is in it.

The list of letters is written first, the manifest last. So a folder tells how far it has come, and the same
command goes on there: what is printed is not printed again. Everything in it is this user's alone.

A letter with a user ID or a code is printed once the backend has taken on what was made for it, and is never
kept otherwise: what lies in a folder with a manifest is what the backend knows.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from backend.letters.content import paper_of
from backend.letters.facts import read_facts
from backend.letters.minting import Mint, of_requests
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
    waiting: tuple[str, ...] = ()
    """What is not in the folder after all, with why."""

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
        """Keep the list of letters, as it came from the backend, with a token that no other folder has."""
        self._path.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path.chmod(0o700)
        self._write(_LIST, json.dumps({**mailing, "folder": secrets.token_hex(16)}).encode())

    def print(self, show: Callable[[Progress], None], mint: Mint) -> Printed:
        """Print what is not printed yet, then write the manifest. Raises RenderError, FactsError, and what
        `mint` raises where the backend does not answer.
        """
        mailing = json.loads((self._path / _LIST).read_bytes())
        letters = mailing["due"]
        requests = of_requests(letters)
        secret = {one["number"] for some in requests.values() for one in some}
        missing = [one for one in letters if one["number"] not in secret and not self._printed(one)]
        anew = {name: some for name, some in requests.items() if not all(map(self._printed, some))}
        to_print = len(missing) + sum(map(len, anew.values()))
        started, done = time.monotonic(), 0

        def printed(one: Letter, pdf: bytes) -> None:
            nonlocal done
            self._write(self._pdf(one).name, pdf)
            done += 1
            show(Progress(len(letters) - to_print + done, len(letters)))

        papers = (paper_of(read_facts(one["facts"])) for one in missing)
        for one, pdf in zip(missing, render_many(papers), strict=True):
            printed(one, pdf)
        waiting = self._mint(mint, mailing["folder"], anew, printed)
        return self._finish(mailing, Printed(done, time.monotonic() - started, tuple(waiting)))

    def _mint(
        self,
        mint: Mint,
        token: str,
        requests: Mapping[str, list[Letter]],
        keep: Callable[[Letter, bytes], None],
    ) -> list[str]:
        """Print the letters with ID or code of these requests; returns what waits, with why."""
        for one in (one for some in requests.values() for one in some):
            self._pdf(one).unlink(missing_ok=True)  # of a run that broke off between two envelopes
        return list(mint.letters(requests, token, keep))

    def _finish(self, mailing: Mapping[str, Any], printed: Printed) -> Printed:
        manifest = {
            "batch": mailing["batch"],
            "on": mailing["on"],
            "letters": [self._entry(one) for one in mailing["due"] if self._printed(one)],
        }
        self._write(MANIFEST, json.dumps(manifest, indent=1).encode())
        (self._path / _LIST).unlink()
        return printed

    def _printed(self, letter: Letter) -> bool:
        return self._pdf(letter).exists()

    def manifest(self) -> dict[str, Any]:
        """What is in it. Raises FolderError when it cannot be read."""
        try:
            found = json.loads((self._path / MANIFEST).read_bytes())
            papers = {str(one["number"]): str(one["sha256"]) for one in found["letters"]}
        except (ValueError, KeyError, TypeError):
            raise FolderError(f"{self._path / MANIFEST} is no manifest of a mailing.") from None
        return {"batch": str(found.get("batch", "")), "papers": papers}

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


def papers_of(manifest: Mapping[str, Any]) -> Iterator[bytes]:
    """Number and digest of each paper of a manifest, one a line."""
    for number, sha256 in manifest["papers"].items():
        yield json.dumps({"number": number, "sha256": sha256}).encode() + b"\n"
