"""The docs cannot drift: every command, config key and dependency is in them, and what they show works."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

from bot import config
from bot.cli import CHAT_COMMANDS
from bot.command import Book
from bot.commands.book import all_commands
from bot.commands.desk import Desk

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
COMMANDS = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
EXAMPLE = (ROOT / "config.example.toml").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def book() -> Book:
    # handlers are registered, not called: the desk is never used
    return all_commands(Desk.__new__(Desk))


def test_every_chat_command_is_documented_with_its_usage(book: Book) -> None:
    missing = [c.usage for c in book.commands.values() if f"`{c.usage}`" not in COMMANDS or c.help not in COMMANDS]
    assert missing == []


def test_every_chat_command_is_reached_from_the_shell(book: Book) -> None:
    assert {path[0] for path in book.commands} == set(CHAT_COMMANDS)


def test_every_example_of_a_command_can_be_read(book: Book) -> None:
    from bot.model import TERMINAL, Person  # noqa: PLC0415

    examples = [c for c in book.commands.values() if c.example]
    assert examples
    assert [book.read(c.example, TERMINAL, Person("terminal:me")).path for c in examples] == [c.path for c in examples]


def test_every_shell_command_is_documented() -> None:
    from bot.cli import _parser  # noqa: PLC0415

    text = _parser().format_help()
    names = re.findall(r"^    (\w+) ", text, re.MULTILINE)
    assert {"run", "demo", "check", "parse", "preview", "replay", "backup", "bench"} <= set(names)
    assert [name for name in names if f"`robowire {name}" not in COMMANDS] == []


def test_the_example_configuration_loads_and_is_the_default() -> None:
    assert config.from_table(tomllib.loads(EXAMPLE)) == config.Config()


def test_the_example_configuration_shows_every_key() -> None:
    shown = {".".join(part for part in (section, key) if part) for section, key in _example_keys()}
    assert shown == set(config.keys())


def test_the_readme_gives_a_reason_for_every_dependency() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *(one for extra in project["optional-dependencies"].values() for one in extra)]
    names = {re.split(r"[<>=;\[ ]", one)[0] for one in wanted}
    rows = dict(re.findall(r"^\| `([^`]+)` \| (.+?) \|", README, re.MULTILINE))
    assert {name for name in names if len(rows.get(name, "")) < 20} == set()


@pytest.mark.parametrize("name", ["docs/reliability.md", "SECURITY.md"])
def test_every_test_that_shows_a_promise_exists(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    named = re.findall(r"`(tests/[\w/]+\.py)(?:::(\w+))?`", text)
    assert len(named) > 10
    missing = [
        f"{path}::{test}"
        for path, test in named
        if not (ROOT / path).is_file() or (test and f"def {test}(" not in (ROOT / path).read_text(encoding="utf-8"))
    ]
    assert missing == []


def test_no_file_names_a_package_index_or_a_path_of_a_machine() -> None:
    wrong = []
    for path in ROOT.rglob("*"):
        inside = path.relative_to(ROOT)
        if not path.is_file() or any(part.startswith(".") and part != ".ci" for part in inside.parts):
            continue
        if path.suffix not in {".py", ".md", ".toml", ".txt", ".opml", ""} or "build" in inside.parts:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        if re.search(r"(?<![\w.])/(root|home|work)/|simple/?index|--(extra-)?index-" + "url", text):
            wrong.append(str(inside))
    assert wrong == []


def _example_keys() -> list[tuple[str, str]]:
    section, found = "", []
    for line in EXAMPLE.splitlines():
        if heading := re.fullmatch(r"\[(\w+)\]", line.strip()):
            section = heading[1]
        elif key := re.match(r"(\w+)\s*=", line):
            found.append((section, key[1]))
    return found
