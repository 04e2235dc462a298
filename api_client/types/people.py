"""People of a group: what of them is masked and shown for a moment, and who may speak for them."""

from __future__ import annotations

from datetime import date

from pydantic import Field

from api_client.types.call_words import RepresentativeKind, RevealField
from api_client.types.calls import Whom
from api_client.types.common import Answer, CleanLine, DisplayText, Instant
from api_client.types.words import RevealReason


class Reveal(Whom):
    """Asks for one masked field of a person, with the reason."""

    field: RevealField
    reason: RevealReason


class Revealed(Answer):
    """The field in full; it is masked again at `until`, and kept nowhere."""

    value: DisplayText
    """Empty when nothing is on file."""
    until: Instant


class AddRepresentative(Whom):
    """Somebody who may speak for a member, with the document that says so (45 CFR 164.502(g))."""

    name: CleanLine = Field(min_length=1, max_length=80)
    kind: RepresentativeKind
    document: CleanLine = Field(min_length=3, max_length=120)
    """What was seen, and where it is filed."""
    valid_from: date | None = None
    valid_to: date | None = None


class Representative(Answer):
    """Who may speak for a member, and until when."""

    name: DisplayText
    kind: RepresentativeKind
    document: DisplayText
    valid_from: date | None
    valid_to: date | None
    registered_by: DisplayText
    registered_at: Instant


class Representatives(Answer):
    """All of a member, the newest first."""

    rows: list[Representative]
