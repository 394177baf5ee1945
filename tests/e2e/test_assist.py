"""The real program with a language model on loopback: it adds to alerts, and its absence changes nothing else."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from bot.loopback import Loopback
from tests.e2e.program import run
from tests.e2e.test_run import follow, once
from tests.e2e.web import page, rss

TITLE = "Corvid Robotics takes 31 million dollars in a Series B round for robot arms"
ANSWER = {"summary": [{"line": "Corvid has money for robot arms.", "quote": "robot arms"}]}


@dataclass
class Model:
    """What the model was asked, and what it answers."""

    url: str
    status: int = 200
    asked: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)


@contextmanager
def model() -> Iterator[Model]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            said.asked.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
            said.keys.append(self.headers.get("Authorization", ""))
            body = json.dumps({"choices": [{"message": {"content": json.dumps(ANSWER)}}]}).encode()
            self.send_response(said.status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing to say."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    said = Model(f"http://127.0.0.1:{server.server_port}/v1")
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield said
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def polled(folder: Path, web: Loopback, model: Model | None) -> tuple[str, str]:
    """A baseline and then one piece of news; answers the transcript and the log of the second poll."""
    web.pages["/feed"] = page(rss("feed", ["An old robot story"]))
    follow(folder, [web.url("/feed")], "robot")
    if model:
        with (folder / "config.toml").open("a", encoding="utf-8") as file:
            file.write(f'[assist]\nurl = "{model.url}"\nmodel = "small"\n')
    once(folder)
    web.pages["/feed"] = page(rss("feed", [TITLE, "An old robot story"]))
    ran = run(folder, "run", "--once", ASSIST_API_KEY="sesame-open")
    assert ran.code == 0, ran.err
    return (folder / "wire.transcript").read_text(encoding="utf-8"), ran.err


def test_two_lines_of_a_model_stand_in_the_alert(folder: Path, web: Loopback) -> None:
    with model() as llm:
        told, log = polled(folder, web, llm)
    assert "Corvid has money for robot arms." in told
    assert len(llm.asked) == 1
    assert llm.keys == ["Bearer sesame-open"]
    assert TITLE in llm.asked[0]["messages"][1]["content"]
    assert "sesame" not in told + log


def test_a_model_that_fails_changes_nothing_else(tmp_path: Path, web: Loopback) -> None:
    told = []
    for name in ("without", "failing"):
        folder = tmp_path / name
        folder.mkdir()
        with model() as llm:
            llm.status = 500
            transcript, _ = polled(folder, web, llm if name == "failing" else None)
            timeless = re.sub(r"\d+ min ago|\d\d:\d\d UTC|just now", "some time ago", transcript)
            told.append("\n".join(line for line in timeless.splitlines() if "⌁" not in line))
            assert len(llm.asked) == (name == "failing")
    assert told[0] == told[1]
    assert TITLE.partition(" ")[0] in told[0]
