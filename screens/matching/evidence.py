"""One candidate's evidence: its fields, their verdicts and bits, and the sum that everything shows alike."""

from __future__ import annotations

from collections.abc import Iterator
from difflib import SequenceMatcher
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.words import Verdict
from screens.widgets.text import fit, flow, join, plain
from screens.widgets.text import place as on_one_line

if TYPE_CHECKING:
    from api_client.types.matching import Candidate, FieldComparison, PersonView

SIGNS = {
    Verdict.SAME: ("=", "$text-success"),
    Verdict.NEAR: ("~", "$text-warning"),
    Verdict.DIFFERS: ("#", "bold $text-error"),
    Verdict.MISSING: ("?", "$text-muted"),
}
LEGEND = "= same  ~ near  # differs  ? missing on one side"
FIELDS = {
    "last name": "last name",
    "first name": "first name",
    "middle name": "middle",
    "suffix": "suffix",
    "birth date": "born",
    "SSN": "SSN",
    "sex": "sex",
    "address": "address",
    "phone": "phone",
}
"""Fields that a person has a value for, and their labels; evidence of another name is shown by its name."""
_SAID_BY_SIGN = ("same", "differs", "missing")
"""Words of a verdict that its sign says already."""
_SHORTER = {"placeholder, ignored": "placeholder"}
"""What is said where the words would take a row of their own."""
_KEY_FIELDS = ("SSN", "birth date")
_MARKED = "bold underline"


def label(field: str) -> str:
    """The field as the screen names it."""
    return FIELDS.get(field, field)


def name(person: PersonView) -> str:
    """`SMITH, JANE ANN`."""
    given = " ".join(part for part in (person.first_name, person.middle_name) if part)
    family = " ".join(part for part in (person.last_name, person.suffix) if part)
    return ", ".join(part for part in (family, given) if part) or "no name"


def value(field: str, person: PersonView) -> str:
    """What a person has in a field; empty when nothing."""
    if field == "address":
        address = on_one_line(person.address)
        return "" if address == "no address" else address
    if field == "SSN":
        return f"***-**-{person.ssn_last4}" if person.ssn_last4 else ""
    values: dict[str, str] = {
        "last name": person.last_name,
        "first name": person.first_name,
        "middle name": person.middle_name,
        "suffix": person.suffix,
        "birth date": person.birth_date,
        "sex": person.sex,
        "phone": person.phone,
    }
    return values.get(field, "")


def by_field(candidate: Candidate) -> dict[str, FieldComparison]:
    """The comparisons of a candidate by the field they are about."""
    return {one.field: one for one in candidate.comparisons}


def words(one: FieldComparison) -> str:
    """The verdict in words, where its sign does not say it all."""
    return "" if one.words in _SAID_BY_SIGN else one.words


def words_to_fit(one: FieldComparison) -> Iterator[str]:
    """The verdict in words, the longer ones first."""
    said = words(one)
    yield said
    if said in _SHORTER:
        yield _SHORTER[said]


# -- bits ------------------------------------------------------------------------------------------


def figure(bits: float) -> str:
    """Bits as they stand everywhere: with their sign and one decimal."""
    shown = f"{bits:+.1f}"
    return "+0.0" if shown == "-0.0" else shown


def coloured(bits: float) -> Content:
    """Bits for in one colour, bits against in another; the sign says it too."""
    shown = figure(bits)
    if shown == "+0.0":
        return plain(shown, "$text-muted")
    return plain(shown, "$text-success" if bits > 0 else "bold $text-error")


def of_row(one: FieldComparison) -> Content:
    """The bits of one row; a missing value is no evidence and has none."""
    nothing = one.verdict is Verdict.MISSING and figure(one.bits) == "+0.0"
    return plain("") if nothing else coloured(one.bits)


def waterfall(candidate: Candidate, width: int) -> list[Content]:
    """`SSN +11.2  born +8.4 ... = +33.2`: the figures shown add up to the figure shown, to the last digit.

    What the fields leave of the score stands as `other`.
    """
    terms = [(label(one.field), _tenths(one.bits)) for one in candidate.comparisons]
    total = _tenths(candidate.score)
    terms.append(("other", total - sum(tenths for _, tenths in terms)))
    terms.sort(key=lambda term: -term[1])
    pieces = [join(f"{what} ", coloured(tenths / 10)) for what, tenths in terms if tenths]
    return flow([*pieces, join("= ", (figure(total / 10), "bold"))], width)


def _tenths(bits: float) -> int:
    return int(figure(bits).replace(".", ""))


# -- values side by side ---------------------------------------------------------------------------


def marked(ours: str, theirs: str) -> tuple[Content, Content]:
    """Both values with the characters marked that the other one has not."""
    if not ours or not theirs:
        return plain(ours), plain(theirs)
    left: list[tuple[str, str]] = []
    right: list[tuple[str, str]] = []
    for same, mine, yours in _pieces(_folded(ours), _folded(theirs)):
        left.append((ours[mine], "" if same else _MARKED))
        right.append((theirs[yours], "" if same else _MARKED))
    return join(*left), join(*right)


def _pieces(ours: str, theirs: str) -> Iterator[tuple[bool, slice, slice]]:
    """Stretches that are the same or not; of two equally long texts place by place, as digits are read."""
    if len(ours) == len(theirs):
        for at, pair in enumerate(zip(ours, theirs, strict=True)):
            yield pair[0] == pair[1], slice(at, at + 1), slice(at, at + 1)
        return
    for kind, *ends in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes():
        yield kind == "equal", slice(ends[0], ends[1]), slice(ends[2], ends[3])


def _folded(text: str) -> str:
    """Without its case, as long as that keeps every character in its place."""
    lower = text.lower()
    return lower if len(lower) == len(text) else text


# -- one candidate in words ------------------------------------------------------------------------


def agreement(candidate: Candidate) -> str:
    """`6 of 7`: fields that are the same of those that could be compared."""
    return "{} of {}".format(*_counts(candidate))


def _counts(candidate: Candidate) -> tuple[int, int]:
    compared = [one for one in candidate.comparisons if one.verdict is not Verdict.MISSING]
    return sum(one.verdict is Verdict.SAME for one in compared), len(compared)


def doubts(candidate: Candidate) -> str:
    """What differs and what is near, in words."""
    said = []
    for verdict, title in ((Verdict.DIFFERS, "differs"), (Verdict.NEAR, "near")):
        fields = [_doubt(one) for one in candidate.comparisons if one.verdict is verdict]
        if fields:
            said.append(f"{title}: {', '.join(fields)}")
    return "; ".join(said)


def _doubt(one: FieldComparison) -> str:
    return f"{label(one.field)} ({words(one)})" if words(one) else label(one.field)


def one_line(number: int, candidate: Candidate, width: int) -> Content:
    """A candidate that is not shown, in one line; where it is narrow the name is cut, no verdict."""
    keys = by_field(candidate)
    said: list[str | Content | tuple[str, str]] = [f"  {candidate.person.birth_date or 'no birth date'}"]
    for field in _KEY_FIELDS:
        sign = SIGNS[keys[field].verdict if field in keys else Verdict.MISSING]
        said += [f"  {label(field)} ", sign]
    if candidate.warnings:
        said += ["  ", ("!", "bold $text-warning")]
    behind = join(*said, "  agree {}/{}".format(*_counts(candidate)))
    before = plain(f" {number}  {figure(candidate.score)}  {candidate.mrn}  ")
    who = plain(name(candidate.person))
    room = max(1, width - before.cell_length - behind.cell_length)
    return fit(join(before, fit(who, room) if who.cell_length > room else who, behind), width)
