"""What cells and lines of accounts say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.words import GroupState
from screens.accounts.standing import STANDINGS, STYLES
from screens.widgets.text import join, lines, plain, short_day
from screens.widgets.virtual_table import Column, TableRow

if TYPE_CHECKING:
    from api_client.types.accounts import AccountRow, MemberRow

ACCOUNT_COLUMNS = (
    Column("group", 8),
    Column("name", 0),
    Column("city", 14),
    Column("state", 10),
    Column("premium", 12),
    Column("ends unpaid", 11),
)
MEMBER_COLUMNS = (
    Column("MRN", 10),
    Column("name (masked)", 0),
    Column("relationship", 13),
    Column("born", 10),
    Column("from", 10),
    Column("to", 10),
)
GROUP_STATES = {GroupState.ACTIVE: "active", GroupState.TERMINATED: "terminated"}
# -- finding ---------------------------------------------------------------------------------------


def account_row(found: AccountRow, today: date) -> TableRow:
    """One group in the list of those found."""
    ends = found.coverage_end_if_unpaid
    standing = found.delinquency
    style = STYLES[standing] if standing else "$text-muted"
    cells = (
        plain(found.number),
        plain(found.name),
        plain(found.city),
        plain(GROUP_STATES[found.state], "" if found.state is GroupState.ACTIVE else "$text-muted"),
        plain(STANDINGS[standing] if standing else "-", style),
        plain(short_day(ends, today) if ends else "-", style if ends else "$text-muted"),
    )
    return TableRow(found.number, cells)


def find_subject(looked_for: str) -> Content:
    """What the head line says."""
    return join("ACCOUNTS", f'  "{looked_for}"' if looked_for else "")


def nothing_typed() -> Content:
    """Before anything is looked for: what to type."""
    return lines(
        plain(" Type a group number or the beginning of a group's name, then Enter."),
        plain(""),
        plain(" A number: just its digits, on any screen. A name: / first."),
    )


def looking(looked_for: str) -> Content:
    """Said while the backend looks."""
    return join(' looking for "', (looked_for, "bold"), '" ...')


def not_looked(looked_for: str) -> Content:
    """Said when the backend could not look."""
    return join(' could not look for "', (looked_for, "bold"), '"; F7 tries again')


def nothing_found(looked_for: str) -> Content:
    """Said when no group was found: what was looked for, and what to do."""
    return lines(
        join(' No group has a number or name that begins with "', (looked_for, "bold"), '".'),
        plain(""),
        plain(" Ask the caller to read the number from the bill, or type less of the name."),
        plain(" / or a digit looks for another one."),
    )


def alone(found: Iterable[AccountRow], looked_for: str) -> str | None:
    """The number of the group that is meant: the only one found, or the one with exactly this number."""
    rows = list(found)
    if len(rows) == 1:
        return rows[0].number
    exact = [row.number for row in rows if row.number.casefold() == looked_for.strip().casefold()]
    return exact[0] if exact else None


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
        plain(member.name),
        plain(member.relationship),
        plain(member.born or "-"),
        plain(f"{member.coverage_from or '-'}"),
        plain(
            f"{ends}" if ends else member.standing or "-", "" if ends or member.standing else "$text-muted"
        ),
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
    plain("Names are initials and birth dates are years: this list names no reason to see more."),
    plain("The stars are always as many, so that they tell nothing about a name's length."),
    plain("'to' is the last day of coverage; - means no end is set."),
    plain("Above the members: who waits in the queue to become one, and who was refused not long ago."),
)
