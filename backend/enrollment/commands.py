"""The operators' commands about trading partners."""

from __future__ import annotations

import io
from typing import Annotated

import typer

from api_client.types.words import FileKind, PartnerStatus
from backend.command import AsJson, Data, DatabaseUrl, operate

partners_app = typer.Typer(no_args_is_help=True, help="Trading partners: who sends files, and for whom.")


@partners_app.command("list")
def partners_list(data: Data = None, database: DatabaseUrl = None, as_json: AsJson = False) -> None:
    """All trading partners with their groups."""
    operate("partners", data, database, as_json, io.BytesIO(), act="list")


@partners_app.command("put")
def partners_put(
    sender: Annotated[str, typer.Argument(help="Qualifier and name in the ISA, as ZZ/ACMETPA.")],
    name: Annotated[str, typer.Option(help="What people call them.")] = "",
    status: Annotated[PartnerStatus | None, typer.Option(help="How far they have come.")] = None,
    lists: Annotated[
        FileKind | None, typer.Option(help="What a list that calls itself a change file means.")
    ] = None,
    member_number_in: Annotated[
        str, typer.Option(help="REF with the plan's member number: 17, 23, ZZ.")
    ] = "",
    group: Annotated[list[str] | None, typer.Option(help="A group they file for; may be repeated.")] = None,
    data: Data = None,
    database: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Write down a trading partner, or change what is given of one."""
    options = {
        "act": "put",
        "sender": sender,
        "name": name,
        "status": status or "",
        "lists": lists or "",
        "member_number_in": member_number_in,
        "groups": ",".join(group or ()),
    }
    operate("partners", data, database, as_json, io.BytesIO(), **options)
