"""`kprep-backend deadlines`: the dates that follow from an instant. Needs no server and no store."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from backend.command import AsJson, fail
from backend.policy.calendar import Calendar
from backend.policy.policy import load_policy
from backend.user_ids import explain

_LIKE = "such as 2026-11-20T17:01, in the service center's time unless it has an offset"


def deadlines(
    received: Annotated[str, typer.Option(help=f"When it was received, {_LIKE}.")],
    paused: Annotated[
        list[str] | None, typer.Option(help="When the client was asked; again for each pause.")
    ] = None,
    answered: Annotated[
        list[str] | None, typer.Option(help="When it answered; again for each pause.")
    ] = None,
    policy: Annotated[Path | None, typer.Option(help="Policy file (default: California).")] = None,
    as_json: AsJson = False,
) -> None:
    """Say every date that follows from an instant, and why: until when an enrollment that does not match is
    worked on, and until when a user ID is mailed and arrives.
    """
    numbers = load_policy(policy)
    calendar = Calendar(numbers)
    assumed: list[str] = []

    def instant(text: str) -> datetime:
        found, note = explain.instant_of(text, calendar.zone)
        assumed.append(note)
        return found

    try:
        start = instant(received)
        spans = [[instant(text) for text in texts or ()] for texts in (paused, answered)]
        pauses = explain.pauses_of(start, *spans)
    except explain.InstantError as error:
        fail(str(error))
    found = explain.explain(start, pauses, numbers, calendar, " ".join(filter(None, assumed)))
    told = json.dumps(explain.as_json(found), indent=2) if as_json else "\n".join(explain.in_words(found))
    typer.echo(told)
