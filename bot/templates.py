"""What a watchlist's cards show, in which order, and whom they call: read from what people type, kept as one line of text."""

from __future__ import annotations

import difflib
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

from bot.errors import BadInput
from bot.model import Place, is_own, platform

CardField = Literal["event", "time", "sources", "summary", "deal", "why", "picture"]
"""The emoji and colour of what happened; the outlet with time and reading time; how many others report it; what happened
in a line; the facts of a deal; the watchlists and their matched words; the picture. The headline is always there."""

FIELDS: tuple[CardField, ...] = get_args(CardField)

_SEPARATORS = re.compile(r"[\s,;+]+")
_TEMPLATE = re.compile(r"(?:fields=(\S+))?\s*(?:mention=(.*))?")
_GROUP = re.compile(r"(?:<!subteam\^)?(S[A-Z0-9]{6,20})(?:\|[^<>]*)?>?")
_ROLE = re.compile(r"(?:<@&)?(\d{15,21})>?")
_EVERYBODY = {"here", "channel", "everyone", "all", "group"}
_NOWHERE = "Nobody can be mentioned in a terminal or in direct messages: only in channels of Slack and Discord."
_HOW = {
    "slack": "a user group, as its id: `mention=S0123ABCD` (in the group's menu: Copy group ID)",
    "discord": "a role: `mention=@role`, chosen from what Discord suggests, or its id",
}


@dataclass(frozen=True, slots=True)
class Template:
    """The fields of a card in their order, and who is mentioned: ids of Slack user groups or Discord roles, spaces between."""

    fields: tuple[CardField, ...] = FIELDS
    mention: str = ""

    def __str__(self) -> str:
        """The line that is kept; "" for the usual card."""
        fields = f"fields={','.join(self.fields)}" if self.fields != FIELDS else ""
        return " ".join(filter(None, (fields, f"mention={self.mention}" if self.mention else "")))


def load(text: str) -> Template:
    """What `str` wrote; fields that this program does not know are passed over."""
    match = _TEMPLATE.match(text)
    listed, mention = match.groups() if match else (None, None)
    wanted = (listed or ",".join(FIELDS)).split(",")
    return Template(tuple(field for word in wanted for field in FIELDS if field == word), mention or "")


def union(templates: Sequence[str]) -> Template:
    """Everything that any of these shows, the order that of the first, and everybody whom any of them mentions."""
    loaded = [load(text) for text in templates] or [Template()]
    fields = dict.fromkeys(field for one in loaded for field in one.fields)
    mentions = dict.fromkeys(id_ for one in loaded for id_ in one.mention.split())
    return Template(tuple(fields), " ".join(mentions))


def read_fields(text: str) -> tuple[CardField, ...]:
    """Fields as people type them, each once; `default` for the usual ones. Raises BadInput with the nearest word."""
    words = [word.lower() for word in _SEPARATORS.split(text) if word]
    if words in (["default"], ["all"]):
        return FIELDS
    for word in words:
        if word not in FIELDS:
            near = difflib.get_close_matches(word, FIELDS, 1, 0.5)
            hint = f" Did you mean `{near[0]}`?" if near else ""
            raise BadInput(
                f"A card has no field `{word}`.{hint} The fields are {', '.join(FIELDS)}; `default` is all of them.",
                field="fields",
            )
    if not words:
        raise BadInput(f"Say which fields: {', '.join(FIELDS)}; `default` is all of them.", field="fields")
    return tuple(field for word in dict.fromkeys(words) for field in FIELDS if field == word)


def read_mention(text: str, place: Place) -> str:
    """The id of one user group or role, as people give it; `none` is "". Raises BadInput: never for everybody at once."""
    said = text.strip()
    if said.lower() in ("none", "nobody", "no"):
        return ""
    chat = platform(place)
    if is_own(place) or chat not in _HOW:
        raise BadInput(_NOWHERE, field="mention")
    found = (_GROUP if chat == "slack" else _ROLE).fullmatch(said)
    everybody = said.lstrip("@<!").rstrip(">").partition("|")[0].lower() in _EVERYBODY
    if everybody or (found and found[1] == place.partition(":")[2].partition("/")[0]):  # a server is its role @everyone
        raise BadInput(f"Everybody at once cannot be mentioned, only {_HOW[chat]}.", field="mention")
    if found is None:
        raise BadInput(f"`{said[:60]}` is not {_HOW[chat]}; `mention=none` stops mentions.", field="mention")
    return found[1]
