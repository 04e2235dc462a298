"""The lines of the forms about user-ID requests: the fax as it came, and what the client answered."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, time

from api_client.types.user_id_words import PersonIs, UserIdRequestKind
from api_client.types.words import Channel
from screens.billing.typed import day_received
from screens.calls.act_fields import state, text, zip_code
from screens.user_ids.attaching import PATH
from screens.widgets.form import Field, one_of, wrong

PAGE = "page"
"""The line of the file; it is no field of the form."""
_TIME = re.compile(r"(?:(?P<day>\S+)\s+)?(?P<hour>\d{1,2}):(?P<minute>\d{2})\s*(?P<half>[ap]m)?", re.ASCII)
_WHEN = "a time such as 08:12, or 11-20 08:12"
_KINDS = {
    "first": UserIdRequestKind.FIRST,
    "reset": UserIdRequestKind.RESET,
    "replace": UserIdRequestKind.REPLACE,
}
_PERSONS = {"employee": PersonIs.EMPLOYEE, "broker": PersonIs.BROKER, "tpa": PersonIs.TPA}
_WAYS = {"phone": Channel.PHONE, "fax": Channel.FAX}


def moment(typed: str, now: datetime) -> datetime:
    """A time up to now in the zone of `now`, today's or with its day. Raises ValueError with what to type."""
    words = typed.strip().lower()
    if words == "now":
        return now
    found = _TIME.fullmatch(words)
    if found is None:
        raise ValueError(_WHEN)
    hour, minute = int(found["hour"]), int(found["minute"])
    if found["half"]:
        if not 1 <= hour <= 12:
            raise ValueError(_WHEN)
        hour = hour % 12 + (12 if found["half"] == "pm" else 0)
    try:
        day = day_received(found["day"] or "today", now.date())
        meant = datetime.combine(day, time(hour, minute), tzinfo=now.tzinfo)
    except ValueError:
        raise ValueError(_WHEN) from None
    if meant.astimezone(UTC).astimezone(now.tzinfo).replace(fold=0) != meant:
        raise ValueError("the clock went past this time")
    if meant > now:
        raise ValueError("lies in the future")
    return meant


def _when(name: str, label: str, now: Callable[[], datetime]) -> Field:
    return Field(
        name, label, lambda typed: moment(typed, now()), limit=20, hint="empty: now; else 11-20 08:12"
    )


def _form(*, who: str, kept: str) -> tuple[Field, ...]:
    """What stands on the form itself; a line may be empty, for what it lacks is asked for later."""
    return (
        Field("administrator", "administrator", text, limit=80, hint=kept),
        Field("administrator_is", "who is", one_of(_PERSONS), limit=10, hint=who),
        Field("signer", "signed by", text, limit=80, hint=kept or "empty: not signed, or not readable"),
        Field("street", "street", text, limit=80, hint=kept),
        Field("city", "city", text, limit=40),
        Field("state", "state", state, limit=2),
        Field("zip", "ZIP", zip_code, limit=10),
    )


def fax_fields(now: Callable[[], datetime]) -> tuple[Field, ...]:
    """The form as it came by fax."""
    return (
        Field("group_number", "group number", text, needed=True, limit=30),
        Field("kind", "asks for", one_of(_KINDS), limit=10, hint="empty: first; else reset or replace"),
        _when("received_at", "received", now),
        Field("fax_reference", "fax reference", text, needed=True, limit=60, hint="as the fax server has it"),
        *_form(who="empty: employee; else broker or tpa", kept=""),
        Field(
            PAGE, "file of the page", text, limit=PATH, hint="a TIFF or PDF file; it can be attached later"
        ),
    )


def answer_fields(now: Callable[[], datetime]) -> tuple[Field, ...]:
    """What the client answered; an empty line leaves what is there."""
    return (
        Field("by", "answered by", one_of(_WAYS), needed=True, limit=10, hint="phone or fax"),
        _when("answered_at", "answered", now),
        Field("fax_reference", "new fax reference", text, limit=60, hint="of what came by fax"),
        *_form(who="", kept="empty: stays as it is"),
    )


def errors(fields: Sequence[Field], typed: Mapping[str, str]) -> dict[str, str]:
    """What is wrong with which line."""
    return {one.name: words for one in fields if (words := wrong(one, typed[one.name]))}


__all__ = ["PAGE", "answer_fields", "errors", "fax_fields", "moment"]
