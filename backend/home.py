"""The folder a backend lives in: its secrets, its log, and an embedded store with the lock that guards it."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import platformdirs
from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

from backend.database.engine import sqlite_url
from backend.keys import Keys, load_keys


class HomeError(Exception):
    """The folder cannot be used as it is; the message says what to do."""


class StoreInUse(HomeError):
    """Another process holds the store; `socket` is where it answers, empty when it does not serve."""

    def __init__(self, socket: str) -> None:
        super().__init__("Another process has the store open; end it, or wait until it is done.")
        self.socket = socket


def default_folder() -> Path:
    """Where this user's own store lives."""
    return platformdirs.user_data_path("kprep") / "store"


@dataclass(frozen=True)
class Home:
    """A checked folder, and the database its backend works on."""

    folder: Path
    database: URL

    @property
    def embedded(self) -> bool:
        """Whether the store is the SQLite file of this folder."""
        return self.database.get_backend_name() == "sqlite"

    @property
    def log_file(self) -> Path:
        """Where a backend started from here writes its log."""
        return self.folder / "backend.log"

    def keys(self) -> Keys:
        """The secrets of this folder, made when they are missing and no store exists that needs them."""
        new = not self.embedded or not self._store_file.exists()
        return load_keys(self.folder / "secrets.toml", create=new)

    @property
    def _store_file(self) -> Path:
        assert self.database.database is not None
        return Path(self.database.database)

    @contextmanager
    def held(self, socket: str = "") -> Iterator[None]:
        """Hold an embedded store for this process alone. Raises StoreInUse; a server needs no holder."""
        if not self.embedded:
            yield
            return
        descriptor = os.open(self.folder / "store.lock", os.O_RDWR | os.O_CREAT, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise StoreInUse(os.read(descriptor, 4096).decode()) from None
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, socket.encode(), 0)
            yield
            os.ftruncate(descriptor, 0)
        finally:
            os.close(descriptor)


def open_home(folder: Path | None, database: str | None = None) -> Home:
    """The folder, made when it is missing. Raises HomeError when others could read or write it."""
    folder = (folder or default_folder()).absolute()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    state = folder.stat()
    if state.st_uid != os.getuid() or state.st_mode & 0o077:
        raise HomeError(f"The folder {folder} must be yours alone; run: chmod 700 {folder}")
    return Home(folder, _server(database) if database else sqlite_url(str(folder / "store.db")))


def _server(text: str) -> URL:
    """The URL of a database server; what is wrong with it is said without it, for it may hold a password."""
    try:
        url = make_url(text)
        backend = url.get_backend_name()
    except (ArgumentError, ValueError):
        backend = ""
    if backend != "postgresql":
        raise HomeError(
            "A database URL looks like postgresql://user@host/name; the embedded store needs none."
        )
    return url
