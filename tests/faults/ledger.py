"""What each client asked for and what it was told, in the order of one clock that only counts."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

import httpx

_ticks = itertools.count(1)


def tick() -> int:
    """The next count; everything that was told before an act began has a smaller one."""
    return next(_ticks)


class Kind(StrEnum):
    """What a client does with the queue."""

    NEXT = "next"
    CLAIM = "claim"
    EXTEND = "extend"
    SKIP = "skip"
    DECIDE = "decide"
    APPROVE = "approve"
    ASK = "ask"
    ANSWER = "answer"
    UNDO = "undo"
    HAND_OVER = "hand over"
    TAKE_BACK = "take back"


GIVES_CLAIM = frozenset({Kind.NEXT, Kind.CLAIM, Kind.UNDO})
NEEDS_CLAIM = frozenset({Kind.EXTEND, Kind.SKIP, Kind.DECIDE, Kind.ASK, Kind.HAND_OVER})


class Outcome(StrEnum):
    """What a client knows of an act."""

    DONE = "done"
    REFUSED = "refused"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Attempt:
    """One time a request was sent and an answer came back, whether or not the client got to see it."""

    begun: int
    ended: int
    status: int
    body: bytes
    replayed: bool

    @property
    def done(self) -> bool:
        return self.status < 300


@dataclass
class Sent:
    """One idempotency key: the request, and every answer that ever came to it."""

    request: httpx.Request
    begun: int = field(default_factory=tick)
    attempts: list[Attempt] = field(default_factory=list)

    @property
    def first_done(self) -> Attempt | None:
        """The first answer that says it is done."""
        return next((one for one in self.attempts if one.done), None)

    def contradiction(self) -> str:
        """What is wrong with the answers: once done, each further answer is that one again."""
        first = self.first_done
        if first is None:
            return ""
        after = self.attempts[self.attempts.index(first) + 1 :]
        if any(not one.replayed for one in after):
            return "a repeated request was not known as one"
        if any((one.status, one.body) != (first.status, first.body) for one in after):
            return "a repeated request got another answer"
        return ""


@dataclass
class Act:
    """One thing a client wanted done."""

    mark: str
    """Stands in notes, questions and answers, so that the store tells what was asked for."""
    kind: Kind
    rep: str
    item: str = ""
    token: str = ""
    """Of the claim it acts under."""
    decision: str = ""
    mrn: str = ""
    outcome: Outcome = Outcome.UNKNOWN
    problem: str = ""
    sent: Sent | None = None

    def read(self) -> None:
        """Take over what the last answer says."""
        assert self.sent is not None
        last = self.sent.first_done or self.sent.attempts[-1]
        self.outcome = Outcome.DONE if last.done else Outcome.REFUSED
        if last.done and not self.item:
            self.item = self.case["id"]
        if not last.done:
            self.problem = str(json.loads(last.body)["type"]).rpartition(":")[2]

    @property
    def answer(self) -> dict[str, Any]:
        """The answer that says it is done; empty for one without a body."""
        first = self.sent.first_done if self.sent else None
        assert first is not None
        answer: dict[str, Any] = json.loads(first.body or b"{}")
        return answer

    @property
    def case(self) -> dict[str, Any]:
        """The case in the answer."""
        answer = self.answer
        case: dict[str, Any] = answer.get("item", answer)
        return case

    @property
    def given(self) -> str:
        """The token of the claim it gave."""
        return str(self.answer["token"])

    @property
    def not_before(self) -> int:
        """It took effect after this count: when the attempt began that did it, as far as that is known."""
        assert self.sent is not None
        first = self.sent.first_done
        return first.begun if first and not first.replayed else self.sent.begun

    @property
    def not_after(self) -> int:
        """It took effect before this count: when an answer first said so."""
        assert self.sent is not None
        first = self.sent.first_done
        assert first is not None
        return first.ended


@dataclass
class Ledger:
    """All acts of all clients, and what was seen to be wrong on the way."""

    acts: list[Act] = field(default_factory=list)
    calls: int = 0
    """Requests sent, repeats included."""
    answered: int = 0
    """Writes that were answered."""
    replays: int = 0
    """Requests sent again after their answer was thrown away, or only to hear it again."""
    stale_tried: int = 0
    unknown: int = 0
    """Acts whose client had no answer after all its tries."""
    slowest: float = 0.0
    """Seconds of the longest call as its client lived it."""
    stale_accepted: list[str] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    """References of requests that ended in an internal error."""

    def of(self, *kinds: Kind, outcome: Outcome = Outcome.DONE) -> Iterable[Act]:
        """Acts of these kinds that ended so."""
        return (act for act in self.acts if act.kind in kinds and act.outcome is outcome)
