"""A session bus of its own with a real gnome-keyring on it."""

from __future__ import annotations

import os
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_PATIENCE = 15.0


def installed() -> bool:
    """Whether this machine has what is needed."""
    return all(map(shutil.which, ("dbus-daemon", "dbus-send", "gnome-keyring-daemon")))


@contextmanager
def secret_service(home: Path) -> Iterator[dict[str, str]]:
    """Run bus and keyring, unlocked, files under `home`; yields the environment that finds them."""
    (home / "run").mkdir(mode=0o700, parents=True, exist_ok=True)
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "XDG_RUNTIME_DIR": str(home / "run"),
        "XDG_DATA_HOME": str(home / "data"),
    }
    bus = subprocess.Popen(
        ["dbus-daemon", "--session", "--nofork", "--print-address=1"],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
    )
    assert bus.stdout is not None
    environment["DBUS_SESSION_BUS_ADDRESS"] = bus.stdout.readline().decode().strip()
    keyring = subprocess.Popen(
        ["gnome-keyring-daemon", "--unlock", "--foreground", "--components=secrets"],
        env=environment,
        stdin=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        assert keyring.stdin is not None
        keyring.stdin.write(b"the password of the keyring")
        keyring.stdin.close()
        _wait_for_secrets(environment)
        yield {"DBUS_SESSION_BUS_ADDRESS": environment["DBUS_SESSION_BUS_ADDRESS"]}
    finally:
        for process in (keyring, bus):
            process.terminate()
            process.wait(timeout=_PATIENCE)


def _wait_for_secrets(environment: dict[str, str]) -> None:
    """Ask the bus until somebody owns the name of the Secret Service."""
    question = [
        "dbus-send", "--session", "--print-reply=literal", "--dest=org.freedesktop.DBus",
        "/org/freedesktop/DBus", "org.freedesktop.DBus.NameHasOwner", "string:org.freedesktop.secrets",
    ]  # fmt: skip
    end = time.monotonic() + _PATIENCE
    while time.monotonic() < end:
        answer = subprocess.run(question, env=environment, capture_output=True, timeout=_PATIENCE)
        if b"true" in answer.stdout:
            return
    raise AssertionError("the Secret Service did not appear on the bus")
