"""kill -9 at any moment: whatever the operating system leaves of a life, the next one loses nothing and says nothing twice."""

from __future__ import annotations

import os
import random
import re
import subprocess
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from time import monotonic

import pytest

from bot.loopback import Loopback
from tests.e2e.program import argv, environment, nonces, stored, until
from tests.e2e.test_run import follow, once
from tests.e2e.web import page, rss

FEEDS, LIVES = 30, 20
_HEADLINE = re.compile(r"^🤖 (robot \w+ \w+ \w+)$", re.MULTILINE)
_SYLLABLES = ("ba", "de", "fi", "go", "lu", "mar", "nel", "pik", "ros", "tun")


def headline(number: int, feed: int) -> str:
    """Another one for each item of each feed, so unlike the others that no two tell one event."""
    words = (
        "".join(_SYLLABLES[int(digit)] for digit in str(n))
        for n in (1000 + number, 2000 + feed, 30_000 + 100 * number + feed)
    )
    return f"robot {' '.join(words)}"


def publish(web: Loopback, number: int, chance: random.Random) -> list[str]:
    """Every feed gets one more entry, and is slow in its own way; answers the new titles."""
    titles = []
    for feed in range(FEEDS):
        mine = [headline(one, feed) for one in range(number, -1, -1)]
        web.pages[f"/{feed}"] = page(rss(f"press-{feed}", mine), delay=chance.choice([0, 0, 0.02, 0.1]))
        titles.append(mine[0])
    return titles


@dataclass
class Lives:
    """Lives that end early, one after another, each in a process group of its own."""

    folder: Path
    whole: float
    killed: list[int] = field(default_factory=list)

    def live(self, share: float) -> None:
        """One life, of this share of the shortest whole one at most.

        Only the bot is killed: its children must notice by themselves.
        """
        with (self.folder / "bot.out").open("ab") as out:
            process = subprocess.Popen(
                argv(["run", "--once"]),
                stdin=subprocess.DEVNULL,
                stdout=out,
                stderr=out,
                cwd=self.folder,
                env=environment(),
                start_new_session=True,
            )
            began = monotonic()
            try:
                assert process.wait(share * self.whole) == 0
                self.whole = min(self.whole, monotonic() - began)
            except subprocess.TimeoutExpired:
                self.killed.append(process.pid)
            finally:
                process.kill()
                process.wait()

    def left(self) -> list[int]:
        """The groups of killed lives in which a process is left."""
        return [group for group in self.killed if _anybody(group)]


def _anybody(group: int) -> bool:
    try:
        os.killpg(group, 0)
    except ProcessLookupError:
        return False
    return True


@pytest.mark.parametrize("seed", [1])
def test_twenty_killed_lives_lose_nothing_and_say_nothing_twice(seed: int, folder: Path, web: Loopback) -> None:
    chance = random.Random(seed)
    published = publish(web, 0, chance)
    follow(folder, [web.url(f"/{feed}") for feed in range(FEEDS)], "robot")
    began = monotonic()
    once(folder)
    lives = Lives(folder, monotonic() - began)
    assert not (folder / "wire.transcript").exists()

    expected: list[str] = []
    for number in range(1, LIVES + 1):
        new = publish(web, number, chance)
        expected += new
        lives.live(chance.uniform(0.5, 1.2))  # before that it only imports
    once(folder)

    said = (folder / "wire.transcript").read_text(encoding="utf-8")
    assert Counter(_HEADLINE.findall(said)) == Counter(expected)
    assert len(nonces(folder / "wire.transcript")) == len(set(nonces(folder / "wire.transcript"))) == len(expected)
    titles = Counter(title for mine in stored(folder / "wire.db").values() for title in mine)
    assert titles == Counter(published + expected)
    assert len(lives.killed) >= LIVES // 4, "the moments no longer fit"
    until(lambda: not lives.left())
    assert "Traceback" not in (folder / "bot.out").read_text(encoding="utf-8")
