"""Password hashes (Argon2id), made and checked in the bounded thread pool."""

from __future__ import annotations

import unicodedata

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

MINIMUM_LENGTH = 12
"""NIST SP 800-63B asks for at least 8 characters; longer is the only strength rule."""
_HASHER = PasswordHasher(time_cost=2, memory_cost=64 * 1024, parallelism=1)
"""OWASP's Argon2id advice is at least 19 MiB and two passes."""
_NOBODY = _HASHER.hash("nobody has this password")


def _normal(password: str) -> str:
    return unicodedata.normalize("NFKC", password)


def hash_password(password: str) -> str:
    """The hash to store."""
    return _HASHER.hash(_normal(password))


def password_fits(stored: str | None, password: str) -> bool:
    """Whether the password is the stored one; without a stored one it takes as long and says no."""
    try:
        _HASHER.verify(stored or _NOBODY, _normal(password))
    except (VerificationError, InvalidHashError):
        return False
    return stored is not None
