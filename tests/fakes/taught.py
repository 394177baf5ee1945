"""What people taught, in memory: the tables of own entities, suggestions and verdicts."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from bot.classify.normal import needle
from bot.errors import Conflict
from bot.model import Person
from bot.people import Alias, OwnEntity, Proposal, Suggestion, SuggestionStatus, Verdict
from tests.fakes.state import Table, found


class FakeEntities(Table):
    """bot.repositories.Entities."""

    def add(self, entity: OwnEntity, names: Collection[str] = ()) -> None:
        if entity.id in self._at.entities:
            raise Conflict(f"there is an entity {entity.id} already")
        spellings = {needle(name): name for name in (*reversed([*names]), entity.name)}
        for name in spellings.values():
            self._free(name)
        self._change.entities[entity.id] = entity
        for name in dict.fromkeys((entity.name, *names)):
            self._at.aliases.setdefault(needle(name), Alias(entity.id, name, entity.by, entity.at))
        self._at.entities_revision += 1

    def all(self) -> list[OwnEntity]:
        return list(self._at.entities.values())

    def remove(self, entity_id: str) -> None:
        found(self._at.entities.get(entity_id), "own entity", entity_id)
        del self._change.entities[entity_id]
        self._at.aliases = {key: one for key, one in self._at.aliases.items() if one.entity != entity_id}
        self._at.suggestions = {key: one for key, one in self._at.suggestions.items() if one.entity != entity_id}
        self._at.entities_revision += 1

    def alias(self, alias: Alias) -> None:
        self._free(alias.name)
        self._change.aliases[needle(alias.name)] = alias
        self._at.entities_revision += 1

    def unalias(self, entity_id: str, name: str) -> None:
        there = self._at.aliases.get(needle(name))
        found(there if there and there.entity == entity_id else None, "spelling", name)
        del self._change.aliases[needle(name)]
        self._at.entities_revision += 1

    def aliases(self) -> list[Alias]:
        return list(self._at.aliases.values())

    def revision(self) -> int:
        return self._at.entities_revision

    def _free(self, name: str) -> None:
        if there := self._at.aliases.get(needle(name)):
            raise Conflict(f"{name} is a name of {there.entity} already")


class FakeSuggestions(Table):
    """bot.repositories.Suggestions."""

    def add(self, proposals: Collection[Proposal], at: datetime) -> None:
        for one in proposals:
            old = self._of(one) or Suggestion(self._change.new_id(), one.entity, one.alias, "proposed", (), (), at)
            self._change.suggestions.setdefault(old.id, old)
            if old.status == "proposed":
                stories = tuple(sorted({*old.stories, one.story_id}))
                items = tuple(dict.fromkeys((*old.items, *one.items)))
                self._at.suggestions[old.id] = replace(old, stories=stories, items=items)

    def all(self, status: SuggestionStatus = "proposed") -> list[Suggestion]:
        found = [one for one in self._at.suggestions.values() if one.status == status]
        return sorted(found, key=lambda one: (-len(one.stories), one.id))

    def get(self, suggestion_id: int) -> Suggestion:
        return found(self._at.suggestions.get(suggestion_id), "suggestion", suggestion_id)

    def decide(self, suggestion_id: int, status: SuggestionStatus, by: Person, at: datetime) -> Suggestion:
        decided = replace(self.get(suggestion_id), status=status, by=by, decided=at)
        self._change.suggestions[suggestion_id] = decided
        return decided

    def _of(self, proposal: Proposal) -> Suggestion | None:
        key = (proposal.entity, needle(proposal.alias))
        return next((one for one in self._at.suggestions.values() if (one.entity, needle(one.alias)) == key), None)


class FakeVerdicts(Table):
    """bot.repositories.Verdicts."""

    def add(self, verdict: Verdict) -> None:
        found(self._at.watchlists.get(verdict.watchlist_id), "watchlist", verdict.watchlist_id)
        key = (verdict.watchlist_id, verdict.story_id, verdict.person)
        self._change.verdicts.pop(key, None)
        self._at.verdicts[key] = verdict
        self._at.verdicts_revision += 1

    def of(self, watchlist_id: int) -> list[Verdict]:
        mine = [one for one in self._at.verdicts.values() if one.watchlist_id == watchlist_id]
        return sorted(mine, key=lambda one: one.at)

    def reset(self, watchlist_id: int) -> int:
        mine = self.of(watchlist_id)
        if mine:
            self._change.verdicts = {key: one for key, one in self._at.verdicts.items() if key[0] != watchlist_id}
            self._at.verdicts_revision += 1
        return len(mine)

    def revision(self) -> int:
        return self._at.verdicts_revision
