"""`why`, `verdict`, `learned` and `watch reset` as people use them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.message import Actions, Card, Text
from bot.model import TERMINAL, Alert, AlertItem, MessageRef, NewFeed, Place, StoredItem
from tests.commands.conftest import Typist, new
from tests.fakes.world import START

LATER = START + timedelta(minutes=5)


def told(item: StoredItem, story_id: int) -> AlertItem:
    one = item.item
    return AlertItem(story_id, one.title, one.link, one.source, one.published, one.summary, one.lang)


async def stored_as(typist: Typist, title: str) -> StoredItem:
    """The stored item of a title, as the indexer left it."""
    await typist.type("news")
    with typist.store.read() as tx:
        return next(one for one in tx.items.search(limit=100) if one.item.title == title)


async def posted(
    typist: Typist, titles: Sequence[str], *watchlists: str, kind: str = "story", place: str = TERMINAL
) -> int:
    """An alert about stored items, posted; its delivery's id."""
    items = [await stored_as(typist, title) for title in titles]
    rows = tuple(told(one, one.story_id) for one in items)
    alert = Alert("summary" if kind == "summary" else "story", Place(place), watchlists, rows, len(rows), "A feed")
    with typist.store.write() as tx:
        (delivery,) = tx.outbox.add([alert], START)
        tx.outbox.claim(START, LATER, 10)
        tx.outbox.done(delivery, MessageRef(Place(place), "1"), START)
    return delivery


async def watching(typist: Typist, *titles: str, query: str = "topic:robotics") -> None:
    """A watchlist `robots` from before the items, and the items, in the order of their titles."""
    await typist.type(f"watch add robots {query}")
    typist.holds(*(replace(new(title), fetched=LATER) for title in titles))


# -- why, for alerts ---------------------------------------------------------------------------------------------------


async def test_why_explains_the_last_alert_with_its_words_marked(typist: Typist) -> None:
    await watching(typist, "A bank opens", "Unitree shows a robot")
    await posted(typist, ["Unitree shows a robot"], "robots")
    reply = await typist.type("why")
    (row,) = reply.rows
    assert (row["title"], row["watch"], row["matched"], row["held"]) == ("Unitree shows a robot", "robots", True, False)
    assert {(one["what"], one["words"], one["field"], one["start"], one["end"]) for one in row["reasons"]} == {
        ("topic:robotics", "Unitree", "title", 0, 7),
        ("topic:robotics", "robot", "title", 16, 21),
    }
    card = reply.message.parts[0]
    assert isinstance(card, Card)
    assert [card.headline[start:end] for start, end in card.spans] == ["Unitree", "robot"]
    assert "`robots` asks for it: topic:robotics (0.88) by “Unitree”, “robot” in the title." in reply.message.text
    assert "It names Unitree" in reply.message.text
    assert "It is the first report of story " in reply.message.text
    assert "It was posted here (just now)." in reply.message.text


async def test_why_shows_the_piece_of_the_summary_that_counted(typist: Typist) -> None:
    await typist.type("watch add robots robot")
    base = new("News of the day")
    typist.holds(replace(base, item=replace(base.item, summary="Words before. A robot walks. Words after.")))
    reply = await typist.type("why News of the day")
    piece = reply.message.parts[2]
    assert isinstance(piece, Text)
    assert [piece.text[start:end] for start, end in piece.spans] == ["robot"]


async def test_a_number_is_the_nth_last_alert_and_a_hash_a_delivery(typist: Typist) -> None:
    await watching(typist, "A robot walks", "A robot runs")
    first = await posted(typist, ["A robot walks"], "robots")
    await posted(typist, ["A robot runs"], "robots")
    for line, title in (("why", "runs"), ("why 1", "runs"), ("why 2", "walks"), (f"why #{first}", "walks")):
        assert (await typist.type(line)).rows[0]["title"] == f"A robot {title}"
    reply = await typist.type("why 3")
    assert (reply.ok, "Only 2 messages" in reply.message.text) == (False, True)


async def test_the_alerts_of_other_places_are_not_told(typist: Typist) -> None:
    await watching(typist, "A robot walks")
    delivery = await posted(typist, ["A robot walks"], "robots", place="slack:T0/C1")
    assert not (await typist.type("why")).ok
    assert not (await typist.type(f"why #{delivery}")).ok
    assert (await typist.type(f"why #{delivery}", place="slack:T0/C1")).message.text.startswith("A robot walks")


async def test_an_alert_has_buttons_for_verdicts_that_work(typist: Typist) -> None:
    await watching(typist, "A robot walks")
    await posted(typist, ["A robot walks"], "robots")
    actions = (await typist.type("why")).message.parts[-1]
    assert isinstance(actions, Actions)
    for button in actions.items:
        assert (await typist.type(getattr(button, "command", ""))).ok


# -- why not -----------------------------------------------------------------------------------------------------------


async def test_an_item_that_no_watchlist_asks_for_says_what_was_missing(typist: Typist) -> None:
    await watching(typist, "A bank opens")
    await typist.type("watch add money money")
    link = (await stored_as(typist, "A bank opens")).item.link
    for line in (f"why {link}", f"why <{link}|A bank>", "why bank opens"):
        reply = await typist.type(line)
        assert [(row["watch"], row["matched"]) for row in reply.rows] == [("robots", False), ("money", False)]
        assert [one["term"] for one in reply.rows[0]["missing"]] == ["topic:robotics"]
        assert "No watchlist here asks for it." in reply.message.text
        assert "`money` does not: money: " in reply.message.text
    reply = await typist.type(f"why watch=money {link}")
    assert [row["watch"] for row in reply.rows] == ["money"]


async def test_a_match_that_was_stored_before_its_watchlist_says_so(typist: Typist) -> None:
    typist.holds(replace(new("A robot walks"), fetched=START - timedelta(days=1)))
    await typist.type("watch add robots robot")
    reply = await typist.type("why robot walks")
    assert reply.rows[0]["told"] == "not told: it was stored before this watchlist was made"


async def test_a_match_of_a_silent_baseline_says_so(typist: Typist) -> None:
    with typist.store.write() as tx:
        (feed,) = tx.feeds.add([NewFeed("https://ledger.example/feed", "The Ledger")], START)
    await typist.type("watch add robots robot")
    typist.holds(replace(new("A robot walks"), feed_id=feed.id, fetched=LATER))
    told = str((await typist.type("why robot walks")).rows[0]["told"])
    assert "the first poll of `The Ledger`, the silent baseline" in told


async def test_a_match_that_needs_more_outlets_says_how_many(typist: Typist) -> None:
    await watching(typist, "A robot walks", query="robot sources:>=2")
    reply = await typist.type("why robot walks")
    assert reply.rows[0]["told"] == "not told: 2 outlets must report it, 1 did so far"
    assert (await typist.type("watch test robot sources:>=2")).rows[0]["fired"] == 0


async def test_another_report_of_a_story_that_was_told_says_which(typist: Typist) -> None:
    first, other = new("Robot maker raises millions"), new("Millions for a robot maker")
    same = replace(other.item, link_key=first.item.link_key, link="https://other.example/2")
    await typist.type("watch add robots robot")
    typist.holds(first, replace(other, item=same))
    await posted(typist, ["Robot maker raises millions"], "robots")
    reply = await typist.type("why millions for a robot maker")
    assert "Its story was told here already (just now): “Robot maker raises millions”" in reply.message.text
    assert "It is report 2 of 2 of story" in reply.message.text
    assert str(reply.rows[0]["placed"][0]) in reply.message.text


async def test_an_item_over_the_cap_was_counted_in_a_summary(typist: Typist) -> None:
    await watching(typist, "A robot walks", "A robot runs")
    await posted(typist, ["A robot walks", "A robot runs"], "robots", kind="summary")
    reply = await typist.type("why robot runs")
    assert (
        "It was counted in a summary of 2 stories from A feed (just now): over the cap of one poll."
        in reply.message.text
    )


async def test_a_queued_alert_waits(typist: Typist) -> None:
    await watching(typist, "A robot walks")
    item = await stored_as(typist, "A robot walks")
    with typist.store.write() as tx:
        tx.outbox.add([Alert("story", TERMINAL, ("robots",), (told(item, item.story_id),))], START)
    assert "Its story waits to be posted here" in (await typist.type("why robot walks")).message.text
    with typist.store.write() as tx:
        tx.outbox.disable(TERMINAL, "the channel is gone", START)
    assert "nothing can be posted here: the channel is gone" in (await typist.type("why robot walks")).message.text


async def test_an_unknown_link_says_which_feed_might_have_shown_it(typist: Typist) -> None:
    with typist.store.write() as tx:
        good, bad = tx.feeds.add([NewFeed("https://good.example/feed"), NewFeed("https://bad.example/f", "Bad")], START)
        tx.feeds.save([good, replace(bad, failures=3, error="HTTP 503")])
    expected = {
        "https://www.good.example/x": "Of its site I poll `https://good.example/feed`.",
        "https://bad.example/x": "`Bad` fails: HTTP 503",
        "https://elsewhere.example/x": "none is of elsewhere.example",
    }
    for link, words in expected.items():
        reply = await typist.type(f"why {link}")
        assert reply.ok
        assert reply.message.text.startswith("No feed of mine has shown this link")
        assert words in reply.message.text
        assert reply.rows[0]["stored"] is False


@pytest.mark.parametrize("line", ["why", "why zebra", "why #9", "why https://[", "why watch=zebra robot", "why 0"])
async def test_what_cannot_be_found_gets_a_kind_answer(typist: Typist, line: str) -> None:
    typist.holds(new("A robot walks"))
    reply = await typist.type(line)
    assert reply.rows == () or reply.rows[0]["stored"] is False
    assert reply.message.text


async def test_hostile_words_are_only_words(typist: Typist) -> None:
    for text in ('"', "'''", "* OR -", "🤖" * 50, "%_%", "\\", "NEAR(", "a" * 2000):
        await typist.type(f"why {text}")


# -- verdicts ----------------------------------------------------------------------------------------------------------


async def teach(typist: Typist, likes: int = 6, dislikes: int = 8) -> None:
    """Alerts of two outlets, of which one is disliked."""
    await typist.type("watch add robots topic:robotics")
    good = [outlet(f"A robot of use {n}", "Good News") for n in range(likes)]
    bad = [outlet(f"A robot of none {n}", "Bad News") for n in range(dislikes)]
    typist.holds(*good, *bad)
    for one in (*good, *bad):
        opinion = "good" if one in good else "bad"
        assert (await typist.type(f"verdict {opinion} {one.item.link}")).ok


def outlet(title: str, source: str) -> StoredItem:
    one = new(title)
    return replace(one, fetched=LATER, item=replace(one.item, source=source))


async def test_a_verdict_on_the_last_alert_is_kept_for_the_watchlists_that_told_it(typist: Typist) -> None:
    await watching(typist, "A robot walks")
    await typist.type("watch add banks bank")
    await posted(typist, ["A robot walks"], "robots")
    for opinion, good in (("good", True), ("👎", False)):
        reply = await typist.type(f"verdict {opinion}")
        assert [(row["watch"], row["good"], row["verdicts"]) for row in reply.rows] == [("robots", good, 1)]
    with typist.store.read() as tx:
        (kept,) = tx.verdicts.of(next(one.id for one in tx.watches.all() if one.name == "robots"))
    assert (kept.good, kept.features["source:Example"], kept.features["rule"]) == (False, 1.0, 0.7)


async def test_verdicts_teach_and_the_effect_is_shown(typist: Typist) -> None:
    await teach(typist)
    (row,) = (await typist.type("learned")).rows
    assert (row["verdicts"], row["against"], row["ready"]) == (14, 8, True)
    assert str(row["effect"]).startswith("now needs 0.")
    assert "source:Bad News" in row["down"]
    assert "learned from 14 verdicts" in (await typist.type("watch show robots")).message.text
    one = await typist.type("learned robots")
    assert (one.rows[0]["held"], one.rows[0]["found"]) == (8, 14)
    assert "it would hold back 8" in one.message.text


async def test_what_feedback_holds_back_says_so(typist: Typist) -> None:
    await teach(typist)
    typist.holds(outlet("A robot at last", "Bad News"))
    reply = await typist.type("why robot at last")
    assert reply.rows[0]["held"] is True
    assert "Not told: feedback holds it back" in reply.message.text
    assert "for source:Bad News" in reply.message.text


async def test_reset_forgets_everything(typist: Typist) -> None:
    await teach(typist, 1, 2)
    reply = await typist.type("watch reset robots")
    assert reply.rows == ({"watch": "robots", "forgotten": 3},)
    assert (await typist.type("learned robots")).rows[0]["verdicts"] == 0
    assert not (await typist.type("watch reset robtos")).ok


async def test_a_verdict_on_what_nobody_asked_for_is_refused(typist: Typist) -> None:
    await watching(typist, "A bank opens", "A robot walks")
    await typist.type("watch add banks bank")
    assert not (await typist.type("verdict bad watch=robots bank opens")).ok
    assert (await typist.type("verdict bad watch=banks bank opens")).ok
    await typist.type("watch remove banks")
    reply = await typist.type("verdict bad bank opens")
    assert (reply.ok, "No watchlist here found" in reply.message.text) == (False, True)


async def test_a_verdict_on_a_summary_needs_one_of_its_stories(typist: Typist) -> None:
    await watching(typist, "A robot walks", "A robot runs")
    await posted(typist, ["A robot walks", "A robot runs"], "robots", kind="summary")
    reply = await typist.type("verdict bad")
    assert (reply.ok, "a summary of 2 stories" in reply.message.text) == (False, True)
    assert (await typist.type("verdict bad robot runs")).ok


async def test_a_wrong_opinion_gets_the_choices(typist: Typist) -> None:
    reply = await typist.type("verdict goood")
    assert (reply.ok, "Did you mean `good`?" in reply.message.text) == (False, True)


async def test_nothing_learned_says_so(typist: Typist) -> None:
    assert "No watchlists here yet" in (await typist.type("learned")).message.text
    await typist.type("watch add robots robot")
    assert "no verdicts yet" in (await typist.type("learned")).message.text
