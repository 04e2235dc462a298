"""Addresses as letters need them; all rooms compare and write to the same kind."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from backend.matching import normalise


@dataclass(frozen=True)
class PostalAddress:
    """Where a letter goes."""

    street: str
    city: str
    state: str
    zip: str

    @classmethod
    def of(cls, row: Any) -> PostalAddress:
        """The address in the columns of a row that has one."""
        return cls(row.street, row.city, row.state_code, row.zip)

    def same_as(self, other: PostalAddress) -> bool:
        """Whether both name the same place, whatever the spelling of street words; never for an empty one."""
        return bool(self.street.strip()) and self._key == other._key

    @property
    def _key(self) -> tuple[str, str, str, str]:
        return (
            normalise.street(self.street),
            normalise.name_key(self.city),
            normalise.name_key(self.state),
            normalise.zip5(self.zip),
        )
