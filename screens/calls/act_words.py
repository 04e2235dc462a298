"""What is said of acts by phone: the menu, what will happen, and what was done."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.call_words import PhoneAct
from api_client.types.words import Outcome
from screens.widgets.text import hanging, join, lines, plain, short_day

if TYPE_CHECKING:
    from api_client.types.billing import ReinstatementRow
    from api_client.types.cards import Person
    from api_client.types.enrollment import Effects, Receipt
    from api_client.types.user_ids import UserIdRequest

NAMES = {
    PhoneAct.CHANGE: "change",
    PhoneAct.TERMINATE: "terminate",
    PhoneAct.ENROLL: "new employee",
    PhoneAct.ADD_DEPENDENT: "dependent of a member",
    PhoneAct.REINSTATE: "reinstate",
    PhoneAct.TRANSFER: "transfer",
    PhoneAct.COBRA: "COBRA enrollment",
    PhoneAct.COBRA_PACKET: "Cal-COBRA packet",
    PhoneAct.CARD: "card",
    PhoneAct.PAPER_BILL: "paper bill",
    PhoneAct.BILLING_CYCLE: "billing cycle",
    PhoneAct.PROMISE: "promise to pay",
    PhoneAct.DISPUTE: "dispute of a bill",
    PhoneAct.REINSTATE_GROUP: "coverage back after non-payment",
    PhoneAct.CALL_BACK: "call-back",
    PhoneAct.REQUEST_FORM: "request form",
    PhoneAct.ID_REISSUE: "new user-ID letter",
    PhoneAct.LETTER_COPY: "copy of a letter",
}
MORE = (
    PhoneAct.REINSTATE,
    PhoneAct.TRANSFER,
    PhoneAct.COBRA,
    PhoneAct.COBRA_PACKET,
    PhoneAct.LETTER_COPY,
    PhoneAct.DISPUTE,
    PhoneAct.REINSTATE_GROUP,
    PhoneAct.ID_REISSUE,
)
"""Behind the 0 of the menu."""
_ROOM = 9


def form_subject(act: PhoneAct, group: str, mrn: str) -> Content:
    """What the head line of a form says."""
    return join("BY PHONE  ", (NAMES[act], "bold"), f"  {f'MRN {mrn}' if mrn else group}")


def form_hint(act: PhoneAct) -> str:
    """How the form is filled in."""
    rest = "; what stays empty stays as it is" if act is PhoneAct.CHANGE else ""
    return f"Enter goes to the next line, F12 shows what will happen{rest}; Esc leaves"


# -- before ----------------------------------------------------------------------------------------


def effects(found: Effects, width: int) -> Content:
    """What the form would do; nothing is done yet."""
    stopped = found.outcome in (Outcome.REFUSED, Outcome.REFERRED)
    label = "NOT" if stopped else "WILL"
    why = f"{found.why[:1].upper()}{found.why[1:]}."
    return _rows(label, [why] if stopped else [*found.effects, why], width)


def possible(found: Effects) -> bool:
    """Whether there is anything to confirm."""
    return found.outcome in (Outcome.APPLIED, Outcome.QUEUED)


def confirm_line(act: PhoneAct, found: Effects, group: str, mrn: str) -> Content:
    """The line that Enter confirms."""
    whom = f"MRN {mrn} of {group}" if mrn else group
    what = found.effects[0].rstrip(".") if found.effects else found.why
    return join(f"{NAMES[act]} for ", (whom, "bold"), f": {what}")


# -- afterwards ------------------------------------------------------------------------------------


def receipt(done: Receipt, width: int) -> Content:
    """What became of it, and what to say."""
    head = join((done.receipt, "bold"), f"  {done.outcome.value}: {done.why}")
    rows = [*hanging(plain(" DONE".ljust(_ROOM), "bold"), head, width)]
    rows += [row for one in done.effects for row in hanging(plain(" " * _ROOM), plain(one), width)]
    rows += hanging(plain(" SAY".ljust(_ROOM), "bold"), plain(f'"{say(done)}"'), width)
    return lines(*rows)


def say(done: Receipt) -> str:
    """The sentence for the caller."""
    number = f"Your receipt number is {done.receipt}."
    match done.outcome:
        case Outcome.APPLIED:
            return f"It is done. {number}"
        case Outcome.QUEUED:
            return f"I have taken it. A colleague looks at it within 48 hours. {number}"
        case Outcome.REFERRED:
            return f"I cannot take this here: {done.why}. {number}"
        case _:
            return f"This cannot be done: {done.why}. {number}"


def _rows(label: str, said: list[str], width: int) -> Content:
    beside = plain(f" {label}".ljust(_ROOM), "bold")
    rows: list[Content] = []
    for one in said:
        rows += hanging(beside, plain(one), width)
        beside = plain(" " * _ROOM)
    return lines(*rows)


# -- what needs no form ----------------------------------------------------------------------------


def card_line(person: Person, reason: str) -> Content:
    """The line that Enter confirms."""
    why = f', because "{reason}"' if reason else ""
    return join("order another card for ", (f"MRN {person.mrn} {person.name}", "bold"), why)


def will_line(act: PhoneAct, group: str, will: str) -> Content:
    """The line that Enter confirms: what will happen."""
    return join(f"{NAMES[act]} for ", (group, "bold"), f": {will}")


def asked_back(row: ReinstatementRow) -> str:
    """Said after a request for coverage that ended unpaid: who decides, and what stands against it today."""
    against = f" Today it could not be approved: {row.why_not}" if row.why_not else ""
    return f"{row.id} is taken down; a lead decides.{against}"


def letter_again(request: UserIdRequest, today: date) -> str:
    """Said after a new letter was ordered."""
    by = f", and arrives by {short_day(request.arrive_by, today)}" if request.arrive_by else ""
    return f"{request.id}: a new letter goes to the address of record{by}."
