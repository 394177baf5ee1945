"""Who did what: the role of each entity that an item names."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, get_args

from bot.classify.events.role_clauses import clause_roles
from bot.classify.events.subjects import subjects
from bot.classify.passages import Passage
from bot.model import Deal, DealType, EventType, Evidence, Party, Role

_RANK: Mapping[str, int] = {role: rank for rank, role in enumerate(get_args(Role))}  # what says most comes first
_MENTION: tuple[Role, Evidence | None] = ("mention", None)
# Which evidence of a deal shows the party of a role, best first.
_SHOWN: Mapping[Role, tuple[str, ...]] = {
    "lead": ("deal.lead", "deal.investor"),
    "investor": ("deal.investor", "deal.lead"),
    "acquirer": ("deal.acquirer",),
    "target": ("deal.target",),
    "investee": ("deal.target",),
    "subject": ("deal.target",),
}


_RECEIVES: Mapping[DealType, Role] = {"funding": "investee", "acquisition": "target", "ipo": "subject"}


class _Claim(NamedTuple):
    role: Role
    entity: str
    evidence: Evidence | None


def find_roles(
    passages: Sequence[Passage], deals: Sequence[Deal], event: EventType
) -> Mapping[str, tuple[Role, Evidence | None]]:
    """For each entity named in the passages its role, the one that says most if it has several, and what says so.

    The evidence's `what` is `role:ROLE`; a mere mention has none. What a role is read from are the clauses around the names
    ("led by", "被…收购"), then the deals' parties, then the subject of the title and of the text's first sentence.
    """
    roles = {name.entity: _MENTION for passage in passages for name in passage.names}
    if not roles:
        return roles
    for claim in _claims(passages, deals, event):
        known = roles.get(claim.entity)
        if known is not None and _RANK[claim.role] < _RANK[known[0]]:
            roles[claim.entity] = (claim.role, claim.evidence)
    return roles


def _claims(passages: Sequence[Passage], deals: Sequence[Deal], event: EventType) -> Iterator[_Claim]:
    for passage in passages:
        if not passage.names:
            continue
        for role, name, start, end in clause_roles(passage):
            yield _Claim(role, name.entity, passage.evidence(f"role:{role}", start, end))
    for deal in deals:
        yield from _of_deal(deal)
    for passage in passages:
        for name in subjects(passage, event) if passage.names else ():
            yield _Claim("subject", name.entity, passage.evidence("role:subject", name.start, name.end))


def _of_deal(deal: Deal) -> Iterator[_Claim]:
    """The parties that the gazetteer knows."""
    parties: tuple[tuple[Role, Iterable[Party | None]], ...] = (
        ("lead", deal.lead),
        ("investor", deal.investors),
        ("acquirer", (deal.acquirer,)),
        (_RECEIVES[deal.type], (deal.target,)),
    )
    for role, those in parties:
        for party in those:
            if party is not None and party.entity:
                yield _Claim(role, party.entity, _shown(deal, role, party))


def _shown(deal: Deal, role: Role, party: Party) -> Evidence | None:
    """Where the deal names the party: the evidence with its very words, else any of the right kind."""
    fitting = [one for what in _SHOWN[role] for one in deal.evidence if one.what == what]
    exact = [one for one in fitting if party.name in one.words]
    for one in exact or fitting:
        return Evidence(f"role:{role}", one.words, one.field, one.start, one.end, one.weight)
    return None
