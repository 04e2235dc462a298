"""What the search says: cells, lines and what Enter means. Pure functions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.call_words import FoundKind, LookReason
from screens.widgets.text import join, lines, plain
from screens.widgets.virtual_table import Column, TableRow

if TYPE_CHECKING:
    from api_client.types.search import Found, FoundAll

COLUMNS = (
    Column("what", 8),
    Column("number", 10),
    Column("name", 18),
    Column("found by", 18),
    Column("where it stands", 0),
)
KINDS = {
    FoundKind.GROUP: "group",
    FoundKind.MEMBER: "person",
    FoundKind.ENROLLMENT: "receipt",
    FoundKind.MATCH_ITEM: "case",
    FoundKind.USER_ID_REQUEST: "request",
    FoundKind.USER_ID: "user ID",
    FoundKind.LETTER: "letter",
    FoundKind.CARD: "card",
    FoundKind.FILE: "file",
    FoundKind.CALL: "call",
    FoundKind.CALL_BACK: "call-back",
}
REASONS = {
    LookReason.CASE: "a case",
    LookReason.CORRESPONDENCE: "a letter or fax that came",
    LookReason.RETURNED_MAIL: "mail that came back",
    LookReason.CALL_BACK: "a call-back",
    LookReason.REVIEW: "a review",
}
WHY = (
    "The best comes first: a number typed in full, then whole names, then what only begins so, then what is "
    "one slip away. People stay masked; what of them is what you typed stands under 'found by'. People are "
    "looked for in a call, with a case in hand, or with a reason, which is kept on record."
)
_MARK = "bold $text-success"
_BY_NUMBER = frozenset({"group number", "number", "member number"})


def key_of(found: Found) -> str:
    """What tells one result from the others."""
    return f"{found.kind} {found.id}"


def row(found: Found) -> TableRow:
    """One result; what matched is marked."""
    numbered = bool(_BY_NUMBER & set(found.matched))
    named = any("name" in one for one in found.matched)
    return TableRow(
        key_of(found),
        (
            plain(KINDS[found.kind]),
            plain(found.id, _MARK if numbered else ""),
            plain(found.label, _MARK if named else ""),
            plain(", ".join(found.matched), _MARK),
            plain(found.detail),
        ),
    )


def in_full(found: Found) -> Content:
    """The result under the cursor, nothing cut."""
    return lines(
        join(f" {KINDS[found.kind]} {found.id}  ", (found.label, "bold")),
        join(" ", found.detail or "nothing more of it is shown", ("   found by ", "$text-muted"))
        + plain(", ".join(found.matched), _MARK),
    )


def subject(typed: str) -> Content:
    """What the head line says."""
    return join("FIND", f'  "{typed}"' if typed else "")


# -- the kinds of empty ----------------------------------------------------------------------------


def nothing_typed() -> Content:
    """Before anything is looked for: what can be typed."""
    return lines(
        plain(" Type what the caller says; it is looked for while you type."),
        plain(""),
        plain(" a group      number, name, a partner's number, tax ID, phone, a user ID"),
        plain(" a person     name, with birth date or the SSN's last four; phone; member number"),
        plain(" an item      R-000031  M-20418  U-00871  L-00877  F-00003  CD-00009  C-5012"),
    )


def looking(typed: str) -> Content:
    """Said while the backend looks and nothing stands there yet."""
    return join(' looking for "', (typed, "bold"), '" ...')


def not_looked(typed: str) -> Content:
    """Said when the backend could not look."""
    return join(' could not look for "', (typed, "bold"), '"; F7 tries again')


def nothing_found(typed: str, answer: FoundAll) -> Content:
    """Said when nothing was found: what was looked for, why not, and what to do."""
    return lines(join(' Nothing is found by "', (typed, "bold"), '".'), plain(f" {answer.sentence}"))


def beside(answer: FoundAll | None, reason: LookReason | None) -> Content:
    """The line under the field: whether people were looked for, and whether there is more."""
    if answer is None:
        return plain("")
    parts: list[str | tuple[str, str]] = []
    if answer.people_need_reason:
        parts += [(" Tab", "bold"), ": people too, say why"]
    elif reason is not None:
        parts.append(f" people too: {REASONS[reason]}")
    if answer.more:
        parts.append(("   there are more; typing on narrows them", "$text-muted"))
    return join(*parts) if parts else plain("")


# -- what Enter means ------------------------------------------------------------------------------


def meant(results: Sequence[Found], typed: str) -> Found | None:
    """The result that is meant for sure: the group of exactly this number, the only exact or only one."""
    if len(results) == 1:
        return results[0]
    numbers = {typed.strip().casefold()}
    exact = [one for one in results if one.id.casefold() in numbers]
    groups = [one for one in exact if one.kind is FoundKind.GROUP]
    return groups[0] if groups else exact[0] if len(exact) == 1 else None
