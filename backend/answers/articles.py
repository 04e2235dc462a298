"""The articles as they are kept: read and checked strictly at the start, so that none is half-written."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from string import Formatter
from typing import Any

from api_client.types.call_words import Fact
from api_client.types.words import ContactRole
from backend.answers.facts import Plan
from backend.answers.rules import RULES
from backend.answers.said import Said
from backend.calls.guess import ALSO

CENTER, BILL = "center", "bill"
"""Phones that are no contact's: the service center's, and the one on the group's bill."""
_PHONES = {CENTER, BILL, *ContactRole}
_PLACES = frozenset(Plan.__dataclass_fields__)
_NEVER_HEARD = {Fact.CLAIMS, Fact.ACCESS_CODE}


class ArticleError(ValueError):
    """An article is not as it must be; the text names it."""


@dataclass(frozen=True)
class Article:
    """One question, with what is said where no account says more."""

    id: str
    topic: str
    question: str
    short: str
    say: str
    answer: str
    """The rule that answers for an account; empty for none."""
    needs: frozenset[Fact]
    """What the caller must be allowed to hear for the account's own answer."""
    points: tuple[str, ...]
    rule: str
    source: str
    owner: str
    reviewed_on: date
    menu_path: str
    phones: tuple[str, ...]
    """Whom to call: roles of contacts, `center` or `bill`."""
    noted: str
    """The word under which a call remembers that it was said; empty for none."""
    keywords: tuple[str, ...]

    def general(self, plan: Plan) -> Said:
        """What holds for everybody."""
        return Said(
            plan.put_into(self.short), plan.put_into(self.say), points=tuple(map(plan.put_into, self.points))
        )


@lru_cache(maxsize=1)
def articles() -> tuple[Article, ...]:
    """Every article in the order of the file. Raises ArticleError that names the one at fault."""
    return read_articles(Path(__file__).with_name("articles.toml").read_text(encoding="utf-8"))


def read_articles(text: str) -> tuple[Article, ...]:
    """The articles written in this TOML. Raises ArticleError that names the one at fault."""
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ArticleError(f"articles: {error}") from None
    if set(raw) != {"article"}:
        raise ArticleError("articles: nothing but [[article]] is expected")
    found = tuple(_article(one) for one in raw["article"])
    ids = [one.id for one in found]
    if twice := {one for one in ids if ids.count(one) > 1}:
        raise ArticleError(f"articles: {', '.join(sorted(twice))} stands there twice")
    return found


def _article(raw: dict[str, Any]) -> Article:
    name = str(raw.get("id", "?"))
    if differs := set(raw) ^ set(Article.__dataclass_fields__):
        raise ArticleError(f"{name}: {', '.join(sorted(differs))} is missing or unknown")
    values: dict[str, Any] = {}
    for field, value in raw.items():
        if field in _LISTS and isinstance(value, list) and all(isinstance(one, str) for one in value):
            values[field] = tuple(value)
        elif field not in _LISTS and type(value) is (date if field == "reviewed_on" else str):
            values[field] = value
        else:
            raise ArticleError(f"{name}: {field} is of another kind")
    _check(name, values)
    return Article(**values | {"needs": frozenset(map(Fact, values["needs"]))})


_LISTS = {"needs", "points", "phones", "keywords"}


def _check(name: str, values: dict[str, Any]) -> None:
    may_be_empty = {"answer", "menu_path", "needs", "points", "phones", "noted"}
    for field, value in values.items():
        if field not in may_be_empty and not value:
            raise ArticleError(f"{name}: {field} is empty")
    if values["answer"] and values["answer"] not in RULES:
        raise ArticleError(f"{name}: there is no rule {values['answer']}")
    if values["needs"] and not values["answer"]:
        raise ArticleError(f"{name}: needs facts and has no rule")
    if bad := set(values["needs"]) - (set(Fact) - _NEVER_HEARD):
        raise ArticleError(f"{name}: needs {', '.join(sorted(bad))}, which nobody hears")
    if values["noted"] and values["noted"] not in ALSO:
        raise ArticleError(f"{name}: a call remembers nothing as {values['noted']}")
    if bad := set(values["phones"]) - _PHONES:
        raise ArticleError(f"{name}: {', '.join(sorted(bad))} is nobody to call")
    for text in (values["short"], values["say"], values["rule"], *values["points"]):
        if bad := {place for _, place, _, _ in Formatter().parse(text) if place is not None} - _PLACES:
            raise ArticleError(f"{name}: there is no value for {', '.join(sorted(bad))}")
