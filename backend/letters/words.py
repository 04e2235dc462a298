"""The part of a letter that is worded kind by kind; head, address and foot are the same for all."""

from __future__ import annotations

from dataclasses import dataclass

from backend.letters.paper import Figure, Form, Section


@dataclass(frozen=True, repr=False)
class Words:
    """What one kind of letter says."""

    title: str
    opening: tuple[str, ...]
    key: tuple[Figure, ...] = ()
    account_title: str = ""
    account: tuple[Figure, ...] = ()
    sections: tuple[Section, ...] = ()
    form: Form | None = None
    law: str = ""
    card: bool = False
