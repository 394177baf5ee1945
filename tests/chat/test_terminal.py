from __future__ import annotations

import asyncio
import io
import os
import re
import signal
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import BinaryIO, TextIO

import pytest

from bot.chat.terminal import Terminal
from bot.chat.terminal_progress import line
from bot.chat.terminal_prompt import command
from bot.errors import TryAgain
from bot.message import Card, Message, say
from bot.model import TERMINAL, MessageRef

NOW = datetime(2026, 3, 1, 14, 3, tzinfo=UTC)
ALERT = Message("Figure opens a factory", (Card("Figure opens a factory", meta="IEEE"),), "news")
STAMP = f"{NOW.astimezone():%Y-%m-%d %H:%M}"
CARD = f"• Figure opens a factory\n  IEEE · {STAMP}\n"


class Screen(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Broken(io.StringIO):
    """A stream whose reader has gone."""

    def write(self, text: str, /) -> int:
        raise BrokenPipeError(32, "Broken pipe")


@dataclass
class Answers:
    """Answers with what it was asked, and remembers it."""

    asked: list[str] = field(default_factory=list)
    heard: asyncio.Queue[str] = field(default_factory=asyncio.Queue)

    async def __call__(self, text: str) -> Message:
        self.asked.append(text)
        self.heard.put_nowait(text)
        return say(f"answer to {text}")


def _terminal(transcript: Path | None, stream: TextIO, source: TextIO | None = None) -> Terminal:
    return Terminal(transcript, stream, source=source, now=lambda: NOW, environ={})


def _nothing(text: str) -> list[str]:
    return []


# -- edit ------------------------------------------------------------------------------------------------------------

WIDER = Message("wider", (Card("Figure opens a factory", meta="IEEE and 2 more · 14:03 UTC · 1 min ago"),), "news")
LATER = Message("wider", (Card("Figure opens a factory", meta="IEEE and 2 more · 14:03 UTC · 9 min ago"),), "news")
WIDEST = Message("wider", (Card("Figure opens a factory", meta="IEEE and 3 more · 14:03 UTC · 9 min ago"),), "news")
LINE = "↻ Figure opens a factory · IEEE and 2 more"


async def test_an_edit_is_one_line_and_the_alert_is_still_found(tmp_path: Path) -> None:
    stream = io.StringIO()
    terminal = _terminal(tmp_path / "t.txt", stream)
    ref = await terminal.post(TERMINAL, ALERT, "n1")
    before = stream.getvalue()
    await terminal.edit(ref, WIDER)
    assert stream.getvalue().removeprefix(before) == f"\n{LINE}\n"
    assert await terminal.find(TERMINAL, "n1") == ref


async def test_an_edit_is_said_once_whatever_the_time_and_after_a_crash(tmp_path: Path) -> None:
    first, second = io.StringIO(), io.StringIO()
    terminal = _terminal(tmp_path / "t.txt", first)
    ref = await terminal.post(TERMINAL, ALERT, "n1")
    await terminal.edit(ref, WIDER)
    await terminal.edit(ref, LATER)
    reborn = _terminal(tmp_path / "t.txt", second)
    await reborn.edit(ref, LATER)
    await reborn.edit(ref, WIDEST)
    assert first.getvalue().count("↻") == 1
    assert second.getvalue() == "\n↻ Figure opens a factory · IEEE and 3 more\n"


async def test_an_edit_without_a_transcript_is_said_once_by_a_process() -> None:
    stream = io.StringIO()
    terminal = _terminal(None, stream)
    ref = await terminal.post(TERMINAL, ALERT, "n1")
    for message in (WIDER, LATER):
        await terminal.edit(ref, message)
    assert stream.getvalue().count("↻") == 1


async def test_an_edit_that_cannot_be_written_is_tried_again(tmp_path: Path) -> None:
    (tmp_path / "t.txt").mkdir()
    terminal = _terminal(tmp_path / "t.txt", io.StringIO())
    for _ in range(2):
        with pytest.raises(TryAgain):
            await terminal.edit(MessageRef(TERMINAL, "n1"), WIDER)


# -- post and find ---------------------------------------------------------------------------------------------------


async def test_a_posted_message_is_shown_and_found_again(tmp_path: Path) -> None:
    stream = io.StringIO()
    terminal = _terminal(tmp_path / "t.txt", stream)
    assert await terminal.find(TERMINAL, "n1") is None
    assert await terminal.post(TERMINAL, ALERT, "n1") == MessageRef(TERMINAL, "n1")
    assert await terminal.find(TERMINAL, "n1") == MessageRef(TERMINAL, "n1")
    assert await terminal.find(TERMINAL, "n2") is None
    assert stream.getvalue() == "\n" + CARD
    assert (tmp_path / "t.txt").read_text(encoding="utf-8") == f"\n{CARD}  ⌁ n1\n"


async def test_another_process_finds_what_a_killed_one_posted(tmp_path: Path) -> None:
    script = (
        "import asyncio, sys, signal, os; from pathlib import Path\n"
        "from bot.chat.terminal import Terminal; from bot.message import say; from bot.model import TERMINAL\n"
        "asyncio.run(Terminal(Path(sys.argv[1]), sys.stdout).post(TERMINAL, say('hello'), 'n1'))\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )
    child = await asyncio.create_subprocess_exec(
        sys.executable, "-c", script, str(tmp_path / "t.txt"), stdout=subprocess.PIPE
    )
    said, _ = await asyncio.wait_for(child.communicate(), 60)
    assert (said.decode(), child.returncode) == ("\nhello\n", -signal.SIGKILL)
    assert await _terminal(tmp_path / "t.txt", io.StringIO()).find(TERMINAL, "n1") == MessageRef(TERMINAL, "n1")


async def test_a_redirected_stream_is_the_transcript_if_there_is_no_other(tmp_path: Path) -> None:
    path = tmp_path / "out.txt"
    with path.open("a", encoding="utf-8") as stream:
        await _terminal(None, stream).post(TERMINAL, ALERT, "n1")
    assert path.read_text(encoding="utf-8") == f"\n{CARD}  ⌁ n1\n"
    with path.open("a", encoding="utf-8") as stream:
        assert await _terminal(None, stream).find(TERMINAL, "n1") == MessageRef(TERMINAL, "n1")


async def test_without_transcript_and_file_nothing_is_found() -> None:
    stream = io.StringIO()
    terminal = _terminal(None, stream)
    await terminal.post(TERMINAL, ALERT, "n1")
    assert await terminal.find(TERMINAL, "n1") is None
    assert stream.getvalue() == "\n" + CARD


async def test_a_transcript_that_cannot_be_written_means_try_again_and_nothing_shown(tmp_path: Path) -> None:
    stream = io.StringIO()
    with pytest.raises(TryAgain) as caught:
        await _terminal(tmp_path, stream).post(TERMINAL, ALERT, "n1")
    assert caught.value.after == 5.0
    assert stream.getvalue() == ""


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="this system has no /dev/full")
async def test_a_full_disk_means_try_again() -> None:
    with pytest.raises(TryAgain, match="No space left"):
        await _terminal(Path("/dev/full"), io.StringIO()).post(TERMINAL, ALERT, "n1")


async def test_a_broken_pipe_is_no_matter_once_the_transcript_has_the_message(tmp_path: Path) -> None:
    assert await _terminal(tmp_path / "t.txt", Broken()).post(TERMINAL, ALERT, "n1") == MessageRef(TERMINAL, "n1")


async def test_a_broken_pipe_without_transcript_means_try_again() -> None:
    with pytest.raises(TryAgain):
        await _terminal(None, Broken()).post(TERMINAL, ALERT, "n1")


async def test_messages_posted_at_once_do_not_mix(tmp_path: Path) -> None:
    stream = io.StringIO()
    terminal = _terminal(tmp_path / "t.txt", stream)
    await asyncio.gather(*(terminal.post(TERMINAL, ALERT, f"n{i}") for i in range(20)))
    assert stream.getvalue() == ("\n" + CARD) * 20
    assert all([await terminal.find(TERMINAL, f"n{i}") for i in range(20)])


async def test_a_card_goes_to_the_stream_in_one_write(tmp_path: Path) -> None:
    class Counts(io.StringIO):
        writes = 0

        def write(self, text: str, /) -> int:
            self.writes += 1
            return super().write(text)

    stream = Counts()
    await _terminal(tmp_path / "t.txt", stream).post(TERMINAL, ALERT, "n1")
    assert stream.writes == 1


# -- how the stream is told ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("environ", "styled", "coloured"),
    [
        ({}, True, True),
        ({"NO_COLOR": "1"}, True, False),
        ({"NO_COLOR": ""}, True, True),
        ({"TERM": "dumb"}, False, False),
    ],
)
async def test_a_terminal_gets_colour_unless_it_says_otherwise(
    environ: dict[str, str], styled: bool, coloured: bool
) -> None:
    screen = Screen()
    await Terminal(None, screen, environ=environ, now=lambda: NOW).post(TERMINAL, ALERT, "n1")
    assert (("\x1b[" in screen.getvalue()), ("\x1b[36m" in screen.getvalue())) == (styled, coloured)


async def test_a_stream_that_cannot_say_chinese_gets_question_marks() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="latin-1")
    await _terminal(None, stream).post(TERMINAL, say("Qwen 通义"), "n1")
    assert raw.getvalue() == b"\nQwen ??\n"


async def test_the_time_is_shown_in_the_given_zone() -> None:
    stream = io.StringIO()
    zone = timezone(timedelta(hours=8))
    await Terminal(None, stream, now=lambda: NOW, zone=zone).post(TERMINAL, ALERT, "n1")
    assert stream.getvalue() == "\n• Figure opens a factory\n  IEEE · 2026-03-01 22:03\n"


async def test_a_given_width_is_kept() -> None:
    stream = io.StringIO()
    await Terminal(None, stream, width=20).post(TERMINAL, say("one two three four five"), "n1")
    assert stream.getvalue() == "\none two three four\nfive\n"


# -- lines -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("news robots", "news robots"),
        ("/wire news robots", "news robots"),
        ("  /WIRE   news", "news"),
        ("/news", "news"),
        ("/wired", "wired"),
        ("/wire", "help"),
        ("/", "help"),
        ("   ", ""),
        ("watch add a /wire b", "watch add a /wire b"),
    ],
)
def test_a_slash_before_a_command_is_optional(typed: str, meant: str) -> None:
    assert command(typed) == meant


async def _converse(source: TextIO | None) -> tuple[list[str], str]:
    stream, answers = io.StringIO(), Answers()
    await _terminal(None, stream, source).converse(answers, _nothing, say("greeting"))
    return answers.asked, stream.getvalue()


async def test_lines_of_a_file_are_answered_to_its_end(tmp_path: Path) -> None:
    path = tmp_path / "in.txt"
    path.write_text("/wire help\n\nnews 机器人", encoding="utf-8")
    with path.open(encoding="utf-8") as source:
        assert await _converse(source) == (
            ["help", "news 机器人"],
            "\nanswer to help\n\nanswer to news 机器人\n",
        )


@pytest.fixture
def pipe() -> Iterator[tuple[TextIO, BinaryIO]]:
    """Both ends of a pipe: what a conversation reads, and where a test writes."""
    read, write = os.pipe()
    with open(read, encoding="utf-8") as source, open(write, "wb", buffering=0) as sink:
        yield source, sink


async def test_lines_of_a_pipe_are_answered_as_they_come(pipe: tuple[TextIO, BinaryIO]) -> None:
    source, sink = pipe
    answers = Answers()
    talk = asyncio.create_task(_terminal(None, io.StringIO(), source).converse(answers, _nothing, say("greeting")))
    typed = "first\nsecond 通\n".encode()
    sink.write(typed[:-3])
    assert await asyncio.wait_for(answers.heard.get(), 20) == "first"
    sink.write(typed[-3:])
    assert await asyncio.wait_for(answers.heard.get(), 20) == "second 通"
    sink.close()
    await asyncio.wait_for(talk, 20)


async def test_quit_ends_before_the_end_of_the_input() -> None:
    assert (await _converse(io.StringIO("one\nQUIT\ntwo\n")))[0] == ["one"]


@pytest.fixture
def null() -> Iterator[TextIO]:
    with open(os.devnull, encoding="utf-8") as file:
        yield file


async def test_no_closed_and_empty_inputs_return_at_once(null: TextIO) -> None:
    closed = io.StringIO()
    closed.close()
    assert [await _converse(source) for source in (None, closed, io.StringIO(), null)] == [([], "")] * 4


async def test_a_conversation_waiting_for_a_pipe_can_be_cancelled(pipe: tuple[TextIO, BinaryIO]) -> None:
    talk = asyncio.create_task(_converse(pipe[0]))
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    talk.cancel()
    with pytest.raises(asyncio.CancelledError):
        await talk


async def test_a_line_without_end_comes_in_pieces(tmp_path: Path) -> None:
    path = tmp_path / "in.txt"
    path.write_text("x" * 200_000, encoding="utf-8")
    with path.open(encoding="utf-8") as source:
        asked, _ = await _converse(source)
    assert "".join(asked) == "x" * 200_000
    assert max(map(len, asked)) <= 2 * 65_536


# -- progress --------------------------------------------------------------------------------------------------------


@dataclass
class Time:
    """A clock that moves when told."""

    at: float = 100.0

    def __call__(self) -> float:
        return self.at


def test_a_line_of_progress_reads_well() -> None:
    assert line("polling feeds", 120, 2000, "ieee.org") == "polling feeds: 120 of 2,000 (6 %) · ieee.org"
    assert line("reading\n\x1b[2J", 1200, None, "") == "reading [2J: 1,200"


def test_a_file_gets_a_line_at_most_every_five_seconds_and_the_last_state() -> None:
    stream, clock = io.StringIO(), Time()
    with Terminal(None, stream, environ={}, monotonic=clock).progress("polling") as meter:
        for second in range(12):
            clock.at = 100.0 + second
            meter.update(second, 12)
    assert stream.getvalue().splitlines() == [
        "polling: 0 of 12 (0 %)",
        "polling: 5 of 12 (41 %)",
        "polling: 10 of 12 (83 %)",
        "polling: 11 of 12 (91 %)",
    ]


def test_nothing_reported_prints_nothing() -> None:
    stream = io.StringIO()
    with Terminal(None, stream, environ={}).progress("polling"):
        pass
    assert stream.getvalue() == ""


def test_a_terminal_gets_a_bar_that_shows_no_markup_and_goes_away() -> None:
    screen, clock = Screen(), Time()
    with Terminal(None, screen, environ={}, monotonic=clock).progress("polling [bold]") as meter:
        meter.update(3, 12, "[red]ieee.org")
        drawn = re.sub(r"\x1b\[[0-9;?]*[a-zA-Z]", "", screen.getvalue())
        assert "polling [bold]" in drawn
        assert "3/12" in drawn
        assert "[red]ieee.org" in drawn
        size = len(screen.getvalue())
        meter.update(4, 12)
        assert len(screen.getvalue()) == size
        clock.at += 0.2
        meter.update(5, 12)
        assert "5/12" in screen.getvalue()[size:]
    assert screen.getvalue().endswith("\x1b[2K")


async def test_an_alert_stands_above_the_bar() -> None:
    screen = Screen()
    terminal = Terminal(None, screen, environ={}, now=lambda: NOW)
    with terminal.progress("polling") as meter:
        meter.update(3, 12)
        before = len(screen.getvalue())
        await terminal.post(TERMINAL, ALERT, "n1")
        shown = screen.getvalue()[before:]
    erased, card, bar = shown.find("\x1b[1A\x1b[2K"), shown.find("Figure"), shown.rfind("3/12")
    assert 0 <= erased < card < bar


def test_a_second_meter_beside_a_bar_prints_lines() -> None:
    screen = Screen()
    terminal = Terminal(None, screen, environ={})
    with terminal.progress("first"), terminal.progress("second") as meter:
        meter.update(1, 2)
    assert "second: 1 of 2 (50 %)\n" in screen.getvalue()
