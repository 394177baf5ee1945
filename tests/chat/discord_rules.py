"""Discord's limits and rules as checks over requests: `faults(method, path, payload)` names everything that Discord would
refuse, or take for a mention of somebody.

First Discord's own OpenAPI file, where it is at hand (tests/chat/discord_schema.py says why where it is not), then what
it misses: https://discord.com/developers/docs/resources/message, .../components/reference,
.../interactions/application-commands. What cannot be seen in one request (a token used after 15 minutes, an answer given
twice, a call before Retry-After is over) is kept by tests/fakes/discord_server.py.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

from tests.chat.discord_schema import invalid

CONTENT, EMBEDS, ALL_EMBEDS = 2_000, 10, 6_000
NONCE = 25
CHOICES, COMMAND_SIZE = 25, 8_000
ACK_SECONDS, TOKEN_SECONDS = 3.0, 900.0
EPHEMERAL, COMPONENTS_V2 = 1 << 6, 1 << 15

_NAME = re.compile(r"[-_'\w]{1,32}")
_LINK = re.compile(r"(?<!\\)\[(?:[^\[\]\\]|\\.)*\]\(\s*<?(?P<scheme>[a-zA-Z][a-zA-Z0-9+.-]*):", re.DOTALL)
_SCHEMES = ("http", "https", "discord")
_ROW, _BUTTON, _MENU, _INPUT, _LABEL = 1, 2, 3, 4, 18
_ONLY_V2 = (9, 10, 11, 12, 13, 14, 17)
_LINK_STYLE, _PREMIUM_STYLE = 5, 6

Check = Callable[[Any, Collection[str]], Iterator[str]]


def faults(method: str, path: str, payload: Any, mentions: Collection[str] = ()) -> list[str]:
    """Everything that is wrong with one request, in words; [] if nothing is.

    `path` is what follows the version (`/channels/1/messages`), with or without a query; `mentions` are the ids of roles
    and people that somebody asked to be told.
    """
    found = invalid(method, path, payload)
    bare = path.partition("?")[0]
    for verb, pattern, check in _CHECKS:
        if verb == method and re.fullmatch(pattern, bare):
            found += check(payload, mentions)
    return [f"{method} {bare}: {fault}" for fault in found]


def message_faults(payload: Mapping[str, Any], mentions: Collection[str] = ()) -> list[str]:
    """What is wrong with a message, however it is sent."""
    return list(_message(payload, mentions))


def size(text: str) -> int:
    """How long Discord takes a text to be: the greater of the two ways in which its parts count, UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


# -- messages -----------------------------------------------------------------------------------------------------------


def _message(given: Any, mentions: Collection[str]) -> Iterator[str]:
    if not isinstance(given, Mapping):
        yield "there is no message"
        return
    content, embeds, components = given.get("content") or "", given.get("embeds") or [], given.get("components") or []
    v2 = bool((given.get("flags") or 0) & COMPONENTS_V2)
    if size(content) > CONTENT:
        yield f"content has {size(content)}, more than {CONTENT}"
    if not (content.strip() or embeds or given.get("attachments") or given.get("poll") or (v2 and components)):
        yield "the message is empty"
    yield from _allowed(given.get("allowed_mentions"), mentions)
    yield from (f"content: {fault}" for fault in _links(content))
    yield from _embeds(embeds)
    yield from _components(components, v2)
    if v2 and (content or embeds):
        yield "components v2 beside content or embeds"


def _post(given: Any, mentions: Collection[str]) -> Iterator[str]:
    yield from _message(given, mentions)
    nonce = given.get("nonce") if isinstance(given, Mapping) else None
    if nonce in (None, ""):
        yield "no nonce: after a lost answer it would be posted twice"
    elif size(str(nonce)) > NONCE:
        yield f"the nonce has {size(str(nonce))}, more than {NONCE}"
    elif given.get("enforce_nonce") is not True:
        yield "a nonce without enforce_nonce keeps nothing from being posted twice"


def _begun(given: Any, mentions: Collection[str]) -> Iterator[str]:
    """A thread in a channel; in a forum it has its first message."""
    yield from _named(given, mentions)
    if "message" in given:
        yield from _message(given["message"], mentions)


def _named(given: Any, _: Collection[str]) -> Iterator[str]:
    name = given.get("name") if isinstance(given, Mapping) else None
    if not isinstance(name, str) or not name.strip() or size(name) > 100:
        yield f"the thread's name {name!r:.40} is not 1 to 100 long"


def _allowed(allowed: Any, mentions: Collection[str]) -> Iterator[str]:
    if not isinstance(allowed, Mapping) or allowed.get("parse") != []:
        yield "allowed_mentions.parse is not []: everything in the text that looks like a mention is one"
        return
    asked = [*(allowed.get("roles") or ()), *(allowed.get("users") or ())]
    yield from (f"mentions {one}, which nobody asked for" for one in asked if one not in mentions)


def _links(text: str) -> Iterator[str]:
    """A markdown link of another kind is shown as its source, at best."""
    for found in _LINK.finditer(text):
        if found["scheme"].lower() not in _SCHEMES:
            yield f"a link to {found['scheme']}:"


def _url(url: Any, more: Sequence[str] = ()) -> Iterator[str]:
    if url is None:
        return
    try:
        parts = urlsplit(str(url))
        fine = parts.scheme in (*_SCHEMES[:2], *more) and bool(parts.netloc)
    except ValueError:
        fine = False
    if not fine or any(sign.isspace() or not sign.isprintable() for sign in str(url)):
        yield f"{url!r:.60} is no web address"
    if size(str(url)) > 2048:
        yield f"an address of {size(str(url))}, more than 2048"


# -- embeds -------------------------------------------------------------------------------------------------------------


def _embeds(embeds: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    if len(embeds) > EMBEDS:
        yield f"{len(embeds)} embeds, more than {EMBEDS}"
    total = 0
    for number, embed in enumerate(embeds):
        texts = list(_texts(embed))
        total += sum(size(text) for _, text, _ in texts)
        at = f"embed {number}"
        yield from (
            f"{at}: {name} has {size(text)}, more than {most}" for name, text, most in texts if size(text) > most
        )
        yield from (f"{at}: {name} is blank" for name, text, _ in texts if not text.strip())
        yield from (f"{at}: {fault}" for _, text, _ in texts for fault in _links(text))
        pictures = [(embed.get(key) or {}).get("url") for key in ("image", "thumbnail", "video")]
        small = [(embed.get(key) or {}).get("icon_url") for key in ("author", "footer")]
        for url in (embed.get("url"), (embed.get("author") or {}).get("url")):
            yield from (f"{at}: {fault}" for fault in _url(url))
        for url in (*pictures, *small):
            yield from (f"{at}: {fault}" for fault in _url(url, ("attachment",)))
        if not texts and not any(pictures):
            yield f"{at} is empty"
        if len(embed.get("fields") or ()) > 25:
            yield f"{at}: more than 25 fields"
    if total > ALL_EMBEDS:
        yield f"all embeds together have {total}, more than {ALL_EMBEDS}"


def _texts(embed: Mapping[str, Any]) -> Iterator[tuple[str, str, int]]:
    """The texts of an embed that count: name, text, how long it may be."""
    footer, author = embed.get("footer") or {}, embed.get("author") or {}
    parts = [("title", embed.get("title"), 256), ("description", embed.get("description"), 4096)]
    parts += [("footer", footer.get("text"), 2048), ("author", author.get("name"), 256)]
    for field in embed.get("fields") or ():
        parts += [("a field's name", field.get("name", ""), 256), ("a field's value", field.get("value", ""), 1024)]
    yield from ((name, text, most) for name, text, most in parts if isinstance(text, str))


# -- components ---------------------------------------------------------------------------------------------------------


def _components(components: Sequence[Mapping[str, Any]], v2: bool = False) -> Iterator[str]:
    every = list(walk(components))
    ids = Counter(one["custom_id"] for one in every if one.get("custom_id"))
    yield from (f"custom_id {name!r} stands there {count} times" for name, count in ids.items() if count > 1)
    if not v2:
        if len(components) > 5:
            yield f"{len(components)} rows, more than 5"
        yield from (
            f"a component of type {one['type']} needs components v2" for one in every if one.get("type") in _ONLY_V2
        )
        yield from ("what is not in a row" for one in components if one.get("type") not in (_ROW, *_ONLY_V2))
    elif len(every) > 40:
        yield f"{len(every)} components, more than 40"
    for one in every:
        yield from _component(one)


def _component(one: Mapping[str, Any]) -> Iterator[str]:
    kind = one.get("type")
    if size(str(one.get("custom_id") or "")) > 100:
        yield f"custom_id of {size(one['custom_id'])}, more than 100"
    if kind == _ROW:
        inside = one.get("components") or []
        most = 5 if all(each.get("type") == _BUTTON for each in inside) else 1
        if not 1 <= len(inside) <= most:
            yield f"{len(inside)} in a row, not 1 to {most}"
    elif kind == _BUTTON:
        yield from _button(one)
    elif kind == _MENU:
        yield from _menu(one)


def _button(one: Mapping[str, Any]) -> Iterator[str]:
    label, style = one.get("label") or "", one.get("style")
    if size(label) > 80:
        yield f"a label of {size(label)}, more than 80"
    if style != _PREMIUM_STYLE and not label.strip() and not one.get("emoji"):
        yield "a button without label and emoji"
    if style == _LINK_STYLE:
        yield from _url(one.get("url") or "", ("discord",))
        if one.get("custom_id"):
            yield "a link button with a custom_id"
    elif style != _PREMIUM_STYLE and (not one.get("custom_id") or one.get("url")):
        yield "a button needs a custom_id and no address"


def _menu(one: Mapping[str, Any]) -> Iterator[str]:
    options = one.get("options") or []
    if not 1 <= len(options) <= 25:
        yield f"{len(options)} options, not 1 to 25"
    values = Counter(option.get("value") for option in options)
    yield from (f"option {value!r} stands there {count} times" for value, count in values.items() if count > 1)
    for option in options:
        for key in ("label", "value"):
            text = str(option.get(key) or "")
            if not text.strip() or size(text) > 100:
                yield f"an option's {key} {text!r:.40} is not 1 to 100 long"
    least, most = one.get("min_values", 1), one.get("max_values", 1)
    if not 0 <= least <= most <= 25 or most > max(len(options), 1):
        yield f"from {least} to {most} of {len(options)} options"
    if sum(bool(option.get("default")) for option in options) > most:
        yield "more options chosen beforehand than may be"
    if size(str(one.get("placeholder") or "")) > 150:
        yield "a placeholder of more than 150"


def walk(components: Sequence[Mapping[str, Any]]) -> Iterator[Mapping[str, Any]]:
    """All components, those inside others too, in order."""
    for one in components:
        yield one
        inside = [*(one.get("components") or ()), one.get("accessory"), one.get("component")]
        yield from walk([each for each in inside if isinstance(each, Mapping)])


# -- interactions -------------------------------------------------------------------------------------------------------


def _callback(given: Any, mentions: Collection[str]) -> Iterator[str]:
    kind = given.get("type") if isinstance(given, Mapping) else None
    data = (given.get("data") or {}) if isinstance(given, Mapping) else {}
    if kind in (4, 7):
        yield from _message(data, mentions)
        if (data.get("flags") or 0) & ~(EPHEMERAL | COMPONENTS_V2 | 1 << 2 | 1 << 12):
            yield f"flags {data['flags']} that an answer cannot have"
    elif kind == 8:
        yield from _choices(data.get("choices"))
    elif kind == 9:
        yield from _modal(data)
    elif kind not in (1, 5, 6, 12):
        yield f"an answer of type {kind!r}"


def _choices(choices: Any) -> Iterator[str]:
    if not isinstance(choices, list):
        yield "`choices` is no list"
        return
    if len(choices) > CHOICES:
        yield f"{len(choices)} choices, more than {CHOICES}"
    for one in choices:
        name, value = one.get("name"), one.get("value")
        if not isinstance(name, str) or not name.strip() or size(name) > 100:
            yield f"a choice's name {name!r:.40} is not 1 to 100 long"
        if isinstance(value, str) and not 1 <= size(value) <= 100:
            yield f"a choice's value {value!r:.40} is not 1 to 100 long"
    pairs = Counter((one.get("name"), str(one.get("value"))) for one in choices)
    yield from (f"choice {name!r} stands there {count} times" for (name, _), count in pairs.items() if count > 1)


def _modal(data: Mapping[str, Any]) -> Iterator[str]:
    title, components = data.get("title") or "", data.get("components") or []
    if not title.strip() or size(title) > 45:
        yield f"the title {title!r:.60} is not 1 to 45 long"
    if not 1 <= len(components) <= 5:
        yield f"{len(components)} questions, not 1 to 5"
    ids = Counter(one["custom_id"] for one in walk(components) if one.get("custom_id"))
    yield from (f"custom_id {name!r} stands there {count} times" for name, count in ids.items() if count > 1)
    for one in walk(components):
        label = one.get("label")
        if one.get("type") == _LABEL and (not str(label or "").strip() or size(str(label)) > 45):
            yield f"a label {label!r:.60} that is not 1 to 45 long"
        if one.get("type") == _INPUT:
            yield from _input(one)
        elif one.get("type") != _ROW:
            yield from _component(one)


def _input(one: Mapping[str, Any]) -> Iterator[str]:
    least, most, value = one.get("min_length") or 0, one.get("max_length") or 4000, one.get("value") or ""
    if not 0 <= least <= most <= 4000:
        yield f"an input from {least} to {most}"
    if size(value) > most:
        yield f"a value of {size(value)} in an input for {most}"
    if size(one.get("placeholder") or "") > 100:
        yield "a placeholder of more than 100"
    if not one.get("custom_id"):
        yield "an input without custom_id"


# -- commands -----------------------------------------------------------------------------------------------------------


def _commands(given: Any, _: Collection[str]) -> Iterator[str]:
    commands = given if isinstance(given, list) else []
    kinds = Counter(one.get("type", 1) for one in commands)
    yield from (f"{kinds[kind]} commands of type {kind}, more than {most}" for kind, most in ((1, 100), (2, 15), (3, 15))
                if kinds[kind] > most)  # fmt: skip
    names = Counter((one.get("type", 1), one.get("name")) for one in commands)
    yield from (f"command {name!r} stands there {count} times" for (_, name), count in names.items() if count > 1)
    for one in commands:
        if one.get("type", 1) == 1:
            yield from _described(one, f"/{one.get('name')}", 0)
            weight = _weight(one)
            if weight > COMMAND_SIZE:
                yield f"/{one.get('name')}: names, descriptions and choices have {weight}, more than {COMMAND_SIZE}"
        else:
            yield from _menu_command(one)


def _menu_command(one: Mapping[str, Any]) -> Iterator[str]:
    name = str(one.get("name") or "")
    if not name.strip() or size(name) > 32:
        yield f"a menu command {name!r:.40} that is not 1 to 32 long"
    if one.get("description") or one.get("options"):
        yield f"the menu command {name!r} has a description or options"


def _described(one: Mapping[str, Any], at: str, depth: int) -> Iterator[str]:
    """A command, a group, or an option: all have a name and a description, some have options of their own."""
    name, about = str(one.get("name") or ""), str(one.get("description") or "")
    if not _NAME.fullmatch(name) or name != name.lower():
        yield f"{at}: {name!r:.40} is no name (1 to 32 small letters, digits, - and _)"
    if not about.strip() or size(about) > 100:
        yield f"{at}: the description is not 1 to 100 long"
    options = one.get("options") or []
    yield from _options(options, at, depth)
    for option in options:
        yield from _described(option, f"{at} {option.get('name')}", depth + 1)
    yield from (f"{at}: {fault}" for fault in _offered(one))


def _options(options: Sequence[Mapping[str, Any]], at: str, depth: int) -> Iterator[str]:
    if len(options) > 25:
        yield f"{at}: {len(options)} options, more than 25"
    names = Counter(option.get("name") for option in options)
    yield from (f"{at}: {name!r} stands there {count} times" for name, count in names.items() if count > 1)
    groups = [option.get("type") in (1, 2) for option in options]
    if any(groups) and not all(groups):
        yield f"{at}: subcommands beside options"
    if any(option.get("type") == 2 and depth > 0 for option in options) or (depth > 1 and any(groups)):
        yield f"{at}: subcommands nested too deep"
    needed = [bool(option.get("required")) for option in options]
    if needed != sorted(needed, reverse=True):
        yield f"{at}: an option that is required after one that is not"


def _offered(one: Mapping[str, Any]) -> Iterator[str]:
    choices = one.get("choices")
    if choices is not None:
        yield from _choices(choices)
        names = Counter(choice.get("name") for choice in choices)
        yield from (f"choice {name!r} stands there {count} times" for name, count in names.items() if count > 1)
        if one.get("autocomplete"):
            yield "autocomplete beside choices"
    if one.get("autocomplete") and one.get("type") not in (3, 4, 10):
        yield f"autocomplete on an option of type {one.get('type')}"
    if one.get("type") == 2 and not one.get("options"):
        yield "a group without subcommands"


def _weight(one: Mapping[str, Any]) -> int:
    own = size(str(one.get("name") or "")) + size(str(one.get("description") or "")) + size(str(one.get("value") or ""))
    return own + sum(_weight(each) for key in ("options", "choices") for each in one.get(key) or ())


_HOOK = r"/webhooks/\d+/[^/]+"
_CHECKS: tuple[tuple[str, str, Check], ...] = (
    ("POST", r"/channels/\d+/messages", _post),
    ("PATCH", r"/channels/\d+/messages/\d+", _message),
    ("POST", r"/channels/\d+/messages/\d+/threads", _named),
    ("POST", r"/channels/\d+/threads", _begun),
    ("POST", _HOOK, _message),
    ("PATCH", rf"{_HOOK}/messages/[^/]+", _message),
    ("POST", r"/interactions/\d+/[^/]+/callback", _callback),
    ("PUT", r"/applications/\d+/(guilds/\d+/)?commands", _commands),
)
