"""Grace for unpaid premium: which letter goes when, and the day coverage ends.

28 CCR 1300.65 and following: grace is at least 30 days and begins with the day of the Notice of Start of
Grace Period (our warning letter, L1). The termination letter (L2) goes out inside grace and names the day
coverage will end. A grace belongs to one invoice; a late letter moves the end, never back. Which letters go,
and when, is data: the steps of the policy. A day on hold is not counted, where the hold stops dates.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from api_client.types.billing_words import LetterKind
from backend.billing.ledger import (
    Ended,
    Invoice,
    Ledger,
    Letter,
    Standing,
    days_money_went,
    money_dates,
    standing,
)
from backend.policy.calendar import Calendar
from backend.policy.premium import BillingPolicy, CountedAfter, LetterStep, Roll

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Grace:
    """The grace of one invoice: its first day, and its letters as far as they were really mailed."""

    invoice: Invoice
    from_on: date
    letters: tuple[Letter, ...]

    def mailed_on(self, kind: LetterKind) -> date | None:
        """When its letter of a kind was mailed first."""
        return next((letter.mailed_on for letter in self.letters if letter.kind is kind), None)


@dataclass(frozen=True)
class History:
    """What happened to coverage up to a day."""

    ended: Ended | None
    reinstated_on: date | None
    given_back: tuple[Ended, ...] = ()
    """Ends of coverage before, which were taken back by reinstatement."""


@dataclass(frozen=True)
class Books:
    """A ledger with the rules it is under; every question about grace is asked here.

    A date that nobody knows yet, because a hold has no last day, is None.
    """

    ledger: Ledger
    policy: BillingPolicy
    calendar: Calendar
    _standings: dict[date, Standing] = field(default_factory=dict, repr=False, compare=False)

    def standing(self, on: date) -> Standing:
        """What was open at the end of a day while coverage went on."""
        if on not in self._standings:
            self._standings[on] = standing(self.ledger, on, self.policy)
        return self._standings[on]

    @cached_property
    def _went(self) -> list[date]:
        return days_money_went(self.ledger)

    def _money_gone(self, on: date) -> date | None:
        """The last day up to `on` on which premium came back or was taken back."""
        before = bisect_right(self._went, on)
        return self._went[before - 1] if before else None

    def mailed(self, letters: Iterable[Letter]) -> Books:
        """The same books after these letters went; what is open stays as it is."""
        ledger = replace(self.ledger, letters=(*self.ledger.letters, *letters))
        return replace(self, ledger=ledger)

    # -- coverage ----------------------------------------------------------------------------------
    def history(self, on: date) -> History:
        """Whether coverage ended for non-payment, and was given back, before the end of `on`.

        Coverage ends when the last day of grace is over, the premium still open at the end of that day.
        """
        reinstated: date | None = None
        given_back: list[Ended] = []
        invoices = {invoice.number: invoice for invoice in self.ledger.invoices}
        for letter in self._mailed(self.policy.opening.kind, on):
            if letter.invoice not in invoices or (reinstated is not None and letter.mailed_on <= reinstated):
                continue
            grace = self._grace_from(invoices[letter.invoice], letter.mailed_on, on)
            last_day = self._ran_out(grace, on)
            if last_day is None:
                continue
            ended = Ended(last_day, grace.invoice)
            approved = (one.approved_on for one in self.ledger.reinstatements)
            back = min((day for day in approved if last_day < day <= on), default=None)
            if back is None:
                return History(ended, reinstated, tuple(given_back))
            reinstated = back
            given_back.append(ended)
        return History(None, reinstated, tuple(given_back))

    def grace(self, invoice: Invoice, on: date, reinstated: date | None) -> Grace | None:
        """The grace of an invoice at the end of `on`, or None before its warning letter.

        Letters up to the day a payment came back, or coverage was given back, count no more.
        """
        floors = (self._money_gone(on), reinstated)
        floor = max((day for day in floors if day is not None), default=None)
        for letter in self._mailed(self.policy.opening.kind, on, invoice):
            if floor is None or letter.mailed_on > floor:
                return self._grace_from(invoice, letter.mailed_on, on)
        return None

    def _grace_from(self, invoice: Invoice, l1_on: date, on: date) -> Grace:
        kinds = {step.kind for step in self.policy.warnings}
        letters = [
            letter
            for letter in self.ledger.letters
            if letter.kind in kinds and letter.invoice == invoice.number and l1_on <= letter.mailed_on <= on
        ]
        return Grace(invoice, l1_on, tuple(sorted(letters, key=lambda one: one.mailed_on)))

    def _ran_out(self, grace: Grace, on: date) -> date | None:
        """The last day of coverage when this grace was over before `on`, its premium unpaid and no payment
        returned in it.
        """
        if grace.mailed_on(self.policy.final.kind) is None:
            return None
        last_day = self.end_of(grace, on)
        if last_day is None or last_day >= on:
            return None
        gone = self._money_gone(last_day)
        if gone is not None and gone >= grace.from_on:
            return None
        unpaid = self.standing(last_day).delinquent(self.policy.tolerance)
        return last_day if unpaid is not None and unpaid.invoice == grace.invoice else None

    # -- dates -------------------------------------------------------------------------------------
    def l1_date(self, invoice: Invoice, on: date, reinstated: date | None) -> date | None:
        """When the warning letter of an unpaid invoice goes at the earliest, seen from `on`.

        Not before the day after the last paid day. A payment that came back starts anew on the business day
        after the bank's date. The letter waits while an older invoice's grace runs.
        """
        step = self.policy.opening
        known = (invoice.due_date, invoice.month - _DAY, self.ledger.paid_through, reinstated)
        base = max(day for day in known if day is not None)
        day = self._roll(step, base + timedelta(days=step.days))
        if (gone := self._money_gone(on)) is not None:
            day = max(day, self.calendar.next_open_day(gone))
        if (cured_on := self._older_grace_cured(invoice, day, on)) is not None:
            day = self.calendar.add_business_days(cured_on, self.policy.waiting_l1_business_days)
        return self._goes(step, day, on)

    def warning_date(self, step: LetterStep, l1_on: date, on: date) -> date | None:
        """When a letter counted after L1 goes at the earliest, seen from `on`."""
        planned = self._counted(l1_on, step.days, on)
        return None if planned is None else self._goes(step, planned, on)

    def end_notice_date(self, step: LetterStep, ended_on: date, on: date) -> date | None:
        """When a letter counted after the end goes at the earliest, seen from `on`."""
        return self._goes(step, ended_on + timedelta(days=step.days), on)

    def latest(self, step: LetterStep, ended_on: date) -> date | None:
        """The last day on which the law allows a letter after the end."""
        if not step.latest_days:
            return None
        return self.calendar.roll_backward(ended_on + timedelta(days=step.latest_days))

    def last_day(self, grace: Grace, on: date) -> date | None:
        """The last day of grace by its letters: L1 + 29, at least L2 + 10 days; the letter that names it may
        still be planned.
        """
        final = self.policy.final
        final_on = grace.mailed_on(final.kind) or self.final_date(grace, on)
        if final_on is None:
            return None
        days = (
            self._counted(grace.from_on, self.policy.grace_days - 1, on),
            self._counted(final_on + _DAY, self.policy.l2_min_days - 1, on),
        )
        return None if None in days else max(day for day in days if day is not None)

    def final_date(self, grace: Grace, on: date) -> date | None:
        """When the letter that names the end goes at the earliest."""
        final = self.policy.final
        if final.after is CountedAfter.DUE:
            return grace.from_on
        return self.warning_date(final, grace.from_on, on)

    def end_of(self, grace: Grace, on: date) -> date | None:
        """The last day of coverage: that of grace, or the day a letter that came back was settled.

        None while such a letter is not settled: coverage does not end while it is open.
        """
        last_day = self.last_day(grace, on)
        if not self.policy.returned_notice_holds_end:
            return last_day
        back = [one for one in grace.letters if one.returned_on is not None and one.returned_on <= on]
        for letter in sorted(back, key=lambda one: one.returned_on or on):
            if last_day is None or letter.returned_on is None or letter.returned_on > last_day:
                return last_day
            if letter.astray(on) or letter.settled_on is None:
                return None
            last_day = self._free(max(last_day, letter.settled_on), on)
        return last_day

    # -- counting ----------------------------------------------------------------------------------
    def _spans(self, on: date) -> list[tuple[date, date | None]]:
        """The spans in which dates stop, as far as they began by `on`; in order, no two of them meeting."""
        spans: list[tuple[date, date | None]] = []
        holds = [hold for hold in self.ledger.holds if hold.stops_dates and hold.from_on <= on]
        for hold in sorted(holds, key=lambda one: one.from_on):
            if spans:
                first, last = spans[-1]
                if last is None or hold.from_on <= last:
                    both = None if last is None or hold.to_on is None else max(last, hold.to_on)
                    spans[-1] = (first, both)
                    continue
            spans.append((hold.from_on, hold.to_on))
        return [(first, last) for first, last in spans if last is None or first <= last]

    def _counted(self, start: date, days: int, on: date) -> date | None:
        """The day so many days after `start`, days on hold not counted."""
        day = start + timedelta(days=days)
        for first, last in self._spans(on):
            begin = max(first, start)
            if begin > day:
                break
            if last is None:
                return None
            day += max(last - begin + _DAY, timedelta())
        return day

    def _free(self, day: date, on: date) -> date | None:
        """The first day from `day` on that is not on hold."""
        return self._counted(day, 0, on)

    def _goes(self, step: LetterStep, planned: date, on: date) -> date | None:
        """When a letter not mailed yet goes: as planned or late today, on a day on which it can."""
        day = max(planned, on)
        while True:
            free = self._free(day, on)
            if free is None:
                return None
            rolled = self._roll(step, self._with_mail(free, on))
            if rolled == day:
                return day
            day = rolled

    def goes_out(self, planned: date, on: date) -> date:
        """When a letter goes that is about no unpaid premium: holds do not stop it."""
        day = self.calendar.roll_forward(max(planned, on))
        while (rolled := self.calendar.roll_forward(self._with_mail(day, on))) != day:
            day = rolled
        return day

    def _with_mail(self, day: date, on: date) -> date:
        """The first day from `day` on that lies in no span without mail that began by `on`."""
        for first, last in sorted(self.ledger.no_mail):
            if first <= on and first <= day <= last:
                day = last + _DAY
        return day

    def _roll(self, step: LetterStep, day: date) -> date:
        return self.calendar.roll_forward(day) if step.roll is Roll.FORWARD else day

    # -- the graces of other invoices --------------------------------------------------------------
    def _older_grace_cured(self, invoice: Invoice, since: date, on: date) -> date | None:
        """The last day from `since` on, when the letter could have gone, on which money cured the running
        grace of an older invoice.
        """
        months = {one.number: one for one in self.ledger.invoices if one.month < invoice.month}
        letters = self._mailed(self.policy.opening.kind, on)
        older = [(months[one.invoice], one.mailed_on) for one in letters if one.invoice in months]
        for day in reversed(money_dates(self.ledger, on)):
            if day < since or not older:
                return None
            if any(l1_on <= day and self._cured(one, l1_on, day) for one, l1_on in older):
                return day
        return None

    def _cured(self, invoice: Invoice, l1_on: date, on: date) -> bool:
        """Whether money of this day cured the grace of this letter, which no return had broken off before."""
        gone = self._money_gone(on)
        if gone is not None and gone >= l1_on:
            return False
        before, after = self.standing(on - _DAY), self.standing(on)
        tolerance = self.policy.tolerance
        return after.open_through(invoice) <= tolerance < before.open_through(invoice)

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
