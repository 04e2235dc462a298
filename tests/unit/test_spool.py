"""What passes through a spool comes back as it was, and lies on no disk in the clear."""

from __future__ import annotations

import io
import tempfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backend.spool import spool


@given(st.lists(st.binary(max_size=200_000), max_size=6), st.lists(st.integers(0, 400_000), max_size=6))
def test_any_bytes_come_back_from_any_place(pieces: list[bytes], places: list[int]) -> None:
    whole = b"".join(pieces)
    with spool(None) as kept:
        for piece in pieces:
            kept.write(piece)
        for place in places:
            kept.seek(place)
            assert kept.read(1000) == whole[place : place + 1000]
        kept.seek(0)
        assert kept.read() == whole
        assert kept.seek(0, io.SEEK_END) == len(whole)


def test_nothing_of_it_can_be_read_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    made: list[Any] = []
    real = tempfile.TemporaryFile

    def remembered(**options: Any) -> Any:
        made.append(real(**options))
        return made[-1]

    monkeypatch.setattr(tempfile, "TemporaryFile", remembered)
    secret = b"NM1*IL*1*PEBBLEWICK*CLARA****34*900112222~" * 5000
    with spool(tmp_path) as kept:
        kept.write(secret)
        kept.flush()
        made[0].seek(0)
        on_disk = made[0].read()
    assert len(on_disk) == len(secret)
    assert b"PEBBLEWICK" not in on_disk
    assert list(tmp_path.iterdir()) == []
