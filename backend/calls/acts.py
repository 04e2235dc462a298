"""Every act by phone for the caller on the line: allowed, or why not, and what will happen."""

from __future__ import annotations

from typing import Any

from api_client.types.acts import ActChoice, ActOption, ActOptions
from api_client.types.billing_words import BillPreference
from api_client.types.call_words import PhoneAct, VerifyItem
from api_client.types.calls import Whom
from backend.accounts import service as accounts
from backend.billing import holds, promises, reinstatement, wishes
from backend.calls import gate, rules
from backend.calls.gate import OnLine
from backend.cards import service as cards
from backend.database.unit import Unit
from backend.enrollment import by_phone
from backend.letters import service as letters
from backend.user_ids import service as user_ids
from backend.user_ids import view as user_id_view
from backend.user_ids.reissue import ADDRESS_FIRST

_AT_ONCE = "It is done when it is submitted; what it does is said before."
_MATCHED = "It is matched with who is on file; where that leaves a doubt, a person looks at it."
_WILL = {
    PhoneAct.CHANGE: _AT_ONCE,
    PhoneAct.TERMINATE: _AT_ONCE,
    **dict.fromkeys(
        (PhoneAct.ENROLL, PhoneAct.ADD_DEPENDENT, PhoneAct.REINSTATE, PhoneAct.TRANSFER, PhoneAct.COBRA),
        _MATCHED,
    ),
    PhoneAct.COBRA_PACKET: "The Cal-COBRA packet is mailed to the address on file; confirm it first.",
}


async def options(unit: Unit, whom: Whom) -> ActOptions:
    """What may be done for the caller now, about a group or a person of it. Raises NOT_FOUND."""
    account = await accounts.account_of(unit, whom.group_number)
    member = await cards.member_of(unit, account, whom.mrn) if whom.mrn else None
    call = await gate.on_line(unit)
    unit.audit("act.options", "account", account.number)
    found = []
    for act in PhoneAct:
        why_not = refused(unit, call, act, account, member)
        found.append(
            ActOption(act=act, allowed=False, why_not=why_not)
            if why_not
            else await _option(unit, act, account, member)
        )
    return ActOptions(options=found)


def refused(unit: Unit, call: OnLine | None, act: PhoneAct, account: Any, member: Any) -> str:
    """Why the caller has no right to an act; empty when they have."""
    if call is None:
        return gate.NO_CALL
    may = gate.askers(unit, call, act, account, member=member)
    if not may:
        return f"NOT VERIFIED for {account.number}: the right to this is not proved; y."
    if rules.needs_step_up(act) and not any(gate.stepped_up(one) for one in may):
        return gate.NOT_STEPPED_UP
    if act is PhoneAct.ID_REISSUE and VerifyItem.BILLING_ADDRESS not in may[0].matched:
        return ADDRESS_FIRST
    return ""


async def _option(unit: Unit, act: PhoneAct, account: Any, member: Any) -> ActOption:
    """What the rules of the room say of an act that the caller has the right to."""
    why_not, will, choices = "", _WILL.get(act, ""), []
    if act in by_phone.TYPES:
        why_not = await by_phone.refused(unit, account, act)
    elif act is PhoneAct.CARD and member is not None:
        why_not, will = await cards.reprint_will(unit, account, member)
    elif act is PhoneAct.PAPER_BILL:
        choices = wishes.paper_bill_choices(BillPreference(account.bill_preference))
    elif act is PhoneAct.BILLING_CYCLE:
        why_not, choices = await wishes.cycles(unit, account)
    elif act is PhoneAct.PROMISE:
        why_not, will = await promises.option(unit, account)
    elif act is PhoneAct.DISPUTE:
        why_not, choices = await holds.option(unit, account)
    elif act is PhoneAct.REINSTATE_GROUP:
        why_not, will = await reinstatement.option(unit, account)
    elif act is PhoneAct.REQUEST_FORM:
        why_not, will = letters.form_will(unit, account)
    elif act is PhoneAct.ID_REISSUE:
        why_not, choices = await _reissue(unit, account)
    elif act is PhoneAct.COBRA_PACKET:
        why_not = await letters.packet_refused(unit, account)
    if why_not:
        return ActOption(act=act, allowed=False, why_not=why_not)
    return ActOption(act=act, allowed=True, will=will, choices=choices)


async def _reissue(unit: Unit, account: Any) -> tuple[str, list[ActChoice]]:
    """Why no new letter can go to this employer, or for which request, and what it does."""
    _, newest = await user_ids.of_employer(unit, account)
    if newest is None:
        return "No request for a user ID is on record: the client faxes a form first.", []
    may, sentence = await user_id_view.reissue_look(unit, account, newest)
    if not may:
        return sentence, []
    return "", [ActChoice(value=newest.number, label=newest.number, will=sentence)]
