"""What the sign-in and the lock need from the program."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from api_client.types.session import Session


@dataclass(frozen=True, slots=True)
class Opening:
    """What is known once the backend answers."""

    username: str = ""
    password: str = ""
    """Prefilled for a demo store only; its password is public."""
    session: Session | None = None
    """Already signed in, with the credential this station kept."""
    word: str = ""
    """Something to say about the credential store."""
    can_remember: bool = False


class Door(Protocol):
    """Opens the backend and sessions on it. Failures are ApiError or Trouble."""

    async def open(self) -> Opening:
        """Reach the backend, starting the embedded one, and resume a remembered sign-in."""

    async def sign_in(self, username: str, password: str, *, remember: bool) -> tuple[Session, str]:
        """A session, and a word about the credential store where there is one to say."""

    async def unlock(self, password: str) -> Session:
        """The locked session again."""

    async def sign_out(self) -> None:
        """End the session, revoke and forget the credential of this station."""
