"""User IDs and one-time codes: how they are made, under which digest they are known, and the use of a code.

Neither is kept anywhere: the store has keyed digests of them, under a key outside the database.
"""

from __future__ import annotations

import hmac
import re
from collections.abc import Callable
from datetime import date
from typing import Any

from api_client.types.user_id_words import CodeState, UserAct, UserIdRequestState
from backend.database.unit import Unit
from backend.keys import Keys
from backend.user_ids import access_log, user_store
from backend.user_ids import code_store as store

Pick = Callable[[int], int]
"""A random number below another: `secrets.randbelow` wherever it counts."""

ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
"""Signs that nobody reads as another: no 0, 1, I, L, O, U."""
_CODE_SIGNS, _CODE_GROUP = 12, 4
_CONSONANTS, _VOWELS, _DIGITS = "BDKMNRTVZ", "AEOU", "23456789"
"""Of what user IDs are made: readable, and few words of any language come of it."""
_BLANKS = re.compile(r"[\s\-\u2010-\u2015\u2212]")
"""What people put between groups: blanks, hyphens, and the dashes that word processors make of those."""

WRONG, NONE_LIVE, TOO_LATE, TOO_OFTEN = "wrong", "no code works", "too late", "tried too often"


# -- making ----------------------------------------------------------------------------------------


def new_code(pick: Pick) -> str:
    """A one-time code such as `K7QM-9XRT-3HWD`: 12 signs, 58 bits."""
    signs = "".join(ALPHABET[pick(len(ALPHABET))] for _ in range(_CODE_SIGNS))
    return "-".join(signs[at : at + _CODE_GROUP] for at in range(0, _CODE_SIGNS, _CODE_GROUP))


def new_user_id(pick: Pick) -> str:
    """A user ID such as `BAKO-TENU-47`; nothing of the client is in it."""
    digits = "".join(_DIGITS[pick(len(_DIGITS))] for _ in range(2))
    return f"{_word(pick)}-{_word(pick)}-{digits}"


def _word(pick: Pick) -> str:
    """Two syllables that differ."""
    syllables = [one + two for one in _CONSONANTS for two in _VOWELS]
    return "".join(syllables.pop(pick(len(syllables))) for _ in range(2))


# -- digests ---------------------------------------------------------------------------------------


def canonical(code: str) -> str:
    """What is typed, without what makes no difference: blanks, hyphens and case."""
    return _BLANKS.sub("", code).upper()


def code_digest(keys: Keys, code: str) -> str:
    """The keyed digest under which a code is known."""
    return keys.digest_of("access code", canonical(code))


def login_digest(keys: Keys, user_id: str) -> str:
    """The keyed digest under which a user ID is found; capitals make no difference."""
    return keys.digest_of("login", user_id.strip().casefold())


# -- the life of a code ----------------------------------------------------------------------------


async def use(unit: Unit, user: Any, code: str) -> str:
    """Use up the code of the ID in this row of `web_user`; returns why it cannot be used, empty when it was.

    A wrong one counts as a try. After so many (`user_ids.code_tries`) the code is dead for ever, and so it is
    once its last day is over; its request then is expired. The unit must be kept whatever is returned.
    """
    row = await store.current(unit.connection, user.id, lock=True)
    if row is None or row.state != CodeState.LIVE:
        return NONE_LIVE
    if row.valid_to < unit.today:
        await expire(unit, row)
        return TOO_LATE
    if hmac.compare_digest(row.digest, code_digest(unit.keys, code)):
        await store.move(unit.connection, row.id, CodeState.USED, unit.now)
        return ""
    if await store.count_try(unit.connection, row.id) < unit.policy.user_ids.code_tries:
        return WRONG
    await expire(unit, row, TOO_OFTEN)
    return TOO_OFTEN


async def expire(unit: Unit, row: Any, why: str = TOO_LATE) -> None:
    """Let a live code work no more, and its request end with it."""
    from backend.user_ids import moves

    await _dead(unit, row, why)
    if row.request_id is None:
        return
    request = await moves.request_by_id(unit, row.request_id)
    if request.state == UserIdRequestState.MAILED:
        await moves.change_state(unit, request.id, UserIdRequestState.EXPIRED)


async def kill(unit: Unit, user_id: int, why: str) -> bool:
    """Let the code of this ID (its key) work no more, whether printed or live; whether there was one."""
    row = await store.current(unit.connection, user_id, lock=True)
    if row is None:
        return False
    await _dead(unit, row, why)
    return True


async def _dead(unit: Unit, row: Any, why: str) -> None:
    await store.move(unit.connection, row.id, CodeState.DEAD, unit.now, why)
    user = await user_store.by_id(unit.connection, row.web_user_id)
    await access_log.note(unit, user.account_id, user.id, UserAct.CODE_DEAD, words=why)


async def give(unit: Unit, user_id: int, code: str, valid_to: date) -> bool:
    """Have a code that the client's administrator hands on work for an ID (its key), instead of any other.

    Returns False, and changes nothing, for a code that was used before.
    """
    digest = code_digest(unit.keys, code)
    if await store.known(unit.connection, digest):
        return False
    await kill(unit, user_id, "another code")
    await store.add(
        unit.connection,
        {
            "web_user_id": user_id,
            "digest": digest,
            "made_at": unit.now,
            "valid_to": valid_to,
            "state": CodeState.LIVE,
            "state_at": unit.now,
        },
    )
    return True
