"""The transcript: a text file of everything that was said, in which a message can be found again by its nonce.

A record is a blank line, the card as plain text, and a mark with the nonce. It goes out in one write to a file opened
for appending: a process that is killed has written it whole or not at all. Only power loss or a full disk can tear a
record; its mark is then missing or cut, so it does not count, and the next record closes the torn line first.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path
from typing import BinaryIO, TextIO

_MARK = "⌁"
_CHUNK = 1 << 16
_TORN = b" [cut off]\n"


def record(text: str, nonce: str) -> bytes:
    """The bytes of one record; what feeds say cannot pass for a mark."""
    return f"\n{text.replace(_MARK, '~')}  {_MARK} {nonce}\n".encode("utf-8", "replace")


def append(path: Path, data: bytes) -> None:
    """Append a record in one write, making the file (readable by its owner alone) and its folder. Raises OSError."""
    path.parent.mkdir(parents=True, exist_ok=True)
    flags = os.O_RDWR | os.O_APPEND | os.O_CREAT | getattr(os, "O_BINARY", 0)
    fd = os.open(path, flags, 0o600)
    try:
        end = os.lseek(fd, 0, os.SEEK_END)
        if end:
            os.lseek(fd, end - 1, os.SEEK_SET)
            data = data if os.read(fd, 1) == b"\n" else _TORN + data
        _write(fd, data)
    finally:
        os.close(fd)


def append_to_stream(stream: TextIO, data: bytes) -> bool:
    """The same for a file that is open already; False, with nothing written, if it is none that can be read back.

    Raises OSError.
    """
    file = open_again(stream)
    if file is None:
        return False
    stream.flush()
    with file:
        torn = file.seek(0, os.SEEK_END) > 0 and _last_byte(file) != b"\n"
    _write(stream.fileno(), _TORN + data if torn else data)
    return True


def _last_byte(file: BinaryIO) -> bytes:
    file.seek(-1, os.SEEK_END)
    return file.read(1)


def _write(fd: int, data: bytes) -> None:
    if os.write(fd, data) < len(data):
        raise OSError(errno.ENOSPC, "a record was cut off")


def holds(file: BinaryIO, nonce: str) -> bool:
    """Whether a whole record with this nonce is in the file: read from its end, one chunk in memory."""
    wanted = f"\n  {_MARK} {nonce}\n".encode()
    end = file.seek(0, os.SEEK_END)
    after = b""
    while end > 0:
        start = max(0, end - _CHUNK)
        file.seek(start)
        chunk = file.read(end - start)
        if wanted in chunk + after:
            return True
        after = (chunk + after)[: len(wanted) - 1]
        end = start
    return False


def open_again(stream: TextIO) -> BinaryIO | None:
    """The regular file behind a stream, opened for reading; None if it is none, or cannot be read back."""
    try:
        here = os.fstat(stream.fileno())
    except (OSError, ValueError):
        return None
    for path in (getattr(stream, "name", None), f"/dev/fd/{stream.fileno()}"):
        if isinstance(path, str) and os.path.isfile(path):
            try:
                file = open(path, "rb")  # noqa: SIM115  # the caller closes it
            except OSError:
                continue
            if os.path.samestat(os.fstat(file.fileno()), here):
                return file
            file.close()
    return None
