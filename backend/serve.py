"""One backend process: opens the store, answers on a socket, does the jobs, and ends in good order."""

from __future__ import annotations

import asyncio
import contextlib
import os
import socket
import ssl
from dataclasses import dataclass
from pathlib import Path

import uvicorn

from backend.app import create_app
from backend.database.engine import Database
from backend.database.migrate import is_current, upgrade
from backend.enrollment.files import free_runs
from backend.home import Home, HomeError
from backend.jobs.service import Worker, jobs, long_jobs
from backend.log import log, open_log
from backend.policy.policy import Policy
from backend.runtime import Runtime, open_runtime
from backend.version import VERSION

_LINGER_SECONDS = 15.0
"""How long an embedded backend stays after the last desk has left."""
_FIRST_DESK_SECONDS = 60.0


@dataclass(frozen=True)
class Door:
    """Where to answer: a Unix socket, or an address with or without TLS."""

    socket: Path | None = None
    host: str = "127.0.0.1"
    port: int = 8343
    tls_certificate: Path | None = None
    tls_key: Path | None = None


class _Server(uvicorn.Server):
    """Ends the streams first: uvicorn waits for open streams before it stops."""

    def __init__(self, config: uvicorn.Config, runtime: Runtime) -> None:
        super().__init__(config)
        self._runtime = runtime

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        await self._runtime.hub.close()
        await super().shutdown(sockets)


async def serve(home: Home, policy: Policy, door: Door, *, until_alone: bool) -> None:
    """Serve until told to stop, or, with `until_alone`, until no desk has been here for a while.

    Raises HomeError when the store of a server is not migrated, StoreInUse when another process holds it.
    """
    _check_tls(door)
    with home.held(str(door.socket or "")):
        keys = home.keys()
        if home.embedded:
            await asyncio.to_thread(upgrade, home.database)
        elif not await asyncio.to_thread(is_current, home.database):
            raise HomeError("The database needs a migration first; run: kprep-backend migrate")
        open_log(home.log_file)
        runtime = await open_runtime(Database(home.database), policy, keys, folder=home.folder)
        if home.embedded:
            await free_runs(runtime)
        workers = [Worker(runtime, jobs()), Worker(runtime, long_jobs(), name="long jobs")]
        try:
            with contextlib.closing(_listen(door)) as listener:
                server = _Server(_config(runtime, door), runtime)
                for worker in workers:
                    worker.start()
                watch = asyncio.create_task(_leave_when_alone(runtime, server)) if until_alone else None
                log().info("started", version=VERSION, database=home.database.get_backend_name())
                await server.serve(sockets=[listener])
                if watch is not None:
                    watch.cancel()
        finally:
            for worker in workers:
                await worker.stop()
            await runtime.close()
            if door.socket is not None:
                door.socket.unlink(missing_ok=True)
            log().info("stopped")


def _check_tls(door: Door) -> None:
    """Raises HomeError when certificate and key do not open; what is wrong is told before anything starts."""
    if door.tls_certificate is None and door.tls_key is None:
        return
    if door.tls_certificate is None:
        raise HomeError("A TLS key needs its certificate: --tls-certificate FILE")
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(door.tls_certificate, door.tls_key)
    except OSError as error:
        names = " and ".join(str(file) for file in (door.tls_certificate, door.tls_key) if file)
        raise HomeError(f"No TLS certificate with its key can be read from {names}: {error}") from None


def _config(runtime: Runtime, door: Door) -> uvicorn.Config:
    return uvicorn.Config(
        create_app(runtime),
        log_config=None,
        access_log=False,
        lifespan="off",
        server_header=False,
        ssl_certfile=door.tls_certificate,
        ssl_keyfile=door.tls_key,
        timeout_graceful_shutdown=5,
    )


def _listen(door: Door) -> socket.socket:
    """The listening socket; a Unix socket is open to its owner only."""
    if door.socket is None:
        family = socket.AF_INET6 if ":" in door.host else socket.AF_INET
        listener = socket.socket(family, socket.SOCK_STREAM)
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((door.host, door.port))
        return listener
    door.socket.unlink(missing_ok=True)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
    before = os.umask(0o177)
    try:
        listener.bind(str(door.socket))
    finally:
        os.umask(before)
    return listener


async def _leave_when_alone(runtime: Runtime, server: uvicorn.Server) -> None:
    """Ask the server to stop when no desk is there, or none ever came."""
    presence = runtime.presence
    while True:
        presence.changed.clear()
        limit = None
        if presence.count == 0:
            limit = _LINGER_SECONDS if presence.seen else _FIRST_DESK_SECONDS
        try:
            async with asyncio.timeout(limit):
                await presence.changed.wait()
        except TimeoutError:
            server.should_exit = True
            return
