"""The vault against a real Secret Service, on a session bus of its own."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [
    pytest.mark.skipif(
        not (shutil.which("dbus-run-session") and shutil.which("gnome-keyring-daemon")),
        reason="needs dbus-run-session and gnome-keyring-daemon",
    ),
    pytest.mark.xdist_group("keyring"),
]

PREAMBLE = """
import asyncio, os, subprocess, sys, time
from pathlib import Path
from kprep_tui.vault import Vault, open_system_keyring

def daemon(password):
    subprocess.run(["gnome-keyring-daemon", "--unlock", "--components=secrets"],
                   input=password, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, check=True)

def default_collection(bus):
    import secretstorage
    return secretstorage.get_default_collection(bus)

def vault(limit=3.0):
    return Vault("here", lambda: open_system_keyring(Path(os.environ["HOME"]), "linux"), limit=limit)

def show(answer):
    print(type(answer).__name__, *[getattr(answer, name) for name in answer.__slots__], flush=True)
"""
WORKS = """
daemon(b"the password of the keyring")
async def main():
    one = vault()
    show(await one.find())
    show(await one.keep("m.lopez", "first"))
    show(await one.keep("r.chen", "second"))
    show(await one.find())
    show(await one.forget())
    show(await one.find())
asyncio.run(main())
"""
LOCKED = """
daemon(b"the password of the keyring")
async def main():
    show(await vault().keep("m.lopez", "secret"))
    import secretstorage
    with secretstorage.dbus_init() as bus:
        default_collection(bus).lock()
    show(await vault().find())
asyncio.run(main())
"""
SILENT = """
from jeepney import DBusAddress, new_method_call
from jeepney.io.blocking import open_dbus_connection
owner = open_dbus_connection(bus="SESSION")
bus = DBusAddress("/org/freedesktop/DBus", bus_name="org.freedesktop.DBus", interface="org.freedesktop.DBus")
owner.send_and_get_reply(new_method_call(bus, "RequestName", "su", ("org.freedesktop.secrets", 0)))
async def main():
    started = time.monotonic()
    show(await vault().find())
    print(time.monotonic() - started < 4)
asyncio.run(main())
print("ended", flush=True)
"""


def run(script: str, home: Path) -> list[str]:
    """What the script prints on a session bus of its own, with a home of its own."""
    kept = {name: os.environ[name] for name in ("PATH",) if name in os.environ}
    folders = {"HOME": str(home), "XDG_DATA_HOME": str(home / "data"), "XDG_RUNTIME_DIR": str(home / "run")}
    (home / "run").mkdir(mode=0o700)
    command = ["dbus-run-session", "--", sys.executable, "-c", PREAMBLE + script]
    done = subprocess.run(command, env=kept | folders, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    return done.stdout.splitlines()


def test_a_real_keyring_keeps_one_reps_credential(tmp_path: Path) -> None:
    assert run(WORKS, tmp_path) == ["Missing", "Kept", "Kept", "Found r.chen second", "Kept", "Missing"]
    files = [file.read_bytes() for file in tmp_path.rglob("*") if file.is_file()]
    assert files
    assert not any(b"second" in content or b"r.chen" in content for content in files)


def test_a_locked_keyring_is_told_apart_and_does_not_prompt(tmp_path: Path) -> None:
    assert run(LOCKED, tmp_path) == ["Kept", "Locked"]


def test_a_silent_secret_service_is_left_after_three_seconds(tmp_path: Path) -> None:
    assert run(SILENT, tmp_path) == ["Silent", "True", "ended"]
