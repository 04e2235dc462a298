"""Everything the rules say about one group's history on a day: the trial before a policy goes live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from decimal import Decimal
from textwrap import wrap
from typing import Any

from api_client.types.billing_words import DateAbout
from backend.billing.case import Why
from backend.billing.delinquency import BillingStatus, billing_status, reinstatement_refused
from backend.billing.explain_form import LedgerError, LedgerForm
from backend.billing.ledger import Ledger, Letter, Reinstatement
from backend.billing.reasons import about
from backend.billing.rules import dollars
from backend.billing.say import LETTER_TITLES, say
from backend.billing.trial import first_day, live
from backend.policy.calendar import Calendar
from backend.policy.policy import Policy
from backend.policy.premium import DEFAULT_BILLING, BillingPolicy

_DAY = timedelta(days=1)
_WIDTH = 80


@dataclass(frozen=True)
class Explained:
    """The answer for a day."""

    status: BillingStatus
    letters: tuple[Letter, ...]
    """Those mailed up to that day, in order."""
    requests: tuple[Why, ...]
    """What the rules say of each request to give coverage back."""
    policy: BillingPolicy


def explain(form: LedgerForm, on: date, policy: Policy, calendar: Calendar) -> Explained:
    """Lives the history day by day up to `on`, each letter mailed when it is due, and says where it stands.

    A request to give coverage back is approved on its day where the rules allow it. Raises LedgerError for a
    policy of an unknown name.
    """
    name = form.policy or DEFAULT_BILLING
    if name not in policy.billings:
        raise LedgerError(f"policy: there is none of this name; there are {', '.join(policy.billings)}.")
    billing = policy.billings[name]
    ledger = form.ledger(billing)
    since = first_day(ledger) or on
    requests = []
    for asked in sorted(set(form.reinstatement_requests)):
        if asked > on:
            break
        ledger = live(ledger, since, asked - _DAY, billing, calendar)
        since = max(since, asked)
        ledger, why = _request(ledger, asked, billing, calendar)
        requests.append(why)
    ledger = live(ledger, since, on, billing, calendar)
    status = billing_status(ledger, on, billing, calendar)
    return Explained(status, tuple(ledger.letters), tuple(requests), billing)


def _request(ledger: Ledger, asked: date, policy: BillingPolicy, calendar: Calendar) -> tuple[Ledger, Why]:
    refusal = reinstatement_refused(ledger, asked, policy, calendar)
    rule = (
        f"asked for within {policy.reinstatement_days} days of the end (our default), first in 12 months, "
        "all premium through the month paid (contract of the small-group exchange)"
    )
    if refusal is not None:
        words = f"The request of {asked} to give coverage back is refused: {refusal.sentence}"
        return ledger, Why(words, rule, DateAbout.REINSTATEMENT)
    ledger = replace(ledger, reinstatements=(*ledger.reinstatements, Reinstatement(asked, asked)))
    words = f"The request of {asked} to give coverage back is approved."
    return ledger, Why(words, rule, DateAbout.REINSTATEMENT)


def _money(amount: Decimal) -> str:
    return f"{amount:.2f}"


def _iso(day: date | None) -> str | None:
    return day.isoformat() if day else None


def as_json(found: Explained) -> dict[str, Any]:
    """The answer for machines: dates in ISO, money as strings with two decimals."""
    status, following = found.status, found.status.next_letter
    letters = [_letter(one.kind, one.mailed_on, one.amount) for one in found.letters]
    return {
        "state": status.state.value,
        "flags": [flag.value for flag in status.flags],
        "open_premium": _money(status.standing.open_premium),
        "open_fees": _money(status.open_fees),
        "credit": _money(status.standing.credit),
        "days_past_due": status.days_past_due,
        "bucket": status.bucket,
        "letters": letters,
        "next_letter": _letter(following.kind, following.mail_on, following.amount) if following else None,
        "coverage_end": _iso(status.coverage_end),
        "coverage_end_if_unpaid": _iso(status.coverage_end_if_unpaid),
        "why": [
            {"sentence": one.sentence, "rule": one.rule, "about": one.about.value}
            for one in (*status.why, *found.requests)
        ],
    }


def _letter(kind: str, on: date, amount: Decimal | None) -> Mapping[str, str | None]:
    return {"kind": str(kind), "date": on.isoformat(), "amount": _money(amount) if amount else None}


def in_words(found: Explained) -> list[str]:
    """The answer for people, in lines of at most 80 columns."""
    return list(_lines(found))


def _lines(found: Explained) -> Iterator[str]:
    status = found.status
    flags = "  ".join(status.flags)
    yield f"{status.on}  {status.state}" + (f"  {flags}" if flags else "")
    yield from wrap(say(status), _WIDTH)
    yield ""
    yield f"{'open premium':<16}{dollars(status.standing.open_premium):>16}" + _past_due(status)
    yield f"{'open fees':<16}{dollars(status.open_fees):>16}"
    yield f"{'credit':<16}{dollars(status.standing.credit):>16}"
    if status.coverage_end:
        yield f"{'coverage ended':<16}{status.coverage_end.isoformat():>16}"
    if status.coverage_end_if_unpaid:
        yield f"{'ends if unpaid':<16}{status.coverage_end_if_unpaid.isoformat():>16}"
    yield ""
    for one in found.letters:
        yield _letter_line(one.kind, "mailed", one.mailed_on, one.amount)
    if (due := status.next_letter) is not None:
        yield _letter_line(due.kind, "goes", due.mail_on, due.amount)
    if not found.letters and due is None:
        yield "no letter was mailed, and none is to go"
    yield ""
    yield f"why (policy {found.policy.words})"
    for why in (*status.why, *found.requests):
        yield from wrap(why.sentence, _WIDTH, initial_indent="  ", subsequent_indent="  ")
        yield from wrap(f"rule: {why.rule}", _WIDTH, initial_indent="      ", subsequent_indent="      ")


def _past_due(status: BillingStatus) -> str:
    if not status.days_past_due:
        return ""
    past_due = dollars(status.keep_coverage_amount or status.standing.open_premium)
    return f"   {past_due} is {status.days_past_due} days past due ({status.bucket})"


def _letter_line(kind: Any, how: str, on: date, amount: Decimal | None) -> str:
    money = f"{dollars(amount):>16}" if amount else ""
    code = "" if about(kind) is DateAbout.LETTER else f" {kind}"
    return f"{LETTER_TITLES[kind] + code:<31}{how:<8}{on}{money}"
