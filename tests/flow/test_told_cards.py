"""What the cards of alerts know of their story and of the watchlists that asked."""

from __future__ import annotations

from bot.model import TERMINAL
from tests.flow.conftest import Bot


async def test_an_alert_counts_the_other_outlets_that_have_its_story_by_then(bot: Bot) -> None:
    urls = [f"https://outlet{number}.example/feed" for number in range(3)]
    for url in urls:
        bot.feed(url, "old")
    bot.watch()
    await bot.poll()
    for url in urls:
        bot.news(url, "Corvid Robotics opens a factory in Bergen")
    await bot.poll()
    [text] = [text for text in (said for _, said, _ in bot.chat.posted) if "Bergen" in text]
    assert " and 2 more · " in text


async def test_an_alert_has_the_templates_of_the_watchlists_that_asked_and_none_if_all_are_usual(bot: Bot) -> None:
    url = "https://outlet.example/feed"
    bot.feed(url, "old")
    bot.watch(name="usual")
    await bot.poll()
    bot.news(url, "first robot")
    await bot.poll()
    dressed = bot.watch(query="robot", name="dressed")
    with bot.store.write() as tx:
        tx.watches.dress(dressed, "fields=why")
    bot.news(url, "second robot")
    await bot.poll()
    with bot.store.read() as tx:
        posted = {one.alert.items[0].title: one.alert for one in tx.outbox.recent(TERMINAL, 10)}
    assert posted["first robot"].templates == ()
    assert dict(zip(posted["second robot"].watchlists, posted["second robot"].templates, strict=True)) == {
        "usual": "",
        "dressed": "fields=why",
    }
