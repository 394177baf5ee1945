"""The prompt on a real pseudo-terminal, in a process of its own."""

from __future__ import annotations

import os
import re
import select
import signal
import stat
import subprocess
import sys
import termios
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from prompt_toolkit.completion import CompleteEvent
from prompt_toolkit.document import Document

from bot.chat.terminal_prompt import _Words

pty = pytest.importorskip("pty")

CHILD = """
import asyncio, os, signal, sys
from pathlib import Path
from bot.chat.terminal import Terminal
from bot.message import Card, Message, say
from bot.model import (TERMINAL)

async def main():
    here = Path(sys.argv[1])
    terminal = Terminal(here / "t.txt", sys.stdout, source=sys.stdin, history=here / "h" / "past")
    alert = Message("x", (Card("Figure opens a factory", "https://a.example/"),), "news")
    tasks = set()
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGUSR1, lambda: tasks.add(loop.create_task(terminal.post(TERMINAL, alert, "n1"))))

    async def answer(text):
        if text == "log":
            print("a line of a log", file=sys.stderr)
        if text == "work":
            with terminal.progress("working") as meter:
                meter.update(1, 2)
        return say(f"answer to <{text}>")

    words = ["deals", "watch"]
    talk = loop.create_task(terminal.converse(answer, lambda t: [w for w in words if w.startswith(t)], say("greeting")))
    loop.add_signal_handler(signal.SIGTERM, talk.cancel)
    await asyncio.wait([talk])
    print("BYE", terminal._prompt)

if "background" in sys.argv:
    os.login_tty(0)
    if os.fork():
        sys.exit(os.waitstatus_to_exitcode(os.wait()[1]))
    os.setpgid(0, 0)
asyncio.run(main())
"""


@dataclass
class Tty:
    """Somebody before a terminal: types, and reads what appears."""

    master: int
    slave: int
    process: subprocess.Popen[bytes]
    seen: str = ""

    def type(self, text: str) -> None:
        os.write(self.master, text.encode())

    def until(self, text: str) -> str:
        """What appears up to and with `text`; escape sequences are left out."""
        raw = b""
        deadline = time.monotonic() + 30
        while text not in self.seen:
            left = deadline - time.monotonic()
            assert left > 0, f"{text!r} did not appear, but {self.seen!r}"
            if select.select([self.master], [], [], left)[0]:
                raw += os.read(self.master, 65536)
                self.seen += re.sub(r"\x1b(?:\[[0-9;?]*[A-Za-z]|\][^\x07\x1b]*(?:\x07|\x1b\\))", "", raw.decode())
                raw = b""
        shown, _, self.seen = self.seen.partition(text)
        return shown + text

    def ended(self) -> int:
        return self.process.wait(30)


def _open(folder: Path, *args: str) -> Tty:
    master, slave = pty.openpty()
    environ = {**os.environ, "TERM": "xterm-256color", "PROMPT_TOOLKIT_NO_CPR": "1", "PYTHONUTF8": "1", "COLUMNS": "80"}
    process = subprocess.Popen(
        [sys.executable, "-c", CHILD, str(folder), *args], stdin=slave, stdout=slave, stderr=slave, env=environ
    )
    return Tty(master, slave, process)


@pytest.fixture
def tty(tmp_path: Path) -> Iterator[Tty]:
    tty = _open(tmp_path)
    yield tty
    _close(tty)


def _close(tty: Tty) -> None:
    tty.process.kill()
    tty.process.wait()
    os.close(tty.master)
    os.close(tty.slave)


def test_lines_are_answered_until_ctrl_d(tty: Tty, tmp_path: Path) -> None:
    assert "greeting" in tty.until("wire ›")
    tty.type("/wire news 机器人\r")
    tty.until("answer to <news 机器人>")
    tty.until("wire ›")
    tty.type("\r")
    tty.until("wire ›")
    tty.type("\x04")
    tty.until("BYE None")
    assert tty.ended() == 0
    past = tmp_path / "h" / "past"
    assert "+/wire news 机器人\n" in past.read_text(encoding="utf-8")
    assert stat.S_IMODE(past.stat().st_mode) == 0o600


def test_an_alert_appears_above_what_is_being_typed(tty: Tty) -> None:
    tty.until("wire ›")
    tty.type("half a ")
    tty.until("half a")
    tty.process.send_signal(signal.SIGUSR1)
    tty.until("Figure opens a factory")
    tty.until("wire › half a")
    tty.type("line\r")
    tty.until("answer to <half a line>")


def test_tab_completes(tty: Tty) -> None:
    tty.until("wire ›")
    tty.type("/dea")
    tty.until("deals")
    tty.type("\tx\r")
    tty.until("answer to <deals x>")


def test_ctrl_c_clears_the_line_and_twice_ends(tty: Tty) -> None:
    tty.until("wire ›")
    tty.type("junk\x03")
    tty.until("Ctrl-C again to leave")
    tty.type("more\x03")
    tty.until("Ctrl-C again to leave")
    tty.type("\x03")
    tty.until("BYE None")
    assert tty.ended() == 0


def test_quit_ends(tty: Tty) -> None:
    tty.until("wire ›")
    tty.type("quit\r")
    tty.until("BYE None")


def test_logs_and_progress_stand_above_the_prompt(tty: Tty) -> None:
    tty.until("wire ›")
    tty.type("log\r")
    tty.until("a line of a log\r\n")
    tty.type("work\r")
    tty.until("working: 1 of 2 (50 %)\r\n")
    tty.until("answer to <work>")


def test_a_cancelled_conversation_leaves_the_terminal_as_it_was(tty: Tty) -> None:
    before = termios.tcgetattr(tty.slave)
    tty.until("wire ›")
    assert not termios.tcgetattr(tty.slave)[3] & termios.ECHO
    tty.process.send_signal(signal.SIGTERM)
    tty.until("BYE None")
    assert tty.ended() == 0
    assert termios.tcgetattr(tty.slave) == before


def test_in_the_background_of_a_shell_there_is_no_prompt(tmp_path: Path) -> None:
    tty = _open(tmp_path, "background")
    assert "wire ›" not in tty.until("BYE None")
    assert tty.ended() == 0
    _close(tty)


@pytest.mark.parametrize(
    ("before", "asked", "completions"),
    [
        ("/wire watch a", "watch a", [("add ", -1), ("arg=", -1)]),
        ("watch ", "watch ", [("add ", 0), ("arg=", 0)]),
        ("", "", [("add ", 0), ("arg=", 0)]),
    ],
)
def test_completions_replace_the_word_before_the_cursor(
    before: str, asked: str, completions: list[tuple[str, int]]
) -> None:
    heard: list[str] = []

    def complete(text: str) -> list[str]:
        heard.append(text)
        return ["add", "arg="]

    found = _Words(complete).get_completions(Document(before), CompleteEvent())
    assert [(word.text, word.start_position) for word in found] == completions
    assert heard == [asked]
