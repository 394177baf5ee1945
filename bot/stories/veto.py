"""What keeps two reports apart however alike they read: the same people, but another sum, round or other side."""

from __future__ import annotations

import re
from datetime import timedelta
from functools import lru_cache

from bot.model import Deal, Party
from bot.stories.agree import amount_of, parties, rounds, sums
from bot.stories.signature import Signature
from bot.stories.words import words

_ANOTHER_DAY = timedelta(hours=20)
_ANY_COMPANY = frozenset(
    words(
        "robot robotics AI technology technologies labs systems group holdings business unit 机器人 科技 智能 公司 集团"
    )
)
_VERSION = re.compile(r"\d+(?:\.\d+)+\w*")
_FIGURES = frozenset(("funding", "results", "acquisition", "ipo"))
_DEALS = ("funding", "acquisition", "ipo")


def main_deal(signature: Signature) -> Deal | None:
    """The deal that a report is about: the first of the kind of its event; None if it is about something else."""
    if signature.event not in _DEALS:
        return None
    return next((deal for deal in signature.deals if deal.type == signature.event), None)


def comparable(one: Signature, other: Signature) -> bool:
    """Whether there is anything by which `veto` may keep two reports apart. Asks nothing of the words of the other."""
    same_outlet = bool(one.source) and one.source == other.source
    return same_outlet or main_deal(one) is not None or main_deal(other) is not None or bool(_releases(one))


def veto(one: Signature, other: Signature) -> str:
    """Why two reports cannot tell one event although they read alike, in words; the empty string if they can."""
    if (
        one.source
        and one.source == other.source
        and _wording(one) == _wording(other)
        and one.link_key != other.link_key
    ):
        return "the same headline of the same outlet, for something else"
    mine, theirs = _releases(one), _releases(other)
    if mine and theirs and mine.isdisjoint(theirs):
        return "another release"
    here, there = main_deal(one), main_deal(other)
    for deal, silent in ((here, other), (there, one)):
        if deal is not None and deal.target is not None and not _mentions(silent, deal.target):
            return f"says nothing of {deal.target.name}"
    if here is None or there is None or here.type != there.type:
        return ""
    return _other_parties(here, there, one, other) or _other_terms(here, there)


def _other_parties(here: Deal, there: Deal, one: Signature, other: Signature) -> str:
    """Another company or another buyer, but for a buyer that has two targets in both reports ("Tesla or xAI")."""
    if here.target and there.target and parties(here.target, there.target) < 0:
        two = (
            here.type == "acquisition" and there.target.entity in one.entities and here.target.entity in other.entities
        )
        if not two and not (_says(other, here.target) or _says(one, there.target)):
            return f"another company: {here.target.name}, not {there.target.name}"
    if here.acquirer and there.acquirer and parties(here.acquirer, there.acquirer) < 0:
        return f"another buyer: {here.acquirer.name}, not {there.acquirer.name}"
    return ""


def _says(signature: Signature, party: Party) -> bool:
    """Whether all words of a name stand in a report: then that may mean the same, by another name or a misread one."""
    said = set(_named(party.name))
    return bool(said) and said <= {*signature.words, *signature.title}


def _wording(signature: Signature) -> frozenset[str]:
    """The words of a headline without its numbers."""
    return frozenset(word for word in signature.title if word.isalpha())


def _releases(signature: Signature) -> frozenset[str]:
    """The version numbers in a headline, but of news in which such numbers are figures."""
    if signature.event in _FIGURES:
        return frozenset()
    return frozenset([word for word in signature.title if "." in word and _VERSION.fullmatch(word)])


def _other_terms(here: Deal, there: Deal) -> str:
    """Another sum or another round, unless one of the two is the same."""
    mine, theirs = amount_of(here), amount_of(there)
    paid = sums(mine._replace(rough=True), theirs) if mine and theirs else 0
    staged = rounds(here.round, there.round) if here.round and there.round else 0
    if paid < 0 and staged <= 0:
        return "another sum"
    if staged < 0 and paid <= 0:
        return f"another round: {here.round}, not {there.round}"
    return ""


@lru_cache(maxsize=5_000)
def _named(name: str) -> tuple[str, ...]:
    """The words of a name."""
    return tuple(words(name))


def _mentions(signature: Signature, party: Party) -> bool:
    """Whether a report names somebody, or may: a name in the other language that nobody knows may be anything there."""
    if party.entity:
        if party.entity in signature.entities:
            return True
        if not signature.entities:
            return _mentions(signature, Party(party.name))
    said = _named(party.name)
    if not said or (party.name[0] >= "\u2e80") != signature.han:
        return True
    own = [word for word in said if word not in _ANY_COMPANY] or said
    return any(word in signature.words for word in own)


def became(deal: Deal, before: Deal, later: timedelta | None) -> str:
    """The state that a deal has reached since (`later`: how much) it was told before; empty if it is as it was.

    A round is announced when it has closed, so that is no new state. "Announced" is also what a report counts as that says
    nothing of the state: after talks it is a new one only if it comes on another day.
    """
    if deal.status in ("approved", "cancelled") and before.status != deal.status:
        return deal.status
    if deal.status == "closed" and deal.type != "funding" and before.status not in ("closed", "cancelled"):
        return deal.status
    decided = deal.status in ("announced", "closed")
    if decided and before.status in ("talks", "rumoured") and later is not None and later >= _ANOTHER_DAY:
        return deal.status
    return ""


def changed(one: Signature, other: Signature) -> str:
    """The new state of the deal that two reports are about ("approved"); empty if it is as it was, or they have no deal."""
    here, there = main_deal(one) or next(iter(one.deals), None), main_deal(other) or next(iter(other.deals), None)
    if here is None or there is None or here.type != there.type:
        return ""
    return became(here, there, passed(one, other))


def passed(one: Signature, other: Signature) -> timedelta | None:
    """How much later than the other a report was published; None where nobody knows."""
    return None if one.at is None or other.at is None else one.at - other.at
