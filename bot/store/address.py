"""Where a database is."""

from __future__ import annotations

import re
from pathlib import Path

from bot.errors import BadInput
from bot.store.connect import MEMORY

_SCHEME = re.compile(r"([A-Za-z][A-Za-z0-9+.-]*)://")
_SQLITE = "sqlite:///"


def file_of(url: str) -> Path | None:
    """The file of the store at `url`, whether it is there or not; None for one in memory. Raises BadInput."""
    path = url.removeprefix(_SQLITE)
    scheme = _SCHEME.match(path)
    if scheme or not path:
        kind = f"{scheme[1]}:// is not possible" if scheme else "no database is named"
        raise BadInput(f"{kind}: give the path of an SQLite file, {_SQLITE}path, or {MEMORY}")
    return None if path == MEMORY else Path(path).expanduser()
