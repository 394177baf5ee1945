"""The outbox: one queue for each place, of which only the head can be claimed."""

from __future__ import annotations

import json
import secrets
from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import NamedTuple

from bot.errors import NotFound
from bot.model import Alert, Delivery, Living, MessageRef, Place, Posted
from bot.repositories import LEAP
from bot.store.connect import Session
from bot.store.rows import Row, dump_alert, integers, load_alert, micros, moment

_NONCE_BYTES = 16
"""22 characters in base64; Discord takes 25 (https://discord.com/developers/docs/resources/message#create-message)."""

_INSERT = "INSERT INTO outbox (queue, state, nonce, created, alert, edits, thread) VALUES (?, ?, ?, ?, ?, ?, ?)"
_HEADS = (
    "SELECT one.id, iif(one.edits IS NULL, one.alert, anchor.alert), one.nonce, attempts + 1, ambiguous, one.created, "
    "one.edits, anchor.ref_place, anchor.ref_id, queues.id FROM queues JOIN outbox AS one ON one.id = queues.head "
    "LEFT JOIN outbox AS anchor ON anchor.id = coalesce(one.edits, one.thread) "
    "WHERE head IS NOT NULL AND until IS NULL "
    "AND substr(place, 1, instr(place, ':') - 1) NOT IN (SELECT value FROM json_each(?)) ORDER BY head LIMIT ?"
)
# a delivery that is not the head was never claimed; a head that is held, or was and is ambiguous, may have been posted
_SENT = (
    "(state = 'done' OR EXISTS (SELECT 1 FROM queues AS own WHERE own.id = outbox.queue AND own.head = outbox.id "
    "AND (own.held OR own.ambiguous)))"
)
_NEWS = "edits IS NULL AND json_extract(alert, '$.kind') != 'notice'"
_THREAD = (
    "SELECT min(delivery) FROM told JOIN outbox ON outbox.id = delivery "
    "WHERE told.root = ? AND told.queue = ? AND state != 'dropped'"
)
_NEXT = (
    "UPDATE queues SET head = (SELECT min(id) FROM outbox WHERE queue = ?1 AND state = 'waiting'), "
    "until = NULL, held = 0, quiet = 0, attempts = 0, ambiguous = 0 WHERE id = ?1 AND head = ?2"
)


class _Queue(NamedTuple):
    id: int
    head: int | None
    disabled: str | None


class OutboxTable:
    """bot.repositories.Outbox over SQLite."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def add(self, alerts: Sequence[Alert], at: datetime, heard: bool = False) -> list[int]:
        """As bot.repositories.Outbox. What is added for a disabled place is dropped at once."""
        when = micros(at)
        queues: dict[Place, _Queue] = {}
        deliveries = []
        for alert in alerts:
            queue = queues.get(alert.place) or self._queue(alert.place)
            state = "dropped" if heard or queue.disabled is not None else "waiting"
            row = (queue.id, state, _nonce(), when, dump_alert(alert), None, self._thread(alert, queue.id))
            delivery = self._session.insert(_INSERT, row)
            queues[alert.place] = queue if heard else self._queued(queue, delivery)
            deliveries.append(delivery)
            own = delivery if alert.kind == "story" else None
            self._session.many(
                "INSERT OR IGNORE INTO told (story_id, queue, root, delivery) VALUES (?, ?, ?, ?)",
                [(item.story_id, queue.id, item.root, own) for item in alert.items],
            )
        return deliveries

    def _queued(self, queue: _Queue, delivery: int) -> _Queue:
        """The queue with a delivery that was added at its end."""
        if queue.head is not None or queue.disabled is not None:
            return queue
        self._session.run("UPDATE queues SET head = ? WHERE id = ?", (delivery, queue.id))
        return queue._replace(head=delivery)

    def _thread(self, alert: Alert, queue: int) -> int | None:
        """The delivery under whose message this alert goes."""
        roots = {item.root for item in alert.items} if alert.kind in ("update", "report") else set()
        row = self._session.row(_THREAD, (roots.pop(), queue)) if len(roots) == 1 else None
        return row[0] if row else None

    def told(self, story_ids: Collection[int]) -> set[tuple[int, Place]]:
        """As bot.repositories.Outbox."""
        if not story_ids:
            return set()
        sql = (
            "SELECT story_id, place FROM told JOIN queues ON queues.id = queue "
            "WHERE story_id IN (SELECT value FROM json_each(?))"
        )
        return {(story_id, Place(place)) for story_id, place in self._session.rows(sql, (integers(story_ids),))}

    def living(self, roots: Collection[int]) -> dict[tuple[int, Place], list[Living]]:
        """As bot.repositories.Outbox."""
        if not roots:
            return {}
        sql = (
            f"SELECT root, place, outbox.id, story_id, alert, {_SENT} FROM told JOIN queues ON queues.id = told.queue "
            "JOIN outbox ON outbox.id = delivery WHERE delivery IS NOT NULL AND state != 'dropped' "
            "AND root IN (SELECT value FROM json_each(?))"
        )
        found: dict[tuple[int, Place], list[Living]] = {}
        rows = sorted(self._session.rows(sql, (integers(roots),)), key=lambda row: row[2])
        for root, place, delivery, story, alert, sent in rows:
            found.setdefault((root, Place(place)), []).append(Living(delivery, story, load_alert(alert), bool(sent)))
        return found

    def revise(self, delivery_id: int, alert: Alert, at: datetime) -> None:
        """As bot.repositories.Outbox."""
        self.amend(delivery_id, alert)
        sql = (
            f"SELECT queue, head, disabled FROM outbox JOIN queues ON queues.id = queue WHERE outbox.id = ?1 "
            f"AND {_SENT} AND NOT EXISTS (SELECT 1 FROM outbox AS later WHERE later.edits = ?1 "
            "AND later.state = 'waiting' AND NOT (later.id = head AND held))"
        )
        row = self._session.row(sql, (delivery_id,))
        if row is None or row[2] is not None:
            return
        queue = _Queue(*row)
        edit = (queue.id, "waiting", _nonce(), micros(at), "", delivery_id, None)
        self._queued(queue, self._session.insert(_INSERT, edit))

    def amend(self, delivery_id: int, alert: Alert) -> None:
        """As bot.repositories.Outbox."""
        sql = "UPDATE outbox SET alert = ? WHERE id = ? AND edits IS NULL"
        if not self._session.run(sql, (dump_alert(alert), delivery_id)):
            raise NotFound(f"there is no delivery {delivery_id}")

    def gone(self, delivery_id: int) -> None:
        """As bot.repositories.Outbox."""
        self._session.run("UPDATE told SET delivery = NULL WHERE delivery = ?", (delivery_id,))

    def merge(self, into: int, other: int, root: int) -> None:
        """As bot.repositories.Outbox. The younger of two messages is dropped if it was surely not posted yet."""
        both = (
            "SELECT mine.queue, mine.delivery, theirs.delivery FROM told AS mine JOIN told AS theirs USING (queue) "
            "WHERE mine.story_id = ? AND theirs.story_id = ? AND theirs.delivery IS NOT NULL"
        )
        for queue, mine, theirs in self._session.rows(both, (into, other)):
            older = theirs if mine is None else min(mine, theirs)
            sql = "UPDATE told SET delivery = ? WHERE story_id = ? AND queue = ?"
            self._session.run(sql, (older, into, queue))
            if mine is not None:
                self._withdraw(queue, max(mine, theirs))
        self._session.run("UPDATE told SET root = ? WHERE root = ?", (root, other))
        self._session.run("UPDATE OR IGNORE told SET story_id = ?, root = ? WHERE story_id = ?", (into, root, other))
        self._session.run("DELETE FROM told WHERE story_id = ?", (other,))

    def _withdraw(self, queue: int, delivery: int) -> None:
        """Drop a delivery that was surely not posted."""
        sql = f"UPDATE outbox SET state = 'dropped' WHERE id = ? AND state = 'waiting' AND NOT {_SENT}"
        if self._session.run(sql, (delivery,)):
            self._session.run(_NEXT, (queue, delivery))

    def claim(self, now: datetime, lease: datetime, limit: int, without: Collection[str] = ()) -> list[Delivery]:
        """As bot.repositories.Outbox. Oldest heads first."""
        self._session.run(
            "UPDATE queues SET ambiguous = max(ambiguous, held), until = NULL, held = 0, quiet = 0 WHERE until <= ?",
            (micros(now),),
        )
        rows = self._session.rows(_HEADS, (json.dumps(sorted(without)), limit))
        if rows:
            self._session.run(
                "UPDATE queues SET until = ?, held = 1, attempts = attempts + 1 "
                "WHERE id IN (SELECT value FROM json_each(?))",
                (micros(lease), integers(row[-1] for row in rows)),
            )
        return [_delivery(row) for row in rows]

    def done(self, delivery_id: int, ref: MessageRef, at: datetime) -> None:
        """As bot.repositories.Outbox. Raises NotFound. The first record of a delivery stays."""
        queue, state = self._row(delivery_id)
        if state == "done":
            return
        self._session.run(
            "UPDATE outbox SET state = 'done', ref_place = ?, ref_id = ?, done_at = ? WHERE id = ?",
            (ref.place, ref.id, micros(at), delivery_id),
        )
        self._session.run(_NEXT, (queue, delivery_id))

    def retry(self, delivery_id: int, due: datetime, error: str) -> None:
        """As bot.repositories.Outbox. Raises NotFound. Nothing happens to a delivery that is done or dropped."""
        queue, state = self._row(delivery_id)
        if state != "waiting":
            return
        self._session.run("UPDATE outbox SET error = ? WHERE id = ?", (error, delivery_id))
        self._session.run(
            "UPDATE queues SET until = ?, held = 0 WHERE id = ? AND head = ?", (micros(due), queue, delivery_id)
        )

    def hold(self, delivery_id: int, until: datetime) -> None:
        """As bot.repositories.Outbox. Raises NotFound. Nothing happens to a delivery that is done or dropped."""
        queue, _ = self._row(delivery_id)
        self._session.run(
            "UPDATE queues SET until = ?, held = 0, quiet = 1, attempts = max(attempts - 1, 0) WHERE id = ? AND head = ?",
            (micros(until), queue, delivery_id),
        )

    def posted(self, place: Place, since: datetime) -> list[datetime]:
        """As bot.repositories.Outbox."""
        sql = (
            "SELECT done_at FROM outbox WHERE queue = (SELECT id FROM queues WHERE place = ?) AND done_at > ? "
            "AND state = 'done' AND edits IS NULL ORDER BY done_at"
        )
        return [moment(row[0]) for row in self._session.rows(sql, (place, micros(since)))]

    def behind(self, place: Place) -> dict[int, Alert]:
        """As bot.repositories.Outbox."""
        sql = (
            "SELECT outbox.id, alert FROM queues JOIN outbox ON outbox.queue = queues.id AND outbox.id > queues.head "
            "WHERE place = ? AND state = 'waiting' AND edits IS NULL ORDER BY outbox.id"
        )
        return {row[0]: load_alert(row[1]) for row in self._session.rows(sql, (place,))}

    def fold(self, delivery_id: int, others: Collection[int], alert: Alert) -> None:
        """As bot.repositories.Outbox."""
        self.amend(delivery_id, alert)
        self._session.run("UPDATE outbox SET thread = NULL WHERE id = ?", (delivery_id,))
        there = "(SELECT value FROM json_each(?))"
        sql = f"UPDATE outbox SET state = 'dropped', error = ? WHERE id IN {there} AND state = 'waiting'"
        self._session.run(sql, (f"told in delivery {delivery_id}", integers(others)))
        sql = f"UPDATE told SET delivery = NULL WHERE delivery IN {there}"
        self._session.run(sql, (integers((delivery_id, *others)),))

    def rewind(self, now: datetime, back: timedelta) -> None:
        """As bot.repositories.Outbox."""
        sql = "UPDATE queues SET until = max(until - ?2, ?1) WHERE until > ?1 AND NOT quiet"
        self._session.run(sql, (micros(now), back // timedelta(microseconds=1)))

    def resume(self, place: Place) -> None:
        """As bot.repositories.Outbox."""
        self._session.run("UPDATE queues SET until = NULL, quiet = 0 WHERE place = ? AND quiet", (place,))

    def disable(self, place: Place, error: str, at: datetime) -> None:
        """As bot.repositories.Outbox."""
        queue = self._queue(place)
        sql = "UPDATE outbox SET state = 'dropped', error = ? WHERE queue = ? AND state = 'waiting'"
        self._session.run(sql, (error, queue.id))
        self._session.run(
            "UPDATE queues SET head = NULL, until = NULL, held = 0, quiet = 0, attempts = 0, ambiguous = 0, disabled = ?, "
            "disabled_at = ? WHERE id = ?",
            (error, micros(at), queue.id),
        )

    def abandon(self, why: str) -> int:
        """As bot.repositories.Outbox."""
        dropped = self._session.run("UPDATE outbox SET state = 'dropped', error = ? WHERE state = 'waiting'", (why,))
        self._session.run(
            "UPDATE queues SET head = NULL, until = NULL, held = 0, quiet = 0, attempts = 0, ambiguous = 0 "
            "WHERE head IS NOT NULL"
        )
        self._session.leap("outbox", LEAP)
        return dropped

    def enable(self, place: Place) -> bool:
        """As bot.repositories.Outbox."""
        sql = "UPDATE queues SET disabled = NULL, disabled_at = NULL WHERE place = ? AND disabled IS NOT NULL"
        return bool(self._session.run(sql, (place,)))

    def disabled(self) -> dict[Place, str]:
        """As bot.repositories.Outbox."""
        rows = self._session.rows("SELECT place, disabled FROM queues WHERE disabled IS NOT NULL ORDER BY id")
        return {Place(place): error for place, error in rows}

    def waiting(self) -> int:
        """As bot.repositories.Outbox."""
        row = self._session.row("SELECT count(*) FROM outbox WHERE state = 'waiting'")
        return row[0] if row else 0

    def next_due(self) -> datetime | None:
        """As bot.repositories.Outbox. For a delivery that can be claimed at once: when it was added."""
        row = self._session.row(
            "SELECT min(due) FROM (SELECT min(until) AS due FROM queues WHERE until IS NOT NULL UNION ALL "
            "SELECT (SELECT created FROM outbox WHERE id = (SELECT min(head) FROM queues "
            "WHERE head IS NOT NULL AND until IS NULL)))"
        )
        return None if row is None or row[0] is None else moment(row[0])

    def alert(self, delivery_id: int) -> Alert:
        """As bot.repositories.Outbox."""
        row = self._session.row(f"SELECT alert FROM outbox WHERE id = ? AND {_NEWS}", (delivery_id,))
        if row is None:
            raise NotFound(f"there is no delivery {delivery_id}")
        return load_alert(row[0])

    def recent(self, place: Place, limit: int) -> list[Posted]:
        """As bot.repositories.Outbox."""
        sql = (
            "SELECT outbox.id, alert, ref_place, ref_id, done_at FROM outbox "
            f"WHERE queue = (SELECT id FROM queues WHERE place = ?) AND state = 'done' AND {_NEWS} "
            "ORDER BY outbox.id DESC LIMIT ?"
        )
        return [_posted(row) for row in self._session.rows(sql, (place, max(limit, 0)))]

    def release(self) -> None:
        """Let go of every lease: what was claimed may have been posted."""
        self._session.run("UPDATE queues SET until = NULL, held = 0, ambiguous = 1 WHERE held")

    def _queue(self, place: Place) -> _Queue:
        row = self._session.row("SELECT id, head, disabled FROM queues WHERE place = ?", (place,))
        if row is not None:
            return _Queue(*row)
        return _Queue(self._session.insert("INSERT INTO queues (place) VALUES (?)", (place,)), None, None)

    def _row(self, delivery_id: int) -> Row:
        row = self._session.row("SELECT queue, state FROM outbox WHERE id = ?", (delivery_id,))
        if row is None:
            raise NotFound(f"there is no delivery {delivery_id}")
        return row


def _nonce() -> str:
    return secrets.token_urlsafe(_NONCE_BYTES)


def _delivery(row: Row) -> Delivery:
    delivery_id, alert, nonce, attempts, ambiguous, created, edits, place, ref, _ = row
    anchor = MessageRef(Place(place), ref) if ref is not None else None
    times = attempts, bool(ambiguous), moment(created)
    return Delivery(delivery_id, load_alert(alert), nonce, *times, edits or 0, anchor)


def _posted(row: Row) -> Posted:
    delivery_id, alert, place, ref, at = row
    return Posted(delivery_id, load_alert(alert), MessageRef(Place(place), ref), moment(at))
