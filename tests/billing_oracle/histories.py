"""Random histories of a group's premium, in the form the trial command takes."""

from __future__ import annotations

import random
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from tests.billing_oracle.days import cents_of, dollars_of
from tests.billing_oracle.opinion import History, Payment

_DUE = {"C0": 0, "C1": 1, "C2": 5, "C3": 10, "C4": 15}
"""Day of the coverage month on which a bill is due; 0 is the day before it."""
_PREMIUMS = [1_000_000, 500_000, 12_345, 9_999, 1_000_033, 45_000]


@dataclass(frozen=True)
class Span:
    """The days of a history."""

    chance: random.Random
    start: date
    length: int

    def day(self, low: int = 0, high: int = 0) -> date:
        """One of them."""
        return self.start + timedelta(days=self.chance.randint(low, high or self.length))

    def part(self, low: int, longest: int) -> dict[str, Any]:
        """Some of them, from and to."""
        first = self.day(low)
        last = first + timedelta(days=self.chance.randint(0, longest))
        return {"from": first.isoformat(), "to": last.isoformat()}


def random_history(chance: random.Random) -> tuple[History, str]:
    """A group of one to five months and a day to ask about, with everything that can happen to it."""
    policy = chance.choice(["CA_GROUP_DMHC", "CA_GROUP_DMHC", "EXCHANGE", "PLAIN"])
    cycle = "C0" if policy == "EXCHANGE" else chance.choice(["C0", "C1", "C1", "C2", "C3", "C4"])
    invoices = _invoices(chance, cycle)
    start = date.fromisoformat(invoices[0]["month"] + "-01") - timedelta(days=20)
    days = Span(chance, start, 60 + 30 * len(invoices) + chance.randint(0, 80))
    history: History = {
        "policy": policy,
        "cycle": cycle,
        "paid_through": days.day(15, 40).isoformat() if chance.random() < 0.2 else None,
        "invoices": invoices,
        "payments": _payments(chance, invoices, days),
        "credits": [],
        "promises": _promises(chance, days),
        "letters_stopped": [days.part(15, 16) for _ in range(chance.choice([0, 0, 0, 0, 1, 1, 2]))],
        "holds": [_hold(chance, days) for _ in range(chance.choice([0, 0, 0, 0, 1, 1, 2]))],
        "reinstatement_requests": [],
    }
    if chance.random() < 0.25:
        amount = dollars_of(chance.choice([45_000, 100, 10_000, 999_900]) + chance.randint(0, 99))
        history["credits"] = [{"posted": days.day().isoformat(), "amount": amount}]
    if chance.random() < 0.5:
        asked = {days.day(45).isoformat() for _ in range(chance.choice([1, 2, 3]))}
        if chance.random() < 0.7:
            asked |= _paid_up(chance, history)
        history["reinstatement_requests"] = sorted(asked)
    last = chance.choice([70, days.length, days.length + 40, days.length + 120])
    return history, days.day(10, last).isoformat()


def _invoices(chance: random.Random, cycle: str) -> list[dict[str, str]]:
    month = date(chance.choice([2023, 2024, 2025, 2026, 2027, 2028]), chance.randint(1, 12), 1)
    invoices = []
    for _ in range(chance.choice([1, 1, 2, 2, 3, 4, 5])):
        due = month + timedelta(days=_DUE[cycle] - 1)
        if chance.random() < 0.05:
            due -= timedelta(days=chance.randint(1, 15))
        premium = dollars_of(chance.choice(_PREMIUMS))
        invoices.append({"month": f"{month:%Y-%m}", "due": due.isoformat(), "premium": premium})
        month = (month + timedelta(days=31)).replace(day=1)
    return invoices


def _promises(chance: random.Random, days: Span) -> list[dict[str, str]]:
    made = {days.day() for _ in range(chance.choice([0, 0, 0, 1, 2]))}
    return [
        {
            "made": one.isoformat(),
            "by": (one + timedelta(days=chance.randint(0, 30))).isoformat(),
            "amount": f"{chance.choice([100, 5000, 10000])}.00",
        }
        for one in sorted(made)
    ]


def _hold(chance: random.Random, days: Span) -> dict[str, Any]:
    hold = days.part(10, 45)
    if chance.random() < 0.2:
        hold["to"] = None
    kind = chance.choice(["grievance", "bankruptcy", "dispute", "disaster"])
    return hold | {"kind": kind, "stops_dates": chance.random() < 0.7}


def random_late(chance: random.Random, history: History) -> list[Payment]:
    """Payments that came in time, or not, and are recorded only later; nothing is asked back then."""
    history["reinstatement_requests"] = []
    late = []
    for one in history["invoices"]:
        if chance.random() < 0.6:
            received = date.fromisoformat(one["due"]) + timedelta(days=chance.randint(-8, 45))
            recorded = received + timedelta(days=chance.randint(0, 50))
            cents = chance.choice([1, 1, 2]) * cents_of(one["premium"]) // chance.choice([1, 1, 2])
            late.append(
                _payment(chance, received, cents) | {"recorded": recorded.isoformat(), "returned": None}
            )
    return late


def _paid_up(chance: random.Random, history: History) -> set[str]:
    """Pay everything soon after coverage can have ended first, and ask for it back then."""
    total = sum(cents_of(one["premium"]) for one in history["invoices"])
    first_due = date.fromisoformat(history["invoices"][0]["due"])
    on = first_due + timedelta(days=chance.randint(29, 66))
    history["payments"].append({"received": on.isoformat(), "amount": dollars_of(total), "returned": None})
    return {(on + timedelta(days=chance.choice([0, 1, 3]))).isoformat()}


def _payments(chance: random.Random, invoices: list[dict[str, str]], days: Span) -> list[dict[str, Any]]:
    payments = []
    for one in invoices:
        cents, due = cents_of(one["premium"]), date.fromisoformat(one["due"])
        way = chance.choice(["none", "none", "early", "late", "later", "part", "short", "two"])
        short = chance.choice([9_000, 10_000, 10_001])  # on both sides of what the exchange carries
        when = {"early": (-12, 0), "late": (1, 32), "later": (28, 60)}.get(way, (-5, 35))
        parts = {"none": [], "part": [cents // 2], "short": [max(1, cents - short)], "two": [cents // 3] * 2}
        for part in parts.get(way, [cents]):
            received = due + timedelta(days=chance.randint(*when))
            payments.append(_payment(chance, received, part))
    if chance.random() < 0.35:
        total = sum(cents_of(one["premium"]) for one in invoices)
        payments.append(_payment(chance, days.day(50), total))
    gone = [date.fromisoformat(one["returned"]) for one in payments if one["returned"]]
    if gone and chance.random() < 0.2:  # on both sides of the span for certified funds
        back = gone[0] + timedelta(days=chance.choice([182, 183, 184]))
        sent = (back - timedelta(days=3)).isoformat()
        payments.append({"received": sent, "amount": "100.00", "returned": back.isoformat()})
    return payments


def _payment(chance: random.Random, received: date, cents: int) -> dict[str, Any]:
    back = chance.choice([None] * 5 + [0, 3, 13, 40])
    returned = None if back is None else (received + timedelta(days=back)).isoformat()
    return {"received": received.isoformat(), "amount": dollars_of(cents), "returned": returned}
