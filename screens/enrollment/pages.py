"""Reading a list anew up to a record: the lists of a file have no way to begin in their middle."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection
from typing import TYPE_CHECKING, TypeVar

from screens.widgets.window import ROWS_KEPT

if TYPE_CHECKING:
    from api_client.types.common import Answer, Page

Row = TypeVar("Row", bound="Answer")


async def read(
    page_at: Callable[[str | None], Awaitable[Page[Row]]],
    key_of: Callable[[Row], str],
    cursor: str | None,
    wanted: Collection[str],
) -> Page[Row]:
    """The page at the cursor; from the top as many pages as it takes to have all wanted records."""
    page = await page_at(cursor)
    rows, missing = list(page.rows), set(wanted) - {key_of(row) for row in page.rows}
    while cursor is None and missing and page.next is not None and len(rows) < ROWS_KEPT:
        page = await page_at(page.next)
        rows += page.rows
        missing -= {key_of(row) for row in page.rows}
    return page.model_copy(update={"rows": rows})
