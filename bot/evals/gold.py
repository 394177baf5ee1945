"""Labelled items, as files of one JSON object a line with the labels under `gold`."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from bot.errors import BadInput
from bot.model import Item
from bot.rows import item_of


@dataclass(frozen=True, slots=True)
class Labelled:
    """An item and what people said it is."""

    item: Item
    gold: dict[str, Any]


def load_gold(folder: Path, now: datetime) -> list[Labelled]:
    """Every line of every `*.jsonl` of the folder that has labels. Raises BadInput with the file and line of a fault."""
    files = sorted(folder.glob("*.jsonl"))
    if not files:
        raise BadInput(f"{folder}: there is no *.jsonl with labelled items here")
    found = [Labelled(item_of(row, now), row["gold"]) for path in files for row in _rows(path) if "gold" in row]
    if not found:
        raise BadInput(f"{folder}: no line has labels under `gold`")
    return found


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadInput(f"{path}: cannot be read: {error}") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                row = json.loads(line)
            except ValueError as error:
                raise BadInput(f"{path}, line {number}: no JSON: {error}") from error
            if not isinstance(row, dict):
                raise BadInput(f"{path}, line {number}: no JSON object")
            yield row
