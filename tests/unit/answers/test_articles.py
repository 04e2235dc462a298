"""The articles as they are kept, and that none is half-written."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from api_client.types.call_words import Fact
from backend.answers import articles as room
from backend.answers.articles import ArticleError, articles, read_articles
from backend.answers.rules import RULES
from tests.unit.answers.facts import PLAN

TEXT = Path(room.__file__).with_name("articles.toml").read_text(encoding="utf-8")
ONE = TEXT[TEXT.index("[[article]]") : TEXT.index("[[article]]", TEXT.index("[[article]]") + 1)]
OF_THE_FAQ = {
    "care-before-card", "online-free", "online-begin", "online-optional", "more-user-ids", "done-at-once",
    "cobra-online", "medicare", "paper-bill", "employees-access", "file-electronically", "billing-cycle",
    "late-letters",
}  # fmt: skip
"""Every question of the plan's FAQ; its one on COBRA and Medicare is two."""


def article(name: str) -> room.Article:
    return next(one for one in articles() if one.id == name)


def test_every_question_of_the_faq_has_its_article_and_every_rule_is_used() -> None:
    assert {one.id for one in articles()} >= OF_THE_FAQ
    assert {one.answer for one in articles()} - {""} == set(RULES)


def test_each_says_a_sentence_for_everybody_and_who_answers_for_it() -> None:
    for one in articles():
        said = one.general(PLAN)
        assert re.fullmatch(r"[A-Z].*\.", said.say), one.id
        assert "{" not in said.say + said.short
        assert one.owner
        assert one.reviewed_on.year >= 2026
        assert one.question.endswith("?")


def test_the_articles_of_a_topic_stand_together() -> None:
    topics = [one.topic for one in articles()]
    assert topics == sorted(topics, key=topics.index)


def test_r03_no_article_has_a_price() -> None:
    for one in articles():
        said = one.general(PLAN)
        assert not re.search(
            r"\$|\d\s*(dollar|cent)|per month", " ".join((said.say, said.short, *said.points))
        )
    assert "costs nothing" in article("online-free").say


def test_r19_the_referral_of_employees_has_exactly_six_items() -> None:
    one = article("employees-access")
    assert len(one.points) == 6
    assert "kp.org" in one.say
    assert not one.needs


def test_r04_the_tour_needs_no_account_and_r11_the_menu_is_named() -> None:
    assert not article("online-tour").needs
    assert article("more-user-ids").menu_path.endswith("Account Access")


def test_the_public_facts_need_nothing_and_the_rest_what_it_rests_on() -> None:
    needs = {one.id: one.needs for one in articles() if one.needs}
    assert needs["coverage-ending"] == {Fact.BILLING, Fact.GROUP}
    public = {"care-before-card", "card-mailed", "online-free", "online-tour", "online-optional",
              "employees-access", "medicare"}  # fmt: skip
    assert public == {one.id for one in articles()} - set(needs)


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ('id = "care-before-card"\n', "", "?: id is missing or unknown"),
        ("menu_path", "menu", "care-before-card: menu, menu_path is missing or unknown"),
        ('answer = "care"', 'answer = "horoscope"', "there is no rule horoscope"),
        ('answer = "care"\nneeds = []', 'answer = ""\nneeds = ["group"]', "needs facts and has no rule"),
        ("needs = []", 'needs = ["access_code"]', "needs access_code, which nobody hears"),
        ("needs = []", 'needs = ["weather"]', "needs weather, which nobody hears"),
        ("phones = []", 'phones = ["neighbour"]', "neighbour is nobody to call"),
        ("reviewed_on = 2026-10-05", 'reviewed_on = "2026-10-05"', "reviewed_on is of another kind"),
        ("reviewed_on = 2026-10-05", "reviewed_on = 2026-10-05T08:00:00", "reviewed_on is of another kind"),
        ("phones = []", "phones = [7]", "phones is of another kind"),
        ('noted = ""', 'noted = "gossip"', "a call remembers nothing as gossip"),
        ("Before the card comes", "Before {whom} comes", "there is no value for whom"),
        ('owner = "Enrollment desk"', 'owner = ""', "owner is empty"),
        ("[[article]]", "[[item]]", "nothing but [[article]]"),
        ('topic = "', "topic = ", "articles: "),
    ],
)
def test_a_half_written_article_is_refused_by_name(old: str, new: str, words: str) -> None:
    assert read_articles(ONE)[0].id == "care-before-card"
    assert old in ONE
    with pytest.raises(ArticleError, match=re.escape(words)):
        read_articles(ONE.replace(old, new, 1))


def test_an_article_stands_there_once() -> None:
    with pytest.raises(ArticleError, match="care-before-card stands there twice"):
        read_articles(ONE + ONE)
