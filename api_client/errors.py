"""Everything a request can fail with: one class a problem type, each with a sentence to read aloud."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, ClassVar

from api_client.types.problems import RETRYABLE, ProblemType


@dataclass(frozen=True)
class Trouble:
    """What a failure says; texts are safe to show."""

    detail: str
    request_id: str = ""
    errors: Mapping[str, str] = field(default_factory=dict)
    """What is wrong with which field of what was sent."""
    current: Mapping[str, Any] | None = None
    """The present state of the record, when it was changed by somebody else meanwhile."""
    holder: str = ""
    until: datetime | None = None


class ApiError(Exception):
    """The backend refused, or no answer could be had."""

    type: ClassVar[ProblemType | None] = None

    def __init__(self, trouble: Trouble) -> None:
        super().__init__(type(self).__name__)
        self.trouble = trouble

    @property
    def detail(self) -> str:
        """A sentence a rep can read aloud."""
        return self.trouble.detail

    @property
    def request_id(self) -> str:
        """The reference that finds the request in the logs; empty when it reached nobody."""
        return self.trouble.request_id

    @property
    def retryable(self) -> bool:
        """Whether the same request may succeed by itself a little later."""
        return self.type in RETRYABLE


class SignInFailed(ApiError):
    type = ProblemType.SIGN_IN_FAILED


class SignInThrottled(ApiError):
    type = ProblemType.SIGN_IN_THROTTLED


class CredentialRefused(ApiError):
    type = ProblemType.CREDENTIAL_REFUSED


class SessionEnded(ApiError):
    type = ProblemType.SESSION_ENDED


class SessionLocked(ApiError):
    type = ProblemType.SESSION_LOCKED


class VersionMismatch(ApiError):
    type = ProblemType.VERSION_MISMATCH


class NotAllowed(ApiError):
    type = ProblemType.NOT_ALLOWED


class NotFound(ApiError):
    type = ProblemType.NOT_FOUND


class Invalid(ApiError):
    type = ProblemType.INVALID


class TooLarge(ApiError):
    type = ProblemType.TOO_LARGE


class IdempotencyKeyMissing(ApiError):
    type = ProblemType.IDEMPOTENCY_KEY_MISSING


class IdempotencyKeyReused(ApiError):
    type = ProblemType.IDEMPOTENCY_KEY_REUSED


class VersionMissing(ApiError):
    type = ProblemType.VERSION_MISSING


class Stale(ApiError):
    type = ProblemType.STALE


class ClaimMissing(ApiError):
    type = ProblemType.CLAIM_MISSING


class LeaseLost(ApiError):
    type = ProblemType.LEASE_LOST


class ClaimedByOther(ApiError):
    type = ProblemType.CLAIMED_BY_OTHER


class NotVerified(ApiError):
    """The caller on the line has not proved that they may hear this."""

    type = ProblemType.NOT_VERIFIED


class NothingWaiting(ApiError):
    type = ProblemType.NOTHING_WAITING


class RuleRefuses(ApiError):
    type = ProblemType.RULE_REFUSES


class Busy(ApiError):
    type = ProblemType.BUSY


class Unavailable(ApiError):
    type = ProblemType.UNAVAILABLE


class Internal(ApiError):
    type = ProblemType.INTERNAL


class NoAnswer(ApiError):
    """The backend could not be reached, or what it answered was cut short or is not understood."""

    @property
    def retryable(self) -> bool:
        """Nothing is known against trying again."""
        return True


BY_TYPE: Mapping[ProblemType, type[ApiError]] = {
    known.type: known for known in ApiError.__subclasses__() if known.type is not None
}
"""The class of each problem type."""
