"""Checks over Slack's texts: lengths, text objects, and mrkdwn in which nothing is markup that should be words."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

_BRACKETS = re.compile(r"<([^<>]*)>")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt);)")
_NAMES = re.compile(r"(?<![\w/&#@.])[@#][^\W_]\w*")
_ADDRESS = re.compile(r"(?:https?://|mailto:|tel:)[^\s|]+")
_READ = {"&lt;": "<", "&gt;": ">", "&amp;": "&"}


def size(name: str, text: str, most: int, least: int = 0) -> Iterator[str]:
    """A text has at most so many characters."""
    if len(text) > most:
        yield f"{name} has {len(text)} characters, more than {most}"
    elif len(text) < least:
        yield f"{name} is empty"


def url(name: str, address: Any, most: int = 3000) -> Iterator[str]:
    """An address that leads to the web."""
    if not isinstance(address, str) or not re.fullmatch(r"https?://[^\s<>|]+", address):
        yield f"{name} {address!r} is no address of the web"
    else:
        yield from size(name, address, most)


def text_object(
    name: str,
    text: Any,
    most: int,
    kinds: Collection[str] = ("plain_text", "mrkdwn"),
    mentions: Collection[str] = (),
) -> Iterator[str]:
    """A text object: https://docs.slack.dev/reference/block-kit/composition-objects/text-object"""
    if not isinstance(text, Mapping) or not isinstance(text.get("text"), str):
        yield f"{name} is no text object"
        return
    kind = text.get("type")
    if kind not in kinds:
        yield f"{name} is {kind}, not {' or '.join(kinds)}"
    if "emoji" in text and kind != "plain_text":
        yield f"{name}: `emoji` is for plain_text alone"
    if "verbatim" in text and kind != "mrkdwn":
        yield f"{name}: `verbatim` is for mrkdwn alone"
    yield from size(name, text["text"], most, least=1)
    if not text["text"].strip():
        yield f"{name} is blank"
    if kind == "mrkdwn":
        yield from (f"{name}: {fault}" for fault in markup(text["text"], mentions, bool(text.get("verbatim"))))


def markup(text: str, mentions: Collection[str] = (), verbatim: bool = False) -> Iterator[str]:
    """What in a mrkdwn text is read as markup and is none of ours: entities, brackets, mentions, names.

    https://docs.slack.dev/messaging/formatting-message-text; `mentions` may stand there, as they are.
    """
    if (bare := _ENTITY.search(text)) is not None:
        yield f"`&` is not escaped in {text[bare.start() : bare.start() + 20]!r}"
    for found in _BRACKETS.finditer(text):
        yield from _bracket(found[0], found[1], mentions)
    rest = _BRACKETS.sub("", text)
    for sign in "<>":
        if sign in rest:
            at = rest.index(sign)
            yield f"`{sign}` is not escaped in {rest[max(0, at - 10) : at + 20]!r}"
    if not verbatim and (name := _NAMES.search(_CODE.sub("", rest))) is not None:
        yield f"Slack makes a link or mention of {name[0]!r}, for the text is not `verbatim`"


def _bracket(whole: str, inside: str, mentions: Collection[str]) -> Iterator[str]:
    address, bar, label = inside.partition("|")
    if whole in mentions:
        return
    if inside.startswith("!date^"):
        if address.count("^") < 2 or not label:
            yield f"{whole} is no date with a fallback"
    elif inside.startswith(("!", "@", "#")):
        yield f"{whole} is a mention that nobody asked for"
    elif not _ADDRESS.fullmatch(address):
        yield f"{whole} is not escaped, and no link either"
    elif bar and (not label.strip() or "|" in label or "\n" in label):
        yield f"{whole!r}: the label is empty or has a line break or `|`"


def plain(text: str) -> str:
    """A mrkdwn text as people read it, bold and the like apart: links are their labels, entities their characters, code
    is without its backticks."""
    shown = _BRACKETS.sub(lambda found: found[1].partition("|")[2] or found[1].partition("|")[0], text)
    shown = _CODE.sub(lambda found: found[0].strip("`"), shown)
    return re.sub("|".join(_READ), lambda found: _READ[found[0]], shown)
