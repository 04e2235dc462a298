"""What an operator types, and what comes back: words or JSON, and an exit code that scripts can trust."""

from __future__ import annotations

import io
import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from backend import cli
from backend.runtime import system_clock
from tests.csv_files import group, group_file, member, member_file, payment, payment_file
from tests.edi_files import interchange
from tests.edi_files import member as edi_member

PASSWORD = b"correct horse battery\n"


@dataclass
class Ran:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def report(self) -> dict[str, Any]:
        """Its report as JSON."""
        parsed: dict[str, Any] = json.loads(self.out)
        return parsed


class _Input:
    """Standard input that is no terminal."""

    def __init__(self, content: bytes) -> None:
        self.buffer = io.BytesIO(content)

    def isatty(self) -> bool:
        return False


Run = Callable[..., Ran]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path) -> Iterator[Run]:
    """Runs a command on one store of this test, in this process."""
    mask = os.umask(0o022)  # a command changes it for its process

    def go(*arguments: str, given: bytes = b"", data: bool = True) -> Ran:
        where = ("--data", str(tmp_path / "store")) if data else ()
        monkeypatch.setattr(sys, "argv", ["kprep-backend", *arguments, *where])
        monkeypatch.setattr(sys, "stdin", _Input(given))
        with pytest.raises(SystemExit) as ended:
            cli.main()
        said = capsys.readouterr()
        return Ran(int(ended.value.code or 0), said.out, said.err)

    yield go
    os.umask(mask)


@pytest.fixture
def file(tmp_path: Path) -> Callable[[bytes], str]:
    """Writes a file and gives its path."""

    def write(content: bytes) -> str:
        path = tmp_path / "file"
        path.write_bytes(content)
        return str(path)

    return write


File = Callable[[bytes], str]
COMMANDS = (
    "serve", "migrate", "demo", "create-rep", "import-groups", "import-members", "import-payments",
    "import-834", "find", "log", "version", "audit verify", "policy show", "reps list", "reps role",
    "reps disable",
    "reps enable", "reps unlock", "reps end-sessions", "reps reset-password", "cards print",
    "cards mailed", "cards returned", "partners list", "partners put", "explain-billing", "deadlines",
)  # fmt: skip


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    shown = run(*command.split(), "--help", data=False)
    assert shown.code == 0
    assert "Usage: kprep-backend" in shown.out


def test_groups_members_and_payments_with_a_refused_line_each(run: Run, file: File) -> None:
    files = {
        "import-groups": group_file(group(), group("G-2", employees="many")),
        "import-members": member_file(member(), member("900002", sex="?")),
        "import-payments": payment_file(payment(), payment("LOCKBOX-2", "ten")),
    }
    for command, content in files.items():
        first = run(command, file(content))
        assert (first.code, first.err) == (1, "")
        assert first.out.startswith("read 2   added 1   changed 0   unchanged 0   refused 1\n  line 3: ")
        again = run(command, "-", "--json", given=content)
        assert again.code == 1
        assert (again.report["added"], again.report["unchanged"]) == (0, 1)
        assert [one["line"] for one in again.report["refused"]] == [3]
    assert run("import-groups", file(group_file(group()))).code == 0


def test_what_is_found_comes_line_by_line_in_words_or_as_json(run: Run, file: File) -> None:
    run("import-groups", file(group_file(group())))
    run("import-members", file(member_file(member())))
    words = run("find", given=b"quillfeather\n")
    assert (words.code, words.err) == (0, "")
    assert words.out.splitlines() == [
        "line 1: 2 found",
        "  member 900001  O*** Q*****  G-100 Quillfeather Boats, born 1980-**-**  (last name)",
        "  group G-100  Quillfeather Boats  Sacramento, active  (name)",
    ]
    asked = run("find", "--json", given=b"g-100\n\nnobody at all\n")
    assert (asked.code, asked.err) == (1, "")
    one, empty, none = map(json.loads, asked.out.splitlines())
    assert one["results"][0] == {
        "kind": "group", "id": "G-100", "label": "Quillfeather Boats", "detail": "Sacramento, active",
        "matched": ["group number"], "group_number": "G-100",
    }  # fmt: skip
    assert (empty["line"], empty["error"], empty["results"]) == (2, "The line is empty.", [])
    assert none["results"] == []
    assert "error" not in none
    assert run("find", given=b"").code == 0


def test_an_834_file_tried_taken_and_come_again(run: Run, file: File, tmp_path: Path) -> None:
    run("import-groups", file(group_file(group("900100"))))
    unknown = run("import-834", file(interchange([edi_member()], sender="NOBODY")))
    assert (unknown.code, "is not known to us as a trading partner" in unknown.out) == (1, True)
    put = run("partners", "put", "ZZ/TESTTPA", "--status", "production", "--group", "900100")
    assert put.out == "ZZ/TESTTPA         production ZZ/TESTTPA   groups 900100\n"
    assert run("partners", "list").out == put.out
    assert run("partners", "put", "ACME").code == 2
    sent = file(interchange([edi_member(ssn="900110001"), edi_member(group="UNHEARD")]))
    tried = run("import-834", sent, "--dry-run")
    assert tried.code == 0
    assert "nothing was changed" in tried.out
    assert "999  group 1 (005010X220A1)  AK9 A 1 1 1\n     set 0001  IK5 A" in tried.out
    assert "S1 021 queued: there is no such group on file" in tried.out
    answer = tmp_path / "answer.999"
    taken = run("import-834", sent, "--json", "--answer", str(answer))
    assert (taken.code, taken.report["applied"]) == (0, True)
    assert taken.report["counts"] == {"applied": {"021": 1}, "queued": {"021": 1}}
    assert (taken.report["ack999"]["group"], taken.report["ack999"]["sets"][0]["code"]) == ("A", "A")
    assert "~TA1*000000001*" in answer.read_text()
    again = run("import-834", sent)
    assert again.code == 0
    assert "this file was here before" in again.out


def test_cards_are_printed_to_a_file_mailed_and_come_back(run: Run, file: File, tmp_path: Path) -> None:
    run("import-groups", file(group_file(group("900100"))))
    run("partners", "put", "ZZ/TESTTPA", "--status", "production", "--group", "900100")
    today = f"{system_clock():%Y%m%d}"
    starts = f"HD*021**HMO**EMP~DTP*348*D8*{today}"
    assert run("import-834", file(interchange([edi_member(coverages=[starts])], day=today))).code == 0
    out = tmp_path / "cards.jsonl"
    first = run("cards", "print", "--out", str(out), "--json")
    assert (first.code, first.report["marked"], first.report["file"]) == (0, 1, str(out))
    card = json.loads(out.read_text())
    assert (out.stat().st_mode & 0o777, card["number"]) == (0o600, "CD-00001")
    assert (card["name"], card["address"]) == ("Clara Pebblewick", ["5 CANAL ST", "OAKLAND CA 94606"])
    before = out.read_bytes()
    again = run("cards", "print", "--out", str(out))
    assert (again.code, again.out.splitlines()[0]) == (
        0, "0 marked printed   1 were so before   refused 0",
    )  # fmt: skip
    assert out.read_bytes() == before
    with closing(sqlite3.connect(tmp_path / "store" / "store.db")) as store, store:
        store.execute("update card_job set state = 'requested'")  # as if the first run had broken off here
    assert run("cards", "print", "--out", str(out), "--json").report["marked"] == 1
    none = run("cards", "print", "--out", str(tmp_path / "later.jsonl"))
    assert (none.code, none.out) == (0, "0 marked printed   refused 0\n")
    assert not (tmp_path / "later.jsonl").exists()
    assert run("cards", "mailed", str(out)).out == "1 marked mailed   refused 0\n"
    letters = run("letters", "mail", "--out", str(tmp_path / "mail.jsonl"))
    assert (letters.code, letters.out) == (0, "0 marked mailed   refused 0\n")
    back = run("cards", "returned", given=b"CD-00001\nCD-00404\n")
    assert (back.code, back.out) == (
        1, "1 marked returned   refused 1\n  line 2: there is no card of this number\n",
    )  # fmt: skip


def test_a_file_may_come_through_a_pipe(tmp_path: Path) -> None:
    line = [sys.executable, "-m", "backend", "import-834", "-", "--data", str(tmp_path / "store"), "--json"]
    content = interchange([edi_member(group="UNHEARD")], usage="T")
    done = subprocess.run(line, input=content, capture_output=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr.decode()
    assert json.loads(done.stdout)["counts"] == {"queued": {"021": 1}}
    assert list((tmp_path / "store").glob("tmp*")) == []


@pytest.mark.parametrize("content", [b"", bytes(range(256)), "ISA*00".encode("utf-16")])
def test_what_is_no_834_file_is_said_so(run: Run, file: File, content: bytes) -> None:
    refused = run("import-834", file(content))
    assert refused.code == 1
    assert refused.out.startswith("F-00001 no 834 file: it has no interchange to answer\n")
    assert "(NO_ISA)" in refused.out


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b'"number,name\nG-1', "The first line cannot be read as columns of a CSV file."),
        (b"a" * 300_000, "The first line cannot be read as columns of a CSV file."),
        (b"number\x00,name\n", "The first line lacks the columns number, employees"),
        (b"\xff\xfen\x00", "The file is not UTF-8 text; save it as CSV UTF-8."),
    ],
)
def test_what_is_no_csv_file_is_said_so(run: Run, file: File, content: bytes, sentence: str) -> None:
    refused = run("import-groups", file(content))
    assert (refused.code, refused.out) == (2, "")
    assert refused.err.startswith(f"kprep-backend: {sentence}")


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("import-groups", "/nowhere/groups.csv"), "No such file or directory: /nowhere/groups.csv"),
        (("import-834", "/"), "Is a directory: /"),
        (("log", "NOPE"), "A reference looks like ABCD-EFGH-2345."),
        (("reps", "disable", "nobody"), "There is no rep nobody."),
        (("create-rep", "m.lopez"), "The password needs at least 12 characters."),
        (("migrate", "--database", "nonsense"), "A database URL looks like postgresql://user@host/name;"),
        (("migrate", "--database", "mysql://db/kprep"), "A database URL looks like postgresql://user@host/"),
        (("reps", "list", "--database", "postgresql://u:pw@127.0.0.1:1/x"), "The database does not do it: "),
        (("serve", "--tls-key", "/nowhere"), "A TLS key needs its certificate: --tls-certificate FILE"),
        (("serve", "--tls-certificate", "/nowhere"), "No TLS certificate with its key can be read from /now"),
        (("serve", "--port", "0"), "A port is a number from 1 to 65535."),
        (("serve", "--config", "/nowhere"), "No such file or directory: /nowhere"),
    ],
)
def test_what_cannot_run_says_why_in_a_sentence(run: Run, arguments: tuple[str, ...], sentence: str) -> None:
    ended = run(*arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith(f"kprep-backend: {sentence}")
    assert "pw" not in ended.err


@pytest.mark.parametrize("content", [b"port = [", b"\xff\xfe", b"prt = 1", b'port = "8343"'])
def test_a_configuration_that_is_wrong_starts_nothing(run: Run, file: File, content: bytes) -> None:
    ended = run("serve", "--config", file(content))
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("kprep-backend: ")


def test_the_life_of_a_rep(run: Run) -> None:
    made = run("create-rep", "m.lopez", "--name", "M.Lopez", "--center", "CA-1", given=PASSWORD)
    assert (made.code, made.out) == (0, "m.lopez can sign in as rep.\n")
    assert run("create-rep", "m.lopez", given=PASSWORD).code == 2
    for act in (("role", "m.lopez", "lead"), ("unlock", "m.lopez"), ("end-sessions", "m.lopez")):
        assert run("reps", *act).code == 0
    assert run("reps", "reset-password", "m.lopez", given=b"another horse battery\n").code == 0
    assert run("reps", "disable", "m.lopez").out == "m.lopez can no longer sign in.\n"
    (listed,) = run("reps", "list", "--json").report["reps"]
    assert (listed["role"], listed["center"], listed["disabled"]) == ("lead", "CA-1", True)
    assert run("reps", "enable", "m.lopez").code == 0
    assert run("reps", "list").out == "m.lopez              lead   CA-1     M.Lopez\n"


def test_the_record_of_what_was_done_is_whole(run: Run) -> None:
    run("create-rep", "m.lopez", given=PASSWORD)
    verified = run("audit", "verify", "--json")
    assert (verified.code, verified.report["findings"]) == (0, [])
    assert verified.report["sealed"] >= 1
    assert verified.report["unsealed"] == 0
    assert run("audit", "verify").out.endswith("the chain is whole\n")


def test_a_changed_record_is_found(run: Run, tmp_path: Path) -> None:
    run("create-rep", "m.lopez", given=PASSWORD)
    with closing(sqlite3.connect(tmp_path / "store" / "store.db")) as store, store:
        store.execute("UPDATE audit_row SET actor = 'somebody' WHERE seq = 1")
    verified = run("audit", "verify")
    assert verified.code == 1
    assert "  row 1: content or seal was changed" in verified.out


@pytest.mark.parametrize("spoken", ["{0}", "{1}", "{2}"])
def test_a_reference_is_found_as_it_is_heard(run: Run, tmp_path: Path, spoken: str) -> None:
    run("create-rep", "m.lopez", given=PASSWORD)
    with closing(sqlite3.connect(tmp_path / "store" / "store.db")) as store:
        (exact,) = store.execute("SELECT request_id FROM audit_row WHERE subject = 'm.lopez'").fetchone()
    typed = spoken.format(exact, exact.lower(), exact.replace("-", " "))
    found = run("log", typed)
    assert found.code == 0
    assert "m.lopez" in found.out
    assert run("log", "AAAA-AAAA-AAAA").out == "Nothing here knows AAAA-AAAA-AAAA.\n"


def test_the_policy_names_a_source_for_every_number(run: Run) -> None:
    shown = run("policy", "show", "--json", data=False)
    entries = json.loads(shown.out)
    assert shown.code == 0
    assert all(entry["source"] for entry in entries)
    assert {"name", "value", "source", "confirm"} <= set(entries[0])
    assert "\n* " in run("policy", "show", data=False).out
