"""Every implementation of the store, for the suite that they all pass."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from bot.ports import Store
from bot.store.open import open_store
from tests.fakes.store import FakeStore

STORES: dict[str, Callable[[Path], Store]] = {
    "fake": lambda _: FakeStore(),
    "file": lambda folder: open_store(str(folder / "robowire.db")),
    "memory": lambda _: open_store(":memory:"),
}


@pytest.fixture(params=STORES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """A new, empty store."""
    opened = STORES[request.param](tmp_path)
    yield opened
    opened.close()
