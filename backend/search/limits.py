"""How many people a rep may look up in an hour, most of them in calls: counted before the answer leaves.

What is typed on or taken back letter by letter is one search; what it showed most is what it showed.
"""

from __future__ import annotations

from datetime import timedelta

from api_client.types.problems import ProblemType
from backend.database.unit import Unit
from backend.problems import Problem
from backend.search import store

_HOUR = timedelta(hours=1)
_STILL_FOUND = {False: "Groups and item numbers", True: "Numbers of groups and items"}
"""What is looked for without people: with a reason alone whatever is not asked for with one."""


async def count(unit: Unit, text: str, shown: int, *, free: bool) -> None:
    """Count this search and the people it found; `free` is with a caller on the line or a case in hand.

    A call is begun by one key, so a call is no way around the limit; there are only more in an hour.
    Raises RULE_REFUSES when it is one too many.
    """
    rep_id = unit.actor.rep_id
    assert rep_id is not None
    row = await store.count_of(unit.connection, rep_id, unit.now)
    fresh = unit.now >= row.since + _HOUR
    searches, results = (0, 0) if fresh else (row.searches, row.results)
    goes_on = not fresh and _goes_on(unit, text, row.last)
    shown_before = row.last_results if goes_on else 0
    searches += 0 if goes_on else 1
    results += max(0, shown - shown_before)
    policy = unit.policy.search
    since = unit.now if fresh else row.since
    most, top = policy.people_searches_an_hour, policy.people_found_an_hour
    if free:
        most, top = policy.people_searches_an_hour_in_call, policy.people_found_an_hour_in_call
    if searches > most or results > top:
        unit.audit("search.limit", "rep", unit.actor.name, searches=searches, results=results)
        raise Problem(
            ProblemType.RULE_REFUSES,
            f"So many people were looked up{'' if free else ' with no caller and no case'} that it stops "
            "here; it goes on at "
            f"{(since + _HOUR).astimezone(unit.zone):%H:%M}. {_STILL_FOUND[free]} are found as before.",
            until=since + _HOUR,
            keep=True,
        )
    values = {
        "since": since,
        "searches": searches,
        "results": results,
        "last": _mark(unit, text),
        "last_results": max(shown, shown_before),
    }
    await store.set_count(unit.connection, rep_id, values)


def _goes_on(unit: Unit, text: str, last: str) -> bool:
    """Whether the text begins with the one before, of which only a keyed digest is known."""
    return any(_mark(unit, text[:end]) == last for end in range(len(text), 0, -1))


def _mark(unit: Unit, text: str) -> str:
    return unit.keys.digest_of("search count", text.strip())[:24]
