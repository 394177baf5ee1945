"""What people type: a prompt with history and completion on a terminal, plain lines from anything else."""

from __future__ import annotations

import asyncio
import codecs
import io
import os
import re
from collections.abc import AsyncIterator, Callable, Iterable, Iterator
from contextlib import contextmanager
from contextvars import Context, copy_context
from pathlib import Path
from typing import TextIO

from prompt_toolkit import PromptSession
from prompt_toolkit.application import create_app_session, run_in_terminal
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.formatted_text import StyleAndTextTuples
from prompt_toolkit.history import FileHistory, History, InMemoryHistory
from prompt_toolkit.input import create_input
from prompt_toolkit.output import ColorDepth, create_output
from prompt_toolkit.patch_stdout import patch_stdout
from prompt_toolkit.styles import Style

from bot.log import masked

_STYLE = Style.from_dict({"wire": "bold ansicyan", "hint": "ansibrightblack"})
_SLASH = re.compile(r"\s*/(?:wire(?:\s+|$))?\s*", re.IGNORECASE)
_CHUNK = 1 << 16
_MENU_ROWS = 6

LEAVE = frozenset({"quit", "exit"})


def command(line: str) -> str:
    """A line as the Book reads it: without `/wire` or `/` before it; `/wire` or `/` alone asks for help."""
    bare = _SLASH.sub("", line, count=1) if _SLASH.match(line) else line
    return bare.strip() or ("help" if line.strip() else "")


# -- on a terminal ---------------------------------------------------------------------------------------------------


class _Words(Completer):
    """Completes the word before the cursor with what `complete` says of the text before it."""

    def __init__(self, complete: Callable[[str], list[str]]) -> None:
        self._complete = complete

    def get_completions(self, document: Document, complete_event: CompleteEvent) -> Iterable[Completion]:
        before = _SLASH.sub("", document.text_before_cursor, count=1).lstrip()
        typed = re.split(r"\s", before)[-1]
        for word in self._complete(before):
            yield Completion(word if word.endswith("=") else f"{word} ", -len(typed), display=word)


class Prompt:
    """One prompt on a terminal. Text printed through `above` stands over it, whatever is being typed."""

    def __init__(self, session: PromptSession[str], context: Context) -> None:
        self._session = session
        self._context = context
        self._warned = False

    async def ask(self) -> str | None:
        """The next line; None on Ctrl-D, or on Ctrl-C twice in a row (once clears the line)."""
        while True:
            try:
                # Signals and loop errors stay with the program; Ctrl-C comes as a key here.
                line = await self._session.prompt_async(
                    placeholder=self._hint, handle_sigint=False, set_exception_handler=False
                )
            except EOFError:
                return None
            except KeyboardInterrupt:
                if self._warned and not self._session.default_buffer.text:
                    return None
                self._warned = True
                continue
            self._warned = False
            return line

    def _hint(self) -> StyleAndTextTuples:
        if self._session.app.is_done:
            return []
        return [("class:hint", "Ctrl-C again to leave" if self._warned else "help lists the commands")]

    async def above(self, write: Callable[[], None]) -> None:
        """Call `write` with the prompt out of the way, then draw the prompt again."""
        await self._context.run(run_in_terminal, write)

    def above_soon(self, loop: asyncio.AbstractEventLoop, write: Callable[[], None]) -> None:
        """The same from any thread, without waiting for it; at once while no line is being typed."""
        if not self._session.app.is_running:
            write()
            return
        loop.call_soon_threadsafe(lambda: self._context.run(run_in_terminal, write))


@contextmanager
def prompting(
    source: TextIO, stream: TextIO, complete: Callable[[str], list[str]], history: Path | None, no_color: bool
) -> Iterator[Prompt]:
    """A prompt that reads keys from `source` and draws on `stream`; what prints to stdout or stderr stands above."""
    output = create_output(stdout=stream)
    with create_app_session(create_input(stdin=source), output), patch_stdout(raw=True):
        session: PromptSession[str] = PromptSession(
            [("class:wire", "wire"), ("", " › ")],
            style=_STYLE,
            color_depth=ColorDepth.DEPTH_1_BIT if no_color else ColorDepth.DEPTH_4_BIT,
            completer=_Words(complete),
            complete_in_thread=True,  # completions may come from the store, whose calls block
            history=_history(history),
            reserve_space_for_menu=_MENU_ROWS,
        )
        yield Prompt(session, copy_context())


def _history(path: Path | None) -> History:
    """What was typed before, in a file that only its owner reads; forgotten at the end if it cannot be written."""
    if path is None:
        return InMemoryHistory()
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.close(os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT, 0o600))
    except OSError:
        return InMemoryHistory()
    return _MaskedHistory(path)


class _MaskedHistory(FileHistory):
    """Logins and tokens that somebody types are not written down."""

    def store_string(self, string: str) -> None:
        super().store_string(masked(string))


# -- from anything else ----------------------------------------------------------------------------------------------


async def lines(source: TextIO) -> AsyncIterator[str]:
    """The lines of a pipe, a file or a device until its end; one of more than 64 KiB comes in pieces.

    It reads the descriptor itself and only when something is there: a thread waiting in `readline` would keep the
    process from ending. A source without a descriptor is read as it is; a closed one is at its end.
    """
    try:
        fd = source.fileno()
    except io.UnsupportedOperation:
        for line in source:
            yield line.rstrip("\n")
        return
    except ValueError:
        return
    decode = codecs.getincrementaldecoder("utf-8")("replace").decode
    pending = ""
    while data := await _read(fd):
        *whole, pending = (pending + decode(data)).split("\n")
        for line in whole:
            yield line
        if len(pending) > _CHUNK:
            yield pending
            pending = ""
    if pending:
        yield pending


async def _read(fd: int) -> bytes:
    """What is there to read, at the latest when something is; empty at the end, and if reading fails."""
    loop = asyncio.get_running_loop()
    ready: asyncio.Future[None] = loop.create_future()

    def wake() -> None:
        if not ready.done():
            ready.set_result(None)

    try:
        loop.add_reader(fd, wake)
    except (OSError, ValueError, NotImplementedError):  # regular files are always ready, and epoll refuses them
        return await asyncio.to_thread(_read_now, fd)
    try:
        await ready
    finally:
        loop.remove_reader(fd)
    return _read_now(fd)


def _read_now(fd: int) -> bytes:
    try:
        return os.read(fd, _CHUNK)
    except OSError:
        return b""
