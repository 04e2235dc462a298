"""Which files are taken, from whom, and whom to call to begin with them (R21, R22)."""

from __future__ import annotations

import io

import pytest

from api_client.types.words import FileKind, FilingMethod, PartnerStatus
from backend.enrollment import rules
from backend.enrollment.compare import Seen, kind_of, kind_of_file, too_many_missing
from backend.enrollment.edi.reader import inspect
from tests.unit.enrollment.files import whole, written

CENTER = "California Service Center, 800-555-0100"
MANAGER = "Ines Falconley 800-555-0171"


@pytest.mark.parametrize(
    ("was", "now"),
    [("X*005010X220A1", "X*004010X095A1"), ("X*005010X220A1", "X*005010X220"), ("*00501*", "*00401*")],
)
def test_r21_no_other_version_is_taken_and_the_reason_names_the_one_that_is(was: str, now: str) -> None:
    assert inspect(io.BytesIO(written(whole()))).accepted
    refused = inspect(io.BytesIO(written([segment.replace(was, now) for segment in whole()])))
    assert not refused.accepted
    assert any("00501" in one.sentence for one in refused.findings)


@pytest.mark.parametrize(
    ("method", "status", "manager", "few", "said"),
    [
        (FilingMethod.PAPER, None, MANAGER, False, f"your account manager, {MANAGER}, or the {CENTER}."),
        (FilingMethod.PAPER, None, "", False, f"To begin with electronic files, call the {CENTER}."),
        (FilingMethod.EDI, None, "", False, "No sender of its files is on record. To begin"),
        (FilingMethod.ONLINE, None, MANAGER, True, "too small for electronic files"),
        (
            FilingMethod.EDI,
            PartnerStatus.TEST,
            "",
            False,
            f"test files only, nothing of them is applied. Call the {CENTER}.",
        ),
        (FilingMethod.EDI, PartnerStatus.PARALLEL, MANAGER, False, "running beside the old way"),
        (
            FilingMethod.EDI,
            PartnerStatus.PRODUCTION,
            MANAGER,
            False,
            "Files of Acme TPA are taken and applied.",
        ),
    ],
)
def test_r22_whom_a_client_calls_to_begin_with_files(
    method: FilingMethod, status: PartnerStatus | None, manager: str, few: bool, said: str
) -> None:
    partner = "Acme TPA" if status else ""
    assert said in rules.filing_sentence(method, partner, status, manager, CENTER, few=few)


@pytest.mark.parametrize("status", [None, *PartnerStatus])
@pytest.mark.parametrize("mine", [True, False])
def test_r22_only_a_sender_in_production_and_of_the_group_changes_anything(
    status: PartnerStatus | None, mine: bool
) -> None:
    allowed = status is PartnerStatus.PRODUCTION and mine
    assert (rules.partner_stops(status, files_for_group=mine) == "") is allowed


@pytest.mark.parametrize(
    ("action", "lists", "agreed", "kind"),
    [
        ("2", False, None, FileKind.CHANGE),
        ("2", True, None, None),
        ("2", True, FileKind.FULL, FileKind.FULL),
        ("2", True, FileKind.CHANGE, FileKind.CHANGE),
        ("RX", True, FileKind.CHANGE, FileKind.FULL),
        ("4", True, FileKind.FULL, FileKind.VERIFY),
    ],
)
def test_what_a_set_means_by_the_people_in_it(
    action: str, lists: bool, agreed: FileKind | None, kind: FileKind | None
) -> None:
    assert kind_of(action, lists, agreed) is kind
    assert kind_of_file([kind, FileKind.CHANGE]) is (kind if kind else None)


@pytest.mark.parametrize(
    ("missing", "active", "held"),
    [(0, 0, False), (10, 100, False), (11, 100, True), (1, 9, True), (5, 5, True)],
)
def test_a_full_file_is_held_beyond_the_limit(missing: int, active: int, held: bool) -> None:
    assert bool(too_many_missing(missing, active, 10)) is held


def test_whom_a_file_has_named_is_remembered_one_bit_each() -> None:
    seen, named = Seen(), {1, 7, 8, 9, 4_000_003}
    for one in named:
        seen.add(one)
    assert {one for one in range(64) if one in seen} | {4_000_003} == named
    assert all(one not in seen for one in (0, 2, 4_000_002, 4_000_004, 9_000_000))
