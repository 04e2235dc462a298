"""A backend of its own with people who ask for user IDs, for tests of the mailing as its processes do it."""

from __future__ import annotations

import asyncio
import base64
import os
import re
import signal
import sys
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from sqlalchemy import create_engine, text

import backend.policy
from backend.database.engine import Database
from backend.database.migrate import upgrade
from backend.home import Home
from backend.policy.policy import load_policy
from backend.runtime import Runtime, open_runtime
from backend.user_ids.codes import code_digest, login_digest
from tests.desk import create_rep
from tests.enrollments import add_group
from tests.issuing import PEOPLE, OnPaper
from tests.phone import on_record

_START_SECONDS = 60
_POLL_SECONDS = 0.02
_AROUND = 120
"""Bytes about a part of a secret in which the whole of it must be."""


def policy_file(folder: Path) -> Path:
    """California's policy, with nothing to wait for before a mailing, and two envelopes."""
    content = Path(backend.policy.__file__).with_name("california.toml").read_text(encoding="utf-8")
    for name, old, new in (("own_undo_minutes", "10", "0"), ("envelopes", '"one"', '"two"')):
        before = f"[user_ids.{name}]\nvalue = {old}"
        assert before in content
        content = content.replace(before, f"[user_ids.{name}]\nvalue = {new}")
    path = folder / "policy.toml"
    path.write_text(content, encoding="utf-8")
    return path


async def furnish(home: Home, groups: Sequence[str]) -> None:
    """A store with a rep, and groups that each have a contract signer and an administrator."""
    keys = home.keys()
    await asyncio.to_thread(upgrade, home.database)
    runtime = await open_runtime(Database(home.database), load_policy(), keys)
    try:
        await create_rep(runtime)
        for number in groups:
            await on_record(runtime, await add_group(runtime, number), *PEOPLE)
    finally:
        await runtime.close()


class Backend:
    """One process that serves a store on a socket."""

    def __init__(self, home: Home, folder: Path) -> None:
        self.home, self.folder = home, folder
        self.scratch = folder / "backend-tmp"
        self.socket = folder / "s"
        self._process: asyncio.subprocess.Process | None = None

    @property
    def pid(self) -> int:
        """The process that runs."""
        assert self._process is not None
        return self._process.pid

    async def start(self) -> None:
        """Start it, and wait until it answers."""
        self.scratch.mkdir(mode=0o700, exist_ok=True)
        line = [sys.executable, "-m", "backend", "serve", "--data", str(self.home.folder)]
        line += ["--socket", str(self.socket), "--policy", str(policy_file(self.folder))]
        said = os.open(self.folder / "backend.out", os.O_WRONLY | os.O_CREAT, 0o600)
        self._process = await asyncio.create_subprocess_exec(
            *line,
            stdin=asyncio.subprocess.DEVNULL,
            stdout=said,
            stderr=said,
            env={"PATH": "/usr/bin:/bin", "TMPDIR": str(self.scratch), "HOME": str(self.folder)},
        )
        os.close(said)
        async with asyncio.timeout(_START_SECONDS):
            while not await self._answers():
                assert self._process.returncode is None, "the backend ended by itself"
                await asyncio.sleep(_POLL_SECONDS)

    async def _answers(self) -> bool:
        try:
            _, writer = await asyncio.open_unix_connection(str(self.socket))
        except OSError:
            return False
        writer.close()
        return True

    async def stop(self) -> None:
        """End it in good order."""
        if self._process is not None and self._process.returncode is None:
            self._process.send_signal(signal.SIGTERM)
            await asyncio.wait_for(self._process.wait(), 30)


@dataclass
class Ear:
    """Hears everything a backend says on a socket."""

    socket: Path
    heard: list[bytes] = field(default_factory=list)

    def client(self) -> httpx.AsyncClient:
        """A client whose every answer is kept."""

        async def keep(response: httpx.Response) -> None:
            head = b"\n".join(name + b": " + value for name, value in response.headers.raw)
            self.heard += [head, await response.aread()]

        transport = httpx.AsyncHTTPTransport(uds=str(self.socket))
        return httpx.AsyncClient(
            transport=transport, base_url="http://desk", event_hooks={"response": [keep]}, timeout=30
        )

    async def listen(self, headers: dict[str, str], begun: asyncio.Event) -> None:
        """Hear the live updates until this is cancelled; they are on once `begun` is set."""
        transport = httpx.AsyncHTTPTransport(uds=str(self.socket))
        async with (
            httpx.AsyncClient(transport=transport, base_url="http://desk", timeout=None) as client,  # noqa: S113
            client.stream("GET", "/v1/events", headers=headers) as stream,
        ):
            begun.set()
            async for piece in stream.aiter_raw():
                self.heard.append(piece)


class WithKeys:
    """What stands for a runtime where only its keys are asked for."""

    def __init__(self, home: Home) -> None:
        self.keys = home.keys()


def as_runtime(home: Home) -> Runtime:
    """The keys of a store as tests that hold a runtime read them."""
    return WithKeys(home)  # type: ignore[return-value]


# -- searching -------------------------------------------------------------------------------------


class Needle:
    """A secret in the forms in which it may lie somewhere: with and without hyphens, in either case, as
    UTF-16, hexadecimal and base64.

    Each is first looked for by a part that many forms share, so that a whole memory is searched in seconds.
    """

    def __init__(self, secret: str) -> None:
        self._forms: dict[bytes, set[bytes]] = {}
        part = secret.split("-")[1]
        for one in (secret, secret.replace("-", ""), secret.replace("-", " ")):
            for cased, core in ((one, part), (one.lower(), part.lower())):
                plain = cased.encode()
                self._add(core.encode(), plain)
                # Without its last byte the one order of bytes is the other's without its first.
                self._add("\0".join(core).encode(), "\0".join(cased).encode())
                self._add(core.encode().hex().encode(), plain.hex().encode())
        for one in (secret, secret.replace("-", "")):
            for form in _in_base64(one.encode()):
                self._add(form, form)

    def _add(self, core: bytes, form: bytes) -> None:
        self._forms.setdefault(core, set()).add(form)

    def found_in(self, content: bytes) -> bool:
        """Whether it stands there in any form."""
        return any(self._at(content, core, forms) for core, forms in self._forms.items())

    def _at(self, content: bytes, core: bytes, forms: set[bytes]) -> bool:
        at = content.find(core)
        while at >= 0:
            around = content[max(0, at - _AROUND) : at + _AROUND]
            if any(form in around for form in forms):
                return True
            at = content.find(core, at + 1)
        return False


def _in_base64(plain: bytes) -> Iterator[bytes]:
    """The part of its base64 that is the same whatever stands around it, at each of the three offsets."""
    for offset in range(3):
        coded = base64.b64encode(bytes(offset) + plain)
        middle = coded[(0, 2, 3)[offset] : (len(plain) + offset) // 3 * 4]
        yield middle
        yield middle.translate(bytes.maketrans(b"+/", b"-_"))


def files_below(*folders: Path) -> Iterator[tuple[Path, bytes]]:
    """Every file with its content; of a PDF also what its streams hold."""
    for path in (one for folder in folders for one in sorted(folder.rglob("*")) if one.is_file()):
        content = path.read_bytes()
        yield path, content
        if content.startswith(b"%PDF"):
            yield path, b"\n".join(_streams(content))


def _streams(pdf: bytes) -> Iterator[bytes]:
    for one in re.finditer(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.DOTALL):
        try:
            yield zlib.decompress(one[1])
        except zlib.error:
            yield one[1]


def memory_of(pid: int) -> Iterator[bytes]:
    """Everything in the memory of a process that it can write to: what its core dump would hold of secrets.

    Raises PermissionError where this user may not read it.
    """
    maps = Path(f"/proc/{pid}/maps").read_text(encoding="ascii", errors="replace")
    with open(f"/proc/{pid}/mem", "rb", buffering=0) as memory:
        for line in maps.splitlines():
            place, rights = line.split()[:2]
            if not rights.startswith("rw") or line.endswith(("[vvar]", "[vsyscall]")):
                continue
            first, last = (int(one, 16) for one in place.split("-"))
            memory.seek(first)
            try:
                yield memory.read(last - first)
            except OSError:
                continue  # given back meanwhile


# -- what the store knows --------------------------------------------------------------------------


def store_rows(home: Home, query: str) -> Sequence[Any]:
    """Rows of the store, beside whoever has it open."""
    engine = create_engine(home.database)
    try:
        with engine.connect() as connection:
            return connection.execute(text(query)).all()
    finally:
        engine.dispose()


def digests_of(home: Home, paper: OnPaper) -> tuple[str, str]:
    """Under which digests the store knows what stands on a paper: of the user ID, and of the code."""
    keys = home.keys()
    return login_digest(keys, paper.user_id), code_digest(keys, paper.code)
