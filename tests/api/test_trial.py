"""The trial command: two files in, one line of JSON an enrollment out. All people are invented."""

from __future__ import annotations

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from typer.testing import CliRunner

from backend.cli import app
from backend.runtime import Runtime
from tests.enrollments import add_group, add_member, submission, submit

COLUMNS = (
    "record_id", "first_name", "middle_name", "last_name", "suffix", "date_of_birth", "sex", "ssn", "street",
    "city", "state", "zip", "phone",
)  # fmt: skip
ZELDA = {
    "record_id": "M42", "first_name": "Zelda", "last_name": "Quillfeather", "date_of_birth": "1984-03-12",
    "sex": "F", "ssn": "090126789", "street": "14 Elm St", "city": "Oakland", "state": "CA", "zip": "94612",
}  # fmt: skip
ODO = {"record_id": "M43", "first_name": "Odo", "last_name": "Moonwhistle", "date_of_birth": "1970-07-07"}


def write(path: Path, *rows: dict[str, str], columns: tuple[str, ...] = COLUMNS) -> Path:
    text = io.StringIO()
    writer = csv.DictWriter(text, columns, extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    content = text.getvalue().encode()
    path.write_bytes(gzip.compress(content) if path.suffix == ".gz" else content)
    return path


def run(folder: Path, registry: Path, enrollments: Path, *more: str) -> tuple[list[dict[str, Any]], str]:
    out = folder / "results.jsonl"
    files = ["--registry", str(registry), "--enrollments", str(enrollments), "--out", str(out)]
    result = CliRunner().invoke(app, ["match", *files, *more])
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in out.read_text().splitlines()], result.output


def test_each_enrollment_gets_its_decision_and_why(tmp_path: Path) -> None:
    registry = write(tmp_path / "members.csv.gz", ZELDA, ODO)
    enrollments = write(
        tmp_path / "enrollments.csv",
        ZELDA | {"record_id": "Q1", "ssn": "90126789"},  # a spreadsheet took the zero
        ZELDA | {"record_id": "Q2", "first_name": "Zora"},
        {"record_id": "Q3", "first_name": "Ida", "last_name": "Tiptree", "date_of_birth": "1999-09-09"},
        columns=(*COLUMNS, "shoe_size"),
    )
    results, said = run(tmp_path, registry, enrollments)
    assert [one["record_id"] for one in results] == ["Q1", "Q2", "Q3"]
    assert [one["decision"] for one in results] == ["auto", "queue", "new"]
    assert [one["matched_id"] for one in results] == ["M42", None, None]
    assert results[0]["candidates"][0] == results[1]["candidates"][0] == "M42"
    assert all(set(one) == {"record_id", "decision", "matched_id", "candidates", "why"} for one in results)
    assert "3 enrollments beside 2 members" in said


def test_the_report_gives_reasons_and_names_nobody(tmp_path: Path) -> None:
    registry = write(tmp_path / "members.csv", ZELDA, ODO)
    enrollments = write(tmp_path / "e.csv", ZELDA | {"record_id": "Q<1>"}, ODO | {"record_id": "Q2"})
    report = tmp_path / "report.html"
    run(tmp_path, registry, enrollments, "--report", str(report))
    page = report.read_text()
    assert "SSN, birth date and first name agree on one member only" in page
    assert "The 1 riskiest automatic matches" in page
    assert "Q&lt;1&gt;" in page
    assert "Quillfeather" not in page
    assert "Elm" not in page


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"first_name,last_name\nZelda,Quillfeather\n", "names no column record_id"),
        (b"", "names no column record_id"),
        (b"record_id,last_name\n,Moss\n", "line 2: record_id is empty"),
        (b"record_id,last_name\nM1,Moss\nM1,Moss\n", "M1 stands there twice"),
        (b"record_id,last_name\nM1,\xff\xfe\n", "is no CSV file in UTF-8"),
    ],
)
def test_a_file_that_is_none_is_refused_with_the_reason(tmp_path: Path, content: bytes, why: str) -> None:
    registry = tmp_path / "members.csv"
    registry.write_bytes(content)
    enrollments = write(tmp_path / "e.csv", ODO)
    files = ["--registry", str(registry), "--enrollments", str(enrollments), "--out", str(tmp_path / "o")]
    result = CliRunner().invoke(app, ["match", *files])
    assert result.exit_code == 2
    assert why in result.output


@pytest.mark.parametrize("change", [{}, {"ssn": None}, {"first_name": "Clary"}, {"birth_date": "1955-03-14"}])
async def test_the_server_decides_the_same(
    api: httpx.AsyncClient, runtime: Runtime, tmp_path: Path, change: dict[str, Any]
) -> None:
    form = submission(**change)
    await add_group(runtime)
    await add_member(runtime)
    answer = await submit(api, runtime, **change)
    names = {"birth_date": "date_of_birth"}
    asked = {names.get(name, name): value or "" for name, value in form.items()}
    on_file = {names.get(name, name): value for name, value in submission().items()}
    registry = write(tmp_path / "m.csv", on_file | {"record_id": "M1"})
    results, _ = run(tmp_path, registry, write(tmp_path / "e.csv", asked | {"record_id": "Q1"}))
    assert results[0]["why"] == answer["why"]
