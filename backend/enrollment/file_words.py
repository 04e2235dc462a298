"""What is said of a file to a rep and to the client who asks. Pure."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import MAXYEAR, date, timedelta

from api_client.types.words import FileState, Outcome
from backend.enrollment.gates import earliest_uncovered

_SSN = re.compile(r"(?<!\d)\d{3}\D?\d{2}\D?(\d{4})(?!\d)")


def masked_number(subscriber_number: str) -> str:
    """A subscriber number as a rep sees it: many senders use the SSN, of which four digits may be seen,
    or put the number of the person in the family behind it."""
    return _SSN.sub(r"***-**-\1", subscriber_number)


def totals(counts: Mapping[str, Mapping[str, int]]) -> dict[str, int]:
    """Members by outcome, over all maintenance types."""
    return {outcome: sum(kinds.values()) for outcome, kinds in counts.items()}


def say(state: FileState, counts: Mapping[str, int], *, absent: int, errors: int, known_sender: bool) -> str:
    """The sentence for the client who asks what became of the file."""
    refused, queued = counts.get(Outcome.REFUSED, 0), counts.get(Outcome.QUEUED, 0)
    match state:
        case FileState.RECEIVED:
            return "We have the file and are working on it."
        case FileState.STOPPED:
            return "We have the file, and part of it is done; we will go on with it."
        case FileState.HELD:
            return "We have the file; before we go on, somebody here must look at it."
        case FileState.DUPLICATE:
            return "We had this very file before; the answer you got then stands."
        case FileState.ENVELOPE_REJECTED | FileState.STRUCTURE_REJECTED:
            return (
                f"We could not read the file; {_many(errors, 'error')} must be put right, then send it again."
            )
        case FileState.RECONCILED:
            return f"We compared the file with our records; {_differ(absent)}nothing was changed."
        case FileState.EDITED if not known_sender:
            return "We read the file, but its sender may not send us changes yet; nothing was changed."
        case FileState.EDITED:
            return "We read the file as a trial; nothing was changed."
        case _:
            parts = [_members(counts.get(Outcome.APPLIED, 0), "done")]
            parts += [_members(queued, "waiting for one of us, within 48 hours")] if queued else []
            parts += [_members(refused, "refused")] if refused else []
            missing = f" {_many(absent, 'person')} missing from it must be decided about." if absent else ""
            return f"We have taken the file: {', '.join(parts)}.{missing}"


def _many(count: int, what: str) -> str:
    plural = {"person": "people", "error": "errors"}[what]
    return f"{count:,} {what if count == 1 else plural}"


def _members(count: int, what: str) -> str:
    return f"{count:,} {what}"


def _differ(absent: int) -> str:
    return f"{_many(absent, 'person')} we have on record missing from it; " if absent else ""


def last_day_refused(ends_on: date | None, received_on: date, retro_months: int) -> str:
    """Why the coverage of somebody missing cannot end with this day; empty when it can.

    It reaches back as far as a termination does: the first day without coverage is not before the month
    the file was received in, less the months of the policy.
    """
    if ends_on is None:
        return "The last covered day is missing."
    if ends_on.year == MAXYEAR:
        return "The year 9999 means never; a last covered day is needed."
    earliest = earliest_uncovered(received_on, retro_months)
    if ends_on + timedelta(days=1) < earliest:
        return f"The end lies before {earliest}, the first day a termination may reach back to."
    return ""
