"""The window of stories and the store: what survives a restart, a failure, a second look."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta

import pytest

from bot.alerted import acting_entities
from bot.errors import NotFound, StoreError
from bot.flow.stories import Placed, Placer
from bot.model import Classification, Item, NewFeed, NewStory, StoredItem, Story
from bot.ports import Store, Transaction
from bot.stories.cluster import Refinement
from tests.stories.signatures import (
    APPROVED,
    APPROVED_TOO,
    DANCE,
    FIRE,
    FIRE_TOO,
    FIRE_ZH,
    FIRE_ZH_TOO,
    ORCHARD,
    ROUND_EN,
    ROUND_NEXT,
    ROUND_ZH,
    SALE,
    SALE_TOO,
    START,
    Words,
    about,
    item,
)
from tests.stories.test_apart import BRANDT, HALEN

DAY = 24.0


class Power(Exception):
    """It went off."""


def feed(tx: Transaction) -> int:
    """The feed that all of it comes from."""
    url = "https://wire.example/feed"
    known = tx.feeds.find(url)
    return (known or tx.feeds.add([NewFeed(url)], START)[0]).id


def tell(tx: Transaction, placer: Placer, *words: Words, after: float = 0.0, outlet: str = "Wire") -> list[Placed]:
    """A batch of reports of different outlets, half an hour apart, placed and stored as the writer does it."""
    items = [item(one, f"{outlet} {number}", after + number / 2) for number, one in enumerate(words)]
    reports = [(one, about(one), one.published + timedelta(minutes=5)) for one in items]
    placed = placer.place(tx, reports)
    keep(tx, reports, placed)
    return placed


def keep(tx: Transaction, reports: Sequence[tuple[Item, Classification, datetime]], placed: Sequence[Placed]) -> None:
    """Store reports where they were placed."""
    tx.items.add(
        [
            StoredItem(
                one,
                feed(tx),
                where.story_id,
                at,
                entities=tuple(mention.entity for mention in read.mentions),
                event=read.event,
                deals=read.deals,
                status=where.status,
                placed=where.why,
                copy=where.copy,
                actors=acting_entities(read),
            )
            for (one, read, at), where in zip(reports, placed, strict=True)
        ]
    )


def told(store: Store, placer: Placer, *words: Words, after: float = 0.0, outlet: str = "Wire") -> list[Placed]:
    """The same in a transaction of its own."""
    with store.write() as tx:
        return tell(tx, placer, *words, after=after, outlet=outlet)


def at(hours: float) -> datetime:
    return START + timedelta(hours=hours)


def story(store: Store, number: int) -> Story:
    with store.read() as tx:
        return tx.stories.get(number)


def titles(store: Store, number: int) -> list[str]:
    with store.read() as tx:
        return [one.item.title for one in tx.items.of_story(number)]


def ids(placed: Sequence[Placed]) -> list[int]:
    return [one.story_id for one in placed]


def look(store: Store, placer: Placer, hours: float = 1.0) -> Refinement:
    with store.write() as tx:
        return placer.refine(tx, at(hours))


def test_outlets_of_one_batch_share_a_story_of_the_store(store: Store) -> None:
    fire, dance, again, too = told(store, Placer(), FIRE, DANCE, FIRE_TOO, FIRE_ZH)
    assert fire.story_id == again.story_id == too.story_id != dance.story_id
    assert [one.status for one in (fire, dance, again, too)] == ["new", "new", "same", "same"]
    found = story(store, fire.story_id)
    assert (found.items, found.sources, found.title) == (3, ("Wire 0", "Wire 2", "Wire 3"), FIRE.title)
    assert story(store, dance.story_id).items == 1
    assert titles(store, fire.story_id) == [FIRE.title, FIRE_TOO.title, FIRE_ZH.title]


def test_the_growth_of_the_window_is_told_also_as_it_is_read_anew(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.flow.stories.GROWTH", 2)
    grown: list[str] = []
    placer = Placer(lambda: grown.append("placed"))
    for at, words in enumerate((ROUND_EN, SALE, FIRE, DANCE, ORCHARD)):
        with store.write() as tx:
            tell(tx, placer, words, after=at)
    assert grown == ["placed"] * 2
    restarted = Placer(lambda: grown.append("read"))
    with store.write() as tx:
        tell(tx, restarted, APPROVED, after=6)
    assert grown == ["placed"] * 2 + ["read"] * 3


def test_no_reports_need_no_story(store: Store) -> None:
    with store.write() as tx:
        before = tx.stories.revision()
        assert Placer().place(tx, []) == []
        assert tx.stories.revision() == before


def test_a_later_batch_joins_and_the_story_is_as_new_as_its_last_report(store: Store) -> None:
    placer = Placer()
    (first,) = told(store, placer, FIRE)
    (again,) = told(store, placer, FIRE_TOO, after=10, outlet="Post")
    assert again.story_id == first.story_id
    assert story(store, first.story_id).updated == at(10) + timedelta(minutes=5)


def test_a_copy_adds_an_outlet_but_no_independent_one(store: Store) -> None:
    copied = Words("Fjord couriers called back", f"{FIRE.summary} Read more in our app.")
    placed = told(store, Placer(), FIRE, copied, FIRE_TOO)
    assert [one.copy for one in placed] == [False, True, False]
    found = story(store, placed[0].story_id)
    assert (len(found.sources), found.copied, found.independent) == (3, ("Wire 1",), 2)


def test_two_deals_of_one_company_are_two_stories(store: Store) -> None:
    placed = told(store, Placer(), ROUND_EN, ROUND_NEXT, ROUND_ZH)
    assert placed[0].story_id == placed[2].story_id != placed[1].story_id


@pytest.mark.parametrize("later", [FIRE_TOO, FIRE_ZH, FIRE])
def test_after_a_restart_a_report_finds_its_story(store: Store, later: Words) -> None:
    first, _ = told(store, Placer(), FIRE, DANCE)
    (again,) = told(store, Placer(), later, after=20, outlet="Post")
    assert (again.story_id, again.status) == (first.story_id, "same")
    assert story(store, first.story_id).items == 2


def test_after_a_restart_a_week_later_it_is_another_event(store: Store) -> None:
    (first,) = told(store, Placer(), FIRE)
    (again,) = told(store, Placer(), FIRE_TOO, after=8 * DAY, outlet="Post")
    assert (again.status, again.story_id != first.story_id) == ("new", True)


def test_a_development_is_a_story_that_follows_also_months_and_restarts_later(store: Store) -> None:
    (sale,) = told(store, Placer(), SALE)
    (approved,) = told(store, Placer(), APPROVED, after=90 * DAY)
    assert (approved.status, approved.follows) == ("update", sale.story_id)
    assert story(store, approved.story_id).follows == sale.story_id
    (too,) = told(store, Placer(), APPROVED_TOO, after=90 * DAY + 3, outlet="Post")
    assert (too.story_id, too.status, too.follows) == (approved.story_id, "update", sale.story_id)
    with store.read() as tx:
        assert [one.id for one in tx.stories.developments(sale.story_id)] == [approved.story_id]
    assert story(store, sale.story_id).items == 1


def test_a_transaction_that_failed_is_forgotten(store: Store) -> None:
    placer = Placer()
    (dance,) = told(store, placer, DANCE)
    with suppress(Power), store.write() as tx:
        tell(tx, placer, FIRE)
        raise Power
    (fire,) = told(store, placer, FIRE_TOO, after=1, outlet="Post")
    assert fire.status == "new"
    assert titles(store, fire.story_id) == [FIRE_TOO.title]
    (again,) = told(store, placer, FIRE_ZH, after=2, outlet="Mail")
    assert (again.story_id, again.status) == (fire.story_id, "same")
    assert story(store, dance.story_id).items == 1


def test_a_batch_that_failed_half_way_is_forgotten(store: Store) -> None:
    placer = Placer()
    told(store, placer, FIRE)
    with pytest.raises(StoreError), store.read() as tx:  # where nothing can be written
        tell(tx, placer, FIRE_TOO, after=1, outlet="Post")
    (again,) = told(store, placer, FIRE_TOO, after=1, outlet="Post")
    assert (again.status, again.copy) == ("same", False)


def test_a_transaction_that_failed_is_forgotten_also_if_another_process_wrote_as_much(store: Store) -> None:
    mine, theirs = Placer(), Placer()
    told(store, mine, ORCHARD)
    with suppress(Power), store.write() as tx:
        tell(tx, mine, FIRE)
        raise Power
    (dance,) = told(store, theirs, DANCE, after=1)
    (fire,) = told(store, mine, FIRE_TOO, after=2, outlet="Post")
    assert (fire.status, fire.story_id != dance.story_id) == ("new", True)


def test_what_another_process_stored_is_heeded(store: Store) -> None:
    mine, theirs = Placer(), Placer()
    told(store, mine, DANCE)
    (first,) = told(store, theirs, FIRE, after=1)
    (again,) = told(store, mine, FIRE_TOO, after=2, outlet="Post")
    assert (again.story_id, again.status) == (first.story_id, "same")


def test_a_second_look_finds_nothing_where_all_is_well(store: Store) -> None:
    placer = Placer()
    told(store, placer, FIRE, FIRE_TOO, DANCE, ORCHARD)
    assert look(store, placer) == Refinement()


def in_one_story(store: Store, *words: Words, outlet: str = "Wire") -> int:
    """Reports that the store has in one story, whatever they tell."""
    items = [item(one, f"{outlet} {number}", number / 2) for number, one in enumerate(words)]
    with store.write() as tx:
        story = tx.stories.add([NewStory(items[0].title, items[0].source, items[0].published)])[0]
        for one in items[1:]:
            tx.stories.join(story, one.published, one.source)
        keep(tx, [(one, about(one), one.published) for one in items], [Placed(story)] * len(items))
    return story


def split_in_two(store: Store) -> tuple[int, int]:
    """One event that the store has as two stories, as an older version of the bot may have left it."""
    return in_one_story(store, FIRE), in_one_story(store, FIRE_ZH, outlet="Post")


def test_a_second_look_merges_in_the_store_and_the_older_id_lives_on(store: Store) -> None:
    one, other = split_in_two(store)
    placer = Placer()
    told(store, placer, FIRE_TOO, after=1, outlet="Mail")
    assert look(store, placer).merged == ((one, other),)
    assert titles(store, one) == [FIRE.title, FIRE_ZH.title, FIRE_TOO.title]
    assert titles(store, other) == []
    assert story(store, other) == story(store, one)
    assert story(store, one).items == 3
    (more,) = told(store, placer, FIRE_ZH_TOO, after=2, outlet="Echo")
    assert more.story_id == one
    (restarted,) = told(store, Placer(), FIRE, after=3, outlet="Herald")
    assert restarted.story_id == one


def test_a_second_look_moves_all_reports_of_the_second_event_into_one_story(store: Store) -> None:
    mixed = [words for pair in zip(HALEN[:3], BRANDT[:3], strict=True) for words in pair]
    number = in_one_story(store, *mixed)
    placer = Placer()
    (last,) = told(store, placer, HALEN[3], after=4, outlet="Post")
    assert last.story_id == number
    apart = look(store, placer, 5).apart
    (new,) = {story for _, _, story in apart}
    assert {old for _, old, _ in apart} == {number}
    assert titles(store, new) == [words.title for words in BRANDT[:3]]
    assert titles(store, number) == [words.title for words in HALEN]
    assert (story(store, new).items, story(store, number).items) == (3, 4)
    assert story(store, new).sources == ("Wire 1", "Wire 3", "Wire 5")
    (more,) = told(store, placer, BRANDT[3], after=6, outlet="Mail")
    assert more.story_id == new
    (restarted,) = told(store, Placer(), BRANDT[0], after=7, outlet="Echo")
    assert restarted.story_id == new


def test_a_story_that_was_put_apart_is_called_after_its_first_report(store: Store) -> None:
    mixed = [words for pair in zip(HALEN[:3], BRANDT[:3], strict=True) for words in pair]
    in_one_story(store, *mixed)
    placer = Placer()
    told(store, placer, HALEN[3], after=4, outlet="Post")
    new = look(store, placer, 5).apart[0][2]
    assert story(store, new).title == BRANDT[0].title


def test_a_second_look_that_failed_is_taken_again(store: Store) -> None:
    one, other = split_in_two(store)
    placer = Placer()
    told(store, placer, FIRE_TOO, after=1, outlet="Mail")
    with suppress(Power), store.write() as tx:
        assert placer.refine(tx, at(1)).merged == ((one, other),)
        raise Power
    assert titles(store, other) == [FIRE_ZH.title]
    told(store, placer, FIRE_ZH_TOO, after=2, outlet="Echo")
    assert look(store, placer, 2).merged == ((one, other),)
    assert len(titles(store, one)) == 4


def test_a_story_nobody_ever_told_is_not_found(store: Store) -> None:
    told(store, Placer(), SALE, SALE_TOO)
    with pytest.raises(NotFound):
        story(store, 4711)
