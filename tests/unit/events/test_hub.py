"""Live updates: nothing is lost, nothing comes twice, and a stream ends when the server stops."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest

from api_client.types.events import Event
from api_client.types.words import EventKind
from backend.database.engine import Database
from backend.events.hub import EventHub
from backend.runtime import Runtime
from tests.desk import operator_unit


async def _emit(runtime: Runtime, first: int, last: int) -> None:
    async with operator_unit(runtime) as unit:
        for number in range(first, last + 1):
            unit.emit(EventKind.MATCH_ITEM, f"M-{number}", number)


async def _take(stream: AsyncIterator[Event], count: int) -> list[str]:
    return [(await anext(stream)).subject for _ in range(count)]


async def test_a_stream_carries_what_is_committed_from_now_on(
    runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    earlier = runtime.hub.stream(0)
    await _emit(runtime, 1, 3)
    assert await asyncio.wait_for(_take(earlier, 3), 5) == ["M-1", "M-2", "M-3"]
    newest, begun = runtime.hub._newest, asyncio.Event()

    async def looked_up() -> int:
        found = await newest()
        begun.set()
        return found

    monkeypatch.setattr(runtime.hub, "_newest", looked_up)
    first = asyncio.create_task(_take(runtime.hub.stream(None), 2))
    await begun.wait()  # from here on is "from now on"
    await _emit(runtime, 4, 5)
    assert await asyncio.wait_for(first, 5) == ["M-4", "M-5"]


async def test_a_stream_resumes_after_the_last_update_it_had(runtime: Runtime) -> None:
    await _emit(runtime, 1, 5)
    stream = runtime.hub.stream(2)
    assert await asyncio.wait_for(_take(stream, 3), 5) == ["M-3", "M-4", "M-5"]
    await _emit(runtime, 6, 6)
    assert await asyncio.wait_for(_take(stream, 1), 5) == ["M-6"]


@pytest.mark.parametrize("after", [0, 9_999_999])
async def test_who_missed_too_much_or_comes_from_elsewhere_is_told_to_fetch_anew(
    runtime: Runtime, after: int
) -> None:
    await _emit(runtime, 1, 1001)
    event = await asyncio.wait_for(anext(runtime.hub.stream(after)), 5)
    assert event.kind is EventKind.RESET


async def test_an_act_that_failed_is_never_told(runtime: Runtime) -> None:
    with pytest.raises(RuntimeError):
        await _emit_and_fail(runtime)
    stream = runtime.hub.stream(0)
    await _emit(runtime, 7, 7)
    assert await asyncio.wait_for(_take(stream, 1), 5) == ["M-7"]


async def _emit_and_fail(runtime: Runtime) -> None:
    async with operator_unit(runtime) as unit:
        unit.emit(EventKind.MATCH_ITEM, "M-6", 6)
        raise RuntimeError("on the way")


async def test_another_process_on_the_same_store_hears_it_too(runtime: Runtime) -> None:
    other = EventHub(Database(runtime.database.url))
    await other.start()
    try:
        stream = other.stream(0)
        await _emit(runtime, 1, 1)
        assert await asyncio.wait_for(_take(stream, 1), 10) == ["M-1"]
    finally:
        await other.close()
        await other.database.close()


async def test_streams_end_when_the_server_stops(runtime: Runtime) -> None:
    stream = runtime.hub.stream(0)
    waiting = asyncio.create_task(_drain(stream))
    await asyncio.sleep(0)
    await runtime.hub.close()
    assert await asyncio.wait_for(waiting, 5) == []
    assert await runtime.hub.closed_within(0)


async def _drain(stream: AsyncIterator[Event]) -> list[Event]:
    return [event async for event in stream]
