"""The way from the client library to the servers: answers get lost on it, and all is written down."""

from __future__ import annotations

import random
from collections.abc import Sequence

import httpx

from tests.faults.ledger import Attempt, Ledger, Sent, tick

_LIMITS = httpx.Limits(max_connections=4, max_keepalive_connections=2)


class Wire(httpx.AsyncBaseTransport):
    """Sends each request to one of the ports, as a load balancer would."""

    def __init__(self, ports: Sequence[int], ledger: Ledger, dice: random.Random, *, lost: float) -> None:
        self._ports = ports
        self._ledger = ledger
        self._dice = dice
        self._lost = lost
        self._inner = httpx.AsyncHTTPTransport(limits=_LIMITS, trust_env=False)
        self.last: Sent | None = None
        """The last write that was sent."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it, write down what came of it, and lose a share of the answers to writes."""
        key = request.headers.get("idempotency-key")
        if key is None:
            self._ledger.calls += 1
            return await self._pass(request)
        if self.last is None or self.last.request.headers["idempotency-key"] != key:
            self.last = Sent(request)
        response = await self._send(self.last)
        if response.status_code < 500 and self._dice.random() < self._lost:
            self._ledger.replays += 1
            raise httpx.ReadError("the answer was lost")
        return response

    async def again(self, sent: Sent) -> bool:
        """Send a write once more with the same key; whether an answer came. Raises nothing of the wire."""
        try:
            await self._send(sent)
        except httpx.HTTPError:
            return False
        return sent.attempts[-1].status < 500

    async def _send(self, sent: Sent) -> httpx.Response:
        self._ledger.calls += 1
        begun = tick()
        response = await self._pass(sent.request)
        replayed = response.headers.get("idempotency-replayed") == "true"
        attempt = Attempt(begun, tick(), response.status_code, response.content, replayed)
        sent.attempts.append(attempt)
        self._ledger.answered += 1
        return response

    async def _pass(self, request: httpx.Request) -> httpx.Response:
        url = request.url.copy_with(host="127.0.0.1", port=self._dice.choice(self._ports))
        copy = httpx.Request(
            request.method,
            url,
            headers=request.headers,
            content=request.content,
            extensions=request.extensions,
        )
        response = await self._inner.handle_async_request(copy)
        body = await response.aread()
        await response.aclose()
        return httpx.Response(response.status_code, headers=response.headers, content=body)

    async def aclose(self) -> None:
        """Close all connections."""
        await self._inner.aclose()
