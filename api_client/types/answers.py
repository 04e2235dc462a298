"""Answers: the plan's FAQ as articles, each answered for the account on the screen."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from api_client.types.common import Answer, CleanLine, DisplayText, Model


class FindAnswers(Model):
    """What a caller wants to know."""

    text: CleanLine = Field(default="", max_length=200)
    """Empty lists every question."""
    group_number: CleanLine = Field(default="", max_length=30)
    """The account on the screen; empty for an answer that holds for everybody."""


class AnswerRow(Answer):
    """One question with its answer in a line, best first."""

    id: str
    topic: DisplayText
    question: DisplayText
    short: DisplayText
    """The answer for this account in a few words."""


class Phone(Answer):
    """Whom to call, data of the plan or of the account."""

    whom: DisplayText
    phone: DisplayText


class Article(Answer):
    """One question, answered."""

    id: str
    topic: DisplayText
    question: DisplayText
    say: DisplayText
    """The sentence for the caller."""
    because: list[DisplayText]
    """The facts of this account it rests on; empty where it holds for everybody."""
    points: list[DisplayText] = []
    """A list to read out, such as what members find on their own site."""
    rule: DisplayText
    source: DisplayText
    owner: DisplayText
    reviewed_on: date
    menu_path: DisplayText = ""
    phones: list[Phone] = []
    group_number: DisplayText = ""
    locked: bool = False
    """The caller is not verified for this account: what is said holds for everybody."""
