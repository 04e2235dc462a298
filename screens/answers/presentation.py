"""What cells and lines of answers say."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content

from screens.widgets.text import hanging, join, labelled, lines, plain
from screens.widgets.virtual_table import Column, TableRow

if TYPE_CHECKING:
    from api_client.types.answers import AnswerRow, Article

LONGEST = 120
"""Characters of what a caller asks."""
COLUMNS = (Column("question", 42), Column("in short", 0))
WIDE_COLUMNS = (Column("topic", 19), Column("question", 60), Column("in short", 0))
NOTHING = "Other words, such as bill, card or COBRA; Esc lists all."
_EVERYBODY = "for everybody"


def subject(group: str) -> Content:
    """What the head line says."""
    return join("ANSWERS  ", f"for {group}" if group else _EVERYBODY)


def row(one: AnswerRow, *, wide: bool) -> TableRow:
    """One question; the first words of an answer say most of it."""
    cells = (plain(one.question), plain(one.short))
    return TableRow(one.id, (plain(one.topic, "$text-muted"), *cells) if wide else cells)


def chosen(one: AnswerRow, width: int) -> Content:
    """The question under the cursor in full, with its answer in short."""
    question = join((f" {one.question}", "bold"))
    return lines(question, *hanging(plain(" "), plain(one.short), width))


def nothing(typed: str) -> str:
    """Said when no question means what was typed."""
    return f'Nothing means "{typed}". {NOTHING}'


WHY = lines(
    plain("Type the caller's words; questions that mean them stand below, the best first."),
    plain("Enter opens the first one, or the one under the cursor; Esc lists all again, then goes back."),
    plain("The answer in short is for the group in the head line, as far as the caller may hear of it."),
)


# -- one article -----------------------------------------------------------------------------------


def article_subject(article_id: str, group: str) -> Content:
    """What the head line says."""
    return join("ANSWER  ", f"for {group}" if group else _EVERYBODY, f"  {article_id}")


def head(one: Article, width: int) -> Content:
    """The question, and the sentence for the caller."""
    return lines(
        plain(f" {one.question}", "bold"),
        *hanging(join((" SAY ", "bold")), plain(f'"{one.say}"'), width),
    )


def body(one: Article, width: int) -> Content:
    """Why, what to read out, where and whom, and who answers for the article."""
    rows: list[Content] = []
    if one.locked:
        rows += labelled("LOCKED", plain(_LOCKED, "$text-warning"), width)
    rows += _each("because", one.because, width)
    rows += _each("points", [f"{number} {point}" for number, point in enumerate(one.points, 1)], width)
    rows += _each("menu", [one.menu_path] if one.menu_path else [], width)
    rows += _each("call", [f"{phone.whom}  {phone.phone}" for phone in one.phones], width)
    rows += _each("rule", [one.rule], width)
    rows += _each("source", [one.source], width)
    rows += _each("kept by", [f"{one.owner}, reviewed {one.reviewed_on}"], width)
    return lines(*rows)


_LOCKED = "this caller has not proved the right to hear it of this group: what is said holds for everybody"


def _each(label: str, texts: list[str], width: int) -> list[Content]:
    rows: list[Content] = []
    for text in texts:
        rows += labelled(label if not rows else "", plain(text), width)
    return rows


def why(one: Article) -> Content:
    """The rule and where it comes from."""
    facts = [plain(f"- {fact}") for fact in one.because]
    return lines(
        plain(f"Rule: {one.rule}"),
        plain(f"Source: {one.source}"),
        plain(f"Kept by {one.owner}, reviewed {one.reviewed_on}"),
        *facts,
    )


def loading(article_id: str) -> Content:
    """Said until the article is there."""
    return plain(f" {article_id}  loading ...")


def not_loaded(article_id: str) -> Content:
    """Said when it could not be had."""
    return plain(f" {article_id}  could not load; F7 tries again")


def gone(sentence: str) -> Content:
    """Said when there is no such answer or group."""
    return join(" ", (sentence, "bold"), " Esc goes back.")
