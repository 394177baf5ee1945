"""From entries to items: identity above all."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from bot.feeds.normalise import normalise
from bot.model import Document, Entry, Item, Parsed

NOW = datetime(2025, 10, 8, 12, tzinfo=UTC)
FEED = "https://news.example/feed.xml"
LONG = "Alibaba leads a big round in X Square Robot"


def made(*entries: Entry, title: str = "News", lang: str = "") -> Parsed:
    return normalise(Document(title=title, lang=lang, entries=entries), FEED, FEED, NOW)


def item(entry: Entry, title: str = "News") -> Item:
    (single,) = made(entry, title=title).items
    return single


ENTRY = Entry(guid="g1", title=LONG, link="https://t.example/a?utm_source=rss", published="2025-10-08T10:00:00+00:00")


def test_an_item_is_the_entry_made_canonical() -> None:
    entry = replace(
        ENTRY,
        title="A &amp; <b>B</b>\n",
        summary="<p>One</p><p>Two</p>",
        author="a@b.example (Jane Doe)",
        lang="en-GB",
        image="/i.png",
        source="Tech in Asia",
    )
    made_ = item(entry)
    assert (made_.title, made_.summary, made_.link) == ("A & B", "One Two", "https://t.example/a")
    assert (made_.author, made_.lang, made_.source) == ("Jane Doe", "en", "Tech in Asia")
    assert made_.image == "https://news.example/i.png"
    assert made_.published == datetime(2025, 10, 8, 10, tzinfo=UTC)


def test_what_the_feed_says_holds_where_the_entry_says_nothing() -> None:
    parsed = normalise(
        Document(title="The &amp; News", site="/", lang="zh-CN", ttl=60, entries=(ENTRY,), parser="p"), FEED, FEED, NOW
    )
    assert (parsed.title, parsed.site, parsed.lang, parsed.ttl, parsed.parser) == (
        "The & News",
        "https://news.example/",
        "zh",
        60,
        "p",
    )
    assert (parsed.items[0].source, parsed.items[0].lang) == ("The & News", "zh")


def test_order_is_kept() -> None:
    entries = [replace(ENTRY, guid=str(n), title=f"Title {n}") for n in range(20)]
    assert [made_.title for made_ in made(*entries).items] == [f"Title {n}" for n in range(20)]


# -- titles ------------------------------------------------------------------------------------------------------------


def test_without_a_title_the_summary_begins_one() -> None:
    made_ = item(Entry(summary="<p>" + "A robot walks. " * 20 + "</p>"))
    assert made_.title.startswith("A robot walks. A robot")
    assert len(made_.title) <= 80


def test_without_title_and_summary_the_link_is_the_title() -> None:
    assert item(Entry(link="https://www.t.example/robots/new")).title == "t.example/robots/new"


def test_an_entry_of_nothing_has_a_title_still() -> None:
    assert item(Entry(title="<br>\u200b")).title == "(untitled)"


# -- ids and keys ------------------------------------------------------------------------------------------------------


def test_ids_are_24_hex_digits_and_differ_between_feeds() -> None:
    one = made(ENTRY).items[0].id
    other = normalise(Document(title="News", entries=(ENTRY,)), "https://other.example/", FEED, NOW).items[0].id
    assert len(one) == 24
    assert int(one, 16) >= 0
    assert one != other


def test_an_edited_title_keeps_the_id_that_a_guid_gives() -> None:
    assert item(ENTRY).id == item(replace(ENTRY, title="Edited", link="https://t.example/b")).id


def test_without_a_guid_link_and_title_are_the_id_and_tracking_is_not() -> None:
    entry = replace(ENTRY, guid="")
    assert item(entry).guid_key is None
    assert item(entry).id == item(replace(entry, link="http://www.t.example/a/?utm_source=mail#top")).id
    assert item(entry).id != item(replace(entry, title="Another title")).id


def test_a_regenerated_guid_leaves_the_pair_key() -> None:
    old, new = item(ENTRY), item(replace(ENTRY, guid="g2", title=LONG.upper() + "!"))
    assert old.guid_key != new.guid_key
    assert old.pair_key == new.pair_key


def test_one_guid_for_all_entries_identifies_none() -> None:
    items = made(*(replace(ENTRY, title=f"Title {n}", link=f"https://t.example/{n}") for n in range(3))).items
    assert [made_.guid_key for made_ in items] == [None] * 3
    assert len({made_.id for made_ in items}) == 3


def test_an_entry_listed_twice_keeps_its_guid_and_keys() -> None:
    first, second = made(ENTRY, replace(ENTRY, summary="again")).items
    assert (first.id, first.guid_key) == (item(ENTRY).id, item(ENTRY).guid_key)
    assert (second.guid_key, second.pair_key) == (first.guid_key, first.pair_key)
    assert second.id != first.id


def test_two_guids_on_one_link_and_title_are_two_items() -> None:
    assert len(made(ENTRY, replace(ENTRY, guid="g2")).items) == 2


def test_a_huge_guid_is_only_hashed() -> None:
    made_ = item(replace(ENTRY, guid="x" * 500_000))
    assert len(made_.id) == 24
    assert made_.guid_key is not None
    assert 0 <= made_.guid_key < 2**63


@pytest.mark.parametrize("link", ["", "javascript:alert(1)", "https://t.example/", "https://www.t.example"])
def test_a_link_to_no_page_of_its_own_is_no_key(link: str) -> None:
    assert item(replace(ENTRY, link=link)).link_key is None


def test_a_page_with_several_titles_is_no_key() -> None:
    other = replace(ENTRY, guid="g2", title="Another title")
    assert [made_.link_key for made_ in made(ENTRY, other).items] == [None, None]


def test_copies_in_other_feeds_have_the_same_link_and_title_keys() -> None:
    copy = Entry(guid="zz", title=f"{LONG} - Tech in Asia", link="http://www.t.example/a/", source="Tech in Asia")
    here, there = item(ENTRY), item(copy)
    assert here.link_key is not None
    assert here.title_key is not None
    assert (here.link_key, here.title_key) == (there.link_key, there.title_key)


@pytest.mark.parametrize("title", [f"{LONG} | The News", f"{LONG} – the news", f"{LONG}_The News"])
def test_the_outlets_name_behind_a_title_does_not_count(title: str) -> None:
    assert item(replace(ENTRY, title=title), title="The News").title_key == item(ENTRY).title_key


def test_another_name_behind_a_title_counts() -> None:
    assert item(replace(ENTRY, title=f"{LONG} - Berlin")).title_key != item(ENTRY).title_key


@pytest.mark.parametrize(
    ("title", "telling"),
    [
        ("Weekly roundup", False),
        ("This week robots", False),
        ("This week in robots", True),
        ("融资快讯", False),
        ("阿里巴巴成立机器人团队", True),
        ("特斯拉 Optimus", False),
    ],
)
def test_short_titles_do_not_name_a_story(title: str, telling: bool) -> None:
    assert (item(replace(ENTRY, title=title)).title_key is not None) is telling
