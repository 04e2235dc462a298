"""Routes of papers around a request: the picture of the faxed form, and the blank form for anyone."""

from __future__ import annotations

from typing import Any

from fastapi import APIRouter
from fastapi.responses import Response

from api_client.types.user_ids import RequestForm, UserIdRequest
from backend.http import CallOf
from backend.letters.render import press
from backend.user_ids import form as forms
from backend.user_ids import pages
from backend.user_ids.flatten import flatten

PDF = "application/pdf"
_BYTES = {"schema": {"type": "string", "format": "binary"}}
_A_PDF: dict[int | str, dict[str, Any]] = {200: {"content": {PDF: _BYTES}}}

router = APIRouter(prefix="/v1/user-id-requests", tags=["user_ids"])


@router.get("/form", operation_id="user_ids.form", response_model=RequestForm)
async def form(call: CallOf) -> Response:
    """What anyone may be told of form, fax number and tour."""
    return await call.read(forms.words)


@router.get("/form/pdf", operation_id="user_ids.form_pdf", response_class=Response, responses=_A_PDF)
async def form_pdf(call: CallOf) -> Response:
    """The blank form as it is printed."""
    return await call.document(forms.blank, press().print, PDF)


@router.get("/{number}/page", operation_id="user_ids.page", response_class=Response, responses=_A_PDF)
async def page(call: CallOf, number: str) -> Response:
    """The picture of the faxed form that was kept last."""
    keys = call.runtime.keys
    return await call.document(lambda unit: pages.show(unit, number), lambda kept: kept.opened(keys), PDF)


@router.put(
    "/{number}/page",
    operation_id="user_ids.keep_page",
    response_model=UserIdRequest,
    openapi_extra={"requestBody": {"required": True, "content": {"application/octet-stream": _BYTES}}},
)
async def keep_page(call: CallOf, number: str) -> Response:
    """Keep the picture of a faxed form; the file is read before anything is locked in the store."""
    version = call.version
    await call.look(lambda unit: pages.may_keep(unit, number))
    content = await call.request.body()
    flat = await flatten(content, call.runtime.policy.user_ids)
    digest = pages.digest_of(content)
    return await call.write(lambda unit: pages.keep(unit, number, version, digest, flat))
