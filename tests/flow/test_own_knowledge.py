"""What people add to the gazetteer counts at once in a running bot, and reports of one deal suggest names."""

from __future__ import annotations

from dataclasses import replace

from bot.classify.knowledge.seeds import Entity, Knowledge
from bot.flow.suggest import suggest
from bot.model import Deal, Party, Person
from bot.people import Alias, OwnEntity
from bot.ports import Store
from tests.contract.makers import NOW, stored
from tests.flow.conftest import Bot

ME = Person("terminal:me")


async def test_an_entity_added_while_the_bot_runs_counts_from_the_next_poll_on(bot: Bot) -> None:
    bot.feed("https://a.example/feed", "old")
    bot.watch("company:norrland")
    await bot.poll()
    bot.fetcher.pages["https://a.example/feed"] = ["Norrland sells robots"]
    await bot.poll()
    assert bot.texts == []
    with bot.store.write() as tx:
        tx.entities.add(OwnEntity("norrland", "company", "Norrland", ME, bot.clock.now()))
    bot.fetcher.pages["https://a.example/feed"] = ["Norrland buys robots"]
    await bot.poll()
    assert bot.texts == ["Norrland buys robots"]
    with bot.store.write() as tx:
        tx.entities.alias(Alias("norrland", "诺兰", ME, bot.clock.now()))
    bot.fetcher.pages["https://a.example/feed"] = ["诺兰机器人发布"]
    await bot.poll()
    assert bot.texts == ["Norrland buys robots", "诺兰机器人发布"]


def test_reports_of_one_deal_suggest_a_name_that_nobody_has(store: Store) -> None:
    english = Deal("funding", Party("Norrland", "norrland"), amount=10**8, currency="USD", amount_usd=10**8, round="A")
    chinese = replace(english, target=Party("诺兰机器人"))
    knowledge = Knowledge(
        (Entity("norrland", "company", "Norrland"), Entity("gripper", "company", "Gripper", ("夹爪",)))
    )
    with store.write() as tx:
        tx.items.add([stored("a", story_id=3, deals=(english,)), stored("b", story_id=3, deals=(chinese,))])
        other = replace(english, target=Party("夹爪"))
        tx.items.add([stored("c", story_id=4, deals=(english,)), stored("d", story_id=4, deals=(other,))])
        tx.items.add([stored("e", story_id=5, deals=(english,))])
        suggest(tx, [5, 4, 3, 3], knowledge, NOW)
        (one,) = tx.suggestions.all()
    assert (one.entity, one.alias, one.stories) == ("norrland", "诺兰机器人", (3,))
