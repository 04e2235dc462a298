"""One pass over a file in a process of its own, so that its memory is seen; prints what it took as JSON."""

from __future__ import annotations

import io
import json
import logging
import resource
import sys
import time
from pathlib import Path

_KIB = 1024


def ours(path: Path) -> int:
    """Judge the file and read its members."""
    from backend.enrollment.edi.reader import inspect, members

    with path.open("rb") as file:
        report = inspect(file)
        count = sum(1 for _ in members(file, report))
    assert report.ta1 == "A"
    assert count == sum(one.members for one in report.sets)
    return count


def pyx12(path: Path) -> int:
    """Let pyx12 validate the file and write its 999."""
    from pyx12.params import ParamsBase
    from pyx12.x12n_document import x12n_document

    logging.disable(logging.CRITICAL)
    text = path.read_text("ascii").replace("\n", "")
    assert x12n_document(ParamsBase(), io.StringIO(text), io.StringIO(), None)
    return text.count("~INS*")


def main() -> None:
    """Measure one pass."""
    who, path = sys.argv[1], Path(sys.argv[2])
    work = {"ours": ours, "pyx12": pyx12}[who]
    began, work_began = time.perf_counter(), time.process_time()
    count = work(path)
    seconds, worked = time.perf_counter() - began, time.process_time() - work_began
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _KIB
    sys.stdout.write(json.dumps({"seconds": seconds, "worked": worked, "members": count, "memory": memory}))


if __name__ == "__main__":
    main()
