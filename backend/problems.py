"""What a service raises when it cannot do what was asked: a named problem with a sentence."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from api_client.types.problems import ProblemType
from backend.refusal import Refusal

_TITLES: dict[ProblemType, tuple[int, str]] = {
    ProblemType.SIGN_IN_FAILED: (401, "Sign-in failed"),
    ProblemType.SIGN_IN_THROTTLED: (429, "Too many tries"),
    ProblemType.CREDENTIAL_REFUSED: (401, "Sign in with your password"),
    ProblemType.SESSION_ENDED: (401, "Session ended"),
    ProblemType.SESSION_LOCKED: (423, "Session locked"),
    ProblemType.VERSION_MISMATCH: (426, "Client and server do not fit"),
    ProblemType.NOT_ALLOWED: (403, "Not allowed"),
    ProblemType.NOT_FOUND: (404, "Not found"),
    ProblemType.INVALID: (422, "Not valid"),
    ProblemType.TOO_LARGE: (413, "Too large"),
    ProblemType.IDEMPOTENCY_KEY_MISSING: (400, "Idempotency key missing"),
    ProblemType.IDEMPOTENCY_KEY_REUSED: (422, "Idempotency key used for something else"),
    ProblemType.VERSION_MISSING: (428, "Version missing"),
    ProblemType.STALE: (412, "Changed by someone else"),
    ProblemType.CLAIM_MISSING: (409, "Not claimed"),
    ProblemType.LEASE_LOST: (409, "Claim lost"),
    ProblemType.CLAIMED_BY_OTHER: (409, "Claimed by another rep"),
    ProblemType.NOTHING_WAITING: (404, "Nothing waiting"),
    ProblemType.NOT_VERIFIED: (403, "Caller not verified"),
    ProblemType.RULE_REFUSES: (409, "A rule refuses this"),
    ProblemType.BUSY: (503, "Busy"),
    ProblemType.UNAVAILABLE: (503, "Not available"),
    ProblemType.INTERNAL: (500, "Something went wrong here"),
}


class Problem(Exception):
    """A refusal with its name, HTTP status and a sentence that can be read aloud.

    With `keep` the unit of work commits all the same: a failed sign-in is counted, not forgotten.
    """

    def __init__(
        self,
        type: ProblemType,  # noqa: A002  (the member's name in RFC 9457)
        detail: str,
        *,
        errors: list[tuple[str, str]] | None = None,
        current: dict[str, Any] | None = None,
        holder: str | None = None,
        until: datetime | None = None,
        keep: bool = False,
    ) -> None:
        super().__init__(type.value)
        self.type = type
        self.detail = detail
        self.status, self.title = _TITLES[type]
        self.errors = errors or []
        self.current = current
        self.holder = holder
        self.until = until
        self.keep = keep


def raise_refused(refusal: Refusal | None) -> None:
    """Raises what a rule refuses as a problem, unless it refuses nothing."""
    if refusal is not None:
        raise Problem(refusal.type, refusal.sentence)


def not_found(what: str, which: str) -> Problem:
    """There is no such record, said with the id that was asked for."""
    return Problem(ProblemType.NOT_FOUND, f"There is no {what} {which}.")
