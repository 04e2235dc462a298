"""What came of a trial, for people: what was certain, what was not and why, and the riskiest matches.

Members and enrollments are named by their record ids only; values stay in the files they came from.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from backend.matching import model
from backend.matching.evidence import Candidate
from backend.matching.trial import Result, Summary

_WORDS = {"auto": "matched automatically", "queue": "for a person", "new": "new members"}
_STYLE = """
body { font: 15px/1.5 system-ui, sans-serif; max-width: 60em; margin: 2em auto; padding: 0 1em; }
table { border-collapse: collapse; margin: 1em 0; width: 100%; }
td, th { border-bottom: 1px solid #bbb; padding: .2em .6em; text-align: left; vertical-align: top; }
td.n, th.n { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap; }
"""


def text(summary: Summary) -> str:
    """The summary for the terminal."""
    total = sum(summary.decisions.values())
    lines = [f"{total:,} enrollments beside {summary.members:,} members, {model.MODEL}"]
    for decision, words in _WORDS.items():
        count = summary.decisions[decision]
        lines.append(f"{count:>9,}  {_share(count, total):>6}  {words}")
        lines += [f"{n:>18,}  {why}" for why, n in _reasons(summary, decision)[:8]]
    if summary.riskiest:
        lines.append("Nearest to another member, or to chance, among the automatic ones:")
        lines += [
            f"  {one.record_id} -> {one.matched_id}  +{lead:.1f} bits" for lead, one in summary.riskiest[:5]
        ]
    return "\n".join(lines)


def html(summary: Summary) -> str:
    """The whole report as one page that needs nothing else."""
    total = sum(summary.decisions.values())
    parts = [
        "<!doctype html>",
        '<html lang="en"><head><meta charset="utf-8"><title>Matching trial</title>',
        f"<style>{_STYLE}</style></head><body>",
        "<h1>Matching trial</h1>",
        f"<p>{total:,} enrollments beside {summary.members:,} members. Model {escape(model.MODEL)}.</p>",
        _table(("what became of them", "", "n"), _decisions(summary, total)),
    ]
    for decision, words in _WORDS.items():
        rows = [(why, f"{count:,}") for why, count in _reasons(summary, decision)]
        parts.append(f"<h2>{escape(words.capitalize())}: why</h2>")
        parts.append(_table(("reason", "n"), rows) if rows else "<p>None.</p>")
    parts.append(f"<h2>The {len(summary.riskiest)} riskiest automatic matches</h2>")
    parts.append(
        "<p>Those with the fewest bits to spare, above what is certain or above the next member.</p>"
    )
    parts += [_risk(lead, result) for lead, result in summary.riskiest] or ["<p>None.</p>"]
    return "\n".join([*parts, "</body></html>", ""])


def _decisions(summary: Summary, total: int) -> Iterator[tuple[str, str, str]]:
    for decision, words in _WORDS.items():
        count = summary.decisions[decision]
        yield words, _share(count, total), f"{count:,}"


def _reasons(summary: Summary, decision: str) -> list[tuple[str, int]]:
    """Reasons of a decision with their counts, the most frequent first."""
    found = [(why, count) for (of, why), count in summary.reasons.items() if of == decision]
    return sorted(found, key=lambda one: (-one[1], one[0]))


def _risk(lead: float, result: Result) -> str:
    pair = f"{escape(result.record_id)} &rarr; {escape(result.matched_id or '')}"
    head = f"<h3>{pair}, {lead:.1f} bits to spare</h3>"
    others = ", ".join(f"{escape(one.mrn)} {one.score:+.1f}" for one in result.candidates[1:4]) or "none"
    body = f"<p>{escape(result.why)}. Next candidates: {others}.</p>"
    return head + body + _table(("field", "verdict", "bits"), _fields(result.candidates[0]))


def _fields(candidate: Candidate) -> Iterator[tuple[str, str, str]]:
    for one in candidate.comparisons:
        yield one.field, one.words, f"{one.bits:+.1f}"
    yield "together", "", f"{candidate.score:+.1f}"


def _table(heads: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    """A table; the last column is a number."""

    def line(tag: str, cells: tuple[str, ...]) -> str:
        *words, number = (escape(cell) for cell in cells)
        return (
            "<tr>"
            + "".join(f"<{tag}>{word}</{tag}>" for word in words)
            + f'<{tag} class="n">{number}</{tag}></tr>'
        )

    return "<table>" + line("th", heads) + "".join(line("td", row) for row in rows) + "</table>"


def _share(count: int, total: int) -> str:
    return f"{100 * count / total:.1f} %" if total else "-"
