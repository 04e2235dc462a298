"""What cells and lines of accounts say."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.words import GroupState
from screens.widgets.text import join, lines, plain
from screens.widgets.virtual_table import Column, TableRow

if TYPE_CHECKING:
    from api_client.types.accounts import MemberRow

MEMBER_COLUMNS = (
    Column("MRN", 10),
    Column("name", 0),
    Column("relation", 10),
    Column("born", 4),
    Column("from", 10),
    Column("to", 10),
    Column("card", 9),
)
_SUBSCRIBER = "subscriber"
GROUP_STATES = {GroupState.ACTIVE: "active", GroupState.TERMINATED: "terminated"}


# -- one account -------------------------------------------------------------------------------------


def account_subject(number: str) -> Content:
    """What the head line says."""
    return join("ACCOUNT  ", number)


def loading(number: str) -> Content:
    """Said until the account is there."""
    return plain(f" {number}  loading ...")


def not_loaded(number: str) -> Content:
    """Said when the account could not be had."""
    return plain(f" {number}  could not load; F7 tries again")


def gone(number: str) -> Content:
    """Said when there is no such group."""
    return lines(
        join(" There is no group ", (number, "bold"), "."),
        plain(""),
        plain(" It was never here, or it was taken out. / or a digit looks for another; Esc goes back."),
    )


# -- members ---------------------------------------------------------------------------------------


def members_subject(number: str) -> Content:
    """What the head line says."""
    return join("MEMBERS  of ", number)


def member_row(member: MemberRow) -> TableRow:
    """One member with its coverage; the full dates, since coverage often began in another year."""
    ends = member.coverage_to
    cells = (
        plain(member.mrn or member.item or member.receipt or "", "" if member.mrn else "bold"),
        plain(f"  {member.name}" if member.relationship != _SUBSCRIBER else member.name),
        plain(member.relationship),
        plain(member.born[:4] or "-"),
        plain(f"{member.coverage_from or '-'}"),
        plain(
            f"{ends}" if ends else member.standing or "-", "" if ends or member.standing else "$text-muted"
        ),
        plain(member.card or "-", "" if member.card else "$text-muted"),
    )
    return TableRow(member_key(member), cells)


def member_key(member: MemberRow) -> str:
    """What a line of the list is known by: the member with the coverage, or the receipt of an enrollment."""
    if member.receipt:
        return member.receipt
    return f"{member.mrn} {member.relationship} {member.coverage_from} {member.coverage_to}"


def member_rows(members: Iterable[MemberRow]) -> list[TableRow]:
    """The rows of a page; two lines of coverage that read the same are one row."""
    return list({row.key: row for row in map(member_row, members)}.values())


WHY_MASKED = lines(
    plain(
        "Names are initials and birth dates are years: this list names no reason to see more. For a client"
    ),
    plain("on the line who proved the right to hear who is enrolled, names stand in full."),
    plain("The stars are always as many, so that they tell nothing about a name's length."),
    plain("'to' is the last day of coverage; - means no end is set."),
    plain("Above the members: who waits in the queue to become one, and who was refused not long ago."),
)
