"""What is said of one user-ID request: how far it is, what it lacks, the sentence, the checks, the form."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import TYPE_CHECKING

from textual.content import Content

from api_client.types.user_id_words import (
    ON_THE_WAY_STATES,
    OPEN_USER_ID_STATES,
    TO_MAIL_STATES,
    CheckResult,
    UserIdRequestState,
)
from api_client.types.words import Urgency
from screens.user_ids.presentation import legend, mailing
from screens.user_ids.words import (
    BY_FAX_ONLY,
    KINDS,
    MISSING,
    PERSONS,
    REASONS,
    RESULTS,
    STATES,
    WHY_CHECKS,
    WHY_CODE,
    WHY_DATES,
)
from screens.widgets.text import (
    MARKS,
    STYLES,
    hanging,
    join,
    labelled,
    lines,
    place,
    plain,
    short_day,
    short_minute,
)

if TYPE_CHECKING:
    from api_client.types.user_ids import Check, UserIdRequest

_LETTERS = {
    UserIdRequestState.APPROVED: "goes with the next mailing",
    UserIdRequestState.PRINT_QUEUED: "is being printed",
    UserIdRequestState.ID_CREATED: "is printed and waits for the mail",
}


def detail(request: UserIdRequest, now: datetime, width: int) -> Content:
    """The request below or beside the list, in the order in which a rep needs it."""
    rows = _title(request).wrap(max(10, width))
    open_now = request.state in OPEN_USER_ID_STATES
    if open_now:
        rows += _verdict(request, width)
    else:
        rows += _letter(request, now, width)
    rows += labelled("SAY", plain(f'"{request.say}"', "bold"), width) if request.say else []
    rows += _checks(request.checks, width)
    if not open_now:
        rows += _again(request, width)
        rows += labelled("decided", _decision(request, now), width)
    rows += _form(request, width)
    rows += labelled("page", _page(request, now), width)
    rows += labelled("dates", _dates(request, now), width)
    rows += labelled("also", plain(request.notice_to), width) if request.notice_to else []
    return lines(*rows)


def _title(request: UserIdRequest) -> Content:
    late = (f"  {MARKS[Urgency.LATE]} mailed late", STYLES[Urgency.LATE])
    marks = [late] if request.breached and request.mailed_on else []
    client = f"  {request.group_number} {request.group_name}"
    return join(
        " ", (request.id, "bold"), f"  {KINDS[request.kind]}  {STATES[request.state]}", *marks, client
    )


# -- while it waits --------------------------------------------------------------------------------


def _verdict(request: UserIdRequest, width: int) -> list[Content]:
    rows: list[Content] = []
    if request.state is UserIdRequestState.INCOMPLETE:
        rows += labelled("missing", _missing(request), width)
    elif request.can_approve:
        rows += labelled("you can", plain(request.approve_sentence), width)
    else:
        rows += labelled("cannot", _cannot(request), width)
    if request.checked_by:
        rows += labelled("first", plain(f"{request.checked_by} approved it as the first person"), width)
    if request.same_as:
        others = ", ".join(request.same_as)
        text = f"as {others}: look whether it is one form twice; d denies a duplicate"
        rows += labelled("! same", plain(text, "bold $text-warning"), width)
    return rows


def _missing(request: UserIdRequest) -> Content:
    words = ", ".join(MISSING[one] for one in request.missing) or "an answer of the client"
    note = f' ("{request.missing_note}")' if request.missing_note else ""
    asked = (
        f"; call-back {request.call_back} asks for it"
        if request.call_back
        else "; nobody has a number to call"
    )
    return join((words, "bold"), f"{note}{asked}; the days stand still, z takes the answer down")


def _cannot(request: UserIdRequest) -> Content:
    failed = [one for one in request.checks if one.result is not CheckResult.PASSED]
    if not any(one.sentence in request.approve_sentence for one in failed):
        return plain(f"be approved: {request.approve_sentence}", "bold")
    why = failed[0].name if len(failed) == 1 else f"{len(failed)} checks"
    return plain(f"be approved yet: {why}, see below", "bold")


def _checks(checks: Iterable[Check], width: int) -> list[Content]:
    """What did not pass first, with what to do; what passed in as few lines as possible."""
    known = list(checks)
    rows: list[Content] = []
    for check in known:
        if check.result is not CheckResult.PASSED:
            word, style = RESULTS[check.result]
            text = join((check.name, "bold"), f": {check.sentence}")
            rows += hanging(join(" ", (word, style), " "), text, width)
    word, style = RESULTS[CheckResult.PASSED]
    passed = [check.name for check in known if check.result is CheckResult.PASSED]
    if passed:
        rows += hanging(join(" ", (word, style), " "), plain(", ".join(passed)), width)
    return rows


# -- once it is decided ----------------------------------------------------------------------------


def _letter(request: UserIdRequest, now: datetime, width: int) -> list[Content]:
    """Where the letter is: the dates a caller asks for."""
    today = now.date()
    if request.state in TO_MAIL_STATES:
        words = f"{_LETTERS[request.state]}, mail by "
        return labelled("letter", join(words, mailing(request, today), _arrives(request, today)), width)
    if request.mailed_on is None:
        return []
    words = f"mailed {short_day(request.mailed_on, today)}"
    words += _arrives(request, today)
    if request.returned_on:
        words += f", came back {short_day(request.returned_on, today)}"
    if request.use_by:
        words += f"; the code works until {short_day(request.use_by, today)}"
    return labelled("letter", plain(words, "bold"), width)


def _arrives(request: UserIdRequest, today: date) -> str:
    """The day by which the letter arrives; of one that is late, over or back, the day that was meant."""
    if request.arrive_by is None or request.state is UserIdRequestState.ACTIVATED:
        return ""
    coming = request.state in (*TO_MAIL_STATES, UserIdRequestState.MAILED)
    mailed = today if request.state in TO_MAIL_STATES else request.mailed_on
    late = mailed is not None and request.mail_by is not None and mailed > request.mail_by
    holds = coming and not late and request.arrive_by >= today
    return f", {'arrives' if holds else 'was to arrive'} by {short_day(request.arrive_by, today)}"


def _again(request: UserIdRequest, width: int) -> list[Content]:
    """Whether another letter can go."""
    if request.state not in ON_THE_WAY_STATES or not request.reissue_sentence:
        return []
    if request.can_reissue:
        return labelled("you can", plain(f"r, for a verified caller: {request.reissue_sentence}"), width)
    return labelled("cannot", plain(f"send a new letter: {request.reissue_sentence}"), width)


def _decision(request: UserIdRequest, now: datetime) -> Content:
    words = "denied" if request.state is UserIdRequestState.REFUSED else "approved"
    if request.decided_by:
        words += f" by {request.decided_by}"
    if request.checked_by:
        words += f", first by {request.checked_by},"
    if request.decided_at:
        words += f" {short_minute(request.decided_at, now)}"
    if request.deny_reason:
        words += f": {REASONS[request.deny_reason]}"
    if request.reissues:
        words += f"; new letters so far: {request.reissues}"
    if request.can_undo:
        words += "; u takes it back until its letter is mailed"
    return plain(words)


# -- the form --------------------------------------------------------------------------------------


def _form(request: UserIdRequest, width: int) -> list[Content]:
    signed = f"signed by {request.signer}" if request.signer else "NO SIGNER"
    who = f"{request.administrator or 'nobody'}, {PERSONS[request.administrator_is]}"
    rows = labelled("form", plain(f"administrator {who}; {signed}"), width)
    given, record = place(request.form_address), place(request.address_of_record)
    if request.form_address.street and given == record:
        return [*rows, *labelled("", plain(f"{given} (as on record)"), width)]
    return [*rows, *labelled("", plain(given), width), *labelled("record", plain(record), width)]


def _page(request: UserIdRequest, now: datetime) -> Content:
    page = request.page
    if page is None:
        return plain("no picture of the form is kept; s attaches one")
    count = "1 page" if page.pages == 1 else f"{page.pages} pages"
    return plain(f"{count}, kept by {page.kept_by} {short_minute(page.kept_at, now)}; p opens it")


def _dates(request: UserIdRequest, now: datetime) -> Content:
    faxed = f"faxed {short_minute(request.faxed_at, now)} {request.fax_reference}"
    if request.state not in OPEN_USER_ID_STATES:
        return plain(faxed)
    return join(faxed, ", internal: mail by ", mailing(request, now.date()))


def to_answer(request: UserIdRequest, width: int) -> Content:
    """What the client is asked for, and what stands on the form so far."""
    rows = _title(request).wrap(max(10, width))
    if request.state is not UserIdRequestState.INCOMPLETE:
        rows += labelled("", plain("It does not wait for an answer any more.", "bold"), width)
    else:
        by_fax = [MISSING[one] for one in request.missing if one in BY_FAX_ONLY]
        rows += labelled("missing", plain(", ".join(MISSING[one] for one in request.missing), "bold"), width)
        rows += labelled("asked", plain(request.missing_note), width) if request.missing_note else []
        rows += labelled("by fax", plain(f"{', '.join(by_fax)}: not by phone"), width) if by_fax else []
    return lines(*rows, *_form(request, width))


# -- why -------------------------------------------------------------------------------------------


def why(request: UserIdRequest) -> Content:
    """The reasons behind verdict and dates."""
    rows = [
        *_why_verdict(request),
        *(
            join(f"{RESULTS[one.result][0].strip()}  ", one.name, f": {one.sentence}")
            for one in request.checks
        ),
    ]
    if request.checks:
        rows.append(plain(WHY_CHECKS))
    return lines(*rows, plain(WHY_DATES), plain(WHY_CODE), plain(legend()))


def _why_verdict(request: UserIdRequest) -> list[Content]:
    if request.state is UserIdRequestState.INCOMPLETE:
        by_fax = [MISSING[one] for one in request.missing if one in BY_FAX_ONLY]
        said = f" By fax only: {', '.join(by_fax)}." if by_fax else ""
        return [plain(f"The client is asked at the number on record; z takes the answer down.{said}")]
    if request.state in OPEN_USER_ID_STATES:
        return [plain(request.approve_sentence)]
    rows = [plain("This request is decided.")]
    return [*rows, plain(request.reissue_sentence)] if request.reissue_sentence else rows


__all__ = ["detail", "to_answer", "why"]
