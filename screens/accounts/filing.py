"""How a group files its enrollments, and how to begin with electronic files."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.words import FilingMethod
from screens.enrollment.words import PARTNERS
from screens.widgets.text import join, plain, short_minute

if TYPE_CHECKING:
    from api_client.types.accounts import AboutGroup

_METHODS = {FilingMethod.ONLINE: "online", FilingMethod.EDI: "834", FilingMethod.PAPER: "paper"}
NO_FILE = "No electronic file of this group's sender has come yet; E lists all files."


def filing(about: AboutGroup, now: datetime) -> Content:
    """Method, sender and how far it is, its last file, and the sentence for a caller."""
    how = about.filing
    sender = f", by {how.partner}" if how.partner else ""
    status = f" ({PARTNERS[how.status]})" if how.status else ""
    last = plain("")
    if how.last_file is not None:
        when = f" {short_minute(how.last_file_at, now)}" if how.last_file_at else ""
        last = join("; last file ", (how.last_file, "bold"), f"{when}, f opens it")
    return join(f"{_METHODS[about.filing_method]}{sender}{status}", last, f". {how.sentence}")
