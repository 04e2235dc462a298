"""A user-ID request as a rep sees it: the form, what is on record beside it, the checks, the dates and what
else may be mailed.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from api_client.types.call_words import VerifyItem
from api_client.types.common import Address
from api_client.types.user_id_words import (
    ON_THE_WAY_STATES,
    OPEN_USER_ID_STATES,
    TO_MAIL_STATES,
    CheckResult,
    DenyReason,
    Missing,
    PersonIs,
    UserIdRequestKind,
    UserIdRequestState,
    UserKind,
    UserState,
)
from api_client.types.user_ids import Check, FaxPage, UserIdRequest, UserIdRow
from api_client.types.words import ContactRole, Urgency
from backend.accounts import service as accounts
from backend.accounts.rules import group_state
from backend.calls import gate
from backend.database.unit import Unit
from backend.letters import user_id_letters as letters
from backend.postal import PostalAddress
from backend.refusal import Refusal
from backend.user_ids import (
    checks,
    code_store,
    deadlines,
    decisions,
    notices,
    page_store,
    say,
    store,
    user_store,
)
from backend.user_ids import reissue as reissues
from backend.user_ids.delegation import is_in_use
from backend.user_ids.employers import employer_of

_EMPLOYEES = {ContactRole.CONTRACT_SIGNER, ContactRole.ADMINISTRATOR}
_MOST_OPENED = 3
_MOST_ALIKE = 5


def row(unit: Unit, one: Any) -> UserIdRow:
    """One request in a list."""
    return UserIdRow(
        id=one.number,
        version=one.version,
        group_number=one.group_number,
        group_name=one.group_name,
        kind=UserIdRequestKind(one.kind),
        state=UserIdRequestState(one.state),
        faxed_at=one.faxed_at,
        mail_by=one.mail_by,
        arrive_by=one.arrive_by,
        mailed_on=one.mailed_on,
        breached=_breached(unit, one),
        urgency=urgency(unit, one),
    )


def urgency(unit: Unit, one: Any) -> Urgency:
    """By the day to mail it while it is here; amber once a letter that was mailed is not used in time."""
    if one.state in (*OPEN_USER_ID_STATES, *TO_MAIL_STATES):
        return deadlines.mail_urgency(one.mail_by, unit.today, unit.calendar)
    if one.state not in ON_THE_WAY_STATES:
        return Urgency.CALM
    comes = one.state == UserIdRequestState.MAILED and one.arrive_by and one.arrive_by >= unit.today
    return Urgency.CALM if comes else Urgency.AMBER


def _breached(unit: Unit, one: Any) -> bool:
    return bool(one.breached) or (_is_here(one) and is_late(unit, one))


def _is_here(one: Any) -> bool:
    return one.state in (*OPEN_USER_ID_STATES, *TO_MAIL_STATES)


def is_late(unit: Unit, one: Any) -> bool:
    """Whether the letter that is to come is not mailed in time; an earlier letter does not count."""
    mailed = unit.today if _is_here(one) else one.mailed_on
    return bool(one.mail_by and mailed and mailed > one.mail_by)


def decider(unit: Unit) -> decisions.Decider:
    """Who acts."""
    assert unit.actor.role is not None
    assert unit.actor.rep_id is not None
    return decisions.Decider(unit.actor.rep_id, unit.actor.id, unit.actor.role)


def approval_refused(unit: Unit, one: Any, account: Any, found: list[checks.Check]) -> Refusal | None:
    """Why whoever acts cannot approve the request in this row."""
    return decisions.approval_refused(
        UserIdRequestState(one.state),
        found,
        decider(unit),
        checked_by=one.checked_by,
        address_changed_by=account.address_changed_by,
    )


async def undo_refused(unit: Unit, one: Any) -> Refusal | None:
    """Why whoever acts cannot take back what was decided on the request in this row."""
    state = UserIdRequestState(one.state)
    denied = state is UserIdRequestState.REFUSED
    return decisions.undo_refused(
        state,
        decider(unit),
        checked_by=one.checked_by,
        decided_by=one.decided_by,
        letter_mailed=denied and await letters.denial_mailed(unit, one.id),
    )


async def in_use(unit: Unit, account: Any) -> Any | None:
    """The row of the plan-issued ID of the account's employer that was activated and is not over today."""
    employer = await employer_of(unit, account.id)
    return next(
        (
            one
            for one in await user_store.of_accounts(unit.connection, employer.keys)
            if one.kind == UserKind.ADMINISTRATOR and is_in_use(employer.held(one), unit.today)
        ),
        None,
    )


async def checked(unit: Unit, one: Any, account: Any) -> list[checks.Check]:
    """The checks of the request in this row, as things stand now."""
    return checks.checks(await _facts(unit, one, account), unit.policy.user_ids)


async def _facts(unit: Unit, one: Any, account: Any) -> checks.RequestFacts:
    people = [row for row in await accounts.contacts(unit, account.id) if accounts.in_force(row, unit.today)]
    employer = await store.accounts_of_employer(unit.connection, account)
    used = await in_use(unit, account)

    def names(*roles: ContactRole) -> list[str]:
        return [row.name for row in people if row.role in roles]

    return checks.RequestFacts(
        kind=UserIdRequestKind(one.kind),
        group_state=group_state(account.state, account.ended_on, unit.today),
        signer=one.signer,
        signers_on_record=names(ContactRole.CONTRACT_SIGNER),
        administrator=one.administrator,
        administrator_is=PersonIs(one.administrator_is),
        employees_on_record=[row.name for row in people if row.role in _EMPLOYEES and row.employee],
        brokers_on_record=names(ContactRole.BROKER),
        tpas_on_record=names(ContactRole.TPA),
        form_address=PostalAddress.of(one),
        address_of_record=PostalAddress.of(account),
        in_use=checks.AdministratorId(used.number, used.person, used.suspended_by) if used else None,
        under_way=await store.under_way(unit.connection, employer, one.id, unit.today),
        address_changed_on=account.address_changed_on,
        today=unit.today,
    )


def _address(one: Any) -> Address:
    return Address(street=one.street, city=one.city, state=one.state_code, zip=one.zip)


async def request(unit: Unit, one: Any) -> UserIdRequest:
    """All of one request; asks no gate."""
    account = await accounts.account_by_id(unit, one.account_id)
    state = UserIdRequestState(one.state)
    found = await checked(unit, one, account) if state in OPEN_USER_ID_STATES else []
    refusal = approval_refused(unit, one, account, found)
    employer = await store.accounts_of_employer(unit.connection, account)
    opens = await _also_opens(unit, [key for key in employer if key != account.id])
    heard = await _address_said(unit, account)
    can_reissue, reissue_sentence = await reissue_look(unit, account, one)
    return UserIdRequest(
        **row(unit, one).model_dump(),
        **_form(one),
        form_address=_address(one) if heard else Address(),
        address_of_record=_address(account) if heard else Address(),
        page=await page_of(unit, one.id),
        same_as=await store.same_form(unit.connection, one, employer, _MOST_ALIKE),
        checks=[Check(name=check.name, result=check.result, sentence=check.sentence) for check in found],
        can_approve=refusal is None,
        approve_sentence=refusal.sentence if refusal else _approve_sentence(one, account, found, opens),
        checked_by=one.checked_by_name,
        decided_by=one.decided_by_name,
        decided_at=one.decided_at,
        deny_reason=DenyReason(one.deny_reason) if one.deny_reason else None,
        can_undo=await undo_refused(unit, one) is None,
        notice_to=await _notice_to(unit, one, account),
        returned_on=one.returned_on,
        use_by=await code_store.live_until(unit.connection, one.id),
        reissues=one.reissues,
        can_reissue=can_reissue,
        reissue_sentence=reissue_sentence,
        say=say.sentence(_standing(unit, one, found), unit.today),
    )


def _form(one: Any) -> dict[str, Any]:
    return {
        "fax_reference": one.fax_reference,
        "administrator": one.administrator,
        "administrator_is": PersonIs(one.administrator_is),
        "signer": one.signer,
        "missing": [Missing(part) for part in one.missing],
        "missing_note": one.missing_note,
        "call_back": one.call_back or None,
    }


async def page_of(unit: Unit, request_id: int) -> FaxPage | None:
    """What is known of the page of a request; None while it has none."""
    row = await page_store.newest(unit.connection, request_id)
    return None if row is None else FaxPage(pages=row.pages, kept_at=row.kept_at, kept_by=row.kept_by)


async def _address_said(unit: Unit, account: Any) -> bool:
    """Whether the addresses are shown: for a new letter the caller says the address of record, no screen."""
    call = await gate.on_line(unit)
    if call is None:
        return True
    proved = gate.subject_in(call, account.id, None)
    return proved is not None and VerifyItem.BILLING_ADDRESS in proved.matched


async def standing(unit: Unit, one: Any) -> say.Standing:
    """How far the request in this row is, as far as a caller may know it."""
    open_now = one.state in OPEN_USER_ID_STATES
    account = await accounts.account_by_id(unit, one.account_id)
    return _standing(unit, one, await checked(unit, one, account) if open_now else [])


def _standing(unit: Unit, one: Any, found: list[checks.Check]) -> say.Standing:
    return say.Standing(
        kind=UserIdRequestKind(one.kind),
        state=UserIdRequestState(one.state),
        received_on=_day(unit, one),
        arrive_by=one.arrive_by,
        mailed_on=one.mailed_on,
        deny_reason=DenyReason(one.deny_reason) if one.deny_reason else None,
        unsettled=any(check.result is CheckResult.FAILED for check in found),
        late=is_late(unit, one),
    )


def _day(unit: Unit, one: Any) -> date:
    return unit.calendar.local_date(one.faxed_at)


async def _also_opens(unit: Unit, others: Sequence[int]) -> str:
    """In which other accounts of the employer an ID works; empty for none."""
    named = [(await accounts.account_by_id(unit, key)).number for key in others[:_MOST_OPENED]]
    more = f" and {len(others) - _MOST_OPENED} more" if len(others) > _MOST_OPENED else ""
    return f"; it works in {', '.join(named)}{more} too, of the same tax number" if others else ""


def _approve_sentence(one: Any, account: Any, found: list[checks.Check], opens: str) -> str:
    """What approving does now, by whoever may."""
    what = "a new code" if one.kind == UserIdRequestKind.RESET else "ID and code"
    mails = f"mail {what} to {account.name} at its address of record{opens}"
    if one.state == UserIdRequestState.VERIFYING:
        return f"agree to {one.number} once the client has confirmed the address, and {mails}"
    if checks.needs_lead(found):
        return f"approve {one.number} as the first of two; a lead confirms the address with the client"
    return f"approve {one.number}, {mails}"


# -- letters to come -------------------------------------------------------------------------------


def addressee(request: Any) -> str:
    """Who of the client opens it: never a broker or another agent, whose ID goes through the signer (R07)."""
    return str(request.administrator if request.administrator_is == PersonIs.EMPLOYEE else request.signer)


async def notice_places(unit: Unit, account: Any, request: Any) -> list[notices.Place]:
    """To whom a notice goes besides the letter."""
    return notices.places(
        account,
        await accounts.contacts(unit, account.id),
        {request.administrator, addressee(request)},
        unit.today,
        unit.policy.user_ids.recent_move_days,
    )


async def _notice_to(unit: Unit, one: Any, account: Any) -> str:
    """Who else hears of it, or that nobody does, while that is to come."""
    if one.state not in (*OPEN_USER_ID_STATES, *TO_MAIL_STATES):
        return ""
    return notices.notice_words(await notice_places(unit, account, one))


async def reissue_look(unit: Unit, account: Any, request_row: Any) -> tuple[bool, str]:
    """Whether whoever acts may order a new letter for this request, and what it does or why they may not."""
    lost = await lost_letter(unit, account, request_row)
    refusal = reissues.refused(lost, decider(unit), unit.today, unit.policy.user_ids)
    return refusal is None, refusal.sentence if refusal else reissues.will(lost)


async def lost_letter(unit: Unit, account: Any, request: Any) -> reissues.LostLetter:
    """The request in this row as one whose letter may be lost."""
    user = await user_of(unit, request)
    return reissues.LostLetter(
        number=request.number,
        state=UserIdRequestState(request.state),
        arrive_by=request.arrive_by,
        reissues=request.reissues,
        user_state=UserState(user.state) if user is not None else UserState.WITHDRAWN,
        group_state=group_state(account.state, account.ended_on, unit.today),
        address_changed_on=account.address_changed_on,
        address_changed_by=account.address_changed_by,
        elsewhere=letters.elsewhere(await letters.waiting(unit, request.id), account),
    )


async def user_of(unit: Unit, request: Any) -> Any | None:
    """The ID that the letters of a request are about; None before any was ordered."""
    number = await letters.user_number(unit, request.id)
    return await user_store.by_number(unit.connection, number) if number else None
