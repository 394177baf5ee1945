"""Buttons and menus as Discord components, and back to the command that each says. Pure.

What a press says travels in the component itself (`custom_id`, at most 100 characters), so it outlives a restart of the
bot. A longer command first gives its link to the message that it stands under, whose embed has the same; what is still
too long is kept by the bot under a short hash.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from bot.chat.discord_text import cut, flat, is_visible, size
from bot.message import Actions, Button, Menu

BUTTON = r"say(?P<row>\d?):(?P<said>(?s:.+))"
"""The `custom_id` of a button: what it says, and a number where two buttons of a message say the same."""

MENU = r"pick(?P<row>\d):"
"""The `custom_id` of a menu; what is said is the value that was picked."""

AGAIN = r"again:(?P<said>[0-9a-f]+)"
"""The `custom_id` of the button that opens a refused form again."""

_ID_LIMIT, _LABEL, _OPTION_LABEL, _PLACEHOLDER = 100, 80, 100, 150
_ROWS, _PER_ROW, _OPTIONS = 5, 5, 25
_STYLES = {"plain": 2, "primary": 1, "danger": 4}
_KEPT = "#"
_MARK = "␟"  # stands for the link of an embed, with the number of the embed behind it
_ADDRESS = re.compile(r"https?://[^\s<>()\[\]]+", re.IGNORECASE)
_LINK = re.compile(f"{_MARK}(\\d)")


def key(text: str) -> str:
    """The short name under which a long text is kept."""
    return hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=10).hexdigest()


def pack(command: str, links: Sequence[str], kept: dict[str, str]) -> str:
    """A command in at most 90 characters; what had to be kept elsewhere is added to `kept` by its key."""
    command = flat(command).strip()
    clear = not command.startswith(_KEPT) and _MARK not in command
    if size(command) <= _ID_LIMIT - 10 and clear:
        return command
    for number, link in enumerate(links[:10] if clear else ()):
        short = command.replace(link, f"{_MARK}{number}") if link else command
        if short != command and size(short) <= _ID_LIMIT - 10:
            return short
    kept[key(command)] = command
    return _KEPT + key(command)


def unpack(said: str, links: Sequence[str], kept: Callable[[str], str | None]) -> str | None:
    """The command that `pack` made it of; None if it was kept and is not known any more."""
    if said.startswith(_KEPT):
        return kept(said[1:])
    if any(int(number) >= len(links) for number in _LINK.findall(said)):
        return None
    return _LINK.sub(lambda found: links[int(found[1])], said)


def kept_key(said: str) -> str:
    """The key under which `pack` kept the command, "" if the command is in `said` itself."""
    return said[1:] if said.startswith(_KEPT) else ""


def rows(actions: Sequence[Actions], links: Sequence[str], kept: dict[str, str]) -> list[dict[str, Any]]:
    """At most five rows: of each `Actions` first the buttons side by side, five to a row, then each menu in a row of its own;
    what is over is left out."""
    found: list[list[dict[str, Any]]] = []
    ids: set[str] = set()
    for action in actions:
        pressed = [_button(item, ids, links, kept) for item in action.items if isinstance(item, Button)]
        shown = [one for one in pressed if one]
        found += [shown[at : at + _PER_ROW] for at in range(0, len(shown), _PER_ROW)]
        for item in action.items:
            made = _menu(item, len(found), links, kept) if isinstance(item, Menu) else None
            found += [[made]] if made else []
    return [{"type": 1, "components": row} for row in found[:_ROWS]]


def again(form: str) -> list[dict[str, Any]]:
    """The button under a refusal that opens the form again as it was filled in; `form` is its key."""
    button = {"type": 2, "style": 1, "label": "Correct it", "custom_id": f"again:{form}"}
    return [{"type": 1, "components": [button]}]


def _button(button: Button, ids: set[str], links: Sequence[str], kept: dict[str, str]) -> dict[str, Any] | None:
    """The emoji stands in the label: Discord refuses a whole message for one emoji that it does not know."""
    said = pack(button.command, links, kept)
    label = cut(flat(f"{button.emoji} {button.label}").strip(), _LABEL)
    found = next((one for one in (f"say{n}:{said}" for n in ("", *range(10))) if one not in ids), None)
    if not said or found is None:
        return None
    ids.add(found)
    shown = label if is_visible(label) else "…"
    return {"type": 2, "style": _STYLES[button.tone], "label": shown, "custom_id": found}


def _menu(menu: Menu, row: int, links: Sequence[str], kept: dict[str, str]) -> dict[str, Any] | None:
    options: dict[str, str] = {}
    for label, command in menu.choices:
        said = pack(command, links, kept)
        if said and len(options) < _OPTIONS:
            shown = cut(flat(label).strip(), _OPTION_LABEL)
            options.setdefault(said, shown if is_visible(shown) else "…")
    if not options or row >= _ROWS:
        return None
    made: dict[str, Any] = {
        "type": 3,
        "custom_id": f"pick{row}:",
        "options": [{"label": label, "value": said} for said, label in options.items()],
    }
    placeholder = cut(flat(menu.label).strip(), _PLACEHOLDER)
    return made | ({"placeholder": placeholder} if is_visible(placeholder) else {})


def links_of(embeds: Sequence[Mapping[str, Any]]) -> list[str]:
    """The addresses of a message's embeds, in their order; "" for one without. What `pack` and `unpack` count in."""
    return [str(embed.get("url") or "") for embed in embeds]


def link_of(message: Mapping[str, Any]) -> str:
    """The first address that a message leads to, of its embeds or in its text; "" if there is none."""
    embeds = message.get("embeds") or ()
    found = next((link for link in links_of(embeds) if link), "")
    texts = [str(message.get("content") or ""), *(str(embed.get("description") or "") for embed in embeds)]
    plain = next((one[0] for one in map(_ADDRESS.search, texts) if one), "")
    return found or plain.rstrip(".,;:!?'\"")
