"""What is said about bills and unpaid premium (R17, R23 to R26). Pure: dates and sums are billing's."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta

from api_client.types.billing_words import BillPreference, DelinquencyState, LetterKind
from backend.answers.facts import Bill, Facts, MailedLetter
from backend.answers.said import Said
from backend.billing.rules import dollars
from backend.billing.say import in_words, spoken_date

_ONLINE = "beginning online changes nothing about the bill; only the client's own request does"


def paper(facts: Facts) -> Said | None:
    """How the bill comes now; it stays so until the client asks for another way (R17)."""
    bill = facts.bill
    if bill is None:
        return None
    short, say = {
        BillPreference.PAPER: (
            "yes, on paper as now",
            "Yes. Your bill comes on paper and goes on so, also when you use the online service.",
        ),
        BillPreference.BOTH: (
            "yes, on paper and online as now",
            "Yes. Your bill comes on paper and online, and it stays so until you ask for something else.",
        ),
        BillPreference.PAPERLESS: (
            "no: online only, as your company asked",
            "Your bill comes online only now; warning and termination letters still come by mail. "
            "I can have the paper bill sent again if you ask for it.",
        ),
    }[bill.preference]
    return Said(short, say, (f"bill: {bill.preference.value}", _ONLINE))


# -- the billing cycle -----------------------------------------------------------------------------


def cycle(facts: Facts) -> Said | None:
    """Whether this group may choose another cycle now, and what each would do (R23); billing decides it."""
    bill, group = facts.bill, facts.group
    if bill is None or group is None:
        return None
    because = [
        f"cycle {bill.cycle.value} now",
        f"{group.employees} employees on record",
        f"premium: {_STATES[bill.state]}",
    ]
    asked = ""
    if bill.next_cycle is not None and bill.next_cycle_from is not None:
        because.append(f"{bill.next_cycle.value} asked for, from {bill.next_cycle_from:%Y-%m} on")
        asked = (
            f"Another one is asked for already and begins with the bill for {bill.next_cycle_from:%B %Y}. "
        )
    if bill.cycle_refused:
        refused = bill.cycle_refused
        short = f"no: {refused[0].lower()}{refused[1:].rstrip('.')}"
        return Said(short, f"{asked}I cannot take another billing cycle now. {refused}", tuple(because))
    return Said(
        f"asked for: {bill.next_cycle.value}"
        if asked and bill.next_cycle
        else f"yes, now {bill.cycle.value}",
        f"{asked}Yes, I can take another billing cycle for you. It begins with a month that is not billed "
        "yet, and moves no bill that is out already.",
        tuple(because),
        tuple(bill.cycle_choices),
    )


# -- unpaid premium --------------------------------------------------------------------------------

_STATES = {
    DelinquencyState.CURRENT: "current",
    DelinquencyState.PAST_DUE: "past due",
    DelinquencyState.GRACE: "in grace",
    DelinquencyState.TERM_PENDING: "end of coverage announced",
    DelinquencyState.TERMINATED_NONPAY: "ended unpaid",
}
_DUNNING = (LetterKind.L1, LetterKind.L2, LetterKind.L3)
_RULE = (
    "First comes a warning letter with the balance and the day to pay by; if it stays unpaid, a termination "
    "letter follows that names the day coverage will end."
)


def letters(facts: Facts) -> Said | None:
    """Which letters went out about what is unpaid now, and which comes next (R24 to R26)."""
    bill, all_letters = facts.bill, facts.letters
    if bill is None or all_letters is None:
        return None
    if bill.state is DelinquencyState.CURRENT:
        return Said(
            "none: nothing is past due", f"{_RULE} Nothing is past due for you now.", ("premium: current",)
        )
    sent = [one for one in all_letters if _of_this_grace(one, bill)]
    because = [f"{one.kind.value} {one.title}, mailed {one.mailed_on}{_amount(one)}" for one in sent]
    if bill.next_letter:
        because.append(f"next: {bill.next_letter}")
    if not sent:
        return Said(
            "none yet: past due", f"{_RULE} None has gone out yet. {bill.say}".strip(), tuple(because)
        )
    newest = sent[0]
    assert newest.mailed_on is not None
    went = [
        f"the {one.title} on {spoken_date(one.mailed_on, facts.today)}"
        for one in reversed(sent)
        if one.mailed_on
    ]
    return Said(
        f"{newest.kind.value} mailed {newest.mailed_on:%m-%d}: {newest.title}",
        f"We mailed {' and '.join(went)}. {bill.say}",
        tuple(because),
    )


def _of_this_grace(one: MailedLetter, bill: Bill) -> bool:
    since = bill.grace_from
    return one.kind in _DUNNING and one.mailed_on is not None and since is not None and one.mailed_on >= since


def _amount(one: MailedLetter) -> str:
    return f", {dollars(one.amount)}" if one.amount is not None else ""


def ending(facts: Facts) -> Said | None:
    """Whether coverage ends, and what keeps it by when: that comes first (R25, R26)."""
    bill, group = facts.bill, facts.group
    if bill is None or group is None:
        return None
    because = [f"premium: {_STATES[bill.state]}, {dollars(bill.open_premium)} open"]
    if bill.state is DelinquencyState.TERMINATED_NONPAY:
        on = f" {bill.coverage_end}" if bill.coverage_end else ""
        return Said(f"ended{on}: premium not paid", bill.say, tuple(because))
    if group.ended_on is not None:
        over = group.ended_on < facts.today
        word = "ended" if over else "ends"
        day = spoken_date(group.ended_on, facts.today)
        say = f"Your group's contract {word} on {day}, and coverage with it; that is no matter of premium."
        return Said(
            f"{word} {group.ended_on}: the contract", say, (f"contract {word} {group.ended_on}", *because)
        )
    if bill.keep_amount and bill.keep_by:
        because.append(f"keeps coverage: {dollars(bill.keep_amount)} received by {bill.keep_by}")
        if bill.end_if_unpaid:
            because.append(f"ends {bill.end_if_unpaid} if unpaid")
        short = f"{dollars(bill.keep_amount)} by {bill.keep_by:%m-%d} keeps it"
        return Said(short, bill.say, tuple(because))
    if bill.state is not DelinquencyState.CURRENT:
        return Said(
            "past due, no end is set", f"Premium is past due, and no end is set. {bill.say}", tuple(because)
        )
    return Said("no, paid up", f"No, coverage goes on. {bill.say}", tuple(because))


def balance(facts: Facts) -> Said | None:
    """The balance with its parts; what keeps coverage is said before it (R25)."""
    bill = facts.bill
    if bill is None:
        return None
    parts = [
        (bill.open_premium - bill.not_due_yet, "premium past due or due"),
        (bill.not_due_yet, "billed and not due yet"),
        (bill.fees, "fees; they never end coverage"),
    ]
    because = [f"{dollars(amount)} {what}" for amount, what in parts if amount]
    if bill.credit:
        because.append(f"{dollars(bill.credit)} credit")
    because.append(f"last payment: {bill.last_payment}")
    first = f"{bill.say} " if bill.keep_amount else ""
    if bill.balance < 0:
        return Said(
            f"{dollars(-bill.balance)} in your favor",
            f"{first}The balance is {in_words(-bill.balance)} in your favor.",
            tuple(because),
        )
    return Said(dollars(bill.balance), f"{first}The balance is {in_words(bill.balance)}.", tuple(because))


def reinstatement(facts: Facts) -> Said | None:
    """Until when coverage that ended unpaid can be asked back; a lead decides."""
    bill = facts.bill
    if bill is None:
        return None
    if bill.state is not DelinquencyState.TERMINATED_NONPAY or bill.coverage_end is None:
        return Said("not needed: not ended for unpaid premium", "Coverage has not ended for unpaid premium.",
                    (f"premium: {_STATES[bill.state]}",))  # fmt: skip
    until = bill.coverage_end + timedelta(days=facts.plan.reinstatement_days)
    because = (f"coverage ended {bill.coverage_end}", f"to be asked for by {until}", "once in 12 months")
    if until < facts.today:
        return Said(
            f"too late since {until:%m-%d}: a new application",
            f"It had to be asked for by {spoken_date(until, facts.today)}. A new application is the way now.",
            because,
        )
    return Said(
        f"ask by {until:%m-%d}, all premium paid; a lead decides",
        f"You can ask for it until {spoken_date(until, facts.today)}, with all premium through this month "
        "paid. A lead decides; I cannot promise it.",
        because,
    )


RULES: Mapping[str, Callable[[Facts], Said | None]] = {
    "paper": paper,
    "cycle": cycle,
    "letters": letters,
    "ending": ending,
    "balance": balance,
    "reinstatement": reinstatement,
}
