"""What becomes of one member of a file, by what its set means and how far its sender has come."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from api_client.types.words import Channel, FileKind, Outcome, PartnerStatus, TransactionType
from backend.database.unit import Unit
from backend.enrollment import file_store, on_record, rules, service
from backend.enrollment.compare import COMPARE, Differences, Recorded, Seen, differences, kind_of
from backend.enrollment.edi.transaction import MemberTransaction
from backend.enrollment.file_words import masked_number
from backend.enrollment.meaning import transaction_of
from backend.enrollment.rules import OnRecord, Stopped, Transaction

_CHANGES = "001"
_ADDS = "021"
_ENDS = "024"


@dataclass
class Named:
    """Whom and which groups a file has named so far."""

    people: Seen = field(default_factory=Seen)
    groups: set[int] = field(default_factory=set)
    """Groups of the sender's own of which the file says who is in them."""


@dataclass(frozen=True)
class Sender:
    """Who sent the file, and what was agreed with them."""

    name: str
    """ISA06, under which groups may be called by names of the sender's own."""
    partner_id: int | None
    status: PartnerStatus | None
    lists: FileKind | None
    member_number_in: str
    """Qualifier of the REF that carries the plan's own member number; empty where none does."""
    production: bool
    """The file is marked for production (ISA15 P)."""

    @property
    def applies(self) -> bool:
        """Whether anything may be changed by the file."""
        return self.production and self.status is PartnerStatus.PRODUCTION


@dataclass(frozen=True)
class _Done:
    outcome: Outcome
    why: str
    item: str = ""
    member_id: int | None = None


@dataclass
class MemberDoor:
    """Takes the members of a file in one unit."""

    unit: Unit
    channel: Channel
    sender: Sender
    named: Named
    file_id: int | None
    """The file its enrollments are written under; None where the unit is taken back."""
    _before: str = ""
    """Number of the last subscriber, behind whom dependents stand in the file."""

    async def row(self, ordinal: int, member: MemberTransaction) -> dict[str, Any]:
        """What became of a member, as the values of its row; enrollment and member are found by its place."""
        if member.subscriber:
            self._before = member.subscriber_number
        done = await self._taken(ordinal, member)
        return {
            "ordinal": ordinal,
            "position": member.offset,
            "set_control": set_control(member),
            "subscriber_number": member.subscriber_number,
            "maintenance_type": member.maintenance_type,
            "reason": member.reason,
            "outcome": done.outcome,
            "why": done.why,
            "item": done.item,
            "enrollment_id": None,
            "member_id": done.member_id,
        }

    async def look(self, member: MemberTransaction) -> None:
        """Note whom it names, without doing anything."""
        asked = self._asked(member, _CHANGES)
        if isinstance(asked, Transaction):
            await self._person(asked, self._kind(member))

    def _kind(self, member: MemberTransaction) -> FileKind | None:
        return kind_of(member.header.action, member.maintenance_type == COMPARE, self.sender.lists)

    async def _taken(self, ordinal: int, member: MemberTransaction) -> _Done:
        status = self.sender.status
        if self.sender.production and status is not PartnerStatus.PRODUCTION:
            stopped = rules.partner_stops(status, files_for_group=True)
            if status is not PartnerStatus.PARALLEL:
                return _Done(Outcome.REFUSED, stopped)
            would = await self._dealt(ordinal, member)
            return _Done(Outcome.REFUSED, f"{stopped}; it would have been {would.outcome}: {would.why}")
        return await self._dealt(ordinal, member)

    async def _dealt(self, ordinal: int, member: MemberTransaction) -> _Done:
        kind = self._kind(member)
        if kind is None:
            why = "it stands in a list (INS03 030) of which nobody has agreed what it means"
            return _Done(Outcome.REFUSED, why)
        if kind is FileKind.VERIFY:
            return await self._verified(member)
        if member.maintenance_type == COMPARE:
            return await self._from_list(ordinal, member)
        return await self._take(ordinal, self._asked(member))

    def _asked(self, member: MemberTransaction, maintenance: str = "") -> Transaction | Stopped:
        """The transaction it stands for, or would stand for with another maintenance type.

        Whose dependent somebody is says REF*0F; the place in the file is only worth a second look.
        """
        meant = replace(member, maintenance_type=maintenance) if maintenance else member
        asked = transaction_of(meant, channel=self.channel, partner=self.sender.name, today=self.unit.today)
        if isinstance(asked, Stopped):
            return asked
        mrn = member.reference(self.sender.member_number_in) if self.sender.member_number_in else ""
        doubts = asked.doubts
        if not member.subscriber and self._before not in ("", member.subscriber_number):
            number = masked_number(self._before)
            doubts = (*doubts, f"it stands behind subscriber {number} in the file, but names another")
        return replace(asked, mrn=mrn or asked.mrn, doubts=doubts)

    async def _take(self, ordinal: int, asked: Transaction | Stopped, *, part: str = "") -> _Done:
        if isinstance(asked, Stopped):
            return _Done(asked.outcome, asked.why)
        account = await on_record.account_of(self.unit, asked)
        if stopped := self._of_another(account):
            return _Done(stopped.outcome, stopped.why)
        place = None
        if self.file_id is not None:
            place = service.Place(self.file_id, ordinal, part)
        receipt = await service.take(self.unit, asked, submitted_by=self.sender.name, at=place)
        return _Done(receipt.outcome, receipt.why, receipt.item or "")

    def _of_another(self, account: Any | None) -> Stopped | None:
        """Why a production file may say nothing of this group; None where it is the sender's own."""
        if account is None or account.partner_id == self.sender.partner_id or not self.sender.production:
            return None
        return Stopped(rules.partner_stops(self.sender.status, files_for_group=False))

    # -- whole lists -------------------------------------------------------------------------------

    async def _person(
        self, asked: Transaction, kind: FileKind | None
    ) -> tuple[OnRecord | Stopped, Sequence[Any]]:
        """Whom of the record it names, with the rows of that family; both are noted.

        Somebody can be missing only from a group of which the sender lists who is in it: one that a set of
        changes names, or that another sender files for, is not listed.
        """
        account = await on_record.account_of(self.unit, asked)
        if stopped := self._of_another(account):
            return stopped, ()
        if account is not None and kind in (FileKind.FULL, FileKind.VERIFY):
            self.named.groups.add(account.id)
        family = await on_record.family_of(self.unit, asked, account)
        person = on_record.whom(self.unit, asked, family)
        if isinstance(person, OnRecord):
            self.named.people.add(person.member_id)
        return person, family

    async def _compared(self, member: MemberTransaction) -> tuple[OnRecord | Stopped, Differences | None]:
        asked = self._asked(member, _ADDS)
        if isinstance(asked, Stopped):
            return asked, None
        person, family = await self._person(asked, self._kind(member))
        if isinstance(person, Stopped):
            return person, None
        digest = on_record.digest(self.unit, asked.ssn)
        return person, differences(asked, digest, self._recorded(person, family))

    def _recorded(self, person: OnRecord, family: Sequence[Any]) -> Recorded:
        rows = [row for row in family if row.id == person.member_id]
        one, today = rows[0], self.unit.today
        running = {row.line: row.level for row in rows if row.ends_on is None or row.ends_on >= today}
        return Recorded(
            last_name=one.last_name,
            first_name=one.first_name,
            middle_name=one.middle_name,
            suffix=one.suffix,
            birth_date=one.birth_date,
            ssn_digest=one.ssn_digest,
            relationship=one.relationship,
            street=one.street,
            city=one.city,
            state=one.state_code,
            zip=one.zip,
            phone=one.phone,
            lines=sorted(running.items()),
        )

    async def _verified(self, member: MemberTransaction) -> _Done:
        """Held against the record; nothing is changed."""
        person, found = await self._compared(member)
        if isinstance(person, Stopped) or found is None:
            assert isinstance(person, Stopped)
            return _Done(Outcome.COMPARED, f"not found here: {person.why}")
        return _Done(Outcome.COMPARED, found.words, member_id=person.member_id)

    async def _from_list(self, ordinal: int, member: MemberTransaction) -> _Done:
        """Somebody of a list that replaces ours: unknown here is enrolled, what differs is changed."""
        ends = bool(member.coverages) and all(one.last_day for one in member.coverages)
        person, found = await self._compared(member)
        if isinstance(person, Stopped) or found is None:
            return await self._take(ordinal, self._asked(member, _ADDS))
        if ends:
            return replace(await self._take(ordinal, self._asked(member, _ENDS)), member_id=person.member_id)
        done = _Done(Outcome.APPLIED, "nothing differs from what is on record")
        if found.data:
            changed = self._asked(replace(member, coverages=()), _CHANGES)
            done = await self._take(ordinal, changed, part="data")
        if found.coverage:
            queued = await self._take(ordinal, self._transfer(member), part="coverage")
            done = replace(queued, why=f"{queued.why}; {done.why}" if found.data else queued.why)
        return replace(done, member_id=person.member_id)

    def _transfer(self, member: MemberTransaction) -> Transaction | Stopped:
        """Other coverage than on record, for a person to look at, whether it says from when or not."""
        asked = self._asked(member, _CHANGES)
        if isinstance(asked, Stopped) or asked.type is TransactionType.TRANSFER:
            return asked
        doubts = (*asked.doubts, "its coverage is another than on record")
        return replace(asked, type=TransactionType.TRANSFER, doubts=doubts)


def set_control(member: MemberTransaction) -> str:
    """Group and set control number."""
    return "/".join(member.key[:2])


async def with_keys(unit: Unit, file_id: int, rows: Sequence[dict[str, Any]]) -> None:
    """Fill in which enrollment, and so which member, each row led to."""
    if not rows:
        return
    found = await file_store.enrollments_at(unit.connection, file_id, rows[0]["ordinal"], rows[-1]["ordinal"])
    for row in rows:
        row["enrollment_id"], member_id = found.get(row["ordinal"], (None, None))
        row["member_id"] = member_id or row["member_id"]


NOTHING_KEPT: Mapping[str, Any] = {"item": "", "enrollment_id": None, "member_id": None}
"""Of a row whose unit was taken back: what it would refer to is not there."""
