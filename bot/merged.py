"""What Robowire knows now: the gazetteer that it came with, and what people here added to it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from threading import Lock

from bot.classify.knowledge.seeds import Entity, Knowledge
from bot.people import Alias, OwnEntity
from bot.ports import Transaction


class Merged:
    """The seeds' knowledge with the store's own entities and spellings, made anew when those have changed.

    As long as nothing changed the same object is answered, so `is` tells whether what was compiled of it is stale. Any
    thread may ask. Seeds given as a function are read when somebody first needs them: half of all commands do not.
    """

    def __init__(self, seeds: Knowledge | Callable[[], Knowledge]) -> None:
        self._read = seeds
        self._seeds = seeds if isinstance(seeds, Knowledge) else None
        self._latest: tuple[int, Knowledge | None] = (0, None)  # None: that of the seeds
        self._once = Lock()

    @property
    def latest(self) -> Knowledge:
        """As of the last transaction that was asked about; that of the seeds before the first."""
        return self._latest[1] or self._from_seeds()

    def of(self, tx: Transaction) -> Knowledge:
        """As of this transaction; to be asked before the transaction itself changes entities."""
        revision = tx.entities.revision()
        known, knowledge = self._latest
        if revision == known:
            return knowledge or self._from_seeds()
        merged = merge(self._from_seeds(), tx.entities.all(), tx.entities.aliases())
        if revision > self._latest[0]:  # another thread may look at a later moment
            self._latest = (revision, merged)
        return merged

    def heed(self, tx: Transaction) -> None:
        """Let `latest` be as of this transaction; reads nothing if nothing was added since."""
        if tx.entities.revision() != self._latest[0]:
            self.of(tx)

    def _from_seeds(self) -> Knowledge:
        with self._once:
            if self._seeds is None:
                self._seeds = self._read if isinstance(self._read, Knowledge) else self._read()
            return self._seeds


def merge(seeds: Knowledge, entities: Iterable[OwnEntity], aliases: Iterable[Alias]) -> Knowledge:
    """The seeds' knowledge with these added."""
    own = [Entity(one.id, one.kind, one.name, parent=one.parent) for one in entities]
    names: dict[str, list[str]] = {}
    for alias in aliases:
        names.setdefault(alias.entity, []).append(alias.name)
    return seeds.with_entities(own, names)
