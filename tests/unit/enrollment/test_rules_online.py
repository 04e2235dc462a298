"""What the gates let through, refer, refuse or doubt, rule by rule (R12-R16), and what is said of it."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

import pytest

from api_client.types.user_id_words import Privilege
from api_client.types.words import Channel, CobraAdmin, ContactRole, GroupState, Outcome, TransactionType
from backend.enrollment import effects, gates, rules
from backend.enrollment.gates import Around, Group
from backend.enrollment.rules import OnRecord, Stopped, Transaction, Wanted
from backend.policy.policy import TermEffectiveRule, load_policy
from backend.user_ids.rules import ClientUser, privileges_of, use_refused

POLICY = load_policy().enrollment
TODAY = date(2026, 11, 20)
HMO = Wanted("HMO", date(2026, 12, 1))
REP = "the group representative, Ines Falconley 800-555-0171"
TPA = "the administrator, Timber COBRA Services 800-555-0162"
BILL = "800-555-0148"


def group(**changes: Any) -> Group:
    return replace(
        Group(
            state=GroupState.ACTIVE,
            ended_on=None,
            employees=40,
            cobra_admin=CobraAdmin.CLIENT,
            phone=BILL,
            contacts={
                ContactRole.TPA: "Timber COBRA Services 800-555-0162",
                ContactRole.GROUP_REPRESENTATIVE: "Ines Falconley 800-555-0171",
            },
        ),
        **changes,
    )


def asked(kind: TransactionType = TransactionType.ENROLL, **changes: Any) -> Transaction:
    plain = Transaction(
        type=kind,
        channel=Channel.ONLINE,
        group_number="900100",
        subscriber_number="S1",
        dated=TODAY,
        last_name="Pebblewick",
        first_name="Clara",
        birth_date="1980-03-14",
        ssn="900112222",
        wanted=(HMO,),
    )
    return replace(plain, **changes)


COBRA: dict[str, Any] = {"cobra": True, "cobra_event": "1", "cobra_event_on": date(2026, 11, 1)}


# -- R10: who may submit ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "privilege"),
    [
        (TransactionType.ENROLL, Privilege.MEMBERS_ENROLL),
        (TransactionType.REINSTATE, Privilege.MEMBERS_ENROLL),
        (TransactionType.ADD_DEPENDENT, Privilege.MEMBERS_ENROLL),
        (TransactionType.TRANSFER, Privilege.MEMBERS_ENROLL),
        (TransactionType.TERMINATION, Privilege.MEMBERS_TERMINATE),
        (TransactionType.DEMOGRAPHIC, Privilege.MEMBERS_DEMOGRAPHIC),
    ],
)
def test_r10_each_type_needs_its_own_privilege(kind: TransactionType, privilege: Privilege) -> None:
    everything = frozenset(Privilege)
    one = asked(kind, **COBRA)
    lacks = partial(gates.lacks_privilege, one, unpaid=False)
    assert lacks(frozenset({privilege}), cobra=False) == ""
    assert "may not" in lacks(everything - {privilege}, cobra=False)
    assert "COBRA" in lacks(everything - {Privilege.COBRA_MANAGE}, cobra=True)
    assert gates.lacks_privilege(asked(kind), frozenset(), cobra=True, unpaid=False) == ""
    unpaid = gates.lacks_privilege(one, everything, cobra=False, unpaid=True)
    assert "look and pay only" in unpaid


def test_r10_an_administrator_has_every_privilege_and_others_what_they_were_given() -> None:
    assert privileges_of("administrator", ()) == frozenset(Privilege)
    assert privileges_of("user", ["reports"]) == {Privilege.REPORTS}


@pytest.mark.parametrize(
    ("state", "valid_to", "why"),
    [
        ("active", None, ""),
        ("active", TODAY, ""),
        ("active", date(2026, 11, 19), "ended on 2026-11-19"),
        ("pending", None, "not been activated"),
        ("suspended", None, "suspended"),
        ("locked", None, "locked"),
        ("ended", None, "has ended"),
        ("withdrawn", None, "not known"),
    ],
)
def test_r10_only_an_id_in_force_is_used(state: str, valid_to: date | None, why: str) -> None:
    refused = use_refused(ClientUser(1, frozenset({1}), frozenset(), state, valid_to), TODAY)
    assert (why in refused) if why else refused == ""
    assert "not known" in use_refused(None, TODAY)


# -- R12: done at once ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sent", "rule", "last"),
    [
        (date(2026, 11, 10), TermEffectiveRule.AS_SENT, date(2026, 11, 10)),
        (date(2026, 11, 10), TermEffectiveRule.NEXT_MONTH, date(2026, 11, 30)),
        (date(2026, 11, 30), TermEffectiveRule.NEXT_MONTH, date(2026, 11, 30)),
        (date(2028, 2, 1), TermEffectiveRule.NEXT_MONTH, date(2028, 2, 29)),
        (date(2026, 12, 31), TermEffectiveRule.NEXT_MONTH, date(2026, 12, 31)),
        (None, TermEffectiveRule.NEXT_MONTH, None),
    ],
)
def test_r12_a_termination_takes_effect_by_the_policy(
    sent: date | None, rule: TermEffectiveRule, last: date | None
) -> None:
    assert gates.last_covered_day(sent, rule) == last


@pytest.mark.parametrize(
    ("ends_on", "why"),
    [
        (None, "the day coverage ends is missing"),
        (date(2026, 10, 30), "2026-11-01"),
        (date(2026, 10, 31), ""),
        (date(2026, 11, 30), ""),
    ],
)
def test_r12_a_termination_needs_its_day_and_reaches_back_to_the_month_of_the_request(
    ends_on: date | None, why: str
) -> None:
    """The first uncovered day counts [V]: 10-31 as the last covered day is this month's."""
    stopped = gates.impossible(asked(TransactionType.TERMINATION, ends_on=ends_on), POLICY)
    assert (stopped is not None and why in stopped.why) if why else stopped is None


# -- R14, R15: COBRA -----------------------------------------------------------------------------------

SIZES = {"20+": 40, "2-19": 12, "unknown": None}


@pytest.mark.parametrize(
    ("size", "admin", "online", "whom"),
    [
        ("20+", CobraAdmin.CLIENT, True, ""),
        ("20+", CobraAdmin.TPA, False, TPA),
        ("20+", CobraAdmin.PLAN, False, BILL),
        ("2-19", CobraAdmin.CLIENT, False, BILL),
        ("2-19", CobraAdmin.TPA, False, BILL),
        ("2-19", CobraAdmin.PLAN, False, BILL),
        ("unknown", CobraAdmin.CLIENT, False, REP),
        ("unknown", CobraAdmin.TPA, False, REP),
        ("unknown", CobraAdmin.PLAN, False, REP),
    ],
)
def test_r14_r15_cobra_by_size_class_and_administrator(
    size: str, admin: CobraAdmin, online: bool, whom: str
) -> None:
    of = group(employees=SIZES[size], cobra_admin=admin)
    stopped = gates.gate(asked(**COBRA), of, POLICY)
    if online:
        assert stopped is None
        return
    assert stopped is not None
    assert stopped.outcome is Outcome.REFERRED
    assert stopped.why.startswith("COBRA cannot be done online, because ")
    assert stopped.why.endswith(f": call {whom}")
    by_file = gates.gate(asked(channel=Channel.EDI, **COBRA), of, POLICY)
    assert by_file is not None
    assert by_file.outcome is Outcome.REFUSED
    assert gates.gate(asked(TransactionType.TERMINATION, **COBRA), of, POLICY) is None


@pytest.mark.parametrize("admin", CobraAdmin)
@pytest.mark.parametrize("employees", [None, 1, 2, 19, 20, 500])
def test_r08_cobra_by_phone_is_taken_exactly_where_the_plan_administers_it(
    employees: int | None, admin: CobraAdmin
) -> None:
    """The table of the rules: 20 and more by who administers, 2 to 19 the plan, else nobody here."""
    of = group(employees=employees, cobra_admin=admin)
    stopped = gates.gate(asked(channel=Channel.PHONE, **COBRA), of, POLICY)
    size = employees or 0
    if 2 <= size < 20 or (size >= 20 and admin is CobraAdmin.PLAN):
        assert stopped is None
        return
    assert stopped is not None
    assert stopped.why.startswith("COBRA cannot be done by phone, because ")
    client = size >= 20 and admin is CobraAdmin.CLIENT
    assert stopped.outcome is (Outcome.REFUSED if client else Outcome.REFERRED)
    if not client:
        whom = ContactRole.TPA if size >= 20 else ContactRole.GROUP_REPRESENTATIVE
        assert stopped.whom is whom
    incomplete = asked(channel=Channel.PHONE, cobra=True)
    assert "qualifying event" in getattr(gates.impossible(incomplete, POLICY), "why", "")


def test_r15_without_anybody_on_record_the_number_on_the_bill_is_said() -> None:
    stopped = gates.gate(asked(**COBRA), group(cobra_admin=CobraAdmin.TPA, contacts={}), POLICY)
    assert stopped is not None
    assert stopped.why.endswith(f"call {BILL}")


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"cobra_event": "A"}, "qualifying event (INS07)"),
        ({"cobra_event_on": None}, "the day of its qualifying event"),
        ({}, ""),
    ],
)
def test_r14_cobra_names_its_event_and_day(changes: dict[str, Any], why: str) -> None:
    """Online it is put right at once; from a file it is a doubt for a person."""
    one = asked(**(COBRA | changes))
    stopped = gates.impossible(one, POLICY)
    assert (stopped is not None and why in stopped.why) if why else stopped is None
    by_file = replace(one, channel=Channel.EDI)
    assert gates.impossible(by_file, POLICY) is None
    doubts = gates.doubts(by_file, (HMO,), Around(), POLICY)
    assert (why in doubts[0]) if why else doubts == ()


# -- R16: Medicare -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("one", "referred"),
    [
        (asked(medicare=True), True),
        (asked(wanted=(replace(HMO, plan="Senior Advantage Group"),)), True),
        (asked(wanted=(replace(HMO, plan="TRADITIONAL HMO 20"),)), False),
        (asked(), False),
        (asked(TransactionType.DEMOGRAPHIC, medicare=True), False),
        (asked(TransactionType.TERMINATION, medicare=True), False),
    ],
)
def test_r16_only_a_medicare_act_goes_to_the_group_representative(one: Transaction, referred: bool) -> None:
    stopped = gates.gate(one, group(), POLICY)
    if not referred:
        assert stopped is None
        return
    assert stopped is not None
    assert (stopped.outcome, stopped.whom) == (Outcome.REFERRED, ContactRole.GROUP_REPRESENTATIVE)
    assert stopped.why == f"Medicare enrollment goes through the group representative: call {REP}"


# -- R13: what is doubtful -----------------------------------------------------------------------------

CHILD = {"relationship": "19", "birth_date": "2012-05-06", "ssn": ""}


@pytest.mark.parametrize(
    ("changes", "around", "doubt"),
    [
        ({}, {}, ""),
        ({"ssn": "999999999"}, {}, "placeholder"),
        ({"ssn": "12345678"}, {}, "SSN"),
        ({"wanted": (replace(HMO, starts_on=date(2026, 9, 20)),)}, {}, "60 days back"),
        ({"wanted": (replace(HMO, starts_on=date(2026, 9, 21)),)}, {}, ""),
        ({"wanted": ()}, {}, "no coverage"),
        ({"relationship": "01", "birth_date": "2011-01-01"}, {}, "a spouse younger than 16"),
        ({"relationship": "01", "birth_date": "2009-01-01"}, {}, ""),
        (CHILD, {"subscriber_born": date(2001, 1, 1)}, "a child less than 12 years younger"),
        (CHILD, {"subscriber_born": date(2000, 1, 1)}, ""),
        (CHILD, {"subscriber_known": False}, "the subscriber is not on record"),
        (CHILD, {"subscriber_until": date(2026, 10, 31)}, "the subscriber's coverage ended on 2026-10-31"),
        (CHILD, {"subscriber_until": date(2026, 12, 31)}, ""),
        ({"type": TransactionType.REINSTATE}, {"covered_before": False}, "nobody was covered before"),
        ({"type": TransactionType.REINSTATE}, {}, ""),
        ({}, {"waiting": "M-00001"}, "another enrollment of this person waits, as M-00001"),
        ({}, {"same_ssn": "M-00001"}, "somebody else with this SSN waits, as M-00001"),
        ({"doubts": ("a date of death, 2026-11-02, came with it",)}, {}, "a date of death"),
    ],
)
def test_r13_what_a_person_must_look_at(changes: dict[str, Any], around: dict[str, Any], doubt: str) -> None:
    one = asked(**changes)
    found = gates.doubts(one, one.wanted, Around(**around), POLICY)
    assert len(found) == bool(doubt)
    assert not doubt or doubt in found[0]


def covered(member_id: int, relationship: str = "18", **changes: Any) -> OnRecord:
    return replace(
        OnRecord(
            member_id=member_id,
            mrn=str(member_id),
            subscriber_number="S1",
            relationship=relationship,
            first_key="CLARA",
            birth_date=date(1980, 3, 14),
            ssn_digest="own",
            line="HMO",
            starts_on=date(2025, 1, 1),
        ),
        **changes,
    )


@pytest.mark.parametrize(
    ("family", "already"),
    [
        ([covered(1)], True),
        ([covered(1, ssn_digest=None)], True),
        ([covered(1), covered(1, line="DEN")], True),
        ([], False),
        ([covered(1, ssn_digest="other")], False),
        ([covered(1, first_key="KLARA")], False),
        ([covered(1, birth_date=None)], False),
        ([covered(1, "01")], False),
        ([covered(1, subscriber_number="S2")], False),
        ([covered(1, line="DEN")], False),
        ([covered(1, ends_on=date(2026, 11, 30))], False),
        ([covered(1), covered(2)], False),
    ],
)
def test_r13_an_addition_of_who_has_that_coverage_is_a_change(family: list[OnRecord], already: bool) -> None:
    found = rules.enrolled_already(asked(), family, first_key="CLARA", ssn_digest="own")
    assert (found is not None) is already


SON = covered(2, "19", first_key="MILO", birth_date=date(2012, 5, 6), ssn_digest=None)
TWIN = replace(SON, member_id=3, mrn="3", first_key="OTTO", ssn_digest="otto")
JUNIOR = replace(SON, first_key="CLARA")


@pytest.mark.parametrize(
    ("changes", "first", "digest", "family", "found"),
    [
        ({}, "CLARA", "own", [covered(1), SON], 1),
        ({}, "KLARA", "own", [covered(1), SON], 1),
        ({"birth_date": "1981-03-14"}, "KLARA", "own", [covered(1), SON], 1),
        (CHILD, "MILO", None, [covered(1), SON], 2),
        (CHILD, "MILO", "own", [covered(1), SON], "the SSN is that of another person of this family"),
        (CHILD, "CLARA", "own", [covered(1), JUNIOR], "the SSN is that of another person of this family"),
        (
            CHILD,
            "MILO",
            "otto",
            [covered(1), SON, TWIN],
            "the SSN is that of another person of this family",
        ),
        (CHILD, "MILO", "otto", [covered(1), TWIN], 3),
        (CHILD | {"mrn": "2"}, "MILO", "own", [covered(1), SON], "more than one person of this family fits"),
        (CHILD, "UNA", None, [covered(1)], "nobody of this name or birth date"),
        ({}, "CLARA", "own", [], "nobody is enrolled"),
    ],
)
def test_r12_whom_of_a_family_it_is_about(
    changes: dict[str, Any], first: str, digest: str | None, family: list[OnRecord], found: int | str
) -> None:
    """A child sent with its parent's SSN must not end the family."""
    one = asked(TransactionType.TERMINATION, **changes)
    whom = rules.about_whom(one, family, first_keys=(first, ""), ssn_digests=(digest, None))
    if isinstance(found, int):
        assert isinstance(whom, OnRecord)
        assert whom.member_id == found
    else:
        assert isinstance(whom, Stopped)
        assert found in whom.why


# -- effects -------------------------------------------------------------------------------------------

LAST = date(2026, 12, 31)
FAMILY = [covered(1), covered(2, "01"), covered(3, "19")]


@pytest.mark.parametrize(
    ("person", "family", "lines", "said"),
    [
        (1, FAMILY, (), ["Coverage of 3 people ends on 2026-12-31: the subscriber and 2 dependents."]),
        (3, FAMILY, (), ["Coverage of 1 person ends on 2026-12-31: the child."]),
        (1, FAMILY[:1], (), ["Coverage of 1 person ends on 2026-12-31: the subscriber."]),
        (
            1,
            [*FAMILY[:2], covered(2, "01", line="DEN")],
            (),
            ["Coverage of 2 people ends on 2026-12-31: the subscriber and 1 dependent, 3 coverages in all."],
        ),
        (
            1,
            [*FAMILY[:2], covered(2, "01", line="DEN")],
            ("DEN",),
            ["DEN coverage of 1 person ends on 2026-12-31: the spouse."],
        ),
        (
            1,
            [covered(1, ends_on=date(2026, 11, 30)), covered(1, starts_on=date(2027, 1, 1))],
            (),
            [
                "Coverage of 1 person ends on 2026-12-31: the subscriber.",
                "1 coverage that was to begin later never begins.",
            ],
        ),
    ],
)
def test_r12_a_termination_says_whose_coverage_ends(
    person: int, family: list[OnRecord], lines: tuple[str, ...], said: list[str]
) -> None:
    one = asked(TransactionType.TERMINATION, ends_on=LAST, ended_lines=lines)
    about = next(each for each in family if each.member_id == person)
    assert effects.ending_in_words(effects.ending_of(one, about, family, LAST)) == said


def test_r12_a_day_the_plan_moves_is_said() -> None:
    one = asked(TransactionType.TERMINATION, ends_on=date(2026, 12, 10))
    said = effects.ending_in_words(effects.ending_of(one, FAMILY[0], FAMILY, LAST))
    assert said[1] == "The plan ends coverage with the month; 2026-12-10 was sent."


def test_r12_a_change_says_which_data_and_who_looks_at_them() -> None:
    plain = effects.Change(FAMILY[0], {}, ("street", "zip", "mailing_zip"))
    assert effects.change_in_words(plain) == ["Data of 1 person change: mailing address, street, zip."]
    keys = effects.Change(FAMILY[0], {}, ("ssn", "phone"))
    assert effects.change_in_words(keys)[0] == "Data of 1 person change: SSN, phone."
    assert "A person looks at it afterwards" in effects.change_in_words(keys)[1]
    left = effects.Change(FAMILY[0], {}, ("zip",), ("a date of death, 2026-11-02, came with it",))
    assert effects.change_in_words(left)[1] == "A date of death, 2026-11-02, came with it."
    assert effects.change_in_words(effects.Change(FAMILY[0], {}, ())) == []


def test_a_group_that_ended_or_did_not_pay_enrolls_nobody() -> None:
    ended = gates.gate(asked(), group(state=GroupState.TERMINATED, ended_on=date(2026, 10, 31)), POLICY)
    assert ended == Stopped("the group ended on 2026-10-31")
    unpaid = group(unpaid=True)
    assert gates.gate(asked(), unpaid, POLICY) is not None
    assert gates.gate(asked(TransactionType.TERMINATION), unpaid, POLICY) is None
