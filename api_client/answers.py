"""Answers of the plan's FAQ."""

from __future__ import annotations

from urllib.parse import quote

from api_client._http import Http
from api_client.types.answers import AnswerRow, Article, FindAnswers
from api_client.types.common import Page


class AnswersClient:
    """Questions, and each answered for an account."""

    def __init__(self, http: Http) -> None:
        self._http = http

    async def find(self, text: str = "", *, group: str = "") -> Page[AnswerRow]:
        """Questions that mean what was typed, best first; all of them for an empty text."""
        form = FindAnswers(text=text, group_number=group)
        return await self._http.ask(Page[AnswerRow], "/v1/answers/find", form)

    async def show(self, answer_id: str, *, group: str | None = None) -> Article:
        """One answer, for the account or for everybody."""
        return await self._http.read(
            Article, f"/v1/answers/{quote(answer_id, safe='')}", query={"group": group}
        )
