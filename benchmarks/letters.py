"""Printing letters: letters a second beside typst alone on an empty tagged page, and by all cores at once.

The letters are warning letters, termination letters, copies for brokers and notices to subscribers, no two of
them alike. Both take turns in one process, and their figures are of the processor's time, which other work on
the machine disturbs least. The lines go to `benchmarks/results/letters.txt`.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from functools import partial
from pathlib import Path

import typst

from backend.letters.content import paper_of
from backend.letters.facts import (
    About,
    BalanceFacts,
    BillFacts,
    CopyFacts,
    LetterFacts,
    SubscriberFacts,
    TerminationFacts,
    WarningFacts,
    plan_facts,
)
from backend.letters.paper import Paper
from backend.letters.render import press, render_many
from backend.policy.policy import load_policy

_RESULTS = Path(__file__).parent / "results" / "letters.txt"
_EMPTY = b'#set document(title: sys.inputs.paper)\n#set text(lang: "en")\n'
_DATED = date(2026, 9, 2)
_AT = datetime(2026, 9, 2, 12, tzinfo=UTC)
_TURNS = 10
_MIB = 2**20


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.letters", description=__doc__)
    parser.add_argument("--letters", type=int, default=1_000)
    parser.add_argument("--seed", type=int, default=25)
    options = parser.parse_args()
    command = " ".join(["python -m benchmarks.letters", *sys.argv[1:]])
    head = f"# {command}; load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores at the start"
    text = "\n".join([head, *_measured(options.letters, options.seed)])
    print(text)
    _RESULTS.write_text(text + "\n")


def _measured(count: int, seed: int) -> list[str]:
    ours, bare, size = _in_turns(count, seed)
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * 1024
    began = time.perf_counter()
    done = 0
    for done, _ in enumerate(render_many(papers(count, seed + 1)), start=1):
        _progress("by all cores", done, count, began)
    together = time.perf_counter() - began
    assert done == count
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    worked = used.ru_utime + used.ru_stime
    alone, empty = 1 / ours, 1 / bare
    rate, cores = count / together, worked / together
    return [
        f"{count:,} letters, one press   {alone:9,.0f} a second of the processor, each {size / 1024:.0f} KiB",
        f"typst, an empty tagged page   {empty:9,.0f} a second of the processor",
        f"ratio {ours / bare:5.1f} empty pages a letter, the median of {_TURNS} turns",
        f"{count:,} letters, all cores   {rate:9,.0f} a second of the clock, on {cores:.1f} cores' time",
        f"memory of the process with the press {memory / _MIB:.0f} MiB",
    ]


def _in_turns(count: int, seed: int) -> tuple[float, float, float]:
    """Seconds of the processor that a letter and an empty page take, and bytes of a letter."""
    compiler = typst.Compiler(
        _EMPTY, font_paths=typst.Fonts(include_system_fonts=False), ignore_system_fonts=True
    )

    def empty(turn: int, at: int) -> bytes:
        pdf = compiler.compile(
            _EMPTY,
            format="pdf",
            sys_inputs={"paper": f"Page {turn}.{at}"},
            pdf_standards=["ua-1"],
            timestamp=_AT,
        )
        assert isinstance(pdf, bytes)
        return pdf

    some = iter(papers(count, seed))
    each = max(1, count // _TURNS)
    letters, pages, sizes = [], [], []
    began = time.perf_counter()
    press().print(next(iter(papers(1, seed - 1))))
    empty(0, 0)
    for turn in range(_TURNS):
        seconds, length = _timed(lambda _at: press().print(next(some)), each)
        letters.append(seconds)
        sizes.append(length)
        pages.append(_timed(partial(empty, turn), each)[0])
        _progress("in turns", (turn + 1) * each, count, began)
    return statistics.median(letters), statistics.median(pages), statistics.mean(sizes)


def _timed(made: Callable[[int], bytes], times: int) -> tuple[float, float]:
    """Seconds of the processor one takes, and its bytes."""
    began = time.process_time()
    length = sum(len(made(at)) for at in range(1, times + 1))
    return (time.process_time() - began) / times, length / times


def _progress(what: str, done: int, of: int, began: float) -> None:
    if done % max(1, of // 10) == 0 or done == of:
        rate = done / (time.perf_counter() - began)
        print(f"{what}: {done:,} of {of:,} letters, {rate:,.0f} a second", file=sys.stderr)


def papers(count: int, seed: int) -> Iterator[Paper]:
    """So many letters, the same for the same seed."""
    chance = random.Random(seed)
    plan = plan_facts(load_policy(), "800-555-0123", "weekdays 8 to 5")
    for at in range(count):
        name = f"{chance.choice(_FIRST)} {chance.choice(_SECOND)} {chance.choice(_LAST)} {at}"
        facts = LetterFacts(
            number=f"L-{at:05d}",
            dated=_DATED,
            group_number=f"{100_000 + at}",
            group_name=name,
            addressee=name,
            address=(f"{chance.randrange(1, 9999)} Testing Way", "Oakland, CA 94606"),
            plan=plan,
            about=_about(chance),
        )
        if chance.random() < 0.2:
            copy = CopyFacts(
                number=f"L-{at:05d}", dated=_DATED, addressee=f"Broker {at}", address=facts.address
            )
            facts = facts.copied(copy)
        yield paper_of(facts)


_FIRST = ("Oak", "Harbor", "Mission", "Redwood", "Valley")
_SECOND = ("Street", "View", "Point", "Park")
_LAST = ("Dental Group", "Bakery", "Electric Incorporated", "Tile & Stone")


def _about(chance: random.Random) -> About:
    last = _DATED + timedelta(days=29)
    kind = chance.choices(("subscriber", "warning", "termination"), (6, 2, 2))[0]
    if kind == "subscriber":
        return SubscriberFacts(month=date(2026, 9, 1), grace_from=_DATED, last_day=last, grace_days=30)
    keep = Decimal(chance.randrange(10_000, 9_000_000)) / 100
    balance = BalanceFacts(balance=keep + 25, premium=keep, fees=Decimal(25), credit=Decimal(0))
    bill = BillFacts(number="I-10", month=date(2026, 9, 1), due=date(2026, 9, 1))
    if kind == "warning":
        return WarningFacts(bill=bill, balance=balance, keep=keep, last_day=last, grace_days=30)
    return TerminationFacts(bill=bill, balance=balance, keep=keep, warned_on=_DATED, ends_on=last)


if __name__ == "__main__":
    main()
