"""One day of one account: what follows by itself from its books and its coverage on that day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from typing import Any

from api_client.types.billing import DailyReport, Incident
from api_client.types.billing_words import LetterKind, PromiseState
from api_client.types.words import EventKind
from backend.accounts import service as accounts
from backend.billing import bills, books, case, ending, standings
from backend.calls import call_backs
from backend.cards import printing
from backend.database.unit import Unit
from backend.letters import writing
from backend.policy.confirming import Confirmed, billing_entries, unconfirmed
from backend.user_ids import service as user_ids

_MOST_SAID = 100
"""Sentences of what was left undone that are kept of a day."""


@dataclass
class Tally:
    """What a run did so far; kept with it, so that one that broke off counts on."""

    groups: int = 0
    bills: int = 0
    credits: int = 0
    letters: Counter[str] = field(default_factory=Counter)
    letters_taken_back: int = 0
    ended: int = 0
    promises_broken: int = 0
    cards_due: int = 0
    user_ids_due: int = 0
    call_backs_due: int = 0
    refused: list[str] = field(default_factory=list)
    notices_after: int = 0
    """The last warning letter whose subscribers have their notices."""

    def refuse(self, sentence: str) -> None:
        """Note once what was left undone."""
        if sentence not in self.refused and len(self.refused) < _MOST_SAID:
            self.refused.append(sentence)

    def stored(self) -> dict[str, Any]:
        """As it is kept with the run."""
        return {**vars(self), "letters": dict(self.letters)}

    @classmethod
    def read(cls, stored: Mapping[str, Any]) -> Tally:
        """As it was kept."""
        return cls(**{**stored, "letters": Counter(stored.get("letters", {}))})

    def copy(self) -> Tally:
        """The same, to go back to."""
        return replace(self, letters=Counter(self.letters), refused=list(self.refused))

    def report(self, on: date, incidents: list[Incident], *, dry_run: bool = False) -> DailyReport:
        """As it is told."""
        told = {name: value for name, value in self.stored().items() if name in DailyReport.model_fields}
        return DailyReport(on=on, dry_run=dry_run, incidents=incidents, **told)


@dataclass(frozen=True)
class Rules:
    """What the whole run knows of the policy."""

    confirmed: Confirmed
    demo: bool
    """Whether nothing that is mailed reaches anybody."""

    def wanting(self, unit: Unit, account: Any) -> list[str]:
        """Entries behind the letters about unpaid premium of this group that nobody has confirmed."""
        if self.demo:
            return []
        return unconfirmed(billing_entries(unit.policy, account.billing_policy), self.confirmed)


async def live(unit: Unit, account: Any, tally: Tally, rules: Rules, *, letters: bool) -> list[str]:
    """Live the unit's day for one account: coverage that ends, bills, credits, promises, letters, standing.

    A day that is made up for has no `letters`: they count from the day they are mailed. Returns the numbers
    of what was written.
    """
    tally.groups += 1
    await standings.refresh_standing(unit, account)
    now = await books.reckoned(unit, account)
    if now.found.coverage_end is not None:
        tally.ended += await ending.end_unpaid(unit, account) > 0
    billed = await bills.bill_due(unit, account, unit.today)
    if billed.refused:
        tally.refuse(f"Group {account.number}: {billed.refused}")
    given_back = await bills.post_credits(unit, account)
    tally.bills += len(billed.numbers)
    tally.credits += given_back
    if _promise_broke(now, unit.today):
        tally.promises_broken += 1
        number, version = await accounts.touch(unit, account.id)
        unit.emit(EventKind.BILLING, number, version)
    moved = bool(billed.numbers or given_back)
    if letters and (moved or now.found.letters_due or writing.waiting(now.rows)):
        return await _letters(unit, account, tally, rules)
    return []


def _promise_broke(now: books.Reckoning, today: date) -> bool:
    """Whether the last promise was to be kept by yesterday, and was not."""
    promise = case.last_promise(now.ledger, today)
    if promise is None or promise.pay_by != today - timedelta(days=1):
        return False
    return case.became(promise, now.ledger, today) is PromiseState.BROKEN


async def _letters(unit: Unit, account: Any, tally: Tally, rules: Rules) -> list[str]:
    wanting = rules.wanting(unit, account)
    written = await writing.write_due(unit, account, confirmed=not wanting)
    tally.letters.update(written.kinds)
    tally.letters_taken_back += written.taken_back
    if written.unconfirmed:
        tally.refuse(not_confirmed(wanting))
    return written.numbers


def not_confirmed(wanting: list[str]) -> str:
    """Why no letter about unpaid premium goes, and what to do."""
    return (
        f"No L1, L2 or L3 goes while nobody has confirmed {', '.join(wanting)}; "
        "a person of the plan does: kprep-backend policy confirm ENTRY --by NAME"
    )


def left_out(number: str, reference: str) -> str:
    """That the day of a group cannot be lived."""
    return f"Group {number}: its day was not done, nothing of it was changed. Reference: {reference}"


def late_words(days: list[date]) -> str:
    """That days were missed, all but the last of these, and what follows."""
    first, last, today = days[0], days[-2], days[-1]
    missed = f"run of {first} was" if first == last else f"runs of {first} to {last} were"
    return (
        f"The daily {missed} not done in time and made up for on {today}: letters that fell due since then "
        "go now, and the dates that count from them move."
    )


async def notices(unit: Unit, tally: Tally, after: int | None) -> tuple[bool, int | None]:
    """Write the next notices to subscribers; returns whether more are to come, and after whom."""
    letter = await writing.next_warning(unit, tally.notices_after)
    if letter is None:
        return False, None
    account = await accounts.account_by_id(unit, letter.account_id)
    went = await writing.write_notices(unit, account, letter, after)
    tally.letters[LetterKind.L1_SUBSCRIBER] += went.written
    if went.without_address:
        tally.refuse(
            f"Group {account.number}: {went.without_address} subscribers got no notice that grace began; "
            "no address of theirs is on file."
        )
    if went.after is None:
        tally.notices_after = letter.id
    return True, went.after


async def count_due(unit: Unit, tally: Tally) -> None:
    """Count what people have to do today; desks show the call-backs anew."""
    tally.cards_due = await printing.count_due(unit)
    tally.user_ids_due = await user_ids.count_due(unit)
    tally.call_backs_due = await call_backs.remind(unit)
