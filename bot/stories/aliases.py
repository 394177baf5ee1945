"""Names that reports of one story suggest for an entity: the same deal, told with a name that we know and one that we do not.

Nothing is applied here: a proposal waits until a person accepts it. So precision comes first, and whatever could pair two
different companies is left out: deals without a sum, reports with many deals, deals that could be paired in two ways,
a report that names the entity elsewhere by a name that we know, words that only describe ("the startup", 该公司).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import combinations

from bot.model import Deal, Party, StoredItem
from bot.people import Proposal
from bot.text import UNSPACED, bare

CLOSE = 0.05
"""How far apart two sums in dollars may be: rates of different days, and rounding ("近10亿元" and "$140m")."""

_MOST_DEALS = 3  # a report with more is a round-up
_LONGEST = 40
_MOST_WORDS = 8
_DESCRIBES = re.compile(
    r"(?:the|an?|this|that|its?|his|her|our|their|another|some|unnamed|undisclosed)\b"
    r"|(?:.* )?(?:compan(?:y|ies)|start-?ups?|firms?|unit|business|division|maker|developer|manufacturer|group of \w+|"
    r"investors?|funds|backers?|sharehold\w+|consorti\w+)$",
    re.IGNORECASE,
)
_DESCRIBES_ZH = re.compile(
    r"^(?:该|某|这家|那家|其|此|一家|一些|多家|数家|本公司|公司|企业|团队|初创|上市|国内|国外|知名|老股东|旗下|机构|投资)"
    r"|(?:公司|企业|机构|等)$"
)
# words of the sentence around a name, left in it by a reader that went too far
_SENTENCE_ZH = re.compile("洽谈|预计|包括|最初|额外|至多|完成|宣布|融资|收购|获得|正在|正就|[，、。：]|CEO|创始人")
_HAN = re.compile(f"[{UNSPACED}]")
_RUNS = re.compile(f"[{UNSPACED}]+|[^\\W_{UNSPACED}]+")
_LATIN = re.compile("[A-Za-z]")


def propose(reports: Sequence[StoredItem], owner: Callable[[str], str]) -> list[Proposal]:
    """What the reports of one story suggest, each spelling of an entity once.

    `owner` answers the id of the entity that has a name, the empty string if nobody has it.

    Two reports suggest a name where both tell a deal of one type and one sum (the same in one currency, or within `CLOSE` in
    dollars), of one round if both say it, and one calls the target, the acquirer or the only lead by a name of the
    gazetteer, the other by one that nobody has. In one script they must share a word or agree on the round, too.
    """
    found: dict[tuple[str, str], Proposal] = {}
    telling = [one for one in reports if 0 < len(one.deals) <= _MOST_DEALS]
    for first, second in combinations(telling, 2):
        for mine, other in _pairs(first, second):
            for entity, name in _names(first, mine, second, other, owner):
                proposal = Proposal(entity, name, first.story_id, (first.item.id, second.item.id))
                found.setdefault((entity, bare(name)), proposal)
    return list(found.values())


def same_deal(one: Deal, other: Deal) -> bool:
    """Whether two reports can mean one deal: type and sum, and the round where both say it."""
    if one.type != other.type or (one.round and other.round and one.round != other.round):
        return False
    if one.amount is not None and (one.amount, one.currency) == (other.amount, other.currency):
        return True
    if not (one.amount_usd and other.amount_usd):
        return False
    return abs(one.amount_usd - other.amount_usd) <= CLOSE * max(one.amount_usd, other.amount_usd)


def _pairs(first: StoredItem, second: StoredItem) -> Iterator[tuple[Deal, Deal]]:
    """The deals that both reports tell, where it is beyond doubt which is which."""
    pairs = [(mine, other) for mine in first.deals for other in second.deals if same_deal(mine, other)]
    for mine, other in pairs:
        if sum(a is mine or b is other for a, b in pairs) == 1:
            yield mine, other


def _names(
    first: StoredItem, mine: Deal, second: StoredItem, other: Deal, owner: Callable[[str], str]
) -> Iterator[tuple[str, str]]:
    """An entity and the unknown name in its place, whichever of the reports knows it."""
    for a, b in zip(_parties(mine), _parties(other), strict=True):
        for report, party, stranger in ((second, a, b), (first, b, a)):
            if party is None or stranger is None or not party.entity or stranger.entity:
                continue
            if party.entity in report.entities or not _is_name(stranger.name):
                continue
            if owner(stranger.name) or any(owner(part) not in ("", party.entity) for part in _inside(stranger.name)):
                continue
            if _scripts(party.name) != _scripts(stranger.name) or _alike(party.name, stranger.name, mine, other):
                yield party.entity, stranger.name


def _parties(deal: Deal) -> tuple[Party | None, Party | None, Party | None]:
    """Who can be told apart in a deal: the target, the acquirer, the lead if there is one alone."""
    return deal.target, deal.acquirer, deal.lead[0] if len(deal.lead) == 1 else None


def _alike(name: str, stranger: str, mine: Deal, other: Deal) -> bool:
    """Whether names of one script may be of one company: they share a word, or both reports say the same round."""
    shared = set(bare(name).split()) & set(bare(stranger).split())
    return bool(shared) or bool(mine.round and mine.round == other.round)


def _is_name(text: str) -> bool:
    """Whether it reads like a name, not like a description."""
    if not 1 < len(text) <= _LONGEST or not bare(text):
        return False
    if _HAN.search(text):
        return not (_DESCRIBES_ZH.search(text) or _SENTENCE_ZH.search(text))
    return not _DESCRIBES.match(text) and any(char.isupper() or char.isdigit() for char in text)


def _inside(text: str) -> Iterator[str]:
    """The names that may stand inside a name: its words and runs of one script, one or more in a row."""
    words = list(_RUNS.finditer(text))[:_MOST_WORDS]
    for first, last in combinations(range(len(words) + 1), 2):
        yield text[words[first].start() : words[last - 1].end()]


def _scripts(text: str) -> tuple[bool, bool]:
    return bool(_HAN.search(text)), bool(_LATIN.search(text))
