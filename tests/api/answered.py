"""Forty groups on Friday 2026-11-20, made the way real ones are, each with what a caller must hear.

Read a line as: who it is and what happened | what the answers say. The words at the right were written by
hand from the plan's rules; `SHORT` and `SAY` spell them out.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from decimal import Decimal
from typing import Any

import httpx

from api_client.types.words import PartnerStatus
from backend.accounts import service as accounts
from backend.billing import bills
from backend.enrollment import partners
from backend.letters import writing
from backend.runtime import Runtime
from tests.conftest import NOON, FixedClock
from tests.csv_files import Line, group, payment, take_groups, take_payments
from tests.desk import if_match, key, operator_unit
from tests.enrollments import add_member, add_user_id, clerk_of, doubtful_item

# people: a account manager, r representative, b broker in force, x broker whose time is over, t COBRA firm.
# premium: none (no bill), paid, open (no letter went out, a grace would begin today), grace (C3), term,
#   ended, ahead (paid too much), swap (exchange); gone, going: the contract ended or ends.
# user: the form for a user ID: - none, fax 11-20, old 11-09, appr 11-16 and approved, sat Saturday 11-14,
#   deny 11-16 and denied; act: an active ID and no form.
_TABLE = """
no  size cobra  people files  bill      premium user | cobra    paper  ending   letter   cycle  file
01  42   client arb    edi    paper     term    fax  | yes      paper  12-01    12-03    unpaid sent
02  42   client r      paper  both      paid    -    | yes      both   due      none     yes    center
03  42   tpa    art    online paperless none    act  | firm     online nothing  there    yes    manager
04  42   tpa    ar     online paper     open    old  | nofirm   paper  12-19    late     unpaid manager
05  42   plan   -      paper  paper     grace   appr | plan     paper  12-11    11-25    unpaid center
06  42   plan   b      edi    both      ended   deny | over     both   ended    refused  ended  nosend
07  20   client rb     online paperless ahead   -    | yes      online nothing  none     yes    center
08  20   tpa    rt     test   paper     term    act  | firm     paper  12-01    there    unpaid test
09  20   plan   a      online both      paid    fax  | plan     both   due      12-03    yes    manager
10  19   client r      online paper     none    sat  | conflict paper  nothing  11-25    yes    center
11  19   tpa    rt     paper  both      open    -    | conflict both   12-19    none     unpaid center
12  19   plan   arb    edi    paperless grace   appr | cal      online 12-11    11-25    unpaid sent
13  2    plan   -      paper  paper     paid    fax  | cal      paper  due      12-03    yes    center
14  2    client x      online paper     term    deny | conflict paper  12-01    refused  unpaid center
15  2    tpa    t      online both      none    act  | conflict both   nothing  there    yes    center
16  1    client r      paper  paper     none    -    | alone    paper  nothing  none     size   center
17  1    plan   -      paper  both      open    fax  | norep    both   12-19    12-03    size   center
18  0    tpa    rt     online paper     paid    old  | alone    paper  due      late     size   center
19  50   client rb     edi    paper     none    act  | yes      paper  nothing  there    yes    sent
20  51   client rb     edi    paper     none    act  | yes      paper  nothing  there    size   sent
21  51   tpa    arxt   test   both      grace   sat  | firm     both   12-11    11-25    size   tested
22  180  client ar     edi    paperless term    fax  | yes      online 12-01    12-03    size   sent
23  180  plan   arb    online paper     paid    deny | plan     paper  due      refused  size   manager
24  180  tpa    -      paper  both      none    -    | nofirm   both   nothing  none     size   center
25  3    plan   r      online paper     ended   old  | over     paper  ended    late     ended  center
26  30   client r      online paper     swap    -    | yes      paper  nothing  none     exch   center
27  30   client rx     online both      swap    fax  | yes      both   nothing  12-03    exch   center
28  30   client r      online paper     gone    -    | gone     paper  06-30    none     gone   center
29  30   client r      online paper     going   act  | yes      paper  12-31    there    yes    center
30  12   plan   r      online paper     gone    deny | gone     paper  06-30    refused  gone   center
31  30   plan   art    edi    both      ahead   appr | plan     both   nothing  11-25    yes    sent
32  30   tpa    t      paper  paperless term    -    | firm     online 12-01    none     unpaid center
33  30   tpa    ax     online paper     ended   act  | over     paper  ended    there    ended  manager
34  8    plan   ab     test   both      paid    sat  | cal      both   due      11-25    yes    tested
35  8    client arbt   edi    paper     open    appr | conflict paper  12-19    11-25    unpaid sent
36  25   client ax     paper  paperless grace   -    | yes      online 12-11    none     unpaid manager
37  25   plan   rx     edi    paper     none    fax  | plan     paper  nothing  12-03    yes    nosend
38  25   tpa    artb   online both      paid    deny | firm     both   due      refused  yes    manager
39  60   plan   r      edi    paperless ended   -    | over     online ended    none     size   nosend
40  60   client arb    edi    both      grace   old  | yes      both   12-11    late     size   sent
"""
_NO_SENDER = {"06", "37", "39"}
QUEUED = ("02", "12")
"""Groups with an enrollment in the queue, sent at 09:41."""

SHORT = {
    "cobra": {
        "yes": "yes: the client administers its own",
        "firm": "no, an administrator handles it: Thistle Admin, 415-555-0199",
        "nofirm": "no, an administrator handles it: none on record",
        "plan": "no: the plan bills and collects it",
        "conflict": "no: Cal-COBRA, the plan handles it",
        "cal": "no: Cal-COBRA, the plan handles it",
        "alone": "no: size unknown, the group representative",
        "norep": "no: size unknown, the group representative",
        "gone": "no: the group ended 2026-06-30",
        "over": "no: the group ended 2026-10-31",
    },
    "paper": {
        "paper": "yes, on paper as now",
        "both": "yes, on paper and online as now",
        "online": "no: online only, as your company asked",
    },
    "ending": {
        "nothing": "no, paid up",
        "due": "no, paid up",
        "12-19": "1,000.00 by 12-19 keeps it",
        "12-01": "1,000.00 by 12-01 keeps it",
        "12-11": "1,000.00 by 12-11 keeps it",
        "ended": "ended 2026-10-31: premium not paid",
        "06-30": "ended 2026-06-30: the contract",
        "12-31": "ends 2026-12-31: the contract",
    },
    "letter": {
        "none": "no request has come in",
        "there": "no request; the administrator ID is there",
        "12-03": "arrives by 12-03",
        "11-25": "arrives by 11-25",
        "late": "was to arrive by 11-19",
        "refused": "refused: the form is not signed by a contract signer on record",
    },
    "cycle": {
        "yes": "yes, now C",
        "unpaid": "no: premium is unpaid",
        "size": "no: a billing cycle is chosen by groups of 2 to 50",
        "ended": "no: coverage ended because premium was not paid",
        "exch": "no: the exchange sets when this group is billed",
        "gone": "no: the group ended on 2026-06-30",
    },
    "file": {
        "sent": "done already: Acme EDI",
        "test": "begun, nothing applied yet: Basalt Files",
        "tested": "begun, nothing applied yet: Basalt Files",
        "nosend": "call California Service Center",
        "center": "call California Service Center",
        "manager": "call Mortimer Gale, 916-555-0122, or the California Service Center",
    },
}
SAY = {
    "cobra": {
        "yes": "you can enroll them online.",
        "firm": "an administrator handles it for you. Please contact them. Thistle Admin, 415-555-0199.",
        "nofirm": "I have no name on record today, so I ask and call you back.",
        "plan": "the plan bills and collects it for you. I can take it here.",
        "conflict": "our record of who administers it has to be corrected by a lead.",
        "cal": "I can have the packet sent to the member's address on file.",
        "alone": "Please contact your group representative. Petronella Vane, 916-555-0143 x12.",
        "norep": "I have no name on record today, so I ask and call you back.",
        "gone": "The group's coverage ended on June 30, and COBRA with it.",
        "over": "The group's coverage ended on October 31, and COBRA with it.",
    },
    "ending": {
        "nothing": "No, coverage goes on. Your account is current, and nothing is due.",
        "due": "Your account is current. One thousand dollars is due by December 1.",
        "12-19": "One thousand dollars must reach us by December 19 to keep your coverage.",
        "12-01": "One thousand dollars must reach us by December 1 to keep your coverage.",
        "12-11": "One thousand dollars must reach us by December 11 to keep your coverage.",
        "ended": "Coverage ended on October 31, because the premium was not paid.",
        "06-30": "Your group's contract ended on June 30",
        "12-31": "Your group's contract ends on December 31",
    },
    "letter": {
        "none": "ID and code come by mail within 7 business days.",
        "there": "No letter is on its way",
        "12-03": "It is being checked. User ID and code arrive by mail by December 3, at your company's",
        "11-25": "User ID and code arrive by mail by November 25, at your company's address",
        "late": "Your form came in on November 9. It is being checked. The letter was to arrive by",
        "refused": "was not accepted: the form is not signed by a contract signer on record.",
    },
    "file": {
        "sent": "Files of Acme EDI are taken and applied.",
        "test": "test files only, nothing of them is applied. Call the California Service Center,",
        "tested": "nothing of them is applied. Call your account manager, Mortimer Gale 916-555-0122, or the",
        "nosend": "No sender of its files is on record. To begin with electronic files, call the California",
        "center": "To begin with electronic files, call the California Service Center, 800-555-0100.",
        "manager": "call your account manager, Mortimer Gale 916-555-0122, or the California Service Center",
    },
}
ARTICLES = {
    "cobra": "cobra-online",
    "paper": "paper-bill",
    "ending": "coverage-ending",
    "letter": "user-id-letter",
    "cycle": "billing-cycle",
    "file": "file-begin",
}


@dataclass(frozen=True)
class Case:
    """One line of the table."""

    expected: dict[str, str]
    no: str
    size: str
    cobra: str
    people: str
    files: str
    bill: str
    premium: str
    user: str

    @property
    def number(self) -> str:
        """Its group number."""
        return f"G-{self.no}"


def _cases() -> list[Case]:
    head, *rows = [line.split() for line in _TABLE.strip().splitlines()]
    names = head[head.index("|") + 1 :]
    return [Case(dict(zip(names, row[9:], strict=True)), *row[:8]) for row in rows]


CASES = _cases()
_PEOPLE: dict[str, Line] = {
    "a": {"account_manager": "Mortimer Gale", "account_manager_phone": "916-555-0122"},
    "b": {"broker": "Sable Brokers", "broker_phone": "916-555-0133", "broker_to": "2026-11-20"},
    "x": {"broker": "Sable Brokers", "broker_phone": "916-555-0133", "broker_to": "2026-11-19"},
    "t": {"tpa": "Thistle Admin", "tpa_phone": "415-555-0199"},
}
_NO_REPRESENTATIVE = {"representative": "", "representative_phone": "", "representative_extension": ""}
_PREMIUM: dict[str, Line] = {
    "grace": {"billing_cycle": "C3"},
    "swap": {"billing_policy": "EXCHANGE"},
    "gone": {"ended_on": "2026-06-30"},
    "going": {"ended_on": "2026-12-31"},
}


def _line(case: Case) -> Line:
    people = {name: value for one in case.people if one in _PEOPLE for name, value in _PEOPLE[one].items()}
    method = {"edi": "834", "test": "834"}.get(case.files, case.files)
    return group(
        case.number,
        f"Quillfeather {case.no}",
        employees=case.size,
        cobra_admin=case.cobra,
        filing_method=method,
        bill_preference=case.bill,
        bill_phone="800-555-0148",
        **people,
        **({} if "r" in case.people else _NO_REPRESENTATIVE),
        **_PREMIUM.get(case.premium, {}),
    )


async def make_groups(api: httpx.AsyncClient, runtime: Runtime, clock: FixedClock) -> None:
    """All forty, with their bills, letters, forms and files; the clock ends at 09:41 on the Friday."""
    await take_groups(runtime, *map(_line, CASES))
    async with operator_unit(runtime) as unit:
        for sender, name, status, files in (
            ("ZZ/ACME", "Acme EDI", PartnerStatus.PRODUCTION, "edi"),
            ("ZZ/BASALT", "Basalt Files", PartnerStatus.TEST, "test"),
        ):
            groups = [one.number for one in CASES if one.files == files and one.no not in _NO_SENDER]
            await partners.put(unit, sender, name=name, status=status, groups=groups)
    await _bill(runtime, clock)
    clock.now = NOON


async def _bill(runtime: Runtime, clock: FixedClock) -> None:
    for premium, months in {"ended": (10, 11), **dict.fromkeys(("open", "grace", "term"), (11,)),
                            "paid": (11, 12), "ahead": (11,)}.items():  # fmt: skip
        async with operator_unit(runtime) as unit:
            for case in _with(premium):
                account = await accounts.account_of(unit, case.number)
                for month in months:
                    lines = [("900001", Decimal("1000.00"))]
                    await bills.issue_invoice(unit, account, date(2026, month, 1), lines)
    for premium, amount in (("paid", "1000.00"), ("ahead", "1500.00")):
        received = [
            payment(f"BOX-{one.no}", amount, group_number=one.number, received_on="2026-10-28")
            for one in _with(premium)
        ]
        await take_payments(runtime, *received)
    for day, premium in (("10-02", "ended"), ("10-16", "ended"), ("11-02", "term"), ("11-12", "grace"),
                         ("11-16", "term")):  # fmt: skip
        clock.now = datetime.combine(date.fromisoformat(f"2026-{day}"), time(18), UTC)
        async with operator_unit(runtime) as unit:
            for case in _with(premium):
                account = await accounts.account_of(unit, case.number)
                for number in (await writing.write_due(unit, account)).numbers:
                    await writing.mark_mailed(unit, number)


def _with(premium: str) -> list[Case]:
    return [one for one in CASES if one.premium == premium]


_FAXED = {
    "fax": "2026-11-20T17:00:00Z",
    "old": "2026-11-09T18:00:00Z",
    "appr": "2026-11-16T18:00:00Z",
    "sat": "2026-11-14T18:00:00Z",
    "deny": "2026-11-16T18:00:00Z",
}


async def fax_forms(api: httpx.AsyncClient, runtime: Runtime) -> None:
    """The forms for user IDs, as a rep registers, approves and denies them; and who has an ID already."""
    for case in CASES:
        if case.user in _FAXED:
            await _fax(api, case)
        elif case.user == "act":
            async with operator_unit(runtime) as unit:
                account_id = (await accounts.account_of(unit, case.number)).id
            await add_user_id(runtime, account_id, f"ADMIN-{case.no}", kind="administrator")


async def _fax(api: httpx.AsyncClient, case: Case) -> None:
    form: dict[str, Any] = {
        "group_number": case.number,
        "received_at": _FAXED[case.user],
        "fax_reference": f"FAX-{case.no}",
        "administrator": "Barnaby Inkwell",
        "signer": "Ottoline Quillfeather",
        "street": "12 Nowhere Street",
        "city": "Sacramento",
        "state": "CA",
        "zip": "95814",
    }
    made = await api.post("/v1/user-id-requests", json=form, headers=key())
    assert made.status_code == 200, made.text
    acts = {"appr": ("approve", None), "deny": ("deny", {"reason": "signer_unknown"})}
    if case.user in acts:
        what, body = acts[case.user]
        headers = {**key(), **if_match(made.json()["version"])}
        done = await api.post(f"/v1/user-id-requests/{made.json()['id']}/{what}", json=body, headers=headers)
        assert done.status_code == 200, done.text


async def queue_enrollments(api: httpx.AsyncClient, runtime: Runtime) -> dict[str, str]:
    """Enrollments nobody can match beyond doubt; returns the item of each group."""
    await add_member(runtime)
    items = {}
    for place, no in enumerate(QUEUED):
        async with operator_unit(runtime) as unit:
            account_id = (await accounts.account_of(unit, f"G-{no}")).id
        await add_user_id(runtime, account_id, clerk_of(f"G-{no}"))
        items[no] = await doubtful_item(api, runtime, group_number=f"G-{no}", subscriber_number=f"N{place}")
    return items
