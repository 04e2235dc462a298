"""Invented answers, and a backend that keeps them in memory."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import date
from typing import Any

from api_client.errors import NotFound, Trouble
from api_client.types.answers import AnswerRow, Article, Phone
from api_client.types.common import Page
from screens.answers.answers import AnswersScreen
from screens.widgets.screen import DeskScreen
from tests.screens.desk import FakeDoor, Seconds, desk
from tests.screens.rep import Rep

QUESTIONS = {
    "cobra-online": "Can we do COBRA enrollments online?",
    "paper-bill": "Do we go on receiving a paper bill?",
    "coverage-ending": "Is our coverage ending, and what must we pay by when?",
}


def article(name: str = "cobra-online", **changes: Any) -> Article:
    """An answer about COBRA, unless changed."""
    standard: dict[str, Any] = {
        "id": name,
        "topic": "COBRA and Medicare",
        "question": QUESTIONS.get(name, "What is it?"),
        "say": "COBRA cannot be done online, because an administrator handles it for you.",
        "because": ["size by the law: 20+ employees", "COBRA administrator: Thistle Admin"],
        "points": ["the first", "the second"],
        "rule": "R14, R15: online only if the client administers COBRA itself",
        "source": "the plan's FAQ",
        "owner": "COBRA desk",
        "reviewed_on": date(2026, 8, 24),
        "menu_path": "Account services > Enrollment > COBRA",
        "phones": [Phone(whom="COBRA administrator Thistle Admin", phone="415-555-0199")],
        "group_number": "104233",
    }
    return Article(**standard | changes)


class FakeAnswers:
    """Finds the questions with the word typed, and notes what was asked."""

    def __init__(self, *known: Article) -> None:
        self.known = {one.id: one for one in known or map(article, QUESTIONS)}
        self.asked: list[str] = []
        self.failure: Exception | None = None
        self.open = asyncio.Event()
        self.open.set()

    @property
    def answers(self) -> FakeAnswers:
        return self

    async def find(self, text: str = "", *, group: str = "") -> Page[AnswerRow]:
        await self._answer(f"find {text} for {group}")
        rows = [
            AnswerRow(id=one.id, topic=one.topic, question=one.question, short=one.say)
            for one in self.known.values()
            if text.casefold() in one.question.casefold()
        ]
        return Page[AnswerRow](rows=rows)

    async def show(self, answer_id: str, *, group: str | None = None) -> Article:
        await self._answer(f"show {answer_id} for {group or 'everybody'}")
        if answer_id not in self.known:
            raise NotFound(Trouble(f"There is no answer {answer_id}."))
        return self.known[answer_id]

    async def _answer(self, asked: str) -> None:
        self.asked.append(asked)
        await self.open.wait()
        if self.failure is not None:
            raise self.failure


@asynccontextmanager
async def at_desk(
    client: FakeAnswers,
    screen: Callable[[], DeskScreen] = lambda: AnswersScreen("104233"),
    *,
    size: tuple[int, int] = (80, 24),
) -> AsyncIterator[Rep]:
    """The program with this screen as the first one."""
    seconds = Seconds()
    async with desk({"answers": screen}, door=FakeDoor(client), seconds=seconds, size=size) as (app, pilot):
        yield Rep(app, pilot, seconds)
