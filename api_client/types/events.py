"""Live updates: ids and versions only, never personal data."""

from __future__ import annotations

from api_client.types.common import Answer
from api_client.types.words import EventKind


class Event(Answer):
    """Something changed; whoever shows it fetches it anew."""

    seq: int
    kind: EventKind
    subject: str = ""
    """Readable id of the record, such as `M-20418`."""
    version: int = 0
