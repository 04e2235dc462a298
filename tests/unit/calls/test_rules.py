"""Who may hear what: the plan's table, and what must hold of it whatever was matched."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api_client.types.call_words import (
    CallBackOutcome,
    CallBackState,
    CallerKind,
    Fact,
    PhoneAct,
    VerifyItem,
    VerifyState,
)
from api_client.types.words import Urgency
from backend.calls import rules
from backend.calls.rules import RECIPES, Standing

KINDS = st.sampled_from(list(CallerKind))
ITEMS = st.sets(st.sampled_from(list(VerifyItem)))
TODAY = date(2026, 11, 20)
CLIENT_HEARS = {Fact.GROUP, Fact.BILLING, Fact.LETTERS, Fact.QUEUE, Fact.USER_IDS, Fact.MEMBERS, Fact.COBRA}


@pytest.mark.parametrize(
    ("kind", "delegated", "heard"),
    [
        (CallerKind.CLIENT, [], CLIENT_HEARS),
        (CallerKind.BROKER, [], {Fact.LETTERS}),
        (CallerKind.BROKER, [Fact.BILLING, Fact.QUEUE], {Fact.LETTERS, Fact.BILLING, Fact.QUEUE}),
        (CallerKind.BROKER, list(Fact), CLIENT_HEARS),
        (CallerKind.TPA, [Fact.BILLING], {Fact.COBRA}),
        (CallerKind.SUBSCRIBER, [Fact.BILLING], {Fact.PERSON}),
        (CallerKind.DEPENDENT, [], {Fact.PERSON}),
        (CallerKind.REPRESENTATIVE, [], {Fact.PERSON}),
        (CallerKind.PROVIDER, list(Fact), set()),
        (CallerKind.OTHER, list(Fact), set()),
    ],
)
def test_what_each_kind_of_caller_may_hear(kind: CallerKind, delegated: list[Fact], heard: set[Fact]) -> None:
    assert rules.hears(kind, delegated) == heard


def test_a_restricted_person_is_heard_of_by_themselves_alone() -> None:
    assert rules.hears(CallerKind.REPRESENTATIVE, restricted=True) == frozenset()
    assert rules.hears(CallerKind.SUBSCRIBER, restricted=True) == {Fact.PERSON}


@given(KINDS, st.sets(st.sampled_from(list(Fact))), st.booleans())
def test_claims_and_codes_are_heard_by_nobody(
    kind: CallerKind, delegated: set[Fact], restricted: bool
) -> None:
    assert not rules.hears(kind, delegated, restricted=restricted) & rules.NOBODY
    assert not rules.WITHOUT_A_CALL & rules.NOBODY


@given(KINDS, ITEMS, st.sampled_from(list(VerifyItem)), st.integers(0, 5))
def test_another_match_never_takes_a_right_away(
    kind: CallerKind, matched: set[VerifyItem], one: VerifyItem, misses: int
) -> None:
    before = rules.state(kind, matched, misses, 3)
    after = rules.state(kind, matched | {one}, misses, 3)
    assert before is not VerifyState.VERIFIED or after is VerifyState.VERIFIED
    assert rules.counted(kind, matched | {one}) >= rules.counted(kind, matched)


@given(KINDS, ITEMS, st.integers(0, 5), st.booleans())
def test_verified_is_who_has_authority_every_required_item_and_enough_others(
    kind: CallerKind, matched: set[VerifyItem], misses: int, authority: bool
) -> None:
    state = rules.state(kind, matched, misses, 3, authority=authority)
    recipe = RECIPES.get(kind)
    proved = (
        recipe is not None
        and authority
        and set(recipe.required) <= matched
        and len(matched & set(recipe.others)) >= recipe.of_others
    )
    assert (state is VerifyState.VERIFIED) is proved
    if proved:
        assert recipe is not None
        assert rules.counted(kind, matched) == recipe.needed


@given(KINDS, ITEMS, ITEMS)
def test_only_what_is_on_record_and_not_matched_is_asked(
    kind: CallerKind, matched: set[VerifyItem], there: set[VerifyItem]
) -> None:
    asked = rules.to_ask(kind, matched, there)
    assert set(asked) <= there - matched
    assert all(rules.is_asked(kind, item) for item in asked)
    if rules.state(kind, matched, 0, 3) is VerifyState.VERIFIED:
        address = {VerifyItem.BILLING_ADDRESS} if kind is CallerKind.CLIENT else set()
        assert set(asked) <= {VerifyItem.CALL_BACK, *address}
    if not rules.can_be_proved(kind, matched, there):
        everything = {item for item in (*matched, *there) if rules.is_asked(kind, item)}
        assert rules.state(kind, everything - {VerifyItem.CALL_BACK}, 0, 3) is not VerifyState.VERIFIED


@pytest.mark.parametrize("matched", [0, 1, 2])
def test_the_third_miss_ends_it_but_not_what_was_proved(matched: int) -> None:
    items = [VerifyItem.GROUP_NUMBER, VerifyItem.CONTACT_NAME][:matched]
    assert rules.state(CallerKind.CLIENT, items, 2, 3) is VerifyState.IDENTIFYING
    assert rules.state(CallerKind.CLIENT, items, 3, 3) is VerifyState.FAILED
    assert rules.state(CallerKind.CLIENT, [*items[:2], *list(VerifyItem)], 3, 3) is VerifyState.VERIFIED
    assert rules.state(None, items, 0, 3) is VerifyState.NONE


def test_without_authority_there_is_no_question() -> None:
    for kind in CallerKind:
        assert rules.state(kind, list(VerifyItem), 0, 3, authority=False) is VerifyState.NO_AUTHORITY
    for kind in (CallerKind.PROVIDER, CallerKind.OTHER):
        assert rules.state(kind, list(VerifyItem), 0, 3) is VerifyState.NO_AUTHORITY
        assert rules.to_ask(kind, [], list(VerifyItem)) == []
        assert rules.done_for(kind) == frozenset()


@pytest.mark.parametrize(
    ("starts", "ends", "covers"),
    [
        (None, None, True),
        (TODAY, TODAY, True),
        (date(2026, 11, 21), None, False),
        (None, date(2026, 11, 19), False),
    ],
)
def test_the_days_of_an_authority(starts: date | None, ends: date | None, covers: bool) -> None:
    assert rules.in_date(starts, ends, TODAY) is covers


@pytest.mark.parametrize(
    ("kind", "person", "relationship", "refused"),
    [
        (CallerKind.CLIENT, False, "", False),
        (CallerKind.CLIENT, True, "18", True),
        (CallerKind.SUBSCRIBER, True, "18", False),
        (CallerKind.SUBSCRIBER, True, "01", True),
        (CallerKind.SUBSCRIBER, False, "", True),
        (CallerKind.DEPENDENT, True, "01", False),
        (CallerKind.DEPENDENT, True, "18", True),
        (CallerKind.REPRESENTATIVE, True, "19", False),
        (CallerKind.REPRESENTATIVE, False, "", True),
        (CallerKind.PROVIDER, True, "18", False),
        (CallerKind.OTHER, False, "", False),
    ],
)
def test_whom_a_kind_of_caller_can_call_about(
    kind: CallerKind, person: bool, relationship: str, refused: bool
) -> None:
    assert bool(rules.misfit(kind, person=person, relationship=relationship)) is refused


@pytest.mark.parametrize(
    ("born", "adult"),
    [(date(2008, 11, 20), True), (date(2008, 11, 21), False), (date(2010, 1, 1), False), (None, True)],
)
def test_who_speaks_for_themselves(born: date | None, adult: bool) -> None:
    assert rules.is_adult(born, TODAY) is adult


def test_acts_that_change_ids_and_addresses_need_a_call_back() -> None:
    assert rules.needs_step_up(PhoneAct.REQUEST_FORM)
    assert rules.needs_step_up(PhoneAct.ID_REISSUE)
    assert rules.needs_step_up(PhoneAct.CHANGE, ["last_name", "zip"])
    assert not rules.needs_step_up(PhoneAct.CHANGE, ["last_name"])
    assert not rules.needs_step_up(PhoneAct.CARD)


def _sentence(kind: CallerKind, state: VerifyState, **changes: object) -> str:
    values: dict[str, object] = {
        "kind": kind,
        "state": state,
        "matched": frozenset(),
        "authority_to": None,
        "provable": True,
        "restricted": False,
        "minor": False,
    }
    return rules.sentence(Standing(**(values | changes)), TODAY, "800-555-0101")  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("kind", "state", "changes", "said"),
    [
        (CallerKind.CLIENT, VerifyState.VERIFIED, {}, ""),
        (CallerKind.CLIENT, VerifyState.IDENTIFYING, {}, "3 more answers"),
        (CallerKind.CLIENT, VerifyState.IDENTIFYING,
         {"matched": frozenset({VerifyItem.GROUP_NUMBER, VerifyItem.CONTACT_NAME})}, "1 more answer from"),
        (CallerKind.CLIENT, VerifyState.IDENTIFYING, {"provable": False}, "not enough to verify you"),
        (CallerKind.CLIENT, VerifyState.FAILED, {}, "could not verify you"),
        (CallerKind.BROKER, VerifyState.NO_AUTHORITY, {"authority_to": date(2026, 8, 31)},
         "ended on 2026-08-31"),
        (CallerKind.BROKER, VerifyState.VERIFIED, {"authority_to": date(2026, 11, 19)},
         "ended on 2026-11-19"),
        (CallerKind.BROKER, VerifyState.VERIFIED, {"authority_to": TODAY}, ""),
        (CallerKind.TPA, VerifyState.NO_AUTHORITY, {}, "nobody on our record"),
        (CallerKind.PROVIDER, VerifyState.NO_AUTHORITY, {}, "provider line, 800-555-0101"),
        (CallerKind.OTHER, VerifyState.NO_AUTHORITY, {}, "member site"),
        (CallerKind.DEPENDENT, VerifyState.NO_AUTHORITY, {"minor": True}, "For a minor"),
        (CallerKind.REPRESENTATIVE, VerifyState.NO_AUTHORITY, {}, "no document on file"),
        (CallerKind.REPRESENTATIVE, VerifyState.NO_AUTHORITY, {"restricted": True}, "nobody else hears"),
    ],
)  # fmt: skip
def test_what_is_said_to_the_caller(
    kind: CallerKind, state: VerifyState, changes: dict[str, object], said: str
) -> None:
    sentence = _sentence(kind, state, **changes)
    assert (said in sentence) if said else sentence == ""


NOW = datetime(2026, 11, 20, 17, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("begins", "ends", "next_try", "urgency"),
    [
        (-90, -1, None, Urgency.LATE),
        (-90, 30, None, Urgency.RED),
        (-90, 120, None, Urgency.AMBER),
        (-90, 120, 60, Urgency.PAUSED),
        (-90, 30, 60, Urgency.RED),
        (30, 120, None, Urgency.CALM),
    ],
)
def test_how_a_call_back_looks(begins: int, ends: int, next_try: int | None, urgency: Urgency) -> None:
    def at(minutes: int) -> datetime:
        return NOW + timedelta(minutes=minutes)

    next_from = at(next_try) if next_try is not None else None
    assert rules.call_back_urgency(at(begins), at(ends), next_from, NOW, timedelta(minutes=60)) is urgency


@pytest.mark.parametrize(
    ("outcome", "tries", "state"),
    [
        (CallBackOutcome.NO_ANSWER, 1, CallBackState.OPEN),
        (CallBackOutcome.LEFT_NAME_ONLY, 2, CallBackState.OPEN),
        (CallBackOutcome.NO_ANSWER, 3, CallBackState.GIVEN_UP),
        (CallBackOutcome.REACHED, 3, CallBackState.REACHED),
    ],
)
def test_where_a_call_back_stands_after_a_try(
    outcome: CallBackOutcome, tries: int, state: CallBackState
) -> None:
    assert rules.call_back_state(outcome, tries, 3) is state


@pytest.mark.parametrize(
    ("text", "holds"),
    [
        ("SSN 900-11-2222", True), ("900112222", True), ("900 11 2222.", True), ("900.11.2222", True),
        ("９００-11-2222", True), ("900\u201311\u20132222", True), ("call 800-555-0148", False),
        ("8005550148", False), ("ZIP 94606-1234", False), ("EIN 94-2771834", False),
        ("check 5521, 10,000.00", False),
        ("2026-11-20", False), ("1234567890", False),
    ],
)  # fmt: skip
def test_a_note_with_a_social_security_number(text: str, holds: bool) -> None:
    assert rules.holds_ssn(text) is holds
