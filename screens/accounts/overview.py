"""What the account screen says: what a caller asks first, as far as the caller on the line may hear it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.billing_words import BillPreference
from api_client.types.call_words import Fact
from api_client.types.words import CobraAdmin, ContactRole
from screens.accounts.filing import filing
from screens.accounts.presentation import GROUP_STATES
from screens.accounts.standing import STANDINGS, STYLES, coverage, days, money
from screens.widgets.text import fit, hanging, join, lines, place, plain, urgent

if TYPE_CHECKING:
    from api_client.types.accounts import Account, Contact, OpenItem, Premium

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
    ContactRole.BROKER: "broker of record",
    ContactRole.TPA: "COBRA administrator",
    ContactRole.GROUP_REPRESENTATIVE: "group representative",
    ContactRole.ACCOUNT_MANAGER: "account manager",
}
SECTIONS = {
    Fact.GROUP: "the group's record",
    Fact.BILLING: "billing",
    Fact.LETTERS: "letters",
    Fact.MEMBERS: "members",
    Fact.USER_IDS: "user IDs",
    Fact.QUEUE: "open cases",
    Fact.COBRA: "COBRA",
}
"""What of a group a caller has to prove a right to, in the order it is said."""
FREE_TO_SAY = "tour and request form, fax number, care before the card, kp.org"
_LABEL = 10
_MEDICARE = "Medicare: "


# -- the head ----------------------------------------------------------------------------------------


def head(account: Account, today: date) -> Content:
    """Who the group is, whether its coverage is ending, and whom to call about the bill."""
    ending = coverage(account, today)
    return lines(_group(account), *([ending] if ending else []), _bill_phone(account))


def _group(account: Account) -> Content:
    who = join((f"{account.number} {account.name}", "bold"))
    about, premium = account.about, account.premium
    if about is not None:
        state = GROUP_STATES[about.state].upper()
        until = f" until {about.ended_on}" if about.ended_on else ""
        who = join(who, f"   {about.size_class} employees, {state} since {about.effective_from}{until}")
    return who if premium is None else join(who, f"   cycle {premium.cycle.value}")


def _bill_phone(account: Account) -> Content:
    phone = " ".join(part for part in (account.bill_phone, account.bill_hours) if part)
    last = join("    last call ", (account.last_call, "bold")) if account.last_call else ""
    return join(("BILL PHONE ", "$text-muted"), phone or "none on record", last)


def sayable(account: Account) -> Content:
    """The sentence for a caller; before they proved anything, what anybody may hear."""
    if account.premium is not None:
        return join(("SAY ", "bold"), f'"{account.premium.say}"')
    return join(("free to say: ", "bold"), FREE_TO_SAY)


# -- what stands below -------------------------------------------------------------------------------


def everything(account: Account, now: datetime, width: int) -> Content:
    """All of it below one another, for a narrow screen."""
    rows = [*locked(account, width), *_open(account, now, width), *_billing(account, width)]
    rows += [*_papers(account, now, width), *_contacts(account, now, width)]
    return lines(*rows, *_members(account, width))


def rest(account: Account, now: datetime, width: int) -> Content:
    """What a wide screen shows below its columns."""
    rows = [*locked(account, width), *_contacts(account, now, width)]
    return lines(*rows, *_papers(account, now, width))


def columns(account: Account, now: datetime) -> tuple[Content, Content, Content]:
    """Members, billing and open items, side by side on a wide screen."""
    enrolled = account.members_enrolled
    members = [] if enrolled is None else [plain(f"{enrolled} enrolled; e: who")]
    premium = account.premium
    billed = [] if premium is None else [text for _, text in _of_premium(premium)]
    return (
        _column("MEMBERS", members),
        _column("BILLING", billed),
        _column("OPEN ITEMS", [text for _, text in _of_work(account, now)]),
    )


def _column(title: str, texts: list[Content]) -> Content:
    closed = [plain("locked", "$text-muted")]
    return lines(plain(title, "$text-muted"), *(texts or closed))


def locked(account: Account, width: int) -> list[Content]:
    """What the caller on the line may not hear; nothing where there is no caller, or a client proved it."""
    closed = [words for fact, words in SECTIONS.items() if fact in account.locked]
    if not closed:
        return []
    nothing = len(closed) == len(SECTIONS)
    title = "locked until verified: " if nothing else "not for this caller: "
    said = hanging(plain(" "), join((title, "bold $text-warning"), ", ".join(closed)), width)
    key = join(
        " ", ("y", "bold"), " verifies the caller" if nothing else " verifies another caller or subject"
    )
    return [*said, key]


def _row(label: str, text: Content, width: int) -> list[Content]:
    return hanging(fit(plain(f" {label}", "$text-muted"), _LABEL), text, width)


def _rows(named: Iterable[tuple[str, Content]], width: int) -> list[Content]:
    return [row for label, text in named for row in _row(label, text, width)]


def _open(account: Account, now: datetime, width: int) -> list[Content]:
    return _rows(_of_work(account, now), width)


def _of_work(account: Account, now: datetime) -> list[tuple[str, Content]]:
    """Open items, and the newest user-ID request where it is none of them.

    An alert about failed verifications stands there whatever the caller proved.
    """
    items = [_open_item(one, now) for one in account.open_items]
    if not items and not {Fact.QUEUE, Fact.USER_IDS} <= set(account.locked):
        items = [plain("nothing")]
    named = _under("open", items)
    newest = account.user_id
    if newest and not any(newest.startswith(one.id) for one in account.open_items):
        named.append(("user ID", plain(newest)))
    return named


def _under(label: str, texts: list[Content]) -> list[tuple[str, Content]]:
    """The label stands beside the first only."""
    return [("" if at else label, text) for at, text in enumerate(texts)]


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


def _billing(account: Account, width: int) -> list[Content]:
    return [] if account.premium is None else _rows(_of_premium(account.premium), width)


def _of_premium(premium: Premium) -> list[tuple[str, Content]]:
    named = [("premium", _premium(premium)), ("payment", plain(premium.last_payment))]
    if premium.promise:
        named.append(("promise", plain(premium.promise)))
    return [*named, ("bill", plain(f"{_BILL[premium.bill_preference]}{_next_cycle(premium)}"))]


def _premium(premium: Premium) -> Content:
    standing = (STANDINGS[premium.delinquency], STYLES[premium.delinquency])
    late = f", {days(premium.days_past_due)} past due" if premium.days_past_due else ""
    rest = premium.open_premium - premium.keep_coverage_amount
    of_it = f", {money(rest)} of it not past due" if premium.keep_coverage_amount and rest > 0 else ""
    return join(standing, f"{late}, {money(premium.open_premium)} open{of_it}")


def _next_cycle(premium: Premium) -> str:
    if premium.next_cycle is None:
        return ""
    begins = f" from {premium.next_cycle_from:%Y-%m}" if premium.next_cycle_from else ""
    return f"; cycle {premium.next_cycle.value}{begins}"


def _papers(account: Account, now: datetime, width: int) -> list[Content]:
    """The last letter, filing, COBRA and Medicare, each where it may be heard."""
    rows: list[Content] = []
    if account.last_letter is not None:
        rows += _row("letter", plain(account.last_letter or "none"), width)
    if account.cobra is not None:
        said = f"{_COBRA[account.cobra.admin]} {account.cobra.sentence}"
        rows += _row("COBRA", plain(said), width)
    if account.about is not None:
        rows += _row("Medicare", plain(account.medicare_sentence.removeprefix(_MEDICARE)), width)
        rows += _row("filing", filing(account.about, now), width)
    return rows


def _members(account: Account, width: int) -> list[Content]:
    if account.members_enrolled is None:
        return []
    return _row("members", plain(f"{account.members_enrolled} enrolled"), width)


def _contacts(account: Account, now: datetime, width: int) -> list[Content]:
    about = account.about
    if about is None:
        return []
    known = [_contact(one, now.date()) for one in about.contacts]
    rows = _rows(_under("contacts", known or [plain("none on record")]), width)
    return rows + _row("address", plain(place(about.address)), width)


def _contact(contact: Contact, today: date) -> Content:
    phone = f"  {contact.phone}" if contact.phone else ""
    extension = f" x{contact.extension}" if contact.extension else ""
    words = join((contact.name or "no name", "bold"), f", {_ROLES[contact.role]}{phone}{extension}")
    home = contact.address
    where = f"  {place(home)}" if any((home.street, home.city, home.state, home.zip)) else ""
    return join(words, authority(contact, today), where)


def authority(contact: Contact, today: date) -> Content:
    """From when to when the contact speaks for the group; loud when today is outside of it."""
    begins, ends = contact.valid_from, contact.valid_to
    if ends and ends < today:
        return plain(f"  NO LONGER, ended {ends}", "bold $text-warning")
    if begins and begins > today:
        return plain(f"  NOT YET, from {begins}", "bold $text-warning")
    since = f"  since {begins}" if begins else ""
    return plain(f"{since}{f'  until {ends}' if ends else ''}", "$text-muted")
