"""A client on a bad connection has its answer, or knows that it has none, within its time limit."""

from __future__ import annotations

import asyncio
import random

import pytest

from api_client import _http
from api_client.client import KprepClient
from api_client.errors import NoAnswer
from tests.faults.proxy import Fault, bad_connection

_LIMIT = 0.2
_ANSWER = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 2\r\n\r\n{}"


async def _serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    await reader.readuntil(b"\r\n\r\n")
    writer.write(_ANSWER)
    await writer.drain()
    writer.close()


async def test_an_answer_that_drips_is_no_answer_once_the_time_is_over(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(_http, "_TRY_SECONDS", _LIMIT)
    server = await asyncio.start_server(_serve, "127.0.0.1", 0)
    port = server.sockets[0].getsockname()[1]
    async with server, bad_connection(port, random.Random(1), (Fault.DRIP,)) as dripping:
        client = KprepClient(f"http://127.0.0.1:{dripping}")
        try:
            async with asyncio.timeout(3 * _LIMIT + 2 * 1.6 + 2):
                with pytest.raises(NoAnswer):
                    await client.session.hello()
        finally:
            await client.close()
