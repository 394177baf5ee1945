"""Why one term of a query does not hold, in a few plain words."""

from __future__ import annotations

from bot.classify.knowledge.regions import region_name
from bot.classify.knowledge.seeds import Knowledge
from bot.classify.knowledge.topics import MATCHED
from bot.classify.query.conditions import Bound, condition
from bot.classify.query.facts import Facts
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
    Query,
    Word,
)
from bot.classify.query.view import View
from bot.model import Deal

_NO_DEAL = "no deal is reported"


def reason(leaf: Leaf, bound: Bound, view: View, facts: Facts, knowledge: Knowledge) -> str:
    """What is the case instead of a term that does not hold of an item and one of its deals."""
    match leaf:
        case Word() | Phrase() | Prefix():
            said = _not_there(leaf)
        case Near(parts, distance):
            said = _apart(parts, distance, view)
        case InField(field, value):
            said = _not_in_field(field, value, view)
        case HasTopic(topic):
            score = view.about.topics.get(topic, 0.0)
            said = f"its score is {score:.2f}, and takes more than {MATCHED:.2f}" if score else "nothing speaks for it"
        case HasEntity(_, entity):
            said = f"{_name(entity, knowledge)} is not named"
        case InRegion(region):
            said = f"nobody named is known to sit in {region_name(region)}"
        case HasEvent():
            happened = f"what happened is “{view.about.event}”"
            said = _of(facts, f"{happened}, the deal is “{facts.deal.type}”", view) if facts.deal else happened
        case HasRole():
            said = _without_role(leaf, bound, view, knowledge)
        case HasRound():
            found = facts.deal.round if facts.deal else ""
            said = _of(facts, f"the round is {found}" if found else "it names no round", view)
        case HasAmount():
            said = _of(facts, _beyond(leaf, facts), view)
        case ManySources():
            said = "that is asked of the story"
    return said


def words_of(part: Query) -> str:
    """A part of a query inside a sentence."""
    return f"“{part.text}”" if isinstance(part, Word | Phrase) else str(part)


def _not_there(needle: Needle) -> str:
    if isinstance(needle, Prefix):
        return f"no word begins with “{needle.text}”"
    return f"the {'word' if isinstance(needle, Word) else 'phrase'} “{needle.text}” is not there"


def _apart(parts: tuple[Needle, ...], distance: int, view: View) -> str:
    for part in parts:
        if not condition(part, Bound())(view, view.facts[0]):
            return _not_there(part)
    return f"these words are there, but nowhere within {distance} words of each other"


def _not_in_field(field: str, value: Needle | Near, view: View) -> str:
    if field == "lang":
        return f"the language is {view.item.lang}" if view.item.lang else "the language is not known"
    if field == "source":
        return f"the source is “{view.item.source}”" if view.item.source else "the source is not known"
    elsewhere = condition(value, Bound())(view, view.facts[0])
    return "it is in the summary, not in the title" if elsewhere else "it is not in the title"


def _name(entity: str, knowledge: Knowledge) -> str:
    try:
        return knowledge.entity(entity).name
    except KeyError:
        return entity


def _without_role(leaf: HasRole, bound: Bound, view: View, knowledge: Knowledge) -> str:
    """Who is named in which role instead, if the role is asked of somebody."""
    names = " or ".join(_name(entity, knowledge) for entity in sorted(bound))
    if not bound:
        return f"nobody known is in the role {leaf.role}"
    roles = [one.role for one in view.named(bound)]
    return f"{names} is not in the role {leaf.role}" + (f", but {' and '.join(dict.fromkeys(roles))}" if roles else "")


def _of(facts: Facts, text: str, view: View) -> str:
    """What is said of a deal; of which, if there are several."""
    if facts.deal is None:
        return _NO_DEAL
    target = facts.deal.target
    return f"{text} ({target.name})" if len(view.facts) > 1 and target else text


def _beyond(leaf: HasAmount, facts: Facts) -> str:
    if facts.amount is None:
        return "it names no amount" if not _has_sum(facts.deal) else "its amount has no rate in US dollars"
    amount = str(HasAmount(facts.amount, facts.amount)).partition("=")[2]
    asked = str(leaf).partition(":")[2]
    opposite = {">=": "<", "<=": ">"}.get(asked[:2])
    return f"{amount} {opposite} {asked[2:]}" if opposite else f"{amount} is not {asked}"


def _has_sum(deal: Deal | None) -> bool:
    return deal is not None and deal.amount is not None
