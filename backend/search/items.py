"""Items of work by their number: cases, requests, letters, cards, files, calls, and receipts."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from typing import Any

from api_client.types.call_words import Fact, FoundKind
from api_client.types.search import Found
from api_client.types.words import MatchState, Outcome
from backend.accounts import service as accounts
from backend.accounts.rules import mask_name
from backend.calls import gate
from backend.database.unit import Unit
from backend.search import store
from backend.search.people import BY_ID, Hit
from backend.search.rules import Wanted

_STATES = {
    "queued": "in the queue", "in_review": "in review", "waiting_employer": "waits for the employer",
    "pending_approval": "waits for a second person", "applied": "applied", "returned": "returned",
}  # fmt: skip
_OUTCOMES = {
    Outcome.APPLIED: "applied", Outcome.QUEUED: "queued", Outcome.REFUSED: "refused",
    Outcome.REFERRED: "referred", Outcome.COMPARED: "compared only",
}  # fmt: skip


@dataclass(frozen=True)
class _Item:
    """What an item says: of itself at any time, and what only those may hear who may hear `fact`."""

    label: str
    state: str
    fact: Fact | None


async def find(unit: Unit, wanted: Wanted) -> list[Hit]:
    """The item of this number, if there is one."""
    if wanted.kind is None:
        return []
    look, say = _KINDS[wanted.kind]
    row = await look(unit, wanted.numbers)
    if row is None:
        return []
    account = await accounts.account_by_id(unit, row.account_id) if _has_account(row) else None
    item = say(unit, row)
    number = row.receipt if wanted.kind is FoundKind.ENROLLMENT else row.number
    return [Hit(BY_ID, 0, await _found(unit, wanted.kind, number, item, account))]


def _has_account(row: Any) -> bool:
    return getattr(row, "account_id", None) is not None


async def _found(unit: Unit, kind: FoundKind, number: str, item: _Item, account: Any) -> Found:
    where = f"{account.number} {account.name}" if account is not None else ""
    state = item.state if await _may_hear(unit, item.fact, account) else ""
    return Found(
        kind=kind,
        id=number,
        label=item.label,
        detail=", ".join(filter(None, (where, state))),
        matched=["number"],
        group_number=account.number if account is not None else "",
    )


async def _may_hear(unit: Unit, fact: Fact | None, account: Any) -> bool:
    """Without a group, or of something no caller is told of, it is said only while nobody is on the line."""
    if fact is None or account is None:
        return await gate.on_line(unit) is None
    return fact in await gate.heard(unit, account)


# -- what each kind says ---------------------------------------------------------------------------


def _due(unit: Unit, due_at: Any) -> str:
    return f"due {due_at.astimezone(unit.zone):%m-%d %H:%M}" if due_at is not None else ""


def _match_item(unit: Unit, row: Any) -> _Item:
    state = ", ".join(filter(None, (_STATES[row.state], _due(unit, row.due_at))))
    return _Item(mask_name(row.first_name, row.last_name), state, Fact.QUEUE)


def _enrollment(unit: Unit, row: Any) -> _Item:
    """A receipt: applied, queued with its due time and item, or refused and why."""
    outcome = Outcome(row.outcome)
    state = _OUTCOMES[outcome]
    if outcome is Outcome.QUEUED:
        done = row.item_state in (MatchState.APPLIED, MatchState.RETURNED)
        state = (
            f"queued, now {row.item_state}"
            if done
            else ", ".join(filter(None, ("queued", row.item, _due(unit, row.due_at))))
        )
    elif outcome is Outcome.REFUSED and row.why:
        state = f"refused: {row.why}"
    return _Item(mask_name(row.first_name, row.last_name), state, Fact.QUEUE)


def _user_id_request(_: Unit, row: Any) -> _Item:
    due = f"mail by {row.mail_by}" if row.mail_by is not None and row.decided_at is None else ""
    state = ", ".join(filter(None, (row.state.replace("_", " "), due)))
    return _Item("user-ID request", state, Fact.USER_IDS)


def _letter(_: Unit, row: Any) -> _Item:
    sent = f"mailed {row.mailed_on}" if row.mailed_on else f"written {row.created_on}"
    return _Item(f"letter {row.kind.replace('_', ' ')}", sent, Fact.LETTERS)


def _file(_: Unit, row: Any) -> _Item:
    return _Item("enrollment file", f"{row.sender} {row.state.replace('_', ' ')}".strip(), None)


def _card(_: Unit, row: Any) -> _Item:
    return _Item(f"card of {mask_name(row.first_name, row.last_name)}", row.state, Fact.MEMBERS)


def _call(unit: Unit, row: Any) -> _Item:
    began = f"{row.started_at.astimezone(unit.zone):%Y-%m-%d %H:%M}"
    return _Item("call", " ".join(filter(None, (began, row.wrap_up or row.state))), None)


def _call_back(unit: Unit, row: Any) -> _Item:
    return _Item("call-back", f"{row.state.replace('_', ' ')}, {_due(unit, row.due_to)}", None)


Look = Callable[[Unit, Sequence[str]], Awaitable[Any]]


def _plain(kind: FoundKind) -> Look:
    return lambda unit, numbers: store.plain_item(unit.connection, kind.value, numbers)


_KINDS: dict[FoundKind, tuple[Look, Callable[[Unit, Any], _Item]]] = {
    FoundKind.MATCH_ITEM: (lambda unit, numbers: store.match_items(unit.connection, numbers), _match_item),
    FoundKind.ENROLLMENT: (lambda unit, numbers: store.enrollments(unit.connection, numbers), _enrollment),
    FoundKind.CARD: (lambda unit, numbers: store.cards(unit.connection, numbers), _card),
    FoundKind.CALL: (lambda unit, numbers: store.calls(unit.connection, numbers), _call),
    FoundKind.USER_ID_REQUEST: (_plain(FoundKind.USER_ID_REQUEST), _user_id_request),
    FoundKind.LETTER: (_plain(FoundKind.LETTER), _letter),
    FoundKind.FILE: (_plain(FoundKind.FILE), _file),
    FoundKind.CALL_BACK: (_plain(FoundKind.CALL_BACK), _call_back),
}
