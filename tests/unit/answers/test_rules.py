"""Each question answered for a group: the short answer, the sentence, and why, as tables."""

from __future__ import annotations

from dataclasses import fields, replace
from datetime import date
from decimal import Decimal
from typing import Any

import pytest

from api_client.types.accounts import Contact, Filing
from api_client.types.words import (
    BillingCycle,
    BillPreference,
    ContactRole,
    DelinquencyState,
    DenyReason,
    FilingMethod,
    LetterKind,
)
from backend.answers.facts import Facts, MailedLetter, Request, UserIds
from backend.answers.rules import RULES, answer
from backend.answers.said import Said, counted, spoken_minute
from tests.unit.answers.facts import (
    ADMINISTRATOR,
    NOW,
    REPRESENTATIVE,
    D,
    bill,
    cobra,
    facts,
    grace,
    group,
    item,
    known,
    user_ids,
)

GENERAL = Said("in general", "For everybody.", points=("a", "b"))


def said(rule: str, **parts: Any) -> Said:
    """What a rule says of these facts."""
    found = RULES[rule](facts(**parts))
    assert found is not None
    return found


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


# -- the online service, cards and phone (R02, R08) ----------------------------------------------------


def test_r02_anybody_hears_the_sentence_on_care() -> None:
    expected = "Before the card comes, use a copy of the enrollment form and a photo ID."
    assert said("care", known=None).say == said("care").say == expected


def test_r08_the_number_on_the_bill_is_named_where_there_is_one() -> None:
    assert "The number on your bill, 800-555-0148, Mon-Fri 8-5 PT, stays open" in said("by_phone").say
    for nothing in (None, known(bill_phone="")):
        assert RULES["by_phone"](facts(known=nothing)) is None


# -- user IDs (R06, R07, R09 to R11) -------------------------------------------------------------------

LETTER: list[tuple[UserIds, str, str]] = [
    (user_ids(), "no request has come in", "No request form of your company has come in. Once it is here"),
    (user_ids(administrator="active"), "no request; the administrator ID is there",
     "No letter is on its way"),
    (user_ids("received"), "U-00871 arrives by 11-23",
     "Your form came in on November 9. It is being checked. "
     "User ID and code arrive by mail by November 23, at your company's address and nowhere else."),
    (user_ids("verifying"), "U-00871 arrives by 11-23", "It is being checked."),
    (user_ids("approved", administrator="coming"), "U-00871 arrives by 11-23", "It is approved."),
    (user_ids("mailed", administrator="coming"), "U-00871 arrives by 11-23", "arrive by mail by November 23"),
    (user_ids("incomplete", arrive_by=None), "U-00871 incomplete: the days stand still",
     "something in it has to be answered by your company first"),
    (user_ids("received", arrive_by=D("2026-11-19")), "U-00871 should be there since 11-19",
     "It should be with you since November 19. It is late, and I pass that on."),
    (user_ids("mailed", arrive_by=D("2026-11-19"), administrator="coming"),
     "U-00871 should be there since 11-19",
     "Please tell me your company's address; the code that is lost is stopped and a new one mailed."),
    (user_ids("approved", arrive_by=D("2026-11-20")), "U-00871 arrives by 11-20", "by November 20"),
    (user_ids("approved", arrive_by=D("2026-10-01"), administrator="active"), "in use already", "is in use."),
    (user_ids("activated"), "in use already", "is in use."),
    (user_ids("approved", kind="reset", administrator="active"), "U-00871 arrives by 11-23",
     "It is approved."),
    (user_ids("expired"), "a new one is needed", "The code was not used in time"),
    (user_ids("returned_mail"), "a new one is needed", "The post brought the letter back to us."),
    (user_ids("revoked"), "a new one is needed", "That ID was taken back."),
    (user_ids("refused", deny_reason=DenyReason.SIGNER_UNKNOWN),
     "refused: the form is not signed by a contract signer on record",
     "was not accepted: the form is not signed"),
    (user_ids("refused"), "refused", "was not accepted. A new form can be faxed."),
]  # fmt: skip


@pytest.mark.parametrize(("ids", "short", "words"), LETTER)
def test_r06_where_the_letter_is(ids: UserIds, short: str, words: str) -> None:
    found = said("letter", user_ids=ids)
    assert found.short == short
    assert words in found.say
    if ids.newest is not None:
        assert found.because[0].startswith("U-00871 ")


def test_r07_nothing_a_caller_must_not_hear_is_part_of_the_facts() -> None:
    names = {field.name for one in (Request, UserIds, Facts) for field in fields(one)}
    assert not {name for name in names if "mail_by" in name or "code" in name or "login" in name}


@pytest.mark.parametrize("reason", list(DenyReason))
def test_each_reason_of_a_refusal_has_its_words(reason: DenyReason) -> None:
    assert len(said("letter", user_ids=user_ids("refused", deny_reason=reason)).short) > len("refused: ")


@pytest.mark.parametrize(
    ("ids", "begin", "more", "administrator"),
    [
        (user_ids(), None, "after your own ID", "none yet: a form for the first ID"),
        (user_ids("received"), "U-00871 arrives by 11-23", "after your own ID", "none yet"),
        (user_ids("approved", administrator="coming"), "U-00871 arrives by 11-23", "after your own ID",
         "it is there: a form resets"),
        (user_ids("approved", administrator="active"), "now: the administrator ID is there",
         "yes: your administrator, under Account Access", "it is there: a form resets"),
        (user_ids(administrator="active"), "now: the administrator ID is there", "yes: your administrator",
         "it is there"),
        (user_ids("refused"), "refused", "after your own ID", "none yet"),
    ],
)  # fmt: skip
def test_r05_r09_r10_when_they_begin_and_what_the_administrator_can_do(
    ids: UserIds, begin: str | None, more: str, administrator: str
) -> None:
    found = RULES["begin"](facts(user_ids=ids))
    assert (found.short if found else None) == begin
    further = said("more_ids", user_ids=ids)
    assert further.short.startswith(more)
    assert "Account Access" in further.say
    assert "we cannot make them for you" in further.say.casefold()
    assert said("administrator", user_ids=ids).short.startswith(administrator)


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


# -- bills and unpaid premium (R17, R23 to R26) --------------------------------------------------------


@pytest.mark.parametrize(
    ("preference", "short"),
    [
        ("paper", "yes, on paper as now"),
        ("both", "yes, on paper and online as now"),
        ("paperless", "no: online only"),
    ],
)
def test_r17_the_bill_goes_on_coming_as_it_comes_now(preference: str, short: str) -> None:
    found = said("paper", bill=bill(preference=BillPreference(preference)))
    assert found.short.startswith(short)
    assert "beginning online changes nothing" in found.because[1]


def test_r23_another_cycle_is_offered_refused_or_asked_for_already() -> None:
    offered = said(
        "cycle", bill=bill(cycle_choices=["Cycle C2 begins with January."]), group=group(employees=30)
    )
    assert (offered.short, offered.points) == ("yes, now C1", ("Cycle C2 begins with January.",))
    refused = said("cycle", bill=grace(), group=group())
    assert refused.short.startswith("no: premium is unpaid (TERM_PENDING)")
    assert "I cannot take another billing cycle now." in refused.say
    asked = bill(next_cycle=BillingCycle.C3, next_cycle_from=D("2027-01-01"))
    assert said("cycle", bill=asked, group=group()).short == "asked for: C3"
    assert "begins with the bill for January 2027" in said("cycle", bill=asked, group=group()).say


def letter(kind: str, mailed_on: str | None, amount: str | None = None) -> MailedLetter:
    titles = {"L1": "warning letter", "L2": "termination letter"}
    money = Decimal(amount) if amount else None
    return MailedLetter(LetterKind(kind), titles[kind], D(mailed_on) if mailed_on else None, money)


BEFORE = letter("L1", "2026-08-03", "9000.00")


@pytest.mark.parametrize(
    ("of_group", "letters", "short", "words", "because"),
    [
        (bill(), [BEFORE], "none: nothing is past due", "Nothing is past due for you now.",
         ("premium: current",)),
        (grace(grace_from=None, say="", next_letter="L1 warning letter on 2026-11-23"),
         [BEFORE], "none yet: past due", "None has gone out yet.",
         ("next: L1 warning letter on 2026-11-23",)),
        (grace(next_letter="L2 termination letter on 2026-11-16"),
         [letter("L1", "2026-11-02", "10000.00"), BEFORE],
         "L1 mailed 11-02: warning letter",
         "We mailed the warning letter on November 2. Ten thousand dollars must reach us by December 1",
         ("L1 warning letter, mailed 2026-11-02, 10,000.00", "next: L2 termination letter on 2026-11-16")),
        (grace(), [letter("L2", "2026-11-16"), letter("L1", "2026-11-02", "10000.00"), BEFORE],
         "L2 mailed 11-16: termination letter",
         "We mailed the warning letter on November 2 and the termination letter on November 16.",
         ("L2 termination letter, mailed 2026-11-16", "L1 warning letter, mailed 2026-11-02, 10,000.00")),
    ],
)  # fmt: skip
def test_r24_r25_r26_the_letters_of_this_grace(
    of_group: Any, letters: list[MailedLetter], short: str, words: str, because: tuple[str, ...]
) -> None:
    found = said("letters", bill=of_group, letters=letters)
    assert (found.short, found.because) == (short, because)
    assert words in found.say


ENDED = bill(
    state=DelinquencyState.TERMINATED_NONPAY,
    coverage_end=D("2026-11-10"),
    say="Coverage ended on November 10.",
)


@pytest.mark.parametrize(
    ("of_group", "ended_on", "short", "words"),
    [
        (bill(), None, "no, paid up", "No, coverage goes on. Your account is current"),
        (grace(), None, "10,000.00 by 12-01 keeps it", "Ten thousand dollars must reach us by December 1"),
        (grace(state=DelinquencyState.PAST_DUE, keep_amount=Decimal(0), keep_by=None, say="x."), None,
         "past due, no end is set", "Premium is past due, and no end is set."),
        (ENDED, None, "ended 2026-11-10: premium not paid", "Coverage ended on November 10."),
        (bill(), "2026-12-31", "ends 2026-12-31: the contract", "contract ends on December 31"),
        (bill(), "2026-06-30", "ended 2026-06-30: the contract", "contract ended on June 30"),
        (ENDED, "2026-06-30", "ended 2026-11-10: premium not paid", "Coverage ended on November 10."),
    ],
)  # fmt: skip
def test_r25_whether_coverage_ends_and_what_keeps_it(
    of_group: Any, ended_on: str | None, short: str, words: str
) -> None:
    contract = group(ended_on=D(ended_on) if ended_on else None)
    found = said("ending", bill=of_group, group=contract)
    assert found.short == short
    assert words in found.say


def test_r25_what_keeps_coverage_stands_before_the_balance() -> None:
    found = said("balance", bill=grace())
    assert found.short == "20,025.00"
    assert found.say.startswith("Ten thousand dollars must reach us by December 1")
    assert found.say.endswith("The balance is twenty thousand twenty-five dollars.")
    assert found.because == (
        "10,000.00 premium past due or due",
        "10,000.00 billed and not due yet",
        "25.00 fees; they never end coverage",
        "last payment: nothing received yet",
    )
    ahead = said("balance", bill=bill(balance=Decimal("-40.00"), credit=Decimal("40.00")))
    assert (ahead.short, ahead.say) == ("40.00 in your favor", "The balance is forty dollars in your favor.")


@pytest.mark.parametrize(
    ("of_group", "short"),
    [
        (bill(), "not needed: not ended for unpaid premium"),
        (ENDED, "ask by 12-10, all premium paid; a lead decides"),
        (replace(ENDED, coverage_end=D("2026-10-20")), "too late since 11-19: a new application"),
        (replace(ENDED, coverage_end=D("2026-10-21")), "ask by 11-20, all premium paid; a lead decides"),
    ],
)
def test_reinstatement_is_asked_for_within_thirty_days(of_group: Any, short: str) -> None:
    assert said("reinstatement", bill=of_group).short == short


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
            partner="Acme EDI", sentence="Files of Acme EDI are taken and applied.", last_file="F-7"
        ),
    )
    assert said("files", group=sent).short == "yes, and you do: now by electronic files, sent by Acme EDI"
    assert said("files", group=sent).because[-1] == "last file: F-7"
    assert said("file_begin", group=sent).short == "done already: Acme EDI"


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
