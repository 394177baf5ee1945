"""What anybody may type has limits: every command refuses or answers the worst of it in a fifth of a second of processor time."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from bot.classify.knowledge.seeds import load_knowledge
from bot.command import LONGEST_LINE, LONGEST_REST, LONGEST_TEXT, Book, Command
from bot.commands.book import all_commands
from bot.commands.desk import Desk
from bot.errors import BadInput, FetchError
from bot.feeds import opml
from bot.flow.index import Indexer
from bot.flow.stories import Placer
from bot.merged import Merged
from bot.model import TERMINAL, Page, Person, Request
from bot.resources import seeds
from bot.store.open import open_store
from tests.contract.makers import stored
from tests.fakes.world import FakeClock, FakeFetcher, FakeParser

ME = Person("terminal:me")
MOST_SECONDS = 0.5
"""A fifth on an idle machine; the rest is room for a busy one."""
WORST = (
    *("a" * 5_000, "robot " * 240, "robot OR " * 160 + "robot", "a* b* c* d* e* " * 20, "ro* OR in* OR th* OR an*"),
    *("a* NEAR/50 b* " * 10, "(a OR b OR c OR d) NEAR/9 (e OR f OR g OR h)", "(" * 700, '"' * 499, "机器人" * 400),
    *(
        "company:" + "x" * 400,
        "👨‍👩‍👧" * 150,
        "9" * 500,
        "-" * 500 + "a",
        "e" + "\u0301" * 499,
        "a,b;c|" * 80,
        "\\" * 499,
    ),
    *("https://x.example/" + "a/" * 240, "%" * 499, "_%" * 240, "a.b." * 120, "\u202e\x00\x1b[2J" * 90, "\ud800" * 90),
)


class Deaf(FakeFetcher):
    """Nobody answers."""

    async def fetch(self, request: Request) -> Page:
        raise FetchError("no answer")


@pytest.fixture(scope="module")
def book(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Book]:
    """All commands over the real gazetteer, the feeds that come with it, and some items."""
    clock = FakeClock()
    store = open_store(str(tmp_path_factory.mktemp("limits") / "wire.db"))
    with store.write() as tx:
        tx.feeds.add(opml.read((seeds() / "feeds.opml").read_bytes()), clock.now())
        tx.items.add([replace(stored(f"robots of town {n} walk", story_id=0), known=False) for n in range(300)])
    with ThreadPoolExecutor(1) as thread:
        merged = Merged(load_knowledge(seeds()))
        indexer = Indexer(store, merged, Placer(), clock, thread)
        asyncio.run(indexer.catch_up())
        yield all_commands(Desk(store, Deaf(clock), FakeParser(), clock, merged, seeds(), indexer.catch_up))
    store.close()


def lines(command: Command, text: str) -> list[str]:
    """The command with this text in all places, and with all of it in the options."""
    quoted = '"' + text[:240].replace("\\", "\\\\").replace('"', '\\"') + '"'
    given = [text if param.kind == "rest" else quoted for param in command.params if param.required]
    options = [f"{param.name}={quoted}" for param in command.params if not param.required and param.kind != "flag"]
    return [" ".join([*command.path, *given]), " ".join([*command.path, *options, *given])]


@pytest.mark.parametrize("text", WORST, ids=range(len(WORST)))
async def test_the_worst_that_can_be_typed_costs_little(book: Book, text: str) -> None:
    slow = {}
    typed = [text, *(line for command in book.commands.values() for line in lines(command, text))]
    for line in typed:
        began = time.process_time()
        reply = await book.answer(line, TERMINAL, ME)
        if (taken := time.process_time() - began) > MOST_SECONDS:
            slow[line[:80]] = taken
        assert reply.message.text
    assert slow == {}


def test_every_argument_has_a_longest(book: Book) -> None:
    for command in book.commands.values():
        for param in command.params:
            most = {"text": LONGEST_TEXT, "rest": LONGEST_REST, "int": 15, "flag": 0}[param.kind]
            if not most or param.choices:
                continue
            given = {one.name: one.choices[0] if one.choices else "1" for one in command.params if one.required}
            with pytest.raises(BadInput, match=f"{param.name} has at most"):
                book.call(command.path, {**given, param.name: "1" * (most + 1)}, TERMINAL, ME)


def test_a_line_has_a_longest(book: Book) -> None:
    with pytest.raises(BadInput, match="at most 3,000 characters; this one has 3,006"):
        book.read("news " + "a" * (LONGEST_LINE + 1), TERMINAL, ME)
