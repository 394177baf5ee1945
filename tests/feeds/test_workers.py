"""Children that read documents: what stops one document never stops another."""

from __future__ import annotations

import asyncio
import io
import os
import select
import signal
import subprocess
import sys
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import msgspec
import pytest

from bot.errors import ParseError
from bot.feeds.child import LENGTH_BYTES, Answered, Asked, serve
from bot.feeds.workers import Workers
from bot.model import Page

NOW = datetime(2025, 10, 8, 12, tzinfo=UTC)
FEED = "https://news.example/feed.xml"
ENDLESS = b"<rss " + b" ".join(b'a%d=""' % number for number in range(300_000)) + b"><channel/></rss>"
"""A document that takes libxml2 many seconds: each attribute is compared with all before it."""


def page(title: str) -> Page:
    item = f"<item><title>{title}</title></item>"
    return raw(f"<rss version='2.0'><channel><title>{title}</title>{item}</channel></rss>".encode())


def raw(body: bytes) -> Page:
    return Page(url=FEED, status=200, fetched=NOW, body=body, content_type="application/rss+xml")


@pytest.fixture
async def workers() -> AsyncIterator[Workers]:
    children = Workers(count=1, wall_seconds=30)
    yield children
    await children.close()


async def title_of(workers: Workers, title: str) -> str:
    return (await workers.parse(page(title), FEED)).items[0].title


async def test_documents_become_items(workers: Workers) -> None:
    parsed = await workers.parse(page("机器人"), FEED)
    assert (parsed.title, parsed.items[0].title, parsed.items[0].published) == ("机器人", "机器人", NOW)


async def test_what_is_not_a_feed_is_said_so(workers: Workers) -> None:
    with pytest.raises(ParseError, match="an HTML page, not a feed"):
        await workers.parse(raw(b"<html>log in</html>"), FEED)
    assert await title_of(workers, "next") == "next"
    assert workers.restarts == 0


async def test_everybody_gets_the_answer_to_their_own_document() -> None:
    workers = Workers(count=2, wall_seconds=30)
    titles = [f"title {number}" for number in range(40)]
    assert await asyncio.gather(*(title_of(workers, title) for title in titles)) == titles
    assert len(workers.pids) == 2
    await workers.close()
    assert workers.pids == []


async def test_a_document_that_takes_too_long_goes_down_alone() -> None:
    workers = Workers(count=2, wall_seconds=1.5)
    bomb = asyncio.ensure_future(workers.parse(raw(ENDLESS), FEED))
    assert await asyncio.gather(*(title_of(workers, str(number)) for number in range(10))) == [
        str(n) for n in range(10)
    ]
    with pytest.raises(ParseError, match=r"stopped: took more than 1.5 s"):
        await bomb
    assert await title_of(workers, "after") == "after"
    assert workers.restarts == 1
    await workers.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux tells how much processor time a child has used")
async def test_a_machine_that_is_too_busy_is_not_the_document_s_fault() -> None:
    workers = Workers(count=1, wall_seconds=0.2)
    await workers.start()
    os.kill(workers.pids[0], signal.SIGSTOP)
    with pytest.raises(ParseError, match=r"stopped: took more than 0.2 s") as stopped:
        await title_of(workers, "late")
    assert not stopped.value.killed
    await workers.close()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no limit on processor time")
async def test_processor_time_is_limited_too() -> None:
    workers = Workers(count=1, wall_seconds=60, cpu_seconds=1)
    with pytest.raises(ParseError, match="stopped: took too much processor time") as stopped:
        await workers.parse(raw(ENDLESS), FEED)
    assert stopped.value.killed
    assert await title_of(workers, "after") == "after"
    await workers.close()


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux limits address space")
async def test_memory_is_limited() -> None:
    workers = Workers(count=1, wall_seconds=60, cpu_seconds=60, memory_bytes=300 << 20)
    many = b"<rss version='2.0'><channel>" + b"<item><title>x</title></item>" * 600_000 + b"</channel></rss>"
    with pytest.raises(ParseError) as stopped:
        await workers.parse(raw(many), FEED)
    assert stopped.value.killed
    assert await title_of(workers, "after") == "after"
    await workers.close()


async def test_a_child_that_died_while_idle_costs_nobody_a_document(workers: Workers) -> None:
    await title_of(workers, "first")
    (pid,) = workers.pids
    os.kill(pid, signal.SIGKILL)
    assert await title_of(workers, "second") == "second"
    assert workers.pids != [pid]
    assert workers.restarts == 1


async def test_a_caller_who_gives_up_leaves_no_answer_to_the_next(workers: Workers) -> None:
    await title_of(workers, "first")
    patient = asyncio.ensure_future(workers.parse(raw(ENDLESS), FEED))
    await asyncio.wait({patient}, timeout=0.1)
    patient.cancel()
    with pytest.raises(asyncio.CancelledError):
        await patient
    assert await title_of(workers, "next") == "next"


async def test_children_start_again_after_closing(workers: Workers) -> None:
    await title_of(workers, "first")
    await workers.close()
    assert await title_of(workers, "second") == "second"


async def test_children_load_our_code_wherever_we_stand(
    workers: Workers, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "bot").mkdir()
    (tmp_path / "bot" / "__init__.py").write_text("raise SystemExit('not ours')")
    monkeypatch.chdir(tmp_path)
    assert await title_of(workers, "found") == "found"


@pytest.mark.skipif(sys.platform != "linux", reason="needs /proc")
async def test_children_inherit_no_secrets(workers: Workers, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SLACK_BOT_TOKEN", "xoxb-secret")
    await title_of(workers, "first")
    assert b"xoxb-secret" not in environment_of(workers.pids[0])


def environment_of(pid: int) -> bytes:
    return Path(f"/proc/{pid}/environ").read_bytes()


PARENT = """
import asyncio, sys
from datetime import UTC, datetime
from bot.feeds.workers import Workers
from bot.model import (Page)

async def main():
    workers = Workers(count=1, wall_seconds=60)
    body = b"<rss version='2.0'><channel><title>t</title></channel></rss>"
    await workers.parse(Page("https://t.example/", 200, datetime.now(UTC), body), "https://t.example/")
    print(workers.pids[0], flush=True)
    await asyncio.Event().wait()

asyncio.run(main())
"""


@pytest.mark.skipif(not hasattr(os, "pidfd_open"), reason="needs pidfd_open")
def test_children_end_with_a_parent_that_was_killed() -> None:
    parent = subprocess.Popen([sys.executable, "-c", PARENT], stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])
    with parent:
        assert parent.stdout is not None
        child = os.pidfd_open(int(parent.stdout.readline()))
        parent.kill()
    ended, _, _ = select.select([child], [], [], 10)
    os.close(child)
    assert ended == [child]


# -- the child's own loop ----------------------------------------------------------------------------------------------


def framed(body: bytes) -> bytes:
    request = msgspec.msgpack.encode(Asked(body, "", FEED, FEED, NOW))
    return len(request).to_bytes(LENGTH_BYTES, "big") + request


def test_the_child_answers_each_request_in_turn_and_ends_with_its_input() -> None:
    sink = io.BytesIO()
    turns: list[str] = []
    serve(io.BytesIO(framed(page("one").body) + framed(b"nothing")), sink, lambda: turns.append("limit"))
    answers = []
    stream = io.BytesIO(sink.getvalue())
    while size := stream.read(LENGTH_BYTES):
        answers.append(msgspec.msgpack.decode(stream.read(int.from_bytes(size, "big")), type=Answered))
    assert turns == ["limit"]
    assert answers[0].parsed is not None
    assert answers[0].parsed.items[0].title == "one"
    assert (answers[1].parsed, answers[1].error) == (None, "plain text or binary data, not a feed")
