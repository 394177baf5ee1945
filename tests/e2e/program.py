"""The real program as a child process, with bounded waits and nothing but its own configuration."""

from __future__ import annotations

import json
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from time import monotonic
from typing import IO, Any, TypeVar

from bot.store.open import open_store
from tests.e2e.hatchery import Hatchery

T = TypeVar("T")
ROOT = Path(__file__).resolve().parents[2]
PATIENCE = 30.0
"""Seconds after which a child counts as hung; nothing here takes a tenth of it on an idle machine."""

SECRETS = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET", "DISCORD_TOKEN")
_RECORD = re.compile(r"\n(?P<card>(?:.+\n)+?)  ⌁ (?P<nonce>\S+)\n")


@dataclass(frozen=True, slots=True)
class Ran:
    """What a command came to: its exit code and what it said."""

    code: int
    out: str
    err: str

    @property
    def rows(self) -> list[Any]:
        """The output as JSON, an object a line."""
        return [json.loads(line) for line in self.out.splitlines()]


def environment(**more: str) -> dict[str, str]:
    """Ours, without tokens, where `python -m bot` finds this very package from any folder."""
    ours = {name: value for name, value in os.environ.items() if name not in (*SECRETS, "PYTHONUNBUFFERED")}
    return ours | {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "COLUMNS": "80", **more}


PROGRAM = ("-m", "bot")


def argv(words: Iterable[str | bytes], program: Iterable[str] = PROGRAM) -> list[str | bytes]:
    """The command line of the program with these words."""
    return [sys.executable, *program, *words]


@cache
def _hatchery() -> Hatchery:
    return Hatchery()


def run(folder: Path, *words: str | bytes, stdin: bytes = b"", **more: str) -> Ran:
    """Run a command in a folder to its end. Whatever happens it must not hang, and never show a traceback.

    With `more` in its environment, which an interpreter may heed when it starts, it is an interpreter of its own.
    """
    ran = _started_anew(folder, words, stdin, more) if more else _forked(folder, words, stdin)
    assert "Traceback" not in ran.err + ran.out, f"{words}:\n{ran.err}{ran.out}"
    return ran


def _started_anew(folder: Path, words: Iterable[str | bytes], stdin: bytes, more: Mapping[str, str]) -> Ran:
    done = subprocess.run(
        argv(words),
        input=stdin,
        capture_output=True,
        cwd=folder,
        env=environment(**more),
        timeout=PATIENCE,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def _forked(folder: Path, words: Iterable[str | bytes], stdin: bytes) -> Ran:
    with tempfile.TemporaryDirectory(prefix="robowire-test-") as scratch:
        streams = [Path(scratch) / name for name in ("in", "out", "err")]
        for stream in streams:
            stream.write_bytes(stdin if stream.name == "in" else b"")
        said = [os.fsdecode(word) for word in words]
        code = _hatchery().run(said, [str(one) for one in streams], folder, environment(), PATIENCE)
        return Ran(code, *(stream.read_bytes().decode() for stream in streams[1:]))


def together(*acts: Callable[[], T]) -> list[T]:
    """Do these two at a time, as there are two cores nearly everywhere; answers what each came to, in order."""
    with ThreadPoolExecutor(2) as pool:
        return [asked.result() for asked in [pool.submit(act) for act in acts]]


def shell(folder: Path, script: str, *words: str) -> Ran:
    """The same by a shell script, in which "$@" is the program with these words: for pipes and closed streams."""
    done = subprocess.run(
        ["bash", "-c", script, "bash", *map(str, argv(words))],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        cwd=folder,
        env=environment(),
        timeout=PATIENCE,
        check=False,
    )
    return Ran(done.returncode, done.stdout.decode(), done.stderr.decode())


def until(look: Callable[[], T], process: subprocess.Popen[bytes] | None = None, said: Callable[[], str] = str) -> T:
    """Look again and again until there is something; fails at the deadline, or when the process ends meanwhile."""
    deadline = monotonic() + PATIENCE
    while not (found := look()):
        assert monotonic() < deadline, f"it never came:\n{said()}"
        if process is None:
            select.select([], [], [], 0.05)
            continue
        with suppress(subprocess.TimeoutExpired):
            code = process.wait(0.05)
            raise AssertionError(f"it ended with {code}:\n{said()}")
    return found


@dataclass
class Bot:
    """A program that goes on running; what it says goes to files."""

    process: subprocess.Popen[bytes]
    folder: Path
    name: str

    @property
    def out(self) -> str:
        return (self.folder / f"{self.name}.out").read_text(encoding="utf-8")

    @property
    def err(self) -> str:
        return (self.folder / f"{self.name}.err").read_text(encoding="utf-8")

    def say(self, line: str) -> None:
        """Type a line into its standard input."""
        assert self.process.stdin
        self.process.stdin.write(f"{line}\n".encode())
        self.process.stdin.flush()

    def until(self, look: Callable[[], T]) -> T:
        """Look again and again until there is something; fails if the program ends meanwhile, or at the deadline."""
        return until(look, self.process, lambda: self.out + self.err)

    def stop(self) -> int:
        """Ask it to stop, as a service manager does, and wait for the exit code."""
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(10)


@contextmanager
def started(
    folder: Path,
    *words: str,
    stdin: int | IO[bytes] = subprocess.DEVNULL,
    name: str = "bot",
    before: str = "",
    more: Mapping[str, str] | None = None,
    program: Iterable[str] = PROGRAM,
) -> Iterator[Bot]:
    """A running program in a process group of its own, all of it gone at the end.

    `before` is a shell redirection, `more` is added to its environment. `program` is what Python
    runs.
    """
    line: list[Any] = argv(words, program)
    if before:
        line = ["bash", "-c", f'exec "$@" {before}', "bash", *line]
    with open(folder / f"{name}.out", "wb") as out, open(folder / f"{name}.err", "wb") as err:
        process = subprocess.Popen(
            line,
            stdin=stdin,
            stdout=out,
            stderr=err,
            cwd=folder,
            env=environment(**(more or {})),
            start_new_session=True,
        )
        with process:
            try:
                yield Bot(process, folder, name)
            finally:
                with suppress(ProcessLookupError):
                    os.killpg(process.pid, signal.SIGKILL)


def nonces(transcript: Path) -> list[str]:
    """The nonce of every record of a transcript, in order."""
    return [found["nonce"] for found in _RECORD.finditer(transcript.read_text(encoding="utf-8"))]


def stored(database: Path) -> dict[int, list[str]]:
    """The titles of all stored items by the number of their feed."""
    store = open_store(str(database))
    try:
        with store.read() as tx:
            found: dict[int, list[str]] = {}
            for one in tx.items.search(limit=1_000_000):
                found.setdefault(one.feed_id, []).append(one.item.title)
            assert sum(map(len, found.values())) == tx.items.count()
            assert tx.outbox.waiting() == 0
            return found
    finally:
        store.close()


def feeds(folder: Path) -> list[dict[str, Any]]:
    """What `feed list` says of every feed."""
    return run(folder, "feed", "list", "--json").rows
