"""Every move of a case through its states, a row each: where it stands afterwards, and when it is due."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

import httpx
from sqlalchemy import select

from backend.database import tables
from backend.matching import ask
from backend.matching.clock import ClockEvent, ClockEventKind, read_clock
from backend.runtime import Runtime
from tests.conftest import SQLITE, FixedClock
from tests.enrollments import PEBBLE, add_group, add_member, doubtful_item, take
from tests.queue_desk import Desk, open_desk

WHOLE = 48 * 60


@dataclass(frozen=True)
class Row:
    """What is done with a fresh case, a minute before each step, and where that leads."""

    steps: str
    state: str
    due: float | None
    """Minutes from the submission to the due time; None while the clock stands still."""
    breached: bool = False
    reopened: bool = False


ROWS = [
    Row("claim lapse", "queued", WHOLE),
    Row("claim extend", "in_review", WHOLE),
    Row("claim skip", "queued", WHOLE),
    Row("claim ask answer", "queued", WHOLE + 1),
    Row("claim ask withdraw", "queued", WHOLE + 1),
    Row("claim ask assign", "waiting_employer", None),
    Row("claim ask assign answer", "queued", WHOLE + 2),
    Row("claim ask nobody", "returned", None),
    Row("claim link", "applied", None),
    Row("claim link-other", "pending_approval", WHOLE),
    Row("claim link-other approve", "applied", None),
    Row("claim link-other refuse", "queued", WHOLE),
    Row("claim link-other undo", "in_review", WHOLE),
    Row("claim link-other late", "pending_approval", WHOLE, breached=True),
    Row("claim hand-over", "queued", WHOLE),
    Row("claim escalate", "queued", WHOLE),
    Row("claim take-back", "queued", WHOLE),
    Row("claim assign", "queued", WHOLE),
    Row("claim reject", "returned", None),
    Row("claim reject undo", "in_review", WHOLE),
    Row("claim link undo", "in_review", WHOLE),
    Row("claim ask answer claim link undo", "in_review", WHOLE + 1),
    Row("claim link lead-undo", "in_review", WHOLE + 3, reopened=True),
    Row("claim link unlink", "pending_approval", WHOLE + 3),
    Row("claim link unlink refuse", "applied", None),
    Row("claim link unlink refuse undo", "in_review", WHOLE),
    Row("claim link unlink refuse lead-undo", "in_review", WHOLE + 5, reopened=True),
    Row("claim link unlink approve", "queued", WHOLE + 4, reopened=True),
    Row("claim link unlink approve claim link undo", "in_review", WHOLE + 4, reopened=True),
    Row("late claim", "in_review", WHOLE, breached=True),
    Row("late lead-claim lead-ask answer", "queued", WHOLE, breached=True),
    Row("late claim link", "applied", None, breached=True),
    Row("late claim link lead-undo", "in_review", 50 * 60 + WHOLE + 4, breached=True, reopened=True),
    Row("claim create", "applied", None),
]


class Story:
    """A case, and what is done with it."""

    def __init__(self, desk: Desk, clock: FixedClock, item: str, clara: str, other: str) -> None:
        self.desk, self.clock, self.item = desk, clock, item
        self.held: dict[str, str] = {}
        self.under_claim: dict[str, tuple[str, dict[str, object]]] = {
            "extend": ("extend", {}),
            "skip": ("skip", {"reason": "unsure"}),
            "ask": ("ask-employer", {"question": "Which birth date?", "channel": "phone"}),
            "lead-ask": ("ask-employer", {"question": "Which birth date?", "channel": "phone"}),
            "link": ("decide", {"decision": "link", "mrn": clara}),
            "link-other": ("decide", {"decision": "link", "mrn": other}),
            "create": ("decide", {"decision": "create"}),
            "reject": ("decide", {"decision": "reject", "reason": "duplicate"}),
            "hand-over": ("hand-over", {"to": "r.chen"}),
            "escalate": ("escalate", {"question": "Two of one name?"}),
        }

    async def does(self, step: str, runtime: Runtime) -> None:
        """One step, a minute later."""
        desk = self.desk
        as_it_is: dict[str, tuple[dict[str, str], str, dict[str, object]]] = {
            "answer": (desk.me, "employer-answer", {"answer": "The fourteenth."}),
            "withdraw": (desk.me, "employer-answer", {"withdrawn": True}),
            "assign": (desk.lead, "assign", {"to": "r.chen"}),
            "take-back": (desk.lead, "take-back", {}),
            "approve": (desk.chen, "approve", {}),
            "refuse": (desk.chen, "refuse", {}),
            "undo": (desk.me, "undo", {}),
            "lead-undo": (desk.lead, "undo", {}),
            "unlink": (desk.me, "unlink", {"reason": "The mother."}),
        }
        self.clock.move(timedelta(minutes=1))
        if step in ("claim", "lead-claim"):
            _, self.held = await take(desk.api, desk.lead if step == "lead-claim" else desk.me, self.item)
        elif step == "lapse":
            self.clock.move(timedelta(minutes=15))
        elif step in ("late", "nobody"):
            self.clock.move(timedelta(hours=50) if step == "late" else timedelta(days=30))
            self.desk = await open_desk(desk.api, runtime)
            await ask.return_unanswered(runtime)
        else:
            act, form = self.under_claim[step] if step in self.under_claim else as_it_is[step][1:]
            doing = (
                desk.act(self.held, self.item, act, **form)
                if step in self.under_claim
                else desk.as_it_is(as_it_is[step][0], self.item, act, **form)
            )
            answer = await doing
            assert answer.is_success, (step, answer.text)


async def _by_the_events(runtime: Runtime, item: str, now: datetime) -> datetime | None:
    events, items = tables.clock_event, tables.match_item
    query = select(events.c.kind, events.c.at).join(items, items.c.id == events.c.item_id)
    async with runtime.database.read() as connection:
        rows = (await connection.execute(query.where(items.c.number == item).order_by(events.c.id))).all()
    told = [ClockEvent(ClockEventKind(row.kind), row.at) for row in rows]
    return read_clock(told, now, runtime.policy.matching, runtime.calendar).due_at


# What is different between the databases is tested where it is done; this is about the rules.
@SQLITE
async def test_every_move_leads_where_it_should_and_keeps_the_clock(
    api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock
) -> None:
    await add_group(runtime)
    clara = await add_member(runtime)
    other = await add_member(runtime, replace(PEBBLE, ssn="900118888", birth_date=date(1980, 5, 15)))
    stands: list[Row] = []
    for place, row in enumerate(ROWS):
        if place % 5 == 0:  # sessions end after half an hour
            desk = await open_desk(api, runtime)
        name = "Wilma" if "create" in row.steps else "Clara"
        item = await doubtful_item(api, runtime, first_name=name, subscriber_number=f"N{place}")
        submitted = clock.now
        story = Story(desk, clock, item, clara, other)
        for step in row.steps.split():
            await story.does(step, runtime)
        desk = story.desk
        shown = await desk.show(desk.lead, item)
        due = datetime.fromisoformat(shown["due_at"]) if shown["due_at"] else None
        after = None if due is None else (due - submitted) / timedelta(minutes=1)
        stands.append(Row(row.steps, shown["state"], after, shown["breached"], shown["reopened"]))
        assert due == await _by_the_events(runtime, item, clock.now), row.steps
    assert stands == ROWS
