"""`story` as people use it: a page of one event, its reports, facts, deals and follow-ups."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.command import Reply
from bot.message import Actions, Button, Card, Menu, Text
from bot.model import TERMINAL, Alert, AlertItem, Deal, MessageRef, Party, Place, StoredItem, StoryStatus
from tests.commands.conftest import Typist
from tests.contract.makers import stored
from tests.fakes.world import START

NORRLAND, ALIBABA = Party("Norrland Robotics"), Party("Alibaba", "alibaba")
ROUND = Deal("funding", NORRLAND, None, 140_000_000, "USD", 140_000_000, "A+", (ALIBABA,), (ALIBABA,))
OTHER_SUM = replace(ROUND, amount=200_000_000, amount_usd=200_000_000)


def report(
    title: str, source: str, *deals: Deal, hours: float = 0, why: Sequence[str] = (), copy: bool = False
) -> StoredItem:
    """A report published so many hours after START."""
    one = stored(title, deals=deals, event="funding" if deals else "other")
    at = START + timedelta(hours=hours)
    item = replace(
        one.item, source=source, published=at, link=f"https://{source.lower().replace(' ', '-')}.example/{title}"
    )
    status: StoryStatus = "same" if why else "new"
    return replace(
        one, item=replace(item, id=f"{source} {title}"), fetched=at, status=status, placed=tuple(why), copy=copy
    )


FIRST = report("Norrland raises $140m", "Robot Ledger", ROUND)
SECOND = report("Millions for Norrland", "Wire Two", ROUND, hours=1, why=("the same deal: $140m",))
COPIES = [
    report("Norrland raises $140m", f"Copy {n}", ROUND, hours=2, why=("the same title",), copy=True) for n in range(3)
]
CLOSED = report("Norrland closes its round", "Wire Two", replace(ROUND, status="closed"), hours=48)


def cards(reply: Reply) -> list[Card]:
    return [part for part in reply.message.parts if isinstance(part, Card)]


def post(typist: Typist, *story_ids: int, place: str = TERMINAL) -> int:
    """An alert of these stories, posted; its delivery's id."""
    items = tuple(
        AlertItem(one, f"title {one}", f"https://x.example/{one}", "Robot Ledger", START) for one in story_ids
    )
    alert = Alert("story" if len(items) == 1 else "summary", Place(place), ("robots",), items, len(items))
    with typist.store.write() as tx:
        (delivery,) = tx.outbox.add([alert], START)
        tx.outbox.claim(START, START + timedelta(minutes=1), 10)
        tx.outbox.done(delivery, MessageRef(Place(place), "1"), START)
    return delivery


async def test_a_story_shows_each_report_with_outlet_and_local_time(typist: Typist) -> None:
    story = typist.tells(FIRST, SECOND)
    await typist.type("channel digest zone=Europe/Berlin")
    reply = await typist.type(f"story {story}")
    first, second = cards(reply)[1:]
    assert (first.headline, first.url, first.meta) == (
        "Norrland raises $140m",
        FIRST.item.link,
        "Robot Ledger · 1 Mar 2026 13:00 CET · first report",
    )
    assert (second.headline, second.meta) == ("Millions for Norrland", "Wire Two · 1 Mar 2026 14:00 CET")
    assert all(
        line in reply.message.text for line in (FIRST.item.link, SECOND.item.link, "Wire Two · 1 Mar 2026 14:00 CET")
    )


async def test_the_head_says_how_many_tell_it_and_the_deal(typist: Typist) -> None:
    story = typist.tells(FIRST, SECOND, *COPIES)
    head = cards(await typist.type(f"story {story}"))[0]
    assert head.headline == "Norrland raises $140m"
    assert head.meta.startswith(f"story {story} · 5 outlets · 2 in words of their own · latest ")
    assert "Norrland Robotics raises $140m (Series A+), led by Alibaba." in head.body
    facts = dict(head.facts)
    assert facts["Amount"].startswith("$140m (Robot Ledger")
    assert facts["Lead"].startswith("Alibaba (Robot Ledger")


async def test_what_outlets_disagree_about_is_shown(typist: Typist) -> None:
    story = typist.tells(
        FIRST, SECOND, report("200 for Norrland", "Wire Three", OTHER_SUM, hours=3, why=("same round",))
    )
    reply = await typist.type(f"story {story}")
    amount = dict(cards(reply)[0].facts)["Amount"]
    assert "$140m" in amount
    assert "$200m" in amount
    (row,) = [one for one in reply.rows[0]["facts"] if one["kind"] == "amount"]
    assert (row["value"], row["sources"]) == ("$140m", ["Robot Ledger", "Wire Two"])
    assert row["others"] == [{"value": "$200m", "sources": ["Wire Three"]}]


async def test_copies_are_folded_into_the_report_whose_words_they_have(typist: Typist) -> None:
    story = typist.tells(SECOND, replace(FIRST, status="same", placed=("the same deal",)), *COPIES)
    shown = cards(await typist.type(f"story {story}"))[1:]
    assert [one.headline for one in shown] == ["Norrland raises $140m", "Millions for Norrland"]
    assert shown[0].meta.endswith("and 3 copies (Copy 0, Copy 1, Copy 2)")
    assert "cop" not in shown[1].meta


async def test_follow_ups_are_shown_with_their_story_and_lead_to_the_same_page(typist: Typist) -> None:
    root = typist.tells(FIRST, SECOND)
    later = typist.tells(replace(CLOSED, status="update", placed=("a later stage: closed",)), follows=root)
    reply = await typist.type(f"story {later}")
    assert reply.message == (await typist.type(f"story {root}")).message
    last = cards(reply)[-1]
    assert (last.headline, last.url) == ("Norrland closes its round", CLOSED.item.link)
    assert last.meta == f"closed · Wire Two · 3 Mar 2026 12:00 UTC · story {later}"
    (development,) = reply.rows[0]["developments"]
    assert (development["story"], development["follows"], development["why"]) == (
        later,
        root,
        ["a later stage: closed"],
    )


async def test_why_reports_were_put_together_is_said_in_a_line(typist: Typist) -> None:
    story = typist.tells(FIRST, SECOND, *COPIES)
    reply = await typist.type(f"story {story}")
    said = [part.text for part in reply.message.parts if isinstance(part, Text)][-1]
    assert said == "Put together by: the same title; the same deal: $140m."
    assert reply.rows[0]["why"] == ["the same deal: $140m", "the same title"]
    lonely = typist.tells(report("A robot walks", "Robot Ledger"))
    assert "Put together" not in (await typist.type(f"story {lonely}")).message.text


async def test_a_merged_story_leads_to_what_it_became(typist: Typist) -> None:
    story, other = typist.tells(FIRST), typist.tells(SECOND)
    with typist.store.write() as tx:
        tx.stories.merge(story, other)
    reply = await typist.type(f"story {other}")
    assert (reply.rows[0]["story"], reply.rows[0]["sources"]) == (story, ["Robot Ledger", "Wire Two"])


async def test_a_story_is_found_by_alert_link_and_words(typist: Typist) -> None:
    story, other = typist.tells(FIRST), typist.tells(report("A robot walks", "Robot Ledger"))
    linked = stored("Linked")
    third = typist.tells(linked)
    delivery = post(typist, story)
    for line, expected in (
        (f"story #{delivery}", story),
        ("story", story),
        (f"story story:{other}", other),
        (f"story STORY {other}", other),
        (f"story {linked.item.link}", third),
        (f"story <{linked.item.link}|Linked>", third),
        ("story robot walks", other),
    ):
        reply = await typist.type(line)
        assert (line, reply.ok and reply.rows[0]["story"]) == (line, expected)


async def test_an_alert_of_a_story_that_was_merged_since_is_found(typist: Typist) -> None:
    story, other = typist.tells(FIRST), typist.tells(SECOND)
    delivery = post(typist, other)
    with typist.store.write() as tx:
        tx.stories.merge(story, other)
    assert (await typist.type(f"story #{delivery}")).rows[0]["story"] == story


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("story 9999", "There is no story 9999"),
        ("story", "Nothing was posted here yet"),
        ("story #9999", "there is no delivery 9999"),
        ("story https://nowhere.example/x", "No feed of mine has shown this link"),
        ("story zebra", "Nothing stored has the words `zebra`"),
    ],
)
async def test_an_unknown_story_gets_a_kind_answer(typist: Typist, line: str, said: str) -> None:
    reply = await typist.type(line)
    assert not reply.ok
    assert said in reply.message.text


async def test_a_message_of_several_stories_asks_which(typist: Typist) -> None:
    one, two = typist.tells(FIRST), typist.tells(SECOND)
    delivery = post(typist, one, two)
    reply = await typist.type(f"story #{delivery}")
    assert not reply.ok
    assert f"`story {one}`, `story {two}`" in reply.message.text


async def test_the_alert_of_another_place_is_not_shown(typist: Typist) -> None:
    delivery = post(typist, typist.tells(FIRST), place="slack:T0/C1")
    assert not (await typist.type(f"story #{delivery}")).ok
    assert (await typist.type(f"story #{delivery}", place="slack:T0/C1")).ok


async def test_its_buttons_follow_and_mute_and_can_be_pressed(typist: Typist) -> None:
    story = typist.tells(FIRST)
    actions = (await typist.type(f"story {story}")).message.parts[-1]
    assert isinstance(actions, Actions)
    follow, mute = actions.items
    assert isinstance(follow, Button)
    assert isinstance(mute, Menu)
    assert (await typist.type(follow.command)).ok
    assert all([(await typist.type(command)).ok for _, command in mute.choices])
    again = (await typist.type(f"story {story}")).message.parts[-1]
    assert isinstance(again, Actions)
    assert (await typist.type(getattr(again.items[0], "command", ""))).message.text.startswith("You do not follow")


async def test_a_story_of_many_outlets_names_some_and_counts_the_rest(typist: Typist) -> None:
    many = [report(f"Report {n}", f"Outlet {n}", hours=n, why=("the same deal",)) for n in range(1, 30)]
    story = typist.tells(report("The first", "Outlet 0"), *many)
    reply = await typist.type(f"story {story}")
    assert len(cards(reply)) < 20
    assert "… and 18 more, by Outlet 12, Outlet 13, Outlet 14, Outlet 15 and 14 more." in reply.message.text
    assert len(reply.rows[0]["timeline"]) == 30


async def test_a_report_that_names_its_original_says_so(typist: Typist) -> None:
    credited = replace(
        SECOND, item=replace(SECOND.item, summary="Norrland has raised $140 million, according to a Reuters report.")
    )
    story = typist.tells(FIRST, credited)
    reply = await typist.type(f"story {story}")
    assert "credits Reuters" in cards(reply)[2].meta
    assert [one["credits"] for one in reply.rows[0]["timeline"]] == [None, "Reuters"]


async def test_the_company_itself_is_marked_as_the_primary_source_and_gives_the_headline(typist: Typist) -> None:
    own = report("We have raised our round", "Norrland Robotics", ROUND, hours=3, why=("the same deal",))
    reply = await typist.type(f"story {typist.tells(FIRST, own)}")
    head, first, second = cards(reply)
    assert head.headline == "We have raised our round"
    assert first.meta.endswith("first report")
    assert second.meta.endswith("primary source")
    assert (reply.rows[0]["first"], reply.rows[0]["primary"]) == ("Robot Ledger", "Norrland Robotics")


async def test_every_list_is_short_however_much_is_known(typist: Typist) -> None:
    deals = [
        replace(ROUND, target=Party(f"Company {n} Robotics"), amount=n * 10**6, amount_usd=n * 10**6)
        for n in range(1, 9)
    ]
    root = typist.tells(report("Twelve rounds of the week", "Robot Ledger", *deals))
    for n in range(12):
        typist.tells(report(f"Development {n}", "Wire Two", hours=n + 1), follows=root)
    reply = await typist.type(f"story {root}")
    assert len(cards(reply)) == 1 + 1 + 8
    assert "4 earlier ones, and:" in reply.message.text
    assert len(reply.rows[0]["developments"]) == 12
    assert len(cards(reply)[0].body.splitlines()) <= 6
