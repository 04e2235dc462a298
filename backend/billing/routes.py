"""Routes of billing."""

from __future__ import annotations

from fastapi import APIRouter
from fastapi.responses import Response

from api_client.types.accounts import AccountRow
from api_client.types.acts import Done, PaperBill, RequestCycle
from api_client.types.billing import BillingStatus, Payment, RecordPayment, ReversePayment
from api_client.types.common import Page
from backend.billing import service, wishes
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


@router.post("/accounts/{number}/paper-bill", operation_id="billing.paper_bill", response_model=Done)
async def paper_bill(call: CallOf, number: str, form: PaperBill) -> Response:
    """Begin or end the paper bill, as the client on the line asks."""
    return await call.write(lambda unit: wishes.paper_bill(unit, number, on=form.on))


@router.post("/accounts/{number}/billing-cycle", operation_id="billing.request_cycle", response_model=Done)
async def request_cycle(call: CallOf, number: str, form: RequestCycle) -> Response:
    """Bill by another cycle from the next unbilled month on, as the client on the line asks."""
    return await call.write(lambda unit: wishes.request_cycle(unit, number, form.cycle))


@router.post("/payments", operation_id="billing.record_payment", response_model=Payment)
async def record_payment(call: CallOf, form: RecordPayment) -> Response:
    """Record a payment received."""
    return await call.write(lambda unit: service.record_payment(unit, form))


@router.post("/payments/{number}/reverse", operation_id="billing.reverse_payment", response_model=Payment)
async def reverse_payment(call: CallOf, number: str, form: ReversePayment) -> Response:
    """Take a mis-posted payment back."""
    version = call.version
    return await call.write(lambda unit: service.reverse_payment(unit, number, version, form))
