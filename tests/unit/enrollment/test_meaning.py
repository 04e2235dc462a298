"""What one member of a file asks for: the codes of 005010X220A1 in the words of intake."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from api_client.types.words import Channel, TransactionType
from backend.enrollment.edi.transaction import (
    Address,
    Coverage,
    Identity,
    MemberTransaction,
    PersonName,
    SetHeader,
)
from backend.enrollment.meaning import transaction_of
from backend.enrollment.rules import Stopped, Transaction

FIRST, LAST = date(2026, 12, 1), date(2026, 12, 31)


def sent(**changes: Any) -> MemberTransaction:
    plain = MemberTransaction(
        header=SetHeader("0001", "1", purpose="00", file_date=date(2026, 11, 19)),
        ins_index=1,
        offset=0,
        subscriber=True,
        relationship="18",
        maintenance_type="021",
        reason="28",
        benefit_status="A",
        subscriber_number="S1",
        group_number="900100",
        identity=Identity(PersonName("Pebblewick", "Clara"), birth_date=date(1980, 3, 14), sex="F"),
        address=Address("5 CANAL ST", "APT 3", "OAKLAND", "CA", "94606"),
        coverages=(Coverage("021", "HMO", begin=FIRST),),
    )
    return replace(plain, **changes)


def meant(**changes: Any) -> Transaction | Stopped:
    return transaction_of(sent(**changes), channel=Channel.EDI, partner="TPA", today=date(2026, 11, 20))


def asked(**changes: Any) -> Transaction:
    found = meant(**changes)
    assert isinstance(found, Transaction)
    return found


CHILD: dict[str, Any] = {"subscriber": False, "relationship": "19"}


@pytest.mark.parametrize(
    ("changes", "kind"),
    [
        ({}, TransactionType.ENROLL),
        (CHILD, TransactionType.ADD_DEPENDENT),
        ({"reason": "XT"}, TransactionType.TRANSFER),
        ({"maintenance_type": "025"}, TransactionType.REINSTATE),
        ({"maintenance_type": "001", "coverages": ()}, TransactionType.DEMOGRAPHIC),
        ({"maintenance_type": "001"}, TransactionType.TRANSFER),
        ({"maintenance_type": "024"}, TransactionType.TERMINATION),
    ],
)
def test_the_maintenance_type_says_what_is_asked_for(changes: dict[str, Any], kind: TransactionType) -> None:
    one = asked(**changes)
    assert (one.type, one.dated) == (kind, date(2026, 11, 19))


@pytest.mark.parametrize(
    ("changes", "ends_on", "lines"),
    [
        ({"coverages": (Coverage("024", "HMO", end=LAST),)}, LAST, ("HMO",)),
        ({"coverages": (), "dates": {"357": LAST}}, LAST, ()),
        ({"coverages": (), "dates": {"303": LAST}}, LAST, ()),
        ({"coverages": ()}, None, ()),
    ],
)
def test_r12_a_termination_ends_its_lines_or_all(
    changes: dict[str, Any], ends_on: date | None, lines: tuple[str, ...]
) -> None:
    one = asked(maintenance_type="024", **changes)
    assert (one.ends_on, one.ended_lines) == (ends_on, lines)


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"header": SetHeader("0001", "1", purpose="22")}, "information copy"),
        ({"maintenance_type": "030"}, "comparison of whole lists"),
        ({"maintenance_type": "024", "relationship": "01"}, "contradict"),
        (
            {
                "maintenance_type": "024",
                "coverages": (Coverage("024", "HMO", end=LAST), Coverage("024", "DEN", end=FIRST)),
            },
            "different days",
        ),
    ],
)
def test_what_is_no_transaction_says_why(changes: dict[str, Any], why: str) -> None:
    found = meant(**changes)
    assert isinstance(found, Stopped)
    assert why in found.why


@pytest.mark.parametrize(
    ("changes", "doubts"),
    [
        ({}, []),
        ({"relationship": "01"}, ["contradict"]),
        ({"maintenance_type": "001"}, ["changes coverage that runs"]),
        ({"death_date": date(2026, 11, 2)}, ["a date of death, 2026-11-02"]),
        ({"maintenance_type": "001", "coverages": (), "death_date": FIRST}, ["a date of death"]),
        ({"maintenance_type": "024", "death_date": FIRST}, []),
    ],
)
def test_r13_what_its_door_noticed_goes_on(changes: dict[str, Any], doubts: list[str]) -> None:
    found = asked(**changes).doubts
    assert len(found) == len(doubts)
    assert all(doubt in one for doubt, one in zip(doubts, found, strict=True))


def test_r14_cobra_brings_its_event_and_day() -> None:
    one = asked(benefit_status="C", cobra_event="1", dates={"340": FIRST})
    assert (one.cobra, one.cobra_event, one.cobra_event_on) == (True, "1", FIRST)
    event = asked(benefit_status="C", cobra_event="1", dates={"301": LAST, "340": FIRST})
    assert event.cobra_event_on == LAST


@pytest.mark.parametrize(
    ("changes", "medicare"),
    [
        ({"benefit_status": "T"}, True),
        ({"benefit_status": "T", "maintenance_type": "024"}, False),
        ({"benefit_status": "T", "maintenance_type": "001", "coverages": ()}, False),
        ({"medicare_plan": "A"}, False),
    ],
)
def test_r16_tefra_is_a_medicare_act_and_part_a_is_data(changes: dict[str, Any], medicare: bool) -> None:
    assert asked(**changes).medicare is medicare


def test_the_file_says_where_letters_and_cards_go() -> None:
    one = asked(mailing_address=Address("PO BOX 12", "", "RENO", "NV", "89501"), restricted=True)
    assert (one.street, one.city) == ("5 CANAL ST APT 3", "OAKLAND")
    assert (one.mailing_street, one.mailing_city, one.mailing_state) == ("PO BOX 12", "RENO", "NV")
    assert (one.mailing_zip, one.restricted) == ("89501", True)
    assert asked().mailing_street == ""
