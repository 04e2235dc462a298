"""Who sees what of a person: every field before every caller."""

from __future__ import annotations

from datetime import date

import pytest

from api_client.types.call_words import CallerKind, Fact, RepresentativeKind, RevealField
from api_client.types.words import RevealReason
from backend.accounts import masking

ALL = frozenset(RevealField)
HOME = frozenset({RevealField.ADDRESS, RevealField.PHONE})
NAMED = frozenset({RevealField.NAME, RevealField.BIRTH_DATE})
SSN = frozenset({RevealField.SSN})
OWN = frozenset({Fact.PERSON})
CLIENT = frozenset({Fact.MEMBERS, Fact.GROUP})


@pytest.mark.parametrize(
    ("facts", "kind", "open_fields", "restricted_fields"),
    [
        (None, None, ALL, ALL - HOME),
        (frozenset(), None, frozenset(), frozenset()),
        (frozenset({Fact.BILLING, Fact.LETTERS}), None, frozenset(), frozenset()),
        (CLIENT, None, NAMED, NAMED),
        (OWN, CallerKind.SUBSCRIBER, ALL, ALL),
        (OWN, CallerKind.DEPENDENT, ALL, ALL),
        (OWN, CallerKind.REPRESENTATIVE, ALL - SSN, ALL - SSN - HOME),
        (OWN | CLIENT, CallerKind.SUBSCRIBER, ALL, ALL),
    ],
)
def test_a_field_is_shown_to_who_has_the_right(
    facts: frozenset[Fact] | None,
    kind: CallerKind | None,
    open_fields: frozenset[RevealField],
    restricted_fields: frozenset[RevealField],
) -> None:
    for restricted, expected in ((False, open_fields), (True, restricted_fields)):
        shown = {
            field
            for field in RevealField
            if not masking.reveal_refused(field, RevealReason.COMPARING, facts, kind, restricted=restricted)
        }
        assert shown == expected


def test_a_caller_asks_only_where_there_is_one() -> None:
    asks = RevealReason.CALLER_ASKS
    assert masking.reveal_refused(RevealField.NAME, asks, None, None, restricted=False)
    assert not masking.reveal_refused(RevealField.NAME, asks, CLIENT, None, restricted=False)


@pytest.mark.parametrize(
    ("born", "last"),
    [
        (date(2008, 11, 20), date(2026, 11, 19)),
        (date(2008, 2, 29), date(2026, 2, 28)),
        (date(2010, 1, 1), date(2027, 12, 31)),
    ],
)
def test_minority_ends_the_day_before_the_eighteenth_birthday(born: date, last: date) -> None:
    assert masking.last_day_as_minor(born) == last
    parent = RepresentativeKind.PARENT
    assert masking.representative_refused(parent, born, None, None, last) == ""
    assert "minor only" in masking.representative_refused(parent, born, None, None, date(2028, 1, 1))
    assert masking.valid_until(parent, born, None) == last
    assert masking.valid_until(parent, None, None) is None
    assert masking.valid_until(RepresentativeKind.PERSONAL, born, None) is None
