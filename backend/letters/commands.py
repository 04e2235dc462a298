"""`kprep-backend letters`: a file of what was ordered, for the mail room."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Annotated

import typer

from backend.cards.commands import write_safely
from backend.command import AsJson, Data, DatabaseUrl, run, tell

letters_app = typer.Typer(no_args_is_help=True, help="Letters that were ordered: the next mailing.")


@letters_app.callback()
def _letters() -> None:
    """Keeps `mail` a command of its own."""


@letters_app.command("mail")
def mail(
    out: Annotated[Path, typer.Option("--out", help="File for the mail room, one JSON object a line.")],
    data: Data = None,
    database: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Write the ordered letters that are due to a new file (mode 0600); mark them mailed once it is on disk.

    A FILE that is there already is never written over: its letters are marked, in case a run broke off.
    """
    if not out.exists():
        letters = run("letters-due", data, database, io.BytesIO())["due"]
        if not letters:
            tell({"mailed": 0, "unchanged": 0, "refused": []}, as_json)
            return
        write_safely(out, letters)
    with open(out, "rb") as source:
        tell({**run("letters-mark", data, database, source), "file": str(out)}, as_json)
