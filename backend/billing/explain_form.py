"""One group's history as the trial command takes it, read strictly: a value is refused by its field."""

from __future__ import annotations

import json
import re
from datetime import date, timedelta
from decimal import Decimal
from itertools import chain
from typing import Annotated, Any

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    TypeAdapter,
    ValidationError,
    model_validator,
)

from api_client.types.billing_words import BillingCycle, HoldKind
from api_client.types.visible import visible_line
from backend.billing import rules
from backend.billing.ledger import Credit, Fee, Hold, Invoice, Ledger, Payment, Promise
from backend.policy.premium import BillingPolicy

_DAY = timedelta(days=1)
_DATE = re.compile(r"(20|21)\d\d-\d\d-\d\d")
_MONTH = re.compile(r"(20|21)\d\d-\d\d(-01)?")
_AMOUNT = re.compile(r"\d{1,9}(\.\d{1,2})?")
_MOST = 1000
"""Things of a kind in one group's history."""
_SHOWN = 10
"""Values named at the most, where many are wrong."""


class LedgerError(ValueError):
    """The history cannot be used; the sentence names the field."""


def _date(value: object) -> object:
    if not isinstance(value, str) or not _DATE.fullmatch(value):
        raise ValueError("a date such as 2026-09-01 is expected, from 2000 to 2199")
    try:
        return date.fromisoformat(value)
    except ValueError:
        raise ValueError("there is no such day") from None


def _month(value: object) -> object:
    if not isinstance(value, str) or not _MONTH.fullmatch(value):
        raise ValueError("a month such as 2026-09 is expected, from 2000 to 2199")
    return _date(f"{value[:7]}-01")


def _amount(value: object) -> object:
    """Exact dollars and cents. A JSON number was read as the decimal it is written as, never as a float."""
    text = value if isinstance(value, str) else f"{value:f}" if isinstance(value, Decimal) else str(value)
    if isinstance(value, bool | float) or not _AMOUNT.fullmatch(text):
        raise ValueError("an amount such as 10000.00 is expected, not below zero, with at most two decimals")
    return Decimal(text)


def _kind(value: object) -> object:
    """The kind of a hold, also as rules name it in words: billing dispute, disaster order."""
    if not isinstance(value, str):
        raise ValueError(f"one of {', '.join(HoldKind)} is expected")
    words = value.casefold().replace("_", " ").split()
    return next((kind for kind in HoldKind if kind in words), value)


Day = Annotated[date, BeforeValidator(_date)]
Month = Annotated[date, BeforeValidator(_month)]
Amount = Annotated[Decimal, BeforeValidator(_amount)]
Above = Annotated[Decimal, BeforeValidator(_amount), Field(gt=0)]


class _Form(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, hide_input_in_errors=True)


class InvoiceForm(_Form):
    """One coverage month's bill; it is due by the cycle where `due` is not given."""

    month: Month
    due: Day | None = None
    premium: Amount


class PaymentForm(_Form):
    """Premium received; `returned` is the bank's date."""

    received: Day
    amount: Above
    returned: Day | None = None

    @model_validator(mode="after")
    def _in_order(self) -> PaymentForm:
        if self.returned is not None and self.returned < self.received:
            raise ValueError("returned lies before received")
        return self


class CreditForm(_Form):
    """Premium given back."""

    posted: Day
    amount: Above


class PromiseForm(_Form):
    """A promise to pay."""

    made: Day
    by: Day
    amount: Above

    @model_validator(mode="after")
    def _in_order(self) -> PromiseForm:
        if self.by < self.made:
            raise ValueError("by lies before made")
        return self


class _Span(_Form):
    from_: Day = Field(alias="from")


class StoppedForm(_Span):
    """A span in which no mail could go out."""

    to: Day

    @model_validator(mode="after")
    def _in_order(self) -> StoppedForm:
        if self.to < self.from_:
            raise ValueError("to lies before from")
        return self


class HoldForm(_Span):
    """A hold; with no `to` nobody knows its last day. The policy says by kind whether dates stop."""

    to: Day | None = None
    kind: Annotated[HoldKind, BeforeValidator(_kind)]
    stops_dates: bool | None = Field(default=None, strict=True)

    @model_validator(mode="after")
    def _in_order(self) -> HoldForm:
        if self.to is not None and self.to < self.from_:
            raise ValueError("to lies before from")
        return self


class LedgerForm(_Form):
    """One group's history."""

    policy: str = ""
    cycle: BillingCycle = BillingCycle.C1
    paid_through: Day | None = None
    invoices: tuple[InvoiceForm, ...] = Field(default=(), max_length=_MOST)
    payments: tuple[PaymentForm, ...] = Field(default=(), max_length=_MOST)
    credits: tuple[CreditForm, ...] = Field(default=(), max_length=_MOST)
    promises: tuple[PromiseForm, ...] = Field(default=(), max_length=_MOST)
    letters_stopped: tuple[StoppedForm, ...] = Field(default=(), max_length=_MOST)
    holds: tuple[HoldForm, ...] = Field(default=(), max_length=_MOST)
    reinstatement_requests: tuple[Day, ...] = Field(default=(), max_length=_MOST)

    @model_validator(mode="after")
    def _once_a_month(self) -> LedgerForm:
        months = [one.month for one in self.invoices]
        if len(set(months)) < len(months):
            raise ValueError("invoices: a month is billed twice")
        return self

    def ledger(self, policy: BillingPolicy) -> Ledger:
        """What stands on the books: bills on their cycle's day, at the latest the day before they are due,
        and a fee on the bank's date of each returned payment.
        """
        returned = [one.returned for one in self.payments if one.returned]
        return Ledger(
            invoices=[self._invoice(one, policy) for one in self.invoices],
            payments=[Payment(one.received, one.amount, one.returned) for one in self.payments],
            credits=[Credit(one.posted, one.amount) for one in self.credits],
            fees=[Fee(day, policy.nsf_fee) for day in returned if policy.nsf_fee],
            promises=[Promise(one.made, one.by, one.amount) for one in self.promises],
            holds=[_hold(one, policy) for one in self.holds],
            no_mail=[(one.from_, one.to) for one in self.letters_stopped],
            paid_through=self.paid_through,
        )

    def _invoice(self, one: InvoiceForm, policy: BillingPolicy) -> Invoice:
        bill_date, due_date = rules.invoice_dates(self.cycle, one.month, policy)
        due_date = one.due or due_date
        return Invoice(
            f"{one.month:%Y-%m}", one.month, min(bill_date, due_date - _DAY), due_date, one.premium
        )


def _hold(one: HoldForm, policy: BillingPolicy) -> Hold:
    stops = one.kind in policy.holds_stop_dates if one.stops_dates is None else one.stops_dates
    return Hold(one.from_, one.to, one.kind, stops)


def day_of(text: str) -> date:
    """The day asked about. Raises LedgerError."""
    try:
        return TypeAdapter(Day).validate_python(text)
    except ValidationError as error:
        raise LedgerError(f"--date: {_sentence(error.errors()[0])}.") from None


def read(content: bytes) -> LedgerForm:
    """The history in a JSON document. Raises LedgerError that names every field at fault."""
    try:
        raw = json.loads(
            content,
            parse_float=Decimal,
            parse_int=Decimal,
            parse_constant=_no_number,
            object_pairs_hook=_each_key_once,
        )
    except UnicodeDecodeError:
        raise LedgerError("it is no text in UTF-8.") from None
    except RecursionError:
        raise LedgerError("it is nested too deeply.") from None
    except json.JSONDecodeError as error:
        raise LedgerError(f"it is no JSON: {error}.") from None
    if not isinstance(raw, dict):
        raise LedgerError("a JSON object is expected.")
    try:
        return LedgerForm.model_validate(raw)
    except ValidationError as error:
        found = [_sentence(one) for one in error.errors(include_url=False, include_input=False)]
        more = [f"and {len(found) - _SHOWN} more"] if len(found) > _SHOWN else []
        raise LedgerError("; ".join(chain(found[:_SHOWN], more)) + ".") from None


def _sentence(error: Any) -> str:
    where = ""
    for part in error["loc"]:
        where += f"[{part}]" if isinstance(part, int) else f"{'.' if where else ''}{part}"
    where = visible_line(where)
    if error["type"] == "extra_forbidden":
        return f"unknown key {where}"
    message = error["msg"].removeprefix("Value error, ")
    return f"{where}: {message}" if where else message


def _no_number(name: str) -> None:
    raise LedgerError(f"{name} is no amount.")


def _each_key_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise LedgerError(f"the key {visible_line(key)} stands there twice.")
        found[key] = value
    return found
