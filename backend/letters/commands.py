"""`kprep-backend letters`: the next mailing as PDFs, and what the post brought back."""

from __future__ import annotations

import io
import secrets
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from backend.command import AsJson, Data, DatabaseUrl, fail, operate_on_file, run, show_progress, tell
from backend.home import open_home
from backend.letters.facts import FactsError
from backend.letters.folder import Folder, FolderError, Printed, papers_of
from backend.letters.minting import Issue, Mint
from backend.letters.render import RenderError

letters_app = typer.Typer(no_args_is_help=True, help="Letters: the next mailing, and what came back.")


@letters_app.command("mail")
def mail(
    out: Annotated[Path, typer.Option("--out", help="New folder for the PDFs and their manifest.")],
    data: Data = None,
    database: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Print every letter that is due into a folder; mark them mailed once all of it is safely on disk.

    The same FOLDER again goes on where a run broke off, and once done changes nothing. User IDs and codes
    are made here, and are on the letters alone.
    """
    folder, waiting, printed = Folder(out), list[Any](), Printed(0, 0)
    try:
        folder.check()
        if not folder.printed:
            if not folder.begun:
                due = run("letters-due", data, database, io.BytesIO())
                waiting = due["refused"]
                if not due["due"]:
                    tell({**_NOTHING, "waiting": waiting}, as_json)
                    return
                folder.begin(due)
            mint = Mint(open_home(data, database).keys(), secrets.randbelow, _issue(data, database))
            with show_progress() as show:
                printed = folder.print(show, mint)
            waiting += printed.waiting
        manifest = folder.manifest()
    except (FolderError, FactsError, RenderError) as error:
        fail(str(error))
    source = io.BytesIO(b"".join(papers_of(manifest)))
    marked = run("letters-mark", data, database, source, batch=manifest["batch"])
    told = {"folder": str(out), "waiting": waiting, "letters_per_second": printed.per_second}
    tell({**marked, **told}, as_json)


def _issue(data: Path | None, database: str | None) -> Issue:
    return lambda lines: run("letters-issue", data, database, io.BytesIO(lines))


_NOTHING: dict[str, Any] = {"mailed": 0, "unchanged": 0, "refused": []}


@letters_app.command("returned")
def returned(
    letters: Annotated[Path, typer.Argument(help="Letter numbers, one a line; - for standard input.")] = Path(
        "-"
    ),
    on: Annotated[
        datetime | None, typer.Option("--on", formats=["%Y-%m-%d"], help="The day (default: today).")
    ] = None,
    data: Data = None,
    database: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Mark letters that the post brought back; while a warning or termination letter is open so, coverage of
    its group does not end.
    """
    options = {"on": f"{on:%Y-%m-%d}"} if on else {}
    operate_on_file("letters-returned", letters, data, database, as_json, **options)
