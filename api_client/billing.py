"""Billing status and payments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from urllib.parse import quote

from api_client._http import Http
from api_client.accounts import account_path
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
from api_client.types.billing_words import BillingCycle, DelinquencyState, HoldKind, PaymentMethod
from api_client.types.common import Page


class BillingClient:
    """What a group owes, has paid and was told."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def work_list(
        self,
        *,
        state: DelinquencyState | None = None,
        until: date | None = None,
        cursor: str | None = None,
    ) -> Page[UnpaidRow]:
        """Groups with unpaid premium, the first end of coverage first; of one state, or whose coverage ends
        up to a day. Without a state those whose coverage has ended are left out.
        """
        query = {
            "state": state.value if state else None,
            "until": until.isoformat() if until else None,
            "cursor": cursor,
        }
        return await self._http.read(Page[UnpaidRow], "/v1/billing/work-list", query=query)

    async def show(self, number: str) -> BillingStatus:
        """Billing status of a group."""
        return await self._http.read(BillingStatus, f"{account_path(number)}/billing")

    async def paper_bill(self, number: str, *, on: bool) -> Done:
        """Begin or end the paper bill, as the client on the line asks."""
        return await self._http.write(Done, f"{account_path(number)}/paper-bill", PaperBill(on=on))

    async def request_cycle(self, number: str, cycle: BillingCycle) -> Done:
        """Bill by another cycle from the next unbilled month on, as the client on the line asks."""
        path = f"{account_path(number)}/billing-cycle"
        return await self._http.write(Done, path, RequestCycle(cycle=cycle))

    async def record_payment(
        self,
        number: str,
        received_on: date,
        amount: Decimal,
        method: PaymentMethod,
        reference: str = "",
        *,
        for_fees: bool = False,
    ) -> Payment:
        """Record a payment received, of premium or of fees."""
        form = RecordPayment(
            group_number=number,
            received_on=received_on,
            amount=amount,
            method=method,
            reference=reference,
            for_fees=for_fees,
        )
        return await self._http.write(Payment, "/v1/payments", form)

    async def reverse_payment(self, payment: str, version: int, reason: str) -> Payment:
        """Take a mis-posted payment back."""
        path = f"/v1/payments/{quote(payment, safe='')}/reverse"
        return await self._http.write(Payment, path, ReversePayment(reason=reason), version=version)

    async def return_payment(self, payment: str, version: int, returned_on: date) -> Payment:
        """The bank brought a payment back on its date; the policy's fee is charged."""
        path = f"/v1/payments/{quote(payment, safe='')}/return"
        return await self._http.write(Payment, path, ReturnPayment(returned_on=returned_on), version=version)

    async def what_if(self, number: str, amount: Decimal, on: date) -> WhatIfAnswer:
        """What would follow from a payment, beside what follows without it; writes nothing."""
        path = f"{account_path(number)}/billing/what-if"
        return await self._http.ask(WhatIfAnswer, path, WhatIf(amount=amount, on=on))

    async def promise(self, number: str, amount: Decimal, pay_by: date) -> PromiseRow:
        """Take down that the client on the line promises to pay."""
        path = f"{account_path(number)}/promises"
        return await self._http.write(PromiseRow, path, MakePromise(amount=amount, pay_by=pay_by))

    async def undo_promise(self, promise: str) -> PromiseRow:
        """Take one's own entry of a promise back; returns it as it was."""
        return await self._http.write(PromiseRow, f"/v1/promises/{quote(promise, safe='')}/undo")

    async def dispute(self, number: str, invoice: str, reason: str) -> HoldRow:
        """Take down that the client on the line disputes a bill."""
        path = f"{account_path(number)}/disputes"
        return await self._http.write(HoldRow, path, Dispute(invoice=invoice, reason=reason))

    async def open_hold(self, number: str, kind: HoldKind, reason: str, to_on: date | None = None) -> HoldRow:
        """Hold the rules up for a group; a lead does."""
        path = f"{account_path(number)}/holds"
        return await self._http.write(HoldRow, path, OpenHold(kind=kind, reason=reason, to_on=to_on))

    async def lift_hold(self, hold: str, version: int, reason: str) -> HoldRow:
        """End a hold or a dispute today; a lead does."""
        path = f"/v1/holds/{quote(hold, safe='')}/lift"
        return await self._http.write(HoldRow, path, LiftHold(reason=reason), version=version)

    async def ask_reinstatement(self, number: str) -> ReinstatementRow:
        """Take down that the client on the line asks for coverage to be given back."""
        return await self._http.write(ReinstatementRow, f"{account_path(number)}/reinstatements")

    async def decide_reinstatement(
        self, request: str, version: int, *, approve: bool, reason: str = ""
    ) -> ReinstatementRow:
        """Give coverage back, or refuse; a lead does."""
        path = f"/v1/reinstatements/{quote(request, safe='')}/decide"
        form = DecideReinstatement(approve=approve, reason=reason)
        return await self._http.write(ReinstatementRow, path, form, version=version)
