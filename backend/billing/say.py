"""What a rep says about a bill. Pure functions; money and dates in words a caller can write down."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from api_client.types.billing_words import DelinquencyState, LetterKind, PaymentMethod

if TYPE_CHECKING:
    from backend.billing.delinquency import BillingStatus

_ONES = (
    "", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
)  # fmt: skip
_TENS = ("", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
METHODS = {
    PaymentMethod.CHECK: "check",
    PaymentMethod.ACH: "ACH",
    PaymentMethod.WIRE: "wire",
    PaymentMethod.CASHIERS_CHECK: "cashier's check",
}
LETTER_TITLES = {
    LetterKind.L1: "warning letter",
    LetterKind.L2: "termination letter",
    LetterKind.L3: "notice of end of coverage",
    LetterKind.L1_SUBSCRIBER: "notice to a subscriber",
    LetterKind.REINSTATEMENT: "reinstatement letter",
    LetterKind.RETURNED_PAYMENT: "returned payment letter",
    LetterKind.USER_ID: "user ID letter",
    LetterKind.ID_NOTICE: "notice of a user ID",
    LetterKind.ID_DENIED: "user ID denial",
    LetterKind.ENROLLMENT_RETURNED: "enrollment returned letter",
    LetterKind.REQUEST_FORM: "user-ID request form",
    LetterKind.COBRA_PACKET: "Cal-COBRA packet",
}


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{_ONES[hundreds]} hundred"] if hundreds else []
    if rest >= 20:
        tens, ones = divmod(rest, 10)
        words.append(_TENS[tens] + (f"-{_ONES[ones]}" if ones else ""))
    elif rest:
        words.append(_ONES[rest])
    return " ".join(words)


def in_words(amount: Decimal) -> str:
    """Dollars and cents as they are spoken: `ten thousand dollars and 25 cents`."""
    dollars, cents = divmod(int(amount * 100), 100)
    parts = []
    rest = dollars
    for size, name in ((1_000_000, "million"), (1_000, "thousand")):
        count, rest = divmod(rest, size)
        if count:
            parts.append(f"{_below_thousand(count)} {name}")
    if rest:
        parts.append(_below_thousand(rest))
    words = f"{' '.join(parts) or 'zero'} dollar{'' if dollars == 1 else 's'}"
    return f"{words} and {cents} cents" if cents else words


def spoken_date(day: date, today: date) -> str:
    """`December 1`, with the year when it is another one."""
    return f"{day:%B} {day.day}" + (f", {day.year}" if day.year != today.year else "")


def say(status: BillingStatus) -> str:
    """What answers most calls about a bill: the premium, and how it can be paid where that is restricted."""
    words = _say_premium(status)
    if status.certified_funds_until is None:
        return words
    until = spoken_date(status.certified_funds_until, status.on)
    return f"{words} Until {until} we can only take a wire or a cashier's check."


def _say_premium(status: BillingStatus) -> str:
    today = status.on
    if status.state is DelinquencyState.TERMINATED_NONPAY and status.coverage_end:
        return (
            f"Coverage ended on {spoken_date(status.coverage_end, today)}, because the premium was not paid."
        )
    if status.keep_coverage_amount:
        amount = in_words(status.keep_coverage_amount)
        amount = f"{amount[0].upper()}{amount[1:]}"
        if status.keep_coverage_by is None:
            return f"{amount} is past due. Coverage goes on, and no day is set on which it would end."
        by = spoken_date(status.keep_coverage_by, today)
        return f"{amount} must reach us by {by} to keep your coverage."
    due = [one for one in status.standing.invoices if one.open and one.days_past_due <= 0]
    if due:
        amount, by = in_words(due[0].open), spoken_date(due[0].invoice.due_date, today)
        return f"Your account is current. {amount[0].upper()}{amount[1:]} is due by {by}."
    return "Your account is current, and nothing is due."
