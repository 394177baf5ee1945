"""How far something is: a bar on a terminal, a line now and then everywhere else."""

from __future__ import annotations

from collections.abc import Callable
from typing import TextIO

from rich.console import Console
from rich.progress import BarColumn, Progress, TaskID, TextColumn, TimeElapsedColumn

from bot.text import one_line

_BAR_EVERY = 0.1
_LINE_EVERY = 5.0


class Meter:
    """What the one who works reports to.

    It calls `show` with the first report and then every tenth of a second of `monotonic` while `drawing` (a bar stands
    on a terminal), else every 5 s; and once more at the end, if the last report was not shown.
    """

    def __init__(
        self,
        show: Callable[[int, int | None, str], None],
        monotonic: Callable[[], float],
        drawing: Callable[[], bool] = lambda: False,
    ) -> None:
        self._show = show
        self._monotonic = monotonic
        self._drawing = drawing
        self._shown_at: float | None = None
        self._unshown: tuple[int, int | None, str] | None = None

    def update(self, done: int, total: int | None = None, note: str = "") -> None:
        """`done` of `total` (None: nobody knows how many), and what is being done."""
        self._unshown = (done, total, note)
        every = _BAR_EVERY if self._drawing() else _LINE_EVERY
        if self._shown_at is None or self._monotonic() - self._shown_at >= every:
            self.finish()

    def finish(self) -> None:
        """Show the last report, if it was not shown."""
        if self._unshown is not None:
            self._show(*self._unshown)
            self._unshown = None
            self._shown_at = self._monotonic()


def line(label: str, done: int, total: int | None, note: str) -> str:
    """One line of progress: `polling feeds: 120 of 2,000 (6 %) · spectrum.ieee.org`."""
    count = f"{done:,}"
    if total:
        count += f" of {total:,} ({done * 100 // total} %)"
    return " · ".join(filter(None, (f"{one_line(label)}: {count}", one_line(note, 80))))


class Bar:
    """A bar on a terminal. It is drawn when told to and by no thread, and leaves nothing behind."""

    def __init__(self, stream: TextIO, label: str, no_color: bool) -> None:
        # Labels and notes may hold what feeds say: no column reads markup.
        self._progress = Progress(
            TextColumn("{task.description}", markup=False),
            BarColumn(bar_width=32, complete_style="cyan", finished_style="cyan", pulse_style="cyan"),
            TextColumn("{task.fields[count]}", markup=False),
            TimeElapsedColumn(),
            TextColumn("{task.fields[note]}", markup=False, style="dim"),
            console=Console(file=stream, force_terminal=True, no_color=no_color, highlight=False),
            auto_refresh=False,
            transient=True,
            redirect_stdout=False,
            redirect_stderr=False,
        )
        self._task: TaskID = self._progress.add_task(one_line(label), total=None, count="", note="")

    def show(self, done: int, total: int | None, note: str) -> None:
        """Draw how far it is."""
        count = f"{done:,}/{total:,}" if total is not None else f"{done:,}"
        self._progress.update(self._task, completed=done, total=total, count=count, note=one_line(note, 60))
        self._progress.refresh()

    def start(self) -> None:
        """Draw it, below what is on the terminal."""
        self._progress.start()

    def stop(self) -> None:
        """Take it away; `start` brings it back."""
        self._progress.stop()
