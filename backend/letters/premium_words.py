"""Words of the letters about premium. Every figure and date in them is from the facts; none is typed here."""

from __future__ import annotations

from decimal import Decimal

from backend.letters.facts import (
    BalanceFacts,
    BillFacts,
    EndFacts,
    LetterFacts,
    PlanFacts,
    ReinstatementFacts,
    ReturnedFacts,
    SubscriberFacts,
    TerminationFacts,
    WarningFacts,
)
from backend.letters.paper import Figure, Section, Words, day, money, month, weekday

_GRACE_LAW = (
    "Law: California Code of Regulations, title 28, section 1300.65 (grace period and notices); Health and "
    "Safety Code, section 1365 (your right to a grievance)."
)
_KEEP = "Premium that must be paid to keep coverage"
_LAST_DAY = "Last day to pay"


def warning(facts: LetterFacts, about: WarningFacts) -> Words:
    """L1 (R25): what is open, what must be paid and by when; grace starts on its date (28 CCR 1300.65)."""
    last = day(about.last_day)
    return Words(
        title="Warning: premium is past due. Notice of start of grace period",
        opening=(
            f"We have not received all of the premium of {facts.group_name} for {month(about.bill.month)}. "
            f"It was due on {day(about.bill.due)}.",
            f"Your coverage goes on for now. A grace period of {about.grace_days} days starts today, "
            f"{day(facts.dated)}, and its last day is {last}. If the premium below has not reached us by the "
            "end of that day, coverage ends then for everyone in your group.",
        ),
        key=(Figure(_KEEP, money(about.keep)), Figure(_LAST_DAY, weekday(about.last_day))),
        account_title=f"Your account on {day(facts.dated)}",
        account=_account(about.balance, about.bill),
        sections=(
            _what_counts(about.balance, about.keep, last),
            _how_to_pay(facts),
            Section(
                "During the grace period",
                (
                    f"Your employees and their families stay covered through {last}. Premium is owed for the "
                    "days of the grace period, even if coverage ends.",
                ),
            ),
            _rights(facts.plan),
        ),
        law=_GRACE_LAW,
    )


def subscriber(facts: LetterFacts, about: SubscriberFacts) -> Words:
    """L1 to a subscriber: dates and rights, no balance (28 CCR 1300.65)."""
    last = day(about.last_day)
    return Words(
        title="Your group's premium is past due. Notice of start of grace period",
        opening=(
            f"You have health coverage through {facts.group_name}. Its premium for {month(about.month)} has "
            "not been paid in full.",
            "You are covered now, and you need not pay us anything. A grace period of "
            f"{about.grace_days} days started on {day(about.grace_from)}. You and your family stay covered "
            f"through its last day, {last}.",
        ),
        key=(
            Figure("Grace period starts", weekday(about.grace_from)),
            Figure("Last day of the grace period", weekday(about.last_day)),
        ),
        sections=(
            Section(
                "What happens next",
                (
                    f"If your employer pays by {last}, your coverage goes on without a break. If not, it "
                    "ends at the end of that day, and we write to you again.",
                    "Please ask your employer whether the premium will be paid. Care you receive during the "
                    "grace period is covered as before.",
                ),
            ),
            _rights(facts.plan),
        ),
        law=_GRACE_LAW,
    )


def termination(facts: LetterFacts, about: TerminationFacts) -> Words:
    """L2 (R26): the day coverage will end."""
    ends = day(about.ends_on)
    return Words(
        title="Termination letter: your coverage will end",
        opening=(
            f"We wrote to you on {day(about.warned_on)} about the premium of {facts.group_name} for "
            f"{month(about.bill.month)}, due on {day(about.bill.due)}. It is still not paid in full.",
            f"Coverage ends for everyone in your group at the end of {weekday(about.ends_on)}, unless the "
            "premium below reaches us by then.",
        ),
        key=(
            Figure("Date coverage ends", weekday(about.ends_on)),
            Figure(_KEEP, money(about.keep)),
            Figure(_LAST_DAY, weekday(about.ends_on)),
        ),
        account_title=f"Your account on {day(facts.dated)}",
        account=_account(about.balance, about.bill),
        sections=(
            _what_counts(about.balance, about.keep, ends),
            _how_to_pay(facts),
            Section(
                "If coverage ends",
                (
                    f"Care that your employees and their families receive after {ends} is not covered by the "
                    "plan. Please tell them. Premium is owed for the days they were covered.",
                ),
            ),
            _rights(facts.plan),
        ),
        law=_GRACE_LAW,
    )


def end(facts: LetterFacts, about: EndFacts) -> Words:
    """L3: coverage has ended (28 CCR 1300.65)."""
    back, again = _way_back(about)
    return Words(
        title="Notice of end of coverage",
        opening=(
            f"The coverage of {facts.group_name} ended at the end of {day(about.ended_on)}, because the "
            f"premium for {month(about.bill.month)} was not paid. It was due on {day(about.bill.due)}.",
            f"We wrote to you about it on {day(about.warned_on)} and on {day(about.noticed_on)}.",
        ),
        key=(Figure("Last day of coverage", weekday(about.ended_on)), *back),
        account_title=f"Your account on {day(facts.dated)}",
        account=_account(about.balance, about.bill),
        sections=(
            again,
            Section(
                "What you owe, and what ends",
                (
                    f"Care received after {day(about.ended_on)} is not covered. Premium is owed for the days "
                    "your group was covered, the grace period among them.",
                ),
            ),
            Section(
                "Other coverage for your employees",
                (
                    "Please tell your employees now. They may be able to buy coverage of their own, but the "
                    "time to do so is short. Members on COBRA through your group lose it too.",
                ),
            ),
            _rights(facts.plan),
        ),
        law=_GRACE_LAW,
    )


def _way_back(about: EndFacts) -> tuple[tuple[Figure, ...], Section]:
    """What must be paid by when to ask for coverage back, and how."""
    heading = "If you want coverage back"
    if about.reinstate is None or about.reinstate_by is None:
        return (), Section(
            heading,
            ("We can no longer give this coverage back without a new application. Please call us about it.",),
        )
    figures = (
        Figure("Premium to pay to ask for coverage back", money(about.reinstate)),
        Figure("Last day to ask", weekday(about.reinstate_by)),
    )
    how = (
        "You can ask us to give coverage back without a break. Call or write to us, and pay "
        f"{money(about.reinstate)}, which is all premium through the current month. Both must reach us by "
        f"{day(about.reinstate_by)}. We tell you in writing what we decide."
    )
    return figures, Section(heading, (how,))


def reinstatement(facts: LetterFacts, about: ReinstatementFacts) -> Words:
    """Coverage goes on as if it had not ended."""
    following = f" Your next bill is due on {day(about.next_due)}." if about.next_due else ""
    return Words(
        title="Your coverage is reinstated",
        opening=(
            f"Good news: the coverage of {facts.group_name} is back. You asked for it on "
            f"{day(about.requested_on)}, and we approved it on {day(about.approved_on)}.",
            f"There is no gap. Coverage that had ended on {day(about.ended_on)} goes on from the next day, "
            "as if it had never ended.",
        ),
        key=(Figure("Reinstated on", weekday(about.approved_on)),),
        account_title=f"Your account on {day(facts.dated)}",
        account=_account(about.balance, None),
        sections=(
            Section(
                "What this means",
                (
                    "Members keep the cards they have. Care they received since then is covered; a bill they "
                    "were sent for it can be sent to us.",
                    f"Please pay each bill by its due date.{following} How often coverage can be given back "
                    "like this is limited by your contract.",
                ),
            ),
            _how_to_pay(facts),
        ),
    )


def returned(facts: LetterFacts, about: ReturnedFacts) -> Words:
    """A payment came back; its premium is open again."""
    return Words(
        title="Your payment was returned",
        opening=(
            f"The bank returned your payment {about.payment} of {money(about.amount)}, which we had received "
            f"on {day(about.received_on)}. The bank's date is {day(about.returned_on)}.",
            "What it had paid is open again."
            + (
                f" A fee of {money(about.fee)} was charged for the returned payment. It is owed, but "
                "coverage never ends because of a fee."
                if about.fee
                else ""
            ),
        ),
        key=(
            Figure("Payment returned", money(about.amount)),
            Figure("Fee", money(about.fee)),
        ),
        account_title=f"Your account on {day(facts.dated)}",
        account=_account(about.balance, None),
        sections=(
            *_certified(about),
            _how_to_pay(facts),
            Section(
                "If premium is past due",
                (
                    "Where this leaves premium past due, a letter of its own names the amount and the last "
                    "day to pay. Your bank can tell you why it returned the payment.",
                ),
            ),
        ),
    )


def _certified(about: ReturnedFacts) -> tuple[Section, ...]:
    if about.certified_until is None:
        return ()
    said = (
        f"This was not the first payment that came back. Through {day(about.certified_until)} we can only "
        "take a cashier's check or a wire."
    )
    return (Section("Certified funds only", (said,)),)


def _account(balance: BalanceFacts, bill: BillFacts | None) -> tuple[Figure, ...]:
    of_bill = (
        ()
        if bill is None
        else (
            Figure("Bill", f"{bill.number}, {month(bill.month)}"),
            Figure("Due date of this bill", day(bill.due)),
        )
    )
    return (
        *of_bill,
        Figure("Premium open", money(balance.premium)),
        Figure("Fees open", money(balance.fees)),
        Figure("Credit", money(-balance.credit)),
        Figure("Account balance", money(balance.balance)),
    )


def _what_counts(balance: BalanceFacts, keep: Decimal, last: str) -> Section:
    said = [
        f"Pay {money(keep)} by {last} and coverage goes on without a break. Paying a part lowers what is "
        "open; it does not move the date. A promise to pay does not move it either."
    ]
    if balance.fees:
        said.append(
            f"The fees of {money(balance.fees)} are owed, but they do not count here: coverage does not end "
            "because of a fee."
        )
    if balance.premium > keep:
        said.append(f"Premium of {money(balance.premium - keep)} for other bills is not part of this letter.")
    return Section("What counts", tuple(said))


def _how_to_pay(facts: LetterFacts) -> Section:
    plan = facts.plan
    points = []
    if plan.pay_online:
        points.append(f"Online: {plan.pay_online}.")
    if plan.pay_to:
        points.append(
            f"By check: to {', '.join(plan.pay_to)}. Write your group number, {facts.group_number}, on it."
        )
    points.append(f"Questions: {phone(plan)}.")
    return Section("How to pay", (), tuple(points))


def _rights(plan: PlanFacts) -> Section:
    return Section(
        "Your rights",
        (
            "If you believe that coverage is ended wrongly, or will be, you have the right to file a "
            f"grievance. Call us at {phone(plan)}, or write to us. We answer within "
            f"{plan.grievance_days} calendar days.",
            "If our answer does not help you, or does not come in time, ask the help center of the "
            f"{plan.regulator}: {plan.regulator_phone}, {plan.regulator_site}.",
        ),
    )


def phone(plan: PlanFacts) -> str:
    """The number to call, with its hours where they are known."""
    return f"{plan.phone} ({plan.hours})" if plan.hours else plan.phone
