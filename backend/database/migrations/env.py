"""Runs migrations on the connection it is given."""

from __future__ import annotations

from typing import Literal

from alembic import context
from sqlalchemy import BigInteger, Text

from backend.database.columns import InstantColumn, MoneyColumn
from backend.database.tables import metadata


def _render(kind: str, item: object, _context: object) -> str | Literal[False]:
    if kind != "type":
        return False
    if isinstance(item, InstantColumn | MoneyColumn):
        return f"columns.{type(item).__name__}()"
    named = {BigInteger: "columns.Key", Text: "columns.Line"}
    return named.get(type(item), False)


connection = context.config.attributes["connection"]
context.configure(
    connection=connection,
    target_metadata=metadata,
    render_item=_render,
    render_as_batch=False,
    compare_type=True,
    compare_server_default=False,
)
with context.begin_transaction():
    context.run_migrations()
