"""What cells and lines of accounts say."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.words import (
    BillPreference,
    CobraAdmin,
    ContactRole,
    DelinquencyState,
    GroupState,
)
from screens.accounts.filing import filing
from screens.widgets.text import fit, hanging, join, lines, place, plain, short_day, urgent
from screens.widgets.virtual_table import Column, TableRow

if TYPE_CHECKING:
    from api_client.types.accounts import Account, AccountRow, Contact, MemberRow, OpenItem

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
STANDINGS = {
    DelinquencyState.CURRENT: "current",
    DelinquencyState.PAST_DUE: "past due",
    DelinquencyState.GRACE: "in grace",
    DelinquencyState.TERM_PENDING: "term pending",
    DelinquencyState.TERMINATED_NONPAY: "ended unpaid",
}
_STYLES = {
    DelinquencyState.CURRENT: "",
    DelinquencyState.PAST_DUE: "$text-warning",
    DelinquencyState.GRACE: "$text-warning",
    DelinquencyState.TERM_PENDING: "bold $text-error",
    DelinquencyState.TERMINATED_NONPAY: "bold $text-error",
}
_BILL = {
    BillPreference.PAPER: "paper bill: yes",
    BillPreference.PAPERLESS: "paper bill: no, online only",
    BillPreference.BOTH: "paper bill: yes, and online",
}
_COBRA = {
    CobraAdmin.CLIENT: "the client administers it.",
    CobraAdmin.TPA: "an administrator handles it for the client.",
    CobraAdmin.PLAN: "the plan bills and collects it.",
}
_ROLES = {
    ContactRole.CONTRACT_SIGNER: "contract signer",
    ContactRole.ADMINISTRATOR: "administrator",
    ContactRole.BROKER: "broker",
    ContactRole.TPA: "COBRA administrator",
    ContactRole.GROUP_REPRESENTATIVE: "group representative",
    ContactRole.ACCOUNT_MANAGER: "account manager",
}
_LABEL = 10
_MEDICARE = "Medicare: "


def money(amount: Decimal) -> str:
    """Dollars and cents: `10,000.00`."""
    return f"{amount:,.2f}"


# -- finding ---------------------------------------------------------------------------------------


def account_row(found: AccountRow, today: date) -> TableRow:
    """One group in the list of those found."""
    ends = found.coverage_end_if_unpaid
    standing = found.delinquency
    style = _STYLES[standing] if standing else "$text-muted"
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


# -- one account: the head -------------------------------------------------------------------------


def account_subject(number: str) -> Content:
    """What the head line says."""
    return join("ACCOUNT  ", number)


def head(account: Account, today: date) -> Content:
    """Who the group is, whether its coverage is ending, and whom to call about the bill."""
    phone = " ".join(part for part in (account.bill_phone, account.bill_hours) if part)
    bill = join(("BILL PHONE ", "$text-muted"), phone or "none on record")
    return lines(_group(account), coverage(account, today), bill)


def _group(account: Account) -> Content:
    state = GROUP_STATES[account.state].upper()
    until = f" until {account.ended_on}" if account.ended_on else ""
    return join(
        (f"{account.number} {account.name}", "bold"),
        f"   {account.size_class} employees, {state} since {account.effective_from}{until}",
        f"   cycle {account.billing_cycle.value}",
    )


def coverage(account: Account, today: date) -> Content:
    """The answer to the commonest question; loud only when coverage ended or is ending."""
    ends, by = account.coverage_ends_on, account.keep_coverage_by
    if account.delinquency is DelinquencyState.TERMINATED_NONPAY:
        when = f" {ends}" if ends else ""
        return _loud(f"** COVERAGE ENDED{when}: premium not paid **", account.delinquency)
    if account.state is GroupState.TERMINATED or account.ended_on is not None:
        return _contract_end(account, today)
    if account.keep_coverage_amount and by and ends:
        need = f"{money(account.keep_coverage_amount)} reaches us by {short_day(by, today)}"
        return _loud(f"** COVERAGE ENDS {ends} unless {need} **", account.delinquency)
    if account.delinquency is not DelinquencyState.CURRENT:
        words = f"Past due {days(account.days_past_due)}, {money(account.open_premium)} open; no end is set."
        return join((words, "bold"), "  b: why")
    if account.open_premium:
        return plain(f"Paid up; coverage goes on. {money(account.open_premium)} is billed and not past due.")
    return plain("Paid up; coverage goes on. Nothing is due.")


def _contract_end(account: Account, today: date) -> Content:
    end = account.ended_on or account.coverage_ends_on
    if end is None:
        return plain("** COVERAGE ENDED **", "bold $text-error")
    if account.state is GroupState.TERMINATED and end <= today:
        return plain(f"** COVERAGE ENDED {end} **", "bold $text-error")
    return plain(f"** COVERAGE ENDS {end}: the group's contract ends **", "bold $text-error")


def _loud(words: str, standing: DelinquencyState) -> Content:
    ended = standing is DelinquencyState.TERMINATED_NONPAY
    pressing = ended or standing is DelinquencyState.TERM_PENDING
    return join((words, "bold $text-error" if pressing else "bold $text-warning"), "  b: why")


def days(count: int) -> str:
    """`1 day`, `19 days`."""
    return f"{count} day" if count == 1 else f"{count} days"


def sayable(account: Account) -> Content:
    """The sentence for a caller."""
    return join(("SAY ", "bold"), f'"{account.say}"')


# -- one account: what stands below ----------------------------------------------------------------


def facts(account: Account, now: datetime, width: int) -> Content:
    """Premium, payment, letter, and how the group works with us."""
    rows = _row("premium", _premium(account), width)
    rows += _row("payment", plain(account.last_payment), width)
    rows += _row("letter", plain(account.last_letter or "none"), width)
    rows += _row("bill", plain(_BILL[account.bill_preference]), width)
    rows += _row("filing", filing(account, now), width)
    cobra = f"{_COBRA[account.cobra_admin]} {account.cobra_sentence}"
    rows += _row("COBRA", plain(cobra), width)
    rows += _row("Medicare", plain(account.medicare_sentence.removeprefix(_MEDICARE)), width)
    rows += _row("address", plain(place(account.address)), width)
    rows += _row("members", plain(f"{account.members_enrolled} enrolled"), width)
    return lines(*rows)


def people(account: Account, now: datetime, width: int) -> Content:
    """Open items, and the contacts with what they may do until when."""
    rows: list[Content] = []
    for item in account.open_items:
        rows += _row("open" if not rows else "", _open_item(item, now), width)
    if not rows:
        rows += _row("open", plain("nothing"), width)
    label = "contacts"
    for contact in account.contacts:
        rows += _row(label, _contact(contact, now.date()), width)
        label = ""
    if not account.contacts:
        rows += _row(label, plain("none on record"), width)
    return lines(*rows)


def _row(label: str, text: Content, width: int) -> list[Content]:
    return hanging(fit(plain(f" {label}", "$text-muted"), _LABEL), text, width)


def _premium(account: Account) -> Content:
    standing = (STANDINGS[account.delinquency], _STYLES[account.delinquency])
    late = f", {days(account.days_past_due)} past due" if account.days_past_due else ""
    rest = account.open_premium - account.keep_coverage_amount
    of_it = f", {money(rest)} of it not past due" if account.keep_coverage_amount and rest > 0 else ""
    return join(standing, f"{late}, {money(account.open_premium)} open{of_it}")


def _open_item(item: OpenItem, now: datetime) -> Content:
    due = urgent(item.urgency, time_left(item.due_at, now) if item.due_at else "")
    return join((item.id, "bold"), f" {item.kind}, {item.state}  ", due if item.due_at else "")


def time_left(due: datetime, now: datetime) -> str:
    """`11 m`, `7 h 42`, `3 d`, or how late it is."""
    minutes = int((due - now).total_seconds() // 60)
    late = " late" if minutes < 0 else ""
    minutes = abs(minutes)
    if minutes < 60:
        return f"{minutes} m{late}"
    if minutes < 24 * 60:
        return f"{minutes // 60} h {minutes % 60:02}{late}"
    return f"{minutes // (24 * 60)} d{late}"


def _contact(contact: Contact, today: date) -> Content:
    phone = f"  {contact.phone}" if contact.phone else ""
    extension = f" x{contact.extension}" if contact.extension else ""
    words = join((contact.name or "no name", "bold"), f", {_ROLES[contact.role]}{phone}{extension}")
    where = f"  {place(contact.address)}" if any(_parts(contact)) else ""
    return join(words, authority(contact, today), where)


def _parts(contact: Contact) -> tuple[str, ...]:
    home = contact.address
    return home.street, home.city, home.state, home.zip


def authority(contact: Contact, today: date) -> Content:
    """From when to when the contact speaks for the group; loud when today is outside of it."""
    begins, ends = contact.valid_from, contact.valid_to
    if ends and ends < today:
        return plain(f"  NO LONGER, ended {ends}", "bold $text-warning")
    if begins and begins > today:
        return plain(f"  NOT YET, from {begins}", "bold $text-warning")
    since = f"  since {begins}" if begins else ""
    return plain(f"{since}{f'  until {ends}' if ends else ''}", "$text-muted")


# -- why, and what is not there --------------------------------------------------------------------


def why(account: Account) -> Content:
    """The rule behind the main date."""
    ends, by = account.coverage_ends_on, account.keep_coverage_by
    if account.delinquency is DelinquencyState.TERMINATED_NONPAY:
        return lines(
            plain(
                f"Premium of {money(account.open_premium)} was still open when the last grace day was over."
            ),
            plain(
                f"So coverage of the whole group ended at the end of that day{f', {ends}' if ends else ''}."
            ),
            _MORE,
        )
    if account.state is GroupState.TERMINATED or account.ended_on is not None:
        return plain(
            f"The group's contract ends on {account.ended_on or ends}; it is not a matter of premium."
        )
    if account.keep_coverage_amount and by and ends:
        late = f" is {days(account.days_past_due)} past due." if account.days_past_due else " is past due."
        return lines(
            plain(f"Premium of {money(account.keep_coverage_amount)}{late}"),
            plain(f"Coverage goes on through the grace, and ends after its last day, {ends}."),
            plain("The grace has at least 30 days; day 1 is the date of the warning letter."),
            plain(
                f"All of {money(account.keep_coverage_amount)} received by {by} keeps coverage without a gap."
            ),
            plain("A part of it, or a promise to pay, changes no date."),
            _MORE,
        )
    if account.delinquency is not DelinquencyState.CURRENT:
        return lines(
            plain(f"An invoice is {days(account.days_past_due)} past due; no warning letter set an end yet."),
            plain("The grace begins with that letter and has at least 30 days."),
            _MORE,
        )
    return lines(
        plain("No premium is past due, so nothing ends coverage."),
        plain(
            "An unpaid invoice is past due the day after its due date; a warning letter then starts a grace"
        ),
        plain("of at least 30 days, in which coverage goes on."),
        _MORE,
    )


_MORE = plain("b shows the invoices, payments and letters behind it.")


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
