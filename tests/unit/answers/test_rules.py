"""Each question answered for a group: the short answer, the sentence, and why, as tables."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from api_client.types.accounts import Contact, Filing
from api_client.types.words import (
    ContactRole,
    FilingMethod,
    PartnerStatus,
)
from backend.answers.rules import RULES, answer
from backend.answers.said import Said, counted, spoken_minute
from tests.unit.answers.facts import (
    ADMINISTRATOR,
    NOW,
    REPRESENTATIVE,
    D,
    cobra,
    facts,
    grace,
    group,
    item,
    known,
    said,
)

GENERAL = Said("in general", "For everybody.", points=("a", "b"))


# -- COBRA (R14, R15) and Medicare (R16) -------------------------------------------------------------

CAL = "For a group of your size the plan handles Cal-COBRA, so it cannot be done online. "
TPA = "COBRA cannot be done online, because an administrator handles it for you. Please contact them. "
ALONE = "The size of this group is not known to us for COBRA. Please contact your group representative. "


@pytest.mark.parametrize(
    ("employees", "admin", "whom", "short", "say", "by_phone"),
    [
        (20, "client", None, "yes: the client administers its own",
         "You manage your own COBRA members, so you can enroll them online.",
         "enroll, change and end by phone"),
        (20, "tpa", ADMINISTRATOR, "no, an administrator handles it: Thistle Admin, 415-555-0199 x7",
         TPA + "Thistle Admin, 415-555-0199 x7.", "nothing here: Thistle Admin, 415-555-0199 x7"),
        (20, "tpa", None, "no, an administrator handles it: none on record",
         TPA + "I have no name on record today, so I ask and call you back.",
         "nothing here: COBRA administrator, none on record"),
        (20, "plan", None, "no: the plan bills and collects it",
         "COBRA cannot be done online, because the plan bills and collects it for you. I can take it here.",
         "taken here, the plan does it"),
        (2, "client", None, "no: Cal-COBRA, the plan handles it",
         CAL + "I can take it here; our record of who administers it has to be corrected by a lead.",
         "the packet to the member's address on file"),
        (19, "tpa", None, "no: Cal-COBRA, the plan handles it",
         CAL + "I can take it here; our record of who administers it has to be corrected by a lead.",
         "the packet to the member's address on file"),
        (19, "plan", None, "no: Cal-COBRA, the plan handles it",
         CAL + "I can have the packet sent to the member's address on file.",
         "the packet to the member's address on file"),
        (1, "client", REPRESENTATIVE, "no: size unknown, the group representative",
         ALONE + "Petronella Vane, 916-555-0143.", "nothing here: Petronella Vane, 916-555-0143"),
        (0, "plan", None, "no: size unknown, the group representative",
         ALONE + "I have no name on record today, so I ask and call you back.",
         "nothing here: group representative, none on record"),
    ],
)  # fmt: skip
def test_r14_r15_cobra_online_and_by_phone(
    employees: int, admin: str, whom: Contact | None, short: str, say: str, by_phone: str
) -> None:
    of_group = cobra(employees, admin, whom)
    online = said("cobra", cobra=of_group)
    assert (online.short, online.say) == (short, say)
    assert said("cobra_phone", cobra=of_group).short == by_phone
    assert online.because[0] == f"size by the law: {of_group.size.value} employees"
    corrected = "size and record do not fit; a lead corrects who administers it" in online.because
    assert corrected is (employees in range(2, 20) and admin != "plan")


def test_r16_medicare_is_a_referral_and_no_advice() -> None:
    named = said("medicare")
    assert named.short == "group representative: Petronella Vane, 916-555-0143"
    assert "Petronella Vane, 916-555-0143. I do not advise on it" in named.say
    nobody = said("medicare", known=known(representative=None))
    assert "The California Service Center, 800-555-0100, says who that is" in nobody.say
    assert RULES["medicare"](facts(known=None)) is None


@pytest.mark.parametrize("rule", ["cobra", "cobra_phone"])
def test_cobra_ended_with_the_group_whoever_administers_it(rule: str) -> None:
    found = said(rule, cobra=cobra(30, "client", ended_on=D("2026-10-31")))
    assert found.short == "no: the group ended 2026-10-31"
    assert found.say == "The group's coverage ended on October 31, and COBRA with it."


# -- the online service, cards and phone (R02, R08) ----------------------------------------------------


def test_r02_anybody_hears_the_sentence_on_care() -> None:
    expected = "Before the card comes, use a copy of the enrollment form and a photo ID."
    assert said("care", known=None).say == said("care").say == expected


def test_r08_the_number_on_the_bill_is_named_where_there_is_one() -> None:
    assert "The number on your bill, 800-555-0148, Mon-Fri 8-5 PT, stays open" in said("by_phone").say
    for nothing in (None, known(bill_phone="")):
        assert RULES["by_phone"](facts(known=nothing)) is None


# -- enrollment (R12, R13) -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("waiting", "short", "words"),
    [
        ([], "nothing of this group waits", "Nothing of your company waits with us."),
        ([item()], "one case with us: by 11-21 16:00",
         "One case of yours is looked at by a person, because we could not match the person to our records "
         "beyond doubt. It is done by Saturday, November 21, 16:00."),
        ([item(), item("M-2", "2026-11-21T18:00:00Z")], "two cases with us: by 11-21 10:00",
         "The first is done by Saturday, November 21, 10:00."),
        ([item(due=None, state="waiting employer")], "one case with us: waits for the employer",
         "We asked your company a question; the time stands still until we have the answer."),
        ([item(due="2026-11-20T17:00:00Z")], "one case with us: late", "It takes longer than we promised."),
    ],
)  # fmt: skip
def test_r13_why_an_enrollment_is_not_done_yet(waiting: list[Any], short: str, words: str) -> None:
    found = said("waiting", waiting=waiting)
    assert found.short == short
    assert words in found.say
    assert len(found.because) == max(1, len(waiting))
    at_once = said("at_once", waiting=waiting)
    assert "done the moment you submit them" in at_once.say
    assert ("48 hours" in at_once.say) is True
    assert at_once.short.startswith("yes")


# -- files and people (R20 to R22) ---------------------------------------------------------------------

MANAGER = Contact(role=ContactRole.ACCOUNT_MANAGER, name="Mortimer Gale", phone="916-555-0122")
BROKER = Contact(role=ContactRole.BROKER, name="Sable Brokers", phone="916-555-0133")


def test_r20_r22_how_the_group_files_and_whom_to_call_to_begin() -> None:
    online = group(people=[MANAGER])
    assert said("files", group=online).short == "yes: now online"
    assert "diskette or tape" in said("files", group=online).say
    assert (
        said("file_begin", group=online).short
        == "call Mortimer Gale, 916-555-0122, or the California Service Center"
    )
    assert said("file_begin", group=group()).because[0] == "no account manager in force today"
    sent = group(
        method=FilingMethod.EDI,
        filing=Filing(
            partner="Acme EDI",
            status=PartnerStatus.PRODUCTION,
            sentence="Files of Acme EDI are taken and applied.",
            last_file="F-7",
        ),
    )
    assert said("files", group=sent).short == "yes, and you do: now by electronic files, sent by Acme EDI"
    assert said("files", group=sent).because[-1] == "last file: F-7"
    assert said("file_begin", group=sent).short == "done already: Acme EDI"
    testing = group(filing=Filing(partner="Acme EDI", status=PartnerStatus.TEST, sentence="Test files only."))
    assert said("file_begin", group=testing).short == "begun, nothing applied yet: Acme EDI"


def until(one: Contact, *, first: date | None = None, last: date | None = None) -> Contact:
    return one.model_copy(update={"valid_from": first, "valid_to": last})


def test_who_is_no_longer_in_force_is_said_so_and_never_named_to_call() -> None:
    people = [MANAGER, until(BROKER, last=D("2026-11-19")), until(REPRESENTATIVE, first=D("2026-11-21"))]
    found = said("who", group=group(people=people))
    assert found.say == (
        "Your account manager is Mortimer Gale, 916-555-0122. "
        "No group representative and no broker is on record for you today."
    )
    assert found.points == (
        "account manager: Mortimer Gale, 916-555-0122",
        "broker: Sable Brokers, 916-555-0133 (no longer, ended 2026-11-19)",
        "group representative: Petronella Vane, 916-555-0143 (not yet, from 2026-11-21)",
    )
    last_day = group(people=[until(BROKER, first=D("2026-11-20"), last=D("2026-11-20"))])
    assert said("who", group=last_day).short == "broker Sable Brokers"
    assert said("who", group=group()).points == ("no contact is on record",)


# -- what may be heard ---------------------------------------------------------------------------------


@pytest.mark.parametrize("rule", sorted(set(RULES) - {"care", "by_phone", "medicare"}))
def test_without_what_it_rests_on_a_rule_says_nothing_of_the_account(rule: str) -> None:
    assert RULES[rule](facts()) is None


def test_what_may_not_be_heard_is_answered_for_everybody_and_locked() -> None:
    of_group = facts(bill=grace(), group=group())
    locked = answer("ending", GENERAL, heard=False, facts=of_group)
    assert (locked.said, locked.locked) == (GENERAL, True)
    assert not answer("ending", GENERAL, heard=False, facts=facts(known=None)).locked
    open_now = answer("ending", GENERAL, heard=True, facts=of_group)
    assert not open_now.locked
    assert open_now.said.points == GENERAL.points
    assert answer("", GENERAL, heard=True, facts=of_group).said == GENERAL


def test_counts_and_times_are_said() -> None:
    assert [counted(count, "case") for count in (0, 1, 2, 11)] == [
        "no cases",
        "one case",
        "two cases",
        "11 cases",
    ]
    assert spoken_minute(NOW, NOW) == "11-20 09:41"
