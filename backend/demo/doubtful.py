"""Enrollments that nobody can match with certainty: each a slip or likeness as it happens in real life."""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta

from pydantic import SecretStr

from api_client.types.enrollment import Submission
from api_client.types.words import Channel, Sex, TransactionType
from backend.demo.logins import clerk_of
from backend.demo.people import DemoPerson, People


@dataclass(frozen=True)
class Doubtful:
    """One enrollment for the queue, with what makes it doubtful."""

    kind: str
    form: Submission


class DoubtfulCases:
    """Makes enrollments that resemble members on file; the same dice give the same ones."""

    def __init__(
        self,
        dice: random.Random,
        people: People,
        on_file: Sequence[DemoPerson],
        today: date,
        *,
        first_subscriber: int = 700_000,
    ) -> None:
        self._dice = dice
        self._people = people
        self._adults = [one for one in on_file if one.relationship == "18"]
        self._today = today
        self._number = first_subscriber

    def cases(self, groups: Sequence[str], count: int, first_group: str) -> Iterator[Doubtful]:
        """That many, of each kind in turn; the first ones for the group the guide speaks of."""
        kinds: list[tuple[str, Callable[[DemoPerson], DemoPerson]]] = [
            ("day and month exchanged", self._swapped_birth_date),
            ("twin", self._twin),
            ("senior and junior", self._junior),
            ("typing slip", self._typo),
            ("moved", self._moved),
            ("married name", self._married),
            ("no SSN", self._no_ssn),
            ("SSN with exchanged digits", self._swapped_ssn),
            ("placeholder SSN", self._placeholder_ssn),
            ("initial, no SSN", self._initial),
        ]
        chosen = self._dice.sample(self._adults, count)
        for place, member in enumerate(chosen):
            kind, change = kinds[place % len(kinds)]
            group = first_group if place < 2 else self._dice.choice(groups)
            late = kind == "moved" and place % 20 == 4
            yield Doubtful(kind, self._form(change(member), group, retroactive=late))

    def _form(self, person: DemoPerson, group: str, *, retroactive: bool) -> Submission:
        self._number += 1
        starts = date(2026, 8, 1) if retroactive else date(2026, 12, 1)
        return Submission(
            group_number=group,
            type=self._dice.choice(
                (TransactionType.ENROLL, TransactionType.ENROLL, TransactionType.TRANSFER)
            ),
            channel=Channel.ONLINE,
            user_id=SecretStr(clerk_of(group)),
            subscriber_number=f"S{self._number}",
            last_name=person.last,
            first_name=person.first,
            middle_name=person.middle,
            suffix=person.suffix,
            birth_date=person.born,
            ssn=SecretStr(person.ssn) if person.ssn else None,
            sex=Sex(person.sex),
            street=person.street,
            city=person.city,
            state="CA",
            zip=person.zip,
            phone=person.phone,
            coverage_from=starts,
        )

    def _swapped_birth_date(self, one: DemoPerson) -> DemoPerson:
        born = one.born.replace(day=min(one.born.day, 12))
        if born.day == born.month:
            born = born.replace(day=born.day % 12 + 1)
        return replace(one, born=date(born.year, born.day, born.month), ssn="")

    def _twin(self, one: DemoPerson) -> DemoPerson:
        other = self._people.relative(one, one.born, "18", sex=one.sex)
        return replace(other, ssn="")

    def _junior(self, one: DemoPerson) -> DemoPerson:
        born = one.born + timedelta(days=int(24.5 * 365))
        return replace(one, suffix="JR", born=min(born, self._today - timedelta(days=19 * 365)))

    def _typo(self, one: DemoPerson) -> DemoPerson:
        place = self._dice.randrange(1, len(one.first) - 1)
        letters = list(one.first)
        letters[place], letters[place + 1] = letters[place + 1], letters[place]
        return replace(one, first="".join(letters), middle="", ssn="")

    def _moved(self, one: DemoPerson) -> DemoPerson:
        return self._elsewhere(replace(one, ssn=""))

    def _elsewhere(self, one: DemoPerson) -> DemoPerson:
        home = self._people.person(one.born)
        return replace(one, street=home.street, city=home.city, zip=home.zip, phone=home.phone)

    def _married(self, one: DemoPerson) -> DemoPerson:
        return replace(one, last=self._people.surname(), ssn="")

    def _no_ssn(self, one: DemoPerson) -> DemoPerson:
        return self._elsewhere(replace(one, ssn="", middle=""))

    def _swapped_ssn(self, one: DemoPerson) -> DemoPerson:
        ssn = one.ssn
        slip = ssn[:7] + ssn[8] + ssn[7] if ssn[7] != ssn[8] else ssn[:8] + str(9 - int(ssn[8]))
        return self._elsewhere(replace(one, ssn=slip, middle=""))

    def _placeholder_ssn(self, one: DemoPerson) -> DemoPerson:
        return self._elsewhere(replace(one, ssn="999999999"))

    def _initial(self, one: DemoPerson) -> DemoPerson:
        return replace(one, first=one.first[:1], ssn="")
