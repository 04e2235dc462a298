"""Routes of billing."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api_client.types.accounts import AccountRow
from api_client.types.billing import BillingStatus, Payment, RecordPayment, ReversePayment
from api_client.types.common import Page
from backend.billing import service
from backend.http import CallOf

router = APIRouter(prefix="/v1", tags=["billing"])


@router.get("/billing/work-list", operation_id="billing.work_list", response_model=Page[AccountRow])
async def work_list(call: CallOf, cursor: str | None = None) -> Response:
    """Groups with unpaid premium, the first end of coverage first."""
    return await call.read(lambda unit: service.work_list(unit, cursor))


@router.get("/accounts/{number}/billing", operation_id="billing.show", response_model=BillingStatus)
async def show(call: CallOf, number: str) -> Response:
    """Billing status of a group, with the reason for every date."""
    return await call.read(lambda unit: service.show(unit, number))


@router.post("/payments", operation_id="billing.record_payment", response_model=Payment)
async def record_payment(call: CallOf, form: RecordPayment) -> Response:
    """Record a payment received."""
    return await call.write(lambda unit: service.record_payment(unit, form))


@router.post("/payments/{number}/reverse", operation_id="billing.reverse_payment", response_model=Payment)
async def reverse_payment(call: CallOf, number: str, form: ReversePayment) -> Response:
    """Take a mis-posted payment back."""
    version = call.version
    return await call.write(lambda unit: service.reverse_payment(unit, number, version, form))
