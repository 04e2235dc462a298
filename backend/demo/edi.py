"""Writes the production 834 files (005010X220A1) that bring enrollments into the demo store."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from api_client.types.enrollment import Submission
from api_client.types.words import TransactionType
from backend.demo.people import DemoPerson

_MAINTENANCE = {
    TransactionType.ENROLL: "021*28",
    TransactionType.ADD_DEPENDENT: "021*28",
    TransactionType.TRANSFER: "021*XT",
    TransactionType.REINSTATE: "025*41",
    TransactionType.TERMINATION: "024*07",
    TransactionType.DEMOGRAPHIC: "001*25",
}


def file_of(forms: Sequence[Submission], *, sender: str, control: int, on: date) -> bytes:
    """One interchange with one set that holds these transactions, for one group each."""
    members = [line for form in forms for line in _member(form)]
    return _interchange(members, sender, control, on, action="2", usage="P")


def list_of(
    group: str,
    people: Sequence[tuple[str, DemoPerson]],
    *,
    sender: str,
    control: int,
    on: date,
    usage: str = "P",
) -> bytes:
    """A full file (BGN08 RX) that lists these people of a group by their subscriber numbers."""
    members = [line for number, one in people for line in _listed(group, number, one)]
    return _interchange(members, sender, control, on, action="RX", usage=usage)


def _interchange(
    members: Sequence[str], sender: str, control: int, on: date, *, action: str, usage: str
) -> bytes:
    day = on.strftime("%Y%m%d")
    body = [
        "ST*834*0001*005010X220A1",
        f"BGN*00*{control}*{day}*0900****{action}",
        f"N1*P5*{sender}*94*{sender}",
        "N1*IN*THE PLAN*94*PLAN",
        *members,
    ]
    body.append(f"SE*{len(body) + 1}*0001")
    who = f"ZZ*{sender:15}*ZZ*{'PLAN':15}"
    segments = [
        f"ISA*00*{'':10}*00*{'':10}*{who}*{day[2:]}*0900*^*00501*{control:09}*0*{usage}*:",
        f"GS*BE*{sender}*PLAN*{day}*0900*{control}*X*005010X220A1",
        *body,
        f"GE*1*{control}",
        f"IEA*1*{control:09}",
    ]
    return ("~\n".join(segments) + "~\n").encode("ascii")


def _listed(group: str, number: str, one: DemoPerson) -> list[str]:
    mark = "Y" if one.relationship == "18" else "N"
    tail = "***FT" if mark == "Y" else ""
    return [
        f"INS*{mark}*{one.relationship}*030*XN*A{tail}",
        f"REF*0F*{number}",
        f"REF*1L*{group}",
        f"NM1*IL*1*{one.last}*{one.first}****34*{one.ssn}",
        f"DMG*D8*{one.born:%Y%m%d}*{one.sex}",
        "HD*030**HMO",
        "DTP*348*D8*20250101",
    ]


def _member(form: Submission) -> list[str]:
    subscriber = "Y" if form.relationship == "18" else "N"
    ssn = form.ssn.get_secret_value() if form.ssn else ""
    name = f"NM1*IL*1*{form.last_name}*{form.first_name}*{form.middle_name}**{form.suffix}"
    lines = [
        f"INS*{subscriber}*{form.relationship}*{_MAINTENANCE[form.type]}*A***FT".rstrip("*"),
        f"REF*0F*{form.subscriber_number}",
        f"REF*1L*{form.group_number}",
        f"{name}*34*{ssn}" if ssn else name.rstrip("*"),
    ]
    if form.phone:
        lines.append(f"PER*IP**HP*{form.phone}")
    if form.street:
        lines += [f"N3*{form.street}", f"N4*{form.city}*{form.state}*{form.zip}"]
    if form.birth_date:
        lines.append(f"DMG*D8*{form.birth_date:%Y%m%d}*{form.sex}")
    if form.coverage_from:
        lines += ["HD*021**HMO**EMP", f"DTP*348*D8*{form.coverage_from:%Y%m%d}"]
    return lines
