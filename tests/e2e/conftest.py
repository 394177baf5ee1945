"""A folder with a configuration that opens loopback, and a web to poll."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.loopback import Loopback
from tests.e2e.web import serving

CONFIG = """\
database = "{database}"
[fetch]
allow_networks = ["127.0.0.1/32"]
per_host = 20
[alerts]
per_poll = 100
[start]
feeds = "{feeds}"
watchlists = "{watchlists}"
"""


def config(database: str = "wire.db", feeds: str = "", watchlists: str = "") -> str:
    """A configuration with 127.0.0.1 open, that begins with these files or with nothing."""
    return CONFIG.format(database=database, feeds=feeds, watchlists=watchlists)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A working folder whose config.toml begins with nothing and may poll 127.0.0.1."""
    (tmp_path / "config.toml").write_text(config(), encoding="utf-8")
    return tmp_path


@pytest.fixture
def web() -> Iterator[Loopback]:
    """A web of no pages yet."""
    with serving() as server:
        yield server
