"""Plain text as Discord's markdown that shows exactly that text: escaped, bold where asked, never longer than it may be.

Discord's client reads a backslash before any character that is no letter, digit or space as that character, so a
backslash disarms markup, links and mentions alike; https://support.discord.com/hc/en-us/articles/210298617 lists the
markup. Lengths are UTF-16 code units, the largest of the ways in which Discord's services count.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from urllib.parse import quote, urlsplit

from bot.text import clean, shorten

_SPECIAL = re.compile(r"[\\*_~`|\[\]<>#]")
_LIST = re.compile(r"^([ \t]*)(?:([-+])|(\d{1,12})\.)", re.MULTILINE)
_SCHEME = re.compile(r"://")
_INVITE = re.compile(r"(discord(?:app)?\.(?:gg|com))/", re.IGNORECASE)  # shown as a card even without a scheme
_EVERYBODY = re.compile(r"@(?=everyone|here)", re.IGNORECASE)
_NEWLINES = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_SPACES = re.compile(r"\s+")
_TICKED = re.compile(r"`([^`\n]+)`")
_TICKS = re.compile(r"`(?=`)")
_ESCAPED = re.compile(r"\\([^0-9A-Za-z\s])|\*\*")
_HOST = re.compile(r"[a-z0-9](?:[a-z0-9_.-]*[a-z0-9])?", re.IGNORECASE)
_ROUND = str.maketrans("[]", "()")
_URL_LIMIT = 2048


def size(text: str) -> int:
    """The length that Discord may count."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def cut(text: str, limit: int) -> str:
    """At most `limit` long, cut at a space where one is near, with an ellipsis; "" for a limit below 1."""
    if limit < 1:
        return ""
    chars = limit
    shown = shorten(text, chars)
    while (over := size(shown) - limit) > 0:
        chars -= (over + 1) // 2
        shown = shorten(text, chars)
    return shown


def flat(text: str) -> str:
    """Clean text on one line; the spaces at its ends stay, so that pieces can be joined."""
    return _SPACES.sub(" ", clean(text))


def lines(text: str) -> str:
    """Clean text with its line breaks, all of one kind."""
    return clean(_NEWLINES.sub("\n", text))


def is_visible(text: str) -> bool:
    """Whether anything of it would be seen: Discord refuses messages, titles and labels that are all blank."""
    return any(
        char.isprintable() and not char.isspace() and char not in "\u115f\u1160\u2800\u3164\uffa0" for char in text
    )


def escape(text: str) -> str:
    """Markdown that shows `text` as it stands: no markup, no link, no mention, no invitation."""
    text = _SPECIAL.sub(r"\\\g<0>", text)
    text = _LIST.sub(lambda found: found[1] + (f"\\{found[2]}" if found[2] else f"{found[3]}\\."), text)
    text = _INVITE.sub(r"\1\\/", _SCHEME.sub(r"\\://", text))
    return _EVERYBODY.sub("@\u200b", text)


def escape_words(text: str) -> str:
    """The same, but `words` in backticks become code, in which Discord reads no markup, link or mention either."""
    shown, at = [], 0
    for found in _TICKED.finditer(text):
        inner = _EVERYBODY.sub("@\u200b", _INVITE.sub("\\1\u200b/", found[1]))
        shown += [escape(text[at : found.start()]), f"`{inner}`" if inner.strip() else escape(found[0])]
        at = found.end()
    return "".join([*shown, escape(text[at:])])


def fitted(text: str, limit: int, shown: Callable[[str], str] = escape) -> str:
    """`shown(text)`, of as much of the text as lets it be at most `limit` long."""
    text = cut(text, limit)
    while text and (over := size(shown(text)) - limit) > 0:
        text = cut(text, size(text) - max(1, over // 3))
    return shown(text) if text else ""


def marked(text: str, spans: Iterable[tuple[int, int]], limit: int, one_line: bool = True) -> str:
    """The text with its spans ([start, end) offsets) in bold, at most `limit` long.

    It is cut at the edges of the spans before it is cleaned, so that dropped characters move none of them.
    """
    tidy = flat if one_line else lines
    merged = _merged(spans, len(text))

    def shown(part: str) -> str:
        pieces, at = [], 0
        for start, end in merged:
            pieces += [escape(tidy(part[at:start])), _bold(tidy(part[start:end]))]
            at = end
        return "".join([*pieces, escape(tidy(part[at:]))]).strip()

    return fitted(text, limit, shown)


def bold(text: str) -> str:
    """One line in bold."""
    return _bold(flat(text).strip())


def code(text: str) -> str:
    """A block that keeps spaces and lines; nothing in it can end it."""
    return "```\n" + _TICKS.sub("`\u200b", lines(text).strip("\n")) + "\n```"


def web(url: str) -> str:
    """An http(s) address in the form that Discord takes, "" if it is none: no credentials, ASCII, at most 2,048 long."""
    try:
        parts = urlsplit(flat(url).strip())
        host = (parts.hostname or "").encode("idna").decode("ascii") if parts.hostname else ""
        port = f":{parts.port}" if parts.port else ""
    except ValueError:  # a UnicodeError is one
        return ""
    if parts.scheme not in ("http", "https") or not _HOST.fullmatch(host):
        return ""
    tail = quote(parts.path or "/", safe="/%:@!$&'*+,;=~-._")
    tail += f"?{quote(parts.query, safe='/%:@!$&*+,;=~-._?')}" if parts.query else ""
    tail += f"#{quote(parts.fragment, safe='/%:@!$&*+,;=~-._?')}" if parts.fragment else ""
    address = f"{parts.scheme}://{host}{port}{tail}"
    return address if len(address) <= _URL_LIMIT else ""


def linked(label: str, url: str, limit: int) -> str:
    """A label that leads to an address, or the bare label where there is none; brackets become round: they would end it."""
    address = web(url)
    label = flat(label).strip()
    if not address or not is_visible(label):
        return fitted(label, limit)
    return f"[{fitted(label.translate(_ROUND), limit)}]({address})"


def unescaped(markup: str) -> str:
    """What a reader sees of a marked title: backslashes and the asterisks of bold are gone."""
    return _ESCAPED.sub(lambda found: found[1] or "", markup)


def _merged(spans: Iterable[tuple[int, int]], length: int) -> list[tuple[int, int]]:
    """In order, inside the text, and with something between them: adjoining bold pieces would show their asterisks."""
    found: list[tuple[int, int]] = []
    for start, end in sorted((max(0, start), min(end, length)) for start, end in spans):
        if start >= end:
            continue
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(end, found[-1][1]))
        else:
            found.append((start, end))
    return found


def _bold(text: str) -> str:
    """Bold, with the spaces at its ends outside: inside they would show the asterisks."""
    inner = text.strip()
    if not is_visible(inner):
        return escape(text)
    head = text[: len(text) - len(text.lstrip())]
    return f"{head}**{escape(inner)}**{text[len(text.rstrip()) :]}"
