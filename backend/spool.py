"""A file that is needed only for a while: on the disk, but readable by this process alone."""

from __future__ import annotations

import io
import os
import tempfile
from pathlib import Path
from typing import BinaryIO, cast

from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CTR

_BLOCK = 16
_PIECE = 65_536


class _Spool(io.RawIOBase):
    """A file without a name, encrypted (AES-256 in counter mode) under a key that only memory holds.

    What is written once is never written over, so no part of the key stream is used twice.
    """

    def __init__(self, folder: Path | None) -> None:
        super().__init__()
        self._file = tempfile.TemporaryFile(dir=folder)  # noqa: SIM115  (closed with this one)
        self._key = os.urandom(32)
        self._start = int.from_bytes(os.urandom(8), "big") << 64
        self._size = 0
        self._position = 0

    def readable(self) -> bool:
        return True

    def writable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def close(self) -> None:
        self._file.close()
        super().close()

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def write(self, data: bytes) -> int:  # type: ignore[override]
        """Add to the end."""
        content = bytes(data)
        self._file.seek(self._size)
        self._file.write(self._crypt(content, self._size))
        self._size += len(content)
        self._position = self._size
        return len(content)

    def readinto(self, buffer: bytearray) -> int:  # type: ignore[override]
        """Fill the buffer from the position on."""
        self._file.seek(self._position)
        found = self._crypt(self._file.read(len(buffer)), self._position)
        buffer[: len(found)] = found
        self._position += len(found)
        return len(found)

    def _crypt(self, content: bytes, position: int) -> bytes:
        """Counter mode is its own inverse, at any place."""
        block, within = divmod(position, _BLOCK)
        counter = (self._start + block).to_bytes(_BLOCK, "big")
        stream = Cipher(AES(self._key), CTR(counter)).encryptor()
        stream.update(bytes(within))
        return stream.update(content)


def spool(folder: Path | None) -> BinaryIO:
    """An empty spool in a folder, or where the system keeps such files."""
    return cast(BinaryIO, io.BufferedRandom(cast(io.RawIOBase, _Spool(folder)), _PIECE))
