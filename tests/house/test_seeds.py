"""The seeds load, and are what they are said to be."""

from __future__ import annotations

from collections import Counter

from bot.app import starting_watchlists
from bot.classify.knowledge.seeds import load_knowledge
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


def test_the_gazetteer_has_robots_money_and_people() -> None:
    entities = load_knowledge(seeds()).entities
    kinds = Counter(entity.kind for entity in entities)
    assert kinds["company"] + kinds["lab"] >= 330
    assert kinds["lab"] >= 60
    assert kinds["investor"] >= 300
    assert kinds["person"] >= 150
    assert sum(len(entity.tickers) for entity in entities) >= 250


def test_organisations_have_a_country_and_those_of_china_a_chinese_name() -> None:
    organisations = [one for one in load_knowledge(seeds()).entities if one.kind in {"company", "lab"}]
    assert [one.id for one in organisations if not one.country] == []
    chinese = [one for one in organisations if one.country == "CN"]
    assert sum(bool(one.named_in("zh")) for one in chinese) > 0.95 * len(chinese)
    assert len({one.country for one in organisations}) >= 20


def test_who_belongs_to_whom() -> None:
    knowledge = load_knowledge(seeds())
    assert knowledge.lineage("qwen")[-1] == "alibaba"
    assert knowledge.lineage("google-deepmind") == ("google-deepmind", "google", "alphabet")
    assert {"zoox", "aws", "amazon-robotics"} <= knowledge.children("amazon")
    assert {"waymo", "wing", "intrinsic", "google-deepmind"} <= knowledge.children("alphabet")
    assert "boston-dynamics" in knowledge.children("hyundai")
    assert "toyota-research-institute" in knowledge.children("toyota")
