"""What follows by the rules with a payment that is only thought of, and without it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal

from api_client.types.billing_words import DateAbout, DelinquencyState
from backend.billing.delinquency import billing_status
from backend.billing.ledger import Ledger, Payment
from backend.billing.say import say
from backend.billing.timeline import Entry, letter_entry, to_come
from backend.billing.trial import known, live
from backend.policy.calendar import Calendar
from backend.policy.premium import BillingPolicy

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class Course:
    """What follows if nothing else happens; state, credit and `say` are of the day asked about."""

    state: DelinquencyState
    keep_coverage_amount: Decimal
    keep_coverage_by: date | None
    coverage_end: date | None
    """The day coverage ends, or ended; None where it goes on, or nobody knows."""
    credit: Decimal
    say: str
    to_come: tuple[Entry, ...]
    """From the day asked about on."""


def course(
    ledger: Ledger,
    today: date,
    on: date,
    amount: Decimal | None,
    policy: BillingPolicy,
    calendar: Calendar,
) -> Course:
    """What follows from the ledger of today when `amount` is received on a day, today or later.

    With no amount what follows without a payment. Letters go on their days meanwhile, and no other bill is
    issued. Raises ValueError for a day before today.
    """
    if on < today:
        raise ValueError("a payment that is thought of comes today or later")
    ledger = known(ledger, today)
    if amount is not None:
        ledger = replace(ledger, payments=(*ledger.payments, Payment(on, amount)))
    lived = live(ledger, today, on, policy, calendar)
    then = billing_status(lived, on, policy, calendar)
    coming = to_come(lived, on, policy, calendar, since=on + _DAY)
    mailed = lived.letters[len(ledger.letters) :]
    that_day = [letter_entry(one, coming=True) for one in mailed if one.mailed_on == on]
    ends = (entry.on for entry in coming if entry.about is DateAbout.END)
    return Course(
        state=then.state,
        keep_coverage_amount=then.keep_coverage_amount,
        keep_coverage_by=then.keep_coverage_by,
        coverage_end=then.coverage_end or next(ends, None),
        credit=then.standing.credit,
        say=say(then),
        to_come=(*that_day, *coming),
    )
