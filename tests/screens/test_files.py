"""Files that a rep names: read into memory, or a sentence about why not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from kprep_tui.files import LARGEST_MIB, read_file
from screens.widgets.failure import Trouble


async def test_a_file_is_read_whole_from_home_too(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fax 4100.tif").write_bytes(b"II*\0" * 5)
    monkeypatch.setenv("HOME", str(tmp_path))
    named, from_home = await read_file(str(tmp_path / "fax 4100.tif")), await read_file("~/fax 4100.tif")
    assert named == from_home == b"II*\0" * 5


async def test_what_is_no_readable_file_gets_a_sentence_and_never_hangs(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "empty").touch()
    with (tmp_path / "large").open("wb") as large:
        large.truncate(LARGEST_MIB * 1024 * 1024 + 1)
    sentences = {
        "missing": "There is no such file.",
        "": "This file cannot be read.",  # the folder itself
        "pipe": "This is no file that can be read.",
        "empty": "The file is empty.",
        "large": "The file is larger than 16 MiB.",
        "nul\0": "This file cannot be read.",
        "x" * 300: "This file cannot be read.",
    }
    for name, sentence in sentences.items():
        with pytest.raises(Trouble) as trouble:
            await read_file(f"{tmp_path}/{name}")
        assert (name, str(trouble.value)) == (name, sentence)
    with pytest.raises(Trouble, match="This is no file that can be read"):
        await read_file("/dev/zero")
    with pytest.raises(Trouble, match="This file cannot be read"):
        await read_file("~nobody-of-this-name/fax.tif")


async def test_a_folder_that_never_answers_is_not_waited_for(tmp_path: Path) -> None:
    (tmp_path / "fax.tif").write_bytes(b"II*\0")
    with pytest.raises(Trouble, match="could not be read in time"):
        await read_file(str(tmp_path / "fax.tif"), within=0)
