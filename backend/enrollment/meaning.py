"""What one member of an 834 file asks of the plan, in the words of intake. Pure."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from api_client.types.words import Channel, Sex, TransactionType
from backend.enrollment.edi.transaction import Address, Identity, MemberTransaction
from backend.enrollment.rules import AT_ONCE, SUBSCRIBER, Stopped, Transaction, Wanted

_INFORMATION_COPY = "22"
_TRANSFER_REASON = "XT"
_COBRA, _TEFRA = "C", "T"


def transaction_of(
    member: MemberTransaction, *, channel: Channel, partner: str, today: date
) -> Transaction | Stopped:
    """The transaction a member stands for, or why it is none (005010X220A1: INS03, INS05, HD, DTP)."""
    if member.header.purpose == _INFORMATION_COPY:
        return Stopped("an information copy (BGN01 22) is never applied")
    kind = _kind(member)
    if kind is None:
        return Stopped("a comparison of whole lists (INS03 030) is not applied; send the changes")
    if kind in (TransactionType.DEMOGRAPHIC, TransactionType.TERMINATION) and not member.pair_fits:
        return Stopped("the subscriber mark and the relationship contradict each other")
    ends_on: date | None = None
    if kind is TransactionType.TERMINATION:
        days = {one.end for one in member.coverages if one.end}
        if len(days) > 1:
            return Stopped("its coverages end on different days; send one day for each member")
        ends_on = next(iter(days), None) or member.eligibility_end or member.maintenance_effective
    begins_on = member.eligibility_begin or member.maintenance_effective
    who = member.identity
    address = member.address or Address()
    mailing = member.mailing_address or Address()
    return Transaction(
        type=kind,
        channel=channel,
        group_number=member.group_number,
        partner=partner,
        subscriber_number=member.subscriber_number,
        dated=member.header.file_date or today,
        relationship=SUBSCRIBER if member.subscriber and member.pair_fits else member.relationship,
        last_name=who.name.last,
        first_name=who.name.first,
        middle_name=who.name.middle,
        suffix=who.name.suffix,
        birth_date=_iso(who),
        ssn=who.ssn,
        sex=Sex(who.sex or Sex.UNKNOWN),
        street=_street(address),
        city=address.city,
        state=address.state,
        zip=address.zip,
        mailing_street=_street(mailing),
        mailing_city=mailing.city,
        mailing_state=mailing.state,
        mailing_zip=mailing.zip,
        phone=member.phone,
        restricted=member.restricted,
        wanted=tuple(_wanted(member, begins_on)),
        begins_on=begins_on,
        ends_on=ends_on,
        ended_lines=tuple(one.line for one in member.coverages) if ends_on else (),
        cobra=member.benefit_status == _COBRA,
        cobra_event=member.cobra_event,
        cobra_event_on=member.cobra_event_date or member.cobra_begin,
        medicare=member.benefit_status == _TEFRA and kind not in AT_ONCE,
        former=_former(member.former),
        doubts=tuple(_doubts(member, kind)),
    )


def _kind(member: MemberTransaction) -> TransactionType | None:
    match member.maintenance_type:
        case "021" if member.reason == _TRANSFER_REASON:
            return TransactionType.TRANSFER
        case "021":
            return TransactionType.ENROLL if member.subscriber else TransactionType.ADD_DEPENDENT
        case "024":
            return TransactionType.TERMINATION
        case "025":
            return TransactionType.REINSTATE
        case "001":
            dated = any(one.begin or one.end for one in member.coverages)
            return TransactionType.TRANSFER if dated else TransactionType.DEMOGRAPHIC
        case _:
            return None


def _wanted(member: MemberTransaction, begins_on: date | None) -> Iterator[Wanted]:
    for one in member.coverages:
        begin = one.begin or begins_on
        if begin is not None:
            yield Wanted(one.line, begin, one.level, one.last_day, one.plan)


def _doubts(member: MemberTransaction, kind: TransactionType) -> Iterator[str]:
    """What a person must look at before the enrollment is matched, or what is said with what is done."""
    if not member.pair_fits:
        yield "the subscriber mark and the relationship contradict each other"
    if member.maintenance_type == "001" and kind is TransactionType.TRANSFER:
        yield "it changes coverage that runs"
    if member.death_date and kind is not TransactionType.TERMINATION:
        yield f"a date of death, {member.death_date}, came with it"


def _street(address: Address) -> str:
    return " ".join(filter(None, (address.street, address.street2)))


def _iso(identity: Identity) -> str:
    return identity.birth_date.isoformat() if identity.birth_date else ""


def _former(identity: Identity | None) -> tuple[str, str, str]:
    return (identity.name.first, _iso(identity), identity.ssn) if identity else ("", "", "")
