"""Lists of names in an English line, mostly of investors."""

from __future__ import annotations

from bot.classify.deals.drafts import Said
from bot.classify.deals.english import Line
from bot.classify.deals.english_names import Span, is_name, is_place, run_back, run_forward
from bot.classify.deals.english_objects import Thing
from bot.classify.deals.english_subjects import before_bracket, skip_back
from bot.classify.deals.english_words import (
    DESCRIPTORS,
    DETERMINERS,
    GENERIC,
    LIST_FILL,
    NATIONS,
    PEOPLE,
    PREPOSITIONS,
    SUFFIXES,
)

_JOINERS = (
    ("and",), ("&",), ("plus",), ("alongside",), ("as", "well", "as"), ("along", "with"), ("together", "with"),
)  # fmt: skip
_ENDS_OWNED = PREPOSITIONS | {"and"}
_FILL = LIST_FILL - {"and", "of", "by", "from"}


def list_after(line: Line, at: int) -> tuple[list[Said], int]:
    """The names listed from this token on ("A, B and existing investor C"), and the token after them."""
    items: list[Said] = []
    end = at
    while len(items) < 30:
        if _is_lower_item(line, at):  # "NVentures, redalpine, Prosus Ventures"
            items.append(line.said(at, at))
            end, at = at + 1, _next_item(line, at + 1)
            continue
        at = _to_next_name(line, at)
        if at < 0:
            break
        thing = _investor(line, at)
        if thing is None:
            break
        if not is_place(line, thing.span):
            items.append(line.said(*thing.span))
        end = at = thing.end
        if line.low(at) == "(":
            at = _after_bracket(line, at)
            end = at
        at = _next_item(line, at)
        if at < 0:
            break
    return items, end


def _is_lower_item(line: Line, at: int) -> bool:
    """Whether one word in lower case between the commas of a list of names is a name too."""
    low = line.low(at)
    if (
        line.kind(at) != "w"
        or line.tokens[at].capital
        or line.low(at - 1) != ","
        or line.low(at + 1) not in {",", "and"}
    ):
        return False
    known = low in LIST_FILL or low in DESCRIPTORS or low in PREPOSITIONS or low in PEOPLE or low in GENERIC
    return len(low) > 3 and not known and not low.endswith(("s", "ing", "ed", "ly", "-led"))


def _to_next_name(line: Line, at: int) -> int:
    """The next name behind descriptions of investors; -1 if something else comes first."""
    for _ in range(12):
        low = line.low(at)
        if is_name(line, at) and not (
            line.kind(at) == "w" and low in LIST_FILL and (line.shouts or low in DETERMINERS)
        ):
            return at
        if low in LIST_FILL or low in DESCRIPTORS or low in {"(", '"'} or low.endswith(SUFFIXES) or low in PEOPLE:
            at += 1
        else:
            return -1
    return -1


def _investor(line: Line, at: int) -> Thing | None:
    """A name in a list; of "Samsung's venture arm" Samsung, of "Amazon's Industrial Fund" all, of "Google's GV" GV."""
    span = run_forward(line, at)
    if span is None:
        return None
    first, last = span
    if line.low(last + 1).endswith("-led"):
        return None
    if line.low(last + 1) in {"'s", "'"}:
        if (after := run_forward(line, last + 2)) and after[0] == last + 2:
            known = line.kind(after[1]) == "n" or not _generic_fund(line, after)
            return Thing(after if known else (first, after[1]), after[1] + 1)
        end = last + 2
        while line.kind(end) == "w" and not line.tokens[end].capital and line.low(end) not in _ENDS_OWNED:
            end += 1
        return Thing((first, last), end)
    return Thing(span, last + 1)


def _generic_fund(line: Line, span: Span) -> bool:
    return (
        line.low(span[1]) in {"fund", "funds", "2", "3", "ii", "iii", "ventures", "investment", "arm"}
        or line.low(span[0]) == "fund"
    )


def _after_bracket(line: Line, at: int) -> int:
    for end in range(at, min(at + 12, len(line.tokens))):
        if line.low(end) == ")":
            return end + 1
    return at


def _next_item(line: Line, at: int) -> int:
    """Where the next item begins after a comma or "and"; -1 if the list is over."""
    start = at + 1 if line.low(at) == "," else at
    for words in _JOINERS:
        if all(line.low(start + place) == word for place, word in enumerate(words)):
            return start + len(words)
    return start if start > at else -1


def _describes_investor(low: str) -> bool:
    return low in DESCRIPTORS or low in NATIONS or low in DETERMINERS or low in _FILL


def _manager(line: Line, at: int) -> Said | None:
    """Sony of "Sony-managed funds", if those end here."""
    if line.low(at) not in {"funds", "accounts"} or not line.low(at - 1).endswith(("managed", "advised")):
        return None
    if line.low(at - 2) == "-" and is_name(line, at - 3):
        return line.said(at - 3, at - 3)
    if "-" not in line.low(at - 1):
        return None
    token = line.tokens[at - 1]
    return Said(line.passage, token.start, token.end - len("-managed"))


def list_before(line: Line, at: int) -> list[Said]:
    """The names listed just before a verb ("A and B co-led"), in their order."""
    items: list[Said] = []
    at = skip_back(line, at - 1)
    while at >= 0 and len(items) < 12:
        if line.low(at) == ")":
            at = before_bracket(line, at)
        span = (at - (3 if line.low(at - 2) == "-" else 1), at) if _manager(line, at) else run_back(line, at)
        if span is None:
            break
        before = span[0] - 1
        if line.low(before) == "of" and line.low(before - 1) in PEOPLE:
            before -= 1  # "the founders of Acme" are not Acme
            while line.low(before) in PEOPLE:
                before -= 1
        else:
            items.append(_manager(line, at) or line.said(*span))
        while (
            before >= 0
            and line.kind(before) == "w"
            and not line.tokens[before].capital
            and _describes_investor(line.low(before))
        ):
            before -= 1
        if line.low(before) in {"and", "&"}:
            before -= 1
        elif line.low(before) != ",":
            break
        at = before - 1 if line.low(before) == "," else before
    return items[::-1]
