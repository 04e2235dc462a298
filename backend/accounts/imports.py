"""Groups and members taken from CSV files, in batches that never hold the store for long."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from enum import StrEnum
from itertools import islice
from typing import Any, BinaryIO, TypeVar

from api_client.types.billing_words import BillingCycle, BillPreference, Proration
from api_client.types.enrollment import ImportReport
from api_client.types.words import CobraAdmin, ContactRole, EventKind, FilingMethod, GroupState, Sex
from backend.accounts import moves, rules, service, store
from backend.accounts.members import Person, create_members, delivery_of, member_values, replace_member
from backend.actors import Actor
from backend.calls.rules import DELEGABLE
from backend.csv_rows import CsvRow, Tally, csv_rows, day, optional_day
from backend.database.unit import Unit
from backend.matching import normalise
from backend.progress import Progress
from backend.runtime import Runtime
from backend.search import index as words

GROUP_REQUIRED = ("number", "name", "employees", "effective_from", "cobra_admin")
GROUP_COLUMNS = (
    *GROUP_REQUIRED, "ein", "ended_on", "street", "city", "state", "zip", "address_changed_on",
    "filing_method", "bill_preference", "billing_cycle", "billing_policy", "bill_phone", "bill_hours",
    "proration", "paid_through", "aliases", "signer", "signer_phone", "signer_from", "signer_to",
    "administrator", "administrator_phone", "administrator_from", "administrator_to", "broker",
    "broker_phone", "broker_from", "broker_to", "broker_number", "broker_hears", "broker_street",
    "broker_city", "broker_state", "broker_zip", "tpa", "tpa_phone", "tpa_from", "tpa_to", "representative",
    "representative_phone", "representative_extension", "account_manager", "account_manager_phone",
)  # fmt: skip
"""`aliases` holds what trading partners call the group, as `partner=value` with semicolons between them.

`broker_hears` holds what the group lets its broker hear beyond copies of letters, with semicolons too;
copies go to the broker's address.
"""
MEMBER_REQUIRED = ("record_id", "last_name")
MEMBER_COLUMNS = (
    *MEMBER_REQUIRED, "first_name", "middle_name", "suffix", "date_of_birth", "sex", "ssn", "street",
    "city", "state", "zip", "phone", "group_number", "subscriber_number", "relationship",
    "coverage_from", "coverage_to", "line", "level",
)  # fmt: skip
"""`record_id` is the member number; without `group_number` the member has no coverage."""
_GROUP_BATCH = 25
_MEMBER_BATCH = 400
_MOST_EMPLOYEES = 9_999_999
_FARTHEST_PAID = timedelta(days=731)
"""Farther ahead it stands for "no end" or is a mistake; the dates of letters follow from it."""
_CONTACTS = (
    ("signer", ContactRole.CONTRACT_SIGNER),
    ("administrator", ContactRole.ADMINISTRATOR),
    ("broker", ContactRole.BROKER),
    ("tpa", ContactRole.TPA),
    ("representative", ContactRole.GROUP_REPRESENTATIVE),
    ("account_manager", ContactRole.ACCOUNT_MANAGER),
)
_IN_CAPITALS = (BillingCycle, Proration)
_EMPLOYEES = {ContactRole.CONTRACT_SIGNER, ContactRole.ADMINISTRATOR}
Word = TypeVar("Word", bound=StrEnum)
Good = TypeVar("Good")


async def import_groups(
    runtime: Runtime, actor: Actor, source: BinaryIO, *, request_id: str, one_employer: bool = False
) -> AsyncIterator[Progress | ImportReport]:
    """Groups with their contacts, by number: new ones are added, known ones changed. GROUP_COLUMNS.

    With `one_employer` somebody has looked: groups of one tax number are one employer, whatever their names.
    """
    tally = Tally()
    rows = csv_rows(source, GROUP_REQUIRED, GROUP_COLUMNS, tally)
    taken: set[str] = set()
    for batch in _batches(rows, _GROUP_BATCH):
        async with runtime.act(actor, request_id) as unit:
            for row, values in _good(batch, lambda row: _group(unit, row), tally):
                if values["number"] in taken:
                    tally.refuse(row.line, "the file names this group number twice")
                elif await _put_group(unit, row, values, tally, one_employer=one_employer):
                    taken.add(values["number"])
            unit.audit("account.import", "file", request_id, rows=len(batch))
        yield Progress(tally.read)
    yield tally.report()


def _batches(rows: Iterator[CsvRow], size: int) -> Iterator[list[CsvRow]]:
    while batch := list(islice(rows, size)):
        yield batch


def _good(
    batch: Sequence[CsvRow], read: Callable[[CsvRow], Good], tally: Tally
) -> Iterator[tuple[CsvRow, Good]]:
    for row in batch:
        try:
            yield row, read(row)
        except ValueError as error:
            tally.refuse(row.line, str(error))


def _word(kind: type[Word], text: str, column: str, default: Word | None = None) -> Word:
    if not text and default is not None:
        return default
    try:
        return kind(text.upper() if kind in _IN_CAPITALS else text.casefold())
    except ValueError:
        raise ValueError(f"{column} is none of {', '.join(kind)}") from None


def _group(unit: Unit, row: CsvRow) -> dict[str, Any]:
    """The columns of `account`. Raises ValueError with the reason for refusing the line."""
    if not row["name"]:
        raise ValueError("the name is missing")
    if not row["employees"].isdecimal() or int(row["employees"]) > _MOST_EMPLOYEES:
        raise ValueError(f"employees is no number up to {_MOST_EMPLOYEES}")
    ended_on = optional_day(row["ended_on"], "ended_on")
    paid_through = optional_day(row["paid_through"], "paid_through")
    if paid_through is not None and paid_through - unit.today > _FARTHEST_PAID:
        raise ValueError("paid_through is more than two years ahead")
    ended = ended_on is not None and ended_on < unit.today
    policy = row["billing_policy"] or next(iter(unit.policy.billings))
    if policy not in unit.policy.billings:
        raise ValueError(f"billing_policy is none of {', '.join(unit.policy.billings)}")
    return {
        "number": rules.group_number(row["number"]),
        "name": row["name"],
        "name_key": normalise.name_key(row["name"]),
        "state": GroupState.TERMINATED if ended else GroupState.ACTIVE,
        "ein": rules.normal_ein(row["ein"]),
        "employees": int(row["employees"]),
        "effective_from": day(row["effective_from"], "effective_from"),
        "ended_on": ended_on,
        "street": row["street"],
        "city": row["city"],
        "state_code": row["state"].upper(),
        "zip": row["zip"],
        "address_changed_on": optional_day(row["address_changed_on"], "address_changed_on"),
        "cobra_admin": _word(CobraAdmin, row["cobra_admin"], "cobra_admin"),
        "filing_method": _word(FilingMethod, row["filing_method"], "filing_method", FilingMethod.PAPER),
        "bill_preference": _word(
            BillPreference, row["bill_preference"], "bill_preference", BillPreference.PAPER
        ),
        "billing_cycle": _word(BillingCycle, row["billing_cycle"], "billing_cycle", BillingCycle.C1),
        "billing_policy": policy,
        "proration": _word(Proration, row["proration"], "proration") if row["proration"] else "",
        "bill_phone": rules.normal_phone(row["bill_phone"]),
        "bill_hours": row["bill_hours"],
        "paid_through": paid_through,
        "contacts": list(_contacts(row)),
        "aliases": _aliases(row["aliases"]),
    }


def _contacts(row: CsvRow) -> Iterator[dict[str, Any]]:
    for name, role in _CONTACTS:
        valid_from = optional_day(row[f"{name}_from"], f"{name}_from")
        valid_to = optional_day(row[f"{name}_to"], f"{name}_to")
        if valid_from is not None and valid_to is not None and valid_to < valid_from:
            raise ValueError(f"{name}_to is before {name}_from")
        if not row[name] and (row[f"{name}_number"] or row[f"{name}_hears"]):
            raise ValueError(f"{name}_number or {name}_hears is given without {name}")
        if row[name]:
            yield {
                "role": role,
                "name": row[name],
                "phone": rules.normal_phone(row[f"{name}_phone"]),
                "extension": row[f"{name}_extension"],
                "employee": role in _EMPLOYEES,
                "valid_from": valid_from,
                "valid_to": valid_to,
                "number": row[f"{name}_number"],
                "delegated": _hears(row[f"{name}_hears"]),
                "street": row[f"{name}_street"],
                "city": row[f"{name}_city"],
                "state_code": row[f"{name}_state"].upper(),
                "zip": row[f"{name}_zip"],
            }


def _hears(text: str) -> list[str]:
    """What a broker may hear, as it is kept. Raises ValueError for what no broker can."""
    named = {part.strip().casefold() for part in text.split(";") if part.strip()}
    if named - DELEGABLE:
        raise ValueError(f"broker_hears is none of {', '.join(sorted(DELEGABLE))}")
    return sorted(named)


def _aliases(text: str) -> list[tuple[str, str]]:
    named: set[tuple[str, str]] = set()
    for part in filter(str.strip, text.split(";")):
        partner, equals, value = (piece.strip() for piece in part.partition("="))
        if not (partner and equals and value):
            raise ValueError("aliases are not of the form partner=value; partner=value")
        named.add((partner, value))
    return sorted(named)


async def _put_group(
    unit: Unit, row: CsvRow, values: dict[str, Any], tally: Tally, *, one_employer: bool
) -> bool:
    """Write the group unless it stands so on record already; False when the line is refused."""
    contacts, aliases = values.pop("contacts"), values.pop("aliases")
    before = await store.account_by_number(unit.connection, values["number"])
    for partner, value in aliases:
        other = await store.account_by_alias(unit.connection, partner, value)
        if other is not None and other.number != values["number"]:
            tally.refuse(row.line, "an alias belongs to another group")
            return False
    beside = await moves.newly_beside(unit, before, values)
    refusal = "" if one_employer else moves.refusal(values, beside)
    if refusal:
        tally.refuse(row.line, refusal)
        return False
    new_place = moves.new_place(unit, values, beside)
    if before is None:
        values |= new_place
        account_id = await store.add_account(unit.connection, values)
        await words.put_account(unit, account_id, values["name_key"])
        tally.added += 1
    else:
        account_id = before.id
        values |= moves.moved(unit, before, values) | new_place
        if not await _differs(unit, before, values, contacts, aliases):
            tally.unchanged += 1
            return True
        await store.change_account(unit.connection, account_id, values)
        await words.put_account(unit, account_id, values["name_key"], before.name_key)
        tally.changed += 1
    await store.replace_contacts(unit.connection, account_id, contacts)
    named = [{"partner": partner, "value": value} for partner, value in aliases]
    await store.replace_aliases(unit.connection, account_id, named)
    number, version = await store.touch_account(unit.connection, account_id)
    unit.audit("account.import", "account", number, added=before is None)
    unit.emit(EventKind.ACCOUNT, number, version)
    return True


async def _differs(
    unit: Unit,
    before: Any,
    values: dict[str, Any],
    contacts: list[dict[str, Any]],
    aliases: list[tuple[str, str]],
) -> bool:
    if any(getattr(before, name) != value for name, value in values.items()):
        return True
    on_record = await store.contacts(unit.connection, before.id)
    pairs = zip(on_record, contacts, strict=False)
    if any(getattr(row, name) != value for row, contact in pairs for name, value in contact.items()):
        return True
    known = [tuple(one) for one in await store.aliases(unit.connection, before.id)]
    return len(on_record) != len(contacts) or known != aliases


async def import_members(
    runtime: Runtime, actor: Actor, source: BinaryIO, *, request_id: str
) -> AsyncIterator[Progress | ImportReport]:
    """Members with coverage, by member number: new ones are added, known ones changed. MEMBER_COLUMNS."""
    tally = Tally()
    rows = csv_rows(source, MEMBER_REQUIRED, MEMBER_COLUMNS, tally)
    accounts: dict[str, Any] = {}
    taken: set[str] = set()
    for batch in _batches(rows, _MEMBER_BATCH):
        async with runtime.act(actor, request_id) as unit:
            await _put_members(unit, batch, accounts, taken, tally)
            unit.audit("member.import", "file", request_id, rows=len(batch))
        yield Progress(tally.read)
    yield tally.report()


def _person(row: CsvRow) -> Person:
    """Who the line describes. Raises ValueError with the reason for refusing it."""
    if not row["last_name"]:
        raise ValueError("the last name is missing")
    if not row["record_id"]:
        raise ValueError("the member number (record_id) is missing")
    if not rules.is_member_number(row["record_id"]):
        raise ValueError("a member number (record_id) has up to 20 letters, digits and hyphens")
    digits = "".join(char for char in row["ssn"] if char in "0123456789")
    if row["ssn"] and len(digits) != 9:
        raise ValueError("the SSN has not nine digits")
    return Person(
        last_name=row["last_name"],
        first_name=row["first_name"],
        middle_name=row["middle_name"],
        suffix=row["suffix"],
        birth_date=optional_day(row["date_of_birth"], "date_of_birth"),
        ssn=digits or None,
        sex=_sex(row["sex"]),
        street=row["street"],
        city=row["city"],
        state_code=row["state"].upper(),
        zip=row["zip"],
        phone=row["phone"],
    )


def _sex(text: str) -> Sex:
    if text.upper() not in {"", *Sex}:
        raise ValueError("sex is none of F, M, U")
    return Sex(text.upper() or "U")


async def _put_members(
    unit: Unit, batch: list[CsvRow], accounts: dict[str, Any], taken: set[str], tally: Tally
) -> None:
    """Write a batch; `taken` are the member numbers of this file so far."""
    known = await store.members_to_change(unit.connection, [row["record_id"] for row in batch])
    new: dict[str, Person] = {}
    covered: dict[str, dict[str, Any]] = {}
    seen: set[str] = set()
    changed: set[str] = set()
    for row, person in _good(batch, _person, tally):
        mrn = row["record_id"]
        try:
            coverage = await _coverage(unit, row, accounts)
            if mrn in taken:
                raise ValueError("the file names this member number twice")
        except ValueError as error:
            tally.refuse(row.line, str(error))
            continue
        taken.add(mrn)
        if mrn not in known:
            new[mrn] = person
        else:
            seen.add(mrn)
            person = replace(person, **delivery_of(known[mrn]))  # the file has no columns for it
            if _person_differs(unit, known[mrn], person):
                await replace_member(unit, known[mrn], person)
                unit.audit("member.import", "member", mrn)
                changed.add(mrn)
        if coverage:
            covered[mrn] = coverage
    ids = {mrn: int(row.id) for mrn, row in known.items()}
    if new:
        ids |= await create_members(unit, new)
        await _number_on(unit, new)
    touched = await _put_coverages(unit, {ids[mrn]: coverage for mrn, coverage in covered.items()})
    changed |= {mrn for mrn in seen if ids[mrn] in touched}
    tally.added += len(new)
    tally.changed += len(changed)
    tally.unchanged += len(seen - changed)


async def _number_on(unit: Unit, new: Iterable[str]) -> None:
    numbers = [int(mrn) for mrn in new if mrn.isdecimal() and len(mrn) <= 15]
    if numbers:
        await store.number_members_above(unit.connection, max(numbers))


async def _coverage(unit: Unit, row: CsvRow, accounts: dict[str, Any]) -> dict[str, Any]:
    """The columns of `coverage`; empty without a group. Raises ValueError with the reason."""
    number = row["group_number"]
    if not number:
        return {}
    if number not in accounts:
        accounts[number] = await service.find_account(unit, number)
    account = accounts[number]
    if account is None:
        raise ValueError("there is no such group; import the groups first")
    starts_on = optional_day(row["coverage_from"], "coverage_from") or account.effective_from
    ends_on = optional_day(row["coverage_to"], "coverage_to")
    if ends_on is not None and ends_on < starts_on:
        raise ValueError("coverage ends before it begins")
    return {
        "account_id": account.id,
        "subscriber_number": row["subscriber_number"] or row["record_id"],
        "relationship": row["relationship"] or "18",
        "line": row["line"] or "HMO",
        "level": row["level"],
        "starts_on": starts_on,
        "ends_on": ends_on,
        "enrollment_id": None,
    }


def _person_differs(unit: Unit, row: Any, person: Person) -> bool:
    values = member_values(unit, person)
    sealed = ("ssn_cipher", "key_id")  # sealed anew each time; the digest tells whether the SSN changed
    return any(getattr(row, name) != value for name, value in values.items() if name not in sealed)


async def _put_coverages(unit: Unit, wanted: dict[int, dict[str, Any]]) -> set[int]:
    """Add or change coverage by the key of its member, and tell the desks that show their groups.

    Returns the keys of members whose coverage changed.
    A line without an end never opens coverage again that ended meanwhile.
    """
    on_record = {
        (row.member_id, row.account_id, row.line, row.starts_on): row
        for row in await store.coverages_of(unit.connection, list(wanted))
    }
    missing: list[dict[str, Any]] = []
    changed: set[int] = set()
    for member_id, coverage in wanted.items():
        row = on_record.get((member_id, coverage["account_id"], coverage["line"], coverage["starts_on"]))
        if row is None:
            missing.append({**coverage, "member_id": member_id})
            continue
        names = ("subscriber_number", "relationship", "level", *(("ends_on",) if coverage["ends_on"] else ()))
        values = {name: coverage[name] for name in names if getattr(row, name) != coverage[name]}
        if values:
            await store.change_coverage(unit.connection, row.id, values)
            changed.add(member_id)
    if missing:
        await store.add_coverages(unit.connection, missing)
    changed |= {row["member_id"] for row in missing}
    touched = sorted({wanted[member_id]["account_id"] for member_id in changed})
    for number, version in await store.touch_accounts(unit.connection, touched) if touched else ():
        unit.emit(EventKind.ACCOUNT, number, version)
    return changed
