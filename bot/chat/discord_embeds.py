"""Messages as Discord shows them: a card is an embed, a run of small cards a list, everything else text. Pure.

Feed text is hostile. It is escaped (`discord_text`), nobody is ever mentioned by it, and only http(s) addresses become
links. Whatever is too long is cut so that Discord's limits hold, each and all together:
https://discord.com/developers/docs/resources/message#embed-object-embed-limits
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import groupby, takewhile
from typing import Any

from bot.chat import discord_text as markdown
from bot.chat.discord_buttons import links_of, rows
from bot.message import Actions, Card, Code, Line, Message, Part, Table, Text, Tone
from bot.text import one_line

CONTENT, TITLE, DESCRIPTION, FOOTER = 2_000, 256, 4_096, 2_048
EMBEDS, ALL_EMBEDS = 10, 6_000

_COLOURS: dict[Tone, int] = {
    "plain": 0x95A5A6,
    "news": 0x3498DB,
    "deal": 0x2ECC71,
    "good": 0x2ECC71,
    "warning": 0xF1C40F,
    "error": 0xE74C3C,
}
# An emoji says what kind of thing a card is, better than the tone of the message that it is in.
_EMOJI_COLOURS = {
    **dict.fromkeys("💰💵💶💷💴💸🤝🏦🪙📈", 0x2ECC71),
    **dict.fromkeys("🚀🔗", 0x9B59B6),
    **dict.fromkeys("👥👤", 0x1ABC9C),
    **dict.fromkeys("📜📊", 0xE67E22),
    **dict.fromkeys("✂⚠🔔", 0xF1C40F),
    **dict.fromkeys("🔬", 0x5865F2),
}

_LEAD = 150  # of the line above a card: what a notification shows
_META, _FACT, _FACTS, _BODY, _SMALL = 300, 200, 1_024, 1_500, 300
_FOOTER_SHOWN = 300
_ROLES = 5
_CELL, _CELLS, _PIECE = 200, 8, 900
_LEAST = 120  # room below which no further card is begun
_REST = 60  # room that is kept for saying how much was left out


@dataclass(frozen=True, slots=True)
class Rendered:
    """The body of a request that posts or edits a message; `kept` are long commands of its buttons, by key."""

    payload: dict[str, Any]
    kept: dict[str, str] = field(default_factory=dict)


def render(message: Message, role: str = "", notify: bool = True) -> Rendered:
    """The message with `content`, `embeds`, `components` and `allowed_mentions`, all four always there.

    `role` is the id of a role to be told, else those that the message mentions; nothing else in it mentions anybody. `notify` is
    False for answers: who waits for one needs no line above its card for a notification.
    """
    parts = message.parts or (Text(message.text),)
    shown = [part for part in parts if not isinstance(part, Actions)]
    content, embeds = _body(message, shown, notify)
    roles = [one for one in (role or message.mention).split() if one.isascii() and one.isdigit()][:_ROLES]
    ping = "".join(f"<@&{one}> " for one in roles)
    kept: dict[str, str] = {}
    actions = [part for part in parts if isinstance(part, Actions)]
    payload = {
        "content": ping + content,
        "embeds": embeds,
        "components": rows(actions, links_of(embeds), kept),
        "allowed_mentions": {"parse": [], "roles": roles} if ping else {"parse": []},
    }
    return Rendered(payload, kept)


def to_payload(message: Message, role: str = "") -> dict[str, Any]:
    """What `robowire preview` shows: the exact body of the request."""
    return render(message, role).payload


def plain_payload(text: str) -> dict[str, Any]:
    """Text alone, where Discord would not take the message as it was made."""
    shown = markdown.fitted(markdown.lines(text).strip(), CONTENT - _REST)
    content = shown if markdown.is_visible(shown) else "(an empty message)"
    return {"content": content, "embeds": [], "components": [], "allowed_mentions": {"parse": []}}


def headline(message: Message) -> str:
    """One line that names the message: its first card's headline, else its first words."""
    cards = [part.headline for part in message.parts if isinstance(part, Card)]
    text = one_line(cards[0] if cards else message.text)
    return text if markdown.is_visible(text) else "News"


def weight(embed: dict[str, Any]) -> int:
    """How much of the limit over all embeds this one takes."""
    footer = embed.get("footer", {}).get("text", "")
    return sum(map(markdown.size, (embed.get("title", ""), embed.get("description", ""), footer)))


def _body(message: Message, parts: Sequence[Part], notify: bool) -> tuple[str, list[dict[str, Any]]]:
    """Content and embeds. Short plain text is content; with cards, the content is what a notification tells."""
    blocks = _blocks(parts)
    cards = any(isinstance(part, Card) for part in parts)
    if not cards and message.tone in ("plain", "news", "deal"):
        content = "\n".join(piece for block in blocks for piece in _pieces(block))
        if markdown.size(content) <= CONTENT - _REST and markdown.is_visible(content):
            return content, []
    lead = ""
    if cards:
        lead, blocks = _head(blocks)
    embeds, left = _embeds(blocks, message.tone)
    if not lead and (not embeds or (cards and notify)):
        lead = _lead(message)
    if left:
        lead = f"{lead}\n… and {left} more".lstrip("\n")
    return lead, embeds


def _head(blocks: list[list[Part]]) -> tuple[str, list[list[Part]]]:
    """The text before the first card, which can be the content, and the rest; "" if there is none or it is too long."""
    first = blocks[0]
    texts = list(takewhile(lambda part: not isinstance(part, Card), first))
    head = "\n".join(_pieces(texts))
    if not markdown.is_visible(head) or markdown.size(head) > CONTENT // 2:
        return "", blocks
    return head, [block for block in (first[len(texts) :], *blocks[1:]) if block]


def _lead(message: Message) -> str:
    """The message on one line, as short as a notification is; the addresses of its cards are below it anyway."""
    cards = [part for part in message.parts if isinstance(part, Card)]
    text = message.text
    for card in cards:
        text = text.replace(card.url, "") if card.url else text
    text = one_line(text).rstrip(" ·") or headline(message)
    emoji = one_line(cards[0].emoji, 16) if cards else ""
    shown = markdown.fitted(f"{emoji} {text}" if emoji and not text.startswith(emoji) else text, _LEAD)
    return shown if markdown.is_visible(shown) else "…"


def _blocks(parts: Sequence[Part]) -> list[list[Part]]:
    """What becomes one embed each: a card, or a run of text and of small cards that follow each other."""
    found: list[list[Part]] = []
    flows = False
    for small, group in groupby(parts, key=_is_small):
        run = list(group)
        for part in run:
            flow = not isinstance(part, Card) or (small and len(run) > 1)
            if flow and flows:
                found[-1].append(part)
            else:
                found.append([part])
            flows = flow
    return found


def _is_small(part: Part) -> bool:
    """Whether it is a card of a headline alone, with where and when; several of those are a list."""
    return isinstance(part, Card) and not (part.body or part.facts or part.footer or part.image)


def _embeds(blocks: Sequence[list[Part]], tone: Tone) -> tuple[list[dict[str, Any]], int]:
    """At most ten embeds of at most 6,000 in all, and how many cards or lines had no room."""
    embeds: list[dict[str, Any]] = []
    room, left, small = ALL_EMBEDS - _REST, 0, False
    for block in blocks:
        single = block[0] if len(block) == 1 and isinstance(block[0], Card) else None
        if len(embeds) == EMBEDS or room < _LEAST:
            left += len(block)
        elif single:
            embeds.append(_card(single, tone, room))
            room -= weight(embeds[-1])
        else:
            packed, over = _packed(list(_pieces(block)), room, EMBEDS - len(embeds))
            room -= sum(map(markdown.size, packed)) + 1
            left += over
            if packed and small and _takes(embeds[-1], packed[0]):
                embeds[-1]["description"] = "\n".join((*filter(None, (embeds[-1].get("description"),)), packed.pop(0)))
            embeds += [{"description": text, "color": _COLOURS[tone]} for text in packed]
        small = single is not None and bool(embeds) and _is_small(single)
    return embeds, left


def _takes(embed: dict[str, Any], text: str) -> bool:
    """Whether text has room in the embed of the small card before it, which it is about."""
    return markdown.size(embed.get("description", "")) + 1 + markdown.size(text) <= DESCRIPTION


def _packed(pieces: Sequence[str], room: int, most: int) -> tuple[list[str], int]:
    """Pieces joined by line breaks into at most `most` descriptions, `room` in all; and how many found no room."""
    texts: list[str] = []
    for number, piece in enumerate(pieces):
        need = markdown.size(piece)
        if texts and markdown.size(texts[-1]) + 1 + need <= DESCRIPTION and need < room:
            texts[-1] += f"\n{piece}"
            room -= need + 1
        elif len(texts) < most and need <= min(room, DESCRIPTION):
            texts.append(piece)
            room -= need
        else:
            return [text for text in texts if markdown.is_visible(text)], len(pieces) - number
    return [text for text in texts if markdown.is_visible(text)], 0


# -- cards -----------------------------------------------------------------------------------------------------------


def _card(card: Card, tone: Tone, room: int) -> dict[str, Any]:
    """Title with its link; outlet and time, what happened, the deal on one line; below who asked for it."""
    embed: dict[str, Any] = {"title": _title(card, min(TITLE, room)), "color": _colour(card, tone)}
    room -= markdown.size(embed["title"])
    if address := markdown.web(card.url):
        embed["url"] = address
    footer = markdown.cut(markdown.flat(card.footer).strip(), min(_FOOTER_SHOWN, room))
    if markdown.is_visible(footer):
        embed["footer"] = {"text": footer}
        room -= markdown.size(footer)
    description = _description(card, min(DESCRIPTION, room))
    if markdown.is_visible(description):
        embed["description"] = description
    if picture := markdown.web(card.image):
        embed["thumbnail"] = {"url": picture}
    return embed


def _title(card: Card, limit: int) -> str:
    emoji = f"{one_line(card.emoji, 16)} " if card.emoji.strip() else ""
    if not markdown.is_visible(card.headline):
        return f"{markdown.escape(emoji)}(no title)"
    shift = len(emoji)
    return markdown.marked(emoji + card.headline, [(a + shift, b + shift) for a, b in card.spans if a >= 0], limit)


def _description(card: Card, room: int) -> str:
    """The lines in the order of the card; the body gives way where there is too little room."""
    meta = markdown.fitted(markdown.flat(card.meta).strip(), min(_META, room))
    room -= markdown.size(meta) + 1
    facts = _facts(card.facts, min(_FACTS, room))
    room -= markdown.size(facts) + 1
    body = markdown.fitted(markdown.lines(card.body).strip(), min(_BODY, room))
    lines: dict[Line, str] = {
        "meta": meta,
        "body": body,
        "facts": facts,
    }  # the footer of an embed is always its last line
    return "\n".join(lines[name] for name in card.order if markdown.is_visible(lines.get(name, "")))


def _facts(facts: Sequence[tuple[str, str]], limit: int) -> str:
    """`**Amount** $140m · **Round** A+`: on a phone, fields would take two lines each."""
    line = ""
    for label, value in facts:
        name = markdown.bold(markdown.cut(label, 60))
        shown = markdown.fitted(markdown.flat(value).strip(), _FACT)
        if not (markdown.is_visible(label) and markdown.is_visible(value)):
            continue
        longer = f"{line} · {name} {shown}" if line else f"{name} {shown}"
        if markdown.size(longer) > limit:
            break
        line = longer
    return line


def _colour(card: Card, tone: Tone) -> int:
    return _EMOJI_COLOURS.get(card.emoji[:1], _COLOURS[tone])


# -- text ------------------------------------------------------------------------------------------------------------


def _pieces(block: Sequence[Part]) -> Iterator[str]:
    """Lines and blocks of markdown that must stay whole, each at most 4,096 long."""
    for part in block:
        if isinstance(part, Code):
            yield from map(markdown.code, _split(markdown.lines(part.text).strip("\n"), "\n"))
        elif isinstance(part, Table):
            yield from (_row(row) for row in part.rows)
        elif isinstance(part, Card):
            yield _small(part)
        elif isinstance(part, Text):
            yield from _paragraphs(part)


def _paragraphs(text: Text) -> Iterator[str]:
    """A text with bold spans stays whole; one without may say `words` in backticks, and is split where it is long."""
    if text.spans:
        yield markdown.marked(text.text, text.spans, CONTENT - _REST, one_line=False)
    else:
        yield from (markdown.escape_words(piece) for piece in _split(markdown.lines(text.text).strip(), "\n"))


def _split(text: str, at: str) -> Iterator[str]:
    """Pieces of at most 900 characters, split at line breaks, inside a line only where it alone is longer."""
    piece = ""
    for whole in text.split(at):
        for line in (whole[start : start + _PIECE] for start in range(0, max(len(whole), 1), _PIECE)):
            if piece and len(piece) + 1 + len(line) > _PIECE:
                yield piece
                piece = line
            else:
                piece = f"{piece}{at}{line}" if piece else line
    if piece:
        yield piece


def _row(row: Sequence[str]) -> str:
    """A table is a list here: the first cell in bold, then the others."""
    cells = [markdown.cut(markdown.flat(cell).strip(), _CELL) for cell in row[:_CELLS]]
    shown = [markdown.bold(cell) if number == 0 else markdown.escape(cell) for number, cell in enumerate(cells)]
    return " · ".join(cell for cell in shown if markdown.is_visible(cell))


def _small(card: Card) -> str:
    """A card in one line of a list."""
    emoji = f"{markdown.escape(one_line(card.emoji, 16))} " if card.emoji.strip() else "• "
    name = markdown.linked(card.headline if markdown.is_visible(card.headline) else "(no title)", card.url, _SMALL)
    meta = markdown.fitted(markdown.flat(card.meta).strip(), _META)
    return f"{emoji}{name}" + (f" · {meta}" if markdown.is_visible(meta) else "")
