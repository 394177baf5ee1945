"""The terminal as a chat: alerts appear as cards above a prompt, or as plain text in a pipe or a file."""

from __future__ import annotations

import asyncio
import os
import threading
import time
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, tzinfo
from pathlib import Path
from typing import TextIO

from bot.chat import terminal_prompt, terminal_transcript
from bot.chat.last_said import LastSaid
from bot.chat.terminal_cards import news_line, to_ansi, to_text
from bot.chat.terminal_progress import Bar, Meter, line
from bot.errors import TryAgain
from bot.message import Message, say
from bot.model import MessageRef, Place
from bot.text import hash63

_TRY_AGAIN = 5.0
_PLAIN_WIDTH = 80
_WIDEST = 120


def _utc_now() -> datetime:
    return datetime.now(UTC)


class Terminal:
    """Posts to a stream and keeps a transcript; satisfies the port `Chat` and holds the conversation.

    A message counts as posted once the transcript holds it: after a crash `find` knows it and it is not said twice.
    With no transcript, a stream that is a regular file serves as one. `source` is where people type, None for nowhere.
    `width` None follows the terminal, 80 cells elsewhere. `now` answers aware times; cards show them in `zone`, None
    for the system's.
    """

    def __init__(
        self,
        transcript: Path | None,
        stream: TextIO,
        *,
        source: TextIO | None = None,
        width: int | None = None,
        history: Path | None = None,
        zone: tzinfo | None = None,
        environ: Mapping[str, str] = os.environ,
        now: Callable[[], datetime] = _utc_now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._transcript = transcript
        self._stream = stream
        self._source = source
        self._width = width
        self._history = history
        self._now = now
        self._zone = zone
        self._monotonic = monotonic
        self._styled = stream.isatty() and environ.get("TERM") != "dumb"
        self._no_color = bool(environ.get("NO_COLOR"))
        self._said = LastSaid()
        self._turn = asyncio.Lock()
        self._screen = threading.RLock()
        self._prompt: terminal_prompt.Prompt | None = None
        self._bar: Bar | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    # -- the port ----------------------------------------------------------------------------------------------------

    async def post(self, place: Place, message: Message, nonce: str, thread: MessageRef | None = None) -> MessageRef:
        """Write the message to the transcript, then show it. Raises TryAgain if neither could be done.

        A terminal has no threads: what belongs to an earlier message is said like any other.
        """
        async with self._turn:
            await self._record(message, nonce, self._now())
        return MessageRef(place, nonce)

    async def edit(self, ref: MessageRef, message: Message) -> None:
        """Nothing on paper can be changed, so one line says what the message would say now, each such line once."""
        line = news_line(message)
        nonce = f"{ref.id}+{hash63(line.encode('utf-8', 'surrogatepass')):016x}"
        async with self._turn:
            if not self._said.says(ref.id, {"line": line}) and not await asyncio.to_thread(self._holds, nonce):
                await self._record(say(line), nonce, None)
            self._said.note(ref.id, {"line": line})

    async def _record(self, message: Message, nonce: str, now: datetime | None) -> None:
        """Write a message to the transcript, then show it. Raises TryAgain if neither could be done."""
        plain = to_text(message, _PLAIN_WIDTH, now.astimezone(self._zone) if now else None)
        entry = terminal_transcript.record(plain, nonce)
        try:
            if self._transcript is not None:
                await asyncio.to_thread(terminal_transcript.append, self._transcript, entry)
            elif await asyncio.to_thread(terminal_transcript.append_to_stream, self._stream, entry):
                return
        except OSError as error:
            raise TryAgain(f"the transcript cannot be written: {error.strerror or error}", _TRY_AGAIN) from error
        try:
            await self._show(self._face(message, now))
        except OSError as error:
            if self._transcript is None:
                raise TryAgain(f"the output cannot be written: {error.strerror or error}", _TRY_AGAIN) from error

    async def find(self, place: Place, nonce: str, thread: MessageRef | None = None) -> MessageRef | None:
        """Whether the transcript holds a message with this nonce; None also where there is no transcript."""
        return MessageRef(place, nonce) if await asyncio.to_thread(self._holds, nonce) else None

    def _holds(self, nonce: str) -> bool:
        try:
            file = self._transcript.open("rb") if self._transcript else terminal_transcript.open_again(self._stream)
            if file is None:
                return False
            with file:
                return terminal_transcript.holds(file, nonce)
        except OSError:
            return False

    # -- the conversation --------------------------------------------------------------------------------------------

    async def converse(
        self, answer: Callable[[str], Awaitable[Message]], complete: Callable[[str], list[str]], greeting: Message
    ) -> None:
        """Answer what people type until they leave: a prompt on a terminal, else line by line to the end of the input.

        Returns at once where there is no input, or where this process runs in a terminal's background.
        """
        if self._source is None or self._source.closed or _in_background(self._source):
            return
        if not (self._source.isatty() and self._stream.isatty()):
            await self._listen(self._source, answer)
            return
        with terminal_prompt.prompting(self._source, self._stream, complete, self._history, self._no_color) as prompt:
            self._begin(prompt)
            try:
                await self._talk(prompt, answer, greeting)
            finally:
                self._prompt = None

    def _begin(self, prompt: terminal_prompt.Prompt) -> None:
        """From here on the lowest lines are the prompt's: a bar goes, and goes on as lines."""
        self._drop_bar()
        self._prompt = prompt
        self._loop = asyncio.get_running_loop()

    async def _talk(
        self, prompt: terminal_prompt.Prompt, answer: Callable[[str], Awaitable[Message]], greeting: Message
    ) -> None:
        await self.say(greeting)
        while (text := await prompt.ask()) is not None:
            command = terminal_prompt.command(text)
            if command.lower() in terminal_prompt.LEAVE:
                return
            if command:
                await self.say(await answer(command))

    async def _listen(self, source: TextIO, answer: Callable[[str], Awaitable[Message]]) -> None:
        async for text in terminal_prompt.lines(source):
            command = terminal_prompt.command(text)
            if command.lower() in terminal_prompt.LEAVE:
                return
            if command:
                reply = await answer(command)
                with suppress(OSError):  # a full disk, or nobody reads: that ends neither the talk nor the bot
                    await self.say(reply)

    async def say(self, message: Message) -> None:
        async with self._turn:
            await self._show(self._face(message, None))

    # -- progress ----------------------------------------------------------------------------------------------------

    @contextmanager
    def progress(self, label: str) -> Iterator[Meter]:
        """A meter to report to: a bar on a terminal; under a prompt, in a pipe or a file a line at most every 5 s.

        There is one bar at a time: a second meter beside it, and one that a prompt takes the bar from, print lines.
        """
        own = self._new_bar(label)

        def drawing() -> bool:
            return own is not None and self._bar is own

        def show(done: int, total: int | None, note: str) -> None:
            with self._screen:
                if own is not None and drawing():
                    own.show(done, total, note)
                    return
            self._print_soon(f"{line(label, done, total, note)}\n")

        meter = Meter(show, self._monotonic, drawing)
        try:
            yield meter
        finally:
            if drawing():
                self._drop_bar()
            else:
                meter.finish()

    def _new_bar(self, label: str) -> Bar | None:
        with self._screen:
            if not self._styled or self._prompt is not None or self._bar is not None:
                return None
            self._bar = Bar(self._stream, label, self._no_color)
            self._bar.start()
            return self._bar

    def _drop_bar(self) -> None:
        with self._screen:
            if self._bar is not None:
                self._bar.stop()
                self._bar = None

    # -- the stream --------------------------------------------------------------------------------------------------

    def _face(self, message: Message, now: datetime | None) -> str:
        """The message as the stream shows it: on a terminal with an empty line after it, in a file before it."""
        local = now.astimezone(self._zone) if now else None
        width = self._columns()
        if self._styled:
            return to_ansi(message, width, local, no_color=self._no_color) + "\n"
        return "\n" + to_text(message, width, local)

    def _columns(self) -> int:
        if self._width is not None:
            return self._width
        try:
            columns = os.get_terminal_size(self._stream.fileno()).columns
        except (OSError, ValueError):
            columns = 0
        return min(columns, _WIDEST) if columns else _PLAIN_WIDTH

    async def _show(self, text: str) -> None:
        """Write to the stream, above the prompt if there is one, without holding up the loop if the reader is slow."""
        if self._prompt is not None:
            await self._prompt.above(lambda: self._write(text))
        else:
            await asyncio.to_thread(self._write, text)

    def _print_soon(self, text: str) -> None:
        """Write from where nothing can be awaited."""
        prompt, loop = self._prompt, self._loop
        if prompt is not None and loop is not None:
            prompt.above_soon(loop, lambda: self._write(text))
        else:
            with suppress(OSError):  # nobody reads our progress: that must not stop what it is about
                self._write(text)

    def _write(self, text: str) -> None:
        encoding = getattr(self._stream, "encoding", None) or "utf-8"
        with self._screen:
            if self._bar is not None:
                self._bar.stop()
            self._stream.write(text.encode(encoding, "replace").decode(encoding))
            self._stream.flush()
            if self._bar is not None:
                self._bar.start()


def _in_background(source: TextIO) -> bool:
    """Whether `source` is a terminal that another job of its shell reads now: touching it would stop this process."""
    try:
        return source.isatty() and os.tcgetpgrp(source.fileno()) != os.getpgrp()
    except (OSError, ValueError, AttributeError):
        return False
