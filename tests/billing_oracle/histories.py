"""Random histories of a group's premium, in the form the trial command takes."""

from __future__ import annotations

import random
from datetime import date, timedelta
from typing import Any

from tests.billing_oracle.days import cents_of, dollars_of
from tests.billing_oracle.opinion import History, Payment


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


def _payments(
    chance: random.Random, invoices: list[dict[str, str]], start: date, length: int
) -> list[dict[str, Any]]:
    payments = []
    for one in invoices:
        cents, due = cents_of(one["premium"]), date.fromisoformat(one["due"])
        way = chance.choice(["none", "none", "early", "late", "later", "part", "short", "two"])
        short = chance.choice([9_000, 10_000, 10_001])  # on both sides of what the exchange carries
        days = {"early": (-12, 0), "late": (1, 32), "later": (28, 60)}.get(way, (-5, 35))
        parts = {"none": [], "part": [cents // 2], "short": [max(1, cents - short)], "two": [cents // 3] * 2}
        for part in parts.get(way, [cents]):
            received = due + timedelta(days=chance.randint(*days))
            payments.append(_payment(chance, received, part))
    if chance.random() < 0.35:
        total = sum(cents_of(one["premium"]) for one in invoices)
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
    return {"received": received.isoformat(), "amount": dollars_of(cents), "returned": returned}
