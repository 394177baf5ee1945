"""What is suggested while somebody types."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from bot.classify.knowledge.seeds import load_knowledge
from bot.command import Complete
from bot.commands.suggest import EntityIndex, Suggester
from bot.model import TERMINAL, NewFeed, Person, Place
from bot.resources import seeds
from tests.commands.conftest import Typist
from tests.contract.makers import stored
from tests.fakes.world import START

ME = Person("terminal:me")


async def ask(typist: Typist, kind: Complete, text: str, place: str = TERMINAL) -> list[tuple[str, str]]:
    found = await Suggester(typist.desk)(kind, text, Place(place), ME)
    return [(one.label, one.value) for one in found]


async def test_watchlists_are_those_of_the_place(typist: Typist) -> None:
    for line in ("watch add robots robot", 'watch add "my Robots" x', "watch add money fund"):
        await typist.type(line)
    assert await ask(typist, "watchlist", "ROB") == [("robots", "robots"), ("my Robots", "my Robots")]
    assert [value for _, value in await ask(typist, "watchlist", "")] == ["robots", "my Robots", "money"]
    assert await ask(typist, "watchlist", "rob", "slack:T0/C1") == []


@pytest.mark.parametrize(
    ("typed", "expected"),
    [
        ("uni", [("Unitree (company)", "unitree")]),
        ("宇树", [("Unitree · 宇树科技 (company)", "unitree")]),
        ("通义", [("Qwen · 通义千问 (lab)", "qwen")]),
        ("ＱＷＥＮ", [("Qwen (lab)", "qwen")]),
        ("zzz", []),
        ("!!", []),
    ],
)
async def test_entities_are_found_by_the_beginning_of_any_name(
    typist: Typist, typed: str, expected: list[tuple[str, str]]
) -> None:
    assert await ask(typist, "entity", typed) == expected


async def test_entities_that_were_added_here_are_suggested_at_once(typist: Typist) -> None:
    suggester = Suggester(typist.desk)
    assert await suggester("entity", "norr", TERMINAL, ME) == []
    await typist.type('entity add "Norrland Robotics" names="诺兰机器人"')
    found = await suggester("entity", "诺兰", TERMINAL, ME)
    assert [one.label for one in found] == ["Norrland Robotics · 诺兰机器人 (company)"]
    assert [one.value for one in await suggester("entity", "robotics", TERMINAL, ME)] == [found[0].value]


async def test_topics_are_found_by_any_name(typist: Typist) -> None:
    for typed in ("", "rob", "机器", "otics"):
        assert await ask(typist, "topic", typed) == [("Robotics", "robotics")]
    assert await ask(typist, "topic", "banks") == []


async def test_feeds_are_found_by_number_title_or_address(typist: Typist) -> None:
    with typist.store.write() as tx:
        one, two = tx.feeds.add([NewFeed("https://a.example/x", "Robot Ledger"), NewFeed("https://b.example/y")], START)
    first, second = (f"{one.id} · Robot Ledger", str(one.id)), (f"{two.id} · https://b.example/y", str(two.id))
    assert await ask(typist, "feed", "ledger") == [first]
    assert await ask(typist, "feed", "B.EXAMPLE") == [second]
    assert await ask(typist, "feed", str(two.id)) == [second]
    assert await ask(typist, "feed", "") == [first, second]


async def test_a_list_of_feeds_is_kept_for_a_moment_only(typist: Typist) -> None:
    suggester = Suggester(typist.desk)
    assert await suggester("feed", "", TERMINAL, ME) == []
    with typist.store.write() as tx:
        tx.feeds.add([NewFeed("https://a.example/x")], START)
    assert await suggester("feed", "", TERMINAL, ME) == []
    typist.clock.pass_(61)
    assert len(await suggester("feed", "", TERMINAL, ME)) == 1


async def test_zones_show_their_time(typist: Typist) -> None:
    assert (await ask(typist, "zone", "berlin"))[0] == ("Europe/Berlin · 13:00", "Europe/Berlin")
    assert (await ask(typist, "zone", "new york"))[0][1] == "America/New_York"
    assert (await ask(typist, "zone", "utc"))[0][1] == "UTC"
    assert len(await ask(typist, "zone", "a")) == 25
    assert await ask(typist, "zone", "nowhere at all") == []


async def test_stories_are_found_by_number_or_words_the_newest_first(typist: Typist) -> None:
    walk, run = typist.tells(stored("A robot walks")), typist.tells(stored("A robot runs"))
    typist.tells(stored("Running again"), story=walk)
    await typist.type("news")
    again, runs = (f"{walk} · Running again", str(walk)), (f"{run} · A robot runs", str(run))
    assert await ask(typist, "story", "") == [again, runs]
    assert await ask(typist, "story", "run") == [again, runs]
    assert await ask(typist, "story", "ROBOT") == [runs, (f"{walk} · A robot walks", str(walk))]
    assert await ask(typist, "story", str(run)) == [runs]
    assert await ask(typist, "story", "zebra") == []


async def test_nothing_is_suggested_for_what_has_no_kind(typist: Typist) -> None:
    assert await ask(typist, "", "x") == []


@pytest.fixture(scope="module")
def index() -> EntityIndex:
    return EntityIndex(load_knowledge(Path(seeds())))


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("alib", "alibaba"),
        ("阿里", "alibaba"),
        ("nvid", "nvidia"),
        ("softbank", "softbank"),
        ("boston dyn", "boston-dynamics"),
        ("x square", "x-square-robot"),
        ("自变量", "x-square-robot"),
        ("林俊", "justin-lin"),
    ],
)
def test_the_best_known_comes_first(index: EntityIndex, typed: str, first: str) -> None:
    assert index.find(typed)[0].value == first


def test_every_label_is_short_and_every_choice_is_there_once(index: EntityIndex) -> None:
    for typed in ("", "a", "s", "ro", "robotics", "中", "the"):
        found = index.find(typed)
        assert len(found) <= 25
        assert len({one.value for one in found}) == len(found)
        assert max((len(one.label) for one in found), default=0) <= 75


def test_suggesting_is_fast(index: EntityIndex) -> None:
    """The goal is 20 ms for 19 of 20; a loaded machine may take longer, so the median of many stands for it here."""
    times = []
    for typed in ("", "a", "b", "s", "ro", "rob", "robot", "ali", "中", "the", "x squ", "nobody") * 10:
        start = time.perf_counter()
        index.find(typed)
        times.append(time.perf_counter() - start)
    assert sorted(times)[len(times) // 2] < 0.02
