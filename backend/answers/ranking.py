"""Which questions mean what was typed: words, their stems and other words for the same, typing mistakes.

No service and no model: the words of the articles are few, and whoever keeps them can read why one is found.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from math import log
from pathlib import Path

from rapidfuzz.distance import OSA

from backend.answers.articles import Article, articles
from backend.matching.normalise import words

_QUESTION, _KEYWORD, _SAID = 2.0, 2.0, 0.6
"""Weight of a word by where it stands in the article."""
_PHRASE = 1.5
"""Added for a keyword of several words that is there as a whole."""
_BEGUN = 0.8
"""Of a word that is only begun, and of one that is mistyped."""
_UNKNOWN = 1.0
"""Weight of a typed word that stands nowhere, against an answer."""
_LEAST = 0.3
"""Share of what was typed that an article must mean."""
_SHORT = 3
"""Letters below which a word must be typed right."""
_MOST = 8
"""Questions found at the most."""
_SUFFIXES = (
    "ations",
    "ation",
    "ments",
    "ment",
    "ings",
    "ing",
    "ies",
    "ers",
    "es",
    "ed",
    "er",
    "ly",
    "s",
    "e",
    "y",
)


def stem(word: str) -> str:
    """The word without its usual English endings; at least three letters stay."""
    for suffix in _SUFFIXES:
        if word.endswith(suffix) and len(word) - len(suffix) >= _SHORT:
            return word[: -len(suffix)]
    return word


@dataclass(frozen=True)
class Words:
    """How callers say it."""

    ignore: frozenset[str]
    same: Mapping[str, str]
    """Stem of a word -> the stem that stands for its meaning."""
    joined: Mapping[tuple[str, ...], str]
    """Words side by side that are one."""

    def meanings(self, text: str) -> list[str]:
        """The words of a text that say something, each as the stem that stands for its meaning."""
        return [self.same.get(one, one) for one in self.stems(text)]

    def stems(self, text: str) -> list[str]:
        """The words of a text that say something, as stems."""
        found = [word.casefold() for word in words(text)]
        joined: list[str] = []
        at = 0
        while at < len(found):
            pair = tuple(found[at : at + 2])
            joined.append(self.joined.get(pair, found[at]))
            at += 2 if pair in self.joined else 1
        return [stem(word) for word in joined if word not in self.ignore]


def read_words(text: str) -> Words:
    """The words written in this TOML."""
    raw = tomllib.loads(text)
    return Words(
        frozenset(raw["ignore"]),
        {stem(word): stem(group[0]) for group in raw["same"] for word in group},
        {tuple(pair[0].split()): pair[1] for pair in raw["joined"]},
    )


class Ranking:
    """The words of the articles with their weights, made once."""

    def __init__(self, known: Sequence[Article], how: Words) -> None:
        self._how = how
        self._weights = [self._weigh(one) for one in known]
        self._phrases = [self._whole(one) for one in known]
        count = Counter(word for weights in self._weights for word in weights)
        self._rare = {word: 1 + log(len(known) / times) for word, times in count.items()}
        self._spelt = {word: how.same.get(word, word) for word in (*self._rare, *how.same)}

    def _weigh(self, one: Article) -> dict[str, float]:
        weights: dict[str, float] = {}
        places = ((one.say, _SAID), (one.topic, _SAID), *((point, _SAID) for point in one.points))
        for text, weight in (
            *places,
            (one.question, _QUESTION),
            *((word, _KEYWORD) for word in one.keywords),
        ):
            for word in self._how.meanings(text):
                weights[word] = max(weight, weights.get(word, 0.0))
        return weights

    def _whole(self, one: Article) -> list[frozenset[str]]:
        whole = (frozenset(self._how.meanings(keyword)) for keyword in one.keywords)
        return [words for words in whole if len(words) > 1]

    def find(self, text: str) -> list[int]:
        """Places of the articles that mean what was typed, the best first; none for what nothing means."""
        typed = self._how.stems(text)
        terms = [self._known(word, begun=at == len(typed) - 1) for at, word in enumerate(typed)]
        if not terms:
            return []
        whole = sum(self._rare.get(word, _UNKNOWN) for word, _ in terms) * _QUESTION
        scores = [(self._score(terms, at), -at) for at in range(len(self._weights))]
        best = sorted(((score, at) for score, at in scores if score >= _LEAST * whole), reverse=True)
        return [-at for _, at in best[:_MOST]]

    def _score(self, terms: Iterable[tuple[str, float]], at: int) -> float:
        weights, rare = self._weights[at], self._rare
        meant = {word: sure for word, sure in terms if word in weights}
        score = sum(weights[word] * rare[word] * sure for word, sure in meant.items())
        return score + _PHRASE * sum(phrase <= meant.keys() for phrase in self._phrases[at])

    def _known(self, word: str, *, begun: bool) -> tuple[str, float]:
        """What the typed word means, and how sure that is."""
        if word in self._spelt:
            return self._spelt[word], 1.0
        if begun and len(word) >= _SHORT:
            longer = sorted(one for one in self._spelt if one.startswith(word))
            if longer:
                return self._spelt[longer[0]], _BEGUN
        near = [(OSA.distance(word, one), one) for one in self._spelt if len(one) >= _SHORT]
        off, closest = min(near, default=(99, ""))
        if off <= _mistakes(word):
            return self._spelt[closest], _BEGUN
        return word, 0.0


def _mistakes(word: str) -> int:
    """Letters that may be wrong: none in a short word, two in a long one."""
    return 0 if len(word) <= _SHORT else 1 if len(word) <= 6 else 2


@lru_cache(maxsize=1)
def ranking() -> Ranking:
    """Over the articles as they are kept."""
    how = read_words(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))
    return Ranking(articles(), how)
