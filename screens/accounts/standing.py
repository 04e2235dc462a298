"""Whether the coverage of a group is ending: the answer to the commonest question, and the rule behind it."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.billing_words import DelinquencyState
from api_client.types.words import GroupState
from screens.widgets.text import join, lines, plain, short_day

if TYPE_CHECKING:
    from api_client.types.accounts import AboutGroup, Account, Premium

STANDINGS = {
    DelinquencyState.CURRENT: "current",
    DelinquencyState.PAST_DUE: "past due",
    DelinquencyState.GRACE: "in grace",
    DelinquencyState.TERM_PENDING: "term pending",
    DelinquencyState.TERMINATED_NONPAY: "ended unpaid",
}
STYLES = {
    DelinquencyState.CURRENT: "",
    DelinquencyState.PAST_DUE: "$text-warning",
    DelinquencyState.GRACE: "$text-warning",
    DelinquencyState.TERM_PENDING: "bold $text-error",
    DelinquencyState.TERMINATED_NONPAY: "bold $text-error",
}
_MORE = plain("b shows the invoices, payments and letters behind it.")


def money(amount: Decimal) -> str:
    """Dollars and cents: `10,000.00`."""
    return f"{amount:,.2f}"


def days(count: int) -> str:
    """`1 day`, `19 days`."""
    return f"{count} day" if count == 1 else f"{count} days"


def coverage(account: Account, today: date) -> Content:
    """Whether it is ending, when, and what stops it; loud only when it ended or is ending.

    Empty when the caller on the line may hear neither of the premium nor of the group.
    """
    about, premium = account.about, account.premium
    if premium is not None and premium.delinquency is DelinquencyState.TERMINATED_NONPAY:
        when = f" {premium.coverage_ends_on}" if premium.coverage_ends_on else ""
        return _loud(f"** COVERAGE ENDED{when}: premium not paid **", premium.delinquency)
    if about is not None and _ends_by_contract(about):
        return _contract_end(about, premium, today)
    return plain("") if premium is None else _by_premium(premium, today)


def _ends_by_contract(about: AboutGroup) -> bool:
    return about.state is GroupState.TERMINATED or about.ended_on is not None


def _contract_end(about: AboutGroup, premium: Premium | None, today: date) -> Content:
    end = about.ended_on or (premium.coverage_ends_on if premium is not None else None)
    if end is None:
        return plain("** COVERAGE ENDED **", "bold $text-error")
    if about.state is GroupState.TERMINATED and end <= today:
        return plain(f"** COVERAGE ENDED {end} **", "bold $text-error")
    return plain(f"** COVERAGE ENDS {end}: the group's contract ends **", "bold $text-error")


def _by_premium(premium: Premium, today: date) -> Content:
    ends, by = premium.coverage_ends_on, premium.keep_coverage_by
    if premium.keep_coverage_amount and by and ends:
        need = f"{money(premium.keep_coverage_amount)} reaches us by {short_day(by, today)}"
        return _loud(f"** COVERAGE ENDS {ends} unless {need} **", premium.delinquency)
    if premium.delinquency is not DelinquencyState.CURRENT:
        words = f"Past due {days(premium.days_past_due)}, {money(premium.open_premium)} open; no end is set."
        return join((words, "bold"), "  b: why")
    if premium.open_premium:
        return plain(f"Paid up; coverage goes on. {money(premium.open_premium)} is billed and not past due.")
    return plain("Paid up; coverage goes on. Nothing is due.")


def _loud(words: str, standing: DelinquencyState) -> Content:
    style = STYLES[standing] or "$text-warning"
    return join((words, f"bold {style.removeprefix('bold ')}"), "  b: why")


def why(account: Account) -> Content | None:
    """The rule behind the main date; None where nothing of it may be heard."""
    about, premium = account.about, account.premium
    if premium is not None and premium.delinquency is DelinquencyState.TERMINATED_NONPAY:
        return _why_ended(premium)
    if about is not None and _ends_by_contract(about):
        end = about.ended_on or (premium.coverage_ends_on if premium is not None else None)
        when = f" on {end}" if end else ""
        return plain(f"The group's contract ends{when}; it is not a matter of premium.")
    return None if premium is None else _why_premium(premium)


def _why_ended(premium: Premium) -> Content:
    ends = f", {premium.coverage_ends_on}" if premium.coverage_ends_on else ""
    return lines(
        plain(f"Premium of {money(premium.open_premium)} was still open when the last grace day was over."),
        plain(f"So coverage of the whole group ended at the end of that day{ends}."),
        _MORE,
    )


def _why_premium(premium: Premium) -> Content:
    ends, by = premium.coverage_ends_on, premium.keep_coverage_by
    late = days(premium.days_past_due)
    if premium.keep_coverage_amount and by and ends:
        keep = money(premium.keep_coverage_amount)
        return lines(
            plain(f"Premium of {keep} is {f'{late} ' if premium.days_past_due else ''}past due."),
            plain(f"Coverage goes on through the grace, and ends after its last day, {ends}."),
            plain("The grace has at least 30 days; day 1 is the date of the warning letter."),
            plain(f"All of {keep} received by {by} keeps coverage without a gap."),
            plain("A part of it, or a promise to pay, changes no date."),
            _MORE,
        )
    if premium.delinquency is not DelinquencyState.CURRENT:
        return lines(
            plain(f"An invoice is {late} past due; no warning letter set an end yet."),
            plain("The grace begins with that letter and has at least 30 days."),
            _MORE,
        )
    return lines(
        plain("No premium is past due, so nothing ends coverage."),
        plain(
            "An unpaid invoice is past due the day after its due date; a warning letter then starts a grace"
        ),
        plain("of at least 30 days, in which coverage goes on."),
        _MORE,
    )
