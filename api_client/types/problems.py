"""Names of everything that can go wrong between the desk and the backend (RFC 9457 `type`).

Free of pydantic, so that both sides and the screens share the names.
"""

from __future__ import annotations

from enum import StrEnum

CONTENT_TYPE = "application/problem+json"
TYPE_PREFIX = "urn:kprep:problem:"


class ProblemType(StrEnum):
    """One name a kind of failure; the client has one exception class for each."""

    SIGN_IN_FAILED = "sign-in-failed"
    SIGN_IN_THROTTLED = "sign-in-throttled"
    CREDENTIAL_REFUSED = "credential-refused"
    SESSION_ENDED = "session-ended"
    SESSION_LOCKED = "session-locked"
    VERSION_MISMATCH = "client-version"
    NOT_ALLOWED = "not-allowed"
    NOT_FOUND = "not-found"
    INVALID = "invalid"
    TOO_LARGE = "too-large"
    IDEMPOTENCY_KEY_MISSING = "idempotency-key-missing"
    IDEMPOTENCY_KEY_REUSED = "idempotency-key-reused"
    VERSION_MISSING = "version-missing"
    STALE = "stale"
    CLAIM_MISSING = "claim-missing"
    LEASE_LOST = "lease-lost"
    CLAIMED_BY_OTHER = "claimed-by-other"
    NOTHING_WAITING = "nothing-waiting"
    NOT_VERIFIED = "not-verified"
    RULE_REFUSES = "rule-refuses"
    BUSY = "busy"
    UNAVAILABLE = "unavailable"
    INTERNAL = "internal"


RETRYABLE = frozenset({ProblemType.BUSY, ProblemType.UNAVAILABLE})
"""Failures after which the same request, with the same idempotency key, may succeed by itself."""
