"""Which terms of a query are its anchors: those of which at least one holds of every item that it matches.

The rarest make the best anchors, for a query is asked only of items that have one. Numbers here are guesses at the share
of items that have a term; only their order matters.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.classify.query.grammar import Node
from bot.classify.query.syntax import (
    HasAmount,
    HasEntity,
    HasEvent,
    HasRole,
    HasRound,
    HasTopic,
    InField,
    InRegion,
    Leaf,
    ManySources,
    Near,
    Needle,
    Phrase,
    Prefix,
    Word,
)

NEVER = float("inf")
"""The share of items that have what is no anchor at all."""

# Guesses for a stream of which one item in five is about the trade.
_SHARES: dict[type[Leaf], float] = {
    HasEntity: 0.004,
    HasRound: 0.01,
    HasAmount: 0.02,
    HasRole: 0.05,
    HasEvent: 0.05,
    HasTopic: 0.1,
    InRegion: 0.2,
    ManySources: NEVER,
}
_FIELDS = {"lang": 0.3, "source": 0.02}

_LONGEST = 1000

_BY_LENGTH = [0.05 if letters < 4 else max(0.02 * 0.85 ** (letters - 4), 1e-6) for letters in range(_LONGEST + 1)]
"""Of words in spaced scripts: the longer, the rarer."""

_COMMON = """
a about after ai all also an and are as at be been but by can car chip china chinese companies company could data deal for from
funding global growth had has have he her his how humanoid humanoids in industrial industry intelligence into investment
investors is it its launch learning led like made makers making market may million model models more most new news next no not now
of on one or other our out over physical production raises report research robot robotics robots round said says see series she so
software some startup startups system systems tech technology than that the their them there they this time to two up us use used
using was we week were what when which who will with world would year years you your
公司 技术 市场 企业 发展 科技 机器 机器人 人形 人形机器人 智能 人工智能 具身 具身智能 融资 投资 领投 完成 发布 产品 中国
行业 产业 模型 大模型
"""
COMMON = frozenset(_COMMON.split())
"""Words that stand in one item of ten or more, in news of this trade or in any."""

OF_COMMON = 0.2


def share(leaf: Leaf) -> float:
    """The share of items of which a term holds."""
    match leaf:
        case Word(text) | Phrase(text) | Prefix(text):
            return share_of_words(text)
        case Near(parts):
            return min(map(share, parts))
        case InField(field, value):
            return _FIELDS.get(field) or 0.3 * share(value)
    return _SHARES[type(leaf)]


def share_of_words(text: str) -> float:
    """The share of items that have a needle."""
    if text in COMMON:
        return OF_COMMON
    letters = len(text)
    if not text.isascii():  # a Han character counts for two
        letters = (letters + len(text.encode("utf-8", "surrogatepass"))) // 2
    return _BY_LENGTH[letters] if letters < _LONGEST else _BY_LENGTH[-1]


def rarest(needle: Needle | Near) -> Needle:
    """The part of words near each other that is met least."""
    return min(needle.parts, key=share) if isinstance(needle, Near) else needle


def anchors(node: Node, shares: Sequence[float]) -> tuple[float, Sequence[int]]:
    """The share of items that have an anchor of a query, and the numbers of its anchors; (NEVER, ()) if it has none.

    `shares` are those of its terms.
    """
    if isinstance(node, int):
        return (shares[node], (node,)) if shares[node] < NEVER else (NEVER, ())
    if node.kind == "not":
        return NEVER, ()
    every = [anchors(part, shares) for part in node.parts]
    if node.kind == "any":
        total = sum(found[0] for found in every)
        return total, [number for found in every for number in found[1]] if total < NEVER else ()
    return min(every, key=_first)


def _first(found: tuple[float, Sequence[int]]) -> float:
    return found[0]
