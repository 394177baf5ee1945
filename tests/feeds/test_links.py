"""Links: what is shown, what is compared, and what never gets through."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.feeds.links import canonical, identity, is_home, readable, resolve

BASE = "https://news.example/feeds/all.xml"


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("https://t.example/a/b-c_d.html", "https://t.example/a/b-c_d.html"),
        ("https://t.example/?utm_source=rss&id=7&utm_medium=feed", "https://t.example/?id=7"),
        ("https://t.example/a?fbclid=x&gclid=y&mc_eid=z&_hsenc=q", "https://t.example/a"),
        ("https://t.example/a?UTM_Source=x&b=%20", "https://t.example/a?b=%20"),
        ("https://t.example/a?ref=rss&from=feed&source=rss2.0&partner=rss", "https://t.example/a"),
        ("https://t.example/a?ref=main&source=7&from=berlin", "https://t.example/a?ref=main&source=7&from=berlin"),
        ("https://t.example/a?spm=1.2.3", "https://t.example/a"),
        ("https://t.example/a#part", "https://t.example/a"),
        ("https://t.example/a#!/page/2", "https://t.example/a#!/page/2"),
        ("https://user:pw@t.example/a", "https://t.example/a"),
        ("https://bank.example@evil.example/a", "https://evil.example/a"),
        ("HTTPS://T.Example:443/A", "https://t.example/A"),
        ("http://t.example:80", "http://t.example"),
        ("http://t.example:8080/a", "http://t.example:8080/a"),
        ("https://bücher.example/ä b|c", "https://xn--bcher-kva.example/%C3%A4%20b%7Cc"),
        ("https://faß.example/", "https://xn--fa-hia.example/"),
        ("https://例え.テスト/", "https://xn--r8jz45g.xn--zckzah/"),
        ("https://t.example/a?x=1&amp;y=2", "https://t.example/a?x=1&y=2"),
        ("https://t.example/<script>\"'", "https://t.example/%3Cscript%3E%22'"),
        (" \n https://t.example/a\nb\t", "https://t.example/ab"),
        ("https://evil.example\\@t.example/", "https://evil.example/@t.example/"),
        ("/a/b?c=1", "https://news.example/a/b?c=1"),
        ("c.html", "https://news.example/feeds/c.html"),
        ("//t.example/a", "https://t.example/a"),
        ("www.t.example/a", "https://www.t.example/a"),
        ("https://[2001:DB8::1]:8443/a", "https://[2001:db8::1]:8443/a"),
        ("https://www.google.com/url?rct=j&url=https://t.example/a%3Fb%3D1&ct=ga", "https://t.example/a?b=1"),
    ],
)
def test_canonical_links(url: str, expected: str) -> None:
    assert canonical(url, BASE) == expected


@pytest.mark.parametrize(
    "url",
    [
        "",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)",
        "java\nscript:alert(1)",
        "\x01javascript:alert(1)",
        "data:text/html,x",
        "file:///etc/passwd",
        "mailto:a@b.example",
        "http:///path",
        "http:/t.example/a",
        "https://t.example:99999/",
        "https://℀.example/",
        "https://[::1/",
        "https://a b.example/",
        "https://" + "a" * 300 + ".example/",
        "https://t.example/" + "a" * 9_000,
    ],
)
def test_what_is_no_web_address_is_no_link(url: str) -> None:
    assert canonical(url, BASE) == ""


def test_a_relative_link_without_a_base_is_no_link() -> None:
    assert canonical("/a") == ""


def test_pictures_keep_their_query() -> None:
    assert resolve("/p.jpg?utm_source=x&sig=1", BASE) == "https://news.example/p.jpg?utm_source=x&sig=1"
    assert resolve("data:image/png;base64,xx", BASE) == ""


@pytest.mark.parametrize(
    "other",
    [
        "http://t.example/a?b=1&c=2",
        "https://www.t.example/a?b=1&c=2",
        "https://t.example/a/?c=2&b=1",
        "https://t.example/a?b=1&c=2#part",
        "https://t.example/a?b=1&utm_campaign=x&c=2",
    ],
)
def test_one_page_has_one_identity(other: str) -> None:
    assert identity(canonical(other)) == identity(canonical("https://t.example/a?b=1&c=2")) == "t.example/a?b=1&c=2"


def test_case_of_escapes_does_not_make_another_page() -> None:
    assert identity("https://t.example/%c3%a4") == identity("https://t.example/%C3%A4")


@pytest.mark.parametrize("other", ["https://t.example/A", "https://t.example/a?b=2", "https://m.t.example/a"])
def test_other_pages_have_other_identities(other: str) -> None:
    assert identity(other) != identity("https://t.example/a")


@pytest.mark.parametrize(
    ("link", "home"),
    [
        ("https://t.example", True),
        ("https://www.t.example/", True),
        ("https://t.example/a", False),
        ("https://t.example/?a", False),
    ],
)
def test_a_whole_site_is_told_from_a_page(link: str, home: bool) -> None:
    assert is_home(identity(link)) is home


def test_a_link_reads_as_host_and_path() -> None:
    assert readable("https://www.t.example/%E6%9C%BA/a?b=1") == "t.example/机/a"


@given(st.one_of(st.text(max_size=60), st.from_regex(r"https?://[^\s]{0,40}", fullmatch=True)))
def test_whatever_comes_a_link_is_safe_and_stable(url: str) -> None:
    link = canonical(url, BASE)
    assert link == "" or re.fullmatch(r"https?://[a-z0-9\[][!#$%&'()*+,./0-9:;=?@A-Z_a-z~\[\]-]*", link)
    assert canonical(link, BASE) == link
