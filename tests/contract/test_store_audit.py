"""What bot.repositories.Audit promises."""

from __future__ import annotations

from bot.model import Place
from bot.people import Change
from bot.ports import Store
from tests.contract.makers import HERE, ME, MINUTE, NOW, THERE

ADDED = Change(NOW, HERE, ME, "watch add", 'robots "humanoid robot"')
REMOVED = Change(NOW + MINUTE, HERE, ME, "watch remove", "robots")
ELSEWHERE = Change(NOW + MINUTE, THERE, ME, "feed add", "https://example.org/feed")


def test_changes_come_back_newest_first(store: Store) -> None:
    with store.write() as tx:
        for change in (ADDED, ELSEWHERE, REMOVED):
            tx.audit.add(change)
    with store.read() as tx:
        assert tx.audit.recent("", 9) == [REMOVED, ELSEWHERE, ADDED]
        assert tx.audit.recent("", 2) == [REMOVED, ELSEWHERE]
        assert tx.audit.recent("", 0) == []


def test_a_place_or_a_workspace_sees_its_own(store: Store) -> None:
    with store.write() as tx:
        for change in (ADDED, ELSEWHERE, REMOVED):
            tx.audit.add(change)
    with store.read() as tx:
        assert tx.audit.recent(HERE, 9) == tx.audit.recent("slack:T0", 9) == [REMOVED, ADDED]
        assert tx.audit.recent("discord:G0", 9) == [ELSEWHERE]
        assert tx.audit.recent("slack:T", 9) == tx.audit.recent(Place("slack:T0/C"), 9) == []
