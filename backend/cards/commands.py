"""`kprep-backend cards`: a file for the card printer, and what became of its cards."""

from __future__ import annotations

import io
import json
import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from api_client.types.words import CardState
from backend.command import AsJson, Data, DatabaseUrl, operate_on_file, run, tell

cards_app = typer.Typer(no_args_is_help=True, help="ID cards: print, mailed, returned.")
_List = Annotated[
    Path, typer.Argument(help="A print file, or card numbers one a line; - for standard input.")
]
_On = Annotated[datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day (default: today).")]


@cards_app.command("print")
def print_cards(
    out: Annotated[Path, typer.Option("--out", help="File for the card printer, one JSON object a line.")],
    data: Data = None,
    database: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Write the cards that are due to a new file (mode 0600), and mark them printed once it is on disk.

    A FILE that is there already is never written over: its cards are marked, in case a run broke off.
    """
    held: list[Any] = []
    if not out.exists():
        report = run("cards-due", data, database, io.BytesIO())
        held = report["held"]
        if not report["due"]:
            tell(
                {"cards": CardState.PRINTED, "marked": 0, "unchanged": 0, "refused": [], "held": held},
                as_json,
            )
            return
        write_safely(out, report["due"])
    with open(out, "rb") as source:
        marked = run("cards-mark", data, database, source, to=CardState.PRINTED.value)
    tell({**marked, "held": held, "file": str(out)}, as_json)


def write_safely(out: Path, cards: Iterable[Mapping[str, Any]]) -> None:
    """The whole file under its name, readable by this user alone, or none; on disk when this returns."""
    unfinished = out.with_name(f".{out.name}.unfinished")
    unfinished.unlink(missing_ok=True)
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with open(descriptor, "w", encoding="ascii") as lines:
        for card in cards:
            lines.write(json.dumps(card) + "\n")
        lines.flush()
        os.fsync(lines.fileno())
    unfinished.rename(out)
    folder = os.open(out.absolute().parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)


@cards_app.command("mailed")
def mailed(
    cards: _List = Path("-"),
    on: _On = None,
    data: Data = None,
    database: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Mark printed cards as mailed."""
    _mark(CardState.MAILED, cards, on, data, database, as_json)


@cards_app.command("returned")
def returned(
    cards: _List = Path("-"),
    on: _On = None,
    data: Data = None,
    database: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Mark mailed cards as come back: the account shows that the address is to be checked."""
    _mark(CardState.RETURNED, cards, on, data, database, as_json)


def _mark(
    to: CardState, cards: Path, on: datetime | None, data: Path | None, database: str | None, as_json: bool
) -> None:
    options = {"to": to.value} | ({"on": f"{on:%Y-%m-%d}"} if on else {})
    operate_on_file("cards-mark", cards, data, database, as_json, **options)
