"""What is secret stays where it belongs: tokens nowhere, logins of feeds in the column of their addresses alone.

The real program talks at the highest level of its log, to Slack, to Discord and to a language model, about feeds that fail in
every way; then all octets that it left behind are searched.
"""

from __future__ import annotations

import asyncio
import base64
import os
import sqlite3
import stat
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.loopback import Loopback, Reply
from bot.model import NewFeed
from bot.store.open import open_store
from tests.e2e.program import run, started
from tests.e2e.web import page, rss, serving
from tests.fakes.discord_server import DiscordServer
from tests.fakes.slack_server import SlackServer

BOT, APP = "xoxb-1-5ecretBotToken", "xapp-1-5ecretAppToken"
SIGNING, MODEL = "5ecretSigning0123456789", "5ecretModelKey0123456789"
LOGIN, KEY, PATH = "5ecretL0gin", "5ecretKey", "5ecretMoved"
FEED_SECRETS = (LOGIN, KEY, PATH, base64.b64encode(f"me:{LOGIN}".encode()).decode()[:12])

NOW = datetime.now(UTC)

CONFIG = """\
database = "wire.db"
[log]
level = "debug"
[fetch]
allow_networks = ["127.0.0.1/32"]
timeout = "1s"
max_size = "100KiB"
[poll]
every = "1s"
shortest = "1s"
longest = "1s"
[assist]
url = "http://127.0.0.1:9/v1"
model = "m"
[slack]
api_url = "{slack}"
[discord]
api_url = "{discord}"
gateway_url = "{gateway}"
[start]
feeds = ""
watchlists = ""
"""


def pictured(web: Loopback, *titles: str) -> bytes:
    """A feed whose entries have pictures, which the chats may fetch and we never do."""
    picture = f'<enclosure type="image/png" length="1" url="{web.url("/picture.png")}"/></item>'
    return rss("good", titles).replace(b"</item>", picture.encode())


def pages(web: Loopback) -> dict[str, Reply]:
    """Feeds that fail in every way, and one that has news."""
    moved = web.url("/good").replace("://", f"://me:{PATH}@") + f"?key={PATH}"

    def redirect(target: str) -> Reply:
        return Reply(status=301, headers={"Location": target})

    return {
        "/good": page(pictured(web, "robot one")),
        "/404": Reply(status=404),
        "/410": Reply(status=410),
        "/slow": Reply(b"x", delay=30),
        "/large": Reply(b"x" * 200_000),
        "/html": Reply(b"<html>log in</html>", "text/html"),
        "/bomb": Reply(b"<rss " + b" ".join(b'a%d=""' % n for n in range(3_000))),
        "/ftp": redirect(f"ftp://me:{PATH}@127.0.0.1/?key={PATH}"),
        "/port": redirect(f"http://me:{PATH}@127.0.0.1:22/?token={PATH}"),
        "/private": redirect(f"http://me:{PATH}@10.0.0.1/?token={PATH}"),
        "/nonsense": redirect(f"http://me:{PATH}@[::bad/?api_key={PATH}"),
        "/loop": redirect(f"/loop?key={PATH}"),
        "/moved": redirect(moved),
    }


def addresses(web: Loopback) -> list[str]:
    """Every page twice: with a login in its address, and with a key."""
    found = [web.url(path) for path in pages(web)]
    found += [
        "http://127.0.0.1:9/refused",
        "http://no.such.host.invalid/x",
        web.url("/tls").replace("http://", "https://"),
    ]
    logins = [url.replace("://", f"://me:{LOGIN}@") for url in found]
    return [*logins, *(f"{url}?access_token={KEY}" for url in found)]


LINES = (
    *(
        "watch add robots robot*",
        "feed list",
        "feed export",
        "feed list status=failing",
        "feed list status=gone",
        "status",
        "settings",
    ),
    *(f"feed check {number}" for number in range(1, 12)),
    *(
        f"feed add http://me:{LOGIN}@127.0.0.1:9/x",
        f"feed add me:{LOGIN}@x.example",
        f"feed remove http://me:{LOGIN}@x/",
    ),
    *(f"feed import http://127.0.0.1:9/x?token={KEY}", f"feed add https://me:{LOGIN}@x.example/ unchecked"),
    *("feed remove 40", f"why http://me:{LOGIN}@127.0.0.1/x", "why 1", "news robot", "help feed"),
    f"no such command http://me:{LOGIN}@x/",
)


def octets(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.name, path.read_bytes()


def without_addresses(database: Path, copy: Path) -> bytes:
    """The database with the one column emptied in which logins may stand."""
    copy.write_bytes(database.read_bytes())
    with closing(sqlite3.connect(copy)) as conn:
        assert conn.execute(f"SELECT count(*) FROM feeds WHERE url LIKE '%{LOGIN}%'").fetchone()[0] > 5
        conn.execute("UPDATE feeds SET url = id")
        conn.commit()
        conn.execute("PRAGMA journal_mode = DELETE")
        conn.execute("VACUUM")
    return copy.read_bytes()


@pytest.mark.skipif(sys.platform == "win32", reason="needs umask")
async def test_secrets_stay_where_they_belong(tmp_path: Path) -> None:
    folder, heard = tmp_path / "bot", list[str]()
    folder.mkdir()
    with serving() as web:
        async with SlackServer(BOT, APP) as slack, DiscordServer() as discord:
            where = {"slack": slack.api_url, "discord": discord.api_url, "gateway": discord.gateway_url}
            text = CONFIG.format(**where)
            await asyncio.to_thread((folder / "config.toml").write_text, text)
            web.pages.update(pages(web))
            with closing(open_store(str(folder / "wire.db"))) as store, store.write() as tx:
                tx.feeds.add([NewFeed(url) for url in addresses(web)], NOW)
            more = {
                **slack.environment,
                **discord.environment,
                "SLACK_SIGNING_SECRET": SIGNING,
                "ASSIST_API_KEY": MODEL,
            }
            with started(folder, "run", more=more, stdin=-1) as bot:
                await slack.wait_for(lambda: slack.connections, "the bot", within=30)
                for line in LINES:
                    bot.say(line)
                await asyncio.to_thread(bot.until, lambda: "There is no command" in bot.out)
                web.pages["/good"] = page(pictured(web, "robots raise $5 million", "robot one"))
                for line in (
                    "/wire feed list",
                    "/wire feed export",
                    "/wire feed check 1",
                    "/wire why http://127.0.0.1/x",
                ):
                    heard.append((await slack.command(line, user="U1")).text)
                heard.append((await discord.command("wire feed list", user="ada")).text)
                await asyncio.to_thread(bot.until, lambda: "robots raise" in bot.out)
                assert await asyncio.to_thread(bot.stop) == 0
            heard += [repr(slack.world.log), repr(discord.world.log)]
            tokens = [BOT, APP, SIGNING, MODEL, discord.environment["DISCORD_TOKEN"]]
    assert "/picture.png" not in web.hits
    assert run(folder, "backup", "copy.db").code == 0
    listed = run(folder, "feed", "list", "--json")
    assert len(listed.rows) >= 30
    for name in ("feed list", "feed export", "check"):
        ran = run(folder, *name.split())
        heard += [ran.out, ran.err]
    heard += [listed.out, listed.err]

    left = dict(octets(folder))
    assert {"bot.out", "bot.err", "wire.db", "copy.db", "wire.transcript"} <= set(left)
    del left["config.toml"]  # the operator wrote it
    said = "\n".join(heard).encode()
    for database in ("wire.db", "copy.db"):
        left[database] = without_addresses(folder / database, tmp_path / database)
    found = {
        (name, secret) for secret in (*tokens, *FEED_SECRETS) for name, body in {**left, "chats": said}.items()
        if secret.encode() in body
    }  # fmt: skip
    assert found == set()
    assert b"***" in left["bot.err"]


def test_what_holds_logins_is_for_its_owner_alone(tmp_path: Path) -> None:
    """Whatever the umask says: the database, what SQLite puts beside it, backups, copies before an upgrade."""
    before = os.umask(0)
    try:
        with closing(open_store(str(tmp_path / "wire.db"))) as store:
            with store.write() as tx:
                tx.feeds.add([NewFeed(f"https://me:{LOGIN}@a.example/")], NOW)
            store.backup(tmp_path / "copy.db")
            modes = {path.name: stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()}
    finally:
        os.umask(before)
    assert {"wire.db", "wire.db-wal", "wire.db-shm", "copy.db"} <= set(modes)
    assert {name: oct(mode) for name, mode in modes.items() if mode & 0o077} == {}


def test_a_login_in_the_configuration_is_in_no_error(tmp_path: Path) -> None:
    for line in (
        f'[assist]\nurl = "http://me:{LOGIN}@127.0.0.1:9/v1?key={KEY}"',
        f'database = "postgres://me:{LOGIN}@x/y"',
    ):
        (tmp_path / "config.toml").write_text(line)
        ran = run(tmp_path, "check")
        assert ran.code != 0
        assert [secret for secret in (LOGIN, KEY) if secret in ran.out + ran.err] == []
