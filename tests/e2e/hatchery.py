"""Processes of the program without the second that each start takes: forked from one that has loaded it and done nothing.

A test asks over a socket for a run: a folder, an environment, words. What is forked is a process like any other: it has its
own memory, its standard streams are the files that were asked for, it reads its configuration and ends by itself. Tests of
the start itself, of signals and of kills start real interpreters (`program.started`).
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


class Hatchery:
    """The process that is forked, started when it is first needed; it ends with whoever started it."""

    def __init__(self) -> None:
        self._folder = tempfile.TemporaryDirectory(prefix="robowire-test-")
        self._door = Path(self._folder.name) / "door"
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.hatchery", str(self._door)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            cwd=ROOT,
            env=os.environ | {"PYTHONIOENCODING": "utf-8"},
            start_new_session=True,
        )
        atexit.register(self.close)
        assert self._process.stdout
        assert self._process.stdout.readline() == b"ready\n"

    def close(self) -> None:
        """End it."""
        self._process.communicate()
        self._folder.cleanup()

    def run(self, words: list[str], streams: list[str], folder: Path, env: Mapping[str, str], patience: float) -> int:
        """Run the program with these words, its standard streams in these files; answers its exit code.

        Raises TimeoutError if it takes more than `patience` seconds.
        """
        asked = {"words": words, "streams": streams, "folder": str(folder), "env": dict(env)}
        with socket.socket(socket.AF_UNIX) as door:
            door.settimeout(patience)
            door.connect(str(self._door))
            door.sendall(json.dumps(asked).encode())
            door.shutdown(socket.SHUT_WR)
            return int(_all(door))


def _all(door: socket.socket) -> bytes:
    return b"".join(iter(lambda: door.recv(1 << 16), b""))


def _serve(path: str) -> list[str] | None:
    """Fork for every call until standard input ends. Returns in the forked program, with its words; None at the end."""
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for those who answer
    with socket.socket(socket.AF_UNIX) as listening:
        listening.bind(path)
        listening.listen()
        os.write(1, b"ready\n")
        while True:
            ready, _, _ = select.select([listening.fileno(), 0], [], [])
            if 0 in ready:
                return None
            door, _ = listening.accept()
            if os.fork() == 0:
                listening.close()
                return _answer(door)
            door.close()


def _answer(door: socket.socket) -> list[str]:
    """Fork the program and wait for its end; returns in the program only."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    asked = json.loads(_all(door))
    program = os.fork()
    if program:
        _, status = os.waitpid(program, 0)
        door.sendall(str(os.waitstatus_to_exitcode(status)).encode())
        os._exit(0)
    door.close()
    for number, file in enumerate(asked["streams"]):
        handle = os.open(file, os.O_RDONLY if number == 0 else os.O_WRONLY)
        os.dup2(handle, number)
        os.close(handle)
    os.chdir(asked["folder"])
    os.environ.clear()
    os.environ.update(asked["env"])
    words: list[str] = asked["words"]
    return words


if __name__ == "__main__":
    import bot.cli  # noqa: F401  # what takes a second
    from bot.__main__ import main

    gc.freeze()
    asked_for = _serve(sys.argv[1])
    if asked_for is not None:
        sys.argv = ["robowire", *asked_for]
        main()
