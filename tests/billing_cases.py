"""The plan's worked cases of unpaid premium, computed by hand: a history, a day, and what must stand there.

Each history is in the form the trial command takes. The same rows are run through that command's code and
through a server that lives the days (tests/api/test_billing_cases.py).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

L1, L2, L3 = "L1", "L2", "L3"


@dataclass(frozen=True)
class BillingCase:
    """One row; amounts in dollars, days in ISO, letters in the order they were mailed."""

    number: int
    name: str
    today: str
    state: str
    history: dict[str, Any]
    letters: Sequence[tuple[str, str, str | None]] = ()
    """Kind, day and amount of each letter mailed up to the day, that day included."""
    next_letter: tuple[str, str] | None = None
    latest_l3: str | None = None
    """The last day for the notice of end of coverage, as a reason says it."""
    flags: Sequence[str] = ()
    ended: str | None = None
    ends_if_unpaid: str | None = None
    days: int = 0
    bucket: str = "current"
    open_premium: str = "0.00"
    open_fees: str = "0.00"
    credit: str = "0.00"
    say: Sequence[str] = field(default=())
    """Parts of the sentence a rep says."""


def _bill(month: str, due: str, premium: int = 10_000) -> dict[str, str]:
    return {"month": month, "due": due, "premium": f"{premium}.00"}


def _paid(received: str, amount: int, returned: str | None = None) -> dict[str, str | None]:
    return {"received": received, "amount": f"{amount}.00", "returned": returned}


SEPTEMBER = _bill("2026-09", "2026-09-01")
OCTOBER = _bill("2026-10", "2026-10-01")
JANUARY = _bill("2027-01", "2027-01-01", 5_000)
FEBRUARY = _bill("2027-02", "2027-02-01", 5_000)


def _history(*invoices: dict[str, str], policy: str = "CA_GROUP_DMHC", **more: Any) -> dict[str, Any]:
    return {"policy": policy, "cycle": "C1", "invoices": list(invoices or (SEPTEMBER,)), **more}


FIRST_TWO = ((L1, "2026-09-02", "10000.00"), (L2, "2026-09-16", "10000.00"))
RETURNED_TWICE = [_paid("2026-09-01", 10_000, "2026-09-14"), _paid("2026-10-05", 10_000)]

CASES = [
    BillingCase(
        1, "paid early", "2026-09-02", "CURRENT", _history(payments=[_paid("2026-08-28", 10_000)]),
    ),
    BillingCase(2, "due today", "2026-09-01", "CURRENT", _history(), open_premium="10000.00"),
    BillingCase(
        3, "the day after", "2026-09-02", "GRACE", _history(),
        letters=((L1, "2026-09-02", "10000.00"),), next_letter=(L2, "2026-09-16"),
        ends_if_unpaid="2026-10-01", days=1, bucket="1-30", open_premium="10000.00",
        say=("Ten thousand dollars", "October 1"),
    ),
    BillingCase(
        4, "a part payment moves no date", "2026-09-16", "TERM_PENDING",
        _history(payments=[_paid("2026-09-08", 6_000)]),
        letters=((L1, "2026-09-02", "10000.00"), (L2, "2026-09-16", "4000.00")),
        next_letter=(L3, "2026-10-02"), latest_l3="2026-10-06", ends_if_unpaid="2026-10-01", days=15,
        bucket="1-30", open_premium="4000.00", say=("Four thousand dollars", "October 1"),
    ),
    BillingCase(
        5, "paid on the last day", "2026-10-01", "CURRENT", _history(payments=[_paid("2026-10-01", 10_000)]),
        letters=FIRST_TWO,
    ),
    BillingCase(
        6, "never paid", "2026-10-02", "TERMINATED_NONPAY", _history(),
        letters=(*FIRST_TWO, (L3, "2026-10-02", "10000.00")), latest_l3="2026-10-06", ended="2026-10-01",
        days=31, bucket="31-60", open_premium="10000.00", say=("Coverage ended on October 1",),
    ),
    BillingCase(
        7, "due on the last day of the month before", "2026-10-01", "TERMINATED_NONPAY",
        _history(_bill("2026-09", "2026-08-31")) | {"cycle": "C0"},
        letters=(
            (L1, "2026-09-01", "10000.00"), (L2, "2026-09-15", "10000.00"), (L3, "2026-10-01", "10000.00"),
        ),
        latest_l3="2026-10-05", ended="2026-09-30", days=31, bucket="31-60", open_premium="10000.00",
    ),
    BillingCase(
        8, "due early: no letter yet", "2026-08-25", "PAST_DUE",
        _history(_bill("2026-09", "2026-08-20"), paid_through="2026-08-31"),
        next_letter=(L1, "2026-09-01"), ends_if_unpaid="2026-09-30", days=5, bucket="1-30",
        open_premium="10000.00",
    ),
    BillingCase(
        9, "due on a Sunday", "2026-12-03", "TERMINATED_NONPAY",
        _history(_bill("2026-11", "2026-11-01", 8_000)),
        letters=(
            (L1, "2026-11-02", "8000.00"), (L2, "2026-11-16", "8000.00"), (L3, "2026-12-02", "8000.00"),
        ),
        latest_l3="2026-12-04", ended="2026-12-01", days=32, bucket="31-60", open_premium="8000.00",
    ),
    BillingCase(
        10, "due on a holiday", "2027-01-20", "TERM_PENDING", _history(JANUARY),
        letters=((L1, "2027-01-04", "5000.00"), (L2, "2027-01-19", "5000.00")),
        next_letter=(L3, "2027-02-03"), latest_l3="2027-02-05", ends_if_unpaid="2027-02-02", days=19,
        bucket="1-30", open_premium="5000.00",
    ),
    BillingCase(
        11, "a check comes back", "2026-09-15", "GRACE",
        _history(payments=[_paid("2026-09-01", 10_000, "2026-09-14")]),
        letters=((L1, "2026-09-15", "10000.00"),), next_letter=(L2, "2026-09-29"),
        ends_if_unpaid="2026-10-14", days=14, bucket="1-30", open_premium="10000.00", open_fees="25.00",
        say=("Ten thousand dollars", "October 14"),
    ),
    BillingCase(
        12, "paid again, the fee not", "2026-10-15", "CURRENT", _history(payments=RETURNED_TWICE),
        letters=((L1, "2026-09-15", "10000.00"), (L2, "2026-09-29", "10000.00")), open_fees="25.00",
    ),
    BillingCase(
        13, "the second payment comes back", "2026-12-11", "GRACE",
        _history(payments=[RETURNED_TWICE[0], _paid("2026-10-05", 10_000, "2026-12-10")]),
        letters=(
            (L1, "2026-09-15", "10000.00"), (L2, "2026-09-29", "10000.00"), (L1, "2026-12-11", "10000.00"),
            ("returned_payment", "2026-12-11", None),
        ),
        next_letter=(L2, "2026-12-28"), flags=("CERTIFIED_FUNDS",), ends_if_unpaid="2027-01-09", days=101,
        bucket="91+", open_premium="10000.00", open_fees="50.00", say=("wire", "December 10, 2027"),
    ),
    BillingCase(
        14, "a member had left", "2026-09-11", "CURRENT",
        _history(
            payments=[_paid("2026-09-01", 9_550)], credits=[{"posted": "2026-09-10", "amount": "450.00"}]
        ),
        letters=((L1, "2026-09-02", "450.00"),),
    ),
    BillingCase(
        15, "a promise is broken", "2026-09-26", "TERM_PENDING",
        _history(promises=[{"made": "2026-09-10", "by": "2026-09-25", "amount": "10000.00"}]),
        letters=FIRST_TWO, next_letter=(L3, "2026-10-02"), flags=("PTP_BROKEN",),
        ends_if_unpaid="2026-10-01", days=25, bucket="1-30", open_premium="10000.00",
    ),
    BillingCase(
        16, "given back", "2026-10-13", "CURRENT",
        _history(
            SEPTEMBER, OCTOBER, payments=[_paid("2026-10-12", 20_000)],
            reinstatement_requests=["2026-10-13"],
        ),
        letters=(
            *FIRST_TWO, (L3, "2026-10-02", "10322.58"), ("reinstatement", "2026-10-13", None),
        ),
        flags=("REINSTATED",),
    ),
    BillingCase(
        17, "cured, and the next month open", "2026-10-02", "GRACE",
        _history(SEPTEMBER, OCTOBER, payments=[_paid("2026-09-30", 10_000)]),
        letters=(*FIRST_TWO, (L1, "2026-10-02", "10000.00")), next_letter=(L2, "2026-10-16"),
        ends_if_unpaid="2026-10-31", days=1, bucket="1-30", open_premium="10000.00",
    ),
    BillingCase(
        18, "within the tolerance", "2026-09-02", "CURRENT",
        _history(
            _bill("2026-09", "2026-08-31"), policy="EXCHANGE", payments=[_paid("2026-08-31", 9_920)]
        ) | {"cycle": "C0"},
        open_premium="80.00",
    ),
    BillingCase(
        19, "L1 goes late", "2026-10-02", "TERM_PENDING",
        _history(letters_stopped=[{"from": "2026-09-02", "to": "2026-09-08"}]),
        letters=((L1, "2026-09-09", "10000.00"), (L2, "2026-09-23", "10000.00")),
        next_letter=(L3, "2026-10-09"), ends_if_unpaid="2026-10-08", days=31, bucket="31-60",
        open_premium="10000.00",
    ),
    BillingCase(
        20, "February", "2026-02-17", "TERM_PENDING", _history(_bill("2026-02", "2026-02-01", 5_000)),
        letters=((L1, "2026-02-02", "5000.00"), (L2, "2026-02-17", "5000.00")),
        next_letter=(L3, "2026-03-04"), latest_l3="2026-03-06", ends_if_unpaid="2026-03-03", days=16,
        bucket="1-30", open_premium="5000.00",
    ),
    BillingCase(
        21, "L2 goes late", "2026-10-02", "TERM_PENDING",
        _history(letters_stopped=[{"from": "2026-09-16", "to": "2026-09-28"}]),
        letters=((L1, "2026-09-02", "10000.00"), (L2, "2026-09-29", "10000.00")),
        next_letter=(L3, "2026-10-13"), latest_l3="2026-10-14", ends_if_unpaid="2026-10-09", days=31,
        bucket="31-60", open_premium="10000.00",
    ),
    BillingCase(
        22, "the next month's letter waits", "2027-02-02", "TERM_PENDING", _history(JANUARY, FEBRUARY),
        letters=((L1, "2027-01-04", "5000.00"), (L2, "2027-01-19", "5000.00")),
        next_letter=(L3, "2027-02-03"), latest_l3="2027-02-05", ends_if_unpaid="2027-02-02", days=32,
        bucket="31-60", open_premium="10000.00",
    ),
]  # fmt: skip
