"""Random histories, answered by the backend and by the second opinion."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from tests.billing_oracle.histories import random_history, random_late
from tests.billing_oracle.opinion import History, Payment, answer


def ours(history: History, today: str, late: Sequence[Payment] = ()) -> dict[str, Any]:
    """The same answer by the code of the trial command."""
    from backend.billing import explain, explain_form
    from backend.policy.calendar import Calendar
    from backend.policy.policy import load_policy

    if not _RULES:
        policy = load_policy()
        _RULES.update(policy=policy, calendar=Calendar(policy))
    form = explain_form.read(json.dumps(history).encode())
    on, rules = explain_form.day_of(today), (_RULES["policy"], _RULES["calendar"])
    found = _recorded_late(form, on, late) if late else explain.explain(form, on, *rules)
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


def _recorded_late(form: Any, on: date, late: Sequence[Payment]) -> Any:
    """The same code, where what was mailed before a payment was recorded stays mailed."""
    from backend.billing import explain, ledger
    from backend.billing.delinquency import billing_status
    from backend.billing.trial import first_day, live

    policy, calendar = _RULES["policy"].billing_of(form.policy), _RULES["calendar"]
    books = form.ledger(policy)
    since = first_day(books) or on
    for one in sorted(late, key=lambda one: str(one["recorded"])):
        recorded = date.fromisoformat(one["recorded"])
        if recorded <= on:
            books = live(books, since, recorded - timedelta(days=1), policy, calendar)
            came = ledger.Payment(date.fromisoformat(one["received"]), Decimal(one["amount"]))
            books, since = replace(books, payments=(*books.payments, came)), max(since, recorded)
    books = live(books, since, on, policy, calendar)
    return explain.Explained(billing_status(books, on, policy, calendar), tuple(books.letters), (), policy)


def differences(seed: int, count: int) -> list[str]:
    """Histories of a seed on which the two do not agree, each with what differs."""
    chance = random.Random(seed)
    found = []
    for number in range(count):
        history, today = random_history(chance)
        late = random_late(chance, history) if number % 5 == 0 else []
        theirs, mine = ours(history, today, late), answer(history, today, late)
        differs = {name: (theirs[name], mine[name]) for name in mine if theirs[name] != mine[name]}
        if differs or set(theirs) != set(mine):
            found.append(
                f"seed {seed} number {number} on {today}: {differs}\n{json.dumps(history)} late {late}"
            )
    return found
