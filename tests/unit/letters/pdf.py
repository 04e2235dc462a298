"""What a reader finds in a PDF: its text, the place of its words, and what it says of itself."""

from __future__ import annotations

import html
import re
import subprocess
import unicodedata
from collections import Counter
from dataclasses import dataclass

from backend.letters.paper import Paper, day


def read(pdf: bytes, *options: str, tool: str = "pdftotext") -> str:
    """What a tool of poppler says of a PDF."""
    tail = ["-", "-"] if tool == "pdftotext" else ["-"]
    done = subprocess.run([tool, *options, *tail], input=pdf, capture_output=True, check=True)
    return done.stdout.decode()


@dataclass(frozen=True)
class Word:
    """A word and the points it takes on its page, from the top left."""

    page: int
    text: str
    left: float
    top: float
    right: float
    bottom: float


_WORD = re.compile(r'<page |<word xMin="(.*?)" yMin="(.*?)" xMax="(.*?)" yMax="(.*?)">(.*?)</word>')


def words(pdf: bytes) -> list[Word]:
    """Every word with its place."""
    found, page = [], 0
    for one in _WORD.finditer(read(pdf, "-bbox")):
        if one[5] is None:
            page += 1
            continue
        left, top, right, bottom = (float(one[at]) for at in range(1, 5))
        found.append(Word(page, html.unescape(one[5]), left, top, right, bottom))
    return found


def overlapping(found: list[Word]) -> list[tuple[str, str]]:
    """Pairs of words of which one covers more than a hair of the other."""
    pairs = []
    for at, one in enumerate(found):
        for other in found[at + 1 :]:
            if one.page != other.page or other.top >= one.bottom or other.bottom <= one.top:
                continue
            wide = min(one.right, other.right) - max(one.left, other.left)
            high = min(one.bottom, other.bottom) - max(one.top, other.top)
            # Boxes are as high as the font; lines stand closer than that.
            if wide > 0.5 and high > 0.5 * min(one.bottom - one.top, other.bottom - other.top):
                pairs.append((one.text, other.text))
    return pairs


def outside(found: list[Word]) -> list[str]:
    """Words that stand in the margin of a page of US Letter."""
    return [one.text for one in found if one.left < 64 or one.right > 541 or one.top < 30 or one.bottom > 770]


def letters_of(text: str) -> Counter[str]:
    """How often each character stands there; blanks and marks of direction are not counted.

    Where a line breaks is the page's own business, and in which order a reader sees two columns is too.
    """
    plain = unicodedata.normalize("NFC", text)
    return Counter(one for one in plain if not one.isspace() and unicodedata.category(one) != "Cf")


def expected(paper: Paper, pages: int) -> str:
    """Everything that is to be read on the pages of a paper."""
    head = paper.letterhead
    lines = [
        head.name,
        *head.address,
        day(paper.dated),
        f"Letter {paper.number}",
        f"Call {head.phone}",
        head.hours,
    ]
    lines += [f"Group {paper.group}"] if paper.group else []
    lines += [*paper.addressee, *paper.copied, paper.title, *paper.opening]
    lines += ["In short"] if paper.key else []
    lines += [paper.account_title, "Amount or date"] if paper.account else []
    for figure in paper.figures:
        lines += [figure.label, figure.value]
    for section in paper.sections:
        lines += [section.heading, *section.paragraphs, *(f"•{one}" for one in section.points)]
    lines += [paper.copies, paper.law, "Card" if paper.card else ""]
    if paper.form is not None:
        lines += [head.name, paper.form.title, paper.form.intro, "FieldAnswer", paper.form.send]
        for field in paper.form.fields:
            lines += [field.label, field.value, *field.choices]
    group = f" · Group {paper.group}" if paper.group else ""
    for page in range(1, pages + 1):
        lines.append(f"Letter {paper.number}{group}Page {page} of {pages}")
    return "\n".join(lines)
