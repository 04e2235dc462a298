"""A second opinion on unpaid premium, written from the plan's rules: it shares no code with the backend.

It lives every single day, in whole cents and day numbers: money first, then what a return undoes, letters,
and the end of coverage. Grace is a counter that goes up by one a day.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from tests.billing_oracle.days import CLOSED, cents_of, day_of, dollars_of, iso_of, next_business, number_of

History = dict[str, Any]
Payment = dict[str, Any]
Sent = tuple[str, str, str | None]
LONGEST = 1500
"""Days lived after the day asked about, until everything that follows has followed."""


# -- one group ---------------------------------------------------------------------------------------


@dataclass
class Bill:
    """One month: first and last day of the month, when it was billed and is due."""

    first: int
    last: int
    billed_on: int
    due: int
    cents: int

    def charge(self, ended_on: int | None, ended_first: int) -> int:
        """Whole, or by the day up to the end of coverage for the months after the one that was not paid."""
        if ended_on is None or self.first <= ended_first:
            return self.cents
        length = self.last - self.first + 1
        covered = max(0, min(self.last, ended_on) - self.first + 1)
        return (2 * self.cents * covered + length) // (2 * length)


@dataclass
class Group:
    """A group as the days go by."""

    history: History
    exchange: bool
    third_letter: bool
    bills: list[Bill]
    sent: list[Sent] = field(default_factory=list)
    grace_of: Bill | None = None
    used: int = 0
    """Days of grace gone by, those on hold not counted."""
    final_used: int | None = None
    """Days gone by since the termination letter; None before it."""
    not_before: int = 0
    """Day of a return or a reinstatement: a warning letter goes later than it."""
    not_before_open: int = 0
    """First business day after a return."""
    cured_on: int = 0
    ended_on: int | None = None
    ended_bill: Bill | None = None
    reinstated_on: int | None = None
    third_sent: bool = False
    welcome_back: bool = False
    restriction_letter: int | None = None
    """Day of the return that a letter has to follow."""
    mailed: set[tuple[int, str, int]] = field(default_factory=set)
    """Letters that really went before `decides_from`: day, kind, first day of the month they are about."""
    decides_from: int = 0
    """From this day on letters go by the rules; before it only as they really went."""

    # -- money ------------------------------------------------------------------------------------
    def in_hand(self, on: int, since: int = 0, until: int | None = None) -> int:
        """Money that counts on a day, of that which came in a span."""
        until = on if until is None else min(on, until)
        total = 0
        for one in self.history["payments"]:
            back = number_of(one["returned"])
            if since <= day_of(one["received"]) <= until and (back is None or back > on):
                total += cents_of(one["amount"])
        for one in self.history["credits"]:
            if since <= day_of(one["posted"]) <= until:
                total += cents_of(one["amount"])
        return total

    def open_bills(self, on: int) -> tuple[list[tuple[Bill, int]], int]:
        """What is open of each bill that was issued, oldest first, and what is left over."""
        left = self.in_hand(on)
        first = self.ended_bill.first if self.ended_bill else 0
        ended = self.ended_on if self.ended_on is not None and self.ended_on < on else None
        answer = []
        for bill in self.bills:
            if bill.billed_on <= on:
                charge = bill.charge(ended, first)
                answer.append((bill, max(0, charge - left)))
                left = max(0, left - charge)
        return answer, left

    def behind(self, on: int, opened: list[tuple[Bill, int]]) -> Bill | None:
        """The bill at which premium past due is more than may be carried."""
        total = 0
        for bill, cents in opened:
            if cents and on > bill.due > bill.billed_on:
                total += cents
                if total > (10_000 if self.exchange else 0):
                    return bill
        return None

    # -- spans ------------------------------------------------------------------------------------
    def held(self, on: int, *, any_kind: bool = False) -> bool:
        """Whether a hold covers the day."""
        for one in self.history["holds"]:
            if any_kind or one["stops_dates"]:
                last = number_of(one["to"])
                if day_of(one["from"]) <= on and (last is None or on <= last):
                    return True
        return False

    def mail(self, on: int) -> bool:
        """Whether letters can go out."""
        return not any(
            day_of(one["from"]) <= on <= day_of(one["to"]) for one in self.history["letters_stopped"]
        )

    # -- one day ----------------------------------------------------------------------------------
    def live(self, on: int) -> None:
        """One day, from its money to its end."""
        returned = [one for one in self.history["payments"] if number_of(one["returned"]) == on]
        if returned:
            self.grace_of = None
            self.not_before_open = next_business(on)
            if self.restricted_until(on) == on + 365:
                self.restriction_letter = on
        if iso_of(on) in self.history["reinstatement_requests"]:
            self.ask_back(on)
        opened, _ = self.open_bills(on)
        if self.ended_on is not None:
            self.after_the_end(on, opened)
        else:
            self.under_way(on, opened)
        self.other_letters(on)

    def ask_back(self, on: int) -> None:
        """Coverage given back: after its end, within 30 days, once in 12 months, everything paid."""
        if self.ended_on is None or on > self.ended_on + 30 or self.reinstated_on is not None:
            return
        wanted = sum(bill.cents for bill in self.bills if bill.billed_on <= on and bill.first <= on)
        if self.in_hand(on) < wanted:
            return
        self.ended_on = self.ended_bill = self.grace_of = None
        self.reinstated_on = self.not_before = on
        self.welcome_back = True

    def under_way(self, on: int, opened: list[tuple[Bill, int]]) -> None:
        """Grace and its letters while coverage goes on."""
        behind = self.behind(on, opened)
        if self.grace_of is not None and self.grace_of is not behind:
            self.grace_of, self.cured_on = None, on
        if behind is None:
            return
        free = self.mail(on) and not self.held(on)
        owed = sum(cents for bill, cents in opened if bill.first <= behind.first)
        business = on not in CLOSED
        if self.grace_of is None:
            due = free and (business or self.exchange) and self.first_letter_may_go(on, behind)
            if not self.goes(on, "L1", behind.first, owed, due=due):
                return
            self.grace_of, self.used, self.final_used = behind, 0, None
        if self.held(on):
            return
        self.used += 1
        if self.final_used is not None:
            self.final_used += 1
        elif self.goes(on, "L2", behind.first, owed, due=self.used >= 15 and business and self.mail(on)):
            self.final_used = 0
        if self.used >= 30 and self.final_used is not None and self.final_used >= 10:
            self.ended_on, self.ended_bill, self.third_sent = on, behind, False

    def goes(self, on: int, kind: str, about: int, cents: int, *, due: bool) -> bool:
        """Whether a letter goes, or went, on a day."""
        if on < self.decides_from:
            return (on, kind, about) in self.mailed
        if due:
            self.mailed.add((on, kind, about))
            self.sent.append((kind, iso_of(on) or "", dollars_of(cents) if cents else None))
        return due

    def first_letter_may_go(self, on: int, bill: Bill) -> bool:
        """The day after the due date, the last paid day, a return and what gave coverage back; a letter
        that waited for the grace of an older month goes on the business day after its cure.
        """
        paid_through = number_of(self.history["paid_through"]) or 0
        own = max(bill.due, bill.first - 1, paid_through, self.not_before) + 1
        if not self.exchange and own in CLOSED:
            own = next_business(own)
        own = max(own, self.not_before_open)
        if self.cured_on >= own:
            own = next_business(self.cured_on)
        return on >= own

    def after_the_end(self, on: int, opened: list[tuple[Bill, int]]) -> None:
        """The notice of the end."""
        assert self.ended_on is not None
        assert self.ended_bill is not None
        may = self.third_letter and not self.third_sent and on > self.ended_on and on not in CLOSED
        total = sum(cents for _, cents in opened)
        due = may and self.mail(on) and not self.held(on)
        if self.goes(on, "L3", self.ended_bill.first, total, due=due):
            self.third_sent = True

    def other_letters(self, on: int) -> None:
        """Letters about no unpaid premium: no hold stops them."""
        may = on not in CLOSED and self.mail(on)
        if self.goes(on, "reinstatement", 0, 0, due=may and self.welcome_back):
            self.welcome_back = False
        due = may and self.restriction_letter is not None and on > self.restriction_letter
        if self.goes(on, "returned_payment", 0, 0, due=due):
            self.restriction_letter = None

    def restricted_until(self, on: int) -> int | None:
        """Certified funds: a second return within 183 days, or one while the restriction is on."""
        days = sorted(day_of(one["returned"]) for one in self.history["payments"] if one["returned"])
        until, before = None, None
        for one in days:
            if one <= on:
                if before is not None and (one - before <= 183 or (until is not None and one <= until)):
                    until = one + 365
                before = one
        return until


def _group(history: History) -> Group:
    bill_days = {"C0": 15, "C1": 10, "C2": 14, "C3": 19, "C4": 24}
    bills = []
    for one in history["invoices"]:
        first = date.fromisoformat(one["month"] + "-01")
        last = (first + timedelta(days=31)).replace(day=1) - timedelta(days=1)
        billed = (first - timedelta(days=1)).replace(day=bill_days[history["cycle"]]).toordinal()
        due = day_of(one["due"])
        bills.append(
            Bill(first.toordinal(), last.toordinal(), min(billed, due - 1), due, cents_of(one["premium"]))
        )
    bills.sort(key=lambda one: one.first)
    return Group(history, history["policy"] == "EXCHANGE", history["policy"] != "PLAIN", bills)


def _facts(history: History) -> list[int]:
    """Every day on which something is written down."""
    days = [day_of(one["due"]) - 45 for one in history["invoices"]]
    days += [day_of(one["received"]) for one in history["payments"]]
    days += [day_of(one["posted"]) for one in history["credits"]]
    return days


def _until(history: History, today: str) -> History:
    """What is known at the end of a day; a span that began is known with its last day."""
    text = today
    known = dict(history)
    known["payments"] = [
        one | {"returned": one["returned"] if (one["returned"] or "9") <= text else None}
        for one in history["payments"]
        if one["received"] <= text
    ]
    known["credits"] = [one for one in history["credits"] if one["posted"] <= text]
    known["holds"] = [one for one in history["holds"] if one["from"] <= text]
    known["letters_stopped"] = [one for one in history["letters_stopped"] if one["from"] <= text]
    known["reinstatement_requests"] = [one for one in history["reinstatement_requests"] if one <= text]
    return known


def answer(history: History, today: str, late: Sequence[Payment] = ()) -> dict[str, Any]:
    """What the rules say of a history on a day, in the names of the trial command.

    A payment that is `recorded` late is not known before that day; what was mailed until then was mailed.
    """
    on = day_of(today)
    group = _group(_until(history, today))
    recorded: list[Payment] = []
    for one in sorted(late, key=lambda one: str(one["recorded"])):
        if one["recorded"] <= today:
            _live(group, day_of(one["recorded"]) - 1)
            recorded.append({name: one[name] for name in ("received", "amount", "returned")})
            mailed, sent = group.mailed, group.sent
            known = history | {"payments": [*history["payments"], *recorded]}
            group = _group(_until(known, today))
            group.mailed, group.sent, group.decides_from = mailed, sent, day_of(one["recorded"])
    _live(group, on)
    opened, left = group.open_bills(on)
    ended = group.ended_on if group.ended_on is not None and group.ended_on < on else None
    behind = group.behind(on, opened)
    overdue = on - behind.due if behind else 0
    state = _state(group, behind, ended)
    found = {
        "state": state,
        "flags": sorted(_flags(group, on, ended)),
        "open_premium": dollars_of(sum(cents for _, cents in opened)),
        "open_fees": dollars_of(2500 * sum(1 for one in group.history["payments"] if one["returned"])),
        "credit": dollars_of(left),
        "days_past_due": overdue,
        "bucket": _bucket(overdue),
        "aging": _aging(on, opened),
        "letters": list(group.sent),
        "coverage_end": iso_of(ended),
    }
    return found | _ahead(group, on, state, ended)


def _state(group: Group, behind: Bill | None, ended: int | None) -> str:
    if ended is not None:
        return "TERMINATED_NONPAY"
    if behind is None:
        return "CURRENT"
    if group.grace_of is None:
        return "PAST_DUE"
    return "GRACE" if group.final_used is None else "TERM_PENDING"


def _live(group: Group, last: int) -> None:
    """Every day up to the last."""
    for day in range(min([last, *_facts(group.history)]), last + 1):
        group.live(day)


def _bucket(late: int) -> str:
    limits = ((0, "current"), (30, "1-30"), (60, "31-60"), (90, "61-90"))
    return next((name for limit, name in limits if late <= limit), "91+")


def _aging(on: int, opened: list[tuple[Bill, int]]) -> dict[str, str]:
    totals: dict[str, int] = {}
    for bill, cents in opened:
        if cents:
            name = _bucket(on - bill.due)
            totals[name] = totals.get(name, 0) + cents
    return {name: dollars_of(cents) for name, cents in totals.items()}


def _flags(group: Group, on: int, ended: int | None) -> set[str]:
    flags = set()
    made = [one for one in group.history["promises"] if day_of(one["made"]) <= on]
    if made:
        last = max(made, key=lambda one: str(one["made"]))
        came = group.in_hand(on, day_of(last["made"]), day_of(last["by"]))
        kept = came >= cents_of(last["amount"])
        flags.add("PTP_KEPT" if kept else "PTP_BROKEN" if on > day_of(last["by"]) else "PTP_OPEN")
    until = group.restricted_until(on)
    if until is not None and until >= on:
        flags.add("CERTIFIED_FUNDS")
    if group.held(on, any_kind=True):
        flags.add("HOLD")
    given_back = group.reinstated_on
    if (
        given_back is not None and ended is None and on < given_back + 365
    ):  # no leap day between in any history
        flags.add("REINSTATED")
    return flags


def _ahead(group: Group, on: int, state: str, ended: int | None) -> dict[str, Any]:
    """What follows when nothing is paid: the days are simply lived on."""
    done = len(group.sent)
    wanted = {"L3"} if ended is not None else {"L1", "L2", "L3"}
    if state == "CURRENT":
        return {"coverage_end_if_unpaid": None, "next": None}
    day = on
    following: Sent | None = None
    while day < on + LONGEST:
        day += 1
        group.live(day)
        following = next((one for one in group.sent[done:] if one[0] in wanted), None)
        if following and (group.ended_on is not None):
            break
        if ended is not None and (following or not group.third_letter or group.third_sent):
            break
    end = None if ended is not None else group.ended_on
    return {"coverage_end_if_unpaid": iso_of(end), "next": following[:2] if following else None}
