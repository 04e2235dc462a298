"""`kprep-backend policy`: its numbers, where they come from, and who confirmed them."""

from __future__ import annotations

import io
import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from backend.command import AsJson, Data, DatabaseUrl, operate, run
from backend.home import default_folder
from backend.policy.confirming import value_of
from backend.policy.policy import load_policy

policy_app = typer.Typer(no_args_is_help=True, help="The policy: its numbers and where they come from.")


@policy_app.command("show")
def show(
    as_json: AsJson = False,
    policy: Annotated[Path | None, typer.Option(help="Policy file (default: California).")] = None,
    data: Data = None,
    database: DatabaseUrl = None,
) -> None:
    """Every number of the policy with its source; * marks those a person must confirm before real use, and
    nobody has in this store with the present value.
    """
    confirmed = _confirmed(data, database)
    numbers = load_policy(policy)
    entries = numbers.entries
    if as_json:
        told = [{**asdict(one), "confirmed_by": confirmed.get((one.name, value_of(one)))} for one in entries]
        typer.echo(json.dumps(told, indent=2, default=str))
        return
    typer.echo(f"{numbers.name} version {numbers.version} from {numbers.effective}")
    for billing in numbers.billings.values():
        typer.echo(f"billing {billing.words}")
    for one in entries:
        by = confirmed.get((one.name, value_of(one)))
        mark = "*" if one.confirm and by is None else " "
        said = f"\n    confirmed by {by}" if by is not None else ""
        typer.echo(f"{mark} {one.name} = {_shown(one.value)}\n    {one.source}{said}")


def _shown(value: object) -> str:
    """A number as it is read; a list of letters one after the other."""
    if isinstance(value, list) and all(isinstance(one, dict) for one in value):
        return "; ".join(" ".join(f"{name} {part}" for name, part in one.items()) for one in value) or "[]"
    return str(value)


def _confirmed(data: Path | None, database: str | None) -> dict[tuple[str, str], str]:
    """Who confirmed which entry with which value; nothing where there is no store yet."""
    if database is None and not ((data or default_folder()) / "store.db").exists():
        return {}
    rows: list[dict[str, Any]] = run("policy-confirmed", data, database, io.BytesIO())["confirmed"]
    return {(one["entry"], one["value"]): one["by"] for one in rows}


@policy_app.command("confirm")
def confirm(
    by: Annotated[str, typer.Option("--by", help="The person of the plan who confirms it.")],
    entries: Annotated[list[str] | None, typer.Argument(help="Entries as `policy show` names them.")] = None,
    billing: Annotated[bool, typer.Option("--billing", help="All of the billing policies.")] = False,
    data: Data = None,
    database: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Confirm entries with the value they have now; a changed value has to be confirmed anew.

    Until all entries of its billing policy are confirmed, a group gets no letter about unpaid premium.
    """
    options = {"entries": ",".join(entries or []), "by": by, "billing": "yes" if billing else "no"}
    operate("policy-confirm", data, database, as_json, io.BytesIO(), **options)
