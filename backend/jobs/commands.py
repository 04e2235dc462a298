"""`kprep-backend daily`: what happens by itself on a day, run by an operator."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Annotated

import typer

from backend.command import AsJson, Data, DatabaseUrl, operate


def daily(
    on: Annotated[
        datetime | None,
        typer.Option(
            "--date", formats=["%Y-%m-%d"], help="The day (default: today); one to come only with --dry-run."
        ),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say everything, change nothing.")] = False,
    data: Data = None,
    database: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Run the day: bills, credits, letters due, ends of coverage, and what is to be done today.

    Days that were missed are run first; one that was stopped goes on where it was.
    A day done before changes nothing. Letters are written here and printed by `letters mail`.
    """
    options = {"dry_run": "yes" if dry_run else "no"} | ({"on": f"{on:%Y-%m-%d}"} if on else {})
    operate("daily", data, database, as_json, io.BytesIO(), **options)
