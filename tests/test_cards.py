"""The cards of alerts."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from rich.cells import cell_len

from bot.cards import compose
from bot.chat import discord_embeds, slack_blocks
from bot.chat.terminal_cards import to_text
from bot.message import Actions, Button, Card, Menu, Message
from bot.model import TERMINAL, Alert, AlertItem, Deal, Party, Place
from bot.text import reading_minutes
from bot.wording import deal_line
from tests.chat import discord_rules, slack_rules

HERE = Place("slack:T0/C1")
NO_UNFURL = {"unfurl_links": False, "unfurl_media": False}
NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
ROUND = Deal(
    "funding",
    Party("Corvid Robotics", "corvid"),
    amount=1_000_000_000,
    currency="CNY",
    amount_usd=138_000_000,
    round="A+",
    investors=(Party("Alder Peak"), Party("Birch Lane"), Party("Cedar")),
    lead=(Party("Alder Peak"),),
    valuation=2_000_000_000,
    valuation_currency="USD",
)
ITEM = AlertItem(
    story_id=7,
    title="Corvid Robotics raises money",
    link="https://news.example/corvid",
    source="News",
    published=NOW - timedelta(minutes=30),
    summary="The start-up builds arms.",
    event="funding",
    deals=(ROUND,),
    words=("robotics",),
)


def card(item: AlertItem) -> Card:
    message = compose(Alert("story", TERMINAL, ("robots", "money"), (item,)), NOW, ZoneInfo("Europe/Berlin"))
    part = message.parts[0]
    assert isinstance(part, Card)
    return part


FACTS = (
    ("Company", "Corvid Robotics"),
    ("Amount", "CNY 1bn (about $138m)"),
    ("Round", "A+"),
    ("Lead", "Alder Peak"),
    ("Investors", "Birch Lane, Cedar"),
    ("Valuation", "$2bn"),
)


def test_a_round_says_who_how_much_and_from_whom_each_once() -> None:
    shown = card(ITEM)
    assert shown.body == "Corvid Robotics raises CNY 1bn (about $138m, Series A+), led by Alder Peak."
    assert shown.facts == FACTS[-2:]


def test_without_our_sentence_every_fact_of_the_deal_stands_by_its_name() -> None:
    assert card(replace(ITEM, brief=("Arms for laundries get money.",))).facts == FACTS
    (part,) = compose(Alert("story", HERE, ("robots",), (ITEM,), templates=("fields=deal",)), NOW, UTC).parts
    assert isinstance(part, Card)
    assert (part.body, part.facts) == ("", FACTS)
    unsaid = card(replace(ITEM, deals=(replace(ROUND, target=None, lead=(), investors=()),)))
    assert (unsaid.body, [label for label, _ in unsaid.facts]) == (ITEM.summary, ["Amount", "Round", "Valuation"])


def test_a_deal_in_one_line() -> None:
    assert deal_line(replace(ROUND, investors=(), valuation=None)) == (
        "Corvid Robotics · CNY 1bn (about $138m) · Series A+ · lead Alder Peak"
    )
    bid = Deal("acquisition", Party("Corvid"), Party("Raven"), 54, "USD", 54, status="talks")
    assert deal_line(bid) == "buyer Raven · Corvid · $54 · status in talks"
    assert deal_line(Deal("funding")) == ""


def test_many_investors_are_counted() -> None:
    crowd = tuple(Party(f"Fund {number}") for number in range(9))
    assert dict(card(replace(ITEM, deals=(replace(ROUND, investors=crowd, lead=()),))).facts)["Investors"] == (
        "Fund 0, Fund 1, Fund 2, Fund 3 and 5 more"
    )


def test_the_background_deals_of_other_news_are_not_its_card() -> None:
    launch = card(replace(ITEM, event="launch"))
    assert (launch.facts, launch.emoji) == ((), "🚀")


def test_the_top_level_text_tells_it_all() -> None:
    message = compose(Alert("story", TERMINAL, ("robots", "money"), (ITEM,)), NOW, UTC)
    for part in (
        "Corvid Robotics raises money",
        "CNY 1bn",
        "A+",
        "led by Alder Peak",
        "Investors: Birch Lane, Cedar",
        "Valuation: $2bn",
        "News",
        "robots, money",
        ITEM.link,
    ):
        assert part in message.text
    assert message.tone == "deal"


def test_times_are_local_and_recent_ones_have_a_clock() -> None:
    assert card(ITEM).meta == "News · 12:30 CET · 30 min ago"
    assert card(replace(ITEM, published=NOW - timedelta(days=3), minutes=4)).meta == (
        "News · 26 Feb 2026 · 3 days ago · 4 min read"
    )


def test_what_happened_is_a_line_that_somebody_wrote_or_the_deal_as_a_sentence_or_the_summary() -> None:
    assert card(replace(ITEM, brief=("One line.", "Another."))).body == "One line.\nAnother."
    assert card(ITEM).body == "Corvid Robotics raises CNY 1bn (about $138m, Series A+), led by Alder Peak."
    assert card(replace(ITEM, event="launch")).body == "The start-up builds arms."
    assert card(replace(ITEM, event="launch", summary=ITEM.title)).body == ""


def test_the_deal_of_the_card_is_of_the_kind_that_happened() -> None:
    bought = Deal("acquisition", Party("Corvid"), Party("Raven"))
    assert card(replace(ITEM, event="acquisition", deals=(ROUND, bought))).body == "Raven buys Corvid."


def test_other_outlets_of_the_story_are_counted() -> None:
    others = ("News", "Robot Ledger", "news", "", "Gulf Tech", "The Feed", "Robot ledger", "Last")
    assert card(replace(ITEM, sources=others)).meta == "News and 4 more · 12:30 CET · 30 min ago"
    assert card(replace(ITEM, sources=("News",))).meta == "News · 12:30 CET · 30 min ago"


# -- on a phone --------------------------------------------------------------------------------------------------------

LONG = replace(
    ITEM,
    title="Corvid Robotics raises a large round for arms that fold laundry, wash dishes and walk the dog at night",
    summary="It was said on Monday. " * 30,
    minutes=4,
    sources=("News", "Robot Ledger", "Gulf Tech"),
    image="https://news.example/p.png",
    brief=(),
)


def test_a_phone_shows_headline_outlet_and_what_happened_first() -> None:
    lines = to_text(compose(Alert("story", TERMINAL, ("robots",), (LONG,)), NOW, UTC), 200).splitlines()
    assert lines[:3] == [
        f"💰 {LONG.title}",
        "   News and 2 more · 11:30 UTC · 30 min ago · 4 min read",
        "   Corvid Robotics raises CNY 1bn (about $138m, Series A+), led by Alder Peak.",
    ]


@pytest.mark.parametrize(
    "item", [ITEM, LONG, replace(LONG, title="自变量机器人完成近10亿元A+轮融资，阿里云、国科投资领投")]
)
def test_the_card_fits_forty_columns(item: AlertItem) -> None:
    message = compose(Alert("story", TERMINAL, ("robots",), (item,)), NOW, UTC)
    lines = to_text(message, 40).splitlines()
    assert max(map(cell_len, lines)) <= 40
    assert len(lines) <= 13


# -- templates ---------------------------------------------------------------------------------------------------------


def dressed(*templates: str) -> Message:
    return compose(Alert("story", HERE, ("robots", "money"), (LONG,), templates=templates), NOW, UTC)


def test_a_template_chooses_fields_and_their_order() -> None:
    (card,) = dressed("fields=why,summary,time").parts
    assert isinstance(card, Card)
    assert (card.emoji, card.facts, card.image) == ("", (), "")
    assert card.meta == "News · 11:30 UTC · 30 min ago · 4 min read"
    assert card.order == ("footer", "body", "meta", "facts")
    assert [line.strip() for line in to_text(Message("", (card,)), 200).splitlines()][1:4] == [
        "robots, money — robotics",
        card.body,
        card.meta,
    ]


def test_the_headline_is_always_there_and_sources_can_stand_alone() -> None:
    (card,) = dressed("fields=sources").parts
    assert isinstance(card, Card)
    assert (card.headline, card.url, card.meta) == (LONG.title, LONG.link, "News and 2 more")
    (card,) = dressed("fields=picture").parts
    assert isinstance(card, Card)
    assert (card.meta, card.image) == ("", LONG.image)


def test_a_watchlist_with_the_usual_card_adds_what_another_leaves_out() -> None:
    (card,) = dressed("fields=why", "").parts
    assert isinstance(card, Card)
    assert card.order == ("footer", "meta", "body", "facts")
    assert card.facts
    assert card.image


def test_only_templates_mention_somebody_and_summaries_do_too() -> None:
    assert dressed("mention=S0123ABCD", "mention=S9").mention == "S0123ABCD S9"
    assert dressed().mention == ""
    summary = Alert("summary", HERE, ("robots",), (LONG,), 9, templates=("mention=S0123ABCD",))
    assert compose(summary, NOW, UTC).mention == "S0123ABCD"


def test_slack_calls_a_user_group_in_a_block_of_its_own_and_nothing_else_is_markup() -> None:
    item = replace(
        LONG, title="<!channel> robots", source="<!subteam^S0666EVIL>", link="https://news.example/?a=<!here>"
    )
    alert = Alert("story", HERE, ("robots",), (item,), templates=("mention=S0123ABCD",))
    body = slack_blocks.payload(compose(alert, NOW, UTC, 7))
    assert body["blocks"][-2] == {"type": "section", "text": {"type": "mrkdwn", "text": "<!subteam^S0123ABCD>"}}
    assert (
        slack_rules.faults("chat.postMessage", {"channel": "C1", **body, **NO_UNFURL}, {"<!subteam^S0123ABCD>"}) == []
    )
    evil = replace(compose(alert, NOW, UTC), mention="S0123ABCD><!channel")
    assert "mrkdwn" not in str(slack_blocks.payload(evil)["blocks"])


def test_discord_calls_the_roles_and_keeps_the_order() -> None:
    roles = "600000000000000006 600000000000000007"
    alert = Alert("story", HERE, ("robots",), (LONG,), templates=(f"fields=deal,time,why mention={roles}",))
    payload = discord_embeds.to_payload(compose(alert, NOW, UTC, 7))
    assert payload["content"].startswith("<@&600000000000000006> <@&600000000000000007> ")
    assert payload["allowed_mentions"] == {"parse": [], "roles": roles.split()}
    assert discord_rules.message_faults(payload, roles.split()) == []
    facts, meta = payload["embeds"][0]["description"].splitlines()
    assert facts.startswith("**Company** Corvid Robotics")
    assert meta.startswith("News · ")


def test_slack_keeps_the_order_and_shows_a_picture_even_alone() -> None:
    kinds = [block["type"] for block in slack_blocks.payload(dressed("fields=why,summary,picture"))["blocks"]]
    assert kinds == ["rich_text", "context", "section"]
    (_, meta) = slack_blocks.payload(dressed("fields=time,picture"))["blocks"]
    assert meta["accessory"]["image_url"] == LONG.image


def actions(alert: Alert, delivery_id: int = 7) -> Actions | None:
    parts = compose(alert, NOW, UTC, delivery_id).parts
    return next((part for part in parts if isinstance(part, Actions)), None)


def test_an_alert_has_buttons_that_say_commands() -> None:
    item = replace(ITEM, company=("corvid", "Corvid Robotics"), source="Robot Ledger")
    found = actions(Alert("story", HERE, ("robots", "money"), (item,)))
    assert found is not None
    buttons = [one for one in found.items if isinstance(one, Button)]
    assert [(one.label, one.command) for one in buttons] == [
        ("Why", "why #7"),
        ("Good", "verdict good #7"),
        ("Bad", "verdict bad #7"),
        ("Follow story", "follow story:7"),
    ]
    (menu,) = [one for one in found.items if isinstance(one, Menu)]
    assert menu.choices == (
        ("The whole story", "story 7"),
        ("Mute this story for 1 day", "watch mute for=1d story:7"),
        ("Mute this story for 1 week", "watch mute for=1w story:7"),
        ("Mute Corvid Robotics for 1 day", "watch mute for=1d company:corvid"),
        ("Mute Corvid Robotics for 1 week", "watch mute for=1w company:corvid"),
        ("Mute Robot Ledger for 1 day", "watch mute for=1d source:Robot Ledger"),
        ("Mute Robot Ledger for 1 week", "watch mute for=1w source:Robot Ledger"),
        ("Mute watchlist robots for 1 day", "watch mute for=1d watch:robots"),
        ("Mute watchlist robots for 1 week", "watch mute for=1w watch:robots"),
    )
    assert len(found.items) <= 5


def test_what_no_menu_could_carry_is_not_offered() -> None:
    item = replace(ITEM, source="An outlet with a very long name " * 4)
    found = actions(Alert("story", HERE, ("robots",), (item,)))
    assert found is not None
    (menu,) = [one for one in found.items if isinstance(one, Menu)]
    assert [command for _, command in menu.choices if len(command) > 100 or "source:" in command] == []
    assert len(menu.choices) == 5


def test_a_terminal_and_a_preview_show_no_buttons() -> None:
    assert actions(Alert("story", TERMINAL, ("robots",), (ITEM,))) is None
    assert actions(Alert("story", HERE, ("robots",), (ITEM,)), delivery_id=0) is None


def digest_of(*names: str) -> Message:
    """A digest of stories an hour apart, newest first, each asked for by the watchlist of that name."""
    items = tuple(
        replace(ITEM, story_id=at, title=f"Story {at}", published=NOW - timedelta(hours=at), watchlists=(name,))
        for at, name in enumerate(names)
    )
    return compose(Alert("digest", HERE, tuple(dict.fromkeys(names)), items, len(items)), NOW, UTC, 7)


def test_a_digest_lists_stories_by_watchlist_newest_first() -> None:
    message = digest_of("robots", "money", "robots")
    assert [line.partition(" · ")[0] for line in message.text.splitlines()] == [
        "Your digest of Sunday, 1 March: 3 stories",
        "robots:",
        "- Story 0",
        "- Story 2",
        "money:",
        "- Story 1",
    ]
    cards = [part for part in message.parts if isinstance(part, Card)]
    assert [card.headline for card in cards] == ["Story 0", "Story 2", "Story 1"]
    assert cards[0].body == deal_line(ROUND)
    assert ITEM.link in message.text
    assert not any(isinstance(part, Actions) for part in message.parts)


def test_a_digest_says_of_a_deal_no_more_than_is_known() -> None:
    item = replace(ITEM, deals=(Deal("funding", Party("Corvid Robotics")),))
    (_, shown) = compose(Alert("digest", HERE, ("robots",), (item,), 1), NOW, UTC, 7).parts
    assert isinstance(shown, Card)
    assert (shown.headline, shown.body) == (ITEM.title, "")


def test_a_digest_of_one_watchlist_names_no_groups_and_counts_what_it_leaves_out() -> None:
    message = digest_of(*["robots"] * 23)
    assert "robots:" not in message.text
    assert message.text.splitlines()[-1] == "… and 3 more; `news` lists them."
    assert sum(isinstance(part, Card) for part in message.parts) == 20
    assert digest_of("robots").text.splitlines()[0].endswith(": 1 story")


def test_a_report_says_why_it_comes() -> None:
    one = compose(Alert("report", HERE, (), (ITEM,)), NOW, UTC, 7)
    assert one.text == f"You follow this story:\n- {ITEM.title} · News {ITEM.link}"
    (card, row) = one.parts
    assert isinstance(card, Card)
    assert (card.headline, card.footer) == (ITEM.title, "You follow this story")
    assert row == Actions((Button("Unfollow story", "unfollow story:7"),))
    items = tuple(replace(ITEM, story_id=number) for number in range(7))
    several = compose(Alert("report", HERE, (), items, 7), NOW, UTC, 7)
    assert several.text.splitlines()[0] == "7 more reports of stories that you follow:"
    assert several.text.splitlines()[-1] == "… and 2 others."
    assert not any(isinstance(part, Actions) for part in several.parts)


@pytest.mark.parametrize(
    ("text", "minutes"),
    [("", 0), ("word " * 100, 0), ("word " * 480, 2), ("字" * 800, 2), ("字" * 200 + "word " * 180, 1)],
)
def test_reading_time_counts_words_and_characters(text: str, minutes: int) -> None:
    assert reading_minutes(text) == minutes


# -- living alerts -----------------------------------------------------------------------------------------------------

OTHERS = (("Robot Ledger", "https://ledger.example/1"), ("Gulf Tech", "https://gulf.example/1"))


def test_other_outlets_are_links_where_the_outlets_are_shown() -> None:
    item = replace(ITEM, sources=("News", "Robot Ledger", "Gulf Tech"), outlets=OTHERS)
    assert card(item).links == OTHERS
    without = compose(Alert("story", HERE, ("robots",), (item,), templates=("fields=deal,why",)), NOW, UTC).parts[0]
    assert isinstance(without, Card)
    assert without.links == ()


def test_what_outlets_do_not_agree_on_is_said() -> None:
    item = replace(ITEM, disputed=(("Amount", "CNY 1bn; one outlet says CNY 2bn"),))
    assert card(item).facts == (("Amount", "CNY 1bn; one outlet says CNY 2bn"), *FACTS[-2:])
    text = compose(Alert("story", TERMINAL, ("robots",), (item,)), NOW, UTC).text
    assert "Amount: CNY 1bn; one outlet says CNY 2bn" in text


def updated(**more: object) -> Message:
    item = replace(ITEM, title="Corvid's round is approved", follows=3, outlets=OTHERS, sources=("News", "Gulf Tech"))
    one = Alert("update", HERE, ("robots",), (item,), about="Corvid Robotics raises money")
    return compose(replace(one, **more), NOW, UTC, 7)  # type: ignore[arg-type]


def test_a_development_says_which_story_it_belongs_to_and_what_happened() -> None:
    message = updated()
    shown, row = message.parts
    assert isinstance(shown, Card)
    assert isinstance(row, Actions)
    assert (shown.headline, shown.footer) == ("Corvid's round is approved", "New in “Corvid Robotics raises money”")
    assert shown.meta.startswith("News and 1 more · ")
    assert shown.body == "Corvid Robotics raises CNY 1bn (about $138m, Series A+), led by Alder Peak."
    assert (shown.facts, shown.links) == (FACTS[-2:], OTHERS)
    for part in ("Corvid's round is approved", "New in “Corvid Robotics raises money”", ITEM.link, "CNY 1bn"):
        assert part in message.text
    assert row.items[0] == Button("Why", "why #7")
    assert message.mention == ""


def test_new_facts_are_said_line_by_line_by_who_brought_them() -> None:
    message = updated(news=("New: led by Alder Peak (News)", "Round: B (News)"))
    shown = message.parts[0]
    assert isinstance(shown, Card)
    assert (shown.body, shown.facts, shown.links) == ("New: led by Alder Peak (News)\nRound: B (News)", (), ())
    assert shown.meta.startswith("News · ")
    assert "New: led by Alder Peak (News); Round: B (News)" in message.text


def test_what_is_pressed_under_a_development_is_about_the_whole_story() -> None:
    item = replace(ITEM, story_id=9, follows=3)
    found = actions(Alert("story", HERE, ("robots",), (item,)))
    assert found is not None
    said = [one.command for one in found.items if isinstance(one, Button)]
    said += [command for one in found.items if isinstance(one, Menu) for _, command in one.choices]
    assert [command for command in said if "story:9" in command or command == "story 9"] == []
    assert "follow story:3" in said
    assert any(command.endswith("story:3") and "mute" in command for command in said)
