"""Reading feeds: every format, what is not a feed, and what the two parsers get wrong by themselves."""

from __future__ import annotations

import io
import warnings
from pathlib import Path

import feedparser
import pytest

from bot.errors import ParseError
from bot.feeds.parse import parse, parse_fast, parse_slow
from bot.feeds.repair import repair
from bot.model import Entry

REAL = Path(__file__).resolve().parents[2] / ".." / "shared" / "data" / "feeds"


def rss(items: str, head: str = "") -> bytes:
    namespaces = (
        'xmlns:content="http://purl.org/rss/1.0/modules/content/" xmlns:dc="http://purl.org/dc/elements/1.1/" '
        'xmlns:itunes="http://www.itunes.com/dtds/podcast-1.0.dtd" xmlns:media="http://search.yahoo.com/mrss/" '
        'xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"'
    )
    return (
        f'<?xml version="1.0"?><rss version="2.0" {namespaces}><channel><title>T</title><link>https://t.example/</link>'
        f"{head}{items}</channel></rss>"
    ).encode()


def atom(entries: str, attributes: str = "") -> bytes:
    return f'<feed xmlns="http://www.w3.org/2005/Atom" {attributes}><title>T</title>{entries}</feed>'.encode()


def only(body: bytes) -> Entry:
    (entry,) = parse(body).entries
    return entry


# -- formats -----------------------------------------------------------------------------------------------------------


def test_rss_2_is_read_in_full() -> None:
    item = (
        "<item><title>A robot</title><link>https://t.example/1</link><guid>g1</guid><description>Short</description>"
        "<pubDate>Wed, 08 Oct 2025 10:00:00 +0200</pubDate><author>Jane</author>"
        '<media:content url="https://t.example/p.jpg" medium="image"/></item>'
    )
    document = parse(rss(item, "<language>zh-TW</language><ttl>60</ttl>"))
    assert (document.title, document.site, document.lang, document.ttl) == ("T", "https://t.example/", "zh-TW", 3600)
    assert document.parser == "fastfeedparser"
    expected = Entry(
        guid="g1",
        title="A robot",
        link="https://t.example/1",
        summary="Short",
        published="2025-10-08T08:00:00+00:00",
        author="Jane",
        image="https://t.example/p.jpg",
    )
    assert document.entries == (expected,)


def test_atom_is_read_in_full() -> None:
    entry = (
        '<entry><id>tag:1</id><title>A robot</title><link rel="alternate" href="https://t.example/1"/>'
        "<summary>Short</summary><content>Long</content><updated>2025-10-08T10:00:00Z</updated>"
        "<author><name>Jane</name></author></entry>"
    )
    document = parse(atom(entry, 'xml:lang="de"'))
    assert document.lang == "de"
    (read,) = document.entries
    assert (read.guid, read.title, read.link, read.author) == ("tag:1", "A robot", "https://t.example/1", "Jane")
    assert (read.summary, read.published) == ("Short", "2025-10-08T10:00:00+00:00")


def test_rdf_is_read() -> None:
    body = (
        b'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/"'
        b' xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://t.example/"><title>T</title></channel>'
        b'<item rdf:about="https://t.example/1"><title>One</title><link>https://t.example/1</link>'
        b"<dc:date>2025-10-08</dc:date></item></rdf:RDF>"
    )
    entry = only(body)
    assert (entry.guid, entry.title) == ("https://t.example/1", "One")
    assert entry.published == "2025-10-08T00:00:00+00:00"


def test_old_rss_with_entities_of_its_dtd_is_read() -> None:
    body = (
        b'<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/rss-0.91.dtd" '
        b'[<!ENTITY corp "Robots &amp; Co">\n<!ENTITY inc "Acme">]><rss version="0.91"><channel><title>T</title>'
        b"<item><title>caf&eacute; of &inc; today</title></item></channel></rss>"
    )
    assert only(body).title == "café of Acme today"


def test_json_feed_is_read() -> None:
    body = (
        '{"version":"https://jsonfeed.org/version/1.1","title":"T","language":"zh","items":[{"id":7,"title":"机器人",'
        '"url":"https://t.example/1?a=1&b=2","content_html":"<p>x</p>","image":"https://t.example/i.png",'
        '"date_published":"2025-10-08T10:00:00Z","authors":[{"name":"Jane"}]}]}'
    ).encode()
    document = parse(body)
    assert document.lang == "zh"
    expected = Entry(
        guid="7",
        title="机器人",
        link="https://t.example/1?a=1&b=2",
        summary="<p>x</p>",
        published="2025-10-08T10:00:00+00:00",
        author="Jane",
        image="https://t.example/i.png",
    )
    assert document.entries == (expected,)


@pytest.mark.parametrize("body", [rss(""), atom(""), b'{"version":"https://jsonfeed.org/version/1","items":[]}'])
def test_a_feed_without_entries_is_not_an_error(body: bytes) -> None:
    assert parse(body).entries == ()


# -- what is not a feed ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty"),
        (b" \r\n\t", "empty"),
        (b"<!DOCTYPE html><html><body>log in</body></html>", "an HTML page, not a feed"),
        (b"<!-- hi -->\n<HTML><head><title>x</title>", "an HTML page, not a feed"),
        (b"/etc/passwd", "plain text"),
        (b"http://127.0.0.1/feed.xml", "plain text"),
        (bytes(range(128, 256)) * 8, "not a feed"),
        (b'<?xml version="1.0"?><urlset><url/></urlset>', "a sitemap, not a feed"),
        (b"<opml><body/></opml>", "an OPML list of feeds, not a feed"),
        (b"<note><to>you</to></note>", "its first element is <note>"),
        (b'{"items":[]}', "JSON"),
        (b'{"a":1}', "not a feed"),
        (b"[1,2]", "not a feed"),
        (b"[" * 100_000, "not a feed"),
        (b'{"items":[1,null]}', "not a feed"),
    ],
)
def test_what_is_not_a_feed_is_refused_by_its_name(body: bytes, says: str) -> None:
    with pytest.raises(ParseError, match=says):
        parse(body)


# -- where the fast parser alone would be wrong ------------------------------------------------------------------------


def test_no_guid_stays_no_guid() -> None:
    assert only(rss("<item><title>a</title><link>https://t.example/1</link></item>")).guid == ""


def test_a_guid_equal_to_the_link_stays() -> None:
    item = "<item><link>https://t.example/1</link><guid>https://t.example/1</guid></item>"
    assert only(rss(item)).guid == "https://t.example/1"


def test_no_date_is_made_out_of_a_guid() -> None:
    assert only(rss("<item><title>a</title><guid>20240105</guid></item>")).published == ""


def test_a_content_that_is_all_there_is_comes_whole() -> None:
    words = "<p>word</p>" * 200
    item = f"<item><title>a</title><content:encoded><![CDATA[{words}]]></content:encoded></item>"
    assert only(rss(item)).summary == words


def test_an_empty_description_gives_way_to_the_content() -> None:
    first = "<item><title>a</title><description>d</description></item>"
    second = "<item><title>b</title><description/><content:encoded>full</content:encoded></item>"
    assert [entry.summary for entry in parse(rss(first + second)).entries] == ["d", "full"]


def test_outlet_language_and_itunes_image_of_an_entry_are_read() -> None:
    item = (
        '<item><title>a</title><guid>g</guid><source url="https://o.example">Tech in Asia</source>'
        '<dc:language>zh</dc:language><itunes:image href="https://t.example/i.jpg"/></item>'
    )
    entry = only(rss(item))
    assert (entry.guid, entry.source, entry.lang) == ("g", "Tech in Asia", "zh")
    assert entry.image == "https://t.example/i.jpg"


def test_the_title_of_an_atom_source_is_the_outlet() -> None:
    entry = "<entry><id>1</id><title>a</title><source><title>Nikkei</title></source><summary>s</summary></entry>"
    assert only(atom(entry)).source == "Nikkei"


def test_a_link_without_a_rel_is_better_than_the_first_one() -> None:
    entry = (
        '<entry><id>1</id><title>a</title><link rel="self" href="https://s"/><link href="https://t.example/1"/></entry>'
    )
    assert only(atom(entry)).link == "https://t.example/1"


def test_xhtml_titles_are_read_by_the_patient_parser() -> None:
    title = '<title type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml">A <b>robot</b></div></title>'
    document = parse(atom(f"<entry><id>1</id>{title}</entry>"))
    assert document.parser == "feedparser"
    assert "robot" in document.entries[0].title


def test_entries_behind_damage_are_read_by_the_patient_parser() -> None:
    items = "".join(f"<item><title>{number}</title><guid>{number}</guid></item>" for number in range(6))
    broken = rss(items.replace("<guid>2", "</item></channel><guid>2"))
    assert len(parse_fast(repair(broken)).entries) < 6
    assert len(parse(broken).entries) == 6


@pytest.mark.parametrize("at", [b"<item><title>3", b"<title>3", b"itle>3", b"3</title>", b"/item><item><title>4"])
def test_a_truncated_feed_gives_what_arrived_whole(at: bytes) -> None:
    items = "".join(f"<item><title>{number}</title></item>" for number in range(6))
    body = rss(items)
    document = parse(body[: body.index(at)])
    assert [entry.title for entry in document.entries] == ["0", "1", "2"]
    assert document.cut
    assert not parse(body).cut


def test_a_truncated_atom_feed_has_no_half_entry() -> None:
    entries = "".join(f"<entry><title>{n}</title><id>x:{n}</id></entry>" for n in "abc")
    body = f'<feed xmlns="http://www.w3.org/2005/Atom"><title>t</title>{entries}</feed>'.encode()
    for size in range(body.index(b"<title>b"), body.index(b"<entry><title>c")):
        document = parse(body[:size])
        assert [entry.title for entry in document.entries] in (["a"], ["a", "b"])
        assert document.cut
    assert len(parse(body + b"<!-- served in 3 ms -->").entries) == 3
    assert not parse(body + b"<!-- served in 3 ms -->").cut


def test_the_period_of_the_syndication_module_is_the_ttl() -> None:
    head = "<sy:updatePeriod>daily</sy:updatePeriod><sy:updateFrequency>4</sy:updateFrequency>"
    assert parse(rss("<item><title>a</title></item>", head)).ttl == 21_600


def test_a_ttl_inside_an_entry_is_not_the_feeds() -> None:
    assert parse(rss("<item><title>a</title><ttl>5</ttl></item>")).ttl is None


# -- the patient parser ------------------------------------------------------------------------------------------------


def test_the_patient_parser_gives_dates_in_iso_and_images() -> None:
    item = (
        "<item><title>a</title><guid>g</guid><pubDate>Wed, 08 Oct 2025 10:00:00 +0200</pubDate>"
        '<enclosure url="https://t.example/p.png" type="image/png" length="1"/><source url="u">O</source></item>'
    )
    (entry,) = parse_slow(rss(item)).entries
    assert (entry.guid, entry.published) == ("g", "2025-10-08T08:00:00+00:00")
    assert (entry.image, entry.source) == ("https://t.example/p.png", "O")


def test_the_patient_parser_never_opens_a_file_or_an_address(tmp_path: Path) -> None:
    secret = tmp_path / "feed.xml"
    secret.write_bytes(rss("<item><title>secret</title></item>"))
    with pytest.raises(ParseError):
        parse_slow(str(secret).encode())


# -- real feeds --------------------------------------------------------------------------------------------------------


@pytest.mark.skipif(not REAL.is_dir(), reason="the shared real feeds are not here")
def test_real_feeds_give_as_many_entries_as_feedparser_finds() -> None:
    fewer = {}
    for path in sorted(REAL.iterdir()):
        body = path.read_bytes()
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            expected = len(feedparser.parse(io.BytesIO(body)).entries)
        document = parse(body)
        if len(document.entries) + document.cut < expected:  # half an entry is none
            fewer[path.name] = (len(document.entries), expected)
    assert fewer == {}
