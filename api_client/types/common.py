"""What every module of the wire contract is made of."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Annotated, Any, Generic, TypeVar

from pydantic import (
    AfterValidator,
    AwareDatetime,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    SecretStr,
    SerializationInfo,
)

from api_client.types.visible import visible_line, visible_paragraph

CONTRACT = 1
"""Version of this contract; client and server exchange it at sign-in and must have the same."""
PAGE = 100
"""Records a page of a list holds at the most."""


def _line(value: object) -> object:
    return visible_line(value) if isinstance(value, str) else value


def _paragraph(value: object) -> object:
    return visible_paragraph(value) if isinstance(value, str) else value


def _refuse_steering_line(value: str) -> str:
    if visible_line(value) != value:
        raise ValueError("has characters that cannot be shown: control, direction or invisible ones")
    return value.strip()


def _refuse_steering_paragraph(value: str) -> str:
    if visible_paragraph(value) != value:
        raise ValueError("has characters that cannot be shown: control, direction or invisible ones")
    return value.strip()


DisplayText = Annotated[str, BeforeValidator(_line)]
"""One line of text from outside, safe to show."""
DisplayParagraph = Annotated[str, BeforeValidator(_paragraph)]
"""Text of several lines from outside, safe to show."""
CleanLine = Annotated[str, AfterValidator(_refuse_steering_line)]
"""One line written by a person now; steering characters are refused, not altered."""
CleanParagraph = Annotated[str, AfterValidator(_refuse_steering_paragraph)]
"""Several lines written by a person now."""


def _cents(value: Decimal) -> Decimal:
    return value.quantize(Decimal("0.01"), rounding=ROUND_HALF_UP)


Money = Annotated[
    Decimal,
    Field(max_digits=14),
    AfterValidator(_cents),
    PlainSerializer(lambda value: f"{value:.2f}", return_type=str),
]
"""Dollars with cents, half-up; a string in JSON, never a float."""


def _reveal(value: SecretStr, info: SerializationInfo) -> str:
    return value.get_secret_value() if info.context == REVEAL else str(value)


REVEAL = "reveal"
"""Serialization context of the one place that sends secrets; stars stand in every other dump."""


def _refuse_halves(value: SecretStr) -> SecretStr:
    try:
        value.get_secret_value().encode()
    except UnicodeEncodeError:
        raise ValueError("has half of a character") from None
    return value


Secret = Annotated[SecretStr, AfterValidator(_refuse_halves), PlainSerializer(_reveal, return_type=str)]
"""Text that no print, log or dump shows."""


def _utc(value: datetime) -> datetime:
    try:
        return value.astimezone(UTC)
    except OverflowError:
        raise ValueError("is beyond the calendar") from None


Instant = Annotated[AwareDatetime, AfterValidator(_utc)]
"""A point in time, in UTC."""


class Model(BaseModel):
    """Base of every model: frozen, strict about names, silent about values in its errors."""

    model_config = ConfigDict(frozen=True, extra="forbid", hide_input_in_errors=True, ser_json_inf_nan="null")


class Answer(Model):
    """Base of what the backend answers; unknown fields are ignored so that an older client goes on."""

    model_config = ConfigDict(frozen=True, extra="ignore", hide_input_in_errors=True)


Row = TypeVar("Row", bound=BaseModel)


class Page(Answer, Generic[Row]):
    """One page of a list in a fixed order, with the cursors to go on in both directions."""

    rows: list[Row]
    next: str | None = None
    """Cursor of the page after this one; None at the end."""
    previous: str | None = None
    """Cursor of the page before this one; None at the start."""


class FieldError(Answer):
    """What is wrong with one field of a request."""

    field: DisplayText
    message: DisplayText


class ProblemDetails(Answer):
    """The body of every answer that is not a success (RFC 9457)."""

    type: str
    title: DisplayText
    status: int
    detail: DisplayText
    """A sentence a rep can read aloud."""
    request_id: str
    errors: list[FieldError] = []
    current: dict[str, Any] | None = None
    """The present state of the record, when an edit met a newer version."""
    holder: DisplayText | None = None
    """Who holds the claim, when another rep does."""
    until: Instant | None = None


class Address(Answer):
    """A postal address in the United States."""

    street: DisplayText = ""
    city: DisplayText = ""
    state: DisplayText = ""
    zip: DisplayText = ""


__all__ = [
    "CONTRACT",
    "PAGE",
    "REVEAL",
    "Address",
    "Answer",
    "CleanLine",
    "CleanParagraph",
    "DisplayParagraph",
    "DisplayText",
    "FieldError",
    "Instant",
    "Model",
    "Money",
    "Page",
    "ProblemDetails",
    "Secret",
    "date",
]
