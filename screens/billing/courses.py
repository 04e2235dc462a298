"""What would follow from a payment, beside what follows without it."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.billing_words import DelinquencyState
from screens.billing.presentation import STATES, in_days, money
from screens.widgets.text import fit, hanging, join, lines, plain, short_day, urgent

if TYPE_CHECKING:
    from api_client.types.billing import Course, TimelineEntry, WhatIfAnswer

NOTHING_WRITTEN = "Nothing is written: this only asks the rules."
UNLESS_PAID = "What is to come if nothing more is paid:"
WHY = (
    "Both columns say what the plan's rules make of the bill if nothing else happens, by the same rules "
    "that write the letters. The payment is only thought of; p asks with other figures, and add payment "
    "on the bill records a real one."
)
_LABEL = 10
_GAP = 2


def courses(answer: WhatIfAnswer, today: date, width: int) -> Content:
    """Two columns; what differs in the second one is bold."""
    wide = (width - _LABEL - _GAP) // 2
    paid = f"WITH {money(answer.amount)} ON {short_day(answer.on, today)}"
    rows = [_columns("", [plain("NOW, WITHOUT IT", "bold")], [plain(paid, "bold")], wide)]
    now, then = _facts(answer.now, today), _facts(answer.then, today)
    for label, words in now.items():
        style = "" if words.plain == then[label].plain else "bold"
        rows.append(_columns(label, words.wrap(wide), then[label].stylize(style).wrap(wide), wide))
    rows.append(plain(""))
    rows += hanging(_label("SAY now"), plain(f'"{answer.now.say}"'), width)
    rows += hanging(_label("SAY then"), plain(f'"{answer.then.say}"', "bold"), width)
    rows += [plain(""), plain(f" {UNLESS_PAID}", "$text-muted")]
    rows.append(_columns("", _to_come(answer.now, today, wide), _to_come(answer.then, today, wide), wide))
    return lines(*rows)


def _facts(course: Course, today: date) -> dict[str, Content]:
    """State, what keeps coverage, the end, credit."""
    urgency, word = STATES[course.state]
    by = f" by {short_day(course.keep_coverage_by, today)}" if course.keep_coverage_by else ""
    keeps = f"{money(course.keep_coverage_amount)}{by}" if course.keep_coverage_amount > 0 else "nothing more"
    if course.state is DelinquencyState.TERMINATED_NONPAY:
        keeps = "it has ended"
    return {
        "state": urgent(urgency, word),
        "to keep": plain(keeps),
        "ends": _end(course),
        "credit": plain(money(course.credit) if course.credit else "none"),
    }


def _end(course: Course) -> Content:
    """When coverage ends; while nothing past due is open, only a bill that is not due yet can end it."""
    if course.coverage_end is None:
        return plain("coverage goes on")
    if course.state is DelinquencyState.CURRENT:
        return plain(f"goes on; {course.coverage_end} if the next bill stays unpaid")
    return plain(f"{course.coverage_end:%a %Y-%m-%d}", "$text-error")


def _to_come(course: Course, today: date, width: int) -> list[Content]:
    """The dates in their order, one below the other."""
    if not course.to_come:
        return [plain("no letter, no end")]
    return [row for entry in course.to_come for row in _date(entry, today).wrap(width)]


def _date(entry: TimelineEntry, today: date) -> Content:
    amount = f" {money(entry.amount)}" if entry.amount is not None else ""
    return plain(f"{short_day(entry.on, today)} ({in_days(entry.on, today)}) {entry.words}{amount}")


def _columns(label: str, now: Sequence[Content], then: Sequence[Content], width: int) -> Content:
    """The rows of both beside each other, the shorter one filled up."""
    count = max(len(now), len(then))
    blank = [plain("")] * count
    rows = zip([*now, *blank][:count], [*then, *blank][:count], strict=True)
    beside = [_label(label), *[plain(" " * _LABEL)] * (count - 1)]
    return lines(
        *(
            join(left, fit(one.rstrip(), width), " " * _GAP, fit(other.rstrip(), width))
            for left, (one, other) in zip(beside, rows, strict=True)
        )
    )


def _label(label: str) -> Content:
    return fit(plain(f" {label}", "$text-muted"), _LABEL)
