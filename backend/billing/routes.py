"""Routes of billing."""

from __future__ import annotations

from datetime import date

from fastapi import APIRouter
from fastapi.responses import Response

from api_client.types.acts import Done, PaperBill, RequestCycle
from api_client.types.billing import (
    BillingStatus,
    DecideReinstatement,
    Dispute,
    HoldRow,
    LiftHold,
    MakePromise,
    OpenHold,
    Payment,
    PromiseRow,
    RecordPayment,
    ReinstatementRow,
    ReturnPayment,
    ReversePayment,
    UnpaidRow,
    WhatIf,
    WhatIfAnswer,
)
from api_client.types.billing_words import DelinquencyState
from api_client.types.common import Page
from backend.billing import holds, promises, reinstatement, service, wishes
from backend.billing import work_list as unpaid
from backend.http import CallOf

router = APIRouter(prefix="/v1", tags=["billing"])


@router.get("/billing/work-list", operation_id="billing.work_list", response_model=Page[UnpaidRow])
async def work_list(
    call: CallOf,
    state: DelinquencyState | None = None,
    until: date | None = None,
    cursor: str | None = None,
) -> Response:
    """Groups with unpaid premium, the first end of coverage first; of one state, or up to a day."""
    return await call.read(lambda unit: unpaid.page(unit, state=state, until=until, cursor=cursor))


@router.get("/accounts/{number}/billing", operation_id="billing.show", response_model=BillingStatus)
async def show(call: CallOf, number: str) -> Response:
    """Billing status of a group, with the reason for every date."""
    return await call.read(lambda unit: service.show(unit, number))


@router.post(
    "/accounts/{number}/billing/what-if", operation_id="billing.what_if", response_model=WhatIfAnswer
)
async def what_if(call: CallOf, number: str, form: WhatIf) -> Response:
    """What would follow from a payment; writes nothing."""
    return await call.read(lambda unit: service.what_if(unit, number, form))


@router.post("/accounts/{number}/paper-bill", operation_id="billing.paper_bill", response_model=Done)
async def paper_bill(call: CallOf, number: str, form: PaperBill) -> Response:
    """Begin or end the paper bill, as the client on the line asks."""
    return await call.write(lambda unit: wishes.paper_bill(unit, number, on=form.on))


@router.post("/accounts/{number}/billing-cycle", operation_id="billing.request_cycle", response_model=Done)
async def request_cycle(call: CallOf, number: str, form: RequestCycle) -> Response:
    """Bill by another cycle from the next unbilled month on, as the client on the line asks."""
    return await call.write(lambda unit: wishes.request_cycle(unit, number, form.cycle))


# -- payments --------------------------------------------------------------------------------------


@router.post("/payments", operation_id="billing.record_payment", response_model=Payment)
async def record_payment(call: CallOf, form: RecordPayment) -> Response:
    """Record a payment received."""
    return await call.write(lambda unit: service.record_payment(unit, form))


@router.post("/payments/{number}/reverse", operation_id="billing.reverse_payment", response_model=Payment)
async def reverse_payment(call: CallOf, number: str, form: ReversePayment) -> Response:
    """Take a mis-posted payment back."""
    version = call.version
    return await call.write(lambda unit: service.reverse_payment(unit, number, version, form))


@router.post("/payments/{number}/return", operation_id="billing.return_payment", response_model=Payment)
async def return_payment(call: CallOf, number: str, form: ReturnPayment) -> Response:
    """The bank brought a payment back."""
    version = call.version
    return await call.write(lambda unit: service.return_payment(unit, number, version, form))


# -- promises, disputes, holds, reinstatement --------------------------------------------------------


@router.post("/accounts/{number}/promises", operation_id="billing.promise", response_model=PromiseRow)
async def promise(call: CallOf, number: str, form: MakePromise) -> Response:
    """Take down a promise to pay of the client on the line."""
    return await call.write(lambda unit: promises.promise(unit, number, form))


@router.post("/promises/{number}/undo", operation_id="billing.undo_promise", response_model=PromiseRow)
async def undo_promise(call: CallOf, number: str) -> Response:
    """Take one's own entry of a promise back."""
    return await call.write(lambda unit: promises.undo(unit, number))


@router.post("/accounts/{number}/disputes", operation_id="billing.dispute", response_model=HoldRow)
async def dispute(call: CallOf, number: str, form: Dispute) -> Response:
    """Take down that the client on the line disputes a bill."""
    return await call.write(lambda unit: holds.dispute(unit, number, form))


@router.post("/accounts/{number}/holds", operation_id="billing.open_hold", response_model=HoldRow)
async def open_hold(call: CallOf, number: str, form: OpenHold) -> Response:
    """Hold the rules up for a group."""
    return await call.write(lambda unit: holds.open_hold(unit, number, form))


@router.post("/holds/{number}/lift", operation_id="billing.lift_hold", response_model=HoldRow)
async def lift_hold(call: CallOf, number: str, form: LiftHold) -> Response:
    """End a hold or a dispute today."""
    version = call.version
    return await call.write(lambda unit: holds.lift_hold(unit, number, version, form))


@router.post(
    "/accounts/{number}/reinstatements",
    operation_id="billing.ask_reinstatement",
    response_model=ReinstatementRow,
)
async def ask_reinstatement(call: CallOf, number: str) -> Response:
    """Take down that the client on the line asks for coverage to be given back."""
    return await call.write(lambda unit: reinstatement.ask(unit, number))


@router.post(
    "/reinstatements/{number}/decide",
    operation_id="billing.decide_reinstatement",
    response_model=ReinstatementRow,
)
async def decide_reinstatement(call: CallOf, number: str, form: DecideReinstatement) -> Response:
    """Give coverage back, or refuse."""
    version = call.version
    return await call.write(lambda unit: reinstatement.decide(unit, number, version, form))
