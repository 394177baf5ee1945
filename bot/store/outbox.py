"""The outbox: one queue for each place, of which only the head can be claimed."""

from __future__ import annotations

import secrets
from collections.abc import Collection, Sequence
from datetime import datetime
from typing import NamedTuple

from bot.errors import NotFound
from bot.model import Alert, Delivery, MessageRef, Place, Posted
from bot.store.connect import Session
from bot.store.rows import Row, dump_alert, integers, load_alert, micros, moment

_NONCE_BYTES = 16
"""22 characters in base64; Discord takes 25 (https://discord.com/developers/docs/resources/message#create-message)."""

_INSERT = "INSERT INTO outbox (queue, state, nonce, created, alert) VALUES (?, ?, ?, ?, ?)"
_HEADS = (
    "SELECT outbox.id, alert, nonce, attempts + 1, ambiguous, created, queues.id FROM queues "
    "JOIN outbox ON outbox.id = queues.head WHERE head IS NOT NULL AND until IS NULL ORDER BY head LIMIT ?"
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

    def add(self, alerts: Sequence[Alert], at: datetime) -> list[int]:
        """As bot.repositories.Outbox. What is added for a disabled place is dropped at once."""
        when = micros(at)
        queues: dict[Place, _Queue] = {}
        deliveries = []
        for alert in alerts:
            queue = queues.get(alert.place) or self._queue(alert.place)
            state = "waiting" if queue.disabled is None else "dropped"
            nonce = secrets.token_urlsafe(_NONCE_BYTES)
            delivery = self._session.insert(_INSERT, (queue.id, state, nonce, when, dump_alert(alert)))
            if queue.head is None and queue.disabled is None:
                self._session.run("UPDATE queues SET head = ? WHERE id = ?", (delivery, queue.id))
                queue = queue._replace(head=delivery)
            queues[alert.place] = queue
            deliveries.append(delivery)
        told = [(item.story_id, queues[alert.place].id) for alert in alerts for item in alert.items]
        self._session.many("INSERT OR IGNORE INTO told VALUES (?, ?)", told)
        return deliveries

    def told(self, story_ids: Collection[int]) -> set[tuple[int, Place]]:
        """As bot.repositories.Outbox."""
        if not story_ids:
            return set()
        sql = (
            "SELECT story_id, place FROM told JOIN queues ON queues.id = queue "
            "WHERE story_id IN (SELECT value FROM json_each(?))"
        )
        return {(story_id, Place(place)) for story_id, place in self._session.rows(sql, (integers(story_ids),))}

    def claim(self, now: datetime, lease: datetime, limit: int) -> list[Delivery]:
        """As bot.repositories.Outbox. Oldest heads first."""
        self._session.run(
            "UPDATE queues SET ambiguous = max(ambiguous, held), until = NULL, held = 0, quiet = 0 WHERE until <= ?",
            (micros(now),),
        )
        rows = self._session.rows(_HEADS, (limit,))
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
        row = self._session.row("SELECT alert FROM outbox WHERE id = ?", (delivery_id,))
        if row is None:
            raise NotFound(f"there is no delivery {delivery_id}")
        return load_alert(row[0])

    def recent(self, place: Place, limit: int) -> list[Posted]:
        """As bot.repositories.Outbox."""
        sql = (
            "SELECT outbox.id, alert, ref_place, ref_id, done_at FROM outbox "
            "WHERE queue = (SELECT id FROM queues WHERE place = ?) AND state = 'done' ORDER BY outbox.id DESC LIMIT ?"
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


def _delivery(row: Row) -> Delivery:
    delivery_id, alert, nonce, attempts, ambiguous, created, _ = row
    return Delivery(delivery_id, load_alert(alert), nonce, attempts, bool(ambiguous), moment(created))


def _posted(row: Row) -> Posted:
    delivery_id, alert, place, ref, at = row
    return Posted(delivery_id, load_alert(alert), MessageRef(Place(place), ref), moment(at))
