"""The wire contract as a file: `python -m tests.contract` writes it, `--check` says whether it is true."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from backend.app import create_app

FILE = Path(__file__).parents[1] / "docs" / "openapi.json"


def contract() -> str:
    """Every route with its models, in a fixed order."""
    document = create_app(None).openapi()
    return json.dumps(document, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def main() -> int:
    """Write or check docs/openapi.json; returns the exit code."""
    if "--check" not in sys.argv:
        FILE.write_text(contract(), encoding="utf-8")
        return 0
    if FILE.exists() and FILE.read_text(encoding="utf-8") == contract():
        return 0
    sys.stderr.write("docs/openapi.json is not what the routes are; run: make contract\n")
    return 1


if __name__ == "__main__":
    sys.exit(main())
