"""A group whose bills, letters and days a test lives through, with a rep and a lead at their desks."""

from __future__ import annotations

from datetime import date, datetime, time
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

import httpx
from sqlalchemy import select

from api_client.types.billing import BillingStatus
from api_client.types.words import Role
from backend.accounts import service as accounts
from backend.billing import bills, ending, standings
from backend.database import tables
from backend.letters import writing
from backend.runtime import Runtime
from tests.conftest import FixedClock
from tests.csv_files import run
from tests.desk import if_match, key, operator_unit, sign_in
from tests.enrollments import GROUP, add_group, add_member
from tests.phone import on_record

PREMIUM = Decimal(10_000)
ZONE = ZoneInfo("America/Los_Angeles")


class Books:
    """What a rep and a lead do and see of the bill of a group."""

    def __init__(self, api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock) -> None:
        self.api, self.runtime, self.clock = api, runtime, clock
        self.rep: dict[str, str] = {}
        self.lead: dict[str, str] = {}

    async def go(self, day: date, *, sign_in_too: bool = True) -> None:
        """To the morning of a day at the service center, signed in again."""
        self.clock.now = datetime.combine(day, time(9), tzinfo=ZONE)
        if sign_in_too:
            self.rep = await sign_in(self.api, self.runtime)
            self.lead = await sign_in(self.api, self.runtime, "a.lead", Role.LEAD)

    # -- what happened before ------------------------------------------------------------------------

    async def open(self, number: str = GROUP, **changes: Any) -> int:
        """A group with its contacts; returns its key."""
        account_id = await add_group(self.runtime, number, **changes)
        await on_record(self.runtime, account_id)
        return account_id

    async def bill(self, month: date, premium: Decimal = PREMIUM, number: str = GROUP) -> str:
        """Bill a month on its dates."""
        async with operator_unit(self.runtime) as unit:
            account = await accounts.account_of(unit, number)
            return await bills.issue_invoice(unit, account, month, [("S1", premium)])

    async def letters(self, *days: date, number: str = GROUP) -> list[str]:
        """Write and mail the letters that are due on each of these days; returns their kinds."""
        kinds: list[str] = []
        for day in days:
            await self.go(day, sign_in_too=False)
            async with operator_unit(self.runtime) as unit:
                written = await writing.write_due(unit, await accounts.account_of(unit, number))
                for letter in written.numbers:
                    await writing.mark_mailed(unit, letter)
                kinds += [str(kind) for kind in written.kinds]
        return kinds

    async def dunned(self, number: str = GROUP, today: date = date(2026, 11, 20), **changes: Any) -> int:
        """A group whose November is unpaid and both letters went: coverage ends on December 1."""
        await self.go(date(2026, 10, 10), sign_in_too=False)
        account_id = await self.open(number, **changes)
        await self.bill(date(2026, 11, 1), number=number)
        await self.letters(date(2026, 11, 2), date(2026, 11, 16), number=number)
        await self.go(today)
        return account_id

    async def ended(self, today: date = date(2026, 12, 2)) -> int:
        """The same, and nothing was paid: Clara's coverage ended on December 1."""
        account_id = await self.dunned(today=today)
        await add_member(self.runtime, account_id=account_id)
        async with operator_unit(self.runtime) as unit:
            account = await accounts.account_of(unit, GROUP)
            await ending.end_unpaid(unit, account)
            await standings.refresh_standing(unit, account)
        return account_id

    # -- what is done and seen -----------------------------------------------------------------------

    async def post(
        self, path: str, who: dict[str, str] | None = None, version: int | None = None, **form: Any
    ) -> httpx.Response:
        """Do something as the rep or somebody else."""
        headers = {**(who or self.rep), **key(), **(if_match(version) if version is not None else {})}
        return await self.api.post(f"/v1/{path}", json=form or None, headers=headers)

    async def done(
        self, path: str, who: dict[str, str] | None = None, version: int | None = None, **form: Any
    ) -> dict[str, Any]:
        """The same, and it must go well."""
        answer = await self.post(path, who, version, **form)
        assert answer.status_code == 200, answer.text
        return dict(answer.json())

    async def status(self, number: str = GROUP) -> BillingStatus:
        """The bill as the lead sees it, who has nobody on the line."""
        answer = await self.api.get(f"/v1/accounts/{number}/billing", headers=self.lead)
        assert answer.status_code == 200, answer.text
        return BillingStatus.model_validate(answer.json())

    async def pays(self, amount: Decimal | str = PREMIUM, on: date | None = None, **changes: Any) -> Any:
        """Record a payment."""
        received = on or self.clock.now.astimezone(ZONE).date()
        form = {"group_number": GROUP, "received_on": f"{received}", "amount": f"{amount}", "method": "check"}
        return await self.done("payments", self.lead, **{**form, **changes})

    async def account(self, number: str = GROUP) -> Any:
        """The row of the account."""
        async with operator_unit(self.runtime) as unit:
            return await accounts.account_of(unit, number)

    async def rows(self, name: str) -> list[Any]:
        """All rows of a table."""
        table = getattr(tables, name)
        async with self.runtime.database.read() as connection:
            return list((await connection.execute(select(table).order_by(*table.primary_key))).all())


def kind_of(answer: httpx.Response) -> tuple[int, str]:
    """Status and name of a problem."""
    return answer.status_code, str(answer.json()["type"]).removeprefix("urn:kprep:problem:")


async def take(runtime: Runtime, importer: Any, *lines: str) -> Any:
    """Take a file of these lines; returns the report."""
    return await run(runtime, importer, "\n".join(lines).encode())
