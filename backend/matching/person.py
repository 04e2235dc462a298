"""Who someone is, as written and as it can be compared."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from backend.matching import normalise
from backend.matching.normalise import Home


class Key(NamedTuple):
    """A person's values normalised; an empty one is missing."""

    last: tuple[str, ...]
    first: tuple[str, ...]
    middle: tuple[str, ...]
    suffix: str
    born: str
    """YYYY-MM-DD; an impossible date keeps its digits."""
    ssn: str
    sex: str
    home: Home
    phone: str

    @property
    def name_parts(self) -> frozenset[str]:
        """The words of first and last name that tell people apart, whichever field they were typed into."""
        return frozenset(normalise.core(self.last) + normalise.core(self.first))

    @property
    def full_name_and_birth_date(self) -> tuple[str, str, str]:
        """What two members must not share."""
        return "".join(self.last), "".join(self.first), self.born


@dataclass(frozen=True, repr=False)
class Person:
    """Who someone is, as written on an enrollment or on file; never printed."""

    last_name: str
    first_name: str = ""
    middle_name: str = ""
    suffix: str = ""
    birth_date: str = ""
    """ISO date, or the digits as received."""
    ssn: str = ""
    sex: str = ""
    street: str = ""
    city: str = ""
    zip: str = ""
    phone: str = ""
    mrn: str = ""
    """Plan member number: always on file, on an enrollment only when the employer gave it."""
    past: tuple[Person, ...] = ()
    """Who the member was on file before: other names, numbers and addresses; the oldest first."""

    @cached_property
    def key(self) -> Key:
        """The comparable form."""
        return Key(
            last=normalise.surname(self.last_name),
            first=normalise.given_name(self.first_name),
            middle=normalise.given_name(self.middle_name),
            suffix=normalise.suffix(self.last_name, self.suffix, self.first_name),
            born=normalise.birth_digits(self.birth_date),
            ssn=normalise.ssn(self.ssn),
            sex=self.sex if self.sex in ("F", "M") else "",
            home=normalise.home(self.street, self.zip, self.city),
            phone=normalise.phone(self.phone),
        )
