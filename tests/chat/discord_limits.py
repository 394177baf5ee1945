"""Discord's limits on what we send, as checks: its own OpenAPI file where that is at hand, and the rules that it misses.

The rules are those of https://discord.com/developers/docs/resources/message and .../interactions/application-commands.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

OPENAPI = Path(__file__).resolve().parents[2] / ".." / "shared" / "discord" / "openapi.json"

_TYPES: dict[str, Callable[[Any], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, Mapping),
}
_BOUNDS: tuple[tuple[str, Callable[[Any, Any], bool]], ...] = (
    ("minLength", lambda value, bound: not isinstance(value, str) or units(value) >= bound),
    ("maxLength", lambda value, bound: not isinstance(value, str) or units(value) <= bound),
    ("minItems", lambda value, bound: not isinstance(value, list) or len(value) >= bound),
    ("maxItems", lambda value, bound: not isinstance(value, list) or len(value) <= bound),
    ("minimum", lambda value, bound: not isinstance(value, int) or value >= bound),
    ("maximum", lambda value, bound: not isinstance(value, int) or value <= bound),
    ("enum", lambda value, bound: value in bound),
)


def units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


@cache
def openapi() -> Mapping[str, Any]:
    """Discord's file; empty where it is not at hand."""
    loaded: Mapping[str, Any] = json.loads(OPENAPI.read_text(encoding="utf-8")) if OPENAPI.exists() else {}
    return loaded


def invalid(value: Any, name: str) -> list[str]:
    """What Discord's schema of that name has against a value; nothing where the file is not at hand."""
    return list(_wrong(value, {"$ref": f"#/components/schemas/{name}"}, name)) if openapi() else []


def _wrong(value: Any, schema: Mapping[str, Any], at: str) -> Iterator[str]:
    if "$ref" in schema:
        yield from _wrong(value, openapi()["components"]["schemas"][schema["$ref"].rpartition("/")[2]], at)
        return
    for part in schema.get("allOf", ()):
        yield from _wrong(value, part, at)
    for key in ("oneOf", "anyOf"):
        tries = [list(_wrong(value, part, at)) for part in schema.get(key, ())]
        if tries and all(tries):
            yield min(tries, key=len)[0]
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(_TYPES[one](value) for one in types):
        yield f"{at}: {value!r:.60} is no {' or '.join(types)}"
        return
    if value is None:
        return
    yield from (
        f"{at}: {key} {schema[key]!r:.60}" for key, holds in _BOUNDS if key in schema and not holds(value, schema[key])
    )
    if isinstance(value, Mapping):
        known = schema.get("properties", {})
        yield from (f"{at}: no {key}" for key in schema.get("required", ()) if key not in value)
        yield from (f"{at}: what is {key}?" for key in value if known and key not in known)
        for key, part in known.items():
            if key in value:
                yield from _wrong(value[key], part, f"{at}.{key}")
    if isinstance(value, list) and "items" in schema:
        for number, one in enumerate(value):
            yield from _wrong(one, schema["items"], f"{at}[{number}]")


# -- the rules that the file misses ------------------------------------------------------------------------------------


def faults(payload: Mapping[str, Any]) -> list[str]:
    """Everything that is wrong with a message."""
    found = invalid(dict(payload), "MessageCreateRequest") + list(_embeds(payload["embeds"]))
    content = payload["content"]
    if units(content) > 2000:
        found.append("content is over 2,000")
    if not content.strip() and not payload["embeds"]:
        found.append("the message is empty")
    if payload["allowed_mentions"]["parse"] != []:
        found.append("somebody may be mentioned")
    return found + list(_components(payload["components"]))


def _embeds(embeds: list[dict[str, Any]]) -> Iterator[str]:
    total = 0
    for embed in embeds:
        texts = {"title": (embed.get("title"), 256), "description": (embed.get("description"), 4096)}
        texts["footer"] = (embed.get("footer", {}).get("text"), 2048)
        total += sum(units(text) for text, _ in texts.values() if text)
        yield from (f"{key} is over {most}" for key, (text, most) in texts.items() if text and units(text) > most)
        yield from (f"{key} is blank" for key, (text, _) in texts.items() if text is not None and not text.strip())
        if not any(text for text, _ in texts.values()):
            yield "an embed is empty"
        for url in (embed.get("url"), embed.get("thumbnail", {}).get("url")):
            if url is not None and (urlsplit(url).scheme not in ("http", "https") or not url.isascii() or " " in url):
                yield f"no address: {url}"
    if len(embeds) > 10:
        yield "more than 10 embeds"
    if total > 6000:
        yield f"the embeds have {total} in all"


def _components(rows: list[dict[str, Any]]) -> Iterator[str]:
    ids = [one["custom_id"] for row in rows for one in row["components"]]
    if len(ids) != len(set(ids)):
        yield "a custom_id stands twice"
    yield from (f"custom_id of {units(one)}" for one in ids if not 0 < units(one) <= 100)
    if len(rows) > 5:
        yield "more than 5 rows"
    for row in rows:
        menus = [one for one in row["components"] if one["type"] == 3]
        if len(row["components"]) > (1 if menus else 5):
            yield "a row is too wide"
        for menu in menus:
            values = [option["value"] for option in menu["options"]]
            if not 0 < len(values) <= 25 or len(values) != len(set(values)) or max(map(units, values)) > 100:
                yield "the options of a menu"
        for one in row["components"]:
            if one["type"] == 2 and not (one["label"].strip() and units(one["label"]) <= 80):
                yield "the label of a button"
