"""A second opinion on unpaid premium, written from the plan's rules: it shares no code with the backend.

It lives every single day, in whole cents and day numbers: money first, then what a return undoes, letters,
and the end of coverage. Grace is a counter that goes up by one a day. `python -m tests.billing_oracle` holds
random histories against the trial command.
"""

from __future__ import annotations

import argparse
import json
import random
import sys
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

History = dict[str, Any]
Sent = tuple[str, str, str | None]
LONGEST = 1500
"""Days lived after the day asked about, until everything that follows has followed."""


# -- days, by hand -----------------------------------------------------------------------------------


def _nth(year: int, month: int, weekday: int, nth: int) -> date:
    """The n-th such weekday of a month; the last for -1."""
    days = [date(year, month, 1) + timedelta(days=n) for n in range(31)]
    return [one for one in days if one.month == month and one.weekday() == weekday][
        nth - 1 if nth > 0 else nth
    ]


def _closed(first: int, last: int) -> set[int]:
    closed = set()
    for year in range(first, last + 1):
        fixed = [
            date(year, 1, 1),
            date(year, 6, 19),
            date(year, 7, 4),
            date(year, 11, 11),
            date(year, 12, 25),
        ]
        fixed.append(date(year + 1, 1, 1))  # kept on 31 December when it is a Saturday
        for one in fixed:
            closed.add((one + timedelta(days={5: -1, 6: 1}.get(one.weekday(), 0))).toordinal())
        thanksgiving = _nth(year, 11, 3, 4)
        moving = [_nth(year, 1, 0, 3), _nth(year, 2, 0, 3), _nth(year, 5, 0, -1), _nth(year, 9, 0, 1)]
        moving += [_nth(year, 10, 0, 2), thanksgiving, thanksgiving + timedelta(days=1)]
        closed |= {one.toordinal() for one in moving}
    every = range(date(first, 1, 1).toordinal(), date(last, 12, 31).toordinal() + 1)
    return closed | {one for one in every if date.fromordinal(one).weekday() >= 5}


CLOSED = _closed(2019, 2035)


def _no(text: str | None) -> int | None:
    return None if text is None else date.fromisoformat(text).toordinal()


def _day(text: str) -> int:
    return date.fromisoformat(text).toordinal()


def _iso(number: int | None) -> str | None:
    return None if number is None else date.fromordinal(number).isoformat()


def _next_business(number: int) -> int:
    number += 1
    while number in CLOSED:
        number += 1
    return number


def _cents(text: str) -> int:
    whole, _, part = text.partition(".")
    return int(whole) * 100 + int((part + "00")[:2])


def _dollars(cents: int) -> str:
    return f"{cents // 100}.{cents % 100:02d}"


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

    # -- money ------------------------------------------------------------------------------------
    def in_hand(self, on: int, since: int = 0, until: int | None = None) -> int:
        """Money that counts on a day, of that which came in a span."""
        until = on if until is None else min(on, until)
        total = 0
        for one in self.history["payments"]:
            back = _no(one["returned"])
            if since <= _day(one["received"]) <= until and (back is None or back > on):
                total += _cents(one["amount"])
        for one in self.history["credits"]:
            if since <= _day(one["posted"]) <= until:
                total += _cents(one["amount"])
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
                last = _no(one["to"])
                if _day(one["from"]) <= on and (last is None or on <= last):
                    return True
        return False

    def mail(self, on: int) -> bool:
        """Whether letters can go out."""
        return not any(_day(one["from"]) <= on <= _day(one["to"]) for one in self.history["letters_stopped"])

    # -- one day ----------------------------------------------------------------------------------
    def live(self, on: int) -> None:
        """One day, from its money to its end."""
        returned = [one for one in self.history["payments"] if _no(one["returned"]) == on]
        if returned:
            self.grace_of = None
            self.not_before_open = _next_business(on)
            if self.restricted_until(on) == on + 365:
                self.restriction_letter = on
        if _iso(on) in self.history["reinstatement_requests"]:
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
            if not (free and (business or self.exchange) and self.first_letter_may_go(on, behind)):
                return
            self.grace_of, self.used, self.final_used = behind, 0, None
            self.sent.append(("L1", _iso(on) or "", _dollars(owed)))
        if self.held(on):
            return
        self.used += 1
        if self.final_used is not None:
            self.final_used += 1
        elif self.used >= 15 and business and self.mail(on):
            self.final_used = 0
            self.sent.append(("L2", _iso(on) or "", _dollars(owed)))
        if self.used >= 30 and self.final_used is not None and self.final_used >= 10:
            self.ended_on, self.ended_bill, self.third_sent = on, behind, False

    def first_letter_may_go(self, on: int, bill: Bill) -> bool:
        """The day after the due date, the last paid day, a return and what gave coverage back; a letter
        that waited for the grace of an older month goes on the business day after its cure.
        """
        paid_through = _no(self.history["paid_through"]) or 0
        own = max(bill.due, bill.first - 1, paid_through, self.not_before) + 1
        if not self.exchange and own in CLOSED:
            own = _next_business(own)
        own = max(own, self.not_before_open)
        if self.cured_on >= own:
            own = _next_business(self.cured_on)
        return on >= own

    def after_the_end(self, on: int, opened: list[tuple[Bill, int]]) -> None:
        """The notice of the end."""
        assert self.ended_on is not None
        may = self.third_letter and not self.third_sent and on > self.ended_on and on not in CLOSED
        if may and self.mail(on) and not self.held(on):
            self.third_sent = True
            total = sum(cents for _, cents in opened)
            self.sent.append(("L3", _iso(on) or "", _dollars(total) if total else None))

    def other_letters(self, on: int) -> None:
        """Letters about no unpaid premium: no hold stops them."""
        if on in CLOSED or not self.mail(on):
            return
        if self.welcome_back:
            self.welcome_back = False
            self.sent.append(("reinstatement", _iso(on) or "", None))
        if self.restriction_letter is not None and on > self.restriction_letter:
            self.restriction_letter = None
            self.sent.append(("returned_payment", _iso(on) or "", None))

    def restricted_until(self, on: int) -> int | None:
        """Certified funds: a second return within 183 days, or one while the restriction is on."""
        days = sorted(_day(one["returned"]) for one in self.history["payments"] if one["returned"])
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
        due = _day(one["due"])
        bills.append(
            Bill(first.toordinal(), last.toordinal(), min(billed, due - 1), due, _cents(one["premium"]))
        )
    bills.sort(key=lambda one: one.first)
    return Group(history, history["policy"] == "EXCHANGE", history["policy"] != "PLAIN", bills)


def _facts(history: History) -> list[int]:
    """Every day on which something is written down."""
    days = [_day(one["due"]) - 45 for one in history["invoices"]]
    days += [_day(one["received"]) for one in history["payments"]]
    days += [_day(one["posted"]) for one in history["credits"]]
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


def answer(history: History, today: str) -> dict[str, Any]:
    """What the rules say of a history on a day, in the names of the trial command."""
    on = _day(today)
    group = _group(_until(history, today))
    day = min([on, *_facts(group.history)])
    while day <= on:
        group.live(day)
        day += 1
    opened, left = group.open_bills(on)
    ended = group.ended_on if group.ended_on is not None and group.ended_on < on else None
    behind = group.behind(on, opened)
    late = on - behind.due if behind else 0
    state = "CURRENT"
    if ended is not None:
        state = "TERMINATED_NONPAY"
    elif behind is not None and group.grace_of is None:
        state = "PAST_DUE"
    elif behind is not None:
        state = "GRACE" if group.final_used is None else "TERM_PENDING"
    found = {
        "state": state,
        "flags": sorted(_flags(group, on, ended)),
        "open_premium": _dollars(sum(cents for _, cents in opened)),
        "open_fees": _dollars(2500 * sum(1 for one in group.history["payments"] if one["returned"])),
        "credit": _dollars(left),
        "days_past_due": late,
        "bucket": _bucket(late),
        "aging": _aging(on, opened),
        "letters": list(group.sent),
        "coverage_end": _iso(ended),
    }
    return found | _ahead(group, on, state, ended)


def _bucket(late: int) -> str:
    limits = ((0, "current"), (30, "1-30"), (60, "31-60"), (90, "61-90"))
    return next((name for limit, name in limits if late <= limit), "91+")


def _aging(on: int, opened: list[tuple[Bill, int]]) -> dict[str, str]:
    totals: dict[str, int] = {}
    for bill, cents in opened:
        if cents:
            name = _bucket(on - bill.due)
            totals[name] = totals.get(name, 0) + cents
    return {name: _dollars(cents) for name, cents in totals.items()}


def _flags(group: Group, on: int, ended: int | None) -> set[str]:
    flags = set()
    made = [one for one in group.history["promises"] if _day(one["made"]) <= on]
    if made:
        last = max(made, key=lambda one: str(one["made"]))
        came = group.in_hand(on, _day(last["made"]), _day(last["by"]))
        kept = came >= _cents(last["amount"])
        flags.add("PTP_KEPT" if kept else "PTP_BROKEN" if on > _day(last["by"]) else "PTP_OPEN")
    until = group.restricted_until(on)
    if until is not None and until >= on:
        flags.add("CERTIFIED_FUNDS")
    if group.held(on, any_kind=True):
        flags.add("HOLD")
    if group.reinstated_on is not None and ended is None:
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
    return {"coverage_end_if_unpaid": _iso(end), "next": following[:2] if following else None}


# -- random histories --------------------------------------------------------------------------------


def random_history(chance: random.Random) -> tuple[History, str]:
    """A group of one to five months and a day to ask about, with everything that can happen to it."""
    policy = chance.choice(["CA_GROUP_DMHC", "CA_GROUP_DMHC", "EXCHANGE", "PLAIN"])
    cycle = "C0" if policy == "EXCHANGE" else chance.choice(["C0", "C1", "C1", "C2", "C3", "C4"])
    month = date(chance.choice([2023, 2024, 2025, 2026, 2027, 2028]), chance.randint(1, 12), 1)
    invoices = []
    for _ in range(chance.choice([1, 1, 2, 2, 3, 4, 5])):
        due_day = {"C0": 0, "C1": 1, "C2": 5, "C3": 10, "C4": 15}[cycle]
        due = month + timedelta(days=due_day - 1)
        if chance.random() < 0.05:
            due -= timedelta(days=chance.randint(1, 15))
        cents = chance.choice([1_000_000, 500_000, 12_345, 9_999, 1_000_033, 45_000])
        invoices.append(
            {
                "month": f"{month:%Y-%m}",
                "due": due.isoformat(),
                "premium": f"{cents // 100}.{cents % 100:02d}",
            }
        )
        month = (month + timedelta(days=31)).replace(day=1)
    start = date.fromisoformat(invoices[0]["month"] + "-01") - timedelta(days=20)
    length = 60 + 30 * len(invoices) + chance.randint(0, 80)

    def some_day(low: int = 0, high: int = length) -> date:
        return start + timedelta(days=chance.randint(low, high))

    def span(low: int, longest: int) -> dict[str, str]:
        first = some_day(low)
        return {
            "from": first.isoformat(),
            "to": (first + timedelta(days=chance.randint(0, longest))).isoformat(),
        }

    history: History = {
        "policy": policy, "cycle": cycle, "paid_through": None, "invoices": invoices,
        "payments": _payments(chance, invoices, start, length), "credits": [], "promises": [],
        "letters_stopped": [span(15, 16) for _ in range(chance.choice([0, 0, 0, 0, 1, 1, 2]))],
        "holds": [], "reinstatement_requests": [],
    }  # fmt: skip
    if chance.random() < 0.2:
        history["paid_through"] = some_day(15, 40).isoformat()
    if chance.random() < 0.25:
        amount = f"{chance.choice([450, 1, 100, 9999])}.{chance.randint(0, 99):02d}"
        history["credits"] = [{"posted": some_day().isoformat(), "amount": amount}]
    for _ in range(chance.choice([0, 0, 0, 1, 2])):
        made = some_day()
        by = made + timedelta(days=chance.randint(0, 30))
        amount = f"{chance.choice([100, 5000, 10000])}.00"
        if not any(one["made"] == made.isoformat() for one in history["promises"]):
            history["promises"].append({"made": made.isoformat(), "by": by.isoformat(), "amount": amount})
    for _ in range(chance.choice([0, 0, 0, 0, 1, 1, 2])):
        hold: dict[str, Any] = dict(span(10, 45))
        if chance.random() < 0.2:
            hold["to"] = None
        kind = chance.choice(["grievance", "bankruptcy", "dispute", "disaster"])
        history["holds"].append(hold | {"kind": kind, "stops_dates": chance.random() < 0.7})
    if chance.random() < 0.5:
        asked = {some_day(45, length).isoformat() for _ in range(chance.choice([1, 2, 3]))}
        if chance.random() < 0.7:
            asked |= _paid_up(chance, history)
        history["reinstatement_requests"] = sorted(asked)
    return history, some_day(10, chance.choice([70, length, length + 40, length + 120])).isoformat()


def _paid_up(chance: random.Random, history: History) -> set[str]:
    """Pay everything soon after coverage can have ended first, and ask for it back then."""
    total = sum(_cents(one["premium"]) for one in history["invoices"])
    first_due = date.fromisoformat(history["invoices"][0]["due"])
    on = first_due + timedelta(days=chance.randint(29, 66))
    history["payments"].append({"received": on.isoformat(), "amount": _dollars(total), "returned": None})
    return {(on + timedelta(days=chance.choice([0, 1, 3]))).isoformat()}


def _payments(
    chance: random.Random, invoices: list[dict[str, str]], start: date, length: int
) -> list[dict[str, Any]]:
    payments = []
    for one in invoices:
        cents, due = _cents(one["premium"]), date.fromisoformat(one["due"])
        way = chance.choice(["none", "none", "early", "late", "later", "part", "short", "two"])
        short = chance.choice([9_000, 10_000, 10_001])  # on both sides of what the exchange carries
        days = {"early": (-12, 0), "late": (1, 32), "later": (28, 60)}.get(way, (-5, 35))
        parts = {"none": [], "part": [cents // 2], "short": [max(1, cents - short)], "two": [cents // 3] * 2}
        for part in parts.get(way, [cents]):
            received = due + timedelta(days=chance.randint(*days))
            payments.append(_payment(chance, received, part))
    if chance.random() < 0.35:
        total = sum(_cents(one["premium"]) for one in invoices)
        payments.append(_payment(chance, start + timedelta(days=chance.randint(50, length)), total))
    gone = [date.fromisoformat(one["returned"]) for one in payments if one["returned"]]
    if gone and chance.random() < 0.2:  # on both sides of the span for certified funds
        back = gone[0] + timedelta(days=chance.choice([182, 183, 184]))
        sent = (back - timedelta(days=3)).isoformat()
        payments.append({"received": sent, "amount": "100.00", "returned": back.isoformat()})
    return payments


def _payment(chance: random.Random, received: date, cents: int) -> dict[str, Any]:
    back = chance.choice([None] * 5 + [0, 3, 13, 40])
    returned = None if back is None else (received + timedelta(days=back)).isoformat()
    return {"received": received.isoformat(), "amount": _dollars(cents), "returned": returned}


# -- held against the backend --------------------------------------------------------------------------


def ours(history: History, today: str) -> dict[str, Any]:
    """The same answer by the code of the trial command."""
    from backend.billing import explain, explain_form
    from backend.policy.calendar import Calendar
    from backend.policy.policy import load_policy

    if not _RULES:
        policy = load_policy()
        _RULES.update(policy=policy, calendar=Calendar(policy))
    form = explain_form.read(json.dumps(history).encode())
    found = explain.explain(form, explain_form.day_of(today), _RULES["policy"], _RULES["calendar"])
    told = explain.as_json(found)
    following = told.pop("next_letter")
    del told["why"]
    told["flags"] = sorted(told["flags"])
    told["letters"] = [(one["kind"], one["date"], one["amount"]) for one in told["letters"]]
    told["aging"] = {name: f"{amount:.2f}" for name, amount in found.status.standing.aging.items()}
    asked = following and told["state"] != "CURRENT" and following["kind"] in ("L1", "L2", "L3")
    told["next"] = (following["kind"], following["date"]) if asked else None
    return told


_RULES: dict[str, Any] = {}


def differences(seed: int, count: int) -> list[str]:
    """Histories of a seed on which the two do not agree, each with what differs."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        history, today = random_history(chance)
        theirs, mine = ours(history, today), answer(history, today)
        differs = {name: (theirs[name], mine[name]) for name in mine if theirs[name] != mine[name]}
        if differs or set(theirs) != set(mine):
            found.append(f"seed {seed} number {number} on {today}: {differs}\n{json.dumps(history)}")
    return found


def main() -> None:
    """Hold so many random histories against the backend; ends with 1 when one differs."""
    parser = argparse.ArgumentParser(description="Hold random billing histories against a second opinion.")
    parser.add_argument("--ledgers", type=int, default=5_000)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--workers", type=int, default=2)
    options = parser.parse_args()
    share = 500
    seeds = range(options.seed, options.seed + (options.ledgers + share - 1) // share)
    wrong: list[str] = []
    with ProcessPoolExecutor(options.workers) as pool:
        for done, found in enumerate(pool.map(differences, seeds, [share] * len(seeds)), 1):
            wrong += found
            if done % 20 == 0:
                sys.stderr.write(f"{done * share:,} ledgers, {len(wrong)} differ\n")
    sys.stdout.write("\n".join([*wrong[:5], f"{len(seeds) * share:,} ledgers, {len(wrong)} differ\n"]))
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
