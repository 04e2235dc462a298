"""Every way a keyring can answer, or not answer, ends in a typed result within its limit."""

from __future__ import annotations

import asyncio
import threading
from pathlib import Path

import pytest
from keyring import errors

from kprep_tui.vault import (
    Absent,
    Answer,
    Backend,
    Broken,
    Found,
    Kept,
    Locked,
    Missing,
    Refused,
    Silent,
    Vault,
    open_system_keyring,
)


class Memory:
    """A keyring that works."""

    def __init__(self) -> None:
        self.secrets: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.secrets.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.secrets[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.secrets[service, username]


class Failing(Memory):
    """A keyring that raises."""

    def __init__(self, error: Exception) -> None:
        super().__init__()
        self.error = error

    def get_password(self, service: str, username: str) -> str | None:
        raise self.error

    def set_password(self, service: str, username: str, password: str) -> None:
        raise self.error


class Hanging(Memory):
    """A keyring that never answers, until the test ends."""

    def __init__(self) -> None:
        super().__init__()
        self.end = threading.Event()

    def get_password(self, service: str, username: str) -> str | None:
        self.end.wait()
        return None


def vault(backend: Backend | Answer, place: str = "here", limit: float = 3.0) -> Vault:
    return Vault(place, lambda: backend, limit=limit)


async def test_what_is_kept_is_found_and_forgotten() -> None:
    one = vault(Memory())
    assert await one.find() == Missing()
    assert await one.keep("m.lopez", "credential") == Kept()
    assert await one.find() == Found("m.lopez", "credential")
    assert await one.forget() == Kept()
    assert await one.forget() == Kept()
    assert await one.find() == Missing()


async def test_the_next_rep_takes_the_place_of_the_first() -> None:
    memory = Memory()
    await vault(memory).keep("m.lopez", "first")
    await vault(memory).keep("r.chen", "second")
    assert await vault(memory).find() == Found("r.chen", "second")
    assert "first" not in str(memory.secrets)


async def test_another_server_has_another_credential() -> None:
    memory = Memory()
    await vault(memory, "here").keep("m.lopez", "first")
    assert await vault(memory, "there").find() == Missing()


@pytest.mark.parametrize("secret", ["", "no json", "[]", "3", '{"username": "x"}'])
async def test_a_secret_that_is_not_ours_is_none(secret: str) -> None:
    memory = Memory()
    memory.set_password("kprep", "here", secret)
    assert await vault(memory).find() == Missing()


@pytest.mark.parametrize(
    ("error", "answer"),
    [
        (errors.KeyringLocked("x"), Locked()),
        (errors.NoKeyringError("x"), Absent()),
        (errors.InitError("x"), Absent()),
        (errors.PasswordSetError("x"), Refused()),
        (RuntimeError("canary"), Broken()),
        (OSError("canary"), Broken()),
    ],
)
async def test_every_failure_has_its_answer(error: Exception, answer: Answer) -> None:
    kept = await vault(Failing(error)).keep("m.lopez", "credential")
    assert kept == answer
    assert "canary" not in kept.sentence
    assert kept.sentence.endswith(".")


async def test_a_silent_keyring_is_left_behind_and_not_asked_again() -> None:
    hanging = Hanging()
    opened: list[int] = []

    def open_backend() -> Backend:
        opened.append(1)
        return hanging

    one = Vault("here", open_backend, limit=0.05)
    try:
        assert await one.find() == Silent()
        assert await one.find() == Silent()
        assert opened == [1]
    finally:
        hanging.end.set()


async def test_the_loop_goes_on_while_a_keyring_thinks() -> None:
    hanging = Hanging()
    asked = asyncio.create_task(vault(hanging).find())
    turns = 0
    while turns < 100:
        await asyncio.sleep(0)
        turns += 1
    assert not asked.done()
    hanging.end.set()
    assert await asked == Missing()


@pytest.mark.parametrize(
    "chosen",
    [
        "keyring.backends.null.Keyring",
        "keyring.backends.fail.Keyring",
        "keyrings.alt.file.PlaintextKeyring",
        "keyring.backends.chainer.ChainerBackend",
    ],
)
def test_a_keyring_that_keeps_secrets_in_the_open_is_refused(tmp_path: Path, chosen: str) -> None:
    (tmp_path / "keyringrc.cfg").write_text(f"[backend]\ndefault-keyring={chosen}\n")
    assert open_system_keyring(tmp_path, "linux") == Refused()


@pytest.mark.parametrize("text", ["", "nonsense", "[backend]\n", "\x00\xff"])
def test_an_unusable_choice_is_no_choice(tmp_path: Path, text: str) -> None:
    (tmp_path / "keyringrc.cfg").write_text(text)
    assert open_system_keyring(tmp_path, "an unknown platform") == Absent()


def test_without_a_session_bus_there_is_no_keyring(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/nothing")
    assert open_system_keyring(tmp_path, "linux") == Absent()


def test_each_answer_but_the_good_ones_says_what_to_do() -> None:
    good: list[Answer] = [Found("a", "b"), Kept(), Missing()]
    bad: list[Answer] = [Absent(), Locked(), Silent(), Refused(), Broken()]
    assert [answer.sentence for answer in good] == [""] * len(good)
    assert "" not in [answer.sentence for answer in bad]
