"""Grace for unpaid premium: which letter goes when, and the day coverage ends.

28 CCR 1300.65 and following: grace is at least 30 days and begins with the day of the Notice of Start of
Grace Period (our warning letter, L1). The termination letter (L2) goes out inside grace and names the day
coverage will end. A grace belongs to one invoice; a late letter moves the end, never back.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from api_client.types.words import LetterKind
from backend.billing.ledger import Ended, Invoice, Ledger, Letter, last_money_gone, money_dates, standing
from backend.policy.calendar import Calendar
from backend.policy.policy import BillingPolicy

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Grace:
    """The grace of one invoice, as far as its letters were really mailed."""

    invoice: Invoice
    l1_on: date
    l2_on: date | None


@dataclass(frozen=True)
class History:
    """What happened to coverage up to a day."""

    ended: Ended | None
    reinstated_on: date | None


@dataclass(frozen=True)
class Books:
    """A ledger with the rules it is under; every question about grace is asked here."""

    ledger: Ledger
    policy: BillingPolicy
    calendar: Calendar

    def history(self, on: date) -> History:
        """Whether coverage ended for non-payment, and was given back, before the end of `on`.

        Coverage ends when the last day of grace is over, the premium still open at the end of that day.
        """
        reinstated: date | None = None
        invoices = {invoice.number: invoice for invoice in self.ledger.invoices}
        for letter in self._mailed(LetterKind.L1, on):
            if letter.invoice not in invoices or (reinstated is not None and letter.mailed_on <= reinstated):
                continue
            grace = self._grace_from(invoices[letter.invoice], letter.mailed_on, on)
            if not self._ran_out(grace, on):
                continue
            last_day = self.last_day(grace)
            approved = (one.approved_on for one in self.ledger.reinstatements)
            back = min((day for day in approved if last_day < day <= on), default=None)
            if back is None:
                return History(Ended(last_day, grace.invoice), reinstated)
            reinstated = back
        return History(None, reinstated)

    def grace(self, invoice: Invoice, on: date, reinstated: date | None) -> Grace | None:
        """The grace of an invoice at the end of `on`, or None before its warning letter.

        Letters up to the day a payment came back, or coverage was given back, count no more.
        """
        floor = self._fresh_start(on, reinstated)
        for letter in self._mailed(LetterKind.L1, on, invoice):
            if floor is None or letter.mailed_on > floor:
                return self._grace_from(invoice, letter.mailed_on, on)
        return None

    def _grace_from(self, invoice: Invoice, l1_on: date, on: date) -> Grace:
        followed = (
            one.mailed_on for one in self._mailed(LetterKind.L2, on, invoice) if one.mailed_on > l1_on
        )
        return Grace(invoice, l1_on, next(followed, None))

    def _ran_out(self, grace: Grace, on: date) -> bool:
        """Whether this grace was over before `on` with its premium unpaid, and no return began it anew."""
        if grace.l2_on is None or (last_day := self.last_day(grace)) >= on:
            return False
        gone = last_money_gone(self.ledger, last_day)
        if gone is not None and gone >= grace.l1_on:
            return False
        unpaid = standing(self.ledger, last_day, self.policy).delinquent(self.policy.tolerance)
        return unpaid is not None and unpaid.invoice == grace.invoice

    def l1_date(self, invoice: Invoice, on: date, reinstated: date | None) -> date:
        """When the warning letter of an unpaid invoice goes: not before the day after the last paid day.

        A payment that came back starts anew on the business day after the bank's date. The letter waits while
        an older invoice's grace runs.
        """
        paid_through = invoice.month - _DAY
        if self.ledger.paid_through is not None:
            paid_through = max(paid_through, self.ledger.paid_through)
        day = max(invoice.due_date, paid_through)
        if (floor := self._fresh_start(on, reinstated)) is not None:
            day = max(day, floor)
        day = self._roll_l1(day + _DAY)
        cured_on = self._older_grace_cured_on(invoice, on)
        if cured_on is not None and cured_on >= day:
            return self.calendar.add_business_days(cured_on, self.policy.waiting_l1_business_days)
        return day

    def l2_date(self, l1_on: date) -> date:
        """When the termination letter goes."""
        return self.calendar.roll_forward(l1_on + timedelta(days=self.policy.l2_offset_days))

    def l3_dates(self, ended_on: date) -> tuple[date, date]:
        """When the notice of end of coverage goes, and the latest day for it."""
        latest = self.calendar.roll_backward(ended_on + timedelta(days=self.policy.l3_max_days))
        return self.calendar.next_open_day(ended_on), latest

    def last_day(self, grace: Grace, l2_on: date | None = None) -> date:
        """The last day of grace and coverage: L1 + 29, at least L2 + 10 days; `l2_on` while L2 is planned."""
        last_day = grace.l1_on + timedelta(days=self.policy.grace_days - 1)
        l2_on = grace.l2_on or l2_on
        if l2_on is None:
            return last_day
        return max(last_day, l2_on + timedelta(days=self.policy.l2_min_days))

    def mailing_day(self, planned: date, on: date) -> date:
        """When a letter not mailed yet can go at the earliest: as planned, or late the next open day."""
        return planned if planned >= on else self.calendar.roll_forward(on)

    def _roll_l1(self, day: date) -> date:
        return self.calendar.roll_forward(day) if self.policy.l1_rolls_forward else day

    def _fresh_start(self, on: date, reinstated: date | None) -> date | None:
        days = (last_money_gone(self.ledger, on), reinstated)
        return max((day for day in days if day is not None and day <= on), default=None)

    def _older_grace_cured_on(self, invoice: Invoice, on: date) -> date | None:
        """The last day on which money cured a grace of an invoice older than this one."""
        older = {one.number: one for one in self.ledger.invoices if one.month < invoice.month}
        cures = [
            self._cured_on(older[letter.invoice], letter.mailed_on, on)
            for letter in self._mailed(LetterKind.L1, on)
            if letter.invoice in older
        ]
        return max((day for day in cures if day is not None), default=None)

    def _cured_on(self, invoice: Invoice, l1_on: date, on: date) -> date | None:
        for day in money_dates(self.ledger, on):
            if day >= l1_on:
                open_premium = standing(self.ledger, day, self.policy).open_through(invoice)
                if open_premium <= self.policy.tolerance:
                    return day
        return None

    def _mailed(self, kind: LetterKind, on: date, invoice: Invoice | None = None) -> list[Letter]:
        """Letters of a kind mailed up to `on`, in order, of one invoice or of all."""
        letters = [
            letter
            for letter in self.ledger.letters
            if letter.kind is kind
            and letter.mailed_on <= on
            and (invoice is None or letter.invoice == invoice.number)
        ]
        return sorted(letters, key=lambda one: (one.mailed_on, one.invoice))
