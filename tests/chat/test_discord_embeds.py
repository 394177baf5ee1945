from __future__ import annotations

import re
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.chat import discord_text as markdown
from bot.chat.discord_buttons import link_of, links_of, pack, unpack
from bot.chat.discord_embeds import headline, pages, plain_payload, render, to_payload
from bot.message import Actions, Button, Card, Code, Menu, Message, Table, Text, say
from tests.chat import discord_rules

CARD = Card(
    "Norrland raises $140m for humanoids",
    "https://example.com/norrland",
    "💰",
    "Robot Ledger · 14:03 CET · 12 min ago",
    "The round pays for a second factory.",
    (("Company", "Norrland"), ("Amount", "$140m"), ("Round", "A+")),
    "robotics — humanoids",
    "https://example.com/norrland.jpg",
    ((26, 35),),
)
ALERT = Message("Norrland raises $140m · Robot Ledger · https://example.com/norrland", (CARD,), "deal")


ROLE = "123456789012345678"
"""Somebody asked for this one to be told."""


def faults(payload: dict[str, Any]) -> list[str]:
    """Everything that Discord would have against a message."""
    return discord_rules.faults("PATCH", "/channels/7/messages/8", payload, {ROLE})


def shown(markup: str) -> str:
    """What Discord's client shows of escaped text: each backslash makes the next character itself."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", markup).replace("\u200b", "")


# -- cards -----------------------------------------------------------------------------------------------------------


def test_a_card_is_an_embed_with_a_linked_headline_and_a_line_for_the_notification() -> None:
    assert to_payload(ALERT) == {
        "content": "💰 Norrland raises $140m for humanoids",
        "embeds": [
            {
                "title": "💰 Norrland raises $140m for **humanoids**",
                "url": "https://example.com/norrland",
                "color": 0x2ECC71,
                "description": "Robot Ledger · 14:03 CET · 12 min ago\n"
                "The round pays for a second factory.\n"
                "**Company** Norrland · **Amount** $140m · **Round** A+",
                "footer": {"text": "robotics — humanoids"},
                "thumbnail": {"url": "https://example.com/norrland.jpg"},
            }
        ],
        "components": [],
        "allowed_mentions": {"parse": []},
    }


def test_an_answer_with_a_card_needs_no_line_for_a_notification() -> None:
    assert render(ALERT, notify=False).payload["content"] == ""


def test_small_cards_that_follow_each_other_are_a_list_under_the_text_before_them() -> None:
    cards = tuple(Card(f"Story {n}", f"https://example.com/{n}", meta="IEEE") for n in (1, 2))
    payload = to_payload(Message("2 more", (Text("2 more stories"), *cards, Text("and others")), "news"))
    assert payload["content"] == "2 more stories"
    lines = "• **[Story 1](https://example.com/1)** · IEEE\n• **[Story 2](https://example.com/2)** · IEEE\nand others"
    assert [embed["description"] for embed in payload["embeds"]] == [lines]


def test_text_behind_a_single_small_card_stands_in_its_embed() -> None:
    message = Message("why", (Card("Story", "https://example.com/1", meta="IEEE"), Text("It asks for robots.")))
    assert to_payload(message)["embeds"][0]["description"] == "IEEE\nIt asks for robots."
    assert len(to_payload(message)["embeds"]) == 1


def test_what_is_too_much_is_left_out_and_counted() -> None:
    message = Message("many", (Text("20 stories"), *(CARD,) * 20, Text("and that is all")))
    payload = to_payload(message)
    assert payload["content"] == "20 stories"
    assert len(payload["embeds"]) == 10
    assert payload["embeds"][-1]["description"].endswith("\n… and 10 more")


def test_a_long_answer_goes_on_in_further_messages_with_its_buttons_under_the_last() -> None:
    cards = tuple(Card(f"Story {n}", f"https://example.com/{n}", body="what happened " * 20) for n in range(45))
    found = pages(Message("many", (Text("45 stories"), *cards, Actions((Button("Why", "why 1"),)))), 4, notify=False)
    assert [one.payload["content"] for one in found] == ["45 stories", "", ""]
    text = "\n".join(embed["description"] for one in found for embed in one.payload["embeds"])
    assert re.findall(r"\[Story (\d+)\]", text) == [str(number) for number in range(45)]
    assert [len(one.payload["components"]) for one in found] == [0, 0, 1]
    assert [faults(one.payload) for one in found] == [[], [], []]


def test_many_cards_are_a_list_with_a_line_below_each() -> None:
    cards = tuple(Card(f"Story {n}", f"https://example.com/{n}", "💰", "IEEE", "$140m · A+") for n in range(20))
    payload = to_payload(Message("digest", (Text("20 stories"), *cards), "news"))
    [embed] = payload["embeds"]
    assert embed["description"].startswith("💰 **[Story 0](https://example.com/0)** · IEEE\n$140m · A+\n💰 **[Story 1]")
    assert embed["description"].count("IEEE") == 20


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "file:///etc/passwd", "http://", "https://a b/", "//x.com/", "x"]
)
def test_only_web_addresses_become_links_or_pictures(url: str) -> None:
    payload = to_payload(Message("x", (Card("Story", url, body="b", image=url), Card("A", url), Card("B", url))))
    assert [set(embed) & {"url", "thumbnail"} for embed in payload["embeds"]] == [set(), set()]
    assert "](" not in payload["embeds"][1]["description"]


def test_an_address_loses_its_credentials_and_what_ends_a_link() -> None:
    assert (
        markdown.web("https://bank.example@evil.example/a_(b) c?q=<1>")
        == "https://evil.example/a_%28b%29%20c?q=%3C1%3E"
    )
    assert markdown.web("https://例え.example/é") == "https://xn--r8jz45g.example/%C3%A9"
    assert markdown.web("https://a.example/" + "x" * 2048) == ""


def test_a_card_without_a_title_says_so() -> None:
    assert to_payload(Message("", (Card("\u200b \u2060"),)))["embeds"][0]["title"] == "(no title)"


def test_a_heading_in_a_list_stands_apart() -> None:
    cards = [Card(f"Story {n}", meta="IEEE") for n in range(4)]
    message = Message("digest", (Text("head"), *cards[:2], Text("deals", ((0, 5),)), *cards[2:]), "news")
    [embed] = to_payload(message)["embeds"]
    assert embed["description"].split("\n")[1:4] == ["• **Story 1** · IEEE", "", "**deals**"]


def test_the_line_for_the_notification_is_no_longer_than_a_notification() -> None:
    content = to_payload(Message("text", (Card("word " * 60, emoji="💰", body="b"),), "deal"))["content"]
    assert content.startswith("💰 word word")
    assert content.endswith("…")
    assert len(content) <= 90


def test_buttons_stand_in_one_row_and_menus_below_it() -> None:
    row = Actions((Button("Why", "why 1"), Menu("Mute…", (("a day", "mute 1"),)), Button("Follow", "follow 1")))
    found = to_payload(Message("x", (CARD, row)))["components"]
    assert [[one["type"] for one in each["components"]] for each in found] == [[2, 2], [3]]


def test_other_outlets_are_named_links_and_the_rest_is_counted() -> None:
    links = (("Pandaily", "https://p.example/1"), ("[Evil](x)", "javascript:x"), ("", "https://a.example"))
    more = tuple((f"Outlet {n}", f"https://o.example/{n}") for n in range(7))
    description = to_payload(Message("x", (Card("Story", links=(*links, *more)),)))["embeds"][0]["description"]
    assert description.startswith("**Also** [Pandaily](https://p.example/1) · \\[Evil\\](x) · [Outlet 0]")
    assert description.endswith("[Outlet 4](https://o.example/4) · 2 more")


# -- text ------------------------------------------------------------------------------------------------------------


def test_plain_text_is_content_and_words_in_backticks_are_code() -> None:
    assert to_payload(say("Say `watch list` *now*"))["content"] == "Say `watch list` \\*now\\*"


def test_an_error_has_a_colour() -> None:
    payload = to_payload(say("No such watchlist.", "error"))
    assert payload["embeds"] == [{"description": "No such watchlist.", "color": 0xE74C3C}]


def test_code_keeps_its_caret_and_cannot_be_left() -> None:
    assert to_payload(Message("x", (Code("a OR\n    ^"),)))["content"] == "```\na OR\n    ^\n```"
    hostile = to_payload(Message("x", (Code("```@everyone"),)))["content"]
    assert hostile.count("```") == 2


def test_a_table_is_a_list() -> None:
    table = Table(("name", "query"), (("robots", "topic:robotics"), ("deals", "event:funding")))
    assert to_payload(Message("x", (table,)))["content"] == "**robots** · topic:robotics\n**deals** · event:funding"


def test_a_long_answer_goes_into_embeds_and_keeps_its_lines_whole() -> None:
    lines = [f"line {n} of a long list" for n in range(200)]
    payload = to_payload(say("\n".join(lines)))
    found = "\n".join(embed["description"] for embed in payload["embeds"]).split("\n")
    assert found == lines[: len(found)]
    assert len(found) > 150
    assert faults(payload) == []


def test_bold_spans_are_cut_before_the_text_is_cleaned() -> None:
    assert markdown.marked("\u202ea robot arm", ((3, 8),), 100) == "a **robot** arm"
    assert markdown.marked("robot arm", ((0, 6), (6, 9)), 100) == "**robot arm**"
    assert markdown.marked("robot arm", ((0, 6),), 100) == "**robot** arm"
    assert markdown.marked("robot arm", ((-4, 2), (8, 99), (5, 2)), 100) == "**ro**bot ar**m**"


# -- hostile text ----------------------------------------------------------------------------------------------------

HOSTILE = [
    "@everyone look",
    "@HERE look",
    "<@123> <@!1> <@&9> <#5> </wire:1> <t:1:R> <:x:1> <a:x:1> <id:home>",
    "[https://bank.example](https://evil.example)",
    "https://evil.example/x and http://evil.example",
    "discord.gg/abc DISCORD.COM/invite/abc",
    "# heading\n> quote\n>>> all\n- list\n+ list\n1. list\n-# small",
    "**b** __u__ ~~s~~ ||spoiler|| `c` ```block``` _i_ \\*",
]
_MARKUP = re.compile(
    r"@everyone|@here|(?<!\\)(?:\\\\)*<[@#:/ati]|(?<!\\)[*_~|`\[\]>#]|https?://|discord(?:app)?\.(?:gg|com)/|^\s*(?:[-+]|\d+\.)\s",
    re.IGNORECASE | re.MULTILINE,
)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_shown_as_it_stands(text: str) -> None:
    assert shown(markdown.escape(text)) == text
    assert _MARKUP.findall(re.sub(r"\\\W", "", markdown.escape(text))) == []


def unmarked(payload: dict[str, Any]) -> list[str]:
    """The texts of a payload that Discord reads as markdown, without what was escaped."""
    texts = [payload["content"], *(one.get(key, "") for one in payload["embeds"] for key in ("title", "description"))]
    return [re.sub(r"\\\W", "", text) for text in texts]


@given(
    st.lists(st.sampled_from([*HOSTILE, "\u202e", "\\", "`", "\n", " ", "x", "://", "@\u200beveryone"]), max_size=12)
)
def test_no_part_of_a_card_carries_markup_of_a_feed(pieces: list[str]) -> None:
    text = "".join(pieces)
    card = Card(text, "", "", text, text, ((text, text),), "", "", ())
    for part in unmarked(to_payload(Message(text, (card,), "news"))):
        assert _MARKUP.findall(re.sub(r"\*\*(.*?)\*\*", r"\1", part)) == []


# -- buttons ---------------------------------------------------------------------------------------------------------

LONG = "https://example.com/" + "a" * 150


def test_buttons_and_menus_say_their_commands() -> None:
    actions = Actions((Button("Why", "why 1", "❓"), Menu("Mute", (("1 hour", "mute 1h"), ("a day", "mute 1d")))))
    first, second = to_payload(Message("x", (Text("x"), actions)))["components"]
    assert first["components"] == [{"type": 2, "style": 2, "label": "❓ Why", "custom_id": "say:why 1"}]
    assert [one["value"] for one in second["components"][0]["options"]] == ["mute 1h", "mute 1d"]


def test_a_long_command_takes_its_link_from_the_message() -> None:
    alert = Message("x", (Card("Story", LONG, body="b"), Actions((Button("Bad", f"verdict bad {LONG}"),))))
    rendered = render(alert)
    said = rendered.payload["components"][0]["components"][0]["custom_id"].removeprefix("say:")
    assert rendered.kept == {}
    assert unpack(said, links_of(rendered.payload["embeds"]), lambda _: None) == f"verdict bad {LONG}"
    assert unpack(said, [], lambda _: None) is None


def test_a_command_that_is_still_too_long_is_kept_under_a_key() -> None:
    kept: dict[str, str] = {}
    command = f"why {'robot ' * 40}".strip()
    said = pack(command, [LONG], kept)
    assert len(said) <= 90
    assert unpack(said, [LONG], kept.get) == command
    assert unpack(said, [LONG], lambda _: None) is None


@given(st.text(max_size=300), st.lists(st.sampled_from([LONG, "", "https://example.com/"]), max_size=3))
def test_every_command_comes_back_as_it_was(command: str, links: list[str]) -> None:
    kept: dict[str, str] = {}
    said = pack(command, links, kept)
    assert unpack(said, links, kept.get) == markdown.flat(command).strip()
    assert markdown.size(said) <= 90


def test_the_link_of_a_message_is_that_of_its_embed_or_the_first_in_its_text() -> None:
    assert link_of({"embeds": [{"title": "x"}, {"url": "https://a.example/1"}], "content": "https://b.example"}) == (
        "https://a.example/1"
    )
    assert link_of({"content": "see <https://b.example/x>."}) == "https://b.example/x"
    assert link_of({"embeds": [{"description": "• [A](https://c.example/1) · X"}]}) == "https://c.example/1"
    assert link_of({"content": "nothing"}) == ""


# -- any message -----------------------------------------------------------------------------------------------------

TEXTS = st.one_of(
    st.text(max_size=40),
    st.text(alphabet="*\\[]@<>`#😀 \n字", max_size=60),
    st.integers(0, 9000).map(lambda n: "long *text* " * (n // 10)),
    st.integers(0, 5000).map(lambda n: "😀" * n),
    st.sampled_from(HOSTILE),
)
URLS = st.one_of(
    st.sampled_from([LONG, "https://a.example/x", "javascript:x", "https://[::1]/", "http://a:b@c:99999"]), TEXTS
)
SPANS = st.lists(st.tuples(st.integers(-5, 200), st.integers(-5, 200)), max_size=6).map(tuple)
FACTS = st.lists(st.tuples(TEXTS, TEXTS), max_size=30).map(tuple)
EMOJI = st.sampled_from(["", "💰", "👨‍👩‍👧", "*"])
LINKS = st.lists(st.tuples(TEXTS, URLS), max_size=12).map(tuple)
CARDS = st.builds(Card, TEXTS, URLS, EMOJI, TEXTS, TEXTS, FACTS, TEXTS, URLS, SPANS, links=LINKS)
BUTTONS = st.builds(Button, TEXTS, TEXTS, st.sampled_from(["", "👍"]), st.sampled_from(["plain", "primary", "danger"]))
MENUS = st.builds(Menu, TEXTS, st.lists(st.tuples(TEXTS, TEXTS), max_size=40).map(tuple))
PARTS = st.one_of(
    CARDS,
    st.builds(Card, TEXTS, URLS),
    st.builds(Text, TEXTS, SPANS),
    st.builds(Code, TEXTS),
    st.builds(Table, st.just(("a", "b")), st.lists(st.lists(TEXTS, max_size=12).map(tuple), max_size=30).map(tuple)),
    st.builds(Actions, st.lists(st.one_of(BUTTONS, MENUS), max_size=9).map(tuple)),
)
MESSAGES = st.builds(
    Message,
    TEXTS,
    st.lists(PARTS, max_size=14).map(tuple),
    st.sampled_from(["plain", "news", "deal", "good", "warning", "error"]),
)


@given(MESSAGES, st.sampled_from(["", ROLE, "x", "<@1>"]), st.booleans())
@settings(max_examples=80, deadline=None, suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large])
def test_every_message_keeps_every_limit_of_discord(message: Message, role: str, notify: bool) -> None:
    assert faults(render(message, role, notify).payload) == []
    found = pages(message, 4, role, notify)
    assert [faults(one.payload) for one in found] == [[]] * len(found)
    assert faults(plain_payload(message.text)) == []
    assert markdown.is_visible(headline(message))


def test_a_role_is_told_only_where_it_was_asked_for() -> None:
    payload = to_payload(ALERT, role="42")
    assert payload["content"].startswith("<@&42> ")
    assert payload["allowed_mentions"] == {"parse": [], "roles": ["42"]}
    assert to_payload(ALERT, role="42> @everyone")["allowed_mentions"] == {"parse": []}


@pytest.mark.parametrize("limit", [-5, 0, 1, 2, 3, 7])
def test_cutting_ends_however_little_room_there_is(limit: int) -> None:
    for text in ("", "*", "😀😀😀", "**** ****", "@everyone"):
        assert markdown.size(markdown.fitted(text, limit)) <= max(limit, 0)
        assert markdown.size(markdown.cut(text, limit)) <= max(limit, 0)


def test_what_shows_nothing_is_no_further_message() -> None:
    url, long = "https://example.com/" + "a" * 140, "long *text* "
    rows = ((long * 16, long * 17), (long * 16, long * 17), (long * 17,), (long * 17,), (long * 15, long * 17))
    parts = (
        *(Card("", url), Table(("a", "b"), rows), Card("", url), Card(long * 11, url), Text(long * 150)),
        *(Card("", url, body=long * 86, image=url), Table(("a", "b"), ((),))),
    )
    found = pages(Message("", parts), 4, "", False)
    assert [faults(one.payload) for one in found] == [[]] * len(found)
