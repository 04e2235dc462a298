"""Who else of a client hears that an ID is issued."""

from __future__ import annotations

from datetime import date, timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from api_client.types.words import ContactRole
from backend.user_ids.notices import NOBODY, notice_words, places

TODAY = date(2026, 11, 20)
DAYS = 30


def _account(**changes: object) -> Any:
    row = {
        "name": "Quillparts LLC",
        "street": "1 TESTING WAY",
        "city": "OAKLAND",
        "state_code": "CA",
        "zip": "94606",
        "address_changed_on": None,
        "old_street": "",
        "old_city": "",
        "old_state_code": "",
        "old_zip": "",
    }
    return SimpleNamespace(**row | changes)


def _contact(role: ContactRole, name: str, **changes: object) -> Any:
    row = {"employee": True, "valid_from": None, "valid_to": None}
    return SimpleNamespace(
        **row
        | {"street": "", "city": "", "state_code": "", "zip": ""}
        | {"role": role, "name": name}
        | changes
    )


SIGNER = _contact(ContactRole.CONTRACT_SIGNER, "Ottoline Hale")
NAMED = _contact(ContactRole.ADMINISTRATOR, "Barnaby Inkwell")
OWN = {"street": "9 HILL RD", "city": "ALBANY", "state_code": "CA", "zip": "94706"}
MOVED = {
    "address_changed_on": TODAY - timedelta(days=DAYS),
    "old_street": "5 OLD QUAY",
    "old_city": "OAKLAND",
}


def _found(account: Any, *contacts: Any, known: tuple[str, ...] = ("Barnaby Inkwell",)) -> list[Any]:
    found = places(account, contacts, known, TODAY, DAYS)
    return [(one.name, one.address.street, one.old) for one in found]


@pytest.mark.parametrize(
    ("contacts", "known", "whom"),
    [
        ((SIGNER, NAMED), ("barnaby INKWELL",), ("Ottoline Hale", "1 TESTING WAY")),
        ((NAMED,), ("Barnaby Inkwell",), None),
        ((SIGNER, NAMED), ("Sable Brokers", "Ottoline Hale"), ("Barnaby Inkwell", "1 TESTING WAY")),
        (
            (SIGNER, _contact(ContactRole.ADMINISTRATOR, "Una Marsh", **OWN)),
            ("Barnaby Inkwell",),
            ("Una Marsh", "9 HILL RD"),
        ),
        ((_contact(ContactRole.BROKER, "Sable Brokers", **OWN),), ("Barnaby Inkwell",), None),
        (
            (_contact(ContactRole.ADMINISTRATOR, "Timber Services", employee=False),),
            ("Barnaby Inkwell",),
            None,
        ),
        (
            (_contact(ContactRole.CONTRACT_SIGNER, "Gone", valid_to=TODAY - timedelta(days=1)),),
            ("Barnaby Inkwell",),
            None,
        ),
        ((), ("Barnaby Inkwell",), None),
    ],
)
def test_one_of_the_clients_people_who_does_not_get_the_letter(
    contacts: tuple[Any, ...], known: tuple[str, ...], whom: tuple[str, str] | None
) -> None:
    assert _found(_account(), *contacts, known=known) == ([(*whom, False)] if whom else [])


def test_after_a_move_the_old_address_hears_of_it_too() -> None:
    old = ("Quillparts LLC", "5 OLD QUAY", True)
    assert _found(_account(**MOVED), SIGNER) == [("Ottoline Hale", "1 TESTING WAY", False), old]
    assert _found(_account(**MOVED)) == [old]
    assert _found(_account(**MOVED | {"address_changed_on": TODAY - timedelta(days=DAYS + 1)})) == []
    assert _found(_account(**MOVED | {"old_street": ""}), NAMED) == []


def test_the_rep_reads_who_hears_of_it_and_no_line_of_an_address() -> None:
    words = notice_words(places(_account(**MOVED), [SIGNER], ("Barnaby Inkwell",), TODAY, DAYS))
    assert words == (
        "notice to Ottoline Hale, contract signer, at the address of record and to Quillparts LLC at its "
        "address before 2026-10-21"
    )
    assert notice_words([]) == NOBODY
