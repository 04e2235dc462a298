"""What the online account service asks on behalf of a client's people: first sign-in, sign-in, their IDs.

Codes and passwords come in and never go out. The service says from where each person comes, so that guessing
is slowed down for whoever guesses.
"""

from __future__ import annotations

from datetime import date

from pydantic import Field

from api_client.types.common import Answer, CleanLine, DisplayText, Model, Secret
from api_client.types.user_id_words import PersonIs, Privilege, UserState
from api_client.types.user_ids import AccessLogRow, UserRow

_USER_ID = Field(min_length=1, max_length=40)
_CODE = Field(min_length=12, max_length=40)
_PASSWORD = Field(min_length=1, max_length=200)


class Activate(Model):
    """First use: the one-time code, and the password chosen instead of it."""

    user_id: Secret = _USER_ID
    code: Secret = Field(min_length=1, max_length=40)
    password: Secret = _PASSWORD
    source: CleanLine = Field(min_length=1, max_length=80)
    """Where the person comes from, such as an address of the network; kept as a keyed hash only."""


class OnlineSignIn(Model):
    """User ID and password."""

    user_id: Secret = _USER_ID
    password: Secret = _PASSWORD
    source: CleanLine = Field(min_length=1, max_length=80)


class OnlineGroup(Answer):
    """One group number of the employer, and what the ID may do there today."""

    group_number: DisplayText
    group_name: DisplayText
    privileges: list[Privilege]
    why_limited: DisplayText = ""


class OnlineUser(Answer):
    """Who signed in, and what the ID may do."""

    id: str
    state: UserState
    administrator: bool
    groups: list[OnlineGroup]


class ByUser(Model):
    """Who of the client asks, by user ID; the service has signed them in."""

    by: Secret = _USER_ID


class AddUser(ByUser):
    """A further user ID, with a one-time code that the service made and shows to the administrator alone."""

    user_id: Secret = _USER_ID
    person: CleanLine = Field(min_length=1, max_length=80)
    person_is: PersonIs = PersonIs.EMPLOYEE
    privileges: list[Privilege] = Field(max_length=len(Privilege))
    valid_to: date | None = None
    code: Secret = _CODE


class ChangeUser(ByUser):
    """Other privileges or another last day; only what changes is named."""

    user: CleanLine = Field(min_length=1, max_length=20)
    privileges: list[Privilege] | None = Field(default=None, max_length=len(Privilege))
    valid_to: date | None = None


class ActOnUser(ByUser):
    """Suspend, resume or end an ID."""

    user: CleanLine = Field(min_length=1, max_length=20)


class ResetUser(ActOnUser):
    """A new one-time code for somebody's ID."""

    code: Secret = _CODE


class UsersAsked(ByUser):
    """The IDs of the client, or the log of their changes."""

    cursor: str | None = Field(default=None, max_length=400)


class OnlineUsers(Answer):
    """IDs of the client."""

    rows: list[UserRow]
    next: str | None = None


class OnlineLog(Answer):
    """Changes of the client's IDs, the newest first."""

    rows: list[AccessLogRow]
    next: str | None = None
