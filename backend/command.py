"""What the operators' commands have in common: their options, and running an operation with its report."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, BinaryIO, NoReturn

import typer

from backend.home import open_home
from backend.policy.policy import load_policy
from backend.progress import Progress

Data = Annotated[Path | None, typer.Option("--data", help="Folder of secrets, log and embedded store.")]
DatabaseUrl = Annotated[
    str | None, typer.Option("--database", help="URL of the database (default: the embedded store).")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the report as JSON.")]
File = Annotated[Path, typer.Argument(help="The file, or - for standard input.")]


def fail(sentence: str) -> NoReturn:
    """End with 2 and a sentence: it could not run."""
    print(f"kprep-backend: {sentence}", file=sys.stderr)
    sys.exit(2)


def run(
    operation: str, data: Path | None, database: str | None, source: BinaryIO, /, **options: str
) -> dict[str, Any]:
    """Run an operation, show its progress at a terminal, and return its report."""
    from backend.operator import run_operation

    home = open_home(data, database)
    with show_progress() as show:
        return asyncio.run(run_operation(home, load_policy(), operation, source, options, show))


@contextmanager
def show_progress() -> Iterator[Callable[[Progress], None]]:
    """Shows at a terminal how far long work is; Ctrl+C ends it with a sentence."""
    live = sys.stderr.isatty()

    def show(step: Progress) -> None:
        if live:
            total = f" of {step.total:,}" if step.total is not None else ""
            print(f"\r{step.done:,}{total}   Ctrl+C stops", end="", file=sys.stderr, flush=True)

    try:
        yield show
    except KeyboardInterrupt:
        fail("Stopped. What was done until here is kept; run the same command again to go on.")
    if live:
        print("\r\033[K", end="", file=sys.stderr)


def tell(report: Mapping[str, Any], as_json: bool) -> None:
    """Print a report, and end with 1 when something in it was refused."""
    from backend.reports import in_words, something_refused

    print(json.dumps(report, indent=2) if as_json else "\n".join(in_words(report)))
    if something_refused(report):
        sys.exit(1)


def operate(
    operation: str,
    data: Path | None,
    database: str | None,
    as_json: bool,
    source: BinaryIO,
    /,
    **options: str,
) -> None:
    """Run an operation and tell its report."""
    tell(run(operation, data, database, source, **options), as_json)


def operate_on_file(
    operation: str, file: Path, data: Path | None, database: str | None, as_json: bool, /, **options: str
) -> None:
    """As `operate`, on what stands in a file or comes on standard input."""
    with opened(file) as source:
        operate(operation, data, database, as_json, source, **options)


@contextmanager
def opened(file: Path) -> Iterator[BinaryIO]:
    """What stands in a file or, where it is called `-`, comes on standard input."""
    if str(file) == "-":
        yield sys.stdin.buffer
        return
    with open(file, "rb") as source:
        yield source
