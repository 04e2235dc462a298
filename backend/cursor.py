"""Cursors of lists: the key of the last row seen, sealed so that nobody reads or invents one."""

from __future__ import annotations

import base64
import binascii
import json
from datetime import date, datetime

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV

from api_client.types.problems import ProblemType
from backend.keys import Keys
from backend.problems import Problem

Value = str | int | bool | date | datetime | None
_KINDS = {"d": date.fromisoformat, "t": datetime.fromisoformat}


def seal_cursor(keys: Keys, name: str, values: list[Value]) -> str:
    """The cursor of the list `name` that stands at these key values."""
    text = json.dumps([_pack(value) for value in values], separators=(",", ":"))
    sealed = AESSIV(keys.cursor).encrypt(text.encode(), [name.encode()])
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def open_cursor(keys: Keys, name: str, text: str) -> list[Value]:
    """The key values of a cursor. Raises INVALID when it was not made for this list by this store."""
    try:
        sealed = base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        content = AESSIV(keys.cursor).decrypt(sealed, [name.encode()])
    except (InvalidTag, ValueError, binascii.Error):
        raise Problem(ProblemType.INVALID, "This place in the list is not known; start again.") from None
    return [_unpack(value) for value in json.loads(content)]


def _pack(value: Value) -> object:
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    return {"d": value.isoformat()} if isinstance(value, date) else value


def _unpack(value: object) -> Value:
    if isinstance(value, dict):
        ((kind, text),) = value.items()
        return _KINDS[kind](text)
    assert value is None or isinstance(value, str | int | bool)
    return value
