"""The outbox in memory: queues of places, and the messages that live on."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from bot.errors import NotFound
from bot.model import Alert, Delivery, Living, MessageRef, Place, Posted, platform
from bot.repositories import LEAP
from tests.fakes.state import Queued, Table, Telling, found


class FakeOutbox(Table):
    """bot.repositories.Outbox."""

    def add(self, alerts: Sequence[Alert], at: datetime, heard: bool = False) -> list[int]:
        ids = []
        for alert in alerts:
            ids.append(self._change.new_id())
            state = "dropped" if heard or alert.place in self._at.disabled else "waiting"
            thread = self._thread(alert)
            self._at.outbox[ids[-1]] = Queued(alert, secrets.token_urlsafe(16), at, state, thread=thread)
            own = ids[-1] if alert.kind == "story" else 0
            for item in alert.items:
                self._at.told.setdefault((item.story_id, alert.place), Telling(item.root, own))
        return ids

    def _thread(self, alert: Alert) -> int:
        roots = {item.root for item in alert.items} if alert.kind in ("update", "report") else set()
        messages = self.living(roots).get((roots.pop(), alert.place)) if len(roots) == 1 else None
        return messages[0].id if messages else 0

    def told(self, story_ids: Collection[int]) -> set[tuple[int, Place]]:
        return {pair for pair in self._at.told if pair[0] in story_ids}

    def living(self, roots: Collection[int]) -> dict[tuple[int, Place], list[Living]]:
        messages: dict[tuple[int, Place], list[Living]] = {}
        for (story, place), telling in sorted(self._at.told.items(), key=lambda pair: pair[1].delivery):
            row = self._at.outbox.get(telling.delivery)
            if row and row.state != "dropped" and telling.root in roots:
                living = Living(telling.delivery, story, row.alert, self._sent(telling.delivery))
                messages.setdefault((telling.root, place), []).append(living)
        return messages

    def revise(self, delivery_id: int, alert: Alert, at: datetime) -> None:
        self.amend(delivery_id, alert)
        row = self._row(delivery_id)
        held = {self._heads().get(place) for place, (_, held) in self._at.waits.items() if held}
        edits = [key for key, one in self._at.outbox.items() if one.edits == delivery_id and one.state == "waiting"]
        if self._sent(delivery_id) and row.alert.place not in self._at.disabled and not {*edits} - held:
            edit = Queued(alert, secrets.token_urlsafe(16), at, edits=delivery_id)
            self._change.outbox[self._change.new_id()] = edit

    def amend(self, delivery_id: int, alert: Alert) -> None:
        self.alert(delivery_id)
        self._change.outbox[delivery_id] = replace(self._row(delivery_id), alert=alert)

    def gone(self, delivery_id: int) -> None:
        for key, one in self._change.told.items():
            self._at.told[key] = replace(one, delivery=0) if one.delivery == delivery_id else one

    def merge(self, into: int, other: int, root: int) -> None:
        self._change.told = {
            key: replace(one, root=root if one.root == other else one.root) for key, one in self._at.told.items()
        }
        for story, place in list(self._at.told):
            if story != other:
                continue
            theirs = self._at.told.pop((other, place))
            mine = self._at.told.get((into, place), Telling(root))
            messages = sorted(one.delivery for one in (mine, theirs) if one.delivery)
            self._at.told[into, place] = Telling(mine.root, messages[0] if messages else 0)
            for younger in messages[1:]:
                if not self._sent(younger):
                    self._let_go(younger)
                    self._at.outbox[younger] = replace(self._row(younger), state="dropped")

    def _sent(self, delivery_id: int) -> bool:
        row = self._row(delivery_id)
        held = self._at.waits.get(row.alert.place, (None, False))[1]
        return row.state == "done" or row.ambiguous or (held and self._heads().get(row.alert.place) == delivery_id)

    def claim(self, now: datetime, lease: datetime, limit: int, without: Collection[str] = ()) -> list[Delivery]:
        self._expire(now)
        free = [(place, head) for place, head in self._heads().items() if place not in self._at.waits]
        ready = [pair for pair in free if platform(pair[0]) not in without][:limit]
        return [self._hold(place, head, lease) for place, head in ready]

    def done(self, delivery_id: int, ref: MessageRef, at: datetime) -> None:
        row = self._row(delivery_id)
        if row.state != "done":
            self._let_go(delivery_id)
            self._change.outbox[delivery_id] = replace(row, state="done", ref=ref, done=at)

    def retry(self, delivery_id: int, due: datetime, error: str) -> None:
        place = self._row(delivery_id).alert.place
        if self._heads().get(place) == delivery_id:
            self._change.waits[place] = (due, False)

    def hold(self, delivery_id: int, until: datetime) -> None:
        row = self._row(delivery_id)
        if self._heads().get(row.alert.place) == delivery_id:
            self._change.waits[row.alert.place] = (until, False)
            self._at.quiet.add(row.alert.place)
            self._at.outbox[delivery_id] = replace(row, attempts=max(row.attempts - 1, 0))

    def posted(self, place: Place, since: datetime) -> list[datetime]:
        rows = [row for row in self._at.outbox.values() if row.alert.place == place and row.state == "done"]
        return sorted(row.done for row in rows if row.done and row.done > since and not row.edits)

    def behind(self, place: Place) -> dict[int, Alert]:
        waiting = [(key, row) for key, row in self._at.outbox.items() if row.alert.place == place]
        rows = [(key, row) for key, row in waiting if row.state == "waiting"][1:]
        return {key: row.alert for key, row in rows if not row.edits}

    def fold(self, delivery_id: int, others: Collection[int], alert: Alert) -> None:
        self.amend(delivery_id, alert)
        self._change.outbox[delivery_id] = replace(self._row(delivery_id), thread=0)
        for key in others:
            self._at.outbox[key] = replace(self._row(key), state="dropped")
        for key in (delivery_id, *others):
            self.gone(key)

    def rewind(self, now: datetime, back: timedelta) -> None:
        for place, (until, held) in list(self._change.waits.items()):
            if until > now and place not in self._at.quiet:
                self._at.waits[place] = (max(until - back, now), held)

    def resume(self, place: Place) -> None:
        if place in self._at.quiet:
            self._free(place)

    def disable(self, place: Place, error: str, at: datetime) -> None:
        self._change.disabled[place] = error
        self._at.waits.pop(place, None)
        self._at.quiet.discard(place)
        for key, row in self._at.outbox.items():
            if row.alert.place == place and row.state == "waiting":
                self._at.outbox[key] = replace(row, state="dropped")

    def abandon(self, why: str) -> int:
        waiting = [key for key, row in self._change.outbox.items() if row.state == "waiting"]
        for key in waiting:
            self._at.outbox[key] = replace(self._row(key), state="dropped")
        self._at.waits.clear()
        self._at.quiet.clear()
        self._at.last_id += LEAP
        return len(waiting)

    def enable(self, place: Place) -> bool:
        return self._change.disabled.pop(place, None) is not None

    def disabled(self) -> dict[Place, str]:
        return dict(self._at.disabled)

    def waiting(self) -> int:
        return sum(row.state == "waiting" for row in self._at.outbox.values())

    def next_due(self) -> datetime | None:
        heads = self._heads().items()
        waits = self._at.waits
        return min(
            (waits[place][0] if place in waits else self._row(head).created for place, head in heads), default=None
        )

    def alert(self, delivery_id: int) -> Alert:
        row = self._row(delivery_id)
        if row.edits or row.alert.kind == "notice":
            raise NotFound(f"there is no delivery {delivery_id}")
        return row.alert

    def recent(self, place: Place, limit: int) -> list[Posted]:
        posted = [
            Posted(key, row.alert, row.ref, row.done)
            for key, row in reversed(self._at.outbox.items())
            if row.alert.place == place and row.ref and row.done and not row.edits and row.alert.kind != "notice"
        ]
        return posted[: max(limit, 0)]

    def release(self) -> None:
        for place, (_, held) in list(self._change.waits.items()):
            if held:
                self._free(place)

    def _heads(self) -> dict[Place, int]:
        heads: dict[Place, int] = {}
        for key, row in self._at.outbox.items():
            if row.state == "waiting":
                heads.setdefault(row.alert.place, key)
        return heads

    def _expire(self, now: datetime) -> None:
        for place, (until, _) in list(self._change.waits.items()):
            if until <= now:
                self._free(place)

    def _free(self, place: Place) -> None:
        _, held = self._change.waits.pop(place)
        self._at.quiet.discard(place)
        head = self._heads()[place]
        row = self._at.outbox[head]
        self._at.outbox[head] = replace(row, ambiguous=row.ambiguous or held)

    def _hold(self, place: Place, head: int, lease: datetime) -> Delivery:
        row = self._at.outbox[head]
        row = self._at.outbox[head] = replace(row, attempts=row.attempts + 1)
        self._at.waits[place] = (lease, True)
        anchor = self._at.outbox.get(row.edits or row.thread)
        alert = anchor.alert if anchor and row.edits else row.alert
        times = row.attempts, row.ambiguous, row.created
        return Delivery(head, alert, row.nonce, *times, row.edits, anchor.ref if anchor else None)

    def _let_go(self, delivery_id: int) -> None:
        place = self._row(delivery_id).alert.place
        if self._heads().get(place) == delivery_id:
            self._change.waits.pop(place, None)
            self._at.quiet.discard(place)

    def _row(self, delivery_id: int) -> Queued:
        return found(self._at.outbox.get(delivery_id), "delivery", delivery_id)
