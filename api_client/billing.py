"""Billing status and payments."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from urllib.parse import quote

from api_client._http import Http
from api_client.accounts import account_path
from api_client.types.accounts import AccountRow
from api_client.types.acts import Done, PaperBill, RequestCycle
from api_client.types.billing import BillingStatus, Payment, RecordPayment, ReversePayment
from api_client.types.common import Page
from api_client.types.words import BillingCycle, PaymentMethod


class BillingClient:
    """What a group owes, has paid and was told."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def work_list(self, *, cursor: str | None = None) -> Page[AccountRow]:
        """Groups with unpaid premium, the first end of coverage first."""
        return await self._http.read(Page[AccountRow], "/v1/billing/work-list", query={"cursor": cursor})

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
        self, number: str, received_on: date, amount: Decimal, method: PaymentMethod, reference: str = ""
    ) -> Payment:
        """Record a payment received."""
        form = RecordPayment(
            group_number=number, received_on=received_on, amount=amount, method=method, reference=reference
        )
        return await self._http.write(Payment, "/v1/payments", form)

    async def reverse_payment(self, payment: str, version: int, reason: str) -> Payment:
        """Take a mis-posted payment back."""
        path = f"/v1/payments/{quote(payment, safe='')}/reverse"
        return await self._http.write(Payment, path, ReversePayment(reason=reason), version=version)
