from __future__ import annotations

import io
import re
from dataclasses import replace
from datetime import UTC, datetime
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from rich.cells import cell_len
from rich.console import Console

from bot.chat.terminal_cards import news_line, render, to_ansi, to_text
from bot.message import Card, Code, Message, Part, Table, Text, Tone, say

NOW = datetime(2026, 3, 1, 14, 3, tzinfo=UTC)
TITLE = "Alibaba Cloud co-leads US$140 million A+ round in X Square Robot as Qwen forms an embodied-intelligence team"
DEAL = Card(
    TITLE,
    "https://news.example/robotics?a=1",
    "💰",
    "Tech in Asia · 12 min ago · 3 sources",
    "Alibaba has formed a robotics team inside Qwen.",
    (("Amount", "US$140,000,000"), ("Total raised", "US$280,000,000")),
    "deals · matched “Qwen”",
    spans=((0, 13),),
)
ZH = Card(
    "阿里通义千问组建机器人与具身智能小组，阿里云领投自变量机器人近10亿元A+轮融资，一年内完成第八轮",
    "https://news.example/zh",
    "🤖",
    "36氪 · 8分钟前",
    "自变量机器人（X Square Robot）宣布完成近 10 亿元 A+ 轮融资，由阿里云、国科投资领投；公司成立不到两年。",
    (("金额", "近 10 亿元（约 1.4 亿美元）"), ("领投", "阿里云、国科投资")),
    "具身智能 · 命中「通义千问」",
)
FEEDS = Table(
    ("Id", "Feed", "Last change", "Items"),
    (("1", "IEEE Spectrum", "3 min ago", "1,204"), ("14", "36氪 机器人频道", "never", "0")),
)
_SGR = re.compile(r"\x1b\[[0-9;]*m")
_LINK = re.compile(r"\x1b\]8;([^;\x1b\x07]*);([^\x1b\x07]*)\x1b\\")


def _card(card: Card, tone: Tone = "news") -> Message:
    return Message(card.headline, (card,), tone)


def _stripped(ansi: str) -> str:
    return _LINK.sub("", _SGR.sub("", ansi))


def _styles_of(ansi: str, words: str) -> set[str]:
    """The SGR codes in force where `words` begin."""
    found = re.search(r"\x1b\[([0-9;]*)m(?:\x1b\]8;[^\x1b]*\x1b\\)?" + re.escape(words), ansi)
    assert found is not None
    return set(found.group(1).split(";"))


# -- what a card says ------------------------------------------------------------------------------------------------


def test_plain_card_in_full() -> None:
    assert to_text(_card(DEAL), 60, NOW) == (
        "💰 Alibaba Cloud co-leads US$140 million A+ round in X\n"
        "   Square Robot as Qwen forms an embodied-intelligence team\n"
        "   Tech in Asia · 12 min ago · 3 sources · 2026-03-01 14:03\n"
        "   Alibaba has formed a robotics team inside Qwen.\n"
        "   Amount        US$140,000,000\n"
        "   Total raised  US$280,000,000\n"
        "   deals · matched “Qwen”\n"
        "   https://news.example/robotics?a=1\n"
    )


def test_styled_card_in_full() -> None:
    assert _stripped(to_ansi(_card(DEAL), 60, NOW)).replace(" \n", "\n") == (
        "▌ 💰 Alibaba Cloud co-leads US$140 million A+ round in X\n"
        "▌    Square Robot as Qwen forms an embodied-intelligence\n"
        "▌    team\n"
        "▌    Tech in Asia · 12 min ago · 3 sources             14:03\n"
        "▌    Alibaba has formed a robotics team inside Qwen.\n"
        "▌    Amount        US$140,000,000\n"
        "▌    Total raised  US$280,000,000\n"
        "▌    deals · matched “Qwen”\n"
        "▌    news.example/robotics?a=1\n"
    )


def test_a_long_card_has_air_between_its_parts() -> None:
    lines = _stripped(to_ansi(_card(replace(DEAL, body="One.\nTwo.")), 60)).splitlines()
    assert [line.strip("▌ ") for line in lines].count("") == 3


def test_a_card_without_body_and_facts_has_no_empty_lines() -> None:
    assert _stripped(to_ansi(_card(Card("Title", meta="Outlet", footer="why")), 60)) == "▌ Title\n▌ Outlet\n▌ why\n"


def test_a_card_without_emoji_has_a_bullet_in_plain_text() -> None:
    assert to_text(_card(Card("Title", meta="Outlet")), 60) == "• Title\n  Outlet\n"


def test_a_card_without_a_title_still_says_something() -> None:
    assert to_text(_card(Card("\x1b", "https://a.example/")), 60) == "• (no title)\n  https://a.example/\n"


def test_other_outlets_are_links_on_one_line_and_in_plain_text_have_their_addresses() -> None:
    links = (("Pandaily", "https://p.example/1"), ("\x1bEvil", "javascript:x"), (" ", "https://a.example/"))
    message = _card(Card("Title", "https://a.example/", links=links, footer="why"))
    assert to_text(message, 60) == (
        "• Title\n  Also Pandaily  https://p.example/1\n  Also Evil\n  why\n  https://a.example/\n"
    )
    ansi = to_ansi(message, 60)
    assert _stripped(ansi) == "▌ Title\n▌ Also Pandaily · Evil\n▌ why\n▌ a.example\n"
    assert {link for _, link in _LINK.findall(ansi)} == {"https://p.example/1", "https://a.example/", ""}
    many = Card("Title", links=tuple((f"Outlet {number}", f"https://o.example/{number}") for number in range(11)))
    assert _stripped(to_ansi(_card(many), 120)).splitlines()[1].endswith("· Outlet 7 · 3 more")
    assert to_text(_card(many), 120).splitlines()[-1] == "  Also 3 more"


@pytest.mark.parametrize(
    ("meta", "outlets"),
    [
        ("IEEE Spectrum and 4 more · 14:03 CET · 3 min ago", "IEEE Spectrum and 4 more"),
        ("Robots · Machines and 1 more · 01 Mar 2026 · 5 days ago", "Robots · Machines and 1 more"),
        ("14:03 CET · 3 min ago", ""),
        ("", ""),
    ],
)
def test_the_line_of_an_edit_says_headline_outlets_and_facts_and_no_times(meta: str, outlets: str) -> None:
    card = Card(
        "Figure\nopens", meta=meta, body="Today.", facts=(("Amount", "$140m"), ("Round", "A+")), footer="robots"
    )
    assert news_line(_card(card)) == " · ".join(filter(None, ("↻ Figure opens", outlets, "$140m", "A+")))


def test_the_line_of_an_edit_says_what_a_deal_comes_to() -> None:
    card = Card("Figure opens", body="Figure raises $140m (Series A+).", facts=(("Investors", "Alder Peak"),))
    assert news_line(_card(card, "deal")) == "↻ Figure opens · Figure raises $140m (Series A+). · Alder Peak"


def test_the_line_of_an_edit_without_a_card_says_its_text() -> None:
    assert news_line(Message("Two\noutlets say so " + "x" * 500)).startswith("↻ Two outlets say so xxx")
    assert len(news_line(Message("y" * 500))) == 300


def test_a_message_without_parts_shows_its_text() -> None:
    assert to_text(Message("only text"), 60) == "only text\n"


def test_the_stamp_stands_on_the_first_card_only() -> None:
    message = Message("x", (Text("Two stories"), Card("One", meta="A"), Card("Two", meta="B")))
    assert to_text(message, 60, NOW) == "Two stories\n\n• One\n  A · 2026-03-01 14:03\n\n• Two\n  B\n"


def test_a_card_that_says_the_time_of_day_is_stamped_with_the_date_at_most() -> None:
    message = _card(Card("One", meta="IEEE · 14:01 UTC · 2 min ago"))
    assert to_text(message, 60, NOW) == "• One\n  IEEE · 14:01 UTC · 2 min ago · 2026-03-01\n"
    assert _stripped(to_ansi(message, 60, NOW)) == "▌ One\n▌ IEEE · 14:01 UTC · 2 min ago\n"


def test_a_long_plain_url_stays_whole_and_a_styled_one_is_shortened_but_links_whole() -> None:
    url = "https://news.example/" + "a" * 100
    message = _card(Card("Title", url))
    assert f"  {url}\n" in to_text(message, 40)
    ansi = to_ansi(message, 40)
    assert {link for _, link in _LINK.findall(ansi)} == {url, ""}
    assert "aaa…\n" in _stripped(ansi)


# -- how it looks ----------------------------------------------------------------------------------------------------


def test_matched_words_stand_out_and_the_headline_is_a_bold_link() -> None:
    ansi = to_ansi(_card(DEAL), 120)
    assert _styles_of(ansi, "Alibaba Cloud") == {"1", "4", "32"}
    assert _styles_of(ansi, " co-leads") == {"1"}
    assert _LINK.findall(ansi)[0][1] == "https://news.example/robotics?a=1"


def test_no_color_keeps_bold_and_links_and_has_no_colour() -> None:
    ansi = to_ansi(_card(DEAL, "error"), 80, no_color=True)
    codes = {code for sgr in _SGR.findall(ansi) for code in sgr[2:-1].split(";")}
    assert codes == {"0", "1", "2", "4"}
    assert "https://news.example/robotics?a=1" in ansi


@pytest.mark.parametrize(
    ("tone", "code"),
    [("plain", "2"), ("news", "36"), ("deal", "32"), ("good", "32"), ("warning", "33"), ("error", "31")],
)
def test_the_bar_has_the_colour_of_the_tone(tone: Tone, code: str) -> None:
    assert _styles_of(to_ansi(say("hello", tone), 60), "▌ ") == {code}


def test_every_tone_has_a_colour() -> None:
    assert all(to_ansi(say("hello", tone), 60) for tone in get_args(Tone))


def test_an_emoji_that_says_what_it_is_decides_the_colour() -> None:
    message = Message("x", (Card("News", emoji="🤖"), Card("Deal", emoji="💰"), Card("Gone", emoji="⚠️")), "news")
    assert re.findall(r"\x1b\[(\d+)m▌", to_ansi(message, 60)) == ["36", "32", "33"]


def test_render_fits_any_rich_console() -> None:
    console = Console(file=io.StringIO(), width=60, record=True, _environ={})
    console.print(render(_card(DEAL), 60, NOW))
    assert console.export_text() == _stripped(to_ansi(_card(DEAL), 60, NOW))


# -- parts -----------------------------------------------------------------------------------------------------------


def test_a_table_aligns_wide_characters_and_numbers() -> None:
    assert to_text(Message("x", (FEEDS,)), 60) == (
        "Id  Feed             Last change  Items\n"
        "──  ───────────────  ───────────  ─────\n"
        " 1  IEEE Spectrum    3 min ago    1,204\n"
        "14  36氪 机器人频道  never            0\n"
    )


def test_a_table_too_wide_wraps_its_widest_column() -> None:
    table = Table(("Id", "State"), (("1", "HTTP 403 since yesterday"),))
    assert to_text(Message("x", (table,)), 18) == ("Id  State\n──  ──────────────\n 1  HTTP 403 since\n    yesterday\n")


def test_a_table_with_no_room_for_its_columns_becomes_lists() -> None:
    table = Table(("Name", "Query", "State"), (("robots", "topic:robotics", "ok"), ("deals", "event:funding", "muted")))
    assert to_text(Message("x", (table,)), 18) == (
        "Name   robots\nQuery  topic:robot\n       ics\nState  ok\n\n"
        "Name   deals\nQuery  event:fundi\n       ng\nState  muted\n"
    )


def test_a_table_with_missing_and_surplus_cells_is_shown() -> None:
    table = Table(("A", "B"), (("1",), ("1", "2", "3")))
    assert to_text(Message("x", (table,)), 40) == "A  B\n─  ─\n1\n1  2\n"


def test_a_table_without_rows_shows_its_columns() -> None:
    assert to_text(Message("x", (Table(("A", "B"), ()),)), 40) == "A  B\n─  ─\n"


def test_a_caret_stands_under_the_character_it_points_at() -> None:
    code = Code("  公司:宇树科技 OR (自变量\n" + " " * 14 + "^")
    assert to_text(Message("x", (code,)), 60) == "  公司:宇树科技 OR (自变量\n" + " " * 20 + "^\n"


def test_a_long_usage_line_folds_below_its_second_column() -> None:
    code = Code("watch add NAME  Watch for stories with a query")
    assert to_text(Message("x", (code,)), 36) == "watch add NAME  Watch for stories\n                with a query\n"


def test_a_usage_line_with_no_room_for_its_second_column_has_it_below() -> None:
    code = Code("watch add NAME QUERY...  Watch for stories")
    assert to_text(Message("x", (code,)), 30) == "watch add NAME QUERY...\n    Watch for stories\n"


def test_text_and_code_hang_together_and_cards_stand_apart() -> None:
    message = Message("x", (Text("a"), Code("b"), Card("c")))
    assert _stripped(to_ansi(message, 20)) == "▌ a\n▌ \n▌ b\n\n▌ c\n"


# -- hostile text ----------------------------------------------------------------------------------------------------

HOSTILE = [
    "\x1b]8;;https://evil.example\x1b\\click\x1b]8;;\x1b\\",
    "\x1b]0;new title\x07\x1b[2J\x1b[31mred",
    "\x9b2J\x9d8;;https://evil.example\x9cx",
    "\x1bP+q544e\x1b\\",
    "a\rb\x08\x08c\x00d\x7f",
    "[bold red]markup[/] [link=https://evil.example]x[/link] :bomb: [/]",
    "\u202eevil\u202c \u2066x\u2069 \u2028line\u2029",
    "\ud800 lone",
    "z\u0351" + "\u0336" * 500,
]


def _everywhere(text: str) -> Message:
    card = Card(text, text, text, text, text, ((text, text),), text, text, ((0, 3), (2, 10_000)))
    parts: tuple[Part, ...] = (Text(text), Code(text), Table((text, "B"), ((text, text),)), card)
    return Message(text, parts)


@pytest.mark.parametrize("text", HOSTILE)
def test_hostile_text_is_never_an_escape_sequence(text: str) -> None:
    plain = to_text(_everywhere(text), 60, NOW)
    assert re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ud800-\udfff]", plain) == []
    ansi = to_ansi(_everywhere(text), 60, NOW)
    assert re.findall("[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", _stripped(ansi)) == []
    assert _LINK.findall(ansi) == []


def test_markup_is_shown_as_it_was_written() -> None:
    title = "[bold]x[/bold] [link=https://evil.example]y[/link] :bomb:"
    ansi = to_ansi(_everywhere(title), 100)
    assert _stripped(ansi).count(title) >= 6


def test_marks_do_not_pile_up_over_other_lines() -> None:
    assert to_text(say("z" + "\u0336" * 500 + "a"), 60) == "z" + "\u0336" * 3 + "a\n"


@pytest.mark.parametrize(
    "url",
    [
        "javascript:alert(1)",
        "file:///etc/passwd",
        "data:text/html,x",
        "https://a.example/\x1b]8;;x",
        "https://a.example/\n",
        "https://a.example/a b",
        "https://a.example/\x9c",
        "https://a.example/\u202egpj.exe",
        "https:///path",
        "https://a.example/" + "x" * 3000,
    ],
)
def test_only_sound_http_urls_become_links(url: str) -> None:
    message = _card(Card("Title", url))
    assert _LINK.findall(to_ansi(message, 60)) == []
    assert to_text(message, 60) == "• Title\n"


def test_a_url_in_other_scripts_is_a_link_in_ascii() -> None:
    ansi = to_ansi(_card(Card("Title", "https://a.example/资讯")), 60)
    assert {link for _, link in _LINK.findall(ansi)} == {"https://a.example/%E8%B5%84%E8%AE%AF", ""}
    assert "a.example/资讯" in _stripped(ansi)


def test_dropped_characters_move_no_highlight() -> None:
    ansi = to_ansi(_card(Card("\x1b\x1bA \u200bQwen robot", spans=((5, 9),))), 60)
    assert _styles_of(ansi, "Qwen") == {"1", "4", "36"}
    assert _stripped(ansi) == "▌ A Qwen robot\n"


def test_spans_out_of_range_or_overlapping_lose_no_text() -> None:
    card = Card("abcdef", spans=((4, 99), (1, 3), (2, 5), (50, 60), (3, 1)))
    assert to_text(_card(card), 60) == "• abcdef\n"


def test_endless_text_is_cut() -> None:
    assert len(to_text(_everywhere("word " * 100_000), 80)) < 100_000


# -- widths ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("width", [24, 40, 60, 80, 120])
@pytest.mark.parametrize("message", [_card(DEAL), _card(ZH), Message("x", (Text(ZH.body), FEEDS))])
def test_every_line_fits_in_english_and_chinese(message: Message, width: int) -> None:
    short = [line for line in to_text(message, width, NOW).splitlines() if "https://" not in line]
    assert max(map(cell_len, short)) <= width
    assert max(map(cell_len, _stripped(to_ansi(message, width, NOW)).splitlines())) <= width


def test_chinese_values_are_aligned() -> None:
    lines = to_text(_card(ZH), 80).splitlines()
    values = [line for line in lines if line.lstrip().startswith(("金额", "领投"))]
    assert values == ["   金额  近 10 亿元（约 1.4 亿美元）", "   领投  阿里云、国科投资"]


@given(st.text(max_size=120), st.integers(16, 130))
def test_whatever_feeds_say_fits_and_holds_no_controls(text: str, width: int) -> None:
    lines = _stripped(to_ansi(_everywhere(text), width, NOW)).split("\n")
    assert max(map(cell_len, lines)) <= width
    assert not any(ord(char) < 32 or 0x7F <= ord(char) < 0xA0 for line in lines for char in line)
