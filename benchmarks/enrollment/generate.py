"""A production 834 file of any size, made from a seed; everyone in it is invented."""

from __future__ import annotations

import random
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import TextIO

GROUP = "900100"
SENDER = "BENCHTPA"
PER_SET = 10_000
"""The guide's limit."""
SENT = date(2026, 11, 20)

_BEGINS = (
    "ASH", "BELL", "CANDLE", "DUN", "EVER", "FAIR", "GOOD", "HOLLO", "INGLE", "KETTLE", "LARK",
    "MERRI", "NIGHT", "OAKEN", "PEBBLE", "QUILL", "ROWN", "SUMMER", "TANSY", "UNDER", "VANTER",
)  # fmt: skip
_ENDS = (
    "GROVE", "WETHER", "WICK", "SHIRE", "MOOR", "DALE", "WAY", "BY", "WELL", "SPUR", "GALE",
    "SHAW", "FEATHER", "TREE", "FIELD", "BROOK", "HILL", "POOL", "BOURNE", "LAND", "STONE",
)  # fmt: skip
_FIRST = (
    "ADA", "BASIL", "CLARA", "DENIS", "EDITH", "FELIX", "GRETA", "HUGO", "IRIS", "JONAS", "KIRA",
    "LEON", "MARTA", "NILS", "OLGA", "PAUL", "QUINN", "ROSA", "SIMON", "THEA", "URSULA", "VICTOR",
)  # fmt: skip
_STREETS = ("CANAL ST", "ELM AVE", "HARBOR BLVD", "MILL RD", "ORCHARD LN", "SUTTER ST")
_TOWNS = ("OAKLAND 94606", "FRESNO 93701", "SACRAMENTO 95814", "SAN DIEGO 92101")


def write_file(path: Path, members: int, seed: int, on: date = SENT) -> int:
    """Write a file of so many members, added for the first time; returns its size in bytes."""
    chance, control, day = random.Random(seed), 1, f"{on:%Y%m%d}"
    with path.open("w", encoding="ascii") as out:
        out.write(
            f"ISA*00*{'':10}*00*{'':10}*ZZ*{SENDER:15}*ZZ*{'PLAN':15}*{day[2:]}*0900*^*00501*{control:09}*0*P*:~\n"
            f"GS*BE*{SENDER}*PLAN*{day}*0900*{control}*X*005010X220A1~\n"
        )
        people = _people(chance, members, f"{on + timedelta(days=11):%Y%m%d}")
        sets = -(-members // PER_SET)
        for number in range(1, sets + 1):
            _write_set(out, people, day, number, min(PER_SET, members - (number - 1) * PER_SET))
        out.write(f"GE*{sets}*{control}~\nIEA*1*{control:09}~\n")
    return path.stat().st_size


def _write_set(out: TextIO, people: Iterator[list[str]], day: str, number: int, members: int) -> None:
    head = [
        f"ST*834*{number:04}*005010X220A1",
        f"BGN*00*{number}*{day}*0900****2",
        "N1*P5*BENCH EMPLOYERS*FI*123456789",
        "N1*IN*THE PLAN*94*PLAN",
    ]
    count = len(head) + 1
    out.write("".join(f"{one}~\n" for one in head))
    for _ in range(members):
        member = next(people)
        count += len(member)
        out.write("".join(f"{one}~\n" for one in member))
    out.write(f"SE*{count}*{number:04}~\n")


def _people(chance: random.Random, members: int, begins: str) -> Iterator[list[str]]:
    """Families of one to four, the subscriber first, in the usual eleven or so segments each."""
    made, family = 0, 0
    while made < members:
        family += 1
        last = chance.choice(_BEGINS) + chance.choice(_ENDS)
        firsts, home = chance.sample(_FIRST, 4), f"{chance.randint(1, 9999)} {chance.choice(_STREETS)}"
        town, _, code = chance.choice(_TOWNS).rpartition(" ")
        for first, relationship in zip(
            firsts, ["18", "01", "19", "19"][: chance.choice([1, 1, 2, 3, 4])], strict=False
        ):
            made += 1
            address = [f"N3*{home}", f"N4*{town}*CA*{code}"]
            yield _member(chance, family, relationship, f"{last}*{first}", address, begins)
            if made == members:
                return


def _member(
    chance: random.Random, family: int, relationship: str, name: str, home: list[str], begins: str
) -> list[str]:
    own = relationship == "18"
    ssn = f"9{chance.randrange(10**8):08}"
    born = chance.randint(1955, 2000) if relationship != "19" else chance.randint(2005, 2024)
    found = [
        f"INS*{'Y' if own else 'N'}*{relationship}*021*28*A" + ("***FT" if own else ""),
        f"REF*0F*B{family:07}",
        f"REF*1L*{GROUP}",
        f"DTP*356*D8*{begins}",
        f"NM1*IL*1*{name}*{chance.choice('ABCDEFGHJKLMNP')}***34*{ssn}",
    ]
    if own and chance.random() < 0.6:
        found.append(f"PER*IP**HP*510555{chance.randrange(10**4):04}")
    found += home
    found.append(f"DMG*D8*{born}{chance.randint(1, 12):02}{chance.randint(1, 28):02}*{chance.choice('FM')}")
    for line in ("HMO", "DEN") if chance.random() < 0.4 else ("HMO",):
        found += [f"HD*021**{line}**{'FAM' if own else 'DEP'}", f"DTP*348*D8*{begins}"]
    return found
