"""Bytes into clean UTF-8: charsets as declared, as they are, and as they are meant; references and controls."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.parse import parse
from bot.feeds.repair import repair


def feed(title: str, declared: str = "") -> str:
    declaration = f'<?xml version="1.0" encoding="{declared}"?>' if declared else ""
    return (
        f'{declaration}<rss version="2.0"><channel><title>T</title><item><title>{title}</title></item></channel></rss>'
    )


def title_of(body: bytes, content_type: str = "") -> str:
    return parse(body, content_type).entries[0].title


@pytest.mark.parametrize(
    ("declared", "codec", "text"),
    [
        ("utf-8", "utf-8", "Zürich 机器人"),
        ("gb2312", "gbk", "自变量机器人完成融资"),
        ("GBK", "gb18030", "自变量机器人"),
        ("big5", "big5", "機器人公司"),
        ("Shift_JIS", "cp932", "ロボット"),
        ("EUC-JP", "euc_jp", "ロボット"),
        ("iso-2022-jp", "iso2022_jp", "ロボット"),
        ("euc-kr", "cp949", "로봇 투자"),
        ("windows-1251", "cp1251", "Роботы"),
        ("iso-8859-1", "cp1252", "“Zürich” – €"),
        ("utf-16", "utf-16", "日本"),
    ],
)
def test_declared_charsets_are_read(declared: str, codec: str, text: str) -> None:
    assert title_of(feed(text, declared).encode(codec)) == text


def test_the_charset_of_the_header_counts_where_the_document_says_nothing() -> None:
    assert title_of(feed("自变量机器人").encode("gbk"), "text/xml; charset=gb2312") == "自变量机器人"


def test_windows_1252_that_calls_itself_utf_8_is_read() -> None:
    assert title_of(feed("Zürich €", "utf-8").encode("cp1252")) == "Zürich €"


@pytest.mark.parametrize("declared", ["iso-8859-1", "utf-16", "punycode", "unicode_escape", "nonsense"])
def test_utf_8_that_calls_itself_something_else_is_read(declared: str) -> None:
    assert title_of(feed("Zürich 机器人", declared).encode(), "text/xml; charset=iso-8859-1") == "Zürich 机器人"


def test_one_bad_byte_does_not_spoil_a_good_document() -> None:
    body = feed("自变量机器人完成融资 x", "utf-8").encode().replace(b" x", "融".encode()[:2])
    assert title_of(body) == "自变量机器人完成融资\ufffd"


def test_utf_16_without_a_mark_is_read() -> None:
    assert title_of(feed("日本").encode("utf-16-le")) == "日本"


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("caf&eacute; &copy; ok", "café © ok"),
        ("AT&T rises", "AT&T rises"),
        ("a &nosuch; b", "a &nosuch; b"),
        ("a &#xD800; b &#0; c", "a \ufffd b \ufffd c"),
        ("a &#8217; &#x2019; &amp; &lt; b", "a ’ ’ & < b"),
        ("a\x00b\x0bc", "abc"),
    ],
)
def test_references_and_controls_do_not_cut_a_text(written: str, read: str) -> None:
    assert title_of(feed(written).encode()) == read


def test_a_bare_ampersand_in_a_link_stays_one() -> None:
    body = b"<rss version='2.0'><channel><item><link>https://t.example/?a=1&b=2</link></item></channel></rss>"
    assert parse(body).entries[0].link == "https://t.example/?a=1&b=2"


def test_cdata_sections_are_left_alone() -> None:
    section = b"<![CDATA[a & b &nbsp; &#0; &x;]]>"
    body = b"<rss><a>&nbsp;</a>" + section + b"&x;</rss>"
    assert repair(body) == b"<rss><a>&#160;</a>" + section + b"&amp;x;</rss>"


def test_json_is_left_alone() -> None:
    body = b'{"url": "https://t.example/?a=1&b=2&nbsp;"}'
    assert repair(body) == body


def test_entities_that_build_on_entities_are_not_expanded() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    item = "<item><title>&l9;</title></item>"
    body = f'<!DOCTYPE rss [<!ENTITY l0 "lol">{laughs}]><rss version="2.0"><channel>{item}</channel></rss>'
    assert len(title_of(body.encode())) < 100


@given(st.binary(max_size=300), st.text(max_size=40))
def test_whatever_comes_is_valid_utf_8_afterwards(body: bytes, content_type: str) -> None:
    repaired = repair(body, content_type)
    repaired.decode()
    assert repair(repaired) == repaired
