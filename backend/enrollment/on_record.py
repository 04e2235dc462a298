"""Whom on record a transaction is about, and how that person stands there."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from backend.accounts import service as accounts
from backend.accounts.members import first_key, ssn_columns, ssn_digest
from backend.database.unit import Unit
from backend.enrollment import rules, store
from backend.enrollment.rules import OnRecord, Stopped, Transaction
from backend.matching import normalise


def digest(unit: Unit, ssn: str) -> str | None:
    """The keyed digest of an SSN that can be one; None for anything else."""
    digits = normalise.ssn(ssn)
    return ssn_digest(unit, digits) if digits else None


async def account_of(unit: Unit, transaction: Transaction) -> Any | None:
    """The group it names, read once in a unit: a file names the same one again and again."""
    number, partner = transaction.group_number, transaction.partner
    return await unit.once(("account", number, partner), lambda: accounts.find_account(unit, number, partner))


async def family_of(unit: Unit, transaction: Transaction, account: Any | None) -> Sequence[Any]:
    """Who is on record under the subscriber number, or has the member number, in this group."""
    if account is None:
        return ()
    return await store.people_of(unit.connection, account.id, transaction.subscriber_number, transaction.mrn)


def whom(unit: Unit, transaction: Transaction, family: Sequence[Any]) -> OnRecord | Stopped:
    """The one member of the family it is about, or why none is."""
    former_first, _, former_ssn = transaction.former
    return rules.about_whom(
        transaction,
        coverages(family),
        first_keys=(first_key(transaction.first_name), first_key(former_first)),
        ssn_digests=(digest(unit, transaction.ssn), digest(unit, former_ssn)),
    )


def coverages(family: Sequence[Any]) -> list[OnRecord]:
    """Each coverage of a family and whose it is."""
    return [
        OnRecord(
            member_id=row.id,
            mrn=row.mrn,
            subscriber_number=row.subscriber_number,
            relationship=row.relationship,
            first_key=row.first_key,
            birth_date=row.birth_date,
            ssn_digest=row.ssn_digest,
            line=row.line,
            level=row.level,
            starts_on=row.starts_on,
            ends_on=row.ends_on,
        )
        for row in family
    ]


def columns_of(unit: Unit, transaction: Transaction) -> dict[str, Any]:
    """The columns of an enrollment that say whom it is about."""
    return {
        "subscriber_number": transaction.subscriber_number,
        "relationship": transaction.relationship,
        "mrn": transaction.mrn,
        "last_name": transaction.last_name,
        "first_name": transaction.first_name,
        "middle_name": transaction.middle_name,
        "suffix": transaction.suffix,
        "birth_date": transaction.birth_date,
        "sex": transaction.sex,
        **ssn_columns(unit, transaction.ssn or None),
        "street": transaction.street,
        "city": transaction.city,
        "state_code": transaction.state,
        "zip": transaction.zip,
        "mailing_street": transaction.mailing_street,
        "mailing_city": transaction.mailing_city,
        "mailing_state_code": transaction.mailing_state,
        "mailing_zip": transaction.mailing_zip,
        "phone": transaction.phone,
        "restricted": transaction.restricted,
    }
