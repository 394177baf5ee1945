"""Discord's own description of its HTTP API (OpenAPI 3.1), where it is at hand, as a check of requests.

Knows the part of JSON Schema that the file uses; no validator needs to be installed. A property that the file does not
know is a fault, though Discord would only ignore it.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

OPENAPI = Path(__file__).resolve().parents[2] / ".." / "shared" / "discord" / "openapi.json"
MISSING = "" if OPENAPI.exists() else "Discord's openapi.json is not at hand; only our own rules are checked"
"""Why requests are not held against the file; "" where they are."""

_TYPES: dict[str, Callable[[Any], bool]] = {
    "null": lambda value: value is None,
    "boolean": lambda value: isinstance(value, bool),
    "integer": lambda value: isinstance(value, int) and not isinstance(value, bool),
    "number": lambda value: isinstance(value, int | float) and not isinstance(value, bool),
    "string": lambda value: isinstance(value, str),
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, Mapping),
}
_BOUNDS: tuple[tuple[str, type | tuple[type, ...], Callable[[Any, Any], bool]], ...] = (
    ("minLength", str, lambda value, bound: len(value) >= bound),
    ("maxLength", str, lambda value, bound: len(value) <= bound),
    ("pattern", str, lambda value, bound: re.search(bound, value) is not None),
    ("minItems", list, lambda value, bound: len(value) >= bound),
    ("maxItems", list, lambda value, bound: len(value) <= bound),
    ("uniqueItems", list, lambda value, bound: not bound or len({json.dumps(one) for one in value}) == len(value)),
    ("minProperties", dict, lambda value, bound: len(value) >= bound),
    ("maxProperties", dict, lambda value, bound: len(value) <= bound),
    ("minimum", (int, float), lambda value, bound: value >= bound),
    ("maximum", (int, float), lambda value, bound: value <= bound),
    ("enum", object, lambda value, bound: value in bound),
    ("const", object, lambda value, bound: value == bound),
)
_SNOWFLAKE = re.compile(r"0|[1-9]\d{0,19}", re.ASCII)


def invalid(method: str, path: str, payload: Any) -> list[str]:
    """What the file has against a request; [] where the file is not at hand (`MISSING`). `path` may have a query."""
    if MISSING:
        return []
    bare, _, query = path.partition("?")
    found = _operation(method, bare)
    if found is None:
        return ["there is no such method at this path"]
    operation, ids = found
    faults = [f"{name} {value!r} is no id" for name, value in ids.items() if _is_bad_id(name, value)]
    known = {one.get("name") for one in operation.get("parameters", ())}
    faults += [f"no query {key!r}" for key in re.findall(r"([^=&]+)=", query) if key not in known]
    body = operation.get("requestBody", {})
    schema = body.get("content", {}).get("application/json", {}).get("schema")
    if schema is not None and (payload is not None or body.get("required")):
        faults += _wrong(payload, schema, "body")
    elif schema is None and payload:
        faults.append("takes no body")
    return faults


@cache
def _file() -> Mapping[str, Any]:
    loaded: Mapping[str, Any] = json.loads(OPENAPI.read_text(encoding="utf-8"))
    return loaded


@cache
def _paths() -> list[tuple[re.Pattern[str], Mapping[str, Any]]]:
    """Patterns and what they lead to, those with the fewest blanks first."""
    paths = sorted(_file()["paths"].items(), key=lambda pair: pair[0].count("{"))
    return [(re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", path)), item) for path, item in paths]


def _operation(method: str, path: str) -> tuple[Mapping[str, Any], dict[str, str]] | None:
    for pattern, item in _paths():
        found = pattern.fullmatch(path)
        if found is not None and method.lower() in item:
            return item[method.lower()], found.groupdict()
    return None


def _is_bad_id(name: str, value: str) -> bool:
    return name.endswith("_id") and not _SNOWFLAKE.fullmatch(value)


def _wrong(value: Any, schema: Mapping[str, Any], at: str) -> Iterator[str]:
    schema = _resolved(schema)
    for part in schema.get("allOf", ()):
        yield from _wrong(value, part, at)
    for key in ("oneOf", "anyOf"):
        yield from _none_of(value, schema.get(key, ()), at)
    types = schema.get("type", [])
    types = [types] if isinstance(types, str) else types
    if types and not any(_TYPES[one](value) for one in types):
        yield f"{at}: {value!r:.60} is no {' or '.join(types)}"
        return
    for key, kind, holds in _BOUNDS:
        if key in schema and isinstance(value, kind) and value is not None and not holds(value, schema[key]):
            yield f"{at}: {key} {schema[key]!r:.60}, but it is {value!r:.60}"
    if isinstance(value, Mapping):
        yield from _properties(value, schema, at)
    elif isinstance(value, list) and "items" in schema:
        for number, one in enumerate(value):
            yield from _wrong(one, schema["items"], f"{at}[{number}]")


def _none_of(value: Any, choices: Any, at: str) -> Iterator[str]:
    """If no alternative fits: what is wrong by the one that was most likely meant, that of the same `type`."""
    known = [choice["const"] for choice in choices if "const" in choice]
    if known and len(known) == len(choices):
        yield from () if value in known else (f"{at}: {value!r:.60} is none of {known}",)
        return
    tries: list[tuple[bool, list[str]]] = []
    for choice in choices:
        found = list(_wrong(value, choice, at))
        if not found:
            return
        other = any(fault.startswith((f"{at}.type:", f"{at}: {value!r:.60} is no ")) for fault in found)
        tries.append((other, found))
    if tries:
        yield from min(tries, key=lambda one: (one[0], len(one[1])))[1]


def _properties(value: Mapping[str, Any], schema: Mapping[str, Any], at: str) -> Iterator[str]:
    known, more = schema.get("properties", {}), schema.get("additionalProperties")
    yield from (f"{at}: `{key}` is missing" for key in schema.get("required", ()) if key not in value)
    for key, one in value.items():
        if key in known:
            yield from _wrong(one, known[key], f"{at}.{key}")
        elif isinstance(more, Mapping):
            yield from _wrong(one, more, f"{at}.{key}")
        elif known and not more:
            yield f"{at}: nothing is known of `{key}`"


def _resolved(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    while "$ref" in schema:
        schema = _file()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema
