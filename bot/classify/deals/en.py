"""What English sentences say of financings, takeovers and listings: a walk over the words of a line with a rule for each verb."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from bot.classify.deals import en_funding, en_mergers
from bot.classify.deals.drafts import Draft, Said
from bot.classify.deals.english import Line, Page, has_signs
from bot.classify.deals.english_clauses import Clause, Found
from bot.classify.deals.english_names import is_place, run_forward
from bot.classify.deals.english_subjects import leading_company
from bot.classify.deals.english_words import DESCRIPTORS, PEOPLE
from bot.classify.deals.join import same_name
from bot.classify.passages import Passage

TRIGGERS: tuple[str, ...] = tuple(sorted(en_funding.TRIGGERS | en_mergers.TRIGGERS))
"""Words one of which every English sentence about a deal has."""


def find(passages: Sequence[Passage]) -> list[Draft]:
    """The drafts of an item's English passages, in the order of the text.

    A company that a clause only describes ("the Berlin-based startup", "it") is the one that the title or the opening of the
    summary names; where none does the draft has no target.
    """
    if not any(map(has_signs, passages)):
        return []
    pages = [Page(passage) for passage in passages]
    found = [one for page in pages for line in page.with_signs() for one in _of(line)]
    if not found:
        return []
    read = [line for page in pages for line in page.opening(3)]
    read += [one.line for one in found if one.line not in read]
    _right_way(found)
    found = _told(found)
    people = _people(read)
    for one in found:
        if one.target and one.target.words.lower() in people:
            one.target, one.unnamed = None, True
    company = _company(read, found, people)
    return [one.draft() for one in _resolved(found, company)]


def _of(line: Line) -> list[Found]:
    clause = Clause(line)
    en_mergers.read(clause)
    en_funding.read(clause)
    return clause.found


def _people(read: Iterable[Line]) -> set[str]:
    """The names that stand after a word for a person: "founder Ann Lee"."""
    names = set()
    for line in read:
        for at, token in enumerate(line.tokens):
            if token.low in PEOPLE and token.low not in DESCRIPTORS and (span := run_forward(line, at + 1)):
                names.add(line.said(*span).words.lower())
    return names


def _company(read: Sequence[Line], found: Sequence[Found], people: set[str]) -> Said | None:
    """Whom the item is about: who raises in it, else whose name opens a sentence."""
    for one in found:
        if one.type == "funding" and one.target:
            return one.target
    title = [line for line in read if line.passage.field == "title"]
    rest = [line for line in read if line.passage.field != "title"]
    for line in (*rest[:1], *title[:1], *rest[1:3]):
        said = leading_company(line)
        if (
            said
            and said.words.lower() not in people
            and not any(said.words in map(_words, (*one.lead, *one.investors)) for one in found)
        ):
            return said
    return None


def _words(said: Said) -> str:
    return said.words


def _resolved(found: Sequence[Found], company: Said | None) -> list[Found]:
    """With the company in the place of what only describes it."""
    for one in found:
        if one.target is None and one.unnamed and one.type == "funding" and (owner := _opening(one)):
            one.target = owner
        if one.target is None and one.unnamed and one.type == "funding" and company not in (*one.lead, *one.investors):
            one.target = company
        if one.acquirer is None and one.unnamed and one.type == "acquisition" and company != one.target:
            one.acquirer = company
    return [one for one in found if one.type == "funding" or one.target or one.alone]


def _opening(one: Found) -> Said | None:
    """Acme of "Acme was last valued at $1.5 billion after a $110 million Series E"."""
    span = run_forward(one.line, 0) if one.line.passage.field == "summary" else None
    if span is None or one.line.low(span[1] + 1) not in {"was", "has", "had"} or is_place(one.line, span):
        return None
    said = one.line.said(*span)
    return None if said in (*one.lead, *one.investors) else said


def _right_way(found: Sequence[Found]) -> None:
    """Turn "iRobot-Amazon deal" round where another sentence has Amazon buy or pay."""
    buyers = [one.acquirer for one in found if one.acquirer and not _is_hyphened(one)]
    for one in found:
        if one.target and _is_hyphened(one) and any(same_name(one.target, buyer) for buyer in buyers):
            one.target, one.acquirer = one.acquirer, one.target


def _is_hyphened(one: Found) -> bool:
    """Whether the parties are told as "X-Y", which leaves open who buys whom."""
    return bool(one.target and one.acquirer and one.acquirer.end + 1 == one.target.start)


def _told(found: list[Found]) -> list[Found]:
    """Without what knows but parties or a price, where nothing says of which deal; a stake may have its price so too."""
    if all(one.alone for one in found if one.type == "funding"):
        found = [one for one in found if one.type != "funding"]
    listed = next(
        (one for one in found if one.type == "ipo" and one.line.passage.field == "title" and not one.money), None
    )
    for one in found:
        if listed and one.bare and not (one.stage or one.lead or one.investors) and one.target in {None, listed.target}:
            one.type, one.target = "ipo", listed.target  # "it aims to raise $300M" is what the listing is to bring
            one.status = None
    prices = [one for one in found if one.alone and one.type == "acquisition"]
    if not prices:
        return found
    bought = [one.target for one in found if one.target and one.type == "acquisition" and not one.alone]
    stakes = [one for one in found if one.stake and not one.alone and not one.money]
    for one in prices:
        if bought:
            known = one.target is None or any(same_name(one.target, other) for other in bought)
        elif one.stake and any(other.type == "ipo" for other in found):
            known, one.type, one.acquirer, one.valuation, one.money = True, "ipo", None, one.money, None
        else:
            known = len(stakes) == 1
            one.type, one.target, one.acquirer = "funding", stakes[0].target if known else None, None
            if one.stake:
                one.money, one.valuation = None, one.money
        if not known:
            found = [other for other in found if other is not one]
    return found
