"""Reading a TOML file of the seeds: typed values, and every fault with the file and table it is in."""

from __future__ import annotations

import difflib
import math
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from bot.classify.normal import needle


def tables(folder: Path, faults: list[str]) -> Iterator[Table]:
    """Every TOML file of the folder as a table, in the order of their names."""
    for path in sorted(folder.glob("*.toml")):
        try:
            found = tomllib.loads(path.read_text("utf-8"))
        except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
            faults.append(f"{path.name}: cannot be read: {error}")
        else:
            yield Table(path.name, found, faults)


class Table:
    """Takes typed values out of a table and notes as a fault what is missing, of another type, or left over."""

    def __init__(self, where: str, table: Mapping[str, Any], faults: list[str]) -> None:
        self.where, self._table, self._faults = where, table, faults
        self._known: list[str] = []

    def fault(self, text: str) -> None:
        """Note a fault, with where it is."""
        self._faults.append(f"{self.where}: {text}")

    def string(self, key: str, *, needed: bool = False) -> str:
        """A text; empty if it is missing."""
        value = self._take(key, "" if not needed else None)
        if isinstance(value, str) and (value.strip() or not needed):
            return value
        self.fault(f"{key} is missing" if value is None else f"{key} must be text, not {value!r}")
        return ""

    def strings(self, key: str) -> tuple[str, ...]:
        """A list of texts that each have something to look for."""
        return self._strings(key, self._take(key, []))

    def tagged(self, key: str) -> tuple[tuple[str, str], ...]:
        """Texts by language: { en = ["..."], zh = ["..."] } as pairs of a tag and a text."""
        value = self._take(key, {})
        if not isinstance(value, dict):
            self.fault(f'{key} must be texts by language: {{ en = ["..."], zh = ["..."] }}')
            return ()
        return tuple((tag, one) for tag, texts in value.items() for one in self._strings(f"{key}.{tag}", texts))

    def flag(self, key: str) -> bool:
        """True or false; false if it is missing."""
        value = self._take(key, False)
        if not isinstance(value, bool):
            self.fault(f"{key} must be true or false, not {value!r}")
        return value is True

    def weight(self) -> float:
        """A number strictly between 0 and 1 by the key "weight"."""
        value = self._take("weight", None)
        if isinstance(value, int | float) and not isinstance(value, bool) and 0 < value < 1:
            return float(value)
        self.fault(f"weight must be a number between 0 and 1, not {value!r}")
        return 0.5

    def line(self, key: str) -> tuple[float, float]:
        """[slope, offset] of a rising line; that through the origin with slope 1 if it is missing."""
        match self._take(key, [1.0, 0.0]):
            case [int() | float() as slope, int() | float() as offset] if slope > 0 and math.isfinite(slope + offset):
                return float(slope), float(offset)
            case value:
                self.fault(f"{key} must be [slope, offset], two numbers of which the first is above 0, not {value!r}")
        return 1.0, 0.0

    def rows(self, key: str) -> Iterator[Table]:
        """The tables of an array, each closed once the next is asked for."""
        value = self._take(key, [])
        if not isinstance(value, list) or not all(isinstance(one, dict) for one in value):
            self.fault(f"{key} must be [[{key}]] tables")
            value = []
        for number, row in enumerate(value, 1):
            name = row.get("id") if isinstance(row.get("id"), str) else number
            table = Table(f"{self.where}: {key} {name}", row, self._faults)
            yield table
            table.close()

    def close(self) -> None:
        """Note every key that nobody asked for."""
        for key in self._table:
            if key not in self._known:
                near = difflib.get_close_matches(key, self._known, n=1)
                self.fault(f"unknown key {key!r}" + (f"; did you mean {near[0]!r}?" if near else ""))

    def _strings(self, key: str, value: object) -> tuple[str, ...]:
        if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
            self.fault(f"{key} must be a list of texts")
            return ()
        for one in value:
            if not needle(one):
                self.fault(f"{key}: {one!r} has no letter or digit to look for")
        return tuple(value)

    def _take(self, key: str, default: object) -> Any:
        self._known.append(key)
        return self._table.get(key, default)
