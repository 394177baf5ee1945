"""HTML, dates and languages of feeds as plain values."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds import dates, langs, plain

NOW = datetime(2025, 10, 8, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("html", "text"),
    [
        ("plain  words\nhere", "plain words here"),
        ("<p>One</p><p>Two<br>Three</p>", "One Two Three"),
        ("机器人<b>公司</b>融资", "机器人公司融资"),
        ("a <em>b</em>c", "a bc"),
        ("<script>alert('<p>')</script>Hi<style>p{}</style>", "Hi"),
        ("<SCRIPT>x", ""),
        ("x<!-- <p>hidden</p> -->y", "xy"),
        ('<img src=x onerror="a>b">end', "end"),
        ("<p title='a>b'>t</p>", "t"),
        ("<p it's>x</p><p it's>y</p>", "x y"),
        ("a < b and 3<4", "a < b and 3<4"),
        ("words <b unclosed", "words"),
        ("&lt;p&gt;Hello &amp;amp; bye&lt;/p&gt;", "Hello & bye"),
        ("R&amp;D &eacute; &#8220;x&#8221; &nbsp;y", "R&D é “x” y"),
        ("<table><tr><td>a<td>b</table>", "a b"),
        ("safe\u202egnp.exe\u2066x\u200b\x07", "safegnp.exex"),
        ("👨\u200d👩\u200d👧 family", "👨\u200d👩\u200d👧 family"),
    ],
)
def test_summaries_become_text(html: str, text: str) -> None:
    assert plain.summary(html) == text


@pytest.mark.parametrize(
    ("said", "title"),
    [
        ("A &amp; B", "A & B"),
        ("A &amp;amp; B", "A & B"),
        ("<b>Bold</b> move", "Bold move"),
        ("&lt;b&gt;Bold&lt;/b&gt; move", "Bold move"),
        ("one\r\ntwo\u2028three", "one two three"),
        ("Why List<T> is slow", "Why List<T> is slow"),
        ("<https://evil.example|click>", "<https://evil.example|click>"),
        ("<!channel> now", "<!channel> now"),
    ],
)
def test_titles_lose_html_and_nothing_else(said: str, title: str) -> None:
    assert plain.title(said) == title


def test_texts_are_cut_to_their_limits() -> None:
    assert len(plain.title("word " * 1_000)) <= plain.TITLE_CHARS
    assert len(plain.summary("<p>word</p> " * 5_000)) <= plain.SUMMARY_CHARS
    assert plain.summary("word " * 1_000).endswith("…")


def test_text_behind_much_markup_is_found() -> None:
    assert plain.summary(f'<img src="{"x" * 7_000}"><p>words</p>') == "words"


@given(st.text(alphabet="<>&;/!-='\" abpscriptdiv#x1\n", max_size=200))
def test_whatever_comes_a_summary_is_one_clean_line(html: str) -> None:
    text = plain.summary(html)
    assert text == " ".join(text.split())
    assert text.isprintable()


# -- dates -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said",
    [
        "2025-10-08T10:00:00+00:00",
        "2025-10-08T12:00:00+02:00",
        "2025-10-08T10:00:00Z",
        "2025-10-08 10:00:00",
        "Wed, 08 Oct 2025 12:00:00 +0200",
        "Wed, 08 Oct 2025 10:00:00 GMT",
    ],
)
def test_dates_are_read_as_utc(said: str) -> None:
    assert dates.settle(said, NOW) == datetime(2025, 10, 8, 10, tzinfo=UTC)
    assert dates.settle(said, NOW).tzinfo is UTC


@pytest.mark.parametrize(
    "said",
    ["", "yesterday", "0000-00-00 00:00:00", "1970-01-01T00:00:00Z", "1994-12-31T23:59:59Z", "2025-10-09T12:00:01Z",
     "9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00", "Wed, 99 Foo 2025", "x" * 500],
)  # fmt: skip
def test_dates_that_cannot_be_true_become_the_time_of_the_poll(said: str) -> None:
    assert dates.settle(said, NOW) == NOW


def test_a_date_up_to_a_day_ahead_is_believed() -> None:
    assert dates.settle("2025-10-09T12:00:00Z", NOW) == NOW + timedelta(days=1)


# -- languages ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "language"),
    [("en-US", "en"), ("EN", "en"), ("zh-CN", "zh"), ("zh_TW", "zh-tw"), ("zh-Hant-HK", "zh-tw"), ("zho", "zh"),
     ("ja", "ja"), ("pt-br", "pt"), ("", ""), ("English", ""), ("x", ""), ("<b>", "")],
)  # fmt: skip
def test_declared_languages_have_one_form(said: str, language: str) -> None:
    assert langs.normal(said) == language


@pytest.mark.parametrize(
    ("said", "title", "language"),
    [
        ("", "自变量机器人完成近10亿元A+轮融资", "zh"),
        ("", "ソフトバンクがABBのロボット事業を買収", "ja"),
        ("", "소프트뱅크 로봇 사업 인수", "ko"),
        ("", "The robot and its maker", "en"),
        ("", "Roboter aus Berlin", ""),
        ("en-US", "阿里巴巴成立机器人团队", "zh"),
        ("en", "Zürich’s robots", "en"),
        ("zh-TW", "OpenAI news", "zh-tw"),
        ("de", "机器人", "de"),
    ],
)
def test_the_language_of_an_item(said: str, title: str, language: str) -> None:
    assert langs.choose(said, title) == language
