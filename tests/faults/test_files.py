"""A file whose run is killed in the middle ends as it would have in one go."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, text

from backend.home import Home
from tests.edi_files import interchange, member
from tests.enrollments import GROUP, SENDER
from tests.faults.servers import sqlite_home

_FIRST = ("Ada", "Basil", "Cleo", "Drew", "Edna", "Floyd", "Gwen", "Hank", "Iris", "Jorge")
_LAST = ("Acornby", "Birchhorn", "Cloverdell", "Dunmoor", "Elkstone", "Fernwick", "Gorsely", "Heathrup")
_SAME = {
    "enrollment": "type, subscriber_number, last_name, first_name, outcome, why, file_ordinal, file_part",
    "member": "last_name, first_name, birth_date, street",
    "coverage": "subscriber_number, relationship, line, starts_on, ends_on",
    "file_member": "ordinal, subscriber_number, maintenance_type, outcome, why",
    "match_item": "state, why",
    "card_job": "state, cause, addressee, street",
}
"""What must be the same, whoever got which number in between."""


def _content(count: int) -> bytes:
    """Families of two: people enrolled, and some of them ended again further down."""
    people = []
    for at in range(count):
        last, first = _LAST[at % 8] + "aeiou"[at // 8 % 5], _FIRST[at // 3 % 10]
        born, ssn = f"19{50 + at % 40}{at % 12 + 1:02}{at % 27 + 1:02}", f"9{(7919 * at + 1234) % 10**8:08}"
        people.append(member(subscriber_number=f"S{at}", last=last, first=first, ssn=ssn, born=born))
        people.append(
            member(relationship="01", subscriber_number=f"S{at}", last=last, first="Quill", born="19800101")
        )
    ended: dict[str, Any] = {"maintenance": "024", "reason": "08"}
    ended["coverages"] = ("HD*024**HMO~DTP*349*D8*20261231",)
    people += [
        member(subscriber_number=f"S{at}", ssn=f"9{(7919 * at + 1234) % 10**8:08}", **ended)
        for at in range(0, count, 5)
    ]
    return interchange(people)


def _line(home: Home, *words: str) -> Sequence[str]:
    return [sys.executable, "-m", "backend", *words, "--data", str(home.folder), "--json"]


def _set_up(home: Home) -> None:
    header = "number,name,employees,effective_from,cobra_admin,filing_method"
    groups = f"{header}\n{GROUP},Quillparts LLC,40,2020-01-01,client,834\n"
    subprocess.run(_line(home, "import-groups", "-"), input=groups.encode(), check=True, capture_output=True)
    put = ("partners", "put", SENDER, "--status", "production", "--group", GROUP)
    subprocess.run(_line(home, *put), check=True, capture_output=True)


def _rows(home: Home, query: str) -> Sequence[Any]:
    engine = create_engine(home.database)
    try:
        with engine.connect() as connection:
            return connection.execute(text(query)).all()
    finally:
        engine.dispose()


def _state(home: Home) -> dict[str, Sequence[Any]]:
    return {
        name: sorted(map(str, _rows(home, f"SELECT {columns} FROM {name}")))
        for name, columns in _SAME.items()
    }


def _killed_at(home: Home, file: Path, least: int) -> int:
    """Run the import and kill it once so many members are done; returns how many were."""
    process = subprocess.Popen(
        _line(home, "import-834", str(file)), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    until = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < until:
        done = max((row.done for row in _rows(home, "SELECT done FROM enrollment_file")), default=0)
        if done >= least:
            os.kill(process.pid, signal.SIGKILL)
            break
    process.wait()
    return int(max(row.done for row in _rows(home, "SELECT done FROM enrollment_file")))


def test_a_file_killed_in_the_middle_ends_as_in_one_go(tmp_path: Path) -> None:
    file, count = tmp_path / "daily.834", 70
    file.write_bytes(_content(count))
    whole, broken = sqlite_home(tmp_path / "whole"), sqlite_home(tmp_path / "broken")
    for home in (whole, broken):
        _set_up(home)
    done = subprocess.run(_line(whole, "import-834", str(file)), capture_output=True, check=False)
    kills = [_killed_at(broken, file, least) for least in (1, count)]
    again = subprocess.run(_line(broken, "import-834", str(file)), capture_output=True, check=False)
    total = 2 * count + len(range(0, count, 5))
    assert kills[0] < total, "the run was over before it could be killed"
    assert _state(broken) == _state(whole)
    one, other = json.loads(done.stdout), json.loads(again.stdout)
    assert other["counts"] == one["counts"]
    assert sum(sum(kinds.values()) for kinds in one["counts"].values()) == total
