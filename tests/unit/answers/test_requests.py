"""What is said of user IDs and the letter that brings them, as tables."""

from __future__ import annotations

from dataclasses import fields

import pytest

from api_client.types.user_id_words import DenyReason
from backend.answers.facts import Facts, Request, UserIds
from backend.answers.rules import RULES
from backend.user_ids.say import Standing, sentence
from tests.unit.answers.facts import TODAY, D, facts, said, user_ids

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
    (user_ids("id_created", administrator="coming"), "U-00871 arrives by 11-23", "It is approved."),
    (user_ids("mailed", administrator="coming", mailed_on=D("2026-11-18")), "U-00871 arrives by 11-23",
     "The letter was mailed on November 18, and it arrives by November 23."),
    (user_ids("incomplete", arrive_by=None), "U-00871 incomplete: the days stand still",
     "something in it has to be answered by your company first"),
    (user_ids("received", arrive_by=D("2026-11-19")), "U-00871 is late, was to arrive by 11-19",
     "The letter was to arrive by November 19. It is late, and I pass that on."),
    (user_ids("mailed", arrive_by=D("2026-11-19"), administrator="coming"),
     "U-00871 is late, was to arrive by 11-19",
     "Please tell me your company's address: the code that is lost is stopped, and a new letter is mailed"),
    (user_ids("approved", arrive_by=D("2026-11-20")), "U-00871 arrives by 11-20", "by November 20"),
    (user_ids("activated", administrator="active"), "in use already", "is in use."),
    (user_ids("approved", kind="reset", administrator="active"), "U-00871 arrives by 11-23",
     "A new one-time code arrives by mail"),
    (user_ids("expired"), "the code no longer works: a new letter", "The code in the letter no longer"),
    (user_ids("returned_mail"), "it came back to us: a new letter", "The post brought the letter back"),
    (user_ids("revoked"), "nothing comes of it: a new form", "A new form can be faxed."),
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
    assert found.say == (sentence(ids.newest.standing, TODAY) if ids.newest else found.say)
    assert found.because[0].startswith("U-00871 " if ids.newest else "the employer")


def test_r07_nothing_a_caller_must_not_hear_is_part_of_the_facts() -> None:
    names = {field.name for one in (Request, Standing, UserIds, Facts) for field in fields(one)}
    assert not {name for name in names if "mail_by" in name or "code" in name or "login" in name}


@pytest.mark.parametrize("reason", list(DenyReason))
def test_each_reason_of_a_refusal_has_its_words(reason: DenyReason) -> None:
    assert len(said("letter", user_ids=user_ids("refused", deny_reason=reason)).short) > len("refused: ")


STOPPED = "once your own ID works again: Account Access"


@pytest.mark.parametrize(
    ("ids", "begin", "more", "administrator"),
    [
        (user_ids(), None, "after your own ID", "none yet: a form for the first ID"),
        (user_ids("received"), "U-00871 arrives by 11-23", "after your own ID", "none yet"),
        (user_ids("approved", administrator="coming"), "U-00871 arrives by 11-23", "after your own ID",
         "it is on its way, and there is one for each employer"),
        (user_ids("returned_mail", administrator="coming"), "it came back to us: a new letter",
         "after your own ID", "it came back to us: a new letter"),
        (user_ids("approved", kind="reset", administrator="active"), "now: the administrator ID is there",
         "yes: your administrator, under Account Access", "it is there: a form resets"),
        (user_ids(administrator="active"), "now: the administrator ID is there", "yes: your administrator",
         "it is there"),
        (user_ids("refused"), "refused", "after your own ID", "none yet"),
        (user_ids("activated", administrator="locked"), "locked: a form for a reset", STOPPED,
         "locked: a form for a reset"),
        (user_ids("activated", administrator="suspended"), "suspended: a form for a reset", STOPPED,
         "suspended: a form for a reset"),
        (user_ids(administrator="suspended", managed=True), "suspended: a form for a reset",
         "yes: your administrator", "suspended: a form for a reset"),
        (user_ids("approved", kind="reset", administrator="locked"), "U-00871 arrives by 11-23", STOPPED,
         "locked: a form for a reset"),
        (user_ids("expired", kind="reset", administrator="locked"), "locked: a form for a reset", STOPPED,
         "locked: a form for a reset"),
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


@pytest.mark.parametrize(
    ("further", "words"),
    [(0, ()), (1, ("1 further ID of the client can be used",)), (3, ("3 further IDs of the client",))],
)
def test_r10_how_many_further_ids_there_are_is_part_of_the_reason(
    further: int, words: tuple[str, ...]
) -> None:
    because = said("more_ids", user_ids=user_ids(administrator="active", further=further)).because
    assert len(because) == 1 + len(words)
    assert all(one in because[1] for one in words)
