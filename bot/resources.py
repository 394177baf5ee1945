"""Where the files that travel with Robowire are: beside the package in a checkout, inside it in an installed wheel."""

from __future__ import annotations

from pathlib import Path


def seeds() -> Path:
    """The folder of seed feeds, watchlists, entities, topics and the demo."""
    package = Path(__file__).resolve().parent
    installed = package / "_seeds"
    return installed if installed.is_dir() else package.parent / "seeds"
