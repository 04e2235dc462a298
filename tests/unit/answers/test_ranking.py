"""Questions found by the words of a caller, mistyped, begun or in Spanish; nonsense finds nothing."""

from __future__ import annotations

import pytest

from backend.answers.articles import articles
from backend.answers.ranking import ranking
from tests.unit.answers.phrasings import NONSENSE, PHRASINGS, UNSEEN

IDS = [one.id for one in articles()]


def found(text: str) -> list[str]:
    return [IDS[at] for at in ranking().find(text)]


def test_every_question_has_five_phrasings_in_words_of_their_own() -> None:
    assert set(PHRASINGS) == set(IDS)
    assert all(len(texts) >= 5 for texts in PHRASINGS.values())
    written = {keyword.casefold() for one in articles() for keyword in (*one.keywords, one.question)}
    texts = [text.casefold() for group in PHRASINGS.values() for text in group]
    assert sum(text in written for text in texts) <= len(texts) // 20


@pytest.mark.parametrize("wanted", IDS)
def test_each_phrasing_finds_its_question_among_the_first_three(wanted: str) -> None:
    missed = {text: found(text)[:4] for text in PHRASINGS[wanted] if wanted not in found(text)[:3]}
    assert not missed


def test_nearly_all_of_them_find_it_first() -> None:
    firsts = [found(text)[:1] == [wanted] for wanted, texts in PHRASINGS.items() for text in texts]
    assert sum(firsts) / len(firsts) >= 0.95


def test_phrasings_the_words_were_not_chosen_for_find_it_too() -> None:
    thirds = [wanted in found(text)[:3] for wanted, texts in UNSEEN.items() for text in texts]
    firsts = [found(text)[:1] == [wanted] for wanted, texts in UNSEEN.items() for text in texts]
    assert sum(thirds) / len(thirds) >= 0.9
    assert sum(firsts) / len(firsts) >= 0.75


@pytest.mark.parametrize("text", NONSENSE)
def test_nonsense_finds_nothing(text: str) -> None:
    assert found(text) == []


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("kobra online", "cobra-online"),
        ("KOBRA", "cobra-online"),
        ("medicair", "medicare"),
        ("paper statment", "paper-bill"),
        ("delinqency letter", "late-letters"),
        ("facturá", "paper-bill"),
        ("código", "user-id-letter"),
        ("tarjeta", "card-mailed"),
        ("empleado", "employees-access"),
        ("reinst", "reinstatement"),
        ("pay late", "late-letters"),
        ("medic", "medicare"),
        ("broker's", "who-is-who"),
        ("third-party administrator", "cobra-online"),
    ],
)
def test_mistyped_begun_and_spanish_words_are_understood(text: str, wanted: str) -> None:
    assert wanted in found(text)[:3]


def test_what_is_found_is_short_and_without_repeats() -> None:
    everything = found("cobra card bill letter user id employee phone broker")
    assert len(everything) == len(set(everything)) <= 8
