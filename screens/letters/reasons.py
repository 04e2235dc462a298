"""What each letter of the plan is, why it goes, and what `?` says of one."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.billing_words import LetterKind
from screens.letters.presentation import SETTLED
from screens.widgets.text import lines, plain, short_day

if TYPE_CHECKING:
    from api_client.types.letters import LetterRow

WHAT = {
    LetterKind.L1: (
        "The warning letter says what must be paid to keep coverage, and by when. It goes when a bill is "
        "unpaid after its due date, and its date begins the grace period (28 CCR 1300.65)."
    ),
    LetterKind.L2: (
        "The termination letter says on which day coverage ends. It goes inside the grace period when the "
        "bill is still unpaid after the warning letter; payment until that day keeps coverage."
    ),
    LetterKind.L3: (
        "The notice of end says that coverage has ended, since when and why. It goes within five days after "
        "the end (28 CCR 1300.65), and names the right to a review."
    ),
    LetterKind.L1_SUBSCRIBER: (
        "The notice to a subscriber goes with the warning letter to the client: dates and rights, and no "
        "balance, because what the employer owes is not the subscriber's to pay (28 CCR 1300.65)."
    ),
    LetterKind.REINSTATEMENT: (
        "It says that coverage which had ended unpaid is given back with no day missing. It goes when a lead "
        "has approved the client's request."
    ),
    LetterKind.RETURNED_PAYMENT: (
        "It says that the bank brought a payment back, which fee that costs, and whether only certified "
        "funds are taken from now on. It goes when the bank's word is recorded."
    ),
    LetterKind.USER_ID: (
        "It brings the administrator's user ID and one-time code to the client, by post only. Nobody here "
        "can see either."
    ),
    LetterKind.ID_NOTICE: (
        "It tells another person of the client that a user ID or a code is in the mail, without either, so "
        "that nobody gets one unnoticed. It goes with the letter that brings them."
    ),
    LetterKind.ID_DENIED: (
        "It says that a request form for a user ID was not accepted, why, and what to send instead. It goes "
        "to the client's address of record when a rep denies the request."
    ),
    LetterKind.ENROLLMENT_RETURNED: (
        "It says that an enrollment could not be taken, and why. It goes when a rep returns it to the "
        "employer."
    ),
    LetterKind.REQUEST_FORM: (
        "The form with which a client asks for a user ID: it is filled in, signed and faxed back. It goes "
        "when somebody asks for it."
    ),
    LetterKind.COBRA_PACKET: (
        "What a member needs to choose Cal-COBRA. It goes to the member's own address when it is asked for."
    ),
}
"""What a letter says, and what makes it go (R24-R26 and the law)."""
_ALWAYS = (
    "Letters are written by the plan's rules, never by hand; a copy says what the letter said.",
    "A copy goes to the client's address of record, or to the broker whose letter is in date.",
    "It waits ten minutes in which u takes it back, and moves no date of the bill.",
)
_HOLDS_END = (LetterKind.L1, LetterKind.L2)


def why(one: LetterRow | None, today: date) -> Content:
    """What the letter under the cursor is and says, why it went, and what a copy is."""
    said: Sequence[str] = [] if one is None else [*about(one, today), ""]
    return lines(*map(plain, (*said, *_ALWAYS)))


def why_kind(kind: LetterKind) -> Content:
    """What a letter of this kind is, and why it went."""
    return lines(plain(WHAT[kind]), plain(""), *map(plain, _ALWAYS))


def about(one: LetterRow, today: date) -> list[str]:
    """Sentences about one letter."""
    rows = [f"{one.id} {one.title}, written {short_day(one.created_on, today)}.", WHAT[one.kind]]
    if one.copy_of:
        rows.append(f"It repeats {one.copy_of} word for word.")
    if one.amount is not None:
        rows.append(f"It names {one.amount:,.2f} to be paid.")
    if one.ends_on is not None:
        rows.append(f"It names {one.ends_on} as the last day of coverage.")
    if one.notices:
        rows.append(f"{one.notices} subscribers get their own notice with it.")
    if one.batch:
        rows.append(f"It went with mailing {one.batch}.")
    if one.returned_on is not None:
        rows.append(_returned(one, one.returned_on))
    return rows


def _returned(one: LetterRow, day: date) -> str:
    if one.settled is not None:
        return f"The post brought it back on {day}; that is settled: {SETTLED[one.settled]}."
    holds = "; by the plan's rules coverage does not end while that is open" if one.kind in _HOLDS_END else ""
    return f"The post brought it back on {day}, and nobody has settled that{holds}."
