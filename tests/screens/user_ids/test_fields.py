"""The lines of the forms about user-ID requests: what is read of what is typed."""

from __future__ import annotations

from datetime import UTC, datetime
from zoneinfo import ZoneInfo

import pytest

from api_client.types.user_id_words import PersonIs, UserIdRequestKind
from api_client.types.user_ids import Completed, RegisterFax
from api_client.types.words import Channel
from screens.user_ids import fields
from screens.widgets import form

ZONE = ZoneInfo("America/Los_Angeles")
NOW = datetime(2026, 11, 20, 9, 41, 30, tzinfo=ZONE)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("8:12", "2026-11-20 08:12"),
        ("now", "2026-11-20 09:41:30"),
        ("9:41", "2026-11-20 09:41"),
        ("11-19 17:01", "2026-11-19 17:01"),
        ("11/19/2026 5:01pm", "2026-11-19 17:01"),
        ("2026-11-19 12:05 AM", "2026-11-19 00:05"),
        ("11-19 12:05 pm", "2026-11-19 12:05"),
        ("08-24 08:00", "2026-08-24 08:00"),
        ("11-01 01:30", "2026-11-01 01:30"),  # twice that night: the first is meant
    ],
)
def test_a_time_of_receipt_is_that_of_the_service_center(typed: str, meant: str) -> None:
    assert fields.moment(typed, NOW) == datetime.fromisoformat(meant).replace(tzinfo=ZONE)


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("9:42", "lies in the future"),
        ("2026-11-21 08:00", "a time such as"),
        ("03-08 02:30", "the clock went past this time"),
        ("12-24 08:00", "a time such as"),  # rather a slip than eleven months ago
        ("24:00", "a time such as"),
        ("13:00 pm", "a time such as"),
        ("0:30 am", "a time such as"),
        ("02-30 08:00", "a time such as"),
        ("yesterday 08:00", "a time such as"),
        ("11-19", "a time such as"),
        ("\u0668:12", "a time such as"),
    ],
)
def test_what_is_no_such_time_is_refused_and_never_guessed(typed: str, why: str) -> None:
    with pytest.raises(ValueError, match=why):
        fields.moment(typed, NOW)


def test_the_forms_ask_what_the_contract_takes() -> None:
    fax, answer = fields.fax_fields(lambda: NOW), fields.answer_fields(lambda: NOW)
    names = {one.name for one in fax} - {fields.PAGE}
    assert names == set(RegisterFax.model_fields) - {"channel"}  # the policy takes faxes
    assert {one.name for one in answer} == set(Completed.model_fields)
    assert [one.name for one in fax if one.needed] == ["group_number", "fax_reference"]
    assert [one.name for one in answer if one.needed] == ["by"]
    limits = {one.name: one.limit for one in fax if one.name in names}
    metadata = {name: RegisterFax.model_fields[name].metadata for name in limits}
    most = {
        name: next((m.max_length for m in found if hasattr(m, "max_length")), None)
        for name, found in metadata.items()
    }
    assert all(limits[name] <= limit for name, limit in most.items() if limit is not None)


def test_what_is_typed_becomes_what_is_sent() -> None:
    fax = fields.fax_fields(lambda: NOW)
    typed = {one.name: "" for one in fax} | {
        "group_number": " G-100 ",
        "kind": "res",
        "fax_reference": "FAX-1",
        "administrator_is": "TPA",
        "received_at": "08:12",
        "state": "ca",
    }
    assert fields.errors(fax, typed) == {}
    sent = form.values(fax, typed)
    assert sent == {
        "group_number": "G-100",
        "kind": UserIdRequestKind.RESET,
        "fax_reference": "FAX-1",
        "administrator_is": PersonIs.TPA,
        "received_at": datetime(2026, 11, 20, 16, 12, tzinfo=UTC),
        "state": "CA",
    }
    assert RegisterFax.model_validate(sent).channel is Channel.FAX
    wrong = fields.errors(fax, typed | {"fax_reference": " ", "kind": "re", "zip": "9581", "state": "Cal"})
    assert wrong == {
        "fax_reference": "is needed",
        "kind": "one of: first, reset, replace",
        "zip": "five digits",
        "state": "two letters, such as CA",
    }
