"""What tests of several rooms use."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.ports import Store
from bot.store.open import open_store
from tests.fakes.store import FakeStore


@pytest.fixture(params=["fake", "sqlite"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    made: Store = FakeStore() if request.param == "fake" else open_store(str(tmp_path / "test.db"))
    yield made
    made.close()


def pytest_xdist_auto_num_workers() -> int:
    """Two for each core: tests that run the whole program mostly wait for it."""
    return min(2 * len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 4, 8)
