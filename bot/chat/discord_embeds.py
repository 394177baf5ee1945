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

_LEAD = 90  # of the line above a card: what a notification shows
_META, _FACT, _FACTS, _BODY, _SMALL = 300, 200, 1_024, 1_500, 300
_LINKS, _OUTLETS = 1_400, 8
_FOOTER_SHOWN = 300
_ROLES = 5
_CELL, _CELLS, _PIECE = 200, 8, 900
_MANY_CARDS = 3  # above this a message is a list
_LEAST, _ROOMY = 120, 700  # room below which no further card is begun, in the last message and in one before it
_REST = 60  # room that is kept for saying how much was left out


@dataclass(frozen=True, slots=True)
class Rendered:
    """The body of a request that posts or edits a message; `kept` are long commands of its buttons, by key."""

    payload: dict[str, Any]
    kept: dict[str, str] = field(default_factory=dict)


def render(message: Message, role: str = "", notify: bool = True) -> Rendered:
    """One message with `content`, `embeds`, `components` and `allowed_mentions`, all four always there.

    `role` is the id of a role to be told, else those that the message mentions; nothing else in it mentions anybody. `notify` is
    False for answers: who waits for one needs no line above its card for a notification. What has no room is counted.
    """
    return pages(message, 1, role, notify)[0]


def pages(message: Message, most: int, role: str = "", notify: bool = True) -> list[Rendered]:
    """A message as up to `most` messages of Discord; what has no room in the last is counted there. Its buttons are too."""
    parts = message.parts or (Text(message.text),)
    content, shown = _body(message, [part for part in parts if not isinstance(part, Actions)], notify, most)
    runs = [run for number, run in enumerate(shown) if run or number == 0]  # an empty table alone is no further message
    roles = [one for one in (role or message.mention).split() if one.isascii() and one.isdigit()][:_ROLES]
    ping = "".join(f"<@&{one}> " for one in roles)
    actions = [part for part in parts if isinstance(part, Actions)]
    found = []
    for number, embeds in enumerate(runs):
        kept: dict[str, str] = {}
        first, last = number == 0, number == len(runs) - 1
        payload = {
            "content": ping + content if first else "",
            "embeds": embeds,
            "components": rows(actions, links_of(embeds), kept) if last else [],
            "allowed_mentions": {"parse": [], "roles": roles} if ping and first else {"parse": []},
        }
        found.append(Rendered(payload, kept))
    return found


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


def _body(message: Message, parts: Sequence[Part], notify: bool, most: int) -> tuple[str, list[list[dict[str, Any]]]]:
    """Content and the embeds of each message. Short plain text is content; with cards, it is what a notification tells."""
    blocks = _blocks(parts)
    cards = any(isinstance(part, Card) for part in parts)
    if not cards and message.tone in ("plain", "news", "deal"):
        content = "\n".join(piece for block in blocks for piece, _ in _pieces(block))
        if markdown.size(content) <= CONTENT - _REST and markdown.is_visible(content):
            return content, [[]]
    lead = ""
    if cards:
        lead, blocks = _head(blocks)
    made = _Pages(message.tone, most)
    for block in blocks:
        if len(block) == 1 and isinstance(block[0], Card):
            made.card(block[0])
        else:
            made.lines(list(_pieces(block)))
    if not lead and (not made.runs[0] or (cards and notify)):
        lead = _lead(message)
    return lead, made.finished()


def _head(blocks: list[list[Part]]) -> tuple[str, list[list[Part]]]:
    """The text before the first card, which can be the content, and the rest; "" if there is none or it is too long."""
    first = blocks[0]
    texts = list(takewhile(lambda part: not isinstance(part, Card), first))
    head = "\n".join(piece for piece, _ in _pieces(texts))
    if not markdown.is_visible(head) or markdown.size(head) > CONTENT // 2:
        return "", blocks
    return head, [block for block in (first[len(texts) :], *blocks[1:]) if block]


def _lead(message: Message) -> str:
    """The headline for the notification, on two lines of a phone at most: all else stands below it."""
    emoji = next((one_line(part.emoji, 16) for part in message.parts if isinstance(part, Card)), "")
    text = headline(message)
    shown = markdown.fitted(f"{emoji} {text}" if emoji and not text.startswith(emoji) else text, _LEAD)
    return shown if markdown.is_visible(shown) else "…"


def _blocks(parts: Sequence[Part]) -> list[list[Part]]:
    """What becomes one embed each: a card, or a run of text and of small cards that follow each other."""
    many = sum(isinstance(part, Card) for part in parts) > _MANY_CARDS
    found: list[list[Part]] = []
    flows = False
    for small, group in groupby(parts, key=lambda part: _is_small(part, many)):
        run = list(group)
        for part in run:
            flow = not isinstance(part, Card) or (small and (many or len(run) > 1))
            if flow and flows:
                found[-1].append(part)
            else:
                found.append([part])
            flows = flow
    return found


def _is_small(part: Part, many: bool = False) -> bool:
    """Whether it is a card of a headline alone, with where and when; several of those are a list. One of many may have a
    body too: only ten embeds fit into a message."""
    return isinstance(part, Card) and not (
        (part.body and not many) or part.facts or part.footer or part.image or part.links
    )


class _Pages:
    """Embeds for up to `most` messages, each with at most ten of at most 6,000 in all."""

    def __init__(self, tone: Tone, most: int) -> None:
        self._tone, self._most = tone, most
        self.runs: list[list[dict[str, Any]]] = [[]]
        self._room, self._left, self._cut = ALL_EMBEDS - _REST, 0, False
        self._takes_text = False

    def card(self, card: Card) -> None:
        """A card is an embed."""
        if self._full(_LEAST if len(self.runs) == self._most else _ROOMY):
            self._leave(1)
            return
        self.runs[-1].append(_card(card, self._tone, self._room))
        self._room -= weight(self.runs[-1][-1])
        self._takes_text = _is_small(card)

    def lines(self, pieces: Sequence[tuple[str, int]]) -> None:
        """Pieces of text, with how many cards and rows each has; the first may belong to the small card before them."""
        while pieces and not self._full(_LEAST):
            run = self.runs[-1]
            packed, taken = _packed([piece for piece, _ in pieces], self._room, EMBEDS - len(run))
            self._room -= sum(map(markdown.size, packed)) + 1
            if packed and self._takes_text and _takes(run[-1], packed[0]):
                run[-1]["description"] = "\n".join((*filter(None, (run[-1].get("description"),)), packed.pop(0)))
            run += [{"description": text, "color": _COLOURS[self._tone]} for text in packed]
            self._takes_text = False
            pieces = pieces[taken:]
            if pieces and not self._turn():
                break
        if pieces:
            self._leave(sum(count for _, count in pieces))

    def finished(self) -> list[list[dict[str, Any]]]:
        """What there is for each message; the last says how much had no room."""
        if self._cut:
            last, said = self.runs[-1], f"… and {self._left:,} more" if self._left else "… and more"
            if last and _takes(last[-1], said):
                last[-1]["description"] = f"{last[-1].get('description', '')}\n{said}".lstrip("\n")
            elif len(last) < EMBEDS:
                last.append({"description": said, "color": _COLOURS[self._tone]})
        return self.runs

    def _leave(self, count: int) -> None:
        self._left, self._cut = self._left + count, True

    def _full(self, least: int) -> bool:
        """Whether there is no room even in a further message."""
        return (len(self.runs[-1]) == EMBEDS or self._room < least) and not self._turn()

    def _turn(self) -> bool:
        """Begin the next message, if there may be one."""
        if len(self.runs) == self._most:
            return False
        self.runs.append([])
        self._room, self._takes_text = ALL_EMBEDS - _REST, False
        return True


def _takes(embed: dict[str, Any], text: str) -> bool:
    """Whether text has room in the embed of the small card before it, which it is about."""
    return markdown.size(embed.get("description", "")) + 1 + markdown.size(text) <= DESCRIPTION


def _packed(pieces: Sequence[str], room: int, most: int) -> tuple[list[str], int]:
    """Pieces joined by line breaks into at most `most` descriptions, `room` in all; and how many pieces that are."""
    texts: list[str] = []
    taken = 0
    for piece in pieces:
        need = markdown.size(piece)
        if texts and markdown.size(texts[-1]) + 1 + need <= DESCRIPTION and need < room:
            texts[-1] += f"\n{piece}"
            room -= need + 1
        elif len(texts) < most and need <= min(room, DESCRIPTION):
            texts.append(piece)
            room -= need
        else:
            break
        taken += 1
    return [text for text in texts if markdown.is_visible(text)], taken


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
    links = _links(card.links, min(_LINKS, room))
    room -= markdown.size(links) + 1
    body = markdown.fitted(markdown.lines(card.body).strip(), min(_BODY, room))
    lines: dict[Line, str] = {
        "meta": meta,
        "body": body,
        "facts": facts,
        "footer": links,  # the footer of an embed is always its last line
    }
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


def _links(links: Sequence[tuple[str, str]], limit: int) -> str:
    """`**Also** Pandaily · TechNode · 3 more`: names that lead to where else it can be read, as many as have room."""
    line, number = "", 0
    for label, url in links[:_OUTLETS]:
        name = markdown.linked(label, url, _META // 5)
        longer = f"{line} · {name}" if line else f"{markdown.bold('Also')} {name}"
        if markdown.size(longer) > limit - _REST:
            break
        number += 1
        line = longer if markdown.is_visible(name) else line
    more = len(links) - number
    return f"{line} · {more} more" if line and more else line


def _colour(card: Card, tone: Tone) -> int:
    return _EMOJI_COLOURS.get(card.emoji[:1], _COLOURS[tone])


# -- text ------------------------------------------------------------------------------------------------------------


def _pieces(block: Sequence[Part]) -> Iterator[tuple[str, int]]:
    """Lines and blocks of markdown that must stay whole, each at most 4,096 long, with how many cards or rows each is."""
    before: Part | None = None
    for part in block:
        if isinstance(part, Text) and part.spans and isinstance(before, Card):
            yield "", 0  # a heading in a list stands apart
        before = part
        if isinstance(part, Code):
            yield from ((markdown.code(one), 0) for one in _split(markdown.lines(part.text).strip("\n"), "\n"))
        elif isinstance(part, Table):
            yield from ((_row(row), 1) for row in part.rows)
        elif isinstance(part, Card):
            yield _small(part), 1
        elif isinstance(part, Text):
            yield from ((one, 0) for one in _paragraphs(part))


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
    """A card in a list: one line, and below it what else there is to say."""
    emoji = f"{markdown.escape(one_line(card.emoji, 16))} " if card.emoji.strip() else "• "
    name = markdown.linked(card.headline if markdown.is_visible(card.headline) else "(no title)", card.url, _SMALL)
    name = f"**{name}**"
    meta = markdown.fitted(markdown.flat(card.meta).strip(), _META)
    body = markdown.fitted(markdown.flat(card.body).strip(), _SMALL)
    line = f"{emoji}{name}" + (f" · {meta}" if markdown.is_visible(meta) else "")
    return f"{line}\n{body}" if markdown.is_visible(body) else line
