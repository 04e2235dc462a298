"""Sign-in, lock and the version handshake."""

from __future__ import annotations

from pydantic import Field

from api_client.types.common import (
    Answer,
    CleanLine,
    CleanParagraph,
    DisplayParagraph,
    DisplayText,
    Instant,
    Model,
    Secret,
)
from api_client.types.words import Role


class SignIn(Model):
    """A rep's name and password, or the credential this station kept from an earlier sign-in."""

    username: CleanLine = Field(min_length=1, max_length=64)
    password: Secret | None = Field(default=None, max_length=256)
    credential: Secret | None = Field(default=None, max_length=128)
    station: CleanLine = Field(default="", max_length=64)
    remember: bool = False
    """Ask for a credential that this station may keep in its keyring."""
    contract: int
    client: CleanLine = Field(max_length=32)


class Unlock(Model):
    """The password of the rep whose session is locked."""

    password: Secret = Field(max_length=256)


class Rep(Answer):
    """The signed-in rep."""

    username: DisplayText
    display_name: DisplayText
    role: Role
    center: DisplayText


class Session(Answer):
    """A session: who it is, since when, and the server's own time."""

    rep: Rep
    server: DisplayText
    now: Instant
    zone: str
    """Time zone of the service center, as shown on screens."""
    demo: bool
    idle_lock_minutes: int
    idle_lock_minutes_in_call: int = 15
    """With a caller on the line."""
    locked: bool = False


class SignedIn(Answer):
    """Answer to a sign-in; `token` lives in memory only, `credential` in the keyring only."""

    session: Session
    token: str
    credential: str | None = None


class Hello(Answer):
    """What a client learns before it signs in."""

    server: DisplayText
    contract: int
    now: Instant
    demo_username: DisplayText | None = None
    demo_password: DisplayText | None = None
    """Public password of a demo store; it opens nothing else."""
    no_reps: bool = False
    """The store is new and nobody can sign in yet; said on the same machine only."""


class KeepDraft(Model):
    """What a rep is writing about a subject, kept until it is saved or thrown away."""

    text: CleanParagraph = Field(max_length=4000)
    """Empty throws the draft away."""


class Draft(Answer):
    """A rep's unsaved words about a subject; empty text when there are none."""

    subject: DisplayText
    text: DisplayParagraph
    at: Instant | None = None
