"""What is said of bills and unpaid premium, as tables."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from api_client.types.billing_words import BillingCycle, BillPreference, DelinquencyState, LetterKind
from backend.answers.facts import MailedLetter
from tests.unit.answers.facts import (
    D,
    bill,
    grace,
    group,
    said,
)

# -- bills and unpaid premium (R17, R23 to R26) --------------------------------------------------------


@pytest.mark.parametrize(
    ("preference", "short"),
    [
        ("paper", "yes, on paper as now"),
        ("both", "yes, on paper and online as now"),
        ("paperless", "no: online only"),
    ],
)
def test_r17_the_bill_goes_on_coming_as_it_comes_now(preference: str, short: str) -> None:
    found = said("paper", bill=bill(preference=BillPreference(preference)))
    assert found.short.startswith(short)
    assert "beginning online changes nothing" in found.because[1]


def test_r23_another_cycle_is_offered_refused_or_asked_for_already() -> None:
    offered = said(
        "cycle", bill=bill(cycle_choices=["Cycle C2 begins with January."]), group=group(employees=30)
    )
    assert (offered.short, offered.points) == ("yes, now C1", ("Cycle C2 begins with January.",))
    refused = said("cycle", bill=grace(), group=group())
    assert refused.short.startswith("no: premium is unpaid: the cycle stays")
    assert "I cannot take another billing cycle now." in refused.say
    assert "PENDING" not in refused.say
    asked = bill(next_cycle=BillingCycle.C3, next_cycle_from=D("2027-01-01"))
    assert said("cycle", bill=asked, group=group()).short == "asked for: C3"
    assert "begins with the bill for January 2027" in said("cycle", bill=asked, group=group()).say


def letter(kind: str, mailed_on: str | None, amount: str | None = None) -> MailedLetter:
    titles = {"L1": "warning letter", "L2": "termination letter"}
    money = Decimal(amount) if amount else None
    return MailedLetter(LetterKind(kind), titles[kind], D(mailed_on) if mailed_on else None, money)


BEFORE = letter("L1", "2026-08-03", "9000.00")


@pytest.mark.parametrize(
    ("of_group", "letters", "short", "words", "because"),
    [
        (bill(), [BEFORE], "none: nothing is past due", "Nothing is past due for you now.",
         ("premium: current",)),
        (grace(grace_from=None, say="", next_letter="L1 warning letter on 2026-11-23"),
         [BEFORE], "none yet: past due", "None has gone out yet.",
         ("next: L1 warning letter on 2026-11-23",)),
        (grace(next_letter="L2 termination letter on 2026-11-16"),
         [letter("L1", "2026-11-02", "10000.00"), BEFORE],
         "L1 mailed 11-02: warning letter",
         "We mailed the warning letter on November 2. Ten thousand dollars must reach us by December 1",
         ("L1 warning letter, mailed 2026-11-02, 10,000.00", "next: L2 termination letter on 2026-11-16")),
        (grace(), [letter("L2", "2026-11-16"), letter("L1", "2026-11-02", "10000.00"), BEFORE],
         "L2 mailed 11-16: termination letter",
         "We mailed the warning letter on November 2 and the termination letter on November 16.",
         ("L2 termination letter, mailed 2026-11-16", "L1 warning letter, mailed 2026-11-02, 10,000.00")),
    ],
)  # fmt: skip
def test_r24_r25_r26_the_letters_of_this_grace(
    of_group: Any, letters: list[MailedLetter], short: str, words: str, because: tuple[str, ...]
) -> None:
    found = said("letters", bill=of_group, letters=letters)
    assert (found.short, found.because) == (short, because)
    assert words in found.say


ENDED = bill(
    state=DelinquencyState.TERMINATED_NONPAY,
    coverage_end=D("2026-11-10"),
    say="Coverage ended on November 10.",
)


@pytest.mark.parametrize(
    ("of_group", "ended_on", "short", "words"),
    [
        (bill(), None, "no, paid up", "No, coverage goes on. Your account is current"),
        (grace(), None, "10,000.00 by 12-01 keeps it", "Ten thousand dollars must reach us by December 1"),
        (grace(state=DelinquencyState.PAST_DUE, keep_amount=Decimal(0), keep_by=None, say="x."), None,
         "past due, no end is set", "Premium is past due, and no end is set."),
        (ENDED, None, "ended 2026-11-10: premium not paid", "Coverage ended on November 10."),
        (bill(), "2026-12-31", "ends 2026-12-31: the contract", "contract ends on December 31"),
        (bill(), "2026-06-30", "ended 2026-06-30: the contract", "contract ended on June 30"),
        (ENDED, "2026-06-30", "ended 2026-11-10: premium not paid", "Coverage ended on November 10."),
    ],
)  # fmt: skip
def test_r25_whether_coverage_ends_and_what_keeps_it(
    of_group: Any, ended_on: str | None, short: str, words: str
) -> None:
    contract = group(ended_on=D(ended_on) if ended_on else None)
    found = said("ending", bill=of_group, group=contract)
    assert found.short == short
    assert words in found.say


def test_r25_what_keeps_coverage_stands_before_the_balance() -> None:
    found = said("balance", bill=grace())
    assert found.short == "20,025.00"
    assert found.say.startswith("Ten thousand dollars must reach us by December 1")
    assert found.say.endswith("The balance is twenty thousand twenty-five dollars.")
    assert found.because == (
        "10,000.00 premium past due or due",
        "10,000.00 billed and not due yet",
        "25.00 fees; they never end coverage",
        "last payment: nothing received yet",
    )
    ahead = said("balance", bill=bill(balance=Decimal("-40.00"), credit=Decimal("40.00")))
    assert (ahead.short, ahead.say) == ("40.00 in your favor", "The balance is forty dollars in your favor.")


@pytest.mark.parametrize(
    ("of_group", "short"),
    [
        (bill(), "not needed: not ended for unpaid premium"),
        (ENDED, "ask by 12-10, all premium paid; a lead decides"),
        (replace(ENDED, coverage_end=D("2026-10-20")), "too late since 11-19: a new application"),
        (replace(ENDED, coverage_end=D("2026-10-21")), "ask by 11-20, all premium paid; a lead decides"),
    ],
)
def test_reinstatement_is_asked_for_within_thirty_days(of_group: Any, short: str) -> None:
    assert said("reinstatement", bill=of_group).short == short
