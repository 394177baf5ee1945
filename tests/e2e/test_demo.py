"""`demo`: the first thing that people see, alone in a pipe and with a person at the prompt."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import subprocess
import tomllib
import unicodedata
import xml.etree.ElementTree as ET
from collections.abc import Iterator
from pathlib import Path
from time import monotonic
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.e2e.program import PATIENCE, ROOT, Ran, argv, environment, run

DEMO = ROOT / "seeds" / "demo"
EXPECTED: dict[str, Any] = tomllib.loads((DEMO / "expected.toml").read_text(encoding="utf-8"))
ITEMS: dict[str, dict[str, Any]] = {item["guid"]: item for item in EXPECTED["item"]}
EMOJI = "🤖🦾📰💰🤝📈🔗🚀👥👤🔬📜📊✂"
_ANSI = re.compile(r"\x1b\[[0-?]*[ -/]*[@-~]|\x1b[@-_]|\r")


def squeezed(text: str) -> str:
    """A text without white space and markup, so that neither wrapping nor markup hides a headline; case and forms folded."""
    plain = re.sub(r"<[^>]+>", "", text)
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", plain)).casefold()


def place(link: str) -> str:
    """What of a link nobody changes on the way, relative or canonical: the last part of its path."""
    return urlsplit(link.strip()).path.rstrip("/").rpartition("/")[2]


def places() -> dict[str, str]:
    """Where every entry of the second poll leads to, by its guid."""
    found: dict[str, str] = {}
    for path in (DEMO / "second").iterdir():
        if path.suffix == ".json":
            found |= {entry["id"]: place(entry["url"]) for entry in json.loads(path.read_bytes())["items"]}
            continue
        for node in ET.parse(path).iter():
            parts = {child.tag.rpartition("}")[2]: child for child in reversed(node)}  # of several links the first
            if node.tag.rpartition("}")[2] in ("item", "entry"):
                about = node.get("{http://www.w3.org/1999/02/22-rdf-syntax-ns#}about")
                guid = about or next(parts[name].text for name in ("guid", "id") if name in parts)
                found[str(guid).strip()] = place(str(parts["link"].get("href") or parts["link"].text))
    return found


@pytest.fixture(scope="module")
def shown(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    """The demo without a terminal."""
    return run(tmp_path_factory.mktemp("demo"), "demo")


@pytest.fixture(scope="module")
def cards(shown: Ran) -> dict[str, str]:
    """Every card that was posted, by where it leads to."""
    blocks = re.findall(rf"\n((?:{'|'.join(EMOJI)}) (?:.+\n)+)", shown.out)
    found = {place(block.rstrip().splitlines()[-1]): block for block in blocks}
    assert len(found) == len(blocks)
    return found


def stories() -> Iterator[tuple[str, ...]]:
    """Guids that are one message: copies and reports of one event together, all others alone."""
    folded = [tuple(story["same"]) for story in (*EXPECTED["story"], *EXPECTED["event"])]
    yield from folded
    alone = set(ITEMS) - {guid for story in folded for guid in story}
    yield from ((guid,) for guid in sorted(alone) if ITEMS[guid]["alert"])


def card_of(guids: tuple[str, ...], cards: dict[str, str]) -> list[str]:
    where = places()
    return [cards[link] for link in {where[guid] for guid in guids} if link in cards]


def test_it_ends_well_says_nothing_on_stderr_and_leaves_nothing_behind(tmp_path: Path) -> None:
    inside = tmp_path / "tmp"
    inside.mkdir()
    ran = run(tmp_path, "demo", TMPDIR=str(inside))
    assert (ran.code, ran.err) == (0, "")
    assert list(inside.iterdir()) == []
    assert list(tmp_path.iterdir()) == [inside]


@pytest.mark.parametrize("guids", list(stories()), ids=lambda guids: guids[0].rpartition("/")[2])
def test_every_expected_story_has_one_card_with_its_watchlists(guids: tuple[str, ...], cards: dict[str, str]) -> None:
    found = card_of(guids, cards)
    assert len(found) == 1
    wanted = squeezed(found[0]).rpartition("—")[0]
    names = set.intersection(*(set(ITEMS[guid]["watchlists"]) for guid in guids))
    assert [name for name in names if squeezed(name) not in wanted] == []


@pytest.mark.parametrize("guids", [one["guids"] for one in EXPECTED["apart"]], ids=lambda guids: str(len(guids)))
def test_what_only_looks_alike_is_told_apart(guids: list[str], cards: dict[str, str]) -> None:
    told = {guid: card for story in stories() for guid in story for card in card_of(story, cards)}
    found = [told[guid] for guid in guids if guid in told]
    assert len(set(found)) == len(found) > 0


def test_nothing_else_is_told_and_nothing_twice(shown: Ran, cards: dict[str, str]) -> None:
    assert set(cards) - {link for guid, link in places().items() if guid in ITEMS} == set()
    counted = re.search(r"(\d+) new items, (\d+) alerts", " ".join(shown.out.split()))
    assert counted
    assert int(counted[2]) == len(cards)


@pytest.mark.parametrize("guid", [guid for guid, item in ITEMS.items() if not item["alert"]])
def test_noise_and_old_entries_are_not_told(guid: str, cards: dict[str, str]) -> None:
    assert places()[guid] not in cards


class Screen:
    """A person at a terminal: types keys, and waits for what appears."""

    def __init__(self, folder: Path) -> None:
        self.fd, inner = pty.openpty()
        environ = environment(TERM="xterm-256color", COLUMNS="100", LINES="40")
        self.process = subprocess.Popen(
            argv(["demo"]), stdin=inner, stdout=inner, stderr=inner, cwd=folder, env=environ, start_new_session=True
        )
        os.close(inner)
        self.seen = ""

    def until(self, *texts: str) -> str:
        """Read until these have appeared in this order; answers what appeared meanwhile, squeezed to words."""
        deadline, seen = monotonic() + PATIENCE, ""
        pattern = re.compile(".*?".join(re.escape("".join(text.split())) for text in texts), re.DOTALL)
        while not pattern.search("".join(_ANSI.sub("", seen).split())):
            ready, _, _ = select.select([self.fd], [], [], max(0.0, deadline - monotonic()))
            assert ready, f"{texts} never appeared:\n{seen[-3000:]}"
            seen += self._read()
        return _ANSI.sub("", seen)

    def _read(self) -> str:
        data = os.read(self.fd, 65536)
        if b"\x1b[6n" in data:  # where is the cursor?
            os.write(self.fd, b"\x1b[1;1R")
        return data.decode("utf-8", "replace")

    def type(self, line: str) -> None:
        os.write(self.fd, f"{line}\r".encode())


@pytest.fixture
def screen(tmp_path: Path) -> Iterator[Screen]:
    made = Screen(tmp_path)
    yield made
    made.process.kill()
    made.process.wait()
    os.close(made.fd)


def test_a_person_at_a_terminal_gets_a_prompt_and_answers(screen: Screen) -> None:
    screen.until("Your turn", "wire ›")
    screen.type("news alibaba")
    screen.until("Alibaba sets up a robotics team inside Qwen", "wire ›")
    screen.type("help")
    screen.until("watch add NAME [digest] QUERY...", "feed export", "wire ›")
    screen.type("/wire nonsense")
    screen.until("There is no command `nonsense`", "wire ›")
    screen.type("quit")
    while screen.process.poll() is None:
        ready, _, _ = select.select([screen.fd], [], [], PATIENCE)
        assert ready
        try:
            screen._read()
        except OSError:  # the other side is closed
            assert screen.process.wait(PATIENCE) == 0
    assert screen.process.returncode == 0
