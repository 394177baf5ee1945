"""The command line as people and scripts use it: exit codes, the two outputs, and every shape of JSON."""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

import pytest

from bot.loopback import Loopback, Reply
from tests.e2e.conftest import config
from tests.e2e.program import Ran, run, shell, together
from tests.e2e.test_run import follow
from tests.e2e.web import atom, json_feed, page, rss, serving

ROBOT = (
    '{"id": "7", "title": "<!channel> Robot [x](https://evil.example)", "url": "https://a.example/7", "source": "A"}\n'
)
WRONG = 'database = 3\n[fetch]\ntimeot = "1s"\n[log]\nlevel = "loud"\n'


@dataclass(frozen=True, slots=True)
class Case:
    """One command: its words, and what it must come to. `said` stands on stdout, `error` on stderr."""

    words: tuple[str | bytes, ...]
    code: int = 0
    said: tuple[str, ...] = ()
    error: tuple[str, ...] = ()
    stdin: bytes = b""
    more: dict[str, str] = field(default_factory=dict)


def case(
    *words: str | bytes, code: int = 0, said: str = "", error: str = "", stdin: str | bytes = b"", **more: str
) -> Case:
    """A Case; several texts are separated by ` … `."""
    given = stdin.encode() if isinstance(stdin, str) else stdin
    split = [tuple(filter(None, text.split(" … "))) for text in (said, error)]
    return Case(words, code, split[0], split[1], given, more)


# Every one runs in one folder with a database of two feeds and a few watchlists, and none of them changes it.
CASES = {
    # usage
    "nothing": case(code=2, error="usage: … COMMAND"),
    "version": case("--version", said="robowire 0."),
    "typo of a command": case("chek", code=2, error="no command `chek` … Did you mean `check`?"),
    "typo of a chat command": case("wach", "list", code=2, error="no command `wach` … Did you mean `watch`?"),
    "an unknown option": case("check", "--nonsense", code=2, error="--nonsense"),
    "an option without its value": case("news", "--config", code=2, error="--config"),
    "a chat that is not there": case("preview", "--chat", "irc", code=2, error="irc"),
    "bytes that are no text": case(b"\xff\xfe", code=2, error="no command"),
    # configuration
    "wrong configuration": case(
        "status", "--config", "wrong.toml", code=78, error="`database` … did you mean `fetch.timeout`? … `log.level`"
    ),
    "no configuration": case("run", "--config", "none.toml", code=78, error="none.toml"),
    "configuration first": case("--config", "config.toml", "watch", "list", said="robots"),
    "no folder for the database": case("status", "--config", "nofolder.toml", code=1, error="nowhere/x.db"),
    "no database but a text": case("status", "--config", "text.toml", code=1, error="not an SQLite database"),
    # chat commands
    "typo in a group": case("watch", "lits", code=1, error="Did you mean `watch list`?"),
    "a missing parameter": case(
        "watch", "add", code=1, error="NAME and QUERY missing. Usage: watch add NAME [digest] QUERY..."
    ),
    "a wrong query": case("watch", "add", "x", "robot (", code=1, error="never closed … \n  robot (\n … ^"),
    "no such watchlist": case("watch", "show", "robot", code=1, error="Did you mean `robots`?"),
    "a limit that is no number": case("news", "limit=x", code=1, error="must be a number"),
    "nothing found": case("news", "zeppelin", said="Nothing stored matches `zeppelin`."),
    "a query of bytes": case("news", b"a\xffb", said="Nothing stored matches"),
    "found": case("news", "robot", said="robot two … robot one"),
    "help": case("help", said="watch add NAME [digest] QUERY... … feed export"),
    "help on a command": case("help", "watch", "add", said="Post here whatever matches a query … For example:"),
    "help as an option": case("feed", "--help", said="feed add URL … feed export"),
    "help on nonsense": case("help", "nwes", code=1, error="Did you mean `news`?"),
    "a private network": case("feed", "add", "http://10.0.0.1/feed", code=1, error="private network"),
    "no such feed": case("feed", "remove", "99", code=1, error="no feed"),
    # tools
    "no such file": case("parse", "none.xml", "--json", code=1, error="none.xml: No such file"),
    "a feed on stdin": case("parse", "-", said="robot one … https://a.example/1", stdin=rss("a", ["robot one"])),
    "a feed in an old locale": case("parse", "zh.xml", said="?", PYTHONIOENCODING="latin-1"),
    "an alert": case("preview", said="🤖 <!channel> Robot [x](https://evil.example)", stdin=ROBOT),
    "no alert": case("preview", "--json", stdin="\n"),
    "not an item": case("preview", code=1, error="line 1: not a JSON object", stdin="[1]\n" + ROBOT),
    "no such items": case("preview", "none.jsonl", code=1, error="robowire: none.jsonl: No such file or directory\n"),
    "stories of copies": case("stories", said="new … same", stdin=ROBOT + "\n" + ROBOT),
    "stories of nothing": case("stories", "--json", stdin="\n"),
    "no item for a story": case("stories", code=1, error="line 2: not a JSON object", stdin=ROBOT + "\n[1]"),
    "no items for stories": case(
        "stories", "none.jsonl", code=1, error="robowire: none.jsonl: No such file or directory\n"
    ),
    "no labelled stories": case("eval", "stories", "--gold", ".", code=1, error="no *.json with labelled stories"),
    "a wrong query to replay": case("replay", "a.xml", "--watch", "a OR", code=1, error="a OR … ^"),
    "a copy of nothing": case("backup", "copy.db", "--config", "fresh.toml", code=1, error="no database"),
    "a copy over something": case("backup", "text.db", code=1, error="exists already"),
}


@pytest.fixture(scope="module")
def web() -> Iterator[Loopback]:
    """One web for all."""
    with serving() as server:
        server.pages |= {
            "/a": page(rss("a", ["robot one", "robot two"])),
            "/b": page(json_feed("b", ["扫地机器人三号"])),
            "/page": Reply(
                b"<html><head><link rel='alternate' type='application/atom+xml' href='/c'></head></html>", "text/html"
            ),
            "/c": page(atom("c", ["vacuum robot"])),
            "/login": Reply(b"<html><body>Log in.</body></html>", "text/html"),
        }
        yield server


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory, web: Loopback) -> Path:
    """A folder in which Robowire has been at work for a while."""
    folder = tmp_path_factory.mktemp("house")
    (folder / "config.toml").write_text(config(), encoding="utf-8")
    (folder / "wrong.toml").write_text(WRONG, encoding="utf-8")
    (folder / "fresh.toml").write_text(config("fresh.db"), encoding="utf-8")
    (folder / "nofolder.toml").write_text(config("nowhere/x.db"), encoding="utf-8")
    (folder / "text.toml").write_text(config("text.db"), encoding="utf-8")
    (folder / "text.db").write_text("This is no database, and no feed.\n", encoding="utf-8")
    (folder / "a.xml").write_bytes(rss("a", ["robot one", "robot two"]))
    (folder / "zh.xml").write_bytes(rss("zh", ["扫地机器人三号 🤖"]))
    follow(folder, [web.url("/a"), web.url("/b")], "robot OR 机器人")
    assert run(folder, "run", "--once").code == 0
    return folder


@pytest.fixture(scope="module")
def ran(house: Path) -> dict[str, Ran]:
    """What all cases came to, two at a time."""
    return dict(
        zip(
            CASES,
            together(*(partial(run, house, *c.words, stdin=c.stdin, **c.more) for c in CASES.values())),
            strict=True,
        )
    )


@pytest.mark.parametrize("name", CASES)
def test_a_command_ends_with_its_code_and_says_the_right_thing_in_the_right_place(
    name: str, ran: dict[str, Ran]
) -> None:
    one, came = CASES[name], ran[name]
    assert came.code == one.code, came.err
    assert [text for text in one.said if text not in came.out] == []
    assert [text for text in one.error if text not in came.err] == []
    if came.code:
        assert came.out == ""
        assert came.err
    else:
        assert came.err == ""
    assert "\x1b" not in came.out + came.err


def test_asking_leaves_nothing_behind(tmp_path: Path) -> None:
    together(*(partial(run, tmp_path, *words) for words in (("help",), ("watch", "-h"), ("backup", "copy.db"))))
    assert list(tmp_path.iterdir()) == []


# -- JSON --------------------------------------------------------------------------------------------------------------

FEED = {"id", "url", "title", "category", "lang", "state", "checked", "due", "failures", "error"}
ITEM = {"id", "title", "link", "summary", "published", "author", "lang"}
WATCHLIST = {"name", "query", "place", "owner", "created", "mode"}
NEWS = {
    *("story", "follows", "title", "link", "source", "sources", "reports", "published", "updated"),
    *("lang", "topics", "entities"),
}


def test_parse_answers_feed_items_and_error(house: Path, web: Loopback) -> None:
    row = run(house, "parse", "a.xml", "--url", "https://a.example/feed", "--content-type", "text/xml", "--json").rows[
        0
    ]
    assert row["feed"] == {
        "title": "a",
        "link": "https://a.example/",
        "lang": "",
        "ttl": None,
        "parser": "fastfeedparser",
    }
    assert [(item["title"], item["link"]) for item in row["items"]] == [
        ("robot one", "https://a.example/2"),
        ("robot two", "https://a.example/1"),
    ]
    assert [set(item) for item in row["items"]] == [ITEM, ITEM]
    assert row["error"] is None
    fetched = run(house, "parse", web.url("/a"), "--json").rows[0]
    assert [item | {"id": ""} for item in fetched["items"]] == [item | {"id": ""} for item in row["items"]]
    failed = run(house, "parse", web.url("/login"), "--json")
    assert (failed.code, failed.err) == (1, f"robowire: {failed.rows[0]['error']}\n")
    assert failed.rows == [{"feed": {}, "items": [], "error": failed.rows[0]["error"]}]


def test_json_is_sound_in_an_old_locale_too(house: Path) -> None:
    parse = partial(run, house, "parse", "zh.xml", "--json")
    usual, old = together(parse, partial(parse, PYTHONIOENCODING="ascii"))
    assert "扫地机器人三号 🤖" in usual.out
    assert old.rows == usual.rows


def test_preview_answers_the_payload_of_each_item(house: Path) -> None:
    rows = run(house, "preview", "--json", "--chat", "terminal", stdin=(ROBOT + "\n" + ROBOT).encode()).rows
    assert [set(row) for row in rows] == [{"id", "chat", "payload"}] * 2
    assert rows[0]["chat"] == "terminal"
    assert rows[0]["payload"]["text"].startswith("🤖 <!channel> Robot [x](https://evil.example)\n   A · ")


def test_stories_answers_the_story_of_each_item(house: Path) -> None:
    other = '{"id": "other", "title": "A quiet day at the flower market", "published": null}'
    rows = run(house, "stories", "-", "--json", stdin="\n".join((ROBOT, other, ROBOT)).encode()).rows
    assert [set(row) for row in rows] == [{"id", "story", "status", "why"}] * 3
    assert [row["status"] for row in rows] == ["new", "new", "same"]
    assert rows[0]["story"] == rows[2]["story"] != rows[1]["story"]


def test_replay_answers_each_poll(house: Path) -> None:
    for number, titles in enumerate(
        (["robot one"], ["robot two", "moon", "robot one"], ["robot two", "moon", "robot one"])
    ):
        (house / f"poll{number}.xml").write_bytes(rss("a", titles))
    polls = ["poll0.xml", "poll1.xml", "text.db", "poll2.xml"]
    ran = run(house, "replay", *polls, "--json", "--watch", "robot")
    error = ran.rows[2]["error"]
    assert ran.rows == [
        {"poll": 1, "new": 1, "alerts": 0, "messages": 0, "error": None},
        {"poll": 2, "new": 2, "alerts": 1, "messages": 1, "error": None},
        {"poll": 3, "new": 0, "alerts": 0, "messages": 0, "error": error},
        {"poll": 4, "new": 0, "alerts": 0, "messages": 0, "error": None},
    ]
    assert (ran.code, bool(error)) == (0, True)


def test_check_answers_every_finding(house: Path, web: Loopback) -> None:
    good, plain, broken = together(
        partial(run, house, "check", "--json"),
        partial(run, house, "check", DISCORD_TOKEN="geheim", SLACK_BOT_TOKEN="xoxb-geheim"),
        partial(run, house, "check", "--json", "--config", "text.toml"),
    )
    assert [(row["check"], row["ok"]) for row in good.rows] == [
        ("config", True),
        ("knowledge", True),
        ("tokens", True),
        ("database", True),
        ("feeds", True),
    ]
    assert [set(row) for row in good.rows] == [{"check", "ok", "detail"}] * 5
    assert good.code == 0
    assert "SLACK_BOT_TOKEN, DISCORD_TOKEN" in plain.out
    assert "geheim" not in plain.out + plain.err
    assert (broken.code, broken.err, broken.rows[-1]["check"], broken.rows[-1]["ok"]) == (1, "", "database", False)


def test_chat_commands_answer_rows(house: Path) -> None:
    asked = (("feed", "list"), ("news", "limit=2"), ("watch", "list"), ("status",), ("help", "watch", "add"))
    feeds, news, watchlists, status, usage = (
        ran.rows for ran in together(*(partial(run, house, "--json", *words) for words in asked))
    )
    assert [(set(row), row["title"], row["state"], row["error"]) for row in feeds] == [
        (FEED, "feed", "active", None),
        (FEED, "feed", "active", None),
    ]
    assert [set(row) for row in news] == [NEWS, NEWS]
    assert [(set(row), row["name"], row["query"], row["place"]) for row in watchlists] == [
        (WATCHLIST, "robots", "robot OR 机器人", "terminal:")
    ]
    assert [(row["feeds"], row["items"], row["watchlists_here"]) for row in status] == [(2, 3, 1)]
    assert [row["usage"] for row in usage] == ["watch add NAME [digest] QUERY..."]


# -- what changes something ------------------------------------------------------------------------------------------


def test_watchlists_live_from_add_to_remove_with_queries_as_the_shell_hands_them_over(folder: Path) -> None:
    for name, words in (
        ("a", ["robot", "-vacuum"]),
        ("b", ["robot -vacuum"]),
        ("two words", ['"humanoid robot"', "OR", "biped"]),
        ("mixed", ["--json", "title:robot", "--config", "config.toml", "NOT", "toy"]),
    ):
        assert run(folder, "watch", "add", name, *words).code == 0
    assert run(folder, "watch", "add", "a", "x").code == 1
    assert run(folder, "watch", "edit", "a", "arm").code == 0
    assert run(folder, "watch", "remove", "b").code == 0
    assert {row["name"]: row["query"] for row in run(folder, "watch", "list", "--json").rows} == {
        "a": "arm",
        "two words": '"humanoid robot" OR biped',
        "mixed": "title:robot NOT toy",
    }
    shown = run(folder, "watch", "show", "two words", "--json").rows[0]
    assert (shown["query"], shown["fired"], shown["tested"]) == ('"humanoid robot" OR biped', 0, 0)


def test_feeds_are_found_on_pages_exported_whole_and_imported_again(folder: Path, web: Loopback) -> None:
    assert run(folder, "feed", "add", web.url("/page"), "category=robots & co").code == 0
    assert run(folder, "feed", "add", web.url("/login")).code == 1
    long = "https://long.example/?" + "&".join(f"part{number}={number}" for number in range(40))
    assert run(folder, "feed", "add", long, "unchecked").code == 0
    assert run(folder, "feed", "check", web.url("/c"), "--json").rows[0]["items"] == 1

    exported = run(folder, "feed", "export").out
    assert {node.get("xmlUrl") for node in ET.fromstring(exported.encode()).iter("outline")} >= {web.url("/c"), long}
    (folder / "out.opml").write_text(exported, encoding="utf-8")
    (folder / "other.toml").write_text(config("other.db"), encoding="utf-8")
    assert (
        run(folder, "feed", "import", "out.opml", "--config", "other.toml").out
        == "2 feeds added, 0 were there already.\n"
    )
    list_ = partial(run, folder, "feed", "list", "--json", "--config")
    ours, theirs = (ran.rows for ran in together(partial(list_, "config.toml"), partial(list_, "other.toml")))
    assert [(row["url"], row["category"]) for row in theirs] == [(row["url"], row["category"]) for row in ours]

    assert run(folder, "feed", "remove", long).code == 0
    assert [row["url"] for row in run(folder, "feed", "list", "--json").rows] == [web.url("/c")]


def test_a_backup_is_a_database_that_works(house: Path) -> None:
    assert run(house, "backup", "copy.db").code == 0
    (house / "copy.toml").write_text(config("copy.db"), encoding="utf-8")
    status, copied = together(
        *(partial(run, house, "status", "--config", f"{name}.toml") for name in ("config", "copy"))
    )
    assert copied == status


# -- the shell ---------------------------------------------------------------------------------------------------------


def test_a_reader_that_leaves_is_no_error(house: Path) -> None:
    (house / "long.xml").write_bytes(rss("a", [f"robot number {number}" for number in range(3000)]))
    script = '"$@" | head -c 10 >/dev/null; echo "${PIPESTATUS[0]}"'
    asked = (("parse", "long.xml", "--json"), ("parse", "long.xml"), ("help",))
    for ran in together(*(partial(shell, house, script, *words) for words in asked)):
        assert (ran.out, ran.err) == ("0\n", "")


def test_closed_streams_are_no_error(house: Path) -> None:
    for ran in together(
        *(partial(shell, house, f'"$@" {closed}', "status") for closed in ("<&-", ">&-", "2>&-", ">&- 2>&-"))
    ):
        assert (ran.code, ran.err) == (0, "")


def test_a_full_disk_is_an_error_without_a_traceback(house: Path) -> None:
    ran = shell(house, '"$@" >/dev/full', "status")
    assert (ran.code, ran.err) == (1, "robowire: [Errno 28] No space left on device\n")
