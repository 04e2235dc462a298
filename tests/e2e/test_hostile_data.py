"""The real program on a store in which every free text is hostile: every screen shows it, none obeys it.

New writes with such text are refused; this is text that was in the store before, written past the API.
"""

from __future__ import annotations

import asyncio
import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path

import pytest

from api_client.types.visible import visible_line
from tests import csv_files
from tests.e2e.store import (
    PASSWORD,
    as_r_chen,
    center_date,
    create_reps,
    files_for,
    folder,
    form,
    start_backend,
    starts_on,
    take,
)
from tests.e2e.terminal import Terminal, kprep
from tests.e2e.test_terminal_manners import POINTER_SHAPE
from tests.edi_files import interchange, member
from tests.screens.rep import HOSTILE, SIZES
from tests.unit.letters.letters_of_every_kind import letter

PAYLOADS = [text for text in HOSTILE if text]
GROUPS = [str(900100 + at) for at in range(len(PAYLOADS) // 2)]
"""Half of the texts at each size."""
PLACE = ("street", "city", "state_code", "zip")
FREE_TEXT = {
    "account": ("name", "bill_phone", "bill_hours", *PLACE),
    "contact": ("name", "phone", "extension", *PLACE),
    "member": ("last_name", "first_name", "middle_name", "suffix", "phone", *PLACE),
    "coverage": ("subscriber_number", "line", "level"),
    "enrollment": (
        *("group_number", "submitted_by", "why", "subscriber_number", "last_name", "first_name"),
        *("middle_name", "suffix", "phone", *PLACE),
    ),
    "match_item": ("why",),
    "payment": ("reference", "reversed_reason"),
    "user_id_request": ("fax_reference", "administrator", "signer", "note", "registered_by", *PLACE),
}
"""Table -> its columns that hold what somebody outside wrote."""


def fill(home: Path, payloads: Sequence[str]) -> None:
    """A group for each payload, with a member, a doubtful enrollment, a payment and a faxed form."""
    today = center_date()
    create_reps(home)
    take(home, "import-groups", csv_files.group_file(*[csv_files.group(group) for group in GROUPS]))
    people = [
        csv_files.member(
            str(88000001 + at),
            "Pebblewick",
            first_name="Clara",
            date_of_birth=f"19{50 + at}-03-14",
            ssn=f"900-11-{at + 1:04}",
            group_number=group,
        )
        for at, group in enumerate(GROUPS)
    ]
    take(home, "import-members", csv_files.member_file(*people))
    paid = [
        csv_files.payment(f"BOX-{group}", group_number=group, received_on=today.isoformat())
        for group in GROUPS
    ]
    take(home, "import-payments", csv_files.payment_file(*paid))
    coverage = f"HD*021**HMO**EMP~DTP*348*D8*{starts_on(today):%Y%m%d}"
    doubtful = [
        member(group=group, subscriber_number=f"N{at}", born=f"19{50 + at}0314", coverages=(coverage,))
        for at, group in enumerate(GROUPS)
    ]
    files_for(home, GROUPS)
    report = take(home, "import-834", interchange(doubtful, day=f"{today:%Y%m%d}"))
    assert report["counts"] == {"queued": {"021": len(GROUPS)}}
    start_backend(home)
    asyncio.run(ask_for_user_ids(home))
    poison(home, payloads)


async def ask_for_user_ids(home: Path) -> None:
    async with as_r_chen(home) as client:
        for group in GROUPS:
            await client.user_ids.register(form(group))


def poison(home: Path, payloads: Sequence[str]) -> None:
    """Write one payload into every free text of each group, its people, cases and forms."""
    with sqlite3.connect(folder(home) / "store.db") as store:
        for table, columns in FREE_TEXT.items():
            rows = [key for (key,) in store.execute(f"select id from {table} order by id")]
            assert len(rows) >= len(GROUPS), table
            each = len(rows) // len(GROUPS)
            assert each * len(GROUPS) == len(rows), table
            values = ", ".join(f"{column} = ?" for column in columns)
            for at, key in enumerate(rows):
                text = payloads[at // each]
                store.execute(f"update {table} set {values} where id = ?", [*[text] * len(columns), key])
        poison_file(store, payloads)
        poison_letters(store, payloads)
        store.execute("update rep set display_name = ? where username = 'r.chen'", ["[/b]\x1b]0;rep\x07"])


def poison_file(store: sqlite3.Connection, payloads: Sequence[str]) -> None:
    """Write the payloads into the file, a member, an error and a missing person each; it came on a tape."""
    once = ("name", "receiver", "control_number", "received_by", "media_label", "media_from", "media_end_by")
    values = ", ".join(f"{column} = ?" for column in once)
    store.execute(f"update enrollment_file set channel = 'media', {values}", payloads[: len(once)])
    store.execute("update trading_partner set name = ?", [payloads[-1]])
    (kept,) = store.execute("select report from enrollment_file").fetchone()
    report = json.loads(kept) | {"warnings": list(payloads)}
    report["errors"] = [
        {
            **dict.fromkeys(("code", "segment", "loop", "sentence"), text),
            "level": "element",
            "element": 1,
            "component": None,
            "repetition": None,
            "offset": 0,
        }
        for text in payloads
    ]
    store.execute("update enrollment_file set report = ?", [json.dumps(report)])
    for ordinal, text in enumerate(payloads, 1):
        said = "subscriber_number = ?, maintenance_type = ?, reason = ?, why = ?"
        store.execute(f"update file_member set {said} where ordinal = ?", [*[text] * 4, ordinal])
    missing = "(file_id, account_id, member_id, subscriber_number, relationship, state, before)"
    for text, (account, member_id) in zip(
        payloads,
        store.execute("select account_id, member_id from coverage order by id").fetchall(),
        strict=False,
    ):
        store.execute(
            f"insert into absence {missing} values (1, ?, ?, ?, ?, 'open', '[]')",
            [account, member_id, text, text],
        )


def poison_letters(store: sqlite3.Connection, payloads: Sequence[str]) -> None:
    """A letter for each group that names it and everybody else by the payload, and came back."""
    groups = [key for (key,) in store.execute("select id from account order by id")]
    columns = "(number, account_id, kind, created_on, mailed_on, returned_on, addressee, facts)"
    for at, (key, text) in enumerate(zip(groups, payloads, strict=False), 1):
        says = letter("L1", name=visible_line(text)).model_dump(mode="json")
        says |= dict.fromkeys(("group_name", "addressee"), text)
        values = [f"L-0090{at}", key, "L1", *["2026-09-02"] * 2, "2026-09-09", text, json.dumps(says)]
        store.execute(f"insert into letter {columns} values (?, ?, ?, ?, ?, ?, ?, ?)", values)


@pytest.mark.timeout(300)
@pytest.mark.parametrize(("size", "payloads"), [(SIZES[0], PAYLOADS[::2]), (SIZES[1], PAYLOADS[1::2])])
def test_every_screen_shows_hostile_text_and_obeys_none(
    home: Path, size: tuple[int, int], payloads: list[str]
) -> None:
    fill(home, payloads)
    command, environment = kprep(home=home)
    with Terminal(command, size=size, env=environment) as screen:
        screen.wait_for("user name")
        screen.wait_gone("reaching the backend")
        screen.press("m.lopez", "enter", PASSWORD, "enter")
        screen.wait_for("Manual match")
        for _ in range(3):
            screen.press("pagedown")
        look_at_accounts(screen)
        look_at_forms(screen)
        look_at_file(screen)
        screen.press("R")
        screen.wait_for(f"rows 1-{len(GROUPS)} of {len(GROUPS)}")
        look_at_cases(screen)
        screen.press("ctrl+q")
        assert screen.wait_end() == 0
        assert screen.title == ""
        written = POINTER_SHAPE.sub(b"", screen.raw)
    for payload in (
        b"\x1b]0;",
        b"\x1b]52",
        b"\xc2\x9b",
        b"\xc2\x9d",
        b"\x07",
        b"\xe2\x80\xae",
        b"\xe2\x80\x8b",
    ):
        assert payload not in written
    for text in payloads:  # not to the letter everywhere: long ones are cut
        assert visible_line(text)[:4].encode() in written


def look_at_answers(screen: Terminal) -> None:
    """The people on record, among the answers for the account in view."""
    screen.press("k")
    screen.wait_for("ANSWERS")
    screen.press("who is our broker", "enter")
    screen.wait_for("  who-is-who")
    screen.press("escape")
    screen.wait_for("ANSWERS")
    screen.press("escape")
    screen.wait_gone("who is our broker")
    screen.press("escape")
    screen.wait_for("ACCOUNT")


def look_at_accounts(screen: Terminal) -> None:
    """Every account with its bill, its letters, its members, its user IDs and its answers."""
    for group in GROUPS:
        screen.press("f3")
        screen.press(group, "enter")
        screen.wait_for(f"{group} ")
        for key, there in (("b", "BILLING 9"), ("e", "MEMBERS  of"), ("i", "USER IDS  ")):
            screen.press(key)
            screen.wait_for(there)
            if group == GROUPS[0]:
                screen.press("?")
                screen.wait_for("Esc closes")
                screen.press("escape")
                screen.wait_gone("Esc closes")
            if key == "e" and group == GROUPS[0]:
                look_at_people(screen)
            screen.press("escape")
            screen.wait_for("ACCOUNT  9")
        screen.press("l")
        screen.wait_for("LETTERS  of")
        screen.wait_for("came back")
        screen.press("enter")
        screen.wait_for("Premium that must be paid")
        screen.press("escape")
        screen.wait_for("LETTERS  of")
        screen.press("escape")
        screen.wait_for("ACCOUNT  9")
        look_at_answers(screen)


def look_at_people(screen: Terminal) -> None:
    """Who waits in the queue, and the member."""
    for to in ("up", "down"):
        screen.press(to, "enter")
        screen.wait_for("PERSON")
        screen.wait_for("911 ")
        screen.press("escape")
        screen.wait_for("MEMBERS  of")


def look_at_forms(screen: Terminal) -> None:
    """Every user-ID request, down the list."""
    screen.press("f5")
    screen.wait_for("USER IDS")
    for at in range(len(GROUPS)):
        screen.wait_for(f">U-{801 + at:05d}")
        screen.press("down")


def look_at_file(screen: Terminal) -> None:
    """The file in the list and in all its parts, down each list."""
    screen.press("E")
    screen.wait_for(">F-00001")
    screen.press("enter")
    screen.wait_for("FILE F-00001")
    screen.press(*["right"] * 4)
    for part in ("absences", "members", "errors"):
        while f"[{part}" not in screen.text:
            screen.press("left")
            screen.quiet_for(0.2)
        screen.wait_for(f" of {len(GROUPS)}")
        for _ in GROUPS:
            screen.press("down")
        screen.quiet_for(0.2)
    screen.press("v", "1")
    screen.wait_for("shown for 15 seconds")


def look_at_cases(screen: Terminal) -> None:
    """Every case, sent back one after the other."""
    screen.press("f2")
    screen.wait_for("Manual match")
    screen.press("n")
    for at in range(len(GROUPS)):
        screen.wait_for(f"MATCH M-{20001 + at}")
        screen.wait_for("INCOMING")
        screen.quiet_for(0.3)  # a deciding key counts a moment after the paint
        screen.press("d")
        screen.wait_for("sent twice")
        screen.press("1")
        screen.wait_for("note")
        screen.press("enter")
        screen.wait_for("Enter confirms")
        screen.press("enter")
        screen.wait_for(f"M-{20001 + at} ")
        screen.wait_gone("Enter confirms")
    screen.wait_for("Manual match")
