"""Messages as Slack shows them: Block Kit, within every limit, with no text of others ever read as markup.

What feeds and people wrote goes into rich text and plain text elements, which Slack shows letter for letter: no mention, no
link and no formatting can come of it. The only mrkdwn is the top-level `text` (notifications, screen readers), escaped, and
the mention of user groups whose ids a manager gave.
https://docs.slack.dev/reference/block-kit, https://docs.slack.dev/messaging/formatting-message-text
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from html import unescape
from itertools import count
from typing import Any
from urllib.parse import quote

from bot.message import Actions, Button, Card, Code, Line, Menu, Message, Part, Table, Text, Tone
from bot.text import clean, one_line, shorten

Block = dict[str, Any]

MESSAGE_BLOCKS, VIEW_BLOCKS = 50, 100
TEXT, BLOCK_TEXT, MESSAGE_TEXT = 3_900, 3_000, 8_500
"""Characters: of the top-level text (`chat.update` takes 4,000), of one block, of all blocks of a message with room for
buttons and a last line (Slack refuses about 11,300: https://github.com/slackapi/bolt-js/issues/2509)."""

BUTTONS, OVERFLOW, SELECT = 25, 5, 100
LABEL, VALUE, OPTION_VALUE = 75, 2_000, 150

_HEADLINE, _LINE, _BODY, _FACTS, _FACT = 300, 300, 1_200, 10, 200
_OUTLETS = 8
_MANY_CARDS = 3  # above this a message is a list, and its cards take fewer lines
_URL = re.compile(r"https?://[^\s/\x00-\x20\x7f-\x9f]+[^\s\x00-\x20\x7f-\x9f]*", re.IGNORECASE)
_LONGEST_URL = 2_000
_USER_GROUP = re.compile(r"S[A-Z0-9]{6,20}")
_SPACE = re.compile(r"\s+")
_NEWLINES = re.compile("\r\n?|[\x0b\x0c\x85\u2028\u2029]")
_BLANK_LINES = re.compile(r"\n{3,}")
_COLUMNS = re.compile(r"(\S.*?) {2,}(\S.*)")
_WIDE = 70  # characters of a line that a desktop shows unbroken
_QUOTED = re.compile(r"`([^`\n]{1,200})`")
_ESCAPES = {"&": "&amp;", "<": "&lt;", ">": "&gt;"}
_STYLES = {"primary": "primary", "danger": "danger"}


# -- whole messages --------------------------------------------------------------------------------------------------


def payload(message: Message) -> Block:
    """`text` and `blocks` of one message; what has no room is cut, with a line that says so."""
    return pages(message, 1)[0]


def pages(message: Message, most: int) -> list[Block]:
    """A message as up to `most` messages of Slack, `text` and `blocks` each; what has no room in the last is cut."""
    runs = _paged(_counted(message), most, MESSAGE_BLOCKS, MESSAGE_TEXT)
    text = escaped(message.text, TEXT) or "(nothing to say)"
    return [{"text": text if number == 0 else "…", "blocks": run} for number, run in enumerate(runs)]


def page(message: Message, most_blocks: int = VIEW_BLOCKS) -> list[Block]:
    """The blocks of a message for a view, which takes more of them."""
    return _paged(_counted(message), 1, most_blocks, 2 * MESSAGE_TEXT)[0]


def unpictured(body: Block) -> Iterator[Block]:
    """The same message without its pictures, if it has any, for a Slack that could not fetch one."""
    bare = [{key: value for key, value in block.items() if key != "accessory"} for block in body.get("blocks", ())]
    if bare != body.get("blocks"):
        yield {**body, "blocks": bare}


def plainer(body: Block) -> Iterator[Block]:
    """The same message in simpler words, for a Slack that refuses it: without pictures, then its text alone."""
    yield from unpictured(body)
    yield {**body, "blocks": [{"type": "section", "text": plain(unescape(body["text"]), BLOCK_TEXT)}]}


def blocks(message: Message) -> list[Block]:
    """All blocks of a message, however many; none of them breaks a limit of its own."""
    return [block for block, _ in _counted(message)]


def _counted(message: Message) -> list[tuple[Block, int]]:
    """All blocks, each with the number of cards and rows that would be missed without it."""
    parts = message.parts or (Text(message.text),)
    compact = sum(isinstance(part, Card) for part in parts) > _MANY_CARDS
    numbers = count()
    found: list[tuple[Block, int]] = []
    for part in parts:
        made = _part(part, message.tone, compact, numbers)
        if isinstance(part, Card):
            found += [(block, int(number == 0)) for number, block in enumerate(made)]
        else:
            found += [(block, _rows_of(block)) for block in made]
    at = len(found) - (1 if found and found[-1][0]["type"] == "actions" else 0)
    found[at:at] = [(block, 0) for block in _mentions(message.mention)]
    return found or [(_rich([_text("(nothing to say)")]), 0)]


def _rows_of(block: Block) -> int:
    """The rows of a list, 0 for anything else."""
    lists = [one for one in block.get("elements", ()) if one.get("type") == "rich_text_list"]
    return sum(len(one["elements"]) for one in lists)


def _part(part: Part, tone: Tone, compact: bool, numbers: Iterator[int]) -> list[Block]:
    if isinstance(part, Card):
        return _list_card(part) if compact else _card(part)
    if isinstance(part, Table):
        return _table(part)
    if isinstance(part, Actions):
        return _actions(part, numbers)
    if isinstance(part, Code):
        return _code(part)
    if part.spans:
        return _sections([_marked(part.text[:BLOCK_TEXT], part.spans)])
    return _paragraphs(part.text, quoting=tone not in ("news", "deal"))


def _mentions(ids: str) -> list[Block]:
    """The user groups that are to be told: the only mrkdwn in a block, of nothing but ids."""
    said = " ".join(f"<!subteam^{one}>" for one in ids.split() if _USER_GROUP.fullmatch(one))
    return [{"type": "section", "text": {"type": "mrkdwn", "text": said}}] if said else []


def _paged(found: Sequence[tuple[Block, int]], most: int, most_blocks: int, most_text: int) -> list[list[Block]]:
    """Runs of blocks within the limits. A block of buttons at the very end outlives what is cut before it."""
    tail = [block for block, _ in found[-1:] if block["type"] == "actions"]
    runs: list[list[Block]] = [[]]
    room = most_text
    for at, (block, _) in enumerate(found):
        weight = _weight(block)
        last = at == len(found) - 1
        reserved = 0 if last else 1 + len(tail)
        full = len(runs[-1]) + 1 + (reserved if len(runs) == most else 0) > most_blocks or weight > room
        if full and last and tail:
            full = len(runs[-1]) >= most_blocks
        if full and len(runs) == most:
            left = sum(missed for _, missed in found[at:])
            runs[-1] += [_context(f"… and {left:,} more" if left else "… and more"), *tail]
            break
        if full:
            runs.append([])
            room = most_text
        runs[-1].append(block)
        room -= weight
    return runs


def _weight(node: Any) -> int:
    """How many characters of text a block has."""
    if isinstance(node, dict):
        own = sum(len(value) for key, value in node.items() if key in ("text", "alt_text") and isinstance(value, str))
        return own + sum(_weight(value) for value in node.values())
    return sum(map(_weight, node)) if isinstance(node, list) else 0


# -- cards -----------------------------------------------------------------------------------------------------------


def _card(card: Card) -> list[Block]:
    """Headline; outlet and time; what happened, facts, other outlets; who asked for it. The picture is beside the text."""
    meta, body, footer = one_line(card.meta, _LINE), _wrapped(card.body, _BODY), one_line(card.footer, _LINE)
    facts = _facts(card.facts)
    lines: dict[Line, list[Block]] = {
        "meta": [(_context(meta) if body else _told(meta, card))] if meta else [],
        "body": [_told(body, card)] if body else [],
        "facts": [_rich(facts)] if facts else [],
        "footer": [*([_rich(links)] if (links := _links(card.links)) else []), *([_context(footer)] if footer else [])],
    }
    return [_rich(_headline(card)), *(block for name in card.order for block in lines[name])]


def _told(body: str, card: Card) -> Block:
    """What happened, or the line that is there instead, with the picture beside it."""
    image = web_address(card.image)
    if not image:
        return _rich([_text(body)]) if card.body else _context(body)
    accessory = {"type": "image", "image_url": image, "alt_text": one_line(card.headline, _LINE) or "picture"}
    return {"type": "section", "text": plain(body, BLOCK_TEXT), "accessory": accessory}


def _list_card(card: Card) -> list[Block]:
    """One of many: all of it in one block, without a picture."""
    lines: dict[Line, list[Block]] = {
        "meta": [_text(one_line(card.meta, _LINE))],
        "body": [_text(_wrapped(card.body, _LINE))],
        "facts": _facts(card.facts),
        "footer": [_text(one_line(card.footer, _LINE), italic=True)],
    }
    elements, links = _headline(card), _links(card.links)
    for name in card.order:
        for line in (links, lines[name]) if name == "footer" else (lines[name],):
            elements += [_text("\n"), *line] if line and line[0]["text"] else []
    return [_rich(elements)]


def _headline(card: Card) -> list[Block]:
    """The emoji and the headline, linked; the matched words bold, or all of it if none are known."""
    source = card.headline[:_HEADLINE]
    pieces = [(words, bold or not card.spans) for words, bold in _pieces(source, card.spans)]
    if not any(words.strip() for words, _ in pieces):
        pieces = [("(no title)", True)]
    if len(card.headline) > _HEADLINE:
        pieces.append(("…", False))
    url = web_address(card.url)
    emoji = one_line(card.emoji, 8)
    shown = [_link(url, words, bold) if url else _text(words, bold=bold) for words, bold in pieces]
    return [_text(f"{emoji} "), *shown] if emoji else shown


def _facts(facts: Sequence[tuple[str, str]]) -> list[Block]:
    """Label and value pairs on one line, the labels bold: a phone then breaks it where it must, not after each."""
    elements: list[Block] = []
    for label, value in facts[:_FACTS]:
        name, said = one_line(label, LABEL), one_line(value, _FACT)
        if name or said:
            elements += [_text(" · ")] if elements else []
            elements += [_text(name, bold=True)] if name else []
            elements += [_text(f" {said}" if name else said)] if said else []
    return elements


def _links(links: Sequence[tuple[str, str]]) -> list[Block]:
    """Where else it can be read, on one line: labels that lead there, and how many more there are."""
    elements: list[Block] = []
    for label, url in links[:_OUTLETS]:
        if name := one_line(label, LABEL):
            address = web_address(url)
            elements += [
                _text(" · ") if elements else _text("Also ", bold=True),
                _link(address, name, False) if address else _text(name),
            ]
    more = len(links) - _OUTLETS
    return [*elements, _text(f" · {more} more")] if elements and more > 0 else elements


# -- text, code, tables ----------------------------------------------------------------------------------------------


def _paragraphs(text: str, quoting: bool) -> list[Block]:
    """Text that keeps its lines. In our own sentences words between backticks look like what can be typed."""
    found = []
    for chunk in _chunks(_wrapped(text, 0).split("\n"), "\n"):
        elements, at = [], 0
        for match in _QUOTED.finditer(chunk) if quoting else ():
            elements += [_text(chunk[at : match.start()]), _text(match[1], code=True)]
            at = match.end()
        found.append([*elements, _text(chunk[at:])])
    return _sections(found)


def _sections(found: Iterable[Sequence[Block]]) -> list[Block]:
    kept = ([element for element in elements if element["text"]] for elements in found)
    return [_rich(elements) for elements in kept if any(element["text"].strip() for element in elements)]


def _code(code: Code) -> list[Block]:
    """Lines as they stand; two columns that are too wide for that (a list of commands) become a list."""
    lines = _lines(code.text)
    columns = [match.groups() for match in map(_COLUMNS.fullmatch, lines) if match]
    if len(columns) == len(lines) > 2 and max(map(len, lines)) > _WIDE:
        return _lists([[_text(left[:_LINE], code=True), _text(f"  {right[:_LINE]}")] for left, right in columns])
    return [_preformatted(piece) for piece in _chunks(lines, "\n")]


def _table(table: Table) -> list[Block]:
    """Each row an entry of a list: its first cell bold, the others under their column's name where there are several."""
    names = [one_line(name, LABEL) for name in table.columns]
    return _lists([_row(names, [one_line(cell, _LINE) for cell in row]) for row in table.rows])


def _lists(rows: Iterable[list[Block]]) -> list[Block]:
    """Bullets, in as few blocks as they fit into; an empty row is left out."""
    found: list[Block] = []
    entries: list[Block] = []
    room = BLOCK_TEXT
    for row in rows:
        weight = _weight(row)
        if entries and weight > room:
            found.append(_bullets(entries))
            entries, room = [], BLOCK_TEXT
        if row:
            entries.append({"type": "rich_text_section", "elements": row})
            room -= weight
    return [*found, _bullets(entries)] if entries else found


def _row(names: Sequence[str], cells: Sequence[str]) -> list[Block]:
    elements: list[Block] = []
    size = 0
    for at, cell in enumerate(cells):
        if not cell:
            continue
        name = names[at] if at and len(cells) > 2 and at < len(names) else ""
        said = shorten(f"{name} {cell}" if name else cell, _LINE)
        size += len(said) + 3
        if size > BLOCK_TEXT:
            break
        elements += [_text(": " if len(cells) == 2 else " · ")] if elements else []
        elements.append(_text(said, bold=at == 0))
    return elements


def _bullets(entries: list[Block]) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_list", "style": "bullet", "elements": entries}]}


# -- buttons ---------------------------------------------------------------------------------------------------------


def _actions(actions: Actions, numbers: Iterator[int]) -> list[Block]:
    """One row. Each element's `value` is what pressing it says; what does not fit into a value cannot be pressed."""
    elements = []
    for item in actions.items[:BUTTONS]:
        element = button(item, f"say:{next(numbers)}") if isinstance(item, Button) else _menu(item, next(numbers))
        if element:
            elements.append(element)
    return [{"type": "actions", "elements": elements}] if elements else []


def button(item: Button, action_id: str) -> Block | None:
    """A button; None if its command is too long to be carried."""
    if not 0 < len(item.command) <= VALUE:
        return None
    label = " ".join(part for part in (item.emoji, item.label) if part)
    found: Block = {"type": "button", "action_id": action_id, "text": plain(label, LABEL), "value": item.command}
    if item.tone in _STYLES:
        found["style"] = _STYLES[item.tone]
    if item.tone == "danger":
        found["confirm"] = {
            "title": plain("Are you sure?", LABEL),
            "text": plain(f"This says: {item.command}", 300),
            "confirm": plain("Yes", 30),
            "deny": plain("No", 30),
        }
    return found


def _menu(menu: Menu, number: int) -> Block | None:
    """An overflow for a few choices, which shows no label of its own and so gives it to each; else a select."""
    short = len(menu.choices) <= OVERFLOW
    chosen = {command: label for label, command in menu.choices if 0 < len(command) <= OPTION_VALUE}
    options = [option(_named(menu.label, label) if short else label, said) for said, label in chosen.items()][:SELECT]
    if not options:
        return None
    action = {"action_id": f"say:{number}", "options": options}
    if short:
        return {"type": "overflow", **action}
    return {"type": "static_select", "placeholder": plain(menu.label, 150), **action}


def _named(menu: str, label: str) -> str:
    name = menu.strip(" .…")
    return label if not name or name.lower() == "more" or name.lower() in label.lower() else f"{name}: {label}"


def option(label: str, value: str) -> Block:
    """One choice of a select; `value` must have at most 150 characters."""
    return {"text": plain(label, LABEL), "value": value}


# -- the small pieces ------------------------------------------------------------------------------------------------


def plain(text: str, limit: int) -> Block:
    """A plain text object: shown letter for letter, `:smile:` too."""
    shown = shorten(_wrapped(text, 0).strip(), limit) or "…"
    return {"type": "plain_text", "text": shown, "emoji": False}


def escaped(text: str, limit: int) -> str:
    """Text for a mrkdwn field, without controls, at most `limit` characters as escaped; an entity is never cut in two.

    Only `& < >` are escaped (https://docs.slack.dev/messaging/formatting-message-text#escaping).
    """
    shown = _wrapped(text, limit)
    while len(found := "".join(_ESCAPES.get(char, char) for char in shown)) > limit:
        shown = shorten(shown, max(len(shown) - max((len(found) - limit) // 5, 1), 1))
    return found


def web_address(url: str) -> str:
    """The address as a link may carry it; "" if it is not http(s), has controls in it, or is longer than links may be."""
    if not _URL.fullmatch(url) or clean(url) != url:
        return ""
    target = quote(url, safe="!#$%&'()*+,/:;=?@[]~-._")
    return target if len(target) <= _LONGEST_URL else ""


def _rich(elements: Sequence[Block]) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": list(elements)}]}


def _preformatted(text: str) -> Block:
    return {"type": "rich_text", "elements": [{"type": "rich_text_preformatted", "elements": [_text(text)]}]}


def _context(text: str) -> Block:
    return {"type": "context", "elements": [plain(text, _LINE)]}


def _text(text: str, *, bold: bool = False, italic: bool = False, code: bool = False) -> Block:
    """Literal text. The style is always given: it is what tells a literal element from a text object of mrkdwn."""
    style = {name: True for name, on in (("bold", bold), ("italic", italic), ("code", code)) if on}
    return {"type": "text", "text": text, "style": style or {"bold": False}}


def _link(url: str, text: str, bold: bool) -> Block:
    return {"type": "link", "url": url, "text": text, "style": {"bold": bold}}


def _marked(source: str, spans: Iterable[tuple[int, int]]) -> list[Block]:
    return [_text(words, bold=bold) for words, bold in _pieces(source, spans)]


def _pieces(source: str, spans: Iterable[tuple[int, int]]) -> Iterator[tuple[str, bool]]:
    """One line in pieces, those in spans marked; cut at their edges before it is cleaned, so that none moves."""
    at = 0
    for first, last in [*sorted(spans), (len(source), len(source))]:
        start, end = max(first, at), min(last, len(source))
        if start <= end:
            cut = ((_flat(source[at:start]), False), (_flat(source[start:end]), True))
            yield from ((words, bold) for words, bold in cut if words)
            at = end


def _flat(text: str) -> str:
    """Clean text on one line; unlike `one_line` it keeps the spaces at the edges, where pieces meet."""
    return _SPACE.sub(" ", clean(text))


def _wrapped(text: str, limit: int) -> str:
    """Clean text whose lines stay, with at most one empty one between them; `limit` 0 cuts nothing."""
    shown = _BLANK_LINES.sub("\n\n", clean(_NEWLINES.sub("\n", text)).expandtabs(4)).strip("\n ")
    return shorten(shown, limit) if limit else shown


def _lines(text: str) -> list[str]:
    return clean(_NEWLINES.sub("\n", text)).expandtabs(4).rstrip().split("\n")


def _chunks(lines: Iterable[str], gap: str) -> list[str]:
    """Lines put together to texts of at most one block each; a longer line is broken."""
    found: list[str] = []
    for line in lines:
        for start in range(0, max(len(line), 1), BLOCK_TEXT):
            piece = line[start : start + BLOCK_TEXT]
            if found and len(found[-1]) + len(gap) + len(piece) <= BLOCK_TEXT:
                found[-1] += gap + piece
            else:
                found.append(piece)
    return [chunk for chunk in found if chunk.strip()]
