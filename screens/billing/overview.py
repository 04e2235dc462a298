"""The lines above a group's bills: state, what keeps coverage and by when, balance, months, dates."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.billing_words import (
    BillingFlag,
    BillPreference,
    DelinquencyState,
    InvoiceStatus,
    LetterKind,
)
from screens.billing.presentation import (
    HOLDS,
    STATES,
    aged_words,
    days,
    hold_span,
    is_open,
    letter_words,
    money,
    paid_late,
)
from screens.widgets.text import fit, hanging, join, labelled, lines, plain, short_day, urgent

if TYPE_CHECKING:
    from api_client.types.billing import BillingStatus, Invoice, Letter

LEGEND = "= paid  ~ late  X open  . not due"
BILLS = {
    BillPreference.PAPER: "paper bill",
    BillPreference.PAPERLESS: "no paper bill",
    BillPreference.BOTH: "paper and online bill",
}
_DUNNING = (LetterKind.L1, LetterKind.L2, LetterKind.L3)
_MONTH = 8
"""Cells of one month of the strip, the blanks behind it included."""


def overview(status: BillingStatus, width: int, *, brief: bool = False) -> Content:
    """State, what keeps coverage and by when, the balance; unless `brief` its age, the months, the dates."""
    rows = [_title(status, width), *flow([_stands(status), _balance(status)], width)]
    if brief:
        return lines(*rows)
    rows += flow(_aging(status), width)
    rows += flow(flags(status), width)
    rows += month_strip(status.invoices, status.on, width)
    rows += flow(dates(status), width)
    return lines(*rows)


def state(status: BillingStatus) -> Content:
    """The state as word and shape, with the days that count in it."""
    urgency, word = STATES[status.state]
    match status.state:
        case DelinquencyState.PAST_DUE:
            word += f" {days(status.days_past_due)}, no grace yet"
        case DelinquencyState.GRACE | DelinquencyState.TERM_PENDING:
            if status.grace_from and status.grace_to:
                day = (status.on - status.grace_from).days + 1
                word += f", day {day} of {(status.grace_to - status.grace_from).days + 1} of grace"
        case DelinquencyState.TERMINATED_NONPAY:
            word += f" on {status.coverage_end}" if status.coverage_end else ""
    return urgent(urgency, word)


def _title(status: BillingStatus, width: int) -> Content:
    right = join(state(status), f"   cycle {cycle(status)}")
    left = join(" ", (f"{status.number} {status.name}", "bold"))
    return join(fit(left, max(10, width - right.cell_length - 2)), "  ", right)


def cycle(status: BillingStatus) -> str:
    """The billing cycle; the one that was asked for with its first month."""
    if status.next_cycle is None or status.next_cycle_from is None:
        return status.cycle.value
    return f"{status.cycle}, {status.next_cycle} from {status.next_cycle_from:%Y-%m}"


def _stands(status: BillingStatus) -> Content:
    """What keeps coverage leads; when there is nothing to keep it with, what stands."""
    if status.keep_coverage_amount > 0:
        by = f" by {short_day(status.keep_coverage_by, status.on)}" if status.keep_coverage_by else ""
        return plain(f"TO KEEP COVERAGE {money(status.keep_coverage_amount)}{by}", "bold $text-error")
    if status.state is DelinquencyState.TERMINATED_NONPAY:
        owed = money(status.open_premium) if status.open_premium > 0 else "nothing"
        words = f"COVERAGE ENDED {status.coverage_end or ''}; still owed for the days covered: {owed}"
        return plain(words, "bold $text-error")
    return plain(_nothing_past_due(status), "bold")


def _nothing_past_due(status: BillingStatus) -> str:
    waiting = [one for one in status.invoices if one.open > 0 and one.due_date >= status.on]
    past = status.open_premium - status.not_due_yet
    carried = f"; {money(past)} of earlier months is carried" if past > 0 else ""
    if not waiting:
        return f"NOTHING IS DUE{carried}"
    first = min(waiting, key=lambda one: one.due_date)
    return f"NEXT {money(first.open)} due by {short_day(first.due_date, status.on)}{carried}"


def _balance(status: BillingStatus) -> Content:
    not_due = f", {money(status.not_due_yet)} not due yet" if status.not_due_yet else ""
    return plain(f"balance {money(status.balance)}{not_due}")


def _aging(status: BillingStatus) -> list[Content]:
    """Open premium by its age, fees, credit, and how the bill goes out."""
    buckets = [f"{aged_words(one.name)} {money(one.open)}" for one in status.aging if one.open > 0]
    aged = [plain(f"open: {'  '.join(buckets)}")] if buckets else []
    fees = f"fees {money(status.open_fees)}" if status.open_fees else "no fees"
    credit = f"credit {money(status.credit)}" if status.credit else "no credit"
    return [*aged, plain(fees), plain(credit), plain(BILLS[status.bill_preference])]


def flags(status: BillingStatus) -> list[Content]:
    """What lies over the state, in words; each says what follows from it."""
    found = []
    for flag, words in _FLAGS.items():
        if flag in status.flags:
            found += [plain(said, "bold") for said in words(status)]
    return [*found, *(plain(said, "bold") for said in _asked_back(status))]


def _asked_back(status: BillingStatus) -> list[str]:
    """What stands between a group and the coverage it asked back."""
    waiting = [one for one in status.reinstatements if one.decided_on is None]
    return [
        f"COVERAGE ASKED BACK {short_day(one.requested_on, status.on)}: "
        + (one.why_not.rstrip(".") or "nothing stands against it, a lead decides")
        for one in waiting
    ]


def _latest_promise(status: BillingStatus) -> str:
    if not status.promises:
        return status.promise
    one = status.promises[0]
    return f"{money(one.amount)} by {short_day(one.pay_by, status.on)}"


def _open_holds(status: BillingStatus) -> list[str]:
    found = [one for one in status.holds if is_open(one, status.on)]
    return [f"HOLD {HOLDS[one.kind]} {hold_span(one, status.on)}" for one in found] or ["HOLD"]


def _certified(status: BillingStatus) -> str:
    until = f" until {status.certified_funds_until}" if status.certified_funds_until else ""
    return f"CERTIFIED FUNDS ONLY{until}: wire or cashier's check"


_FLAGS: dict[BillingFlag, Callable[[BillingStatus], list[str]]] = {
    BillingFlag.HOLD: _open_holds,
    BillingFlag.NOTICE_RETURNED: lambda _: ["A NOTICE CAME BACK: no end before it is settled"],
    BillingFlag.PTP_BROKEN: lambda status: [f"PROMISE BROKEN {_latest_promise(status)}"],
    BillingFlag.PTP_OPEN: lambda status: [f"promise {_latest_promise(status)} open"],
    BillingFlag.PTP_KEPT: lambda status: [f"promise {_latest_promise(status)} kept"],
    BillingFlag.CERTIFIED_FUNDS: lambda status: [_certified(status)],
    BillingFlag.REINSTATED: lambda _: ["REINSTATED, no gap"],
}


def month_strip(invoices: Iterable[Invoice], today: date, width: int) -> list[Content]:
    """The latest months with a bill, oldest first: name above, shape below."""
    legend = plain(LEGEND, "$text-muted")
    room = width - legend.cell_length - 2
    beside = room >= 3 * _MONTH
    fits = max(1, (room if beside else width - 1) // _MONTH)
    months = sorted(invoices, key=lambda one: (one.month, one.number))[-fits:]
    if not months:
        return [plain(" no bill yet", "$text-muted")]
    names = join(" ", *(fit(plain(_month_name(one.month, today)), _MONTH) for one in months))
    shapes = join(" ", *(fit(shape(one), _MONTH) for one in months))
    if not beside:
        return [names, shapes, join(" ", legend)]
    return [join(fit(names, width - legend.cell_length), legend), shapes]


def _month_name(month: date, today: date) -> str:
    return f"{month:%b}" if month.year == today.year else f"{month:%b %y}"


def shape(invoice: Invoice) -> Content:
    """Four cells: how much of a month is paid, and whether in time."""
    if invoice.status is InvoiceStatus.VOID or not (invoice.billed or invoice.open):
        return plain("----", "$text-muted")
    if invoice.status is InvoiceStatus.PAID or invoice.open <= 0:
        return plain("~~~~", "$text-warning") if paid_late(invoice) else plain("====")
    rest = "X" if invoice.status is InvoiceStatus.PAST_DUE else "."
    style = "bold $text-error" if rest == "X" else "$text-muted"
    paid = min(3, max(0, int(4 * (invoice.billed - invoice.open) / invoice.billed))) if invoice.billed else 0
    return join("=" * paid, (rest * (4 - paid), style))


def dates(status: BillingStatus) -> list[Content]:
    """The dates that count now, in their order: due, letters mailed, grace, end, the next letter."""
    today = status.on
    pieces = []
    past = [one for one in status.invoices if one.open > 0 and one.status is InvoiceStatus.PAST_DUE]
    if past:
        pieces.append(plain(f"{short_day(min(one.due_date for one in past), today)} due"))
    letters = _letters_of_this_grace(status)
    ended = status.coverage_end
    pieces += [
        _mailed(one, today) for one in letters if not (ended and one.mailed_on and one.mailed_on > ended)
    ]
    if status.grace_from and status.grace_to:
        grace = f"{short_day(status.grace_from, today)} .. {short_day(status.grace_to, today)}"
        pieces.append(plain(f"grace {grace}", "bold"))
    if status.coverage_end:
        pieces.append(plain(f"{short_day(status.coverage_end, today)} coverage ended", "bold $text-error"))
        pieces += [
            _mailed(one, today) for one in letters if one.mailed_on and one.mailed_on > status.coverage_end
        ]
    elif status.coverage_end_if_unpaid:
        end = short_day(status.coverage_end_if_unpaid, today)
        pieces.append(plain(f"{end} coverage ends if unpaid", "bold $text-error"))
    if next_letter := _next_letter(status):
        pieces.append(plain(next_letter))
    return pieces


def _mailed(letter: Letter, today: date) -> Content:
    return plain(f"{short_day(letter.mailed_on or today, today)} {letter_words(letter)} mailed")


def _next_letter(status: BillingStatus) -> str:
    """The next letter by the rules, short where its date is known."""
    if status.state is DelinquencyState.CURRENT:
        return ""
    kinds = [kind.value for kind in _DUNNING]
    to_come = (one for one in status.timeline if one.to_come and one.about.value in kinds)
    first = next(to_come, None)
    if first is None:
        return f"next: {status.next_letter}" if status.next_letter else ""
    return f"{short_day(first.on, status.on)} letter {first.about}"


def _letters_of_this_grace(status: BillingStatus) -> list[Letter]:
    if status.grace_from is None and status.state is not DelinquencyState.TERMINATED_NONPAY:
        return []
    latest: dict[LetterKind, Letter] = {}
    for letter in status.letters:
        if letter.kind not in _DUNNING or letter.mailed_on is None:
            continue
        if status.grace_from and letter.mailed_on < status.grace_from:
            continue
        known = latest.get(letter.kind)
        if known is None or (known.mailed_on or letter.mailed_on) < letter.mailed_on:
            latest[letter.kind] = letter
    return [latest[kind] for kind in _DUNNING if kind in latest]


def flow(pieces: Sequence[Content], width: int) -> list[Content]:
    """Pieces side by side, as many on a row as fit; a piece is broken only when it fits on no row."""
    rows: list[Content] = []
    row = plain("")
    for piece in pieces:
        if row and row.cell_length + 3 + piece.cell_length <= width:
            row = join(row, "   ", piece)
            continue
        if row:
            rows.append(row)
        *full, row = hanging(plain(" "), piece, width)
        rows += full
    return [*rows, row] if row else rows


def sentence(status: BillingStatus, width: int) -> Content:
    """What to say to a caller."""
    return lines(*labelled("SAY", plain(f'"{status.say}"', "bold"), width))
