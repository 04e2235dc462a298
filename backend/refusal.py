"""What a rule answers when it does not allow something."""

from __future__ import annotations

from dataclasses import dataclass

from api_client.types.problems import ProblemType


@dataclass(frozen=True)
class Refusal:
    """Why a rule says no: the name of the problem and a sentence a rep can read aloud."""

    type: ProblemType
    sentence: str


def not_allowed(sentence: str) -> Refusal:
    """The rep's role or part in the matter does not allow it."""
    return Refusal(ProblemType.NOT_ALLOWED, sentence)


def rule_refuses(sentence: str) -> Refusal:
    """The record is in no state for it, or a rule of the plan is against it."""
    return Refusal(ProblemType.RULE_REFUSES, sentence)
