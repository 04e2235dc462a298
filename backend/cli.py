"""`kprep-backend`: what operators run. Exit 0 done, 1 done but something was refused, 2 could not run."""

from __future__ import annotations

import asyncio
import io
import json
import os
import sys
import tomllib
from pathlib import Path
from typing import Annotated, Any

import typer

from api_client.types.words import Channel, Role
from backend.cards.commands import cards_app
from backend.command import AsJson, Data, DatabaseUrl, File, opened, run, tell
from backend.command import fail as _fail
from backend.command import operate as _operate
from backend.command import operate_on_file as _operate_on_file
from backend.core_dump import leave_no_core
from backend.enrollment.commands import partners_app
from backend.home import HomeError, open_home
from backend.jobs.commands import daily
from backend.keys import KeysError
from backend.letters.commands import letters_app
from backend.policy.commands import policy_app
from backend.policy.policy import load_policy
from backend.policy.reading import PolicyError
from backend.user_ids.commands import deadlines
from backend.version import VERSION

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
reps_app = typer.Typer(no_args_is_help=True, help="Reps: list, roles, passwords, sign-in.")
audit_app = typer.Typer(no_args_is_help=True, help="The record of who did and saw what.")
app.add_typer(reps_app, name="reps")
app.add_typer(partners_app, name="partners")
app.add_typer(policy_app, name="policy")
app.add_typer(audit_app, name="audit")
app.add_typer(cards_app, name="cards")
app.add_typer(letters_app, name="letters")
app.command()(daily)
app.command()(deadlines)

Username = Annotated[str, typer.Argument(help="User name, such as m.lopez.")]


def main() -> None:
    """Run the command line; what cannot run says so in a sentence and ends with 2."""
    from sqlalchemy.exc import DBAPIError

    from backend.operator import Refused

    leave_no_core()
    os.umask(0o077)  # whatever is written here is this user's alone
    try:
        app()
    except (HomeError, KeysError, PolicyError, Refused) as error:
        _fail(str(error))
    except OSError as error:
        _fail(f"{error.strerror}: {error.filename}" if error.filename else error.strerror or str(error))
    except DBAPIError as error:
        # Only the first line: further ones may quote a row.
        _fail(f"The database does not do it: {str(error.orig).partition(chr(10))[0]}")


def _secret() -> io.BytesIO:
    """The password: asked for at a terminal, else the first line of standard input."""
    if sys.stdin.isatty():
        password = typer.prompt("New password", hide_input=True, confirmation_prompt=True)
        return io.BytesIO(f"{password}\n".encode())
    return io.BytesIO(sys.stdin.buffer.readline(1024))


@app.command()
def serve(
    data: Data = None,
    database: DatabaseUrl = None,
    config: Annotated[Path | None, typer.Option(help="TOML file with the options of this command.")] = None,
    socket: Annotated[Path | None, typer.Option(help="Answer on this Unix socket.")] = None,
    host: Annotated[str, typer.Option(help="Answer on this address.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(help="Answer on this port.")] = 8343,
    tls_certificate: Annotated[Path | None, typer.Option(help="Certificate chain (PEM).")] = None,
    tls_key: Annotated[Path | None, typer.Option(help="Private key (PEM).")] = None,
    policy: Annotated[Path | None, typer.Option(help="Policy file (default: California).")] = None,
    until_alone: Annotated[bool, typer.Option(help="End soon after the last desk has left.")] = False,
) -> None:
    """Serve the desks: one process on an embedded store, or any number on one PostgreSQL."""
    from backend.serve import Door
    from backend.serve import serve as run

    options: dict[str, Any] = {
        "data": data, "database": database, "socket": socket, "host": host, "port": port,
        "tls_certificate": tls_certificate, "tls_key": tls_key, "policy": policy,
    }  # fmt: skip
    if config is not None:
        options |= _read_config(config, set(options))
    home = open_home(_path(options["data"]), options["database"])
    door = Door(
        _path(options["socket"]),
        str(options["host"]),
        _port(options["port"]),
        _path(options["tls_certificate"]),
        _path(options["tls_key"]),
    )
    chosen = _path(options["policy"])
    asyncio.run(run(home, load_policy(chosen) if chosen else load_policy(), door, until_alone=until_alone))


def _path(value: object) -> Path | None:
    return Path(str(value)) if value else None


def _port(value: object) -> int:
    if not isinstance(value, int) or isinstance(value, bool) or not 0 < value < 65536:
        raise HomeError("A port is a number from 1 to 65535.")
    return value


def _read_config(file: Path, known: set[str]) -> dict[str, Any]:
    try:
        values = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise HomeError(f"The configuration {file} is not valid TOML: {error}") from None
    if unknown := set(values) - known:
        raise HomeError(f"The configuration {file} has unknown names: {', '.join(sorted(unknown))}")
    return values


@app.command()
def migrate(data: Data = None, database: DatabaseUrl = None) -> None:
    """Bring the store to this program's tables; an embedded store is copied before."""
    from backend.database.migrate import upgrade

    home = open_home(data, database)
    with home.held():
        home.keys()
        copied = upgrade(home.database)
    print("The store is up to date." + (f" The store of before is kept as {copied.name}." if copied else ""))


@app.command()
def demo(
    data: Annotated[
        Path | None, typer.Option("--data", help="Folder for a copy; without it, only prepare one.")
    ] = None,
) -> None:
    """Build the demo store: plainly invented groups and people, made through the real intake."""
    from backend.demo.build import build

    build(data, lambda line: print(line, flush=True))


@app.command("create-rep")
def create_rep(
    username: Username,
    name: Annotated[str, typer.Option(help="Name shown to colleagues.")] = "",
    role: Annotated[Role, typer.Option(help="What the rep may do.")] = Role.REP,
    center: Annotated[str, typer.Option(help="Service center.")] = "",
    data: Data = None,
    database: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Create a rep; the password is asked for, or read from standard input."""
    options = {"username": username, "name": name, "role": role.value, "center": center}
    _operate("create-rep", data, database, as_json, _secret(), **options)


@reps_app.command("list")
def reps_list(data: Data = None, database: DatabaseUrl = None, as_json: AsJson = False) -> None:
    """All reps with their roles."""
    _operate("reps", data, database, as_json, io.BytesIO(), act="list")


@reps_app.command("role")
def reps_role(
    username: Username, role: Role, data: Data = None, database: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """Give a rep another role."""
    _operate("reps", data, database, as_json, io.BytesIO(), act="role", username=username, role=role.value)


@reps_app.command("disable")
def reps_disable(
    username: Username, data: Data = None, database: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """Sign a rep out everywhere and let them in no more."""
    _operate("reps", data, database, as_json, io.BytesIO(), act="disable", username=username)


@reps_app.command("enable")
def reps_enable(
    username: Username, data: Data = None, database: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """Let a disabled rep in again."""
    _operate("reps", data, database, as_json, io.BytesIO(), act="enable", username=username)


@reps_app.command("unlock")
def reps_unlock(
    username: Username, data: Data = None, database: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """Open sign-in again after too many tries."""
    _operate("reps", data, database, as_json, io.BytesIO(), act="unlock", username=username)


@reps_app.command("end-sessions")
def reps_end_sessions(
    username: Username, data: Data = None, database: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """End every session of a rep at once."""
    _operate("reps", data, database, as_json, io.BytesIO(), act="end-sessions", username=username)


@reps_app.command("reset-password")
def reps_reset_password(
    username: Username, data: Data = None, database: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """Give a rep a new password; it is asked for, or read from standard input."""
    _operate("reset-password", data, database, as_json, _secret(), username=username)


@app.command("import-groups")
def import_groups(
    file: File,
    one_employer: Annotated[
        bool, typer.Option("--one-employer", help="Groups of one tax number are one employer, I looked.")
    ] = False,
    data: Data = None,
    database: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Take groups and their contacts from a CSV file; safe to run twice."""
    looked = "yes" if one_employer else "no"
    _operate_on_file("import-groups", file, data, database, as_json, one_employer=looked)


@app.command("import-members")
def import_members(
    file: File, data: Data = None, database: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """Take members and their coverage from a CSV file; safe to run twice."""
    _operate_on_file("import-members", file, data, database, as_json)


@app.command("find")
def find(data: Data = None, database: DatabaseUrl = None, as_json: AsJson = False) -> None:
    """Find groups, people (masked) and items: one text a line on standard input, the best result first.

    With --json one JSON object a line: results with kind, id, label and what matched.
    """
    from backend.search.lines import in_words

    answers = run("find", data, database, sys.stdin.buffer)["answers"]
    for answer in answers:
        if as_json:
            print(json.dumps({name: value for name, value in answer.items() if name != "error" or value}))
        else:
            print("\n".join(in_words(answer)))
    if any(answer["error"] for answer in answers):
        sys.exit(1)


@app.command("import-payments")
def import_payments(
    file: File, data: Data = None, database: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """Take payments from a CSV file; safe to run twice.

    Columns: external_id (the bank's own id), group_number, received_on, amount, method (check, ach, wire or
    cashiers_check); if you have them reference, and returned_on with the bank's date of one that came back:
    it is sent with the same line again.
    """
    _operate_on_file("import-payments", file, data, database, as_json)


@app.command("import-rates")
def import_rates(
    file: File, data: Data = None, database: DatabaseUrl = None, as_json: AsJson = False
) -> None:
    """Take rates from a CSV file; safe to run twice.

    Columns: group_number, line and level of coverage as in the members' file (empty where they are empty
    there), from_on (first day, such as 2026-01-01) and amount: what a subscriber pays a month, dependents
    included. A later from_on follows an earlier one. Without a rate nothing is billed.
    """
    _operate_on_file("import-rates", file, data, database, as_json)


@app.command("import-834")
def import_834(
    file: File,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say everything, change nothing.")] = False,
    media: Annotated[str, typer.Option(help="Label of the diskette or tape it came on.")] = "",
    media_from: Annotated[str, typer.Option(help="Who sent the diskette or tape.")] = "",
    answer: Annotated[
        Path | None, typer.Option(help="Write TA1 and 999 here, as they go back to the sender.")
    ] = None,
    data: Data = None,
    database: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Take an 834 enrollment file; says TA1, 999 and what became of each member.

    The same file again goes on where it stopped, and once done gets the same answer.
    """
    options = {
        "name": file.name if str(file) != "-" else "standard input",
        "channel": (Channel.MEDIA if media else Channel.EDI).value,
        "media_label": media,
        "media_from": media_from,
        "dry_run": "yes" if dry_run else "no",
    }
    with opened(file) as source:
        report = run("import-834", data, database, source, **options)
    if answer is not None:
        answer.write_text(report["answer"], encoding="ascii")
    tell(report, as_json)


@app.command("explain-billing")
def explain_billing(
    file: File,
    date: Annotated[str, typer.Option("--date", help="The day asked about, such as 2026-10-02.")],
    policy: Annotated[Path | None, typer.Option(help="Policy file (default: California).")] = None,
    as_json: AsJson = False,
) -> None:
    """Say everything the billing rules make of one group's history (JSON) on a day: a trial, nothing is kept.

    Keys: policy, cycle, paid_through, invoices, payments, credits, promises, letters_stopped, holds,
    reinstatement_requests. Nothing else is needed: no server, no database.
    """
    from backend.billing import explain, explain_form
    from backend.policy.calendar import Calendar

    numbers = load_policy(policy)
    with opened(file) as source:
        content = source.read(_LARGEST_LEDGER + 1)
    if len(content) > _LARGEST_LEDGER:
        _fail(f"{file.name}: larger than {_LARGEST_LEDGER:,} bytes; it is one group's history.")
    try:
        form = explain_form.read(content)
        found = explain.explain(form, explain_form.day_of(date), numbers, Calendar(numbers))
    except explain_form.LedgerError as error:
        _fail(f"{'standard input' if str(file) == '-' else file.name}: {error}")
    print(json.dumps(explain.as_json(found), indent=2) if as_json else "\n".join(explain.in_words(found)))


@app.command("match")
def match(
    registry: Annotated[Path, typer.Option("--registry", help="CSV file of the members, may be .gz.")],
    enrollments: Annotated[Path, typer.Option("--enrollments", help="CSV file of the enrollments.")],
    out: Annotated[Path, typer.Option("--out", help="Where the results go, one JSON object a line.")],
    report: Annotated[Path | None, typer.Option("--report", help="Write a report to read (HTML).")] = None,
) -> None:
    """Try the matching on two files: what would be automatic, what a person would see, and why.

    Columns of both: record_id, first_name, middle_name, last_name, suffix, date_of_birth (ISO), sex, ssn,
    street, city, state, zip, phone. Nothing else is needed: no server, no database.
    """
    from backend.matching import trial, trial_report

    try:
        with out.open("w", encoding="ascii") as lines:
            summary = trial.run(registry, enrollments, lines, _count_up)
    except trial.TrialError as error:
        _fail(str(error))
    except KeyboardInterrupt:
        _fail(f"Stopped; what was decided so far is in {out}.")
    if report is not None:
        report.write_text(trial_report.html(summary), encoding="utf-8")
    print(trial_report.text(summary))


_COUNTED = 5_000
_LARGEST_LEDGER = 1_000_000
"""Bytes of one group's history."""


def _count_up(what: str, done: int, *, last: bool) -> None:
    """How far it is: one line that is written over, or in a log a line now and then."""
    if sys.stderr.isatty():
        print(f"\r{what}: {done:,} ", end="\n" if last else "", file=sys.stderr, flush=True)
    elif last or done % _COUNTED == 0:
        print(f"{what}: {done:,}", file=sys.stderr, flush=True)


@audit_app.command("verify")
def audit_verify(data: Data = None, database: DatabaseUrl = None, as_json: AsJson = False) -> None:
    """Check that no row of the record is missing or changed."""
    _operate("audit-verify", data, database, as_json, io.BytesIO())


@app.command("log")
def log(
    reference: Annotated[str, typer.Argument(help="The reference on the rep's screen.")],
    data: Data = None,
    database: DatabaseUrl = None,
    as_json: AsJson = False,
) -> None:
    """Everything the backend knows about one reference."""
    _operate("log", data, database, as_json, io.BytesIO(), reference=reference)


@app.command()
def version() -> None:
    """The version of this program."""
    print(VERSION)
