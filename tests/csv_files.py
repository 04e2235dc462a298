"""CSV files as other systems send them, about plainly invented groups and people."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Callable, Sequence
from typing import BinaryIO

from api_client.types.enrollment import ImportReport
from backend.accounts.imports import GROUP_COLUMNS, MEMBER_COLUMNS, import_groups, import_members
from backend.actors import Actor, operator
from backend.billing.imports import PAYMENT_COLUMNS, import_payments
from backend.progress import Progress
from backend.runtime import Runtime

Line = dict[str, str]
Import = Callable[..., AsyncIterator[Progress | ImportReport]]


def group(number: str = "G-100", name: str = "Quillfeather Boats", **changes: str) -> Line:
    """A group of 30 employees with its people; other values by their columns."""
    line = {
        "number": number,
        "name": name,
        "employees": "30",
        "effective_from": "2026-01-01",
        "cobra_admin": "client",
        "street": "12 Nowhere Street",
        "city": "Sacramento",
        "state": "CA",
        "zip": "95814",
        "billing_cycle": "C1",
        "signer": "Ottoline Quillfeather",
        "administrator": "Barnaby Inkwell",
        "representative": "Petronella Vane",
        "representative_phone": "(916) 555-0143",
        "representative_extension": "12",
    }
    return line | changes


def member(record_id: str = "900001", last_name: str = "Quillfeather", **changes: str) -> Line:
    """A person enrolled in the group above."""
    line = {
        "record_id": record_id,
        "last_name": last_name,
        "first_name": "Ottoline",
        "date_of_birth": "1980-02-29",
        "sex": "F",
        "ssn": "900-01-0001",
        "group_number": "G-100",
        "coverage_from": "2026-01-01",
    }
    return line | changes


def payment(external_id: str = "LOCKBOX-1", amount: str = "1000.00", **changes: str) -> Line:
    """A check from the group above."""
    line = {
        "external_id": external_id,
        "group_number": "G-100",
        "received_on": "2026-11-20",
        "amount": amount,
        "method": "check",
        "reference": "check 1001",
    }
    return line | changes


def csv_file(columns: Sequence[str], lines: Sequence[Line], delimiter: str = ",") -> bytes:
    """The lines under a header with all columns, in UTF-8."""
    text = io.StringIO(newline="")
    writer = csv.DictWriter(text, columns, restval="", delimiter=delimiter)
    writer.writeheader()
    writer.writerows(lines)
    return text.getvalue().encode()


def group_file(*lines: Line) -> bytes:
    """A file of groups."""
    return csv_file(GROUP_COLUMNS, lines)


def member_file(*lines: Line) -> bytes:
    """A file of members."""
    return csv_file(MEMBER_COLUMNS, lines)


def payment_file(*lines: Line) -> bytes:
    """A file of payments."""
    return csv_file(PAYMENT_COLUMNS, lines)


async def run(runtime: Runtime, take: Import, content: bytes, actor: Actor | None = None) -> ImportReport:
    """Take a file to its end; returns the report, which comes last and once."""
    source: BinaryIO = io.BytesIO(content)
    steps = [
        step async for step in take(runtime, actor or operator("tester"), source, request_id="TEST-FILE-ABCD")
    ]
    assert all(isinstance(step, Progress) for step in steps[:-1])
    report = steps[-1]
    assert isinstance(report, ImportReport)
    return report


async def take_groups(runtime: Runtime, *lines: Line) -> ImportReport:
    """Have these groups."""
    return await run(runtime, import_groups, group_file(*lines))


async def take_members(runtime: Runtime, *lines: Line) -> ImportReport:
    """Have these members."""
    return await run(runtime, import_members, member_file(*lines))


async def take_payments(runtime: Runtime, *lines: Line) -> ImportReport:
    """Have these payments."""
    return await run(runtime, import_payments, payment_file(*lines))
