"""The application: middleware, problems and the rooms' routes."""

from __future__ import annotations

import base64
import re
import secrets
import time

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import Response
from sqlalchemy.exc import DBAPIError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from api_client.types.problems import ProblemType
from backend import health, operations
from backend.accounts import routes as accounts
from backend.answers import routes as answers
from backend.answers.ranking import ranking
from backend.billing import routes as billing
from backend.calls import act_routes as acts
from backend.calls import routes as calls
from backend.cards import routes as cards
from backend.enrollment import routes as enrollment
from backend.events import routes as events
from backend.http import problem_response
from backend.lead import routes as lead
from backend.letters import routes as letters
from backend.log import log, scrubbed
from backend.matching import routes as matching
from backend.problems import Problem
from backend.runtime import Runtime
from backend.search import routes as search
from backend.session import routes as session
from backend.user_ids import online_routes as online
from backend.user_ids import page_routes as user_id_pages
from backend.user_ids import routes as user_ids
from backend.user_ids import user_routes as users
from backend.version import VERSION

BODY_LIMIT = 64 * 1024
PAGE_LIMIT = 16 * 1024 * 1024
"""Of a faxed page; what the policy takes is less, and what is between hears why."""
FILE_LIMIT = 256 * 1024 * 1024
ROOMS = (
    health,
    session,
    events,
    matching,
    accounts,
    acts,
    billing,
    user_id_pages,  # before the requests: `form` is no number of one
    user_ids,
    users,
    online,
    calls,
    cards,
    letters,
    enrollment,
    answers,
    lead,
    search,
    operations,
)
_FILE_PATHS = ("/v1/enrollment/files", "/v1/operations/")
_PAGE_PATH = re.compile(r"/v1/user-id-requests/[^/]+/page")


def create_app(runtime: Runtime | None) -> FastAPI:
    """The application over an open runtime; without one it serves nobody and only tells its contract."""
    app = FastAPI(title="kprep", version=VERSION, docs_url=None, redoc_url=None, openapi_url=None)
    app.state.runtime = runtime
    ranking()  # an article that is not as it must be stops the start, not a caller
    for room in ROOMS:
        app.include_router(room.router)
    app.add_exception_handler(Problem, _problem)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(HTTPException, _http)
    app.add_exception_handler(DBAPIError, _store)
    app.add_exception_handler(PoolTimeout, _store)
    app.add_middleware(Doorway)
    return app


def new_request_id() -> str:
    """A reference that can be read over the phone: 12 characters of base32 in groups of four."""
    text = base64.b32encode(secrets.token_bytes(8)).decode()[:12]
    return "-".join(text[start : start + 4] for start in range(0, 12, 4))


class Doorway:
    """Gives each request its id, limits its body, answers what nobody caught, and logs one line."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request (ASGI)."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request_id = scope["kprep.request_id"] = new_request_id()
        started, status = time.perf_counter(), 0
        limit = _limit(str(scope["path"]))
        received = 0

        async def limited() -> Message:
            nonlocal received
            message = await receive()
            received += len(message.get("body", b""))
            if received > limit:
                raise Problem(ProblemType.TOO_LARGE, "The request is larger than this service takes.")
            return message

        async def tagged(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = int(message["status"])
                message["headers"] = [
                    *message["headers"],
                    (b"x-request-id", request_id.encode()),
                    (b"cache-control", b"no-store"),
                ]
            await send(message)

        failure: dict[str, object] = {}
        try:
            if "\0" in str(scope["path"]):  # no store takes it, and nothing is called so
                raise Problem(ProblemType.NOT_FOUND, "The server has nothing at this address.")
            await self._app(scope, limited, tagged)
        except Problem as refused:
            await _late(problem_response(refused, request_id), status, scope, receive, tagged)
        except Exception as error:  # noqa: BLE001  (the last line of defence)
            failure = scrubbed(error)
            problem = Problem(
                ProblemType.INTERNAL,
                "Something went wrong on the server; this request changed nothing.",
            )
            await _late(problem_response(problem, request_id), status, scope, receive, tagged)
        route = scope.get("route")
        log().info(
            "request",
            request_id=request_id,
            method=scope["method"],
            operation=getattr(route, "operation_id", None),
            status=status,
            milliseconds=round((time.perf_counter() - started) * 1000, 1),
            **failure,
        )


def _limit(path: str) -> int:
    """Most bytes of a body that is sent there."""
    if path.startswith(_FILE_PATHS):
        return FILE_LIMIT
    return PAGE_LIMIT if _PAGE_PATH.fullmatch(path) else BODY_LIMIT


async def _late(response: Response, status: int, scope: Scope, receive: Receive, send: Send) -> None:
    """Send the problem, unless an answer has begun already."""
    if status == 0:
        await response(scope, receive, send)


async def _problem(request: Request, error: Exception) -> Response:
    assert isinstance(error, Problem)
    return problem_response(error, request.scope["kprep.request_id"])


async def _invalid(request: Request, error: Exception) -> Response:
    assert isinstance(error, RequestValidationError)
    fields = [
        (".".join(str(part) for part in item["loc"] if part != "body"), str(item["msg"]))
        for item in error.errors()
    ]
    problem = Problem(ProblemType.INVALID, "Some of what was sent is not valid.", errors=fields)
    return problem_response(problem, request.scope["kprep.request_id"])


async def _http(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if isinstance(error.__cause__, Problem):  # raised while the framework read the body
        return await _problem(request, error.__cause__)
    kind = ProblemType.NOT_FOUND if error.status_code in {404, 405} else ProblemType.INVALID
    problem = Problem(kind, "The server has nothing at this address.")
    return problem_response(problem, request.scope["kprep.request_id"])


async def _store(request: Request, error: Exception) -> Response:
    log().error("store", request_id=request.scope["kprep.request_id"], **scrubbed(error))
    problem = Problem(
        ProblemType.UNAVAILABLE, "The store does not answer; nothing was saved. Try again in a moment."
    )
    return problem_response(problem, request.scope["kprep.request_id"])
