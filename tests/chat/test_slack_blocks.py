"""Messages as blocks: within every limit, well cut, and never markup that nobody meant."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.chat.slack_blocks import blocks, escaped, page, pages, payload, plainer, web_address
from bot.message import Actions, Button, Card, Code, Menu, Message, Part, Table, Text, say
from tests.chat.slack_rules import block_faults, faults, texts_of

HOSTILE = (
    "<!channel> <!here|x> <!everyone> <@U12345> <#C12345|general> <!subteam^S1> <https://evil.example|bank> "
    "[bank](https://evil.example) *b* _i_ ~s~ `c` ```x``` > q &lt;!channel&gt; &amp;lt; :boom: @here http://evil.example "
    "\x00\x1b[31m\u202egnp.exe\u2066\u200b\ud800 line\r\nbreak | pipe"
)


def walk(node: Any) -> Iterator[Mapping[str, Any]]:
    if isinstance(node, Mapping):
        yield node
        for value in node.values():
            yield from walk(value)
    elif isinstance(node, list):
        for value in node:
            yield from walk(value)


def posted(message: Message) -> dict[str, Any]:
    body = payload(message)
    return {"channel": "C1", "unfurl_links": False, "unfurl_media": False, **body}


def words(message: Message) -> str:
    return "".join(texts_of(blocks(message)))


# -- what a card looks like ------------------------------------------------------------------------------------------------


CARD = Card(
    "Robot maker raises $140m",
    "https://news.example/robots?a=1|2",
    "💰",
    "Outlet · 09:12 CET · 2 min read",
    "It builds arms.",
    (("Amount", "$140m"), ("Lead", "Alibaba Cloud")),
    "robotics — robot",
    spans=((0, 5),),
)


def test_a_card_has_its_headline_linked_and_the_matched_words_bold() -> None:
    headline = payload(Message("x", (CARD,)))["blocks"][0]["elements"][0]["elements"]
    assert [(one["type"], one["text"], one["style"]["bold"]) for one in headline] == [
        ("text", "💰 ", False),
        ("link", "Robot", True),
        ("link", " maker raises $140m", False),
    ]
    assert {one.get("url") for one in headline} == {None, "https://news.example/robots?a=1%7C2"}


def test_a_card_says_outlet_body_facts_and_watchlists_in_this_order() -> None:
    shown = payload(Message("x", (CARD,)))["blocks"]
    assert [block["type"] for block in shown] == ["rich_text", "context", "rich_text", "rich_text", "context"]
    assert "".join(texts_of(shown[3])) == "Amount $140m · Lead Alibaba Cloud"
    assert texts_of(shown[1]) + texts_of(shown[4]) == ["Outlet · 09:12 CET · 2 min read", "robotics — robot"]


def test_other_outlets_are_named_links_before_the_watchlists_and_the_rest_is_counted() -> None:
    links = (("Pandaily", "https://p.example/1"), ("<!here>", "javascript:x"), (" ", "https://a.example/"))
    many = tuple((f"Outlet {number}", f"https://o.example/{number}") for number in range(7))
    shown = payload(Message("x", (replace(CARD, links=links + many),)))["blocks"]
    elements = shown[4]["elements"][0]["elements"]
    assert "".join(one["text"] for one in elements) == (
        "Also Pandaily · <!here> · Outlet 0 · Outlet 1 · Outlet 2 · Outlet 3 · Outlet 4 · 2 more"
    )
    assert [one["url"] for one in elements if one["type"] == "link"][:2] == [
        "https://p.example/1",
        "https://o.example/0",
    ]
    assert texts_of(shown[5]) == ["robotics — robot"]
    [listed, *_] = blocks(Message("x", (replace(CARD, links=links),) * 5))
    assert "Amount $140m · Lead Alibaba Cloud\nAlso Pandaily · <!here>\nrobotics" in "".join(texts_of(listed))


def test_a_headline_without_known_words_is_bold_and_one_without_words_has_a_name() -> None:
    assert payload(Message("x", (Card("Arms"),)))["blocks"][0]["elements"][0]["elements"] == [
        {"type": "text", "text": "Arms", "style": {"bold": True}}
    ]
    assert words(Message("x", (Card("\u202e "),))) == "(no title)"


def test_a_picture_stands_beside_the_body() -> None:
    block = payload(Message("x", (Card("Arms", body="They lift.", image="https://news.example/p.png"),)))["blocks"][1]
    assert block["accessory"] == {"type": "image", "image_url": "https://news.example/p.png", "alt_text": "Arms"}
    assert block["text"] == {"type": "plain_text", "text": "They lift.", "emoji": False}


def test_many_cards_are_a_list_of_one_block_each() -> None:
    shown = blocks(Message("x", (CARD,) * 5))
    assert [block["type"] for block in shown] == ["rich_text"] * 5
    assert "It builds arms." in "".join(texts_of(shown[0]))


def test_words_between_backticks_look_typed_in_answers_and_stay_as_they_are_in_news() -> None:
    elements = blocks(say("Say `help` now"))[0]["elements"][0]["elements"]
    assert [(one["text"], one["style"].get("code", False)) for one in elements] == [
        ("Say ", False),
        ("help", True),
        (" now", False),
    ]
    assert words(say("Say `help`", "news")) == "Say `help`"


def test_code_keeps_its_lines_and_tables_name_their_columns() -> None:
    code = "a  b\n   ^"
    assert blocks(Message("x", (Code(code),)))[0]["elements"][0]["elements"][0]["text"] == code
    table = Table(("name", "query", "owner"), (("robots", "robot*", "ada"), ("arms", "", "bo")))
    assert words(Message("x", (table,))) == "robots · query robot* · owner adaarms · owner bo"
    assert words(Message("x", (Table(("status", ""), (("feeds", "7"),)),))) == "feeds: 7"


def test_a_wide_list_of_commands_becomes_a_list() -> None:
    lines = [f"{usage:<40}  {'what it does ' * 4}" for usage in ("watch add NAME QUERY...", "watch list", "help")]
    entries = blocks(Message("x", (Code("\n".join(lines)),)))[0]["elements"][0]["elements"]
    assert [one["elements"][0]["text"] for one in entries] == ["watch add NAME QUERY...", "watch list", "help"]
    assert entries[0]["elements"][0]["style"] == {"code": True}
    narrow = blocks(Message("x", (Code("a  b\nc  d\ne  f"),)))
    assert narrow[0]["elements"][0]["type"] == "rich_text_preformatted"


# -- buttons ---------------------------------------------------------------------------------------------------------------


def test_buttons_say_their_command_and_are_told_apart() -> None:
    row = Actions((Button("Why", "why 1", "❔"), Button("Forget", "forget-me", tone="danger")))
    first, second = blocks(Message("x", (row, row)))
    ids = [one["action_id"] for block in (first, second) for one in block["elements"]]
    assert ids == ["say:0", "say:1", "say:2", "say:3"]
    assert first["elements"][0] == {
        "type": "button",
        "action_id": "say:0",
        "text": {"type": "plain_text", "text": "❔ Why", "emoji": False},
        "value": "why 1",
    }
    assert first["elements"][1]["style"] == "danger"
    assert "forget-me" in first["elements"][1]["confirm"]["text"]["text"]


def test_a_short_menu_is_an_overflow_whose_choices_name_it_and_a_long_one_a_select() -> None:
    few = Menu("Mute…", (("this story", "mute 1"), ("Mute the outlet", "mute 2")))
    many = Menu("Days", tuple((str(day), f"days {day}") for day in range(6)))
    overflow, select = blocks(Message("x", (Actions((few, many)),)))[0]["elements"]
    assert [one["text"]["text"] for one in overflow["options"]] == ["Mute: this story", "Mute the outlet"]
    assert (overflow["type"], select["type"], select["placeholder"]["text"]) == ("overflow", "static_select", "Days")


def test_a_command_that_cannot_be_carried_is_left_out_and_never_cut() -> None:
    menu = Menu("m", (("ok", "x" * 150), ("long", "x" * 151), ("same", "x" * 150)))
    row = Actions((Button("a", "y" * 2_001), menu, Button("b", "y" * 2_000)))
    elements = blocks(Message("x", (row,)))[0]["elements"]
    assert [one["type"] for one in elements] == ["overflow", "button"]
    assert [one["value"] for one in elements[0]["options"]] == ["x" * 150]
    assert blocks(Message("x", (Text("a"), Actions((Button("a", "y" * 2_001),)))))[1:] == []


# -- limits ------------------------------------------------------------------------------------------------------------------


def test_what_has_no_room_is_cut_with_a_line_that_says_so_and_buttons_stay() -> None:
    message = Message("x", (*(Text(f"paragraph {number}") for number in range(80)), Actions((Button("Why", "why"),))))
    shown = payload(message)["blocks"]
    assert len(shown) == 50
    assert texts_of(shown[-2]) == ["… and more"]
    assert shown[-1]["type"] == "actions"
    assert len(page(message)) == 81


def test_cards_and_rows_that_have_no_room_are_counted() -> None:
    cards = tuple(Card(f"Story {number}", body="x" * 280) for number in range(60))
    table = Table(("name",), tuple((f"row {number} " + "y" * 280,) for number in range(40)))
    shown = payload(Message("x", (Text("60 stories"), *cards, table)))["blocks"]
    assert texts_of(shown[-1]) == [f"… and {100 - (len(shown) - 2)} more"]


def test_buttons_after_a_full_message_are_no_reason_to_cut_it() -> None:
    text, row = Text("x" * 2_830), Actions((Button("a label of twenty let", "why"),))
    shown = payload(Message("x", (text, text, text, row)))["blocks"]
    assert [block["type"] for block in shown] == ["rich_text"] * 3 + ["actions"]


def test_a_long_answer_goes_on_in_further_messages() -> None:
    message = Message("x", tuple(Text(f"{number} " + "word " * 300) for number in range(20)))
    found = pages(message, 4)
    assert len(found) == 4
    assert [faults("respond", one) for one in found] == [[]] * 4
    assert "".join(texts_of([one["blocks"] for one in found])).count("word ") > 4_000


def test_the_simpler_ways_to_say_it_end_in_plain_text() -> None:
    body = payload(Message("a < b", (Card("h", body="b", image="https://a.example/p"),)))
    without, bare = plainer(body)
    assert [block["type"] for block in without["blocks"]] == ["rich_text", "section"]
    assert "accessory" not in json.dumps(without)
    assert bare["blocks"] == [{"type": "section", "text": {"type": "plain_text", "text": "a < b", "emoji": False}}]
    assert len(list(plainer(payload(say("x"))))) == 1


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "https://",
        "https://a b/",
        "https://a\u202e/",
        "https://a/" + "x" * 3000,
    ],
)
def test_only_addresses_of_the_web_become_links(url: str) -> None:
    assert web_address(url) == ""
    assert '"link"' not in json.dumps(payload(Message("x", (Card("h", url),))))


def test_escaping_never_cuts_an_entity_in_two() -> None:
    assert escaped("a & b < c > d", 100) == "a &amp; b &lt; c &gt; d"
    for limit in range(2, 40):
        found = escaped("&" * 30, limit)
        assert len(found) <= limit
        assert found.replace("&amp;", "").strip("…") == ""


# -- anything ----------------------------------------------------------------------------------------------------------------

texts = st.one_of(
    st.text(max_size=40),
    st.just(HOSTILE),
    st.sampled_from(["<!channel>", "<@U1>", "*b*", "&", " ", "\u3000", "\n", "x" * 4_000, "&" * 4_000, "長い" * 2_500]),
    st.text(st.characters(), min_size=200, max_size=400),
)
urls = st.one_of(texts, st.sampled_from(["https://a.example/x", "https://a.example/<b>|c", "javascript:x"]))
spans = st.lists(st.tuples(st.integers(-5, 60), st.integers(-5, 5_000)), max_size=4).map(tuple)
facts = st.lists(st.tuples(texts, texts), max_size=12).map(tuple)
links = st.lists(st.tuples(texts, urls), max_size=12).map(tuple)
buttons = st.builds(Button, texts, texts, st.sampled_from(["", "👍"]), st.sampled_from(["plain", "primary", "danger"]))
menus = st.builds(Menu, texts, st.lists(st.tuples(texts, texts), max_size=8).map(tuple))
parts: st.SearchStrategy[Part] = st.one_of(
    st.builds(Text, texts, spans),
    st.builds(Code, texts),
    st.builds(
        Table, st.lists(texts, max_size=4).map(tuple), st.lists(st.lists(texts, max_size=4).map(tuple)).map(tuple)
    ),
    st.builds(Card, texts, urls, texts, texts, texts, facts, texts, urls, spans, links=links),
    st.builds(Actions, st.lists(st.one_of(buttons, menus), max_size=30).map(tuple)),
)
messages = st.builds(
    Message, texts, st.lists(parts, max_size=12).map(tuple), st.sampled_from(["plain", "news", "deal", "error"])
)


@given(messages)
@settings(deadline=None)
def test_any_message_keeps_every_limit(message: Message) -> None:
    assert faults("chat.postMessage", posted(message)) == []
    assert faults("chat.update", {"channel": "C1", "ts": "1700000000.000001", **payload(message)}) == []
    assert [faults("respond", body) for body in pages(message, 4)] == [[]] * len(pages(message, 4))
    assert block_faults(page(message), "home") == []
    for simpler in plainer(posted(message)):
        assert faults("chat.postMessage", simpler) == []


@given(messages)
@settings(deadline=None)
def test_no_message_has_mrkdwn_or_controls_in_its_blocks(message: Message) -> None:
    body = payload(message)
    for one in walk(body["blocks"]):
        assert one.get("type") not in (
            "mrkdwn",
            "user",
            "broadcast",
            "channel",
            "usergroup",
            "emoji",
            "date",
            "markdown",
        )
        if one.get("type") in ("text", "link"):
            assert one["style"]
    shown = "".join(texts_of(body))
    assert not set(shown) & set("\x00\x1b\r\u202e\u2066\u200b\ud800")


def test_hostile_text_is_shown_letter_for_letter() -> None:
    card = Card(
        HOSTILE, "https://news.example/", meta=HOSTILE, body=HOSTILE, facts=((HOSTILE, HOSTILE),), footer=HOSTILE
    )
    body = payload(Message(HOSTILE, (card, Text(HOSTILE), Code(HOSTILE), Actions((Button(HOSTILE, "why"),))), "news"))
    assert "<" not in body["text"]
    links = {one["url"] for one in walk(body) if one.get("type") == "link"}
    assert links == {"https://news.example/"}
    assert all("<@U12345> <#C12345|general>" in text for text in texts_of(body["blocks"][:2]))
