"""What people asked for, in memory: hours, mutes, followed stories, digests; and forgetting it all."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace
from datetime import datetime

from bot.model import TERMINAL, Person, Place, is_own, own_place
from bot.people import AUDIT_KEPT, Change, DigestEntry, Hours, Mute, MuteKind, Sent
from tests.fakes.state import State, Table, found


class FakeHours(Table):
    """bot.repositories.HourBook."""

    def get(self, place: Place) -> Hours:
        return self._at.hours.get(place, Hours(place))

    def set(self, hours: Hours) -> None:
        self._change.hours[hours.place] = hours


class FakeMutes(Table):
    """bot.repositories.Mutes."""

    def add(self, mute: Mute) -> None:
        there = self._change.mutes.items()
        over = [key for key, one in there if key[0] == mute.place and one.until and one.until <= mute.at]
        for key in (*over, (mute.place, mute.kind, mute.what)):
            self._at.mutes.pop(key, None)
        self._at.mutes[mute.place, mute.kind, mute.what] = mute

    def of(self, places: Collection[Place], now: datetime) -> list[Mute]:
        mine = [one for one in self._at.mutes.values() if one.place in places]
        return [one for one in mine if one.until is None or one.until > now]

    def remove(self, place: Place, kind: MuteKind, what: str) -> None:
        found(self._at.mutes.get((place, kind, what)), "mute", what)
        del self._change.mutes[place, kind, what]


class FakeFollows(Table):
    """bot.repositories.Follows."""

    def add(self, story_id: int, place: Place, at: datetime) -> None:
        self._change.follows.setdefault((story_id, place), at)

    def of(self, story_ids: Collection[int]) -> set[tuple[int, Place]]:
        return {pair for pair in self._at.follows if pair[0] in story_ids}

    def at(self, place: Place) -> list[int]:
        return [story_id for story_id, there in self._at.follows if there == place]

    def remove(self, story_id: int, place: Place) -> None:
        found(self._at.follows.get((story_id, place)), "followed story", story_id)
        del self._change.follows[story_id, place]

    def merge(self, into: int, other: int) -> None:
        for story_id, place in [pair for pair in self._change.follows if pair[0] == other]:
            at = self._at.follows.pop((story_id, place))
            self._at.follows.setdefault((into, place), at)


class FakeDigests(Table):
    """bot.repositories.Digests."""

    def add(self, entries: Collection[DigestEntry]) -> None:
        for one in entries:
            key = (one.item.story_id, one.place)
            there = self._change.gathered.get(key, one)
            self._at.gathered[key] = replace(
                there, watchlists=tuple(dict.fromkeys((*there.watchlists, *one.watchlists)))
            )
            self._at.looks.setdefault(one.place, one.at)

    def waiting(self, story_ids: Collection[int]) -> set[tuple[int, Place]]:
        return {pair for pair in self._at.gathered if pair[0] in story_ids}

    def drop(self, told: Collection[tuple[int, Place]]) -> None:
        self._change.gathered = {key: one for key, one in self._at.gathered.items() if key not in told}

    def merge(self, into: int, other: int) -> None:
        for story_id, place in [pair for pair in self._change.gathered if pair[0] == other]:
            entry = self._at.gathered.pop((story_id, place))
            self._at.gathered.setdefault((into, place), replace(entry, item=replace(entry.item, story_id=into)))

    def entries(self, place: Place) -> list[DigestEntry]:
        return [one for one in self._at.gathered.values() if one.place == place]

    def due(self, now: datetime, limit: int) -> list[Place]:
        due = sorted((at, place) for place, at in self._at.looks.items() if at <= now)
        return [place for _, place in due][:limit]

    def rewind(self, now: datetime) -> None:
        self._change.looks = {place: min(at, now) for place, at in self._at.looks.items()}

    def look(self, place: Place, at: datetime) -> None:
        if place in self._change.looks:
            self._at.looks[place] = at

    def clear(self, place: Place, sent: Sent | None = None) -> None:
        self._change.gathered = {key: one for key, one in self._at.gathered.items() if key[1] != place}
        self._at.looks.pop(place, None)
        if sent is not None:
            self._at.sent[place] = sent

    def sent(self, place: Place) -> Sent | None:
        return self._at.sent.get(place)


class FakeAudit(Table):
    """bot.repositories.Audit."""

    def add(self, change: Change) -> None:
        self._change.audit = [one for one in self._at.audit if one.at >= change.at - AUDIT_KEPT]
        self._at.audit.append(change)

    def recent(self, where: str, limit: int, private: bool = True) -> list[Change]:
        mine = [one for one in reversed(self._at.audit) if not where or _there(one.place, where)]
        return [one for one in mine if private or not is_own(one.place)][: max(limit, 0)]


class FakeDepartures(Table):
    """bot.repositories.Departures."""

    def count(self, where: str) -> dict[str, int]:
        at = self._at
        waiting = [row for row in at.outbox.values() if row.state == "waiting" and _there(row.alert.place, where)]
        return {
            "watchlists": sum(_there(one.place, where) for one in at.watchlists.values()),
            "stories": sum(_there(place, where) for _, place in at.follows),
            "mutes": sum(_there(key[0], where) for key in at.mutes),
            "verdicts": len(self._verdicts(where)),
            "waiting": len(waiting) + sum(_there(place, where) for _, place in at.gathered),
        }

    def forget(self, where: str) -> dict[str, int]:
        counted, gone = self.count(where), set(self._verdicts(where))
        at = self._change
        lists = {str(one.id) for one in at.watchlists.values() if _there(one.place, where)}
        at.verdicts = {key: one for key, one in at.verdicts.items() if key not in gone}
        at.watchlists = {
            key: replace(one, owner=_nameless(one.owner, where))
            for key, one in at.watchlists.items()
            if str(key) not in lists
        }
        at.mutes = {
            key: replace(one, by=_nameless(one.by, where))
            for key, one in at.mutes.items()
            if not _there(one.place, where) and not (one.kind == "watchlist" and one.what in lists)
        }
        at.follows = {key: one for key, one in at.follows.items() if not _there(key[1], where)}
        at.gathered = {key: one for key, one in at.gathered.items() if not _there(key[1], where)}
        at.outbox = {key: row for key, row in at.outbox.items() if not _there(row.alert.place, where)}
        at.told = {pair: one for pair, one in at.told.items() if not _there(pair[1], where)}
        at.feeds = {
            key: replace(
                one,
                place=TERMINAL if _there(one.place, where) else one.place,
                person=_nameless(one.person, where),
            )
            for key, one in at.feeds.items()
        }
        at.audit = [
            replace(one, person=_nameless(one.person, where)) for one in at.audit if not _there(one.place, where)
        ]
        at.entities = {key: replace(one, by=_nameless(one.by, where)) for key, one in at.entities.items()}
        at.aliases = {key: replace(one, by=_nameless(one.by, where)) for key, one in at.aliases.items()}
        self._forget_places(at, where)
        return counted

    def _forget_places(self, at: State, where: str) -> None:
        tables: tuple[dict[Place, object], ...] = (at.hours, at.looks, at.sent, at.waits, at.disabled)  # type: ignore[assignment]
        for table in tables:
            for place in [place for place in table if _there(place, where)]:
                del table[place]
        at.quiet = {place for place in at.quiet if not _there(place, where)}
        for key, one in at.suggestions.items():
            at.suggestions[key] = replace(one, by=_nameless(one.by, where) if one.by else None)
        at.revision += 1
        at.verdicts_revision += 1

    def _verdicts(self, where: str) -> list[tuple[int, int, Person]]:
        at = self._at
        mine = {one.id for one in at.watchlists.values() if _there(one.place, where)}
        return [key for key in at.verdicts if key[0] in mine or _is(key[2], where)]


def _there(place: Place, where: str) -> bool:
    return place == where or place.startswith(f"{where}/")


def _is(person: Person, where: str) -> bool:
    return person.startswith(f"{where}/") or own_place(person) == where


def _nameless(person: Person, where: str) -> Person:
    return Person("") if person and _is(person, where) else person
