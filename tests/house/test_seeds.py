"""The seeds load, and are what they are said to be."""

from __future__ import annotations

from collections import Counter

from bot.app import starting_watchlists
from bot.classify.knowledge import load_knowledge
from bot.config import Config
from bot.feeds import opml
from bot.feeds.fetch import checked
from bot.resources import seeds

CATEGORIES = {"robotics", "physical-ai", "ai", "chips", "startups", "venture", "deals", "business"}


def test_the_feed_list_is_long_grouped_and_fetchable() -> None:
    feeds = opml.read((seeds() / "feeds.opml").read_bytes())
    assert len(feeds) >= 120
    assert {feed.category for feed in feeds} == CATEGORIES
    assert [feed.url for feed in feeds if not feed.lang or not feed.title] == []
    assert all(checked(feed.url) for feed in feeds)
    languages = Counter(feed.lang for feed in feeds)
    assert languages["zh"] >= 20
    assert languages.most_common(2)[0][0] == "en"


def test_the_watchlists_are_readable_with_the_gazetteer() -> None:
    names = [name for name, _ in starting_watchlists(Config(), load_knowledge(seeds()))]
    assert {"robotics", "physical ai"} <= set(names)
    assert len(names) >= 17
    assert len(set(names)) == len(names)


def test_the_gazetteer_has_robots_and_money() -> None:
    kinds = Counter(entity.kind for entity in load_knowledge(seeds()).entities)
    assert kinds["company"] >= 100
    assert kinds["investor"] >= 80
