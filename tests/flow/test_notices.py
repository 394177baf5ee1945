"""Who is told that something is over: a feed that broke its reader, a place that is gone."""

from __future__ import annotations

import pytest

from bot.errors import FetchError, NeverAgain
from bot.message import Message
from bot.model import TERMINAL, MessageRef, NewFeed, Person, Place
from tests.flow.conftest import Bot

A = "https://user:secret@a.example/feed"
ME, CHANNEL = Person("slack:T0/U1"), Place("slack:T0/C1")
MINE = Place("slack:T0/@U1")


def ask_for(bot: Bot, *titles: str, person: Person = ME) -> None:
    bot.fetcher.pages[A] = list(titles)
    with bot.store.write() as tx:
        tx.feeds.add([NewFeed(A, place=CHANNEL if person else TERMINAL, person=person)], bot.clock.now())


def said(bot: Bot) -> list[tuple[str, str]]:
    return [(place, text) for place, text, _ in bot.chat.posted]


def status(bot: Bot) -> tuple[str, int]:
    with bot.store.read() as tx:
        return tx.feeds.all()[0].status, tx.feeds.all()[0].kills


async def test_a_feed_that_breaks_three_readers_is_polled_no_more_and_its_owner_is_told_once(bot: Bot) -> None:
    ask_for(bot, "!!bomb")
    for poll in range(1, 6):
        bot.clock.pass_(86_400)
        await bot.poll()
        assert status(bot) == (("active", poll) if poll < 3 else ("quarantined", 3))
    assert len(bot.fetcher.asked) == 3
    ((place, text),) = said(bot)
    assert place == MINE
    assert "3 documents broke their reader" in text
    assert "***@a.example" in text
    assert "secret" not in text


async def test_a_feed_that_came_with_the_program_is_the_operators(bot: Bot) -> None:
    ask_for(bot, "!!bomb", person=Person(""))
    for _ in range(3):
        bot.clock.pass_(86_400)
        await bot.poll()
    assert [place for place, _ in said(bot)] == [TERMINAL]


async def test_a_document_that_can_be_read_wipes_the_slate(bot: Bot) -> None:
    ask_for(bot, "!!bomb")
    for titles in (["!!bomb"], ["!!bomb"], ["one"], ["!!bomb"], ["!!bomb"]):
        bot.fetcher.pages[A] = titles
        bot.clock.pass_(86_400)
        await bot.poll()
    assert status(bot) == ("active", 2)


async def test_other_failures_break_no_reader(bot: Bot) -> None:
    ask_for(bot, "!!bomb")
    await bot.poll()
    for answer in (["!no feed"], FetchError("HTTP 500", 500), ["!no feed"], FetchError("no connection")):
        bot.fetcher.pages[A] = answer
        bot.clock.pass_(86_400)
        await bot.poll()
    assert status(bot) == ("active", 1)
    assert said(bot) == []


async def test_who_asked_for_a_feed_that_is_gone_is_told(bot: Bot) -> None:
    ask_for(bot, "one")
    bot.fetcher.pages[A] = FetchError("HTTP 410", 410)
    await bot.poll()
    ((place, text),) = said(bot)
    assert (place, "gone for good" in text) == (MINE, True)


class Closed:
    """A chat in which some places are closed."""

    def __init__(self, bot: Bot, *closed: str) -> None:
        self._inner, self._closed, self.tried = bot.chat, closed, list[str]()

    async def post(self, place: Place, message: Message, nonce: str, thread: MessageRef | None = None) -> MessageRef:
        self.tried.append(place)
        if place in self._closed:
            raise NeverAgain("channel_not_found")
        return await self._inner.post(place, message, nonce, thread)


def watch(bot: Bot, place: str, name: str, owner: str = ME) -> None:
    with bot.store.write() as tx:
        tx.watches.add(Place(place), name, "*", Person(owner), bot.clock.now())


async def told(bot: Bot, *closed: str) -> Closed:
    """Two items, one after the other, while these places are closed."""
    chat = Closed(bot, *closed)
    bot.deliver._chats = {"terminal": chat, "slack": chat}  # type: ignore[dict-item]
    bot.feed("https://b.example/feed", "old")
    await bot.poll()
    for title in ("robot one walks far", "a second gripper for the plant"):
        bot.news("https://b.example/feed", title)
        await bot.poll()
    return chat


async def test_the_owner_of_a_dead_place_is_told_once_and_nobody_asks_there_again(bot: Bot) -> None:
    watch(bot, CHANNEL, "robots")
    watch(bot, CHANNEL, "grippers")
    watch(bot, CHANNEL, "arms", "slack:T0/U2")
    chat = await told(bot, CHANNEL)
    assert chat.tried == [CHANNEL, MINE, "slack:T0/@U2"]
    assert [place for place, _ in said(bot)] == [MINE, "slack:T0/@U2"]
    assert "channel_not_found" in said(bot)[0][1]
    assert "robots, grippers, arms" in said(bot)[0][1]


@pytest.mark.parametrize("owner", ["", ME])
async def test_where_nobody_else_can_be_told_the_operator_is(bot: Bot, owner: str) -> None:
    place = CHANNEL if not owner else MINE
    watch(bot, place, "robots", owner)
    chat = await told(bot, place)
    assert chat.tried == [place, TERMINAL]


async def test_an_owner_who_is_gone_too_is_no_endless_story(bot: Bot) -> None:
    watch(bot, CHANNEL, "robots")
    chat = await told(bot, CHANNEL, MINE)
    assert chat.tried == [CHANNEL, MINE, TERMINAL]
