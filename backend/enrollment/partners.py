"""Trading partners: who sends electronic files, for which groups, and how far they have come (R22)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from api_client.types.accounts import Contact, Filing
from api_client.types.enrollment import PartnerReport, PartnersReport
from api_client.types.problems import ProblemType
from api_client.types.words import FileKind, FilingMethod, PartnerStatus
from backend.accounts import service as accounts
from backend.database.unit import Unit
from backend.enrollment import partner_store as store
from backend.enrollment import rules
from backend.problems import Problem


async def of_sender(unit: Unit, sender: str) -> Any | None:
    """The row of the partner who sends under this name, as ZZ/NAME; None for nobody known."""
    return await store.by_sender(unit.connection, sender)


async def filing_of(unit: Unit, account: Any, account_manager: Contact | None) -> Filing:
    """How a group files, in a sentence for a caller; who to call to begin with electronic files [S]."""
    method = FilingMethod(account.filing_method)
    partner = await store.by_id(unit.connection, account.partner_id) if account.partner_id else None
    newest = await store.last_file(unit.connection, partner.id) if partner else None
    status = PartnerStatus(partner.status) if partner else None
    return Filing(
        partner=partner.name if partner else "",
        status=status,
        last_file=newest.number if newest else None,
        last_file_at=newest.received_at if newest else None,
        sentence=rules.filing_sentence(
            method,
            partner.name if partner else "",
            status,
            accounts.name_and_phone(account_manager),
            f"{unit.policy.service.name}, {unit.policy.service.phone}",
            few=account.employees < unit.policy.enrollment.edi_min_members,
        ),
    )


async def every(unit: Unit) -> PartnersReport:
    """All partners with their groups."""
    return PartnersReport(partners=[await _report(unit, row) for row in await store.every(unit.connection)])


async def put(
    unit: Unit,
    sender: str,
    *,
    name: str = "",
    status: PartnerStatus | None = None,
    lists: FileKind | None = None,
    member_number_in: str = "",
    groups: Sequence[str] = (),
) -> PartnerReport:
    """Write down a partner, or change what is given of one; its files count for these groups from now on.

    Raises INVALID for a sender or a qualifier that cannot be, NOT_FOUND for an unknown group.
    """
    wrong = rules.partner_refused(sender, member_number_in, lists)
    if wrong:
        raise Problem(ProblemType.INVALID, wrong)
    row = await store.by_sender(unit.connection, sender)
    given = {
        "name": name,
        "status": status,
        "lists": lists,
        "member_number_in": member_number_in,
    }
    values = {field: value for field, value in given.items() if value} | {"changed_at": unit.now}
    if row is None:
        fresh = {"sender": sender, "name": name or sender, "status": status or PartnerStatus.PROSPECT}
        row = await store.add(unit.connection, {**fresh, **values})
    else:
        row = await store.change(unit.connection, row.id, values)
    for number in groups:
        account = await accounts.account_of(unit, number)
        await store.set_partner(unit.connection, account.id, row.id)
        await accounts.touch(unit, account.id)
    unit.audit("enrollment.partner", "partner", sender, status=row.status, groups=list(groups))
    return await _report(unit, row)


async def _report(unit: Unit, row: Any) -> PartnerReport:
    return PartnerReport(
        sender=row.sender,
        name=row.name,
        status=PartnerStatus(row.status),
        lists=FileKind(row.lists) if row.lists else None,
        member_number_in=row.member_number_in,
        groups=list(await store.groups_of(unit.connection, row.id)),
    )
