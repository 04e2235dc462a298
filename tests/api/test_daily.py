"""The daily run: a group's premium from the bill to the end of coverage, by days that go by."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal

import pytest
from sqlalchemy import func, insert, select, update

from backend.accounts import members
from backend.accounts import service as accounts
from backend.billing import standings
from backend.database import tables
from backend.jobs import daily
from backend.problems import Problem
from backend.runtime import Runtime
from tests.conftest import SQLITE, FixedClock
from tests.days import (
    confirm_billing,
    days_of,
    live,
    mail,
    morning,
    paying_group,
    pays,
    rows,
    run_day,
)
from tests.desk import operator_unit
from tests.phone import BROKER, SIGNER, on_record

LETTERS = ("kind", "created_on", "mailed_on", "amount", "ends_on")
BILLS = ("month", "bill_date", "due_date", "premium")
PREMIUM = Decimal("900.00")


async def _letters(runtime: Runtime) -> list[tuple[object, ...]]:
    return [row[1:] for row in await rows(runtime, tables.letter, "id", *LETTERS)]


async def test_a_group_that_does_not_pay_is_warned_and_ends_and_nothing_is_done_twice(
    runtime: Runtime, clock: FixedClock
) -> None:
    await confirm_billing(runtime)
    account_id = await paying_group(runtime)
    await on_record(runtime, account_id, SIGNER, BROKER)
    clock.now = morning(date(2026, 8, 9))
    await run_day(runtime)
    clock.now = morning(date(2026, 8, 10))
    (first,), refused = await run_day(runtime)
    assert (first.bills, first.groups, refused) == (1, 1, [])
    assert (await run_day(runtime)) == ([], [])  # done before
    assert await rows(runtime, tables.invoice, *BILLS) == [
        (date(2026, 9, 1), date(2026, 8, 10), date(2026, 9, 1), PREMIUM)
    ]
    await live(runtime, clock, days_of(date(2026, 8, 11), date(2026, 9, 1)))
    clock.now = morning(date(2026, 9, 2))
    (warned,), _ = await run_day(runtime)
    assert warned.letters == {"L1": 1, "copy": 1, "L1_subscriber": 2}
    assert (await run_day(runtime)) == ([], [])
    assert len(await mail(runtime)) == 4
    await live(runtime, clock, days_of(date(2026, 9, 3), date(2026, 10, 1)))
    assert await rows(runtime, tables.coverage, "ends_on", "ended_unpaid") == [(None, False)] * 2
    clock.now = morning(date(2026, 10, 2))
    (ended,), _ = await run_day(runtime)
    assert (ended.ended, ended.letters, ended.incidents) == (1, {"L3": 1}, [])
    await mail(runtime)
    assert await rows(runtime, tables.coverage, "ends_on", "ended_unpaid") == [(date(2026, 10, 1), True)] * 2
    found = {(kind, day, mailed, ends) for kind, day, mailed, _, ends in await _letters(runtime)}
    end = date(2026, 10, 1)
    assert found == {
        (kind, day, day, end)
        for kind, day in (
            ("L1", date(2026, 9, 2)),
            ("L1_subscriber", date(2026, 9, 2)),
            ("L2", date(2026, 9, 16)),
            ("L3", date(2026, 10, 2)),
        )
    }
    await live(runtime, clock, days_of(date(2026, 10, 3), date(2026, 10, 12)))
    months = [month for month, *_ in await rows(runtime, tables.invoice, *BILLS)]
    assert months == [date(2026, 9, 1), date(2026, 10, 1)]  # November is not billed any more
    assert (await rows(runtime, tables.standing, "state", "on_date")) == [
        ("TERMINATED_NONPAY", date(2026, 10, 12))
    ]


async def test_missed_days_are_lived_first_their_letters_go_late_and_that_is_an_incident(
    runtime: Runtime, clock: FixedClock
) -> None:
    """Case 19 of the worked cases: L1 was due 09-02 and is mailed 09-09, so coverage ends 10-08."""
    await confirm_billing(runtime)
    await paying_group(runtime)
    await live(runtime, clock, days_of(date(2026, 8, 10), date(2026, 9, 1)))
    clock.now = morning(date(2026, 9, 9))
    told, _ = await run_day(runtime)
    assert [one.on for one in told] == days_of(date(2026, 9, 2), date(2026, 9, 9))
    assert [sum(one.letters.values()) for one in told] == [0] * 7 + [3]
    late = [(one.kind, one.group_number) for one in told[-1].incidents]
    assert late == [("late_run", ""), ("late_L1", "900100")]
    sentences = [one.sentence for one in told[-1].incidents]
    assert "runs of 2026-09-02 to 2026-09-08 were" in sentences[0]
    assert "was to go on 2026-09-02 and goes on 2026-09-09" in sentences[1]
    assert "ends on 2026-10-08, not on 2026-10-01" in sentences[1]
    await mail(runtime)
    await live(runtime, clock, days_of(date(2026, 9, 10), date(2026, 10, 8)))
    assert await rows(runtime, tables.coverage, "ends_on") == [(None,)] * 2
    assert [row[1] for row in await _letters(runtime) if row[0] == "L2"] == [date(2026, 9, 23)]
    await live(runtime, clock, [date(2026, 10, 9)])
    assert await rows(runtime, tables.coverage, "ends_on") == [(date(2026, 10, 8),)] * 2


@SQLITE
async def test_no_mail_for_days_moves_the_second_letter_and_the_end(
    runtime: Runtime, clock: FixedClock
) -> None:
    """Case 21: no mail could go 09-16 to 09-28, so L2 goes 09-29 and coverage ends 10-09."""
    await confirm_billing(runtime)
    await paying_group(runtime)
    await live(runtime, clock, days_of(date(2026, 8, 10), date(2026, 9, 15)))
    await live(runtime, clock, days_of(date(2026, 9, 16), date(2026, 9, 28)), post=False)
    waits = [row for row in await _letters(runtime) if row[2] is None]
    assert [row[:2] for row in waits] == [("L2", date(2026, 9, 28))]  # written anew each day, once
    clock.now = morning(date(2026, 9, 29))
    (told,), _ = await run_day(runtime)
    assert (told.letters, told.letters_taken_back) == ({"L2": 1}, 0)
    assert [one.kind for one in told.incidents] == ["late_L2"]
    assert "ends on 2026-10-09, not on 2026-10-01" in told.incidents[0].sentence
    await mail(runtime)
    await live(runtime, clock, days_of(date(2026, 9, 30), date(2026, 10, 10)))
    assert await rows(runtime, tables.coverage, "ends_on") == [(date(2026, 10, 9),)] * 2


@SQLITE
async def test_a_bill_on_or_after_its_due_date_moves_it_and_is_an_incident(
    runtime: Runtime, clock: FixedClock
) -> None:
    await confirm_billing(runtime)
    await paying_group(runtime)
    clock.now = morning(date(2026, 8, 9))
    await run_day(runtime)
    clock.now = morning(date(2026, 9, 3))  # billed 24 days late
    told, _ = await run_day(runtime)
    assert sum(one.bills for one in told) == 1
    assert await rows(runtime, tables.invoice, *BILLS) == [
        (date(2026, 9, 1), date(2026, 9, 3), date(2026, 9, 25), PREMIUM)
    ]
    assert {one.kind for one in told[-1].incidents} == {"late_run", "late_bill"}


@SQLITE
async def test_money_takes_a_letter_back_that_is_not_mailed_yet_and_part_of_it_rewrites_it(
    runtime: Runtime, clock: FixedClock
) -> None:
    await confirm_billing(runtime)
    await paying_group(runtime)
    await live(runtime, clock, days_of(date(2026, 8, 10), date(2026, 9, 1)))
    clock.now = morning(date(2026, 9, 2))
    await run_day(runtime)
    await pays(runtime, "900100", date(2026, 9, 2), Decimal(400))
    await mail(runtime)
    (l1,) = [row for row in await _letters(runtime) if row[0] == "L1"]
    assert (l1[2], l1[3]) == (date(2026, 9, 2), Decimal("500.00"))
    await live(runtime, clock, days_of(date(2026, 9, 3), date(2026, 9, 15)))
    clock.now = morning(date(2026, 9, 16))
    (told,), _ = await run_day(runtime)
    assert told.letters == {"L2": 1}
    clock.now = morning(date(2026, 9, 17))
    await pays(runtime, "900100", date(2026, 9, 17), Decimal(500))
    (told,), _ = await run_day(runtime)
    assert (told.letters, told.letters_taken_back) == ({}, 1)
    assert [row[0] for row in await _letters(runtime) if row[0] == "L2"] == []


@SQLITE
async def test_who_left_before_the_group_ended_unpaid_is_credited_and_is_not_given_back(
    runtime: Runtime, clock: FixedClock
) -> None:
    await confirm_billing(runtime)
    account_id = await paying_group(runtime, subscribers=1)
    await live(runtime, clock, days_of(date(2026, 8, 10), date(2026, 10, 2)))
    assert await rows(runtime, tables.coverage, "ends_on") == [(date(2026, 10, 1),)]
    clock.now = morning(date(2026, 10, 3))
    async with operator_unit(runtime) as unit:
        left = date(2026, 8, 31)
        await members.end_coverage(unit, account_id=account_id, subscriber_number="S0", ends_on=left)
    (told,), _ = await run_day(runtime)
    assert told.credits == 2  # September and October, which were billed
    assert await rows(runtime, tables.credit, "amount") == [(Decimal("450.00"),)] * 2
    assert await rows(runtime, tables.standing, "state", "owed") == [("TERMINATED_NONPAY", Decimal(0))]
    async with operator_unit(runtime) as unit:
        values = {"number": "RI-1", "account_id": account_id, "requested_on": unit.today, "approved": True}
        await unit.connection.execute(insert(tables.reinstatement).values(**values, decided_on=unit.today))
        await standings.changed(unit, await accounts.account_by_id(unit, account_id))
    ended = await rows(runtime, tables.coverage, "ends_on", "ended_unpaid")
    assert ended == [(date(2026, 8, 31), False)]


@SQLITE
async def test_a_promise_breaks_on_the_day_after_its_date_and_is_counted_once(
    runtime: Runtime, clock: FixedClock
) -> None:
    await confirm_billing(runtime)
    account_id = await paying_group(runtime)
    await live(runtime, clock, days_of(date(2026, 8, 10), date(2026, 9, 10)))
    async with operator_unit(runtime) as unit:
        await unit.connection.execute(
            tables.promise.insert().values(
                number="PP-1",
                account_id=account_id,
                made_on=date(2026, 9, 10),
                made_at=unit.now,
                pay_by=date(2026, 9, 12),
                amount=PREMIUM,
            )
        )
    broken = []
    for day in days_of(date(2026, 9, 11), date(2026, 9, 14)):
        clock.now = morning(day)
        (told,), _ = await run_day(runtime)
        broken.append(told.promises_broken)
        await mail(runtime)
    assert broken == [0, 0, 1, 0]
    assert await rows(runtime, tables.standing, "flags") == [(["PTP_BROKEN"],)]


async def _counts(runtime: Runtime) -> dict[str, int]:
    async with runtime.database.read() as connection:
        return {
            table.name: (await connection.execute(select(func.count()).select_from(table))).scalar_one()
            for table in tables.metadata.sorted_tables
        }


@SQLITE
async def test_a_dry_run_tells_what_would_come_and_writes_nothing(
    runtime: Runtime, clock: FixedClock
) -> None:
    await confirm_billing(runtime)
    for number in ("900100", "900101"):
        await paying_group(runtime, number)
    clock.now = morning(date(2026, 8, 10))
    await run_day(runtime)
    clock.now = morning(date(2026, 8, 31))
    await run_day(runtime)
    assert await run_day(runtime, dry=True) == ([], [])  # done before
    await pays(runtime, "900101", date(2026, 8, 31), PREMIUM)
    before, series = await _counts(runtime), await rows(runtime, tables.number_series, "name", "next")
    ahead, _ = await run_day(runtime, date(2026, 10, 2), dry=True)
    assert await _counts(runtime) == before
    assert await rows(runtime, tables.number_series, "name", "next") == series
    assert all(one.dry_run and one.groups == 2 for one in ahead)
    letters = {one.on: one.letters for one in ahead if one.letters}
    assert letters[date(2026, 9, 2)] == {"L1": 1, "L1_subscriber": 2}
    assert letters[date(2026, 10, 2)]["L3"] == 1
    assert [one.on for one in ahead if one.ended] == [date(2026, 10, 2)]
    assert [one.on for one in ahead if one.bills] == [date(2026, 9, 10)]
    # What then really happens is just that.
    for one in ahead[:17]:
        clock.now = morning(one.on)
        (told,), _ = await run_day(runtime)
        assert told.model_copy(update={"dry_run": True}) == one
        await mail(runtime)


@SQLITE
async def test_days_that_cannot_be_run_are_refused_with_a_sentence(
    runtime: Runtime, clock: FixedClock
) -> None:
    today = clock.now.date()
    assert (await run_day(runtime, today + timedelta(days=60), dry=True))[0]
    await run_day(runtime, today)
    for on, dry, words in (
        (today + timedelta(days=1), False, "is yet to come"),
        (today + timedelta(days=367), True, "more than 366 days ahead"),
        (today - timedelta(days=1), False, "a day before it is run no more"),
    ):
        with pytest.raises(Problem) as refused:
            await run_day(runtime, on, dry=dry)
        assert words in refused.value.detail


@SQLITE
async def test_unconfirmed_rules_write_no_letter_of_unpaid_premium_and_all_else_goes_on(
    runtime: Runtime, clock: FixedClock
) -> None:
    await paying_group(runtime)
    for day in days_of(date(2026, 8, 10), date(2026, 9, 2)):
        clock.now = morning(day)
        (told,), refused = await run_day(runtime)
    assert await rows(runtime, tables.letter, "id") == []
    assert len(await rows(runtime, tables.invoice, "id")) == 1
    (sentence,) = refused
    assert "billing.CA_GROUP_DMHC.l2_min_days" in sentence
    assert "kprep-backend policy confirm" in sentence
    await confirm_billing(runtime)
    clock.now = morning(date(2026, 9, 3))
    (told,), refused = await run_day(runtime)
    assert (told.letters["L1"], refused) == (1, [])
    runtime.demo = False
    async with operator_unit(runtime) as unit:  # the value was changed since: unconfirmed again
        await unit.connection.execute(
            update(tables.policy_confirmation)
            .values(value="9")
            .where(tables.policy_confirmation.c.entry == "billing.CA_GROUP_DMHC.l2_min_days")
        )
    clock.now = morning(date(2026, 9, 4))
    (told,), refused = await run_day(runtime)
    assert (told.letters, told.letters_taken_back, len(refused)) == ({}, 1, 1)
    runtime.demo = True
    clock.now = morning(date(2026, 9, 8))
    told_of, refused = await run_day(runtime)
    assert (told_of[-1].letters["L1"], refused) == (1, [])


@SQLITE
async def test_a_group_whose_day_cannot_be_done_is_left_out_and_the_others_go_on(
    runtime: Runtime, clock: FixedClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    await paying_group(runtime, "900100")
    bad = await paying_group(runtime, "900101")
    await paying_group(runtime, "900102")
    clock.now = morning(date(2026, 8, 10))
    async with operator_unit(runtime) as unit:  # a billing policy nobody knows
        await unit.connection.execute(
            update(tables.account).values(billing_policy="NONE").where(tables.account.c.id == bad)
        )
    ahead = await run_day(runtime, dry=True)
    (told,), refused = await run_day(runtime)
    assert (told.groups, told.bills) == (2, 2)
    assert ahead == ([told.model_copy(update={"dry_run": True})], refused)
    (sentence,) = refused
    assert sentence.startswith("Group 900101: its day was not done")


@SQLITE
async def test_the_run_begins_by_itself_once_a_day_when_the_center_opens(
    runtime: Runtime, clock: FixedClock
) -> None:
    await paying_group(runtime)
    done = []
    for hours in (-2, 0, 1, 22, 24):
        clock.now = morning(date(2026, 8, 10)) + timedelta(hours=hours)
        await daily.run_when_open(runtime)
        done.append([str(day) for (day,) in await rows(runtime, tables.daily_run, "on_date")])
    assert done == [[], ["2026-08-10"], ["2026-08-10"], ["2026-08-10"], ["2026-08-10", "2026-08-11"]]
    acts = [action for (action,) in await rows(runtime, tables.audit_row, "action")]
    assert [acts.count(one) for one in ("daily.begin", "daily.end")] == [2, 2]
