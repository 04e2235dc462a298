"""Who acts: each audit row, idempotency key and event names one of these."""

from __future__ import annotations

from dataclasses import dataclass

from api_client.types.words import ActorKind, Role


@dataclass(frozen=True)
class Actor:
    """Someone whose act is being served: a rep, another system, or an operator of this machine."""

    kind: ActorKind
    name: str
    display_name: str = ""
    role: Role | None = None
    rep_id: int | None = None
    session_id: int | None = None

    @property
    def id(self) -> str:
        """Kind and name, as audit rows show it."""
        return f"{self.kind}:{self.name}"


def operator(name: str) -> Actor:
    """The person at the command line, by the operating system's user name."""
    return Actor(ActorKind.OPERATOR, name, name)


SYSTEM = Actor(ActorKind.OPERATOR, "system", "system")
"""The backend's own daily work."""
