"""An own store filled by the operators' commands, as a service center would fill it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import date, timedelta
from importlib.metadata import version
from pathlib import Path
from typing import Any

from api_client.client import KprepClient
from api_client.types.billing_words import LetterKind
from api_client.types.user_id_words import UserIdRequestState
from api_client.types.user_ids import RegisterFax
from backend.accounts import service as accounts
from backend.actors import operator
from backend.database.engine import Database
from backend.database.unit import Unit
from backend.home import open_home
from backend.letters import store as letters
from backend.policy.policy import load_policy
from backend.runtime import open_runtime
from backend.user_ids import store as user_ids
from kprep_tui.backend_process import Place, ensure_backend
from kprep_tui.clock import utc_now
from tests import csv_files
from tests.edi_files import interchange, member
from tests.unit.letters.letters_of_every_kind import letter

PASSWORD = "correct horse battery"
GROUP = "900100"


def operate(home: Path, *arguments: str, given: bytes = b"") -> dict[str, Any]:
    """Run an operator's command on the store under `home`; returns its report."""
    line = [sys.executable, "-m", "backend", *arguments, "--data", str(folder(home)), "--json"]
    done = subprocess.run(line, input=given, capture_output=True, timeout=60)
    assert done.returncode == 0, done.stderr.decode()
    report: dict[str, Any] = json.loads(done.stdout)
    return report


def folder(home: Path) -> Path:
    """Where `kprep` looks for its own store."""
    return home / "data" / "kprep" / "store"


def socket(home: Path) -> Path:
    """Where the backend answers that `kprep` starts."""
    return home / "run" / f"kprep-{os.getuid()}" / "store.sock"


def create_reps(home: Path) -> None:
    """M.Lopez and R.Chen."""
    folder(home).parent.mkdir(parents=True, mode=0o700, exist_ok=True)
    for rep in ("m.lopez", "r.chen"):
        name = f"{rep[0].upper()}.{rep[2:].title()}"
        operate(home, "create-rep", rep, "--name", name, given=PASSWORD.encode() + b"\n")


def start_backend(home: Path) -> None:
    """Start the backend that `kprep` would start; it waits a while for a desk."""
    (home / "run").mkdir(mode=0o700, exist_ok=True)
    socket(home).parent.mkdir(mode=0o700, exist_ok=True)
    ensure_backend(Place(folder(home), socket(home)), version("kprep"))


@asynccontextmanager
async def as_r_chen(home: Path) -> AsyncIterator[KprepClient]:
    """The other rep's client, at the desk beside."""
    client = KprepClient(socket=socket(home))
    try:
        await client.session.sign_in("r.chen", password=PASSWORD, station="the desk beside")
        yield client
    finally:
        await client.close()


def form(group: str = GROUP) -> RegisterFax:
    """The faxed form of a group as `csv_files.group` has it, in order."""
    return RegisterFax(
        group_number=group,
        received_at=utc_now(),
        fax_reference="FAX-4100",
        administrator="Barnaby Inkwell",
        signer="Ottoline Quillfeather",
        street="12 Nowhere Street",
        city="Sacramento",
        state="CA",
        zip="95814",
    )


def center_date() -> date:
    """The day at the service center; in London it is tomorrow already."""
    return utc_now().astimezone(load_policy().service.zone).date()


def starts_on(today: date) -> date:
    """The first day of the next month."""
    return (today.replace(day=1) + timedelta(days=32)).replace(day=1)


def fill(home: Path, today: date) -> list[str]:
    """Two reps, a group with a member and a payment, and two enrollments by file that nobody can match.

    Returns the numbers of the queue items.
    """
    create_reps(home)
    take(home, "import-groups", csv_files.group_file(csv_files.group(GROUP, "Quillparts LLC")))
    on_file = csv_files.member(
        "88000001",
        "Pebblewick",
        first_name="Clara",
        date_of_birth="1980-03-14",
        ssn="900-11-2222",
        group_number=GROUP,
    )
    take(home, "import-members", csv_files.member_file(on_file))
    paid = csv_files.payment(group_number=GROUP, received_on=today.isoformat())
    take(home, "import-payments", csv_files.payment_file(paid))
    files_for(home, [GROUP])
    coverage = f"HD*021**HMO**EMP~DTP*348*D8*{starts_on(today):%Y%m%d}"
    people = [
        member(group=GROUP, subscriber_number="N1", coverages=(coverage,)),
        member(group=GROUP, subscriber_number="N2", first="Klara", coverages=(coverage,)),
    ]
    report = take(home, "import-834", interchange(people, day=f"{today:%Y%m%d}"))
    assert report["counts"] == {"queued": {"021": 2}}, report["members"]
    return [str(one["item"]) for one in report["members"]]


@asynccontextmanager
async def own_unit(home: Path) -> AsyncIterator[Unit]:
    """A unit of an operator on the store under `home`, which no backend uses; committed at the end."""
    own = open_home(folder(home))
    with own.held():
        runtime = await open_runtime(Database(own.database), load_policy(), own.keys())
        try:
            async with runtime.act(operator("tester"), "TEST-TEST-TEST") as unit:
                yield unit
        finally:
            await runtime.close()


async def warned(unit: Unit) -> None:
    """The group got a warning letter, and paid."""
    account = await accounts.account_of(unit, GROUP)
    values = {"number": "L-00700", "account_id": account.id, "kind": LetterKind.L1}
    says = {"facts": letter("L1").model_dump(mode="json")}
    days = {"created_on": unit.today, "mailed_on": unit.today}
    await letters.add(unit.connection, values | days | says)


async def user_id_mailed(unit: Unit) -> tuple[date, date]:
    """The group's user ID went into the mail today; returns that day and the one it arrives by."""
    account, mailed_on = await accounts.account_of(unit, GROUP), unit.today
    arrive_by = mailed_on + timedelta(days=5)
    asked = form().model_dump(exclude={"group_number", "received_at", "channel", "state"})
    how_far = {"state": UserIdRequestState.MAILED, "mailed_on": mailed_on, "mail_by": mailed_on}
    values = {"number": "U-00700", "account_id": account.id, "state_code": "CA", "arrive_by": arrive_by}
    when = {"faxed_at": unit.now - timedelta(days=4), "registered_by": unit.actor.id}
    await user_ids.add(unit.connection, asked | values | how_far | when)
    return mailed_on, arrive_by


def files_for(home: Path, groups: Sequence[str]) -> None:
    """The sender of the tests' files is in production, and files for these groups."""
    named = [word for group in groups for word in ("--group", group)]
    operate(home, "partners", "put", "ZZ/TESTTPA", "--name", "Test TPA", "--status", "production", *named)


def take(home: Path, command: str, content: bytes) -> dict[str, Any]:
    """Give a file to an import command; returns its report."""
    file = home / f"{command}.data"
    file.write_bytes(content)
    return operate(home, command, str(file))
