"""Find anything: one field for groups, people, letters, receipts, requests and calls."""

from __future__ import annotations

from pydantic import Field

from api_client.types.call_words import FoundKind, LookReason
from api_client.types.common import Answer, CleanLine, DisplayText, Model

MOST_FOUND = 50
"""Results of one search at the most."""


class Find(Model):
    """What was typed; in a body, never in an address or a log."""

    text: CleanLine = Field(min_length=1, max_length=80)
    reason: LookReason | None = None
    """Needed to look for people with neither a caller on the line nor a claimed case."""
    limit: int = Field(default=20, ge=1, le=MOST_FOUND)


class Found(Answer):
    """One result; people are masked."""

    kind: FoundKind
    id: DisplayText
    """Group number, member number, receipt or item id."""
    label: DisplayText
    detail: DisplayText = ""
    """Where it belongs and how it stands, such as `104233 SALEM PARTS, active`."""
    matched: list[DisplayText] = []
    """What of it is what was typed, such as `last name` or `phone`."""
    group_number: DisplayText = ""
    """The account it opens in; empty where it belongs to none."""


class FoundAll(Answer):
    """Results, best first."""

    results: list[Found]
    more: bool = False
    """There are more; typing on narrows them."""
    people_need_reason: bool = False
    """People were not looked for: no caller, no case and no reason."""
    sentence: DisplayText = ""
    """Why nothing was found, or why it was not looked for."""


class FoundLine(Answer):
    """The answer to one line of an operator's queries."""

    line: int
    results: list[Found] = []
    more: bool = False
    sentence: DisplayText = ""
    error: DisplayText = ""
    """Why the line was not looked for."""


class FoundLines(Answer):
    """The answers, a line each."""

    answers: list[FoundLine]
