"""SQL of the pages that are kept with user-ID requests."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from backend.database.tables import fax_page


async def add(connection: AsyncConnection, values: Mapping[str, Any]) -> None:
    """Write one picture; those before it stay."""
    await connection.execute(insert(fax_page).values(**values))


async def newest(connection: AsyncConnection, request_id: int) -> Any | None:
    """The picture that was kept last, without its content; None for none."""
    columns = (fax_page.c.id, fax_page.c.pages, fax_page.c.kept_at, fax_page.c.kept_by, fax_page.c.digest)
    return (await connection.execute(_newest(*columns).where(fax_page.c.request_id == request_id))).first()


async def content(connection: AsyncConnection, request_id: int) -> Any | None:
    """Digest and sealed content of the picture that was kept last."""
    columns = (fax_page.c.digest, fax_page.c.sealed)
    return (await connection.execute(_newest(*columns).where(fax_page.c.request_id == request_id))).first()


def _newest(*columns: Any) -> Any:
    return select(*columns).order_by(fax_page.c.id.desc()).limit(1)
