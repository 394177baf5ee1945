"""The longest that is ever said, in Slack and in Discord: nothing is refused, and every story is shown or counted."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.cards import DIGEST_STORIES, compose
from bot.chat import discord_embeds, discord_talk, discord_text, slack_blocks, slack_talk
from bot.classify.query.parse import SYNTAX
from bot.command import Book, Call, Command, Param, Reply
from bot.message import Actions, Button, Card, Code, Menu, Message, Table, Text, say
from bot.model import Alert, AlertItem, Deal, Party, Place
from tests.chat.discord_rules import message_faults
from tests.chat.slack_rules import faults as slack_faults
from tests.chat.slack_rules import texts_of

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
WORDS = {
    "English": "Robot maker raises $140m for a second humanoid factory & hires ",
    "Chinese": "自变量机器人完成近10亿元A+轮融资，阿里云领投，具身智能",
    "emoji": "🤖👨‍👩‍👧🦾",
    "markup": "*_~`|<@U1>[a](b)# ",
}
MARK = re.compile(r"story(\d+)end")


def long(words: str, size: int, number: int = 0) -> str:
    """So many characters; each story can be told from the others."""
    return f"story{number}end " + (words * (size // len(words) + 1))[:size]


def item(words: str, number: int, size: int) -> AlertItem:
    party = Party(long(words, 80))
    deal = Deal("funding", party, None, 140_000_000, "USD", 140_000_000, "A+", (party,) * 12, (party,) * 3)
    return AlertItem(
        story_id=10**9 + number,
        title=long(words, size, number),
        link=f"https://news.example/{number}/" + "a" * min(size, 500),
        source=long(words, 60)[13:],
        published=NOW - timedelta(hours=number),
        summary=long(words, 600),
        image="https://news.example/p.png",
        spans=tuple((at, at + 3) for at in range(0, size, 7)),
        words=tuple(long(words, 40) for _ in range(12)),
        event="funding",
        deals=(deal,) * 3,
        minutes=12,
        company=("alibaba", long(words, 80)),
        watchlists=(f"watchlist {number % 7} {words[:30]}",),
    )


def alert(kind: Any, words: str, count: int, size: int) -> Alert:
    names = tuple(f"watchlist {number} {words[:40]}" for number in range(7))
    items = tuple(item(words, number, size) for number in range(count))
    return Alert(kind, Place("slack:T0/C1"), names, items, count, feed=long(words, 80))


def posted(message: Message) -> None:
    """As an alert: one message in each chat."""
    body = slack_blocks.payload(message)
    assert (
        slack_faults("chat.postMessage", {"channel": "C1", "unfurl_links": False, "unfurl_media": False, **body}) == []
    )
    assert slack_faults("chat.update", {"channel": "C1", "ts": "1700000000.000001", **body}) == []
    assert message_faults(discord_embeds.render(message).payload) == []


def answered(message: Message) -> tuple[str, str]:
    """As an answer: in several messages; what can be read in Slack and in Discord."""
    bodies = slack_blocks.pages(message, slack_talk.PAGES)
    assert [slack_faults("respond", body) for body in bodies] == [[]] * len(bodies)
    found = [one.payload for one in discord_embeds.pages(message, discord_talk.PAGES, notify=False)]
    assert [message_faults(payload) for payload in found] == [[]] * len(found)
    slack = "\n".join(texts_of([body["blocks"] for body in bodies]))
    return slack, "\n".join(map(read, found))


def read(payload: dict[str, Any]) -> str:
    """What can be read in a message of Discord, without the escapes."""
    texts = [payload["content"]]
    for embed in payload["embeds"]:
        texts += [embed.get("title", ""), embed.get("description", "")]
    return discord_text.unescaped("\n".join(texts))


def accounted(text: str) -> tuple[int, int]:
    """How many stories can be read, and how many are only counted."""
    left = re.search(r"… and ([\d,]+) more$", text, re.MULTILINE)
    return len(set(MARK.findall(text))), int(left[1].replace(",", "")) if left else 0


every = pytest.mark.parametrize("words", WORDS.values(), ids=list(WORDS))


@every
@pytest.mark.parametrize("kind", ["story", "summary", "digest", "report"])
@pytest.mark.parametrize("size", [10, 120, 1_500])
def test_no_alert_is_refused_however_long_it_is(kind: str, words: str, size: int) -> None:
    count = {"story": 1, "report": 5}.get(kind, DIGEST_STORIES)
    posted(compose(alert(kind, words, count, size), NOW, UTC, 10**9))


@every
@pytest.mark.parametrize("size", [60, 1_500])
def test_a_digest_shows_or_counts_every_story(words: str, size: int) -> None:
    message = compose(alert("digest", words, DIGEST_STORIES, size), NOW, UTC)
    for text in (
        "\n".join(texts_of(slack_blocks.payload(message)["blocks"])),
        read(discord_embeds.render(message).payload),
    ):
        shown, left = accounted(text)
        assert shown + left == DIGEST_STORIES
        assert shown >= 3


def test_the_usual_digest_is_shown_as_a_whole() -> None:
    """Headlines, links and deals of the lengths that real feeds have, at the 90th percentile."""
    rows = tuple(
        Card(long("Robot maker raises ", 90, number), f"https://news.example/{'a' * 70}{number}", "💰", "TechCrunch · 2 h ago",
             "X Square Robot · $140m · A+ · lead Alibaba Cloud" if number % 3 == 0 else "")
        for number in range(DIGEST_STORIES)
    )  # fmt: skip
    message = Message("digest", (Text("Your digest"), *rows), "news")
    assert accounted("\n".join(texts_of(slack_blocks.payload(message)["blocks"]))) == (DIGEST_STORIES, 0)
    assert accounted(read(discord_embeds.render(message).payload)) == (DIGEST_STORIES, 0)


@every
@pytest.mark.parametrize("size", [120, 1_500])
def test_fifty_news_come_in_several_messages_and_the_rest_is_counted(words: str, size: int) -> None:
    cards = tuple(
        Card(long(words, size, number), "https://news.example/" + "a" * min(size, 500), meta=long(words, 90)[13:])
        for number in range(50)
    )
    for text in answered(Message("50 stories", (*cards, Text("`news limit=50` lists the newest.")), "news")):
        shown, left = accounted(text)
        assert shown + left == 50
        assert shown >= 12


@every
def test_the_page_of_a_story_with_all_that_it_can_have(words: str) -> None:
    facts = tuple((f"Label {number}", long(words, 400)) for number in range(10))
    links = tuple((long(words, 80), f"https://o.example/{'b' * 1_900}{number}") for number in range(30))
    head = Card(long(words, 500, 0), "https://news.example/", meta=long(words, 500), body=long(words, 3_000), facts=facts,
                footer=long(words, 500), image="https://news.example/p.png", links=links)  # fmt: skip
    reports = tuple(
        Card(long(words, 300, number), "https://n.example/" + "c" * 300, meta=long(words, 300)[13:])
        for number in range(1, 21)
    )
    row = Actions(
        (
            Button("Follow story", "follow story:12"),
            Menu("Mute…", tuple((f"for {day} days", f"watch mute for={day}d story:12") for day in range(30))),
        )
    )
    message = Message(long(words, 9_000), (head, Text(long(words, 2_000)), *reports, Text(long(words, 2_000)), row))
    posted(message)
    for text in answered(message):
        shown, left = accounted(text)
        assert shown + left == 21


async def _nothing(call: Call) -> Reply:
    return Reply(say("done"))


def test_help_of_a_hundred_commands() -> None:
    book = Book()
    for number in range(100):
        params = (Param("name", "its name"), Param("query", "what it asks for, at length", "rest"))
        command = Command((f"group{number % 9}", f"command{number}"), "What it does, in the words of people", params)
        book.register(command, _nothing)
    for message in (book.help(""), book.help("group1")):
        for text in answered(message):
            assert "command1" in text or "group1" in text


def test_the_language_of_queries_is_explained_as_a_whole() -> None:
    first, last = SYNTAX.strip().splitlines()[0].split()[0], SYNTAX.strip().splitlines()[-1].split()[-1]
    for text in answered(Message(SYNTAX, (Code(SYNTAX),))):
        assert first in text
        assert last in text


@every
def test_a_table_of_a_thousand_rows_shows_or_counts_each(words: str) -> None:
    rows = tuple((f"story{number}end", *(long(words, 100)[13:] for _ in range(4))) for number in range(1_000))
    message = Message("many", (Table(("name", "a", "b", "c", "d"), rows),))
    posted(message)
    for text in answered(message):
        shown, left = accounted(text)
        assert shown + left == 1_000
