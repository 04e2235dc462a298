"""The secrets that protect what is at rest, kept in one file outside the database.

A copy of the database alone opens no SSN, forges no audit seal and no cursor.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import os
import secrets
import tomllib
from dataclasses import dataclass, fields
from functools import cached_property
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

_KEY_BYTES = 32
_NONCE_BYTES = 12


class KeysError(Exception):
    """The secrets file is missing, malformed or readable by others."""


@dataclass(frozen=True, repr=False)
class Keys:
    """One 256-bit key a purpose; `key_id` stands beside the data each protects."""

    key_id: str
    audit: bytes
    cursor: bytes
    digest: bytes
    idempotency: bytes
    operator: bytes
    pepper: bytes
    ssn: bytes

    def digest_of(self, purpose: str, value: str) -> str:
        """A keyed hash that finds equal values and reveals none of them."""
        return hmac.new(self.digest, f"{purpose}\0{value}".encode(), hashlib.sha256).hexdigest()

    @cached_property
    def matching(self) -> bytes:
        """The secret of the keys under which members are found."""
        return hmac.new(self.digest, b"matching keys", hashlib.sha256).digest()

    def service_token(self, name: str) -> str:
        """The bearer token of another system, such as the online account service."""
        return hmac.new(self.operator, f"service\0{name}".encode(), hashlib.sha256).hexdigest()

    def seal_ssn(self, ssn: str, *, nonce: bytes | None = None) -> str:
        """Nine digits, encrypted (AES-256-GCM) as base64 of nonce and text."""
        nonce = nonce or os.urandom(_NONCE_BYTES)
        return base64.b64encode(nonce + AESGCM(self.ssn).encrypt(nonce, ssn.encode(), b"ssn")).decode()

    def open_ssn(self, sealed: str) -> str:
        """The nine digits back. Raises InvalidTag when it was sealed with another key."""
        raw = base64.b64decode(sealed)
        return AESGCM(self.ssn).decrypt(raw[:_NONCE_BYTES], raw[_NONCE_BYTES:], b"ssn").decode()

    def seal_part(self, part: bytes, place: str, *, nonce: bytes | None = None) -> bytes:
        """A piece of a file, encrypted (AES-256-GCM); it opens at this place only, as file and number."""
        nonce = nonce or os.urandom(_NONCE_BYTES)
        return nonce + AESGCM(self._files).encrypt(nonce, part, place.encode())

    def open_part(self, sealed: bytes, place: str) -> bytes:
        """The piece back. Raises InvalidTag when it was sealed with another key or for another place."""
        return AESGCM(self._files).decrypt(sealed[:_NONCE_BYTES], sealed[_NONCE_BYTES:], place.encode())

    @cached_property
    def _files(self) -> bytes:
        """The secret of files at rest."""
        return hmac.new(self.ssn, b"files", hashlib.sha256).digest()


_PURPOSES = tuple(field.name for field in fields(Keys) if field.name != "key_id")


def new_keys() -> Keys:
    """Fresh keys from the system's random source."""
    return Keys(key_id=secrets.token_hex(4), **{name: secrets.token_bytes(_KEY_BYTES) for name in _PURPOSES})


def load_keys(path: Path, *, create: bool = False) -> Keys:
    """The keys of a store; made once with `create`.

    Raises KeysError when the file is missing, malformed, or open to other users of the machine.
    """
    if not path.exists():
        if not create:
            raise KeysError(f"The secrets file {path} is missing; the store cannot be opened without it.")
        _write(path, new_keys())
    if path.stat().st_mode & 0o077:
        raise KeysError(f"The secrets file {path} is open to other users; run: chmod 600 {path}")
    try:
        raw = tomllib.loads(path.read_text(encoding="ascii"))
        keys = {name: base64.b64decode(raw[name], validate=True) for name in _PURPOSES}
        if any(len(key) != _KEY_BYTES for key in keys.values()):
            raise ValueError("wrong length")
        return Keys(key_id=str(raw["key_id"]), **keys)
    except (KeyError, ValueError) as error:
        raise KeysError(f"The secrets file {path} is malformed: {type(error).__name__}.") from None


def _write(path: Path, keys: Keys) -> None:
    lines = [f'key_id = "{keys.key_id}"']
    lines += [f'{name} = "{base64.b64encode(getattr(keys, name)).decode()}"' for name in _PURPOSES]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        file.write("\n".join(lines) + "\n")
        file.flush()
        os.fsync(file.fileno())
