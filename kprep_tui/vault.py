"""The OS keyring, asked so that it can neither hang the program nor keep a secret in the open.

It holds one thing: the sign-in credential of the last rep of this station, which the server can
revoke. Every answer is typed and has a sentence; no answer is ever a file of our own.
"""

from __future__ import annotations

import configparser
import json
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import ClassVar, Protocol

from kprep_tui.daemon import in_daemon_thread

LIMIT_SECONDS = 3.0
"""How long a keyring may think; a silent Secret Service would think for ever."""
_SERVICE = "kprep"
_BACKENDS = {
    "linux": ("keyring.backends.SecretService.Keyring", "keyring.backends.kwallet.DBusKeyring"),
    "darwin": ("keyring.backends.macOS.Keyring",),
    "win32": ("keyring.backends.Windows.WinVaultKeyring",),
}
"""The stores that encrypt; a plaintext, null or failing one is never used."""


@dataclass(frozen=True, slots=True)
class Found:
    """The credential kept for a rep at this station."""

    username: str
    credential: str
    sentence: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class Kept:
    """Stored or removed as asked."""

    sentence: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class Missing:
    """The keyring works and holds nothing of ours."""

    sentence: ClassVar[str] = ""


@dataclass(frozen=True, slots=True)
class Absent:
    """This computer has no keyring that encrypts."""

    sentence: ClassVar[str] = "This computer has no keyring, so sign in each time."


@dataclass(frozen=True, slots=True)
class Locked:
    """The keyring is locked."""

    sentence: ClassVar[str] = "The keyring is locked, so sign in with your password."


@dataclass(frozen=True, slots=True)
class Silent:
    """The keyring did not answer in time."""

    sentence: ClassVar[str] = "The keyring does not answer, so sign in with your password."


@dataclass(frozen=True, slots=True)
class Refused:
    """The keyring chosen for this computer keeps secrets in the open, or refused to keep this one."""

    sentence: ClassVar[str] = "The keyring of this computer is not safe to use, so sign in each time."


@dataclass(frozen=True, slots=True)
class Broken:
    """The keyring failed in a way of its own."""

    sentence: ClassVar[str] = "The keyring of this computer failed, so sign in with your password."


Answer = Found | Kept | Missing | Absent | Locked | Silent | Refused | Broken


class Backend(Protocol):
    """What is asked of a keyring."""

    def get_password(self, service: str, username: str) -> str | None:
        """The secret, or None."""

    def set_password(self, service: str, username: str, password: str) -> None:
        """Store it."""

    def delete_password(self, service: str, username: str) -> None:
        """Remove it; raises when there is none."""


class Vault:
    """One credential per server and station: another rep's takes the place of the first one's."""

    def __init__(
        self, place: str, open_backend: Callable[[], Backend | Answer], *, limit: float = LIMIT_SECONDS
    ) -> None:
        self._place = place
        self._open = open_backend
        self._limit = limit
        self._one_at_a_time = threading.Lock()

    async def find(self) -> Answer:
        """The credential kept here, if any."""
        return await self._ask(self._find)

    async def keep(self, username: str, credential: str) -> Answer:
        """Store it in place of whatever is there."""
        secret = json.dumps({"username": username, "credential": credential})

        def store(backend: Backend) -> Answer:
            backend.set_password(_SERVICE, self._place, secret)
            return Kept()

        return await self._ask(store)

    async def forget(self) -> Answer:
        """Remove whatever is there."""

        def remove(backend: Backend) -> Answer:
            if backend.get_password(_SERVICE, self._place) is not None:
                backend.delete_password(_SERVICE, self._place)
            return Kept()

        return await self._ask(remove)

    def _find(self, backend: Backend) -> Answer:
        secret = backend.get_password(_SERVICE, self._place)
        try:
            kept = json.loads(secret) if secret else {}
            return Found(str(kept["username"]), str(kept["credential"]))
        except (ValueError, KeyError, TypeError):
            return Missing()

    async def _ask(self, work: Callable[[Backend], Answer]) -> Answer:
        """Do it in a thread that may be left behind; while one hangs, no second one is started."""
        if not self._one_at_a_time.acquire(blocking=False):
            return Silent()

        def run() -> Answer:
            try:
                opened = self._open()
                return opened if isinstance(opened, Answer) else work(opened)
            except Exception as error:  # noqa: BLE001  (keyrings raise their own and their bus's errors)
                return _meaning(error)
            finally:
                self._one_at_a_time.release()

        try:
            return await in_daemon_thread(run, limit=self._limit)
        except TimeoutError:
            return Silent()


def open_system_keyring(config_dir: Path, platform: str = sys.platform) -> Backend | Answer:
    """The first keyring of this platform that works, or why none is used.

    A keyring that somebody chose for this computer is respected so far that none is used when the
    chosen one is not among those that encrypt.
    """
    allowed = _BACKENDS.get(platform, ())
    chosen = _chosen(config_dir / "keyringrc.cfg")
    if chosen is not None and chosen not in allowed:
        return Refused()
    from keyring.core import load_keyring

    for name in [chosen] if chosen else allowed:
        try:
            backend: Backend = load_keyring(name)
        except Exception:  # noqa: BLE001, S112  (not usable on this computer: try the next one)
            continue
        if _is_locked(backend):
            return Locked()
        return backend
    return Absent()


def _chosen(config: Path) -> str | None:
    parser = configparser.RawConfigParser()
    try:
        parser.read(config, encoding="utf-8")
        return parser.get("backend", "default-keyring").strip()
    except (configparser.Error, UnicodeDecodeError, OSError):
        return None


def _is_locked(backend: Backend) -> bool:
    """Whether reading would make the Secret Service ask for a password, which may never be answered."""
    if not type(backend).__module__.endswith("SecretService"):
        return False
    import secretstorage

    with secretstorage.dbus_init() as bus:
        return bool(secretstorage.get_default_collection(bus).is_locked())


def _meaning(error: Exception) -> Answer:
    from keyring import errors

    if isinstance(error, errors.KeyringLocked):
        return Locked()
    if isinstance(error, errors.NoKeyringError | errors.InitError):
        return Absent()
    return Refused() if isinstance(error, errors.PasswordSetError) else Broken()
