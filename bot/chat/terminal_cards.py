"""Messages as a terminal shows them: cards with a coloured bar, or plain text for pipes, logs and the transcript. Pure.

Feed text is hostile. It becomes rich `Text` objects and never goes through rich's markup; control characters are
dropped here once more, so that nothing in it can be an escape sequence; only http and https urls become links, per
https://gist.github.com/egmontkob/eb114294efbcd5adb1944c9f3cb5feda (OSC 8: bytes 32 to 126, at most 2,083 of them).
"""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from urllib.parse import quote

from rich.cells import cell_len
from rich.console import Console, Group, RenderableType
from rich.style import Style
from rich.text import Text as RichText

from bot.chat.terminal_wrap import clip, clusters, wrap
from bot.message import Actions, Button, Card, Code, Line, Message, Part, Table, Text, Tone
from bot.text import clean, one_line, shorten

# Of the sixteen colours that every terminal has and its owner has chosen, those that are legible on light and on dark
# backgrounds: classic blue is not on black, and the bright ones are greys in the Solarized themes.
_ACCENTS: dict[Tone, Style] = {
    "plain": Style(dim=True),
    "news": Style(color="cyan"),
    "deal": Style(color="green"),
    "good": Style(color="green"),
    "warning": Style(color="yellow"),
    "error": Style(color="red"),
}
_EMOJI_TONES: dict[str, Tone] = {
    **dict.fromkeys("💰💵💶💷💴💸🤝🏦🪙", "deal"),
    **dict.fromkeys("✅✔👍🎉", "good"),
    **dict.fromkeys("⚠🔔⏳🔇", "warning"),
    **dict.fromkeys("❌⛔🚫🛑", "error"),
}
_BAR = "▌ "
_BULLET = "• "
_DIM = Style(dim=True)
_BOLD = Style(bold=True)
_PLAIN = Style.null()

_URL = re.compile(r"https?://[^\s/\x00-\x20\x7f-\x9f]+[^\s\x00-\x20\x7f-\x9f]*", re.IGNORECASE)
_LONGEST_LINK = 2083
_NEWLINES = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_STACKED_MARKS = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]{3})[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]+"
)
_NUMBER = re.compile(r"[-+~≥≤$€£¥]?[\d.,]+\s?(?:[%kKmMbB]|[smhd]|ms|min)?|[-–—]?")

_TIME_OF_DAY = re.compile(r"\b\d\d:\d\d\b")

_HEADLINE_LIMIT = 500
_LINE_LIMIT = 300
_BRIEF = 160
_FEW = 3  # lines of body and facts that need no air around them
_OUTLETS = 8
_BODY_LIMIT = 2_000
_TEXT_LIMIT = 20_000
_NARROWEST_COLUMN = 8
_GAP = "  "


# -- three ways to show a message ------------------------------------------------------------------------------------


def render(message: Message, width: int, now: datetime | None = None) -> RenderableType:
    """The message as lines of at most `width` cells, a bar on the left in the colour of what it is.

    `now`, if given, stands as hours and minutes, in its own time zone, at the right of the first card, unless the card
    says a time of day itself.
    """
    return Group(*_message(message, width, now, plain=False))


def to_ansi(message: Message, width: int, now: datetime | None = None, *, no_color: bool = False) -> str:
    """What a terminal is sent, each line ended; `no_color` keeps bold, dim and links (https://no-color.org)."""
    out = io.StringIO()
    console = Console(
        file=out,
        width=max(width, 8) * 2,  # lines are broken already; rich must not break or crop what it measures otherwise
        force_terminal=True,
        color_system="standard",
        no_color=no_color,
        legacy_windows=False,
        markup=False,
        highlight=False,
        emoji=False,
        _environ={},
    )
    console.print(render(message, width, now), soft_wrap=True)
    return out.getvalue()


def to_text(message: Message, width: int, now: datetime | None = None) -> str:
    """Plain text without any escape sequence, each line ended; `now` stands with its date behind the first card's meta.

    Lines are at most `width` cells, but for a longer url, which stays whole on its own line so that it can be copied.
    """
    return "".join(f"{line.plain.rstrip()}\n" for line in _message(message, width, now, plain=True))


def news_line(message: Message) -> str:
    """What a message that was posted would say now, on one line: headline, outlets, what a deal comes to. No times: those
    always change."""
    card = next((part for part in message.parts if isinstance(part, Card)), None)
    if card is None:
        return one_line(f"↻ {message.text}", _LINE_LIMIT)
    outlets = re.split(r"(?:^| · )(?=[^·]*\d\d:\d\d|\d\d \w{3} \d{4})", card.meta, maxsplit=1)[0]
    body = one_line(card.body, _BRIEF) if message.tone == "deal" else ""
    told = (card.headline, outlets, body, *(value for _, value in card.facts))
    return one_line(f"↻ {' · '.join(filter(None, told))}", _LINE_LIMIT)


# -- messages --------------------------------------------------------------------------------------------------------


def _message(message: Message, width: int, now: datetime | None, plain: bool) -> list[RichText]:
    """All lines. Cards stand apart, everything between them hangs together."""
    parts = message.parts or (Text(message.text),)
    lines: list[RichText] = []
    for is_card, run in groupby(parts, key=lambda part: isinstance(part, Card)):
        blocks: list[list[RichText]] = []
        for part in run:
            accent = _accent(message.tone, part)
            if isinstance(part, Card):
                blocks.append(_framed_card(part, width, _stamp(part.meta, now, plain), accent, plain))
                now = None
            else:
                blocks.append(_barred(_part(part, _inner(width, plain)), accent, plain))
        gap = [] if is_card or plain else _barred([RichText()], _accent(message.tone, None), plain)
        body = _joined(blocks, gap or [RichText()])
        lines += [RichText(), *body] if lines else body
    return lines


def _stamp(meta: str, now: datetime | None, plain: bool) -> str:
    """When the message was said, as far as `meta` does not tell; plain text outlives the day, so it has the date."""
    if now is None:
        return ""
    formats = ["%Y-%m-%d"] if plain else []
    formats += [] if _TIME_OF_DAY.search(meta) else ["%H:%M"]
    return now.strftime(" ".join(formats))


def _accent(tone: Tone, part: Part | None) -> Style:
    """The colour of a part: its emoji knows better than the message's tone, where it says what kind of thing it is."""
    emoji = part.emoji[:1] if isinstance(part, Card) else ""
    return _ACCENTS[_EMOJI_TONES.get(emoji, tone)]


def _inner(width: int, plain: bool) -> int:
    return max(width if plain else width - len(_BAR), 8)


def _barred(lines: Iterable[RichText], accent: Style, plain: bool) -> list[RichText]:
    if plain:
        return list(lines)
    return [_line((_BAR, accent), line) for line in lines]


def _line(*pieces: RichText | tuple[str, Style]) -> RichText:
    """One line of pieces, which nothing may break again."""
    line = RichText(no_wrap=True, overflow="ignore", end="\n")
    for piece in pieces:
        line.append_text(piece) if isinstance(piece, RichText) else line.append(piece[0], piece[1])
    return line


def _joined(blocks: Iterable[Sequence[RichText]], gap: Sequence[RichText]) -> list[RichText]:
    """Blocks one below the other with a gap between; empty ones leave no gap."""
    lines: list[RichText] = []
    for block in blocks:
        if block:
            lines += [*gap, *block] if lines else block
    return lines


def _part(part: Part, width: int) -> list[RichText]:
    if isinstance(part, Code):
        return _code(part, width)
    if isinstance(part, Table):
        return _table(part, width)
    if isinstance(part, Card):
        return _card(part, width, "", _PLAIN, plain=True)
    if isinstance(part, Actions):
        return wrap(RichText(one_line(_commands(part), _BODY_LIMIT), _DIM), width)
    if part.spans:
        return wrap(_marked(part.text[:_BODY_LIMIT], part.spans, _PLAIN, _BOLD), width)
    return wrap(RichText(_paragraphs(part.text, _TEXT_LIMIT)), width)


def _commands(actions: Actions) -> str:
    """A terminal has no buttons: what each would say, to be typed. Of a menu the first choice stands for all."""
    said = [item.command if isinstance(item, Button) else item.choices[0][1] for item in actions.items]
    return _safe(" · ".join(f"`{command}`" for command in said))


# -- cards -----------------------------------------------------------------------------------------------------------


def _framed_card(card: Card, width: int, stamp: str, accent: Style, plain: bool) -> list[RichText]:
    """A card with its emoji hanging in the margin, and everything else aligned beside it."""
    emoji = _first_character(_safe(card.emoji).strip())
    hang = f"{emoji} " if emoji else _BULLET if plain else ""
    room = cell_len(hang)
    lines = _card(card, _inner(width, plain) - room, stamp, accent, plain)
    margins = [hang, *[" " * room] * (len(lines) - 1)]
    return _barred((_line((margin, _PLAIN), line) for margin, line in zip(margins, lines, strict=True)), accent, plain)


def _first_character(text: str) -> str:
    return text[: clusters(text)[0][1]] if text else ""


def _card(card: Card, width: int, stamp: str, accent: Style, plain: bool) -> list[RichText]:
    meta = _meta(card.meta, width, stamp, plain)
    body = wrap(RichText(_paragraphs(card.body, _BODY_LIMIT)), width) if card.body.strip() else []
    facts = _facts(card.facts, width)
    footer = wrap(RichText(one_line(_safe(card.footer), _BODY_LIMIT), _DIM), width) if card.footer.strip() else []
    lines: dict[Line, list[RichText]] = {
        "meta": meta,
        "body": body,
        "facts": facts,
        "footer": [*_links(card.links, width, plain), *footer],
    }
    head, tail, order = wrap(_headline(card, accent), width), _address(card.url, width, plain), list(card.order)
    if order[:1] == ["meta"]:
        head += lines[order.pop(0)]
    if order[-1:] == ["footer"]:
        tail = lines[order.pop()] + tail
    gap = [RichText()] if len(body) + len(facts) > _FEW else []
    return _joined((head, *(lines[name] for name in order), tail), [] if plain else gap)


def _headline(card: Card, accent: Style) -> RichText:
    """The headline: bold, the matched words in the card's colour, all of it a link.

    It is cut at the edges of the spans before it is cleaned, so that dropped characters move no highlight.
    """
    link = Style(bold=True, link=_target(card.url))
    matched = link + Style(color=accent.color, underline=True)
    text = _marked(card.headline[:_HEADLINE_LIMIT], card.spans, link, matched)
    if len(card.headline) > _HEADLINE_LIMIT:
        text.append("…", link)
    text.rstrip()
    return text if text.plain else RichText("(no title)", link)


def _marked(source: str, spans: Iterable[tuple[int, int]], style: Style, matched: Style) -> RichText:
    """One line with the spans in another style; cut at their edges before it is cleaned, so that none moves."""
    text = RichText()
    at = 0
    for first, last in sorted(spans):
        start, end = max(first, at), min(last, len(source))
        if start < end:
            text.append(_flat(source[at:start]), style)
            text.append(_flat(source[start:end]), matched)
            at = end
    text.append(_flat(source[at:]), style)
    return text


def _meta(meta: str, width: int, stamp: str, plain: bool) -> list[RichText]:
    """Outlet and time, dim; the stamp at the right edge where there is room, else left out (plain: always, behind)."""
    text = one_line(_safe(meta), _HEADLINE_LIMIT)
    if plain:
        text = " · ".join(filter(None, (text, stamp)))
    lines = wrap(RichText(text, _DIM), width) if text else []
    room = width - cell_len(lines[-1].plain) - len(stamp) if lines else 0
    if not plain and stamp and room >= len(_GAP):
        lines[-1].append(" " * room + stamp, _DIM)
    return lines


def _address(url: str, width: int, plain: bool) -> list[RichText]:
    """The url on one line: whole in plain text, else as much as fits, and a link."""
    target = _target(url)
    if not target:
        return []
    if plain:
        return [RichText(target)]
    shown = re.sub(r"^https?://(?:www\.)?", "", clean(url), flags=re.IGNORECASE).rstrip("/")
    return [RichText(clip(shown, width), Style(dim=True, underline=True, link=target))]


def _links(links: Sequence[tuple[str, str]], width: int, plain: bool) -> list[RichText]:
    """Where else it can be read: labels that lead there on one line; in plain text each on its own with its url."""
    named = [(one_line(_safe(label), 80), _target(url)) for label, url in links[:_OUTLETS]]
    found = [(label, target) for label, target in named if label]
    if not found:
        return []
    more = f"{len(links) - _OUTLETS} more" if len(links) > _OUTLETS else ""
    if plain:
        lines = [RichText(f"Also {label}{f'  {target}' if target else ''}") for label, target in found]
        return [*lines, *([RichText(f"Also {more}")] if more else [])]
    shown = RichText("Also ", _DIM)
    for number, (label, target) in enumerate(found):
        shown.append(" · " if number else "", _DIM).append(label, Style(dim=True, underline=bool(target), link=target))
    return wrap(shown.append(f" · {more}" if more else "", _DIM), width)


def _facts(facts: Sequence[tuple[str, str]], width: int) -> list[RichText]:
    """Label and value pairs in two columns, the values aligned."""
    pairs = [(one_line(_safe(label), 80), one_line(_safe(value), _BODY_LIMIT)) for label, value in facts]
    column = min(max((cell_len(label) for label, _ in pairs), default=0), max(width // 3, 6))
    lines: list[RichText] = []
    for label, value in pairs:
        shown = clip(label, column)
        pad = " " * (column - cell_len(shown))
        values = wrap(RichText(value), width - column - len(_GAP))
        lines.append(_line((shown + pad + _GAP, _DIM), values[0]))
        lines += [_line((" " * column + _GAP, _PLAIN), more) for more in values[1:]]
    return lines


# -- code and tables -------------------------------------------------------------------------------------------------


def _code(code: Code, width: int) -> list[RichText]:
    """Lines as they stand, a longer one folded below its second column; carets stand below what they point at."""
    lines: list[RichText] = []
    above = ""
    for line in _safe(code.text)[:_TEXT_LIMIT].expandtabs(4).rstrip("\n").split("\n"):
        if line.strip() == "^" and above:
            lines.append(
                _line((" " * cell_len(above[: line.index("^")]), _PLAIN), ("^", Style(bold=True, color="red")))
            )
        else:
            lines += _folded(line, width)
        above = line
    return lines


def _folded(line: str, width: int) -> list[RichText]:
    """A line too long, folded below its last column, or, where that would be too narrow, with the column below it."""
    if cell_len(line) <= width:
        return [RichText(line)]
    indent = len(line) - len(line.lstrip())
    columns = [match.end() for match in re.finditer(r"\S {2,}(?=\S)", line)]
    column = columns[-1] if columns else 0
    hang = cell_len(line[:column])
    if column and hang * 3 > width * 2:
        hang = min(indent + 4, width // 3)
        first = wrap(RichText(line[:column].rstrip()), width)
        rest = line[column:]
    else:
        hang = hang or min(indent + 2, width // 3)
        first = wrap(RichText(line), width)[:1]
        rest = line[len(first[0]) :].strip()
    return [*first, *(_line((" " * hang, _PLAIN), more) for more in wrap(RichText(rest), width - hang))]


def _table(table: Table, width: int) -> list[RichText]:
    """Columns side by side, or, where a column would be narrower than words are, each row as a list."""
    rows = [[one_line(_safe(cell), _BODY_LIMIT) for cell in row] for row in table.rows]
    names = [one_line(_safe(name), 80) for name in table.columns]
    natural = [max(cell_len(row[i]) if i < len(row) else 0 for row in [names, *rows]) for i in range(len(names))]
    widths = _fit(natural, width - len(_GAP) * (len(names) - 1))
    if any(given < min(wanted, _NARROWEST_COLUMN) for given, wanted in zip(widths, natural, strict=True)):
        return _joined((_facts(list(zip(names, row, strict=False)), width) for row in rows), [RichText()])
    right = [bool(rows) and all(_NUMBER.fullmatch(row[i]) for row in rows if i < len(row)) for i in range(len(names))]
    lines = _row(names, widths, right, _BOLD)
    lines.append(RichText(_GAP.join("─" * w for w in widths), _DIM))
    for row in rows:
        lines += _row(row, widths, right, _PLAIN)
    return lines


def _fit(natural: Sequence[int], room: int) -> list[int]:
    """Widths that sum to at most `room`: the widest columns give way first."""
    level = min(max(natural, default=0), max(room, 1))
    while level > 1 and sum(min(n, level) for n in natural) > room:
        level -= 1
    return [min(n, level) for n in natural]


def _row(cells: Sequence[str], widths: Sequence[int], right: Sequence[bool], style: Style) -> list[RichText]:
    columns = [wrap(RichText(cell, style), max(w, 1)) for cell, w in zip(cells, widths, strict=False)]
    lines: list[RichText] = []
    for at in range(max(map(len, columns), default=0)):
        line = RichText()
        for column, w, to_right in zip(columns, widths, right, strict=False):
            cell = column[at] if at < len(column) else RichText()
            pad = " " * (w - cell_len(cell.plain))
            line.append_text(_line((pad, _PLAIN), cell) if to_right else _line(cell, (pad, _PLAIN))).append(_GAP)
        line.rstrip()
        lines.append(line)
    return lines


# -- the last wall ---------------------------------------------------------------------------------------------------


def _safe(text: str) -> str:
    """Text that no terminal can take for anything else: no controls, `\\n` the only line break, no towers of marks."""
    return _STACKED_MARKS.sub(r"\1", clean(_NEWLINES.sub("\n", text)))


def _flat(text: str) -> str:
    """Safe text on one line; unlike `one_line` it keeps the spaces at the edges, where pieces meet."""
    return re.sub(r"\s+", " ", _safe(text))


def _paragraphs(text: str, limit: int) -> str:
    """Safe text whose lines stay, with at most one empty one between them."""
    return shorten(re.sub(r"\n{3,}", "\n\n", _safe(text).expandtabs(4)).strip("\n"), limit)


def _target(url: str) -> str | None:
    """The url as a link may carry it; None if it is not http(s), has controls in it, or is longer than links may be."""
    if not _URL.fullmatch(url) or clean(url) != url:
        return None
    target = quote(url, safe="!#$%&'()*+,/:;=?@[]~-._")
    return target if len(target) <= _LONGEST_LINK else None
