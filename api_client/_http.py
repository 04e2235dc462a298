"""The only place that talks HTTP: headers, idempotency keys, deadlines, retries, problems.

`trust_env` is off: no proxy, key log or certificate of the environment gets between the desk and its
backend.
"""

from __future__ import annotations

import asyncio
import secrets
import ssl
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TypeVar

import httpx
import httpx_sse
from pydantic import BaseModel, ValidationError

from api_client.background import is_background
from api_client.errors import BY_TYPE, ApiError, NoAnswer, Trouble
from api_client.types.common import REVEAL, ProblemDetails
from api_client.types.problems import TYPE_PREFIX, ProblemType

_DEADLINE = httpx.Timeout(10.0, connect=3.0)
_TRY_SECONDS = 12.0
"""The whole of one try: the limits above start anew with every byte that drips in."""
_STREAM = httpx.Timeout(45.0, connect=3.0)
"""The backend sends a sign of life every 15 seconds; three missed ones end a stream."""
_LIMITS = httpx.Limits(max_connections=8, max_keepalive_connections=4)
_IN_THE_BACKGROUND = {"x-kprep-background": "1"}
_WAITS = (0.2, 0.8)
"""Seconds before each further try, each lengthened by up to as much again."""
_UNREACHED = "The backend does not answer. Nothing was changed; press the key again to try once more."
_UNKNOWN = "The backend did not answer in time. Look whether it was done before you do it again."
_GARBLED = "The backend's answer could not be understood."
_random = secrets.SystemRandom()
Answer = TypeVar("Answer", bound=BaseModel)


class Http:
    """Sends typed requests to one backend, with the token of one session."""

    def __init__(
        self,
        server: str | None = None,
        *,
        socket: Path | None = None,
        transport: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        if transport is None:
            verify: ssl.SSLContext | bool = ssl.create_default_context() if server else False
            uds = str(socket) if socket else None
            transport = httpx.AsyncHTTPTransport(verify=verify, trust_env=False, uds=uds, limits=_LIMITS)
        self._client = httpx.AsyncClient(
            transport=transport, base_url=server or "http://kprep", timeout=_DEADLINE, trust_env=False
        )
        self.token: str | None = None
        """The bearer token of the session; it lives in memory only."""

    async def close(self) -> None:
        """Close all connections."""
        await self._client.aclose()

    async def read(
        self,
        kind: type[Answer],
        path: str,
        *,
        query: Mapping[str, str | None] | None = None,
        claim: str = "",
    ) -> Answer:
        """GET. Raises ApiError."""
        headers = self._headers(claim=claim)
        params = {name: value for name, value in (query or {}).items() if value is not None}
        request = self._client.build_request("GET", path, params=params, headers=headers)
        return _parsed(kind, await self._send(request, changes=False))

    async def data(self, path: str) -> bytes:
        """GET of a document. Raises ApiError."""
        request = self._client.build_request("GET", path, headers=self._headers())
        return (await self._send(request, changes=False)).content

    async def ask(self, kind: type[Answer], path: str, form: BaseModel, *, claim: str = "") -> Answer:
        """POST of a question that changes nothing; its terms belong in no address. Raises ApiError."""
        headers = self._headers(claim=claim) | {"content-type": "application/json"}
        request = self._client.build_request("POST", path, content=_body(form), headers=headers)
        return _parsed(kind, await self._send(request, changes=False))

    async def write(
        self,
        kind: type[Answer],
        path: str,
        form: BaseModel | None = None,
        *,
        version: int | None = None,
        claim: str = "",
    ) -> Answer:
        """POST of something to do, once however often it has to be sent. Raises ApiError."""
        return _parsed(kind, await self._write("POST", path, form, version, claim))

    async def send_file(self, kind: type[Answer], path: str, content: bytes, *, version: int) -> Answer:
        """PUT of a file, once however often it has to be sent. Raises ApiError."""
        headers = self._changing(version) | {"content-type": "application/octet-stream"}
        request = self._client.build_request("PUT", path, content=content, headers=headers)
        return _parsed(kind, await self._send(request, changes=True))

    async def do(self, method: str, path: str, form: BaseModel | None = None, *, claim: str = "") -> None:
        """Like `write`, for what answers nothing. Raises ApiError."""
        await self._write(method, path, form, None, claim)

    async def events(self, path: str, after: str) -> AsyncIterator[tuple[str, str]]:
        """Server-sent events after an id as (id, data). Raises ApiError when the stream breaks."""
        headers = self._headers() | _IN_THE_BACKGROUND
        if after:
            headers["last-event-id"] = after
        try:
            async with httpx_sse.aconnect_sse(
                self._client, "GET", path, headers=headers, timeout=_STREAM
            ) as source:
                if source.response.status_code != 200:
                    await source.response.aread()
                    raise _problem(source.response)
                async for event in source.aiter_sse():
                    yield event.id, event.data
        except (httpx.HTTPError, httpx_sse.SSEError):
            raise NoAnswer(Trouble(_UNREACHED)) from None

    @asynccontextmanager
    async def held(self, path: str) -> AsyncIterator[AsyncIterator[bytes]]:
        """A response kept open; raises ApiError when it cannot be had."""
        try:
            async with self._client.stream("GET", path, timeout=_STREAM) as response:
                if response.status_code != 200:
                    await response.aread()
                    raise _problem(response)
                yield response.aiter_raw()
        except httpx.HTTPError:
            raise NoAnswer(Trouble(_UNREACHED)) from None

    async def _write(
        self, method: str, path: str, form: BaseModel | None, version: int | None, claim: str
    ) -> httpx.Response:
        headers = self._changing(version, claim)
        if form is not None:
            headers["content-type"] = "application/json"
        content = None if form is None else _body(form)
        request = self._client.build_request(method, path, content=content, headers=headers)
        return await self._send(request, changes=True)

    def _changing(self, version: int | None, claim: str = "") -> dict[str, str]:
        """Headers of what changes something: a key of its own, and the version that was seen."""
        seen = {} if version is None else {"if-match": f'"{version}"'}
        return self._headers(claim=claim) | seen | {"idempotency-key": secrets.token_urlsafe(24)}

    def _headers(self, *, claim: str = "") -> dict[str, str]:
        headers = {"accept": "application/json"}
        if self.token is not None:
            headers["authorization"] = f"Bearer {self.token}"
        if claim:
            headers["claim-token"] = claim
        return headers | (_IN_THE_BACKGROUND if is_background() else {})

    async def _send(self, request: httpx.Request, *, changes: bool) -> httpx.Response:
        """Send, and again a few times where that can help; the idempotency key makes it safe."""
        for wait in (*_WAITS, None):
            try:
                return await self._once(request, changes=changes)
            except ApiError as error:
                if wait is None or not error.retryable:
                    raise
            await asyncio.sleep(wait * (1 + _random.random()))
        raise AssertionError("the last try answers or raises")

    async def _once(self, request: httpx.Request, *, changes: bool) -> httpx.Response:
        try:
            async with asyncio.timeout(_TRY_SECONDS):
                response = await self._client.send(request)
        except httpx.ConnectError:
            raise NoAnswer(Trouble(_UNREACHED)) from None
        except (httpx.HTTPError, TimeoutError):
            raise NoAnswer(Trouble(_UNKNOWN if changes else _UNREACHED)) from None
        if response.status_code >= 300:
            raise _problem(response)
        return response


def _body(form: BaseModel) -> bytes:
    """The form as JSON, its secrets included: this is the one place that sends them."""
    return form.model_dump_json(context=REVEAL).encode()


def _parsed(kind: type[Answer], response: httpx.Response) -> Answer:
    try:
        return kind.model_validate_json(response.content)
    except ValidationError:
        raise NoAnswer(Trouble(_GARBLED)) from None


def _problem(response: httpx.Response) -> ApiError:
    try:
        details = ProblemDetails.model_validate_json(response.content)
        known = ProblemType(details.type.removeprefix(TYPE_PREFIX))
    except (ValidationError, ValueError):
        return NoAnswer(Trouble(_GARBLED))
    return BY_TYPE[known](
        Trouble(
            detail=str(details.detail),
            request_id=details.request_id,
            errors={str(one.field): str(one.message) for one in details.errors},
            current=details.current,
            holder=str(details.holder or ""),
            until=details.until,
        )
    )
